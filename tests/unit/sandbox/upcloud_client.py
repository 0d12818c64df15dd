# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A thin client for the tests of the UpCloud sandbox."""

from __future__ import annotations

import requests

DEBIAN = '01000000-0000-4000-8000-000020060100'
CLOUD_INIT = '01000000-0000-4000-8000-000020070100'
WINDOWS = '01000000-0000-4000-8000-000010080300'
CDROM = '01000000-0000-4000-8000-000020010301'
ABSENT = '00000000-0000-4000-8000-000000000000'
KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample me@example.com'


class Client:
    """Requests to a sandbox; `ok` wants a success, `refused` an error code."""

    def __init__(self, env):
        self.env = env
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers['Authorization'] = 'Bearer ' + env['UPCLOUD_TOKEN']

    def __call__(self, method, path, body=None, **more):
        return self.session.request(method, self.env['UPCLOUD_API_URL'] + path, json=body, timeout=20, **more)

    def ok(self, method, path, body=None, status=200, **more):
        """The answer of a request that succeeds."""
        answer = self(method, path, body, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, method, path, body=None, **more):
        """(status, code) of a request that doesn't."""
        answer = self(method, path, body, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()['error']['error_code']

    def control(self, method, path, body=None):
        """The answer of the control API."""
        answer = self.session.request(method, self.env['INDIE_SANDBOX_URL'] + path, json=body, timeout=20)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def seed(self, kind, count=1, **options):
        """Ids of things made at once."""
        return self.control('POST', '/seed', {'provider': 'upcloud', kind: count, 'options': options})[kind]

    def settings(self, **options):
        """Change settings of the provider."""
        self.seed('settings', 1, **options)

    def pass_time(self, seconds=1):
        """Let jobs end."""
        self.control('POST', '/advance', {'seconds': seconds})

    def fault(self, **spec):
        """Let something go wrong."""
        self.control('POST', '/faults', {'provider': 'upcloud', **spec})

    def server(self, uuid):
        """Details of a server."""
        return self.ok('GET', '/server/' + uuid)['server']

    def create(self, wait=True, **fields):
        """A new server."""
        made = self.ok('POST', '/server', {'server': server_body(**fields)}, status=202)['server']
        if wait:
            self.pass_time()
        return made


def server_body(**fields):
    """What a new server needs, with changes; a field of None is left out."""
    body = {
        'zone': 'fi-hel1', 'title': 'Web', 'hostname': 'web.example.com', 'plan': '1xCPU-2GB',
        'storage_devices': {'storage_device': [{'action': 'clone', 'storage': DEBIAN, 'title': 'disk', 'size': 25,
                                                'tier': 'maxiops'}]},
        'networking': {'interfaces': {'interface': [
            {'type': 'public', 'ip_addresses': {'ip_address': [{'family': 'IPv4'}]}},
            {'type': 'utility', 'ip_addresses': {'ip_address': [{'family': 'IPv4'}]}}]}}}
    body.update(fields)
    return {name: value for name, value in body.items() if value is not None}


def device(**fields):
    """storage_devices with one device."""
    return {'storage_device': [fields]}


def interface(kind='public', family='IPv4', **fields):
    """One interface block."""
    return {'type': kind, 'ip_addresses': {'ip_address': [{'family': family}]}, **fields}
