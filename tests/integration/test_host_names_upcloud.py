# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server of UpCloud's is known by its host name to every module that takes one, in any case, unless two have it."""

from __future__ import annotations

import pytest
from runs import Runs

from ansible_collections.indie.cloud.plugins.module_utils.jobs import RESOURCES
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_reverse import DNS_REVERSE
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP

MANY = {**RESOURCES, 'server_group': SERVER_GROUP, 'dns_reverse': DNS_REVERSE}
NAME = 'web1.example.com'
NEW = {'zone': 'fi-hel1', 'name': 'back', 'network': '10.8.0.0/24'}
COPY = {'name': 'copy.example.com', 'plan': '1xCPU-2GB'}


def options(name, address=''):
    """For each resource, what it takes to name a server so."""
    return [
        ('server', dict(COPY, clone_from=name)),
        ('vlan', dict(NEW, servers=[name])), ('vlan', dict(NEW, remove_servers=[name])),
        ('server_group', {'name': 'web', 'servers': [name]}),
        ('drive', {'name': 'data', 'size_gb': 10, 'zone': 'fi-hel1', 'server': name}),
        ('static_ip', {'floating': True, 'count': 1, 'server': name}),
        ('dns_reverse', {'address': address, 'server': name}),
        ('firewall_rule_group', {'name': name, 'rules': []}),
    ]


@pytest.mark.parametrize('number', range(len(options(''))))
def test_it_is_found_in_any_case(sandbox, tmp_path, number):
    sandbox.reset()
    resource = options('')[number][0]
    cloud = Runs(sandbox, tmp_path, MANY[resource], 'upcloud')
    cloud.seed('servers', name=NAME, state='stopped')
    address = next(text for text, item in cloud.state()['ip_addresses'].items() if item['access'] == 'public')
    cloud.fine(**options(NAME.title(), address)[number][1])
    if 'clone_from' not in options('')[number][1]:
        cloud.unchanged(**options(NAME.upper(), address)[number][1])
    other, = cloud.seed('servers', name=NAME)
    told = cloud.fails('ambiguous', **dict(options(NAME.upper(), address)[number][1], **(
        {'name': 'more.example.com'} if 'clone_from' in options('')[number][1] else {})))['msg']
    assert '2 servers have the host name' in told and other in told and cloud.writes() == []
