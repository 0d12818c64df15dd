# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routers between private networks."""

from __future__ import annotations

import ipaddress

from . import checks
from .errors import Refused

MAX_ROUTES = 100


def view(cloud, router):
    """A router as the API shows it."""
    networks = [{'uuid': network['uuid']} for network in cloud.networks.values()
                if network['router'] == router['uuid']]
    return {'uuid': router['uuid'], 'name': router['name'], 'type': router['type'], 'labels': router['labels'],
            'static_routes': router['static_routes'], 'attached_networks': {'network': networks},
            'attached_network_gateways': []}


def _static_routes(value):
    """The static routes of a request, checked."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused('INVALID_ROUTE')
    if len(value) > MAX_ROUTES:
        raise Refused('STATIC_ROUTE_LIMIT_REACHED')
    found = []
    for item in value:
        checks.known(item, ('name', 'route', 'nexthop', 'type'))
        try:
            target = ipaddress.ip_network(item.get('route'))
        except ValueError:
            raise Refused('STATIC_ROUTE_TARGET_INVALID', '%r is not a route.' % (item.get('route'),)) from None
        nexthop = item.get('nexthop')
        if nexthop != 'no-nexthop':
            nexthop = checks.address(nexthop, 'NEXTHOP_INVALID')
            if ipaddress.ip_address(nexthop).version != target.version:
                raise Refused('INVALID_ROUTE_FAMILY')
        if any(str(target) == other['route'] and nexthop == other['nexthop'] for other in found):
            raise Refused('DUPLICATE_ROUTE')
        found.append({'name': checks.text(item.get('name', 'static-route-%d' % len(found)), 'NAME_INVALID'),
                      'route': str(target), 'nexthop': nexthop, 'type': item.get('type', 'user')})
    return found


def list_routers(cloud, call):
    """GET /router."""
    matches = checks.label_filter(call)
    return {'routers': {'router': [view(cloud, router) for router in cloud.routers.values() if matches(router)]}}


def show(cloud, call, uuid):
    """GET /router/{uuid}."""
    return {'router': view(cloud, cloud.find(cloud.routers, uuid, 'ROUTER'))}


def create(cloud, call):
    """POST /router."""
    block = cloud.body(call, 'router')
    checks.known(block, ('name', 'labels', 'static_routes'))
    if 'name' not in block:
        raise Refused('ROUTER_NAME_MISSING')
    router = {'uuid': cloud.uuid('04'), 'name': checks.text(block['name'], 'NAME_INVALID', 1), 'type': 'normal',
              'labels': checks.labels(block.get('labels', [])),
              'static_routes': _static_routes(block.get('static_routes', []))}
    cloud.require(routers=1)
    cloud.routers[router['uuid']] = router
    return 201, {'router': view(cloud, router)}


def modify(cloud, call, uuid):
    """PATCH /router/{uuid}."""
    router = cloud.find(cloud.routers, uuid, 'ROUTER')
    block = cloud.body(call, 'router')
    checks.known(block, ('name', 'labels', 'static_routes'))
    changed = {}
    if 'name' in block:
        changed['name'] = checks.text(block['name'], 'NAME_INVALID', 1)
    if 'labels' in block:
        changed['labels'] = checks.labels(block['labels'], router['labels'])
    if 'static_routes' in block:
        changed['static_routes'] = _static_routes(block['static_routes'])
    router.update(changed)
    return {'router': view(cloud, router)}


def delete(cloud, call, uuid):
    """DELETE /router/{uuid}."""
    router = cloud.find(cloud.routers, uuid, 'ROUTER')
    if any(network['router'] == router['uuid'] for network in cloud.networks.values()):
        raise Refused('ROUTER_ATTACHED', 'Networks are attached to the router.')
    del cloud.routers[router['uuid']]
