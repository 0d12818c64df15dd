# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that depend on what earlier ones found."""

from __future__ import annotations

import types

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.apply import Work, apply
from ansible_collections.indie.cloud.plugins.module_utils.errors import Conflict, NotFound
from ansible_collections.indie.cloud.plugins.module_utils.operation import WRITE, Operation
from ansible_collections.indie.cloud.plugins.module_utils.plan import Ref, Step
from ansible_collections.indie.cloud.plugins.module_utils.wait import Deadline
from fake_cloud import FakeClock


class Client:
    """Answers every call with the state it was given, and remembers the calls."""

    provider = 'fake'

    def __init__(self, state):
        self.state = state
        self.log = []
        self.session = types.SimpleNamespace(retries=0)

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
    work.client.operation = lambda name: None
    outcome = apply(work, [Step('rename', summary='rename it', fallback=(('busy',), ()))], recover=None)
    assert outcome.error is None and 'rename it was refused' in work.warnings[0] and 'without it' in work.warnings[0]


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
