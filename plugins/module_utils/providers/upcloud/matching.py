# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How wanted drives and interfaces meet those that a server has. Both options add and change; neither removes."""

from __future__ import annotations

import itertools

from ...errors import Malformed
from . import wire

# Parts of a drive that cannot be changed once it is attached, and what to do instead.
FIXED = {'tier': 'a storage keeps its tier', 'encrypted': 'a storage keeps its encryption',
         'device': 'detach it with upcloud.detach_drives first', 'boot': 'use upcloud.boot_order'}


def is_cdrom(drive):
    """Whether a wanted or current drive is a CD-ROM."""
    return drive.get('media') == 'cdrom'


def drive_for(wanted, drives):
    """The current drive that a wanted one means, or None: by its id, else by its name; a CD-ROM by its contents."""
    for drive in drives or []:
        if is_cdrom(wanted) != is_cdrom(drive):
            continue
        if is_cdrom(wanted):
            meant = (wanted.get('id') or wanted.get('image')).lower()
            if drive['id'] is not None and meant in (drive['id'], str(drive['name']).lower()):
                return drive
        elif wanted.get('id') is not None:
            if drive['id'] == wanted['id']:
                return drive
        elif drive['name'] == wanted.get('name'):
            return drive
    return None


def _device_fits(wanted, current):
    return current == wanted or str(current).startswith(wanted + ':')


def drive_changes(wanted, current):
    """{part: (current, wanted)} of what differs between a wanted drive and the current one that it means."""
    found = {}
    for key in ('name', 'size_gb', 'tier', 'encrypted', 'boot', 'device', 'labels'):
        value = wanted.get(key)
        if value is None or is_cdrom(wanted):
            continue
        if key == 'labels':
            if current['labels'] is None:
                raise Malformed('the answer does not tell the labels of the drive %s' % current['name'])
            value = {**current['labels'], **wire.texts(value)}
        if key == 'boot' and current['boot'] is None or key == 'encrypted' and current['encrypted'] is None:
            continue
        if value != current[key] and not (key == 'device' and _device_fits(value, current[key])):
            found[key] = (current[key], value)
    return found


def drives_fit(wanted, current):
    """Whether every wanted drive is there as it is wanted."""
    found = [(item, drive_for(item, current)) for item in wanted]
    return all(drive is not None and not drive_changes(item, drive) for item, drive in found)


def _families(addresses):
    return sorted(wire.family_of(item) for item in addresses)


def wanted_addresses(network):
    """The addresses that an item of `networks` asks for."""
    return network.get('addresses') or [{'address': network.get('address')}]


def _meets(wanted, current):
    """Whether a current interface is what an item without an index means."""
    if wanted['type'] != current['type'] or wanted.get('network') not in (None, current['network']):
        return False
    families = set(_families(wanted_addresses(wanted)))
    return not current['addresses'] or bool(families & set(_families(current['addresses'])))


def networks_for(wanted, current):
    """[(item, the current interface that it means, or None)]: by index, else the first free one that meets it."""
    free = list(current or [])
    indexes = {item['index'] for item in wanted if item.get('index') is not None}
    pairs = []
    for item in wanted:
        if item.get('index') is not None:
            found = [each for each in free if each['index'] == item['index']]
        else:
            found = [each for each in free if each['index'] not in indexes and _meets(item, each)]
            # One that has the very address goes before one that only could have it.
            found.sort(key=lambda each: len(missing_addresses(item, each)))
        if found:
            free.remove(found[0])
        pairs.append((item, found[0] if found else None))
    return pairs


def indexed(wanted, current, unwanted):
    """The wanted interfaces, each with an index: that of the one it means, else one that is free and stays so.

    :param unwanted: indexes of which there shall be no interface.
    """
    current = [each for each in current if each['index'] not in unwanted]
    taken = {*unwanted, *(each.get('index') for each in [*wanted, *current])}
    free = (index for index in itertools.count(1) if index not in taken)
    return [dict(item, index=there['index'] if there else item.get('index') or next(free))
            for item, there in networks_for(wanted, current)]


def missing_addresses(wanted, current):
    """The wanted addresses that an interface lacks."""
    there, lacking = list(current['addresses']), []
    for item in sorted(wanted_addresses(wanted), key=lambda each: not each.get('address')):
        found = [each for each in there if wire.family_of(each) == wire.family_of(item)
                 and (not item.get('address') or wire.same_address(item['address'], each['address']))]
        if found:
            there.remove(found[0])
        else:
            lacking.append(item)
    return lacking


def network_changes(wanted, current):
    """{part: wanted} of what differs between an item of `networks` and the interface that it means."""
    found = {key: wanted[key] for key in ('source_ip_filtering', 'bootable')
             if wanted.get(key) is not None and current[key] is not None and wanted[key] != current[key]}
    for key in ('type', 'network'):
        if wanted.get(key) not in (None, current[key]):
            found[key] = wanted[key]
    lacking = missing_addresses(wanted, current)
    if lacking:
        found['addresses'] = lacking
    return found


def networks_fit(wanted, current):
    """Whether every wanted interface is there as it is wanted."""
    return all(found is not None and not network_changes(item, found) for item, found in networks_for(wanted, current))
