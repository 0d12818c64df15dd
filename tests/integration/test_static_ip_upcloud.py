# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""UpCloud's addresses against the sandbox: counted, never bought twice, released only by name."""

from __future__ import annotations

import ipaddress
import json
import pathlib

import killing
import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.client import UpCloudClient
from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP

NEW, SET, DELETE = 'POST /ip_address', 'PATCH /ip_address/{address}', 'DELETE /ip_address/{address}'
STOP, START = 'POST /server/{uuid}/stop', 'POST /server/{uuid}/start'
WEB, NONE = 'web1.example.com', '00000000-0000-4000-8000-00000000ffff'


class Addresses(runs.Runs):
    def __init__(self, sandbox, folder):
        super().__init__(sandbox, folder, STATIC_IP, 'upcloud')
        self.server, = sandbox.seed('upcloud', servers=1, options={'name': WEB})['servers']

    def mine(self, **wanted):
        return [text for text, item in self.state()['ip_addresses'].items()
                if all(item[key] == value for key, value in wanted.items())]

    def macs(self, server):
        return [item['mac'] for item in self.state()['servers'][server]['interfaces'] if item['type'] == 'public']

    def floating(self, **options):
        return self.sandbox.seed('upcloud', ip_addresses=1, options=options)['ip_addresses'][0]

    def journal(self):
        """What is left in the journal."""
        return sorted(pathlib.Path(self.folder).glob('*.json'))

    def power(self):
        return self.state()['servers'][self.server]['state']


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    return Addresses(sandbox, tmp_path / 'state')


def test_addresses_of_a_server(cloud):
    wanted = {'server': WEB, 'count': 3}
    assert 'allow_stop' in cloud.fails('precondition', **wanted)['msg'] and cloud.writes() == []
    made = cloud.both(allow_stop=True, **wanted)
    assert made['changed'] and cloud.writes() == [STOP, NEW, NEW, START] and cloud.power() == 'started'
    assert made['static_ip']['count'] == 3 and made['static_ip']['id'] is None
    assert sorted(made['static_ip']['addresses']) == sorted(
        cloud.mine(server=cloud.server, family='IPv4', access='public'))
    cloud.unchanged(**wanted)
    cloud.unchanged(server=cloud.server, count=1)
    assert cloud.reads() == ['GET /ip_address']

    extra = made['static_ip']['addresses'][-1]
    named = cloud.both(address=extra, ptr_record='www.example.com')
    assert named['static_ip']['ptr_record'] == 'www.example.com' and cloud.writes() == [SET]
    for spelt in ('www.example.com', 'WWW.example.com', 'www.example.com.'):
        cloud.unchanged(address=extra, ptr_record=spelt)
    assert cloud.changes(address=extra, ptr_record='Mail.Example.com.')['static_ip']['ptr_record'] == 'mail.example.com'
    cloud.unchanged(id=extra, server=WEB, family='IPv4', access='public', floating=False)

    gone = {'address': extra, 'state': 'absent'}
    assert 'allow_stop' in cloud.fails('precondition', **gone)['msg']
    assert cloud.both(allow_stop=True, **gone)['changed'] and cloud.writes() == [STOP, DELETE, START]
    cloud.unchanged(**gone)
    assert cloud.power() == 'started' and extra not in cloud.mine()


def test_the_server_is_started_again_even_if_there_is_no_address_for_it(cloud):
    cloud.fault('error', NEW, code='IP_ADDRESS_LIMIT_REACHED')
    result = cloud.fails('quota', server=WEB, count=2, allow_stop=True)
    assert result['changed'] and cloud.writes() == [STOP, NEW, START] and cloud.power() == 'started'


def test_a_stop_that_was_refused_owes_no_start(cloud):
    cloud.fault('error', STOP, code='SERVER_STATE_ILLEGAL', status=409)
    assert not cloud.fails('conflict', server=WEB, count=2, allow_stop=True)['changed']
    assert cloud.writes() == [STOP] and cloud.journal() == []


@pytest.mark.parametrize('operation, after', [(STOP, True), (NEW, False), (NEW, True), (START, False)])
def test_a_run_killed_before_the_start_is_made_good_by_the_next(cloud, monkeypatch, operation, after):
    wanted = {'server': WEB, 'count': 2, 'allow_stop': True}
    with monkeypatch.context() as patch:
        killing.kill(patch, UpCloudClient, operation, after=after)
        with pytest.raises(killing.Killed):
            cloud.run(**wanted)
    killing.until(lambda: cloud.power() == 'stopped')
    mended = cloud.both(**wanted)
    got = operation == START or operation == NEW and after
    assert cloud.writes() == ([] if got else [NEW]) + [START] and cloud.power() == 'started'
    assert 'did not start it again' in mended['notes'][0] and mended['static_ip']['count'] == 2
    cloud.unchanged(**wanted)
    assert cloud.journal() == []


@pytest.mark.parametrize('operation, after', [(STOP, True), (DELETE, False), (DELETE, True), (START, False)])
def test_a_release_killed_before_the_start_is_made_good_by_the_next(cloud, monkeypatch, operation, after):
    address = cloud.mine(server=cloud.server, family='IPv4', access='public')[0]
    gone = {'address': address, 'state': 'absent', 'allow_stop': True}
    with monkeypatch.context() as patch:
        killing.kill(patch, UpCloudClient, operation, after=after)
        with pytest.raises(killing.Killed):
            cloud.run(**gone)
    killing.until(lambda: cloud.power() == 'stopped')
    assert cloud.both(**gone)['changed']
    released = operation == START or operation == DELETE and after
    assert cloud.writes() == ([] if released else [DELETE]) + [START] and cloud.power() == 'started'
    cloud.unchanged(**gone)
    assert cloud.journal() == []


def test_the_life_of_a_floating_address(cloud):
    wanted = {'floating': True, 'zone': 'fi-hel1', 'count': 1}
    made = cloud.both(release_policy='keep', **wanted)
    assert cloud.writes() == [NEW]
    address, = made['static_ip']['addresses']
    cloud.unchanged(**wanted)

    there = cloud.both(address=address, server=WEB)
    assert there['static_ip']['server'] == cloud.server and there['static_ip']['mac'] and cloud.writes() == [SET]
    cloud.unchanged(address=address, server=cloud.server)
    cloud.unchanged(floating=True, server=WEB, count=1)
    other, = cloud.sandbox.seed('upcloud', servers=1, options={'name': 'web2.example.com'})['servers']
    assert cloud.both(address=address, server='web2.example.com', release_policy='release')['static_ip'][
        'server'] == other
    off = cloud.both(address=address, server='')
    assert off['static_ip']['server'] is None and off['static_ip']['mac'] is None and cloud.writes() == [SET]
    cloud.unchanged(address=address, server='')

    gone = cloud.both(address=address, state='absent')
    assert gone['changed'] and cloud.writes() == [DELETE] and gone['steps'][0]['destructive']
    cloud.unchanged(address=address, state='absent')
    assert 'none can be chosen' in cloud.fails('not_found', address=address)['msg']


def test_a_floating_address_made_at_a_server(cloud):
    made = cloud.both(floating=True, server=WEB, count=2)
    assert cloud.writes() == [NEW, NEW] and cloud.power() == 'started'
    assert made['static_ip']['server'] == cloud.server and made['static_ip']['zone'] == 'fi-hel1'
    cloud.unchanged(floating=True, server=WEB, count=2)


def test_addresses_of_the_other_kinds(cloud):
    six = {'server': WEB, 'count': 2, 'family': 'IPv6', 'allow_stop': True}
    made = cloud.both(**six)
    assert cloud.writes() == [STOP, NEW, START] and all(':' in text for text in made['static_ip']['addresses'])
    cloud.unchanged(**six)
    floating = {'floating': True, 'zone': 'fi-hel1', 'family': 'IPv6', 'count': 1}
    assert cloud.both(**floating)['changed'] and cloud.writes() == [NEW]
    cloud.unchanged(**floating)
    utility = {'server': WEB, 'access': 'utility', 'count': 1}
    cloud.unchanged(**utility)


@pytest.mark.parametrize('family, access, most', [('IPv4', 'public', 5), ('IPv6', 'public', 5), ('IPv4', 'utility', 1)])
def test_more_addresses_than_a_server_can_have_are_not_begun_with(cloud, family, access, most):
    wanted = {'server': WEB, 'family': family, 'access': access, 'allow_stop': True}
    for check in (True, False):
        told = cloud.fails('precondition', check, count=most + 1, **wanted)['msg']
        assert 'at most %d' % most in told and cloud.writes() == []
    assert cloud.fine(count=most, **wanted)['static_ip']['count'] == most
    cloud.unchanged(count=most, **wanted)
    assert 'at most %d' % most in cloud.fails('precondition', count=9, **wanted)['msg'] and cloud.writes() == []


def test_a_floating_address_at_the_server_is_one_of_those_that_it_can_have(cloud):
    cloud.fine(server=WEB, floating=True, count=1)
    assert 'would have 6' in cloud.fails('precondition', server=WEB, count=5, allow_stop=True)['msg']
    assert cloud.writes() == [] and cloud.fine(server=WEB, count=4, allow_stop=True)['changed']


def test_an_address_that_is_not_said_to_float_is_of_the_server(cloud):
    """The answer may leave out what is not set; another one would be bought."""
    raw = {'address': '192.0.2.7', 'access': 'public', 'family': 'IPv4', 'zone': 'fi-hel1', 'server': cloud.server}
    body = json.dumps({'ip_addresses': {'ip_address': [raw]}})
    cloud.fault('body', 'GET /ip_address', body=body, times=9)
    cloud.unchanged(server=cloud.server, count=1)


@pytest.mark.parametrize('change', [{'ptr_record': 'x.example.com'}, {'release_policy': 'release'}, {'server': WEB}])
def test_a_modification_whose_answer_is_lost(cloud, change):
    address = cloud.floating()
    cloud.fault('drop_after', SET)
    assert cloud.fine(address=address, **change)['changed']
    cloud.unchanged(address=address, **change)


def test_an_interface_can_be_named(cloud):
    address = cloud.floating()
    first, second = cloud.macs(cloud.server)
    assert cloud.both(address=address, mac=second.upper())['static_ip']['server'] == cloud.server
    cloud.unchanged(address=address, mac=second)
    assert cloud.both(address=address, mac=first, server=WEB)['static_ip']['mac'] == first
    cloud.unchanged(address=address, mac=first.upper(), server=WEB)
    made = cloud.both(floating=True, count=2, server=WEB, mac=second.upper())
    assert cloud.writes() == [NEW] and made['static_ip']['count'] == 2
    assert len(cloud.mine(mac=second, floating='yes')) == 1
    cloud.unchanged(floating=True, count=2, server=WEB, mac=second)


def test_the_interface_of_another_server_is_refused(cloud):
    """An address there would not count at the server, and the next run would buy one more, or move it back."""
    other, = cloud.seed('servers', name='web2.example.com')
    mac, address = cloud.macs(other)[0], cloud.floating()
    cloud.fine(address=address, mac=mac)
    for wanted in ({'floating': True, 'count': 1}, {'address': address}):
        for check in (True, False):
            for server in (WEB, cloud.server):
                told = cloud.fails('precondition', check, server=server, mac=mac, **wanted)['msg']
                assert mac in told and cloud.writes() == []
    cloud.fine(address=address, server=WEB)
    assert mac in cloud.fails('precondition', address=address, server=WEB, mac=mac)['msg'] and cloud.writes() == []


@pytest.mark.parametrize('more', [{}, {'server': WEB}, {'server': ''}, {'mac': '00:11:22:33:44:55'}])
def test_an_address_that_the_account_lacks(cloud, more):
    for check in (True, False):
        assert 'none can be chosen' in cloud.fails('not_found', check, address='192.0.2.77', **more)['msg']
        assert cloud.writes() == []


def test_an_ipv6_address_is_known_however_it_is_spelt(cloud):
    address = cloud.mine(server=cloud.server, family='IPv6')[0]
    for text in (ipaddress.ip_address(address).exploded.upper(), str(ipaddress.ip_address(address))):
        assert cloud.unchanged(address=text)['static_ip']['id'] == address
    cloud.fine(address=ipaddress.ip_address(address).exploded, ptr_record='six.example.com')
    assert cloud.writes() == [SET]


def test_what_cannot_be_is_refused_after_the_read(cloud):
    own, = cloud.mine(server=cloud.server, family='IPv4', access='public')
    utility, = cloud.mine(server=cloud.server, access='utility')
    afar = cloud.floating(zone='de-fra1')
    assert 'only those can be moved' in cloud.fails('precondition', address=own, server='')['msg']
    assert 'cannot be released' in cloud.fails('precondition', address=utility, state='absent')['msg']
    assert 'zone de-fra1' in cloud.fails('precondition', address=afar, server=WEB)['msg']
    assert WEB in cloud.fails('precondition', address=afar, server='web.example.com')['msg']
    assert 'no server' in cloud.fails('precondition', server=NONE, count=1)['msg']
    assert 'cannot be changed' in cloud.fails('precondition', address=own, family='IPv6')['msg']
    for check in (True, False):
        assert 'fi-hel1' in cloud.fails('precondition', check, floating=True, zone='fi-hell', count=1)['msg']
        assert 'not in de-fra1' in cloud.fails('precondition', check, floating=True, zone='de-fra1', count=1,
                                               server=WEB)['msg']
    cloud.sandbox.seed('upcloud', servers=1, options={'name': WEB})
    assert cloud.server in cloud.fails('ambiguous', address=afar, server=WEB)['msg']
    assert cloud.writes() == []


@pytest.mark.parametrize('kind, made', [('drop_after', 2), ('drop_before', 0)])
def test_a_lost_answer_buys_nothing_twice(cloud, kind, made):
    cloud.fault(kind, NEW)
    result = cloud.run(floating=True, zone='fi-hel1', count=2)
    if made:
        assert not result['error'] and cloud.writes() == [NEW, NEW] and 'lost' in result['warnings'][0]
    else:
        assert result['error']['kind'] == 'outcome_unknown' and result['changed'] and cloud.writes() == [NEW]
    assert len(cloud.mine(floating='yes')) == made
    cloud.fine(floating=True, zone='fi-hel1', count=2)
    assert len(cloud.mine(floating='yes')) == 2


def test_the_second_of_two_may_be_lost(cloud):
    cloud.fault('drop_after', NEW, nth=2)
    assert cloud.fine(floating=True, zone='fi-hel1', count=2)['changed'] and len(cloud.mine(floating='yes')) == 2


@pytest.mark.parametrize('options, text', [
    ({}, 'is needed'), ({'server': WEB}, 'is needed'), ({'count': 1}, 'count needs server'),
    ({'count': 1, 'floating': True}, 'needs zone or server'), ({'count': 0, 'server': WEB}, 'at least 1'),
    ({'count': 1, 'server': WEB, 'state': 'absent'}, 'only an address that is named'),
    ({'address': '300.1.1.1'}, 'no address'), ({'id': 'web'}, 'no address'), ({'address': ''}, 'must not be empty'),
    ({'address': '192.0.2.1', 'count': 2, 'server': WEB}, 'only one of'),
    ({'address': '192.0.2.1', 'id': '192.0.2.2'}, 'only one of'),
    ({'addresses': ['192.0.2.1']}, 'name one at a time'), ({'name': 'x', 'count': 1, 'server': WEB}, 'has none'),
    ({'count': 1, 'server': WEB, 'mac': '00:11:22:33:44:55'}, 'floating: true'),
    ({'count': 1, 'server': WEB, 'zone': 'fi-hel1'}, 'floating: true'),
    ({'count': 1, 'floating': True, 'zone': 'fi-hel1', 'mac': '00:11:22:33:44:55'}, 'mac goes with server'),
    ({'count': 1, 'floating': True, 'zone': 'fi-hel1', 'family': 'IPv6', 'release_policy': 'keep'}, 'for IPv4'),
    ({'count': 1, 'floating': True, 'zone': 'fi-hel1', 'access': 'utility'}, 'utility'),
    ({'address': '192.0.2.1', 'mac': 'x'}, 'mac must match'),
    ({'address': '192.0.2.1', 'server': 'a b'}, 'server must'),
    ({'address': '192.0.2.1', 'server': '', 'mac': '00:11:22:33:44:55'}, 'takes the address off'),
    *[({'address': '192.0.2.1', 'ptr_record': name}, 'ptr_record must match')
      for name in ('a b', 'a_b.example.com', '-a.example.com', '192.0.2.1', 'a' * 64, '.')],
])
def test_bad_input_is_refused_before_any_request(cloud, options, text):
    cloud.refused(text, **options)


def test_the_list(cloud):
    floating = cloud.floating()
    assert {item['id'] for item in cloud.listed()} == set(cloud.mine())
    assert [item['id'] for item in cloud.listed(filters={'floating': [True]})] == [floating]
    assert {item['family'] for item in cloud.listed(filters={'server': [cloud.server]})} == {'IPv4', 'IPv6'}
    assert cloud.listed(id='192.0.2.77') == []
