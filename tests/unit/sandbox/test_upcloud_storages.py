# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The UpCloud sandbox: storages, devices, imports, the metadata service."""

from __future__ import annotations

import hashlib

import pytest
import requests

from upcloud_client import ABSENT, CDROM, CLOUD_INIT, DEBIAN, KEY, Client, device


@pytest.fixture
def cloud(sandbox):
    return Client(sandbox)


RULE = {'interval': 'daily', 'time': '0430', 'retention': '30'}


def body(**fields):
    found = {'size': 10, 'title': 'disk', 'zone': 'fi-hel1', 'tier': 'maxiops', **fields}
    return {'storage': {name: value for name, value in found.items() if value is not None}}


def storage(cloud, uuid):
    return cloud.ok('GET', '/storage/' + uuid)['storage']


def titles(cloud, path):
    return [item['title'] for item in cloud.ok('GET', path)['storages']['storage']]


# -- lists ---------------------------------------------------------------------------------------------------------
def test_lists_are_paged_by_25(cloud):
    cloud.seed('storages', 60, prefix='disk')
    first = titles(cloud, '/storage/normal')
    assert len(first) == 25
    pages = [titles(cloud, '/storage/normal?limit=25&offset=%d' % offset) for offset in (25, 50, 75)]
    assert [len(page) for page in pages] == [25, 10, 0]
    assert len(set(first + pages[0] + pages[1])) == 60
    assert len(titles(cloud, '/storage/normal?limit=100')) == 60
    assert cloud.refused('GET', '/storage?limit=x') == (400, 'LIMIT_INVALID')


def test_lists_are_chosen_and_sorted(cloud):
    cloud.seed('storages', 1, name='b', labels={'Env': 'prod'})
    cloud.seed('storages', 1, name='a', favorite=True, size=20)
    cloud.seed('templates', 1, name='t')
    cloud.seed('backups', 1, name='k')
    assert titles(cloud, '/storage/private?sort_by=title') == ['a', 'b', 'k', 'storage1', 't']
    assert titles(cloud, '/storage/private?sort_by=size&order_by=desc')[0] == 'a'
    assert titles(cloud, '/storage/favorite') == ['a']
    assert titles(cloud, '/storage/private/template') == ['t'] == titles(cloud, '/storage?access=private&type=template')
    assert titles(cloud, '/storage/backup') == ['k']
    assert titles(cloud, '/storage?label=env%3Dprod') == ['b']
    assert titles(cloud, '/storage?search=DEBIAN&type=cdrom') == ['Debian GNU/Linux installation CD-ROM']
    listed = cloud.ok('GET', '/storage/normal')['storages']['storage'][0]
    assert not {'servers', 'backups', 'backup_rule'} & set(listed)
    public = cloud.ok('GET', '/storage/public?limit=1')['storages']['storage'][0]
    assert 'zone' not in public and 'tier' not in public


# -- create, modify, delete ----------------------------------------------------------------------------------------
@pytest.mark.parametrize('fields, expected', [
    ({'size': None}, (400, 'SIZE_MISSING')), ({'size': 0}, (400, 'SIZE_INVALID')),
    ({'size': 4097}, (400, 'SIZE_INVALID')), ({'size': 1.5}, (400, 'SIZE_INVALID')),
    ({'title': None}, (400, 'TITLE_MISSING')), ({'title': ''}, (400, 'TITLE_INVALID')),
    ({'title': 'x' * 256}, (400, 'TITLE_INVALID')), ({'zone': None}, (400, 'ZONE_MISSING')),
    ({'zone': 'xx'}, (404, 'ZONE_NOT_FOUND')), ({'tier': 'gold'}, (400, 'TIER_INVALID')),
    ({'encrypted': 'perhaps'}, (400, 'ENCRYPTED_INVALID')), ({'colour': 'x'}, (400, 'UNKNOWN_ATTRIBUTE')),
    ({'backup_rule': 'daily'}, (400, 'BACKUP_RULE_INVALID')),
    ({'backup_rule': dict(RULE, interval='hourly')}, (400, 'INTERVAL_INVALID')),
    ({'backup_rule': dict(RULE, time='2460')}, (400, 'HOUR_INVALID')),
    ({'backup_rule': dict(RULE, retention=1096)}, (400, 'RETENTION_INVALID')),
    ({'backup_rule': {'interval': 'daily', 'time': '0430'}}, (400, 'RETENTION_MISSING')),
    ({'labels': [{'key': 'a', 'value': ''}, {'key': 'a', 'value': ''}]}, (400, 'DUPLICATE_LABEL_KEYS')),
])
def test_create_refuses(cloud, fields, expected):
    assert cloud.refused('POST', '/storage', body(**fields)) == expected
    assert titles(cloud, '/storage/private') == []


def test_create_and_modify(cloud):
    made = cloud.ok('POST', '/storage', body(backup_rule=RULE, labels=[{'key': 'a', 'value': 'b'}]), 201)['storage']
    assert (made['state'], made['size'], made['backup_rule'], made['encrypted']) == ('online', 10, RULE, 'no')
    assert made['servers'] == {'server': []} and made['backups'] == {'backup': []}
    path = '/storage/' + made['uuid']
    changed = cloud.ok('PUT', path, {'storage': {'size': '20', 'title': 'new', 'backup_rule': {}, 'labels': []}}, 202)
    assert changed['storage'] == {**made, 'size': 20, 'title': 'new', 'backup_rule': {}, 'labels': []}
    assert cloud.refused('PUT', path, {'storage': {'size': 19}}) == (400, 'SIZE_INVALID')
    assert cloud.refused('PUT', path, {'storage': {'tier': 'hdd'}}) == (400, 'UNKNOWN_ATTRIBUTE')
    assert cloud.refused('PUT', '/storage/' + DEBIAN, {'storage': {'title': 'x'}}) == (403, 'STORAGE_FORBIDDEN')
    assert cloud.refused('PUT', '/storage/' + ABSENT, {'storage': {'title': 'x'}}) == (404, 'STORAGE_NOT_FOUND')
    assert cloud.ok('POST', '/storage', body(tier=None), 201)['storage']['tier'] == 'hdd'
    cloud.settings(limits={'storage_maxiops': 20})
    assert cloud.refused('PUT', path, {'storage': {'size': 21}}) == (403, 'MAXIOPS_STORAGE_LIMIT_REACHED')
    assert cloud.refused('POST', '/storage', body()) == (403, 'MAXIOPS_STORAGE_LIMIT_REACHED')
    for verb in ('POST', 'DELETE'):
        assert cloud(verb, path + '/favorite').status_code == 204
        assert len(titles(cloud, '/storage/favorite')) == (verb == 'POST')


def test_what_is_attached_neither_grows_nor_goes(cloud):
    uuid, = cloud.seed('servers')
    disk = cloud.server(uuid)['storage_devices']['storage_device'][0]['storage']
    assert cloud.refused('PUT', '/storage/' + disk, {'storage': {'size': 30}}) == (409, 'STORAGE_ATTACHED')
    assert cloud.ok('PUT', '/storage/' + disk, {'storage': {'title': 'x'}}, 202)['storage']['title'] == 'x'
    assert cloud.refused('DELETE', '/storage/' + disk) == (409, 'STORAGE_ATTACHED')
    assert cloud.refused('POST', '/storage/%s/resize' % disk) == (409, 'SERVER_STATE_ILLEGAL')
    cloud.ok('POST', '/server/%s/stop' % uuid, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    grown = cloud.ok('PUT', '/storage/' + disk, {'storage': {'size': 30, 'filesystem_resize': 'yes'}}, 202)
    assert grown['resize_backup']['origin'] == disk
    kept = cloud.ok('POST', '/storage/%s/resize' % disk)['resize_backup']
    assert kept['type'] == 'backup' and len(storage(cloud, disk)['backups']['backup']) == 2
    assert cloud.refused('DELETE', '/storage/' + disk) == (409, 'STORAGE_ATTACHED')


@pytest.mark.parametrize('policy, left', [('keep', 2), ('keep_latest', 1), ('delete', 0)])
def test_delete_with_backups(cloud, policy, left):
    disk, = cloud.seed('storages')
    backups = cloud.seed('backups', 2, origin=disk)
    assert cloud.refused('DELETE', '/storage/%s?backups=x' % disk) == (400, 'BACKUP_DELETION_POLICY_INVALID')
    cloud.ok('DELETE', '/storage/%s?backups=%s' % (disk, policy), status=204)
    assert [item['uuid'] for item in cloud.ok('GET', '/storage/backup')['storages']['storage']] == backups[2 - left:]


# -- what takes time -----------------------------------------------------------------------------------------------
def test_clone_and_cancel(cloud):
    source, = cloud.seed('storages', 1, size=12)
    clone = {'storage': {'title': 'copy', 'zone': 'uk-lon1', 'tier': 'hdd'}}
    new = cloud.ok('POST', '/storage/%s/clone' % source, clone, 201)['storage']
    assert (new['state'], new['zone'], new['tier'], new['size'], new['progress']) == (
        'maintenance', 'uk-lon1', 'hdd', 12, '0')
    assert storage(cloud, source)['state'] == 'cloning'
    other = cloud.ok('POST', '/storage/%s/clone' % source, clone, 201)['storage']
    assert cloud('POST', '/storage/%s/cancel' % other['uuid']).status_code == 204
    assert cloud.refused('GET', '/storage/' + other['uuid']) == (404, 'STORAGE_NOT_FOUND')
    assert storage(cloud, source)['state'] == 'cloning'
    assert cloud.refused('DELETE', '/storage/' + source) == (409, 'STORAGE_STATE_ILLEGAL')
    cloud.pass_time()
    assert storage(cloud, source)['state'] == storage(cloud, new['uuid'])['state'] == 'online'
    assert cloud.refused('POST', '/storage/%s/cancel' % new['uuid']) == (409, 'STORAGE_STATE_ILLEGAL')
    assert cloud.refused('POST', '/storage/%s/clone' % source, {'storage': {'zone': 'fi-hel1'}}) == (
        400, 'TITLE_MISSING')
    cloud.fault(kind='job_fails', operation='POST /storage/{uuid}/clone')
    failed = cloud.ok('POST', '/storage/%s/clone' % source, clone, 201)['storage']
    cloud.pass_time()
    assert storage(cloud, failed['uuid'])['state'] == 'error' and storage(cloud, source)['state'] == 'online'
    assert cloud('DELETE', '/storage/' + failed['uuid']).status_code == 204


def test_backup_and_restore(cloud):
    server, = cloud.seed('servers')
    disk = cloud.server(server)['storage_devices']['storage_device'][0]['storage']
    made = cloud.ok('POST', '/storage/%s/backup' % disk, {'storage': {'title': 'b'}}, 201)['storage']
    assert (made['type'], made['origin'], made['state']) == ('backup', disk, 'maintenance') and 'tier' not in made
    assert storage(cloud, disk)['state'] == 'backuping'
    again = cloud.refused('POST', '/storage/%s/backup' % disk, {'storage': {'title': 'c'}})
    assert again == (409, 'STORAGE_STATE_ILLEGAL')
    cloud.pass_time()
    assert storage(cloud, disk)['backups'] == {'backup': [made['uuid']]}
    assert cloud.refused('POST', '/storage/%s/restore' % made['uuid']) == (409, 'SERVER_STATE_ILLEGAL')
    assert cloud.refused('POST', '/storage/%s/restore' % disk) == (409, 'STORAGE_TYPE_ILLEGAL')
    cloud.ok('POST', '/server/%s/stop' % server, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    assert cloud('POST', '/storage/%s/restore' % made['uuid']).status_code == 204
    assert storage(cloud, disk)['state'] == 'maintenance'
    cloud.pass_time()
    assert storage(cloud, disk)['state'] == 'online'
    assert cloud.control('GET', '/state?provider=upcloud')['storages'][disk]['restored_from'] == made['uuid']


def test_templatize_and_create_from_it(cloud):
    server, = cloud.seed('servers')
    disk = cloud.server(server)['storage_devices']['storage_device'][0]['storage']
    make = ('POST', '/storage/%s/templatize' % disk, {'storage': {'title': 'mine'}})
    assert cloud.refused(*make) == (409, 'STORAGE_STATE_ILLEGAL')
    cloud.ok('POST', '/server/%s/stop' % server, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    template = cloud.ok(*make, status=201)['storage']
    assert (template['type'], template['state']) == ('template', 'maintenance')
    cloud.pass_time()
    assert titles(cloud, '/storage/private/template') == ['mine']
    made = cloud.create(storage_devices=device(action='clone', storage=template['uuid'], title='d', tier='maxiops'))
    assert made['password']
    slow, = cloud.seed('storages', 1, tier='hdd')
    assert cloud.refused('POST', '/storage/%s/templatize' % slow, {'storage': {'title': 'x'}}) == (
        409, 'STORAGE_TIER_ILLEGAL')


# -- imports -------------------------------------------------------------------------------------------------------
def test_direct_upload(cloud):
    disk, = cloud.seed('storages')
    path = '/storage/%s/import' % disk
    assert cloud.refused('GET', path) == (404, 'STORAGE_IMPORT_NOT_FOUND')
    task = cloud.ok('POST', path, {'storage_import': {'source': 'direct_upload'}}, 201)['storage_import']
    assert task['state'] == 'prepared' and task['completed'] == '' and 'source_location' not in task
    assert cloud.refused('POST', path, {'storage_import': {'source': 'direct_upload'}}) == (
        409, 'STORAGE_STATE_ILLEGAL')
    assert requests.put(task['direct_upload_url'], data=b'x', headers={'Content-Type': 'text/plain'},
                        timeout=5).status_code == 415
    content = b'contents' * 1000
    answer = requests.put(task['direct_upload_url'], data=content, timeout=5,
                          headers={'Content-Type': 'application/gzip'})
    sums = {'written_bytes': 8000, 'md5sum': hashlib.md5(content).hexdigest(),
            'sha256sum': hashlib.sha256(content).hexdigest()}
    assert answer.json() == sums
    assert cloud.ok('GET', path)['storage_import']['state'] == 'importing'
    assert requests.put(task['direct_upload_url'], data=content, timeout=5).status_code == 404
    cloud.pass_time()
    done = cloud.ok('GET', path)['storage_import']
    assert done['state'] == 'completed' and done['completed'] and {key: done[key] for key in sums} == sums
    assert storage(cloud, disk)['state'] == 'online'


def test_an_upload_link_ends_after_ten_minutes(cloud):
    disk, = cloud.seed('storages')
    path = '/storage/%s/import' % disk
    task = cloud.ok('POST', path, {'storage_import': {'source': 'direct_upload'}}, 201)['storage_import']
    cloud.pass_time(601)
    assert requests.put(task['direct_upload_url'], data=b'x', timeout=5).status_code == 404
    assert cloud.ok('GET', path)['storage_import']['state'] == 'cancelled'
    assert storage(cloud, disk)['state'] == 'online'


def test_http_import(cloud):
    disk, = cloud.seed('storages')
    path = '/storage/%s/import' % disk

    def refused(**fields):
        return cloud.refused('POST', path, {'storage_import': fields})
    assert refused() == (400, 'SOURCE_MISSING')
    assert refused(source='ftp') == (400, 'SOURCE_INVALID')
    assert refused(source='http_import') == (400, 'SOURCE_LOCATION_MISSING')
    assert refused(source='http_import', source_location='file:///etc/passwd') == (400, 'SOURCE_LOCATION_INVALID')
    start = {'storage_import': {'source': 'http_import', 'source_location': 'https://me:secret@example.com/x.raw'}}
    task = cloud.ok('POST', path, start, 201)['storage_import']
    assert task['source_location'] == 'https://*:*@example.com/x.raw' and task['state'] == 'importing'
    cloud.pass_time()
    assert cloud.ok('GET', path)['storage_import']['state'] == 'completed'
    assert cloud.refused('POST', path + '/cancel') == (409, 'STORAGE_IMPORT_NOT_IN_PROGRESS')
    cloud.ok('POST', path, start, 201)
    assert cloud.ok('POST', path + '/cancel')['storage_import']['state'] == 'cancelling'
    cloud.pass_time()
    assert cloud.ok('GET', path)['storage_import']['state'] == 'cancelled'
    cloud.fault(kind='job_fails', operation='POST /storage/{uuid}/import')
    cloud.ok('POST', path, start, 201)
    cloud.pass_time()
    failed = cloud.ok('GET', path)['storage_import']
    assert failed['state'] == 'failed' and failed['error_code'] and storage(cloud, disk)['state'] == 'online'


# -- devices -------------------------------------------------------------------------------------------------------
def test_attach_and_detach(cloud):
    server, other = cloud.seed('servers', 2)
    disk, = cloud.seed('storages')
    far, = cloud.seed('storages', 1, zone='uk-lon1')
    path = '/server/%s/storage/' % server

    def refused(verb='attach', **fields):
        return cloud.refused('POST', path + verb, {'storage_device': fields})
    assert refused() == (400, 'STORAGE_MISSING')
    assert refused(storage=far) == (409, 'ZONE_MISMATCH')
    assert refused(storage=DEBIAN) == (409, 'PUBLIC_STORAGE_ATTACH')
    assert refused(storage=disk, address='virtio:0') == (409, 'DEVICE_ADDRESS_IN_USE')
    assert refused(storage=disk, address='sata:0') == (400, 'ADDRESS_INVALID')
    assert refused(storage=disk, address='ide') == (409, 'IDE_HOTPLUG_UNSUPPORTED')
    assert refused(storage=CDROM, type='cdrom') == (409, 'CDROM_HOTPLUG_UNSUPPORTED')
    attached = cloud.ok('POST', path + 'attach', {'storage_device': {'storage': disk, 'boot_disk': '1'}})['server']
    found = attached['storage_devices']['storage_device'][1]
    assert (found['address'], found['storage'], found['boot_disk']) == ('virtio:1', disk, '1')
    elsewhere = cloud.refused('POST', '/server/%s/storage/attach' % other, {'storage_device': {'storage': disk}})
    assert elsewhere == (409, 'STORAGE_ATTACHED')
    assert refused('detach') == (400, 'ADDRESS_MISSING')
    assert refused('detach', address='virtio:9') == (409, 'DEVICE_ADDRESS_NOT_IN_USE')
    left = cloud.ok('POST', path + 'detach', {'storage_device': {'address': 'virtio:1'}})['server']
    assert len(left['storage_devices']['storage_device']) == 1
    for _number in range(15):
        more, = cloud.seed('storages')
        cloud.ok('POST', path + 'attach', {'storage_device': {'storage': more}})
    assert refused(storage=disk) == (409, 'STORAGE_DEVICE_LIMIT_REACHED')


def test_cdrom(cloud):
    server, = cloud.seed('servers', state='stopped')
    path = '/server/%s' % server
    load = {'storage_device': {'storage': CDROM}}
    assert cloud.refused('POST', path + '/cdrom/load', load) == (409, 'NO_CDROM_DEVICE')
    made = cloud.ok('POST', path + '/storage/attach', {'storage_device': {'type': 'cdrom'}})['server']
    drive = made['storage_devices']['storage_device'][1]
    assert (drive['address'], drive['type'], drive['storage'], drive['storage_size']) == ('ide:0:0', 'cdrom', '', 0)
    cloud.ok('POST', path + '/start')
    loaded = cloud.ok('POST', path + '/cdrom/load', load)['server']['storage_devices']['storage_device'][1]
    assert loaded['storage'] == CDROM
    assert cloud.refused('POST', path + '/cdrom/load', load) == (409, 'CDROM_DEVICE_IN_USE')
    assert cloud.refused('POST', path + '/cdrom/load', {'storage_device': {}}) == (400, 'STORAGE_MISSING')
    empty = cloud.ok('POST', path + '/storage/cdrom/eject')['server']['storage_devices']['storage_device'][1]
    assert empty['storage'] == ''


def test_backup_rules_and_simple_backup_exclude_each_other(cloud):
    server, = cloud.seed('servers')
    disk = cloud.server(server)['storage_devices']['storage_device'][0]['storage']
    cloud.ok('PUT', '/storage/' + disk, {'storage': {'backup_rule': RULE}}, 202)
    simple = {'server': {'simple_backup': '0100,dailies'}}
    assert cloud.refused('PUT', '/server/' + server, simple) == (409, 'BACKUP_RULE_CONFLICT')
    cloud.ok('PUT', '/storage/' + disk, {'storage': {'backup_rule': {}}}, 202)
    cloud.ok('PUT', '/server/' + server, simple, 202)
    assert cloud.refused('PUT', '/storage/' + disk, {'storage': {'backup_rule': RULE}}) == (409, 'BACKUP_RULE_CONFLICT')


# -- metadata ------------------------------------------------------------------------------------------------------
def test_metadata(cloud):
    made = cloud.create(storage_devices=device(action='clone', storage=CLOUD_INIT, title='d', tier='maxiops'),
                        metadata='yes', user_data='echo hello', login_user={'ssh_keys': {'ssh_key': [KEY]}})
    cloud.seed('servers')
    root = cloud.env['UPCLOUD_DEBUG_API_BASE_URL'] + '/metadata/v1'

    def get(path, **more):
        return requests.get(root + path, timeout=5, **more)
    whole = get('.json').json()
    assert (whole['instance_id'], whole['user_data'], whole['public_keys']) == (made['uuid'], 'echo hello', [KEY])
    assert [item['type'] for item in whole['network']['interfaces']] == ['public', 'utility']
    assert get('/').text.split() == ['cloud_name', 'instance_id', 'hostname', 'platform', 'subplatform', 'public_keys',
                                     'region', 'network/', 'storage/', 'tags', 'user_data', 'vendor_data']
    assert get('/storage').text.split() == ['disks/']
    assert get('/storage/disks').text.split() == ['1']
    assert get('/storage/disks/1').text.split() == ['id', 'serial', 'size', 'type', 'tier']
    assert get('/storage/disks/1/id').text == whole['storage']['disks'][0]['id']
    assert get('/nothing').status_code == get('/storage/disks/2').status_code == 404
    other, = cloud.seed('servers', metadata='yes')
    assert get('/instance_id', headers={'X-Sandbox-Server': other}).text == other
    assert get('/instance_id?server=' + other).text == other
    cloud.ok('PUT', '/server/' + other, {'server': {'metadata': 'no'}}, 202)
    assert get('/instance_id?server=' + other).status_code == 404
    counts = cloud.control('GET', '/operations')['upcloud']
    assert counts['GET metadata v1.json and tree (from inside a server)'] == 11
