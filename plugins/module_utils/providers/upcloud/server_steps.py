# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that make, change and remove a server: pure functions of a change whose lookups are done."""

from __future__ import annotations

import dataclasses

from ...errors import Precondition
from ...plan import Lookup, Ref, Step, Wait
from . import matching, wire
from .server_fields import DEFAULT_TIER, MIN_SIZE, own_of
from .server_lookups import MADE_FOR, SIZING, storage_wait, wanted_sizing, wanted_zone

# Field -> attribute of the API, of what creating and modifying a server share; and how its value is written.
ATTRIBUTES = {
    'upcloud.title': ('title', str), 'upcloud.boot_order': ('boot_order', str),
    'upcloud.firewall': ('firewall', lambda value: 'on' if value else 'off'),
    'upcloud.metadata': ('metadata', wire.yes_no), 'upcloud.nic_model': ('nic_model', str),
    'upcloud.video_model': ('video_model', str), 'upcloud.timezone': ('timezone', str),
    'upcloud.simple_backup': ('simple_backup', lambda value: 'no' if value.lower() in ('no', 'false') else value),
    'upcloud.remote_access_enabled': ('remote_access_enabled', wire.yes_no),
    'upcloud.remote_access_type': ('remote_access_type', str),
    'vnc_password': ('remote_access_password', str),
    'labels': ('labels', lambda value: {'label': wire.labels_out(value)}),
    'name': ('hostname', str),
}
RECOVERS = 'a server in error comes back by itself as started or stopped; run this again then'


def until(ident, name, *states, **more):
    """The Wait for a server to be in one of the provider's states; an error ends it."""
    return Wait('GET /server/{uuid}', {'uuid': ident}, done={'state': list(states)}, failed={'state': ['error']},
                subject='server %s' % name, **dict({'hint': RECOVERS}, **more))


def name_of(change):
    """The host name, for summaries and titles."""
    return change.new('name') or (change.before or {}).get('name') or change.options.get('name') or change.id


def ident_of(change):
    """The server's UUID, which may only come with the answer to its making."""
    return change.id or Ref('create', ('uuid',))


def hosts(change):
    """What the user says of hosts, for a create or a start."""
    return {key: str(value) for key, value in own_of(change.options).items() if key in ('host', 'avoid_host')}


def _attributes(change):
    """The attributes of the fields that change."""
    return {attribute: write(change.new(field)) for field, (attribute, write) in ATTRIBUTES.items()
            if field in change.fields and change.new(field) is not None}


# -- create -----------------------------------------------------------------------------------------------------------
def create(change):
    """Tags first, which cost nothing; then the server, whole, in one request."""
    body = dict(_attributes(change), **hosts(change))
    body.update(zone=wanted_zone(change), password_delivery=change.new('upcloud.password_delivery') or 'none',
                storage_devices={'storage_device': _devices(change)},
                networking={'interfaces': {'interface': [
                    wire.interface_out(item) for item in change.new('networks') or wire.DEFAULT_NETWORKS]}})
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
    name = name_of(change)
    return _missing_tags(change) + [Step(
        'POST /server', body, 'create server %s in %s (%s)' % (name, body['zone'], told(sizing)), id='create',
        wait=until(ident_of(change), name, 'started'), secret='user_data' in body or 'remote_access_password' in body,
        lookup=Lookup('GET /server', {'hostname': name}))]


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
    found, name, plan = [], name_of(change), change.found['plan'] or {}
    template, source = change.found['template'], change.found['source']
    if template:
        size = change.new('size_gb') or wire.number(plan.get('storage_size')) or 0
        size = max(size, wire.number(template.get('size')) or 0, MIN_SIZE)
        found.append({'action': 'clone', 'storage': template['uuid'], 'title': '%s boot' % name, 'size': size,
                      'tier': plan.get('storage_tier') or DEFAULT_TIER})
    for drive in source['drives'] if source else []:
        if not matching.is_cdrom(drive):
            found.append({'action': 'clone', 'storage': drive['id'], 'title': drive['name'], 'size': drive['size_gb'],
                          'tier': drive['tier'] or DEFAULT_TIER, 'address': drive['device'],
                          'boot_disk': '1' if drive['boot'] else '0'})
    if source and change.new('size_gb'):
        found[0]['size'] = max(found[0]['size'], change.new('size_gb'))
    for number, drive in enumerate(change.new('drives') or []):
        found.append(_device(drive, change.found['drives'].get(number)))
    return found


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
            block['labels'] = wire.labels_out(_texts(drive['labels']))
        if drive.get('backup_rule'):
            block['backup_rule'] = _rule(drive)
    if drive.get('device') is not None:
        block['address'] = drive['device']
    if drive.get('boot') is not None:
        block['boot_disk'] = '1' if drive['boot'] else '0'
    return block


def _rule(drive):
    return dict(drive['backup_rule'], retention=str(drive['backup_rule']['retention']))


def _texts(labels):
    return {key: '' if value is None else str(value) for key, value in labels.items()}


# -- tags -------------------------------------------------------------------------------------------------------------
def _missing_tags(change):
    return [Step('POST /tag', {'name': name}, 'make the tag %s' % name)
            for name in sorted(change.found['spelt']) if change.found['spelt'][name] is None]


def spelt(change):
    """The wanted tags as the account spells them."""
    return [change.found['spelt'].get(name) or name for name in sorted({tag.lower() for tag in change.new('tags', [])})]


def tag(change):
    """Steps that give and take tags, which must be there before they can be given."""
    if 'tags' not in change.fields:
        return []
    steps, name = [], name_of(change)
    current = (change.before or {}).get('tags') or []
    wanted = spelt(change)
    lower = [each.lower() for each in current]
    more = [each for each in wanted if each.lower() not in lower]
    less = [each for each in current if each.lower() not in [item.lower() for item in wanted]]
    if more:
        steps += [] if change.creates else _missing_tags(change)
        steps.append(Step('POST /server/{uuid}/tag/{tags}', {'uuid': ident_of(change), 'tags': ','.join(more)},
                          'tag server %s with %s' % (name, ', '.join(more))))
    if less:
        steps.append(Step('POST /server/{uuid}/untag/{tags}', {'uuid': change.id, 'tags': ','.join(less)},
                          'take the tags %s from server %s' % (', '.join(less), name)))
    return steps


# -- update -----------------------------------------------------------------------------------------------------------
def modify(change):
    """(the step that changes the server's own attributes or None, 'yes', 'stop' or 'try')."""
    body, how = _attributes(change), 'yes'
    before, sizing = change.before, wanted_sizing(change)
    if any(name in change.fields for name in SIZING):
        body['plan'] = sizing['plan']
        if sizing['plan'] == 'custom':
            body.update(core_number=str(sizing['cpu_cores']), memory_amount=str(sizing['memory_mb']))
        pairs = [(sizing[name] or 0, before[name] or 0) for name in ('cpu_cores', 'memory_mb')]
        how = 'stop' if any(new < old for new, old in pairs) else 'try' if any(new > old for new, old in pairs) else how
    if 'upcloud.remote_access_type' in change.fields:
        how = 'stop'
    if not body:
        return None, how
    # No value goes into the summary: some are secret.
    step = Step('PUT /server/{uuid}', dict(body, uuid=change.id),
                'change %s of server %s' % (', '.join(sorted(body)), name_of(change)),
                secret='remote_access_password' in body)
    return step, how


def group(change):
    """Steps that move a server between server groups; it is in one at most."""
    if 'upcloud.server_group' not in change.fields:
        return []
    steps, name = [], name_of(change)
    old, new = change.before.get('upcloud.server_group'), change.new('upcloud.server_group')
    if old:
        steps.append(Step('DELETE /server-group/{uuid}/servers/{server_uuid}', {'uuid': old, 'server_uuid': change.id},
                          'take server %s out of the group %s' % (name, old)))
    if new:
        steps.append(Step('POST /server-group/{uuid}/servers', {'uuid': new, 'server': change.id},
                          'put server %s into the group %s' % (name, new)))
    return steps


def drives(change):
    """(steps for a running server, steps that need it stopped) for drives and the size of the boot drive."""
    hot, cold = [], []
    current = change.before['drives'] or []
    _boot_size(change, current, cold)
    for address in change.new('upcloud.detach_drives') or []:
        drive = next(each for each in current if each['device'] == address)
        step = Step('POST /server/{uuid}/storage/detach', {'uuid': change.id, 'address': address},
                    'detach the drive %s; it is kept' % (drive['name'] or address))
        (cold if matching.is_cdrom(drive) or address.startswith('ide') else hot).append(step)
    for number, drive in enumerate(change.new('drives') or []):
        there = matching.drive_for(drive, current)
        if there is not None:
            _change_drive(drive, there, hot, cold)
        elif matching.is_cdrom(drive):
            _load(change, current, change.found['drives'][number], cold)
        else:
            _attach(change, number, drive, hot, cold)
    return hot, cold


def _grow(drive, size, cold):
    if size < drive['size_gb']:
        raise Precondition('the drive %s has %d GiB, and a drive cannot be made smaller (%d were asked for)'
                           % (drive['name'], drive['size_gb'], size))
    cold.append(Step('PUT /storage/{uuid}', {'uuid': drive['id'], 'size': str(size)},
                     'grow the drive %s from %d to %d GiB' % (drive['name'], drive['size_gb'], size),
                     wait=storage_wait(drive['id'], 'the drive %s' % drive['name'])))


def _boot_size(change, current, cold):
    if 'size_gb' in change.fields:
        drive = wire.boot_drive(current)
        if drive is None or drive['id'] is None:
            raise Precondition('size_gb: the server has no boot drive')
        _grow(drive, change.new('size_gb'), cold)


def _change_drive(drive, there, hot, cold):
    """Steps for a drive that is attached and not as wanted."""
    changes = matching.drive_changes(drive, there)
    fixed = ['%s (%s)' % (key, why) for key, why in matching.FIXED.items() if key in changes]
    if fixed:
        raise Precondition('the drive %s cannot be changed in: %s' % (there['name'], ', '.join(fixed)))
    body = {}
    if 'name' in changes:
        body['title'] = drive['name']
    if 'labels' in changes:
        body['labels'] = wire.labels_out(changes['labels'][1])
    if body:
        hot.append(Step('PUT /storage/{uuid}', dict(body, uuid=there['id']),
                        'change %s of the drive %s' % (', '.join(sorted(body)), there['name'])))
    if 'size_gb' in changes:
        _grow(there, drive['size_gb'], cold)


def _load(change, current, storage, cold):
    """Steps that put a CD-ROM into the server's drive, or give it one."""
    name = storage.get('title') or storage['uuid']
    device = next((drive for drive in current if matching.is_cdrom(drive)), None)
    if device is None:
        cold.append(Step('POST /server/{uuid}/storage/attach', {
            'uuid': change.id, 'type': 'cdrom', 'storage': storage['uuid']}, 'attach the CD-ROM %s' % name))
        return
    if device['id'] is not None:
        cold.append(Step('POST /server/{uuid}/cdrom/eject', {'uuid': change.id},
                         'eject the CD-ROM %s' % device['name']))
    cold.append(Step('POST /server/{uuid}/cdrom/load', {'uuid': change.id, 'storage': storage['uuid']},
                     'load the CD-ROM %s' % name))


def _attach(change, number, drive, hot, cold):
    """Steps that attach a storage, which is made first unless it is there."""
    storage = change.found['drives'].get(number) or change.found['made'].get(drive['name'])
    steps = cold if (drive.get('device') or '').startswith('ide') else hot
    if storage is not None:
        ident, name = storage['uuid'], storage.get('title') or storage['uuid']
        changes = {} if drive.get('id') is None else _unlike(drive, storage)
        if changes:
            steps.append(Step('PUT /storage/{uuid}', dict(changes, uuid=ident), 'change %s of the drive %s' % (
                ', '.join(sorted(changes)), name), wait=storage_wait(ident, 'the drive %s' % name)))
    else:
        name, made = drive['name'], 'drive%d' % number
        if drive.get('size_gb') is None:
            raise Precondition('drives: there is no drive %r and to make one size_gb is needed' % name)
        ident = Ref(made, ('uuid',))
        body = {'title': name, 'size': str(drive['size_gb']), 'tier': drive.get('tier') or DEFAULT_TIER,
                'zone': change.before['zone'],
                'labels': wire.labels_out(dict(_texts(drive.get('labels') or {}), **{MADE_FOR: change.id}))}
        if drive.get('encrypted') is not None:
            body['encrypted'] = wire.yes_no(drive['encrypted'])
        if drive.get('backup_rule'):
            body['backup_rule'] = _rule(drive)
        steps.append(Step('POST /storage', body, 'make the drive %s of %d GiB' % (name, drive['size_gb']), id=made,
                          wait=storage_wait(ident, 'the drive %s' % name)))
    body = {'uuid': change.id, 'type': 'disk', 'storage': ident}
    if drive.get('device') is not None:
        body['address'] = drive['device']
    if drive.get('boot') is not None:
        body['boot_disk'] = '1' if drive['boot'] else '0'
    steps.append(Step('POST /server/{uuid}/storage/attach', body, 'attach the drive %s' % name))


def _unlike(drive, storage):
    """What of a storage that is to be attached is not as wanted; it is detached, so all but a few can be changed."""
    there = {'id': storage['uuid'], 'name': storage.get('title'), 'size_gb': wire.number(storage.get('size')),
             'tier': storage.get('tier'), 'encrypted': wire.truth(storage.get('encrypted')), 'boot': None,
             'device': None, 'labels': wire.labels_in(storage.get('labels'))}
    wanted = {key: value for key, value in drive.items() if key not in ('device', 'boot')}
    found, cold = {}, []
    _change_drive(wanted, there, cold, cold)
    for step in cold:
        found.update(step.parameters)
    return found


def networks(change):
    """Steps for the interfaces; all of them need the server stopped."""
    steps = []
    current = change.before['networks'] or []
    for index in change.new('upcloud.remove_networks') or []:
        interface = next(each for each in current if each['index'] == index)
        steps.append(Step(
            'DELETE /server/{uuid}/networking/interface/{index}', {'uuid': change.id, 'index': str(index)},
            'remove the %s interface %d and release its addresses (%s)' % (
                interface['type'], index, ', '.join(str(item['address']) for item in interface['addresses']) or 'none'),
            destructive=True))
    if 'networks' not in change.fields:
        return steps
    for wanted, there in matching.networks_for(change.new('networks'), current):
        if there is None:
            steps.append(Step('POST /server/{uuid}/networking/interface', dict(
                wire.interface_out(wanted), uuid=change.id), 'add a %s interface' % wanted['type']))
            continue
        changes = matching.network_changes(wanted, there)
        for key in ('type', 'network'):
            if key in changes:
                raise Precondition('networks: the interface %d has %s %s; use upcloud.remove_networks first'
                                   % (there['index'], key, there[key]))
        if changes:
            steps.append(_change_interface(change, changes, there))
    return steps


def _change_interface(change, changes, there):
    body = {key: wire.yes_no(changes[key]) for key in ('source_ip_filtering', 'bootable') if key in changes}
    if 'addresses' in changes:
        kept = [{'family': item['family'], 'address': item['address']} for item in there['addresses']]
        more = wire.interface_out({'type': there['type'], 'addresses': changes['addresses']})['ip_addresses']
        body['ip_addresses'] = {'ip_address': kept + more['ip_address']}
    return Step('PUT /server/{uuid}/networking/interface/{index}',
                dict(body, uuid=change.id, index=str(there['index'])),
                'change %s of the interface %d' % (', '.join(sorted(changes)), there['index']))


# -- power and delete -------------------------------------------------------------------------------------------------
def stop(change):
    """Ask the guest to shut down. The API cuts the power when a time limit that came with that has passed, so one goes
    with it only where the user allows that."""
    name, limit = name_of(change), change.options['stop_timeout']
    if not change.options['force_stop']:
        body, words = {'stop_type': 'soft'}, 'shut down server %s' % name
        more = {'limit': limit, 'hint': 'it was asked to shut down and may still do so; with force_stop: true its '
                                        'power is cut after stop_timeout (%d seconds)' % limit}
    elif own_of(change.options).get('stop_type') == 'hard':
        body, words, more = {'stop_type': 'hard'}, 'cut the power of server %s' % name, {}
    else:
        body = {'stop_type': 'soft', 'timeout': str(limit)}
        words, more = 'shut down server %s, and cut its power after %d seconds' % (name, limit), {}
    ident = ident_of(change)
    return [Step('POST /server/{uuid}/stop', dict(body, uuid=ident), words, id='stop',
                 destructive=change.options['force_stop'], wait=until(ident, name, 'stopped', **more))]


def start(change, always_after=''):
    """Start it, and wait for that here rather than in the API, whose answer might come too late."""
    ident, name = ident_of(change), name_of(change)
    kind = own_of(change.options).get('start_type') or 'async'
    return [Step('POST /server/{uuid}/start', dict(hosts(change), uuid=ident, start_type=kind),
                 'start server %s' % name, id='start', always_after=always_after, wait=until(ident, name, 'started'))]


def cancel(change):
    """Cancel what the server is busy with; one that is being made may go by that."""
    wait = dataclasses.replace(until(change.id, name_of(change), 'stopped', 'started', 'error'), failed={}, gone=True)
    return [Step('POST /server/{uuid}/cancel', {'uuid': change.id}, 'cancel what server %s is busy with'
                 % name_of(change), destructive=True, wait=wait)]


def delete(change):
    """The server, with its drives only where that is wanted; what others need is detached before."""
    steps = [Step('POST /server/{uuid}/storage/detach', {'uuid': change.id, 'address': drive['device']},
                  'detach the drive %s, which is kept: it is not this server\'s alone' % drive['name'])
             for drive in change.found['shared']]
    query, what = {}, ''
    if change.options['delete_drives']:
        backups = own_of(change.options).get('delete_backups') or 'keep'
        query, what = {'storages': '1', 'backups': backups}, ' and its drives (backups: %s)' % backups
    return steps + [Step('DELETE /server/{uuid}', dict(query, uuid=change.id),
                         'delete server %s%s' % (name_of(change), what), destructive=True)]
