# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An answer about nothing, or about another thing, is never taken for that of the thing that was asked for."""

from __future__ import annotations

import json

import pytest
from runs import Runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

READS = {'memset': 'server.info', 'upcloud': 'GET /server/{uuid}', 'cloudsigma': 'GET /servers/{uuid}/info',
         'elastichosts': 'GET /servers/{uuid}/info'}
ENVELOPES = {'memset': '%s', 'upcloud': '{"server": %s}'}


@pytest.fixture(params=READS)
def cloud(request, sandbox, tmp_path):
    """One with two servers: `servers`, by id."""
    sandbox.reset()
    runs = Runs(sandbox, tmp_path, SERVER, request.param)
    runs.seed('servers', count=2)
    runs.servers = {server['id']: server for server in runs.listed(details=True)}
    return runs


def body_of(cloud, raw):
    """The answer to the read of one server."""
    if cloud.provider in ENVELOPES:
        return ENVELOPES[cloud.provider] % json.dumps(raw)
    return ''.join('%s %s\n' % pair for pair in raw.items())


def refused(cloud, body, **options):
    text = {'content_type': 'text/plain'} if cloud.provider not in ENVELOPES else {}
    for check in (True, False):
        cloud.fault('body', READS[cloud.provider], body=body, times=9, **text)
        assert cloud.run(check, **options)['error']['kind'] == 'malformed'
        assert cloud.writes() == []
    return cloud.info(id=options['id'])['error']['kind'] if 'id' in options else None


def test_another_server_than_was_asked_for_is_not_touched(cloud):
    wanted, other = cloud.servers
    body = body_of(cloud, cloud.servers[other]['raw'])
    assert refused(cloud, body, id=wanted, state='absent', force_stop=True) == 'malformed'
    cloud.sandbox.forget()
    assert set(cloud.servers) == {server['id'] for server in cloud.listed()}


@pytest.mark.parametrize('cloud', ENVELOPES, indirect=True)
@pytest.mark.parametrize('nothing', [None, [], 'x', 0])
def test_no_server_in_an_answer_is_not_an_absent_one(cloud, nothing):
    wanted = next(iter(cloud.servers))
    assert refused(cloud, body_of(cloud, nothing), id=wanted, state='absent', force_stop=True) == 'malformed'
    if cloud.provider == 'upcloud':
        # The list has it, so none is made under its name.
        refused(cloud, body_of(cloud, nothing), name=cloud.servers[wanted]['name'])
