# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudSigma's and ElasticHosts' servers, as tests of the modules use them."""

from __future__ import annotations

import json
import time

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.indie.cloud.plugins.module_utils import calls, jobs, runner, spec
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

SECRETS = ('sandbox-cloudsigma-password', 'sandbox-elastichosts-secret', 'canary7x')
KEYS = {'changed', 'diff', 'steps', 'server', 'job', 'unknown_until_applied', 'notes', 'error', 'secrets', 'stats',
        'kept_drives'}
IMAGES = {'cloudsigma': 'Debian 12 64bit Pre-Installed', 'elastichosts': 'Debian Linux 12'}
# Of the image, in GiB.
SIZES = {'cloudsigma': 3, 'elastichosts': 2}
WEB = {'name': 'web1', 'cpu_mhz': 2000, 'memory_mb': 1024}


class Hurry:
    """Time as it is, with short naps."""

    now = staticmethod(time.monotonic)
    jitter = staticmethod(lambda: 0.0)

    @staticmethod
    def sleep(seconds):
        time.sleep(min(seconds, 0.05))


class Cloud:
    """One provider in the sandbox: one run after another, and what it saw of the last."""

    def __init__(self, sandbox, provider, folder):
        self.sandbox = sandbox
        self.provider = provider
        self.folder = str(folder)
        self.image = IMAGES[provider]
        self.web = dict(WEB, image=self.image)

    # -- tasks --------------------------------------------------------------------------------------------------------
    def run(self, check=False, **options):
        options = {'provider': self.provider, 'state_dir': self.folder, 'wait_timeout': 20, **options}
        checked = ArgumentSpecValidator(spec.resource_spec(SERVER, self.provider)).validate(options)
        assert not checked.error_messages, checked.error_messages
        self.sandbox.forget()
        context = runner.Context(check, environ=self.sandbox.env, clock=Hurry())
        result = runner.run(SERVER, checked.validated_parameters, context)
        assert set(result) - {'warnings', 'failed', 'msg'} == KEYS
        assert not [secret for secret in SECRETS if secret in json.dumps(result)]
        assert result.get('failed', False) == (result['error'] is not None)
        return result

    def fine(self, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is None, result['msg']
        return result

    def fails(self, kind, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is not None and result['error']['kind'] == kind, result['error']
        assert result['error']['provider'] == self.provider
        return result

    def both(self, **options):
        """Check mode, then the real run: they tell the same, and check mode writes nothing."""
        checked = self.fine(True, **options)
        assert self.writes() == []
        real = self.fine(**options)
        for key in ('changed', 'steps', 'diff', 'notes', 'kept_drives'):
            assert checked.get(key) == real.get(key), key
        if checked['server'] is None:
            assert real['server'] is None
            return real
        assert set(checked['server']) == set(real['server'])
        unknown = checked['unknown_until_applied']
        for key, value in checked['server'].items():
            assert value is None if key in unknown else value == real['server'][key], key
        return real

    def same(self, **options):
        """A repeat: nothing changes, nothing is written, in check mode and without."""
        result = self.both(**options)
        assert not result['changed'] and result['steps'] == [] and self.writes() == []
        return result

    def info(self, **options):
        checked = ArgumentSpecValidator(spec.info_spec(SERVER)).validate({'provider': self.provider, **options})
        assert not checked.error_messages, checked.error_messages
        self.sandbox.forget()
        return runner.run_info(SERVER, checked.validated_parameters,
                               runner.Context(environ=self.sandbox.env, clock=Hurry()))

    def job(self, *handles):
        options = {'jobs': list(handles), 'state_dir': self.folder, 'wait_timeout': 20}
        self.sandbox.forget()
        return jobs.run_job(options, runner.Context(environ=self.sandbox.env, clock=Hurry()))

    def api(self, operation, parameters=None, check=False, **options):
        options = {'provider': self.provider, 'operation': operation, 'parameters': parameters, 'wait_timeout': 20,
                   **options}
        checked = ArgumentSpecValidator(calls.api_spec()).validate(options)
        assert not checked.error_messages, checked.error_messages
        self.sandbox.forget()
        return calls.run_api(checked.validated_parameters,
                             runner.Context(check, environ=self.sandbox.env, clock=Hurry()))

    # -- what the sandbox saw and has ---------------------------------------------------------------------------------
    def sent(self):
        """Operations of the last run, without their path parameters' braces being filled."""
        return [entry['operation'] for entry in self.sandbox.requests()]

    def writes(self):
        return [entry['operation'] for entry in self.sandbox.writes()]

    def bodies(self, ending):
        """Bodies of the last run's requests to operations that end so, as {key: value}."""
        return [dict(line.partition(' ')[::2] for line in entry['body'].splitlines())
                for entry in self.sandbox.requests() if entry['operation'].endswith(ending)]

    def servers(self):
        return list(self.sandbox.state(self.provider)['servers'].values())

    def drives(self):
        return list(self.sandbox.state(self.provider)['drives'].values())

    def fault(self, kind, operation, **more):
        self.sandbox.faults(kind=kind, operation=operation, provider=self.provider, **more)

    def settings(self, **options):
        self.sandbox.seed(self.provider, settings=1, options=options)

    def seed(self, kind='servers', count=1, **options):
        return self.sandbox.seed(self.provider, options=options, **{kind: count})[kind]
