# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports into a storage, from a URL or by upload. A URL is never fetched: what it would give is made up."""

from __future__ import annotations

import hashlib
import json
import urllib.parse

from ...engine import Reply
from . import checks, storage_jobs, storages
from .errors import Refused

UPLOAD_PATH = '/uploader/session/'
UPLOAD = 'PUT {direct_upload_url}'
UPLOAD_SECONDS = 600  # for which an upload link is good
CONTENT_TYPES = ('application/octet-stream', 'application/gzip', 'application/x-xz')
FAKE_BYTES = 1048576
UNDER_WAY = ('prepared', 'pending', 'importing')
SHOWN = ('uuid', 'state', 'source', 'source_location', 'direct_upload_url', 'created', 'completed', 'read_bytes',
         'written_bytes', 'client_content_length', 'client_content_type', 'md5sum', 'sha256sum', 'error_code',
         'error_message')


def view(task):
    """An import as the API shows it."""
    return {'storage_import': {key: task[key] for key in SHOWN if task[key] is not None}}


def _masked(url):
    """The URL without the credentials in it."""
    parts = urllib.parse.urlsplit(url)
    if '@' not in parts.netloc:
        return url
    return parts._replace(netloc='*:*@' + parts.netloc.rpartition('@')[2]).geturl()


def create(cloud, call, uuid):
    """POST /storage/{uuid}/import."""
    storage = storages.find_own(cloud, uuid)
    block = cloud.body(call, 'storage_import')
    checks.known(block, ('source', 'source_location'))
    if 'source' not in block:
        raise Refused('SOURCE_MISSING')
    source = checks.one_of(block['source'], ('http_import', 'direct_upload'), 'SOURCE_INVALID')
    location = block.get('source_location')
    if source == 'http_import':
        if not location:
            raise Refused('SOURCE_LOCATION_MISSING')
        if not isinstance(location, str) or urllib.parse.urlsplit(location).scheme not in ('http', 'https'):
            raise Refused('SOURCE_LOCATION_INVALID')
    if storage['type'] != 'normal':
        raise Refused('STORAGE_TYPE_ILLEGAL')
    storages.require_online(storage)
    storages.require_no_running_server(cloud, storage, 'SERVER_STATE_ILLEGAL')
    task = {'uuid': cloud.uuid('07'), 'storage': storage['uuid'], 'state': 'prepared', 'source': source,
            'source_location': _masked(location) if source == 'http_import' else None, 'direct_upload_url': None,
            'created': cloud.timestamp(), 'completed': '', 'read_bytes': 0, 'written_bytes': 0,
            'client_content_length': 0, 'client_content_type': '', 'md5sum': '', 'sha256sum': '', 'error_code': '',
            'error_message': '', 'job': None, 'expires': cloud.world.now() + UPLOAD_SECONDS}
    cloud.imports[storage['uuid']] = task
    storage_jobs.busy(cloud, storage, 'maintenance')
    if source == 'direct_upload':
        task['direct_upload_url'] = '%s%s%s' % (call.base_url, UPLOAD_PATH, task['uuid'])
        cloud.after(task, UPLOAD_SECONDS, lambda: _finish(cloud, task, 'cancelled'))
    else:
        task.update(state='importing', client_content_length=FAKE_BYTES,
                    client_content_type='application/octet-stream')
        cloud.job(call, task, lambda: _written(cloud, task, location.encode(), FAKE_BYTES),
                  lambda: _finish(cloud, task, 'failed', 'IMPORT_FAILED', 'The source could not be read.'))
    return 201, view(task)


def _written(cloud, task, content, size):
    """The content has arrived."""
    task.update(read_bytes=size, written_bytes=size, md5sum=hashlib.md5(content).hexdigest(),
                sha256sum=hashlib.sha256(content).hexdigest())
    _finish(cloud, task, 'completed')


def _finish(cloud, task, state, code='', message=''):
    """The import is over, and the storage is free again."""
    task.update(state=state, completed=cloud.timestamp(), error_code=code, error_message=message, job=None)
    if task['storage'] in cloud.storages:
        storage_jobs.ready(cloud.storages[task['storage']])


def _find(cloud, uuid):
    storage = storages.find_own(cloud, uuid)
    if storage['uuid'] not in cloud.imports:
        raise Refused('STORAGE_IMPORT_NOT_FOUND')
    return cloud.imports[storage['uuid']]


def show(cloud, call, uuid):
    """GET /storage/{uuid}/import."""
    return view(_find(cloud, uuid))


def cancel(cloud, call, uuid):
    """POST /storage/{uuid}/import/cancel."""
    task = _find(cloud, uuid)
    if task['state'] not in UNDER_WAY:
        raise Refused('STORAGE_IMPORT_NOT_IN_PROGRESS')
    task['state'] = 'cancelling'
    cloud.after(task, cloud.world.job_seconds, lambda: _finish(cloud, task, 'cancelled'))
    return view(task)


def serve_upload(cloud, call):
    """PUT of contents to the link of an import. It needs no credentials, and works once."""
    def action():
        name = call.path.rpartition('/')[2]
        task = next((item for item in cloud.imports.values() if item['uuid'] == name), None)
        if call.method != 'PUT':
            return Reply(405, b'{"error": "method not allowed"}')
        if not task or task['state'] != 'prepared' or cloud.world.now() > task['expires']:
            return Reply(404, b'{"error": "no such upload"}')
        kind = call.headers.get('Content-Type', CONTENT_TYPES[0]).partition(';')[0]
        if kind not in CONTENT_TYPES:
            return Reply(415, b'{"error": "content type not supported"}')
        if len(call.body) > cloud.storages[task['storage']]['size'] * 1024 ** 3:
            _finish(cloud, task, 'failed', 'IMPORT_TOO_LARGE', 'The contents are larger than the storage.')
            return Reply(413, b'{"error": "too large"}')
        task.update(state='importing', client_content_length=len(call.body), client_content_type=kind)
        size, content = len(call.body), call.body
        cloud.job(call, task, lambda: _written(cloud, task, content, size),
                  lambda: _finish(cloud, task, 'failed', 'IMPORT_FAILED', 'The contents could not be written.'))
        sums = {'written_bytes': size, 'md5sum': hashlib.md5(content).hexdigest(),
                'sha256sum': hashlib.sha256(content).hexdigest()}
        return Reply(200, json.dumps(sums).encode())
    try:
        return cloud.perform(call, UPLOAD, True, action)
    except Refused as refusal:
        return Reply(refusal.status, json.dumps(refusal.legacy()).encode())
