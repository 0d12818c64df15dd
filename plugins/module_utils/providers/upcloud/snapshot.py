# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's backups of storages: one is known by the drive that it is of, and its title."""

from __future__ import annotations

import fnmatch
import re

from ...apply import wait_for
from ...client import nearest
from ...errors import Ambiguous, JobFailed, Malformed, Precondition
from ...fields import Field
from ...resources.snapshot import SnapshotCrossing, doomed, moment, now
from ...steps import Lookup, Ref, Step
from . import power, waits, wire
from .client import UpCloudClient
from .server_fields import MAX_STOP_TIMEOUT, UUID

BACKUP, RESTORE = 'POST /storage/{uuid}/backup', 'POST /storage/{uuid}/restore'
STATES = {'online': 'available', 'maintenance': 'creating', 'error': 'error'}
TITLE = r'[\s\S]{1,255}'
# The label of backups that this collection made, or was told of by title: nothing else tells scheduled ones apart.
MADE = 'indie-snapshot'
IDENT = {'pattern': UUID, 'hint': 'a UUID in lower case'}
# What may be waited for after a restore: the storage may go on being brought up to date while it is used.
RESTORED = {'done': {'state': ['online', 'syncing']}, 'steady': 2}


def backups_of(backups, drive):
    """The backups of a drive.

    :raises Malformed: where one does not tell whose it is, since it could be one of these.
    """
    if not all(isinstance(raw.get('origin'), str) and raw['origin'] for raw in backups):
        raise Malformed('a backup in the list has no origin', provider='upcloud')
    return [raw for raw in backups if raw['origin'] == drive]


class UpCloudSnapshot(SnapshotCrossing):
    """A storage of the type backup."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'id': IDENT, 'name': {'pattern': TITLE, 'hint': 'the title, at most 255 characters'},
        'drive': {'pattern': TITLE, 'hint': 'UUID or title of a drive'},
        'pattern': {}, 'keep': {}, 'max_age_days': {}, 'prune_scheduled': {}, 'once': {},
        'allow_stop': {}, 'force_stop': {}, 'stop_timeout': {'maximum': MAX_STOP_TIMEOUT},
    }
    refuses = {
        'storage': 'a backup is kept beside its drive', 'server': 'use drive; each drive has backups of its own',
        'image_type': 'a backup has none',
        'taken': 'use state present with a name that is new each time, such as one with the date in it',
    }
    in_list = ('id', 'name', 'state', 'provider_state', 'drive', 'size_gb', 'zone', 'labels', 'created',
               'provider_options', 'raw')

    def __init__(self, resource):
        super().__init__(resource)
        self.fields['upcloud.managed'] = Field('bool', option=False)
        # What was read: the UUID of the drive, and the backups of the account.
        self.origin = None
        self.backups = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        wanted = work.options.get('drive')
        self.backups = self._read(work, wanted)
        return self.backups if wanted is None else backups_of(self.backups, self.origin)

    def _read(self, work, drive):
        """All backups; the UUID of the drive is found on the way."""
        if drive is None or re.fullmatch(UUID, drive):
            self.origin = drive
            return work.client.pages('GET /storage/backup')
        storages = work.client.pages('GET /storage/private')
        found = [raw for raw in storages if raw.get('type') == 'normal' and raw.get('title') == drive]
        if len(found) > 1:
            raise Ambiguous('%d drives have the title %r: %s; name the one that is meant by UUID' % (
                len(found), drive, ', '.join(sorted(str(raw['uuid']) for raw in found))), provider=self.provider)
        if not found:
            raise Precondition('there is no drive %r%s' % (drive, nearest(drive, [
                raw.get('title') for raw in storages if raw.get('type') == 'normal'])), provider=self.provider)
        self.origin = found[0]['uuid']
        return [raw for raw in storages if raw.get('type') == 'backup']

    def one(self, work, ident):
        """No storage that is something else is taken for a backup."""
        raw = work.client.find('GET /storage/{uuid}', uuid=ident)
        return raw if raw is not None and raw.get('type') == 'backup' else None

    def observe(self, work, options):
        if options['id'] is not None:
            if options['drive'] is not None:
                self.backups = self._read(work, options['drive'])
            return self.one(work, options['id'])
        mine = self.all(work)
        if options['state'] == 'pruned':
            return None
        found = [raw for raw in mine if raw.get('title') == options['name']]
        if len(found) > 1:
            raise Ambiguous('%d backups of the drive %s have the title %r: %s; name the one that is meant by id' % (
                len(found), options['drive'], options['name'], ', '.join(sorted(str(raw['uuid']) for raw in found))),
                provider=self.provider)
        return found[0] if found else None

    def settling(self, raw, state):
        if raw.get('state') == 'online' or raw.get('state') == 'error' and state == 'absent':
            return None
        return waits.storage(raw['uuid'], raw.get('title'), subject='the backup %s' % raw.get('title'))

    def lookups(self, work, change):
        change.found.update(doomed=[], origin=None, stops=[], starts=[])
        if change.state == 'absent':
            return
        if change.before is not None and change.before['state'] == 'error':
            raise JobFailed('the backup %s is in error; delete it (state absent) and make another'
                            % change.before['name'], provider=self.provider, code='error')
        drive = self.origin or change.before['drive']
        if change.creates and change.state == 'present':
            change.found['origin'] = self._origin(work, drive)
        elif 'name' in change.fields:
            self._free(work, change, drive)
        if change.state == 'restored':
            self._restorable(work, change, drive)
        options, made = change.options, change.creates and change.state == 'present'
        if options['pattern'] is None:
            return
        labelled = change.id if 'upcloud.managed' in change.fields else None
        items = [dict(self.project(raw), text=str(raw.get('title')), when=moment(raw.get('created')),
                      broken=raw.get('state') == 'error') for raw in self._of(work, drive)
                 if raw.get('state') in ('online', 'error')
                 and (options['prune_scheduled'] or _made_here(raw) or raw['uuid'] == labelled)]
        newer = int(made and fnmatch.fnmatchcase(options['name'], options['pattern']))
        change.found['doomed'] = doomed(items, options, now(), newer, change.id, change.notes)

    def _of(self, work, drive):
        """The backups of a drive, read once."""
        if self.backups is None:
            self.backups = work.client.pages('GET /storage/backup')
        return backups_of(self.backups, drive)

    def _origin(self, work, drive):
        raw = work.client.find('GET /storage/{uuid}', uuid=drive)
        if raw is None:
            raise Precondition('there is no drive %s' % drive)
        if raw.get('type') != 'normal':
            raise Precondition('%s is a %s; only a drive can be backed up' % (drive, raw.get('type')))
        return raw

    def _free(self, work, change, drive):
        """:raises Precondition: where another backup of the drive has the new name, which would tell neither apart."""
        taken = [raw['uuid'] for raw in self._of(work, drive)
                 if raw.get('title') == change.new('name') and raw['uuid'] != change.id]
        if taken:
            raise Precondition('another backup of the drive has the name %r already: %s' % (
                change.new('name'), ', '.join(taken)))

    def _restorable(self, work, change, drive):
        """Find the servers that have the drive, which must be off meanwhile."""
        raw = self._origin(work, drive)
        if raw.get('state') not in ('online', 'syncing') and not work.check_mode:
            wait_for(work, waits.storage(drive, raw.get('title'), **RESTORED))
        change.found['origin'] = raw
        entry = change.journal or {}
        # Those that an interrupted run of this stopped, and did not start again.
        owed = entry.get('known') or [] if entry.get('operation') in (RESTORE, power.STOP) else []
        for uuid in wire.listed(raw.get('servers'), 'server'):
            server = work.client.find('GET /server/{uuid}', uuid=uuid)
            if server is not None and server.get('state') == 'maintenance' and not work.check_mode:
                server = wait_for(work, waits.server(uuid, server.get('hostname'), 'started', 'stopped'))
            if server is not None and server.get('state') != 'stopped':
                change.found['stops'].append(server)
            elif server is not None and uuid in owed:
                change.found['starts'].append(server)

    def again(self, work, change, answers):
        ident = change.id or self.made(answers)
        return None if ident is None else self.one(work, ident)

    def alone(self, work):
        """Two runs on this machine never make the same backup at once."""
        return work.lock(work.key)

    def finished(self, work, change):
        if (work.journal.get(work.key) or {}).get('operation') in (RESTORE, power.STOP):
            work.journal.clear(work.key)

    def recover(self, work, step, error):
        if step.operation == RESTORE:
            backup = self.one(work, step.parameters['uuid'])
            origin = backup and work.client.find('GET /storage/{uuid}', uuid=backup['origin'])
            if not origin:
                raise error
            # Where it did not begin it is sent again, which at worst restores the same twice.
            return {} if origin['state'] != 'online' else work.client.call(step.operation, **step.parameters)
        if step.operation in power.POWER:
            return power.recover(work, step)
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def problems(self, options):
        state, told = options['state'], []
        both = options['drive'] is not None and options['name'] is not None
        if state == 'pruned':
            if options['drive'] is None:
                told.append('state pruned needs drive')
            told += ['%s does not go with state pruned, use pattern' % name for name in ('id', 'name')
                     if options[name] is not None]
        elif options['id'] is None and not both:
            told.append('state %s needs id, or drive and name' % state)
        return told

    def project(self, raw):
        return {'id': raw['uuid'], 'name': raw.get('title'), 'state': STATES.get(raw.get('state'), 'unknown'),
                'provider_state': raw.get('state'), 'drive': raw.get('origin'), 'size_gb': wire.number(raw.get('size')),
                'zone': raw.get('zone'), 'labels': wire.labels_told(raw),
                'created': wire.moment(raw.get('created')),
                'provider_options': {'managed': _made_here(raw), 'encrypted': wire.truth(raw.get('encrypted'))}}

    def fill(self, wanted, options, before):
        wanted = dict(wanted, drive=self.origin)
        if options['state'] == 'present' and options['name'] is not None:
            wanted['upcloud.managed'] = True
        return wanted

    def predict(self, change):
        known = dict.fromkeys(('storage', 'image_type'))
        if change.creates:
            origin = change.found['origin']
            known.update({'state': 'available', 'provider_state': 'online', 'size_gb': wire.number(origin.get('size')),
                          'zone': origin.get('zone'), 'upcloud.encrypted': wire.truth(origin.get('encrypted'))})
        if 'upcloud.managed' in change.fields:
            known['labels'] = {**((change.before or {}).get('labels') or {}), MADE: 'yes'}
        return known, ()

    def make(self, change):
        title, origin = change.new('name'), change.found['origin']
        new = Ref('create', ('uuid',))
        known = tuple(raw['uuid'] for raw in self.backups or ())
        free = waits.storage(origin['uuid'], origin.get('title'), **RESTORED)
        return [
            Step(BACKUP, {'uuid': origin['uuid'], 'title': title}, 'back up the drive %s as %s' % (
                origin.get('title'), title), id='create',
                lookup=Lookup('GET /storage/backup', {'title': title, 'origin': origin['uuid']}, known),
                wait=waits.storage(new, title, subject='the backup %s' % title)),
            self._put(new, {'labels': wire.labels_out({MADE: 'yes'})}, 'label it'),
            Step('GET /storage/{uuid}', {'uuid': origin['uuid']}, 'wait until the drive %s is free again'
                 % origin.get('title'), writes=False, wait=free)]

    @staticmethod
    def _put(ident, fields, summary):
        return Step('PUT /storage/{uuid}', dict(fields, uuid=ident), summary)

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')

    def update(self, change):
        fields = {'title': change.new('name')} if 'name' in change.fields else {}
        if 'upcloud.managed' in change.fields:
            fields['labels'] = wire.labels_put(change, {**(change.before['labels'] or {}), MADE: 'yes'})
        return [self._put(change.id, fields, 'change %s of the backup %s' % (
            ' and '.join(sorted(fields)), change.before['name']))]

    def delete(self, change):
        return [self.removal(0, change.id, change.before['name'])]

    def removal(self, number, ident, name):
        return Step('DELETE /storage/{uuid}', {'uuid': ident}, 'delete the backup %s (%s)' % (name, ident),
                    destructive=True)

    def restored(self, change):
        origin, stops = change.found['origin'], change.found['stops']
        options, on = change.options, tuple(server['uuid'] for server in stops + change.found['starts'])
        power.allowed(stops, options, 'a restore')
        steps = [step for server in stops for step in power.stop(server, options, journal=True, known=on)]
        after = [step for server in stops for step in power.start(server, options)]
        after += [step for server in change.found['starts'] for step in power.start(server, options, False)]
        wait = waits.storage(origin['uuid'], origin.get('title'), **RESTORED)
        return steps + [Step(
            RESTORE, {'uuid': change.id}, 'overwrite the drive %s with the backup %s' % (
                origin.get('title'), change.before['name']), id='restore', destructive=True, journal=True,
            known=on, wait=wait)] + after


def _made_here(raw):
    return MADE in (wire.labels_told(raw) or {})
