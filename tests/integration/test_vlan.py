# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VLANs against the sandbox: membership at Memset, networks of UpCloud, names at CloudSigma and ElasticHosts."""

from __future__ import annotations

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.vlan import VLAN

HOSTILE = '{{ lookup("pipe","id") }} <b>\'";,\\ é'


def made(sandbox, tmp_path, provider):
    sandbox.reset()
    return runs.Runs(sandbox, tmp_path / 'state', VLAN, provider)


@pytest.fixture
def memset(sandbox, tmp_path):
    return made(sandbox, tmp_path, 'memset')


@pytest.fixture
def upcloud(sandbox, tmp_path):
    return made(sandbox, tmp_path, 'upcloud')


# -- Memset -----------------------------------------------------------------------------------------------------------
def test_who_is_in_a_vlan_of_memset(memset):
    memset.seed('vlans', nickname='back')
    one, two = memset.seed('servers', 2, nicknames=['one', 'two'])
    wanted = {'name': 'back', 'servers': ['one', two]}
    joined = memset.changes(**wanted)
    assert memset.writes() == ['vlan.add', 'vlan.add'] and joined['vlan']['servers'] == sorted([one, two])
    assert 'must be rebooted' in joined['notes'][0]
    memset.unchanged(**wanted)
    assert memset.reads() == ['service.list', 'vlan.info, vlan.list']
    memset.unchanged(name='back', servers=['one'])
    memset.changes(name='back', servers=['one'], prune=True)
    assert memset.writes() == ['vlan.remove']
    memset.changes(name='back', remove_servers=[one])
    memset.unchanged(name='back', remove_servers=['one'])
    assert memset.listed()[0]['servers'] == [] and memset.listed(name='back')[0]['network'].endswith('/24')
    assert memset.listed(details=True) == memset.listed()


def test_miniservers_are_rebooted_where_that_is_wanted(memset):
    memset.seed('vlans', nickname='back')
    memset.seed('servers', nickname='one')
    options = {'name': 'back', 'servers': ['one'], 'memset': {'reboot': True, 'primary': True}}
    memset.changes(**options)
    assert memset.writes() == ['vlan.add', 'server.reboot']
    memset.unchanged(**options)


def test_a_reboot_that_a_run_did_not_come_to_is_done_by_the_next(memset):
    memset.seed('vlans', nickname='back')
    memset.seed('servers', nickname='one')
    options = {'name': 'back', 'servers': ['one'], 'memset': {'reboot': True}}
    memset.fault('status', 'server.reboot', write=True, status=400)
    assert memset.run(**options)['error'] is not None
    assert memset.fine(**options)['changed'] and memset.writes() == ['server.reboot']
    memset.unchanged(**options)


@pytest.mark.parametrize('operation', ['vlan.add', 'vlan.remove'])
def test_a_lost_answer_is_found_out(memset, operation):
    memset.seed('vlans', nickname='back')
    memset.seed('servers', nickname='one')
    memset.fine(name='back', servers=['one'] if operation == 'vlan.remove' else [], prune=True)
    wanted = {'name': 'back', 'servers': [] if operation == 'vlan.remove' else ['one'], 'prune': True}
    memset.fault('drop_after', operation, write=True)
    assert memset.fine(**wanted)['changed']
    memset.unchanged(**wanted)


def test_what_memset_cannot_do_with_vlans(memset):
    memset.refused('no end of a VLAN', name='back', state='absent')
    memset.refused('cannot order', name='back', network='10.0.0.0/24')
    memset.refused('servers and remove_servers', name='back', servers=['a'], remove_servers=['a'])
    memset.refused('prune needs servers', name='back', prune=True)
    memset.refused('name', name='not a nickname')
    assert 'control panel' in memset.fails('precondition', name='back')['msg']
    memset.seed('vlans', nickname='back')
    assert "no server 'nobody'" in memset.fails('precondition', name='back', servers=['nobody'])['msg']
    assert memset.writes() == []


def test_the_only_vlan_of_a_fullserver_keeps_it(memset):
    vlan = memset.seed('vlans', nickname='back')[0]
    big = memset.seed('servers', nickname='big', sku='UFS19', vlans=[vlan])
    told = memset.fails('precondition', name='back', servers=[], prune=True)['msg']
    assert 'only VLAN' in told and memset.listed()[0]['servers'] == big


# -- UpCloud ----------------------------------------------------------------------------------------------------------
def test_a_private_network_of_upcloud_from_its_making_to_its_end(upcloud):
    uuid = upcloud.seed('servers', name='web1', state='stopped')[0]
    wanted = {'name': 'back', 'zone': 'fi-hel1', 'network': '10.0.3.0/24', 'labels': {'env': 'test'},
              'upcloud': {'dhcp': True, 'dhcp_dns': ['10.0.3.2'], 'gateway': '10.0.3.1'}}
    network = upcloud.changes(**wanted)['vlan']
    assert upcloud.writes() == ['POST /network'] and network['network'] == '10.0.3.0/24'
    upcloud.unchanged(**wanted)
    wanted.update(labels={'env': 'live'}, upcloud={'dhcp': False, 'dhcp_dns': []})
    upcloud.changes(**wanted)
    assert upcloud.writes() == ['PUT /network/{uuid}']
    upcloud.unchanged(**wanted)
    upcloud.changes(id=network['id'], name='rear')

    assert upcloud.changes(name='rear', servers=['web1'])['vlan']['servers'] == [uuid]
    upcloud.unchanged(name='rear', servers=[uuid])
    assert 'in use' in upcloud.fails('precondition', name='rear', state='absent')['msg']
    upcloud.changes(name='rear', servers=[], prune=True)
    upcloud.unchanged(name='rear', servers=[], prune=True)
    upcloud.changes(name='rear', state='absent')
    upcloud.unchanged(name='rear', state='absent')
    assert upcloud.listed() == []


def test_networks_of_upcloud_that_will_not_do(upcloud):
    upcloud.refused('prefix', name='x', zone='fi-hel1', network='10.0.0.0/30')
    upcloud.refused('network', name='x', zone='fi-hel1', network='10.0.0.0.0')
    upcloud.refused('wrong family', name='x', network='10.0.0.0/24', upcloud={'gateway': '2001:db8::1'})
    upcloud.refused('private ranges', name='x', zone='fi-hel1', network='8.8.8.0/24')
    upcloud.refused('not in the network', name='x', network='10.0.0.0/24', upcloud={'gateway': '10.0.1.1'})
    upcloud.refused('dhcp_routes', name='x', network='10.0.0.0/24', upcloud={'dhcp_routes': ['everywhere']})
    assert 'zone and network' in upcloud.fails('precondition', name='x')['msg']
    assert 'fi-hel1' in upcloud.fails('precondition', name='x', zone='fi-hell', network='10.0.0.0/24')['msg']
    first, second = (upcloud.seed('networks', name='x', zone='fi-hel1')[0] for _number in range(2))
    told = upcloud.fails('ambiguous', name='x')['msg']
    assert first in told and second in told
    assert 'cannot be changed' in upcloud.fails('precondition', id=first, zone='de-fra1')['msg']
    upcloud.seed('servers', name='web1')
    assert 'only a stopped server' in upcloud.fails('precondition', id=first, servers=['web1'])['msg']
    assert upcloud.writes() == []


def test_a_network_whose_making_lost_its_answer_is_found(upcloud):
    wanted = {'name': HOSTILE, 'zone': 'fi-hel1', 'network': '10.0.3.0/24'}
    upcloud.fault('drop_after', 'POST /network')
    assert upcloud.fine(**wanted)['changed']
    upcloud.unchanged(**wanted)


# -- CloudSigma, ElasticHosts -----------------------------------------------------------------------------------------
@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_a_vlan_of_a_name_alone(sandbox, tmp_path, provider):
    cloud = made(sandbox, tmp_path, provider)
    vlan = cloud.changes(name='back')['vlan']
    cloud.unchanged(name='back')
    cloud.changes(id=vlan['id'], name='rear {{ x }}')
    cloud.unchanged(id=vlan['id'], name='rear {{ x }}')
    assert [each['name'] for each in cloud.listed()] == ['rear {{ x }}']
    cloud.changes(name='rear {{ x }}', state='absent')
    cloud.unchanged(name='rear {{ x }}', state='absent')
    cloud.fault('drop_after', 'POST /resources/vlan/create')
    assert cloud.fine(name='back')['changed'] and len(cloud.listed()) == 1
    cloud.seed('vlans', name='back')
    assert cloud.listed()[0]['id'] in cloud.fails('ambiguous', name='back')['msg']
    cloud.refused('networks of the server', name='back', servers=['x'])
    cloud.refused('one line', name='a\nb')
    assert cloud.fails('not_found', id='00000000-0000-4000-8000-000000000000')


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_a_list_whose_body_was_lost_is_not_taken_for_no_vlans(sandbox, tmp_path, provider):
    cloud = made(sandbox, tmp_path, provider)
    cloud.changes(name='back')
    cloud.fault('empty', 'GET /resources/vlan/info', times=0)
    assert 'GET /resources/vlan/list is not' in cloud.fails('malformed', name='back')['msg'] and cloud.writes() == []
