# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset in the sandbox: zones, records, domains, reload, reverse maps."""

from __future__ import annotations

import pytest

from memset_client import Client


@pytest.fixture
def memset(sandbox):
    return Client(sandbox)


@pytest.fixture
def zone(memset):
    return memset.call('dns.zone_create', nickname='mine')['id']


def test_zone_with_records_and_domains(memset):
    zone = memset.call('dns.zone_create', nickname='one', ttl=300, domains=[{'domain': 'example.com'}],
                       records=[{'type': 'MX', 'record': 'z', 'address': 'mail.example.com.', 'priority': 5},
                                {'type': 'A', 'address': '192.0.2.1'}])
    assert (zone['nickname'], zone['ttl']) == ('one', 300)
    assert zone['domains'] == [{'domain': 'example.com', 'zone_id': zone['id']}]
    first, second = zone['records']
    assert set(first) == {'id', 'zone_id', 'type', 'record', 'address', 'ttl', 'priority', 'relative'}
    assert (first['record'], first['priority'], first['relative'], second['priority']) == ('', 0, False, 5)
    assert memset.call('dns.zone_list') == [zone] == [memset.call('dns.zone_info', id=zone['id'])]
    # The nickname need not be the only one.
    assert memset.call('dns.zone_create', nickname='one')['id'] != zone['id']


def test_nothing_is_made_of_a_zone_that_is_wrong(memset):
    right = {'type': 'A', 'address': '192.0.2.1'}
    for wrong in ({'type': 'CAA', 'address': 'x'}, {'type': 'A', 'address': 'x'}, {'type': 'A'},
                  {**right, 'zone_id': '0' * 32}, 'x'):
        assert memset.error('dns.zone_create', nickname='n', records=[right, wrong]) == (7, 400)
    assert memset.error('dns.zone_create', nickname='n', ttl=60) == (7, 400)
    memset.call('dns.zone_domain_create', domain='example.com')
    assert memset.error('dns.zone_create', nickname='n', domains=[{'domain': 'example.com'}]) == (8, 400)
    assert memset.call('dns.zone_list') == []


def test_update_and_delete_of_a_zone(memset, zone):
    memset.call('dns.zone_record_create', zone_id=zone, type='A', address='192.0.2.1')
    memset.call('dns.zone_domain_create', domain='example.com', zone_id=zone)
    assert memset.call('dns.zone_update', id=zone, nickname='other', ttl=3600)['ttl'] == 3600
    assert memset.call('dns.zone_delete', id=zone)['nickname'] == 'other'
    assert memset.call('dns.zone_record_list') == memset.call('dns.zone_domain_list') == []
    assert memset.error('dns.zone_delete', id=zone) == (3, 404)
    assert memset.error('dns.zone_info', id='short') == (7, 400)


def test_domains(memset, zone):
    other = memset.call('dns.zone_create', nickname='other')['id']
    assert memset.call('dns.zone_domain_create', domain='example.com') == {'domain': 'example.com'}
    assert memset.error('dns.zone_domain_create', domain='example.com', zone_id=zone) == (8, 400)
    for target in (zone, other):
        assert memset.call('dns.zone_domain_update', domain='example.com', zone_id=target) == {
            'domain': 'example.com', 'zone_id': target}
    assert memset.call('dns.zone_info', id=zone)['domains'] == []
    assert memset.call('dns.zone_domain_delete', domain='example.com')['zone_id'] == other
    assert memset.call('dns.zone_info', id=other)['domains'] == []
    assert memset.error('dns.zone_domain_delete', domain='example.com') == (3, 404)
    assert memset.error('dns.zone_domain_create', domain='example.com', zone_id='0' * 32) == (3, 404)
    assert memset.error('dns.zone_domain_create', domain='not a domain') == (7, 400)


def test_records(memset, zone):
    given = {'zone_id': zone, 'type': 'A', 'record': 'www', 'address': '192.0.2.1'}
    one = memset.call('dns.zone_record_create', **given)
    two = memset.call('dns.zone_record_create', **given)
    assert one['id'] != two['id']
    assert memset.call('dns.zone_record_create', zone_id=zone, type='TXT', address='"a b"')['record'] == ''
    assert [item['record'] for item in memset.call('dns.zone_record_list')] == ['', 'www', 'www']
    changed = memset.call('dns.zone_record_update', id=one['id'], ttl=600, address='192.0.2.2')
    assert (changed['ttl'], changed['address'], changed['record']) == (600, '192.0.2.2', 'www')
    assert memset.error('dns.zone_record_update', id=one['id'], type='AAAA') == (7, 400)
    assert memset.call('dns.zone_record_update', id=one['id'], record='')['record'] == ''
    other = memset.call('dns.zone_create', nickname='other')['id']
    memset.call('dns.zone_record_update', id=two['id'], zone_id=other)
    assert [item['id'] for item in memset.call('dns.zone_info', id=other)['records']] == [two['id']]
    assert memset.call('dns.zone_record_delete', id=two['id'])['zone_id'] == other
    assert memset.error('dns.zone_record_info', id=two['id']) == (3, 404)
    assert memset.call('dns.zone_info', id=other)['records'] == []


@pytest.mark.parametrize('wrong', [
    {'type': 'CAA'}, {'ttl': 60}, {'priority': 1000}, {'priority': -1}, {'address': 'x' * 251}, {'record': 'x' * 251},
    {'address': 'caf\u00e9'}, {'address': ''}, {'record': 'a b'}, {'record': 'a..b'}, {'type': 'AAAA'}, {'colour': 1}])
def test_records_that_are_refused(memset, zone, wrong):
    given = {'zone_id': zone, 'type': 'TXT', 'record': 'www', 'address': '192.0.2.1', **wrong}
    assert memset.error('dns.zone_record_create', **given) == (7, 400)


def test_longest_record(memset, zone):
    assert len(memset.call('dns.zone_record_create', zone_id=zone, type='TXT', address='x' * 250)['address']) == 250


def test_reload(memset):
    job = memset.call('dns.reload')
    assert {key: job[key] for key in job if key != 'id'} == {'type': 'dns', 'status': 'NEW', 'finished': False,
                                                             'error': False}
    done = memset.done(job)
    assert done['finished'] and done['status'] == 'DONE' and 'service' not in done


def test_reverse_maps(memset):
    one, two = memset.seed(servers=2, options={'ipv6': True})
    address, six = [ip['address'] for ip in memset.call('server.info', name=one)['ips']]
    assert len(memset.call('dns.reverse_map_list')) == 4
    assert {item['name'] for item in memset.call('dns.reverse_map_list', name=one)} == {one}
    assert memset.call('dns.reverse_map_list', name=two, address=address) == []
    changed = memset.call('dns.reverse_map_update', address=six, reverse_map='host.example.com')
    assert changed == [{'name': one, 'address': six, 'reverse_map': 'host.example.com'}]
    assert memset.call('server.info', name=one)['ips'][1]['reverse_map'] == 'host.example.com'
    assert memset.error('dns.reverse_map_update', address=address, reverse_map='a.b', name=two) == (3, 404)
    assert memset.error('dns.reverse_map_update', address='192.0.2.9', reverse_map='a.b') == (3, 404)
    assert memset.error('dns.reverse_map_update', address='x', reverse_map='a.b') == (7, 400)
    assert memset.error('dns.reverse_map_update', address=address, reverse_map='no host name') == (7, 400)


def test_a_thousand_records_are_one_answer(memset):
    memset.seed(zones=1, options={'records': 1000})
    assert len(memset.call('dns.zone_list')[0]['records']) == 1000
