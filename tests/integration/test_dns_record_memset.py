# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record sets of Memset's zones, and reverse maps, against the sandbox."""

from __future__ import annotations

import ipaddress

import pytest
from playing import play

from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_record import DNS_RECORD
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_reverse import DNS_REVERSE
from dns_cloud import DnsCloud

CREATE, UPDATE, DELETE = 'dns.zone_record_create', 'dns.zone_record_update', 'dns.zone_record_delete'
WWW = {'domain': 'example.com', 'name': 'www', 'type': 'A'}
MX = {'zone': 'mine', 'name': '', 'type': 'MX'}


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    cloud = DnsCloud(sandbox, tmp_path / 'state', DNS_RECORD)
    cloud.zone = cloud.new_zone(nickname='mine', domains=['example.com'], records=[
        {'type': 'TXT', 'record': 'www', 'address': 'stays'}, {'type': 'A', 'record': '', 'address': '192.0.2.99'}])
    return cloud


@pytest.fixture
def reverse(sandbox, tmp_path):
    sandbox.reset()
    sandbox.seed('memset', {'name': 'testaa1', 'addresses': ['198.18.0.1'], 'ipv6': True}, servers=1)
    return DnsCloud(sandbox, tmp_path / 'state', DNS_REVERSE)


def there(cloud, name, kind):
    return sorted((item['address'], item['ttl'], item['priority'])
                  for item in cloud.sandbox.state('memset')['records'].values()
                  if (item['record'], item['type']) == (name, kind))


# -- record sets ------------------------------------------------------------------------------------------------------
def test_the_life_of_a_record_set(cloud):
    made, wrote = cloud.changed(**WWW, value=['192.0.2.1', '192.0.2.2'], ttl=300)
    assert wrote == [CREATE, CREATE, 'dns.reload'] and cloud.asked() <= 4
    record = made['dns_record']
    assert {name: record[name] for name in ('id', 'name', 'type', 'zone', 'zone_id', 'domains', 'value', 'ttl',
                                            'relative')} == {
        'id': cloud.zone + '/A/www', 'name': 'www', 'type': 'A', 'zone': 'mine', 'zone_id': cloud.zone,
        'domains': ['example.com'], 'value': ['192.0.2.1', '192.0.2.2'], 'ttl': 300, 'relative': False}

    # The set is exact; what is not said stays.
    changed, wrote = cloud.changed(**WWW, value=['192.0.2.2', '192.0.2.3', '192.0.2.4'])
    assert sorted(wrote) == ['dns.reload', CREATE, UPDATE]
    assert there(cloud, 'www', 'A') == [('192.0.2.%d' % number, 300, 0) for number in (2, 3, 4)]
    changed, wrote = cloud.changed(**WWW, value=['192.0.2.3'], ttl=600, relative=True)
    assert sorted(wrote) == ['dns.reload', DELETE, DELETE, UPDATE]
    assert changed['dns_record']['ttl'] == 600 and changed['dns_record']['relative'] is True

    gone = cloud.fine(True, **WWW, state='absent')
    assert gone['changed'] and cloud.writes() == []
    gone = cloud.fine(**WWW, state='absent')
    assert gone['changed'] and gone['dns_record'] is None and cloud.writes() == [DELETE, 'dns.reload']
    cloud.unchanged(**WWW, state='absent')
    # Other sets of the name, and the name's of the zone itself, were never touched.
    assert there(cloud, 'www', 'TXT') and there(cloud, '', 'A')


def test_priorities_are_of_each_value(cloud):
    values = [{'value': 'mx1.example.net.', 'priority': 10}, 'mx2.example.net.']
    made, wrote = cloud.changed(**MX, value=values, priority=20)
    assert made['dns_record']['name'] == ''
    assert made['dns_record']['value'] == [{'value': 'mx1.example.net.', 'priority': 10},
                                           {'value': 'mx2.example.net.', 'priority': 20}]
    cloud.unchanged(**MX, value=made['dns_record']['value'])
    # A priority that is not said is left as it is.
    cloud.unchanged(**MX, value=['MX1.example.net', 'mx2.example.net'])
    changed, wrote = cloud.changed(**MX, value=values, priority=30)
    assert wrote == [UPDATE, 'dns.reload'] and there(cloud, '', 'MX')[1] == ('mx2.example.net.', 0, 30)


def test_absent_removes_only_the_values_that_are_given(cloud):
    cloud.fine(**WWW, value=['192.0.2.1', '192.0.2.2', '192.0.2.3'])
    options = dict(WWW, value=['192.0.2.2', '192.0.2.9'], state='absent')
    checked = cloud.fine(True, **options)
    assert checked['diff']['before']['value'] == ['192.0.2.2']
    assert cloud.fine(**options)['changed'] and cloud.writes() == [DELETE, 'dns.reload']
    cloud.unchanged(**options)
    assert [item[0] for item in there(cloud, 'www', 'A')] == ['192.0.2.1', '192.0.2.3']


def test_which_zone(cloud):
    twin = cloud.new_zone(nickname='mine', domains=['example.org'])
    told = cloud.fails('ambiguous', **MX, value=['mx'])['msg']
    assert cloud.zone in told and twin in told and cloud.writes() == []
    cloud.fails('ambiguous', **MX, state='absent')
    made, _wrote = cloud.changed(**MX, domain='example.org', value=['mx'])
    assert made['dns_record']['zone_id'] == twin
    # A zone can also be named by its id.
    cloud.unchanged(**dict(MX, zone=twin), value=['mx'])
    cloud.fails('ambiguous', zone=twin, domain='example.com', name='', type='MX', value=['mx'])
    told = cloud.fails('not_found', zone='nobody', name='', type='MX', value=['mx'])['msg']
    assert 'no zone' in told and 'dns_zone makes one' in told
    cloud.unchanged(domain='nobody.example', name='', type='MX', state='absent')


def test_a_name_is_the_same_however_it_is_spelt(cloud):
    zone = {'domain': 'example.com', 'type': 'A', 'value': ['192.0.2.1']}
    made, _wrote = cloud.changed(name='x.example.org.', **zone)
    cloud.unchanged(name='x.example.org', **zone)
    assert made['dns_record']['id'].endswith('/A/x.example.org')
    cloud.changed(name='www.example.com', **zone)
    told = cloud.fails('precondition', **dict(zone, name='www', type='CNAME', value=['foo']))['msg']
    assert 'a CNAME beside A' in told


def test_an_alias_stands_alone(cloud):
    told = cloud.fails('precondition', **dict(WWW, type='CNAME'), value=['x.example.net.'])['msg']
    assert 'a CNAME beside TXT' in told and cloud.writes() == []
    alias = dict(WWW, name='ftp', type='CNAME')
    cloud.changed(**alias, value=['x.example.net.'])
    changed, wrote = cloud.changed(**alias, value=['y.example.net.'])
    assert wrote == [UPDATE, 'dns.reload']
    assert 'a CNAME beside A' in cloud.fails('precondition', **dict(alias, type='A'), value=['192.0.2.1'])['msg']


def test_a_set_whose_records_differ_is_told_as_such(cloud):
    cloud.new_zone(nickname='odd', domains=['odd.example'], records=[
        {'type': 'A', 'record': 'www', 'address': '192.0.2.%d' % number, 'ttl': ttl} for number, ttl in
        ((1, 0), (2, 300), (2, 300))])
    options = dict(WWW, domain='odd.example', value=['192.0.2.1', '192.0.2.2'])
    found, = cloud.listed(domain='odd.example')
    assert found['ttl'] is None and found['value'] == ['192.0.2.1', '192.0.2.2', '192.0.2.2']
    changed, wrote = cloud.changed(**options)
    assert wrote == [DELETE, 'dns.reload'] and changed['dns_record']['ttl'] is None
    changed, wrote = cloud.changed(**options, ttl=300)
    assert wrote == [UPDATE, 'dns.reload']


def test_a_set_whose_names_are_spelt_differently(cloud):
    cloud.new_zone(nickname='odd', domains=['odd.example'], records=[
        {'type': 'A', 'record': name, 'address': '192.0.2.%d' % number} for name, number in
        (('www', 1), ('www', 1), ('WWW', 2))])
    options = dict(WWW, domain='odd.example', value=['192.0.2.1'])
    changed, wrote = cloud.changed(**options)
    assert wrote == [DELETE, DELETE, 'dns.reload']
    assert changed['dns_record']['name'] == 'www'
    cloud.unchanged(**options)


def test_many_values_go_in_one_request_and_a_lost_answer_is_made_up_for(cloud):
    options = dict(WWW, value=['192.0.2.%d' % number for number in range(1, 61)])
    cloud.fault('drop_after', CREATE, nth=60)
    lost = cloud.fails('outcome_unknown', **options)
    assert 'Run the same task again' in lost['msg'] and len(there(cloud, 'www', 'A')) == 60
    changed, wrote = cloud.changed(**options)
    assert wrote == ['dns.reload']
    cloud.fault('error', CREATE, nth=2, code=13, message='full')
    refused = cloud.fails('quota', **dict(options, name='many'))
    assert refused['not_done'] == ['add A many 192.0.2.2', 'have the name servers reload']
    changed, wrote = cloud.changed(**dict(options, name='many'))
    assert wrote == [CREATE, 'dns.reload']


def test_a_reload_is_owed_however_the_set_is_spelt(cloud):
    cloud.fault('job_fails', 'dns.reload')
    cloud.fails('job_failed', **WWW, value=['192.0.2.1'])
    _late, wrote = cloud.changed(domain='Example.com.', name='WWW', type='A', value=['192.0.2.1'])
    assert wrote == ['dns.reload']
    cloud.unchanged(**WWW, value=['192.0.2.1'])


def test_a_handle_is_finished_by_the_module_job(cloud):
    made = cloud.fine(**WWW, value=['192.0.2.1'], wait=False)
    done = cloud.job(made['job'])
    assert done['error'] is None and done['jobs'][0]['result']['value'] == ['192.0.2.1']
    cloud.unchanged(**WWW, value=['192.0.2.1'])


@pytest.mark.parametrize('options, told', [
    ({'name': 'www', 'type': 'A'}, 'one of zone and name and type together and domain and name and type together is'),
    ({**WWW}, 'value is needed for state present'),
    ({**WWW, 'value': []}, 'value must not be empty'),
    ({**WWW, 'value': ['192.0.2.1', '192.0.2.1']}, 'is there twice'),
    ({**WWW, 'value': ['2001:db8::1']}, 'is no IPv4 address'),
    ({**WWW, 'type': 'AAAA', 'value': ['fe80::1%eth0']}, 'is no IPv6 address'),
    ({**WWW, 'value': ['192.0.2.1'], 'priority': 5}, 'priority goes with type MX and SRV'),
    ({**WWW, 'value': ['192.0.2.1'], 'ttl': 1}, 'ttl must be one of'),
    ({**WWW, 'type': 'PTR', 'value': ['x']}, 'type must be one of'),
    ({**WWW, 'type': 'TXT', 'value': ['x' * 251]}, 'has 251 characters'),
    ({**WWW, 'type': 'CNAME', 'value': ['x', 'y']}, 'more than one CNAME'),
    ({**WWW, 'name': '', 'type': 'CNAME', 'value': ['x']}, 'the domain itself'),
    ({**WWW, 'name': '@', 'state': 'absent'}, 'must be an empty string'),
    ({**WWW, 'domain': 'x', 'value': ['192.0.2.1']}, 'domain must be a domain'),
    ({**WWW, 'zone': '', 'value': ['192.0.2.1']}, 'zone must not be empty'),
])
def test_bad_input_for_a_record_set(cloud, options, told):
    cloud.refused(told, **options)


def test_info_of_record_sets(cloud):
    other = cloud.new_zone(nickname='other', domains=['other.example'], records=[
        {'type': 'MX', 'record': '', 'address': 'mx', 'priority': 5}, {'type': 'MX', 'record': '', 'address': 'my'}])
    sets = cloud.listed()
    assert [item['id'] for item in sets] == [
        cloud.zone + '/A/', cloud.zone + '/TXT/www', other + '/MX/'] and cloud.asked() == 1
    for options, found in [({'domain': 'other.example'}, sets[2:]), ({'zone': 'mine'}, sets[:2]),
                           ({'type': 'MX'}, sets[2:]), ({'name': ''}, [sets[0], sets[2]]),
                           ({'name': 'www', 'type': 'A'}, []), ({'zone': 'nobody'}, [])]:
        assert cloud.listed(**options) == found, options
    assert sets[2]['value'] == [{'value': 'my', 'priority': 0}, {'value': 'mx', 'priority': 5}]


# -- reverse maps -----------------------------------------------------------------------------------------------------
def test_the_life_of_a_reverse_map(reverse):
    options = {'address': '198.18.0.1', 'name': 'www.example.com'}
    changed, wrote = reverse.changed(**options)
    assert wrote == ['dns.reverse_map_update']
    found = changed['dns_reverse']
    assert (found['id'], found['name'], found['address'], found['server']) \
        == ('198.18.0.1', 'www.example.com', '198.18.0.1', 'testaa1')
    reverse.unchanged(address='198.18.0.1', name='WWW.example.com.')
    reverse.unchanged(address='198.18.0.1')
    reverse.changed(address='198.18.0.1', name='mail.example.com', server='testaa1')
    reverse.fails('not_found', address='198.18.0.1', name='x.example.com', server='nobody')
    told = reverse.fails('not_found', address='192.0.2.1', name='x.example.com')['msg']
    assert 'no server has the address 192.0.2.1' in told and reverse.writes() == []


def test_an_ipv6_address_is_found_however_it_is_written(reverse):
    address, = [item['address'] for item in reverse.listed() if ':' in item['address']]
    written = ipaddress.ip_address(address).exploded.upper()
    changed, _wrote = reverse.changed(address=written, name='six.example.com')
    assert changed['dns_reverse']['address'] == address


def test_after_a_lost_answer_a_reverse_map_is_set_again(reverse):
    reverse.fault('drop_after', 'dns.reverse_map_update')
    changed = reverse.fine(address='198.18.0.1', name='www.example.com')
    assert changed['changed'] and reverse.writes() == ['dns.reverse_map_update'] * 2


def test_an_answer_about_another_address_is_malformed(reverse):
    reverse.fault('body', 'dns.reverse_map_update', body='[]')
    told = reverse.fails('malformed', address='198.18.0.1', name='www.example.com')
    assert told['changed'] and 'does not tell of 198.18.0.1' in told['msg']


@pytest.mark.parametrize('options, told', [
    ({'address': '198.18.0.1', 'state': 'absent'}, 'no operation that removes a reverse map'),
    ({'address': '198.18.0.300', 'name': 'x.example.com'}, 'address must be an IPv4 or IPv6 address'),
    ({'address': '198.18.0.1', 'name': 'not a host'}, 'is no host name'),
    ({'address': '198.18.0.1', 'name': '198.18.0.1'}, 'is an address, and a host name is wanted'),
    ({'address': '198.18.0.1', 'name': 'x.' * 126}, 'is no host name'),
    ({'address': '198.18.0.1', 'server': 'a b'}, 'server must match'),
])
def test_bad_input_for_a_reverse_map(reverse, options, told):
    reverse.refused(told, **options)


def test_info_of_reverse_maps(reverse):
    maps = reverse.listed()
    assert len(maps) == 2 and reverse.asked() == 1
    assert reverse.listed(address='198.18.0.1') == maps[:1]
    assert reverse.listed(server='testaa1') == maps
    assert reverse.listed(server='nobody') == reverse.listed(address='192.0.2.1') == []
    assert reverse.listed(name=maps[0]['name']) == maps
    assert reverse.listed(name='nobody.example.com') == []
    assert reverse.info(address='x')['error']['kind'] == 'input'


# -- both front ends --------------------------------------------------------------------------------------------------
def test_both_front_ends(sandbox, tmp_path):
    sandbox.reset()
    sandbox.seed('memset', {'nickname': 'mine', 'domains': ['example.com']}, zones=1)
    sandbox.seed('memset', {'name': 'testaa1', 'addresses': ['198.18.0.1']}, servers=1)
    tasks = [
        {'indie.cloud.dns_record': {**WWW, 'value': ['192.0.2.1']}},
        {'indie.cloud.dns_record': {**WWW, 'value': ['192.0.2.1']}},
        {'indie.cloud.dns_record_info': {'domain': 'example.com'}},
        {'indie.cloud.dns_record': {**WWW, 'state': 'absent'}},
        {'indie.cloud.dns_record': {**WWW, 'id': 'x'}},
        {'indie.cloud.dns_reverse': {'provider': 'memset', 'address': '198.18.0.1', 'name': '{{ name }}.example.com'}},
        {'indie.cloud.dns_reverse_info': {'provider': 'memset'}},
    ]
    for name, extra in (('here', {}), ('there', {'environment': {'INDIE_TEST': '1'}})):
        played = play(tmp_path, [{**task, **extra} for task in tasks], sandbox.env, vars={'name': name})
        assert [result.get('changed') for result in played.results] == [True, False, False, True, False, True, False], \
            played.output
        assert played[2]['dns_records'] == [played[1]['dns_record']]
        assert 'Unsupported parameters' in played[4]['msg']
        assert played[6]['dns_reverses'] == [played[5]['dns_reverse']]
