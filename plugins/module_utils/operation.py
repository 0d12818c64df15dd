# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations as data: what each call of an API is named, takes, does and may be repeated."""

from __future__ import annotations

import dataclasses
import re
import typing

from .errors import BadInput
from .steps import NULL

READ, WRITE = 'read', 'write'
# `word` is what stands in a path: playbooks write positions and sizes as numbers.
TYPES = {'str': (str,), 'word': (str, int), 'int': (int,), 'float': (int, float), 'bool': (bool,),
         'list': (list, tuple), 'dict': (dict,), 'any': (object,)}


def parameters(text):
    """{name: (type, required)} of a line such as 'name! ttl:int records:list'; the type is str unless said."""
    found = {}
    for word in text.split():
        match = re.fullmatch(r'([^!]+?)(?::(%s))?(!?)' % '|'.join(TYPES), word)
        if not match:
            raise ValueError('not a parameter: %s' % word)
        found[match.group(1)] = (match.group(2) or 'str', bool(match.group(3)))
    return found


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation of an API.

    :param name: as the provider's document names it: 'server.list', or 'GET /server/{uuid}'.
    :param kind: READ or WRITE.
    :param takes: its parameters, see parameters(); a name of the path is always required.
    :param repeat: a repeat is harmless, so it may be retried after a lost answer. Reads always may.
    :param starts: 'job' (the answer is or holds one), 'maybe_job' (only if something changed), 'state', or ''.
    :param reads_if: {parameter: value} with which a write is but a read, such as an order with dry_run.
    :param already: provider's error codes that mean that it is so already.
    :param envelope: the key that the body is wrapped in; `answer` the keys, dotted, that the answer is unwrapped from.
        Under them stands an object, or a list where '[]' is behind them. '{}' and '[]' alone: the whole is one.
    :param about: (a parameter, a key of the answer) that must be the same: it is about the thing that was asked for.
    :param query: parameters of a write that go to the query; those of a read all do.
    :param open: takes parameters beyond those named (key/value configurations with numbered keys).
    :param body: 'text' or 'bytes' for what is neither JSON nor key/value.
    :param words: all that the answer can be, where it is one word.
    :param fills: the parameter that names the drive whose contents it writes.
    :param elsewhere: the option that has the address of another service, which this one asks without credentials.
    :param doc: the place in the document.
    """

    name: str
    kind: str = READ
    takes: str = ''
    repeat: bool = False
    starts: str = ''
    reads_if: typing.Optional[dict] = None
    already: tuple = ()
    envelope: str = ''
    answer: str = ''
    about: tuple = ()
    query: tuple = ()
    open: bool = False
    body: str = ''
    words: tuple = ()
    fills: str = ''
    elsewhere: str = ''
    doc: str = ''

    @property
    def parameters(self):
        found = dict.fromkeys(self.placeholders, ('word', True))
        found.update(parameters(self.takes))
        return found

    @property
    def method(self):
        return self.name.partition(' ')[0]

    @property
    def path(self):
        return self.name.partition(' ')[2]

    @property
    def placeholders(self):
        return re.findall(r'{(\w+)}', self.path)

    @property
    def lists(self):
        """Whether the answer is, or holds, a list of all."""
        return self.answer.endswith('[]')

    def reads(self, values):
        """Whether this call, with these parameters, only reads."""
        return self.kind == READ or bool(self.reads_if) and all(
            values.get(key) is wanted for key, wanted in self.reads_if.items())

    def check(self, values, provider):
        """Refuse unknown, missing and mistyped parameters before anything is sent.

        :raises BadInput: naming them and what the operation takes.
        """
        known = self.parameters
        wrong = [] if self.open else ['unknown parameter %s' % name for name in values if name not in known]
        wrong += ['missing parameter %s' % name for name, (kind, required) in known.items()
                  if required and values.get(name) is None]
        # Without a name the request would go to the collection of all things, or above it.
        wrong += ['parameter %s is part of the path and cannot be %r' % (name, values[name])
                  for name in self.placeholders if values.get(name) in ('', '.', '..')]
        for name, value in values.items():
            kind = known.get(name, ('any', False))[0]
            mistaken = isinstance(value, bool) and kind in ('word', 'int', 'float')
            if value not in (None, NULL) and (mistaken or not isinstance(value, TYPES[kind])):
                wrong.append('parameter %s must be of type %s, not %s' % (name, kind, type(value).__name__))
        if wrong:
            raise BadInput('%s (it takes: %s)' % ('; '.join(wrong), ', '.join(sorted(known)) or 'none'),
                           provider=provider, operation=self.name)


def table(*operations):
    """{name: Operation}; ValueError where a name occurs twice."""
    found = {}
    for operation in operations:
        if operation.name in found:
            raise ValueError('twice in the table: %s' % operation.name)
        found[operation.name] = operation
    return found
