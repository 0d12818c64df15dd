# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of ElasticHosts that are filled from an image: there is no copy in one request."""

from __future__ import annotations

import dataclasses

from ...errors import Precondition
from ...steps import Lookup, Ref, Step
from ..keyvalue.server_drives import (
    EMPTY,
    RENAME,
    SystemDrive,
    busy,
    filled_step,
    name_of,
    rename,
    size_of,
    stage_of,
    staged,
    unused_drive,
)
from ..keyvalue.waits import DRIVE_INFO, drive_wait, users_of

IMAGE = 'POST /drives/{uuid}/image/{source}[/{conversion}]'


class ImagedDrive(SystemDrive):
    """Created under a name that says that it is empty, filled, and then renamed: a drive of the first name holds
    nothing that could be lost, so it can be filled again, also from another image."""

    STANDARD = 'GET /drives/info/standard'

    @property
    def draft(self):
        return staged(self.name, EMPTY, self.image['drive'])

    def drafts(self):
        """Names of drives that are there and that nothing was written to, or not all of an image, this one's first."""
        found = {name_of(drive) for drive in self.mine if stage_of(drive) == (self.name, EMPTY)}
        return sorted(found, key=lambda name: (name != self.draft, name))

    def config(self):
        """The keys of a new drive but its name and size."""
        return {'tier': self.own.get('tier'), 'tags': self.own.get('tags'), 'avoid': self.own.get('avoid'),
                'encryption:cipher': self.own.get('encryption')}

    def left_behind(self, servers):
        drafts = self.drafts()
        mine = [name for name in drafts if name == self.draft]
        return unused_drive((self.filled_name, *mine), self.mine, servers) or unused_drive(drafts, self.mine, servers)

    def needed(self):
        return int(self.image.get('rawsize') or 0) or size_of(self.image)

    def steps(self):
        if self.found is None:
            return self._new()
        uuid = self.found['drive']
        after = [rename(uuid, self.name, lasting=True)]
        if stage_of(self.found)[1] != EMPTY:
            return ([filled_step(self.found)] if busy(self.found) else []), uuid, after
        noted = self.journal.get('parameters') or {}
        known = self.journal.get('operation') == IMAGE and noted.get('uuid') == uuid \
            and noted.get('source') == self.image['drive']
        same = name_of(self.found) == self.draft
        # Under way from this image, or over: there is only to wait.
        filled = same and (busy(self.found) or known and self.journal.get('answered'))
        steps = [filled_step(self.found)] if busy(self.found) or filled else []
        steps += [] if same else [rename(uuid, self.draft)]
        return steps + ([] if filled else [self._fill(uuid)]) + [rename(uuid, self.filled_name)], uuid, after

    def _new(self):
        keys = dict(self.config(), name=self.draft, size=self.size)
        uuid = Ref('drive', ('drive',))
        create = Step(
            'POST /drives/create', {key: value for key, value in keys.items() if value},
            'create drive %s' % self.name, id='drive', wait=dataclasses.replace(drive_wait(uuid), steady=1),
            lookup=Lookup('GET /drives/info', {'name': self.draft}, key='drive',
                          known=tuple(drive['drive'] for drive in self.mine)))
        return [create, self._fill(uuid), rename(uuid, self.filled_name)], uuid, \
            [rename(uuid, self.name, lasting=True)]

    def _fill(self, uuid):
        users = users_of(self.image) if self.image.get('claim:type') != 'shared' else ()
        if users:
            raise Precondition('image: drive %s, %s, is in use by server %s and cannot be copied; stop that server'
                               % (self.image['drive'], name_of(self.image), ', '.join(users)), provider='elastichosts')
        conversion = {'conversion': 'gunzip'} if self.image.get('format') == 'gzip' else {}
        return Step(IMAGE, dict(conversion, uuid=uuid, source=self.image['drive']),
                    'fill it from image %s' % name_of(self.image), id='image', journal=True,
                    wait=drive_wait(uuid, 'drive ' + self.name))

    @staticmethod
    def rest(steps, drive):
        # Whatever has another name may hold what must not be lost.
        if stage_of(drive)[1] == EMPTY:
            return steps
        place = next((place for place, step in enumerate(steps) if step.id == 'create'), len(steps))
        return [step for step in steps[:place] if step.operation not in (IMAGE, RENAME)] + steps[place:]

    @staticmethod
    def recover(work, step):
        if step.operation != IMAGE:
            return None
        drive = work.client.call(DRIVE_INFO, uuid=step.parameters['uuid'])
        # Nothing uses the drive, so filling it again does no harm.
        return drive if busy(drive) else work.client.call(step.operation, **step.parameters)
