# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's plans, and the sizes of servers without one."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from . import wire
from .client import UpCloudClient

# What a server without a plan has as its plan.
CUSTOM = 'custom'
SHOWN = ('gpu_amount', 'gpu_model')


class UpCloudPlan(Catalogue):
    """Prices and sizes are lists of their own, which are read once for all plans, and only as details."""

    provider = 'upcloud'
    client = UpCloudClient
    in_list = ('id', 'name', 'type', 'cpu_cores', 'memory_mb', 'size_gb', 'tier', 'transfer_gb', 'provider_options',
               'raw')
    in_details = ('prices', 'sizes')

    def all(self, work, filters=None):
        return work.client.call('GET /plan') + [{'name': CUSTOM}]

    def one(self, work, ident):
        raw = super().one(work, ident)
        return raw and self.detailed(work, [raw])[0]

    def detailed(self, work, raws):
        needed = [('GET /price', {})] if any(raw['name'] != CUSTOM for raw in raws) else []
        needed += [('GET /server_size', {})] if any(raw['name'] == CUSTOM for raw in raws) else []
        answers = dict(zip([name for name, _values in needed], work.client.together(*needed)))
        prices = answers.get('GET /price') or {}
        return [dict(raw, sizes=answers['GET /server_size']) if raw['name'] == CUSTOM else
                dict(raw, prices=_prices(prices, raw['name'])) for raw in raws]

    def project(self, raw):
        own = {name: raw.get(name) for name in SHOWN}
        own['current_offering'] = wire.truth(raw.get('current_offering'))
        sizes = raw.get('sizes')
        return {'id': raw['name'], 'name': raw['name'], 'type': raw.get('family'),
                'cpu_cores': wire.number(raw.get('core_number')), 'memory_mb': wire.number(raw.get('memory_amount')),
                # 0 is none.
                'size_gb': wire.number(raw.get('storage_size')) or None, 'tier': raw.get('storage_tier'),
                'transfer_gb': wire.number(raw.get('public_traffic_out')), 'prices': raw.get('prices'),
                'sizes': None if sizes is None else [
                    {'cpu_cores': wire.number(size.get('core_number')),
                     'memory_mb': wire.number(size.get('memory_amount'))} for size in sizes],
                'provider_options': own}


def _prices(prices, plan):
    """What a plan costs in each zone that has a price for it."""
    key = 'server_plan_' + plan
    return [{'zone': zone.get('name'), 'currency': prices.get('currency'), 'hourly': zone[key].get('price')}
            for zone in prices.get('zone') or () if isinstance(zone.get(key), dict)]
