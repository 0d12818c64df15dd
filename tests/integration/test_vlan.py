# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VLANs against the sandbox: membership at Memset, networks of UpCloud, names at CloudSigma and ElasticHosts."""

from __future__ import annotations

import json

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.client import UpCloudClient
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
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


@pytest.mark.parametrize('kind, error', [('job_fails', 'job_failed'), ('error', 'precondition')])
def test_a_reboot_that_failed_is_owed_whatever_the_vlan_is_named_by(memset, kind, error):
    vlan = memset.seed('vlans', nickname='back')[0]
    memset.seed('servers', nickname='one')
    options = {'servers': ['one'], 'memset': {'reboot': True}}
    memset.fault(kind, 'server.reboot', write=True, **({'code': 9} if kind == 'error' else {}))
    memset.fails(error, name='back', **options)
    assert memset.both(id=vlan, **options)['changed'] and memset.writes() == ['server.reboot']
    for named in ({'name': 'back'}, {'id': vlan}):
        memset.unchanged(**named, **options)


def test_a_reboot_under_way_is_waited_for_and_not_done_again(memset):
    vlan = memset.seed('vlans', nickname='back')[0]
    memset.seed('servers', nickname='one')
    options = {'servers': ['one'], 'memset': {'reboot': True}}
    memset.fault('job_hangs', 'server.reboot', write=True)
    memset.fails('wait_timeout', name='back', wait_timeout=1, **options)
    assert not memset.fine(True, id=vlan, **options)['changed']
    memset.fails('wait_timeout', id=vlan, wait_timeout=1, **options)
    assert memset.writes() == []


def test_what_a_handle_left_of_a_vlan_is_owed_no_more(memset):
    vlan = memset.seed('vlans', nickname='back')[0]
    memset.seed('servers', nickname='one')
    options = {'servers': ['one'], 'memset': {'reboot': True}}
    runs.ok(memset.job(memset.fine(wait=False, name='back', **options)['job']))
    for named in ({'name': 'back'}, {'id': vlan}):
        memset.unchanged(**named, **options)


@pytest.mark.parametrize('kind', ['job_fails', 'error'])
def test_a_reboot_stays_owed_until_its_server_is_rebooted(memset, kind):
    memset.seed('vlans', nickname='back')
    one, two, three = memset.seed('servers', 3, nicknames=['one', 'two', 'three'])
    reboot = {'memset': {'reboot': True}}
    memset.fault(kind, 'server.reboot', write=True, **({'code': 9} if kind == 'error' else {}))
    assert memset.run(name='back', servers=['one'], **reboot)['error'] is not None
    # Others may come, and be told of, without a reboot; it is not forgotten for that.
    joined = memset.both(name='back', servers=['one', 'two'])
    assert memset.writes() == ['vlan.add']
    assert joined['notes'] == ['%s must be rebooted for this to take effect, which memset.reboot: true does'
                               % ', '.join(sorted([one, two]))]
    assert one in memset.unchanged(name='back', servers=['one', 'two'])['notes'][0]
    late = memset.both(name='back', servers=['three', 'one', 'two'], **reboot)
    assert [step['summary'] for step in late['steps']] == [
        'reboot %s' % one, 'put %s into the VLAN' % three, 'reboot %s' % three]
    assert memset.unchanged(name='back', servers=['one', 'two'])['notes'] == []
    memset.unchanged(name='back', servers=['one', 'two', 'three'], **reboot)


def test_a_server_that_is_owed_a_reboot_comes_before_others(memset):
    memset.seed('vlans', nickname='back')
    one, two = sorted(memset.seed('servers', 2, nicknames=['one', 'two']))
    reboot = {'memset': {'reboot': True}}
    memset.fine(name='back', servers=[one], **reboot)
    memset.fault('job_fails', 'server.reboot', write=True)
    memset.fails('job_failed', name='back', servers=[two], **reboot)
    # Before that of one is noted, that of two is done.
    memset.fault('job_fails', 'server.reboot', write=True, nth=2)
    memset.fails('job_failed', name='back', remove_servers=[one, two], **reboot)
    assert memset.sent(True) == ['vlan.remove', 'server.reboot'] * 2
    assert [step['summary'] for step in memset.fine(name='back', servers=[], **reboot)['steps']] == ['reboot %s' % one]


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


def test_an_address_is_the_same_however_it_is_spelt(upcloud):
    wanted = {'name': 'six', 'zone': 'fi-hel1', 'network': 'fd00:0:0:1::/64', 'upcloud': {
        'gateway': 'FD00:0:0:1::1', 'dhcp_dns': ['2001:4860:4860:0:0:0:0:8888'],
        'dhcp_routes': ['FD00:0:0:2:0::/64-nexthop=FD00:0:0:1::0002']}}
    own = upcloud.changes(**wanted)['vlan']['provider_options']
    plain = {'gateway': 'fd00:0:0:1::1', 'dhcp_dns': ['2001:4860:4860::8888'],
             'dhcp_routes': ['fd00:0:0:2::/64-nexthop=fd00:0:0:1::2']}
    assert {name: own[name] for name in plain} == plain
    upcloud.unchanged(**wanted)
    upcloud.unchanged(name='six', upcloud=plain)
    upcloud.changes(name='six', upcloud={'gateway': 'FD00:0:0:1::FF'})
    upcloud.unchanged(name='six', upcloud={'gateway': 'fd00:0:0:1:0:0:0:ff'})
    # Spelt in the API's own way, as it may be after a change by hand.
    network, = (raw for raw in upcloud.state()['networks'].values() if raw['type'] == 'private')
    padded = dict(network['ip_networks'][0], gateway='fd00:0000:0000:0001::00ff', dhcp_dns=['2001:4860:4860::0:8888'])
    body = json.dumps({'network': {**network, 'ip_networks': {'ip_network': [padded]}, 'labels': []}})
    upcloud.fault('body', 'GET /network/{uuid}', body=body, times=9)
    upcloud.unchanged(name='six', upcloud=dict(plain, gateway='fd00:0:0:1::ff'))


@pytest.mark.parametrize('labels, word', [
    ({'_team': 'a'}, '_team'), ({'k' * 40: 'v'}, 'kkk'), ({'k\u00e9y': 'v'}, 'k\u00e9y'), ({'ok': 'v' * 256}, '255'),
    ({'ok': True}, 'quote')])
def test_labels_that_upcloud_does_not_take_are_refused_before_any_request(upcloud, labels, word):
    upcloud.refused(word, name='back', zone='fi-hel1', network='10.0.3.0/24', labels=labels)


@pytest.mark.parametrize('provider', ['memset', 'upcloud'])
def test_a_server_that_is_named_on_both_sides_by_different_names_is_refused(sandbox, tmp_path, provider):
    cloud = made(sandbox, tmp_path, provider)
    if provider == 'memset':
        cloud.seed('vlans', nickname='back')
        uuid, = cloud.seed('servers', nickname='web1')
    else:
        cloud.seed('networks', name='back', zone='fi-hel1', address='10.8.0.0/24')
        uuid, = cloud.seed('servers', name='web1', state='stopped')
    cloud.fine(name='back', servers=['web1'])
    for sides in ({'servers': ['web1'], 'remove_servers': [uuid]}, {'servers': [uuid], 'remove_servers': ['web1']}):
        for check in (True, False):
            assert uuid in cloud.fails('precondition', check, name='back', **sides)['msg'] and cloud.writes() == []


NO_ROUTES = ['everywhere', '10.9.0.0/16-nexthop=foo', '10.9.0.0/16-nexthop=', '-nexthop=10.0.0.1']
# Where the network is an IPv4 one.
IPV6_ROUTES = ['fd01::/64', 'fd01::/64-nexthop=10.0.0.1', '10.9.0.0/16-nexthop=fd00::1']


def test_networks_of_upcloud_that_will_not_do(upcloud):
    upcloud.refused('255', name='x' * 256, zone='fi-hel1', network='10.0.0.0/24')
    upcloud.refused('prefix', name='x', zone='fi-hel1', network='10.0.0.0/30')
    upcloud.refused('network', name='x', zone='fi-hel1', network='10.0.0.0.0')
    upcloud.refused('wrong family', name='x', network='10.0.0.0/24', upcloud={'gateway': '2001:db8::1'})
    upcloud.refused('private ranges', name='x', zone='fi-hel1', network='8.8.8.0/24')
    upcloud.refused('not in the network', name='x', network='10.0.0.0/24', upcloud={'gateway': '10.0.1.1'})
    for route in (*NO_ROUTES, *IPV6_ROUTES):
        upcloud.refused('dhcp_routes', name='x', network='10.0.0.0/24', upcloud={'dhcp_routes': ['10.9.0.0/16', route]})
    for route in NO_ROUTES:
        upcloud.refused('dhcp_routes', name='x', upcloud={'dhcp_routes': [route]})
    upcloud.refused('dhcp_routes', name='x', network='fd00::/64', upcloud={'dhcp_routes': IPV6_ROUTES[1:2]})
    assert 'zone and network' in upcloud.fails('precondition', name='x')['msg']
    assert "remove_servers: there is no server 'nobody'" in upcloud.fails(
        'not_found', name='x', remove_servers=['nobody'])['msg']
    assert 'fi-hel1' in upcloud.fails('precondition', name='x', zone='fi-hell', network='10.0.0.0/24')['msg']
    first, second = (upcloud.seed('networks', name='x', zone='fi-hel1')[0] for _number in range(2))
    told = upcloud.fails('ambiguous', name='x')['msg']
    assert first in told and second in told
    assert 'cannot be changed' in upcloud.fails('precondition', id=first, zone='de-fra1')['msg']
    for own in ({'gateway': '10.9.9.1'}, {'gateway': 'fd00::1'}, {'dhcp_dns': ['2001:db8::1']},
                *({'dhcp_routes': [route]} for route in IPV6_ROUTES)):
        for check in (True, False):
            upcloud.fails('precondition', check, id=first, upcloud=own)
            assert upcloud.writes() == []
    upcloud.seed('servers', name='web1')
    upcloud.seed('servers', name='web1')
    assert 'servers: 2 servers have the host name' in upcloud.fails('ambiguous', id=first, servers=['web1'])['msg']
    assert upcloud.writes() == []


def test_a_network_whose_making_lost_its_answer_is_found(upcloud):
    wanted = {'name': HOSTILE, 'zone': 'fi-hel1', 'network': '10.0.3.0/24'}
    upcloud.fault('drop_after', 'POST /network')
    assert upcloud.fine(**wanted)['changed']
    upcloud.unchanged(**wanted)


STOP, START = 'POST /server/{uuid}/stop', 'POST /server/{uuid}/start'
JOIN, LEAVE = 'POST /server/{uuid}/networking/interface', 'DELETE /server/{uuid}/networking/interface/{index}'


def power(upcloud):
    return {raw['hostname']: raw['state'] for raw in upcloud.state()['servers'].values()}


@pytest.fixture
def back(upcloud):
    upcloud.seed('networks', name='back', zone='fi-hel1', address='10.8.0.0/24')
    upcloud.uuids = [upcloud.seed('servers', name=name, state=state)[0]
                     for name, state in (('web1', 'started'), ('web2', 'started'), ('web3', 'stopped'))]
    return upcloud


def test_running_servers_are_stopped_one_by_one_where_that_is_allowed(back):
    wanted = {'name': 'back', 'servers': ['web1', 'web2', 'web3']}
    for check in (True, False):
        told = back.fails('precondition', check, **wanted)['msg']
        assert 'web1' in told and 'web2' in told and 'web3' not in told and 'allow_stop: true' in told
        assert back.writes() == []
    joined = back.changes(**wanted, allow_stop=True)
    # In the order of their UUIDs; never are two of them off at once.
    assert back.writes() == [name for uuid in sorted(back.uuids) for name in (
        [JOIN] if uuid == back.uuids[2] else [STOP, JOIN, START])]
    assert joined['vlan']['servers'] == sorted(back.uuids)
    assert power(back) == {'web1': 'started', 'web2': 'started', 'web3': 'stopped'}
    back.unchanged(**wanted)
    assert sorted(back.reads()) == ['GET /network', 'GET /network/{uuid}', 'GET /server']

    gone = {'name': 'back', 'servers': ['web1'], 'prune': True}
    assert 'allow_stop' in back.fails('precondition', **gone)['msg'] and back.writes() == []
    back.changes(**gone, allow_stop=True)
    assert sorted(back.writes()) == sorted([STOP, LEAVE, START, LEAVE])
    back.unchanged(**gone)
    back.changes(name='back', remove_servers=['web1'], allow_stop=True)
    assert back.writes() == [STOP, LEAVE, START]
    assert power(back) == {'web1': 'started', 'web2': 'started', 'web3': 'stopped'}


def test_a_stopped_server_needs_no_leave_to_stop(back):
    back.changes(name='back', servers=['web3'])
    assert back.writes() == [JOIN] and power(back)['web3'] == 'stopped'


def test_a_network_that_does_not_tell_its_servers_costs_no_stop(back):
    back.changes(name='back', servers=['web1'], allow_stop=True)
    network, = (raw for raw in back.state()['networks'].values() if raw['type'] == 'private')
    body = json.dumps({'network': {**network, 'ip_networks': {'ip_network': network['ip_networks']}, 'labels': []}})
    assert 'servers' not in network
    back.fault('body', 'GET /network/{uuid}', body=body, times=9)
    back.unchanged(name='back', servers=['web1'])
    assert not back.fine(name='back', servers=['web2'], allow_stop=True, prune=False)['error']
    assert back.writes() == [STOP, JOIN, START]


def test_a_server_of_another_zone_is_not_stopped_for_nothing(back):
    back.seed('networks', name='far', zone='de-fra1')
    for check in (True, False):
        told = back.fails('precondition', check, name='far', servers=['web1'], allow_stop=True)['msg']
        assert 'web1 is in zone fi-hel1' in told and 'de-fra1' in told and back.writes() == []


def test_a_network_is_made_with_servers_in_it(back):
    wanted = {'name': 'new', 'zone': 'fi-hel1', 'network': '10.0.3.0/24', 'servers': ['web1', 'web3']}
    assert 'allow_stop' in back.fails('precondition', **wanted)['msg'] and back.writes() == []
    made = back.changes(**wanted, allow_stop=True)['vlan']
    assert made['servers'] == sorted([back.uuids[0], back.uuids[2]])
    assert sorted(back.writes()) == sorted(['POST /network', STOP, JOIN, START, JOIN])
    assert power(back)['web1'] == 'started' and power(back)['web3'] == 'stopped'
    back.unchanged(**wanted)


def test_a_network_that_is_made_with_servers_is_finished_by_the_next_run(back, monkeypatch):
    wanted = {'name': 'new', 'zone': 'fi-hel1', 'network': '10.0.3.0/24', 'servers': ['web1'], 'allow_stop': True}
    killed(back, monkeypatch, JOIN, **wanted)
    back.changes(**wanted)
    assert back.writes() == [JOIN, START] and power(back)['web1'] == 'started'
    back.unchanged(**wanted)


@pytest.mark.parametrize('operation', [JOIN, LEAVE])
def test_a_server_is_started_again_even_if_the_change_fails(back, operation):
    if operation == LEAVE:
        back.fine(name='back', servers=['web1', 'web2'], allow_stop=True)
    wanted = {'name': 'back', 'servers': ['web1', 'web2'] if operation == JOIN else [], 'prune': True}
    back.fault('error', operation, code='INTERFACE_FORBIDDEN')
    result = back.run(**wanted, allow_stop=True)
    assert result['error']['code'] == 'INTERFACE_FORBIDDEN' and result['changed']
    assert back.writes() == [STOP, operation, START] and set(power(back).values()) == {'started', 'stopped'}
    assert power(back)['web1'] == power(back)['web2'] == 'started'
    back.changes(**wanted, allow_stop=True)
    assert back.writes() == [STOP, operation, START] * 2
    back.unchanged(**wanted)


@pytest.mark.parametrize('operation', [STOP, JOIN, START])
@pytest.mark.parametrize('kind', ['drop_before', 'drop_after'])
def test_a_lost_answer_leaves_no_server_off(back, operation, kind):
    back.fault(kind, operation)
    back.run(name='back', servers=['web1'], allow_stop=True)
    back.fine(name='back', servers=['web1'], allow_stop=True)
    back.unchanged(name='back', servers=['web1'])
    assert power(back)['web1'] == 'started' and len(back.listed(details=True)[0]['servers']) == 1


class Killed(BaseException):
    """The process is killed: nothing of it runs on."""


def killed(back, monkeypatch, operation, nth=1, **options):
    """A run that is killed just before the nth call of an operation."""
    send, seen = UpCloudClient.send, []

    def kill(client, called, values, query=None):
        seen.extend([called] if getattr(called, 'name', called) == operation else [])
        if len(seen) == nth:
            raise Killed
        return send(client, called, values, query)
    with monkeypatch.context() as patch:
        patch.setattr(UpCloudClient, 'send', kill)
        with pytest.raises(Killed):
            back.run(**options)


@pytest.mark.parametrize('operation, nth, writes', [
    (JOIN, 1, [JOIN, STOP, JOIN, START, START]), (START, 1, [STOP, JOIN, START, START]), (START, 2, [START])])
def test_what_a_killed_run_has_stopped_is_started_by_the_next(back, monkeypatch, operation, nth, writes):
    wanted = {'name': 'back', 'servers': ['web1', 'web2'], 'allow_stop': True}
    killed(back, monkeypatch, operation, nth, **wanted)
    assert 'stopped' in (power(back)['web1'], power(back)['web2'])
    real = back.changes(**wanted)
    assert sorted(back.writes()) == sorted(writes) and 'did not start it again' in real['notes'][-1]
    assert power(back) == {'web1': 'started', 'web2': 'started', 'web3': 'stopped'}
    back.unchanged(**wanted)


def test_a_server_that_a_killed_run_has_stopped_is_started_even_if_the_change_fails_again(back, monkeypatch):
    wanted = {'name': 'back', 'servers': ['web1'], 'allow_stop': True}
    killed(back, monkeypatch, JOIN, **wanted)
    back.fault('error', JOIN, code='INTERFACE_FORBIDDEN')
    assert back.run(**wanted)['error']['code'] == 'INTERFACE_FORBIDDEN'
    assert back.writes() == [JOIN, START] and power(back)['web1'] == 'started'


def test_a_server_that_somebody_has_started_meanwhile_is_left_alone(back, monkeypatch):
    wanted = {'name': 'back', 'servers': ['web1'], 'allow_stop': True}
    killed(back, monkeypatch, START, **wanted)
    server = runs.Runs(back.sandbox, back.folder.parent / 'elsewhere', SERVER, 'upcloud')
    server.fine(name='web1', state='running')
    back.unchanged(**wanted)
    server.fine(name='web1', state='stopped', force_stop=True)
    back.unchanged(**wanted)
    assert power(back)['web1'] == 'stopped'


def test_a_handle_of_a_stop_is_finished_by_job(back):
    wanted = {'name': 'back', 'servers': ['web1', 'web2'], 'allow_stop': True}
    handle = back.fine(**wanted, wait=False)['job']
    done = back.job(handle)
    assert done['error'] is None and len(done['jobs'][0]['result']['servers']) == 2
    back.unchanged(**wanted)
    assert power(back) == {'web1': 'started', 'web2': 'started', 'web3': 'stopped'}


def test_a_guest_that_does_not_obey_is_cut_off_only_where_that_is_allowed(upcloud):
    upcloud.seed('networks', name='back', zone='fi-hel1', address='10.8.0.0/24')
    upcloud.seed('servers', name='web1', ignore_soft_stop=True)
    wanted = {'name': 'back', 'servers': ['web1'], 'allow_stop': True, 'stop_timeout': 1}
    assert 'force_stop' in upcloud.fails('wait_timeout', **wanted)['msg'] and upcloud.writes() == [STOP]
    assert power(upcloud)['web1'] == 'started'
    upcloud.changes(**wanted, force_stop=True)
    upcloud.refused('at most 600', **dict(wanted, stop_timeout=601))


def test_a_router_by_uuid_or_name(upcloud):
    uuid, = upcloud.seed('routers', name='edge')
    wanted = {'name': 'back', 'zone': 'fi-hel1', 'network': '10.0.3.0/24'}
    assert upcloud.changes(**wanted, upcloud={'router': 'edge'})['vlan']['provider_options']['router'] == uuid
    upcloud.unchanged(**wanted, upcloud={'router': 'edge'})
    upcloud.unchanged(name='back', upcloud={'router': uuid})
    assert upcloud.changes(name='back', upcloud={'router': ''})['vlan']['provider_options']['router'] == ''
    upcloud.unchanged(name='back', upcloud={'router': ''})
    upcloud.changes(name='back', upcloud={'router': uuid})
    assert upcloud.writes() == ['PUT /network/{uuid}']
    other = '04000000-0000-4000-8000-0000000000ff'
    for check in (True, False):
        assert "no router 'egde'; the nearest it has: edge" in upcloud.fails(
            'precondition', check, name='back', upcloud={'router': 'egde'})['msg']
        told = upcloud.fails('precondition', check, name='back', upcloud={'router': other})['msg']
        assert 'no router ' + other in told
        assert upcloud.writes() == []
    second, = upcloud.seed('routers', name='edge')
    told = upcloud.fails('ambiguous', name='back', upcloud={'router': 'edge'})['msg']
    assert uuid in told and second in told


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
    for name in ('a\nb', 'web\\new', ' back', 'R&amp;D'):
        cloud.refused('name', name=name)
    assert cloud.fails('not_found', id='00000000-0000-4000-8000-000000000000')


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_a_vlan_whose_name_is_shown_with_entities_is_found(sandbox, tmp_path, provider):
    cloud = made(sandbox, tmp_path, provider)
    cloud.seed('vlans', name='R&amp;D')
    assert cloud.unchanged(name='R&D')['vlan']['name'] == 'R&D'
    assert [each['name'] for each in cloud.listed(name='R&D')] == ['R&D']
    cloud.changes(name='R&D', state='absent')
    assert cloud.listed() == []


@pytest.mark.parametrize('status', ['active', 'stopped'])
@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_a_vlan_in_use_stays(sandbox, tmp_path, provider, status):
    cloud = made(sandbox, tmp_path, provider)
    vlan, = cloud.seed('vlans', name='back')
    server, = cloud.seed('servers', name='web1', status=status, fields={'nic:1:vlan': vlan, 'nic:1:model': 'virtio'})
    for check in (True, False):
        told = cloud.fails('precondition', check, name='back', state='absent')['msg']
        assert 'web1' in told and server in told and cloud.writes() == []
    assert [each['id'] for each in cloud.listed()] == [vlan]


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_a_list_whose_body_was_lost_is_not_taken_for_no_vlans(sandbox, tmp_path, provider):
    cloud = made(sandbox, tmp_path, provider)
    cloud.changes(name='back')
    cloud.fault('empty', 'GET /resources/vlan/info', times=0)
    assert 'GET /resources/vlan/list is not' in cloud.fails('malformed', name='back')['msg'] and cloud.writes() == []
