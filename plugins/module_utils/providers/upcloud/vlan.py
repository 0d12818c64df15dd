# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's private networks, and which servers have an interface in one."""

from __future__ import annotations

import ipaddress

from ...client import nearest
from ...errors import BadInput, Precondition
from ...plan import Field, Lookup, Step
from ...resources.vlan import MemberCrossing
from . import wire
from .client import UpCloudClient
from .server_lookups import by_host_name, known_zone

# Own option -> how it is written in the one address range of a network; None is left out.
RANGE = {'dhcp': wire.yes_no, 'gateway': str, 'dhcp_default_route': wire.yes_no, 'dhcp_dns': list, 'dhcp_routes': list,
         'dhcp_bootfile_url': str}


def addresses(text):
    """The network of a text in CIDR form; ValueError for what is none."""
    return ipaddress.ip_network(text, strict=False)


class UpCloudVlan(MemberCrossing):
    """A server joins by a new interface, which only a stopped one can have."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'name': {}, 'zone': {}, 'labels': {'normal': wire.texts}, 'servers': {}, 'remove_servers': {}, 'prune': {},
        'purge_labels': {},
        'network': {'normal': lambda text: str(addresses(text)), 'hint': 'a network in CIDR form'},
    }
    own = {
        'router': Field(allow_empty=True), 'dhcp': Field('bool'), 'gateway': Field(),
        'dhcp_default_route': Field('bool'),
        'dhcp_dns': Field('list', elements='str', compare='list'),
        'dhcp_routes': Field('list', elements='str', compare='set'), 'dhcp_bootfile_url': Field(),
    }

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        labels = ['%s=%s' % pair for pair in ((filters or {}).get('labels') or {}).items()]
        found = work.client.call('GET /network', label=labels or None)
        return [raw for raw in found if raw.get('type') == 'private']

    def one(self, work, ident):
        raw = work.client.find('GET /network/{uuid}', uuid=ident)
        return raw if raw is None or raw.get('type') == 'private' else None

    def detail_call(self, raw):
        return 'GET /network/{uuid}', {'uuid': raw['uuid']}

    def observe(self, work, options):
        self.names = by_host_name(work, (options.get('servers') or []) + (options.get('remove_servers') or []))
        return super().observe(work, options)

    def lookups(self, work, change):
        """Who joins or leaves must be stopped, and its interfaces known."""
        if change.creates and change.new('zone') is not None:
            known_zone(work, change.new('zone'))
        names = self.joining(change) + self.leaving(change)
        found = work.client.call_many([('GET /server/{uuid}', {'uuid': name}) for name in names]) if names else []
        for name, server in zip(names, found):
            if isinstance(server, Exception):
                raise server
            if server is None:
                raise Precondition('servers: there is no server %r%s' % (name, nearest(name, self.names)))
            if server.get('state') != 'stopped':
                raise Precondition('servers: %s is %s, and only a stopped server can be given an interface or lose '
                                   'one; stop it before, or use networks and allow_stop of the module server'
                                   % (server.get('hostname'), server.get('state')))
        change.found['interfaces'] = {name: wire.networks_of(server) for name, server in zip(names, found)}

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        own, text = options.get('upcloud') or {}, options.get('network')
        try:
            network = addresses(text) if text else None
        except ValueError as exc:
            raise BadInput('network: %s' % exc, provider=self.provider) from exc
        limits = (8, 29) if network is None or network.version == 4 else (64, 64)
        if network and not limits[0] <= network.prefixlen <= limits[1]:
            raise BadInput('network: the prefix must be %d to %d, not %d' % (*limits, network.prefixlen),
                           provider=self.provider)
        if network and network.version == 4 and not network.is_private:
            raise BadInput('network: %s is not within the private ranges, such as 10.0.0.0/8, 172.16.0.0/12 and '
                           '192.168.0.0/16' % network, provider=self.provider)
        for name in ('gateway', 'dhcp_dns'):
            for value in own.get(name) if isinstance(own.get(name), list) else [own.get(name)] if own.get(name) else []:
                try:
                    address = ipaddress.ip_address(value)
                except ValueError as exc:
                    raise BadInput('upcloud.%s: %s' % (name, exc), provider=self.provider) from exc
                if network and address.version != network.version:
                    raise BadInput('upcloud.%s: %s is of the wrong family' % (name, value), provider=self.provider)
                if network and name == 'gateway' and address not in network:
                    raise BadInput('upcloud.gateway: %s is not in the network %s' % (value, network),
                                   provider=self.provider)
        for value in own.get('dhcp_routes') or []:
            try:
                addresses(value.partition('-nexthop=')[0])
            except ValueError as exc:
                raise BadInput('upcloud.dhcp_routes: %s' % exc, provider=self.provider) from exc

    def project(self, raw):
        block = (wire.listed(raw.get('ip_networks'), 'ip_network') or [{}])[0]
        servers = wire.listed(raw.get('servers'), 'server')
        labels = {item['key']: item.get('value') or '' for item in wire.listed(raw.get('labels'), 'label')}
        own = {'router': raw.get('router') or '', 'dhcp': wire.truth(block.get('dhcp')),
               'gateway': block.get('gateway') or None,
               'dhcp_default_route': wire.truth(block.get('dhcp_default_route')),
               'dhcp_dns': block.get('dhcp_dns') or [], 'dhcp_routes': block.get('dhcp_routes') or [],
               'dhcp_bootfile_url': block.get('dhcp_bootfile_url') or None}
        return {'id': raw['uuid'], 'name': raw.get('name'), 'zone': raw.get('zone'), 'labels': labels,
                'network': str(addresses(block['address'])) if block.get('address') else None,
                'servers': sorted(server['uuid'] for server in servers), 'provider_options': own}

    def predict(self, change):
        if not change.creates:
            return {}, ()
        # What a new range has of itself.
        unsaid = {'upcloud.' + name for name in RANGE if 'upcloud.' + name not in change.fields}
        known = {'labels': change.new('labels') or {}, 'servers': change.new('servers') or []}
        if 'upcloud.router' not in change.fields:
            known['upcloud.router'] = ''
        return known, unsaid

    @staticmethod
    def _range(change, names):
        return {name: RANGE[name](change.new('upcloud.' + name)) for name in names
                if 'upcloud.' + name in change.fields}

    @staticmethod
    def _labels(change):
        return wire.labels_out(wire.texts(change.new('labels')))

    def create(self, change):
        self.need(change, 'name', 'zone', 'network')
        if change.new('servers'):
            raise Precondition('servers: an interface needs a network that is there; make it first, or name it in '
                               'networks of the server')
        network = addresses(change.new('network'))
        block = {'address': str(network), 'family': 'IPv%d' % network.version, 'dhcp': 'yes',
                 **self._range(change, RANGE)}
        values = {'name': change.new('name'), 'zone': change.new('zone'), 'ip_networks': {'ip_network': [block]}}
        if change.new('labels'):
            values['labels'] = self._labels(change)
        if change.new('upcloud.router'):
            values['router'] = change.new('upcloud.router')
        return [Step('POST /network', values, 'make the network %s' % change.new('name'), id='create',
                     lookup=Lookup('GET /network', {'name': change.new('name'), 'type': 'private'}))]

    def update(self, change):
        values, steps = {}, []
        if 'name' in change.fields:
            values['name'] = change.new('name')
        if 'labels' in change.fields:
            values['labels'] = self._labels(change)
        if 'upcloud.router' in change.fields:
            values['router'] = change.new('upcloud.router')
        block = self._range(change, RANGE)
        if block:
            family = 'IPv%d' % addresses(change.before['network']).version
            values['ip_networks'] = {'ip_network': [dict(block, family=family)]}
        if values:
            steps.append(Step('PUT /network/{uuid}', dict(values, uuid=change.id), 'change %s of the network %s' % (
                ', '.join(sorted(values)), change.before['name'])))
        for name in self.leaving(change):
            # From the highest on, so that no index moves before it is used.
            for each in reversed([each for each in change.found['interfaces'][name] if each['network'] == change.id]):
                steps.append(Step('DELETE /server/{uuid}/networking/interface/{index}', {
                    'uuid': name, 'index': str(each['index'])}, 'take server %s out of the network' % name,
                    destructive=True))
        for name in self.joining(change):
            family = 'IPv%d' % addresses(change.before['network']).version
            steps.append(Step('POST /server/{uuid}/networking/interface', {
                'uuid': name, 'type': 'private', 'network': change.id,
                'ip_addresses': {'ip_address': [{'family': family}]}}, 'put server %s into the network' % name,
                id='join ' + name))
        return steps

    def delete(self, change):
        if change.before['servers']:
            raise Precondition('the network is in use by %s; take them out before'
                               % ', '.join(change.before['servers']))
        return [Step('DELETE /network/{uuid}', {'uuid': change.id}, 'delete the network %s' % change.before['name'],
                     destructive=True)]

    def recover(self, work, step, error):
        """After a lost answer: a server that has joined meanwhile did so by it."""
        if step.operation == 'POST /server/{uuid}/networking/interface':
            raw = self.one(work, step.parameters['network'])
            if raw and step.parameters['uuid'] in self.project(raw)['servers']:
                return raw
        return super().recover(work, step, error)

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')
