# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources: static addresses and VLANs."""

from __future__ import annotations

from . import fields, wire
from .errors import Refusal, invalid, missing


class Resources:
    """{identity: fields} of both types; of an address the identity is the address itself."""

    def __init__(self, provider):
        self._provider = provider
        self.ips: dict[str, dict] = {}
        self.vlans: dict[str, dict] = {}
        self._names = 0

    def state(self):
        return {'ips': {key: dict(item) for key, item in self.ips.items()},
                'vlans': {key: dict(item) for key, item in self.vlans.items()}}

    def _table(self, kind):
        return {'ip': self.ips, 'vlan': self.vlans}[kind]

    def find(self, kind, identity):
        table = self._table(kind)
        if identity not in table:
            raise missing({'ip': 'IP', 'vlan': 'VLAN'}[kind], identity)
        return table[identity]

    def _everything(self):
        return list(self.ips.values()) + list(self.vlans.values())

    # -- looking --------------------------------------------------------------------------------------------------
    def list_all(self, call):
        return self._listing(self._everything())

    def info_all(self, call):
        return [dict(item) for item in self._everything()]

    def list(self, call, kind):
        return self._listing(self._table(kind).values())

    @staticmethod
    def _listing(items):
        items = list(items)
        return wire.Listing(('%s %s' % (item['type'], item['resource']) for item in items),
                            [{'type': item['type'], 'resource': item['resource']} for item in items])

    def info(self, call, kind):
        return [dict(item) for item in self._table(kind).values()]

    def one(self, call, kind, identity):
        return dict(self.find(kind, identity))

    # -- making and changing --------------------------------------------------------------------------------------
    def create(self, call, kind):
        given = self._provider.body(call)
        name = given.get('name', '')
        if not name and kind in self._provider.named_resources:
            raise invalid('name', 'This field is required.')
        self._provider.check_funds(call, kind)
        return dict(self.make(kind, name))

    def make(self, kind, name=''):
        """A new one, under the account's limit."""
        table, provider = self._table(kind), self._provider
        limit = provider.settings[kind + '_limit']
        if len(table) >= limit:
            raise Refusal('billing', 'The limit of %d is reached' % limit)
        if not name and provider.names_resources:
            self._names += 1
            name = '%X' % (0x2F + self._names)
        if kind == 'vlan':
            item = {'resource': provider.world.uuid(), 'type': 'vlan', 'user': provider.user_uuid, 'name': name}
        else:
            address = provider.address()
            gateway = '%s.%s' % (provider.network, provider.gateway_host)
            item = {'resource': address, 'type': 'ip', 'user': provider.user_uuid, 'netmask': '255.255.0.0',
                    'gateway': gateway, 'nameserver': '%s %s.0.2' % (gateway, provider.network)}
            if name:
                item['name'] = name
        table[item['resource']] = item
        return item

    def set(self, call, kind, identity):
        item = self.find(kind, identity)
        name = self._provider.body(call).get('name', '')
        if not name:
            raise invalid('name', 'This field is required.')
        item['name'] = name
        return dict(item)

    def destroy(self, call, kind, identity):
        self.find(kind, identity)
        for server in self._provider.servers.items.values():
            if kind == 'ip' and (identity in fields.addresses(server.config)):
                raise self._provider.in_use('IP', identity)
            if kind == 'vlan' and any(server.config.get('nic:%d:vlan' % number) == identity for number in range(4)):
                raise self._provider.in_use('VLAN', identity)
        del self._table(kind)[identity]
