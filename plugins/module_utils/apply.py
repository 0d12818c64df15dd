# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only code that writes: a plan's steps, one at a time, each waited for before the next."""

from __future__ import annotations

import dataclasses
import fnmatch
import time
import typing

from .errors import Ambiguous, ApiError, BadInput, JobFailed, Malformed, OutcomeUnknown, Precondition, WaitTimeout
from .handles import carried, pack
from .journal import contents_of
from .steps import resolve
from .wait import settle

# How many steps go in one request at most (Memset, 1.1 JSON-RPC).
BATCH = 100
# How often is looked for a new thing that a list does not show yet.
LOOKS = 4


class Work:
    """Everything that a run works with; crossings get it where they read.

    :param client: the provider's client.
    :param options: the checked options of the task.
    :param journal: a journal.Journal; `key` the entry of this thing in it.
    """

    def __init__(self, client, options, journal, deadline, check_mode=False):
        self.client = client
        self.options = options
        self.journal = journal
        self.deadline = deadline
        self.report = lambda text: None
        self.check_mode = check_mode
        self.key = None
        # Secret values of the options, which no result may hold.
        self.secrets = set()
        self.warnings = []
        self.waited = 0.0

    def warn(self, text):
        """Tell the user, once however often it is found."""
        if text not in self.warnings:
            self.warnings.append(text)

    def lock(self, key):
        """The lock of that key; check mode makes nothing and needs none. Without a place for one there is a warning:
        what must be written down fails when it comes to that, and where there is nothing to do, all is well."""
        if self.check_mode:
            return None
        if self.journal.writable():
            return self.journal.lock(key, self.deadline)
        self.warn('the state folder %s cannot be written to, so tasks that do the same at once are not kept apart; set '
                  'state_dir or INDIE_CLOUD_STATE_DIR' % self.journal.path)
        return None


@dataclasses.dataclass
class Outcome:
    """What became of the steps: answers by step id, the ids of those that are over, and what a handle carries on."""

    answers: dict = dataclasses.field(default_factory=dict)
    written: list = dataclasses.field(default_factory=list)
    done: list = dataclasses.field(default_factory=list)
    # Steps that the provider had no need to do.
    idle: set = dataclasses.field(default_factory=set)
    # With wait: false, or when the deadline passed: the wait that is not over, and the packed steps behind it.
    pending: object = None
    step: str = ''
    remaining: list = dataclasses.field(default_factory=list)
    otherwise: list = dataclasses.field(default_factory=list)
    error: typing.Optional[ApiError] = None
    # What stopped the steps may have taken effect: a write whose answer is lost, or cannot be read.
    doubtful: bool = False
    # After the error a step was done that had to be, such as a start: what came before it is undone.
    restored: bool = False

    def check(self):
        """Raise what stopped the steps, if anything did."""
        error = self.error
        if isinstance(error, ApiError):
            raise error


def writes_down(work, steps):
    """Whether something of these steps must survive the run: an order, what is left half done, or `once`."""
    return any(step.journal or step.note or step.owed for step in steps) \
        or bool(steps) and work.options.get('once') is not None


def wait_for(work, wait):
    """Wait until one Wait is over; returns the last answer (None where the thing is gone)."""
    answer, error = wait_all(work, {'': wait})['']
    if error:
        raise error
    return answer


def wait_all(work, waits):
    """Wait for several of one provider together; {key: (answer, error or None)}."""
    began = work.deadline.elapsed()

    def poll(pending):
        calls = [(wait.operation, wait.parameters) for wait in pending.values()]
        return dict(zip(pending, work.client.poll_many(calls)))
    try:
        found = settle(waits, poll, work.deadline, report=work.report)
    finally:
        work.waited += work.deadline.elapsed() - began
    for _answer, error in found.values():
        if error is not None:
            error.provider = error.provider or work.client.provider
    return found


def apply(work, steps, recover, wait=True, answers=None, again=False):
    """Run the steps of a plan.

    :param recover: function (work, step, error) for a step whose answer was lost: returns its answer, or raises.
    :param wait: False stops at the first wait behind which a handle can carry all the rest. What an earlier run
        started, and a step only waits for, may be over: it is looked at.
    :param answers: of steps that an earlier run did; `again` means that it may have done some of these too, so that
        what can be looked up is looked up first.
    :returns: an Outcome; its `error` is what stopped it. Steps marked always_after ran nevertheless.
    """
    outcome = Outcome(answers=dict(answers or {}))
    if writes_down(work, steps):
        work.journal.prove()
    # A step that was waited for is over: what is to come after it in any case comes.
    outcome.done = [name[:-len('.wait')] for name in outcome.answers if name.endswith('.wait')]
    queue = list(steps)
    owes, earlier = any(step.owed and step.writes for step in queue[1:]), None
    if owes:
        earlier = work.journal.get(work.key)
        work.journal.put(work.key, {'owed': [step.operation for step in queue if step.owed]})
    while queue:
        step = queue.pop(0)
        if outcome.error is not None and not (step.always_after and step.always_after in outcome.done):
            continue
        if step.unless and resolve(step.unless[0], outcome.answers) in step.unless[1]:
            outcome.done.append(_name(step))
            continue
        waits = None
        if step.batch and outcome.error is None:
            together = [step]
            while queue and queue[0].batch == step.batch and len(together) < BATCH:
                together.append(queue.pop(0))
            _run_batch(work, together, len(queue), outcome)
            continue
        try:
            instead = _run(work, step, recover, outcome, again)
            if instead is not None:
                queue[:0] = instead
                continue
            # Where it was so already, nothing was started that could be waited for.
            waits = None if _name(step) in outcome.idle else resolve(step.wait, outcome.answers)
            if waits is not None:
                over = not wait and not step.writes and _over_already(work, waits)
                if not wait and not over and outcome.error is None and all(map(carried, queue)):
                    _hand_over(outcome, step, waits, queue)
                    _settle_debt(work, step)
                    return outcome
                # What a wait ended with, such as the service that a job made, is there for later steps too.
                outcome.answers[_name(step) + '.wait'] = over[0] if over else wait_for(work, waits)
            outcome.done.append(_name(step))
            outcome.restored = outcome.error is not None
            _settle_debt(work, step)
        except ApiError as exc:
            if outcome.error is not None:
                work.warnings.append('after that failure: %s' % exc)
                continue
            if isinstance(exc, WaitTimeout) and step.otherwise and work.deadline.left() > 0:
                work.warnings.append('%s; going on with: %s' % (exc.message, step.otherwise[0].summary))
                queue[:0] = step.otherwise
                continue
            outcome.error = exc
            outcome.doubtful = step.writes and waits is None and _doubtful(exc)
            if waits is not None and not isinstance(exc, JobFailed):
                # What is waited for goes on, whatever ended the wait.
                _hand_over(outcome, step, waits, queue)
    if owes and not outcome.written and not isinstance(outcome.error, OutcomeUnknown):
        # Nothing was done that a step could be owed for.
        _restore(work, {work.key: earlier})
    return outcome


def _over_already(work, wait):
    """(the last answer,) when what is waited for is over, () when it goes on.

    :raises ApiError: when it failed.
    """
    answer = None
    for look in range(wait.steady):
        if look and not work.deadline.nap(1):
            return ()
        answer, = work.client.poll_many([(wait.operation, wait.parameters)])
        if isinstance(answer, ApiError):
            raise answer
        verdict = wait.verdict(answer)
        if verdict is None:
            return ()
        if not verdict:
            wait_for(work, wait)
    return (answer,)


def _run_batch(work, steps, left, outcome):
    """Send steps that do not need each other together. Those that failed are told one by one."""
    work.report(steps[0].summary + (', and %d more' % (len(steps) - 1) if steps[1:] else ''))
    try:
        answers = work.client.write_many([(step.operation, resolve(step.parameters, outcome.answers))
                                          for step in steps])
    except ApiError as exc:
        exc.message += '. It was for %d steps in one request: %s to %s. Run the same task again: it reads what is ' \
                       'there, and does what is missing' % (len(steps), steps[0].summary, steps[-1].summary)
        outcome.error, outcome.doubtful = exc, _doubtful(exc)
        return
    failed = []
    for step, answer in zip(steps, answers):
        if isinstance(answer, ApiError):
            if answer.code is None or answer.code not in work.client.operation(step.operation).already:
                failed.append((step, answer))
                continue
            answer = None
            outcome.idle.add(_name(step))
        else:
            outcome.written.append(step.operation)
        outcome.answers[_name(step)] = answer
        outcome.done.append(_name(step))
    if failed:
        doubtful = [told for _step, told in failed if isinstance(told, OutcomeUnknown)]
        error = outcome.error = (doubtful or [failed[0][1]])[0]
        error.message = '%d of %d failed: %s. %d were done%s; the same task run again does the rest' % (
            len(failed), len(steps), '; '.join('%s: %s' % (step.summary, told.message) for step, told in failed),
            len(outcome.written), ', %d not tried' % left if left else '')
        outcome.doubtful = any(_doubtful(told) for _step, told in failed)


def _doubtful(error):
    """Whether a write that failed so may have taken effect."""
    return isinstance(error, (Malformed, OutcomeUnknown)) or error.doubtful


def _name(step):
    return step.id or step.operation


def not_done(steps, outcome):
    """Summaries of the steps that were not done, or of which that is not known."""
    return [step.summary for step in steps if _name(step) not in outcome.done]


def _settle_debt(work, step):
    if step.owed:
        work.journal.clear(work.key)


def _hand_over(outcome, step, waits, queue):
    outcome.pending = waits
    outcome.step = _name(step)
    outcome.remaining = [pack(each, outcome.answers) for each in queue]
    outcome.otherwise = [pack(each, outcome.answers) for each in step.otherwise]


def _run(work, step, recover, outcome, again):
    """Send one step. Returns the steps to do instead, where the provider refused it with a code that allows it."""
    parameters = resolve(step.parameters, outcome.answers)
    lookup = resolve(step.lookup, outcome.answers)
    if step.claims:
        outcome.answers[_name(step)] = _claimed(work, step, lookup)
        return None
    made = _made_before(work, lookup) if again and lookup is not None else None
    if made is not None:
        outcome.answers[_name(step)] = made
        return None
    work.report(step.summary or step.operation)
    earlier = _note(work, step, parameters)
    filled = parameters.get(work.client.operation(step.operation).fills)
    if filled and step.transfer is None:
        # A transfer that was interrupted has nothing left to go on with.
        work.journal.clear(contents_of(filled))
    lost, retries = False, work.client.session.retries
    try:
        try:
            answer = step.transfer.run(work, step.operation, parameters) if step.transfer is not None \
                else work.client.call(step.operation, **parameters)
        except OutcomeUnknown as exc:
            lost = True
            answer = recover(work, dataclasses.replace(step, parameters=parameters, lookup=lookup), exc)
    except OutcomeUnknown:
        raise
    except ApiError as exc:
        operation = work.client.operation(step.operation)
        if exc.partly:
            outcome.written.append(step.operation)
        if step.fallback and exc.code in step.fallback[0]:
            work.warnings.append('%s was refused (%s: %s); %s' % (
                step.summary, exc.code, exc.message, 'doing it stopped' if step.fallback[1] else 'going on without it'))
            return list(step.fallback[1])
        if (exc.code is None or exc.code not in operation.already) and not _so_already(work, step, exc, outcome):
            if not lost and not exc.doubtful:
                # It was refused, so there is nothing to look for but what was there before.
                _restore(work, earlier)
            raise
        answer = None
        outcome.idle.add(_name(step))
        # So already, perhaps by what was sent before and lost its answer.
        lost = lost or work.client.session.retries > retries
    if step.journal:
        work.journal.put(work.key, dict(work.journal.get(work.key) or {}, answered=True, answer=answer))
    outcome.answers[_name(step)] = answer
    if step.writes and (lost or _name(step) not in outcome.idle):
        outcome.written.append(step.operation)
    return None


def _so_already(work, step, error, outcome):
    """Whether a step was refused since somebody else, or an earlier run, had got there first."""
    if error.code is None or error.code not in step.already:
        return False
    answer = work.client.find(step.wait.operation, **resolve(step.wait.parameters, outcome.answers))
    return bool(step.wait.verdict(answer))


def _note(work, step, parameters):
    """Write down, before it is sent, what is about to be ordered or left half done; {key: what stood there}."""
    earlier = {tuple(key): work.journal.get(key) for key in (step.note, step.journal and work.key) if key}
    if step.note:
        work.journal.put(step.note, {'at': time.time(), 'for': list(work.key)})
    if not step.journal:
        return earlier
    if work.key is None:
        raise BadInput('%s is journalled and has no key' % step.operation)
    work.journal.put(work.key, {
        'operation': step.operation, 'parameters': parameters,
        'known': list(step.lookup.known if step.lookup else ()) + list(step.known),
        'once': work.options.get('once'), 'at': time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime()),
        'answered': False, 'answer': None})
    return earlier


def _restore(work, earlier):
    for key, entry in earlier.items():
        if entry is None:
            work.journal.clear(key)
        else:
            work.journal.put(key, entry)


def _claimed(work, step, lookup):
    """The one new thing, which a list may show a moment late.

    :raises Ambiguous, OutcomeUnknown: when it cannot be told which it is; nothing is guessed.
    """
    key, glob = step.claims
    found = []
    for attempt in range(LOOKS):
        found = lookup.pick(work.client.listing(lookup.operation, **lookup.parameters))
        if found or attempt + 1 < LOOKS and not work.deadline.nap(2 ** attempt):
            break
    idents = sorted(str(item.get(key)) for item in found)
    if len(found) > 1:
        raise Ambiguous('%s: it cannot be told which of these is the new one: %s' % (step.summary, ', '.join(idents)),
                        operation=lookup.operation)
    if not found:
        raise OutcomeUnknown('%s: nothing new is listed' % step.summary, operation=lookup.operation)
    if not fnmatch.fnmatchcase(idents[0], glob):
        raise Precondition('%s: %s is not within the pattern %r, so nothing is done after it' % (
            step.summary, idents[0], glob), operation=lookup.operation)
    return found[0]


def _made_before(work, lookup):
    """The one thing that an earlier run of the same steps made, or None; ApiError when it cannot be told."""
    found = lookup.pick(work.client.listing(lookup.operation, **lookup.parameters) or [])
    if len(found) > 1:
        raise Ambiguous('several things match what an earlier run may have made: %s'
                        % ', '.join(str(item.get(lookup.key)) for item in found))
    return found[0] if found else None


def find_lost(work, step, error):
    """After a lost answer: the one new thing that matches, as the step's answer; else fail closed."""
    if step.lookup is None:
        raise error
    found = step.lookup.pick(work.client.listing(step.lookup.operation, **step.lookup.parameters) or [])
    if len(found) == 1:
        work.warnings.append('the answer to %r was lost; found %s, which it made' % (
            step.summary or step.operation, found[0].get(step.lookup.key)))
        return found[0]
    sought = ', '.join('%s %s' % pair for pair in step.lookup.match.items())
    error.message = '%s. Looked for %s: %s. Check there before you run this again' % (
        error.message, sought, 'nothing yet, it may still appear' if not found else
        'several, ' + ', '.join(str(item.get(step.lookup.key)) for item in found))
    raise error
