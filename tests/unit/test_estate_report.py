# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role estate tells, by what its tasks returned."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.filter import estate_report as module

WEB = {'provider': 'upcloud', 'name': 'web'}
DATA = {'provider': 'upcloud', 'name': 'Data'}
NEW = {'server': {'id': None}, 'steps': ['create'], 'diff': {'before': {}}}
THERE = {'server': {'id': '1'}, 'diff': {'before': {'state': 'running'}}}
FAILED = {'error': {'message': 'no such thing', 'kind': 'not_found'}}
MISTAKE = 'upcloud: %s: no such thing'


def report(estate, done=(), ahead=True):
    """The report of an estate; done has the results of each task, in the order of the entries."""
    return module.FilterModule().filters()['estate_report'](estate, {
        'estate_' + task: {'results': [dict(result, estate_index=index) for index, result in enumerate(results)]}
        for task, results in dict(done).items()}, ahead)


def test_an_estate_of_nothing_lacks_nothing():
    assert {name: value for name, value in report({}).items() if value} == {
        'later': {'drives': [], 'vlans': [], 'firewalls': [], 'static_ips': []}}


@pytest.mark.parametrize('result, ahead, wanted', [
    (NEW, True, ['web']), (NEW, False, []), (THERE, True, []), (FAILED, True, []), ({'skipped': True}, True, [])])
def test_a_server_to_come_is_one_that_check_mode_has_no_id_of(result, ahead, wanted):
    drive = dict(DATA, server='web')
    found = report({'servers': [WEB], 'drives': [DATA, drive]}, {'servers_made': [result]}, ahead)
    assert found['later']['drives'] == [[], wanted]


@pytest.mark.parametrize('provider, wanted', [('upcloud', ['WEB']), ('elastichosts', [])])
def test_upcloud_has_host_names_in_which_case_is_nothing(provider, wanted):
    estate = {'servers': [dict(WEB, provider=provider)],
              'drives': [{'provider': provider, 'name': 'data', 'server': 'WEB'}]}
    assert report(estate, {'servers_made': [NEW]})['later']['drives'] == [wanted]


@pytest.mark.parametrize('state, entry, told', [
    ('absent', {'count': 2}, True), ('present', {'count': 2}, False),
    ('present', {'count': 2, 'state': 'absent'}, True),
    ('absent', {'name': 'www'}, False), ('absent', {'address': '192.0.2.1'}, False),
    ('absent', {'count': 2, 'provider': 'memset'}, False)])
def test_addresses_without_a_name_are_not_released_in_silence(state, entry, told):
    found = report({'state': state, 'static_ips': [{'provider': 'upcloud', **entry}]})['left']
    assert found == ['upcloud: addresses that count asks for are not released; release each by its address'] * told


@pytest.mark.parametrize('network, wanted', [
    ({'provider': 'upcloud', 'name': 'back'}, []),
    ({'provider': 'upcloud', 'name': 'back', 'state': 'absent'}, ['back']),
    ({'provider': 'cloudsigma', 'name': 'back'}, ['back']),
    ({'provider': 'upcloud', 'name': 'other'}, ['back'])])
def test_a_network_is_to_be_had_at_the_provider_of_the_server(network, wanted):
    found = report({'servers': [dict(WEB, vlans=['back'])], 'vlans': [network]})['unknown_networks']
    assert found == ['upcloud: web: vlans names %s, which is no network of estate_vlans at upcloud' % name
                     for name in wanted]
    gone = [dict(WEB, vlans=['back'], state='absent')]
    assert report({'servers': gone, 'vlans': [network]})['unknown_networks'] == []


def test_at_memset_no_server_names_a_network():
    at_memset = {'provider': 'memset', 'name': 'back'}
    assert report({'servers': [dict(at_memset, vlans=['back'])], 'vlans': [at_memset]})['unknown_networks']


def test_a_server_is_put_into_the_networks_whose_ids_are_known():
    estate = {'servers': [dict(WEB, vlans=['back', 'front']), WEB],
              'vlans': [{'provider': 'upcloud', 'name': 'back'}, {'provider': 'upcloud', 'name': 'front'}]}
    found = report(estate, {'vlans_made': [{'vlan': {'id': '7'}}, {'vlan': {'id': None}}],
                            'servers_made': [NEW, THERE]})
    assert found['private_networks'] == [[{'type': 'private', 'network': '7'}], []]
    assert found['foreseen'] == ['upcloud: the server web is put into the network front']


@pytest.mark.parametrize('estate, done, wanted', [
    # A drive that is still to be made excuses what needs it, whatever the case of its name, but not at another cloud.
    ({'drives': [DATA], 'servers': [dict(WEB, drives=[{'name': 'data'}])]},
     {'drives_made': [{'steps': ['create']}], 'servers_made': [FAILED]}, []),
    ({'drives': [DATA], 'servers': [dict(WEB, image='DATA')]},
     {'drives_made': [{'steps': ['create']}], 'servers_made': [FAILED]}, []),
    ({'drives': [dict(DATA, provider='cloudsigma')], 'servers': [dict(WEB, image='data')]},
     {'drives_made': [{'steps': ['create']}], 'servers_made': [FAILED]}, [MISTAKE % 'web']),
    # One that is there as it should be excuses nothing.
    ({'drives': [DATA], 'servers': [dict(WEB, image='data')]},
     {'drives_made': [{'steps': []}], 'servers_made': [FAILED]}, [MISTAKE % 'web']),
    # What failed is told once, not again by what needs it; a copy comes after what it is a copy of.
    ({'drives': [DATA, dict(DATA, name='copy', clone_from='data')]}, {'drives_made': [FAILED, FAILED]},
     [MISTAKE % 'Data']),
    ({'drives': [dict(DATA, name='copy', clone_from='data'), DATA]}, {'drives_made': [FAILED, {'steps': ['create']}]},
     [MISTAKE % 'copy']),
    ({'servers': [WEB, dict(WEB, name='web2', clone_from='web')]}, {'servers_made': [NEW, FAILED]}, []),
    # A server to come excuses what its task does not leave it out of.
    ({'servers': [WEB], 'vlans': [{'provider': 'upcloud', 'name': 'back', 'servers': ['web']}]},
     {'servers_made': [NEW], 'vlans_joined': [FAILED]}, [MISTAKE % 'back']),
    ({'servers': [WEB], 'vlans': [{'provider': 'upcloud', 'name': 'back', 'remove_servers': ['web']}]},
     {'servers_made': [NEW], 'vlans_joined': [FAILED]}, []),
    ({'servers': [WEB], 'drives': [dict(DATA, server='web')]},
     {'servers_made': [NEW], 'drives_attached': [FAILED]}, [MISTAKE % 'Data']),
    ({'servers': [WEB], 'static_ips': [{'provider': 'upcloud', 'address': '192.0.2.1', 'server': 'web'}]},
     {'servers_made': [NEW], 'static_ips_made': [FAILED]}, []),
    ({'servers': [WEB], 'static_ips': [{'provider': 'upcloud', 'address': '192.0.2.1'}]},
     {'servers_made': [NEW], 'static_ips_made': [FAILED]}, [MISTAKE % '192.0.2.1']),
    ({'servers': [WEB], 'firewalls': [WEB]}, {'servers_made': [NEW], 'firewalls_made': [FAILED]}, []),
    # One that is there and is changed first, is no excuse once it is as it should be.
    ({'servers': [WEB], 'drives': [dict(DATA, server='web')]},
     {'servers_made': [dict(THERE, steps=['stop'])], 'drives_attached': [FAILED]}, []),
    ({'servers': [WEB], 'drives': [dict(DATA, server='web')]},
     {'servers_made': [THERE], 'drives_attached': [FAILED]}, [MISTAKE % 'Data']),
    ({'firewalls': [{'provider': 'memset', 'name': 'a'}, {'provider': 'memset', 'name': 'b', 'fallback_group': 'a'}]},
     {'firewalls_made': [{'steps': ['create']}, FAILED]}, []),
    ({'dns_reverse': [{'address': '192.0.2.1', 'name': 'web'}]}, {'dns_reverse_made': [FAILED]},
     ['memset: web: no such thing'])])
def test_a_mistake_is_what_nothing_before_it_makes_right(estate, done, wanted):
    assert report(estate, done)['mistakes'] == wanted


@pytest.mark.parametrize('server, result, stopped', [
    ({}, THERE, True), ({'allow_stop': True}, THERE, False), ({'state': 'stopped'}, THERE, False), ({}, NEW, False),
    ({}, {'diff': {'before': {'state': 'stopped'}}}, False), ({}, FAILED, False)])
def test_a_stop_for_a_network_to_come_must_be_allowed(server, result, stopped):
    estate = {'servers': [dict(WEB, vlans=['back'], **server)], 'vlans': [{'provider': 'upcloud', 'name': 'back'}]}
    text = 'upcloud: web: to be put into the network back it needs to be stopped; set allow_stop: true'
    found = report(estate, {'vlans_made': [{'vlan': {'id': None}}], 'servers_made': [result]})
    assert (text in found['mistakes']) == stopped
    known = report(estate, {'vlans_made': [{'vlan': {'id': '7'}}], 'servers_made': [result]})
    assert text not in known['mistakes']


@pytest.mark.parametrize('part, entry, wanted', [
    ('drives', dict(DATA, server='web'), 'the drive Data is attached to web'),
    ('vlans', {'provider': 'upcloud', 'name': 'back', 'servers': ['old', 'web']},
     'the server web is put into the network back'),
    ('firewalls', dict(WEB, rules=[{}, {}]), 'the server web is given its 2 firewall rules'),
    ('static_ips', {'provider': 'upcloud', 'server': 'web'}, 'an address is given to web'),
    ('static_ips', {'provider': 'upcloud', 'name': 'www', 'server': 'web'}, 'www is given to web'),
    ('static_ips', {'provider': 'upcloud', 'addresses': ['192.0.2.1', '192.0.2.2'], 'server': 'web'},
     '192.0.2.1, 192.0.2.2 is given to web')])
def test_what_waits_for_a_server_is_foreseen_in_check_mode_alone(part, entry, wanted):
    estate = {'servers': [WEB], part: [entry]}
    assert report(estate, {'servers_made': [NEW]})['foreseen'] == ['upcloud: ' + wanted]
    assert report(estate, {'servers_made': [NEW]}, ahead=False)['foreseen'] == []
    assert report(estate, {'servers_made': [THERE]})['foreseen'] == []
    elsewhere = dict(estate, servers=[dict(WEB, provider='cloudsigma')])
    assert report(elsewhere, {'servers_made': [NEW]})['foreseen'] == []


def test_rules_wait_for_a_server_of_memset_to_come():
    at_memset = {'provider': 'memset', 'name': 'web'}
    estate = {'servers': [at_memset], 'firewalls': [dict(at_memset, name='rules', servers=['web'])]}
    assert report(estate, {'servers_made': [NEW]})['foreseen'] == [
        'memset: the server web is given the firewall rules rules']


@pytest.mark.parametrize('done, ahead, wanted', [
    ({'servers_gone': [dict(THERE, steps=['delete'])]}, True, ['upcloud']),
    ({'servers_gone': [dict(THERE, steps=['delete'])]}, False, []),
    ({'servers_gone': [dict(THERE, steps=[])]}, True, []),
    ({'servers_made': [dict(THERE, steps=['modify'])]}, True, ['upcloud']),
    ({'servers_made': [NEW]}, True, []),
    ({'firewalls_made': [{'steps': ['create'], 'diff': {'before': {}}}]}, True, ['upcloud'])])
def test_what_servers_use_may_be_free_by_the_time_it_is_deleted(done, ahead, wanted):
    assert report({'servers': [WEB], 'firewalls': [WEB]}, done, ahead)['letting_go'] == wanted


def test_what_is_held_says_by_what():
    found = report({'drives': [DATA, DATA]}, {'drives_gone': [FAILED, {'changed': True}]})['held']
    assert found == ['upcloud: Data is deleted when no server uses it any more. For now no such thing']
