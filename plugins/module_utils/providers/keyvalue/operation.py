# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of the KEY VALUE APIs: what the text of their answers is, beside what every operation says."""

from __future__ import annotations

import dataclasses
import re

from ...errors import BadInput
from ...operation import READ, WRITE, Operation

# Keys of a server's configuration beyond the named ones: devices, their media, and network interfaces.
DEVICE = r'(?:ide:[01]:[01]|scsi:0:[0-7]|ata:0:[0-5]|block:[0-7])'
NIC = r'nic:[0-3]:(?:model|dhcp|vlan|mac)'
SERVER_KEYS = r'%s(?::media)?|%s' % (DEVICE, NIC)


@dataclasses.dataclass(frozen=True)
class TextOperation(Operation):
    """An operation whose body and answer are text.

    :param shape: of the answer: 'one' object, 'many' objects, 'words' or 'lines' of a list, 'bytes', or 'done' (an
        object or nothing at all).
    :param holds: keys that every object of the answer has; one without them is no success.
    :param also: a pattern of the keys that it takes beyond the named ones.
    """

    shape: str = 'one'
    holds: tuple = ()
    also: str = ''

    def check(self, values, provider):
        unknown = [name for name in values if name not in self.parameters and not re.fullmatch(self.also, name)]
        if unknown:
            raise BadInput('unknown parameter %s (it takes: %s%s)' % (
                ', '.join(map(str, unknown)), ', '.join(sorted(self.parameters)) or 'none',
                self.also and ', and keys that match ' + self.also), provider=provider, operation=self.name)
        super().check({name: value for name, value in values.items() if name in self.parameters}, provider)


def read(name, shape='one', holds=(), doc='', takes=''):
    """An operation that only reads."""
    # The first key that an object holds is its id.
    about = ('uuid', holds[0]) if holds and '{uuid}' in name else ()
    return TextOperation(name=name, kind=READ, takes=takes, shape=shape, holds=holds, doc=doc, about=about)


def write(name, takes='', shape='one', holds=(), doc='', **more):
    """An operation that may change something."""
    return TextOperation(name=name, kind=WRITE, takes=takes, shape=shape, holds=holds, doc=doc, **more)


SERVER = ('server', 'status')
DRIVE = ('drive', 'status')
