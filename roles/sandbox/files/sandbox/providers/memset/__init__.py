# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's API 0.20.0: 151 methods and an alias over JSON, JSON-RPC and XML-RPC.

Credentials, fixed and good for nothing else: the API key API_KEY below, of the account `sandbaa`. More keys come from
apikey.create, partner.account.create and the seed `apikeys`. How faithful each part is: docs/sandbox.md.
"""

from __future__ import annotations

import json

from ...engine import AFTER, Provider, Reply
from . import (  # noqa: F401 - importing these registers their methods
    account_methods,
    bandwidth,
    clusters,
    dns,
    firewalling,
    loadbalancers,
    memstores,
    monitoring,
    openstack,
    orders,
    partners,
    seeds,
    servers,
    services,
    snapshots,
    vlans,
)
from .accounts import Account
from .errors import ApiError
from .methods import METHODS
from .protocols import json_call, jsonrpc_call, to_json, xmlrpc_call

API_KEY = '0123456789abcdef0123456789abcdef'
ACCOUNT = 'sandbaa'
FIRST_INVOICE = 100291


class Session:
    """One call of a method: who calls, and the request that it came with."""

    def __init__(self, cloud, call, key):
        self.cloud = cloud
        self.call = call
        self.key = key
        self.account = cloud.accounts[key['account']]


def weightier(before, now):
    """Of the faults of two calls of a batch, the one that changes the whole answer; else the later one."""
    return before if before and (not now or before['kind'] in AFTER + ('status',)) else now


class Memset(Provider):
    name = 'memset'
    host_names = ('api.memset.com',)
    operations = {name: method.write for name, method in sorted(METHODS.items())}

    def reset(self):
        self.accounts = {}
        self.keys = {}
        self.when_paid = {}
        self._addresses = self._vlans = 0
        self._invoice = FIRST_INVOICE - 1
        self.public_groups = firewalling.public_groups(self)
        self.add_key(self.add_account(ACCOUNT), API_KEY, comment='the sandbox')

    # -- what is new ----------------------------------------------------------------------------------------------
    def hex(self):
        """A new identifier of 32 hex digits."""
        return '%032x' % self.world.random.getrandbits(128)

    def next_invoice(self):
        self._invoice += 1
        return self._invoice

    def next_address(self):
        """From the range set aside for benchmarks, 198.18.0.0/15: nobody's."""
        self._addresses += 1
        number = self._addresses // 254 * 256 + self._addresses % 254 + 1
        return '198.%d.%d.%d' % (18 + number // 65536 % 2, number // 256 % 256, number % 256)

    def next_vlan(self):
        self._vlans += 1
        return self._vlans

    def add_account(self, name):
        self.accounts[name] = Account(self, name)
        return self.accounts[name]

    def add_key(self, account, key=None, scopes=None, comment=''):
        key = key or self.hex()
        self.keys[key] = {'key': key, 'scopes': scopes or {}, 'comment': comment, 'created': account.moment(),
                          'account': account.name}
        return self.keys[key]

    def make_memstore(self, account, **options):
        return memstores.make_memstore(account, **options)

    def make_project(self, account, **options):
        return openstack.make_project(account, **options)

    def find_group(self, account, name):
        return account.groups.get(name) or self.public_groups.get(name)

    # -- serving --------------------------------------------------------------------------------------------------
    def handle(self, call):
        path = call.decoded_path or call.path
        if path.startswith('/v1/json/'):
            return json_call(self, call, path[len('/v1/json/'):])
        if path.rstrip('/') == '/v1/jsonrpc':
            return jsonrpc_call(self, call)
        if path.rstrip('/') == '/v1/xmlrpc':
            return xmlrpc_call(self, call)
        return Reply(404, b'<html><body><h1>Not Found</h1></body></html>', 'text/html')

    def run(self, call, key, name, given):
        """Run one method, which may be one of a batch: a fault on one is none on the next."""
        method = METHODS[name]
        before, call.fault = call.fault, None

        def action():
            session = self.authenticate(key, call, method, given)
            return method.function(session, **method.read(given))
        try:
            found = self.perform(call, name, method.writes(given), action)
        except ApiError:
            call.fault = weightier(before, call.fault)
            raise
        call.fault = weightier(before, call.fault)
        return found

    def authenticate(self, key, call, method, given):
        """The session of that key, if it may call the method with those parameters."""
        if not key:
            raise ApiError('NotAuthorized', 'Authentication is required')
        if key not in self.keys:
            raise ApiError('Forbidden', 'Bad api_key')
        session = Session(self, call, self.keys[key])
        scopes = session.key['scopes']
        if scopes.get('method') and method.name not in scopes['method'] and not method.name.startswith('system.'):
            raise ApiError('Forbidden', "The api_key may not call '%s'" % method.name)
        if scopes.get('name') and not method.name.startswith('system.') \
                and ('name' not in method.parameters or given.get('name') not in scopes['name']):
            raise ApiError('Forbidden', 'The api_key may not be used without one of its names')
        if method.partner and not session.account.settings['partner']:
            raise ApiError('PartnerOnly', 'This method is only available to Memset partners')
        if session.account.partner and method.name.startswith(partners.RESTRICTED):
            raise ApiError('PartnerRestriction', 'This method is not available for partners on their child account')
        return session

    def refuse(self, fault):
        if fault['kind'] == 'throttle':
            return ApiError('Throttled', fault.get('message', 'Request was throttled'), fault.get('status'))
        return ApiError.of(fault.get('code', 2), fault.get('message', 'Internal error'), fault.get('status'))

    # -- for the tester -------------------------------------------------------------------------------------------
    def state(self):
        return json.loads(to_json(seeds.state(self)))

    def seed(self, kind, count, options):
        return seeds.seed(self, kind, count, options)

    def environment(self, base_url):
        return {'MEMSET_API_KEY': API_KEY, 'MEMSET_API_URL': base_url}
