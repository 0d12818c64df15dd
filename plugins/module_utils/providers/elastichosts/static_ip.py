# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static addresses of ElasticHosts. One can have a name, which is not unique."""

from __future__ import annotations

from ...steps import Lookup, Step
from ..keyvalue.server_fields import NAME
from ..keyvalue.static_ip import CREATE, KeyValueStaticIp
from .client import ElasticHostsClient

SET = 'POST /resources/ip/{ip}/set'


class ElasticHostsStaticIp(KeyValueStaticIp):
    provider = 'elastichosts'
    client = ElasticHostsClient
    # The resources of all types: that there is a list of one type is not sure.
    INFO = 'GET /resources/info'
    DESTROY = 'POST /resources/ip/{ip}/destroy'
    honours = {**KeyValueStaticIp.honours, 'name': NAME}
    in_list = (*KeyValueStaticIp.in_list, 'name')

    def problems(self, options):
        both = options['name'] is not None and options['count'] is not None
        return ['name and count cannot be used together'] if both else []

    def create(self, change):
        name = change.options['name']
        if self.named(change.options) is not None:
            return super().create(change)
        return [Step(CREATE, {'name': name}, 'get a static address named %s' % name, id='create',
                     lookup=Lookup(self.INFO, {'type': 'ip', 'name': name}, (), 'resource'))]

    def predict(self, change):
        known, unknown = super().predict(change)
        return (dict(known, count=1), unknown) if change.creates else (known, unknown)

    def made(self, answers):
        return (answers.get('create') or {}).get('resource')

    def update(self, change):
        if 'name' not in change.fields:
            return super().update(change)
        name = change.new('name')
        return [Step(SET, {'ip': change.id, 'name': name}, 'name the address %s %s' % (change.id, name), id='set')]
