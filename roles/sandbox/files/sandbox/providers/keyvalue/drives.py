# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drives: their life, their claims, and imaging over time."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from . import wire
from .contents import Contents
from .errors import Refusal, invalid, missing

EVERYONE = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
READ_AT_MOST = 4 * 1024 * 1024
# Sizes are whole multiples of this.
GRAIN = 4 * 1024 * 1024
COUNTERS = {'read:bytes': 4096, 'read:requests': 1, 'write:bytes': 4096, 'write:requests': 1}
CHOICES = {'claim:type': ('exclusive', 'shared'), 'encryption:cipher': ('none', 'aes-xts-plain')}


@dataclass
class Imaging:
    """One drive being filled from another."""

    source: Drive
    conversion: str | None
    seconds: float
    fault: str | None
    started: float | None = None


@dataclass
class Drive:
    """`fields` is what a look at it shows, less what follows from its claims and imaging."""

    fields: dict
    contents: Contents
    standard: bool = False
    claims: dict = field(default_factory=dict)
    imaging: Imaging | None = None
    looked_at: bool = False

    @property
    def id(self):
        return self.fields['drive']

    @property
    def size(self):
        return self.fields['size']

    @property
    def exclusive(self):
        return self.fields.get('claim:type') != 'shared'

    def used_by_servers(self):
        return [token for token in self.claims if ':guest:' in token]


class Drives:
    """All drives of the account, and the standard ones."""

    def __init__(self, provider):
        self._provider = provider
        self._world = provider.world
        self.items: dict[str, Drive] = {}
        self.standard: dict[str, Drive] = {}
        self._queue: list[Drive] = []
        self._running = 0
        for fields in provider.standard_drives:
            self.add_standard(fields)

    def add_standard(self, fields):
        drive = Drive({'user': EVERYONE, 'readers': EVERYONE, 'claim:type': 'shared', 'status': 'active',
                       'encryption:cipher': 'none', **COUNTERS, **fields}, Contents(self._provider.store), True)
        self.standard[drive.id] = drive
        return drive

    def state(self):
        return {'drives': {key: {**self.view(drive, True), 'stored_bytes': drive.contents.used()}
                           for key, drive in self.items.items()},
                'standard_drives': {key: self.view(drive) for key, drive in self.standard.items()}}

    # -- looking --------------------------------------------------------------------------------------------------
    def find(self, identity, standard=False):
        """The drive of that id; of the standard ones too where asked for."""
        drive = self.items.get(identity.lower()) or (self.standard.get(identity.lower()) if standard else None)
        if drive is None:
            raise missing('Drive', identity)
        return drive

    def view(self, drive, full=False):
        """A drive as an answer shows it. `full` is the newer call that tells the percentage."""
        shown = dict(drive.fields)
        if drive.claims:
            shown['claimed'] = ' '.join(drive.claims)
        imaging = self._imaging_shown(drive, full)
        if imaging:
            shown['imaging'] = imaging
        return self._provider.drive_view(drive, shown)

    def _imaging_shown(self, drive, full):
        imaging = drive.imaging
        if imaging is None:
            return None
        if imaging.started is None:
            return 'queued'
        done = (self._world.now() - imaging.started) / imaging.seconds if imaging.seconds else 0.0
        gap = self._provider.settings['imaging_gap']
        if gap and (done < gap or 0.5 <= done < 0.5 + gap):
            return None
        # One that hangs does so in the forties.
        percentage = '%d%%' % min(42 if imaging.fault == 'job_hangs' else 99, int(done * 100))
        return percentage if full or self._provider.settings['imaging_style'] == 'percent' else 'true'

    def list(self, call):
        return wire.Listing(self.items)

    def info(self, call):
        return [self._look(drive) for drive in self.items.values()]

    def info_full(self, call):
        return [self._look(drive, True) for drive in self.items.values()]

    def one(self, call, uuid):
        return self._look(self.find(uuid, True))

    def one_full(self, call, uuid):
        return self._look(self.find(uuid, True), True)

    def _look(self, drive, full=False):
        drive.looked_at = True
        return self.view(drive, full)

    # -- the standard drives --------------------------------------------------------------------------------------
    def _standard(self, kind=None):
        return [drive for drive in self.standard.values() if kind is None or self._provider.medium(drive) == kind]

    def standard_list(self, call):
        return wire.Listing(drive.id for drive in self._standard())

    def standard_info(self, call):
        return [self.view(drive) for drive in self._standard()]

    def standard_cd_list(self, call):
        return wire.Listing(drive.id for drive in self._standard('cdrom'))

    def standard_cd_info(self, call):
        return [self.view(drive) for drive in self._standard('cdrom')]

    def standard_img_list(self, call):
        return wire.Listing(drive.id for drive in self._standard('disk'))

    def standard_img_info(self, call):
        return [self.view(drive) for drive in self._standard('disk')]

    def standard_one(self, call, uuid):
        if uuid.lower() not in self.standard:
            raise missing('Drive', uuid)
        return self.view(self.standard[uuid.lower()])

    # -- making and changing --------------------------------------------------------------------------------------
    def create(self, call):
        given = self._provider.body(call)
        fields = self._checked(given, creating=True)
        self._provider.check_funds(call, 'drive')
        return self.view(self.make(fields))

    def make(self, fields, identity=None):
        """A new drive of the account with these fields, under the account's limits."""
        settings = self._provider.settings
        if len(self.items) >= settings['drive_limit']:
            raise Refusal('billing', 'The limit of %d drives is reached' % settings['drive_limit'])
        self._check_room(fields['size'])
        identity = identity or self._world.uuid()
        drive = Drive({'drive': identity, 'user': self._provider.user_uuid, 'status': 'active',
                       **self._provider.drive_defaults, **COUNTERS, **fields}, Contents(self._provider.store))
        self.items[identity] = drive
        return drive

    def _check_room(self, more):
        limit = self._provider.settings['storage_limit']
        if limit and sum(drive.size for drive in self.items.values()) + more > limit:
            raise Refusal('full', 'Not enough storage is left')

    def _checked(self, given, creating=False, required=None):
        """The fields that a request may set, with their values checked; '' unsets."""
        provider = self._provider
        errors, fields = {}, {}
        for key in required if required is not None else provider.drive_required if creating else ():
            if not given.get(key):
                errors[key] = 'This field is required.'
        for key, value in given.items():
            if key == 'size':
                fields[key] = self._size(value, errors)
            elif key == 'readers':
                fields[key] = ' '.join(value.split())
                if any(len(reader) != 36 for reader in value.split()):
                    errors[key] = 'A list of user UUIDs is expected.'
            elif key in provider.drive_create_only and not creating:
                errors[key] = 'This can only be chosen when the drive is created.'
            elif key == 'avoid' and key in provider.drive_keys:
                for uuid in value.split():
                    self.find(uuid)
            elif key.startswith('user:') or key in provider.drive_keys:
                choices = provider.drive_choices.get(key) or CHOICES.get(key)
                if value and choices and value not in choices:
                    errors[key] = 'One of %s is expected.' % ', '.join(choices)
                fields[key] = value
            elif key not in provider.drive_outputs and provider.strict_keys:
                errors[key] = 'Unknown key.'
        if 'name' in fields and not fields['name'] and not creating and 'name' in provider.drive_required:
            errors['name'] = 'This field is required.'
        if errors:
            raise Refusal('usage', errors=errors)
        return {key: value for key, value in fields.items() if value != '' or not creating}

    def _size(self, value, errors):
        if value == '':
            errors['size'] = 'This field is required.'
            return 0
        size = wire.size(value)
        low, high = self._provider.settings['size_min'], self._provider.settings['size_max']
        if size is None:
            errors['size'] = 'A number of bytes is expected.'
        elif not low <= size <= high:
            errors['size'] = 'The size must be between %d and %d bytes.' % (low, high)
        return -(-(size or 0) // GRAIN) * GRAIN

    def set(self, call, uuid):
        drive = self.find(uuid)
        fields = self._checked(self._provider.body(call))
        changed = {key for key, value in fields.items() if drive.fields.get(key, '') != value}
        if drive.claims and changed & {'size', 'claim:type'}:
            raise self._provider.in_use('Drive', drive.id)
        size = fields.get('size', drive.size)
        if size < drive.size:
            if not self._provider.drives_shrink:
                raise invalid('size', 'A drive can not be made smaller than its %d bytes.' % drive.size)
            drive.contents.cut(size)
        elif size > drive.size:
            self._check_room(size - drive.size)
        self.update(drive.fields, fields)
        return self._look(drive)

    @staticmethod
    def update(stored, fields):
        """Set what has a value and drop what is empty."""
        for key, value in fields.items():
            if value == '':
                stored.pop(key, None)
            else:
                stored[key] = value

    def destroy(self, call, uuid):
        drive = self.find(uuid)
        if drive.claims:
            raise self._provider.in_use('Drive', drive.id)
        drive.contents.clear()
        del self.items[drive.id]

    # -- filling one from another ---------------------------------------------------------------------------------
    def clone(self, call, uuid):
        """A new drive with a copy of another one's contents."""
        source = self.find(uuid, True)
        given = self._provider.body(call)
        fields = self._checked(given, creating=True, required=('name',))
        fields.setdefault('size', source.size)
        if fields['size'] < source.size:
            raise invalid('size', 'The new size is less than the %d bytes of the original.' % source.size)
        self._check_source(source)
        self._provider.check_funds(call, 'drive')
        drive = self.make({**self._provider.cloned_fields(source), **fields})
        self.start_imaging(call, source, drive, None)
        return self.view(drive)

    def image(self, call, uuid, source, conversion=None):
        """Overwrite a drive with the contents of another one."""
        drive, origin = self.find(uuid), self.find(source, True)
        if conversion not in (None, 'gunzip', 'gzip'):
            raise Refusal('usage', 'The conversion is gunzip or gzip')
        if origin is drive:
            raise Refusal('usage', 'A drive can not be imaged from itself')
        if drive.claims:
            raise self._provider.in_use('Drive', drive.id)
        self._check_source(origin)
        needed = int(origin.fields.get('rawsize', 0)) if conversion == 'gunzip' else origin.size
        if conversion != 'gzip' and drive.size < needed:
            raise Refusal('full', 'Drive %s is smaller than the %d bytes of the image' % (drive.id, needed))
        self.start_imaging(call, origin, drive, conversion)
        return self.view(drive) if self._provider.settings['image_reply'] == 'object' else None

    def _check_source(self, source):
        if source.exclusive and source.used_by_servers():
            raise Refusal('busy', 'Drive %s is in use by an active server' % source.id)
        if source.imaging:
            raise Refusal('busy', 'Drive %s is being imaged' % source.id)

    def start_imaging(self, call, source, drive, conversion):
        drive.imaging = Imaging(source, conversion, self._world.job_seconds, self._provider.job_fault(call))
        host = self._provider.host
        drive.claims['%s:imaging:%s' % (host, source.id)] = None
        source.claims['%s:imaging:%s' % (host, drive.id)] = None
        self._queue.append(drive)
        self._next_imaging()

    def _next_imaging(self):
        while self._queue and self._running < self._provider.settings['imaging_slots']:
            drive = self._queue.pop(0)
            imaging = drive.imaging
            imaging.started = self._world.now()
            self._running += 1
            if imaging.fault != 'job_hangs':
                share = 0.5 if imaging.fault == 'job_fails' else 1
                self._world.later(imaging.seconds * share, lambda drive=drive: self._imaged(drive))

    def _imaged(self, drive):
        """The end of an imaging, good or bad; one that failed leaves the drive inactive."""
        imaging, drive.imaging = drive.imaging, None
        host = self._provider.host
        drive.claims.pop('%s:imaging:%s' % (host, imaging.source.id), None)
        imaging.source.claims.pop('%s:imaging:%s' % (host, drive.id), None)
        drive.fields['status'] = 'active'
        try:
            if imaging.fault == 'job_fails':
                raise ValueError('asked for by a fault')
            if imaging.conversion:
                drive.contents.convert_from(imaging.source.contents, imaging.conversion, drive.size)
            else:
                drive.contents.copy_from(imaging.source.contents)
        except ValueError:
            drive.fields['status'] = 'inactive'
        self._running -= 1
        self._next_imaging()

    # -- contents -------------------------------------------------------------------------------------------------
    def write(self, call, uuid, offset='0'):
        drive = self.find(uuid)
        if call.headers.get('Transfer-Encoding', '').lower() == 'chunked':
            raise Refusal('usage', 'Transfer-Encoding: chunked is not supported')
        start = self._position('offset', offset)
        if drive.claims:
            raise self._provider.in_use('Drive', drive.id)
        data = self._uploaded(call, drive.size - start)
        if start + len(data) > drive.size:
            raise Refusal('full', 'The data would end beyond the %d bytes of the drive' % drive.size)
        drive.contents.write(start, data)
        self._count(drive, 'write', len(data))

    @staticmethod
    def _uploaded(call, room):
        """The body less its content encoding; of what doesn't fit, no more than shows that."""
        encoding = call.headers.get('Content-Encoding', '').lower()
        if encoding in ('', 'identity'):
            return call.body
        if encoding != 'gzip':
            raise Refusal('usage', 'Content-Encoding must be gzip')
        machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            data = machine.decompress(call.body, max(room, 0) + 1)
        except zlib.error as exc:
            raise Refusal('usage', 'The body is not in gzip format') from exc
        if not machine.eof and len(data) <= room:
            raise Refusal('usage', 'The gzip data ends early')
        return data

    def read(self, call, uuid, offset, size):
        drive = self.find(uuid, True)
        start, length = self._position('offset', offset), self._position('size', size)
        if length > READ_AT_MOST:
            raise Refusal('usage', 'At most %d bytes can be read at once' % READ_AT_MOST)
        if start >= drive.size:
            raise Refusal('usage', 'The drive has only %d bytes' % drive.size)
        if drive.exclusive and drive.claims:
            raise self._provider.in_use('Drive', drive.id)
        data = drive.contents.read(start, min(length, drive.size - start))
        self._count(drive, 'read', len(data))
        return data

    @staticmethod
    def _position(what, text):
        number = wire.size(text)
        if number is None:
            raise Refusal('usage', 'A number of bytes is expected as the %s, not %s' % (what, text))
        return number

    @staticmethod
    def _count(drive, direction, length):
        drive.fields[direction + ':bytes'] += length
        drive.fields[direction + ':requests'] += 1
