# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan, as data: requests that refer to each other's answers, waits, and lookups. Pure."""

from __future__ import annotations

import dataclasses
import typing

from .errors import Malformed


class Null:
    """See NULL."""

    def __repr__(self):
        return 'NULL'


# Stands in parameters for a null that has to be sent, such as to take a value away. None is left out.
NULL = Null()


@dataclasses.dataclass(frozen=True)
class Ref:
    """Stands in a step's parameters for what the answer of an earlier step holds: `path` is a tuple of keys."""

    step: str
    path: tuple = ()


def resolve(value, answers):
    """The value with each Ref replaced from `answers` ({step id: answer}); a Ref to a step not yet run stays."""
    if isinstance(value, (Wait, Lookup)):
        return dataclasses.replace(value, **resolve(vars(value), answers))
    if isinstance(value, Ref):
        if value.step not in answers:
            return value
        found = answers[value.step]
        try:
            for key in value.path:
                found = found[key]
        except (KeyError, IndexError, TypeError) as exc:
            raise Malformed('the answer of the step %s has no %s'
                            % (value.step, '.'.join(map(str, value.path)))) from exc
        return found
    if isinstance(value, dict):
        return {key: resolve(item, answers) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolve(item, answers) for item in value]
    return value


@dataclasses.dataclass(frozen=True)
class Wait:
    """What to poll and how to know the end, as data, so that it can be kept in a handle.

    :param operation: of the table, a read; with its parameters.
    :param done: {field: values}: over when every field has one of its values (None: the field is not there).
    :param failed: {field: values}: failed when any field has one of its values; looked at first.
    :param over: {field: values}: nothing is said of success or failure before all of these hold, as for a job that
        says that it ended, and apart from that whether in error.
    :param gone: over when the thing is no longer there; with `done` also when that is fulfilled.
    :param shows: the field that is told as the status.
    :param hint: what to do when it fails or takes too long; `hints` the same for a single status.
    :param limit: seconds that it may take, below the deadline.
    :param tells: the field that says why it failed.
    :param steady: how many looks in a row must show the end, where one may mislead.
    :param onward: how to go on when it takes too long, where that is not to run the same task again.
    """

    operation: str
    parameters: dict = dataclasses.field(default_factory=dict)
    done: dict = dataclasses.field(default_factory=dict)
    failed: dict = dataclasses.field(default_factory=dict)
    over: dict = dataclasses.field(default_factory=dict)
    gone: bool = False
    shows: str = 'state'
    subject: str = ''
    job: typing.Any = None
    hint: str = ''
    hints: dict = dataclasses.field(default_factory=dict)
    limit: typing.Optional[float] = None
    tells: str = ''
    steady: int = 1
    onward: str = ''

    def packed(self):
        """What a handle carries of it."""
        return {name: value for name, value in vars(self).items() if value not in (None, '', {}, False)}

    def verdict(self, answer):
        """True: over; False: failed; None: not yet."""
        if answer is None:
            return self.gone
        answer = self._fields(answer)
        if any(answer.get(key) not in values for key, values in self.over.items()):
            return None
        if any(answer.get(key) in values for key, values in self.failed.items()):
            return False
        if self.gone and not self.done:
            return None
        return True if all(answer.get(key) in values for key, values in self.done.items()) else None

    def status(self, answer):
        return 'gone' if answer is None else self._fields(answer).get(self.shows)

    def _fields(self, answer):
        """Some operations answer nothing but the status."""
        return answer if isinstance(answer, dict) else {self.shows: answer}

    def goal(self):
        """The end in words."""
        if self.gone and not self.done:
            return 'gone'
        done = ' and '.join('%s %s' % (key, ' or '.join(map(str, values)))
                            for key, values in {**self.over, **self.done}.items())
        return 'gone or ' + done if self.gone else done

    def advice(self, answer):
        """Why it is so, where that is told, and what to do in the status that it is in."""
        why = (answer or {}).get(self.tells) if self.tells else None
        advice = self.hints.get(self.status(answer)) or self.hint
        return ''.join('; %s' % part for part in (why, advice) if part)


@dataclasses.dataclass(frozen=True)
class Lookup:
    """How to find out whether a write whose answer was lost took effect: list, and look for the one new match.

    :param match: {field: value} that the new thing has.
    :param known: values of `key` that were there before.
    """

    operation: str
    match: dict
    known: tuple = ()
    key: str = 'uuid'
    parameters: dict = dataclasses.field(default_factory=dict)

    def pick(self, items):
        """The new matching things among items."""
        return [item for item in items if item.get(self.key) not in self.known
                and all(item.get(name) == value for name, value in self.match.items())]


@dataclasses.dataclass(frozen=True)
class Step:
    """One request of a plan, as data.

    :param operation: of the provider's table; `parameters` may hold Refs to the answers of earlier steps.
    :param summary: what it does, in words for the user; never holds a secret.
    :param id: by which later steps refer to its answer.
    :param wait: what to wait for before the next step.
    :param always_after: the id of a step; once that was done this one is run even if one between them failed.
    :param already: error codes that may mean that it is so already: then what the wait is for is over, which is looked
        at. The same codes in the operation's table mean that in any case.
    :param fallback: (error codes, steps): what to do instead when it is refused with one of those codes; no steps
        where it is not worth failing for.
    :param otherwise: steps to do instead when the wait's own limit has passed, such as a power cut.
    :param lookup: how to find out after a lost answer; without one the run fails closed.
    :param claims: (key, glob) where the API does not say what an earlier step made: this one reads, and its answer is
        the one new thing that the lookup picks. If it cannot be told, or its key does not match, nothing follows.
    :param unless: (a value, mostly a Ref; values): left out when the value is one of those by then.
    :param batch: steps in a row with the same word go in one request where the API can; none may need another's answer.
    :param journal: written to the journal before it is sent and after it is answered; `known` are ids that are
        written with it, beside those of the lookup.
    :param note: a key of the journal, which has an entry from before the step is sent, unless it is refused. It tells
        the next run that something is left half done, until that is put right.
    :param owed: once a step of the plan may have taken effect this one must follow, in this run or the next:
        the journal has an entry from before the first step until this one is over.
    :param secret: its parameters hold a secret, so that a handle cannot carry it.
    :param writes: False for what only reads, such as a quote.
    :param transfer: of contents, see transfer: run(work, operation, parameters) makes the calls and gives the answer.
        No handle can carry it.
    """

    operation: str
    parameters: dict = dataclasses.field(default_factory=dict)
    summary: str = ''
    id: str = ''
    destructive: bool = False
    cost: typing.Any = None
    wait: typing.Optional[Wait] = None
    always_after: str = ''
    already: tuple = ()
    fallback: typing.Optional[tuple] = None
    otherwise: tuple = ()
    lookup: typing.Optional[Lookup] = None
    claims: tuple = ()
    unless: typing.Optional[tuple] = None
    batch: str = ''
    journal: bool = False
    known: tuple = ()
    note: tuple = ()
    owed: bool = False
    secret: bool = False
    writes: bool = True
    transfer: typing.Any = None

    def shown(self):
        """The step as a result shows it."""
        return {'operation': self.operation, 'summary': self.summary, 'destructive': self.destructive,
                'cost': self.cost}
