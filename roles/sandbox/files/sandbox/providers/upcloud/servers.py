# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers: list, details, delete, and how they are shown."""

from __future__ import annotations

from . import attributes, checks, interfaces, storages
from .errors import Refused

POLICIES = ('keep', 'keep_latest', 'delete')
TRUE, FALSE = ('1', 'true'), ('0', 'false')


def new_server(cloud, zone, **fields):
    """A server record with what nobody gave; not yet one of the account's."""
    server = {name: default for name, (unused, default) in attributes.CHECKS.items()}
    server.update(
        uuid=cloud.uuid('00'), zone=zone, plan='custom', core_number=1, memory_amount=1024, state='maintenance',
        labels=[], tags=[], server_group=None, created=int(cloud.world.now()), interfaces=[], devices=[],
        firewall_rules=[], host=None, login={}, user_data=None, job=None, began=None,
        firewall=cloud.settings['firewall_default'], remote_access_password=password(cloud),
        hot_resize=cloud.settings['hot_resize'] is not False,
        # Whether the guest does nothing when it is asked to shut down.
        ignore_soft_stop=False)
    server.update(fields)
    return server


def password(cloud, length=8):
    """Letters and digits."""
    return ''.join(cloud.world.random.choice('abcdefghjkmnpqrstuvwxyz23456789') for _digit in range(length))


def licence(cloud, server):
    """The sum of the licences of a server's storages."""
    total = sum(cloud.storages[device['storage']]['license'] for device in server['devices'] if device['storage'])
    return round(total, 4)


def summary(cloud, server):
    """A server as the list shows it."""
    found = {
        'core_number': str(server['core_number']), 'created': server['created'], 'hostname': server['hostname'],
        'labels': {'label': server['labels']}, 'license': licence(cloud, server),
        'memory_amount': str(server['memory_amount']), 'plan': server['plan'], 'plan_ipv4_bytes': '0',
        'plan_ipv6_bytes': '0', 'server_group': server['server_group'], 'simple_backup': server['simple_backup'],
        'state': server['state'], 'tags': {'tag': server['tags']}, 'title': server['title'], 'uuid': server['uuid'],
        'zone': server['zone']}
    # A server that is being made shows no host yet.
    if server['host'] and server['state'] != 'maintenance':
        found['host'] = server['host']
    return found


def _device(cloud, device):
    storage = cloud.storages.get(device['storage'])
    found = {'address': device['address'], 'boot_disk': device['boot_disk'], 'part_of_plan': device['part_of_plan'],
             'storage': '', 'storage_size': 0, 'storage_title': '', 'type': device['type'], 'labels': []}
    if storage:
        found.update(storage=storage['uuid'], storage_size=storage['size'], storage_title=storage['title'],
                     storage_encrypted=storage['encrypted'], labels=storage['labels'])
        if storage.get('tier'):
            found['storage_tier'] = storage['tier']
    return found


def details(cloud, server):
    """A server as all other operations show it: {"server": ...}."""
    found = summary(cloud, server)
    for name in ('boot_order', 'firewall', 'metadata', 'nic_model', 'timezone', 'video_model', 'remote_access_enabled',
                 'remote_access_type', 'remote_access_password'):
        found[name] = server[name]
    found['ip_addresses'] = {'ip_address': [
        dict({key: item[key] for key in ('access', 'address', 'family')},
             **({'part_of_plan': 'yes'} if item['part_of_plan'] == 'yes' else {}))
        for item in interfaces.addresses(server)]}
    found['networking'] = {'interfaces': {'interface': [interfaces.view(item) for item in server['interfaces']]}}
    found['storage_devices'] = {'storage_device': [_device(cloud, device) for device in server['devices']]}
    if server['remote_access_enabled'] == 'yes' and server['state'] == 'started':
        found['remote_access_host'] = '%s.vnc.example.com' % server['zone']
        found['remote_access_port'] = str(3000 + server['created'] % 1000)
    if server['state'] == 'maintenance' and server['began'] is not None:
        found['progress'] = storages.progress(cloud, server)
    return {'server': found}


def list_servers(cloud, call):
    """GET /server."""
    matches = checks.label_filter(call)
    return {'servers': {'server': [summary(cloud, server) for server in cloud.servers.values() if matches(server)]}}


def list_tagged(cloud, call, tags):
    """GET /server/tag/{tag}: with any of the tags divided by a comma, or with all of those divided by a colon."""
    want, names = (all, tags.split(':')) if ':' in tags else (any, tags.split(','))
    for name in names:
        if name.lower() not in cloud.tags:
            raise Refused('TAG_NOT_FOUND', 'There is no tag %s.' % name)
    names = [cloud.tags[name.lower()]['name'] for name in names]
    return {'servers': {'server': [summary(cloud, server) for server in cloud.servers.values()
                                   if want(name in server['tags'] for name in names)]}}


def show(cloud, call, uuid):
    """GET /server/{uuid}."""
    return details(cloud, cloud.find(cloud.servers, uuid, 'SERVER'))


def delete(cloud, call, uuid):
    """DELETE /server/{uuid}."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    with_storages = call.parameter('storages', '0').lower()
    if with_storages not in TRUE + FALSE:
        raise Refused('STORAGE_DELETION_POLICY_INVALID')
    policy = checks.one_of(call.parameter('backups', 'keep'), POLICIES, 'BACKUP_DELETION_POLICY_INVALID')
    if with_storages in FALSE and policy != 'keep':
        raise Refused('REQUEST_INVALID', 'Backups are deleted only together with storages.')
    if server['state'] != 'stopped':
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped to be deleted.')
    attached = [cloud.storages[device['storage']] for device in server['devices'] if device['storage']]
    attached = [storage for storage in attached if storage['access'] == 'private']
    if with_storages in TRUE and any(storage['state'] != 'online' for storage in attached):
        raise Refused('STORAGE_STATE_ILLEGAL', 'A storage of the server is busy.')
    remove(cloud, server)
    for storage in attached:
        if with_storages in TRUE:
            storages.remove(cloud, storage, policy)
        elif cloud.settings['settle_seconds']:
            storage['state'] = 'maintenance'
            cloud.after(storage, cloud.settings['settle_seconds'], lambda item=storage: item.update(state='online'))


def remove(cloud, server):
    """Take a server out of the account; its addresses are released."""
    for interface in server['interfaces']:
        for item in interface['ips']:
            interfaces.release(cloud, item)
    server['job'] = None
    cloud.cancels.pop(server['uuid'], None)
    del cloud.servers[server['uuid']]
