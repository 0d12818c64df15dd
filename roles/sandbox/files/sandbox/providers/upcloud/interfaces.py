# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces of servers, and the addresses on them."""

from __future__ import annotations

import ipaddress

from . import checks, networks
from .errors import Refused

FIELDS = ('type', 'network', 'index', 'ip_addresses', 'source_ip_filtering', 'bootable')
IP_FIELDS = ('family', 'address', 'dhcp_provided', 'floating', 'access')
MAX_INTERFACES = 10
MAX_PUBLIC = 5  # addresses of one server
# What a server gets whose creator said nothing of networking.
DEFAULT = ({'type': 'public', 'ip_addresses': [{'family': 'IPv4'}]},
           {'type': 'utility', 'ip_addresses': [{'family': 'IPv4'}]},
           {'type': 'public', 'ip_addresses': [{'family': 'IPv6'}]})


def view(interface):
    """An interface as the API shows it."""
    found = {key: interface[key] for key in ('index', 'type', 'network', 'mac', 'bootable', 'source_ip_filtering')}
    found['ip_addresses'] = {'ip_address': [
        {key: item[key] for key in ('address', 'dhcp_provided', 'family', 'floating', 'release_policy')
         if item.get(key)} for item in interface['ips']]}
    return found


def new_address(cloud, server, interface, network, family, text, dhcp='no'):
    """An address record on an interface; `register` makes it known."""
    zone = network['zone']
    return {'address': text, 'access': network['type'], 'family': family, 'floating': 'no', 'dhcp_provided': dhcp,
            'mac': interface['mac'], 'server': server['uuid'], 'zone': zone, 'part_of_plan': 'no',
            'release_policy': None, 'network': network['uuid'], 'ptr_record': ptr_record(text, zone)}


def ptr_record(text, zone):
    """The name that an address has at first."""
    if ':' in text:
        return '%s.v6.%s.upcloud.host' % ('-'.join(ipaddress.ip_address(text).exploded.split(':')[4:]), zone)
    return '%s.%s.upcloud.host' % (text.replace('.', '-'), zone)


def register(cloud, server):
    """Make the public and utility addresses of a server known to the account."""
    for interface in server['interfaces']:
        for item in interface['ips']:
            if item['access'] != 'private':
                cloud.addresses[item['address']] = item


def mac(cloud):
    """A hardware address that no other interface has."""
    cloud.made += 1
    return 'de:ff:%02x:%02x:%02x:%02x' % tuple(cloud.made.to_bytes(4, 'big'))


def _network_of(cloud, server, block, kind, family):
    """The network that an interface joins."""
    given = block.get('network')
    if kind != 'private':
        network = networks.common_network(cloud, server['zone'], kind, family)
        if not network:
            raise Refused('FAMILY_INVALID', 'There is no %s in a %s network.' % (family, kind))
        if given and given != network['uuid']:
            raise Refused('NETWORK_FORBIDDEN', 'The network of a %s interface cannot be chosen.' % kind)
        return network
    if not given:
        raise Refused('NETWORK_MISSING', 'A private interface needs a network.')
    network = cloud.find(cloud.networks, given, 'NETWORK')
    if network['type'] != 'private':
        raise Refused('NETWORK_FORBIDDEN', 'That is no private network.')
    if network['zone'] != server['zone']:
        raise Refused('ZONE_MISMATCH', 'The network is in another zone.')
    return network


def _addresses(cloud, server, interface, network, blocks, taken):
    """The address records that a request asks for on an interface."""
    found, gateway = [], network['ip_networks'][0].get('gateway')
    family = network['ip_networks'][0]['family']
    for block in blocks:
        if not isinstance(block, dict):
            raise Refused('IP_ADDRESSES_INVALID')
        checks.known(block, IP_FIELDS)
        if checks.one_of(block.get('family', 'IPv4'), ('IPv4', 'IPv6'), 'FAMILY_INVALID') != family:
            code = 'DUAL_STACK_INTERFACE' if network['type'] == 'public' else 'FAMILY_INVALID'
            raise Refused(code, 'The addresses of this interface are %s.' % family)
        text = block.get('address')
        if text:
            if network['type'] != 'private':
                raise Refused('IP_ADDRESS_FORBIDDEN', 'Addresses outside of private networks cannot be chosen.')
            text = checks.address(text, 'ADDRESS_INVALID', family)
            if ipaddress.ip_address(text) not in networks.subnet(network) or text == gateway:
                raise Refused('ADDRESS_INVALID', '%s cannot be used in this network.' % text)
            if text in networks.in_use(cloud, network, taken):
                raise Refused('ADDRESS_ATTACHED', '%s is in use.' % text)
            networks.in_use(cloud, network, taken).add(text)
        else:
            text = networks.free_address(cloud, network, taken)
        dhcp = checks.yes_no(block.get('dhcp_provided', 'no' if found else 'yes'), 'DHCP_PROVIDED_INVALID')
        found.append(new_address(cloud, server, interface, network, family, text, dhcp))
    if sum(item['dhcp_provided'] == 'yes' for item in found) > 1:
        raise Refused('DHCP_PROVIDED_INVALID', 'DHCP offers one address of an interface.')
    return found


def make(cloud, server, block, position, taken):
    """One interface as a request asks for it, not yet a part of the server."""
    if not isinstance(block, dict):
        raise Refused('INTERFACE_INVALID')
    checks.known(block, FIELDS)
    if 'type' not in block:
        raise Refused('TYPE_MISSING')
    kind = checks.one_of(block['type'], ('public', 'utility', 'private'), 'TYPE_INVALID')
    if block.get('ip_addresses') is None and kind != 'private':
        raise Refused('IP_ADDRESSES_MISSING', 'An interface needs ip_addresses.')
    wanted = checks.listed(block.get('ip_addresses') or [], 'ip_address', 'IP_ADDRESSES_INVALID')
    if not wanted and kind == 'public':
        raise Refused('IP_ADDRESSES_INVALID', 'A public interface needs an address.')
    first = wanted[0] if wanted and isinstance(wanted[0], dict) else {}
    family = checks.one_of(first.get('family', 'IPv4'), ('IPv4', 'IPv6'), 'FAMILY_INVALID')
    network = _network_of(cloud, server, block, kind, family)
    filtering = checks.yes_no(block.get('source_ip_filtering', 'yes'), 'SOURCE_IP_FILTERING_INVALID')
    if filtering == 'no' and kind != 'private':
        raise Refused('SOURCE_IP_FILTERING_INVALID', 'Only a private interface can do without it.')
    interface = {'index': checks.number(block.get('index') or position, 'INDEX_INVALID', 1, 100), 'type': kind,
                 'network': network['uuid'], 'mac': mac(cloud), 'source_ip_filtering': filtering,
                 'bootable': checks.yes_no(block.get('bootable', 'no'), 'BOOTABLE_INVALID')}
    interface['ips'] = _addresses(cloud, server, interface, network, wanted, taken)
    return interface


def make_all(cloud, server, blocks):
    """The interfaces of a new server."""
    if not 1 <= len(blocks) <= MAX_INTERFACES:
        raise Refused('INTERFACES_INVALID', '1 to %d interfaces are wanted.' % MAX_INTERFACES)
    taken, found = {}, []
    for position, block in enumerate(blocks, 1):
        found.append(make(cloud, server, block, position, taken))
    if len({interface['index'] for interface in found}) < len(found):
        raise Refused('INTERFACE_EXISTS', 'Two interfaces have the same index.')
    check_public(cloud, found)
    return sorted(found, key=lambda interface: interface['index'])


def check_public(cloud, interfaces, more=()):
    """Refuse more public addresses than a server or the account can have."""
    for family in ('IPv4', 'IPv6'):
        new = [item for interface in interfaces for item in interface['ips']
               if item['access'] == 'public' and item['family'] == family]
        if len(new) + sum(item == family for item in more) > MAX_PUBLIC:
            raise Refused('IP_ADDRESS_LIMIT_REACHED', 'A server has at most %d public addresses.' % MAX_PUBLIC)
        cloud.require(**{'public_' + family.lower():
                         sum(item['address'] not in cloud.addresses for item in new)
                         + sum(item == family for item in more)})


def addresses(server):
    """All addresses of a server; the utility ones first, as the API shows them."""
    found = [item for interface in server['interfaces'] for item in interface['ips']]
    return sorted(found, key=lambda item: item['access'] != 'utility')


# -- operations ----------------------------------------------------------------------------------------------------
def _stopped(cloud, uuid):
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    if server['state'] != 'stopped':
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped.')
    return server


def _interface(server, index):
    """The interface of that index."""
    number = checks.number(index, 'INTERFACE_INVALID')
    for interface in server['interfaces']:
        if interface['index'] == number:
            return interface
    raise Refused('INTERFACE_NOT_FOUND', 'The server has no interface %s.' % index)


def release(cloud, item):
    """Give an address up, or only detach it where it is a floating one that is to be kept."""
    if item['floating'] == 'yes' and item.get('release_policy') != 'release':
        item.update(server=None, mac=None)
    elif cloud.addresses.get(item['address']) is item:
        del cloud.addresses[item['address']]


def networking(cloud, call, uuid):
    """GET /server/{uuid}/networking."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    return {'networking': {'interfaces': {'interface': [view(item) for item in server['interfaces']]}}}


def create(cloud, call, uuid):
    """POST /server/{uuid}/networking/interface."""
    server = _stopped(cloud, uuid)
    block = cloud.body(call, 'interface')
    indexes = {interface['index'] for interface in server['interfaces']}
    if len(indexes) >= MAX_INTERFACES:
        raise Refused('INTERFACES_INVALID', 'A server has at most %d interfaces.' % MAX_INTERFACES)
    free = next(index for index in range(1, 100) if index not in indexes)
    interface = make(cloud, server, block, free, {})
    if interface['index'] in indexes:
        raise Refused('INTERFACE_EXISTS', 'The server has an interface %d.' % interface['index'])
    together = sorted(server['interfaces'] + [interface], key=lambda item: item['index'])
    check_public(cloud, together)
    server['interfaces'] = together
    register(cloud, server)
    return 201, {'interface': view(interface)}


def modify(cloud, call, uuid, index):
    """PUT /server/{uuid}/networking/interface/{index}."""
    server = _stopped(cloud, uuid)
    interface = _interface(server, index)
    block = cloud.body(call, 'interface')
    checks.known(block, FIELDS)
    changed = {}
    if block.get('type', interface['type']) != interface['type'] or \
            block.get('network', interface['network']) not in (None, interface['network']):
        raise Refused('INTERFACE_FORBIDDEN', 'Type and network of an interface cannot be changed.')
    if block.get('index') is not None:
        changed['index'] = checks.number(block['index'], 'INDEX_INVALID', 1, 100)
        if any(other is not interface and other['index'] == changed['index'] for other in server['interfaces']):
            raise Refused('INTERFACE_EXISTS', 'The server has an interface %d.' % changed['index'])
    if 'source_ip_filtering' in block:
        changed['source_ip_filtering'] = checks.yes_no(block['source_ip_filtering'], 'SOURCE_IP_FILTERING_INVALID')
        if changed['source_ip_filtering'] == 'no' and interface['type'] != 'private':
            raise Refused('SOURCE_IP_FILTERING_INVALID', 'Only a private interface can do without it.')
    if 'bootable' in block:
        changed['bootable'] = checks.yes_no(block['bootable'], 'BOOTABLE_INVALID')
    wanted = block.get('ip_addresses')
    if isinstance(wanted, dict):
        wanted = wanted.get('ip_address')
    if wanted is not None:
        changed['ips'] = _replaced(cloud, server, interface, checks.listed(wanted, 'ip_address',
                                                                           'IP_ADDRESSES_INVALID'))
    interface.update(changed)
    server['interfaces'].sort(key=lambda item: item['index'])
    register(cloud, server)
    return {'interface': view(interface)}


def _replaced(cloud, server, interface, wanted):
    """The addresses of an interface after a request that names them all; those it has already stay the same."""
    old = {item['address']: item for item in interface['ips']}
    kept, new = [], []
    for block in wanted:
        text = block.get('address') if isinstance(block, dict) else None
        text = checks.address(text, 'ADDRESS_INVALID') if text else None
        (kept if text in old else new).append((text, block))
    network = cloud.networks[interface['network']]
    found = _addresses(cloud, server, interface, network, [block for text, block in new], {})
    for item in found:
        if kept:
            item['dhcp_provided'] = 'no'
    for item in old.values():
        if item['address'] not in [text for text, block in kept]:
            release(cloud, item)
    return [old[text] for text, block in kept] + found


def delete(cloud, call, uuid, index):
    """DELETE /server/{uuid}/networking/interface/{index}."""
    server = _stopped(cloud, uuid)
    interface = _interface(server, index)
    for item in interface['ips']:
        release(cloud, item)
    server['interfaces'].remove(interface)


def add_address(cloud, call, uuid, index):
    """POST /server/{uuid}/networking/interface/{index}/ip-address."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    if server['state'] != 'stopped' and call.parameter('force') not in ('yes', 'true', '1'):
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped.')
    interface = _interface(server, index)
    block = cloud.body(call, 'ip_address')
    family = block.get('family', 'IPv4')
    if interface['type'] == 'public':
        check_public(cloud, server['interfaces'], [family])
    found = _addresses(cloud, server, interface, cloud.networks[interface['network']], [block], {})
    if interface['ips']:
        found[0]['dhcp_provided'] = 'no'
    interface['ips'] += found
    register(cloud, server)
    return 201, {'interface': view(interface)}


def remove_address(cloud, call, uuid, index, address):
    """DELETE /server/{uuid}/networking/interface/{index}/ip-address/{address}."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    if server['state'] != 'stopped' and call.parameter('force') not in ('yes', 'true', '1'):
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped.')
    interface = _interface(server, index)
    text = checks.address(address, 'IP_ADDRESS_INVALID')
    item = next((item for item in interface['ips'] if item['address'] == text), None)
    if not item:
        raise Refused('IP_ADDRESS_NOT_FOUND')
    release(cloud, item)
    interface['ips'].remove(item)
