# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's snapshots: files of a Memstore, known by their path alone.

Neither the order for one nor its job tells the path. So the list before and the list after are compared, and the one
new entry is ours; the list before is in the journal, by which a run that was killed is gone on with.
"""

from __future__ import annotations

import dataclasses

from ...client import nearest
from ...errors import Ambiguous, BadInput, NotFound, OutcomeUnknown, Precondition
from ...fields import Field
from ...resources.snapshot import SnapshotCrossing, doomed, moment, now
from ...steps import Lookup, Ref, Step
from .client import MemsetClient, job_of, job_wait
from .server_fields import SERVICE_NAME

TAKE, LIST, DELETE = 'server.snapshot', 'server.snapshot_list', 'server.snapshot_delete'
FACTS = ('os_type', 'os_option', 'description', 'user_comment')
SERVICE = {'pattern': SERVICE_NAME, 'hint': 'the name that Memset gave the service'}
SERVER = {'pattern': '[A-Za-z0-9._-]{1,255}', 'hint': 'the name that Memset gave the server, or its nickname'}
# The neutral outputs that Memset never fills.
NEVER = ('name', 'state', 'provider_state', 'drive', 'size_gb', 'zone', 'labels')
FORGET = 'If you know what became of it, set memset.forget_lost: true and another one is taken'


@dataclasses.dataclass(frozen=True)
class Begun:
    """A snapshot that an earlier run of the same task began.

    :param job: to wait for, or None where it is over. :param known: the paths that were there before.
    """

    job: str
    known: tuple
    at: str


class MemsetSnapshot(SnapshotCrossing):
    """The id is the path, as the list gives it."""

    provider = 'memset'
    client = MemsetClient
    honours = {
        'id': {'pattern': r'[^\x00-\x1f\x7f]{1,255}', 'hint': 'the path, as snapshot_info gives it'},
        'storage': SERVICE, 'server': SERVER, 'image_type': {}, 'created': {},
        'pattern': {}, 'keep': {}, 'max_age_days': {}, 'once': {},
    }
    own = {'forget_lost': Field('bool', readable=False, output=False)}
    refuses = {
        'name': 'its snapshots have none; they are known by their path, which is the id',
        'drive': 'use server and storage',
        'restored': 'use the module server with state reimaged and memset.snapshot',
    }
    in_list = ('id', 'storage', 'image_type', 'created', 'provider_options', 'raw')

    def __init__(self, resource):
        super().__init__(resource)
        self.storage = None
        self.listed = []
        self.servers = []

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        self.storage = work.options.get('storage')
        if self.storage is None or work.options.get('drive') is not None:
            raise BadInput('storage is needed with memset, and drive cannot be used', provider=self.provider)
        problem = self.fields['storage'].refusal('storage', self.storage)
        if problem:
            raise BadInput(problem, provider=self.provider)
        found = work.client.find(LIST, storage_name=self.storage)
        # None may mean that there are no snapshots, or no such storage.
        if found is None and work.client.find('service.info', name=self.storage) is None:
            raise NotFound('there is no storage %r' % self.storage, provider=self.provider, operation=LIST)
        self.listed = found or []
        return self.listed

    def one(self, work, ident):
        self.all(work)
        return self._entry(ident)

    def _entry(self, ident):
        return next((entry for entry in self.listed if entry['snapshot_path'] == ident), None)

    def observe(self, work, options):
        self.all(work)
        if options['state'] == 'taken':
            spent = options['once'] and work.journal.done_once(work.key, 'taken', options['once'])
            return self._entry(spent['id']) if spent else None
        return self._entry(options['id'])

    def again(self, work, change, answers):
        """The list that the plan is made of has it, or the one that it was claimed from."""
        return answers.get('claim') or change.id and self._entry(change.id)

    def lookups(self, work, change):
        change.found.update(doomed=[], begun=None)
        if change.state == 'absent':
            return
        takes = change.creates and change.state == 'taken'
        if takes:
            self._alone_in_storage(work)
            change.found['begun'] = begun = self._begun(work, change)
            if begun is not None:
                change.notes.append('goes on with the snapshot that an earlier run began at %s' % begun.at)
            else:
                self._check_server(change.options['server'])
        known = begun.known if takes and begun is not None else [entry['snapshot_path'] for entry in self.listed]
        items = [dict(self.project(entry), name=None, text=entry['snapshot_path'],
                      when=moment(entry.get('last_modified'))) for entry in self.listed
                 if entry['snapshot_path'] in known]
        change.found['doomed'] = doomed(items, change.options, now(), int(takes), change.id, change.notes)

    def resolved(self, work, options):
        if options['state'] != 'taken':
            return options
        self.servers, wanted = work.client.call('server.list'), options['server']
        found = [each['name'] for each in self.servers if wanted == each['name']] or sorted(
            each['name'] for each in self.servers if wanted == each.get('nickname'))
        if len(found) > 1:
            raise Ambiguous('server: %d servers have the nickname %r: %s; give the name that is meant' % (
                len(found), wanted, ', '.join(found)), provider=self.provider)
        # One that is gone is missed only where a snapshot is still to be taken of it.
        return dict(options, server=found[0]) if found else options

    def _check_server(self, wanted):
        if wanted not in [each['name'] for each in self.servers]:
            raise NotFound('server: there is no server %r%s' % (wanted, nearest(
                wanted, [each.get('nickname') or each['name'] for each in self.servers])))

    def _alone_in_storage(self, work):
        """:raises Precondition: while this machine has another snapshot made in the storage, which ours could be."""
        for key, entry in work.journal.entries().items():
            if key == work.key or not isinstance(entry, dict) or entry.get('operation') != TAKE \
                    or entry['parameters']['storage_name'] != self.storage:
                continue
            job = job_of(entry.get('answer'))
            job = job and work.client.find('job.status', id=job['id'])
            if job and not job['finished']:
                raise Precondition('a snapshot of %s is being put into %s (job %s), and two new ones could not be told '
                                   'apart; run this again when that is over'
                                   % (entry['parameters']['name'], self.storage, job['id']))

    def _begun(self, work, change):
        """What an interrupted run of the same task began; None where one is to be taken."""
        entry, options = change.journal or {}, change.options
        if entry.get('operation') != TAKE or (options.get('memset') or {}).get('forget_lost'):
            return None
        told = 'the snapshot of %s that an earlier run asked for at %s' % (options['server'], entry['at'])
        same = entry.get('once') == options['once']
        if not entry.get('answered'):
            new = [item['snapshot_path'] for item in self.listed if item['snapshot_path'] not in entry['known']
                   and item['image_type'] == entry['parameters']['image_type']]
            if len(new) != 1:
                raise Precondition('%s lost its answer, and %s. %s' % (
                    told, 'any of these may be it: %s' % ', '.join(new) if new else
                    'nothing new is in %s, it may still come' % self.storage, FORGET))
            return Begun('', tuple(entry['known']), entry['at']) if same else None
        job = job_of(entry['answer'])
        job = job and work.client.find('job.status', id=job['id'])
        if job and job['finished'] and job['error']:
            return None
        if job and not job['finished'] and not same:
            raise Precondition('%s, with once: %s, is still being taken (job %s); run this again when that is over'
                               % (told, entry.get('once'), job['id']))
        return Begun('' if not job or job['finished'] else job['id'], tuple(entry['known']), entry['at']) \
            if same else None

    def alone(self, work):
        """One at a time in a storage, where two new snapshots could not be told apart."""
        return work.lock(('snapshots in', work.options['storage']))

    def finished(self, work, change):
        if (work.journal.get(work.key) or {}).get('operation') == TAKE:
            work.journal.clear(work.key)

    def recover(self, work, step, error):
        if step.operation == DELETE:
            # Once more is harmless: what is being deleted, or gone, says so.
            return work.client.call(step.operation, **step.parameters)
        raise OutcomeUnknown(
            '%s. It is in the journal: run the same task again when the snapshot may be there; it looks for it and '
            'takes no other' % error.message, operation=error.operation, code=error.code,
            http_status=error.http_status, request_id=error.request_id)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def problems(self, options):
        state = options['state']
        told = [] if options['storage'] is not None else ['storage is needed with memset']
        if state in ('present', 'absent') and options['id'] is None:
            told.append('state %s needs id, the path of a snapshot%s' % (
                state, '; state taken takes one' if state == 'present' else ''))
        if state == 'taken' and options['server'] is None:
            told.append('state taken needs server')
        if state in ('taken', 'pruned') and options['id'] is not None:
            told.append('id does not go with state %s' % state)
        if state != 'taken' and options['server'] is not None:
            told.append('server goes with state taken: nothing tells whose a snapshot is, use pattern')
        return told

    def project(self, raw):
        return {'id': raw['snapshot_path'], 'storage': self.storage, 'image_type': raw.get('image_type'),
                'created': None if raw.get('last_modified') is None else str(raw['last_modified']),
                'provider_options': {name: raw.get(name) for name in FACTS}}

    def fill(self, wanted, options, before):
        wanted = dict(wanted, server=None)
        if before is None:
            wanted['image_type'] = wanted.get('image_type') or 'raw'
        wanted.pop('memset.forget_lost', None)
        return wanted

    def predict(self, change):
        return dict.fromkeys(NEVER), tuple('memset.' + name for name in FACTS) if change.creates else ()

    def make(self, change):
        options, begun, kind = change.options, change.found['begun'], change.new('image_type')
        server, known = options['server'], tuple(entry['snapshot_path'] for entry in self.listed)
        what, steps = 'the snapshot of %s' % server, []
        if begun is None:
            steps = [Step(TAKE, {'name': server, 'storage_name': self.storage, 'image_type': kind},
                          'take a %s snapshot of %s into %s' % (kind, server, self.storage), id='take', journal=True,
                          known=known, wait=job_wait(Ref('take', ('id',)), what))]
        elif begun.job:
            steps = [Step('job.status', {'id': begun.job}, 'wait for %s' % what, id='take', writes=False,
                          wait=job_wait(begun.job, what))]
        lookup = Lookup(LIST, {'image_type': kind}, begun.known if begun else known, 'snapshot_path',
                        {'storage_name': self.storage})
        return steps + [Step(LIST, {'storage_name': self.storage}, 'find %s in %s' % (what, self.storage), id='claim',
                             writes=False, lookup=lookup, claims=('snapshot_path', options['pattern'] or '*'))]

    def taken(self, change):
        """No further steps: it was not there, so it is made."""
        return []

    def made(self, answers):
        return (answers.get('claim') or {}).get('snapshot_path')

    def update(self, change):
        raise Precondition('nothing of a snapshot can be changed', provider=self.provider)

    def delete(self, change):
        return [self.removal(0, change.id, None)]

    def removal(self, number, ident, name):
        step = 'delete-%d' % number
        return Step(DELETE, {'storage_name': self.storage, 'snapshot_path': ident}, 'delete the snapshot %s' % ident,
                    id=step, destructive=True, wait=job_wait(Ref(step, ('id',)), 'the deletion of %s' % ident))
