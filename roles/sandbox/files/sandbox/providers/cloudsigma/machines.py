# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CloudSigma does with servers beyond the common calls: clones, and several at once."""

from __future__ import annotations

import re

from ..keyvalue import fields, wire
from ..keyvalue.errors import Refusal, invalid


class Machines:
    def __init__(self, provider):
        self._provider = provider

    @property
    def _servers(self):
        return self._provider.servers

    def clone(self, call, uuid):
        """Another server like this one, running, on the very same drives (sic)."""
        provider, servers = self._provider, self._servers
        source = servers.find(uuid)
        name = provider.body(call).get('name', '')
        if not name:
            raise invalid('name', 'This field is required.')
        provider.check_funds(call, 'server')
        config = {key: value for key, value in source.config.items() if not re.fullmatch(r'nic:\d:mac', key)}
        for key, value in config.items():
            # An address belongs to one server: the clone asks for one of its own.
            if value in fields.addresses(source.config) and (key.endswith(':dhcp') or key == 'vnc:ip'):
                config[key] = 'auto'
        server = servers.make({**config, 'name': name})
        if provider.settings['start_on_create']:
            try:
                servers.power_on(call, server, shared=True)
            except Refusal:
                del servers.items[server.id]
                raise
        return servers.view(server)

    def named(self, call):
        """The servers that the lines server:0, server:1 … of a request name; all must be there."""
        given = self._provider.body(call)
        uuids = [value for key, value in given.items() if re.fullmatch(r'server:\d+', key)]
        if not uuids:
            raise invalid('server:0', 'This field is required.')
        return [self._servers.find(uuid.strip()) for uuid in dict.fromkeys(uuids)]

    def destroy(self, call):
        """Answers with the servers that are left."""
        servers = self.named(call)
        for server in servers:
            if server.running:
                raise Refusal('busy', 'Server %s is active' % server.id)
        for server in servers:
            self._servers.forget(server)
        return wire.Listing(self._servers.items)

    def start(self, call):
        self.start_these(call, self.named(call))
        return wire.Listing(())

    def start_these(self, call, servers):
        for server in servers:
            if server.status != 'active':
                self._servers.power_on(call, server)

    def stop(self, call):
        self.stop_these(call, self.named(call))
        return wire.Listing(())

    def stop_these(self, call, servers):
        for server in servers:
            self._servers.stop(call, server.id)
