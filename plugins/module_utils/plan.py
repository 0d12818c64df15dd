# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wanted and current state in, plan out. Pure: no requests, no clock, nothing of Ansible.

A thing's state is a flat dict of neutral fields; what only one provider has stands under '<provider>.<name>'.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import re
import typing

from .errors import Malformed

UPDATES = ('yes', 'no', 'stop', 'try')
COMPARES = ('equal', 'list', 'set', 'subset', 'dict')


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a resource, as an option, in comparison and in what is returned.

    :param type: of the option, in the words of an argument spec; `elements` and `options` likewise.
    :param compare: one of COMPARES, or a function (wanted, current) -> bool.
    :param update: 'yes', 'no' (create-only), 'stop' (needs the server stopped), 'try' (stopped only if refused hot).
    :param readable: False where the API never shows it; it is then used on creation and not compared.
    :param normal: function applied to both sides before they are compared.
    :param any_value: wanted values that any current value satisfies, such as 'auto'.
    :param minimum, maximum, pattern, choices: limits of the value; of the length for pattern's strings.
    :param hint: what the limit means, or what to use instead, for messages.
    :param option: False for a field that is only returned; `output` False for one that is only an option.
    :param leave: it only gives leave, or tunes what may happen; where nothing asks for it it is of no use and no error.
    :param secret: never shown; such a field is no output.
    """

    type: str = 'str'
    elements: typing.Optional[str] = None
    options: typing.Optional[dict] = None
    choices: typing.Optional[tuple] = None
    default: typing.Any = None
    compare: typing.Any = 'equal'
    update: str = 'yes'
    readable: bool = True
    normal: typing.Any = None
    any_value: tuple = ()
    minimum: typing.Optional[float] = None
    maximum: typing.Optional[float] = None
    pattern: typing.Optional[str] = None
    allow_empty: bool = False
    hint: str = ''
    option: bool = True
    output: bool = True
    secret: bool = False
    required: bool = False
    leave: bool = False
    aliases: tuple = ()

    def refusal(self, name, value):
        """Why a value cannot be, or None. It names the option, the value's limit, and never a secret's value."""
        if value is None:
            return None
        shown = 'the value' if self.secret else repr(value)
        hint = ' (%s)' % self.hint if self.hint else ''
        if isinstance(value, str) and not value.strip() and not self.allow_empty:
            return '%s must not be empty%s' % (name, hint)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if not math.isfinite(value):
                return '%s must be a number, not %s%s' % (name, shown, hint)
            if self.minimum is not None and not value >= self.minimum:
                return '%s must be at least %s, not %s%s' % (name, self.minimum, shown, hint)
            if self.maximum is not None and not value <= self.maximum:
                return '%s must be at most %s, not %s%s' % (name, self.maximum, shown, hint)
        if self.choices and value not in self.choices and not isinstance(value, (list, dict)):
            return '%s must be one of %s, not %s%s' % (name, ', '.join(map(str, self.choices)), shown, hint)
        if self.pattern and isinstance(value, str) and not re.fullmatch(self.pattern, value):
            return '%s must match %s, which %s does not%s' % (name, self.pattern, shown, hint)
        if isinstance(value, list):
            if self.maximum is not None and len(value) > self.maximum:
                return '%s takes at most %s, not %s%s' % (name, self.maximum, len(value), hint)
            for index, item in enumerate(value):
                if isinstance(item, str):
                    told = dataclasses.replace(self, maximum=None).refusal('%s[%d]' % (name, index), item)
                else:
                    told = self._within('%s[%d]' % (name, index), item)
                if told:
                    return told
        return self._within(name, value) if isinstance(value, dict) else None

    def _within(self, name, value):
        for key, sub in (self.options or {}).items():
            if isinstance(value, dict):
                told = sub.refusal('%s.%s' % (name, key), value.get(key))
                if told:
                    return told
        return None

    def same(self, wanted, current, exact=False):
        """Whether the current value is what is wanted. `exact`: a subset comparison wants no other key either."""
        if not isinstance(wanted, (list, dict)) and wanted in self.any_value and current is not None:
            return True
        if self.normal:
            wanted = self.normal(wanted)
            current = None if current is None else self.normal(current)
        if callable(self.compare):
            return self.compare(wanted, current)
        if self.compare == 'set':
            return _as_set(wanted) == _as_set(current or [])
        if self.compare == 'subset':
            return self.merged(wanted, current, exact) == (current or {})
        if self.compare in ('list', 'dict') and current is None:
            return not wanted
        return wanted == current

    def merged(self, wanted, current, exact=False):
        """The value afterwards. In a subset comparison keys that begin with '_' are the provider's and stay."""
        if self.compare != 'subset':
            return wanted
        kept = {key: value for key, value in (current or {}).items() if not exact or key.startswith('_')}
        kept.update((key, value) for key, value in wanted.items() if not key.startswith('_'))
        return kept


def _as_set(values):
    if all(isinstance(value, (str, int)) for value in values):
        return sorted(set(values), key=str)
    return sorted(map(repr, values))


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
    fallback: typing.Optional[tuple] = None
    otherwise: tuple = ()
    lookup: typing.Optional[Lookup] = None
    claims: tuple = ()
    unless: typing.Optional[tuple] = None
    batch: str = ''
    journal: bool = False
    known: tuple = ()
    owed: bool = False
    secret: bool = False
    writes: bool = True
    transfer: typing.Any = None

    def shown(self):
        """The step as a result shows it."""
        return {'operation': self.operation, 'summary': self.summary, 'destructive': self.destructive,
                'cost': self.cost}


@dataclasses.dataclass
class Change:
    """What reconcile found: the way from before to after, field by field."""

    before: typing.Optional[dict]
    after: typing.Optional[dict]
    # {field: (old, new)}; on creation every wanted field, with None as old
    fields: dict = dataclasses.field(default_factory=dict)
    notes: list = dataclasses.field(default_factory=list)
    refused: list = dataclasses.field(default_factory=list)
    # Ids of steps that an interrupted run did.
    begun: tuple = ()

    @property
    def creates(self):
        return self.before is None and self.after is not None

    @property
    def deletes(self):
        return self.before is not None and self.after is None

    def new(self, name, default=None):
        """The new value of a field that changes."""
        return self.fields[name][1] if name in self.fields else default


def reconcile(fields, before, wanted, exact=()):
    """Compare, field by field.

    :param fields: {name: Field} of all that the provider honours.
    :param before: the current state, None where there is none.
    :param wanted: {name: value}; None means: not said.
    :param exact: names of subset fields that shall have no other keys.
    """
    said = {name: value for name, value in wanted.items() if value is not None}
    change = Change(before, copy.deepcopy(before) if before is not None else {})
    for name, value in said.items():
        field = fields[name]
        if before is None:
            change.fields[name] = (None, value)
            if field.output:
                change.after[name] = field.merged(field.normal(value) if field.normal else value, None)
            continue
        if not field.readable:
            change.notes.append('%s cannot be read back; it is used when the thing is created and not compared' % name)
            continue
        current = before.get(name)
        if field.same(value, current, name in exact):
            continue
        if field.update == 'no':
            shown = ('', '') if field.secret else (' from %r' % (current,), ' to %r' % (value,))
            change.refused.append('%s cannot be changed%s%s once it is there%s'
                                  % (name, shown[0], shown[1], ': ' + field.hint if field.hint else ''))
            continue
        new = field.merged(field.normal(value) if field.normal else value, current, name in exact)
        change.fields[name] = (current, new)
        if field.output:
            change.after[name] = new
    return change


@dataclasses.dataclass
class Plan:
    """What a run will do; the result's `changed`, `diff`, `steps` and predicted state are views of it.

    :param unknown: fields of `after` that only the API can give.
    """

    before: typing.Optional[dict]
    after: typing.Optional[dict]
    steps: list = dataclasses.field(default_factory=list)
    unknown: tuple = ()
    notes: list = dataclasses.field(default_factory=list)

    @property
    def changed(self):
        return any(step.writes for step in self.steps)

    def diff(self):
        """Before and after of what is known, for Ansible's diff. Secret fields are no output, so never in it."""
        leave = set(self.unknown) | {'raw'}

        def side(state, within=''):
            return {key: side(value, key + '.') if key == 'provider_options' else value
                    for key, value in (state or {}).items() if within + key not in leave}
        return {'before': side(self.before), 'after': side(self.after)}
