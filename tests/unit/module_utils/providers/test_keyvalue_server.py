# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers of CloudSigma and ElasticHosts: from the wire and to it. Pure: nothing is sent."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.module_utils import keyvalue
from ansible_collections.indie.cloud.plugins.module_utils.errors import BadInput, Precondition
from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue import server_wire as wire
from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue import waits
from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue.server import zone_of
from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue.server_drives import busy, gib
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

ONE, TWO, THREE = ('%d0000000-0000-4000-8000-000000000000' % number for number in (1, 2, 3))
RUNNING = '''status active
name dbserver
tx 0
nic:1:model e1000
mem 4096
rx 0
boot ide:0:0
vnc:password KD9R3jcF
persistent true
ide:0:1 {two}
ide:0:0 {one}
ide:0:0:read:bytes 4096
nic:1:vlan {three}
cpu 4000
user {three}
nic:0:model e1000
nic:1:mac 66:C8:FD:23:A7:A2
vnc:ip 198.51.100.72
smp 4
server {one}
nic:0:dhcp 198.51.100.72
'''.format(one=ONE, two=TWO, three=THREE)
NEWER = '''cpu 2000
mem 512
name web
nic:0:dhcp auto
nic:0:dhcp:ip 198.51.100.7
nic:0:firewall:accept tcp/22 tcp/80
nic:0:firewall:policy reject
nic:0:model virtio
server {one}
smp:cores 2
started 1700000000
status active
tags b a
user:role the database
vnc auto
vnc:ip 198.51.100.8
'''.format(one=ONE)


def crossing(provider):
    return SERVER.crossing(provider)


def project(provider, text):
    raw, = keyvalue.decode(text)
    return crossing(provider).project(raw)


# -- from the wire ----------------------------------------------------------------------------------------------------
def test_a_server_as_the_older_generation_shows_it():
    state = project('cloudsigma', RUNNING)
    assert {key: state[key] for key in ('id', 'name', 'state', 'provider_state', 'cpu_cores', 'cpu_mhz', 'memory_mb',
                                        'public_ipv4', 'public_ipv6', 'persistent', 'vnc_address', 'vnc_tls')} == {
        'id': ONE, 'name': 'dbserver', 'state': 'running', 'provider_state': 'active', 'cpu_cores': 4,
        'cpu_mhz': 4000, 'memory_mb': 4096, 'public_ipv4': ['198.51.100.72'], 'public_ipv6': [], 'persistent': True,
        'vnc_address': '198.51.100.72', 'vnc_tls': False}
    assert state['drives'] == [{'id': ONE, 'device': 'ide:0:0', 'media': 'disk', 'boot': True},
                               {'id': TWO, 'device': 'ide:0:1', 'media': 'disk', 'boot': False}]
    assert state['networks'] == [
        {'index': 0, 'type': 'public', 'network': None, 'address': '198.51.100.72', 'mac': None, 'model': 'e1000'},
        {'index': 1, 'type': 'private', 'network': THREE, 'address': None, 'mac': '66:c8:fd:23:a7:a2',
         'model': 'e1000'}]


def test_a_server_as_the_newer_generation_shows_it():
    state = project('elastichosts', NEWER)
    assert state['cpu_cores'] == 2 and state['public_ipv4'] == ['198.51.100.7'] and state['persistent'] is False
    assert state['networks'][0]['address'] == '198.51.100.7' and state['vnc_address'] == '198.51.100.8'
    assert state['tags'] == ['a', 'b'] and state['labels'] == {'role': 'the database'}
    assert state['provider_options'] == {'boot': [], 'parent': None, 'firewall': {
        'policy': 'reject', 'accept': ['tcp/22', 'tcp/80'], 'reject': []}}


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_an_odd_server_is_projected_all_the_same(provider):
    state = crossing(provider).project({'server': ONE, 'cpu': 'x', 'smp': 'auto', 'nic:0:dhcp': 'auto', 'status': '?'})
    assert state['state'] == 'unknown' and state['cpu_mhz'] is None and state['cpu_cores'] is None
    assert state['public_ipv4'] == [] and state['networks'][0]['address'] == 'auto' and state['name'] is None


@pytest.mark.parametrize('word, state', [('active', 'running'), ('stopped', 'stopped'), ('dumped', 'stopped'),
                                         ('dead', 'error'), ('paused', 'unknown'), ('imaging 5%', 'unknown')])
def test_the_table_of_states(word, state):
    assert project('cloudsigma', 'server %s\nstatus %s\n' % (ONE, word))['state'] == state


def test_every_output_that_the_list_fills_is_named():
    for provider, text in (('cloudsigma', RUNNING), ('elastichosts', NEWER)):
        made = crossing(provider)
        filled = {key for key, value in made.project(keyvalue.decode(text)[0]).items() if value is not None}
        # Of the zone the endpoint tells.
        assert filled | {'raw', 'provider_options'} == set(made.in_list) - {'zone'}


# -- what is wanted, spelt out ----------------------------------------------------------------------------------------
def drive(ident, device, media='disk'):
    return {'id': ident, 'device': device, 'media': media}


def want(ident, device=None, media=None):
    return {'id': ident, 'device': device, 'media': media}


HAS = [drive(ONE, 'ide:0:0'), drive(TWO, 'block:1', 'cdrom')]


@pytest.mark.parametrize('wanted, more, target', [
    ([want(ONE)], {}, HAS),
    ([want(THREE)], {}, [*HAS, drive(THREE, 'ide:0:1')]),
    ([want(THREE, 'block:0')], {}, [*HAS, drive(THREE, 'block:0')]),
    ([want(TWO, 'ide:1:0')], {}, [HAS[0], drive(TWO, 'ide:1:0', 'cdrom')]),
    ([want(TWO, media='disk')], {}, [HAS[0], drive(TWO, 'block:1')]),
    ([want(ONE, 'block:1'), want(TWO, 'ide:0:0')], {}, [drive(ONE, 'block:1'), drive(TWO, 'ide:0:0', 'cdrom')]),
    ([want(THREE, 'ide:0:0')], {'detached': [ONE]}, [drive(THREE, 'ide:0:0'), HAS[1]]),
    ([], {'detached': ['block:1']}, [HAS[0]]),
    ([want(THREE)], {'reserved': ['ide:0:1']}, [*HAS, drive(THREE, 'ide:1:0')]),
])
def test_where_drives_go(wanted, more, target):
    assert wire.layout(wanted, HAS, **more) == sorted(target, key=lambda each: each['device'])


def test_a_drive_is_never_pushed_off_its_device():
    with pytest.raises(Precondition, match='ide:0:0 is taken by drive %s' % ONE):
        wire.layout([want(THREE, 'ide:0:0')], HAS)
    with pytest.raises(Precondition, match='no device is left'):
        wire.layout([want(THREE)], [], reserved=wire.PLACES)


@pytest.mark.parametrize('target, keys', [
    (HAS, {}),
    ([HAS[0]], {'block:1': ''}),
    ([HAS[0], drive(TWO, 'block:1')], {'block:1:media': 'disk'}),
    ([HAS[0], drive(THREE, 'block:1')], {'block:1': THREE, 'block:1:media': 'disk'}),
    ([*HAS, drive(THREE, 'ide:1:0', 'cdrom')], {'ide:1:0': THREE, 'ide:1:0:media': 'cdrom'}),
    ([drive(ONE, 'ide:1:1'), HAS[1]], {'ide:0:0': '', 'ide:1:1': ONE}),
])
def test_keys_of_drives(target, keys):
    assert wire.drive_keys(target, HAS) == keys


PUBLIC = {'index': 0, 'type': 'public', 'network': None, 'address': '198.51.100.7', 'mac': None, 'model': 'virtio'}
PRIVATE = {'index': 1, 'type': 'private', 'network': ONE, 'address': None, 'mac': '02:00:00:00:00:01',
           'model': 'e1000'}


@pytest.mark.parametrize('wanted, target', [
    ([{}], [PUBLIC, PRIVATE]),
    ([{'address': 'auto'}, {'network': ONE}], [PUBLIC, PRIVATE]),
    ([{'network': ONE, 'type': 'private'}], [PUBLIC, PRIVATE]),
    ([{'address': ''}], [dict(PUBLIC, address=None), PRIVATE]),
    ([{'address': '198.51.100.9', 'model': 'e1000'}],
     [dict(PUBLIC, address='198.51.100.9', model='e1000'), PRIVATE]),
    ([{'network': TWO}], [PUBLIC, PRIVATE, dict(PRIVATE, network=TWO, index=2, mac=None)]),
    ([{'network': TWO, 'index': 1}], [PUBLIC, dict(PRIVATE, network=TWO)]),
    ([{'network': TWO, 'index': 3, 'mac': '02:AA:00:00:00:00'}],
     [PUBLIC, PRIVATE, dict(PRIVATE, network=TWO, index=3, mac='02:aa:00:00:00:00')]),
    ([{'network': TWO, 'index': 0}], [dict(PUBLIC, type='private', network=TWO, address=None), PRIVATE]),
    ([], [PUBLIC, PRIVATE]),
])
def test_what_was_not_said_of_an_interface_stays(wanted, target):
    assert wire.nics(wanted, [PUBLIC, PRIVATE]) == target


def test_an_interface_goes_when_that_is_asked_for():
    assert wire.nics([], [PUBLIC, PRIVATE], removed=[0, 3]) == [PRIVATE]
    assert wire.nics([{}], [PUBLIC, PRIVATE], removed=[1]) == [PUBLIC]


def test_a_new_interface_takes_defaults():
    assert wire.nics([{}, {'network': ONE}, {'network': TWO}], []) == [
        dict(PUBLIC, address='auto', model='e1000'), dict(PRIVATE, mac=None),
        dict(PRIVATE, mac=None, index=2, network=TWO)]


@pytest.mark.parametrize('wanted', [[{}, {}], [{'network': ONE}] * 4, [{'index': 0}, {}]])
def test_there_are_four_interfaces(wanted):
    with pytest.raises(BadInput, match='no interface left'):
        wire.nics(wanted, [])


def test_keys_of_interfaces():
    raw, = keyvalue.decode(RUNNING)
    now = wire.nics_of(raw)
    assert wire.nic_keys(now, raw) == {}
    assert wire.nic_keys([now[0]], raw) == {'nic:1:model': '', 'nic:1:vlan': '', 'nic:1:mac': ''}
    assert wire.nic_keys([dict(now[0], address=None), now[1]], raw) == {'nic:0:dhcp': ''}
    assert wire.nic_keys(wire.nics([{}, {'network': ONE}], []), {}) == {
        'nic:0:model': 'e1000', 'nic:0:dhcp': 'auto', 'nic:1:model': 'e1000', 'nic:1:vlan': ONE}


def test_what_is_sent_shows_afterwards():
    raw = {'name': 'a', 'ide:0:0': ONE, 'ide:0:0:media': 'cdrom', 'smp:cores': '2', 'started': '5', 'status': 'active',
           'nic:0:dhcp': 'auto', 'nic:0:dhcp:ip': '198.51.100.7', 'ide:0:0:read:bytes': '1', 'tx:packets': '1'}
    assert wire.applied(raw, {'ide:0:0': '', 'persistent': True, 'name': 'b'})['persistent'] == 'true'
    assert 'ide:0:0:media' not in wire.applied(raw, {'ide:0:0': ''})
    assert wire.after_power(raw, 'stopped') == {
        'name': 'a', 'ide:0:0': ONE, 'ide:0:0:media': 'cdrom', 'status': 'stopped', 'nic:0:dhcp': 'auto'}


@pytest.mark.parametrize('fields, filling', [
    ({'status': 'active'}, False), ({'status': 'active', 'imaging': '45%'}, True),
    ({'status': 'active', 'imaging': 'queued'}, True), ({'status': 'active', 'imaging': 'false'}, False),
    ({'status': 'copying'}, True), ({'status': 'active', 'claimed': 'h:imaging:x'}, True)])
def test_a_drive_that_something_fills(fields, filling):
    assert busy(fields) is filling


@pytest.mark.parametrize('claimed, used, seen', [
    ('', [], ''), (None, [], None), ('%s:guest:%s:ide:0:0' % (ONE, TWO), [TWO], None), (TWO.upper(), [TWO], None),
    ('%s:imaging:%s' % (ONE, TWO), [], '%s:imaging:%s' % (ONE, TWO)),
    ('%s:guest:%s:ide:0:0 %s:imaging:%s' % (ONE, TWO, ONE, THREE), [TWO],
     '%s:guest:%s:ide:0:0 %s:imaging:%s' % (ONE, TWO, ONE, THREE))])
def test_a_drive_that_servers_alone_claim_has_been_filled(claimed, used, seen):
    drive = {'drive': ONE, 'status': 'active', 'claimed': claimed}
    assert waits.users_of(drive) == used and (waits.looked_at(drive).get('claimed') or None) == (seen or None)
    assert waits.drive_wait(ONE).verdict(waits.looked_at(drive)) is (None if seen else True)
    assert waits.filling(drive) is bool(seen)


@pytest.mark.parametrize('raw, chosen', [
    ({'status': 'stopped', 'smp': 'auto'}, True), ({'status': 'stopped'}, True),
    ({'status': 'stopped', 'smp': '2'}, False),
    ({'status': 'active', 'smp': 'auto', 'smp:cores': '1'}, True), ({'status': 'active', 'smp:cores': '1'}, True),
    ({'status': 'active', 'smp': '1'}, None), ({'status': 'active', 'smp': '1', 'smp:cores': '1'}, None)])
def test_who_chose_the_number_of_processors(raw, chosen):
    assert wire.chosen_cores(raw) is chosen


def test_sizes_are_whole_where_they_are():
    assert gib(3 * 1024 ** 3) == 3 and isinstance(gib(3 * 1024 ** 3), int) and gib(512 * 1024 ** 2) == 0.5


@pytest.mark.parametrize('url, zone', [
    ('https://api.zrh.cloudsigma.com', 'zrh'), ('https://api-lon-p.elastichosts.com', 'lon-p'),
    ('https://api.sat-p.elastichosts.com', 'sat-p'), ('http://127.0.0.1:8803', None),
    ('https://api.cloudsigma.com', None), ('https://api-east1.openhosting.com', None)])
def test_the_endpoint_tells_the_zone(url, zone):
    assert zone_of(url) == zone
