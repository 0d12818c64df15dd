# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud API 1.3: storages, and how servers are attached to them."""

from __future__ import annotations

from ...operation import WRITE, Operation

DOC = 'UpCloud API 1.3, 9. Storages'
PAGED = 'limit:any offset:any label:any search sort_by order_by type access favorite'
KINDS = ('public', 'private', 'normal', 'backup', 'cdrom', 'template', 'favorite')

# To the link that a direct upload is given; it works once.
UPLOAD = 'PUT {direct_upload_url}'


def _write(name, takes='', **more):
    return Operation(name, WRITE, takes, doc=DOC, **more)


OPERATIONS = (
    Operation('GET /storage', takes=PAGED, answer='storages.storage[]', doc=DOC),
    *(Operation('GET /storage/' + kind, takes=PAGED, answer='storages.storage[]', doc=DOC) for kind in KINDS),
    Operation('GET /storage/{uuid}', answer='storage', about=('uuid', 'uuid'), doc=DOC),
    _write('POST /storage', 'size:any! title! zone! tier encrypted backup_rule:dict labels:list', starts='state',
           envelope='storage', answer='storage'),
    _write('PUT /storage/{uuid}', 'title size:any backup_rule:dict labels:list filesystem_resize', repeat=True,
           starts='state', envelope='storage', answer='storage'),
    _write('DELETE /storage/{uuid}', 'backups', repeat=True, already=('STORAGE_NOT_FOUND',), query=('backups',)),
    _write('POST /storage/{uuid}/resize', starts='state', answer='resize_backup'),
    _write('POST /storage/{uuid}/clone', 'title! zone! tier encrypted', starts='state', envelope='storage',
           answer='storage'),
    _write('POST /storage/{uuid}/cancel', starts='state'),
    _write('POST /storage/{uuid}/templatize', 'title!', starts='state', envelope='storage', answer='storage'),
    _write('POST /storage/{uuid}/backup', 'title!', starts='state', envelope='storage', answer='storage'),
    _write('POST /storage/{uuid}/restore', starts='state'),
    _write('POST /storage/{uuid}/favorite', repeat=True),
    _write('DELETE /storage/{uuid}/favorite', repeat=True),
    Operation('GET /storage/{uuid}/import', answer='storage_import', doc=DOC),
    _write('POST /storage/{uuid}/import', 'source! source_location', starts='state', envelope='storage_import',
           answer='storage_import'),
    _write('POST /storage/{uuid}/import/cancel', starts='state', answer='storage_import'),
    _write(UPLOAD, 'data:any! content_type', body='bytes'),
    _write('POST /server/{uuid}/storage/attach', 'type address storage boot_disk', envelope='storage_device',
           answer='server'),
    _write('POST /server/{uuid}/storage/detach', 'address storage', envelope='storage_device', answer='server',
           repeat=True, already=('DEVICE_ADDRESS_NOT_IN_USE',)),
    _write('POST /server/{uuid}/cdrom/load', 'storage!', envelope='storage_device', answer='server'),
    _write('POST /server/{uuid}/cdrom/eject', repeat=True, answer='server'),
)
