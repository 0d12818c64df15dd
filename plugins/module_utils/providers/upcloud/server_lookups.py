# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps of a server need to know of catalogues, storages and tags. Only reads, and only what a change needs.

All of it goes into change.found; what the provider does not have is refused here, before anything is written.
"""

from __future__ import annotations

import re

from ...apply import wait_for
from ...client import nearest
from ...errors import Ambiguous, Auth, Malformed, NotFound, Precondition
from . import matching, waits, wire
from .host_names import called
from .server_fields import MIN_SIZE, UUID

# The label by which the next run finds a drive that was made for a server and not yet attached to it.
MADE_FOR = 'indie-server'
SIZING = ('plan', 'cpu_cores', 'memory_mb')
CATALOGUES = {'zones': 'GET /zone', 'plans': 'GET /plan', 'sizes': 'GET /server_size', 'tags': 'GET /tag'}


def look_up(work, change):
    """Fill change.found."""
    change.found.update(template=None, source=None, plan=None, drives={}, made={}, spelt={}, shared=[])
    if change.deletes:
        if change.options['delete_drives']:
            change.found['shared'] = _shared(work, change)
        return
    if change.creates:
        _source(work, change)
    needed = _needed(change)
    answers = dict(zip(needed, work.client.together(*[(CATALOGUES[name], {}) for name in needed])))
    if 'zones' in needed:
        _require('zone', wanted_zone(change), [zone.get('id') for zone in answers['zones']])
    if 'plans' in needed:
        _plan(change, answers['plans'])
    if 'sizes' in needed:
        _size(change, answers['sizes'])
    if 'tags' in needed:
        there = {tag['name'].lower(): tag['name'] for tag in answers['tags']}
        change.found['spelt'] = {name.lower(): there.get(name.lower()) for name in change.new('tags')}
    if change.creates and change.new('image') is not None:
        change.found['template'] = _template(work, change)
    _drives(work, change)


def wanted_zone(change):
    """The zone of a server that is made: as said, else that of the server that is cloned."""
    return change.new('zone') or (change.found['source'] or {}).get('zone')


def wanted_sizing(change):
    """{plan, cpu_cores, memory_mb} after the change, as far as it is known."""
    source, after = change.found['source'], change.after
    said = {name: after.get(name) for name in SIZING}
    if change.creates and source and not any(said.values()):
        said = {name: source.get(name) for name in SIZING}
    plan = change.found['plan']
    if plan:
        said.update(cpu_cores=wire.number(plan.get('core_number')), memory_mb=wire.number(plan.get('memory_amount')))
    elif not said['plan'] and said['cpu_cores'] and said['memory_mb']:
        said['plan'] = 'custom'
    return said


def _needed(change):
    sized = any(name in change.fields for name in SIZING) or change.creates
    sizing = wanted_sizing(change)
    named = sizing['plan'] not in (None, 'custom')
    needed = ['zones'] if change.creates and wanted_zone(change) else []
    needed += ['plans'] if sized and named else []
    needed += ['sizes'] if sized and not named and sizing['cpu_cores'] and sizing['memory_mb'] else []
    before = {name.lower() for name in (change.before or {}).get('tags') or []}
    return needed + (['tags'] if set(map(str.lower, change.new('tags', []))) - before else [])


def _require(what, wanted, names):
    if wanted not in names:
        raise Precondition('there is no %s %r%s' % (what, wanted, nearest(wanted, names)))


def _plan(change, plans):
    """The plan that is wanted; it has cores and memory of its own, so what is said of them must agree."""
    wanted = wanted_sizing(change)
    _require('plan', wanted['plan'], [plan.get('name') for plan in plans])
    plan = next(plan for plan in plans if plan.get('name') == wanted['plan'])
    own = {'cpu_cores': wire.number(plan.get('core_number')), 'memory_mb': wire.number(plan.get('memory_amount'))}
    # What was there before is no wish.
    wrong = ['%s %s' % (name, change.new(name)) for name in own
             if name in change.fields and change.new(name) != own[name]]
    if wrong:
        raise Precondition('the plan %s has %d cores and %d MiB, which contradicts %s; use plan: custom for other sizes'
                           % (wanted['plan'], own['cpu_cores'], own['memory_mb'], ' and '.join(wrong)))
    change.found['plan'] = plan


def _size(change, sizes):
    """Refuse cores and memory that are not offered together."""
    wanted = wanted_sizing(change)
    pair = (wanted['cpu_cores'], wanted['memory_mb'])
    offered = {(wire.number(size.get('core_number')), wire.number(size.get('memory_amount'))) for size in sizes}
    if pair in offered:
        return
    near = sorted(offered, key=lambda each: (abs(each[0] - pair[0]), abs(each[1] - pair[1]), each))[:3]
    raise Precondition('%d cores with %d MiB are not offered; the nearest it has: %s' % (
        pair + (', '.join('%d cores with %d MiB' % each for each in near),)))


def pick(what, items, wanted):
    """The one storage with that UUID or title; what it has instead is told."""
    found = [item for item in items if wanted in (item.get('uuid'), item.get('title'))]
    found = found or [item for item in items if str(item.get('title')).lower() == wanted.lower()]
    if len(found) > 1:
        raise Ambiguous('%d have the title %r: %s; name the one that is meant by UUID' % (
            len(found), wanted, ', '.join(sorted(str(item.get('uuid')) for item in found))))
    if not found:
        raise Precondition('there is no %s %r%s' % (what, wanted, nearest(
            wanted, [item.get('title') for item in items])))
    return found[0]


def _templates(work, change):
    if 'templates' not in change.found:
        change.found['templates'] = work.client.pages('GET /storage/template')
    return change.found['templates']


def _template(work, change):
    """The template that is wanted, with what it needs."""
    template = pick('image', _templates(work, change), change.new('image'))
    size = change.new('size_gb')
    least = max(wire.number(template.get('size')) or 0, MIN_SIZE)
    if size is not None and size < least:
        raise Precondition('size_gb must be at least %d for the image %s, not %d' % (least, template['title'], size))
    _cloud_init(change, template)
    return template


def _cloud_init(change, template):
    """A cloud-init template takes its keys from the metadata service, so it needs both."""
    if template.get('template_type') != 'cloud-init':
        return
    if change.new('upcloud.metadata') is False:
        raise Precondition('the image %s is a cloud-init template and needs upcloud.metadata: true' % template['title'])
    if not change.new('ssh_keys'):
        raise Precondition('the image %s is a cloud-init template, which knows no password: it needs ssh_keys'
                           % template['title'])


def _source(work, change):
    """The server that is to be cloned, as its details have it."""
    wanted = change.new('clone_from')
    if wanted is None:
        return
    servers = work.client.call('GET /server')
    found = next((raw for raw in servers if raw.get('uuid') == wanted), None) or called(servers, wanted, 'clone_from')
    raw = work.client.find('GET /server/{uuid}', uuid=found['uuid']) if found else None
    if raw is None:
        raise Precondition('clone_from: there is no server %r%s' % (
            wanted, nearest(wanted, [raw.get('hostname') for raw in servers])))
    change.found['source'] = source = wire.server_in(raw)
    if not any(not matching.is_cdrom(drive) for drive in source['drives']):
        raise Precondition('clone_from: the server %r has no drives' % wanted)
    if change.new('zone') not in (None, source['zone']):
        raise Precondition('clone_from: the server %r is in zone %s; a clone must be in the same zone'
                           % (wanted, source['zone']))


def _drives(work, change):
    """{number of a wanted drive: storage} of those that are there already, to be attached, cloned or loaded."""
    current = (change.before or {}).get('drives') or []
    wanted = [(number, drive) for number, drive in enumerate(change.new('drives') or [])
              if matching.drive_for(drive, current) is None]
    for number, drive in wanted:
        if matching.is_cdrom(drive):
            change.found['drives'][number] = _cdrom(work, drive)
        elif drive.get('id') is not None:
            change.found['drives'][number] = _storage(work, change, drive['id'])
        elif drive.get('image') is not None:
            change.found['drives'][number] = _image(work, change, drive)
    if not change.creates and any(drive.get('id') is None and not matching.is_cdrom(drive) for dummy, drive in wanted):
        change.found['made'] = _made(work, change)


def _cdrom(work, drive):
    wanted = drive.get('id') or drive['image']
    if drive.get('id') is not None:
        return {'uuid': wanted}
    return pick('CD-ROM', work.client.pages('GET /storage/cdrom'), wanted)


def _storage(work, change, ident):
    """A storage that is to be attached: it must be there, in this zone, and free."""
    storage = work.client.find('GET /storage/{uuid}', uuid=ident)
    if storage is None:
        raise Precondition('drives: there is no storage %s' % ident)
    zone = wanted_zone(change) if change.creates else change.before['zone']
    if storage.get('zone') not in (None, zone):
        raise Precondition('drives: the storage %s is in zone %s, the server in %s' % (ident, storage['zone'], zone))
    others = [uuid for uuid in wire.listed(storage.get('servers'), 'server') if uuid != change.id]
    if others:
        raise Precondition('drives: the storage %s is attached to server %s; detach it there first'
                           % (ident, ', '.join(others)))
    return storage


def _image(work, change, drive):
    """What a drive is to be a clone of: a template, or any storage of the account."""
    if not change.creates:
        raise Precondition('drives: %s is to be a clone, which can only be made together with the server; clone the '
                           'storage first and name it by id' % drive['name'])
    wanted = drive['image']
    templates = _templates(work, change)
    if any(wanted.lower() in (item.get('uuid'), str(item.get('title')).lower()) for item in templates):
        storage = pick('image', templates, wanted)
        _cloud_init(change, storage)
    elif re.fullmatch(UUID, wanted):
        storage = work.client.find('GET /storage/{uuid}', uuid=wanted)
        if storage is None:
            raise Precondition('drives: there is no storage %s' % wanted)
    else:
        storage = pick('image', templates + [item for item in work.client.pages('GET /storage/private')
                                             if item.get('type') == 'normal'], wanted)
    size = drive.get('size_gb')
    if size is not None and size < (wire.number(storage.get('size')) or 0):
        raise Precondition('drives: %s must have at least %s GiB, as what it is a clone of' % (
            drive['name'], storage['size']))
    return storage


def _made(work, change):
    """{title: storage} of those that an earlier run made for this server and did not attach."""
    attached = {drive['id'] for drive in change.before['drives']}
    found = {}
    for storage in work.client.pages('GET /storage/private', label='%s=%s' % (MADE_FOR, change.id)):
        labels = wire.labels_told(storage)
        if labels is None:
            # It could be one of them, and another would be made.
            raise Malformed('the answer does not tell the labels of the drive %s' % storage.get('title'))
        if labels.get(MADE_FOR) != change.id or storage.get('uuid') in attached:
            continue
        if storage.get('title') in found:
            raise Ambiguous('drives: two storages %r were made for this server: %s and %s; delete one' % (
                storage['title'], found[storage['title']]['uuid'], storage['uuid']))
        found[storage.get('title')] = storage
        if storage.get('state') != 'online' and not work.check_mode:
            wait_for(work, waits.storage(storage['uuid'], storage['title']))
    return found


def _shared(work, change):
    """Devices whose storages must outlive the server: attached elsewhere too, CD-ROMs, or another account's."""
    drives = [drive for drive in change.before['drives'] if drive['id'] is not None]
    answers = work.client.call_many([('GET /storage/{uuid}', {'uuid': drive['id']}) for drive in drives]) \
        if drives else []
    found = []
    for drive, storage in zip(drives, answers):
        if isinstance(storage, Exception) and not isinstance(storage, Auth):
            raise storage
        if storage is None or not isinstance(storage, Exception) and storage.get('access') == 'public':
            continue
        foreign = isinstance(storage, Exception)
        if foreign or matching.is_cdrom(drive) or set(wire.listed(storage.get('servers'), 'server')) - {change.id}:
            found.append(drive)
    return found


def by_host_name(work, options):
    """{name: UUID} of the servers that servers or remove_servers has by their host names, as they are spelt there."""
    given = [(side, name) for side in ('servers', 'remove_servers') for name in options.get(side) or []
             if not re.fullmatch(UUID, name)]
    if not given:
        return {}
    servers, names = work.client.call('GET /server'), {}
    for side, name in given:
        found = called(servers, name, side)
        if found is None:
            raise NotFound('%s: there is no server %r%s' % (side, name, nearest(
                name, [server.get('hostname') for server in servers])))
        names[name] = found['uuid']
    return names


def known_zone(work, zone):
    """:raises Precondition: when UpCloud has no such zone; it names the nearest ones."""
    _require('zone', zone, [item.get('id') for item in work.client.call('GET /zone')])
