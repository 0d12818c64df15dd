# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of UpCloud, which it calls storages: the name is the title."""

from __future__ import annotations

import dataclasses
import re

from ...apply import wait_for
from ...client import nearest
from ...errors import Ambiguous
from ...resources.drive import DriveCrossing
from ...steps import Lookup, Ref, Step
from . import drive_fields, waits, wire
from .client import UpCloudClient
from .drive_attach import Attaching, server_named
from .drive_contents import IMPORT, NEED_STOP, Contents
from .operations_storage import UPLOAD
from .server_fields import DEFAULT_TIER, UUID, check_labels, own_of
from .server_lookups import known_zone, pick


class UpCloudDrive(Contents, Attaching, DriveCrossing):
    """A storage of the account: a disk, a template or a backup; or a CD-ROM of UpCloud's."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = drive_fields.HONOURS
    own = drive_fields.OWN
    refuses = drive_fields.REFUSES
    required = ('name', 'zone')
    in_list = ('id', 'name', 'state', 'provider_state', 'type', 'zone', 'size_gb', 'tier', 'encrypted', 'labels',
               'created', 'provider_options', 'raw')
    in_details = ('servers', 'backup_rule')
    keeps = ('transfer', 'resize_backup', 'kept_backups')

    def __init__(self, resource):
        super().__init__(resource)
        # What a run has read: the account's storages.
        self.mine = []
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
            self.server = server_named(work, options['server'])
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
        if change.state in NEED_STOP and not change.creates and change.raw.get('access') == 'public':
            self.refuse('%s is a public storage, whose contents cannot be changed' % change.before['name'])
        if change.deletes and own_of(change.options).get('delete_backups') == 'keep_latest':
            # In which order a storage names its backups is not told.
            change.found['backups'] = sorted(
                (item for item in work.client.pages('GET /storage/backup') if item.get('origin') == change.id),
                key=lambda item: str(item.get('created')))

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
        if change.new('type') == 'template':
            self._at_rest(work, source)
        zone = change.new('zone') or source.get('zone')
        if zone is not None and zone != source.get('zone'):
            known_zone(work, zone)
        change.found['zone'] = zone
        self.too_small(change.new('size_gb'), wire.number(source.get('size')) or 0,
                       'what it is made of, %s,' % source.get('title'))

    def _at_rest(self, work, source):
        """:raises Precondition: when a server runs that has the drive; no template is made of it then."""
        if source and 'servers' not in source:
            # A list does not tell.
            source = work.client.find('GET /storage/{uuid}', uuid=source['uuid']) or {}
        idents = wire.listed(source.get('servers'), 'server')
        for server in work.client.together(*[('GET /server/{uuid}', {'uuid': ident}) for ident in idents]) \
                if idents else ():
            if server is not None:
                self._stopped(server, 'to make a template of its drive')

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
            if task is None or task.get('state') not in ('pending', 'importing', 'completed') \
                    or not step.transfer.whole():
                raise error
            # The sums are told when all is written; what they must be only this run knows.
            return step.transfer.arrived(wait_for(
                work, dataclasses.replace(step.wait, parameters=step.lookup.parameters)))
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        own, size, kind = own_of(options), options.get('size_gb'), options.get('type')
        self.asks_favorite = 'favorite' in own
        check_labels(options)
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
            body['labels'] = wire.labels_put(change, change.new('labels'))
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
            latest = [item['uuid'] for item in change.found.get('backups', [])][-1:]
            found['kept_backups'] = {'keep': backups, 'keep_latest': latest, 'delete': []}[policy]
        return found

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')
