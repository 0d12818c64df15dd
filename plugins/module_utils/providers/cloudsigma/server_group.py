# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudSigma's server groups, which do not show who is in them: servers are put in and taken out, and that is all."""

from __future__ import annotations

from ...errors import Ambiguous, BadInput, Malformed, NotFound, Precondition
from ...resources.vlan import MemberCrossing
from ...steps import Ref, Step
from ..keyvalue.client import UUID
from ..keyvalue.server_fields import NAME
from ..keyvalue.text import plain, refuse_entities
from .client import CloudSigmaClient

LIST = 'GET /servergroups/list'


class CloudSigmaServerGroup(MemberCrossing):
    provider = 'cloudsigma'
    client = CloudSigmaClient
    honours = {
        'name': NAME, 'description': dict(NAME, pattern='(?:%s)?' % NAME['pattern']),
        'remove_servers': {}, 'force_stop': {}, 'allow_destroy_on_stop': {},
        # Nobody can tell whether a server is in already, so it is put in each time.
        'servers': {'compare': lambda wanted, current: False},
    }
    refuses = {
        'prune': 'it does not show the members of a group, so nobody knows who else is in; name them in remove_servers',
        'anti_affinity': 'its groups have no policy', 'labels': 'its groups have none',
    }

    def all(self, work, filters=None):
        idents = work.client.call(LIST)
        odd = [ident for ident in idents if not UUID.fullmatch(ident)]
        if odd:
            raise Malformed('the list of server groups has %.40r, which is no UUID' % odd[0])
        return self.detailed(work, idents)

    def detail_call(self, raw):
        return 'GET /servergroups/{uuid}/info', {'uuid': raw['uuid'] if isinstance(raw, dict) else raw}

    def detailed(self, work, raws):
        """One of the two answers that the manual shows leaves out the id."""
        idents = [raw['uuid'] if isinstance(raw, dict) else raw for raw in raws]
        found = work.client.call_many([self.detail_call(ident) for ident in idents]) if idents else []
        for answer in found:
            if isinstance(answer, Exception):
                raise answer
            if answer is not None and 'name' not in answer:
                raise Malformed('the answer about a server group does not tell its name')
        return [dict(raw, uuid=ident) for ident, raw in zip(idents, found) if raw is not None]

    def one(self, work, ident):
        found = self.detailed(work, [ident])
        return found[0] if found else None

    def observe(self, work, options):
        given = [(side, name) for side in ('servers', 'remove_servers') for name in options.get(side) or []]
        if any(not UUID.fullmatch(name) for _side, name in given):
            self._name(work, given)
        return super().observe(work, options)

    def _name(self, work, given):
        """Find the servers that are given by name."""
        servers = work.client.call('GET /servers/info')
        for side, name in given:
            found = [server['server'] for server in servers if name in (server['server'], plain(server.get('name')))]
            if not found:
                raise NotFound('%s: there is no server %r' % (side, name), provider=self.provider)
            if len(found) > 1:
                raise Ambiguous('%s: %d have the name %r: %s' % (side, len(found), name, ', '.join(sorted(found))),
                                provider=self.provider)
            self.names[name] = found[0]

    def check(self, options):
        super().check(options)
        refuse_entities(self.provider, options, 'name', 'description')
        if options['state'] == 'stopped' and not options['force_stop']:
            raise BadInput('state stopped cuts the power of all servers of the group, there is no other stop of one: '
                           'set force_stop: true, or shut down each server', provider=self.provider)

    def lookups(self, work, change):
        """A server that is not persistent is destroyed by a stop, and who is in the group nobody knows."""
        if change.state != 'stopped' or change.options['allow_destroy_on_stop']:
            return
        lost = sorted('%s (%s)' % (plain(server.get('name')), server['server'])
                      for server in work.client.call('GET /servers/info') if server.get('persistent') != 'true')
        if lost:
            raise Precondition('a stop destroys servers that are not persistent, and these may be in the group: %s; '
                               'allow_destroy_on_stop: true accepts that' % ', '.join(lost))

    def project(self, raw):
        return {'id': raw['uuid'], 'name': plain(raw.get('name')), 'description': plain(raw.get('description')) or ''}

    def fill(self, wanted, options, before):
        wanted = dict(wanted)
        if options.get('servers') or options.get('remove_servers'):
            wanted['servers'] = sorted(self.sides(options)[0])
        else:
            wanted.pop('servers', None)
        return wanted

    def predict(self, change):
        known = {'servers': None, 'anti_affinity': None, 'anti_affinity_met': None, 'labels': None}
        if change.creates:
            known['description'] = change.new('description') or ''
        return known, ()

    def create(self, change):
        self.need(change, 'name')
        values = {'name': change.new('name'), 'description': change.new('description')}
        make = Step('POST /servergroups/create', {key: value for key, value in values.items() if value},
                    'make the server group %s' % change.new('name'), id='create')
        return [make] + self._members(change)

    def update(self, change):
        steps = []
        if 'name' in change.fields or 'description' in change.fields:
            values = {name: change.new(name, change.before[name]) for name in ('name', 'description')}
            steps.append(Step('POST /servergroups/{uuid}/set', dict(values, uuid=change.id),
                              'change the server group %s' % change.before['name']))
        return steps + self._members(change)

    def _members(self, change):
        ident, steps = change.id or Ref('create', ('uuid',)), []
        for verb, told, names in (('add', 'put in', change.new('servers') or []), ('remove', 'take out', sorted(
                self.ident(name) for name in change.options.get('remove_servers') or []))):
            if names and not (verb == 'remove' and change.creates):
                steps.append(Step('POST /servergroups/{uuid}/%s' % verb, {
                    'uuid': ident, **{'server:%d' % number: name for number, name in enumerate(names)}},
                    '%s %s' % (told, ', '.join(names)), id=verb))
        return steps

    def delete(self, change):
        return [Step('POST /servergroups/{uuid}/destroy', {'uuid': change.id},
                     'destroy the server group %s, not its servers' % change.before['name'], destructive=True)]

    def running(self, change):
        """Whether its servers run already nobody can tell, so this always acts."""
        return [Step('GET /servergroups/{uuid}/start', {'uuid': change.id}, 'start all servers of the group')]

    def stopped(self, change):
        return [Step('GET /servergroups/{uuid}/stop', {'uuid': change.id}, 'stop all servers of the group',
                     destructive=True)]

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')
