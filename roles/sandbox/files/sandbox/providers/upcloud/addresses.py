# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IP addresses of the account: public, utility and floating."""

from __future__ import annotations

from . import catalogue, checks, interfaces, networks
from .errors import Refused


def view(item):
    """An address as the API shows it; what it hasn't is left out."""
    found = {key: item[key] for key in ('access', 'address', 'family', 'floating', 'part_of_plan', 'ptr_record',
                                        'zone')}
    for key in ('mac', 'server', 'release_policy'):
        if item.get(key):
            found[key] = item[key]
    return found


def _find(cloud, text):
    """The address record of a path."""
    address = checks.address(text, 'IP_ADDRESS_INVALID')
    if address in cloud.foreign:
        raise Refused('IP_ADDRESS_FORBIDDEN')
    if address not in cloud.addresses:
        raise Refused('IP_ADDRESS_NOT_FOUND', 'The account has no address %s.' % address)
    return cloud.addresses[address]


def _private(cloud):
    """The addresses in private networks."""
    return (item for server in cloud.servers.values() for interface in server['interfaces']
            if interface['type'] == 'private' for item in interface['ips'])


def list_addresses(cloud, call):
    """GET /ip_address."""
    found = [view(item) for item in cloud.addresses.values()]
    if cloud.settings['list_private_addresses']:
        found += [view(item) for item in _private(cloud)]
    return {'ip_addresses': {'ip_address': found}}


def show(cloud, call, address):
    """GET /ip_address/{ip_address}."""
    return {'ip_address': view(_find(cloud, address))}


def _by_mac(cloud, mac):
    """Server and interface with that hardware address."""
    if not isinstance(mac, str):
        raise Refused('MAC_INVALID')
    for server in cloud.servers.values():
        for interface in server['interfaces']:
            if interface['mac'] == mac.lower():
                if interface['type'] != 'public':
                    raise Refused('MAC_INVALID', 'A floating address needs a public interface.')
                if cloud.settings['floating_needs_stop'] and server['state'] != 'stopped':
                    raise Refused('SERVER_STATE_ILLEGAL')
                return server, interface
    raise Refused('MAC_INVALID', 'No interface has the address %s.' % mac)


def create(cloud, call):
    """POST /ip_address."""
    block = cloud.body(call, 'ip_address')
    checks.known(block, ('server', 'family', 'access', 'floating', 'mac', 'zone', 'release_policy', 'ptr_record'))
    family = checks.one_of(block.get('family', 'IPv4'), ('IPv4', 'IPv6'), 'FAMILY_INVALID')
    if checks.yes_no(block.get('floating', 'no'), 'FLOATING_INVALID') == 'yes':
        return 201, {'ip_address': view(_create_floating(cloud, block, family))}
    if 'server' not in block:
        raise Refused('SERVER_MISSING')
    server = cloud.find(cloud.servers, block['server'], 'SERVER')
    kind = checks.one_of(block.get('access', 'public'), ('public', 'utility'), 'ACCESS_INVALID')
    if server['state'] != 'stopped':
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped to get an address.')
    if kind == 'utility' and any(item['access'] == 'utility' for item in interfaces.addresses(server)):
        raise Refused('IP_ADDRESS_LIMIT_REACHED', 'The server has a utility address.')
    if kind == 'public':
        interfaces.check_public(cloud, server['interfaces'], [family])
    indexes = {interface['index'] for interface in server['interfaces']}
    free = next(index for index in range(1, 100) if index not in indexes)
    interface = interfaces.make(cloud, server, {'type': kind, 'ip_addresses': [{'family': family}]}, free, {})
    server['interfaces'].append(interface)
    server['interfaces'].sort(key=lambda item: item['index'])
    interfaces.register(cloud, server)
    return 201, {'ip_address': view(interface['ips'][0])}


def _policy(block, family):
    policy = checks.one_of(block.get('release_policy', 'keep'), ('keep', 'release'), 'RELEASE_POLICY_INVALID')
    if 'release_policy' in block and family != 'IPv4':
        raise Refused('RELEASE_POLICY_INVALID', 'Only a public IPv4 address has a release policy.')
    return policy if family == 'IPv4' else None


def _create_floating(cloud, block, family):
    """A floating address, on an interface or detached in a zone."""
    policy = _policy(block, family)
    cloud.require(**{'public_' + family.lower(): 1})
    if block.get('mac'):
        server, interface = _by_mac(cloud, block['mac'])
        zone = server['zone']
        if block.get('zone', zone) != zone:
            raise Refused('ZONE_MISMATCH')
    else:
        zone = block.get('zone')
        if not zone:
            raise Refused('ZONE_MISSING', 'A floating address needs mac or zone.')
        if zone not in catalogue.ZONE_IDS:
            raise Refused('ZONE_NOT_FOUND')
        cloud.require(detached_floating_ips=1)
        server, interface = {'uuid': None}, {'mac': None, 'ips': []}
    network = networks.common_network(cloud, zone, 'public', family)
    item = interfaces.new_address(cloud, server, interface, network, family,
                                  networks.free_address(cloud, network, {}))
    item.update(floating='yes', release_policy=policy)
    interface['ips'].append(item)
    cloud.addresses[item['address']] = item
    return item


def _detach(cloud, item):
    """Take an address off its interface."""
    server = cloud.servers.get(item['server'])
    for interface in server['interfaces'] if server else ():
        if item in interface['ips']:
            interface['ips'].remove(item)
    item.update(server=None, mac=None)


def modify(cloud, call, address):
    """PATCH and PUT /ip_address/{ip_address}."""
    item = _find(cloud, address)
    block = cloud.body(call, 'ip_address')
    checks.known(block, ('ptr_record', 'mac', 'release_policy'))
    changed = {}
    if 'ptr_record' in block:
        if item['access'] != 'public':
            raise Refused('PTR_RECORD_NOT_SUPPORTED')
        changed['ptr_record'] = checks.matching(block['ptr_record'], checks.HOSTNAME, 'PTR_RECORD_INVALID')
    if 'release_policy' in block:
        changed['release_policy'] = _policy(block, item['family'] if item['access'] == 'public' else None)
    if 'mac' in block:
        if item['floating'] != 'yes':
            raise Refused('FLOATING_IP_NOT_AVAILABLE', 'Only a floating address can be moved.')
        target = _by_mac(cloud, block['mac']) if block['mac'] else None
        if target and target[0]['zone'] != item['zone']:
            raise Refused('ZONE_MISMATCH')
        if not target and item['server']:
            cloud.require(detached_floating_ips=1)
        _detach(cloud, item)
        if target:
            item.update(server=target[0]['uuid'], mac=target[1]['mac'])
            target[1]['ips'].append(item)
    item.update(changed)
    return 202, {'ip_address': view(item)}


def delete(cloud, call, address):
    """DELETE /ip_address/{ip_address}."""
    text = checks.address(address, 'IP_ADDRESS_INVALID')
    if text not in cloud.addresses and any(item['address'] == text for item in _private(cloud)):
        raise Refused('CANNOT_DELETE_PRIVATE_ADDRESS')
    item = _find(cloud, address)
    if item['access'] == 'utility':
        raise Refused('CANNOT_DELETE_PRIVATE_ADDRESS', 'The utility address of a server cannot be released.')
    server = cloud.servers.get(item['server'])
    if server and item['floating'] == 'no' and server['state'] != 'stopped':
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped to lose an address.')
    _detach(cloud, item)
    del cloud.addresses[item['address']]
    if server:
        # An interface of a public network has no purpose without an address.
        server['interfaces'] = [interface for interface in server['interfaces']
                                if interface['ips'] or interface['type'] == 'private']
