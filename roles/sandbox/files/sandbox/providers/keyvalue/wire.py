# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats on the wire: KEY VALUE lines, and the same flat objects as JSON."""

from __future__ import annotations

import json
import re

UNITS = {'': 1, 'k': 1024, 'm': 1024 ** 2, 'g': 1024 ** 3, 't': 1024 ** 4}
SIZE = re.compile(r'(\d{1,20})([kmgtKMGT]?)')

# What JSON answers carry as numbers; counters of input and output are strings there, as clients have recorded them.
NUMBERS = {'cpu', 'mem', 'size', 'rawsize', 'smp', 'smp:cores', 'started', 'rx', 'tx', 'rx:packets'}
# What JSON answers carry as a list once there is more than one value.
LISTS = {'boot', 'nic:0:dhcp:ip'}


class Listing:
    """The answer of a `list` call: bare lines in text, objects in JSON."""

    def __init__(self, lines, objects=None):
        self.lines = list(lines)
        self.objects = [{'uuid': line} for line in self.lines] if objects is None else objects


def decode(text):
    """{key: value} of one object. A line without a space is a key with an empty value."""
    found = {}
    for line in text.replace('\r\n', '\n').split('\n'):
        if line.strip():
            key, dummy, value = line.partition(' ')
            found[key] = value.replace('\\n', '\n')
    return found


def decode_json(text):
    """The same from a JSON object: null unsets, lists are joined, all else becomes the text it would be on a line."""
    data = json.loads(text) if text.strip() else {}
    if not isinstance(data, dict):
        raise ValueError('a JSON object is expected')
    return {key: _plain(key, value) for key, value in data.items()}


def _plain(key, value):
    if value is None:
        return ''
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (list, tuple)):
        return ' '.join(_plain(key, item) for item in value)
    if isinstance(value, dict):
        raise ValueError('%s: a plain value is expected' % key)
    return str(value)


def encode(answer):
    """Text of an object, a list of objects (an empty line between two), or a listing."""
    if isinstance(answer, Listing):
        return ''.join(line + '\n' for line in answer.lines)
    things = [answer] if isinstance(answer, dict) else answer
    return '\n'.join(''.join('%s %s\n' % (key, str(value).replace('\n', '\\n')) for key, value in thing.items())
                     for thing in things)


def encode_json(answer):
    """The same as JSON."""
    if isinstance(answer, Listing):
        return json.dumps(answer.objects)
    if isinstance(answer, dict):
        return json.dumps(_typed(answer))
    return json.dumps([_typed(thing) for thing in answer])


def _typed(thing):
    typed = {}
    for key, value in thing.items():
        value = str(value)
        if key in NUMBERS and whole(value):
            typed[key] = int(value)
        elif key in LISTS and ' ' in value:
            typed[key] = value.split(' ')
        else:
            typed[key] = value
    return typed


def whole(text):
    """Whether a text is a whole number, and none of thousands of digits."""
    return text.isdecimal() and len(text) <= 20


def size(text):
    """Bytes of `10G` or `4096`; None where it is no size."""
    match = SIZE.fullmatch(text.strip())
    return int(match.group(1)) * UNITS[match.group(2).lower()] if match else None
