# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands where a list belongs is never taken for an empty list: things would be made, or bought, twice."""

from __future__ import annotations

import json

import pytest
from runs import Runs

from ansible_collections.indie.cloud.plugins.module_utils.jobs import RESOURCES
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP

MANY = {**RESOURCES, 'server_group': SERVER_GROUP}
SERVER = {'name': 'm1', 'zone': 'fi-hel1', 'plan': '1xCPU-2GB', 'image': 'Debian GNU/Linux 12 (Bookworm)',
          'ssh_keys': ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample me@example.com']}
FLOATING = {'floating': True, 'zone': 'fi-hel1', 'count': 2}
UUID = '01000000-0000-4000-8000-00000000000%d'
STORAGE = {'uuid': UUID % 1, 'title': 'data', 'type': 'normal', 'state': 'online', 'size': 10, 'zone': 'fi-hel1'}
BACKUP = dict(STORAGE, uuid=UUID % 4, title='other', type='backup', origin=STORAGE['uuid'])
NETWORK = {'uuid': UUID % 2, 'name': 'back', 'type': 'private', 'zone': 'fi-hel1'}
GROUP = {'uuid': UUID % 3, 'title': 'web'}
ADDRESS = {'address': '192.0.2.1', 'access': 'public', 'family': 'IPv4', 'zone': 'fi-hel1', 'floating': 'yes'}


def lacking(thing, *names):
    """The thing without each of those, and one without any: {}."""
    return [{key: value for key, value in thing.items() if key != name} for name in names] + [{}, None]


def groups(wrong):
    """The answer to a batch that asks for all rule groups and servers: one group, with what is wrong with it."""
    return [{'id': 0, 'result': [{'name': 'g1', 'nickname': 'a', **wrong}]}, {'id': 1, 'result': []}]


@pytest.fixture(autouse=True)
def clean(sandbox):
    sandbox.reset()


@pytest.mark.parametrize('provider, resource, operation, body, options', [
    ('memset', 'dns_zone', 'dns.zone_list', {}, {'name': 'a'}),
    ('memset', 'dns_zone', 'dns.zone_list', None, {'name': 'a'}),
    ('memset', 'dns_zone', 'dns.zone_list', [{'id': '1', 'nickname': 'a', 'domains': [], 'records': {}, 'ttl': 0}],
     {'name': 'a', 'records': [{'record': 'w', 'type': 'A', 'value': ['192.0.2.1']}]}),
    *[('memset', 'dns_zone', 'dns.zone_list', [{'id': '1', 'nickname': 'a', 'ttl': 0, 'domains': [], **wrong}], {
        'name': 'a', 'records': [{'record': 'w', 'type': 'A', 'value': ['192.0.2.1']}]})
      for wrong in ({'records': [{}]}, {'records': [{'record': 'w', 'type': 'A', 'address': None}]},
                    {'records': [], 'domains': [{}]})],
    *[('memset', 'firewall_rule_group', 'firewalling.rule_group_list', groups(wrong), {
        'name': 'a', 'rules': rules}) for rules in ([], [{'action': 'accept', 'protocol': 'tcp'}])
      for wrong in ({}, {'rules': None}, {'rules': 'x'}, {'rules': ['x']})],
    ('memset', 'dns_record', 'dns.zone_list', {}, {'zone': 'a', 'name': 'w', 'type': 'A', 'value': ['192.0.2.1']}),
    ('memset', 'dns_zone', 'dns.zone_list', {}, {'name': 'a', 'state': 'absent'}),
    *[('upcloud', 'server', 'GET /server', {'servers': {'server': body}}, server)
      for body in ({}, 'x', '', [None], [{}], [{'uuid': '00d00000-0000-4000-8000-000000000000'}])
      for server in (SERVER, {'name': 'm1', 'state': 'absent'})],
    *[('memset', 'server', 'server.list', body, {'name': 'm1', 'state': 'absent'}) for body in ({}, '', 0, [{}])],
    ('upcloud', 'static_ip', 'GET /ip_address', {'ip_addresses': {'ip_address': {}}}, FLOATING),
    ('upcloud', 'drive', 'GET /storage/private', {'storages': {'storage': {}}},
     {'name': 'data', 'size_gb': 10, 'zone': 'fi-hel1'}),
    *[('upcloud', 'drive', 'GET /storage/private', {'storages': {'storage': [STORAGE, entry]}},
       {'name': 'other', 'size_gb': 10, 'zone': 'fi-hel1'}) for entry in lacking(STORAGE, 'uuid', 'title', 'type')],
    *[('upcloud', 'snapshot', 'GET /storage/backup', {'storages': {'storage': [entry]}},
       {'drive': STORAGE['uuid'], 'name': 'new'}) for entry in lacking(STORAGE, 'uuid', 'title', 'type')],
    *[('upcloud', 'snapshot', 'GET /storage/' + listing, {'storages': {'storage': [STORAGE, entry]}},
       {'drive': drive, 'name': 'new'}) for listing, drive in (('backup', STORAGE['uuid']), ('private', 'data'))
      for entry in (lacking(BACKUP, 'origin')[0], *[dict(BACKUP, origin=odd) for odd in (None, 7, '', [])])],
    *[('upcloud', 'vlan', 'GET /network', {'networks': {'network': [entry]}},
       {'name': 'back', 'zone': 'fi-hel1', 'network': '10.8.0.0/24'})
      for entry in lacking(NETWORK, 'uuid', 'name', 'type')],
    *[('upcloud', 'server_group', 'GET /server-group', {'server_groups': {'server_group': [entry]}}, {'name': 'web'})
      for entry in lacking(GROUP, 'uuid', 'title')],
    *[('upcloud', 'static_ip', 'GET /ip_address', {'ip_addresses': {'ip_address': [entry]}}, FLOATING)
      for entry in lacking(ADDRESS, 'address', 'access', 'family')],
    ('upcloud', 'vlan', 'GET /network', {'networks': {'network': {}}},
     {'name': 'back', 'zone': 'fi-hel1', 'network': '10.8.0.0/24'}),
    ('cloudsigma', 'server_group', 'GET /servergroups/list', 'ERROR everything', {'name': 'batch'}),
    ('cloudsigma', 'server_group', 'GET /servergroups/list', '{}', {'name': 'batch'}),
])
def test_it_is_an_error_and_nothing_is_written(sandbox, tmp_path, provider, resource, operation, body, options):
    runs = Runs(sandbox, tmp_path, MANY[resource], provider)
    text = body if isinstance(body, str) else json.dumps(body)
    for check in (True, False):
        sandbox.faults(kind='body', provider=provider, operation=operation, body=text, times=9)
        assert runs.run(check, **options)['error']['kind'] == 'malformed'
        assert runs.writes() == []


@pytest.mark.parametrize('resource, operation, body', [
    ('dns_zone', 'dns.zone_list', [{'id': '1', 'nickname': 'a', 'ttl': 0, 'domains': [], 'records': [{}]}]),
    ('dns_zone', 'dns.zone_list', [{'id': '1', 'nickname': 'a', 'ttl': 0, 'domains': [], 'records': None}]),
    ('dns_record', 'dns.zone_list', [{'id': '1', 'nickname': 'a', 'ttl': 0, 'domains': [], 'records': [{}]}]),
    ('firewall_rule_group', 'firewalling.rule_group_list', groups({}))])
def test_nothing_of_it_is_listed_either(sandbox, tmp_path, resource, operation, body):
    runs = Runs(sandbox, tmp_path, MANY[resource], 'memset')
    sandbox.faults(kind='body', provider='memset', operation=operation, body=json.dumps(body), times=9)
    assert runs.info()['error']['kind'] == 'malformed'
