# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""server.snapshot*: images of Miniservers kept in a Memstore."""

from __future__ import annotations

from . import catalogue
from .catalogue import PRODUCTS
from .errors import ApiError, bad, does_not_exist, precondition
from .methods import method
from .parameters import Choice, Name, String

# Paths are relative to the container `miniserver-snapshots`, as the Memstore's own listing has them.
FILES = {'raw': '%s.raw.gz', 'tar': '%s.tar', 'ntfsclone': ''}


def check_image_type(service, image_type):
    """tar is for deprecated Miniservers with Linux, ntfsclone for Windows."""
    windows = catalogue.is_windows(service.server['os'])
    classic = PRODUCTS[service.sku][0] in ('classic', 'hourly')
    if (image_type == 'tar' and (windows or not classic)) or (image_type == 'ntfsclone' and not windows):
        raise bad('image_type', "'%s' is not available for this server." % image_type)


def same_data_zone(service, storage):
    if service.info['data_zone'] != storage.info['data_zone']:
        raise precondition('The server and the storage are in different data zones')


def find_snapshot(storage, path):
    """By the path as listed."""
    return storage.data['snapshots'].get(path)


def find_image(account, os_option):
    """The snapshot of any Memstore that can be ordered under that name."""
    for storage in account.services.values():
        for snapshot in storage.data.get('snapshots', {}).values() if storage.live else ():
            if snapshot['os_option'] == os_option:
                return snapshot
    return None


def add_snapshot(account, storage, server_name, system, image_type='raw', when=None, comment=None):
    """Put a snapshot into a storage; the time is in its path."""
    when = when or account.moment()
    suffix = 0
    while True:
        folder = '%s.%s%s' % (server_name, when.strftime('%Y-%m-%d-%H-%M-%S'), '-%d' % suffix if suffix else '')
        path = folder + (FILES[image_type] and '/' + FILES[image_type] % server_name)
        if path not in storage.data['snapshots']:
            break
        suffix += 1
    storage.data['snapshots'][path] = {
        'snapshot_path': path, 'image_type': image_type,
        'os_type': 'windows' if catalogue.is_windows(system) else 'linux', 'os_option': folder,
        'description': 'Snapshot of %s (%s)' % (server_name, system), 'user_comment': comment or '',
        'last_modified': when, 'os': system}
    return path


@method('server.snapshot', write=True, name=Name(), storage_name=Name(), image_type=Choice('raw', 'tar', 'ntfsclone'))
def snapshot(session, name, storage_name, image_type):
    """Take a snapshot of a Miniserver."""
    account = session.account
    service = account.find_server(name)
    storage = account.service(storage_name, 'cloudstorage')
    if service.type != 'miniserver':
        raise ApiError('MethodNotFound', "Service '%s' doesn't support snapshots" % name)
    check_image_type(service, image_type)
    account.need_live(service, 'taking snapshots')
    account.need_live(storage, 'taking snapshots')
    same_data_zone(service, storage)

    def done():
        add_snapshot(account, storage, name, service.server['os'], image_type)
    return account.start_job(session, 'SNAPSHOT-MINISERVER', service, done, (service.pending, 'snapshot'))


@method('server.snapshot_delete', write=True, storage_name=Name(), snapshot_path=String(max=255))
def snapshot_delete(session, storage_name, snapshot_path):
    """Delete a snapshot."""
    account = session.account
    storage = account.service(storage_name, 'cloudstorage')
    found = find_snapshot(storage, snapshot_path)
    if found is None:
        raise does_not_exist('snapshot', snapshot_path)
    path = found['snapshot_path']

    def done():
        storage.data['snapshots'].pop(path, None)
    return account.start_job(session, 'DELETE-SNAPSHOT', storage, done, (storage.pending, 'delete ' + path))


@method('server.snapshot_list', storage_name=Name())
def snapshot_list(session, storage_name):
    """List the snapshots of a Memstore; none at all is an error."""
    storage = session.account.service(storage_name, 'cloudstorage')
    found = [{key: value for key, value in item.items() if key != 'os'}
             for item in storage.data['snapshots'].values()]
    if not found:
        raise ApiError('DoesNotExist', 'No snapshots found')
    return found
