# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vlan.*: which hosts are in a private network."""

from __future__ import annotations

import ipaddress

from .errors import ApiError, does_not_exist, precondition
from .methods import method
from .parameters import Boolean, Name
from .servers import new_ip


def make_vlan(account, network_zone='dunsfold', **options):
    """A VLAN with a network of its own; the API cannot make one."""
    vlan = account.add_service('vlan', None, network_zone, '', rental=5.0, **options)
    number = account.cloud.next_vlan()
    vlan.data.update(network='10.%d.%d.0/24' % (number // 256 % 256, number % 256), vlan_id=number,
                     # host name -> whether the VLAN is tagged there
                     hosts={}, private_ips={})
    return vlan


def join(account, vlan, service, primary=False):
    """Put a server into a VLAN. The first is its primary one and untagged, further ones are tagged."""
    vlans = service.server['vlans']
    tagged = bool(vlans['untagged']) and not primary
    if primary:
        for name in vlans['untagged']:
            vlans['tagged'].append(name)
            account.services[name].data['hosts'][service.name] = True
        vlans['untagged'] = []
        if vlan.name in vlans['tagged']:
            vlans['tagged'].remove(vlan.name)
    vlans['tagged' if tagged else 'untagged'].append(vlan.name)
    vlan.data['hosts'][service.name] = tagged
    addresses = vlan.data['private_ips']
    if service.name not in addresses:
        taken = set(addresses.values())
        host = next((str(host) for host in list(ipaddress.ip_network(vlan.data['network']).hosts())[9:]
                     if str(host) not in taken), None)
        if host is None:
            raise ApiError('Overquota', "VLAN '%s' has no free address" % vlan.name)
        addresses[service.name] = host
        service.server['ips'].append(new_ip(host, ''))
    service.data['needs_reboot'] = service.type == 'miniserver'


def listed(account, vlan):
    """What vlan.list tells."""
    return [{'name': host, 'type': account.services[host].type,
             'private_ips': [vlan.data['private_ips'][host]] if host in vlan.data['private_ips'] else [],
             'tagged': tagged} for host, tagged in vlan.data['hosts'].items()]


def find(account, name, host):
    vlan = account.service(name, 'vlan')
    service = account.find_server(host)
    account.need_live(vlan, 'changes')
    account.need_live(service, 'changes')
    return vlan, service


@method('vlan.add', write=True, name=Name(), host=Name(), primary=Boolean(optional=True))
def add(session, name, host, primary=False):
    """Put a host into a VLAN."""
    account = session.account
    vlan, service = find(account, name, host)
    if vlan.network_zone != service.network_zone:
        raise precondition('The VLAN and the host are in different network zones')
    untagged = service.server['vlans']['untagged']
    if host in vlan.data['hosts'] and (not primary or name in untagged):
        return listed(account, vlan)
    if primary and any(account.balanced(service, other) for other in untagged):
        raise precondition('The primary VLAN is used by a load balancer')
    join(account, vlan, service, primary)
    return listed(account, vlan)


@method('vlan.info', name=Name())
def info(session, name):
    """Describe a VLAN."""
    vlan = session.account.service(name, 'vlan')
    return {'name': name, 'network': vlan.data['network'], 'hosts': list(vlan.data['hosts']),
            'network_zone': vlan.network_zone}


@method('vlan.list', name=Name())
def listing(session, name):
    """List the hosts of a VLAN."""
    return listed(session.account, session.account.service(name, 'vlan'))


@method('vlan.remove', write=True, name=Name(), host=Name())
def remove(session, name, host):
    """Take a host from a VLAN; its private address stays with it."""
    account = session.account
    vlan, service = find(account, name, host)
    if host not in vlan.data['hosts']:
        raise does_not_exist("host in VLAN '%s'" % name, host)
    vlans = service.server['vlans']
    if service.type == 'fullserver' and len(vlans['tagged'] + vlans['untagged']) == 1:
        raise precondition('This is the only VLAN of a Fullserver')
    if account.balanced(service, name):
        raise precondition('The host provides a service in a load balancer of this VLAN')
    del vlan.data['hosts'][host]
    for names in vlans.values():
        if name in names:
            names.remove(name)
    service.data['needs_reboot'] = service.type == 'miniserver'
    return listed(account, vlan)
