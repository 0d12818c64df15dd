# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that change the drives and interfaces of a server that is there."""

from __future__ import annotations

from ...errors import Precondition
from ...steps import Ref, Step
from . import matching, waits, wire
from .server_fields import DEFAULT_TIER
from .server_lookups import MADE_FOR


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
                     wait=waits.storage(drive['id'], drive['name'])))


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
        steps += adapt(drive, storage)
    else:
        name, made = drive['name'], 'drive%d' % number
        if drive.get('size_gb') is None:
            raise Precondition('drives: there is no drive %r and to make one size_gb is needed' % name)
        ident = Ref(made, ('uuid',))
        body = {'title': name, 'size': str(drive['size_gb']), 'tier': drive.get('tier') or DEFAULT_TIER,
                'zone': change.before['zone'],
                'labels': wire.labels_out(dict(wire.texts(drive.get('labels') or {}), **{MADE_FOR: change.id}))}
        if drive.get('encrypted') is not None:
            body['encrypted'] = wire.yes_no(drive['encrypted'])
        if drive.get('backup_rule'):
            body['backup_rule'] = wire.rule_out(drive['backup_rule'])
        steps.append(Step('POST /storage', body, 'make the drive %s of %d GiB' % (name, drive['size_gb']), id=made,
                          wait=waits.storage(ident, name)))
    body = {'uuid': change.id, 'type': 'disk', 'storage': ident}
    if drive.get('device') is not None:
        body['address'] = drive['device']
    if drive.get('boot') is not None:
        body['boot_disk'] = '1' if drive['boot'] else '0'
    steps.append(Step('POST /server/{uuid}/storage/attach', body, 'attach the drive %s' % name))


def adapt(drive, storage):
    """Steps that make a storage as it is wanted before it is attached; until then all but a few parts can change."""
    there = {'id': storage['uuid'], 'name': storage.get('title'), 'size_gb': wire.number(storage.get('size')),
             'tier': storage.get('tier'), 'encrypted': wire.truth(storage.get('encrypted')), 'boot': None,
             'device': None, 'labels': wire.labels_told(storage)}
    steps = []
    _change_drive({key: value for key, value in drive.items() if key not in ('device', 'boot')}, there, steps, steps)
    return steps


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
