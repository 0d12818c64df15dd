# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's network zones, which the document names, and the data zones of what can be ordered."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from .catalogue import NETWORK_ZONES
from .client import MemsetClient


class MemsetZone(Catalogue):
    """A network zone is where a server stands; a data zone is the cloud that it belongs to."""

    provider = 'memset'
    client = MemsetClient
    in_list = ('id', 'name', 'description', 'type', 'access', 'raw')

    def all(self, work, filters=None):
        data = {zone for product in work.client.call('create.available') for zone in product.get('data_zones') or ()}
        return [{'name': name, 'type': 'location', 'description': where} for name, where in NETWORK_ZONES.items()] + [
            {'name': name, 'type': 'data', 'description': None} for name in sorted(data)]

    def project(self, raw):
        return {'id': raw['name'], 'name': raw['name'], 'description': raw['description'], 'type': raw['type'],
                'access': 'public' if raw['type'] == 'location' else None}
