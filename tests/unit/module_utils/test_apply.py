# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that depend on what earlier ones found."""

from __future__ import annotations

import dataclasses
import types

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.apply import Work, apply, not_done
from ansible_collections.indie.cloud.plugins.module_utils.errors import Conflict, NotFound, OutcomeUnknown
from ansible_collections.indie.cloud.plugins.module_utils.journal import Journal, contents_of
from ansible_collections.indie.cloud.plugins.module_utils.operation import WRITE, Operation
from ansible_collections.indie.cloud.plugins.module_utils.steps import Lookup, Ref, Step, Wait
from ansible_collections.indie.cloud.plugins.module_utils.wait import Deadline
from fake_cloud import FakeClock


class Client:
    """Answers every call with the state it was given, and remembers the calls."""

    provider = 'fake'

    def __init__(self, state):
        self.state = state
        self.log = []
        self.session = types.SimpleNamespace(retries=0)

    def operation(self, name):
        return Operation(name, WRITE, fills='uuid' if name == 'fill' else '')

    def call(self, name, **values):
        self.log.append(name)
        return {'state': self.state}


@pytest.mark.parametrize('state, sent', [('on', ['look']), ('off', ['look', 'start'])])
def test_a_step_is_left_out_when_an_answer_makes_it_needless(state, sent):
    work = Work(Client(state), {}, None, Deadline(10, FakeClock()))
    steps = [Step('look', id='look', writes=False), Step('start', unless=(Ref('look', ('state',)), ('on',)))]
    outcome = apply(work, steps, recover=None)
    assert work.client.log == sent and outcome.error is None and outcome.done == ['look', 'start']
    assert outcome.written == sent[1:]


@pytest.mark.parametrize('uncarried, sent', [
    ({}, ['make']), ({'secret': True}, ['make', 'get', 'import']),
    ({'transfer': types.SimpleNamespace(run=lambda work, operation, values: {'state': 'on'})}, ['make', 'get']),
    ({'otherwise': (Step('set', secret=True),)}, ['make', 'get', 'import'])],
    ids=['all', 'secret', 'contents', 'otherwise'])
def test_what_no_handle_carries_is_done_before_one_is_handed_out(uncarried, sent):
    client = Client('on')
    client.poll_many = lambda calls: [client.call(name, **values) for name, values in calls]
    over = Wait('get', done={'state': ['on']})
    steps = [Step('make', wait=over), Step('rename'), Step('import', wait=over, **uncarried), Step('ready', wait=over)]
    outcome = apply(Work(client, {}, None, Deadline(10, FakeClock())), steps, recover=None, wait=False)
    assert outcome.pending == over and [name for name in client.log if name != 'rename'] == sent
    assert [each['operation'] for each in outcome.remaining] == (
        ['ready'] if uncarried else ['rename', 'import', 'ready'])
    assert not any('rerun' in each for each in outcome.remaining)


def test_a_drive_that_is_filled_has_no_transfer_to_go_on_with(tmp_path):
    journal = Journal(str(tmp_path), 'account')
    for drive in ('d1', 'd2'):
        journal.put(contents_of(drive), {'position': 1})
    work = Work(Client('on'), {}, journal, Deadline(10, FakeClock()))
    apply(work, [Step('look', {'uuid': 'd2'}), Step('fill', {'uuid': 'D1'})], recover=None)
    assert list(journal.entries()) == [contents_of('d2')]


class Deleting(Client):
    """A thing that is gone when the delete comes, in the way of `lost` by an earlier one whose answer was lost."""

    def operation(self, name):
        return Operation(name, WRITE, repeat=True, already=('GONE',))

    def call(self, name, **values):
        self.session.retries += self.state == 'lost'
        raise NotFound('gone', code='GONE')


@pytest.mark.parametrize('how, written', [('lost', ['delete']), ('other', [])])
def test_what_was_so_already_is_ours_if_it_was_sent_before(how, written):
    outcome = apply(Work(Deleting(how), {}, None, Deadline(10, FakeClock())), [Step('delete')], recover=None)
    assert outcome.error is None and outcome.done == ['delete'] and outcome.written == written


def test_a_refusal_that_is_not_worth_failing_for_is_told_and_passed_over():
    work = Work(Client('on'), {}, None, Deadline(10, FakeClock()))

    def refuse(name, **values):
        raise Conflict('in use', code='busy')
    work.client.call = refuse
    outcome = apply(work, [Step('rename', summary='rename it', fallback=(('busy',), ()))], recover=None)
    assert outcome.error is None and 'rename it was refused' in work.warnings[0] and 'without it' in work.warnings[0]


def test_the_journal_keeps_what_a_step_gives_it(tmp_path):
    work = Work(Client('on'), {}, Journal(str(tmp_path), 'account'), Deadline(10, FakeClock()))
    work.key = ('server', 'a')
    apply(work, [Step('delete', journal=True, known=('d1', 'd2'))], recover=None)
    assert work.journal.get(work.key)['known'] == ['d1', 'd2'] and work.journal.get(work.key)['answered']


class Batching(Client):
    """Fails the calls that it is told to; remembers how many came together."""

    def __init__(self, failing=()):
        super().__init__('on')
        self.failing = failing

    def operation(self, name):
        return Operation(name, WRITE)

    def write_many(self, calls):
        self.log.append(len(calls))
        return [Conflict('taken', code='8') if values['n'] in self.failing else {'n': values['n']}
                for name, values in calls]


def batch(count):
    return [Step('add', {'n': number}, 'record %d' % number, id='add%d' % number, batch='records')
            for number in range(count)]


def test_steps_of_a_batch_go_together_a_hundred_at_most():
    work = Work(Batching(), {}, None, Deadline(10, FakeClock()))
    outcome = apply(work, batch(250), recover=None)
    assert work.client.log == [100, 100, 50] and len(outcome.written) == 250 and outcome.error is None


def test_of_a_batch_that_fails_in_part_each_failure_is_told_and_the_rest_is_not_tried():
    work = Work(Batching(failing=(57,)), {}, None, Deadline(10, FakeClock()))
    outcome = apply(work, batch(150), recover=None)
    assert work.client.log == [100] and len(outcome.written) == 99
    for part in ('1 of 100 failed', 'record 57: taken', '99 were done', '50 not tried'):
        assert part in outcome.error.message
    assert not_done(batch(150), outcome) == ['record 57'] + ['record %d' % number for number in range(100, 150)]


def test_what_a_batch_finds_done_already_is_no_write_and_no_failure():
    client = Batching(failing=(1,))
    client.operation = lambda name: Operation(name, WRITE, already=('8',))
    outcome = apply(Work(client, {}, None, Deadline(10, FakeClock())), batch(3), recover=None)
    assert outcome.error is None and outcome.written == ['add', 'add'] and outcome.answers['add1'] is None
    assert not_done(batch(3), outcome) == []


def test_a_lost_answer_to_a_batch_tells_which_steps_it_leaves_open():
    client = Batching()

    def lose(calls):
        raise OutcomeUnknown('no answer')
    client.write_many = lose
    outcome = apply(Work(client, {}, None, Deadline(10, FakeClock())), batch(3), recover=None)
    assert '3 steps in one request: record 0 to record 2. Run the same task again' in outcome.error.message
    assert not_done(batch(3), outcome) == ['record 0', 'record 1', 'record 2']


def test_of_a_batch_whose_first_failure_is_definite_a_doubtful_one_is_told():
    client = Batching()
    client.write_many = lambda calls: [Conflict('taken', code='8'), OutcomeUnknown('lost')]
    outcome = apply(Work(client, {}, None, Deadline(10, FakeClock())), batch(2), recover=None)
    assert outcome.error.kind == 'outcome_unknown'
    assert '2 of 2 failed: record 0: taken; record 1: lost' in outcome.error.message


@pytest.mark.parametrize('failing, wait, owes', [
    ((), True, False), ((), False, False), ((1,), True, True), ((0, 1), True, False)])
def test_a_step_that_is_owed_is_journalled_until_it_is_over(tmp_path, failing, wait, owes):
    seen = []
    client = Batching(failing=failing)
    client.call = lambda name, **values: seen.append(work.journal.get(work.key)) or {'id': 'j', 'state': 'done'}
    client.poll_many = lambda calls: [{'state': 'done'}]
    work = Work(client, {}, Journal(str(tmp_path), 'account'), Deadline(10, FakeClock()))
    work.key = ('zone', 'a')
    last = Step('reload', owed=True, journal=True, wait=Wait('job', done={'state': ['done']}))
    apply(work, batch(2) + [last], recover=None, wait=wait)
    assert (work.journal.get(work.key) == {'owed': ['reload']}) is owes
    assert len(seen) == (0 if failing else 1) and all(entry['operation'] == 'reload' for entry in seen)
    # Alone it is owed by nothing that went before.
    apply(work, [dataclasses.replace(last, journal=False)], recover=None, wait=wait)
    assert seen[-1] == ({'owed': ['reload']} if owes else None) and work.journal.get(work.key) is None


class Journalled(Client):
    """Raises or answers what it is told; `polls` counts the looks at a job."""

    def __init__(self, answer):
        super().__init__('on')
        self.answer = answer
        self.polls = 0

    def operation(self, name):
        return Operation(name, WRITE, already=('SO',))

    def call(self, name, **values):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def poll_many(self, calls):
        self.polls += 1
        return [{'state': 'done'}]


def journalled(tmp_path, answer, recover=None):
    work = Work(Journalled(answer), {'once': 'a'}, Journal(str(tmp_path), 'account'), Deadline(10, FakeClock()))
    work.key = ('thing', 'a')
    work.journal.put(work.key, {'earlier': True})
    step = Step('order', {'size': 1}, id='order', journal=True, lookup=Lookup('list', {}, known=('old',)),
                wait=Wait('look', {'id': Ref('order', ('id',))}, done={'state': ['done']}))
    return work, apply(work, [step], recover)


def test_an_order_is_in_the_journal_with_its_answer(tmp_path):
    work, outcome = journalled(tmp_path, {'id': 7})
    entry = work.journal.get(work.key)
    assert entry.pop('at') and outcome.error is None and work.client.polls == 1
    assert entry == {'operation': 'order', 'parameters': {'size': 1}, 'known': ['old'], 'once': 'a', 'answered': True,
                     'answer': {'id': 7}}


def test_a_refusal_leaves_what_the_journal_had(tmp_path):
    work, outcome = journalled(tmp_path, Conflict('no', code='NO'))
    assert outcome.error.code == 'NO' and work.journal.get(work.key) == {'earlier': True}


def test_what_was_so_already_is_not_waited_for(tmp_path):
    work, outcome = journalled(tmp_path, Conflict('so', code='SO'))
    assert outcome.error is None and outcome.written == [] and work.client.polls == 0
    assert work.journal.get(work.key)['answered'] is True and work.journal.get(work.key)['answer'] is None


def test_a_lost_order_stays_in_the_journal(tmp_path):
    work, outcome = journalled(tmp_path, OutcomeUnknown('gone'), find_lost_nothing)
    assert outcome.error.kind == 'outcome_unknown'
    assert work.journal.get(work.key)['answered'] is False


def find_lost_nothing(work, step, error):
    raise error


def test_an_answer_without_what_a_later_step_needs_is_an_error_of_the_run(tmp_path):
    work, outcome = journalled(tmp_path, {'no': 'id'})
    assert outcome.error.kind == 'malformed' and 'has no id' in outcome.error.message and outcome.written == ['order']


class Listing(Client):
    """A list that grows by one thing at each look, up to what there is."""

    def __init__(self, *paths, late=0):
        super().__init__('on')
        self.paths, self.late, self.looks = paths, late, 0

    def listing(self, name, **values):
        self.looks += 1
        return [{'path': path} for path in self.paths[:-1] + (self.paths[-1:] if self.looks > self.late else ())]


def claim(client, glob='*'):
    steps = [Step('list', summary='find it', writes=False, claims=('path', glob), id='claim',
                  lookup=Lookup('list', {}, ('old',), 'path')), Step('prune')]
    return apply(Work(client, {}, None, Deadline(60, FakeClock())), steps, recover=None)


@pytest.mark.parametrize('late', [0, 2])
def test_the_one_new_thing_is_claimed_even_if_it_is_listed_late(late):
    client = Listing('old', 'web.1', late=late)
    outcome = claim(client, 'web.*')
    assert outcome.answers['claim'] == {'path': 'web.1'} and client.log == ['prune'] and client.looks == late + 1


@pytest.mark.parametrize('client, glob, kind', [
    (Listing('old', 'web.1', 'web.2'), '*', 'ambiguous'), (Listing('old'), '*', 'outcome_unknown'),
    (Listing('old', 'other.1'), 'web.*', 'precondition')])
def test_what_cannot_be_told_is_not_claimed_and_nothing_follows(client, glob, kind):
    outcome = claim(client, glob)
    assert outcome.error.kind == kind and client.log == []


@pytest.mark.parametrize('states, looks, log', [
    (['ready', 'ready', 'ready'], 2, ['look', 'use']), (['ready', 'busy'], 2, ['look']), (['busy'], 1, ['look'])])
def test_what_an_earlier_run_started_is_looked_at_by_a_task_that_does_not_wait(states, looks, log):
    """As often as one that waits looks; what is over needs no handle."""
    client, seen = Client('x'), []

    def poll(calls):
        seen.append(calls)
        return [{'state': states[len(seen) - 1]}]
    client.poll_many, client.operation = poll, lambda name: Operation(name, WRITE)
    steps = [Step('look', id='look', writes=False, wait=Wait('look', done={'state': ['ready']}, steady=2)),
             Step('use', wait=Wait('look', done={'state': ['on']}))]
    outcome = apply(Work(client, {}, None, Deadline(60, FakeClock())), steps, recover=None, wait=False)
    assert len(seen) == looks and client.log == log and outcome.pending.done == (
        {'state': ['on']} if len(log) == 2 else {'state': ['ready']})
