# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Storages: lists, details, create, modify, delete, favourites, and how they are shown."""

from __future__ import annotations

import re

from . import catalogue, checks
from .errors import Refused
from .networks import zone_of

ACCESS, TYPES = ('public', 'private'), ('normal', 'backup', 'cdrom', 'template')
SORTED_BY = ('created', 'size', 'title', 'type')
HOUR = re.compile(r'([01]\d|2[0-3])[0-5]\d')
INTERVALS = ('daily', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
MAX_SIZE, MAX_RETENTION = 4096, 1095
# Where new backups of a storage come in, the latest last.
POLICIES = ('keep', 'keep_latest', 'delete')


def new_storage(cloud, zone, title, size, tier, **fields):
    """A storage record of the account's, with what nobody gave."""
    storage = {'uuid': cloud.uuid('01'), 'title': title, 'access': 'private', 'type': 'normal', 'state': 'online',
               'size': size, 'tier': tier, 'zone': zone, 'license': 0, 'encrypted': 'no', 'labels': [],
               'part_of_plan': 'no', 'created': cloud.timestamp(), 'backup_rule': {}, 'favorite': False,
               'linux': False, 'job': None, 'began': None}
    storage.update(fields)
    return storage


def progress(cloud, thing):
    """How far a job is, in percent."""
    seconds = cloud.world.job_seconds or 1
    return str(max(0, min(99, int((cloud.world.now() - thing['began']) / seconds * 100))))


def servers_of(cloud, storage):
    """The servers to which a storage is attached."""
    return [server for server in cloud.servers.values()
            if any(device['storage'] == storage['uuid'] for device in server['devices'])]


def backups_of(cloud, storage):
    """The backups of a storage, oldest first."""
    return [item for item in cloud.storages.values() if item.get('origin') == storage['uuid']]


def view(cloud, storage, full=True):
    """A storage as the API shows it; lists leave out what `full` adds."""
    found = {key: storage[key] for key in ('uuid', 'title', 'access', 'type', 'state', 'size', 'license', 'encrypted',
                                           'labels', 'created')}
    for key in ('tier', 'zone', 'part_of_plan', 'template_type', 'origin'):
        if storage.get(key):
            found[key] = storage[key]
    if storage.get('began') is not None and storage['state'] == 'maintenance':
        found['progress'] = progress(cloud, storage)
    if full:
        found['backup_rule'] = storage['backup_rule']
        found['backups'] = {'backup': [item['uuid'] for item in backups_of(cloud, storage)]}
        found['servers'] = {'server': [server['uuid'] for server in servers_of(cloud, storage)]}
    return found


def find(cloud, uuid):
    """The storage of that id."""
    return cloud.find(cloud.storages, uuid, 'STORAGE')


def find_own(cloud, uuid):
    """The storage of that id, which must not be a public one."""
    storage = find(cloud, uuid)
    if storage['access'] == 'public':
        raise Refused('STORAGE_FORBIDDEN', 'A public storage cannot be changed.')
    return storage


def require_online(storage, *others):
    """Refuse when the storage is busy."""
    if storage['state'] not in ('online',) + others:
        raise Refused('STORAGE_STATE_ILLEGAL', 'The storage is in state %s.' % storage['state'])


def require_no_running_server(cloud, storage, code='STORAGE_ATTACHED'):
    """Refuse when the storage is attached to a server that isn't stopped."""
    if any(server['state'] != 'stopped' for server in servers_of(cloud, storage)):
        raise Refused(code, 'The storage is attached to a server that is not stopped.')


def tier_of(block, default=catalogue.DEFAULT_TIER):
    """The tier that a request names."""
    return checks.one_of(block.get('tier') or default, catalogue.TIERS, 'TIER_INVALID')


def backup_rule(value):
    """A backup rule, checked; an empty one is none."""
    if not isinstance(value, dict):
        raise Refused('BACKUP_RULE_INVALID')
    if not value:
        return {}
    if set(value) - {'interval', 'time', 'retention'}:
        raise Refused('BACKUP_RULE_INVALID', 'A backup rule has interval, time and retention.')
    for name, prefix in (('interval', 'INTERVAL'), ('time', 'HOUR'), ('retention', 'RETENTION')):
        if name not in value:
            raise Refused(prefix + '_MISSING')
    return {'interval': checks.one_of(value['interval'], INTERVALS, 'INTERVAL_INVALID'),
            'time': checks.matching(value['time'], HOUR, 'HOUR_INVALID'),
            'retention': str(checks.number(value['retention'], 'RETENTION_INVALID', 1, MAX_RETENTION))}


def _require_no_conflict(cloud, storage, rule):
    """Refuse a backup rule beside the simple backup of a server."""
    if rule and any(server['simple_backup'] != 'no' for server in servers_of(cloud, storage)):
        raise Refused('BACKUP_RULE_CONFLICT')


# -- operations ----------------------------------------------------------------------------------------------------
def _selection(cloud, words):
    """A test of a storage against the words of a path or of parameters: access, type, favourite."""
    tests = []
    for word in words:
        if word in ACCESS:
            tests.append(lambda storage, word=word: storage['access'] == word)
        elif word in TYPES:
            tests.append(lambda storage, word=word: storage['type'] == word)
        elif word == 'favorite':
            tests.append(lambda storage: storage['favorite'])
    return lambda storage: all(test(storage) for test in tests)


def list_storages(cloud, call, *words):
    """GET /storage and the lists below it, a page at a time."""
    limit = checks.number(call.parameter('limit', cloud.settings['page_size']), 'LIMIT_INVALID', 1)
    offset = checks.number(call.parameter('offset', '0'), 'OFFSET_INVALID')
    words = list(words)
    for name, allowed in (('access', ACCESS), ('type', TYPES)):
        if call.parameter(name):
            words.append(checks.one_of(call.parameter(name), allowed, '%s_INVALID' % name.upper()))
    if call.parameter('favorite') in ('yes', 'true', '1'):
        words.append('favorite')
    chosen, matches = _selection(cloud, words), checks.label_filter(call)
    search = call.parameter('search', '').lower()
    found = [storage for storage in cloud.storages.values() if chosen(storage) and matches(storage)
             and (search in storage['title'].lower() or search in storage['uuid'])]
    if call.parameter('sort_by'):
        key = checks.one_of(call.parameter('sort_by'), SORTED_BY, 'SORT_BY_INVALID')
        order = checks.one_of(call.parameter('order_by', 'asc'), ('asc', 'desc'), 'ORDER_BY_INVALID')
        found.sort(key=lambda storage: storage[key], reverse=order == 'desc')
    return {'storages': {'storage': [view(cloud, storage, full=False) for storage in found[offset:offset + limit]]}}


def selected(*words):
    """The handler of a list below /storage."""
    return lambda cloud, call: list_storages(cloud, call, *words)


def show(cloud, call, uuid):
    """GET /storage/{uuid}."""
    return {'storage': view(cloud, find(cloud, uuid))}


def create(cloud, call):
    """POST /storage."""
    block = cloud.body(call, 'storage')
    checks.known(block, ('size', 'title', 'zone', 'tier', 'encrypted', 'backup_rule', 'labels'))
    for name in ('size', 'title'):
        if name not in block:
            raise Refused('%s_MISSING' % name.upper())
    storage = new_storage(
        cloud, zone_of(block), checks.text(block['title'], 'TITLE_INVALID', 1),
        checks.number(block['size'], 'SIZE_INVALID', 1, MAX_SIZE), tier_of(block),
        encrypted=checks.yes_no(block.get('encrypted', 'no'), 'ENCRYPTED_INVALID'),
        backup_rule=backup_rule(block.get('backup_rule', {})), labels=checks.labels(block.get('labels', [])))
    cloud.require(**{'storage_' + storage['tier']: storage['size']})
    cloud.storages[storage['uuid']] = storage
    if cloud.job_fault(call):
        storage['state'] = 'maintenance'
        cloud.job(call, storage, lambda: None)
    return 201, {'storage': view(cloud, storage)}


def modify(cloud, call, uuid):
    """PUT /storage/{uuid}."""
    storage = find_own(cloud, uuid)
    block = cloud.body(call, 'storage')
    checks.known(block, ('title', 'size', 'backup_rule', 'labels', 'filesystem_resize', 'uuid'))
    changed = {}
    if 'title' in block:
        changed['title'] = checks.text(block['title'], 'TITLE_INVALID', 1)
    if block.get('size') is not None:
        changed['size'] = checks.number(block['size'], 'SIZE_INVALID', 1, MAX_SIZE)
        if changed['size'] < storage['size']:
            raise Refused('SIZE_INVALID', 'A storage cannot shrink.')
    if 'backup_rule' in block:
        changed['backup_rule'] = backup_rule(block['backup_rule'])
        if storage['type'] != 'normal':
            raise Refused('STORAGE_TYPE_ILLEGAL', 'Only a normal storage has a backup rule.')
        _require_no_conflict(cloud, storage, changed['backup_rule'])
    if 'labels' in block:
        changed['labels'] = checks.labels(block['labels'], storage['labels'])
    require_online(storage)
    grown = changed.get('size', storage['size']) - storage['size']
    if grown:
        if storage['type'] != 'normal':
            raise Refused('STORAGE_TYPE_ILLEGAL', 'Only a normal storage can grow.')
        require_no_running_server(cloud, storage)
        cloud.require(**{'storage_' + storage['tier']: grown})
    storage.update(changed)
    if grown and checks.yes_no(block.get('filesystem_resize', 'no'), 'FILESYSTEM_RESIZE_INVALID') == 'yes':
        from .storage_jobs import grow_filesystem
        return 202, {'storage': view(cloud, storage), 'resize_backup': grow_filesystem(cloud, call, storage)}
    return 202, {'storage': view(cloud, storage)}


def remove(cloud, storage, policy):
    """Take a storage out of the account, and its backups as the policy has it."""
    backups = backups_of(cloud, storage)
    doomed = {'keep': [], 'keep_latest': backups[:-1], 'delete': backups}[policy]
    for item in [storage] + doomed:
        item['job'] = None
        cloud.cancels.pop(item['uuid'], None)
        cloud.imports.pop(item['uuid'], None)
        del cloud.storages[item['uuid']]


def delete(cloud, call, uuid):
    """DELETE /storage/{uuid}."""
    storage = find_own(cloud, uuid)
    policy = checks.one_of(call.parameter('backups', 'keep'), POLICIES, 'BACKUP_DELETION_POLICY_INVALID')
    if storage['state'] not in ('online', 'error'):
        raise Refused('STORAGE_STATE_ILLEGAL', 'The storage is in state %s.' % storage['state'])
    if servers_of(cloud, storage):
        raise Refused('STORAGE_ATTACHED', 'The storage is attached to a server.')
    remove(cloud, storage, policy)


def favor(cloud, call, uuid):
    """POST /storage/{uuid}/favorite."""
    find(cloud, uuid)['favorite'] = True


def unfavor(cloud, call, uuid):
    """DELETE /storage/{uuid}/favorite."""
    find(cloud, uuid)['favorite'] = False
