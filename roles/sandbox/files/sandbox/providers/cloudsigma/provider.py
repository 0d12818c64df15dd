# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudSigma 1.0: text only, errors in the body, and GETs that write.

It accepts one account, a fake: sandbox@example.com with password sandbox-cloudsigma-password.
"""

from __future__ import annotations

from ...engine import Reply
from ..keyvalue import wire
from ..keyvalue.errors import STATUS, Refusal
from ..keyvalue.provider import KeyValueProvider
from .account import Account
from .catalogue import STANDARD_DRIVES
from .groups import Groups
from .machines import Machines
from .routes import ROUTES
from .seeding import CloudSigmaSeeding
from .subscriptions import Subscriptions

# What a running server takes; everything else is hardware, passwords for VNC included.
ACTIVE_KEYS = ('name', 'persistent', 'tags', 'use')
# Statuses whose body is the bare reason.
BARE = {'auth': 'Unauthorized', 'command': 'Not Found', 'method': 'Method Not Allowed', 'busy': 'Conflict',
        'throttle': 'Too Many Requests'}
# Extras of a library drive that its copies keep.
COPIED = ('os', 'bits', 'description', 'install_notes', 'url', 'use', 'licenses', 'autoexpanding', 'type')


class CloudSigma(KeyValueProvider):
    """One location of CloudSigma with one account."""

    name = 'cloudsigma'
    host_names = ('api.cloudsigma.com', 'api.zrh.cloudsigma.com', 'api.lvs.cloudsigma.com')
    ROUTES = ROUTES
    ALIASES = {'guests': 'servers', 'guest': 'servers', 'servergroupss': 'servergroups'}
    operations = {row[0]: row[2] for row in ROUTES}
    username = 'sandbox@example.com'
    password = 'sandbox-cloudsigma-password'
    user_uuid = 'c10adf00-51a3-4000-8a00-5a4d80c00001'
    network = '198.18'
    standard_drives = STANDARD_DRIVES
    standard_defaults = {'type': 'disk', 'drive_type': 'preinstalled', 'free': 'true', 'use': 'general'}
    settings_defaults = {
        # The document's example of create answers with an active server; clients start it all the same.
        'start_on_create': True,
        # 'object' or 'empty' (204): the document says both of start.
        'start_reply': 'object',
        'image_reply': 'object', 'imaging_style': 'percent',
        # What the account has; at 0 or less nothing more can be made.
        'balance': 1220.87,
    }

    drive_keys = KeyValueProvider.drive_keys | {'use'}
    drive_defaults = {'encryption:cipher': 'aes-xts-plain'}

    server_required = ('name', 'cpu', 'mem')
    server_keys = KeyValueProvider.server_keys | {'use'}
    server_unstored = frozenset({'use'})
    nic_needs_model = False
    start_twice = True
    destroy_twice = True
    destroy_stops = False
    named_resources = ('vlan',)

    def reset(self):
        super().reset()
        self.machines = Machines(self)
        self.groups = Groups(self)
        self.account = Account(self)
        self.subscriptions = Subscriptions(self)
        self.seeding = CloudSigmaSeeding(self)

    def state(self):
        return {**super().state(), 'servergroups': self.groups.state(), 'subscriptions': self.subscriptions.state(),
                'profile': {key: value for key, value in self.account.profile.items() if key != 'secret_key'},
                'transactions': list(self.account.transactions)}

    def environment(self, base_url):
        return {'CLOUDSIGMA_USERNAME': self.username, 'CLOUDSIGMA_PASSWORD': self.password,
                'CLOUDSIGMA_API_URL': base_url}

    # -- the wire -------------------------------------------------------------------------------------------------
    def body(self, call):
        try:
            # Neither Content-Type nor Accept matters: clients send both wrongly.
            return wire.decode(call.text())
        except ValueError as exc:
            raise Refusal('usage', 'The body can not be read: %s' % exc) from exc

    def reply(self, call, answer):
        if answer is None:
            return Reply(204, b'', 'text/plain')
        if isinstance(answer, bytes):
            return Reply(200, answer, 'application/octet-stream')
        return Reply(200, wire.encode(answer).encode(), 'text/plain')

    def refusal_reply(self, refusal):
        # What isn't there is invalid input to this API, and a lack of funds is a success that made nothing.
        status = refusal.status or {'missing': 400, 'full': 400, 'billing': 200}.get(refusal.kind) \
            or STATUS[refusal.kind]
        if refusal.kind in BARE and not refusal.status:
            text = BARE[refusal.kind] + '\n'
        else:
            text = wire.encode({**(refusal.thing or {}),
                                **{'errors:' + point: message for point, message in refusal.errors.items()}})
        return Reply(status, text.encode(), 'text/plain', dict(refusal.headers))

    def check_funds(self, call, what):
        if what != 'start' and self.settings['balance'] <= 0:
            raise Refusal('billing', 'Insufficient funds: your balance does not cover this.')

    def in_use(self, what, identity):
        return Refusal('usage', '%s %s is currently in use.' % (what, identity))

    # -- drives ---------------------------------------------------------------------------------------------------
    def medium(self, drive):
        return drive.fields.get('type', 'disk')

    def drive_view(self, drive, shown):
        if drive.imaging:
            shown['status'] = 'copying'
        # The type is missing from the answer that made the drive.
        if drive.looked_at:
            shown.setdefault('type', 'shared' if not drive.exclusive else 'disk')
        elif not drive.standard:
            shown.pop('type', None)
        return shown

    def cloned_fields(self, source):
        return {key: source.fields[key] for key in COPIED if key in source.fields}

    # -- servers --------------------------------------------------------------------------------------------------
    def starts_on_create(self, given):
        # The document's example at the command line asks for `status stopped`.
        return self.settings['start_on_create'] and given.get('status') != 'stopped'

    def cores_wrong(self, config):
        smp = config.get('smp', 'auto')
        if smp == 'auto':
            return {}
        each = int(config['cpu']) / int(smp)
        if each > 2200 or (each < 1000 and int(smp) > 1):
            return {'smp': 'Each processor must have 1000 to 2200 MHz, not %d.' % each}
        return {}

    def address_key(self):
        return 'nic:%d:dhcp'

    def show_cores(self, shown, cores):
        shown['smp'] = cores

    def check_active_set(self, server, changes):
        shown = {**self.servers.view(server)}
        for key, value in changes.items():
            same = value in (str(shown.get(key, '')), server.config.get(key, ''))
            if not self.set_while_active(key) and not same:
                raise Refusal('usage', 'Server %s is currently in use: %s can not be changed.' % (server.id, key), key)

    def set_while_active(self, key):
        return key in ACTIVE_KEYS or key.startswith('user:')

    def server_gone(self, uuid):
        self.groups.forget(uuid)
