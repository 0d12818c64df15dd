# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be ordered at Memset. It tells no prices; an order with dry_run does, as a server's check mode shows."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from .client import MemsetClient


class MemsetPlan(Catalogue):
    """The id is the sku."""

    provider = 'memset'
    client = MemsetClient
    in_list = ('id', 'name', 'description', 'type', 'memory_mb', 'size_gb', 'provider_options', 'raw')

    def all(self, work, filters=None):
        return work.client.call('create.available')

    def project(self, raw):
        defaults = raw.get('default_params') or {}
        return {'id': raw['sku'], 'name': raw['sku'], 'description': raw.get('description'), 'type': raw.get('type'),
                'memory_mb': defaults.get('ram_mb'), 'size_gb': defaults.get('disk_gb'),
                'provider_options': {'data_zones': raw.get('data_zones') or []}}
