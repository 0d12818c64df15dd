# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of any resource run against the sandbox, without Ansible around them, and what the sandbox saw of them."""

from __future__ import annotations

import json
import time

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.indie.cloud.plugins.module_utils import calls, jobs, runner, spec

KEYS = {'changed', 'diff', 'steps', 'job', 'unknown_until_applied', 'notes', 'error', 'secrets', 'stats'}
# What tests use as the password of a server's screen.
CANARY = 'canary7x'
WAIT_SECONDS = 20


class Hurry:
    """Time as it is, with short naps."""

    now = staticmethod(time.monotonic)
    jitter = staticmethod(lambda: 0.0)

    @staticmethod
    def sleep(seconds):
        time.sleep(min(seconds, 0.05))


def validated(arguments, **options):
    """Options through an argument spec, as those of a playbook go."""
    validation = ArgumentSpecValidator(arguments).validate(options)
    assert not validation.error_messages, validation.error_messages
    return validation.validated_parameters


def without_secrets(result, sandbox):
    """The result, in which none of the secrets is that lead to the sandbox."""
    text = json.dumps(result)
    assert not [secret for secret in (*sandbox.secrets, CANARY) if secret in text]
    return result


def ok(result):
    assert result['error'] is None and not result.get('failed'), result.get('msg')
    return result


def failed(result, kind, *words):
    """The message of a task that failed, which has these words in it."""
    assert result.get('failed') and result['error']['kind'] == kind, result
    for word in words:
        assert word in result['msg'], result['msg']
    return result['msg']


class Runs:
    """One run after another of a resource at a provider. `folder` is where they remember what they do."""

    # Keys beyond those that all results have, that only the answers tell: check mode cannot foretell them.
    answers_tell = ()

    def __init__(self, sandbox, folder, resource, provider):
        self.sandbox, self.folder, self.resource, self.provider = sandbox, folder, resource, provider
        self.keeps = resource.crossing(provider).keeps
        self.wrote = []

    # -- tasks --------------------------------------------------------------------------------------------------------
    def context(self, check=False):
        return runner.Context(check, environ=self.sandbox.env, clock=Hurry())

    def parameters(self, **options):
        return validated(spec.resource_spec(self.resource, self.provider), **{
            'provider': self.provider, 'wait_timeout': WAIT_SECONDS, 'state_dir': str(self.folder), **options})

    def run(self, check=False, **options):
        parameters = self.parameters(**options)
        self.sandbox.forget()
        result = without_secrets(runner.run(self.resource, parameters, self.context(check)), self.sandbox)
        assert set(result) - {'warnings', 'failed', 'msg'} == {*KEYS, self.resource.name, *self.keeps}
        assert bool(result.get('failed')) == (result['error'] is not None)
        if check:
            assert self.writes() == []
        return result

    def fine(self, check=False, **options):
        return ok(self.run(check, **options))

    def fails(self, kind, check=False, **options):
        result = self.run(check, **options)
        failed(result, kind)
        assert result['error']['provider'] == self.provider
        return result

    def refused(self, *words, **options):
        """The message about bad input, which is found before any request, in either mode, and has these words in it."""
        for check in (True, False):
            message = failed(self.fails('input', check, **options), 'input', *words)
            assert self.sandbox.requests() == []
        return message

    def both(self, **options):
        """Check mode, then the real run: they tell the same, and check mode writes nothing."""
        checked = self.fine(True, **options)
        real = self.fine(**options)
        self.foretold(checked, real)
        return real

    def foretold(self, checked, real):
        """What check mode claims to know is so."""
        for key in {'changed', 'steps', 'diff', 'notes', *self.keeps} - set(self.answers_tell):
            assert checked.get(key) == real.get(key), key
        known, now = checked[self.resource.name], real[self.resource.name]
        if known is None or now is None:
            assert known is now
            return
        assert set(known) == set(now) and set(known['provider_options']) == set(now['provider_options'])
        unknown = checked['unknown_until_applied']
        for key in set(known) - {'provider_options'}:
            assert known[key] == (None if key in unknown else now[key]), key
        for key, value in known['provider_options'].items():
            assert value == (None if 'provider_options.' + key in unknown else now['provider_options'][key]), key

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

    def cycle(self, **options):
        """A change and its repeat, which reads what the change told. `wrote` is what the change wrote."""
        real = self.changes(**options)
        self.wrote = self.writes()
        assert self.wrote
        again = self.unchanged(**options)
        assert self.comparable(again[self.resource.name]) == self.comparable(real[self.resource.name])
        return real

    def comparable(self, thing):
        return thing

    def info(self, **options):
        parameters = validated(spec.info_spec(self.resource), **{'provider': self.provider, **options})
        self.sandbox.forget()
        return without_secrets(runner.run_info(self.resource, parameters, self.context()), self.sandbox)

    def listed(self, **options):
        """What the _info module lists."""
        return ok(self.info(**options))[self.resource.plural]

    def job(self, *handles, check=False):
        """The module job, with handles as a playbook hands them on."""
        options = {'jobs': json.loads(json.dumps(handles)), 'wait_timeout': WAIT_SECONDS, 'state_dir': str(self.folder)}
        self.sandbox.forget()
        return without_secrets(jobs.run_job(options, self.context(check)), self.sandbox)

    def api(self, operation, parameters=None, check=False, **options):
        """The module api."""
        options = validated(calls.api_spec(), provider=self.provider, operation=operation, parameters=parameters,
                            **{'wait_timeout': WAIT_SECONDS, 'state_dir': str(self.folder), **options})
        self.sandbox.forget()
        return calls.run_api(options, self.context(check))

    # -- what the sandbox saw of the last run, and what it has --------------------------------------------------------
    def sent(self, write=None):
        """Operations in order: all, or only those that could change something, or only the others."""
        return [item['operation'] for item in self.sandbox.requests() if write in (None, item['write'])]

    def writes(self):
        return self.sent(write=True)

    def reads(self):
        return self.sent(write=False)

    def state(self):
        return self.sandbox.state(self.provider)

    def seed(self, kind, count=1, **options):
        """The ids of new things."""
        return self.sandbox.seed(self.provider, options=options, **{kind: count})[kind]

    def settings(self, **options):
        """Set up the account."""
        self.seed('settings', **options)

    def fault(self, kind, operation, **more):
        self.sandbox.faults(kind=kind, provider=self.provider, operation=operation, **more)
