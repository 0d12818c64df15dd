# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things made at once for tests: POST /seed."""

from __future__ import annotations

from . import fields, wire
from .errors import Refusal

# Options that say how to make things, beside the fields of servers and drives themselves.
OPTIONS = {'name', 'names', 'prefix', 'status', 'state', 'ignore_shutdown', 'drives', 'drive_size', 'fields', 'id',
           'ids', 'size'}


class Seeding:
    """Makers of each kind: a method of that name takes (count, options) and returns ids."""

    options = frozenset(OPTIONS)

    def __init__(self, provider):
        self._provider = provider
        self.kinds = {'servers': self.servers, 'drives': self.drives, 'standard_drives': self.standard_drives,
                      'ips': self.ips, 'vlans': self.vlans, 'settings': self.settings}

    def make(self, kind, count, options):
        if kind not in self.kinds:
            raise ValueError('%s: one of %s is expected' % (kind, ', '.join(sorted(self.kinds))))
        provider = self._provider
        # One set of options serves all kinds of a request, so what no kind knows is wrong.
        unknown = [key for key in options if key not in self.options and not provider.servers.checker.known(key)
                   and key not in provider.drive_keys | provider.drive_outputs]
        if kind != 'settings' and unknown:
            raise ValueError('unknown options: %s' % ', '.join(sorted(unknown)))
        try:
            return self.kinds[kind](count, options)
        except Refusal as exc:
            raise ValueError(exc.message) from exc

    def settings(self, count, options):
        return self._provider.change_settings(options)

    @staticmethod
    def _named(count, options, prefix):
        """(name, id or None) of each thing."""
        names = list(options.get('names', ()))
        ids = list(options.get('ids', [options['id']] if 'id' in options else ()))
        prefix = options.get('prefix', prefix)
        for number in range(count):
            if number < len(names):
                name = names[number]
            elif 'name' in options:
                name = options['name']
            else:
                name = '%s%04d' % (prefix, number + 1)
            yield name, ids[number] if number < len(ids) else None

    def servers(self, count, options):
        """Options: name(s), prefix, id(s), status (active, stopped, paused, dumped, dead), ignore_shutdown,
        drives (how many each, 1), drive_size, fields, and any key of the configuration itself."""
        provider = self._provider
        servers, checker = provider.servers, provider.servers.checker
        status = options.get('status', options.get('state', 'active'))
        if status not in ('active', 'stopped', 'paused', 'dumped', 'dead'):
            raise ValueError('status: active, stopped, paused, dumped or dead is expected, not %s' % status)
        extra = dict(options.get('fields', {}))
        for key, value in options.items():
            if key not in self.options and checker.known(key):
                extra[key] = value
        extra = {key: _text(value) for key, value in extra.items()}
        made = []
        for name, identity in self._named(count, options, 'server'):
            config = {'name': name, 'cpu': '2000', 'mem': '1024', 'smp': '1', 'persistent': 'true',
                      'nic:0:model': 'e1000', 'nic:0:dhcp': 'auto', **extra}
            for number in range(int(options.get('drives', 1))):
                device = 'ide:%d:%d' % divmod(number, 2) if number < 4 else 'block:%d' % (number - 4)
                if device not in config:
                    config[device] = self._drive({'name': name, 'size': options.get('drive_size', '10G')}).id
            if fields.devices(config) and 'boot' not in config:
                config['boot'] = sorted(fields.devices(config), key=lambda device: device[:3] != 'ide')[0]
            server = servers.make({key: value for key, value in config.items() if value}, identity)
            server.ignore_shutdown = bool(options.get('ignore_shutdown', False))
            if status in ('active', 'paused'):
                servers.bring_up(server, {device: provider.drives.find(uuid, True)
                                          for device, uuid in fields.devices(config).items()})
            server.status = status
            made.append(server.id)
        return made

    def drives(self, count, options):
        """Options: name(s), prefix, id(s), size, status, and any field of a drive."""
        wanted = {key: value for key, value in options.items()
                  if key in self._provider.drive_keys | {'size', 'status', 'type'} or key.startswith('user:')}
        return [self._drive({**wanted, 'name': name}, identity).id
                for name, identity in self._named(count, options, 'drive')]

    def _drive(self, wanted, identity=None):
        made = {key: _text(value) for key, value in wanted.items()}
        size = wire.size(made.get('size', '10G'))
        if size is None:
            raise ValueError('size: bytes, or a number with a unit such as 10G, are expected')
        drive = self._provider.drives.make({**made, 'size': size}, identity)
        drive.looked_at = True
        return drive

    def standard_drives(self, count, options):
        """Options: name(s), prefix, id(s), and fields of a standard drive of this provider."""
        made = []
        for name, identity in self._named(count, options, 'image'):
            wanted = {key: value for key, value in options.items()
                      if key not in ('names', 'prefix', 'ids', 'id', 'name')}
            for key in ('size', 'rawsize'):
                if key in wanted:
                    wanted[key] = wire.size(_text(wanted[key])) or 0
            identity = identity or self._provider.world.uuid()
            self._provider.drives.add_standard({'size': 10 * 1024 ** 3, **self._provider.standard_defaults, **wanted,
                                                'drive': identity, 'name': name})
            made.append(identity)
        return made

    def ips(self, count, options):
        return [self._provider.resources.make('ip', name)['resource']
                for name, _identity in self._named(count, options, 'ip')]

    def vlans(self, count, options):
        return [self._provider.resources.make('vlan', name)['resource']
                for name, _identity in self._named(count, options, 'vlan')]


def _text(value):
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, list):
        return ' '.join(map(str, value))
    return str(value)
