# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PTR records of UpCloud's addresses against the sandbox."""

from __future__ import annotations

import ipaddress

import playing
import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_reverse import DNS_REVERSE

SET, LIST, SERVERS = 'PATCH /ip_address/{address}', 'GET /ip_address', 'GET /server'
NAME = 'web1.example.com'


class Addresses(runs.Runs):
    def of(self, access='public', family='IPv4'):
        return next(text for text, item in self.state()['ip_addresses'].items()
                    if (item['access'], item['family']) == (access, family))


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    cloud = Addresses(sandbox, tmp_path / 'state', DNS_REVERSE, 'upcloud')
    cloud.server, = cloud.seed('servers', name=NAME)
    return cloud


def test_the_life_of_a_ptr_record(cloud):
    address = cloud.of()
    before = cloud.unchanged(address=address)['dns_reverse']
    assert before['name'].endswith('.upcloud.host') and cloud.reads() == [LIST]
    found = cloud.changes(address=address, name='www.example.com')['dns_reverse']
    assert cloud.writes() == [SET] and cloud.reads() == [LIST]
    assert {key: found[key] for key in ('id', 'address', 'name', 'server')} == {
        'id': address, 'address': address, 'name': 'www.example.com', 'server': cloud.server}
    assert cloud.state()['ip_addresses'][address]['ptr_record'] == 'www.example.com'
    cloud.unchanged(address=address, name='WWW.example.com.')
    assert cloud.unchanged(address=address, name='www.example.com')['dns_reverse'] == found
    assert cloud.changes(address=address, name='Mail.Example.com', server=NAME)['dns_reverse'][
        'name'] == 'mail.example.com'
    cloud.unchanged(address=address, name='mail.example.com', server=cloud.server)


def test_an_ipv6_address_is_found_however_it_is_written(cloud):
    address = cloud.of(family='IPv6')
    written = ipaddress.ip_address(address).exploded.upper()
    assert cloud.changes(address=written, name='six.example.com')['dns_reverse']['address'] == address
    cloud.unchanged(address=address, name='six.example.com')


def test_a_floating_address_that_no_server_has(cloud):
    address, = cloud.seed('ip_addresses', zone='fi-hel1')
    assert cloud.changes(address=address, name='www.example.com')['dns_reverse']['server'] is None
    cloud.unchanged(address=address, name='www.example.com')


def test_addresses_that_are_not_there(cloud):
    cloud.seed('servers', name='web2.example.com')
    told = cloud.fails('not_found', address='192.0.2.1', name='x.example.com')['msg']
    assert 'no server has the address 192.0.2.1' in told
    for server in ('web2.example.com', 'nobody', '00000000-0000-4000-8000-00000000ffff'):
        told = cloud.fails('not_found', address=cloud.of(), name='x.example.com', server=server)['msg']
        assert 'no server %s has the address' % server in told and cloud.writes() == []
    more, = cloud.seed('servers', name=NAME)
    told = cloud.fails('ambiguous', address=cloud.of(), name='x.example.com', server=NAME)['msg']
    assert cloud.server in told and more in told


def test_only_public_addresses_have_one(cloud):
    address = cloud.of('utility')
    for check in (True, False):
        told = cloud.fails('precondition', check, address=address, name='x.example.com')['msg']
        assert 'only public ones' in told and cloud.writes() == []
    cloud.unchanged(address=address)


@pytest.mark.parametrize('kind', ['drop_before', 'drop_after'])
def test_after_a_lost_answer_it_is_set_again(cloud, kind):
    cloud.fault(kind, SET)
    assert cloud.fine(address=cloud.of(), name='www.example.com')['changed'] and cloud.writes() == [SET] * 2
    cloud.unchanged(address=cloud.of(), name='www.example.com')


@pytest.mark.parametrize('code, kind', [('PTR_RECORD_INVALID', 'invalid'), ('IP_ADDRESS_FORBIDDEN', 'auth'),
                                        ('PTR_RECORD_NOT_SUPPORTED', 'conflict')])
def test_a_refusal_changes_nothing(cloud, code, kind):
    cloud.fault('error', SET, code=code)
    result = cloud.run(address=cloud.of(), name='www.example.com')
    assert result['error']['code'] == code and not result['changed'] and result['error']['kind'] == kind


@pytest.mark.parametrize('options, told', [
    ({'state': 'absent'}, 'no operation that removes a PTR record'),
    ({'address': '198.18.0.300'}, 'address must be an IPv4 or IPv6 address'),
    ({'address': ''}, 'address must not be empty'),
    ({'name': 'not a host'}, 'a host name'), ({'name': ''}, 'name must not be empty'),
    ({'name': '192.0.2.1'}, 'a host name'), ({'name': 'a..example.com'}, 'a host name'),
    ({'name': '-a.example.com'}, 'a host name'), ({'name': '{{ x }}'}, 'a host name'),
    ({'name': 'www.example.com\n'}, 'a host name'),
    ({'name': 'a' * 64 + '.example.com'}, 'a host name'), ({'name': '.'.join(['a'] * 128)}, 'a host name'),
    ({'server': 'Not_a_server'}, 'UUID or host name'), ({'server': ''}, 'server must not be empty'),
    ({'wait_timeout': 0}, 'wait_timeout must be above 0'),
])
def test_bad_input(cloud, options, told):
    cloud.refused(told, **dict({'address': '198.18.0.1', 'name': 'www.example.com'}, **options))


def test_the_list(cloud):
    other, = cloud.seed('servers', name='web2.example.com')
    every = cloud.listed()
    assert cloud.reads() == [LIST] and {item['address'] for item in every} == set(cloud.state()['ip_addresses'])
    mine = [item for item in every if item['server'] == cloud.server]
    assert cloud.listed(server=cloud.server) == mine and cloud.reads() == [LIST]
    assert cloud.listed(server=NAME) == mine and sorted(cloud.reads()) == [LIST, SERVERS]
    assert cloud.listed(address=mine[0]['address']) == mine[:1] and cloud.listed(name=mine[0]['name']) == mine[:1]
    assert cloud.listed(server='nobody') == cloud.listed(address='192.0.2.1') == []
    assert len(cloud.listed(server=other)) == len(mine)


def test_both_front_ends(cloud, tmp_path):
    asked = {'provider': 'upcloud', 'address': cloud.of()}
    tasks = [{'indie.cloud.dns_reverse': {**asked, 'name': '{{ name }}.example.com'}},
             {'indie.cloud.dns_reverse_info': asked}]
    for name, extra in (('here', {}), ('there', {'environment': {'INDIE_TEST': '1'}})):
        played = playing.play(tmp_path, [{**task, **extra} for task in tasks], cloud.sandbox.env, vars={'name': name})
        assert [result.get('changed') for result in played.results] == [True, False], played.output
        assert played[1]['dns_reverses'] == [played[0]['dns_reverse']]
