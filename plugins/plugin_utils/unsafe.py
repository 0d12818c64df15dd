# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of an API is data: it must never be run as a template, on any core, and still be listed as plain text.

Up to core 2.18 every string is a template unless it is marked as unsafe. Since 2.19 none is unless it is marked as
trusted, and `ansible-inventory --list` shows what is not trusted as `__ansible_unsafe`. So text that cannot be a
template is left as it is on the former and trusted on the latter; all other text is the reverse.
"""

from __future__ import annotations

from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template
except ImportError:
    trust_as_template = None


def inert(text):
    """Whether no core can take the text for a template. A header may set other delimiters than braces."""
    return '{' not in text and '}' not in text and not text.startswith('#jinja2:')


def untrusted(value):
    """The value with all its text marked as data, at any depth, keys too."""
    return _marked(value, _guarded if trust_as_template is None else _trusted_if_inert)


def _trusted_if_inert(text):
    return trust_as_template(text) if inert(text) else text


def _guarded(text):
    return text if inert(text) else wrap_var(text)


def _marked(value, mark):
    if isinstance(value, str):
        return mark(value)
    if isinstance(value, (list, tuple)):
        return [_marked(item, mark) for item in value]
    if isinstance(value, dict):
        return {_marked(key, mark): _marked(item, _beneath(key, mark)) for key, item in value.items()}
    return value


def _beneath(key, mark):
    """How text under a key is marked: core 2.18 tells by the values alone whether the text of a dict is unsafe."""
    return wrap_var if trust_as_template is None and isinstance(key, str) and not inert(key) else mark
