# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contents of drives, sparse: only chunks that hold something but zeros are kept, in one temporary file.

Chunks are never changed in place, so that a clone shares them with its source.
"""

from __future__ import annotations

import tempfile
import zlib

CHUNK = 64 * 1024
ZEROS = bytes(CHUNK)


class Store:
    """Numbered slots of one chunk each, counted by those who use them."""

    def __init__(self):
        self._file = None
        self._uses: list[int] = []
        self._free: list[int] = []

    def put(self, data):
        """Keep a whole chunk; returns its slot."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix='sandbox-drives-')
        if self._free:
            slot = self._free.pop()
            self._uses[slot] = 1
        else:
            slot = len(self._uses)
            self._uses.append(1)
        self._file.seek(slot * CHUNK)
        self._file.write(data)
        return slot

    def get(self, slot):
        self._file.seek(slot * CHUNK)
        return self._file.read(CHUNK)

    def hold(self, slot):
        self._uses[slot] += 1

    def drop(self, slot):
        self._uses[slot] -= 1
        if not self._uses[slot]:
            self._free.append(slot)


class Contents:
    """What is on one drive; whoever uses it sees to the drive's size."""

    def __init__(self, store):
        self._store = store
        self._slots: dict[int, int] = {}

    def write(self, offset, data):
        position = 0
        while position < len(data):
            number, start = divmod(offset + position, CHUNK)
            piece = data[position:position + CHUNK - start]
            if len(piece) < CHUNK:
                whole = self._chunk(number)
                piece = whole[:start] + piece + whole[start + len(piece):]
            self._replace(number, piece)
            position += CHUNK - start

    def read(self, offset, length):
        first, start = divmod(offset, CHUNK)
        last = (offset + length + CHUNK - 1) // CHUNK
        return b''.join(self._chunk(number) for number in range(first, last))[start:start + length]

    def clear(self):
        for slot in self._slots.values():
            self._store.drop(slot)
        self._slots = {}

    def cut(self, length):
        """Forget what lies beyond that length."""
        for number in [number for number in self._slots if number * CHUNK >= length]:
            self._store.drop(self._slots.pop(number))
        rest = length % CHUNK
        if rest and length // CHUNK in self._slots:
            self._replace(length // CHUNK, self._chunk(length // CHUNK)[:rest] + ZEROS[rest:])

    def used(self):
        """How many bytes are really kept."""
        return len(self._slots) * CHUNK

    def extent(self):
        """Where the last kept chunk ends."""
        return (max(self._slots) + 1) * CHUNK if self._slots else 0

    def copy_from(self, other):
        """Become a copy of another one, which shares its chunks."""
        slots = dict(other._slots)
        for slot in slots.values():
            self._store.hold(slot)
        self.clear()
        self._slots = slots

    def convert_from(self, other, conversion, limit):
        """Become what `gunzip` or `gzip` makes of the other; ValueError if that is impossible within the limit."""
        self.clear()
        # A drive that was never written to stands for a compressed image of zeros.
        if not other._slots:
            return
        gunzip = conversion == 'gunzip'
        machine = zlib.decompressobj(zlib.MAX_WBITS | 16) if gunzip else zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        turn = machine.decompress if gunzip else machine.compress
        position = 0
        try:
            for number in range(other.extent() // CHUNK):
                position = self._append(position, turn(other._chunk(number)), limit)
                if gunzip and machine.eof:
                    break
            position = self._append(position, machine.flush(), limit)
        except zlib.error as exc:
            raise ValueError('not in gzip format') from exc
        if gunzip and not machine.eof:
            raise ValueError('the gzip data ends early')

    def _append(self, position, data, limit):
        if position + len(data) > limit:
            raise ValueError('it does not fit')
        self.write(position, data)
        return position + len(data)

    def _chunk(self, number):
        slot = self._slots.get(number)
        return ZEROS if slot is None else self._store.get(slot)

    def _replace(self, number, data):
        if number in self._slots:
            self._store.drop(self._slots.pop(number))
        if data != ZEROS:
            self._slots[number] = self._store.put(data)
