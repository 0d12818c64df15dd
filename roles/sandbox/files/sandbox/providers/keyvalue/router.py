# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the path of a request to the operation that serves it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass
class Route:
    """One operation. `either` is whether it may be asked for with GET and with POST alike."""

    operation: str
    handler: str
    write: bool
    either: bool

    def __post_init__(self):
        self.method, path = self.operation.split(' ', 1)
        self.literal = '{' not in path
        # '[/{offset}]' is a part that may be left out.
        pattern = re.sub(r'\[(.*?)\]', r'(?:\1)?', path)
        self.pattern = re.compile(re.sub(r'\{(\w+)\}', r'(?P<\1>[^/]+)', pattern))

    def takes(self, method):
        return method == self.method or (self.either and method in ('GET', 'POST'))


class Routes:
    """A table of routes; paths without placeholders win over those with."""

    def __init__(self, routes):
        self._literal = {route.operation.split(' ', 1)[1]: route for route in routes if route.literal}
        self._patterns = [route for route in routes if not route.literal]

    def find(self, path):
        """(route, [what stands for each placeholder, less those left out]), or (None, [])."""
        if path in self._literal:
            return self._literal[path], []
        for route in self._patterns:
            match = route.pattern.fullmatch(path)
            if match:
                return route, [value for value in match.groups() if value is not None]
        return None, []
