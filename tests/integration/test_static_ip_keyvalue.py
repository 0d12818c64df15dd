# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Static addresses of CloudSigma and ElasticHosts against the sandbox."""

from __future__ import annotations

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP

CREATE, SET = 'POST /resources/ip/create', 'POST /resources/ip/{ip}/set'
DESTROY = {'cloudsigma': 'GET /resources/ip/{ip}/destroy', 'elastichosts': 'POST /resources/ip/{ip}/destroy'}
LIST = {'cloudsigma': 'GET /resources/ip/info', 'elastichosts': 'GET /resources/info'}
BOTH = ('cloudsigma', 'elastichosts')


def addresses(sandbox, folder, provider):
    sandbox.reset()
    return runs.Runs(sandbox, folder, STATIC_IP, provider)


@pytest.fixture(params=BOTH)
def cloud(sandbox, tmp_path, request):
    return addresses(sandbox, tmp_path / 'state', request.param)


@pytest.fixture
def elastichosts(sandbox, tmp_path):
    return addresses(sandbox, tmp_path / 'state', 'elastichosts')


def there(cloud):
    return sorted(item['id'] for item in cloud.listed())


def test_the_life_of_addresses(cloud):
    cloud.sandbox.seed(cloud.provider, vlans=1)
    made = cloud.both(count=2)
    assert made['changed'] and cloud.writes() == [CREATE, CREATE]
    both = made['static_ip']['addresses']
    assert made['static_ip']['count'] == 2 and sorted(both) == there(cloud)
    assert made['static_ip']['netmask'] and made['static_ip']['gateway'] and made['static_ip']['nameservers']
    cloud.unchanged(count=2)
    cloud.unchanged(count=1)
    assert cloud.reads() == [LIST[cloud.provider]]
    assert cloud.unchanged(address=both[0])['static_ip']['address'] == both[0]
    cloud.unchanged(id=both[0])

    gone = cloud.both(address=both[0], state='absent')
    assert gone['changed'] and gone['steps'][0]['destructive'] and cloud.writes() == [DESTROY[cloud.provider]]
    cloud.unchanged(address=both[0], state='absent')
    assert there(cloud) == both[1:]
    assert 'none can be chosen' in cloud.fails('not_found', address=both[0])['msg']
    assert cloud.both(count=2)['changed'] and cloud.writes() == [CREATE]


def test_a_list_whose_body_was_lost_is_not_taken_for_no_addresses(cloud):
    cloud.both(count=1)
    cloud.fault('empty', LIST[cloud.provider], times=0)
    for options in [{'count': 2}] + [{'name': 'mine'}] * (cloud.provider == 'elastichosts'):
        assert 'is not' in cloud.fails('malformed', **options)['msg'] and cloud.writes() == []


@pytest.mark.parametrize('key', ['nic:0:dhcp', 'vnc:ip'])
@pytest.mark.parametrize('status', ['active', 'stopped'])
def test_an_address_in_use_stays(cloud, status, key):
    address, = cloud.sandbox.seed(cloud.provider, ips=1)['ips']
    server, = cloud.seed('servers', name='web1', status=status, fields={key: address, 'nic:0:model': 'virtio'})
    for check in (True, False):
        told = cloud.fails('precondition', check, address=address, state='absent')['msg']
        assert server in told and address in told and cloud.writes() == []
    assert there(cloud) == [address]


def test_an_address_that_only_itself_tells_to_be_in_use_stays(cloud):
    """Its claim names a server that the list of servers lacks."""
    address, = cloud.seed('ips')
    server = '01000000-0000-4000-8000-00000000000a'
    cloud.fault('body', LIST[cloud.provider], content_type='text/plain', times=0, body=(
        'resource %s\ntype ip\nclaimed %s\n' % (address, server)))
    assert server in cloud.fails('precondition', address=address, state='absent')['msg'] and cloud.writes() == []


@pytest.mark.parametrize('kind, made', [('drop_after', 1), ('drop_before', 0)])
def test_a_lost_answer_buys_nothing_twice(cloud, kind, made):
    cloud.sandbox.seed(cloud.provider, ips=1)
    cloud.fault(kind, CREATE)
    result = cloud.run(count=2)
    assert bool(result['error']) == (not made) and result['changed'] and cloud.writes() == [CREATE]
    assert len(there(cloud)) == 1 + made
    cloud.fine(count=2)
    assert len(there(cloud)) == 2


def test_no_funds(cloud):
    cloud.sandbox.seed(cloud.provider, settings=1, options={'ip_limit': 0})
    result = cloud.run(count=1)
    # CloudSigma has no codes: only the words tell.
    assert result['error']['kind'] == {'cloudsigma': 'invalid', 'elastichosts': 'quota'}[cloud.provider]
    assert 'limit' in result['msg'] and there(cloud) == []


@pytest.mark.parametrize('options, text', [
    ({}, 'is needed'), ({'count': 0}, 'at least 1'), ({'count': 1, 'state': 'absent'}, 'only an address that is named'),
    ({'count': 1, 'server': 'x'}, 'networks[].address'), ({'address': 'x'}, 'no address'),
    ({'addresses': ['192.0.2.1']}, 'name one at a time'), ({'count': 1, 'family': 'IPv4'}, 'family cannot be used'),
    ({'address': '192.0.2.1', 'count': 1}, 'only one of'),
])
def test_bad_input_is_refused_before_any_request(cloud, options, text):
    cloud.refused(text, **options)


def test_cloudsigma_has_no_names(sandbox, tmp_path):
    addresses(sandbox, tmp_path, 'cloudsigma').refused('use address, or count', name='www')


def test_a_name_at_elastichosts(elastichosts):
    made = elastichosts.both(name='www')
    assert made['changed'] and elastichosts.writes() == [CREATE] and made['static_ip']['name'] == 'www'
    address = made['static_ip']['address']
    elastichosts.unchanged(name='www')
    assert elastichosts.both(address=address, name='web')['static_ip']['name'] == 'web'
    assert elastichosts.writes() == [SET]
    elastichosts.unchanged(address=address, name='web')
    assert [item['id'] for item in elastichosts.listed(name='web')] == [address]
    elastichosts.fault('drop_after', CREATE)
    assert elastichosts.fine(name='other')['changed'] and len(there(elastichosts)) == 2

    assert elastichosts.both(name='web', state='absent')['changed']
    elastichosts.unchanged(name='web', state='absent')
    elastichosts.refused('together', name='web', count=1)


def test_names_that_are_not_unique_are_errors_that_list_addresses(elastichosts):
    same = elastichosts.sandbox.seed('elastichosts', ips=2, options={'names': ['www', 'www']})['ips']
    result = elastichosts.fails('ambiguous', name='www', state='absent')
    assert all(address in result['msg'] for address in same) and len(there(elastichosts)) == 2


def test_hostile_names_are_text(elastichosts):
    name = '{{ lookup("pipe", "id") }} ☃ $(x)\'"'
    assert elastichosts.both(name=name)['static_ip']['name'] == name
    elastichosts.unchanged(name=name)
    for name in ('web\\new', 'R&amp;D', 'a\nb'):
        elastichosts.refused('name', name=name)


def test_an_address_whose_name_is_shown_with_entities_is_found(elastichosts):
    address, = elastichosts.seed('ips', names=['R&amp;D'])
    found = elastichosts.unchanged(name='R&D')['static_ip']
    assert (found['id'], found['name']) == (address, 'R&D')
