# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of any resource run against the sandbox, without Ansible around them, and what the sandbox saw of them."""

from __future__ import annotations

import json
import time

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.indie.cloud.plugins.module_utils import jobs, runner, spec


class Hurry:
    """Time as it is, with short naps."""

    now = staticmethod(time.monotonic)
    jitter = staticmethod(lambda: 0.0)

    @staticmethod
    def sleep(seconds):
        time.sleep(min(seconds, 0.05))


class Runs:
    """One run after another of a resource at a provider.

    :param always: keys of the result beyond those that all have.
    """

    def __init__(self, sandbox, folder, resource, provider, always=()):
        self.sandbox, self.folder, self.resource, self.provider = sandbox, str(folder), resource, provider
        self.keys = {'changed', 'diff', 'steps', resource.name, 'job', 'unknown_until_applied', 'notes', 'error',
                     'secrets', 'stats', *always}

    def _checked(self, arguments, options):
        validation = ArgumentSpecValidator(arguments).validate(dict({'provider': self.provider}, **options))
        assert not validation.error_messages, validation.error_messages
        self.sandbox.forget()
        return validation.validated_parameters

    def run(self, check=False, **options):
        options = dict({'wait_timeout': 20, 'state_dir': self.folder}, **options)
        parameters = self._checked(spec.resource_spec(self.resource, self.provider), options)
        result = runner.run(self.resource, parameters, self.context(check))
        assert set(result) - {'warnings', 'failed', 'msg'} == self.keys
        assert bool(result.get('failed')) == (result['error'] is not None)
        json.dumps(result)
        return result

    def context(self, check=False):
        return runner.Context(check, environ=self.sandbox.env, clock=Hurry())

    def fine(self, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is None, result['msg']
        return result

    def fails(self, kind, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is not None, result
        assert result['error']['kind'] == kind and result['error']['provider'] == self.provider, result['msg']
        return result

    def refused(self, text, **options):
        """Bad input: found before any request, in either mode."""
        for check in (True, False):
            assert text in self.fails('input', check, **options)['msg']
            assert self.sandbox.requests() == []

    def both(self, **options):
        """Check mode, then the real run: they tell the same, and check mode writes nothing."""
        checked = self.fine(True, **options)
        assert self.writes() == []
        real = self.fine(**options)
        for key in ('changed', 'steps', 'diff', 'notes', *(self.keys - BASIC - {self.resource.name})):
            assert checked[key] == real[key], key
        self.foretold(checked, real)
        return real

    def foretold(self, checked, real):
        """What check mode claims to know of the thing is so."""
        known, now = checked[self.resource.name], real[self.resource.name]
        assert (known is None) == (now is None)
        unknown = set(checked['unknown_until_applied'])
        for key, value in (known or {}).items():
            if key == 'provider_options':
                assert set(value) == set(now[key])
                for name, item in value.items():
                    assert item == (None if 'provider_options.' + name in unknown else now[key][name]), name
            else:
                assert value == (None if key in unknown else now[key]), key

    def unchanged(self, **options):
        """A repeat: nothing changes, nothing is written, in either mode."""
        result = self.both(**options)
        assert not result['changed'] and result['steps'] == [] and self.writes() == []
        assert result['diff']['before'] == result['diff']['after']
        return result

    def info(self, **options):
        return runner.run_info(self.resource, self._checked(spec.info_spec(self.resource), options), self.context())

    def listed(self, **options):
        """What the _info module lists."""
        result = self.info(**options)
        assert result['error'] is None, result['msg']
        return result[self.resource.plural]

    def job(self, *handles):
        """The module job, with handles as a playbook hands them on."""
        self.sandbox.forget()
        return jobs.run_job({'jobs': json.loads(json.dumps(handles)), 'wait_timeout': 20, 'state_dir': self.folder},
                            self.context())

    def writes(self):
        return [item['operation'] for item in self.sandbox.requests() if item['write']]

    def reads(self):
        return [item['operation'] for item in self.sandbox.requests() if not item['write']]

    def state(self):
        return self.sandbox.state(self.provider)

    def fault(self, kind, operation, **more):
        self.sandbox.faults(kind=kind, provider=self.provider, operation=operation, **more)


BASIC = {'changed', 'diff', 'steps', 'job', 'unknown_until_applied', 'notes', 'error', 'secrets', 'stats'}
