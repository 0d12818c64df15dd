# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wanted and current state in, plan out. Pure: no requests, no clock, nothing of Ansible.

A thing's state is a flat dict of neutral fields; what only one provider has stands under '<provider>.<name>'.
"""

from __future__ import annotations

import copy
import dataclasses
import typing


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
                change.after[name] = field.merged(field.normalised(value), None)
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
        new = field.merged(field.normalised(value), current, name in exact)
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
