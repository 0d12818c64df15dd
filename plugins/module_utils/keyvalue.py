# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The KEY VALUE text format of CloudSigma 1.0 and ElasticHosts (elastichosts-cloudsigma-facts, A2 and B2)."""

from __future__ import annotations

import re

from .errors import BadInput, Malformed

# What a key is made of; an HTML page is no list of keys.
KEY = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_:.*/-]*')


def encode(values):
    """One 'key value' line each, in the order given; a newline in a value is written as two characters.

    :raises BadInput: for a key that could not be read back.
    """
    lines = []
    for key, value in values.items():
        if not KEY.fullmatch(key):
            raise BadInput('not a key of the KEY VALUE format: %r' % key)
        if isinstance(value, bool):
            value = 'true' if value else 'false'
        elif isinstance(value, (list, tuple)):
            value = ' '.join(str(item) for item in value)
        lines.append('%s %s' % (key, str(value).replace('\r\n', '\n').replace('\n', '\\n')))
    return ''.join(line + '\n' for line in lines)


def decode(text):
    """A list of {key: value} objects, which empty lines part; an empty text is an empty list.

    :raises Malformed: for a line that is not KEY VALUE.
    """
    objects, current = [], {}
    for line in text.replace('\r\n', '\n').split('\n'):
        if not line.strip():
            if current:
                objects.append(current)
            current = {}
            continue
        key, space, value = line.partition(' ')
        if not space or not KEY.fullmatch(key):
            raise Malformed('a line of the answer is not KEY VALUE: %r' % line[:80])
        current[key] = value.replace('\\n', '\n')
    if current:
        objects.append(current)
    return objects


def words(text):
    """The identifiers of a list answer: the last word of each line ('vlan UUID' and 'UUID' both occur)."""
    return [line.split()[-1] for line in text.splitlines() if line.strip()]
