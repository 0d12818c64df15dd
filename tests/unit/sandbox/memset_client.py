# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small client for the tests: Memset's JSON interface and the control API."""

from __future__ import annotations

import json

import requests


class Client:
    def __init__(self, environment):
        self.url = environment['MEMSET_API_URL']
        self.key = environment['MEMSET_API_KEY']
        self.control = environment['INDIE_SANDBOX_URL']
        self.http = requests.Session()
        self.http.trust_env = False

    def ask(self, method, **given):
        """The response to a POST with the parameters as JSON in `parameters`."""
        return self.http.post('%s/v1/json/%s' % (self.url, method), data={'parameters': json.dumps(given)},
                              auth=(self.key, 'x'), timeout=10)

    def call(self, method, **given):
        """The result of a call that must succeed."""
        answer = self.ask(method, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def error(self, method, **given):
        """(code, status) of a call that must fail; the body is the recorded shape."""
        answer = self.ask(method, **given)
        assert answer.status_code != 200, answer.text
        body = answer.json()
        assert sorted(body) == ['error', 'error_code', 'error_type'], body
        return body['error_code'], answer.status_code

    def seed(self, **spec):
        answer = self.http.post(self.control + '/seed', json={'provider': 'memset', **spec}, timeout=30)
        assert answer.status_code == 200, answer.text
        return next(iter(answer.json().values()))

    def advance(self, seconds=1):
        self.http.post(self.control + '/advance', json={'seconds': seconds}, timeout=10).raise_for_status()

    def fault(self, **spec):
        answer = self.http.post(self.control + '/faults', json={'provider': 'memset', **spec}, timeout=10)
        assert answer.status_code == 201, answer.text

    def done(self, job):
        """The job a second later."""
        self.advance()
        return self.call('job.status', id=job['id'])

    def log(self):
        return self.http.get(self.control + '/requests', timeout=10).json()

    def state(self):
        return self.http.get(self.control + '/state?provider=memset', timeout=10).json()
