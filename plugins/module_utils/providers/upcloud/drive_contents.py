# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps for what is on a storage: imports, uploads, the file system; and how they are given up."""

from __future__ import annotations

import re

from ...errors import JobFailed
from ...steps import Lookup, Ref, Step
from ...transfer import Whole
from . import waits, wire
from .operations_storage import UPLOAD

IMPORT = 'GET /storage/{uuid}/import'
UNDER_WAY = ('prepared', 'pending', 'importing')
# States that need the servers that have the drive to be off.
NEED_STOP = ('imported', 'uploaded', 'filesystem_resized')


class Contents:
    """The part of the crossing that deals with contents; none of it can be read back."""

    def imported(self, change):
        """Steps for state imported: UpCloud fetches the contents."""
        self._off(change, 'to import contents')
        uuid, task = change.id or Ref('create', ('uuid',)), change.found['task']
        name, url = change.new('name') or change.before['name'], change.options['url']
        wait = waits.imported(uuid, 'the drive %s' % name)
        if task is not None and task.get('state') in UNDER_WAY:
            if not _same_location(task, url):
                self.refuse('another import is under way; wait for it, or end it with state: cancelled')
            return [Step(IMPORT, {'uuid': uuid}, 'wait for the import that is under way', id='transfer', writes=False,
                         wait=wait), self._ready(uuid, name)]
        return self._usable(change) + [Step('POST /storage/{uuid}/import', {
            'uuid': uuid, 'source': 'http_import', 'source_location': url}, 'import contents to the drive %s' % name,
            id='transfer', destructive=True, secret=True, wait=wait), self._ready(uuid, name)]

    def uploaded(self, change):
        """Steps for state uploaded: one request with the whole file."""
        self._off(change, 'to upload contents')
        there = change.before['size_gb'] if change.before else wire.number((change.found['source'] or {}).get('size'))
        self.fits(change, (change.new('size_gb') or there) * 1024 ** 3)
        uuid, task = change.id or Ref('create', ('uuid',)), change.found['task']
        name, steps = change.new('name') or change.before['name'], self._usable(change)
        if task is not None and task.get('state') in UNDER_WAY:
            if (change.journal or {}).get('operation') != 'POST /storage/{uuid}/import':
                self.refuse('another import is under way; wait for it, or end it with state: cancelled')
            steps = self._give_up(change, uuid)
        path = change.options['path']
        compression = change.options['compression']
        return steps + [
            Step('POST /storage/{uuid}/import', {'uuid': uuid, 'source': 'direct_upload'},
                 'ask for a link to upload to', id='import', journal=True),
            Step(UPLOAD, {'direct_upload_url': Ref('import', ('direct_upload_url',))},
                 'upload %s to the drive %s' % (path, name), id='transfer', destructive=True,
                 transfer=Whole(path, compression, self.sha256(change)),
                 lookup=Lookup(IMPORT, {}, parameters={'uuid': uuid}),
                 wait=waits.imported(uuid, 'the drive %s' % name)),
            self._ready(uuid, name)]

    @staticmethod
    def _ready(uuid, name):
        return Step('GET /storage/{uuid}', {'uuid': uuid}, 'wait until the drive %s can be used' % name, id='ready',
                    writes=False, wait=waits.storage(uuid, name))

    def _usable(self, change):
        """A step that waits for a drive that is busy with something else."""
        busy = change.before is not None and change.before['provider_state'] != 'online'
        return [self._ready(change.id, change.before['name'])] if busy else []

    def _give_up(self, change, uuid):
        """Steps that end the import that is under way."""
        return [Step('POST /storage/{uuid}/import/cancel', {'uuid': uuid}, 'give up the import that is under way',
                     id='cancel', wait=waits.imported(uuid, 'the drive', ('cancelled', 'completed', 'failed'))),
                self._ready(uuid, change.before['name'])]

    def cancelled(self, change):
        """Steps for state cancelled: what is under way is given up; a drive that was being made goes by that."""
        task = change.found['task']
        if task is not None and task.get('state') in UNDER_WAY:
            return self._give_up(change, change.id)
        if change.before['provider_state'] != 'maintenance':
            return []
        change.after = None
        return [Step('POST /storage/{uuid}/cancel', {'uuid': change.id}, 'give up what is under way; a drive that is '
                     'being made goes by that', id='cancel', destructive=True,
                     wait=waits.storage(change.id, change.before['name'], gone=True))]

    def filesystem_resized(self, change):
        """Steps for state filesystem_resized."""
        self._off(change, 'to resize the file system')
        uuid = change.id or Ref('create', ('uuid',))
        return [Step('POST /storage/{uuid}/resize', {'uuid': uuid}, 'grow the last partition and its file system to '
                     'the end of the drive; a backup made before it stays and is billed', id='filesystem',
                     wait=waits.storage(uuid, change.new('name') or change.before['name']))]

    def told(self, change, answers):
        found = super().told(change, answers)
        backup, task = answers.get('filesystem'), answers.get('transfer.wait')
        if backup:
            found['resize_backup'] = {'id': backup.get('uuid'), 'name': backup.get('title'),
                                      'size_gb': wire.number(backup.get('size'))}
        if change.state == 'imported':
            found['transfer'] = None
            if task:
                wanted, has = self.sha256(change), task.get('sha256sum')
                found['transfer'] = {'path': None, 'bytes': wire.number(task.get('written_bytes')), 'sha256': has,
                                     'resumed_from': 0}
                if wanted not in (None, has):
                    raise JobFailed('the imported contents have the checksum sha256:%s, not sha256:%s' % (has, wanted))
        return found


def _same_location(task, url):
    """Whether an import fetches from that URL. The API masks credentials in it."""
    def plain(text):
        return re.sub('//[^/@]*@', '//', text or '')
    return task.get('source') == 'http_import' and plain(task.get('source_location')) == plain(url)
