# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of CloudSigma: profile, balance and present use."""

from __future__ import annotations

from ...errors import ApiError
from ...resources.catalogue import Catalogue
from .client import CloudSigmaClient

PARTS = {'profile': 'GET /profile/info', 'balance': 'GET /balance/info', 'usage': 'GET /usage/info'}


class CloudSigmaAccount(Catalogue):
    """The id is the user's UUID."""

    provider = 'cloudsigma'
    client = CloudSigmaClient
    in_list = ('id', 'name', 'type', 'email', 'currency', 'balance', 'usage', 'raw')

    def all(self, work, filters=None):
        answers = work.client.call_many([(name, {}) for name in PARTS.values()])
        for answer in answers:
            if isinstance(answer, ApiError):
                raise answer
        return [dict(zip(PARTS, answers))]

    def project(self, raw):
        profile, balance = raw['profile'], raw['balance'] or {}
        names = [profile.get(key) for key in ('first_name', 'last_name')]
        return {'id': profile['uuid'], 'name': ' '.join(filter(None, names)) or None, 'type': profile.get('type'),
                'email': profile.get('email'), 'currency': balance.get('currency') or profile.get('currency'),
                'balance': _figure(balance.get('balance')),
                'usage': {key: _figure(value) for key, value in (raw['usage'] or {}).items()}}


def _figure(text):
    """A number of the text format; None where there is none."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
