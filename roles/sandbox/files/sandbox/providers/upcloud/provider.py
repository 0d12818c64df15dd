# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provider: state, credentials, the way of a request to its handler, and what handlers share."""

from __future__ import annotations

import base64
import datetime
import json

from ...engine import Provider, Reply
from . import catalogue, checks, imports, metadata, quotas, routes, seeds
from .credentials import PASSWORD, TOKEN, USERNAME
from .errors import Refused
from .networks import public_networks

ROOT = '/1.3'
# What the seed kind `settings` can change, and the values at the start.
SETTINGS = {
    'hot_resize': True,  # True: works; False: HOT_RESIZE_NOT_ENABLED; or the code with which it fails
    'trial_mode': False,
    'credits': 10000.0,
    'ms_lma_accepted': True,  # else Windows servers are refused
    'creating_limit': 100,  # servers being created at once
    'default_networking': True,  # a create without networking gets utility, public IPv4 and IPv6; else it is refused
    'firewall_default': 'on',  # of servers whose creator said nothing
    'list_private_addresses': False,  # whether GET /ip_address shows those of private networks
    'floating_needs_stop': False,  # whether a floating address can only be given to a stopped server
    'error_seconds': 600,  # after which a server in state error comes back as stopped
    'settle_seconds': 0,  # how long storages stay in maintenance after their server was deleted
    'page_size': 25,  # storages on a page when no limit is given
}


class UpCloud(Provider):
    """UpCloud API 1.3."""

    name = 'upcloud'
    host_names = ('api.upcloud.com',)
    operations = dict(list(routes.operations())
                      + [(metadata.OPERATION, False), (imports.UPLOAD, True)])

    def reset(self):
        """Forget what was made; the public storages and networks stay."""
        self.settings = dict(SETTINGS)
        self.limits = dict(catalogue.LIMITS)
        self.servers, self.groups, self.tags, self.routers, self.tokens = {}, {}, {}, {}, {}
        self.addresses, self.hosts, self.imports = {}, {}, {}
        # uuid of a server or storage -> what cancelling its running operation does
        self.cancels = {}
        # uuid or address of what belongs to another account
        self.foreign = set()
        self.made = 0
        self.storages = {}
        for fields in catalogue.public_storages():
            self.storages[fields['uuid']] = {
                'access': 'public', 'state': 'online', 'labels': [], 'encrypted': 'no', 'favorite': False,
                'backup_rule': {}, 'created': '2026-01-01T00:00:00Z', 'linux': False, **fields}
        self.networks = public_networks()

    def handle(self, call):
        """Serve one request."""
        if call.path.startswith('/metadata'):
            return metadata.serve(self, call)
        if call.path.startswith(imports.UPLOAD_PATH):
            return imports.serve_upload(self, call)
        problem = call.path.startswith(ROOT + '/account/tokens')
        try:
            return self._serve(call)
        except Refused as refusal:
            if problem:
                body, kind = refusal.problem(self.world.uuid()), 'application/problem+json'
            else:
                body, kind = refusal.legacy(), 'application/json'
            return Reply(refusal.status, encode(body), kind)

    def _serve(self, call):
        segments = call.decoded_path[len(ROOT) + 1:].strip('/').split('/')
        found = routes.find(call.method, segments) if call.path.startswith(ROOT + '/') else None
        if not found:
            self.authenticate(call)
            if call.path.startswith(ROOT + '/') and routes.other_methods(call.method, segments):
                raise Refused('METHOD_NOT_ALLOWED')
            raise Refused('NOT_FOUND', 'There is nothing at %s.' % call.path, 404)
        operation, handler, identifiers = found

        def action():
            self.authenticate(call)
            return handler(self, call, **identifiers)

        outcome = self.perform(call, operation, routes.WRITE[operation], action)
        if outcome is None:
            return Reply(204)
        status, body = outcome if isinstance(outcome, tuple) else (200, outcome)
        return Reply(status, encode(body))

    def authenticate(self, call):
        """Check the credentials; returns the token record if it was one made by the API."""
        kind, unused, given = call.headers.get('Authorization', '').partition(' ')
        if kind.lower() == 'basic':
            try:
                pair = base64.b64decode(given, validate=True).decode().partition(':')
            except ValueError:
                pair = None
            if pair == (USERNAME, ':', PASSWORD):
                return None
        elif kind.lower() == 'bearer':
            if given == TOKEN:
                return None
            for token in self.tokens.values():
                if given == token['token'] and checks.moment(token['expires_at']) > self.world.now():
                    token['last_used_at'] = self.timestamp()
                    return token
        raise Refused('AUTHENTICATION_FAILED', 'The given credentials were not accepted.')

    def refuse(self, fault):
        """The exception for a fault of kind throttle or error."""
        if fault['kind'] == 'throttle':
            return Refused(fault.get('code', 'RATE_LIMITED'), fault.get('message', 'Too many requests.'), 429)
        return Refused(fault.get('code', 'SERVICE_ERROR'), fault.get('message'), fault.get('status'))

    def state(self):
        """All there is."""
        return {'servers': self.servers, 'storages': self.storages, 'ip_addresses': self.addresses,
                'networks': self.networks, 'routers': self.routers, 'server_groups': self.groups,
                'tags': {tag['name']: tag for tag in self.tags.values()}, 'hosts': self.hosts, 'tokens': self.tokens,
                'imports': self.imports, 'settings': self.settings, 'limits': self.limits}

    def seed(self, kind, count, options):
        """Make things at once; see seeds.py for the kinds and options."""
        try:
            return seeds.seed(self, kind, count, options)
        except Refused as refusal:
            raise ValueError('%s: %s' % (refusal.code, refusal.message)) from None
        except KeyError as missing:
            raise ValueError('there is no %s' % missing) from None

    def environment(self, base_url):
        """Endpoint and credentials, under the names that UpCloud's own clients know too."""
        return {'UPCLOUD_API_URL': base_url + ROOT, 'UPCLOUD_USERNAME': USERNAME, 'UPCLOUD_PASSWORD': PASSWORD,
                'UPCLOUD_TOKEN': TOKEN, 'UPCLOUD_API_ROOT': base_url + ROOT, 'UPCLOUD_DEBUG_API_BASE_URL': base_url}

    # -- what handlers share ---------------------------------------------------------------------------------------
    def body(self, call, name, required=True):
        """The object under that name in the request's body."""
        if not call.body.strip():
            if required:
                raise Refused('REQUEST_INVALID', 'A body with %s is wanted.' % name, 400)
            return {}
        try:
            data = call.json()
        except ValueError:
            raise Refused('REQUEST_INVALID', 'The body is not JSON.', 400) from None
        block = data.get(name) if isinstance(data, dict) else None
        if block is None and not required:
            return {}
        if not isinstance(block, dict):
            raise Refused('REQUEST_INVALID', 'The body has no object %s.' % name, 400)
        return block

    def find(self, store, uuid, prefix):
        """The thing of that id, or the refusal with the codes of its kind."""
        uuid = checks.identifier(uuid.lower() if isinstance(uuid, str) else uuid, prefix + '_INVALID')
        if uuid in self.foreign:
            raise Refused(prefix + '_FORBIDDEN')
        if uuid not in store:
            raise Refused(prefix + '_NOT_FOUND', 'There is no such thing: %s.' % uuid)
        return store[uuid]

    def uuid(self, prefix):
        """A new identifier; the first two digits tell the kind, as with the real ones."""
        return prefix + self.world.uuid()[2:]

    def timestamp(self, seconds=0):
        """Now, or so many seconds later, as RFC 3339."""
        moment = datetime.datetime.fromtimestamp(self.world.now() + seconds, datetime.timezone.utc)
        return moment.strftime('%Y-%m-%dT%H:%M:%SZ')

    def after(self, thing, seconds, action):
        """Run action() after so many seconds, unless something else was begun with the thing before that."""
        self.made += 1
        job = thing['job'] = self.made

        def run():
            if thing.get('job') == job:
                thing['job'] = None
                action()
        self.world.later(seconds, run)

    def job(self, call, thing, action, fail=None):
        """Begin a job: it ends with action() after the usual time, unless a fault lets it fail or never end."""
        fault = self.job_fault(call)
        thing['job'] = None
        if fault == 'job_hangs':
            return
        ending = (fail or (lambda: thing.update(state='error'))) if fault == 'job_fails' else action
        self.after(thing, self.world.job_seconds, ending)

    def require(self, **needed):
        """Refuse what would go beyond the account's limits; see quotas.py."""
        quotas.require(self, needed)


def encode(body):
    """JSON for the wire."""
    return json.dumps(body, ensure_ascii=False).encode()
