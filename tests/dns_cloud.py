# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the DNS resources against the sandbox's Memset, and what it saw of them."""

from __future__ import annotations

import json
import time

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.indie.cloud.plugins.module_utils import runner, spec

KEY = '0123456789abcdef0123456789abcdef'
KEYS = {'changed', 'diff', 'steps', 'job', 'unknown_until_applied', 'notes', 'error', 'secrets', 'stats'}


class Hurry:
    """Time as it is, with short naps."""

    now = staticmethod(time.monotonic)

    @staticmethod
    def sleep(seconds):
        time.sleep(min(seconds, 0.06))

    @staticmethod
    def jitter():
        return 0.0


class DnsCloud:
    """One run of a resource after another."""

    def __init__(self, sandbox, folder, resource):
        self.sandbox = sandbox
        self.folder = folder
        self.resource = resource
        self.keys = KEYS | {resource.name} | set(resource.crossing('memset').keeps)

    def run(self, check=False, **options):
        options = {'provider': 'memset', 'state_dir': str(self.folder), **options}
        checked = ArgumentSpecValidator(spec.resource_spec(self.resource, 'memset')).validate(options)
        assert not checked.error_messages, checked.error_messages
        self.sandbox.forget()
        result = runner.run(self.resource, checked.validated_parameters,
                            runner.Context(check, environ=self.sandbox.env, clock=Hurry()))
        assert set(result) - {'warnings', 'failed', 'msg'} == self.keys
        assert KEY not in json.dumps(result)
        return result

    def fine(self, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is None, result['msg']
        return result

    def fails(self, kind, check=False, **options):
        result = self.run(check, **options)
        assert result['error'] is not None and result['error']['kind'] == kind, result['error']
        assert result['error']['provider'] == 'memset'
        return result

    def refused(self, **options):
        """Bad input, without any request: the message."""
        result = self.fails('input', **options)
        assert self.sandbox.requests() == []
        return result['msg']

    def changed(self, **options):
        """A change and its repeat. Returns the result and the operations that wrote."""
        checked = self.fine(True, **options)
        assert self.writes() == []
        real = self.fine(**options)
        wrote = self.writes()
        assert checked['changed'] and real['changed'] and wrote
        for name in ('steps', 'diff', 'notes'):
            assert checked[name] == real[name], name
        self._same(checked, real)
        self._same_again(real, self.unchanged(**options))
        return real, wrote

    def _same(self, checked, real):
        unknown = set(checked['unknown_until_applied'])
        one, other = checked[self.resource.name], real[self.resource.name]
        assert (one is None) == (other is None)
        for name, value in (one or {}).items():
            assert value == (None if name in unknown else other[name]), name

    def _same_again(self, real, again):
        """What was told after the change is what the next run reads."""
        one, other = again[self.resource.name], real[self.resource.name]
        assert {**one, 'raw': unordered(one['raw'])} == {**other, 'raw': unordered(other['raw'])}

    def unchanged(self, **options):
        """A repeat in both modes: nothing changes, nothing is written, one request."""
        for check in (True, False):
            result = self.fine(check, **options)
            assert not result['changed'] and result['steps'] == [] and self.writes() == []
            assert result['diff']['before'] == result['diff']['after']
            assert len(self.sandbox.requests()) <= 1
        return result

    def info(self, **options):
        checked = ArgumentSpecValidator(spec.info_spec(self.resource)).validate(
            {'provider': 'memset', **options})
        assert not checked.error_messages, checked.error_messages
        self.sandbox.forget()
        return runner.run_info(self.resource, checked.validated_parameters,
                               runner.Context(environ=self.sandbox.env, clock=Hurry()))

    def writes(self):
        """The operations that could change something, in order."""
        return [name for item in self.sandbox.requests() if item['write'] for name in item['operations']]

    def asked(self):
        """How many requests there were, besides the looks at a job."""
        return sum(item['operations'] != ['job.status'] for item in self.sandbox.requests())

    def seed(self, **options):
        """The id of a new zone."""
        return self.sandbox.seed('memset', options=options, zones=1)['zones'][0]

    def fault(self, kind, operation, **more):
        self.sandbox.faults(kind=kind, provider='memset', operation=operation, write=True, **more)


def unordered(raw):
    """What the API gave, with lists whose order means nothing as sets."""
    return {name: sorted(map(json.dumps, value)) if isinstance(value, list) else value for name, value in raw.items()}
