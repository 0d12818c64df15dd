# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated ElasticHosts."""

from __future__ import annotations

import time

import pytest

GIB = 1024 ** 3
DEBIAN = '980cf63c-f21e-4382-997b-6541d5809629'
NOWHERE = '00000000-0000-4000-8000-000000000000'
JSON = {'Accept': 'application/json'}


def make_server(api, how='', **fields):
    return api.do('/servers/create' + how, {'name': 'web', 'cpu': 2000, 'mem': 1024, 'persistent': 'true', **fields})


def refused(answer, status, kind):
    """Whether an answer is this error, in header and body."""
    assert answer.status_code == status, '%d: %s' % (answer.status_code, answer.text)
    assert answer.headers['X-Elastic-Error'].split(' ')[0] == kind
    assert answer.headers['Content-Type'].startswith('text/plain')
    assert answer.text.endswith('\n') and answer.text.count('\n') == 1
    return answer.text


def test_errors_by_class(elastichosts):
    refused(elastichosts.call('GET', '/servers/info', auth=('a', 'b')), 401, 'auth')
    refused(elastichosts.call('GET', '/nothing'), 404, 'missing')
    refused(elastichosts.call('GET', '/servers/%s/info' % NOWHERE), 404, 'missing')
    refused(elastichosts.call('GET', '/servers/create'), 405, 'method')
    refused(elastichosts.call('GET', '/servers/%s/start' % NOWHERE), 405, 'method')
    refused(elastichosts.call('POST', '/drives/create', {'name': 'a'}), 400, 'usage')
    elastichosts.fault(kind='error', code='billing', message='No.')
    assert refused(elastichosts.call('GET', '/servers/info'), 402, 'billing') == 'No.\n'
    elastichosts.settings(funds=False)
    refused(elastichosts.call('POST', '/drives/create', {'size': GIB}), 402, 'billing')
    refused(elastichosts.call('POST', '/resources/ip/create'), 402, 'billing')


def test_reads_may_be_posted(elastichosts):
    uuid = elastichosts.seed('servers')[0]
    assert elastichosts.call('POST', '/servers/info').text == elastichosts.call('GET', '/servers/info').text
    assert elastichosts.do('/servers/%s/info' % uuid)['server'] == uuid
    assert not any(entry['write'] for entry in elastichosts.log())
    assert {entry['operation'] for entry in elastichosts.log()} == {'GET /servers/info', 'GET /servers/{uuid}/info'}
    # The endpoint that clients are given may end in a slash.
    assert elastichosts.call('GET', '//servers/info').status_code == 200


def test_text_and_json_are_chosen_apart(elastichosts):
    url = '/servers/create/stopped'
    fields = {'name': 'web', 'cpu': 2000, 'mem': 1024, 'persistent': True, 'tags': ['a', 'b']}
    made = elastichosts.session.post(elastichosts.url + url, json=fields, timeout=10)
    assert made.headers['Content-Type'].startswith('text/plain')
    assert 'persistent true\n' in made.text and 'tags a b\n' in made.text
    made = elastichosts.call('POST', url, 'name web\ncpu 2000\nmem 1024\n',
                             headers={**JSON, 'Content-Type': 'application/octet-stream'}).json()
    assert (made['cpu'], made['mem'], made['status'], made['name']) == (2000, 1024, 'stopped', 'web')
    found = elastichosts.call('GET', '/servers/info', headers=JSON).json()
    assert [server['name'] for server in found] == ['web', 'web']
    unset = elastichosts.session.post('%s/servers/%s/set' % (elastichosts.url, made['server']), json={'name': None},
                                      headers=JSON, timeout=10).json()
    assert 'name' not in unset
    for body in ('{', '[]', '{"name": {"a": 1}}'):
        wrong = elastichosts.call('POST', url, body, headers={'Content-Type': 'application/json'})
        refused(wrong, 400, 'usage')


def test_json_types(elastichosts):
    elastichosts.seed('servers', drives=2, boot='ide:0:0 ide:0:1')
    server = elastichosts.call('GET', '/servers/info', headers=JSON).json()[0]
    assert server['boot'] == ['ide:0:0', 'ide:0:1']
    assert isinstance(server['started'], int) and server['rx'] == 0 and server['tx:packets'] == '0'
    assert server['ide:0:0:read:bytes'] == '4096' and server['persistent'] == 'true'
    drive = elastichosts.call('GET', '/drives/%s/info' % server['ide:0:0'], headers=JSON).json()
    assert drive['size'] == 10 * GIB and drive['read:bytes'] == '4096'
    assert elastichosts.call('GET', '/drives/list', headers=JSON).json()[0] == {'uuid': drive['drive']}


def test_lists(elastichosts):
    uuid = elastichosts.seed('servers', cpu=2500)[0]
    assert elastichosts.lines('/servers/list') == [uuid + ' 2500 1024']
    assert len(elastichosts.lines('/drives/list')) == 1
    assert DEBIAN in elastichosts.lines('/drives/list/standard')


def test_server_life(elastichosts):
    drive = elastichosts.do('/drives/create', {'name': 'root', 'size': '2G', 'tier': 'ssd', 'user:a': 'b'})
    assert (drive['size'], drive['tier'], drive['user:a']) == (str(2 * GIB), 'ssd', 'b')
    server = make_server(elastichosts, **{'ide:0:0': drive['drive'], 'boot': 'ide:0:0', 'nic:0:model': 'virtio',
                                          'nic:0:dhcp': 'auto', 'vnc': 'auto', 'password': 'secret12', 'smp': 'auto'})
    path = '/servers/' + server['server']
    assert server['status'] == 'active' and server['nic:0:dhcp'] == 'auto' and server['vnc'] == 'auto'
    assert server['nic:0:dhcp:ip'] == server['vnc:ip'] and server['smp:cores'] == server['smp'] == '1'
    refused(elastichosts.call('POST', '/drives/%s/destroy' % drive['drive']), 409, 'busy')
    refused(elastichosts.call('POST', path + '/start'), 409, 'busy')
    assert elastichosts.call('POST', path + '/reset').status_code == 204
    assert elastichosts.call('POST', path + '/stop').status_code == 204
    stopped = elastichosts.one(path + '/info')
    assert stopped['status'] == 'stopped' and stopped['smp'] == 'auto'
    assert not {'nic:0:dhcp:ip', 'vnc:ip', 'started', 'smp:cores'} & set(stopped)
    refused(elastichosts.call('POST', path + '/reset'), 500, 'failed')
    start = elastichosts.call('POST', path + '/start')
    assert (start.status_code, start.text) == (204, '')
    assert elastichosts.one(path + '/info')['nic:0:dhcp:ip'] != server['nic:0:dhcp:ip']
    # A running one is stopped first; its drive stays.
    assert elastichosts.call('POST', path + '/destroy').status_code == 204
    refused(elastichosts.call('GET', path + '/info'), 404, 'missing')
    assert elastichosts.lines('/drives/list') == [drive['drive']]
    assert elastichosts.call('POST', '/drives/%s/destroy' % drive['drive']).status_code == 204


def test_older_generation(elastichosts):
    elastichosts.settings(generation='old', start_reply='object', image_reply='empty', imaging_style='percent')
    uuid = elastichosts.seed('servers', 1, status='stopped')[0]
    server = elastichosts.do('/servers/%s/start' % uuid)
    assert server['nic:0:dhcp'].count('.') == 3 and 'nic:0:dhcp:ip' not in server
    assert server['smp'] == '1' and 'smp:cores' not in server
    drive = elastichosts.seed('drives', 1)[0]
    assert elastichosts.call('POST', '/drives/%s/image/%s/gunzip' % (drive, DEBIAN)).status_code == 204
    assert elastichosts.one('/drives/%s/info' % drive)['imaging'].endswith('%')


@pytest.mark.parametrize('how', ['stop', 'shutdown'])
@pytest.mark.parametrize('persistent', ['true', 'false', ''])
def test_only_persistent_servers_outlive_a_stop(elastichosts, how, persistent):
    server = make_server(elastichosts, persistent=persistent)
    assert elastichosts.call('POST', '/servers/%s/%s' % (server['server'], how)).status_code == 204
    elastichosts.advance()
    left = elastichosts.many('/servers/info')
    assert [found['status'] for found in left] == (['stopped'] if persistent == 'true' else [])


def test_shutdown_that_the_guest_ignores(elastichosts):
    uuid = elastichosts.seed('servers', ignore_shutdown=True)[0]
    assert elastichosts.call('POST', '/servers/%s/shutdown' % uuid).status_code == 204
    elastichosts.advance(3600)
    assert elastichosts.one('/servers/%s/info' % uuid)['status'] == 'active'


def test_set_on_a_running_server(elastichosts):
    uuid = make_server(elastichosts)['server']
    path = '/servers/%s/set' % uuid
    changed = elastichosts.do(path, {'name': 'b', 'cpu': 3000, 'tags': 'x y', 'user:role': 'db', 'password': 'abc',
                                     'persistent': 'true', 'status': 'active'})
    assert (changed['name'], changed['cpu'], changed['tags'], changed['user:role']) == ('b', '3000', 'x y', 'db')
    for field, value in (('mem', 2048), ('smp', 2), ('nic:0:model', 'e1000'), ('boot', ''), ('vnc', 'auto')):
        refused(elastichosts.call('POST', path, {field: value, 'name': 'c'}), 400, 'usage')
    assert elastichosts.one('/servers/%s/info' % uuid)['name'] == 'b'
    elastichosts.call('POST', '/servers/%s/stop' % uuid)
    changed = elastichosts.do(path, {'mem': 2048, 'nic:0:model': 'e1000', 'nic:0:firewall:policy': 'reject',
                                     'nic:0:firewall:accept': 'tcp/22 tcp/443', 'user:role': ''})
    assert changed['nic:0:firewall:accept'] == 'tcp/22 tcp/443' and 'user:role' not in changed


@pytest.mark.parametrize('field, value', [
    ('cpu', '499'), ('cpu', '20001'), ('mem', '255'), ('smp', 'many'), ('persistent', '1'), ('colour', 'red'),
    ('password', 'ninechars'), ('nic:0:firewall:policy', 'drop'), ('nic:0:firewall:accept', '22 tcp//'),
    ('cpu', '\u00b2'), ('mem', '9' * 5000),
    ('nic:4:model', 'e1000'), ('nic:0:mac', '02:00:00:00:00:01'), ('nic:2:dhcp', 'auto'),
    ('ide:2:0', NOWHERE), ('boot', 'ide:0:0'), ('vnc:tls', 'off'), ('mem', '')])
def test_wrong_values(elastichosts, field, value):
    fields = {'name': 'web', 'cpu': 2000, 'mem': 1024, field: value.encode().decode('latin-1')}
    text = refused(elastichosts.call('POST', '/servers/create', fields), 400, 'usage')
    assert text.startswith(field + ':')


def test_references_to_nothing(elastichosts):
    for fields in ({'ide:0:0': NOWHERE}, {'nic:1:vlan': NOWHERE}, {'nic:0:dhcp': '198.19.9.9'},
                   {'avoid:drives': NOWHERE}, {'avoid:servers': NOWHERE}):
        answer = elastichosts.call('POST', '/servers/create', {'name': 'web', 'cpu': 2000, 'mem': 1024, **fields})
        refused(answer, 404, 'missing')


def test_start_without_its_drive(elastichosts):
    uuid = elastichosts.seed('servers', 1, status='stopped')[0]
    drive = elastichosts.one('/servers/%s/info' % uuid)['ide:0:0']
    assert elastichosts.call('POST', '/drives/%s/destroy' % drive).status_code == 204
    assert drive in refused(elastichosts.call('POST', '/servers/%s/start' % uuid), 500, 'failed')


def test_imaging(elastichosts):
    elastichosts.slowly()
    drive = elastichosts.do('/drives/create', {'name': 'root', 'size': '2G'})['drive']
    path = '/drives/' + drive
    answer = elastichosts.do('%s/image/%s/gunzip' % (path, DEBIAN))
    assert answer['drive'] == drive and answer['imaging'] == 'true' and DEBIAN in answer['claimed']
    elastichosts.advance(30)
    assert elastichosts.one(path + '/info')['imaging'] == 'true'
    assert 30 <= int(elastichosts.one(path + '/info/full')['imaging'][:-1]) < 40
    fields = {'name': 'web', 'cpu': 2000, 'mem': 1024, 'ide:0:0': drive}
    refused(elastichosts.call('POST', '/servers/create', fields), 409, 'busy')
    refused(elastichosts.call('POST', '%s/image/%s' % (path, DEBIAN)), 409, 'busy')
    assert elastichosts.many('/servers/info') == []
    elastichosts.advance(71)
    done = elastichosts.one(path + '/info/full')
    assert 'imaging' not in done and 'claimed' not in done
    assert elastichosts.do('/servers/create', fields)['status'] == 'active'


def test_imaging_in_a_queue(elastichosts):
    elastichosts.slowly()
    elastichosts.settings(imaging_slots=1)
    first, second = elastichosts.seed('drives', 2)
    for drive in (first, second):
        elastichosts.do('/drives/%s/image/%s/gunzip' % (drive, DEBIAN))
    shown = [elastichosts.one('/drives/%s/info' % drive)['imaging'] for drive in (first, second)]
    assert shown == ['true', 'queued']
    elastichosts.advance(101)
    shown = [elastichosts.one('/drives/%s/info' % drive).get('imaging') for drive in (first, second)]
    assert shown == [None, 'true']


def test_imaging_that_hides_for_a_while(elastichosts):
    elastichosts.slowly()
    elastichosts.settings(imaging_gap=0.1)
    drive = elastichosts.seed('drives')[0]
    assert 'imaging' not in elastichosts.do('/drives/%s/image/%s/gunzip' % (drive, DEBIAN))
    seen = []
    for _step in range(10):
        found = elastichosts.one('/drives/%s/info' % drive)
        assert 'claimed' in found
        seen.append('imaging' in found)
        elastichosts.advance(10)
    assert not seen[0] and not seen[5] and sum(seen) == 8


@pytest.mark.parametrize('kind, status, imaging', [('job_fails', 'inactive', False), ('job_hangs', 'active', True)])
def test_imaging_that_does_not_end_well(elastichosts, kind, status, imaging):
    drive = elastichosts.seed('drives')[0]
    elastichosts.fault(operation='POST /drives/{uuid}/image/{source}[/{conversion}]', kind=kind)
    elastichosts.do('/drives/%s/image/%s/gunzip' % (drive, DEBIAN))
    elastichosts.advance(3600)
    found = elastichosts.one('/drives/%s/info' % drive)
    assert (found['status'], 'imaging' in found) == (status, imaging)


def test_imaging_refused(elastichosts):
    small = elastichosts.seed('drives', 1, size='500M')[0]
    refused(elastichosts.call('POST', '/drives/%s/image/%s/gunzip' % (small, DEBIAN)), 507, 'full')
    refused(elastichosts.call('POST', '/drives/%s/image/%s' % (small, NOWHERE)), 404, 'missing')
    refused(elastichosts.call('POST', '/drives/%s/image/%s/bunzip' % (small, DEBIAN)), 400, 'usage')
    server = elastichosts.seed('servers')[0]
    used = elastichosts.one('/servers/%s/info' % server)['ide:0:0']
    refused(elastichosts.call('POST', '/drives/%s/image/%s' % (small, used)), 409, 'busy')


def test_drive_set(elastichosts):
    drive = elastichosts.do('/drives/create', {'size': '10000000'})
    assert drive['size'] == str(12 * 1024 * 1024) and 'name' not in drive and drive['tier'] == 'disk'
    path = '/drives/%s/set' % drive['drive']
    assert elastichosts.do(path, {'size': '4M', 'name': 'less'})['size'] == str(4 * 1024 * 1024)
    for field, value in (('tier', 'ssd'), ('tier', 'tape'), ('size', '0'), ('size', ''), ('colour', 'red')):
        refused(elastichosts.call('POST', path, {field: value}), 400, 'usage')
    elastichosts.settings(storage_limit=GIB)
    refused(elastichosts.call('POST', path, {'size': '2G'}), 507, 'full')


def test_resources(elastichosts):
    vlan = elastichosts.do('/resources/vlan/create', {'name': 'lan'})
    address = elastichosts.do('/resources/ip/create')
    assert (vlan['type'], vlan['name']) == ('vlan', 'lan') and address['name'] and address['gateway']
    assert elastichosts.lines('/resources/vlan/list') == ['vlan ' + vlan['resource']]
    assert elastichosts.lines('/resources/list') == ['ip ' + address['resource'], 'vlan ' + vlan['resource']]
    assert len(elastichosts.many('/resources/info')) == 2
    assert elastichosts.do('/resources/vlan/%s/set' % vlan['resource'], {'name': 'b'})['name'] == 'b'
    server = make_server(elastichosts, **{
        'nic:0:model': 'e1000', 'nic:0:dhcp': address['resource'], 'nic:1:model': 'e1000',
        'nic:1:vlan': vlan['resource']})
    assert server['nic:0:dhcp'] == server['nic:0:dhcp:ip'] == address['resource'] and server['nic:1:mac']
    refused(elastichosts.call('POST', '/resources/ip/%s/destroy' % address['resource']), 409, 'busy')
    refused(elastichosts.call('POST', '/resources/vlan/%s/destroy' % vlan['resource']), 409, 'busy')
    taken = {'name': 'b', 'cpu': 1000, 'mem': 512, 'nic:0:model': 'e1000', 'nic:0:dhcp': address['resource']}
    refused(elastichosts.call('POST', '/servers/create', taken), 409, 'busy')
    elastichosts.do('/servers/%s/destroy' % server['server'], status=204)
    assert 'claimed' not in elastichosts.one('/resources/ip/%s/info' % address['resource'])
    elastichosts.do('/resources/ip/%s/destroy' % address['resource'], status=204)
    elastichosts.do('/resources/vlan/%s/destroy' % vlan['resource'], status=204)
    refused(elastichosts.call('GET', '/resources/vlan/%s/info' % vlan['resource']), 404, 'missing')
    assert elastichosts.many('/resources/info') == []


def test_limits(elastichosts):
    elastichosts.settings(ip_limit=1, server_limit=1, drive_limit=1)
    for path, fields in (('/resources/ip/create', {}), ('/drives/create', {'size': GIB}),
                         ('/servers/create', {'cpu': 2000, 'mem': 1024})):
        elastichosts.do(path, fields)
        refused(elastichosts.call('POST', path, fields), 402, 'billing')


def test_a_thousand_servers(elastichosts):
    start = time.monotonic()
    elastichosts.seed('servers', 1000)
    seeded = time.monotonic()
    servers = elastichosts.call('GET', '/servers/info', headers=JSON).json()
    listed = time.monotonic()
    assert len({server['nic:0:dhcp:ip'] for server in servers}) == 1000
    assert seeded - start < 1 and listed - seeded < 1
