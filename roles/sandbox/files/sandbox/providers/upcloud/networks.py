# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks: the public and utility ones of each zone, and the customer's private ones."""

from __future__ import annotations

import functools
import ipaddress

from . import catalogue, checks
from .errors import Refused

FIELDS = ('name', 'zone', 'router', 'labels', 'ip_networks')
IP_NETWORK_FIELDS = ('family', 'address', 'dhcp', 'gateway', 'dhcp_default_route', 'dhcp_dns', 'dhcp_routes',
                     'dhcp_bootfile_url', 'dhcp_routes_configuration')
IMMUTABLE = ('zone', 'type')


def public_networks():
    """Three networks for each zone. The addresses belong to ranges that are never used on the internet."""
    found = {}
    public = list(ipaddress.ip_network('198.18.0.0/15').subnets(new_prefix=19))
    for number, zone in enumerate(catalogue.ZONE_IDS):
        for kind, family, subnet in (('public', 'IPv4', public[number]),
                                     ('utility', 'IPv4', ipaddress.ip_network('10.%d.0.0/16' % (number + 1))),
                                     ('public', 'IPv6', ipaddress.ip_network('2001:db8:%x::/64' % (number + 1)))):
            uuid = '03000000-0000-4000-8%03x-000000000000' % (len(found) + 1)
            found[uuid] = {
                'uuid': uuid, 'name': '%s %s network %s' % (kind.capitalize(), family, zone), 'type': kind,
                'zone': zone, 'router': None, 'labels': [], 'next': 1,
                'ip_networks': [{'address': str(subnet), 'dhcp': 'yes', 'dhcp_default_route': 'yes',
                                 'dhcp_dns': ['198.18.0.53', '198.18.1.53'], 'family': family,
                                 'gateway': str(subnet.network_address + 1)}]}
    return found


@functools.lru_cache(maxsize=1024)
def _parsed(text):
    return ipaddress.ip_network(text, strict=False)


def subnet(network):
    """The addresses of a network."""
    return _parsed(network['ip_networks'][0]['address'])


def common_network(cloud, zone, kind, family):
    """The public or utility network of a zone, or None."""
    return next((network for network in cloud.networks.values()
                 if network['zone'] == zone and network['type'] == kind
                 and network['ip_networks'][0]['family'] == family), None)


def attached(cloud, network):
    """The servers with an interface in a network."""
    return [server for server in cloud.servers.values()
            if any(interface['network'] == network['uuid'] for interface in server['interfaces'])]


def in_use(cloud, network, taken):
    """The addresses in use in a network. `taken` keeps them for the length of a request, with those it takes."""
    uuid = network['uuid']
    if uuid not in taken:
        taken[uuid] = set() if network['type'] != 'private' else {
            item['address'] for server in cloud.servers.values() for interface in server['interfaces']
            if interface['network'] == uuid for item in interface['ips']}
    return taken[uuid]


def free_address(cloud, network, taken):
    """The next free address of a network, which is taken by that."""
    addresses, used = subnet(network), in_use(cloud, network, taken)
    known = cloud.addresses if network['type'] != 'private' else ()
    gateway = network['ip_networks'][0].get('gateway')
    # The last address of an IPv4 network is for broadcasts.
    size = min(addresses.num_addresses - (addresses.version == 4), 1 << 16)
    for _attempt in range(size):
        network['next'] = network['next'] % (size - 1) + 1
        text = str(addresses[network['next']])
        if text not in used and text not in known and text != gateway:
            used.add(text)
            return text
    raise Refused('IP_ADDRESS_RESOURCES_UNAVAILABLE')


def view(cloud, network, servers=True):
    """A network as the API shows it."""
    found = {key: network[key] for key in ('uuid', 'name', 'type', 'zone', 'labels')}
    found['ip_networks'] = {'ip_network': network['ip_networks']}
    if network['router']:
        found['router'] = network['router']
    if servers and network['type'] == 'private':
        members = attached(cloud, network)
        if members:
            found['servers'] = {'server': [{'uuid': server['uuid'], 'title': server['title']} for server in members]}
    return found


def _ip_network(blocks, current=None):
    """The one IP network of a request, checked."""
    blocks = checks.listed(blocks, 'ip_network', 'IP_NETWORKS_INVALID')
    if len(blocks) != 1 or not isinstance(blocks[0], dict):
        raise Refused('IP_NETWORKS_INVALID', 'Exactly one IP network is wanted.')
    block = blocks[0]
    checks.known(block, IP_NETWORK_FIELDS)
    found = dict(current or {})
    for name in ('address', 'family') + (() if current else ('dhcp',)):
        if name not in block and name not in found:
            raise Refused('%s_MISSING' % name.upper())
    family = checks.one_of(block.get('family', found.get('family')), ('IPv4', 'IPv6'), 'FAMILY_INVALID')
    given = block.get('address', found.get('address'))
    if current and (given != current['address'] or family != current['family']):
        raise Refused('ADDRESS_INVALID', 'The address of a network cannot be changed.')
    try:
        addresses = ipaddress.ip_network(given, strict=False)
    except ValueError:
        raise Refused('ADDRESS_INVALID', '%r is not a network in CIDR form.' % (given,)) from None
    if addresses.version != (6 if family == 'IPv6' else 4):
        raise Refused('ADDRESS_INVALID', 'The address is not of family %s.' % family)
    if addresses.version == 4 and not (8 <= addresses.prefixlen <= 29 and addresses.is_private):
        raise Refused('ADDRESS_INVALID', 'A private network of prefix 8 to 29 is wanted.')
    found.update(block, family=family, address=given)
    found['dhcp'] = checks.yes_no(found['dhcp'], 'DHCP_INVALID')
    found['dhcp_default_route'] = checks.yes_no(found.get('dhcp_default_route', 'no'), 'DHCP_DEFAULT_ROUTE_INVALID')
    found['gateway'] = checks.address(found.get('gateway') or str(addresses.network_address + 1), 'GATEWAY_INVALID',
                                      family)
    if ipaddress.ip_address(found['gateway']) not in addresses:
        raise Refused('GATEWAY_INVALID', 'The gateway is outside of the network.')
    dns = found.get('dhcp_dns') or []
    if not isinstance(dns, list):
        raise Refused('DHCP_DNS_INVALID')
    found['dhcp_dns'] = [checks.address(item, 'DHCP_DNS_INVALID') for item in dns]
    for route in found.get('dhcp_routes') or ():
        _check_route(route, addresses.version)
    return found


def _check_route(route, version):
    """A network of that family, perhaps with the address of the next hop, of that family too."""
    try:
        network, mark, hop = route.partition('-nexthop=')
        versions = {ipaddress.ip_network(network, strict=False).version}
        versions.update([ipaddress.ip_address(hop).version] if mark else [])
    except (AttributeError, ValueError):
        raise Refused('DHCP_ROUTES_INVALID', '%r is not a route.' % (route,)) from None
    if versions != {version}:
        raise Refused('DHCP_ROUTES_INVALID', '%r is of another family than the network.' % route)


def _router(cloud, value):
    return cloud.find(cloud.routers, value, 'ROUTER')['uuid'] if value else None


def list_networks(cloud, call):
    """GET /network."""
    zone, matches = call.parameter('zone'), checks.label_filter(call)
    if zone and zone not in catalogue.ZONE_IDS:
        raise Refused('ZONE_NOT_FOUND')
    return {'networks': {'network': [view(cloud, network) for network in cloud.networks.values()
                                     if zone in (None, network['zone']) and matches(network)]}}


def show(cloud, call, uuid):
    """GET /network/{uuid}."""
    return {'network': view(cloud, cloud.find(cloud.networks, uuid, 'NETWORK'))}


def create(cloud, call):
    """POST /network."""
    block = cloud.body(call, 'network')
    checks.known(block, FIELDS + ('type',))
    if 'name' not in block:
        raise Refused('NETWORK_NAME_MISSING')
    zone = zone_of(block)
    if 'ip_networks' not in block:
        raise Refused('IP_NETWORKS_MISSING')
    network = {'uuid': cloud.uuid('03'), 'name': checks.text(block['name'], 'NETWORK_NAME_INVALID', 1),
               'type': checks.one_of(block.get('type', 'private'), ('private',), 'NETWORK_TYPE_INVALID'),
               'zone': zone, 'router': _router(cloud, block.get('router')),
               'labels': checks.labels(block.get('labels', [])), 'next': 1,
               'ip_networks': [_ip_network(block['ip_networks'])]}
    cloud.require(networks=1)
    cloud.networks[network['uuid']] = network
    return 201, {'network': view(cloud, network)}


def zone_of(block):
    """The zone that a request names."""
    if 'zone' not in block:
        raise Refused('ZONE_MISSING')
    zone = block['zone']
    if not isinstance(zone, str) or not zone:
        raise Refused('ZONE_INVALID')
    if zone not in catalogue.ZONE_IDS:
        raise Refused('ZONE_NOT_FOUND', 'There is no zone %s.' % zone)
    return zone


def modify(cloud, call, uuid):
    """PUT /network/{uuid}."""
    network = cloud.find(cloud.networks, uuid, 'NETWORK')
    if network['type'] != 'private':
        raise Refused('NETWORK_FORBIDDEN', 'Public and utility networks cannot be changed.')
    block = cloud.body(call, 'network')
    checks.known(block, [name for name in FIELDS if name not in IMMUTABLE])
    changed = {}
    if 'name' in block:
        changed['name'] = checks.text(block['name'], 'NETWORK_NAME_INVALID', 1)
    if 'router' in block:
        changed['router'] = _router(cloud, block['router'])
    if 'labels' in block:
        changed['labels'] = checks.labels(block['labels'], network['labels'])
    if 'ip_networks' in block:
        changed['ip_networks'] = [_ip_network(block['ip_networks'], network['ip_networks'][0])]
    network.update(changed)
    return {'network': view(cloud, network, servers=False)}


def delete(cloud, call, uuid):
    """DELETE /network/{uuid}."""
    network = cloud.find(cloud.networks, uuid, 'NETWORK')
    if network['type'] != 'private':
        raise Refused('NETWORK_FORBIDDEN', 'Public and utility networks cannot be deleted.')
    if attached(cloud, network):
        raise Refused('NETWORK_NOT_EMPTY', 'Servers are attached to the network.')
    del cloud.networks[network['uuid']]
