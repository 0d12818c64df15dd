# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's addresses against the sandbox: they move, and no more."""

from __future__ import annotations

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP

MOVE, REBOOT = 'server.move_ips', 'server.reboot'


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    sandbox.seed('memset', servers=3, options={'names': ['webaa1', 'webaa2', 'webaa3'], 'extra_ips': 2, 'ipv6': True})
    return runs.Runs(sandbox, tmp_path / 'state', STATIC_IP, 'memset')


def of(cloud, server, primary=False):
    return [item['id'] for item in cloud.listed(filters={'server': [server], 'family': ['IPv4']})
            if item['provider_options']['primary'] is primary]


def test_an_address_moves_and_moves_back(cloud):
    address = of(cloud, 'webaa1')[0]
    raw = cloud.unchanged(address=address)['static_ip']['raw']
    assert raw['address'] == address and raw['reverse_map'] and 'server' not in raw
    cloud.unchanged(address=address, server='webaa1')
    moved = cloud.both(address=address, server='webaa2')
    assert moved['changed'] and cloud.writes() == [MOVE] and moved['static_ip']['server'] == 'webaa2'
    assert any('reboot' in note for note in moved['notes'])
    cloud.unchanged(address=address, server='webaa2')
    assert cloud.reads() == ['server.list']
    assert cloud.both(id=address, server='webaa1', reboot=True)['changed'] and cloud.writes() == [MOVE, REBOOT]
    cloud.unchanged(id=address, server='webaa1', reboot=True)


def test_several_move_together(cloud):
    first, second = of(cloud, 'webaa1'), of(cloud, 'webaa2')
    wanted = {'addresses': first + second[:1], 'server': 'webaa3', 'reboot': True}
    result = cloud.both(**wanted)
    # One move from each server, one reboot.
    assert cloud.writes() == [MOVE, MOVE, REBOOT] and result['static_ip']['server'] == 'webaa3'
    assert set(result['static_ip']['addresses']) == set(first + second[:1])
    cloud.unchanged(**wanted)
    assert cloud.both(**dict(wanted, addresses=[*first, *second]))['changed'] and cloud.writes() == [MOVE, REBOOT]
    assert of(cloud, 'webaa2') == [] and len(of(cloud, 'webaa3')) == 6


def test_what_cannot_be_is_refused_after_the_read(cloud):
    primary, = of(cloud, 'webaa1', primary=True)
    address = of(cloud, 'webaa1')[0]
    assert 'primary' in cloud.fails('precondition', address=primary, server='webaa2')['msg']
    cloud.unchanged(address=primary, server='webaa1')
    assert 'no server' in cloud.fails('precondition', address=address, server='nope')['msg']
    cloud.sandbox.seed('memset', servers=1, options={'name': 'farraa1', 'network_zone': 'reading'})
    assert 'network zone' in cloud.fails('precondition', address=address, server='farraa1')['msg']
    assert 'no server' in cloud.fails('not_found', address='8.8.8.8', server='webaa2')['msg']
    assert '8.8.8.8' in cloud.fails('not_found', addresses=[address, '8.8.8.8'], server='webaa2')['msg']
    assert cloud.writes() == []


def test_a_server_in_a_load_balancer_is_refused_by_memset(cloud):
    address = of(cloud, 'webaa1')[0]
    cloud.fault('error', MOVE, code=9)
    result = cloud.fails('precondition', address=address, server='webaa2')
    assert not result['changed'] and cloud.fine(address=address, server='webaa2')['changed']


def test_a_run_that_did_not_wait_is_gone_on_with(cloud):
    address = of(cloud, 'webaa1')[0]
    wanted = {'address': address, 'server': 'webaa2', 'reboot': True}
    assert cloud.fine(wait=False, **wanted)['job']['kind'] == 'job'
    done = cloud.fine(**wanted)
    assert done['changed'] and cloud.writes() == [REBOOT]
    cloud.unchanged(**wanted)


def test_a_move_that_an_earlier_run_began_is_told(cloud):
    address = of(cloud, 'webaa1')[0]
    wanted = {'address': address, 'server': 'webaa2'}
    cloud.sandbox.settings(job_seconds=3600)
    try:
        first = cloud.fine(wait=False, **wanted)
        again = cloud.fails('wait_timeout', wait_timeout=1, **wanted)
    finally:
        cloud.sandbox.settings(job_seconds=0.2)
    assert again['job']['id'] == first['job']['id'] == again['error']['job'] and cloud.writes() == []
    assert again['static_ip']['server'] == 'webaa1' and not again['changed']
    cloud.sandbox.advance(4000)
    cloud.unchanged(**wanted)
    # The other handle would have to be of the whole task.
    assert runs.ok(cloud.job(first['job']))['jobs'][0]['result']['server'] == 'webaa2'
    runs.failed(cloud.job(again['job']), 'input', 'run the task that returned it again')


def test_the_module_job_does_what_remains(cloud):
    address = of(cloud, 'webaa1')[0]
    wanted = {'address': address, 'server': 'webaa2', 'reboot': True}
    handle = cloud.fine(wait=False, **wanted)['job']
    done = cloud.job(handle)
    assert not done.get('failed') and cloud.writes() == [REBOOT]
    assert done['jobs'][0]['finished'] and done['jobs'][0]['result']['server'] == 'webaa2'
    cloud.unchanged(**wanted)

    several = {'addresses': of(cloud, 'webaa1') + [address], 'server': 'webaa3', 'reboot': True}
    handle = cloud.fine(wait=False, **several)['job']
    done = cloud.job(handle)
    assert not done.get('failed') and done['jobs'][0]['finished'], done
    assert done['jobs'][0]['result']['addresses'] == several['addresses']
    cloud.unchanged(**several)


@pytest.mark.parametrize('kind', ['drop_after', 'drop_before'])
def test_after_a_lost_answer_the_next_run_looks(cloud, kind):
    address = of(cloud, 'webaa1')[0]
    cloud.fault(kind, MOVE)
    wanted = {'address': address, 'server': 'webaa2', 'reboot': True}
    assert cloud.fails('outcome_unknown', **wanted)['changed'] and cloud.writes() == [MOVE]
    cloud.sandbox.advance(5)
    assert cloud.fine(**wanted)['changed']
    assert cloud.writes() == ([REBOOT] if kind == 'drop_after' else [MOVE, REBOOT])
    cloud.unchanged(**wanted)


def test_a_move_that_failed_is_told(cloud):
    address = of(cloud, 'webaa1')[0]
    cloud.fault('job_fails', MOVE)
    cloud.fails('job_failed', address=address, server='webaa2')
    assert cloud.fine(address=address, server='webaa2')['changed'] and cloud.writes() == [MOVE]


def test_a_reboot_that_failed_is_done_again(cloud):
    address = of(cloud, 'webaa1')[0]
    wanted = {'address': address, 'server': 'webaa2', 'reboot': True}
    cloud.fault('job_fails', REBOOT)
    cloud.fails('job_failed', **wanted)
    assert cloud.both(**wanted)['changed'] and cloud.writes() == [REBOOT]
    cloud.unchanged(**wanted)


@pytest.mark.parametrize('options, text', [
    ({}, 'is needed'), ({'address': '192.0.2.1', 'state': 'absent'}, 'only moves'),
    ({'count': 1, 'server': 'webaa1'}, 'for more'), ({'name': 'x', 'server': 'webaa1'}, 'has none'),
    ({'address': '10.1.1.1', 'server': 'webaa1'}, 'no public IPv4'),
    ({'address': '2001:db8::1', 'server': 'webaa1'}, 'no public IPv4'),
    ({'addresses': ['192.0.2.1', '192.168.1.1']}, 'no public IPv4'), ({'addresses': []}, 'must not be empty'),
    ({'addresses': ['192.0.2.1', 'x']}, 'no address'), ({'address': '192.0.2.1', 'server': ''}, 'must not be empty'),
    ({'address': '192.0.2.1', 'server': 'a b'}, 'server must match'),
    ({'address': '192.0.2.1', 'addresses': ['192.0.2.1']}, 'only one of'),
    ({'address': '192.0.2.1', 'ptr_record': 'x.example.com'}, 'dns_reverse'),
])
def test_bad_input_is_refused_before_any_request(cloud, options, text):
    cloud.refused(text, **options)
