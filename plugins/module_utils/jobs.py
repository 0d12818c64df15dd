# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for what other tasks started: handles of any mix of providers, polled together, and finished."""

from __future__ import annotations

import concurrent.futures
import contextlib

from . import connection, spec
from .apply import apply
from .calls import CALL, CLIENTS
from .errors import ApiError, BadInput, JobFailed, NotFound, Precondition, WaitTimeout
from .handles import unpack
from .operation import READ
from .resources.dns_record import DNS_RECORD
from .resources.dns_zone import DNS_ZONE
from .resources.drive import DRIVE
from .resources.firewall_rule_group import FIREWALL_RULE_GROUP
from .resources.server import SERVER
from .resources.snapshot import SNAPSHOT
from .resources.static_ip import STATIC_IP
from .resources.vlan import VLAN
from .runner import READ_SECONDS, Task, guarded, open_work, reporter, unforeseen
from .steps import Wait
from .wait import settle

# Those whose tasks may start what has to be waited for. They are tables; a crossing is imported when it is asked for.
RESOURCES = {resource.name: resource for resource in (
    DNS_RECORD, DNS_ZONE, DRIVE, FIREWALL_RULE_GROUP, SERVER, SNAPSHOT, STATIC_IP, VLAN)}

# What a handle has; keys beside these, as results show them, are of no use here.
KEYS = ('provider', 'kind', 'id', 'resource', 'remaining')


class Handle:
    """One handle, as the option wait: false returns it, and what becomes of it."""

    def __init__(self, data, works, options, context, seconds):
        if not isinstance(data, dict) or not set(KEYS) <= set(data) or not isinstance(data['resource'], dict) \
                or not isinstance(data['remaining'], list) or data['provider'] not in CLIENTS \
                or not {'id', 'name'} <= set(data['resource']) \
                or data['resource'].get('type') not in (*RESOURCES, CALL):
            # Its values are not told: a whole result may have been given, with secrets in it.
            raise BadInput('jobs takes handles as a task with wait: false returns them (the key job of its result), '
                           'not a %s%s' % (type(data).__name__, ' with the keys ' + ', '.join(sorted(map(str, data)))
                                           if isinstance(data, dict) else ''))
        self.resource = self.crossing = None
        if data['resource']['type'] != CALL:
            self.resource = RESOURCES[data['resource']['type']]
            self.crossing = self.resource.crossing(data['provider'])
        if data['provider'] not in works:
            client = self.crossing.client if self.crossing else CLIENTS[data['provider']]()
            works[data['provider']] = open_work(client, data['provider'], options, context, seconds)
        self.work = works[data['provider']]
        self.options = {name: None for names in (self.resource.identity if self.resource else ()) for name in names}
        self.options.update(options)
        self._take(data)
        token = self.resource and data['resource'].get('token')
        self.token = ('handle', str(token)) if token else None
        self.named = None
        self.answers = {}
        self.answer = self.error = None
        self.changed = self.over = False
        self.result = None

    def _take(self, data):
        """Go by that data, as a task returned it or an earlier run of the module job left it."""
        self.data = {key: data[key] for key in KEYS}
        try:
            self.wait = Wait(**data['resource']['wait'])
            self.steps = [unpack(step) for step in data['remaining'] if not step.get('rerun')]
            # What to do when the wait's own limit has passed, such as a power cut.
            self.otherwise = [unpack(step) for step in data['resource'].get('otherwise') or ()]
            # A step that holds a secret, or contents, is not in a handle; only the task itself can do it.
            self.rerun = [step['summary'] for step in data['remaining'] if step.get('rerun')]
            polled = self.work.client.operation(self.wait.operation)
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise BadInput('jobs: a handle that cannot be read: %s' % exc) from exc
        if polled.kind != READ:
            raise BadInput('jobs: a handle waits by what only reads, not by %s' % polled.name,
                           provider=data['provider'])

    @property
    def label(self):
        resource = self.data['resource']
        return '%s %s %s (%s %s)' % (self.data['provider'], resource['type'], resource['name'] or resource['id'],
                                     self.data['kind'], self.data['id'])

    def turns(self, error):
        """Whether there is something to do instead now that the wait's own limit has passed."""
        if not isinstance(error, WaitTimeout) or not self.otherwise or self.work.deadline.left() <= 0:
            return False
        self.work.warnings.append('%s; going on with: %s' % (error.message, self.otherwise[0].summary))
        self.steps, self.otherwise = self.otherwise + self.steps, []
        return True

    def finish(self):
        """What remains, up to the next wait; then the thing as it is. True when nothing is left to wait for."""
        if self.rerun:
            raise BadInput('%s holds what no handle carries; run the task that returned it again'
                           % ' and '.join(self.rerun), provider=self.data['provider'])
        if self.crossing is None:
            self.over, self.result = True, self.work.client.shown(self.answer)
            return True
        resource = self._named()
        self.answers[resource.get('step', '') + '.wait'] = self.answer
        # A task of the same name that runs now may be doing the same.
        with self.crossing.alone(self.work) or contextlib.nullcontext():
            if self.finished_before():
                return True
            steps = self.crossing.rest(self.work, self.steps, self.answer)
            outcome = apply(self.work, steps, self.crossing.recover, wait=False, answers=self.answers, again=True)
        self.changed = self.changed or bool(outcome.written) or outcome.doubtful
        self.answers = outcome.answers
        ident = resource['id'] or self.crossing.made(self.answers)
        if outcome.restored:
            self._note({'id': ident, 'there': None, 'failed': outcome.error.message})
        elif outcome.pending is not None:
            # A wait that came before would wait for what is no more.
            self._take(dict(self.data, remaining=outcome.remaining, resource=dict(
                resource, id=ident, step=outcome.step, wait=outcome.pending.packed(), otherwise=outcome.otherwise)))
            self._note({'handle': self.data, 'done': outcome.done})
        outcome.check()
        if outcome.pending is not None:
            return False
        if resource.get('once') is not None:
            self.work.journal.note_once(self.named, resource['state'], resource['once'], ident)
        # Before the thing is read: that may fail, and what was done must not be done twice.
        self._note({'id': ident, 'there': None})
        self.look(ident)
        self._note({'id': ident, 'there': self.result is not None})
        self._written(self.crossing.finished, None)
        if ident is not None:
            self._written(self.crossing.ended, ident)
        return True

    def _note(self, entry):
        """Write down for other runs of the module job how far this one came."""
        if self.token and self.work.journal.writable():
            self._written(lambda work: work.journal.put(self.token, entry))

    def _written(self, write, *args):
        """What cannot be written down does not undo what is done; other runs find out by themselves what that is."""
        try:
            write(self.work, *args)
        except BadInput as exc:
            self.work.warn('%s. So another run that is given the same handle cannot know what this one did'
                           % exc.message)

    def resume(self):
        """Go on where an earlier run of the module job came to: what it waited for first may be no more."""
        entry = self.work.journal.get(self.token) if self.token else None
        if entry is not None and 'handle' in entry:
            self.answers = {'%s.wait' % name: None for name in entry['done']}
            self._take(entry['handle'])

    def finished_before(self):
        """Whether an earlier run of the module job was through with it; it then tells how the thing is now."""
        entry = self.work.journal.get(self.token) if self.token else None
        if entry is None or 'handle' in entry:
            return False
        try:
            self._named()
            if entry.get('failed'):
                raise Precondition('it was tried before, and what had been begun is undone (%s); run the task that '
                                   'returned it again' % entry['failed'], provider=self.data['provider'])
            self.look(entry['id'])
            if entry['there'] and self.result is None:
                raise NotFound('it was finished before, and is gone since', provider=self.data['provider'])
        except ApiError as exc:
            self.error = exc
        return True

    def _named(self):
        """The handle's resource, by which the run now goes: what names the thing is what reads need, and the keys."""
        resource = self.data['resource']
        named = resource.get('named') or {'id': resource['id'], 'name': resource['name']}
        self.work.options = {**self.options, 'state': resource.get('state'), 'wait': False, **named}
        self.named = self.crossing.key(self.work.options)
        self.work.key = self.crossing.noted_by(self.named, resource.get('state'), resource['id'])
        return resource

    def look(self, ident):
        """The thing as it is. What has no id of its own, such as several addresses, is what the options name."""
        raw = self.crossing.one(self.work, ident) if ident is not None else \
            self.crossing.observe(self.work, self.work.options)
        self.over, self.result = True, None if raw is None else self.crossing.neutral(self.work, raw)

    def ended(self, answer, error):
        """What to wait for next when a wait is over, or None; nothing that goes wrong stops the other handles."""
        self.answer, self.error = answer, None if self.turns(error) else error
        try:
            if answer is None and isinstance(error, JobFailed) and self.data['resource'].get('state') == 'absent':
                # Gone before it was stopped: somebody else was faster.
                self.steps, self.error = self.crossing.bereft(self.steps), None
            return None if self.error is not None or self.finish() else self.wait
        except ApiError as exc:
            self.error = exc
        except Exception as exc:  # pylint: disable=broad-except
            self.error = unforeseen(exc, [self.work])
        return None

    def shown(self):
        """The handle as a result shows it."""
        return dict(self.data, status=None if self.answer is None else self.wait.status(self.answer),
                    finished=self.over,
                    error=self.error and self.error.as_dict(), result=self.result)


def _poll(pending, handles):
    """Answers of all waits of the pending handles: those of a provider in one go, the providers side by side. What
    fails as a whole fails for the handles of that provider alone."""
    works = list({id(handles[key].work): handles[key].work for key in pending}.values())

    def ask(work):
        keys = [key for key in pending if handles[key].work is work]
        try:
            return zip(keys, work.client.poll_many([(pending[key].operation, pending[key].parameters) for key in keys]))
        except ApiError as exc:
            return zip(keys, [exc] * len(keys))

    if len(works) == 1:
        return dict(ask(works[0]))
    with concurrent.futures.ThreadPoolExecutor(len(works)) as pool:
        return {key: answer for found in pool.map(ask, works) for key, answer in found}


def _open(works, options, context, seconds):
    """({key: Handle}, the keys in the order of the option): one that is given twice is one."""
    by_provider, handles, order = {}, {}, []
    for number, data in enumerate(each for each in options['jobs'] if each is not None):
        handle = Handle(data, by_provider, options, context, seconds)
        key = handle.token or number
        handles.setdefault(key, handle)
        order.append(key)
    works.extend(by_provider.values())
    return handles, order


def _fail(handles):
    """:raises: what went wrong with handles, all of it in one message."""
    failed = [handle for handle in handles.values() if handle.error is not None]
    if not failed:
        return
    error = failed[0].error
    kind = type(error) if len(failed) == 1 else JobFailed
    raise kind('%d of %d failed: %s' % (len(failed), len(handles), '; '.join(
        '%s: %s' % (handle.label, handle.error.message) for handle in failed)),
        provider=failed[0].data['provider'], operation=error.operation, code=error.code, job=error.job)


@guarded
def run_job_info(result, works, options, context):
    """Look at each handle once; never waits, never writes."""
    result['jobs'] = []
    handles, order = _open(works, options, context, READ_SECONDS)
    for handle in handles.values():
        handle.resume()
    answers = _poll({key: handle.wait for key, handle in handles.items()}, handles) if handles else {}
    for key in order:
        handle, answer, verdict, status = handles[key], answers[key], None, None
        if isinstance(answer, ApiError):
            handle.error = answer
        else:
            verdict, status = handle.wait.verdict(answer), handle.wait.status(answer)
        result['jobs'].append(dict(handle.data, status=status, finished=verdict is not None, failed=verdict is False,
                                   error=handle.error and handle.error.as_dict()))
    _fail(handles)


@guarded
def run_job(result, works, options, context):
    """Wait for all handles within one deadline. What remains of one is done as soon as it is over, whatever the
    others do meanwhile."""
    result.update(jobs=[], failed_jobs=[])
    handles, order = _open(works, options, context, options['wait_timeout'])
    result['jobs'] = [handles[key].data for key in order]
    with contextlib.ExitStack() as held:
        _hold(held, handles.values())
        _finish(result, works, handles, order, context)


def _hold(held, handles):
    """Keep other runs of this module on this machine from these handles. One lock serves many, lest there be too many
    files."""
    locks = {(handle.work.journal.account, handle.token[1][:2]): handle.work for handle in handles if handle.token}
    for account, letters in sorted(locks):
        held.enter_context(locks[account, letters].lock(('handles', letters)) or contextlib.nullcontext())


def _finish(result, works, handles, order, context):
    """Wait for those that are not finished yet, and do what remains of each."""
    for handle in handles.values():
        handle.resume()
    todo = {key: handle for key, handle in handles.items() if not handle.finished_before()}
    if context.check_mode:
        result['changed'] = any(handle.data['remaining'] for handle in todo.values())
        _fail(handles)
        return
    if todo:
        _wait(todo, works[0], reporter(works, context))
    result['changed'] = any(handle.changed for handle in handles.values())
    result['jobs'] = [handles[key].shown() for key in order]
    result['failed_jobs'] = [handle.label for handle in handles.values() if handle.error is not None]
    _fail(handles)


def _wait(handles, first, report):
    """Wait for the handles and finish them, within the deadline that all works have; `first` is one of these."""
    began = first.deadline.elapsed()
    found = settle({key: handle.wait for key, handle in handles.items()}, lambda pending: _poll(pending, handles),
                   first.deadline, report=report, then=lambda key, *ended: handles[key].ended(*ended))
    first.waited += first.deadline.elapsed() - began
    for key, (answer, error) in found.items():
        # The deadline ends a wait without asking what comes next.
        if not handles[key].over:
            handles[key].answer = answer
            handles[key].error = handles[key].error or error


def _spec(waits):
    options = {'provider': {'type': 'str', 'choices': list(connection.PROVIDERS)},
               'jobs': {'type': 'list', 'elements': 'raw', 'required': True}}
    return {**options, **connection.argument_spec(), **spec.STATE_DIR,
            **({'wait_timeout': spec.WAIT['wait_timeout']} if waits else {})}


JOB = Task(lambda provider: _spec(True), run_job)
JOB_INFO = Task(lambda provider: _spec(False), run_job_info)
