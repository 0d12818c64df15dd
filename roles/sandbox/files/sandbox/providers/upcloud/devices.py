# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Storage devices of servers: bus addresses, attaching and detaching, the CD-ROM drive."""

from __future__ import annotations

import re

from . import checks, servers, storages
from .errors import Refused

BUSES = {'virtio': ['virtio:%d' % number for number in range(16)],
         'scsi': ['scsi:0:%d' % number for number in range(16)],
         'ide': ['ide:%d:%d' % (bus, unit) for bus in (0, 1) for unit in (0, 1)]}
ADDRESS = re.compile(r'ide(:[01]:[01])?|scsi(:0:(\d|1[0-5]))?|virtio(:(\d|1[0-5]))?')
MAX_DEVICES = 16
MAX_DEVICES_AND_INTERFACES = 24


def address_for(wanted, kind, taken):
    """The address of a new device: as asked for, or the next free one of its bus."""
    if wanted is None or wanted == '':
        wanted = 'ide' if kind == 'cdrom' else 'virtio'
    checks.matching(wanted, ADDRESS, 'ADDRESS_INVALID')
    if wanted in BUSES:
        free = [address for address in BUSES[wanted] if address not in taken]
        if not free:
            raise Refused('STORAGE_DEVICE_LIMIT_REACHED', 'The bus %s is full.' % wanted)
        return free[0]
    if wanted in taken:
        raise Refused('DEVICE_ADDRESS_IN_USE', '%s is in use.' % wanted)
    return wanted


def boot_flag(value):
    """'0' or '1'."""
    text = str(int(value)) if isinstance(value, bool) else str(value)
    return checks.one_of(text, ('0', '1'), 'BOOT_DISK_INVALID')


def check_attachable(cloud, storage, kind, zone):
    """Refuse to attach what can't be attached as a device of that kind in that zone."""
    if kind == 'disk':
        if storage['access'] == 'public':
            raise Refused('PUBLIC_STORAGE_ATTACH', 'A public storage cannot be attached as a disk.')
        if storage['type'] != 'normal':
            raise Refused('STORAGE_TYPE_ILLEGAL', 'A %s cannot be attached as a disk.' % storage['type'])
    elif storage['type'] not in ('cdrom', 'normal'):
        raise Refused('STORAGE_TYPE_ILLEGAL', 'A %s cannot be loaded as a CD-ROM.' % storage['type'])
    if storage.get('zone', zone) != zone:
        raise Refused('ZONE_MISMATCH', 'The storage is in zone %s.' % storage['zone'])
    if storage['state'] != 'online':
        raise Refused('STORAGE_STATE_ILLEGAL', 'The storage is in state %s.' % storage['state'])
    if storage['type'] == 'normal':
        for server in storages.servers_of(cloud, storage):
            used = next(device['type'] for device in server['devices'] if device['storage'] == storage['uuid'])
            if used != kind:
                raise Refused('STORAGE_ATTACHED_AS_%s' % used.upper())
            if kind == 'disk':
                raise Refused('STORAGE_ATTACHED', 'The storage is attached to server %s.' % server['uuid'])


def new_device(address, storage, kind, boot_disk='0', part_of_plan='no'):
    """A device record."""
    return {'address': address, 'storage': storage['uuid'] if storage else None, 'type': kind,
            'boot_disk': boot_disk, 'part_of_plan': part_of_plan}


def _server(cloud, uuid):
    """The server, which must be started or stopped."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    if server['state'] not in ('started', 'stopped'):
        raise Refused('SERVER_STATE_ILLEGAL', 'The server is in state %s.' % server['state'])
    return server


def attach(cloud, call, uuid):
    """POST /server/{uuid}/storage/attach."""
    server = _server(cloud, uuid)
    block = cloud.body(call, 'storage_device')
    checks.known(block, ('type', 'address', 'storage', 'boot_disk'))
    kind = checks.one_of(block.get('type', 'disk'), ('disk', 'cdrom'), 'TYPE_INVALID')
    storage = None
    if block.get('storage'):
        storage = cloud.find(cloud.storages, block['storage'], 'STORAGE')
    elif kind == 'disk':
        raise Refused('STORAGE_MISSING')
    devices = server['devices']
    if len(devices) >= MAX_DEVICES or len(devices) + len(server['interfaces']) >= MAX_DEVICES_AND_INTERFACES:
        raise Refused('STORAGE_DEVICE_LIMIT_REACHED')
    address = address_for(block.get('address'), kind, [device['address'] for device in devices])
    boot = boot_flag(block.get('boot_disk', '0'))
    if kind == 'cdrom' and any(device['type'] == 'cdrom' for device in devices):
        raise Refused('CDROM_DEVICE_IN_USE', 'The server has a CD-ROM drive.')
    if boot == '1' and any(device['boot_disk'] == '1' for device in devices):
        raise Refused('TOO_MANY_BOOT_DISKS')
    if storage:
        check_attachable(cloud, storage, kind, server['zone'])
        if storage['backup_rule'] and server['simple_backup'] != 'no':
            raise Refused('BACKUP_RULE_CONFLICT')
    _check_hotplug(cloud, call, server, kind, address)
    devices.append(new_device(address, storage, kind, boot))
    return servers.details(cloud, server)


def _check_hotplug(cloud, call, server, kind, address):
    """Refuse to change on a running server what only a stopped one can change."""
    if server['state'] == 'stopped':
        return
    if kind == 'cdrom':
        raise Refused('CDROM_HOTPLUG_UNSUPPORTED')
    if address.startswith('ide'):
        raise Refused('IDE_HOTPLUG_UNSUPPORTED')
    if cloud.job_fault(call):
        raise Refused('HOTPLUG_FAILED')


def detach(cloud, call, uuid):
    """POST /server/{uuid}/storage/detach."""
    server = _server(cloud, uuid)
    block = cloud.body(call, 'storage_device')
    checks.known(block, ('address', 'storage'))
    if block.get('address'):
        address = checks.matching(block['address'], ADDRESS, 'ADDRESS_INVALID')
        device = next((item for item in server['devices'] if item['address'] == address), None)
    elif block.get('storage'):
        storage = checks.identifier(block['storage'], 'STORAGE_INVALID')
        device = next((item for item in server['devices'] if item['storage'] == storage), None)
    else:
        raise Refused('ADDRESS_MISSING')
    if not device:
        raise Refused('DEVICE_ADDRESS_NOT_IN_USE')
    _check_hotplug(cloud, call, server, device['type'], device['address'])
    server['devices'].remove(device)
    return servers.details(cloud, server)


def _drive(server):
    """The CD-ROM device of a server."""
    for device in server['devices']:
        if device['type'] == 'cdrom':
            return device
    raise Refused('NO_CDROM_DEVICE')


def load(cloud, call, uuid):
    """POST /server/{uuid}/cdrom/load."""
    server = _server(cloud, uuid)
    block = cloud.body(call, 'storage_device')
    if not block.get('storage'):
        raise Refused('STORAGE_MISSING')
    storage = cloud.find(cloud.storages, block['storage'], 'STORAGE')
    device = _drive(server)
    if device['storage']:
        raise Refused('CDROM_DEVICE_IN_USE', 'The drive is loaded.')
    check_attachable(cloud, storage, 'cdrom', server['zone'])
    device['storage'] = storage['uuid']
    return servers.details(cloud, server)


def eject(cloud, call, uuid):
    """POST /server/{uuid}/cdrom/eject."""
    server = _server(cloud, uuid)
    device = _drive(server)
    if cloud.job_fault(call):
        raise Refused('CDROM_EJECT_FAILED')
    device['storage'] = None
    return servers.details(cloud, server)
