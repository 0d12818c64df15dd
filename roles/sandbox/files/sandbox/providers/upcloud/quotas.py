# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of the account: what is used of each, and the refusal of more."""

from __future__ import annotations

from . import catalogue
from .errors import Refused

# resource -> code when the account's limit is reached, code while it is on trial
CODES = {
    'servers': ('SERVER_RESOURCES_UNAVAILABLE', 'TRIAL_SERVER_LIMIT_REACHED'),
    'cores': ('SERVER_CORE_LIMIT_REACHED', 'TRIAL_CORE_LIMIT_REACHED'),
    'memory': ('SERVER_MEMORY_LIMIT_REACHED', 'TRIAL_MEMORY_LIMIT_REACHED'),
    'storage_hdd': ('HDD_STORAGE_LIMIT_REACHED', 'TRIAL_STORAGE_SIZE_LIMIT_REACHED'),
    'storage_maxiops': ('MAXIOPS_STORAGE_LIMIT_REACHED', 'TRIAL_STORAGE_SIZE_LIMIT_REACHED'),
    'storage_standard': ('SSD_STORAGE_LIMIT_REACHED', 'TRIAL_STORAGE_SIZE_LIMIT_REACHED'),
    'public_ipv4': ('SERVER_IP_LIMIT_REACHED', 'TRIAL_IP_LIMIT_REACHED'),
    'public_ipv6': ('SERVER_IP_LIMIT_REACHED', 'TRIAL_IP_LIMIT_REACHED'),
    'networks': ('NETWORK_LIMIT_REACHED', 'TRIAL_NETWORK_LIMIT_REACHED'),
    'routers': ('NETWORK_LIMIT_REACHED', 'TRIAL_NETWORK_LIMIT_REACHED'),
    'detached_floating_ips': ('DETACHED_FLOATING_IP_LIMIT_REACHED', 'TRIAL_DETACHED_FLOATING_IP_LIMIT_REACHED'),
}


def used(cloud, resource):
    """How much of a resource the account has now."""
    if resource == 'servers':
        return len(cloud.servers)
    if resource in ('cores', 'memory'):
        field = 'core_number' if resource == 'cores' else 'memory_amount'
        return sum(server[field] for server in cloud.servers.values())
    if resource.startswith('storage_'):
        tier = resource[len('storage_'):]
        return sum(storage['size'] for storage in cloud.storages.values()
                   if storage['access'] == 'private' and storage.get('tier') == tier)
    if resource in ('public_ipv4', 'public_ipv6'):
        return sum(1 for item in cloud.addresses.values()
                   if item['access'] == 'public' and item['family'].lower() == resource[-4:])
    if resource == 'detached_floating_ips':
        return sum(1 for item in cloud.addresses.values() if item['floating'] == 'yes' and not item['server'])
    if resource == 'networks':
        return sum(1 for network in cloud.networks.values() if network['type'] == 'private')
    return len(cloud.routers)


def limits(cloud):
    """The limits that hold now."""
    return catalogue.TRIAL_LIMITS if cloud.settings['trial_mode'] else cloud.limits


def require(cloud, needed):
    """Refuse if the account can't have so much more: {resource: amount}."""
    if cloud.settings['credits'] <= 0:
        raise Refused('INSUFFICIENT_CREDITS')
    trial = cloud.settings['trial_mode']
    for resource, amount in needed.items():
        limit = limits(cloud).get(resource)
        if resource == 'servers':
            limit = catalogue.TRIAL_SERVERS if trial else None
        if amount and limit is not None and used(cloud, resource) + amount > limit:
            raise Refused(CODES[resource][1 if trial else 0], 'No more than %s of %s.' % (limit, resource))
