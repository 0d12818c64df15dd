# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's zones."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from . import wire
from .client import UpCloudClient


class UpCloudZone(Catalogue):
    """A private zone belongs to one customer, and to a public zone as its parent."""

    provider = 'upcloud'
    client = UpCloudClient
    in_list = ('id', 'name', 'description', 'type', 'access', 'parent', 'raw')

    def all(self, work, filters=None):
        return work.client.call('GET /zone')

    def project(self, raw):
        # Older answers leave out whether it is public, as all zones were then.
        public = wire.truth(raw.get('public')) is not False
        return {'id': raw['id'], 'name': raw['id'], 'description': raw.get('description'), 'type': 'location',
                'access': 'public' if public else 'private', 'parent': raw.get('parent_zone')}
