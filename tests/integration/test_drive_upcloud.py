# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive module on UpCloud, against the sandbox: what is done, what is sent, and what is not."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from drive_cloud import Cloud, cycle, failed, ok

NATIVE = 'Debian GNU/Linux 11 (Bullseye)'
NEW = {'name': 'data', 'zone': 'fi-hel1', 'size_gb': 10}
RULE = {'interval': 'daily', 'time': '0430', 'retention': 7}
URL = 'https://images.example.com/disk.img'


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    yield Cloud('upcloud', sandbox, tmp_path)
    sandbox.reset()


def drives(cloud):
    return {ident: item for ident, item in cloud.state()['storages'].items() if item['access'] == 'private'}


def drive(cloud, **options):
    return cloud.seed('storages', **{'name': 'data', 'zone': 'fi-hel1', 'size': 10, **options})[0]


def server(cloud, **options):
    return cloud.seed('servers', **{'name': 'web1.example.com', 'zone': 'fi-hel1', 'state': 'stopped', **options})[0]


# -- the way of a drive -----------------------------------------------------------------------------------------------
def test_create_update_delete_and_repeats(cloud):
    made = cycle(cloud, **NEW, tier='standard', encrypted=True, labels={'env': 'prod', 'n': 1}, backup_rule=RULE)
    shown = made['drive']
    assert shown['state'] == 'online' and shown['size_gb'] == 10 and shown['tier'] == 'standard'
    assert shown['encrypted'] is True and shown['labels'] == {'env': 'prod', 'n': '1'}
    assert shown['backup_rule'] == RULE and shown['type'] == 'disk' and shown['servers'] == []
    changed = cycle(cloud, id=shown['id'], name='data2', size_gb=20, labels={'env': 'test'})
    assert changed['drive']['labels'] == {'env': 'test', 'n': '1'} and changed['drive']['size_gb'] == 20
    ruled = cycle(cloud, name='data2', backup_rule=dict(RULE, interval='sun', retention=30))
    assert cloud.state()['storages'][shown['id']]['backup_rule']['interval'] == 'sun' and ruled['changed']
    only = cycle(cloud, name='data2', labels={'env': 'test'}, purge_labels=True, backup_rule={})
    assert only['drive']['labels'] == {'env': 'test'} and only['drive']['backup_rule'] == {}
    checked = ok(cloud.task(check=True, name='data2', state='absent'))
    real = ok(cloud.task(name='data2', state='absent'))
    cloud.foretold(checked, real)
    assert real['changed'] and drives(cloud) == {}
    assert not ok(cloud.task(name='data2', state='absent'))['changed']
    assert not ok(cloud.task(id=shown['id'], state='absent'))['changed']


def test_all_changes_of_attributes_go_in_one_request(cloud):
    ident = drive(cloud)
    ok(cloud.task(id=ident, name='other', size_gb=12, labels={'a': 'b'}, backup_rule=RULE))
    assert cloud.sent(write=True) == ['PUT /storage/{uuid}']


def test_a_drive_is_found_on_a_later_page(cloud):
    cloud.seed('storages', 130, zone='fi-hel1')
    cycle(cloud, **NEW)
    assert len(drives(cloud)) == 131
    assert len(cloud.info()['drives']) == 131


def test_from_a_template_larger_than_it(cloud):
    made = cycle(cloud, name='root', zone='fi-hel1', image=NATIVE, size_gb=30, labels={'a': 'b'})
    assert made['drive']['size_gb'] == 30 and made['drive']['labels'] == {'a': 'b'}
    assert [step['operation'] for step in made['steps']] == ['POST /storage/{uuid}/clone', 'PUT /storage/{uuid}']


def test_clone_in_the_zone_and_tier_of_the_source(cloud):
    drive(cloud, name='first', tier='standard', zone='de-fra1')
    made = cycle(cloud, name='second', clone_from='first')
    assert (made['drive']['zone'], made['drive']['tier'], made['drive']['size_gb']) == ('de-fra1', 'standard', 10)


def test_template_made_of_a_drive(cloud):
    drive(cloud, name='golden-disk', tier='maxiops')
    made = cycle(cloud, name='golden', type='template', clone_from='golden-disk', labels={'v': '1'})
    assert made['drive']['type'] == 'template' and made['drive']['labels'] == {'v': '1'}
    failed(cloud.task(name='golden', type='template', clone_from='golden-disk', size_gb=20), 'input', 'size_gb')
    renamed = cycle(cloud, id=made['drive']['id'], name='gold', labels={'v': '2'})
    assert renamed['drive']['type'] == 'template' and renamed['drive']['labels'] == {'v': '2'}
    cycle(cloud, id=made['drive']['id'], name='golden')
    # A disk of the same name is another thing.
    cycle(cloud, name='golden', zone='fi-hel1', size_gb=1)
    ok(cloud.task(name='golden', type='template', state='absent'))
    assert sorted(item['type'] for item in drives(cloud).values()) == ['normal', 'normal']


@pytest.mark.parametrize('named', ['golden-disk', None])
def test_no_template_is_made_of_a_drive_of_a_running_server(cloud, named):
    ident, one = drive(cloud, name='golden-disk', tier='maxiops'), server(cloud)
    ok(cloud.task(id=ident, server=one))
    ok(cloud.api('POST /server/{uuid}/start', {'uuid': one}))
    wanted = {'name': 'golden', 'type': 'template', 'clone_from': named or ident}
    for check in (True, False):
        failed(cloud.task(check, **wanted), 'precondition', 'web1.example.com must be stopped')
        assert cloud.sent(write=True) == []
    ok(cloud.api('POST /server/{uuid}/stop', {'uuid': one, 'stop_type': 'hard'}))
    cycle(cloud, **wanted)


@pytest.mark.parametrize('kind', ['template', 'cdrom'])
def test_the_contents_of_a_public_storage_are_not_touched(cloud, kind):
    path = cloud.folder / 'disk.img'
    path.write_bytes(b'x')
    public = next(item['uuid'] for item in cloud.state()['storages'].values()
                  if item['access'] == 'public' and item['type'] == kind)
    for options in ({'state': 'imported', 'url': URL}, {'state': 'filesystem_resized'},
                    {'state': 'uploaded', 'path': str(path)}):
        for check in (True, False):
            failed(cloud.task(check, id=public, **options), 'precondition', 'public')
            assert cloud.sent(write=True) == []


def test_deletion_and_backups(cloud):
    ident = drive(cloud)
    backups = cloud.seed('backups', 2, origin=ident)
    kept = ok(cloud.task(check=True, id=ident, state='absent'))
    assert sorted(kept['kept_backups']) == sorted(backups)
    latest = ok(cloud.task(check=True, id=ident, state='absent', upcloud={'delete_backups': 'keep_latest'}))
    assert latest['kept_backups'] == backups[-1:]
    other = drive(cloud, name='other')
    first, last = cloud.seed('backups', 2, origin=other)
    real = ok(cloud.task(id=other, state='absent', upcloud={'delete_backups': 'keep_latest'}))
    assert real['kept_backups'] == [last] and last in drives(cloud) and first not in drives(cloud)
    third = drive(cloud, name='third')
    backup, = cloud.seed('backups', origin=third)
    assert ok(cloud.task(id=third, state='absent'))['kept_backups'] == [backup] and backup in drives(cloud)
    ok(cloud.task(id=backup, state='absent'))
    ok(cloud.task(id=last, state='absent'))
    assert ok(cloud.task(id=ident, state='absent', upcloud={'delete_backups': 'delete'}))['kept_backups'] == []
    assert drives(cloud) == {}


def test_attach_move_and_detach(cloud):
    ident, one = drive(cloud), server(cloud)
    two = server(cloud, name='web2.example.com')
    real = cycle(cloud, id=ident, server='web1.example.com', device='virtio:5')
    assert real['drive']['servers'] == [one]
    assert any(item['address'] == 'virtio:5' for item in cloud.state()['servers'][one]['devices'])
    failed(cloud.task(id=ident, server=two), 'precondition', one, 'detach: true')
    moved = cycle(cloud, id=ident, server=two, detach=True)
    assert moved['drive']['servers'] == [two]
    failed(cloud.task(id=ident, state='absent'), 'precondition', two, 'detach: true')
    assert cloud.sent(write=True) == []
    gone = cycle(cloud, id=ident, state='detached')
    assert gone['drive']['servers'] == []
    ok(cloud.task(id=ident, server=one))
    ok(cloud.task(id=ident, state='absent', detach=True))
    assert ident not in drives(cloud)


def test_a_new_drive_is_attached_at_once(cloud):
    one = server(cloud, state='started')
    assert cycle(cloud, **NEW, server='web1.example.com')['drive']['servers'] == [one]


def test_cdrom_is_loaded_and_ejected(cloud):
    one = server(cloud)
    cdroms = [item for item in cloud.state()['storages'].values() if item['type'] == 'cdrom']
    for item in cdroms[:2]:
        loaded = cycle(cloud, name=item['title'], type='cdrom', server=one)
        assert loaded['drive']['servers'] == [one]
    ejected = cycle(cloud, id=cdroms[1]['uuid'], state='detached', server=one)
    assert ejected['drive']['servers'] == []
    failed(cloud.task(id=cdroms[0]['uuid'], name='mine'), 'precondition', 'public')
    failed(cloud.task(id=cdroms[0]['uuid'], state='absent'), 'precondition', 'public')
    failed(cloud.task(name='Nothing', type='cdrom', server=one), 'precondition', 'Nothing', 'the nearest')


def test_a_cdrom_of_a_running_server(cloud):
    one = server(cloud)
    first, second = [item['title'] for item in cloud.state()['storages'].values() if item['type'] == 'cdrom'][:2]
    ok(cloud.task(name=first, type='cdrom', server=one))
    bare = server(cloud, name='web2.example.com', state='started')
    failed(cloud.task(name=first, type='cdrom', server=bare), 'precondition', 'must be stopped')
    assert cloud.sent(write=True) == []
    ok(cloud.api('POST /server/{uuid}/start', {'uuid': one}))
    assert cycle(cloud, name=second, type='cdrom', server=one)['drive']['servers'] == [one]
    assert cycle(cloud, name=second, type='cdrom', state='detached')['drive']['servers'] == []
    # The drive is empty now, and stays.
    assert cycle(cloud, name=first, type='cdrom', server=one)['drive']['servers'] == [one]
    assert cloud.state()['servers'][one]['state'] == 'started'


def test_what_is_being_copied_can_be_given_up(cloud):
    drive(cloud, name='first')
    for options in ({'name': 'second', 'clone_from': 'first'},
                    {'name': 'golden', 'type': 'template', 'clone_from': 'first'}):
        cloud.sandbox.faults(provider='upcloud', kind='job_hangs', operation='POST /storage/{uuid}/%s' % (
            'templatize' if 'type' in options else 'clone'))
        pending = ok(cloud.task(**options, wait=False))
        assert pending['job'] and len(drives(cloud)) == 2
        named = {key: options[key] for key in options if key != 'clone_from'}
        checked = ok(cloud.task(check=True, state='cancelled', **named))
        assert checked['changed'] and cloud.sent(write=True) == []
        real = ok(cloud.task(state='cancelled', **named))
        cloud.foretold(checked, real)
        assert cloud.sent(write=True) == ['POST /storage/{uuid}/cancel'] and len(drives(cloud)) == 1
        failed(cloud.task(state='cancelled', **named), 'not_found')
    # Nothing is under way, so nothing is given up.
    assert not ok(cloud.task(name='first', state='cancelled'))['changed'] and cloud.sent(write=True) == []


def test_favourite(cloud):
    ident = drive(cloud)
    assert cycle(cloud, id=ident, upcloud={'favorite': True})['drive']['provider_options']['favorite'] is True
    assert cycle(cloud, id=ident, upcloud={'favorite': False})['drive']['provider_options']['favorite'] is False
    cycle(cloud, name='loved', zone='fi-hel1', size_gb=1, upcloud={'favorite': True})


# -- growing ----------------------------------------------------------------------------------------------------------
def test_shrinking_and_growing_while_in_use_are_refused(cloud):
    ident, one = drive(cloud), server(cloud, state='started')
    failed(cloud.task(id=ident, size_gb=5), 'precondition', 'cannot be made smaller')
    ok(cloud.task(id=ident, server=one))
    for check in (True, False):
        failed(cloud.task(check=check, id=ident, size_gb=20), 'precondition', 'web1.example.com', 'stop it first')
        assert cloud.sent(write=True) == []


def test_filesystem_resize_once(cloud):
    ident = drive(cloud)
    real = ok(cloud.task(id=ident, size_gb=20, state='filesystem_resized', once='grown'))
    assert real['changed'] and real['resize_backup']['size_gb'] == 20 and real['drive']['size_gb'] == 20
    again = ok(cloud.task(id=ident, size_gb=20, state='filesystem_resized', once='grown'))
    assert not again['changed'] and cloud.sent(write=True) == []
    assert ok(cloud.task(id=ident, state='filesystem_resized'))['changed']
    one = server(cloud, state='started')
    ok(cloud.task(id=ident, server=one))
    failed(cloud.task(id=ident, state='filesystem_resized'), 'precondition', 'must be stopped')


# -- contents ---------------------------------------------------------------------------------------------------------
def test_import_from_a_url(cloud):
    options = dict(NEW, state='imported', url=URL, once='v1')
    checked = ok(cloud.task(check=True, **options))
    assert checked['changed'] and cloud.sent(write=True) == []
    real = ok(cloud.task(**options))
    assert checked['steps'] == real['steps'] and real['drive']['state'] == 'online'
    assert real['transfer']['bytes'] == 1048576 and len(real['transfer']['sha256']) == 64
    assert not ok(cloud.task(**options))['changed'] and cloud.sent(write=True) == []
    assert ok(cloud.task(**dict(options, once='v2')))['changed']


def test_import_that_fails_or_brings_something_else(cloud):
    ident = drive(cloud)
    cloud.sandbox.faults(provider='upcloud', operation='POST /storage/{uuid}/import', kind='job_fails')
    failed(cloud.task(id=ident, state='imported', url=URL), 'job_failed', 'The source could not be read')
    cloud.sandbox.drop_faults()
    failed(cloud.task(id=ident, state='imported', url=URL, checksum='sha256:' + '0' * 64), 'job_failed', 'checksum')


def test_an_import_under_way_is_gone_on_with_and_can_be_cancelled(cloud):
    ident = drive(cloud)
    cloud.sandbox.settings(job_seconds=30)
    secret = 'https://user:hunter2@images.example.com/disk.img'
    pending = ok(cloud.task(id=ident, state='imported', url=secret, wait=False))
    assert pending['job'] and 'hunter2' not in str(pending)
    failed(cloud.task(id=ident, state='imported', url=URL + '2'), 'precondition', 'another import')
    cloud.sandbox.advance(31)
    # Long enough to be under way yet.
    cloud.sandbox.settings(job_seconds=4)
    ok(cloud.task(id=ident, state='imported', url=secret, wait=False))
    real = cycle(cloud, id=ident, state='cancelled')
    assert real['drive']['state'] == 'online'


def test_direct_upload_sends_the_file_and_no_credentials(cloud):
    path = cloud.folder / 'disk.img'
    path.write_bytes(b'x' * 3_000_000)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    real = ok(cloud.task(name='up', zone='fi-hel1', state='uploaded', path=str(path), checksum='sha256:' + digest,
                         once='v1'))
    assert real['transfer'] == {'path': str(path), 'bytes': 3_000_000, 'sha256': digest, 'resumed_from': 0}
    assert real['drive']['size_gb'] == 1 and real['drive']['state'] == 'online'
    (task,) = cloud.state()['imports'].values()
    assert task['sha256sum'] == digest and task['state'] == 'completed'
    assert 'uploader/session' not in str(real)
    assert not ok(cloud.task(name='up', zone='fi-hel1', state='uploaded', path=str(path), once='v1'))['changed']


def test_a_bad_file_is_refused_before_anything_is_made(cloud):
    path, packed = cloud.folder / 'disk.img', cloud.folder / 'disk.gz'
    path.write_bytes(b'contents')
    packed.write_bytes(gzip.compress(b'contents')[:-3])
    new = {'name': 'up', 'zone': 'fi-hel1', 'size_gb': 1, 'state': 'uploaded', 'path': str(path)}
    for more in ({'checksum': 'sha256:' + '0' * 64}, {'compression': 'gzip'},
                 {'compression': 'gzip', 'path': str(packed)}):
        for check in (True, False):
            failed(cloud.task(check, **dict(new, **more)), 'input', *more.values())
            assert cloud.sent() == []


def test_direct_upload_of_a_compressed_file(cloud):
    path = cloud.folder / 'disk.img.gz'
    path.write_bytes(gzip.compress(b'x' * 3_000_000))
    ident = drive(cloud)
    ok(cloud.task(id=ident, state='uploaded', path=str(path), compression='gzip'))
    assert next(iter(cloud.state()['imports'].values()))['client_content_type'] == 'application/gzip'


def test_an_upload_that_broke_off_begins_anew(cloud):
    path = cloud.folder / 'disk.img'
    path.write_bytes(b'x' * 1000)
    ident = drive(cloud)
    cloud.sandbox.faults(provider='upcloud', operation='PUT {direct_upload_url}', kind='drop_before')
    assert failed(cloud.task(id=ident, state='uploaded', path=str(path)), 'outcome_unknown')
    ok(cloud.task(id=ident, state='uploaded', path=str(path)))
    assert next(iter(cloud.state()['imports'].values()))['state'] == 'completed'


def test_an_upload_whose_answer_is_lost_is_found(cloud):
    path = cloud.folder / 'disk.img'
    path.write_bytes(b'x' * 1000)
    ident = drive(cloud)
    cloud.sandbox.faults(provider='upcloud', operation='PUT {direct_upload_url}', kind='drop_after')
    real = ok(cloud.task(id=ident, state='uploaded', path=str(path)))
    assert real['changed'] and cloud.sent().count('PUT {direct_upload_url}') == 1
    digest = hashlib.sha256(b'x' * 1000).hexdigest()
    assert real['transfer'] == {'path': str(path), 'bytes': 1000, 'sha256': digest, 'resumed_from': 0}


@pytest.mark.parametrize('told, word', [
    ({'sha256sum': 'f' * 64}, 'f' * 64), ({'written_bytes': 100}, 'only 100'), ({'read_bytes': 100}, 'only 100')])
@pytest.mark.parametrize('wait', [True, False])
def test_an_upload_whose_answer_is_lost_must_have_arrived_as_it_was_sent(cloud, told, word, wait):
    path = cloud.folder / 'disk.img'
    path.write_bytes(b'x' * 1000)
    digest = hashlib.sha256(b'x' * 1000).hexdigest()
    ident = drive(cloud)
    wanted = {'id': ident, 'state': 'uploaded', 'path': str(path), 'checksum': 'sha256:' + digest, 'once': 'v1'}
    cloud.sandbox.faults(provider='upcloud', operation='PUT {direct_upload_url}', kind='drop_after')
    task = {'uuid': ident, 'state': 'completed', 'source': 'direct_upload', 'read_bytes': 1000,
            'written_bytes': 1000, 'sha256sum': digest, **told}
    cloud.sandbox.faults(provider='upcloud', operation='GET /storage/{uuid}/import', kind='body', times=9,
                         body=json.dumps({'storage_import': task}))
    result = cloud.task(wait=wait, **wanted)
    failed(result, 'malformed', word)
    assert result['changed'] and result['transfer'] is None
    cloud.sandbox.drop_faults()
    # It was not done, whatever the token.
    assert ok(cloud.task(**wanted))['changed'] and not ok(cloud.task(**wanted))['changed']


def test_a_file_larger_than_the_drive_is_not_sent(cloud):
    path = cloud.folder / 'disk.img'
    with open(path, 'wb') as target:
        target.truncate(2 * 1024 ** 3)
    failed(cloud.task(name='up', zone='fi-hel1', size_gb=1, state='uploaded', path=str(path)), 'input', 'too small')
    assert cloud.sent() == []
    failed(cloud.task(id=drive(cloud, size=1), state='uploaded', path=str(path)), 'precondition', str(1024 ** 3))
    assert cloud.sent(write=True) == []


# -- interruptions ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('kind', ['drop_after', 'timeout_after'])
def test_a_create_whose_answer_is_lost_makes_one_drive(cloud, kind):
    cloud.seed('storages', 110, zone='fi-hel1')
    cloud.sandbox.faults(provider='upcloud', operation='POST /storage', kind=kind)
    real = ok(cloud.task(**NEW, read_timeout=1.0))
    assert real['changed'] and len(drives(cloud)) == 111


def test_a_clone_that_is_not_waited_for(cloud):
    drive(cloud, name='first')
    cloud.sandbox.settings(job_seconds=30)
    pending = ok(cloud.task(name='second', clone_from='first', size_gb=20, wait=False))
    assert pending['job']['remaining'] and pending['drive']['state'] == 'busy'
    cloud.sandbox.advance(31)
    cloud.sandbox.settings(job_seconds=0.2)
    real = ok(cloud.task(name='second', clone_from='first', size_gb=20))
    assert real['drive']['size_gb'] == 20
    cloud.sandbox.settings(job_seconds=30)
    ok(cloud.task(name='third', clone_from='first', wait=False))
    gone = ok(cloud.task(name='third', state='cancelled'))
    assert gone['changed'] and gone['drive'] is None and len(drives(cloud)) == 2


def test_the_module_job_does_what_remains(cloud):
    path = cloud.folder / 'disk.img'
    path.write_bytes(b'x' * 1000)
    drive(cloud, name='first')
    handle = ok(cloud.task(name='second', clone_from='first', size_gb=20, wait=False))['job']
    upload = ok(cloud.task(name='third', zone='fi-hel1', state='uploaded', path=str(path), wait=False))['job']
    done = cloud.job(handle)
    assert done['jobs'][0]['result']['size_gb'] == 20, done
    # The drive was made and the file sent before a handle was given.
    imported = ok(cloud.task(name='fourth', zone='fi-hel1', size_gb=1, state='imported', url=URL, wait=False))
    assert URL not in str(imported['job']) and imported['drive']['name'] == 'fourth'
    done = cloud.job(upload, imported['job'])
    assert not done.get('failed'), done['msg']
    assert [each['result']['state'] for each in done['jobs']] == ['online', 'online']
    assert [each['state'] for each in cloud.state()['imports'].values()] == ['completed', 'completed']


def test_a_lost_attach_is_looked_at(cloud):
    ident, one = drive(cloud), server(cloud)
    cloud.sandbox.faults(provider='upcloud', operation='POST /server/{uuid}/storage/attach', kind='drop_after')
    assert ok(cloud.task(id=ident, server=one))['drive']['servers'] == [one]


# -- bad input --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('options, words', [
    ({'name': ' '}, ['name']),
    ({'id': 'nonsense'}, ['id']),
    (dict(NEW, size_gb=0.5), ['size_gb', '1']),
    (dict(NEW, size_gb=4097), ['size_gb', '4096']),
    (dict(NEW, size_gb=10.5), ['size_gb', 'whole']),
    (dict(NEW, tier='ssd'), ['tier', 'maxiops']),
    (dict(NEW, tags=['a']), ['tags', 'labels']),
    (dict(NEW, labels={'_x': 'y'}), ['labels', '_x']),
    (dict(NEW, backup_rule={'interval': 'daily'}), ['backup_rule', 'retention']),
    (dict(NEW, backup_rule=dict(RULE, time='2500')), ['time']),
    (dict(NEW, image='a', clone_from='b'), ['exclude']),
    (dict(NEW, once='x'), ['once']),
    (dict(NEW, url=URL), ['url', 'imported']),
    (dict(NEW, state='imported'), ['imported', 'url']),
    (dict(NEW, state='imported', url='ftp://x/y'), ['url', 'http']),
    (dict(NEW, state='uploaded'), ['uploaded', 'path']),
    (dict(NEW, state='uploaded', path='/not/there'), ['path', '/not/there']),
    (dict(NEW, state='uploaded', path='/etc/hostname', checksum='md5:1'), ['checksum', 'sha256']),
    ({'name': 'data', 'state': 'downloaded', 'path': '/tmp/x'}, ['downloaded']),
    (dict(NEW, device='virtio:1'), ['device', 'server']),
    (dict(NEW, cloudsigma={'claim_type': 'shared'}), ['cloudsigma']),
    (dict(NEW, upcloud={'delete_backups': 'keep'}), ['delete_backups', 'absent']),
], ids=str)
def test_bad_input_reaches_no_network(cloud, options, words):
    failed(cloud.task(**options), 'input', *words)
    assert cloud.sent() == []


@pytest.mark.parametrize('options, words', [
    ({'name': 'data'}, ['zone', 'size_gb']),
    (dict(NEW, zone='fi-hel9'), ['fi-hel9', 'fi-hel1']),
    ({'name': 'root', 'zone': 'fi-hel1', 'image': 'Debian Bulseye'}, ['Debian Bulseye', 'nearest']),
    ({'name': 'root', 'zone': 'fi-hel1', 'image': NATIVE, 'size_gb': 1}, ['size_gb', NATIVE]),
    ({'name': 'copy', 'clone_from': 'nothing'}, ['nothing']),
    (dict(NEW, server='01000000-0000-4000-8000-000000000000'), ['server']),
], ids=str)
def test_refused_after_reads_without_a_write(cloud, options, words):
    for check in (True, False):
        failed(cloud.task(check=check, **options), 'precondition', *words)
        assert cloud.sent(write=True) == []


def test_ambiguous_and_absent(cloud):
    idents = [drive(cloud), drive(cloud)]
    failed(cloud.task(name='data', state='absent'), 'ambiguous', *idents)
    failed(cloud.task(id='01000000-0000-4000-8000-000000000000', name='x'), 'not_found')
    failed(cloud.task(name='other', state='detached'), 'not_found')
    failed(cloud.task(name='data', id=idents[0], tier='standard', zone='de-fra1'), 'precondition', 'tier', 'zone')


def test_hostile_values_come_back_as_they_are(cloud):
    name = "{{ lookup('pipe', 'id') }} <b>' \" \\ ü \u202e"
    real = cycle(cloud, name=name, zone='fi-hel1', size_gb=1, labels={'k': '{{ 7 * 7 }}'})
    assert real['drive']['name'] == name and real['drive']['labels'] == {'k': '{{ 7 * 7 }}'}


def test_info(cloud):
    ident = drive(cloud, labels=[{'key': 'env', 'value': 'prod'}])
    drive(cloud, name='other', tier='standard')
    assert [item['id'] for item in cloud.info(filters={'labels': {'env': 'prod'}})['drives']] == [ident]
    assert [item['name'] for item in cloud.info(filters={'tier': ['standard']})['drives']] == ['other']
    (shown,) = cloud.info(id=ident)['drives']
    assert shown['servers'] == [] and shown['backup_rule'] == {}
    (listed,) = cloud.info(name='data')['drives']
    assert listed['servers'] is None
    assert cloud.info(name='data', details=True)['drives'] == [shown]
    assert cloud.info(id='01000000-0000-4000-8000-000000000000')['drives'] == []
