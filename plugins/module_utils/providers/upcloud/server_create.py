# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request that makes a server: its drives, interfaces, login and all its attributes at once."""

from __future__ import annotations

from ...errors import Precondition
from ...steps import Lookup, Step
from . import matching, waits, wire
from . import server_steps as steps
from .server_fields import DEFAULT_TIER, MIN_SIZE
from .server_lookups import wanted_sizing, wanted_zone


def create(change):
    """Tags first, which cost nothing; then the server, whole, in one request."""
    body = dict(steps.attributes(change), **steps.hosts(change))
    body.update(zone=wanted_zone(change), password_delivery=change.new('upcloud.password_delivery') or 'none',
                storage_devices={'storage_device': _devices(change)},
                networking={'interfaces': {'interface': [
                    wire.interface_out(item) for item in change.new('networks')]}})
    sizing = wanted_sizing(change)
    if sizing['plan'] != 'custom':
        body['plan'] = sizing['plan']
    else:
        body.update(core_number=str(sizing['cpu_cores']), memory_amount=str(sizing['memory_mb']))
    if needs_metadata(change):
        body['metadata'] = 'yes'
    if change.new('user_data') is not None:
        body['user_data'] = change.new('user_data')
    if change.new('upcloud.server_group'):
        body['server_group'] = change.new('upcloud.server_group')
    login = _login(change)
    if login:
        body['login_user'] = login
    name = steps.name_of(change)
    return steps.missing_tags(change) + [Step(
        'POST /server', body, 'create server %s in %s (%s)' % (name, body['zone'], told(sizing)), id='create',
        wait=waits.server(steps.ident_of(change), name, 'started'), lookup=Lookup('GET /server', {'hostname': name}),
        secret='user_data' in body or 'remote_access_password' in body)]


def networks(wanted, unwanted):
    """The interfaces of a new server, with their indexes; those that nobody asked for only where they are not unwanted.

    :raises Precondition: when none is left, which UpCloud refuses.
    """
    found = matching.indexed(wanted, [], unwanted) if wanted else [
        item for item in matching.indexed(wire.DEFAULT_NETWORKS, [], ()) if item['index'] not in unwanted]
    if not found:
        raise Precondition('upcloud.remove_networks leaves nothing of what a new server has by itself; say networks',
                           provider='upcloud')
    return found


def told(sizing):
    """Plan, or cores and memory, in words."""
    if sizing['plan'] != 'custom':
        return 'plan %s' % sizing['plan']
    return '%s cores, %s MiB' % (sizing['cpu_cores'], sizing['memory_mb'])


def needs_metadata(change):
    """Whether the template takes its keys from the metadata service and nobody spoke of it."""
    templates = [change.found['template']] + list(change.found['drives'].values())
    return change.new('upcloud.metadata') is None and any(
        item and item.get('template_type') == 'cloud-init' for item in templates)


def _login(change):
    said = {key: value for key, value in (change.new('upcloud.login_user') or {}).items() if value is not None}
    found = {}
    if 'username' in said:
        found['username'] = said['username']
    if 'create_password' in said:
        found['create_password'] = wire.yes_no(said['create_password'])
    if change.new('ssh_keys'):
        found.update(create_password='no', ssh_keys={'ssh_key': list(change.new('ssh_keys'))})
    return found


def _devices(change):
    """The storage devices of a new server: what it boots from first."""
    found, name, plan = [], steps.name_of(change), change.found['plan'] or {}
    template, source = change.found['template'], change.found['source']
    if template:
        size = change.new('size_gb') or wire.number(plan.get('storage_size')) or 0
        size = max(size, wire.number(template.get('size')) or 0, MIN_SIZE)
        found.append({'action': 'clone', 'storage': template['uuid'], 'title': '%s boot' % name, 'size': size,
                      'tier': plan.get('storage_tier') or DEFAULT_TIER})
    found += _clones(source['drives'], change.new('size_gb')) if source else []
    for number, drive in enumerate(change.new('drives') or []):
        found.append(_device(drive, change.found['drives'].get(number)))
    return found


def _clones(drives, boot_size):
    """Clones of the drives of another server, none of which is shared with it."""
    boot = wire.boot_drive(drives)
    return [{'action': 'clone', 'storage': drive['id'], 'title': drive['name'], 'address': drive['device'],
             'size': max(drive['size_gb'], boot_size or 0) if drive is boot else drive['size_gb'],
             'tier': drive['tier'] or DEFAULT_TIER, 'boot_disk': '1' if drive['boot'] else '0'}
            for drive in drives if not matching.is_cdrom(drive)]


def _device(drive, storage):
    """One item of `drives` in the request that makes a server."""
    if storage is None:
        block = {'action': 'create', 'size': drive['size_gb']}
    elif drive.get('image') is not None and not matching.is_cdrom(drive):
        block = {'action': 'clone', 'storage': storage['uuid'],
                 'size': max(drive.get('size_gb') or 0, wire.number(storage.get('size')) or 0, MIN_SIZE)}
    else:
        block = {'action': 'attach', 'storage': storage['uuid'], 'type': drive.get('media') or 'disk'}
    if block['action'] != 'attach':
        block.update(title=drive['name'], tier=drive.get('tier') or DEFAULT_TIER)
        if drive.get('encrypted') is not None:
            block['encrypted'] = wire.yes_no(drive['encrypted'])
        if drive.get('labels'):
            block['labels'] = wire.labels_out(wire.texts(drive['labels']))
        if drive.get('backup_rule'):
            block['backup_rule'] = wire.rule_out(drive['backup_rule'])
    if drive.get('device') is not None:
        block['address'] = drive['device']
    if drive.get('boot') is not None:
        block['boot_disk'] = '1' if drive['boot'] else '0'
    return block
