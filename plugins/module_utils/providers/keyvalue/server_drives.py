# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives as far as servers need them: the one that is made from an image, and those that a server leaves behind.

The drive made from an image has a name that follows from the server's and the image, and that says so as long as no
server has used it: by that a run finds what an interrupted one made. It gets its plain name once the server is there,
if need be by a later run, so one that a deleted server left is never taken for it.
"""

from __future__ import annotations

import hashlib
import re

from ...client import nearest
from ...errors import Ambiguous, Precondition
from ...steps import Step
from .client import UUID
from .server_wire import PLACES, drives_of
from .text import plain
from .waits import DRIVE_INFO, drive_wait, filling, users_of

GIB = 1024 ** 3
RENAME = 'POST /drives/{uuid}/set'
# How the name of a drive says that no server has used it yet, and that nothing was written to it; with a mark of what
# it is made of.
UNUSED, EMPTY = 'unused', 'empty'
STAGED = re.compile(r'(.+) \((%s|%s), [0-9a-f]{8}\)' % (UNUSED, EMPTY))


def name_of(drive):
    return plain(drive.get('name')) or ''


def staged(name, stage, source):
    """The name of a drive that is made of another one, as long as no server has used it."""
    return '%s (%s, %s)' % (name, stage, hashlib.sha256(source.lower().encode()).hexdigest()[:8])


def stage_of(drive):
    """(plain name, stage) of a drive whose name tells its stage, else (name, None)."""
    match = STAGED.fullmatch(name_of(drive))
    return match.groups() if match else (name_of(drive), None)


def as_it_is(work, drive):
    """The drive that was waited for, read now that no other run can be at it: one may have been since that look."""
    return work.client.find(DRIVE_INFO, uuid=drive['drive']) or drive


def media_of(drive):
    """'disk' or 'cdrom'; one API calls it media, the other type."""
    return 'cdrom' if 'cdrom' in (drive.get('media'), drive.get('type')) else 'disk'


def size_of(drive):
    """Bytes."""
    return int(drive.get('size') or 0)


def busy(drive):
    """Whether something fills the drive, or uses it."""
    return filling(drive) or bool(drive.get('claimed'))


def gib(size):
    """Bytes as GiB, a whole number where it is one."""
    value = round(size / GIB, 3)
    return int(value) if value == int(value) else value


def drive_named(name, drives, what):
    """The one drive of that name or id among drives.

    :raises Precondition: when there is none; Ambiguous when there are several.
    """
    found = [drive for drive in drives if name in (name_of(drive), drive['drive'])]
    if len(found) > 1:
        raise Ambiguous('%d drives have the name %r: %s; give the id of the one that is meant'
                        % (len(found), name, ', '.join(sorted(drive['drive'] for drive in found))))
    if not found:
        raise Precondition('there is no %s %r%s' % (what, name, nearest(name, [name_of(each) for each in drives])))
    return found[0]


def unused_drive(names, mine, servers):
    """The account's drive of one of these names that no server uses, or None.

    :raises Ambiguous: when there are several; Precondition when it is one whose filling failed.
    """
    found = [drive for drive in mine if name_of(drive) in names and not _used(drive, servers)]
    if len(found) > 1:
        raise Ambiguous('%d drives are there from earlier runs (%s): %s; remove or rename those that are not meant' % (
            len(found), ', '.join(sorted({name_of(drive) for drive in found})),
            ', '.join(sorted(drive['drive'] for drive in found))))
    for drive in found:
        if drive.get('status') == 'inactive':
            raise Precondition('drive %s, %s, is inactive, so it was not filled; remove it and run this again'
                               % (drive['drive'], name_of(drive)))
    return found[0] if found else None


def _used(drive, servers):
    """Whether one of the servers has the drive, or any runs on it."""
    return bool(users_of(drive)) or any(drive['drive'] == each['id'] for raw in servers for each in drives_of(raw))


def used_unnamed(raw, mine):
    """Drives of a server whose name still says that no server has used them."""
    held = {each['id'] for each in drives_of(raw)}
    return [drive for drive in mine if drive['drive'] in held and stage_of(drive)[1]]


def filled_step(drive):
    """A step that only waits until nothing fills the drive any more."""
    uuid = drive['drive']
    return Step(DRIVE_INFO, {'uuid': uuid}, 'wait until drive %s is filled' % uuid, id='filled ' + uuid, writes=False,
                wait=drive_wait(uuid, 'drive ' + uuid))


def rename(uuid, name, lasting=False, still=True):
    """The step that gives a drive a name. The plain one comes last, and is not worth failing for while a server still
    has the drive."""
    refused = ('missing',) + (('busy', 'usage', 'failed', 'method') if still else ())
    more = {} if not lasting else {'fallback': (refused, ())}
    return Step(RENAME, {'uuid': uuid, 'name': name}, 'name the drive %s' % name,
                id='name ' + name, **more)


def plain_names(drives, still=True):
    """Steps that give drives that a server uses their plain names."""
    return [rename(drive['drive'], stage_of(drive)[0], lasting=True, still=still) for drive in drives]


class SystemDrive:
    """The drive that a new server starts from, made from an image.

    A subclass gives STANDARD, the operation that lists the provider's own images, and steps().
    """

    STANDARD = ''

    def __init__(self, crossing, work, change):
        own = change.new(crossing.provider + '.image_drive') or {}
        self.own = {key: value for key, value in own.items() if value is not None}
        self.device = self.own.get('device') or PLACES[0]
        self.name = self.own.get('name') or '%s system' % change.new('name')
        self.journal = change.journal or {}
        self.mine = crossing.drives(work)
        self.image = self._image(work, change.new('image'))
        wanted = change.new('size_gb')
        self.size = wanted * GIB if wanted else self.needed()
        if self.size < self.needed():
            raise Precondition('size_gb: image %s needs %s GiB, and %s is less' % (
                name_of(self.image), gib(self.needed()), wanted), provider=crossing.provider)
        self.found = self._found(crossing.servers(work))
        for drive in self.mine:
            if stage_of(drive) == (self.name, UNUSED) and drive is not self.found \
                    and not _used(drive, crossing.servers(work)):
                change.notes.append('drive %s, %s, is there from an earlier run with another image; it is not used, '
                                    'and may be removed' % (drive['drive'], name_of(drive)))
        if self.found:
            change.notes.append('drive %s, %s, is there from an earlier run; it is used, and no other is made'
                                % (self.found['drive'], name_of(self.found)))

    def _image(self, work, wanted):
        """The drive that is the image: the provider's, the account's, or another's that may be read."""
        known = work.client.call(self.STANDARD) + self.mine
        if UUID.fullmatch(wanted):
            wanted = wanted.lower()
            read = None if any(each['drive'] == wanted for each in known) \
                else work.client.find(DRIVE_INFO, uuid=wanted)
            known += [read] if read else []
        image = drive_named(wanted, known, 'image')
        if media_of(image) == 'cdrom':
            raise Precondition('image %s is a CD; attach it with drives, as media: cdrom' % name_of(image))
        return image

    def needed(self):
        """The fewest bytes that the image fits in."""
        return size_of(self.image)

    @property
    def filled_name(self):
        """The name of the drive while it holds the image, and no server has used it."""
        return staged(self.name, UNUSED, self.image['drive'])

    def left_behind(self, servers):
        """The drive that an earlier run made of this image, or None."""
        return unused_drive((self.filled_name,), self.mine, servers)

    def _found(self, servers):
        drive = self.left_behind(servers)
        if drive is not None and size_of(drive) < self.size:
            raise Precondition('drive %s, %s, is there from an earlier run and has only %s GiB; remove or rename it'
                               % (drive['drive'], name_of(drive), gib(size_of(drive))))
        return drive

    def steps(self):
        """(steps, the drive's UUID or a Ref to it, steps for when the server is there)."""
        raise NotImplementedError

    @staticmethod
    def rest(steps, drive):
        """Those of the steps of a handle that are still to do with the drive that it waited for."""
        return steps

    @staticmethod
    def recover(work, step):
        """The answer of a step of this drive whose answer was lost, or None."""
        return

    @classmethod
    def by_name(cls, work, names, known):
        """{name: {id, media}} of the account's drives, which are known, and the provider's."""
        if not set(names) <= {name_of(drive) for drive in known}:
            known = known + work.client.call(cls.STANDARD)
        found = {name: drive_named(name, known, 'drive') for name in names}
        return {name: {'id': drive['drive'], 'media': media_of(drive)} for name, drive in found.items()}


def kept_drives(work, raw, servers, delete):
    """What becomes of a server's drives: {'kept': as the result shows them, 'doomed': drives to destroy, 'unnamed':
    those whose name still says that no server has used them}.

    :param servers: all of them, where drives are to be destroyed: one that another has too never is.
    """
    mine = {drive['drive']: drive for drive in work.client.call('GET /drives/info')}
    others = {}
    for other in servers:
        if other.get('server') != raw['server']:
            others.update((drive['id'], other['server']) for drive in drives_of(other))
    found = {'kept': [], 'doomed': [], 'unnamed': used_unnamed(raw, mine.values())}
    for each in drives_of(raw):
        drive = mine.get(each['id'])
        if drive is None:
            # A standard CD, or another's: not billed to this account.
            continue
        reason = _why_kept(drive, raw, others, delete)
        if reason is None:
            found['doomed'].append(drive)
        else:
            found['kept'].append({'id': drive['drive'], 'name': stage_of(drive)[0],
                                  'size_gb': -(-size_of(drive) // GIB), 'reason': reason})
    return found


def _why_kept(drive, raw, others, delete):
    if not delete:
        return 'delete_drives is false'
    if drive.get('user') != raw.get('user'):
        return 'it belongs to another user'
    if drive.get('claim:type') == 'shared':
        return 'it is shared'
    if drive['drive'] in others:
        return 'server %s has it too' % others[drive['drive']]
    return None
