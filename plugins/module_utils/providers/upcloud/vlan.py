# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's private networks, and which servers have an interface in one."""

from __future__ import annotations

import ipaddress
import re

from ...apply import wait_for
from ...client import nearest
from ...errors import Ambiguous, BadInput, Precondition
from ...fields import Field
from ...resources.vlan import MemberCrossing
from ...steps import Lookup, Ref, Step
from . import power, waits, wire
from .client import UpCloudClient
from .server_fields import MAX_STOP_TIMEOUT, UUID, check_labels
from .server_lookups import by_host_name, known_zone

NEXTHOP = '-nexthop='


def addresses(text):
    """The network of a text in CIDR form; ValueError for what is none."""
    return ipaddress.ip_network(text, strict=False)


def _plain(read, text):
    """An address or network in its one spelling; a text that is none as it is."""
    try:
        return str(read(text))
    except ValueError:
        return text


def address(text):
    return _plain(ipaddress.ip_address, text)


def dns(texts):
    return [address(text) for text in texts]


def routes(texts):
    """Each a network, perhaps with the address of the next hop."""
    parts = [text.partition(NEXTHOP) for text in texts]
    return [_plain(addresses, network) + mark + address(hop) for network, mark, hop in parts]


def _given(own):
    """(name, text, how it is read) of each single address and network in the own options."""
    for name in ('gateway', 'dhcp_dns'):
        values = own.get(name) or []
        for value in values if isinstance(values, list) else [values]:
            yield name, value, ipaddress.ip_address
    for value in own.get('dhcp_routes') or []:
        network, mark, hop = value.partition(NEXTHOP)
        yield 'dhcp_routes', network, addresses
        if mark:
            yield 'dhcp_routes', hop, ipaddress.ip_address


def misfits(own, network):
    """Why addresses in the own options cannot be those of a network."""
    for name, value, read in _given(own):
        found = read(value)
        if found.version != network.version:
            yield 'upcloud.%s: %s is of the wrong family' % (name, value)
        elif name == 'gateway' and found not in network:
            yield 'upcloud.gateway: %s is not in the network %s' % (value, network)


# Own option -> how it is written in the one address range of a network; None is left out.
RANGE = {'dhcp': wire.yes_no, 'gateway': address, 'dhcp_default_route': wire.yes_no, 'dhcp_dns': dns,
         'dhcp_routes': routes, 'dhcp_bootfile_url': str}


class UpCloudVlan(MemberCrossing):
    """A server joins by a new interface, which only a stopped one can be given."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'name': {'pattern': r'[\s\S]{1,255}', 'hint': 'at most 255 characters'}, 'zone': {},
        'labels': {'normal': wire.texts}, 'servers': {}, 'remove_servers': {}, 'prune': {}, 'purge_labels': {},
        'allow_stop': {}, 'force_stop': {}, 'stop_timeout': {'maximum': MAX_STOP_TIMEOUT},
        'network': {'normal': lambda text: str(addresses(text)), 'hint': 'a network in CIDR form'},
    }
    own = {
        'router': Field(allow_empty=True), 'dhcp': Field('bool'), 'gateway': Field(normal=address),
        'dhcp_default_route': Field('bool'),
        'dhcp_dns': Field('list', elements='str', compare='list', normal=dns),
        'dhcp_routes': Field('list', elements='str', compare='set', normal=routes), 'dhcp_bootfile_url': Field(),
    }
    # The UUID of the router that the options name by its name.
    router = None

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
        self.names = by_host_name(work, options)
        wanted = (options.get('upcloud') or {}).get('router')
        if wanted and not re.fullmatch(UUID, wanted) and options['state'] != 'absent':
            self.router = self._router_named(work, wanted)
        return super().observe(work, options)

    def _router_named(self, work, wanted):
        routers = work.client.call('GET /router')
        found = sorted(raw['uuid'] for raw in routers if raw.get('name') == wanted)
        if len(found) > 1:
            raise Ambiguous('upcloud.router: %d have the name %r: %s; name the one that is meant by UUID' % (
                len(found), wanted, ', '.join(found)), provider=self.provider)
        if not found:
            raise Precondition('upcloud.router: there is no router %r%s' % (
                wanted, nearest(wanted, [str(raw.get('name')) for raw in routers])), provider=self.provider)
        return found[0]

    def lookups(self, work, change):
        """Who joins or leaves, with its state and interfaces."""
        if change.creates and change.new('zone') is not None:
            known_zone(work, change.new('zone'))
        if change.before and change.before['network'] and not change.deletes:
            for told in misfits(change.options.get('upcloud') or {}, addresses(change.before['network'])):
                raise Precondition(told)
        router = change.new('upcloud.router')
        if router and self.router is None and work.client.find('GET /router/{uuid}', uuid=router) is None:
            raise Precondition('upcloud.router: there is no router %s' % router)
        servers = change.found['servers'] = self._servers(work, self.joining(change) + self.leaving(change))
        for name, server in servers.items():
            if server is None:
                raise Precondition('servers: there is no server %s' % name)
            if server['state'] == 'error':
                raise Precondition('servers: %s is in error: %s' % (server.get('hostname'), waits.RECOVERS))
            if change.after.get('zone') not in (None, server.get('zone')):
                # Refused here, so that it is not stopped for nothing.
                raise Precondition('servers: %s is in zone %s, and the network in %s' % (
                    server.get('hostname'), server.get('zone'), change.after['zone']))

    @staticmethod
    def _servers(work, names):
        """{id: server, or None}; one that is busy is waited for."""
        found = work.client.call_many([('GET /server/{uuid}', {'uuid': name}) for name in names]) if names else []
        servers = {}
        for name, server in zip(names, found):
            if isinstance(server, Exception):
                raise server
            if server is not None and server.get('state') == 'maintenance' and not work.check_mode:
                server = wait_for(work, waits.server(name, server.get('hostname'), 'started', 'stopped'))
            servers[name] = server
        return servers

    def begun(self, work, change):
        """Those that an interrupted run has stopped, and not started again."""
        entry = change.journal or {}
        owed = self._servers(work, entry['known']) if entry.get('operation') == power.STOP else {}
        off = change.found['off'] = [server for server in owed.values() if server and server['state'] == 'stopped']
        if owed and not off and not self.joining(change) + self.leaving(change) and not work.check_mode:
            # All are in or out as they shall be, and somebody has started them.
            work.journal.clear(work.key)
        return tuple('stop-%s' % server['uuid'] for server in off)

    def resumed(self, change):
        change.notes.append('an earlier run had %s stopped for a change and did not start it again' % ' and '.join(
            str(server.get('hostname')) for server in change.found['off']))
        return [step for server in change.found['off'] for step in power.start(server, change.options)]

    def finished(self, work, change):
        if (work.journal.get(work.key) or {}).get('operation') == power.STOP:
            work.journal.clear(work.key)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        check_labels(options)
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
        for name, value, read in _given(own):
            try:
                read(value)
            except ValueError as exc:
                raise BadInput('upcloud.%s: %s' % (name, exc), provider=self.provider) from exc
        for told in misfits(own, network) if network else ():
            raise BadInput(told, provider=self.provider)

    def fill(self, wanted, options, before):
        filled = super().fill(wanted, options, before)
        return filled if self.router is None else dict(filled, **{'upcloud.router': self.router})

    def project(self, raw):
        block = (wire.listed(raw.get('ip_networks'), 'ip_network') or [{}])[0]
        servers = wire.listed(raw.get('servers'), 'server')
        own = {'router': raw.get('router') or '', 'dhcp': wire.truth(block.get('dhcp')),
               'gateway': address(block['gateway']) if block.get('gateway') else None,
               'dhcp_default_route': wire.truth(block.get('dhcp_default_route')),
               'dhcp_dns': dns(block.get('dhcp_dns') or []), 'dhcp_routes': routes(block.get('dhcp_routes') or []),
               'dhcp_bootfile_url': block.get('dhcp_bootfile_url') or None}
        return {'id': raw['uuid'], 'name': raw.get('name'), 'zone': raw.get('zone'),
                'network': str(addresses(block['address'])) if block.get('address') else None,
                'servers': sorted(server['uuid'] for server in servers), 'labels': wire.labels_told(raw),
                'provider_options': own}

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
        return wire.labels_put(change, change.new('labels'))

    def create(self, change):
        self.need(change, 'name', 'zone', 'network')
        network = addresses(change.new('network'))
        block = {'address': str(network), 'family': 'IPv%d' % network.version, 'dhcp': 'yes',
                 **self._range(change, RANGE)}
        values = {'name': change.new('name'), 'zone': change.new('zone'), 'ip_networks': {'ip_network': [block]}}
        if change.new('labels'):
            values['labels'] = self._labels(change)
        if change.new('upcloud.router'):
            values['router'] = change.new('upcloud.router')
        return [Step('POST /network', values, 'make the network %s' % change.new('name'), id='create',
                     lookup=Lookup('GET /network', {'name': change.new('name'), 'type': 'private'}))] \
            + self._membership(change)

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
        return steps + self._membership(change)

    def _membership(self, change):
        """Steps that take servers out and put servers in, one server after another, each off meanwhile."""
        servers, options, steps = change.found['servers'], change.options, []
        moves = [(name, self._leave(change, name)) for name in self.leaving(change)]
        moves += [(name, self._join(change, name)) for name in self.joining(change)]
        # A server knows better where it is than a network, whose members an answer may leave out.
        moves = [(name, own) for name, own in moves if own]
        on = [name for name, _steps in moves if servers[name]['state'] != 'stopped']
        why = 'a change of interfaces'
        power.allowed([servers[name] for name in on], options, why)
        # What an interrupted run has stopped stays written down until it is started.
        known = tuple(on + [server['uuid'] for server in change.found.get('off', ())])
        for name, own in moves:
            steps += power.around(servers[name], options, own, why, journal=True, known=known)
        return steps

    @staticmethod
    def _leave(change, name):
        # From the highest on, so that no index moves before it is used.
        interfaces = _interfaces(change, name)
        return [Step('DELETE /server/{uuid}/networking/interface/{index}', {
            'uuid': name, 'index': str(each['index'])}, 'take server %s out of the network' % name, destructive=True)
            for each in reversed(interfaces)]

    @staticmethod
    def _join(change, name):
        if _interfaces(change, name):
            return []
        family = 'IPv%d' % addresses(change.after['network']).version
        return [Step('POST /server/{uuid}/networking/interface', {
            'uuid': name, 'type': 'private', 'network': change.id or Ref('create', ('uuid',)),
            'ip_addresses': {'ip_address': [{'family': family}]}}, 'put server %s into the network' % name,
            id='join ' + name)]

    def delete(self, change):
        if change.before['servers']:
            raise Precondition('the network is in use by %s; take them out before'
                               % ', '.join(change.before['servers']))
        started = self.resumed(change) if change.begun else []
        return started + [Step('DELETE /network/{uuid}', {'uuid': change.id},
                               'delete the network %s' % change.before['name'], destructive=True)]

    def recover(self, work, step, error):
        """After a lost answer: a server that has joined meanwhile did so by it."""
        if step.operation in power.POWER:
            return power.recover(work, step)
        if step.operation == 'POST /server/{uuid}/networking/interface':
            raw = self.one(work, step.parameters['network'])
            if raw and step.parameters['uuid'] in self.project(raw)['servers']:
                return raw
        return super().recover(work, step, error)

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')


def _interfaces(change, name):
    """Those that a server has in the network."""
    return [each for each in wire.networks_of(change.found['servers'][name])
            if change.id is not None and each['network'] == change.id]
