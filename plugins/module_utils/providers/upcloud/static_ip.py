# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's addresses: those of a server, which come and go with the server off, and floating ones, which move."""

from __future__ import annotations

import re

from ...client import nearest
from ...errors import Precondition
from ...resources.static_ip import StaticIpCrossing, same
from ...steps import NULL, Lookup, Ref, Step
from . import power, wire
from .client import UpCloudClient, known_by
from .dns_reverse import PTR
from .host_names import called
from .server_fields import MAX_STOP_TIMEOUT, SERVER, UUID
from .server_lookups import known_zone

LIST, NEW = 'GET /ip_address', 'POST /ip_address'
ONE, DELETE = 'PATCH /ip_address/{address}', 'DELETE /ip_address/{address}'
# What new addresses may have in common, or not.
COMMON = ('addresses', 'server', 'family', 'access', 'floating', 'zone', 'ptr_record', 'release_policy', 'mac')
# How many public addresses of a family a server has at most.
MOST = 5
NEVER = ('name', 'gateway', 'netmask', 'nameservers')
MAC = r'[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}'


def same_server(wanted, current):
    """No server is written as an empty string."""
    return (wanted or '') == (current or '')


class UpCloudStaticIp(power.StopsServers, StaticIpCrossing):
    """The id is the address."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'id': {}, 'address': {}, 'count': {'maximum': 100},
        'server': {'pattern': '(%s)?' % SERVER, 'compare': same_server,
                   'hint': 'UUID or host name of a server, or empty for none'},
        'family': {}, 'access': {}, 'floating': {}, 'zone': {},
        'ptr_record': PTR, 'release_policy': {},
        'mac': {'pattern': MAC, 'normal': str.lower},
        'allow_stop': {}, 'force_stop': {}, 'stop_timeout': {'maximum': MAX_STOP_TIMEOUT},
    }
    refuses = {'name': 'an address has none', 'addresses': 'name one at a time'}
    in_list = ('id', 'address', 'count', *COMMON)

    def __init__(self, resource):
        super().__init__(resource)
        self.listed = []
        # The UUID of the server that the options name.
        self.server = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        # One that lacks it could be the very one that is looked for or counted, and another would be bought.
        self.listed = known_by(work.client.call(LIST), 'address', 'access', 'family')
        return self.listed

    def one(self, work, ident):
        return next((raw for raw in self.all(work) if same(raw['address'], ident)), None)

    def observe(self, work, options):
        if options['server'] and options['state'] != 'absent':
            self.server = self._server(work, options['server'])
        if options['count'] is None:
            return self.one(work, self.named(options))
        return self._several(work, options)

    def _several(self, work, options):
        """The addresses that count: of the wanted kind, at the server or in the zone."""
        family, access = options['family'] or 'IPv4', options['access'] or 'public'
        return {'addresses': [
            raw for raw in self.all(work) if raw.get('family') == family and raw.get('access') == access
            and bool(wire.truth(raw.get('floating'))) is bool(options['floating'])
            and (self.server is None or raw.get('server') == self.server)
            and options['zone'] in (None, raw.get('zone'))]}

    def _server(self, work, wanted):
        if re.fullmatch(UUID, wanted):
            return wanted
        servers = work.client.call('GET /server')
        found = called(servers, wanted, 'server')
        if found is None:
            raise Precondition('there is no server %r%s' % (wanted, nearest(
                wanted, [raw.get('hostname') for raw in servers])), provider=self.provider)
        return found['uuid']

    def lookups(self, work, change):
        change.found.update(server=None, mac=None)
        before, options = change.before, change.options
        if change.deletes or change.state == 'absent':
            self._releasable(work, change)
        elif 'count' in change.fields and self.server is not None:
            server = change.found['server'] = self._details(work)
            if options['zone'] not in (None, server.get('zone')):
                # Those that are in another zone would not count, and the next run would buy more.
                raise Precondition('the server %s is in zone %s, not in %s' % (
                    server.get('hostname'), server.get('zone'), options['zone']))
            self._room(change, server)
            if options['floating']:
                change.found['mac'] = _interface(server, options['family'], options['mac'])
        elif 'count' in change.fields:
            known_zone(work, options['zone'])
        elif not change.creates and ('server' in change.fields or 'mac' in change.fields):
            if not before['floating']:
                raise Precondition('%s is no floating address, and only those can be moved' % before['id'])
            if self.server is not None:
                server = self._details(work)
                if server.get('zone') != before['zone']:
                    raise Precondition('%s is in zone %s, and the server %s in %s' % (
                        before['id'], before['zone'], server.get('hostname'), server.get('zone')))
                change.found['mac'] = _interface(server, before['family'], options['mac'])

    def _details(self, work, uuid=None):
        uuid = uuid or self.server
        server = work.client.find('GET /server/{uuid}', uuid=uuid)
        if server is None:
            raise Precondition('there is no server %s' % uuid)
        return server

    @staticmethod
    def _room(change, server):
        """:raises Precondition: when the server cannot have that many more: they are bought one by one, and some would
        be before one is refused. Whether the limit is for new floating ones too is not documented."""
        options, (old, new) = change.options, change.fields['count']
        if options['floating']:
            return
        family, access = options['family'] or 'IPv4', options['access'] or 'public'
        limit = MOST if access == 'public' else 1
        has = sum(item.get('access') == access and item.get('family') == family
                  for item in wire.listed(server.get('ip_addresses'), 'ip_address'))
        if has + new - old > limit:
            raise Precondition('count: the server %s has %d %s addresses (%s) and would have %d; it can have at most %d'
                               % (server.get('hostname'), has, access, family, has + new - old, limit))

    def _releasable(self, work, change):
        before = change.before
        if before['access'] != 'public':
            raise Precondition('%s is a %s address, which cannot be released' % (before['id'], before['access']))
        if before['server'] and not before['floating']:
            change.found['server'] = self._details(work, before['server'])

    def again(self, work, change, answers):
        if change.options['count'] is not None:
            return self._several(work, change.options)
        return answers.get('set')

    def recover(self, work, step, error):
        if step.operation in power.POWER:
            return power.recover(work, step)
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def problems(self, options):
        told = []
        if options['count'] is not None:
            if options['floating'] and not (options['server'] or options['zone']):
                told.append('count of floating addresses needs zone or server')
            if not options['floating'] and not options['server']:
                told.append('count needs server, or floating: true with zone')
            if options['floating'] and options['access'] == 'utility':
                told.append('no utility address is floating')
            told += ['%s goes with floating: true' % name for name in ('mac', 'release_policy', 'zone')
                     if options[name] is not None and not options['floating']]
            if options['mac'] is not None and not options['server']:
                told.append('mac goes with server, or with one address')
            if options['ptr_record'] is not None:
                told.append('ptr_record goes with one address')
            if options['family'] == 'IPv6' and options['release_policy'] is not None:
                told.append('release_policy is for IPv4')
        if options['server'] == '' and options['mac'] is not None:
            told.append('mac names an interface, and server: "" takes the address off any')
        return told

    def project_one(self, raw):
        return {'id': raw['address'], 'server': raw.get('server') or None, 'family': raw.get('family'),
                'access': raw.get('access'), 'floating': bool(wire.truth(raw.get('floating'))),
                'zone': raw.get('zone'), 'ptr_record': raw.get('ptr_record') or None,
                'release_policy': raw.get('release_policy') or None, 'mac': raw.get('mac') or None}

    def fill(self, wanted, options, before):
        if options['count'] is not None:
            # The rest says which ones count, and how new ones shall be.
            return {'count': wanted.get('count')}
        filled = super().fill(wanted, options, before)
        return dict(filled, server=self.server if self.server is not None else filled.get('server'))

    def predict(self, change):
        known = dict.fromkeys(NEVER)
        if 'count' in change.fields:
            return known, COMMON
        if 'server' in change.fields or 'mac' in change.fields:
            known.update(server=self.server, mac=change.found['mac'] or change.new('mac'))
            return known, ('server',) if self.server is None and change.options['server'] != '' else ()
        return known, ()

    def update(self, change):
        if 'count' in change.fields:
            return self._more(change)
        body = {name: change.new(name) for name in ('ptr_record', 'release_policy') if name in change.fields}
        what = ['%s %s' % (name, value) for name, value in body.items()]
        if 'server' in change.fields or 'mac' in change.fields:
            mac = change.found['mac'] or change.new('mac')
            body['mac'] = NULL if mac is None else mac
            what.append('no server' if mac is None else 'the interface %s' % mac)
        return [Step(ONE, dict(body, address=change.id), 'give the address %s %s' % (change.id, ', '.join(what)),
                     id='set')]

    def _more(self, change):
        """Steps for new ones: floating ones at once, a server's own with the server off."""
        options, server, steps = change.options, change.found['server'], []
        family, access, floating = options['family'] or 'IPv4', options['access'] or 'public', options['floating']
        where = 'for %s' % server['hostname'] if server else 'in %s' % options['zone']
        match = {'family': family, 'access': access, 'floating': wire.yes_no(floating)}
        if floating:
            body = {'floating': 'yes', 'family': family, 'release_policy': options['release_policy'],
                    **({'mac': change.found['mac']} if server else {'zone': options['zone']})}
            match.update({'server': server['uuid']} if server else {'zone': options['zone']})
        else:
            body = {'server': server['uuid'], 'family': family, 'access': access}
            match['server'] = server['uuid']
        known = [raw['address'] for raw in self.listed]
        for number in self.steps_for(change):
            ident = 'create-%d' % number
            steps.append(Step(
                NEW, {key: value for key, value in body.items() if value is not None},
                'get a new %s %s address %s' % ('floating' if floating else access, family, where),
                id=ident, lookup=Lookup(LIST, match, tuple(known), 'address')))
            # After a lost answer, what this run made before is no candidate.
            known.append(Ref(ident, ('address',)))
        return self.while_stopped(change, server, steps, 'a new address') if server and not floating else steps

    def delete(self, change):
        server = change.found['server']
        step = Step(DELETE, {'address': change.id}, 'release the address %s for good' % change.id, destructive=True)
        steps = self.while_stopped(change, server, [step], 'the release of an address') if server else [step]
        return steps + self.resumed(change)


def _interface(server, family, mac):
    """The hardware address of the public interface that a floating address goes to: the one that is named, else one of
    its family, if there is."""
    public = [each for each in wire.networks_of(server) if each['type'] == 'public' and each['mac']]
    if not public:
        raise Precondition('the server %s has no public interface' % server.get('hostname'))
    if mac is not None:
        # At another server's it would not count, and the next run would move it again, or buy one more.
        named = [each for each in public if each['mac'].lower() == mac.lower()]
        if not named:
            raise Precondition('mac: the server %s has no public interface %s; those that it has: %s' % (
                server.get('hostname'), mac, ', '.join(each['mac'] for each in public)))
        return named[0]['mac']
    fitting = [each for each in public if any(item['family'] == (family or 'IPv4') for item in each['addresses'])]
    return (fitting or public)[0]['mac']
