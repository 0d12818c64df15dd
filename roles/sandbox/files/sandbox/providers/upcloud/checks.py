# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what a request gives. Each refuses with the code that the API has for that attribute."""

from __future__ import annotations

import datetime
import ipaddress
import re

from .errors import Refused

UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
HOSTNAME = re.compile(r'(?=.{1,128}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?')
LABEL_KEY = re.compile(r'[ -^`-~][ -~]{0,31}')  # printable ASCII, and no leading _
SIMPLE_BACKUP = re.compile(r'([01]\d|2[0-3])[0-5]\d,(daily|dailies|weeklies|monthlies)')
PASSWORD = re.compile(r'[A-Za-z0-9]{8}')
MAX_LABELS = 255
YES, NO = ('yes', 'true', '1'), ('no', 'false', '0')


def number(value, code, low=None, high=None):
    """An integer, given as a number or as digits."""
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not re.fullmatch(r'\d{1,12}', str(value)):
        raise Refused(code, '%r is not a number.' % (value,))
    found = int(value)
    if (low is not None and found < low) or (high is not None and found > high):
        raise Refused(code, '%d is out of range (%s to %s).' % (found, low, high))
    return found


def one_of(value, allowed, code):
    """One of the given words."""
    if value not in allowed:
        raise Refused(code, '%r is not one of: %s.' % (value, ', '.join(str(item) for item in allowed)))
    return value


def yes_no(value, code):
    """'yes' or 'no'; clients also send booleans and digits."""
    text = str(value).lower()
    if text in YES:
        return 'yes'
    if text in NO:
        return 'no'
    raise Refused(code, '%r is neither yes nor no.' % (value,))


def text(value, code, low=0, high=255):
    """A string of a permitted length."""
    if not isinstance(value, str) or not low <= len(value) <= high:
        raise Refused(code, 'A string of %d to %d characters is wanted.' % (low, high))
    return value


def matching(value, pattern, code, message=None):
    """A string that a pattern describes whole."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused(code, message or '%r is not valid.' % (value,))
    return value


def identifier(value, code):
    """A UUID."""
    return matching(value, UUID, code, '%r is not a UUID.' % (value,))


def known(block, allowed):
    """Refuse attributes that the operation doesn't have."""
    for name in block:
        if name not in allowed:
            raise Refused('UNKNOWN_ATTRIBUTE', 'Unknown attribute: %s.' % name)


def listed(block, inner, code):
    """The list inside {inner: [...]}; a bare list, and a single object in place of a list, are taken too."""
    if isinstance(block, dict):
        block = block.get(inner)
    if isinstance(block, dict):
        block = [block]
    if not isinstance(block, list):
        raise Refused(code, 'A list of %s is wanted.' % inner)
    return block


def labels(block, current=()):
    """The labels as given, after the system's own (leading _) of `current`, which can't be changed."""
    if isinstance(block, dict):
        block = block.get('label')
    if not isinstance(block, list) or not all(isinstance(item, dict) for item in block):
        raise Refused('INVALID_LABEL_KEY', 'Labels are a list of objects with key and value.')
    system = [item for item in current if item['key'].startswith('_')]
    found = []
    for item in block:
        if item in system:
            continue
        key, value = item.get('key'), item.get('value', '')
        matching(key, LABEL_KEY, 'INVALID_LABEL_KEY')
        text(value, 'INVALID_LABEL_VALUE')
        found.append({'key': key, 'value': value})
    if len({item['key'] for item in found}) < len(found):
        raise Refused('DUPLICATE_LABEL_KEYS')
    if len(found) > MAX_LABELS:
        raise Refused('LABEL_LIMIT_REACHED')
    return system + found


def label_filter(call):
    """A test of a thing's labels against the request's label parameters."""
    wanted = []
    for name, value in call.query:
        if name == 'label':
            key, equals, content = value.partition('=')
            wanted.append((key.lower(), content if equals else None))

    def matches(thing):
        return all(any(item['key'].lower() == key and content in (None, item['value']) for item in thing['labels'])
                   for key, content in wanted)
    return matches


def address(value, code, family=None):
    """An address in the form in which the sandbox keeps it; a padded IPv6 address is the same as a short one."""
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        raise Refused(code, '%r is not an IP address.' % (value,)) from None
    if family and found.version != (6 if family == 'IPv6' else 4):
        raise Refused(code, '%s is not of family %s.' % (value, family))
    return str(found)


def moment(value):
    """Seconds since the epoch of a time as in RFC 3339."""
    return datetime.datetime.fromisoformat(value.replace('Z', '+00:00')).timestamp()
