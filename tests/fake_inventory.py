# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A provider whose servers stand in a JSON file, for tests of the inventory plugins' base alone.

The same for a test in this process and for an Ansible that a test starts: the environment names the file.
"""

from __future__ import annotations

import json
import os

from ansible_collections.indie.cloud.plugins.module_utils.client import Client
from ansible_collections.indie.cloud.plugins.module_utils.operation import READ, Operation, table
from ansible_collections.indie.cloud.plugins.module_utils.resource import Resource
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER, ServerCrossing
from ansible_collections.indie.cloud.plugins.plugin_utils.inventory import CloudInventory

SERVERS, LOG = 'INDIE_FAKE_SERVERS', 'INDIE_FAKE_LOG'


class FakeClient(Client):
    """Answers from the file, and writes each operation to the log, with what goes with it."""

    provider = 'upcloud'
    secret_keys = frozenset(['password'])
    operations = table(Operation('server.list', READ), Operation('server.get', READ, 'id!'))
    error = None

    def send(self, operation, values, query=None):
        name = operation if isinstance(operation, str) else operation.name
        with open(os.environ[LOG], 'a', encoding='utf-8') as log:
            log.write(json.dumps([name, self.connection.headers['Authorization'], self.session.read_timeout]) + '\n')
        self.session.calls += 1
        if FakeClient.error is not None:
            raise FakeClient.error
        with open(os.environ[SERVERS], encoding='utf-8') as handle:
            servers = json.load(handle)
        if name == 'server.list':
            return servers
        return next(dict(server, **server.get('more', {})) for server in servers if server['id'] == values['id'])


class FakeServer(ServerCrossing):
    """What the file holds is neutral already; `more` is what only the details tell."""

    provider = 'upcloud'
    client = FakeClient
    in_list = ('id', 'name', 'state', 'zone', 'tags', 'labels', 'public_ipv4')
    in_details = ('image', 'created')

    def all(self, work, filters=None):
        return work.client.call('server.list')

    def detail_call(self, raw):
        return 'server.get', {'id': raw['id']}

    def project(self, raw):
        known = {name: raw[name] for name in self.resource.outputs() if name in raw}
        return dict(known, id=raw['id'], raw=raw)


FAKE = Resource(**dict({name: getattr(SERVER, name) for name in SERVER.__dataclass_fields__},
                       crossings={'upcloud': lambda: FakeServer}))


class FakeInventory(CloudInventory):
    NAME = 'indie.cloud.upcloud'
    PROVIDER = 'upcloud'
    RESOURCE = FAKE
