# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: one deadline for a run, and one loop that waits for anything."""

from __future__ import annotations

import copy
import random
import time

from .errors import JobFailed, Throttled, Unavailable, WaitTimeout

# How to go on after a wait that took too long.
ONWARD = 'run the same task again to go on waiting'


class Clock:
    """Time as the waiter sees it; a test puts its own in place."""

    now = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)
    jitter = staticmethod(random.random)


class Deadline:
    """The moment by which the whole run must be over.

    :param seconds: from now; one deadline serves every request, retry and wait of a run.
    """

    def __init__(self, seconds, clock=None):
        self.clock = clock or Clock()
        self.seconds = seconds
        self.begun = self.clock.now()

    def elapsed(self):
        """Seconds since the start."""
        return self.clock.now() - self.begun

    def left(self):
        """Seconds left; never below zero."""
        return max(0.0, self.seconds - self.elapsed())

    def nap(self, seconds):
        """Sleep, but not past the deadline. False if nothing of it is left then, so that no request could be sent."""
        left = self.left()
        if left > 0:
            self.clock.sleep(min(seconds, left))
        return self.left() > 0


def backoff(attempt, first, cap, clock):
    """Seconds before the given retry (0 is the first): doubling, capped, with up to a quarter of jitter."""
    return min(cap, first * 2 ** min(attempt, 16)) * (1 + 0.25 * clock.jitter())


def settle(waits, poll, deadline, first=1.0, cap=15.0, report=lambda text: None, then=lambda key, answer, error: None):
    """Wait until every one of `waits` is over; the one loop behind all waiting.

    :param waits: {key: Wait}, see steps.Wait.
    :param poll: function of {key: Wait} that returns {key: answer, or None where the thing is gone}.
    :param deadline: a Deadline; the loop polls at least once, whatever is left of it.
    :param then: function of a key that is over, its answer and its error; returns another Wait to go on with, or None.
    :returns: {key: (answer, None) or (None or answer, error)}: an error of a key does not stop the others. That it
        cannot be looked at for now is none before the deadline, since what is waited for goes on.
    """
    pending, results, attempt, shown = dict(waits), {}, 0, dict.fromkeys(waits, 0)
    last, began, unseen = dict.fromkeys(waits, {}), dict.fromkeys(waits, deadline.elapsed()), {}

    def over(key, answer, error):
        nonlocal attempt
        following = then(key, answer, error)
        if following is None:
            results[key] = (answer, error)
            del pending[key]
        else:
            pending[key], shown[key], last[key], began[key], attempt = following, 0, {}, deadline.elapsed(), 0

    while True:
        answers = poll(pending)
        for key, wait in list(pending.items()):
            answer, spent = answers[key], deadline.elapsed() - began[key]
            unseen.pop(key, None)
            if isinstance(answer, (Throttled, Unavailable)):
                unseen[key] = answer
                report('%s cannot be looked at: %s' % (wait.subject, answer))
                continue
            if isinstance(answer, Exception):
                over(key, None, _cut(wait, answer))
                continue
            last[key] = answer
            verdict = wait.verdict(answer)
            shown[key] = shown[key] + 1 if verdict else 0
            if verdict and shown[key] < wait.steady:
                verdict = None
            if verdict is not None:
                over(key, answer, None if verdict else _failed(wait, answer))
            elif wait.limit is not None and spent >= wait.limit:
                over(key, answer, _timed_out(wait, answer, spent, 'its own limit'))
        if not pending:
            return results
        report('; '.join('%s is %s' % (wait.subject, wait.status(last[key])) for key, wait in pending.items()))
        # The end, once seen, is looked at again soon.
        nap = min([backoff(0 if any(shown[key] for key in pending) else attempt, first, cap, deadline.clock)] + [
            max(0.0, wait.limit - deadline.elapsed() + began[key]) for key, wait in pending.items()
            if wait.limit is not None and key not in unseen])
        # A look after the deadline would only tell that it has passed, not what the thing's status is.
        if not deadline.nap(nap) or deadline.left() <= 0:
            for key, wait in pending.items():
                results[key] = (last[key], _timed_out(wait, last[key], deadline.elapsed(), 'wait_timeout',
                                                      unseen.get(key)))
            return results
        attempt += 1


def _failed(wait, answer):
    return JobFailed('%s ended in %s%s' % (wait.subject, wait.status(answer), wait.advice(answer)),
                     operation=wait.operation, code=wait.status(answer), job=wait.job)


def _cut(wait, error):
    """The error that ended the wait, of this wait's own: several may share what went wrong."""
    error = copy.copy(error)
    error.job, error.wait = error.job or wait.job, wait
    error.message += ' (while waiting for %s to become %s%s)' % (
        wait.subject, wait.goal(), ', job %s' % wait.job if wait.job else '')
    return error


def _timed_out(wait, answer, waited, what, unseen=None):
    error = WaitTimeout(
        'waited %d seconds (%s) for %s to become %s; it is still %s%s%s. It goes on at the provider: %s%s'
        % (waited, what, wait.subject, wait.goal(), wait.status(answer) or 'in a state not looked at',
           ' (job %s)' % wait.job if wait.job else '', wait.advice(answer), wait.onward or ONWARD,
           '. At last it could not be looked at: %s' % unseen if unseen else ''),
        operation=wait.operation, code=wait.status(answer), job=wait.job)
    error.waited, error.wait = waited, wait
    return error
