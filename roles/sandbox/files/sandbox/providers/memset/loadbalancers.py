# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""loadbalancer.*: the services of a load balancer and the servers behind them. Load balancers come from seeds."""

from __future__ import annotations

from .errors import ApiError, bad, does_not_exist, not_unique, precondition
from .methods import method
from .parameters import Boolean, Choice, Integer, Name, String, is_address

PROTOCOLS = ('tcp', 'http', 'https')
# The higher, the better; a server may not be below the load balancer.
LEVELS = {'infrastructure_only': 0, 'basic': 1, 'managed': 2}


def make_loadbalancer(account, vlan=None, support_level='infrastructure_only', **options):
    """A load balancer in a VLAN."""
    balancer = account.add_service('loadbalancer', None, 'dunsfold', '', rental=30.0, **options)
    balancer.data.update(vlan=vlan, support_level=support_level, services={})
    return balancer


def balancer_of(session, load_balancer):
    return session.account.service(load_balancer, 'loadbalancer')


def service_of(session, load_balancer, service_name):
    found = balancer_of(session, load_balancer).data['services']
    if service_name not in found:
        raise does_not_exist('load balancer service', service_name)
    return found[service_name]


def told(service):
    return {**service, 'servers': [dict(server) for server in service['servers'].values()]}


def label():
    return String(max=64, pattern=r'[A-Za-z0-9_-]+',
                  wrong='Service names must only consist of letters, numbers, underscores and hyphens.')


def port(optional=False):
    return Integer(min=1, max=65535, optional=optional)


BALANCER = {'load_balancer': Name()}
SERVICE = {**BALANCER, 'service_name': label()}
SERVER = {**SERVICE, 'server_name': Name()}
ATTACHED = {'ip_address': String(optional=True), 'port': port(True), 'enabled': Boolean(optional=True),
            'fallback': Boolean(optional=True), 'weight': Integer(min=0, optional=True)}


@method('loadbalancer.service.list', **BALANCER)
def service_list(session, load_balancer):
    """List the services of a load balancer."""
    return [told(service) for service in balancer_of(session, load_balancer).data['services'].values()]


@method('loadbalancer.service.info', **SERVICE)
def service_info(session, **names):
    """Describe a service."""
    return told(service_of(session, **names))


def check_virtual_ip(session, service_name, virtual_ip, number):
    """A virtual address and port serve one service only."""
    if not is_address(virtual_ip):
        raise bad('virtual_ip', 'Enter a valid IPv4 or IPv6 address.')
    for balancer in session.account.services.values():
        for service in balancer.data['services'].values() if balancer.type == 'loadbalancer' else ():
            if service['virtual_ip'] == virtual_ip and service['port'] == number and service['name'] != service_name:
                raise precondition('The virtual IP address is already in use')


@method('loadbalancer.service.add', write=True, **SERVICE, protocol=Choice(*PROTOCOLS), virtual_ip=String(),
        port=port(), enabled=Boolean(optional=True))
def service_add(session, load_balancer, service_name, protocol, virtual_ip, port, enabled=True):
    """Define a service."""
    services = balancer_of(session, load_balancer).data['services']
    if service_name in services:
        raise not_unique("The load balancer already has a service '%s'" % service_name)
    check_virtual_ip(session, service_name, virtual_ip, port)
    services[service_name] = {'name': service_name, 'enabled': enabled, 'virtual_ip': virtual_ip, 'port': port,
                              'protocol': protocol, 'servers': {}}
    return told(services[service_name])


@method('loadbalancer.service.update', write=True, **SERVICE, protocol=Choice(*PROTOCOLS, optional=True),
        virtual_ip=String(optional=True), port=port(True), enabled=Boolean(optional=True))
def service_update(session, load_balancer, service_name, **changes):
    """Change a service."""
    service = service_of(session, load_balancer, service_name)
    new = {**service, **changes}
    check_virtual_ip(session, service_name, new['virtual_ip'], new['port'])
    service.update(changes)
    return told(service)


@method('loadbalancer.service.remove', write=True, **SERVICE)
def service_remove(session, load_balancer, service_name):
    """Remove a service without servers."""
    if service_of(session, load_balancer, service_name)['servers']:
        raise precondition('There are still servers attached to the service')
    del balancer_of(session, load_balancer).data['services'][service_name]
    return service_name


def attached(session, load_balancer, service_name, server_name):
    session.account.find_server(server_name)
    found = service_of(session, load_balancer, service_name)['servers']
    if server_name not in found:
        raise precondition("Server '%s' is not attached to the service" % server_name)
    return found[server_name]


def check_address(server, address):
    if address not in [ip['address'] for ip in server.server['ips']]:
        raise bad('ip_address', 'The IP address does not belong to the server.')


@method('loadbalancer.server.info', **SERVER)
def server_info(session, **names):
    """Describe a server of a service."""
    return dict(attached(session, **names))


@method('loadbalancer.server.add', write=True, **SERVER, **ATTACHED)
def server_add(session, load_balancer, service_name, server_name, ip_address=None, port=None, enabled=False,
               fallback=False, weight=10):
    """Put a server behind a service."""
    account = session.account
    balancer = balancer_of(session, load_balancer)
    service = service_of(session, load_balancer, service_name)
    server = account.find_server(server_name)
    if ip_address:
        check_address(server, ip_address)
    vlan = account.services.get(balancer.data['vlan'])
    if vlan is None or server_name not in vlan.data['hosts']:
        raise precondition('The server is not in the VLAN of the load balancer')
    if server_name in service['servers']:
        raise precondition('The server is already attached to this service')
    not_rebooting(server)
    if LEVELS[server.server['support_level']] < LEVELS[balancer.data['support_level']]:
        raise precondition("The server's SLA is lower than the load balancer's")
    ip_address = ip_address or vlan.data['private_ips'].get(server_name)
    if ip_address is None:
        raise ApiError('DoesNotExist', 'The server has no address in the VLAN')
    service['servers'][server_name] = {
        'name': server_name, 'ip_address': ip_address, 'port': port or service['port'], 'enabled': enabled,
        'fallback': fallback, 'weight': weight}
    return dict(service['servers'][server_name])


def not_rebooting(server):
    if 'reboot' in server.pending:
        raise precondition('The server is in the middle of a reboot')


@method('loadbalancer.server.update', write=True, **SERVER, **ATTACHED)
def server_update(session, load_balancer, service_name, server_name, **changes):
    """Change how a server takes part."""
    entry = attached(session, load_balancer, service_name, server_name)
    if 'ip_address' in changes:
        check_address(session.account.find_server(server_name), changes['ip_address'])
    entry.update(changes)
    return dict(entry)


@method('loadbalancer.server.remove', write=True, **SERVER)
def server_remove(session, load_balancer, service_name, server_name):
    """Take a server out of a service."""
    attached(session, load_balancer, service_name, server_name)
    not_rebooting(session.account.find_server(server_name))
    del service_of(session, load_balancer, service_name)['servers'][server_name]
    return server_name
