# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what other tasks started: handles of any mix of providers, polled together, and finished."""

from __future__ import annotations

import dataclasses

from . import connection, spec
from .apply import apply
from .errors import ApiError, BadInput, JobFailed
from .plan import Wait, unpack
from .runner import READ_SECONDS, Task, guarded, open_work
from .wait import settle


def _dns_record():
    from .resources.dns_record import DNS_RECORD
    return DNS_RECORD


def _dns_zone():
    from .resources.dns_zone import DNS_ZONE
    return DNS_ZONE


def _server():
    from .resources.server import SERVER
    return SERVER


def _firewall_rule_group():
    from .resources.firewall_rule_group import FIREWALL_RULE_GROUP
    return FIREWALL_RULE_GROUP


def _vlan():
    from .resources.vlan import VLAN
    return VLAN


RESOURCES = {}
def _drive():
    from .resources.drive import DRIVE
    return DRIVE


def _snapshot():
    from .resources.snapshot import SNAPSHOT
    return SNAPSHOT


def _static_ip():
    from .resources.static_ip import STATIC_IP
    return STATIC_IP


def _firewall_rule_group():
    from .resources.firewall_rule_group import FIREWALL_RULE_GROUP
    return FIREWALL_RULE_GROUP


def _vlan():
    from .resources.vlan import VLAN
    return VLAN


RESOURCES = {
    'dns_record': _dns_record,
    'dns_zone': _dns_zone,
    'drive': _drive,
    'firewall_rule_group': _firewall_rule_group,
    'server': _server,
    'snapshot': _snapshot,
    'static_ip': _static_ip,
    'vlan': _vlan,
}

KEYS = {'provider', 'kind', 'id', 'resource', 'remaining'}


class Handle:
    """One handle, as the option wait: false returns it, and what becomes of it."""

    def __init__(self, data, works, options, context, seconds):
        if not isinstance(data, dict) or set(data) != KEYS or not isinstance(data['resource'], dict) \
                or not isinstance(data['remaining'], list) or data['resource'].get('type') not in RESOURCES:
            raise BadInput('jobs takes handles as a task with wait: false returns them (the key job of its result), '
                           'not %.200r' % (data,))
        self.data = data
        self.resource = RESOURCES[data['resource']['type']]()
        self.crossing = self.resource.crossing(data['provider'])
        if data['provider'] not in works:
            works[data['provider']] = open_work(self.crossing.client, data['provider'], options, context, seconds)
        self.work = works[data['provider']]
        self.options = {name: None for names in self.resource.identity for name in names}
        self.options.update(options)
        self.work.client.operation(data['resource'].get('wait', {}).get('operation'))
        try:
            self.wait = Wait(**data['resource']['wait'])
            self.steps = [unpack(step) for step in data['remaining'] if not step.get('rerun')]
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise BadInput('jobs: a handle that cannot be read: %s' % exc) from exc
        # A step that holds a secret, or contents, is not in a handle; only the task itself can do it.
        self.rerun = [step['summary'] for step in data['remaining'] if step.get('rerun')]
        self.answers = {}
        self.answer = self.error = None
        self.changed = self.over = False
        self.result = None

    @property
    def label(self):
        resource = self.data['resource']
        return '%s %s %s (%s %s)' % (self.data['provider'], resource['type'], resource['name'] or resource['id'],
                                     self.data['kind'], self.data['id'])

    def waited(self, seconds):
        """So much of the wait's own limit is used up."""
        if self.wait.limit is not None:
            self.wait = dataclasses.replace(self.wait, limit=max(0.0, self.wait.limit - seconds))

    def finish(self):
        """What remains, up to the next wait; then the thing as it is. True when nothing is left to wait for."""
        if self.rerun:
            raise BadInput('%s: %s holds what no handle carries; run the task that returned it again'
                           % (self.label, ' and '.join(self.rerun)), provider=self.data['provider'])
        resource = self.data['resource']
        named = resource.get('named') or {'id': resource['id'], 'name': resource['name']}
        # What names the thing is what reads need, and the journal's key.
        self.work.options = {**self.options, **named}
        self.work.key = (resource['type'], *map(str, self.resource.named(self.work.options)))
        self.answers[resource.get('step', '') + '.wait'] = self.answer
        outcome = apply(self.work, self.steps, self.crossing.recover, wait=False, answers=self.answers, again=True)
        self.changed = self.changed or bool(outcome.written)
        self.answers = outcome.answers
        if outcome.error is not None:
            raise outcome.error
        if outcome.pending is not None:
            self.wait, self.steps = outcome.pending, [unpack(step) for step in outcome.remaining]
            self.data = dict(self.data, resource=dict(resource, step=outcome.step))
            return False
        ident = resource['id'] or self.crossing.made(self.answers)
        if resource.get('once') is not None:
            self.work.journal.note_once(self.work.key, resource['state'], resource['once'], ident)
        raw = None if ident is None else self.crossing.one(self.work, ident)
        self.crossing.finished(self.work, None)
        self.result = None if raw is None else self.crossing.neutral(self.work, raw)
        self.over = True
        return True

    def shown(self):
        """The handle as a result shows it."""
        return dict(self.data, status=None if self.answer is None else self.wait.status(self.answer),
                    finished=self.over,
                    error=self.error and self.error.as_dict(), result=self.result)


def _poll(pending, handles):
    """Answers of all waits of the pending handles, those of a provider in one go."""
    answers = {}
    for work in {id(handles[key].work): handles[key].work for key in pending}.values():
        keys = [key for key in pending if handles[key].work is work]
        calls = [(pending[key].operation, pending[key].parameters) for key in keys]
        answers.update(zip(keys, work.client.poll_many(calls)))
    return answers


def _open(works, options, context, seconds):
    by_provider = {}
    handles = [Handle(data, by_provider, options, context, seconds) for data in options['jobs'] if data is not None]
    works.extend(by_provider.values())
    return dict(enumerate(handles))


@guarded
def run_job_info(result, works, options, context):
    """Look at each handle once; never waits, never writes."""
    result['jobs'] = []
    handles = _open(works, options, context, READ_SECONDS)
    answers = _poll({key: handle.wait for key, handle in handles.items()}, handles) if handles else {}
    for key, handle in handles.items():
        answer = answers[key]
        if isinstance(answer, ApiError):
            raise answer
        verdict = handle.wait.verdict(answer)
        result['jobs'].append(dict(handle.data, status=handle.wait.status(answer), finished=verdict is not None,
                                   failed=verdict is False))


@guarded
def run_job(result, works, options, context):
    """Wait for all handles within one deadline, and do what remains of each."""
    result.update(jobs=[], failed_jobs=[])
    handles = _open(works, options, context, options['wait_timeout'])
    result['jobs'] = [handle.data for handle in handles.values()]
    if context.check_mode:
        result['changed'] = any(handle.data['remaining'] for handle in handles.values())
        return
    deadline = works[0].deadline if works else None
    waiting = dict(handles)
    while waiting:
        began = deadline.elapsed()
        # What remains of one is done at once: when the deadline has passed over another nothing can be sent any more.
        found = settle({key: handle.wait for key, handle in waiting.items()},
                       lambda pending: _poll(pending, handles), deadline, report=context.report, until_any=True)
        spent = deadline.elapsed() - began
        works[0].waited += spent
        for key in set(waiting) - set(found):
            waiting[key].waited(spent)
        for key, (answer, error) in found.items():
            handle = waiting[key]
            handle.answer, handle.error = answer, error
            try:
                over = error is not None or handle.finish()
            except ApiError as exc:
                handle.error, over = exc, True
            if over:
                del waiting[key]
    result['changed'] = any(handle.changed for handle in handles.values())
    result['jobs'] = [handle.shown() for handle in handles.values()]
    failed = [handle for handle in handles.values() if handle.error is not None]
    result['failed_jobs'] = [handle.label for handle in failed]
    if failed:
        error = failed[0].error
        kind = type(error) if len(failed) == 1 else JobFailed
        told = kind('%d of %d failed: %s' % (len(failed), len(handles), '; '.join(
            '%s: %s' % (handle.label, handle.error.message) for handle in failed)),
            provider=failed[0].data['provider'], operation=error.operation, code=error.code, job=error.job)
        raise told


def _spec(waits):
    options = {'provider': {'type': 'str', 'choices': list(connection.PROVIDERS)},
               'jobs': {'type': 'list', 'elements': 'raw', 'required': True}}
    return {**options, **connection.argument_spec(), **spec.STATE_DIR,
            **({'wait_timeout': spec.WAIT['wait_timeout']} if waits else {})}


JOB = Task(lambda provider: _spec(True), run_job)
JOB_INFO = Task(lambda provider: _spec(False), run_job_info)
