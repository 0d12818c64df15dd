# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of UpCloud: credits and limits, and with its details who it is."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from . import wire
from .client import UpCloudClient

DETAILS = 'GET /account/details/{username}'


class UpCloudAccount(Catalogue):
    """The id is the user name."""

    provider = 'upcloud'
    client = UpCloudClient
    in_list = ('id', 'name', 'balance', 'limits', 'provider_options', 'raw')
    in_details = ('type', 'email', 'currency', 'permissions')

    def all(self, work, filters=None):
        return [work.client.call('GET /account')]

    def one(self, work, ident):
        raw = super().one(work, ident)
        return raw and self.detailed(work, [raw])[0]

    def detailed(self, work, raws):
        return [dict(raw, details=work.client.call(DETAILS, username=raw['username'])) for raw in raws]

    def project(self, raw):
        details = raw.get('details') or {}
        return {'id': raw['username'], 'name': raw['username'], 'balance': raw.get('credits'),
                'limits': raw.get('resource_limits') or {}, 'type': details.get('type'),
                'email': details.get('email'), 'currency': details.get('currency'),
                'permissions': {'roles': wire.listed(details['roles'], 'role')} if 'roles' in details else None,
                'provider_options': {'trial_mode': bool(wire.truth(raw.get('trial_mode')))}}
