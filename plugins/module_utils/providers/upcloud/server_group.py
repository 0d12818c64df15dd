# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's server groups. The name is the title, which need not be unique; members change in one request."""

from __future__ import annotations

from ...errors import Precondition
from ...resources.vlan import MemberCrossing
from ...steps import Lookup, Step
from . import wire
from .client import UpCloudClient
from .server_fields import check_labels
from .server_lookups import by_host_name

POLICIES = {'strict': 'strict', 'preferred': 'yes', 'none': 'no'}


class UpCloudServerGroup(MemberCrossing):
    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'name': {'pattern': r'[^\r\n]{1,255}', 'hint': 'at most 255 characters'}, 'servers': {}, 'anti_affinity': {},
        'labels': {'normal': wire.texts}, 'remove_servers': {}, 'prune': {}, 'purge_labels': {},
    }
    refuses = {
        'description': 'its groups have none; labels can hold one',
        'running': 'it cannot start a group; start each server', 'stopped': 'it cannot stop a group; stop each server',
    }

    def all(self, work, filters=None):
        labels = ['%s=%s' % pair for pair in ((filters or {}).get('labels') or {}).items()]
        return work.client.call('GET /server-group', label=labels or None)

    def one(self, work, ident):
        return work.client.find('GET /server-group/{uuid}', uuid=ident)

    def observe(self, work, options):
        self.names = by_host_name(work, options)
        return super().observe(work, options)

    def lookups(self, work, change):
        """Who joins must be there, and in no other group: a server can be in one only."""
        names = self.joining(change)
        found = work.client.together(*[('GET /server/{uuid}', {'uuid': name}) for name in names]) if names else []
        for name, server in zip(names, found):
            if server is None:
                raise Precondition('servers: there is no server %s' % name)
            if server.get('server_group') not in (None, '', change.id):
                raise Precondition('servers: %s is in the server group %s; take it out there first' % (
                    server.get('hostname'), server['server_group']))

    def check(self, options):
        super().check(options)
        check_labels(options)

    def project(self, raw):
        its = raw.get('anti_affinity')
        policy = next((word for word, name in POLICIES.items() if name == its), its)
        status = wire.listed(raw.get('anti_affinity_status'), 'status')
        return {'id': raw['uuid'], 'name': raw.get('title'), 'anti_affinity': policy,
                'servers': sorted(wire.listed(raw.get('servers'), 'server')),
                'labels': wire.labels_told(raw),
                'anti_affinity_met': {each['uuid']: each.get('status') == 'met' for each in status}}

    def predict(self, change):
        known = {'description': None}
        if change.creates:
            known.update(servers=change.new('servers') or [], labels=wire.texts(change.new('labels') or {}),
                         anti_affinity=change.new('anti_affinity') or 'none')
        return known, ('anti_affinity_met',)

    @staticmethod
    def _values(change):
        values = {}
        if 'name' in change.fields:
            values['title'] = change.new('name')
        if 'servers' in change.fields:
            values['servers'] = {'server': change.new('servers')}
        if 'anti_affinity' in change.fields:
            values['anti_affinity'] = POLICIES[change.new('anti_affinity')]
        if 'labels' in change.fields:
            values['labels'] = {'label': wire.labels_put(change, change.new('labels'))}
        return values

    def create(self, change):
        self.need(change, 'name')
        return [Step('POST /server-group', self._values(change), 'make the server group %s' % change.new('name'),
                     id='create', lookup=Lookup('GET /server-group', {'title': change.new('name')}))]

    def update(self, change):
        parts = ['put in %s' % ', '.join(self.joining(change))] if self.joining(change) else []
        parts += ['take out %s' % ', '.join(self.leaving(change))] if self.leaving(change) else []
        parts += ['change its ' + name for name in ('name', 'anti_affinity', 'labels') if name in change.fields]
        return [Step('PATCH /server-group/{uuid}', dict(self._values(change), uuid=change.id),
                     'server group %s: %s' % (change.before['name'], ', '.join(parts)))]

    def delete(self, change):
        return [Step('DELETE /server-group/{uuid}', {'uuid': change.id},
                     'delete the server group %s, not its servers' % change.before['name'], destructive=True)]

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')
