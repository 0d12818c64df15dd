# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers and drives of the simulated CloudSigma 1.0."""

from __future__ import annotations

import time

import pytest
import requests

GIB = 1024 ** 3
DEBIAN = '5160a8e0-4f3a-4b6e-8c1d-5a4d80d00001'
NOWHERE = '00000000-0000-4000-8000-000000000000'


def make_drive(api, **fields):
    return api.do('/drives/create', {'name': 'data', 'size': GIB, **fields})


def make_server(api, **fields):
    return api.do('/servers/create', {'name': 'web', 'cpu': 2000, 'mem': 1024, 'persistent': 'true', **fields})


def test_authentication_and_commands(cloudsigma):
    answer = requests.get(cloudsigma.url + '/servers/info', timeout=10)
    assert (answer.status_code, answer.text) == (401, 'Unauthorized\n')
    assert 'Basic' in answer.headers['WWW-Authenticate']
    assert requests.get(cloudsigma.url + '/servers/info', auth=('a', 'b'), timeout=10).status_code == 401
    assert cloudsigma.call('GET', '/nothing').status_code == 404
    assert cloudsigma.call('GET', '/servers/create').status_code == 405
    assert cloudsigma.call('PUT', '/servers/info').status_code == 405
    assert [entry['operation'] for entry in cloudsigma.log()] == ['GET /servers/info'] * 2 + [
        None, 'POST /servers/create', 'GET /servers/info']
    assert not any(entry['write'] for entry in cloudsigma.log())


def test_headers_do_not_matter(cloudsigma):
    answer = cloudsigma.call('POST', '/drives/create', 'name a\nsize 4194304',
                             headers={'Content-Type': 'application/json', 'Accept': 'application/json'})
    assert answer.status_code == 200
    assert answer.headers['Content-Type'].startswith('text/plain')
    assert 'name a\n' in answer.text


def test_drive_life(cloudsigma):
    drive = make_drive(cloudsigma, size='10000000', driveType='ssd', tags='affinity:ssd a')
    assert drive['size'] == str(12 * 1024 * 1024)
    assert (drive['name'], drive['status'], drive['tags']) == ('data', 'active', 'affinity:ssd a')
    assert 'type' not in drive and 'driveType' not in drive
    path = '/drives/' + drive['drive']
    assert cloudsigma.one(path + '/info')['type'] == 'disk'
    assert cloudsigma.lines('/drives/list') == [drive['drive']]
    assert cloudsigma.do(path + '/set', {'name': 'more', 'size': '1G'})['size'] == str(GIB)
    assert 'tags' not in cloudsigma.do(path + '/set', {'tags': ''})
    assert 'errors:size' in cloudsigma.do(path + '/set', {'size': 4096}, 400)
    assert 'errors:claim:type' in cloudsigma.do(path + '/set', {'claim:type': 'mine'}, 400)
    assert cloudsigma.call('GET', path + '/destroy').status_code == 204
    gone = cloudsigma.call('GET', path + '/info')
    assert gone.status_code == 400
    assert gone.text == 'errors:system Drive %s could not be found. Please re-validate your entry.\n' % drive['drive']


def test_drive_needs_name_and_size(cloudsigma):
    answer = cloudsigma.do('/drives/create', {}, 400)
    assert answer == {'errors:name': 'This field is required.', 'errors:size': 'This field is required.'}
    assert 'errors:size' in cloudsigma.do('/drives/create', {'name': 'a', 'size': 'big'}, 400)


def test_newline_in_a_value(cloudsigma):
    notes = {drive['drive']: drive for drive in cloudsigma.many('/drives/standard/info')}[DEBIAN]['install_notes']
    assert '\\n' in notes


def test_clone_takes_time(cloudsigma):
    cloudsigma.slowly()
    clone = cloudsigma.do('/drives/%s/clone' % DEBIAN, {'name': 'root', 'size': '5G', 'tags': 'x'})
    assert clone['drive'] != DEBIAN and clone['tags'] == 'x' and clone['size'] == str(5 * GIB)
    assert clone['imaging'] == '0%' and clone['status'] == 'copying' and ':imaging:' in clone['claimed']
    cloudsigma.advance(50)
    path = '/drives/' + clone['drive']
    assert 50 <= int(cloudsigma.one(path + '/info')['imaging'][:-1]) < 60
    assert 'claimed' in cloudsigma.one('/drives/standard/img/%s/info' % DEBIAN)
    assert 'currently in use' in cloudsigma.do(path + '/destroy', status=400)['errors:system']
    assert cloudsigma.call('POST', '/servers/create', {'name': 'a', 'cpu': 1000, 'mem': 512, 'ide:0:0': clone['drive']}
                           ).status_code == 409
    cloudsigma.advance(60)
    done = cloudsigma.one(path + '/info')
    assert done['status'] == 'active' and 'imaging' not in done and 'claimed' not in done
    assert 'claimed' not in cloudsigma.one('/drives/standard/img/%s/info' % DEBIAN)


def test_clone_refused(cloudsigma):
    assert 'errors:size' in cloudsigma.do('/drives/%s/clone' % DEBIAN, {'name': 'a', 'size': '1G'}, 400)
    assert 'errors:name' in cloudsigma.do('/drives/%s/clone' % DEBIAN, {'size': '9G'}, 400)
    assert 'could not be found' in cloudsigma.do('/drives/%s/clone' % NOWHERE, {'name': 'a'}, 400)['errors:system']


@pytest.mark.parametrize('kind, status, imaging', [('job_fails', 'inactive', False), ('job_hangs', 'copying', True)])
def test_clone_that_does_not_end_well(cloudsigma, kind, status, imaging):
    cloudsigma.fault(operation='POST /drives/{uuid}/clone', kind=kind)
    clone = cloudsigma.do('/drives/%s/clone' % DEBIAN, {'name': 'root'})
    cloudsigma.advance(3600)
    found = cloudsigma.one('/drives/%s/info' % clone['drive'])
    assert (found['status'], 'imaging' in found) == (status, imaging)


def test_server_life(cloudsigma):
    drive = make_drive(cloudsigma)['drive']
    server = make_server(cloudsigma, **{'ide:0:0': drive, 'boot': 'ide:0:0', 'nic:0:model': 'e1000', 'smp': 'auto',
                                        'nic:0:dhcp': 'auto', 'vnc:ip': 'auto', 'vnc:password': 'secret12'})
    path = '/servers/' + server['server']
    assert (server['status'], server['smp'], server['rx']) == ('active', '1', '0')
    first = server['nic:0:dhcp']
    assert first.count('.') == 3 and server['vnc:ip'] == first
    assert cloudsigma.one('/drives/%s/info' % drive)['claimed'].endswith(':guest:%s:ide:0:0' % server['server'])
    assert 'currently in use' in cloudsigma.do('/drives/%s/destroy' % drive, status=400)['errors:system']
    # A start of what runs is no error, and a running server isn't destroyed.
    again = cloudsigma.call('GET', path + '/start')
    assert again.status_code == 200 and 'server ' in again.text
    assert cloudsigma.call('GET', path + '/destroy').status_code == 409
    assert cloudsigma.call('GET', path + '/stop').status_code == 204
    stopped = cloudsigma.one(path + '/info')
    assert (stopped['status'], stopped['nic:0:dhcp'], stopped['vnc:ip']) == ('stopped', 'auto', 'auto')
    assert 'started' not in stopped and 'claimed' not in cloudsigma.one('/drives/%s/info' % drive)
    assert cloudsigma.do(path + '/start')['nic:0:dhcp'] != first
    assert cloudsigma.call('POST', path + '/stop').status_code == 204
    assert cloudsigma.call('POST', path + '/destroy').status_code == 204
    assert cloudsigma.call('GET', path + '/info').status_code == 400
    assert cloudsigma.lines('/drives/list') == [drive]
    names = {entry['operation'] for entry in cloudsigma.log()
             if entry['path'].endswith(('/start', '/stop', '/destroy'))}
    assert names == {'GET /servers/{uuid}/start', 'GET /servers/{uuid}/stop', 'GET /servers/{uuid}/destroy',
                     'POST /drives/{uuid}/destroy'}
    assert all(entry['write'] for entry in cloudsigma.log() if entry['path'].endswith('/stop'))


@pytest.mark.parametrize('how', ['stop', 'shutdown'])
def test_a_server_that_is_not_persistent_ends_with_its_stop(cloudsigma, how):
    server = make_server(cloudsigma, persistent='false')
    assert cloudsigma.call('GET', '/servers/%s/%s' % (server['server'], how)).status_code == 204
    cloudsigma.advance()
    assert 'could not be found' in cloudsigma.call('GET', '/servers/%s/info' % server['server']).text
    assert cloudsigma.many('/servers/info') == []


def test_power_after_create(cloudsigma):
    assert make_server(cloudsigma)['status'] == 'active'
    assert make_server(cloudsigma, status='stopped')['status'] == 'stopped'
    cloudsigma.settings(start_on_create=False)
    server = make_server(cloudsigma)
    assert server['status'] == 'stopped'
    assert cloudsigma.do('/servers/%s/start' % server['server'])['status'] == 'active'


def test_start_that_answers_nothing(cloudsigma):
    cloudsigma.settings(start_reply='empty')
    server = cloudsigma.seed('servers', 1, status='stopped')[0]
    assert cloudsigma.call('GET', '/servers/%s/start' % server).status_code == 204


def test_set(cloudsigma):
    server = make_server(cloudsigma)
    path = '/servers/%s/set' % server['server']
    assert cloudsigma.do(path, {'name': 'other', 'persistent': 'true', 'mem': 1024})['name'] == 'other'
    refused = cloudsigma.do(path, {'mem': 2048}, 400)
    assert list(refused) == ['errors:mem'] and 'currently in use' in refused['errors:mem']
    assert 'use' not in cloudsigma.do(path, {'use': 'general'})
    cloudsigma.call('POST', '/servers/%s/stop' % server['server'])
    drive = make_drive(cloudsigma)['drive']
    assert cloudsigma.do(path, {'mem': 2048, 'block:0': drive, 'nic:0:dhcp': 'auto'})['block:0'] == drive
    assert cloudsigma.do(path, {'block:0': '', 'nic:0:dhcp': ''}).get('block:0') is None
    assert cloudsigma.one('/servers/%s/info' % server['server'])['mem'] == '2048'


@pytest.mark.parametrize('field, value', [
    ('cpu', 'fast'), ('cpu', '1'), ('mem', '99999999'), ('smp', '0'), ('persistent', 'yes'), ('nic:0:model', 'ne2000'),
    ('nic:0:mac', '02:00:00:00:00:01'), ('nic:2:dhcp', 'auto'), ('nic:0:vlan', ''),
    ('nic:0:dhcp', 'dhcp'), ('nic:1:mac', 'aa:bb'), ('ide:0:0:media', 'tape'), ('boot', 'ide:0:1'), ('vnc:tls', 'yes'),
    ('smp', '3'), ('name', '')])
def test_wrong_values(cloudsigma, field, value):
    fields = {'name': 'web', 'cpu': 2000, 'mem': 1024, field: value}
    answer = cloudsigma.do('/servers/create', fields, 400)
    assert list(answer) == ['errors:' + field]
    assert cloudsigma.many('/servers/info') == []


@pytest.mark.parametrize('fields', [{'ide:0:0': NOWHERE}, {'nic:1:vlan': NOWHERE}, {'nic:0:dhcp': '198.18.200.1'}])
def test_references_to_nothing(cloudsigma, fields):
    answer = cloudsigma.do('/servers/create', {'name': 'web', 'cpu': 2000, 'mem': 1024, **fields}, 400)
    assert 'could not be found' in answer['errors:system']


def test_a_drive_serves_one_server(cloudsigma):
    drive = make_drive(cloudsigma)['drive']
    make_server(cloudsigma, **{'ide:0:0': drive})
    taken = cloudsigma.call('POST', '/servers/create', {'name': 'b', 'cpu': 1000, 'mem': 512, 'ide:0:0': drive})
    assert (taken.status_code, taken.text) == (409, 'Conflict\n')
    assert len(cloudsigma.many('/servers/info')) == 1
    shared = make_drive(cloudsigma, **{'claim:type': 'shared'})['drive']
    make_server(cloudsigma, **{'ide:0:0': shared})
    make_server(cloudsigma, **{'ide:0:0': shared})
    assert cloudsigma.one('/drives/%s/info' % shared)['claimed'].count(':guest:') == 2


def test_standard_drives_are_copied_not_used(cloudsigma):
    assert 'errors:ide:0:0' in cloudsigma.do('/servers/create', {'name': 'a', 'cpu': 1000, 'mem': 512,
                                                                 'ide:0:0': DEBIAN}, 400)
    cds, images = cloudsigma.lines('/drives/standard/cd/list'), cloudsigma.lines('/drives/standard/img/list')
    assert sorted(cds + images) == sorted(cloudsigma.lines('/drives/standard/list'))
    assert make_server(cloudsigma, **{'ide:0:0': cds[0], 'ide:0:0:media': 'cdrom'})['ide:0:0'] == cds[0]


def test_clone_of_a_server_shares_its_drive(cloudsigma):
    drive = make_drive(cloudsigma)['drive']
    server = make_server(cloudsigma, **{'ide:0:0': drive, 'nic:0:model': 'e1000', 'nic:0:dhcp': 'auto'})
    clone = cloudsigma.do('/servers/%s/clone' % server['server'], {'name': 'copy'})
    assert clone['server'] != server['server'] and clone['name'] == 'copy'
    assert (clone['status'], clone['ide:0:0']) == ('active', drive)
    assert clone['nic:0:dhcp'] != server['nic:0:dhcp']
    assert cloudsigma.one('/drives/%s/info' % drive)['claimed'].count(':guest:') == 2


def test_shutdown(cloudsigma):
    cloudsigma.slowly()
    path = '/servers/' + make_server(cloudsigma)['server']
    assert cloudsigma.call('GET', path + '/shutdown').status_code == 204
    assert cloudsigma.one(path + '/info')['status'] == 'active'
    cloudsigma.advance(101)
    assert cloudsigma.one(path + '/info')['status'] == 'stopped'
    # What was asked of one run of it must not stop the next.
    cloudsigma.do(path + '/start')
    cloudsigma.call('GET', path + '/shutdown')
    cloudsigma.call('GET', path + '/stop')
    cloudsigma.do(path + '/start')
    cloudsigma.advance(101)
    assert cloudsigma.one(path + '/info')['status'] == 'active'


@pytest.mark.parametrize('way', ['seeded', 'fault', 'setting'])
def test_shutdown_that_the_guest_ignores(cloudsigma, way):
    uuid = cloudsigma.seed('servers', 1, ignore_shutdown=way == 'seeded')[0]
    if way == 'fault':
        cloudsigma.fault(operation='GET /servers/{uuid}/shutdown', kind='job_hangs')
    if way == 'setting':
        cloudsigma.settings(ignore_shutdown=True)
    assert cloudsigma.call('GET', '/servers/%s/shutdown' % uuid).status_code == 204
    cloudsigma.advance(3600)
    assert cloudsigma.one('/servers/%s/info' % uuid)['status'] == 'active'
    cloudsigma.call('GET', '/servers/%s/stop' % uuid)
    assert cloudsigma.one('/servers/%s/info' % uuid)['status'] == 'stopped'


def test_several_at_once(cloudsigma):
    uuids = cloudsigma.seed('servers', 3, status='stopped')
    some = {'server:0': uuids[0], 'server:1': uuids[1]}

    def states():
        return [cloudsigma.one('/servers/%s/info' % uuid)['status'] for uuid in uuids]
    assert cloudsigma.call('POST', '/servers/start', some).status_code == 200
    assert states() == ['active', 'active', 'stopped']
    assert cloudsigma.call('POST', '/servers/stop', {'server:0': uuids[0]}).status_code == 200
    assert states() == ['stopped', 'active', 'stopped']
    assert cloudsigma.call('POST', '/servers/destroy', some).status_code == 409
    assert cloudsigma.do('/servers/start', {'server:0': NOWHERE, 'server:1': uuids[2]}, 400)
    assert states() == ['stopped', 'active', 'stopped']
    cloudsigma.call('POST', '/guests/stop', some)
    left = cloudsigma.call('POST', '/guest/destroy', some)
    assert (left.status_code, left.text) == (200, uuids[2] + '\n')
    assert 'errors:server:0' in cloudsigma.do('/servers/stop', {}, 400)


def test_insufficient_funds_are_a_success_without_server(cloudsigma):
    cloudsigma.settings(balance=0)
    for path, fields in (('/servers/create', {'name': 'web', 'cpu': 2000, 'mem': 1024}),
                         ('/drives/create', {'name': 'a', 'size': GIB}),
                         ('/drives/%s/clone' % DEBIAN, {'name': 'a'}),
                         ('/resources/vlan/create', {'name': 'a'})):
        answer = cloudsigma.do(path, fields, 200)
        assert list(answer) == ['errors:system'] and 'funds' in answer['errors:system']
    assert cloudsigma.many('/servers/info') == cloudsigma.many('/drives/info') == []


def test_faults_in_its_own_words(cloudsigma):
    cloudsigma.fault(kind='throttle')
    answer = cloudsigma.call('GET', '/servers/info')
    assert answer.status_code == 429 and answer.headers['Retry-After'] == '1'
    cloudsigma.fault(kind='error', code='name', message='No.', status=200)
    answer = cloudsigma.call('GET', '/servers/info')
    assert (answer.status_code, answer.text) == (200, 'errors:name No.\n')
    cloudsigma.fault(operation='GET /servers/{uuid}/start', kind='job_fails')
    uuid = cloudsigma.seed('servers', 1, status='stopped')[0]
    assert cloudsigma.do('/servers/%s/start' % uuid)['status'] == 'active'
    cloudsigma.advance()
    assert cloudsigma.one('/servers/%s/info' % uuid)['status'] == 'dead'


def test_a_thousand_servers(cloudsigma):
    start = time.monotonic()
    assert len(set(cloudsigma.seed('servers', 1000))) == 1000
    seeded = time.monotonic()
    servers = cloudsigma.many('/servers/info')
    listed = time.monotonic()
    assert len(servers) == len({server['nic:0:dhcp'] for server in servers}) == 1000
    assert seeded - start < 1 and listed - seeded < 1


def test_seeding(cloudsigma):
    vlan = cloudsigma.seed('vlans', 1, name='lan')[0]
    uuids = cloudsigma.seed('servers', 2, names=['a', 'b'], status='paused', mem=4096, drives=2,
                            fields={'nic:1:model': 'virtio', 'nic:1:vlan': vlan})
    servers = cloudsigma.many('/servers/info')
    assert [(server['server'], server['name'], server['status'], server['mem'], server['nic:1:vlan'])
            for server in servers] == [(uuids[0], 'a', 'paused', '4096', vlan), (uuids[1], 'b', 'paused', '4096', vlan)]
    assert {server['boot'] for server in servers} == {'ide:0:0'} and 'ide:0:1' in servers[0]
    assert len(cloudsigma.seed('drives', 2, size='2G', tags=['x', 'y'])) == 2
    assert cloudsigma.many('/drives/info')[-1]['tags'] == 'x y'
    with pytest.raises(requests.HTTPError):
        cloudsigma.seed('servers', 1, stauts='active')
    with pytest.raises(requests.HTTPError):
        cloudsigma.seed('zones')
    with pytest.raises(requests.HTTPError):
        cloudsigma.settings(no_such_setting=1)
    image = cloudsigma.seed('standard_drives', 1, name='Our own', size='1G')[0]
    assert image in cloudsigma.lines('/drives/standard/img/list')
    assert cloudsigma.state()['servers'][uuids[0]]['name'] == 'a'
