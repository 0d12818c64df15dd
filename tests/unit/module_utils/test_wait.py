# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one waiter, on a clock of its own."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.errors import (
    Auth,
    JobFailed,
    NotFound,
    Throttled,
    Unavailable,
    WaitTimeout,
)
from ansible_collections.indie.cloud.plugins.module_utils.steps import Wait
from ansible_collections.indie.cloud.plugins.module_utils.wait import Deadline, backoff, settle
from fake_cloud import FakeClock

JOB = Wait('job', done={'finished': [True]}, failed={'error': [True]}, shows='status', subject='the order', job=7,
           hint='see the invoice')


def run(script, wait=JOB, seconds=60, clock=None):
    """Settle one wait over a list of answers, the last of which stays."""
    clock = clock or FakeClock()
    answers = iter(script[:-1])
    result = settle({'a': wait}, lambda pending: {'a': next(answers, script[-1])}, Deadline(seconds, clock))['a']
    return result, clock


def test_it_ends_with_the_last_answer():
    (answer, error), clock = run([{'finished': False}, {'finished': False}, {'finished': True, 'error': False}])
    assert error is None and answer['finished'] and clock.naps == [1.0, 2.0]


def test_pauses_double_up_to_a_cap():
    dummy, clock = run([{'finished': False}] * 8 + [{'finished': True}], seconds=600)
    assert clock.naps == [1, 2, 4, 8, 15, 15, 15, 15]


def test_jitter_only_lengthens_a_pause_by_up_to_a_quarter():
    clock = FakeClock()
    clock.jitter = lambda: 1.0
    assert backoff(0, 1.0, 15.0, clock) == 1.25 and backoff(50, 1.0, 15.0, clock) == 18.75


def test_a_failure_ends_it_at_once():
    script = [{'finished': False, 'status': 'NEW'}, {'finished': True, 'error': True, 'status': 'X'}]
    (dummy, error), clock = run(script)
    assert isinstance(error, JobFailed) and error.job == 7 and error.code == 'X' and 'see the invoice' in str(error)
    assert len(clock.naps) == 1


def test_the_deadline_ends_it_and_says_what_is_needed_to_go_on():
    (answer, error), clock = run([{'finished': False, 'status': 'AWAITING-PAYMENT'}], seconds=10)
    assert isinstance(error, WaitTimeout) and clock.time == 10
    for part in ('10 seconds', 'the order', 'AWAITING-PAYMENT', 'job 7', 'run the same task again', 'see the invoice'):
        assert part in str(error)
    assert error.job == 7 and error.waited == 10


def test_a_wait_may_have_a_limit_of_its_own():
    (answer, error), clock = run([{'state': 'on'}], Wait('get', done={'state': ['off']}, limit=5), seconds=600)
    assert isinstance(error, WaitTimeout) and clock.time == 5


def test_it_polls_once_even_when_no_time_is_left():
    (answer, error), dummy = run([{'finished': True}], seconds=0)
    assert error is None


def test_one_that_fails_does_not_stop_the_others():
    clock, asked = FakeClock(), []
    lost = NotFound('gone')

    def poll(pending):
        asked.append(sorted(pending))
        return {key: {'a': {'finished': len(asked) > 2}, 'b': lost, 'c': None}[key] for key in pending}
    found = settle({'a': JOB, 'b': JOB, 'c': JOB}, poll, Deadline(60, clock))
    assert found['a'][1] is None and isinstance(found['b'][1], NotFound) and isinstance(found['c'][1], JobFailed)
    assert asked == [['a', 'b', 'c'], ['a'], ['a']]


def test_one_deadline_serves_all_that_is_done_in_a_run():
    clock = FakeClock()
    deadline = Deadline(10, clock)
    clock.time = 7
    assert deadline.left() == 3 and deadline.nap(1) and clock.time == 8
    assert not deadline.nap(60) and clock.time == 10, 'nothing is left in which a request could be sent'
    assert deadline.left() == 0 and not deadline.nap(1)


@pytest.mark.parametrize('wait, told', [
    (Wait('get', gone=True), 'gone'), (Wait('get', done={'state': ['on', 'off']}), 'state on or off')])
def test_a_goal_in_words(wait, told):
    assert wait.goal() == told


def test_an_end_that_may_mislead_must_be_seen_several_times_in_a_row():
    busy, free = {'imaging': '40%'}, {'name': 'a'}
    (answer, error), clock = run([free, busy, free, free, busy, busy, free],
                                 Wait('get', done={'imaging': [None]}, steady=3), seconds=600)
    assert error is None and len(clock.naps) == 8
    assert clock.naps[-2:] == [1.0, 1.0]


ENDS = Wait('job', over={'finished': [True]}, failed={'error': [True]}, shows='status', subject='the order',
            hints={'UNPAID': 'pay it'})


@pytest.mark.parametrize('answer, verdict', [
    ({'finished': False, 'error': True}, None), ({'finished': True, 'error': True}, False),
    ({'finished': True, 'error': False}, True), (None, False)])
def test_an_end_may_come_before_the_verdict(answer, verdict):
    assert ENDS.verdict(answer) is verdict and ENDS.goal() == 'finished True'


def test_advice_may_be_for_one_status():
    (dummy, error), dummy = run([{'finished': False, 'status': 'UNPAID'}], ENDS, seconds=5)
    assert 'pay it' in str(error)
    (dummy, error), dummy = run([{'finished': False, 'status': 'NEW'}], ENDS, seconds=5)
    assert 'pay it' not in str(error)


def test_no_look_is_taken_once_the_deadline_has_passed():
    """A request would then not be sent, and the error would tell that instead of the status."""
    clock, looks = FakeClock(), []

    def poll(pending):
        looks.append(clock.time)
        return {'a': {'finished': False, 'status': 'NEW'}}
    (answer, error) = settle({'a': JOB}, poll, Deadline(3, clock))['a']
    assert isinstance(error, WaitTimeout) and answer['status'] == 'NEW' and looks == [0.0, 1.0]


@pytest.mark.parametrize('before, status', [([], None), ([{'finished': False, 'status': 'NEW'}], 'NEW')])
def test_a_look_that_comes_too_late_is_a_timeout(before, status):
    clock = FakeClock()
    answers = iter(before)

    def poll(pending):
        clock.time += 0 if before and clock.time == 0 else 20
        return {'a': next(answers, Unavailable('not sent'))}
    (answer, error) = settle({'a': JOB}, poll, Deadline(10, clock))['a']
    assert isinstance(error, WaitTimeout) and error.code == status and error.job == 7


def test_a_last_look_that_the_deadline_cuts_short_is_a_timeout_and_not_an_outage():
    clock = FakeClock()

    def poll(pending):
        if clock.time < 3:
            return {'a': {'state': 'on'}}
        clock.time = 11
        return {'a': Unavailable('the answer did not arrive')}
    answer, error = settle({'a': Wait('get', done={'state': ['off']}, shows='state')}, poll, Deadline(10, clock))['a']
    assert isinstance(error, WaitTimeout) and error.code == 'on' and answer == {'state': 'on'}


def test_what_comes_next_begins_while_others_are_waited_for():
    """A key that is over goes on with another wait at once, whatever the others do."""
    clock = FakeClock()
    first, second = Wait('get', done={'state': ['a']}), Wait('get', done={'state': ['b']})
    ended = []

    def then(key, answer, error):
        ended.append((key, clock.time, error is None))
        return second if key == 'quick' and len(ended) == 1 else None

    def poll(pending):
        return {key: {'state': 'b' if pending[key] is second else 'a' if key == 'quick' or clock.time > 20 else 'x'}
                for key in pending}

    found = settle({'quick': first, 'slow': first}, poll, Deadline(60, clock), then=then)
    assert [key for key, _time, _fine in ended] == ['quick', 'quick', 'slow']
    assert ended[1][1] < 5 < 20 < ended[2][1] and all(fine for _key, _time, fine in ended)
    assert found['quick'] == ({'state': 'b'}, None)


def test_the_deadline_does_not_ask_what_comes_next():
    clock, ended = FakeClock(), []
    never = Wait('get', done={'state': ['a']})
    found = settle({'slow': never}, lambda pending: {'slow': {'state': 'x'}}, Deadline(5, clock),
                   then=lambda *told: ended.append(told))
    assert ended == [] and found['slow'][1].kind == 'wait_timeout'


@pytest.mark.parametrize('trouble', [Unavailable, Throttled])
def test_what_cannot_be_looked_at_for_now_is_looked_at_again(trouble):
    (answer, error), clock = run([trouble('later')] * 7 + [{'finished': True, 'error': False}], seconds=600)
    assert error is None and answer['finished'] and len(clock.naps) == 7
    wait = Wait('get', done={'state': ['off']}, limit=2, subject='it')
    (answer, error), clock = run([{'state': 'on'}, trouble('later'), {'state': 'off'}], wait, seconds=600)
    assert error is None, 'a limit that passes unseen is none'


@pytest.mark.parametrize('trouble', [Unavailable, Throttled])
def test_what_cannot_be_looked_at_till_the_end_tells_the_job_and_why(trouble):
    (answer, error), clock = run([{'finished': False, 'status': 'NEW'}, trouble('the service is down')], seconds=30)
    assert isinstance(error, WaitTimeout) and (error.job, error.code) == (7, 'NEW') and clock.time == 30
    assert 'the service is down' in str(error) and answer == {'finished': False, 'status': 'NEW'}


def test_another_error_ends_a_wait_and_tells_the_job():
    refused = Auth('not yours')
    found = settle({'a': JOB, 'b': JOB}, lambda pending: dict.fromkeys(pending, refused), Deadline(60, FakeClock()))
    for _dummy, error in found.values():
        assert isinstance(error, Auth) and error.job == 7
        assert error.message == 'not yours (while waiting for the order to become finished True, job 7)'
