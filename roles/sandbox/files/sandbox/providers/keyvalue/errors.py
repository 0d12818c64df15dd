# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a request is refused, before it is spelled in either cloud's way."""

from __future__ import annotations

# The classes of ElasticHosts' error header with their HTTP status; CloudSigma's table has the same statuses.
STATUS = {'usage': 400, 'auth': 401, 'billing': 402, 'missing': 404, 'command': 404, 'method': 405, 'busy': 409,
          'throttle': 429, 'failed': 500, 'system': 500, 'full': 507}


class Refusal(Exception):
    """`kind` is a class of STATUS; `errors` maps each point at fault (a field, or 'system') to a message;
    `thing` is the object that CloudSigma echoes with its errors, where it does."""

    def __init__(self, kind, message='', point='system', errors=None, thing=None, status=None, headers=None):
        super().__init__(message)
        self.kind = kind
        self.errors = errors or {point: message}
        self.message = message or '; '.join(self.errors.values())
        self.thing = thing
        self.status = status
        self.headers = headers or {}


def invalid(point, message):
    """A field that has a wrong value."""
    return Refusal('usage', message, point)


def missing(what, identity):
    return Refusal('missing', '%s %s could not be found. Please re-validate your entry.' % (what, identity))
