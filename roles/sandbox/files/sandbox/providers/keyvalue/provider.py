# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of both providers: authentication, routes, settings, and the way from a request to an answer."""

from __future__ import annotations

import base64
import binascii
import itertools
import operator

from ...engine import Provider, Reply
from .contents import Store
from .drives import Drives
from .errors import STATUS, Refusal, missing
from .resources import Resources
from .router import Route, Routes
from .seeding import Seeding
from .servers import Servers

# The physical host that tokens of claims name.
HOST = 'be2bcfa3-109d-4bee-8795-d75ce0865dc4'

# What both clouds let a tester change with POST /seed {"provider": …, "settings": 1, "options": {…}}.
SETTINGS = {
    'server_limit': 5000, 'drive_limit': 20000, 'ip_limit': 2000, 'vlan_limit': 2000,
    # Bytes of all drives together; 0 is no limit.
    'storage_limit': 0,
    'size_min': 1, 'size_max': 4 * 1024 ** 4,
    'cpu_min': 500, 'cpu_max': 20000, 'mem_min': 256, 'mem_max': 32768, 'smp_max': 20,
    # Drives that are being imaged at one time; more wait in a queue.
    'imaging_slots': 16,
    # Share of the imaging time, at its start and in its middle, in which `imaging` isn't shown though it runs.
    'imaging_gap': 0.0,
    # Whether guests pay no attention to a shutdown.
    'ignore_shutdown': False,
    # What `persistent` is where create leaves it out.
    'persistent_default': False,
}


class KeyValueProvider(Provider):
    """A subclass gives the credentials, ROUTES, the catalogue of standard drives, and how it spells answers."""

    # (operation, handler and its first arguments, write, whether GET and POST are both accepted)
    ROUTES: tuple = ()
    # Other spellings of the first part of a path.
    ALIASES: dict[str, str] = {}
    username = ''
    password = ''
    user_uuid = ''
    host = HOST
    # Settings beyond SETTINGS, and other values of those.
    settings_defaults: dict = {}
    standard_drives: tuple = ()
    # The /16 that its public addresses are taken from.
    network = ''
    gateway_host = '0.1'

    # Whether an unknown key is an error, or ignored.
    strict_keys = False
    drive_required: tuple = ('name', 'size')
    drive_keys: frozenset = frozenset({'name', 'claim:type', 'readers', 'tags', 'encryption:cipher'})
    drive_create_only: tuple = ('encryption:cipher',)
    drive_choices: dict = {}
    # What only answers carry.
    drive_outputs: frozenset = frozenset({'drive', 'user', 'status', 'claimed', 'imaging', 'read:bytes',
                                          'read:requests', 'write:bytes', 'write:requests', 'type', 'rawsize'})
    drive_defaults: dict = {}
    drives_shrink = False

    server_required: tuple = ('cpu', 'mem')
    server_keys: frozenset = frozenset({'name', 'parent', 'cpu', 'smp', 'mem', 'persistent', 'boot', 'tags',
                                        'vnc:ip', 'vnc:password', 'vnc:tls'})
    # Accepted, and forgotten.
    server_unstored: frozenset = frozenset()
    firewall = False
    # The longest password for VNC; 0 is no limit.
    password_length = 0
    # MHz at which `smp auto` takes one processor more.
    core_mhz = 2200
    nic_needs_model = True
    start_twice = False
    destroy_twice = False
    destroy_stops = True
    # Types of resources that need a name, and whether those without get a made-up one.
    named_resources: tuple = ()
    names_resources = False

    def __init__(self, world):
        self._routes = Routes([Route(*row) for row in self.ROUTES])
        super().__init__(world)

    # -- the life of the provider ---------------------------------------------------------------------------------
    def reset(self):
        self.settings = {**SETTINGS, **self.settings_defaults}
        self.store = Store()
        self._addresses = itertools.count(256)
        self.resources = Resources(self)
        self.drives = Drives(self)
        self.servers = Servers(self)
        self.seeding = Seeding(self)

    def state(self):
        return {'settings': dict(self.settings), **self.drives.state(), **self.servers.state(),
                **self.resources.state()}

    def seed(self, kind, count, options):
        return self.seeding.make(kind, count, options)

    def change_settings(self, options):
        """Change settings by name; ValueError names one that isn't there."""
        for name, value in options.items():
            if name not in self.settings:
                raise ValueError('settings: one of %s is expected, not %s' % (', '.join(sorted(self.settings)), name))
            self.settings[name] = type(self.settings[name])(value)
        return sorted(options)

    def address(self):
        """A public address that wasn't given out before (65,000 of them)."""
        number = next(self._addresses) % 65536
        return '%s.%d.%d' % (self.network, number // 256, number % 256)

    # -- one request ----------------------------------------------------------------------------------------------
    def handle(self, call):
        try:
            return self._serve(call)
        except Refusal as refusal:
            return self.refusal_reply(refusal)

    def _serve(self, call):
        # Clients whose endpoint ends in a slash send two of them.
        parts = [part for part in call.decoded_path.split('/') if part]
        if parts:
            parts[0] = self.ALIASES.get(parts[0], parts[0])
        route, values = self._routes.find('/' + '/'.join(parts))
        if route is None:
            self._authenticate(call)
            raise Refusal('command', 'Not Found')
        taken = route.takes(call.method)

        def action():
            self._authenticate(call)
            if not taken:
                raise Refusal('method', 'Method Not Allowed', headers={'Allow': route.method})
            path, *arguments = route.handler.split()
            return operator.attrgetter(path)(self)(call, *arguments, *values)

        # A write that is refused for its method can't have changed anything.
        return self.reply(call, self.perform(call, route.operation, route.write and taken, action))

    def _authenticate(self, call):
        scheme, dummy, value = call.headers.get('Authorization', '').partition(' ')
        try:
            given = base64.b64decode(value.strip(), validate=True).decode('utf-8')
        except (binascii.Error, UnicodeDecodeError):
            given = ''
        if scheme.lower() != 'basic' or given != '%s:%s' % (self.username, self.password):
            raise Refusal('auth', 'Unauthorized', headers={'WWW-Authenticate': 'Basic realm="%s"' % self.name})

    def refuse(self, fault):
        if fault['kind'] == 'throttle':
            # Neither document knows of throttling: the plain status of HTTP.
            return Refusal('throttle', fault.get('message', 'Too Many Requests'), status=fault.get('status'),
                           headers={'Retry-After': str(int(fault.get('seconds', 1))), **(fault.get('headers') or {})})
        code = str(fault.get('code', 'system'))
        kind = code if code in STATUS else 'usage'
        return Refusal(kind, fault.get('message', 'Fault injected by a test'), 'system' if kind == code else code,
                       status=fault.get('status'), headers=fault.get('headers'))

    # -- where the two differ -------------------------------------------------------------------------------------
    def body(self, call) -> dict[str, str]:
        """The body of a request as {key: value}; Refusal where it can't be read."""
        raise NotImplementedError  # pragma: no cover - abstract

    def reply(self, call, answer) -> Reply:
        """Encode what a handler returned: an object, a list of objects, a Listing, bytes, None (no content)."""
        raise NotImplementedError  # pragma: no cover - abstract

    def refusal_reply(self, refusal) -> Reply:
        raise NotImplementedError  # pragma: no cover - abstract

    def check_funds(self, call, what):
        """Refusal where the account can't pay for one more of these (or for a start)."""
        raise NotImplementedError  # pragma: no cover - abstract

    def in_use(self, what, identity):
        """The refusal to change or destroy what is in use."""
        return Refusal('busy', '%s %s is currently in use' % (what, identity))

    def gone(self, what, identity):
        """The refusal to start a server on what isn't there any more."""
        return missing(what, identity)

    def medium(self, drive):
        """'disk' or 'cdrom', of a standard drive."""
        raise NotImplementedError  # pragma: no cover - abstract

    def drive_view(self, drive, shown):
        return shown

    def cloned_fields(self, source):
        """What a clone takes over from its source."""
        return {}

    def starts_on_create(self, given):
        return True

    def cores_wrong(self, config):
        """{key: message} where processors and speed don't go together."""
        return {}

    def address_key(self):
        """The key that shows the address of a running NIC."""
        raise NotImplementedError  # pragma: no cover - abstract

    def show_cores(self, shown, cores):
        raise NotImplementedError  # pragma: no cover - abstract

    def server_view(self, server, shown, full):
        return shown

    def server_line(self, server):
        return server.id

    def check_active_set(self, server, changes):
        """Refusal where a running server can't take these changes."""
        raise NotImplementedError  # pragma: no cover - abstract

    def set_while_active(self, key):
        """Whether a running server takes this key."""
        raise NotImplementedError  # pragma: no cover - abstract

    def server_gone(self, uuid):
        """A server is no more."""
