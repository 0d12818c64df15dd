# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static addresses of CloudSigma 1.0 and ElasticHosts: the account owns them, and a server takes one by its NIC."""

from __future__ import annotations

from ...resources.static_ip import StaticIpCrossing, same
from ...steps import Lookup, Step
from .text import plain, refuse_entities
from .uses import refuse_used

CREATE = 'POST /resources/ip/create'
# What tells nothing once there are others beside the known ones.
COMMON = ('addresses', 'family', 'server', 'gateway', 'netmask', 'nameservers')
NEVER = ('access', 'floating', 'zone', 'ptr_record', 'release_policy', 'mac')


class KeyValueStaticIp(StaticIpCrossing):
    """The id is the address. A subclass names its operations."""

    INFO = DESTROY = ''
    honours = {'id': {}, 'address': {}, 'count': {'hint': 'of the account'}}
    refuses = {
        'addresses': 'name one at a time',
        'server': 'an address is the account\'s; a server takes it by networks[].address of the module server',
        **dict.fromkeys(('family', 'access', 'floating', 'zone', 'ptr_record', 'release_policy', 'mac'), 'it has none'),
    }
    in_list = ('id', 'address', 'addresses', 'count', 'server', 'family', 'gateway', 'netmask', 'nameservers')

    def all(self, work, filters=None):
        return [raw for raw in work.client.call(self.INFO) if raw.get('type', 'ip') == 'ip']

    def lookups(self, work, change):
        if change.deletes:
            refuse_used(work, 'the address %s' % change.id, change.id, change.before['server'])

    def one(self, work, ident):
        return next((raw for raw in self.all(work) if same(raw['resource'], ident)), None)

    def observe(self, work, options):
        address = self.named(options)
        if address is not None:
            return self.one(work, address)
        if options['count'] is not None:
            return {'addresses': self.all(work)}
        return self.find(work, None, options['name'])

    def again(self, work, change, answers):
        if change.options['count'] is not None:
            return {'addresses': self.all(work)}
        return answers.get('set') or answers.get('create')

    def check(self, options):
        super().check(options)
        refuse_entities(self.provider, options, 'name')

    def project_one(self, raw):
        claimed = (raw.get('claimed') or '').split(':')
        return {'id': raw['resource'], 'name': plain(raw.get('name')),
                'family': 'IPv6' if ':' in raw['resource'] else 'IPv4',
                'server': (claimed[2] if claimed[1:2] == ['guest'] else claimed[0]) or None,
                'gateway': raw.get('gateway'), 'netmask': raw.get('netmask'),
                'nameservers': (raw.get('nameserver') or '').split()}

    def predict(self, change):
        known, unknown = dict.fromkeys(NEVER), ()
        if 'count' in change.fields:
            unknown = COMMON
        return known, unknown

    def update(self, change):
        known = tuple(change.before['addresses'])
        return [Step(CREATE, {}, 'get a static address', id='create-%d' % number,
                     lookup=Lookup(self.INFO, {'type': 'ip'}, known, 'resource')) for number in self.steps_for(change)]

    def delete(self, change):
        return [Step(self.DESTROY, {'ip': change.id}, 'release the address %s' % change.id, destructive=True)]
