# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of the drive module against the sandbox, for tests of each provider."""

from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from runs import Hurry

from ansible_collections.indie.cloud.plugins.module_utils import jobs, runner, spec
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE


class Cloud:
    """One provider of the sandbox."""

    def __init__(self, provider, sandbox, folder):
        self.provider = provider
        self.sandbox = sandbox
        self.folder = folder

    def task(self, check=False, **options):
        """The result of a task; its options go through the argument spec, as a playbook's do."""
        options = {'provider': self.provider, 'wait_timeout': 20, 'state_dir': str(self.folder / 'state'), **options}
        validation = ArgumentSpecValidator(spec.resource_spec(DRIVE, self.provider)).validate(options)
        assert not validation.error_messages, validation.error_messages
        self.sandbox.forget()
        return runner.run(DRIVE, validation.validated_parameters,
                          runner.Context(check, environ=self.sandbox.env, clock=Hurry()))

    def info(self, **options):
        options = dict({'provider': self.provider}, **options)
        validation = ArgumentSpecValidator(spec.info_spec(DRIVE)).validate(options)
        assert not validation.error_messages, validation.error_messages
        self.sandbox.forget()
        return runner.run_info(DRIVE, validation.validated_parameters,
                               runner.Context(environ=self.sandbox.env, clock=Hurry()))

    def job(self, *handles):
        """The result of the module job for these handles."""
        return jobs.run_job({'provider': self.provider, 'jobs': list(handles), 'wait_timeout': 20,
                             'state_dir': str(self.folder / 'state')},
                            runner.Context(environ=self.sandbox.env, clock=Hurry()))

    def sent(self, write=None):
        """What the last task sent: operations, in order."""
        return [entry['operation'] for entry in self.sandbox.requests() if write is None or entry['write'] == write]

    def state(self):
        return self.sandbox.state(self.provider)

    def seed(self, options=None, **kinds):
        return self.sandbox.seed(self.provider, options=options or {}, **kinds)


def ok(result):
    assert not result.get('failed'), result.get('msg')
    assert result['error'] is None
    return result


def failed(result, kind, *words):
    """The message of a task that failed, which has these words in it."""
    assert result.get('failed'), result
    assert result['error']['kind'] == kind, result['msg']
    for word in words:
        assert word in result['msg'], result['msg']
    return result['msg']


def same_but_unknown(checked, real):
    """Check mode told what the real run did: changed, steps, diff, and all keys that it claims to know."""
    for key in ('changed', 'steps', 'diff'):
        assert checked[key] == real[key], key
    if real['drive'] is None:
        assert checked['drive'] is None
        return
    assert set(checked['drive']) == set(real['drive'])
    unknown = checked['unknown_until_applied']
    for key, value in checked['drive'].items():
        if key == 'provider_options':
            assert set(value) == set(real['drive'][key])
            for name, item in value.items():
                if 'provider_options.' + name not in unknown:
                    assert item == real['drive'][key][name], name
        elif key not in unknown:
            assert value == real['drive'][key], key


def cycle(cloud, **options):
    """Check mode, the real run and its repeat, both ways; returns the real result."""
    checked = ok(cloud.task(check=True, **options))
    assert cloud.sent(write=True) == []
    real = ok(cloud.task(**options))
    assert real['changed']
    same_but_unknown(checked, real)
    for check in (False, True):
        again = ok(cloud.task(check=check, **options))
        assert not again['changed'] and again['steps'] == []
        assert cloud.sent(write=True) == []
        assert again['drive'] == real['drive']
    return real
