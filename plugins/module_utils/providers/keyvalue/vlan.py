# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VLANs of the KEY VALUE APIs: a name and nothing else. A server is in one by its interface."""

from __future__ import annotations

from ...resource import Crossing
from ...steps import Lookup, Step
from .server_fields import NAME
from .text import plain, refuse_entities
from .uses import refuse_used

MANY = 'GET /resources/vlan/info'
REFUSES = dict.fromkeys(('servers', 'remove_servers'), 'name the VLAN in networks of the server')


class KeyValueVlan(Crossing):
    """A subclass names the operation that destroys one."""

    honours = {'name': NAME}
    refuses = {**REFUSES, 'zone': 'an account has one zone', 'network': 'it has no addresses of its own',
               'labels': 'it has none'}
    destroys = ''

    def all(self, work, filters=None):
        return work.client.call(MANY)

    def lookups(self, work, change):
        if change.deletes:
            refuse_used(work, 'the VLAN %s' % change.before['name'], change.id)

    def one(self, work, ident):
        return work.client.find('GET /resources/vlan/{uuid}/info', uuid=ident)

    def check(self, options):
        super().check(options)
        refuse_entities(self.provider, options, 'name')

    def project(self, raw):
        return {'id': raw['resource'], 'name': plain(raw.get('name'))}

    def create(self, change):
        self.need(change, 'name')
        name = change.new('name')
        return [Step('POST /resources/vlan/create', {'name': name}, 'make the VLAN %s' % name, id='create',
                     lookup=Lookup(MANY, {'name': name}, key='resource'))]

    def update(self, change):
        return [Step('POST /resources/vlan/{uuid}/set', {'uuid': change.id, 'name': change.new('name')},
                     'name the VLAN %s' % change.new('name'))]

    def delete(self, change):
        return [Step(self.destroys, {'uuid': change.id}, 'destroy the VLAN %s' % change.before['name'],
                     destructive=True)]

    def predict(self, change):
        return dict.fromkeys(('zone', 'network', 'servers', 'labels')), ()

    def made(self, answers):
        return (answers.get('create') or {}).get('resource')
