# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups of servers. Their answers never show who is in them, except when servers are added or removed."""

from __future__ import annotations

from ..keyvalue import wire
from ..keyvalue.errors import invalid, missing


class Groups:
    def __init__(self, provider):
        self._provider = provider
        self.items: dict[str, dict] = {}
        self.members: dict[str, list[str]] = {}

    def state(self):
        return {key: {**group, 'members': list(self.members[key])} for key, group in self.items.items()}

    def forget(self, server):
        for members in self.members.values():
            if server in members:
                members.remove(server)

    def find(self, uuid):
        if uuid not in self.items:
            raise missing('Server group', uuid)
        return self.items[uuid]

    def make(self, name, description='', identity=None):
        identity = identity or self._provider.world.uuid()
        self.items[identity] = {'uuid': identity, 'name': name, 'description': description}
        self.members[identity] = []
        return self.items[identity]

    def _given(self, call):
        given = self._provider.body(call)
        if not given.get('name'):
            raise invalid('name', 'This field is required.')
        return given

    def create(self, call):
        given = self._given(call)
        return dict(self.make(given['name'], given.get('description', '')))

    def set(self, call, uuid):
        group, given = self.find(uuid), self._given(call)
        group.update({key: given[key] for key in ('name', 'description') if key in given})
        return dict(group)

    def destroy(self, call, uuid):
        self.find(uuid)
        del self.items[uuid], self.members[uuid]
        return wire.Listing(())

    def list(self, call):
        return wire.Listing(self.items)

    def one(self, call, uuid):
        return dict(self.find(uuid))

    def add(self, call, uuid):
        self.find(uuid)
        members = self.members[uuid]
        members.extend(server.id for server in self._provider.machines.named(call) if server.id not in members)
        return wire.Listing(members)

    def remove(self, call, uuid):
        self.find(uuid)
        members = self.members[uuid]
        for server in self._provider.machines.named(call):
            if server.id in members:
                members.remove(server.id)
        return wire.Listing(members)

    def _servers(self, uuid):
        self.find(uuid)
        return [self._provider.servers.find(server) for server in self.members[uuid]]

    def start(self, call, uuid):
        servers = self._servers(uuid)
        self._provider.machines.start_these(call, servers)
        return wire.Listing(server.id for server in servers)

    def stop(self, call, uuid):
        servers = self._servers(uuid)
        self._provider.machines.stop_these(call, servers)
        return wire.Listing(server.id for server in servers)
