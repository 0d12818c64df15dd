# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ElasticHosts, speaking text or JSON.

It accepts one account, a fake: user 7c0ffee0-1d1e-4c10-8d00-5a4d80c00001, secret sandbox-elastichosts-secret.
"""

from __future__ import annotations

from ...engine import Reply
from ..keyvalue import fields, wire
from ..keyvalue.errors import STATUS, Refusal, invalid
from ..keyvalue.provider import KeyValueProvider
from .catalogue import STANDARD_DRIVES
from .routes import ROUTES

ACTIVE_KEYS = ('name', 'cpu', 'persistent', 'tags') + fields.PASSWORDS


class ElasticHosts(KeyValueProvider):
    """One zone of ElasticHosts with one account."""

    name = 'elastichosts'
    host_names = ('*.elastichosts.com',)
    ROUTES = ROUTES
    operations = {row[0]: row[2] for row in ROUTES}
    username = user_uuid = '7c0ffee0-1d1e-4c10-8d00-5a4d80c00001'
    password = 'sandbox-elastichosts-secret'
    network = '198.19'
    standard_drives = STANDARD_DRIVES
    standard_defaults = {'media': 'disk', 'format': 'gzip', 'rawsize': 10 * 1024 ** 3}
    settings_defaults = {
        # 'new' or 'old': where a running server's address and core count are shown.
        'generation': 'new',
        # 'flag' shows `imaging true` in info and the percentage in info/full; 'percent' the percentage in both.
        'imaging_style': 'flag',
        # 'object' or 'empty' (204): what imaging and starting answer.
        'image_reply': 'object', 'start_reply': 'empty',
        # Older deployments answered 400 where something isn't there.
        'missing_status': 404,
        # Whether the balance covers what is asked for; else 402.
        'funds': True,
    }

    strict_keys = True
    drive_required = ('size',)
    drive_keys = KeyValueProvider.drive_keys | {'tier', 'avoid'}
    drive_create_only = ('encryption:cipher', 'tier', 'avoid')
    drive_choices = {'tier': ('disk', 'ssd')}
    drive_outputs = KeyValueProvider.drive_outputs | {'media', 'format'}
    drive_defaults = {'encryption:cipher': 'aes-xts-plain', 'tier': 'disk'}
    drives_shrink = True

    server_keys = KeyValueProvider.server_keys | {'vnc', 'password', 'avoid:drives', 'avoid:servers'}
    server_unstored = frozenset({'avoid:drives', 'avoid:servers'})
    firewall = True
    password_length = 8
    core_mhz = 2000
    names_resources = True

    def environment(self, base_url):
        return {'EHAUTH': '%s:%s' % (self.username, self.password), 'EHURI': base_url}

    # -- the wire -------------------------------------------------------------------------------------------------
    def body(self, call):
        try:
            text = call.text()
            if call.headers.get('Content-Type', '').partition(';')[0].strip().lower() == 'application/json':
                return wire.decode_json(text)
            return wire.decode(text)
        except ValueError as exc:
            raise Refusal('usage', 'The body can not be read: %s' % exc) from exc

    def reply(self, call, answer):
        if answer is None:
            return Reply(204, b'', 'text/plain')
        if isinstance(answer, bytes):
            return Reply(200, answer, 'application/octet-stream')
        if 'application/json' in call.headers.get('Accept', '').lower():
            return Reply(200, wire.encode_json(answer).encode())
        return Reply(200, wire.encode(answer).encode(), 'text/plain')

    def refusal_reply(self, refusal):
        kind = 'missing' if refusal.kind == 'command' else refusal.kind
        text = refusal.message
        if refusal.kind == 'usage' and 'system' not in refusal.errors:
            text = '; '.join('%s: %s' % pair for pair in refusal.errors.items())
        text = ' '.join(text.split())
        # More than the class may follow in the header: clients take its first word.
        header = '%s %s' % (kind, text) if kind in ('usage', 'busy') and text.isascii() and text.isprintable() else kind
        status = refusal.status or (self.settings['missing_status'] if kind == 'missing' else STATUS[refusal.kind])
        return Reply(status, (text + '\n').encode(), 'text/plain',
                     {**({} if kind == 'throttle' else {'X-Elastic-Error': header}), **refusal.headers})

    # -- drives ---------------------------------------------------------------------------------------------------
    def check_funds(self, call, what):
        if not self.settings['funds']:
            raise Refusal('billing', 'Your balance or subscription does not cover this')

    def gone(self, what, identity):
        return Refusal('failed', '%s %s could not be found' % (what, identity))

    def medium(self, drive):
        return drive.fields.get('media', 'disk')

    # -- servers --------------------------------------------------------------------------------------------------
    def _new(self):
        return self.settings['generation'] != 'old'

    def address_key(self):
        return 'nic:%d:dhcp:ip' if self._new() else 'nic:%d:dhcp'

    def show_cores(self, shown, cores):
        if 'smp' in shown or not self._new():
            shown['smp'] = cores
        if self._new():
            shown['smp:cores'] = cores

    def server_view(self, server, shown, full):
        if 'nic:0:model' in shown:
            shown['nic:0:block'] = 'tcp/25'
        if full:
            shown.update(type='vm', host=self.host)
        return dict(sorted(shown.items()))

    def drive_view(self, drive, shown):
        return dict(sorted(shown.items()))

    def server_line(self, server):
        return '%s %s %s' % (server.id, server.config['cpu'], server.config['mem'])

    def check_active_set(self, server, changes):
        for key in changes:
            if not self.set_while_active(key):
                raise invalid(key, 'This can not be set while the server is active.')

    def set_while_active(self, key):
        return key in ACTIVE_KEYS or key.startswith('user:')
