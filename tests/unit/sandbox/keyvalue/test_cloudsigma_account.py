# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources, groups, the account and subscriptions of the simulated CloudSigma 1.0."""

from __future__ import annotations

import pytest

from sandbox.engine import World
from sandbox.providers.cloudsigma import CloudSigma
from sandbox.providers.elastichosts import ElasticHosts

NOWHERE = '00000000-0000-4000-8000-000000000000'
START = {'start_time': '2026-01-31 12:00', 'months': 1}


@pytest.mark.parametrize('make', [CloudSigma, ElasticHosts])
def test_every_route_has_its_handler(make):
    provider = make(World())
    for operation, handler, _write, _either in make.ROUTES:
        target = provider
        for name in handler.split()[0].split('.'):
            target = getattr(target, name)
        assert callable(target), operation
    assert len(make.operations) == len(make.ROUTES)


def test_addresses(cloudsigma):
    made = cloudsigma.call('GET', '/resources/ip/create')
    assert made.status_code == 200 and 'type ip\n' in made.text and 'name' not in made.text.replace('nameserver', '')
    address = cloudsigma.one('/resources/ip/info')['resource']
    assert cloudsigma.lines('/resources/ip/list') == ['ip ' + address]
    path = '/resources/ip/%s' % address
    server = cloudsigma.seed('servers', 1, fields={'nic:0:dhcp': address})[0]
    assert cloudsigma.one(path + '/info')['claimed'] == server
    assert 'currently in use' in cloudsigma.call('GET', path + '/destroy').text
    other = cloudsigma.do('/resources/ip/create')['resource']
    cloudsigma.call('GET', '/servers/%s/stop' % server)
    assert cloudsigma.do('/servers/%s/set' % server, {'nic:0:dhcp': other})['nic:0:dhcp'] == other
    assert cloudsigma.call('GET', path + '/destroy').status_code == 204
    assert cloudsigma.call('GET', path + '/info').status_code == 400


def test_vlans(cloudsigma):
    vlan = cloudsigma.do('/resources/vlan/create', 'name My VLAN\n')
    assert (vlan['name'], vlan['type']) == ('My VLAN', 'vlan')
    path = '/resources/vlan/' + vlan['resource']
    assert cloudsigma.lines('/resources/vlan/list') == ['vlan ' + vlan['resource']]
    assert cloudsigma.do(path + '/set', {'name': 'b'})['name'] == 'b'
    assert cloudsigma.one(path + '/info') == {**vlan, 'name': 'b'}
    assert list(cloudsigma.do('/resources/vlan/create', {}, 400)) == ['errors:name']
    assert list(cloudsigma.do(path + '/set', {}, 400)) == ['errors:name']
    mac = {'nic:1:model': 'e1000', 'nic:1:vlan': vlan['resource'], 'nic:1:mac': '02:00:00:00:00:01'}
    server = cloudsigma.do('/servers/create', {'name': 'a', 'cpu': 1000, 'mem': 512, 'persistent': 'true', **mac})
    taken = cloudsigma.do('/servers/create', {'name': 'b', 'cpu': 1000, 'mem': 512, **mac}, 400)
    assert list(taken) == ['errors:nic:1:mac']
    cloudsigma.call('GET', '/servers/%s/stop' % server['server'])
    assert cloudsigma.do('/servers/%s/set' % server['server'], mac)['nic:1:mac'] == mac['nic:1:mac']
    assert cloudsigma.call('GET', path + '/destroy').status_code == 400
    cloudsigma.do('/servers/%s/set' % server['server'], {'nic:1:vlan': '', 'nic:1:model': '', 'nic:1:mac': ''})
    assert cloudsigma.call('GET', path + '/destroy').status_code == 204


def test_server_groups(cloudsigma):
    group = cloudsigma.do('/servergroups/create', {'name': 'Web Servers'})
    path = '/servergroups/' + group['uuid']
    uuids = cloudsigma.seed('servers', 3, status='stopped')
    added = cloudsigma.call('POST', path + '/add', {'server:%d' % n: uuid for n, uuid in enumerate(uuids)})
    assert added.text.splitlines() == uuids
    # Nobody can see who is in it.
    assert not set(uuids) & set(cloudsigma.call('GET', path + '/info').text.split())
    assert cloudsigma.call('POST', path + '/remove', {'server:0': uuids[0]}).text.splitlines() == uuids[1:]
    assert cloudsigma.lines(path + '/start') == uuids[1:]
    assert [server['status'] for server in cloudsigma.many('/servers/info')] == ['stopped', 'active', 'active']
    cloudsigma.do('/servers/%s/set' % uuids[1], {'persistent': 'false'})
    assert cloudsigma.lines(path + '/stop') == uuids[1:]
    assert [server['server'] for server in cloudsigma.many('/servers/info')] == [uuids[0], uuids[2]]
    assert cloudsigma.lines(path + '/start') == [uuids[2]]
    assert cloudsigma.do('/servergroupss/%s/set' % group['uuid'], {'name': 'b', 'description': 'c'})['name'] == 'b'
    assert cloudsigma.lines('/servergroups/list') == [group['uuid']]
    assert cloudsigma.do(path + '/add', {'server:0': NOWHERE}, 400)
    assert cloudsigma.do(path + '/destroy') == {}
    assert cloudsigma.call('GET', path + '/info').status_code == 400
    assert list(cloudsigma.do('/servergroups/create', {}, 400)) == ['errors:name']


def test_profile(cloudsigma):
    profile = cloudsigma.one('/profile/info')
    assert profile['email'] and profile['title'] == ''
    wrong = cloudsigma.do('/profile/set', 'first_name\nemail nobody\ncurrency USD\n', 400)
    assert {key for key in wrong if key.startswith('errors:')} == {'errors:first_name', 'errors:email',
                                                                   'errors:currency'}
    assert wrong['last_name'] == profile['last_name']
    assert cloudsigma.do('/profile/set', {'town': 'Zurich', 'uuid': NOWHERE})['town'] == 'Zurich'
    assert cloudsigma.one('/profile/info') == {**profile, 'town': 'Zurich'}


def test_use_and_money(cloudsigma):
    cloudsigma.seed('servers', 2, cpu=2000, mem=1024, drive_size='10G')
    usage = cloudsigma.one('/usage/info')
    assert (usage['cpu'], usage['mem'], usage['disk'], usage['cpu:burst']) == ('4000', '2048', '20', '4000')
    assert cloudsigma.lines('/currencies/list') == ['EUR', 'GBP', 'USD']
    assert {'cpu:sub', 'cpu:burst', 'ip', 'vlan', 'start'} <= set(cloudsigma.one('/pricing/info'))
    assert cloudsigma.one('/balance/info') == {'balance': '1220.87', 'currency': 'EUR'}
    assert len(cloudsigma.many('/transactions/list')) == 1


def test_subscriptions(cloudsigma):
    made = cloudsigma.call('POST', '/subscriptions/resources/create', {'cpu': 2000, 'disk': 100, **START})
    assert made.status_code == 200, made.text
    found = cloudsigma.many('/subscriptions/list')
    assert [(item['type'], item['quantity'], item['end_time']) for item in found] == [
        ('cpu', '2000', '2026-02-28 12:00'), ('disk', '100', '2026-02-28 12:00')]
    assert cloudsigma.one('/subscriptions/resources/info')['cpu'] == '2000'
    assert cloudsigma.one('/balance/info')['balance'] == '1140.87'
    path = '/subscriptions/%s/set' % found[0]['subscription']
    assert cloudsigma.do(path + '/calculate', {'months': 1}) == {'amount': '60.00', 'currency': 'EUR'}
    assert cloudsigma.do(path, {'months': 2})['end_time'] == '2026-04-28 12:00'
    assert 'errors:months' in cloudsigma.do(path, {}, 400)
    assert cloudsigma.do('/subscriptions/%s/set' % NOWHERE, {'months': 1}, 400)
    assert len(cloudsigma.many('/transactions/list')) == 3
    writes = {entry['operation']: entry['write'] for entry in cloudsigma.log()}
    assert writes['POST /subscriptions/{uuid}/set'] and not writes['POST /subscriptions/{uuid}/set/calculate']


def test_subscriptions_refused(cloudsigma):
    wrong = cloudsigma.do('/subscriptions/resources/create', {'cpu': 1000, 'mem': 1000, 'disk': 100, **START}, 400)
    assert wrong['cpu'] == '1000' and wrong['end_time'] == '2026-02-28 12:00'
    assert {key for key in wrong if key.startswith('errors:')} == {'errors:cpu', 'errors:mem'}
    assert 'errors:start_time' in cloudsigma.do('/subscriptions/network/ip/create', {'quantity': 1, 'months': 1}, 400)
    poor = cloudsigma.do('/subscriptions/network/vlan/create', {'quantity': 100, **START}, 200)
    assert list(poor) == ['errors:system'] and cloudsigma.many('/resources/vlan/info') == []


def test_subscriptions_of_networks_and_software(cloudsigma):
    for kind, amount in (('ip', '16.00'), ('vlan', '40.00')):
        path = '/subscriptions/network/%s/' % kind
        assert cloudsigma.do(path + 'calculate', {'quantity': 2, **START}) == {'amount': amount, 'currency': 'EUR'}
        made = cloudsigma.call('POST', path + 'create', {'quantity': 2, **START}).text
        resources = [item['resource'] for item in cloudsigma.many('/resources/%s/info' % kind)]
        assert len(resources) == 2 and all(resource in made for resource in resources)
    assert cloudsigma.one('/subscriptions/net/info') == {'ip': '2', 'vlan': '2'}
    software = {'msft_lwa_00135': 1, 'msft_p73_04837': 1, 'msft_tfa_00009': 1, **START}
    assert cloudsigma.do('/subscriptions/software/calculate', software)['amount'] == '45.00'
    assert cloudsigma.do('/subscriptions/software/create', {'msft_lwa_00135': 1, 'msft_tfa_00009': 0, **START}) == {
        'msft_lwa_00135': '1', 'msft_p73_04837': '0', 'msft_tfa_00009': '0', 'start_time': '2026-01-31 12:00',
        'end_time': '2026-02-28 12:00'}
