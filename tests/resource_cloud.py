# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource at a provider of the sandbox: one run after another, and what the sandbox saw of the last."""

from __future__ import annotations

import json
import time

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.indie.cloud.plugins.module_utils import runner, spec

KEYS = {'changed', 'diff', 'steps', 'job', 'unknown_until_applied', 'notes', 'error', 'secrets', 'stats'}
SECRETS = ('0123456789abcdef0123456789abcdef', 'sandbox-password', 'ucat_01SANDBOX')


class Hurry:
    """Time as it is, with short naps."""

    now = staticmethod(time.monotonic)

    @staticmethod
    def sleep(seconds):
        time.sleep(min(seconds, 0.06))

    @staticmethod
    def jitter():
        return 0.0


class Cloud:
    """Runs of one resource's modules.

    :param keeps: keys of its result beyond those that every resource has.
    """

    def __init__(self, sandbox, folder, resource, provider, keeps=()):
        self.sandbox, self.folder, self.resource, self.provider = sandbox, folder, resource, provider
        self.keys = KEYS | {resource.name} | set(keeps)

    def _options(self, build, options):
        options = {'provider': self.provider, 'state_dir': str(self.folder), **options}
        checked = ArgumentSpecValidator(build).validate(options)
        assert not checked.error_messages, checked.error_messages
        self.sandbox.forget()
        return checked.validated_parameters

    def run(self, check=False, **options):
        options = self._options(spec.resource_spec(self.resource, self.provider), options)
        result = runner.run(self.resource, options, runner.Context(check, environ=self.sandbox.env, clock=Hurry()))
        assert set(result) - {'warnings', 'failed', 'msg'} == self.keys
        assert not any(secret in json.dumps(result) for secret in SECRETS)
        assert result.get('failed', False) == (result['error'] is not None)
        if check:
            assert self.writes() == []
        return result

    def info(self, **options):
        options = self._options(spec.info_spec(self.resource), options)
        result = runner.run_info(self.resource, options, runner.Context(environ=self.sandbox.env, clock=Hurry()))
        assert result['error'] is None, result['msg']
        return result[self.resource.plural]

    def fine(self, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is None, result['msg']
        return result

    def fails(self, kind, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is not None and result['error']['kind'] == kind, result
        assert result['error']['provider'] == self.provider
        return result['msg']

    def refused(self, *parts, **options):
        """Bad input: an error before any request, that says all these."""
        told = self.fails('input', **options)
        assert self.sandbox.requests() == []
        assert all(part in told for part in parts), told

    def both(self, **options):
        """Check mode, then the real run: they tell the same, and check mode writes nothing."""
        checked = self.fine(True, **options)
        real = self.fine(**options)
        for key in ('changed', 'steps', 'diff', 'notes'):
            assert checked[key] == real[key], key
        told, made = checked[self.resource.name], real[self.resource.name]
        unknown = set(checked['unknown_until_applied'])
        if told is None or made is None:
            assert told == made
            return real
        for key, value in told.items():
            if key == 'provider_options':
                assert set(value) == set(made[key])
                for name, item in value.items():
                    assert item == (None if 'provider_options.' + name in unknown else made[key][name]), name
            else:
                assert value == (None if key in unknown else made[key]), key
        return real

    def changes(self, **options):
        result = self.both(**options)
        assert result['changed']
        return result

    def unchanged(self, **options):
        """A repeat: nothing changes, nothing is written, in either mode."""
        result = self.both(**options)
        assert not result['changed'] and result['steps'] == [] and self.writes() == []
        assert result['diff']['before'] == result['diff']['after']
        return result

    def writes(self):
        return [item['operation'] for item in self.sandbox.requests() if item['write']]

    def reads(self):
        return [item['operation'] for item in self.sandbox.requests() if not item['write']]

    def fault(self, kind, operation, **more):
        self.sandbox.faults(kind=kind, provider=self.provider, operation=operation, **more)

    def seed(self, kind, count=1, **options):
        return self.sandbox.seed(self.provider, options=options, **{kind: count})[kind]

    def state(self):
        return self.sandbox.state(self.provider)
