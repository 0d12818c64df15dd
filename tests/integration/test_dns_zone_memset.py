# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's DNS zones against the sandbox: what is sent, in how few requests, and that nothing is lost or taken."""

from __future__ import annotations

import json

import pytest
from playing import play

from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_zone import DNS_ZONE
from dns_cloud import DnsCloud
from memset_client import Client

ZONE = {
    'domain': 'example.com', 'ttl': 3600,
    'records': [
        {'record': '', 'type': 'A', 'value': ['192.0.2.1', '192.0.2.2']},
        {'record': '', 'type': 'MX', 'value': [{'value': 'mx1.example.net.', 'priority': 10}, 'mx2.example.net.'],
         'priority': 20, 'ttl': 86400},
        {'record': 'www', 'type': 'CNAME', 'value': ['example.com.'], 'relative': False},
        {'record': '_sip._tcp', 'type': 'SRV', 'value': ['5 5060 sip'], 'priority': 0, 'relative': True},
        {'record': 'www6', 'type': 'AAAA', 'value': ['2001:DB8:0::1']},
        {'record': '', 'type': 'TXT', 'value': ['v=spf1 mx -all']},
    ],
}
MADE = [
    {'record': '', 'type': 'A', 'ttl': 0, 'relative': False, 'value': ['192.0.2.1', '192.0.2.2']},
    {'record': '', 'type': 'MX', 'ttl': 86400, 'relative': False, 'value': [
        {'value': 'mx1.example.net.', 'priority': 10}, {'value': 'mx2.example.net.', 'priority': 20}]},
    {'record': '', 'type': 'TXT', 'ttl': 0, 'relative': False, 'value': ['v=spf1 mx -all']},
    {'record': '_sip._tcp', 'type': 'SRV', 'ttl': 0, 'relative': True,
     'value': [{'value': '5 5060 sip', 'priority': 0}]},
    {'record': 'www', 'type': 'CNAME', 'ttl': 0, 'relative': False, 'value': ['example.com.']},
    {'record': 'www6', 'type': 'AAAA', 'ttl': 0, 'relative': False, 'value': ['2001:db8::1']},
]
CREATE, UPDATE, DELETE = 'dns.zone_record_create', 'dns.zone_record_update', 'dns.zone_record_delete'


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    return DnsCloud(sandbox, tmp_path / 'state', DNS_ZONE)


def a(name, *values, **more):
    return dict({'record': name, 'type': 'A', 'value': list(values)}, **more)


def hosts(count):
    return [a('host%d' % number, '192.0.2.%d' % (number % 250 + 1)) for number in range(count)]


def records(cloud):
    """(name, type, value) of all records there are."""
    return sorted((item['record'], item['type'], item['address'])
                  for item in cloud.sandbox.state('memset')['records'].values())


# -- the life of a zone -----------------------------------------------------------------------------------------------
def test_the_life_of_a_zone(cloud):
    made, wrote = cloud.changed(**ZONE)
    assert wrote == ['dns.zone_create', 'dns.reload']
    zone = made['dns_zone']
    assert (zone['name'], zone['ttl'], zone['domains'], zone['provider']) \
        == ('example.com', 3600, ['example.com'], 'memset')
    assert zone['records'] == MADE and len(zone['raw']['records']) == 8

    # What is returned is what may be asked for.
    cloud.unchanged(id=zone['id'], name='example.com', records=MADE, domains=zone['domains'], ttl=3600, prune=True)

    changed, wrote = cloud.changed(domain='example.com', name='mine', ttl=300, domains=['example.org'], records=[
        a('', '192.0.2.1', ttl=300), a('new', '192.0.2.9')])
    assert sorted(wrote[:-1]) == sorted([UPDATE, CREATE, 'dns.zone_domain_create', 'dns.zone_update'])
    assert wrote[-1] == 'dns.reload' and changed['dns_zone']['id'] == zone['id']
    assert changed['dns_zone']['domains'] == ['example.com', 'example.org'] and changed['dns_zone']['name'] == 'mine'
    assert [item for item in changed['dns_zone']['records'] if item['record'] == '' and item['type'] == 'A'] == [
        {'record': '', 'type': 'A', 'ttl': 0, 'relative': False, 'value': ['192.0.2.2']},
        {'record': '', 'type': 'A', 'ttl': 300, 'relative': False, 'value': ['192.0.2.1']}]

    pruned, wrote = cloud.changed(name='mine', domains=['example.org'], prune=True, records=[a('', '192.0.2.7')])
    assert sorted(wrote[:-1]) == sorted([UPDATE] + [DELETE] * 8 + ['dns.zone_domain_delete'])
    assert pruned['dns_zone']['records'] == [
        {'record': '', 'type': 'A', 'ttl': 0, 'relative': False, 'value': ['192.0.2.7']}]
    assert {step['destructive'] for step in pruned['steps'] if 'remove' in step['summary']} == {True}
    assert records(cloud) == [('', 'A', '192.0.2.7')]

    refused = cloud.fails('precondition', name='mine', state='absent')
    assert 'force: true' in refused['msg'] and '1 records' in refused['msg'] and cloud.writes() == []
    assert 'force' in cloud.fails('precondition', True, name='mine', state='absent')['msg']
    checked = cloud.fine(True, name='mine', state='absent', force=True)
    gone = cloud.fine(name='mine', state='absent', force=True)
    assert cloud.writes() == ['dns.zone_delete', 'dns.reload']
    assert checked['steps'] == gone['steps'] and checked['diff'] == gone['diff'] and gone['diff']['after'] == {}
    assert checked['changed'] and gone['changed'] and gone['dns_zone'] is None
    cloud.unchanged(name='mine', state='absent', force=True)
    cloud.unchanged(domain='example.com', state='absent')
    cloud.unchanged(id=zone['id'], state='absent')
    assert 'no dns_zone with the id' in cloud.fails('not_found', id=zone['id'])['msg']


def test_an_empty_zone_needs_no_force(cloud):
    made, wrote = cloud.changed(name='empty')
    assert wrote == ['dns.zone_create', 'dns.reload'] and made['dns_zone']['records'] == []
    assert cloud.fine(name='empty', state='absent')['changed']


def test_a_zone_of_a_thousand_records_takes_few_requests(cloud):
    options = {'domain': 'example.com', 'records': hosts(1000)}
    result = cloud.fine(**options)
    assert result['changed'] and cloud.asked() == 13 and len(records(cloud)) == 1000
    assert len(result['dns_zone']['records']) == 1000
    cloud.unchanged(**options)
    assert result['dns_zone'] == cloud.fine(**options)['dns_zone'] and cloud.asked() == 1
    # From a zone that is there and empty.
    cloud.fine(domain='example.com', records=[], prune=True)
    assert records(cloud) == []
    cloud.fine(**options)
    assert cloud.asked() == 12


# -- which zone -------------------------------------------------------------------------------------------------------
def test_a_nickname_of_several_zones_is_an_error_that_names_them(cloud):
    one, two = (cloud.new_zone(nickname='twin', domains=[domain]) for domain in ('one.example', 'two.example'))
    for options in ({'name': 'twin'}, {'name': 'twin', 'state': 'absent'}, {'name': 'twin', 'domain': 'three.example'}):
        told = cloud.fails('ambiguous', **options)['msg']
        assert all(part in told for part in (one, two, 'one.example', 'two.example'))
    assert cloud.writes() == []
    # A domain, or the id, tells them apart.
    assert cloud.unchanged(name='twin', domain='two.example')['dns_zone']['id'] == two
    assert cloud.unchanged(id=one)['dns_zone']['domains'] == ['one.example']


def test_a_domain_and_a_nickname_that_are_of_two_zones(cloud):
    one = cloud.new_zone(nickname='one', domains=['one.example'])
    two = cloud.new_zone(nickname='two', domains=['two.example'])
    for options in ({'name': 'two', 'domain': 'one.example'}, {'id': two, 'domains': ['one.example']},
                    {'name': 'new', 'domains': ['one.example']}):
        told = cloud.fails('precondition', **options)['msg']
        assert one in told and 'move: true' in told and cloud.writes() == []
    told = cloud.fails('ambiguous', name='two', domain='one.example', state='absent', force=True)['msg']
    assert 'nothing is deleted' in told and cloud.writes() == []
    cloud.fails('ambiguous', id=one, name='two', state='absent', force=True)

    moved, wrote = cloud.changed(name='two', domain='one.example', move=True)
    assert moved['dns_zone']['id'] == two and wrote == ['dns.zone_domain_update', 'dns.reload']
    assert moved['dns_zone']['domains'] == ['one.example', 'two.example']
    # One of the name alone, or a new one, can take it too.
    new, wrote = cloud.changed(name='new', domains=['one.example', 'more.example'], move=True)
    assert wrote == ['dns.zone_create', 'dns.zone_domain_update', 'dns.reload']
    assert new['dns_zone']['domains'] == ['more.example', 'one.example']


def test_a_domain_in_a_zone_that_the_list_of_zones_does_not_show_is_not_taken_over(cloud):
    domain, other = 'mine.example', '0' * 31 + '7'
    body = json.dumps([{'domain': domain, 'zone_id': other}, {'domain': 'free.example'}])
    zone = cloud.new_zone(nickname='one', domains=['one.example'])
    for options in ({'domain': domain}, {'id': zone, 'domains': [domain]}):
        cloud.sandbox.faults(kind='body', provider='memset', operation='dns.zone_domain_list', body=body, times=2)
        for check in (True, False):
            told = cloud.fails('precondition', check, **options)['msg']
            assert 'the domain %s is in the zone %s' % (domain, other) in told and 'move: true' in told
            assert cloud.writes() == []
        cloud.sandbox.faults(kind='body', provider='memset', operation='dns.zone_domain_list', body=body)
        steps = cloud.fine(True, move=True, **options)['steps']
        assert 'dns.zone_domain_update' in [step['operation'] for step in steps]


def test_a_domain_in_no_zone_is_attached(cloud):
    for name in ('free.example', 'loose.example'):
        Client(cloud.sandbox.env).call('dns.zone_domain_create', domain=name)
    made, wrote = cloud.changed(domain='Free.Example.')
    assert wrote == ['dns.zone_create', 'dns.zone_domain_update', 'dns.reload']
    made, wrote = cloud.changed(domain='free.example', domains=['loose.example', 'new.example'])
    assert wrote == ['dns.zone_domain_update', 'dns.zone_domain_create', 'dns.reload']
    assert cloud.fine(domain='loose.example')['dns_zone']['id'] == made['dns_zone']['id']


def test_an_interrupted_creation_is_gone_on_with(cloud):
    """The zone was made, and its domain, which was there before, is in no zone yet."""
    Client(cloud.sandbox.env).call('dns.zone_domain_create', domain='example.com')
    cloud.fault('drop_before', 'dns.zone_domain_update', times=0)
    assert cloud.fails('unavailable', domain='example.com', wait_timeout=2)['changed']
    cloud.sandbox.drop_faults()
    made, wrote = cloud.changed(domain='example.com')
    assert wrote == ['dns.zone_domain_update', 'dns.reload']


# -- records ----------------------------------------------------------------------------------------------------------
def test_values_beside_those_listed_stay_unless_pruned(cloud):
    cloud.new_zone(nickname='z', records=[
        {'type': 'A', 'record': 'www', 'address': '192.0.2.1', 'ttl': 300},
        {'type': 'MX', 'record': '', 'address': 'Mail.example.com', 'priority': 5},
        {'type': 'TXT', 'record': 'www', 'address': 'by hand'}])
    added, wrote = cloud.changed(name='z', records=[a('www', '192.0.2.2')])
    assert wrote == [CREATE, 'dns.reload'] and len(records(cloud)) == 4
    # What is not said of a record that is there is left as it is.
    cloud.unchanged(name='z', records=[a('WWW', '192.0.2.1'), {
        'record': '', 'type': 'MX', 'value': ['mail.example.com.']}])
    pruned, wrote = cloud.changed(name='z', records=[a('www', '192.0.2.3')], prune=True)
    assert sorted(wrote[:-1]) == [DELETE] * 3 + [UPDATE]
    assert records(cloud) == [('www', 'A', '192.0.2.3')]
    # Domains were not listed, so they stay.
    assert pruned['dns_zone']['domains'] == ['z.example.com']


def test_a_record_that_is_there_twice(cloud):
    twin = {'type': 'A', 'record': 'www', 'address': '192.0.2.1'}
    cloud.new_zone(nickname='z', records=[dict(twin, ttl=300), twin])
    cloud.unchanged(name='z', records=[a('www', '192.0.2.1', ttl=0)])
    cloud.changed(name='z', records=[a('www', '192.0.2.1', ttl=0)], prune=True)
    assert [item['ttl'] for item in cloud.sandbox.state('memset')['records'].values()] == [0]


def test_a_name_is_the_same_however_it_is_spelt(cloud):
    www = a('www', 'foo', type='CNAME')
    for spelt in ('www.example.com', 'www.example.com.', 'WWW.Example.com'):
        cloud.refused('a CNAME beside A', domain='example.com', records=[www, a(spelt, '192.0.2.1')])
    cloud.refused('is there twice', domain='example.com', records=[a('x.example.org', '192.0.2.1'),
                                                                   a('x.example.org.', '192.0.2.1')])
    cloud.refused('is there twice', domain='example.com', records=[a('www', '192.0.2.1'),
                                                                   a('www.example.com', '192.0.2.1')])
    cloud.refused('itself cannot have a CNAME', domain='example.com', records=[a('example.com', 'x', type='CNAME')])

    # Of two domains these are two names, and a relative one is below each of them.
    cloud.changed(domain='example.com', domains=['example.net'], records=[
        a('www.example.com', '192.0.2.1'), a('www.example.net', '192.0.2.1'), a('m.example.com', 'x', type='CNAME'),
        a('m.example.com', '192.0.2.1', relative=True), a('abs.example.org', '192.0.2.9')])
    cloud.unchanged(domain='example.com', records=[a('Abs.example.org.', '192.0.2.9')])
    for record in (a('www', 'foo', type='CNAME'), a('m', '192.0.2.1')):
        assert 'CNAME' in cloud.fails('precondition', domain='example.com', records=[record])['msg']
    assert len(records(cloud)) == 5


def test_a_lone_value_is_not_cut_at_its_commas(cloud):
    text = 'v=DMARC1; rua=mailto:a@example.com,mailto:b@example.com'
    made, wrote = cloud.changed(domain='example.com', records=[
        {'record': '_dmarc', 'type': 'TXT', 'value': text},
        {'record': '', 'type': 'MX', 'value': {'value': 'mx', 'priority': 5}}])
    assert made['dns_zone']['records'][1]['value'] == [text]
    assert made['dns_zone']['records'][0]['value'] == [{'value': 'mx', 'priority': 5}]


def test_nothing_is_owed_where_nothing_was_done(cloud):
    cloud.new_zone(nickname='z', domains=['example.com'])
    cloud.fault('error', 'dns.zone_update', code=4, message='no')
    cloud.fails('auth', domain='example.com', ttl=300)
    assert cloud.writes() == ['dns.zone_update']
    cloud.unchanged(domain='example.com')


def test_an_alias_comes_in_the_place_of_records_and_goes(cloud):
    cloud.new_zone(nickname='z', records=[{'type': 'A', 'record': 'www', 'address': '192.0.2.%d' % n} for n in (1, 2)])
    alias = {'record': 'www', 'type': 'CNAME', 'value': ['one.example.net.']}
    told = cloud.fails('precondition', name='z', records=[alias])['msg']
    assert 'CNAME beside A' in told and 'prune: true' in told and cloud.writes() == []
    changed, wrote = cloud.changed(name='z', records=[alias], prune=True)
    # The name is freed for the alias, and only then has it: the order within a request is not told.
    assert wrote == [DELETE, UPDATE, 'dns.reload'] and records(cloud) == [('www', 'CNAME', 'one.example.net.')]
    # A name has one alias, so another takes its place.
    other = dict(alias, value=['two.example.net.'])
    changed, wrote = cloud.changed(name='z', records=[other])
    assert wrote == [UPDATE, 'dns.reload'] and records(cloud) == [('www', 'CNAME', 'two.example.net.')]
    assert 'beside' in cloud.fails('precondition', name='z', records=[a('www', '192.0.2.1')])['msg']
    cloud.changed(name='z', records=[a('www', '192.0.2.1', '192.0.2.2')], prune=True)
    assert records(cloud) == [('www', 'A', '192.0.2.1'), ('www', 'A', '192.0.2.2')]


def test_an_alias_comes_in_the_place_of_a_record_of_its_name_that_is_spelt_otherwise(cloud):
    cloud.new_zone(nickname='z', domains=['example.com'], records=[
        {'type': 'A', 'record': 'www.example.com', 'address': '192.0.2.1'}])
    cloud.unchanged(domain='example.com', records=[a('www', '192.0.2.1')], prune=True)
    alias = {'record': 'www', 'type': 'CNAME', 'value': ['one.example.net.']}
    _changed, wrote = cloud.changed(domain='example.com', records=[alias], prune=True)
    assert wrote == [UPDATE, 'dns.reload'] and records(cloud) == [('www', 'CNAME', 'one.example.net.')]
    other = dict(alias, record='www.example.com', value=['two.example.net.'])
    _changed, wrote = cloud.changed(domain='example.com', records=[other])
    assert wrote == [UPDATE, 'dns.reload'] and records(cloud) == [('www.example.com', 'CNAME', 'two.example.net.')]
    # Below another domain, too, it is more than that name, which is freed in a request before.
    cloud.fine(domain='example.com', domains=['example.net'], reload=False)
    cloud.changed(domain='example.com', records=[a('www', '192.0.2.1')], prune=True)
    assert cloud.wrote == [DELETE, CREATE, 'dns.reload'] and records(cloud) == [('www', 'A', '192.0.2.1')]


def test_reload_is_left_out_when_nobody_wants_it(cloud):
    made, wrote = cloud.changed(domain='example.com', reload=False)
    assert wrote == ['dns.zone_create']


# -- faults -----------------------------------------------------------------------------------------------------------
def test_of_a_batch_whose_call_57_fails_the_rest_stays(cloud):
    cloud.new_zone(nickname='z', domains=['example.com'])
    cloud.fault('error', CREATE, nth=57, code=7, message='Enter a valid something.')
    options = {'domain': 'example.com', 'records': hosts(150)}
    failed = cloud.fails('invalid', **options)
    for part in ('1 of 100 failed', 'add A host56 192.0.2.57: ', 'Enter a valid something', '99 were done',
                 '51 not tried'):
        assert part in failed['msg']
    assert failed['changed'] and len(records(cloud)) == 99
    assert failed['not_done'] == ['add A host56 192.0.2.57'] + [
        'add A host%d 192.0.2.%d' % (number, number % 250 + 1) for number in range(100, 150)] + [
        'have the name servers reload']
    assert len([item for item in records(cloud) if item[0] == 'host55']) == 1
    again, wrote = cloud.changed(**options)
    assert wrote == [CREATE] * 51 + ['dns.reload'] and len(records(cloud)) == 150


@pytest.mark.parametrize('kind', ['drop_after', 'timeout_after', 'truncate', 'html', 'empty'])
def test_after_a_lost_answer_only_what_is_missing_is_sent(cloud, kind):
    zone = cloud.new_zone(nickname='z', domains=['example.com'])
    cloud.fault(kind, CREATE, nth=30)
    options = {'domain': 'example.com', 'records': hosts(150)}
    lost = cloud.fails('outcome_unknown', read_timeout=1, **options)
    assert lost['changed'] and 'Run the same task again' in lost['msg'] and len(lost['not_done']) == 151
    assert '100 steps in one request' in lost['msg']
    there = len(records(cloud))
    assert there == 100
    again, wrote = cloud.changed(**options)
    assert wrote == [CREATE] * 50 + ['dns.reload'] and len(set(records(cloud))) == len(records(cloud)) == 150
    assert again['dns_zone']['id'] == zone


@pytest.mark.parametrize('kind', ['drop_after', 'truncate'])
def test_the_lost_answer_to_a_new_zone_is_looked_for(cloud, kind):
    cloud.new_zone(nickname='example.com', domains=['other.example'])
    cloud.fault(kind, 'dns.zone_create')
    options = {'domain': 'example.com', 'name': 'fresh', 'records': hosts(3)}
    found = cloud.fine(**options)
    assert found['changed'] and 'was lost' in ' '.join(found['warnings'])
    assert cloud.writes() == ['dns.zone_create', 'dns.reload'] and len(cloud.sandbox.state('memset')['zones']) == 2
    cloud.unchanged(**options)


def test_a_reload_that_an_interrupted_run_owes_is_made_up_for(cloud):
    options = {'domain': 'example.com', 'records': hosts(3)}
    cloud.new_zone(nickname='z', domains=['example.com'])
    cloud.fault('drop_after', CREATE, nth=3)
    cloud.fails('outcome_unknown', **options)
    assert len(records(cloud)) == 3
    # Nothing is missing but the reload.
    late, wrote = cloud.changed(**options)
    assert wrote == ['dns.reload'] and [step['operation'] for step in late['steps']] == ['dns.reload']

    cloud.fault('job_fails', 'dns.reload')
    failed = cloud.fails('job_failed', domain='example.com', records=hosts(4))
    assert failed['changed'] and failed['not_done'] == ['have the name servers reload']
    # A domain is the same however it is spelt.
    _late, wrote = cloud.changed(domain='Example.com.', records=hosts(4))
    assert wrote == ['dns.reload']

    cloud.fault('drop_after', 'dns.zone_delete', times=0)
    cloud.fails('outcome_unknown', domain='Example.com.', state='absent', force=True)
    cloud.sandbox.drop_faults()
    assert cloud.fine(domain='example.com', state='absent', force=True)['changed']
    assert cloud.writes() == ['dns.reload']
    cloud.unchanged(domain='example.com', state='absent', force=True)


def test_a_reload_that_takes_too_long_is_waited_for_by_the_next_run(cloud):
    cloud.sandbox.settings(job_seconds=30)
    try:
        options = {'domain': 'example.com'}
        late = cloud.fails('wait_timeout', wait_timeout=1, **options)
        assert late['dns_zone']['domains'] == ['example.com'] and late['job']['kind'] == 'job'
        cloud.sandbox.advance(60)
        # It is over by now, so there is nothing to do.
        result = cloud.fine(**options)
        assert not result['changed'] and cloud.writes() == []
        cloud.unchanged(**options)

        cloud.fails('wait_timeout', wait_timeout=1, ttl=300, **options)
        again = cloud.fails('wait_timeout', wait_timeout=1, ttl=300, **options)
        assert cloud.writes() == [] and not again['changed'] and again['job']['id'] == again['error']['job']
        assert [step['operation'] for step in again['steps']] == ['job.status']
        cloud.sandbox.advance(60)
        cloud.fine(ttl=300, **options)
        cloud.unchanged(ttl=300, **options)
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_without_waiting_there_is_a_handle(cloud):
    made = cloud.fine(domain='example.com', wait=False)
    assert made['job']['kind'] == 'job' and made['job']['resource']['id'] == made['dns_zone']['id']
    gone = cloud.fine(domain='example.com', state='absent', force=True, wait=False)
    done = cloud.job(made['job'], gone['job'])
    assert done['error'] is None and [job['finished'] for job in done['jobs']] == [True, True]
    cloud.unchanged(domain='example.com', state='absent')


@pytest.mark.parametrize('fault', [{'kind': 'status', 'status': 502}, {'kind': 'throttle'}])
def test_reads_are_tried_again(cloud, fault):
    cloud.new_zone(nickname='z', domains=['example.com'])
    cloud.sandbox.faults(provider='memset', operation='dns.zone_list', **fault)
    assert not cloud.fine(domain='example.com')['changed'] and cloud.asked() == 2


# -- bad input --------------------------------------------------------------------------------------------------------
LONG = 'v=DKIM1; k=rsa; p=' + 'M' * 392


@pytest.mark.parametrize('options, told', [
    ({}, 'one of id and name and domain is needed'),
    ({'name': ''}, 'name must not be empty'),
    ({'name': 'x' * 251}, 'name must match'),
    ({'name': ' x'}, 'name must have no spaces'),
    ({'id': 'short'}, '32 hex digits'),
    ({'domain': 'nodots'}, 'domain must be a domain'),
    ({'domain': 'a b.example'}, 'domain must be a domain'),
    ({'domain': 'x.' * 125 + 'example'}, 'domain must have at most 250 characters'),
    ({'name': 'z', 'domains': ['a.example', '-.example']}, 'domains[1] must be a domain'),
    ({'name': 'z', 'domains': ['a.example', 'A.example.']}, 'domains: a.example is there twice'),
    ({'name': 'z', 'ttl': 60}, 'ttl must be one of 0, 300'),
    ({'records': [a('w', '192.0.2.1', ttl=301)]}, 'records[0].ttl must be one of 0, 300'),
    ({'records': [a('w', '192.0.2.300')]}, 'records[0].value[0]: \'192.0.2.300\' is no IPv4 address'),
    ({'records': [a('w', '2001:db8::1')]}, 'is no IPv4 address'),
    ({'records': [a('w')]}, 'records[0].value must not be empty'),
    ({'records': [a('w', '')]}, 'records[0].value[0] must not be empty'),
    ({'records': [a('w', 12)]}, 'is no text; write it in quotes'),
    ({'records': [a('@', '192.0.2.1')]}, 'must be an empty string for the domain itself'),
    ({'records': [a('a b', '192.0.2.1')]}, 'records[0].record must be labels'),
    ({'records': [a('a..b', '192.0.2.1')]}, 'records[0].record must be labels'),
    ({'records': [a('x.*', '192.0.2.1')]}, 'records[0].record must be labels'),
    ({'records': [a('x' * 64, '192.0.2.1')]}, 'records[0].record must be labels'),
    ({'records': [a('x.' * 126, '192.0.2.1')]}, 'at most 250 characters'),
    ({'records': [a('w', '192.0.2.1', priority=5)]}, 'records[0].priority goes with type MX and SRV'),
    ({'records': [a('w', {'value': '192.0.2.1', 'priority': 5})]}, 'value[0].priority goes with type MX and SRV'),
    ({'records': [a('w', {'priority': 5})]}, 'must have a value'),
    ({'records': [a('w', {'value': '192.0.2.1', 'weight': 5})]}, 'and has value, weight'),
    ({'records': [a('w', '192.0.2.1', type='CAA')]}, 'records[0].type must be one of A, AAAA'),
    ({'records': [a('w', '192.0.2.1', type='AAAA')]}, 'is no IPv6 address'),
    ({'records': [a('w', '192.0.2.1', type='MX')]}, 'is an address, and a host name is wanted'),
    ({'records': [a('w', 'not a host', type='NS')]}, 'is no host name'),
    ({'records': [a('w', 'm', type='MX', priority=1000)]}, 'records[0].priority must be at most 999'),
    ({'records': [a('w', 'm', type='MX', priority=-1)]}, 'records[0].priority must be at least 0'),
    ({'records': [a('w', {'value': 'm', 'priority': 1000}, type='MX')]}, 'must be a number from 0 to 999'),
    ({'records': [a('w', {'value': 'm', 'priority': '5'}, type='MX')]}, 'must be a number from 0 to 999'),
    ({'records': [a('w', '10 5 5060 sip', type='SRV')]}, '"weight port target"'),
    ({'records': [a('w', '5 70000 sip', type='SRV')]}, '"weight port target"'),
    ({'records': [a('w', LONG, type='TXT')]}, 'has 410 characters, and Memset takes at most 250; a DKIM key of 2048'),
    ({'records': [a('w', 'caf\u00e9', type='TXT')]}, 'not printable ASCII'),
    ({'records': [a('w', 'a\nb', type='TXT')]}, 'not printable ASCII'),
    ({'records': [a('w', ' x', type='TXT')]}, 'spaces at its ends'),
    ({'records': [a('w', '192.0.2.1'), a('W', '192.0.2.1', ttl=300)]}, 'is there twice'),
    ({'records': [a('w', '2001:db8::1', '2001:DB8:0::1', type='AAAA')]}, 'is there twice'),
    ({'records': [a('w', 'x', 'y', type='CNAME')]}, 'more than one CNAME'),
    ({'records': [a('w', '192.0.2.1'), a('w', 'x', type='CNAME')]}, '\'w\' has a CNAME beside A'),
    ({'records': [a('', 'x', type='CNAME')]}, 'the domain itself cannot have a CNAME'),
    ({'name': 'z', 'wait_timeout': 0}, 'wait_timeout must be above 0'),
])
def test_bad_input_is_refused_before_any_request(cloud, options, told):
    if 'records' in options:
        options = dict(options, domain='example.com')
    cloud.refused(told, **options)


def test_hostile_values_of_the_api_stay_text(cloud):
    text = '{{ lookup("pipe", "id") }} <b>" \\ %s'
    cloud.new_zone(nickname=text, domains=['example.com'], records=[
        {'type': 'TXT', 'record': 'x', 'address': text}, {'type': 'A', 'record': 'odd', 'address': 'not one'}])
    found = cloud.unchanged(domain='example.com')['dns_zone']
    assert found['name'] == text
    assert [item['value'] for item in found['records']] == [['not one'], [text]]
    cloud.changed(domain='example.com', records=[a('odd', '192.0.2.1')], prune=True)


# -- the list, and both front ends ------------------------------------------------------------------------------------
def test_info(cloud):
    one = cloud.new_zone(nickname='one', domains=['one.example'], ttl=300, records=3)
    two = cloud.new_zone(nickname='two', domains=['two.example', 'more.example'])
    assert [zone['id'] for zone in cloud.listed()] == [one, two] and cloud.asked() == 1
    for options, found in [
            ({'id': two}, [two]), ({'id': '0' * 32}, []), ({'name': 'one'}, [one]), ({'domain': 'More.Example'}, [two]),
            ({'filters': {'domains': ['one.example']}}, [one]), ({'filters': {'ttl': ['300']}}, [one])]:
        assert [zone['id'] for zone in cloud.listed(**options)] == found, options
    assert cloud.info(id='x')['error']['kind'] == 'input'
    zone, = cloud.listed(name='one')
    assert zone == cloud.unchanged(name='one')['dns_zone']


def test_both_front_ends(cloud, tmp_path):
    tasks = [
        {'indie.cloud.dns_zone': {'domain': 'example.com', 'records': ZONE['records']}},
        {'indie.cloud.dns_zone': {'domain': 'example.com', 'records': ZONE['records']}},
        {'indie.cloud.dns_zone_info': {'domain': 'example.com'}},
        {'indie.cloud.dns_zone': {'domain': 'example.com', 'records': [{'record': 'x', 'type': 'A'}]}},
        {'indie.cloud.dns_zone': {'domain': 'example.com', 'memset': {'a': 1}}},
        {'indie.cloud.dns_zone': {'domain': 'example.com', 'state': 'absent', 'force': True}},
    ]
    for extra in ({}, {'environment': {'INDIE_TEST': '1'}}):
        played = play(tmp_path, [{**task, **extra} for task in tasks], cloud.sandbox.env)
        assert [result.get('changed') for result in played.results] == [True, False, False, False, False, True], \
            played.output
        assert played[2]['dns_zones'] == [played[1]['dns_zone']] and played[0]['dns_zone']['records'] == MADE
        assert 'missing required arguments: value' in played[3]['msg']
        assert 'Unsupported parameters' in played[4]['msg']
