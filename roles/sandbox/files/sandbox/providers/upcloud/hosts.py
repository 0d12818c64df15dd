# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On which host a server runs, and what server groups ask of that."""

from __future__ import annotations

from . import catalogue, checks
from .errors import Refused

FIRST = 7600000000


def of_zone(zone):
    """The ids of the public hosts in a zone."""
    start = FIRST + 1000 * catalogue.ZONE_IDS.index(zone)
    return [start + number for number in range(1, catalogue.HOSTS_PER_ZONE + 1)]


def _public(host):
    zone, number = divmod(host - FIRST, 1000)
    return 0 <= zone < len(catalogue.ZONE_IDS) and 1 <= number <= catalogue.HOSTS_PER_ZONE


def wanted(cloud, block):
    """host and avoid_host of a request, checked: (id or None, ids)."""
    host = block.get('host')
    if host is not None:
        host = checks.number(host, 'HOST_NOT_FOUND')
        if host not in cloud.hosts:
            raise Refused('HOST_FORBIDDEN' if _public(host) else 'HOST_NOT_FOUND')
    avoid = block.get('avoid_host')
    avoid = avoid if isinstance(avoid, list) else [] if avoid in (None, '') else [avoid]
    avoid = [checks.number(item, 'HOST_NOT_FOUND') for item in avoid]
    for item in avoid:
        if item not in cloud.hosts and not _public(item):
            raise Refused('HOST_NOT_FOUND')
    return host, avoid


def members(cloud, group):
    """The servers of a group."""
    return [server for server in cloud.servers.values() if server['server_group'] == group]


def place(cloud, zone, host=None, avoid=(), group=None):
    """The host for a server in a zone."""
    if host is not None:
        if cloud.hosts[host]['zone'] != zone:
            raise Refused('ZONE_MISMATCH')
        return host
    candidates = [item for item in of_zone(zone) if item not in avoid]
    if not candidates:
        raise Refused('SERVER_RESOURCES_UNAVAILABLE')
    if group:
        taken = [server['host'] for server in members(cloud, group)]
        least = min(taken.count(item) for item in candidates)
        if least and cloud.groups[group]['anti_affinity'] == 'strict':
            raise Refused('SERVER_RESOURCES_UNAVAILABLE_FOR_STRICT_AA')
        candidates = [item for item in candidates if taken.count(item) == least]
    cloud.made += 1
    return candidates[cloud.made % len(candidates)]
