# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations by HTTP method and path: those that the table has are found in it, the others are made up."""

from __future__ import annotations

import re
import urllib.parse

from .errors import BadInput
from .operation import READ, WRITE

# Nothing that a server could read as another path than the one that is looked up here.
TEMPLATE = re.compile(r'(/(\{\w+\}|[A-Za-z0-9_~:@+,=-][A-Za-z0-9._~:@+,=-]*))+')


def by_path(client, method, path, values, kind=None):
    """(operation, its parameters) of a method and path template.

    :param values: parameters; those that the template names stand in the path.
    :param kind: READ or WRITE, as the user says of what the table does not have.
    :raises BadInput: for a path that is none, a method that the provider lacks, or a kind that is wrong or missing.
    """
    provider = client.provider
    if method not in client.methods:
        raise BadInput('%s; %s' % (
            'method must be one of %s with %s, not %s' % (', '.join(client.methods), provider, method)
            if client.methods else 'method and path are not used with %s' % provider,
            'operation names what is in the table'), provider=provider)
    if not TEMPLATE.fullmatch(path):
        raise BadInput('path must be a path such as /server/{uuid}, without a slash at its end; what is not letters or '
                       'digits goes into parameters, and a query into query; not %r' % path, provider=provider)
    rest = dict(values)

    def filled(match):
        name = match.group(1)
        value = str(values[name]) if values.get(name) is not None else ''
        if value in ('', '.', '..'):
            raise BadInput('parameters must hold %s, which path names' % name if not value else
                           '%s must not be %r' % (name, value), provider=provider)
        rest.pop(name, None)
        return urllib.parse.quote(value, safe='')

    path = re.sub(r'\{(\w+)\}', filled, path)
    found = [(operation, match) for operation in client.operations.values() if operation.method == method
             for match in [_pattern(operation.path).fullmatch(path)] if match]
    if found:
        # That with the fewest placeholders: /storage/template is no UUID.
        operation, match = min(found, key=lambda pair: len(pair[1].groupdict()))
        if kind and kind != operation.kind:
            raise BadInput('%s only %ss; leave kind out' % (operation.name, operation.kind), provider=provider,
                           operation=operation.name)
        rest.update((name, urllib.parse.unquote(value)) for name, value in match.groupdict().items() if value)
        return operation, rest
    name = '%s %s' % (method, path)
    if kind is None and method == 'GET' and method not in client.reading:
        raise BadInput('%s is not among the operations that are known, and some of %s that are asked with GET write: '
                       'say kind: read or kind: write' % (name, provider), provider=provider, operation=name)
    return client.unlisted(name, kind or (READ if method in client.reading else WRITE), rest), rest


def _pattern(template):
    """A regular expression for paths of a template such as /drives/{uuid}/write[/{offset}]."""
    parts = re.split(r'(\{\w+\}|\[|\])', template)
    return re.compile(''.join(
        '(?P<%s>[^/]+)' % part[1:-1] if part.startswith('{') else {'[': '(?:', ']': ')?'}.get(part) or re.escape(part)
        for part in parts))
