# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What takes time with storages: clone, templatise, backup, restore, growing a file system, cancelling."""

from __future__ import annotations

from . import checks, storages
from .errors import Refused
from .networks import zone_of


def busy(cloud, storage, state):
    """Put a storage into a state of work, and say when that began."""
    storage.update(state=state, began=cloud.world.now())


def ready(storage):
    """The work on a storage is done."""
    storage.update(state='online', began=None)


def occupy(source, state):
    """Mark the source of a copy as such; several copies can be made of one source at once."""
    if source['access'] == 'private':
        source['copies'] = source.get('copies', 0) + 1
        source['state'] = state


def free(cloud, source):
    """One copy of a source is finished."""
    if source['access'] == 'private' and source['uuid'] in cloud.storages:
        source['copies'] -= 1
        if not source['copies']:
            ready(source)


def copy(cloud, call, source, new, state):
    """Make `new` from `source`: the one is in maintenance meanwhile, the other in `state`."""
    cloud.require(**({'storage_' + new['tier']: new['size']} if new.get('tier') else {}))
    cloud.storages[new['uuid']] = new
    busy(cloud, new, 'maintenance')
    occupy(source, state)

    def done():
        cloud.cancels.pop(new['uuid'], None)
        free(cloud, source)
        ready(new)

    def failed():
        cloud.cancels.pop(new['uuid'], None)
        free(cloud, source)
        new.update(state='error', began=None)

    def cancelled():
        free(cloud, source)
        storages.remove(cloud, new, 'keep')
    cloud.cancels[new['uuid']] = cancelled
    cloud.job(call, new, done, failed)
    return 201, {'storage': storages.view(cloud, new)}


def inherited(source, *names):
    """The fields that a copy has from its source."""
    return {name: source[name] for name in ('license', 'linux', 'template_type') + names if name in source}


def clone(cloud, call, uuid):
    """POST /storage/{uuid}/clone."""
    source = storages.find(cloud, uuid)
    block = cloud.body(call, 'storage')
    checks.known(block, ('title', 'zone', 'tier', 'encrypted', 'labels'))
    if 'title' not in block:
        raise Refused('TITLE_MISSING')
    new = storages.new_storage(
        cloud, zone_of(block), checks.text(block['title'], 'TITLE_INVALID', 1), source['size'],
        storages.tier_of(block, source.get('tier') or 'maxiops'),
        encrypted=checks.yes_no(block.get('encrypted', source['encrypted']), 'ENCRYPTED_INVALID'),
        labels=checks.labels(block.get('labels', [])), **inherited(source))
    new.pop('template_type', None)
    if source['type'] == 'cdrom':
        raise Refused('STORAGE_TYPE_ILLEGAL', 'A CD-ROM cannot be cloned.')
    storages.require_online(source, 'cloning')
    return copy(cloud, call, source, new, 'cloning')


def cancel(cloud, call, uuid):
    """POST /storage/{uuid}/cancel."""
    storage = storages.find_own(cloud, uuid)
    if storage['state'] != 'maintenance':
        raise Refused('STORAGE_STATE_ILLEGAL', 'The storage is not being made.')
    undo = cloud.cancels.pop(storage['uuid'], None)
    if not undo:
        raise Refused('UNABLE_TO_CANCEL')
    storage['job'] = None
    undo()


def _titled(cloud, call):
    """The title of the new storage that a request names."""
    block = cloud.body(call, 'storage')
    checks.known(block, ('title', 'labels'))
    if 'title' not in block:
        raise Refused('TITLE_MISSING')
    return checks.text(block['title'], 'TITLE_INVALID', 1), checks.labels(block.get('labels', []))


def templatize(cloud, call, uuid):
    """POST /storage/{uuid}/templatize."""
    source = storages.find_own(cloud, uuid)
    title, labels = _titled(cloud, call)
    if source['type'] != 'normal':
        raise Refused('STORAGE_TYPE_ILLEGAL', 'Only a normal storage can become a template.')
    if source['tier'] != 'maxiops':
        raise Refused('STORAGE_TIER_ILLEGAL', 'Only a maxiops storage can become a template.')
    storages.require_online(source, 'cloning')
    storages.require_no_running_server(cloud, source, 'STORAGE_STATE_ILLEGAL')
    fields = inherited(source)
    fields.setdefault('template_type', 'native')
    new = storages.new_storage(cloud, source['zone'], title, source['size'], source['tier'], type='template',
                               labels=labels, encrypted=source['encrypted'], **fields)
    return copy(cloud, call, source, new, 'cloning')


def new_backup(cloud, source, title, labels=()):
    """A backup record of a storage."""
    new = storages.new_storage(cloud, source['zone'], title, source['size'], None, type='backup',
                               origin=source['uuid'], labels=list(labels), encrypted=source['encrypted'],
                               **inherited(source))
    new.pop('template_type', None)
    return new


def backup(cloud, call, uuid):
    """POST /storage/{uuid}/backup."""
    source = storages.find_own(cloud, uuid)
    title, labels = _titled(cloud, call)
    if source['type'] != 'normal':
        raise Refused('STORAGE_TYPE_ILLEGAL', 'Only a normal storage can be backed up.')
    storages.require_online(source)
    return copy(cloud, call, source, new_backup(cloud, source, title, labels), 'backuping')


def restore(cloud, call, uuid):
    """POST /storage/{uuid}/restore."""
    storage = storages.find_own(cloud, uuid)
    if storage['type'] != 'backup':
        raise Refused('STORAGE_TYPE_ILLEGAL', 'Only a backup can be restored.')
    origin = cloud.storages.get(storage['origin'])
    if not origin:
        raise Refused('STORAGE_NOT_FOUND', 'The storage of this backup is gone.')
    storages.require_online(storage)
    storages.require_online(origin)
    storages.require_no_running_server(cloud, origin, 'SERVER_STATE_ILLEGAL')
    busy(cloud, origin, 'maintenance')
    origin['restored_from'] = storage['uuid']
    cloud.job(call, origin, lambda: ready(origin))


def grow_filesystem(cloud, call, storage):
    """Grow the last partition and its file system; the backup made before stays. Returns how it is shown."""
    if cloud.job_fault(call):
        raise Refused('RESIZE_FAILED')
    new = new_backup(cloud, storage, 'Resize Backup')
    cloud.storages[new['uuid']] = new
    return storages.view(cloud, new)


def resize(cloud, call, uuid):
    """POST /storage/{uuid}/resize."""
    storage = storages.find_own(cloud, uuid)
    if storage['type'] != 'normal':
        raise Refused('STORAGE_TYPE_ILLEGAL', 'Only a normal storage can be resized.')
    storages.require_online(storage)
    storages.require_no_running_server(cloud, storage, 'SERVER_STATE_ILLEGAL')
    return {'resize_backup': grow_filesystem(cloud, call, storage)}
