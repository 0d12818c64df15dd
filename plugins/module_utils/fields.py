# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a resource: as options, in comparison, in what is returned. Pure."""

from __future__ import annotations

import dataclasses
import math
import re
import typing


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a resource, as an option, in comparison and in what is returned.

    :param type: of the option, in the words of an argument spec; `elements` and `options` likewise.
    :param compare: 'equal', 'list', 'set', 'subset', 'dict', or a function (wanted, current) -> bool.
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

    def normalised(self, value):
        """The value in the form in which it is compared."""
        return self.normal(value) if self.normal and value is not None else value

    def same(self, wanted, current, exact=False):
        """Whether the current value is what is wanted. `exact`: a subset comparison wants no other key either."""
        if not isinstance(wanted, (list, dict)) and wanted in self.any_value and current is not None:
            return True
        wanted, current = self.normalised(wanted), self.normalised(current)
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
