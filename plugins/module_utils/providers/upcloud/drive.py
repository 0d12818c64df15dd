# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of UpCloud, which it calls storages: the name is the title."""

from __future__ import annotations

import re

from ...client import nearest
from ...errors import Ambiguous, JobFailed, NotFound
from ...plan import Lookup, Ref, Step
from ...resources.drive import DriveCrossing
from ...transfer import Whole
from . import drive_fields, waits, wire
from .client import UpCloudClient
from .operations_storage import UPLOAD
from .server_fields import DEFAULT_TIER, UUID, label_problems, own_of
from .server_lookups import pick

IMPORT = 'GET /storage/{uuid}/import'
UNDER_WAY = ('prepared', 'pending', 'importing')
# What needs the servers that have the drive to be off.
NEED_STOP = ('imported', 'uploaded', 'filesystem_resized')


class UpCloudDrive(DriveCrossing):
    """A storage of the account: a disk, a template or a backup; or a CD-ROM of UpCloud's."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = drive_fields.HONOURS
    own = drive_fields.OWN
    refuses = drive_fields.REFUSES
    required = ('name', 'zone')
    in_list = ('state', 'type', 'zone', 'tier', 'labels')
    keeps = ('transfer', 'resize_backup', 'kept_backups')

    def __init__(self, resource):
        super().__init__(resource)
        # What a run has read: the account's storages, and the server that the drive is to be attached to.
        self.mine = []
        self.server = None
        self.asks_favorite = False

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        labels = ['%s=%s' % pair for pair in ((filters or {}).get('labels') or {}).items()]
        return work.client.pages('GET /storage/private', **({'label': labels} if labels else {}))

    def one(self, work, ident):
        raw = work.client.find('GET /storage/{uuid}', uuid=ident)
        if raw is not None and self.asks_favorite:
            favorites = work.client.pages('GET /storage/favorite')
            raw = dict(raw, favorite=any(item.get('uuid') == ident for item in favorites))
        return raw

    def detail_call(self, raw):
        return 'GET /storage/{uuid}', {'uuid': raw['uuid']}

    def observe(self, work, options):
        if options.get('server') is not None and options['state'] != 'absent':
            self.server = _server(work, options['server'])
        if options.get('id') is not None:
            return self.one(work, options['id'])
        kind = drive_fields.KINDS[options.get('type') or 'disk']
        # CD-ROMs are UpCloud's own, all else is the account's.
        self.mine = work.client.pages('GET /storage/cdrom') if kind == 'cdrom' else self.all(work)
        found = [raw for raw in self.mine if raw.get('title') == options['name'] and raw.get('type') == kind]
        if len(found) > 1:
            raise Ambiguous('%d drives have the title %r: %s; name the one that is meant by id' % (
                len(found), options['name'], ', '.join(sorted(str(raw.get('uuid')) for raw in found))),
                provider=self.provider)
        if not found and kind == 'cdrom' and options['state'] != 'absent':
            self.refuse('there is no CD-ROM %r%s' % (options['name'], nearest(
                options['name'], [raw.get('title') for raw in self.mine])))
        return self.one(work, found[0]['uuid']) if found else None

    def lookups(self, work, change):
        change.found.update(source=None, servers={}, task=None)
        if change.creates:
            self._look_up_new(work, change)
            idents = set()
        else:
            idents = set(change.before['servers'] or []) if self._needs_servers(change) else set()
            if change.state in ('imported', 'uploaded', 'cancelled') and change.before['provider_state'] != 'online':
                change.found['task'] = work.client.find(IMPORT, uuid=change.id)
        if change.new('server'):
            idents.add(change.new('server'))
        if idents:
            idents = sorted(idents)
            answers = work.client.together(*[('GET /server/{uuid}', {'uuid': ident}) for ident in idents])
            change.found['servers'] = dict(zip(idents, answers))
        if change.new('server') and change.found['servers'][change.new('server')] is None:
            self.refuse('server: there is no server %s' % change.new('server'))

    @staticmethod
    def _needs_servers(change):
        return change.deletes or change.state == 'detached' or change.state in NEED_STOP \
            or 'server' in change.fields or 'size_gb' in change.fields

    def _look_up_new(self, work, change):
        """What a new drive is made of, and whether its zone is there."""
        wanted, image = change.new('clone_from'), change.new('image')
        if image is not None:
            change.found['source'] = pick('image', work.client.pages('GET /storage/template'), image)
        elif wanted is not None and re.fullmatch(UUID, wanted):
            change.found['source'] = work.client.find('GET /storage/{uuid}', uuid=wanted)
            if change.found['source'] is None:
                self.refuse('clone_from: there is no storage %s' % wanted)
        elif wanted is not None:
            change.found['source'] = pick('drive', [item for item in self.mine if item.get('type') == 'normal'], wanted)
        source = change.found['source'] or {}
        zone = change.new('zone') or source.get('zone')
        if zone is not None and zone != source.get('zone'):
            zones = [item.get('id') for item in work.client.call('GET /zone')]
            if zone not in zones:
                self.refuse('there is no zone %r%s' % (zone, nearest(zone, zones)))
        change.found['zone'] = zone
        self.too_small(change.new('size_gb'), wire.number(source.get('size')) or 0,
                       'what it is made of, %s,' % source.get('title'))

    def settling(self, raw, state):
        if state in ('imported', 'uploaded', 'cancelled') or raw.get('state') in ('online', 'error'):
            return None
        return waits.storage(raw['uuid'], raw.get('title'))

    def recover(self, work, step, error):
        """After a lost answer: what the thing shows of it. A second attach or load would be refused, so it is
        harmless."""
        values = step.parameters
        if step.operation.startswith('POST /server/'):
            server = work.client.call('GET /server/{uuid}', uuid=values['uuid'])
            there = any(drive['id'] == values['storage'] for drive in wire.drives_of(server))
            return server if there else work.client.call(step.operation, **values)
        if step.operation == UPLOAD:
            task = work.client.find(step.lookup.operation, **step.lookup.parameters)
            if task is None or task.get('state') not in ('importing', 'completed'):
                raise error
            return {'path': step.transfer.path, 'bytes': wire.number(task.get('client_content_length')),
                    'sha256': task.get('sha256sum') or None, 'resumed_from': 0}
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        own, size, kind = own_of(options), options.get('size_gb'), options.get('type')
        self.asks_favorite = 'favorite' in own
        for problem in label_problems('labels', options.get('labels')):
            self.wrong(problem)
        if size is not None and size != int(size):
            self.wrong('size_gb must be a whole number, not %s' % size)
        if kind == 'template':
            for name in drive_fields.NOT_OF_TEMPLATES:
                if options.get(name) is not None:
                    self.wrong('%s cannot be said of a template, which is as the drive that clone_from names' % name)
        if kind == 'backup' and options.get('id') is None:
            self.wrong('type: backup goes with id; titles of backups tell nothing, use the module snapshot')
        for name in ('device', 'boot'):
            if options.get(name) is not None and options.get('server') is None:
                self.wrong('%s goes with server' % name)
        if own.get('delete_backups') and options['state'] != 'absent':
            self.wrong('upcloud.delete_backups goes with state absent')

    def project(self, raw):
        return drive_fields.drive_in(raw)

    def hidden(self, raw):
        return {'server': wire.listed(raw.get('servers'), 'server')}

    def fill(self, wanted, options, before):
        filled = super().fill(wanted, options, before)
        if filled.get('server') is not None:
            filled['server'] = self.server
        if before is None and options['state'] != 'absent':
            filled['type'] = filled.get('type') or 'disk'
        return filled

    def predict(self, change):
        source, known = change.found['source'] or {}, {}
        unknown = {'provider_state'} if change.creates else set()
        servers = (change.before or {}).get('servers') or []
        if change.new('server'):
            moved = [] if change.after['type'] == 'disk' else servers
            known['servers'] = sorted(moved + [change.new('server')])
        if change.state == 'detached':
            known['servers'] = [ident for ident in servers if ident not in self._detached(change)]
        if change.state in ('imported', 'uploaded', 'cancelled'):
            # Waited for, whatever it was busy with.
            known.update(state='online', provider_state='online')
        if change.state == 'filesystem_resized':
            unknown.add('upcloud.backups')
        if change.creates:
            size = change.new('size_gb') or wire.number(source.get('size'))
            known.update(state='online', zone=change.found['zone'], size_gb=size, tier=self._tier(change),
                         labels=change.after.get('labels') or {}, backup_rule=change.after.get('backup_rule') or {},
                         servers=known.get('servers') or [], tags=None)
            unknown |= {'upcloud.' + name for name in ('access', 'favorite', 'license', 'origin', 'part_of_plan',
                                                       'template_type', 'backups') if name != 'favorite'
                        or 'upcloud.favorite' not in change.fields}
            if change.new('encrypted') is None:
                unknown.add('encrypted')
        return known, unknown

    @staticmethod
    def _tier(change):
        return change.new('tier') or (change.found['source'] or {}).get('tier') or DEFAULT_TIER

    # -- steps --------------------------------------------------------------------------------------------------------
    def create(self, change):
        source, template = change.found['source'], change.new('type') == 'template'
        if change.new('type') not in ('disk', 'template'):
            self.refuse('there is no %s %s, and none can be made' % (change.new('type'), change.new('name')))
        self.need(change, 'name', *(() if change.found['zone'] else ('zone',)), *(
            ('clone_from',) if template else () if source else ('size_gb',)))
        name, uuid = change.new('name'), Ref('create', ('uuid',))
        body = {'title': name}
        if not template:
            body.update(zone=change.found['zone'], tier=self._tier(change))
            if change.new('encrypted') is not None:
                body['encrypted'] = wire.yes_no(change.new('encrypted'))
        rest = self._body(change)
        rest.pop('title', None)
        if source is None:
            body.update(rest)
            rest, operation, summary = {}, 'POST /storage', 'make the drive %s of %s GiB' % (name, rest['size'])
        elif template:
            operation, summary = 'POST /storage/{uuid}/templatize', 'make the template %s of the drive %s' % (
                name, source.get('title'))
        else:
            operation, summary = 'POST /storage/{uuid}/clone', 'make the drive %s, a copy of %s' % (
                name, source.get('title'))
            if change.new('size_gb') == wire.number(source.get('size')):
                rest.pop('size', None)
        if source is not None:
            body['uuid'] = source['uuid']
        kind = drive_fields.KINDS[change.new('type')]
        steps = [Step(operation, body, summary, id='create', wait=waits.storage(uuid, name), lookup=Lookup(
            'GET /storage/private', {'title': name, 'type': kind},
            known=tuple(raw.get('uuid') for raw in self.mine)))]
        if rest:
            steps.append(Step('PUT /storage/{uuid}', dict(rest, uuid=uuid), 'set %s of the drive' % ', '.join(
                sorted(rest)), id='set', wait=waits.storage(uuid, name)))
        return steps + self._more(change, uuid)

    @staticmethod
    def _body(change):
        """The attributes of a storage that change, as a request wants them."""
        body = {}
        if 'name' in change.fields:
            body['title'] = change.new('name')
        if 'size_gb' in change.fields:
            body['size'] = str(int(change.new('size_gb')))
        if 'labels' in change.fields:
            body['labels'] = wire.labels_out(change.new('labels'))
        if 'backup_rule' in change.fields:
            rule = change.new('backup_rule')
            body['backup_rule'] = wire.rule_out(rule) if rule else {}
        return body

    def update(self, change):
        if self.grows(change):
            self._off(change, 'to grow the drive')
        body, steps = self._body(change), []
        if body and change.raw.get('access') == 'public':
            self.refuse('%s is a public storage, which cannot be changed' % change.before['name'])
        if body:
            steps.append(Step('PUT /storage/{uuid}', dict(body, uuid=change.id), 'change %s of the drive' % ', '.join(
                sorted(body)), id='set', wait=waits.storage(change.id, change.before['name'])))
        return steps + self._more(change, change.id)

    def _more(self, change, uuid):
        """Steps for what is no attribute of a storage."""
        steps = self._attach(change, uuid) if change.new('server') else []
        if change.new('upcloud.favorite') is not None and (not change.creates or change.new('upcloud.favorite')):
            verb = 'POST' if change.new('upcloud.favorite') else 'DELETE'
            steps.append(Step(verb + ' /storage/{uuid}/favorite', {'uuid': uuid},
                              'make it a favourite' if verb == 'POST' else 'make it a favourite no longer'))
        return steps

    def delete(self, change):
        if change.raw.get('access') == 'public':
            self.refuse('%s is a public storage, which cannot be deleted' % change.before['name'])
        servers = change.before['servers'] or []
        if servers and not change.options['detach']:
            self.refuse('the drive is attached to server %s; set detach: true to have it detached first'
                        % ', '.join(servers))
        policy = own_of(change.options).get('delete_backups') or 'keep'
        backups = wire.listed(change.raw.get('backups'), 'backup')
        summary = 'delete the drive %s' % change.before['name']
        if backups:
            summary += {'keep': '; its backups stay', 'keep_latest': ' and its backups but the latest',
                        'delete': ' and its backups'}[policy]
        return self._detach(change, servers) + [Step('DELETE /storage/{uuid}', {
            'uuid': change.id, 'backups': policy}, summary, destructive=True)]

    def kept(self, change):
        found = super().kept(change)
        if change.deletes:
            backups = wire.listed(change.raw.get('backups'), 'backup')
            policy = own_of(change.options).get('delete_backups') or 'keep'
            found['kept_backups'] = {'keep': backups, 'keep_latest': backups[-1:], 'delete': []}[policy]
        return found

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')

    # -- attaching ----------------------------------------------------------------------------------------------------
    def _attach(self, change, uuid):
        """Steps that attach the drive, or load the CD-ROM; first detached elsewhere where that is allowed."""
        server = change.found['servers'][change.new('server')]
        name, zone = server.get('hostname'), change.found.get('zone') or (change.before or {}).get('zone')
        if zone not in (None, server.get('zone')):
            self.refuse('server: the drive is in zone %s and the server %s in %s' % (zone, name, server.get('zone')))
        if change.after['type'] == 'cdrom':
            return self._load(server, uuid)
        others = (change.before or {}).get('servers') or []
        if others and not change.options['detach']:
            self.refuse('the drive is attached to server %s; set detach: true to have it detached there first'
                        % ', '.join(others))
        device = change.options.get('device')
        if (device or '').startswith('ide'):
            self._stopped(server, 'to attach a drive as %s' % device)
        body = {'uuid': server['uuid'], 'type': 'disk', 'storage': uuid}
        if device:
            body['address'] = device
        if change.options.get('boot') is not None:
            body['boot_disk'] = '1' if change.options['boot'] else '0'
        return self._detach(change, others) + [
            Step('POST /server/{uuid}/storage/attach', body, 'attach it to server %s' % name)]

    def _load(self, server, uuid):
        device = next((drive for drive in wire.drives_of(server) if drive['media'] == 'cdrom'), None)
        if device is None:
            self._stopped(server, 'to give it a CD-ROM drive')
            return [Step('POST /server/{uuid}/storage/attach', {
                'uuid': server['uuid'], 'type': 'cdrom', 'storage': uuid},
                'load it into a new CD-ROM drive of server %s' % server.get('hostname'))]
        steps = []
        if device['id'] is not None:
            steps.append(Step('POST /server/{uuid}/cdrom/eject', {'uuid': server['uuid']},
                              'eject the CD-ROM %s' % device['name']))
        return steps + [Step('POST /server/{uuid}/cdrom/load', {'uuid': server['uuid'], 'storage': uuid},
                             'load it into server %s' % server.get('hostname'))]

    def _detach(self, change, servers):
        """Steps that detach the drive from servers, or eject the CD-ROM from them."""
        steps = []
        for ident in servers:
            server = change.found['servers'][ident]
            for drive in wire.drives_of(server):
                if drive['id'] != change.id:
                    continue
                if drive['media'] == 'cdrom':
                    steps.append(Step('POST /server/{uuid}/cdrom/eject', {'uuid': ident},
                                      'eject it from server %s' % server.get('hostname')))
                    continue
                if drive['device'].startswith('ide'):
                    self._stopped(server, 'to detach a drive at %s' % drive['device'])
                steps.append(Step('POST /server/{uuid}/storage/detach', {'uuid': ident, 'address': drive['device']},
                                  'detach it from server %s' % server.get('hostname')))
        return steps

    def _detached(self, change):
        servers = change.before['servers'] or []
        return [ident for ident in servers if self.server in (None, ident)]

    def detached(self, change):
        """Steps for state detached."""
        return self._detach(change, self._detached(change))

    def _off(self, change, why):
        """:raises Precondition: when a server that has the drive is on."""
        for ident in (change.before or {}).get('servers') or []:
            self._stopped(change.found['servers'][ident], why)

    def _stopped(self, server, why):
        if server.get('state') != 'stopped':
            self.refuse('%s server %s must be stopped, and it is %s; stop it first, with state: stopped of the module '
                        'server' % (why, server.get('hostname'), server.get('state')))

    # -- contents -----------------------------------------------------------------------------------------------------
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
        if not change.creates:
            self.fits(change, (change.new('size_gb') or change.before['size_gb']) * 1024 ** 3)
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


def _server(work, wanted):
    """The id of the server of that id, host name or title."""
    if re.fullmatch(UUID, wanted):
        return wanted
    servers = work.client.call('GET /server')
    found = [raw for raw in servers if str(raw.get('hostname')).lower() == wanted.lower()] \
        or [raw for raw in servers if raw.get('title') == wanted]
    if len(found) > 1:
        raise Ambiguous('server: %d have the name %r: %s; name the one that is meant by id' % (
            len(found), wanted, ', '.join(sorted(str(raw.get('uuid')) for raw in found))))
    if not found:
        raise NotFound('server: there is no server %r%s' % (wanted, nearest(
            wanted, [raw.get('hostname') for raw in servers])))
    return found[0]['uuid']


def _same_location(task, url):
    """Whether an import fetches from that URL. The API masks credentials in it."""
    def plain(text):
        return re.sub('//[^/@]*@', '//', text or '')
    return task.get('source') == 'http_import' and plain(task.get('source_location')) == plain(url)
