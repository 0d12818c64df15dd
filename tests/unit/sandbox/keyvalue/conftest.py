# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small clients of the two KEY VALUE providers, written apart from the code they test."""

from __future__ import annotations

import pytest
import requests


def parse(text):
    """Objects of an answer."""
    things = []
    for block in text.rstrip('\n').split('\n\n'):
        if block:
            things.append(dict(line.split(' ', 1) for line in block.split('\n')))
    return things


class Api:
    """One provider; `control` is the sandbox's own API."""

    def __init__(self, provider, url, user, secret, control):
        self.provider, self.url, self.control_url = provider, url, control
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (user, secret)

    def call(self, method, path, data=None, **arguments):
        if isinstance(data, dict):
            data = ''.join('%s %s\n' % item for item in data.items())
        return self.session.request(method, self.url + path, data=data, timeout=10, **arguments)

    def many(self, path):
        """The objects of a read."""
        response = self.call('GET', path)
        assert response.status_code == 200, response.text
        return parse(response.text)

    def one(self, path):
        found = self.many(path)
        assert len(found) == 1, found
        return found[0]

    def lines(self, path):
        response = self.call('GET', path)
        assert response.status_code == 200, response.text
        return response.text.splitlines()

    def do(self, path, data=None, status=200):
        """A write that must end with this status; returns its objects."""
        response = self.call('POST', path, data)
        assert response.status_code == status, '%d: %s' % (response.status_code, response.text)
        return (parse(response.text) or [{}])[0]

    def control(self, method, path, **arguments):
        response = requests.request(method, self.control_url + path, timeout=10, **arguments)
        response.raise_for_status()
        return response.json() if response.content else None

    def seed(self, kind, count=1, **options):
        found = self.control('POST', '/seed', json={'provider': self.provider, kind: count, 'options': options})
        return found[kind]

    def settings(self, **options):
        self.seed('settings', 1, **options)

    def advance(self, seconds=10):
        self.control('POST', '/advance', json={'seconds': seconds})

    def slowly(self):
        """Let jobs take so long that they end only by advance()."""
        self.control('POST', '/settings', json={'job_seconds': 100})

    def fault(self, **spec):
        self.control('POST', '/faults', json={'provider': self.provider, **spec})

    def state(self):
        return self.control('GET', '/state', params={'provider': self.provider})

    def log(self):
        return self.control('GET', '/requests', params={'provider': self.provider})


@pytest.fixture
def cloudsigma(sandbox):
    return Api('cloudsigma', sandbox['CLOUDSIGMA_API_URL'], sandbox['CLOUDSIGMA_USERNAME'],
               sandbox['CLOUDSIGMA_PASSWORD'], sandbox['INDIE_SANDBOX_URL'])


@pytest.fixture
def elastichosts(sandbox):
    return Api('elastichosts', sandbox['EHURI'], *sandbox['EHAUTH'].split(':'), sandbox['INDIE_SANDBOX_URL'])
