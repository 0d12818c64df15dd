# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of CloudSigma 1.0 and ElasticHosts: what the two share. A subclass says how a drive is made from another."""

from __future__ import annotations

import math
import os

from ...errors import Ambiguous
from ...fields import Field
from ...resources.drive import GIB, DriveCrossing
from ...steps import Lookup, Ref, Step
from ...transfer import Download, Upload, inspect
from . import server_wire
from .client import UUID
from .server_drives import drive_named, gib, media_of, name_of, size_of
from .server_fields import NAME, UUID_FIELD, WORDS
from .text import refuse_entities
from .waits import DRIVE_INFO, drive_wait, filling, users_of

# Sizes are rounded up to whole multiples of this.
GRAIN = 4 * 1024 ** 2
CREATE = 'POST /drives/create'
SET = 'POST /drives/{uuid}/set'
STATES = {'active': 'online', 'inactive': 'error'}


def same_size(wanted, current):
    """Equal within the provider's rounding, and ours to a thousandth of a GiB."""
    return current is not None and abs(wanted - current) < GRAIN / GIB + 0.001


def _sorted(values):
    return sorted(set(values))


HONOURS = {
    'id': UUID_FIELD, 'name': NAME, 'size_gb': {'compare': same_size}, 'encrypted': {}, 'image': {}, 'clone_from': {},
    'tags': dict(WORDS, normal=_sorted),
    **{name: {} for name in ('state', 'provider_state', 'servers')},
    **{name: {} for name in ('detach', 'path', 'checksum', 'compression', 'compress', 'force', 'once')},
}
OWN = {
    'claim_type': Field(choices=('exclusive', 'shared')),
    'readers': Field('list', elements='str', compare='set', normal=_sorted, **UUID_FIELD),
}
REFUSES = {
    'type': 'a drive that is made is a disk; name another one by id',
    'zone': 'each zone has an endpoint of its own',
    'server': 'use drives of the module server',
    'backup_rule': 'there are no backups',
    'url': 'the API fetches nothing; download it and use state: uploaded',
    'imported': 'the API fetches nothing; download it and use state: uploaded',
    'filesystem_resized': 'the API knows of no file systems; resize it from within a server',
    'cancelled': 'what fills a drive cannot be stopped; wait for it, or remove the drive then',
}


class KeyValueDrive(DriveCrossing):
    """A drive of the account. A subclass gives the operation that lists the provider's own (STANDARD), and fill_from().
    """

    STANDARD = ''
    honours = HONOURS
    own = OWN
    refuses = REFUSES
    in_list = ('id', 'name', 'state', 'provider_state', 'type', 'zone', 'size_gb', 'encrypted', 'servers', 'tags',
               'provider_options', 'raw')
    grain = GRAIN

    def __init__(self, resource):
        super().__init__(resource)
        # What a run has read: the account's drives, and the zone that the endpoint is of.
        self.mine = []
        self.zone = None
        # The checksum of the file that is there, where one is wanted.
        self.there = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        self.mine = work.client.call('GET /drives/info')
        return self.mine

    def one(self, work, ident):
        return work.client.find(DRIVE_INFO, uuid=ident)

    def neutral(self, work, raw):
        self.zone = server_wire.zone_of(work.client.connection.url)
        return super().neutral(work, raw)

    def lookups(self, work, change):
        change.found.update(new=None, users=[])
        if change.creates:
            if change.new('image') is not None or change.new('clone_from') is not None:
                self.need(change, 'name')
                change.found['new'] = self.fill_from(work, change)
        elif change.deletes or change.state == 'detached':
            for server in work.client.call('GET /servers/info'):
                devices = [drive['device'] for drive in server_wire.drives_of(server)
                           if drive['id'] == change.id.lower()]
                if devices:
                    change.found['users'].append((server, devices))

    def source(self, work, change):
        """The drive that a new one is made of: an image, also the provider's own, or one of the account's drives."""
        wanted, image = change.new('clone_from'), change.new('image')
        known = self.mine + (work.client.call(self.STANDARD) if image is not None else [])
        wanted = image if image is not None else wanted
        if UUID.fullmatch(wanted):
            wanted = wanted.lower()
            if not any(each['drive'] == wanted for each in known):
                read = self.one(work, wanted)
                known = known + ([read] if read else [])
        return drive_named(wanted, known, 'image' if image is not None else 'drive')

    def fill_from(self, work, change):
        """What the steps that make a drive of another one need."""
        raise NotImplementedError

    def settling(self, raw, state):
        return drive_wait(raw['drive'], 'drive %s' % name_of(raw)) if filling(raw) else None

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        refuse_entities(self.provider, options, 'name')

    def verify(self, options):
        super().verify(options)
        path = options['path']
        if options['state'] == 'downloaded' and options['checksum'] is not None and not options['force'] \
                and os.path.exists(path):
            self.there = inspect(path, 'none')[1]

    def project(self, raw):
        status = raw.get('status')
        cipher = raw.get('encryption:cipher')
        return {
            'id': raw.get('drive'), 'name': name_of(raw) or None,
            'state': 'busy' if filling(raw) else STATES.get(status, 'unknown'), 'provider_state': status,
            'type': media_of(raw), 'zone': self.zone, 'size_gb': gib(size_of(raw)), 'tier': raw.get('tier'),
            'encrypted': None if cipher is None else cipher != 'none', 'servers': sorted(set(users_of(raw))),
            'tags': sorted(server_wire.words(raw.get('tags'))), 'labels': self.labels(raw),
            'provider_options': self.options_of(raw),
        }

    def labels(self, raw):
        return None

    def options_of(self, raw):
        """What only this provider's drives have."""
        return {'claim_type': raw.get('claim:type') or 'exclusive',
                'readers': sorted(server_wire.words(raw.get('readers')))}

    def fill(self, wanted, options, before):
        filled = super().fill(wanted, options, before)
        if options['state'] not in self.resource.one_shot and before is not None \
                and before['provider_state'] == 'inactive' and (wanted.get('image') or wanted.get('clone_from')):
            self.refuse('drive %s is inactive, so it was not filled; remove it and run this again' % before['id'])
        return filled

    def predict(self, change):
        known = {}
        new = change.found['new']
        if change.creates:
            size = self.bytes(change.new('size_gb')) if change.new('size_gb') else new.size
            known.update(state='online', provider_state='active', type='disk', servers=[], backup_rule=None,
                         created=None, zone=self.zone, size_gb=gib(-(-size // GRAIN) * GRAIN),
                         tier=change.after.get('tier'), labels=change.after.get('labels'),
                         tags=change.after.get('tags') or [])
        elif 'size_gb' in change.fields:
            known['size_gb'] = gib(-(-self.bytes(change.new('size_gb')) // GRAIN) * GRAIN)
        return known, self.untold(change) if change.creates else ()

    def untold(self, change):
        """What a new drive gets of itself, unless it is said."""
        names = ['encrypted'] + ['%s.%s' % (self.provider, name) for name in self.options_of({})]
        return {name for name in names if change.after.get(name) is None}

    @staticmethod
    def bytes(size):
        """A size in GiB in bytes."""
        return math.ceil(size * GIB)

    def keys(self, change):
        """The keys of the fields that change, in the API's words; an empty value unsets."""
        keys = {}
        if 'name' in change.fields:
            keys['name'] = change.new('name')
        if 'size_gb' in change.fields:
            keys['size'] = self.bytes(change.new('size_gb'))
        if 'tags' in change.fields:
            keys['tags'] = ' '.join(change.new('tags'))
        if 'encrypted' in change.fields:
            keys['encryption:cipher'] = 'aes-xts-plain' if change.new('encrypted') else 'none'
        for name, key in {'claim_type': 'claim:type', 'readers': 'readers', **self.own_keys()}.items():
            value = change.new('%s.%s' % (self.provider, name))
            if value is not None:
                keys[key] = ' '.join(value) if isinstance(value, list) else value
        return keys

    def own_keys(self):
        """{own field: key} beyond those of both."""
        return {}

    # -- steps --------------------------------------------------------------------------------------------------------
    def create(self, change):
        if change.found['new'] is not None:
            return change.found['new'].create_steps()
        self.need(change, 'name', 'size_gb')
        keys = {key: value for key, value in self.keys(change).items() if value != ''}
        return [Step(CREATE, keys, 'create drive %s of %s GiB' % (change.new('name'), change.new('size_gb')),
                     id='create', lookup=Lookup('GET /drives/info', {'name': change.new('name')}, key='drive',
                                                known=tuple(raw['drive'] for raw in self.mine)))]

    def made(self, answers):
        return (answers.get('create') or {}).get('drive')

    def update(self, change):
        if self.grows(change):
            self._free(change, 'to grow it')
        return [Step(SET, dict(self.keys(change), uuid=change.id), 'change %s' % ', '.join(sorted(change.fields)),
                     id='set')]

    def _free(self, change, why):
        """:raises Precondition: when a running server uses the drive."""
        servers = change.before['servers'] if change.before else []
        if servers:
            self.refuse('drive %s is in use by server %s; stop that first %s' % (
                change.before['name'], ', '.join(servers), why))

    def delete(self, change):
        users = change.found['users']
        if users and not change.options['detach']:
            self.refuse('the drive is attached to server %s; set detach: true to have it detached first' % ', '.join(
                sorted(server['server'] for server, _devices in users)))
        return self.detached(change) + [Step(
            'POST /drives/{uuid}/destroy', {'uuid': change.id}, 'destroy drive %s' % change.before['name'],
            destructive=True)]

    def detached(self, change):
        """Steps for state detached: the servers that have it must be off."""
        steps = []
        for server, devices in change.found['users']:
            where = ' and '.join(devices)
            if server.get('status') not in server_wire.OFF:
                self.refuse('server %s, which has the drive as %s, must be stopped to detach it, and it is %s; stop it '
                            'first, with state: stopped of the module server' % (
                                server['server'], where, server.get('status')))
            keys, boot = dict.fromkeys(devices, ''), server_wire.words(server.get('boot'))
            if set(boot) & set(devices):
                # A device that is not there any more is nothing to start from.
                keys['boot'] = ' '.join(device for device in boot if device not in devices)
            steps.append(Step('POST /servers/{uuid}/set', dict(keys, uuid=server['server']),
                              'detach it from server %s, where it is %s' % (server.get('name'), where)))
        return steps

    # -- contents -----------------------------------------------------------------------------------------------------
    def uploaded(self, change):
        """Steps for state uploaded: the file, in chunks."""
        self._free(change, 'to write to it')
        size = change.new('size_gb')
        limit = size_of(change.raw) if change.raw else getattr(change.found['new'], 'size', 0)
        if size is not None:
            limit = max(limit, self.bytes(size))
        self.fits(change, limit)
        path, options = change.options['path'], change.options
        name = change.new('name') or change.before['name']
        return [Step('POST /drives/{uuid}/write[/{offset}]', {'uuid': self.ident(change)},
                     'write %s to drive %s' % (path, name), id='transfer', destructive=True,
                     transfer=Upload(path, limit, options['compression'], options['compress'], self.sha256(change),
                                     options['force']))]

    def ident(self, change):
        """The id of the drive, or a Ref to it."""
        return change.id or Ref('create', ('drive',))

    def downloaded(self, change):
        """Steps for state downloaded: into a file that is not there yet or is another than wanted, unless forced."""
        path, wanted = change.options['path'], self.sha256(change)
        if os.path.exists(path) and not change.options['force']:
            if wanted in (None, self.there):
                change.notes.append('%s is there; force: true reads it again' % path)
                return []
            change.notes.append('%s is there, but has the checksum sha256:%s; it is read again' % (path, self.there))
        if change.raw.get('claim:type') != 'shared':
            self._free(change, 'to read it')
        return [Step('GET /drives/{uuid}/read/{offset}/{size}', {'uuid': change.id},
                     'read drive %s to %s' % (change.before['name'], path), id='transfer',
                     transfer=Download(path, size_of(change.raw), self.sha256(change)))]


def one_of(drives, name):
    """The only drive of that name, or None. :raises Ambiguous: when there are several."""
    found = [drive for drive in drives if name_of(drive) == name]
    if len(found) > 1:
        raise Ambiguous('%d drives have the name %r: %s; remove those that are not meant' % (
            len(found), name, ', '.join(sorted(drive['drive'] for drive in found))))
    return found[0] if found else None
