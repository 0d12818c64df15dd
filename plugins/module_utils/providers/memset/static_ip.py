# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's public addresses, which can be moved from server to server and no more."""

from __future__ import annotations

import ipaddress

from ...errors import NotFound, OutcomeUnknown, Precondition
from ...resources.static_ip import StaticIpCrossing, same
from ...steps import Ref, Step
from .client import MemsetClient, job_of, job_wait
from .server_fields import SERVICE_NAME, is_private

MOVE, REBOOT = 'server.move_ips', 'server.reboot'
NEVER = ('name', 'floating', 'release_policy', 'mac', 'gateway', 'netmask', 'nameservers')
SUPPORT = 'Memset\'s API only moves addresses'


class MemsetStaticIp(StaticIpCrossing):
    """The id is the address. A server keeps its primary address for ever."""

    provider = 'memset'
    client = MemsetClient
    honours = {
        'id': {}, 'address': {}, 'addresses': {'maximum': 100}, 'reboot': {},
        'server': {'pattern': SERVICE_NAME, 'allow_empty': False, 'hint': 'the name that Memset gave the service'},
    }
    refuses = {
        'absent': SUPPORT + '; ask Memset\'s support to take one away',
        'count': SUPPORT + '; ask Memset\'s support for more', 'name': 'an address has none',
        'ptr_record': 'use the module dns_reverse', 'allow_stop': 'no stop is needed',
        **dict.fromkeys(('family', 'access', 'floating', 'zone', 'release_policy', 'mac'), SUPPORT),
    }
    in_list = ('id', 'address', 'addresses', 'count', 'server', 'family', 'access', 'zone', 'ptr_record',
               'provider_options')

    def __init__(self, resource):
        super().__init__(resource)
        self.servers = {}
        # The wait for a move that an earlier run began.
        self.moving = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        self.servers = {server['name']: server for server in work.client.call('server.list')}
        return [{'address': item['address'], 'item': item, 'server': server['name'],
                 'primary': same(item['address'], server.get('primary_ip')), 'zones': server.get('network_zones') or []}
                for server in self.servers.values() for item in server.get('ips') or [] if item.get('address')]

    def one(self, work, ident):
        return next((raw for raw in self.all(work) if same(raw['address'], ident)), None)

    def observe(self, work, options):
        job = job_of((work.journal.get(work.key) or {}).get('answer'))
        job = job and work.client.find('job.status', id=job['id'])
        if job and not job['finished'] and not work.check_mode:
            self.moving = job_wait(job['id'], 'the move')
        return self._look(work, options)

    def settling(self, raw, state):
        return self.moving

    def _look(self, work, options):
        if options['addresses'] is None:
            return self.one(work, self.named(options))
        mine, found, lacking = self.all(work), [], []
        for address in options['addresses']:
            raw = next((raw for raw in mine if same(raw['address'], address)), None)
            if raw is None:
                lacking.append(address)
            elif raw not in found:
                found.append(raw)
        if lacking:
            raise NotFound('no server of the account has the address %s' % ', '.join(lacking), provider=self.provider)
        return {'addresses': found}

    def again(self, work, change, answers):
        return self._look(work, change.options)

    def lookups(self, work, change):
        change.found['moves'] = moves = {}
        server, entry = change.options['server'], change.journal or {}
        # What an interrupted run moved, and did not reboot.
        change.found['owed'] = entry.get('operation') == MOVE and entry['parameters']['destination_name'] == server
        if 'server' not in change.fields or change.creates:
            return
        if server not in self.servers:
            raise Precondition('there is no server %r' % server)
        zones = self.servers[server].get('network_zones') or []
        for raw in change.raw.get('addresses', [change.raw]):
            if raw['server'] == server:
                continue
            if raw['primary']:
                raise Precondition('%s is the primary address of %s, which cannot be moved' % (
                    raw['address'], raw['server']))
            if zones and raw['zones'] and not set(zones) & set(raw['zones']):
                raise Precondition('%s is in the network zone %s, and %s in %s' % (
                    raw['address'], ', '.join(raw['zones']), server, ', '.join(zones)))
            moves.setdefault(raw['server'], []).append(raw['address'])

    def alone(self, work):
        """Two runs on this machine never move the same addresses at once."""
        return work.lock(work.key)

    def finished(self, work, change):
        work.journal.clear(work.key)

    def recover(self, work, step, error):
        raise OutcomeUnknown('%s. Run the same task again when it may be over: it looks where the addresses are'
                             % error.message, operation=error.operation, code=error.code,
                             http_status=error.http_status, request_id=error.request_id)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def problems(self, options):
        told = []
        for text in [self.named(options)] if self.named(options) else options['addresses'] or []:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                continue
            if address.version == 6 or is_private(address):
                told.append('%s is no public IPv4 address, and only those can be moved' % text)
        if options['addresses'] == []:
            told.append('addresses must not be empty')
        return told

    def project_one(self, raw):
        address = ipaddress.ip_address(raw['address'])
        return {'id': raw['address'], 'server': raw['server'], 'family': 'IPv%d' % address.version,
                'access': 'private' if is_private(address) else 'public', 'raw': raw['item'],
                'ptr_record': raw['item'].get('reverse_map') or None, 'zone': raw['zones'][0] if raw['zones'] else None,
                'provider_options': {'primary': raw['primary']}}

    def create(self, change):
        raise NotFound('no server of the account has the address %s' % self.named(change.options),
                       provider=self.provider)

    def predict(self, change):
        return dict.fromkeys(NEVER), ()

    def update(self, change):
        server, steps = change.options['server'], []
        change.notes.append('the servers are out of reach for a moment, and the addresses have to be configured on %s '
                            'afterwards: a miniserver with Linux does that when it is rebooted, see reboot' % server)
        for number, (source, addresses) in enumerate(change.found['moves'].items()):
            ident = 'move-%d' % number
            steps.append(Step(
                MOVE, {'source_ips': addresses, 'destination_name': server}, 'move %s from %s to %s' % (
                    ', '.join(addresses), source, server), id=ident, journal=True,
                wait=job_wait(Ref(ident, ('id',)), 'the move to %s' % server)))
        return steps

    def afterwards(self, change):
        if not change.options['reboot'] or not (change.found['moves'] or change.found['owed']):
            return []
        server = change.options['server']
        return [Step(REBOOT, {'name': server}, 'reboot the server %s' % server, id='reboot',
                     wait=job_wait(Ref('reboot', ('id',)), 'the reboot of %s' % server))]
