# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of parameters: each reads what came over the wire, or raises ValueError with a message.

Values may be typed (JSON, XML-RPC) or text (query and form fields); text is read as a web form would read it.
"""

from __future__ import annotations

import datetime
import ipaddress
import re


class Parameter:
    """Base: `optional` ones may be left out; null counts as left out, and so does empty text of all but Strings."""

    def __init__(self, optional=False):
        self.optional = optional

    def read(self, value):
        raise NotImplementedError  # pragma: no cover - abstract

    def absent(self, value):
        return value is None or value == ''


class String(Parameter):
    """Text, at most and at least so many characters, of a pattern, or one of the choices."""

    def __init__(self, max=None, min=None, pattern=None, choices=None, blank=False, wrong='Enter a valid value.',
                 optional=False):
        super().__init__(optional)
        self.max, self.min, self.choices, self.blank, self.wrong = max, min, choices, blank, wrong
        self.pattern = re.compile(pattern) if pattern else None

    def absent(self, value):
        return value is None or (value == '' and not self.blank)

    def read(self, value):
        if isinstance(value, (dict, list)):
            raise ValueError('Enter a string.')
        text = value if isinstance(value, str) else str(value)
        if self.max is not None and len(text) > self.max:
            raise ValueError('Ensure this value has at most %d characters (it has %d).' % (self.max, len(text)))
        if self.min is not None and len(text) < self.min:
            raise ValueError('Ensure this value has at least %d characters (it has %d).' % (self.min, len(text)))
        if self.choices is not None and text not in self.choices:
            raise ValueError('Select a valid choice. %s is not one of the available choices.' % text)
        if self.pattern and not self.pattern.fullmatch(text):
            raise ValueError(self.wrong)
        return text


class Integer(Parameter):
    """A whole number within limits or of the choices."""

    def __init__(self, min=None, max=None, choices=None, optional=False):
        super().__init__(optional)
        self.min, self.max, self.choices = min, max, choices

    def read(self, value):
        if isinstance(value, bool) or not re.fullmatch(r'\s*[-+]?\d+(\.0*)?\s*', str(value)):
            raise ValueError('Enter a whole number.')
        number = int(float(value)) if '.' in str(value) else int(value)
        if self.choices is not None and number not in self.choices:
            raise ValueError('Select a valid choice. %d is not one of the available choices.' % number)
        if self.min is not None and number < self.min:
            raise ValueError('Ensure this value is greater than or equal to %d.' % self.min)
        if self.max is not None and number > self.max:
            raise ValueError('Ensure this value is less than or equal to %d.' % self.max)
        return number


class Float(Parameter):
    def read(self, value):
        try:
            return float(value)
        except (TypeError, ValueError):
            raise ValueError('Enter a number.') from None


class Boolean(Parameter):
    """A form's text 0 and False are false, and all other text is true."""

    FALSE = ('0', 'false', 'False')

    def read(self, value):
        if isinstance(value, (dict, list)):
            raise ValueError('Enter a boolean.')
        return value not in self.FALSE if isinstance(value, str) else bool(value)


class DryRun(Boolean):
    """Of an order: only 0 is false, because a form's text False has been read as true there."""

    FALSE = ('0',)


class Date(Parameter):
    def read(self, value):
        if isinstance(value, datetime.datetime):
            return value
        for form in ('%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d'):
            try:
                return datetime.datetime.strptime(str(value), form)
            except ValueError:
                continue
        raise ValueError('Enter a valid date/time.')


class List(Parameter):
    """A list; query and form fields cannot carry one."""

    def absent(self, value):
        return value is None

    def read(self, value):
        if not isinstance(value, (list, tuple)):
            raise ValueError('Enter a list.')
        return list(value)


class Strings(List):
    """A list of strings."""

    def read(self, value):
        found = super().read(value)
        if not all(isinstance(item, str) for item in found):
            raise ValueError('Enter a list of strings.')
        return found


class StringOrList(List):
    """One string or a list of them; read as a list."""

    def read(self, value):
        return [value] if isinstance(value, str) else Strings().read(value)


class Dictionary(Parameter):
    def absent(self, value):
        return value is None

    def read(self, value):
        if not isinstance(value, dict):
            raise ValueError('Enter a dictionary.')
        return value


def Name(optional=False):
    """The name of a service."""
    return String(max=64, pattern=r'[A-Za-z0-9._-]+', optional=optional,
                  wrong='Service names are 1-64 characters A-Z, a-z, 0-9, -, . and _.')


def Id(optional=False):
    """Of a zone, a record, a job or an API key."""
    return String(pattern=r'[0-9a-f]{32}', wrong='Enter 32 hex digits.', optional=optional)


def Choice(*choices, optional=False):
    return String(choices=choices, optional=optional)


def Email(optional=False, max=None):
    return String(max=max, pattern=r'[^@\s]+@[^@\s]+\.[^@\s.]+', wrong='Enter a valid email address.',
                  optional=optional)


def HostName(optional=False, max=250):
    label = r'[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
    return String(max=max, pattern=r'%s(\.%s)*\.?' % (label, label), wrong='Enter a valid host name.',
                  optional=optional)


def is_address(text, version=None):
    """Whether the text is an IP address (of that version)."""
    try:
        return version in (None, ipaddress.ip_address(text).version)
    except ValueError:
        return False
