# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cluster.*: clusters, their services and servers. They come from seeds; the API only switches them.

A method that changes nothing answers null instead of a job.
"""

from __future__ import annotations

import base64

from .errors import does_not_exist, precondition
from .methods import method
from .parameters import Boolean, Integer, Name, String

# One grey pixel.
PNG = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==')


def make_cluster(account, servers=(), services=('http',), **options):
    """A cluster of those servers with a service on each port."""
    cluster = account.add_service('cluster', None, 'dunsfold', '', rental=20.0, **options)
    number = account.cloud.next_vlan()
    base = '10.%d.%d' % (number // 256 % 256, number % 256)
    ports = {'http': 80, 'https': 443, 'ftp': 21, 'smtp': 25}
    members = {name: {'enabled': True, 'server_name': name} for name in servers}
    made = {}
    for kind in services:
        port = ports.get(kind, 80)
        told = {'name': kind, 'enabled': True, 'virtual_ip': account.cloud.next_address(), 'port': port,
                'service': kind, 'checktype': 'connect', 'checktimeout': 5, 'checkport': port, 'request': '',
                'receive': '', 'emailalert': '', 'scheduler': 'wlc', 'persistent': 0, 'protocol': 'tcp',
                'virtualhost': '', 'forwarding_method': 'gate'}
        real = {name: {'ip_address': '%s.%d' % (base, 10 + index), 'port': str(port), 'weight': 10, 'fallback': False,
                       'enabled': True} for index, name in enumerate(servers)}
        made[kind] = {'told': told, 'real': real}
    cluster.data.update(enabled=True, private_class_c=base + '.0', vlan_id=number, servers=members, services=made)
    return cluster


def clusters(account):
    return [service for service in account.services.values() if service.type == 'cluster' and service.live]


def cluster_of(session, cluster_name):
    return session.account.service(cluster_name, 'cluster')


def part(cluster, kind, name):
    found = cluster.data[kind]
    if name not in found:
        raise does_not_exist('cluster %s' % kind.rstrip('s'), name)
    return found[name]


def real_of(session, cluster_name, service_name, server_name):
    cluster = cluster_of(session, cluster_name)
    part(cluster, 'servers', server_name)
    real = part(cluster, 'services', service_name)['real']
    if server_name not in real:
        raise does_not_exist('cluster real service', server_name)
    return cluster, real[server_name]


def switch(session, cluster, thing, key, value, what):
    """Set it and say so with a job, unless it is so already."""
    if thing[key] == value:
        return None

    def done():
        thing[key] = value
    return session.account.start_job(session, what, cluster, done)


def told(cluster):
    return {'name': cluster.name, 'enabled': cluster.data['enabled'],
            'private_class_c': cluster.data['private_class_c'], 'vlan_id': cluster.data['vlan_id']}


CLUSTER = {'cluster_name': Name()}
SERVICE = {**CLUSTER, 'service_name': String()}
SERVER = {**CLUSTER, 'server_name': String()}
REAL = {**SERVICE, 'server_name': String()}


@method('cluster.info', **CLUSTER)
def info(session, cluster_name):
    """Describe a cluster."""
    return told(cluster_of(session, cluster_name))


@method('cluster.list', enabled=Boolean(optional=True))
def listing(session, enabled=None):
    """List clusters."""
    return [told(cluster) for cluster in clusters(session.account) if enabled in (None, cluster.data['enabled'])]


@method('cluster.real_service.info', **REAL)
def real_info(session, **names):
    """Describe a service on one server."""
    return dict(real_of(session, **names)[1])


@method('cluster.real_service.list', **SERVICE)
def real_list(session, cluster_name, service_name):
    """List a service on its servers."""
    found = part(cluster_of(session, cluster_name), 'services', service_name)['real']
    return [{'server_name': name, **real} for name, real in found.items()]


@method('cluster.real_service.enable', write=True, **REAL)
def real_enable(session, **names):
    """Let a server take part in a service."""
    return switch(session, *real_of(session, **names), 'enabled', True, 'ENABLE-REAL-SERVICE')


@method('cluster.real_service.disable', write=True, **REAL)
def real_disable(session, **names):
    """Take a server out of a service."""
    return switch(session, *real_of(session, **names), 'enabled', False, 'DISABLE-REAL-SERVICE')


@method('cluster.real_service.enable_fallback', write=True, **REAL)
def real_enable_fallback(session, **names):
    """Use a server when all others are down."""
    cluster, real = real_of(session, **names)
    others = cluster.data['services'][names['service_name']]['real'].values()
    if any(other['fallback'] for other in others if other is not real):
        raise precondition('A server in the service is already set as fallback')
    if not real['enabled']:
        raise precondition('The real service is not enabled')
    return switch(session, cluster, real, 'fallback', True, 'ENABLE-FALLBACK')


@method('cluster.real_service.disable_fallback', write=True, **REAL)
def real_disable_fallback(session, **names):
    """Use a server as any other."""
    return switch(session, *real_of(session, **names), 'fallback', False, 'DISABLE-FALLBACK')


@method('cluster.real_service.set_weight', write=True, **REAL, weight=Integer(min=0))
def real_set_weight(session, weight, **names):
    """Say how much of the work a server gets."""
    return switch(session, *real_of(session, **names), 'weight', weight, 'SET-WEIGHT')


@method('cluster.real_service.statistics', **REAL)
def real_statistics(session, **names):
    """How busy a server is."""
    _cluster, real = real_of(session, **names)
    counts = ('active_connections', 'bps_in', 'bps_out', 'connections_per_second', 'inactive_connections',
              'persistent_connections', 'pps_in', 'pps_out')
    return {'active': real['enabled'], 'last_update': session.account.moment(), **dict.fromkeys(counts, 0)}


@method('cluster.server.list', **CLUSTER)
def server_list(session, cluster_name):
    """List the servers of a cluster."""
    return [dict(server) for server in cluster_of(session, cluster_name).data['servers'].values()]


@method('cluster.server.info', server_name=String())
def server_info(session, server_name):
    """Describe a server of any cluster."""
    for cluster in clusters(session.account):
        if server_name in cluster.data['servers']:
            return dict(cluster.data['servers'][server_name])
    raise does_not_exist('cluster server', server_name)


@method('cluster.server.enable', write=True, **SERVER)
def server_enable(session, cluster_name, server_name):
    """Make a server a member again."""
    cluster = cluster_of(session, cluster_name)
    return switch(session, cluster, part(cluster, 'servers', server_name), 'enabled', True, 'ENABLE-CLUSTER-SERVER')


@method('cluster.server.disable', write=True, **SERVER)
def server_disable(session, cluster_name, server_name):
    """Make a server no member for now."""
    cluster = cluster_of(session, cluster_name)
    return switch(session, cluster, part(cluster, 'servers', server_name), 'enabled', False, 'DISABLE-CLUSTER-SERVER')


@method('cluster.service.list', **CLUSTER)
def service_list(session, cluster_name):
    """List the services of a cluster."""
    return [dict(service['told']) for service in cluster_of(session, cluster_name).data['services'].values()]


@method('cluster.service.info', **SERVICE)
def service_info(session, cluster_name, service_name):
    """Describe a service of a cluster."""
    return dict(part(cluster_of(session, cluster_name), 'services', service_name)['told'])


@method('cluster.service.enable', write=True, **SERVICE)
def service_enable(session, cluster_name, service_name):
    """Switch a service on."""
    cluster = cluster_of(session, cluster_name)
    told = part(cluster, 'services', service_name)['told']
    return switch(session, cluster, told, 'enabled', True, 'ENABLE-CLUSTER-SERVICE')


@method('cluster.service.disable', write=True, **SERVICE)
def service_disable(session, cluster_name, service_name):
    """Switch a service off."""
    cluster = cluster_of(session, cluster_name)
    told = part(cluster, 'services', service_name)['told']
    return switch(session, cluster, told, 'enabled', False, 'DISABLE-CLUSTER-SERVICE')


@method('cluster.service.status_image', **SERVICE)
def status_image(session, cluster_name, service_name):
    """A picture of how the service does; in JSON and XML as base64, since neither carries raw bytes."""
    part(cluster_of(session, cluster_name), 'services', service_name)
    return {'data': base64.b64encode(PNG).decode()}
