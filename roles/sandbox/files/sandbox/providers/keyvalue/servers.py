# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers: configuration, power, and what becomes of them when they stop."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import fields, wire
from .errors import Refusal, missing

RUNNING = ('active', 'paused')


@dataclass
class Server:
    """`config` is what was asked for; what the service made of it while the server runs is kept apart."""

    id: str
    config: dict
    status: str = 'stopped'
    started: float = 0.0
    # NIC number -> address, and the address for VNC, while it runs.
    addresses: dict = field(default_factory=dict)
    vnc_ip: str = ''
    # Counts starts and stops, so that what was planned for one run of it can't meet another.
    run: int = 0
    ignore_shutdown: bool = False
    claims: list = field(default_factory=list)

    @property
    def running(self):
        return self.status in RUNNING

    @property
    def persistent(self):
        return self.config.get('persistent') == 'true'


class Servers:
    """All servers of the account."""

    def __init__(self, provider):
        self._provider = provider
        self._world = provider.world
        self.items: dict[str, Server] = {}
        # Those that a stop of their own destroyed.
        self.vanished: set[str] = set()
        self.checker = fields.Checker(provider)

    def state(self):
        return {'servers': {key: {**self.view(server), 'ignore_shutdown': server.ignore_shutdown}
                            for key, server in self.items.items()}}

    # -- looking --------------------------------------------------------------------------------------------------
    def find(self, uuid):
        server = self.items.get(uuid.lower())
        if server is None:
            raise missing('Server', uuid)
        return server

    def view(self, server, full=False):
        """A server as an answer shows it."""
        provider, config = self._provider, server.config
        shown = {'server': server.id, 'status': server.status, 'user': provider.user_uuid, **config}
        if server.running:
            shown.update(started=int(server.started), rx=0, tx=0, **{'rx:packets': 0, 'tx:packets': 0})
            for device in fields.devices(config):
                for counter in ('read:bytes', 'read:requests', 'write:bytes', 'write:requests'):
                    shown['%s:%s' % (device, counter)] = 4096 if counter.endswith('bytes') else 1
            for number, address in server.addresses.items():
                shown[provider.address_key() % number] = address
            if server.vnc_ip:
                shown['vnc:ip'] = server.vnc_ip
            provider.show_cores(shown, self.cores(config))
        return provider.server_view(server, shown, full)

    def cores(self, config):
        """The number of virtual processors: as asked for, or from the speed."""
        smp = config.get('smp', 'auto')
        return int(smp) if smp != 'auto' else max(1, -(-int(config['cpu']) // self._provider.core_mhz))

    def list(self, call):
        return wire.Listing(self._provider.server_line(server) for server in self.items.values())

    def info(self, call):
        return [self.view(server) for server in self.items.values()]

    def info_full(self, call):
        return [self.view(server, True) for server in self.items.values()]

    def one(self, call, uuid):
        return self.view(self.find(uuid))

    def one_full(self, call, uuid):
        return self.view(self.find(uuid), True)

    # -- making and changing --------------------------------------------------------------------------------------
    def create(self, call):
        """Create, and start where the provider's create does so."""
        given = self._provider.body(call)
        return self._create(call, given, self._provider.starts_on_create(given))

    def create_stopped(self, call):
        return self._create(call, self._provider.body(call), False)

    def _create(self, call, given, start):
        config = {key: value for key, value in self.checker.changes(given).items() if value}
        self.checker.check(config, config)
        self._check_limit()
        self._provider.check_funds(call, 'server')
        server = self.make(config)
        if start:
            try:
                self.power_on(call, server)
            except Refusal:
                del self.items[server.id]
                raise
        return self.view(server)

    def _check_limit(self):
        limit = self._provider.settings['server_limit']
        if len(self.items) >= limit:
            raise Refusal('billing', 'The limit of %d servers is reached' % limit)

    def make(self, config, identity=None):
        """A new, stopped server of that configuration."""
        if 'persistent' not in config and self._provider.settings['persistent_default']:
            config['persistent'] = 'true'
        server = Server(identity or self._world.uuid(), {})
        self._settle(server, config)
        self.items[server.id] = server
        return server

    def _settle(self, server, changes):
        """Take over changes: empty values unset; what isn't stored is dropped; MAC addresses are made up."""
        config = server.config
        for key in fields.PASSWORDS:
            # The two spellings are one thing: the latest counts.
            if key in changes:
                for other in fields.PASSWORDS:
                    config.pop(other, None)
        for key, value in changes.items():
            if key in self._provider.server_unstored:
                continue
            if not value:
                config.pop(key, None)
                if fields.DEVICE.fullmatch(key):
                    config.pop(key + ':media', None)
            else:
                config[key] = value.lower() if fields.DEVICE.fullmatch(key) else value
        for number in fields.nics(config):
            if number and config.get('nic:%d:model' % number):
                config.setdefault('nic:%d:mac' % number, self.mac())

    def mac(self):
        return ':'.join('%02x' % byte for byte in [0x02] + [self._world.random.randrange(256) for dummy in range(5)])

    def set(self, call, uuid):
        server = self.find(uuid)
        changes = self.checker.changes(self._provider.body(call))
        if server.running:
            self._provider.check_active_set(server, changes)
            changes = {key: value for key, value in changes.items() if self._provider.set_while_active(key)}
        merged = {key: value for key, value in {**server.config, **changes}.items() if value}
        self.checker.check(changes, merged, server)
        self._settle(server, changes)
        return self.view(server)

    # -- power ----------------------------------------------------------------------------------------------------
    def power_on(self, call, server, shared=False):
        """Start it. `shared` is whether it may run on drives that another server has claimed."""
        if server.status == 'paused':
            server.status = 'active'
            return
        drives = self._startable(server, shared)
        fault = self._provider.job_fault(call) if call is not None else None
        if fault == 'job_hangs':
            return
        self.bring_up(server, drives)
        if fault == 'job_fails':
            self._world.later(self._world.job_seconds, lambda run=server.run: self._die(server, run))

    def _startable(self, server, shared):
        """{device: drive} of a server that could start now; Refusal where one of its things is missing or in use."""
        found = {}
        for device, uuid in fields.devices(server.config).items():
            drives = self._provider.drives
            drive = drives.items.get(uuid) or drives.standard.get(uuid)
            if drive is None:
                raise self._provider.gone('Drive', uuid)
            if drive.fields['status'] != 'active':
                raise Refusal('failed', 'Drive %s is not ready' % uuid)
            if drive.imaging or (drive.exclusive and drive.claims and not shared):
                raise Refusal('busy', 'Drive %s is in use' % uuid)
            found[device] = drive
        for address in fields.addresses(server.config):
            resource = self._provider.resources.ips.get(address)
            if resource is None:
                raise self._provider.gone('IP', address)
            if resource.get('claimed', server.id) != server.id and not shared:
                raise Refusal('busy', 'IP %s is in use' % address)
        return found

    def bring_up(self, server, drives):
        """The effect of a start."""
        server.status, server.started = 'active', self._world.now()
        server.run += 1
        for device, drive in drives.items():
            token = '%s:guest:%s:%s' % (self._provider.host, server.id, device)
            drive.claims[token] = None
            server.claims.append((drive, token))
        config = server.config
        for number in fields.nics(config):
            wanted = config.get('nic:%d:dhcp' % number)
            if wanted and (config.get('nic:%d:model' % number) or not self._provider.nic_needs_model):
                server.addresses[number] = self._provider.address() if wanted == 'auto' else wanted
        wanted = config.get('vnc') or config.get('vnc:ip')
        if wanted:
            server.vnc_ip = wanted if wanted != 'auto' else server.addresses.get(0) or self._provider.address()
        for address in fields.addresses(config):
            self._provider.resources.ips[address]['claimed'] = server.id

    def bring_down(self, server, status='stopped'):
        """The effect of a stop, whoever asked for it, without the end of a server that isn't persistent."""
        server.status = status
        server.run += 1
        for drive, token in server.claims:
            drive.claims.pop(token, None)
        for address in fields.addresses(server.config):
            resource = self._provider.resources.ips.get(address)
            if resource and resource.get('claimed') == server.id:
                del resource['claimed']
        server.claims, server.addresses, server.vnc_ip = [], {}, ''

    def _power_off(self, server):
        """Stop it; one that isn't persistent is gone."""
        self.bring_down(server)
        if not server.persistent:
            self.forget(server)
            self.vanished.add(server.id)

    def forget(self, server):
        del self.items[server.id]
        self._provider.server_gone(server.id)

    def _die(self, server, run):
        if server.run == run and server.running:
            self.bring_down(server, 'dead')

    def start(self, call, uuid):
        server = self.find(uuid)
        if server.status == 'active':
            if not self._provider.start_twice:
                raise Refusal('busy', 'Server %s is already active' % server.id)
        else:
            self._provider.check_funds(call, 'start')
            self.power_on(call, server)
        return self.view(server) if self._provider.settings['start_reply'] == 'object' else None

    def stop(self, call, uuid):
        server = self.find(uuid)
        if server.running and not self._provider.job_fault(call):
            self._power_off(server)

    def shutdown(self, call, uuid):
        """Ask the guest; it goes down in its own time, or doesn't."""
        server = self.find(uuid)
        deaf = server.ignore_shutdown or self._provider.settings['ignore_shutdown']
        if not server.running or deaf or self._provider.job_fault(call):
            return
        run = server.run

        def down():
            if server.run == run and server.running:
                self._power_off(server)
        self._world.later(self._world.job_seconds, down)

    def reset(self, call, uuid):
        server = self.find(uuid)
        if not server.running:
            raise Refusal('failed', 'Server %s is not active' % server.id)
        server.status = 'active'

    def destroy(self, call, uuid):
        if uuid.lower() in self.vanished and self._provider.destroy_twice:
            return
        server = self.find(uuid)
        if server.running:
            if not self._provider.destroy_stops:
                raise Refusal('busy', 'Server %s is active' % server.id)
            self.bring_down(server)
        self.forget(server)
