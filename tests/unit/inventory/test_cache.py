# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cache: what is kept, under which key, when it is used and when renewed."""

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleParserError

WEB = {'id': 'u-1', 'name': 'web1', 'labels': {'role': 'web', '__ansible_unsafe': 'x', '__ansible_vault': 'y'},
       'tags': ["{{ lookup('pipe', 'id') }}", '#jinja2:x'], 'public_ipv4': ['192.0.2.1'], 'created': None,
       'password': 'vnc-canary'}


@pytest.fixture
def cached(cloud, tmp_path):
    """Parses with a cache in files."""
    cloud.servers(WEB)
    cloud.cached = lambda **options: cloud.vars(**{
        'cache': True, 'cache_plugin': 'jsonfile', 'cache_connection': str(tmp_path / 'cache'), **options})
    cloud.kept = lambda: sorted((tmp_path / 'cache').iterdir())
    return cloud


def test_round_trip_equals_live(cached):
    live = cached.vars()
    assert cached.cached() == live and cached.log == ['server.list', 'server.list']
    assert cached.cached() == live and cached.log == []


def test_nothing_of_ansible_and_no_secret_is_kept(cached):
    cached.cached(raw=True)
    [path] = cached.kept()
    found = path.read_text(encoding='utf-8')
    assert 'canary' not in found and 'canary' not in path.name
    while not isinstance(found, list):
        # Since core 2.19 a file holds JSON within JSON.
        found = json.loads(found['__payload__'] if isinstance(found, dict) else found)
    assert found[0]['labels'] == WEB['labels'] and found[0]['tags'] == WEB['tags']


def test_refresh_rewrites(cached):
    cached.cached()
    cached.servers(WEB, dict(WEB, id='u-2', name='web2'))
    assert set(cached.cached()) == {'web1'}
    assert set(cached.cached(refresh=True)) == {'web1', 'web2'}
    cached.servers()
    assert set(cached.cached()) == {'web1', 'web2'}
    assert len(cached.kept()) == 1


@pytest.mark.parametrize('changed', [
    {'upcloud_username': 'other'}, {'upcloud_api_url': 'https://elsewhere.example.com'}, {'details': True},
    {'filters': {'state': 'running'}}, {'raw': True}])
def test_key_covers_what_the_answer_depends_on(cached, changed):
    cached.cached()
    assert cached.log == ['server.list']
    cached.cached(**changed)
    assert cached.log[:1] == ['server.list'] and len(cached.kept()) == 2


@pytest.mark.parametrize('changed', [
    {'read_timeout': 5.0}, {'hostnames': ['id']}, {'compose': {'a': '1'}}, {'details': ['tags']},
    {'upcloud_password': 'rotated'}])
def test_key_covers_nothing_else(cached, changed):
    cached.cached()
    cached.cached(**changed)
    assert cached.log == ['server.list']


def test_without_the_option_nothing_is_kept(cached):
    cached.cached(cache=False)
    cached.cached(cache=False)
    assert cached.log == ['server.list'] * 2


@pytest.mark.parametrize('text', ['{', '"soon"', '17', '[{"a": 1}]', '"[1]"', ''])
def test_a_broken_cache_is_no_failure(cached, text):
    live = cached.cached()
    [path] = cached.kept()
    path.write_text(text, encoding='utf-8')
    assert cached.cached() == live
    assert cached.cached() == live


def test_a_failure_is_not_kept(cached):
    cached.fails(RuntimeError('down'))
    with pytest.raises(AnsibleParserError):
        cached.cached()
    cached.fails(None)
    assert set(cached.cached()) == {'web1'}
