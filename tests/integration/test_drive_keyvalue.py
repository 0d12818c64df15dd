# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive module on CloudSigma and ElasticHosts, against the sandbox."""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import os
import random
import subprocess
import sys

import pytest
from drive_cloud import Cloud, cycle, failed, ok

from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue.server_drives import EMPTY, staged

GIB, MIB = 1024 ** 3, 1024 ** 2
IMAGE = {'cloudsigma': 'Debian 12 64bit Pre-Installed', 'elastichosts': 'Debian Linux 12'}
WRITE = 'POST /drives/{uuid}/write[/{offset}]'
READ = 'GET /drives/{uuid}/read/{offset}/{size}'


@pytest.fixture(params=['cloudsigma', 'elastichosts'])
def cloud(request, sandbox, tmp_path):
    sandbox.reset()
    yield Cloud(request.param, sandbox, tmp_path)
    sandbox.reset()


def drives(cloud):
    return cloud.state()['drives']


def drive(cloud, **options):
    return cloud.seed('drives', **{'name': 'data', 'size': GIB, **options})[0]


def with_server(cloud, **options):
    """(server, its only drive)."""
    ident = cloud.seed('servers', **{'name': 'web1', 'drives': 1, 'drive_size': GIB, **options})[0]
    config = cloud.state()['servers'][ident]
    return ident, next(value for key, value in config.items() if key in ('ide:0:0', 'block:0'))


def config_drives(config):
    """The devices of a server, without their media."""
    return ' '.join(key for key in config if key.startswith(('ide:', 'block:')) and not key.endswith(':media'))


def contents(cloud, size=10 * MIB + 12345, seed=1):
    """A file with noise in its first and last pieces and a hole between."""
    path = cloud.folder / 'disk.img'
    noise = random.Random(seed)
    with open(path, 'wb') as target:
        target.write(noise.randbytes(5 * MIB))
        target.seek(size - 100)
        target.write(noise.randbytes(100))
    return path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# -- the way of a drive -----------------------------------------------------------------------------------------------
def test_create_update_delete_and_repeats(cloud):
    own = {cloud.provider: {'claim_type': 'shared', 'readers': ['ffffffff-ffff-ffff-ffff-ffffffffffff']}}
    made = cycle(cloud, name='data', size_gb=10, tags=['b', 'a'], encrypted=False, **own)
    shown = made['drive']
    assert shown['size_gb'] == 10 and shown['tags'] == ['a', 'b'] and shown['encrypted'] is False
    assert shown['state'] == 'online' and shown['provider_options']['claim_type'] == 'shared'
    changed = cycle(cloud, id=shown['id'], name='data2', size_gb=20, tags=[])
    assert changed['drive']['name'] == 'data2' and changed['drive']['tags'] == []
    assert cloud.state()['drives'][shown['id']]['size'] in (20 * GIB, str(20 * GIB))
    checked = ok(cloud.task(check=True, name='data2', state='absent'))
    real = ok(cloud.task(name='data2', state='absent'))
    cloud.foretold(checked, real)
    assert drives(cloud) == {}
    assert not ok(cloud.task(name='data2', state='absent'))['changed']
    assert not ok(cloud.task(id=shown['id'], state='absent'))['changed']


def test_repeats_read_once(cloud):
    ok(cloud.task(name='data', size_gb=1))
    ok(cloud.task(name='data', size_gb=1))
    assert cloud.sent() == ['GET /drives/info']


def test_a_list_whose_body_was_lost_is_not_taken_for_no_drives(cloud):
    ok(cloud.task(name='data', size_gb=1))
    cloud.sandbox.faults(provider=cloud.provider, operation='GET /drives/info', kind='empty', times=0)
    for check in (True, False):
        failed(cloud.task(check, name='data', size_gb=1), 'malformed', 'GET /drives/list is not')
        assert cloud.sent(write=True) == []


def test_sizes_that_the_provider_rounds_are_equal(cloud):
    made = cycle(cloud, name='odd', size_gb=1.3)
    assert made['drive']['size_gb'] == pytest.approx(1.3, abs=0.005)
    failed(cloud.task(name='odd', size_gb=1), 'precondition', 'cannot be made smaller')


def test_from_an_image_and_from_a_drive(cloud):
    made = cycle(cloud, name='root', image=IMAGE[cloud.provider], size_gb=20, tags=['x'])
    assert made['drive']['size_gb'] == 20 and made['drive']['tags'] == ['x'] and made['drive']['state'] == 'online'
    copy = cycle(cloud, name='copy', clone_from='root')
    assert copy['drive']['size_gb'] == 20
    assert sorted(item['name'] for item in drives(cloud).values()) == ['copy', 'root']


def test_a_copy_of_a_drive_that_a_running_server_has(cloud):
    server, ident = with_server(cloud, status='active')
    before = set(drives(cloud))
    for check in (True, False):
        result = cloud.task(check, name='copy', clone_from=ident)
        if cloud.provider == 'elastichosts':
            failed(result, 'precondition', server, 'stop that first')
            assert cloud.sent(write=True) == []
        else:
            # Nobody knows whether it is refused: that is told before, and nothing is left of it where it is.
            assert server in result['notes'][0] and bool(result.get('failed')) != check
    assert set(drives(cloud)) == before
    shared = drive(cloud, name='shared', **{'claim:type': 'shared'})
    cloud.seed('servers', **{'name': 'web2', 'status': 'active', 'drives': 0, 'ide:0:0': shared, 'boot': 'ide:0:0'})
    copied = ok(cloud.task(name='copy', clone_from=shared))
    assert copied['drive']['name'] == 'copy' and copied['notes'] == []


def test_a_copy_of_a_drive_that_is_being_filled(cloud):
    cloud.sandbox.settings(job_seconds=30)
    full, filled = drive(cloud, name='full'), drive(cloud, name='filled')
    if cloud.provider == 'elastichosts':
        cloud.api('POST /drives/{uuid}/image/{source}[/{conversion}]', {'uuid': filled, 'source': full}, wait=False)
    else:
        answer = cloud.api('POST /drives/{uuid}/clone', {'uuid': full, 'name': 'filled'}, wait=False)
        filled = answer['answer']['drive']
    for check in (True, False):
        failed(cloud.task(check, name='copy', clone_from=filled), 'precondition', 'being filled itself')
        assert cloud.sent(write=True) == []
    # The other one has all its contents: to copy it once more takes longer at most.
    assert ok(cloud.task(name='copy', clone_from='full', wait=False))['changed']
    cloud.sandbox.settings(job_seconds=0.2)


def test_a_copy_of_a_drive_that_is_not_filled_yet_at_elastichosts(sandbox, tmp_path):
    sandbox.reset()
    cloud = Cloud('elastichosts', sandbox, tmp_path)
    ok(cloud.task(name='root', image=IMAGE['elastichosts'], wait=False))
    draft, = drives(cloud)
    failed(cloud.task(name='copy', clone_from=draft), 'precondition', 'being filled itself')
    assert list(drives(cloud)) == [draft]
    sandbox.reset()


def test_a_copy_that_was_interrupted_is_gone_on_with(cloud):
    cloud.sandbox.settings(job_seconds=30)
    pending = ok(cloud.task(name='root', image=IMAGE[cloud.provider], wait=False))
    assert pending['job']
    cloud.sandbox.advance(31)
    cloud.sandbox.settings(job_seconds=0.2)
    real = ok(cloud.task(name='root', image=IMAGE[cloud.provider]))
    assert real['drive']['name'] == 'root' and real['drive']['state'] == 'online'
    assert [item['name'] for item in drives(cloud).values()] == ['root']
    assert not ok(cloud.task(name='root', image=IMAGE[cloud.provider]))['changed']


def test_a_create_whose_answer_is_lost_makes_one_drive(cloud):
    cloud.sandbox.faults(provider=cloud.provider, operation='POST /drives/create', kind='drop_after')
    assert ok(cloud.task(name='data', size_gb=1))['changed']
    assert len(drives(cloud)) == 1


def test_a_drive_in_use(cloud):
    server, ident = with_server(cloud, status='active')
    assert ok(cloud.task(id=ident))['drive']['servers'] == [server]
    failed(cloud.task(id=ident, size_gb=5), 'precondition', server, 'stop')
    failed(cloud.task(id=ident, state='absent'), 'precondition', server, 'detach: true')
    failed(cloud.task(id=ident, state='absent', detach=True), 'precondition', server, 'must be stopped')
    failed(cloud.task(id=ident, state='uploaded', path=str(contents(cloud))), 'precondition', server)
    assert cloud.sent(write=True) == []


def test_a_drive_of_a_stopped_server_is_detached_first(cloud):
    server, ident = with_server(cloud, status='stopped')
    failed(cloud.task(id=ident, state='absent'), 'precondition', server, 'detach: true')
    cycle(cloud, id=ident, state='detached')
    config = cloud.state()['servers'][server]
    assert ident not in config.values() and not config.get('boot')


def test_a_drive_is_not_destroyed_on_the_word_of_a_list_whose_body_was_lost(cloud):
    ident = with_server(cloud, status='stopped')[1]
    cloud.sandbox.faults(provider=cloud.provider, operation='GET /servers/info', kind='empty', times=0)
    failed(cloud.task(id=ident, state='absent'), 'malformed', 'GET /servers/list is not')
    assert cloud.sent(write=True) == []


def test_a_drive_of_several_servers_is_detached_from_each_and_destroyed(cloud):
    server, ident = with_server(cloud, status='stopped')
    other = drive(cloud, name='other')
    second = cloud.seed('servers', **{'name': 'web2', 'status': 'stopped', 'drives': 0, 'ide:0:0': ident,
                                      'ide:0:1': other, 'block:3': ident, 'boot': 'ide:0:0 ide:0:1 block:3'})[0]
    failed(cloud.task(id=ident, state='absent'), 'precondition', server, second, 'detach: true')
    checked = ok(cloud.task(check=True, id=ident, state='absent', detach=True))
    assert cloud.sent(write=True) == []
    real = ok(cloud.task(id=ident, state='absent', detach=True))
    cloud.foretold(checked, real)
    assert cloud.sent(write=True) == ['POST /servers/{uuid}/set'] * 2 + ['POST /drives/{uuid}/destroy']
    assert list(drives(cloud)) == [other]
    config = cloud.state()['servers'][second]
    assert config['boot'] == config_drives(config) == 'ide:0:1'
    assert not ok(cloud.task(id=ident, state='absent', detach=True))['changed']
    assert cloud.sent(write=True) == []


def test_a_handle_that_was_finished_before_writes_nothing_to_the_drive(cloud):
    handle = ok(cloud.task(name='root', image=IMAGE[cloud.provider], wait=False))['job']
    done = ok(cloud.job(handle))
    ident = done['jobs'][0]['result']['id']
    for name, status in (('web1', 'stopped'), ('web2', 'active')):
        cloud.seed('servers', **{'name': name, 'status': status, 'drives': 0, 'ide:0:0': ident, 'boot': 'ide:0:0'})
        cloud.sandbox.forget()
        again = ok(cloud.job(handle))
        assert not again['changed'] and cloud.sent(write=True) == []
        assert again['jobs'][0]['result']['name'] == 'root'


# -- contents ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('compress', [True, False])
def test_upload_and_download(cloud, compress):
    path, back = contents(cloud), cloud.folder / 'back.img'
    options = {'name': 'data', 'state': 'uploaded', 'path': str(path), 'once': 'v1', 'compress': compress}
    checked = ok(cloud.task(check=True, **options))
    assert checked['changed'] and cloud.sent(write=True) == []
    real = ok(cloud.task(**options))
    assert real['steps'] == checked['steps']
    size = path.stat().st_size
    assert real['transfer'] == {'path': str(path), 'bytes': size, 'sha256': digest(path), 'resumed_from': 0}
    assert cloud.sent(write=True) == ['POST /drives/create'] + [WRITE] * 3
    assert not ok(cloud.task(**options))['changed'] and cloud.sent(write=True) == []

    down = {'name': 'data', 'state': 'downloaded', 'path': str(back)}
    assert ok(cloud.task(check=True, **down))['changed'] and not back.exists()
    read = ok(cloud.task(**down))
    assert read['changed'] and cloud.sent(write=True) == []
    assert back.read_bytes()[:size] == path.read_bytes()
    assert read['transfer']['bytes'] == back.stat().st_size == 12 * MIB
    assert read['transfer']['sha256'] == digest(back)
    again = ok(cloud.task(**down))
    assert not again['changed'] and again['notes'] and READ not in cloud.sent()
    assert ok(cloud.task(force=True, **down))['changed']


PACKERS = {'gzip': gzip.compress, 'xz': lambda data: lzma.compress(data, preset=0)}


@pytest.mark.parametrize('compression, pack', PACKERS.items())
def test_a_compressed_file_is_unpacked_on_the_way(cloud, compression, pack):
    path = contents(cloud)
    packed = cloud.folder / 'disk.packed'
    packed.write_bytes(pack(path.read_bytes()))
    ident = drive(cloud)
    real = ok(cloud.task(id=ident, state='uploaded', path=str(packed), compression=compression))
    assert real['transfer']['sha256'] == digest(path) and real['transfer']['bytes'] == path.stat().st_size
    small, cut, nothing = drive(cloud, name='small', size=4 * MIB), cloud.folder / 'cut', cloud.folder / 'nothing'
    cut.write_bytes(packed.read_bytes()[:-20])
    nothing.write_bytes(pack(b''))
    for check in (True, False):
        def upload(file, kind, *words, check=check, **options):
            failed(cloud.task(check, state='uploaded', path=str(file), compression=compression, **options), kind,
                   *words)
        for file, words in ((cut, [compression]), (path, [compression]), (nothing, ['empty'])):
            upload(file, 'input', *words, id=ident)
            assert cloud.sent() == []
        upload(packed, 'input', 'size_gb', name='new', size_gb=0.001)
        assert cloud.sent() == []
        upload(packed, 'precondition', str(4 * MIB), str(path.stat().st_size), id=small)
        assert cloud.sent(write=True) == []
    assert {item['name'] for item in drives(cloud).values()} == {'data', 'small'}


def test_an_upload_goes_on_where_it_was_interrupted(cloud):
    path, ident = contents(cloud, size=30 * MIB), drive(cloud, size=32 * MIB)
    options = {'id': ident, 'state': 'uploaded', 'path': str(path), 'once': 'v1'}
    cloud.sandbox.faults(provider=cloud.provider, operation=WRITE, kind='status', status=404, nth=5, times=0)
    broken = cloud.task(**options)
    assert broken['failed'] and broken['changed'] and 'Sent %d bytes' % (16 * MIB) in broken['msg']
    cloud.sandbox.drop_faults()
    real = ok(cloud.task(**options))
    assert real['transfer']['resumed_from'] == 16 * MIB and real['transfer']['sha256'] == digest(path)
    assert cloud.sent(write=True) == [WRITE] * 4
    back = cloud.folder / 'back.img'
    ok(cloud.task(id=ident, state='downloaded', path=str(back)))
    with open(back, 'rb') as source:
        assert hashlib.sha256(source.read(30 * MIB)).hexdigest() == digest(path)


def test_another_file_of_the_same_name_is_not_gone_on_with(cloud):
    path, ident = contents(cloud), drive(cloud)
    cloud.sandbox.faults(provider=cloud.provider, operation=WRITE, kind='status', status=404, nth=2, times=0)
    assert cloud.task(id=ident, state='uploaded', path=str(path))['failed']
    cloud.sandbox.drop_faults()
    contents(cloud, seed=2)
    real = ok(cloud.task(id=ident, state='uploaded', path=str(path)))
    assert real['transfer']['resumed_from'] == 0 and cloud.sent(write=True) == [WRITE] * 3


def test_lost_answers_are_sent_again(cloud):
    path, ident = contents(cloud), drive(cloud)
    cloud.sandbox.faults(provider=cloud.provider, operation=WRITE, kind='drop_after', nth=2)
    real = ok(cloud.task(id=ident, state='uploaded', path=str(path)))
    assert real['stats']['retries'] == 1 and real['transfer']['sha256'] == digest(path)


def test_a_download_goes_on_where_it_was_interrupted(cloud):
    path, ident, back = contents(cloud), drive(cloud, size=16 * MIB), cloud.folder / 'back.img'
    ok(cloud.task(id=ident, state='uploaded', path=str(path)))
    down = {'id': ident, 'state': 'downloaded', 'path': str(back)}
    cloud.sandbox.faults(provider=cloud.provider, operation=READ, kind='status', status=404, nth=3, times=0)
    broken = cloud.task(**down)
    assert broken['failed'] and 'Read %d bytes' % (8 * MIB) in broken['msg'] and not back.exists()
    cloud.sandbox.drop_faults()
    real = ok(cloud.task(**down))
    assert real['transfer']['resumed_from'] == 8 * MIB and cloud.sent().count(READ) == 3
    assert back.read_bytes()[:path.stat().st_size] == path.read_bytes()
    assert not os.path.exists(str(back) + '.part')


def interrupted(cloud, operation, **options):
    """A transfer of which the second piece fails."""
    cloud.sandbox.faults(provider=cloud.provider, operation=operation, kind='status', status=404, nth=2, times=0)
    assert 'goes on there' in cloud.task(**options)['msg']
    cloud.sandbox.drop_faults()


def test_an_upload_does_not_go_on_over_other_contents(cloud):
    path, ident, other = contents(cloud), drive(cloud, size=12 * MIB), cloud.folder / 'other.img'
    other.write_bytes(b'other')
    options = {'id': ident, 'state': 'uploaded', 'path': str(path)}
    interrupted(cloud, WRITE, **options)
    ok(cloud.task(id=ident, state='uploaded', path=str(other)))
    assert ok(cloud.task(**options))['transfer']['resumed_from'] == 0
    assert cloud.task(id=ident, state='downloaded', path=str(cloud.folder / 'back'))['transfer']
    assert (cloud.folder / 'back').read_bytes()[:path.stat().st_size] == path.read_bytes()
    interrupted(cloud, WRITE, **options)
    assert ok(cloud.task(force=True, **options))['transfer']['resumed_from'] == 0


def test_a_download_does_not_go_on_with_other_contents(cloud):
    path, ident, back = contents(cloud), drive(cloud, size=12 * MIB), cloud.folder / 'back.img'
    options = {'id': ident, 'state': 'downloaded', 'path': str(back)}
    interrupted(cloud, READ, **options)
    ok(cloud.task(id=ident, state='uploaded', path=str(path)))
    assert ok(cloud.task(**options))['transfer']['resumed_from'] == 0
    assert back.read_bytes()[:path.stat().st_size] == path.read_bytes()


def test_the_module_api_puts_an_end_to_what_was_under_way(cloud):
    path, ident = contents(cloud), drive(cloud, size=12 * MIB)
    options = {'id': ident, 'state': 'uploaded', 'path': str(path)}
    interrupted(cloud, WRITE, **options)
    done = cloud.api(WRITE, {'uuid': ident, 'offset': 0, 'data': 'x'})
    assert done['error'] is None, done
    assert ok(cloud.task(**options))['transfer']['resumed_from'] == 0


def test_an_image_puts_an_end_to_what_was_under_way(sandbox, tmp_path):
    sandbox.reset()
    cloud = Cloud('elastichosts', sandbox, tmp_path)
    # What a copy that was interrupted leaves, and somebody then wrote to.
    source = drive(cloud, name='source', size=16 * MIB)
    ident = drive(cloud, name=staged('root', EMPTY, source), size=32 * MIB)
    path = contents(cloud)
    interrupted(cloud, WRITE, id=ident, state='uploaded', path=str(path))
    ok(cloud.task(name='root', clone_from='source', size_gb=0.03))
    assert drives(cloud)[ident]['name'] == 'root'
    assert ok(cloud.task(name='root', state='uploaded', path=str(path)))['transfer']['resumed_from'] == 0
    sandbox.reset()


def test_checksums(cloud):
    path, ident, back = contents(cloud), drive(cloud, size=12 * MIB), cloud.folder / 'back.img'
    wrong = 'sha256:' + '0' * 64
    for check in (True, False):
        for named in ({'id': ident}, {'name': 'new', 'size_gb': 1}):
            failed(cloud.task(check, state='uploaded', path=str(path), checksum=wrong, **named), 'input',
                   'checksum', digest(path))
            assert cloud.sent() == []
    ok(cloud.task(id=ident, state='uploaded', path=str(path), checksum='sha256:' + digest(path)))
    failed(cloud.task(id=ident, state='downloaded', path=str(back), checksum=wrong), 'malformed', 'not kept')
    # A file is not read for what was done before.
    once = {'id': ident, 'state': 'uploaded', 'path': str(path), 'checksum': 'sha256:' + digest(path), 'once': 'v1'}
    ok(cloud.task(**once))
    path.write_bytes(b'another one')
    assert not ok(cloud.task(**once))['changed']
    assert not back.exists() and not os.path.exists(str(back) + '.part')


def test_a_file_with_another_checksum_is_read_anew(cloud):
    ident, back = drive(cloud, size=12 * MIB), cloud.folder / 'back.img'
    wanted = hashlib.sha256(bytes(12 * MIB)).hexdigest()
    down = {'id': ident, 'state': 'downloaded', 'path': str(back), 'checksum': 'sha256:' + wanted.upper()}
    back.write_bytes(b'garbage')
    checked = ok(cloud.task(check=True, **down))
    assert checked['changed'] and digest(back) in checked['notes'][0] and back.read_bytes() == b'garbage'
    real = ok(cloud.task(**down))
    cloud.foretold(checked, real)
    assert real['transfer']['sha256'] == wanted == digest(back)
    for check in (True, False):
        again = ok(cloud.task(check, **down))
        assert not again['changed'] and READ not in cloud.sent()
    # Where the drive has not what is wanted either, what is there stays.
    back.write_bytes(b'garbage')
    other = dict(down, checksum='sha256:' + '0' * 64)
    assert 'not kept' in failed(cloud.task(**other), 'malformed') and back.read_bytes() == b'garbage'


def test_a_truncated_read_is_asked_for_again(cloud):
    ident, back = drive(cloud, size=4 * MIB), cloud.folder / 'back.img'
    cloud.sandbox.faults(provider=cloud.provider, operation=READ, kind='truncate')
    ok(cloud.task(id=ident, state='downloaded', path=str(back)))
    assert back.stat().st_size == 4 * MIB


MEASURED = '''
import resource, sys
sys.path.insert(0, sys.argv[1])
import conftest
import pathlib
from drive_cloud import Cloud, ok
import sandbox_client
import json
cloud = Cloud(sys.argv[2], sandbox_client.Sandbox(json.loads(sys.argv[3])), pathlib.Path(sys.argv[4]))
ok(cloud.task(name='small', size_gb=0.01))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
options = {'wait_timeout': 300, 'name': 'big', 'path': sys.argv[4] + '/big.img'}
ok(cloud.task(state='uploaded', **options))
ok(cloud.task(**dict(options, state='downloaded', path=sys.argv[4] + '/back.img')))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
'''


def test_memory_stays_flat(cloud):
    """A process that sends and reads 400 MiB grows by a few chunks only."""
    with open(cloud.folder / 'big.img', 'wb') as target:
        target.truncate(400 * MIB)
    done = subprocess.run(
        [sys.executable, '-c', MEASURED, os.path.dirname(os.path.dirname(__file__)), cloud.provider,
         json.dumps(cloud.sandbox.env), str(cloud.folder)], capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 64, done.stdout
    back = (cloud.folder / 'back.img').stat()
    # What is zeros on the drive takes no room in the file.
    assert back.st_size == 400 * MIB and back.st_blocks * 512 < MIB


# -- bad input --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('options, words', [
    ({'name': ' x'}, ['name']),
    ({'name': 'a &amp; b', 'size_gb': 1}, ['name', 'entity']),
    ({'id': 'nonsense'}, ['id', 'UUID']),
    ({'name': 'x', 'size_gb': 0}, ['size_gb']),
    ({'name': 'x', 'size_gb': 1, 'tags': ['a b']}, ['tags']),
    ({'name': 'x', 'size_gb': 1, 'zone': 'zrh'}, ['zone', 'endpoint']),
    ({'name': 'x', 'size_gb': 1, 'server': 'web1'}, ['server', 'drives']),
    ({'name': 'x', 'size_gb': 1, 'state': 'imported', 'url': 'https://e.com/x'}, ['imported', 'uploaded']),
    ({'name': 'x', 'state': 'filesystem_resized'}, ['filesystem_resized', 'within']),
    ({'name': 'x', 'state': 'cancelled'}, ['cancelled']),
    ({'name': 'x', 'image': 'a', 'clone_from': 'b'}, ['exclude']),
    ({'name': 'x', 'state': 'uploaded'}, ['path']),
    ({'name': 'x', 'state': 'uploaded', 'path': '/'}, ['path']),
    ({'name': 'x', 'state': 'uploaded', 'path': '/etc/passwd', 'size_gb': 0.000001}, ['size_gb']),
    ({'name': 'x', 'state': 'downloaded', 'path': '/not/there/x'}, ['path']),
    ({'name': 'x', 'upcloud': {'favorite': True}}, ['upcloud']),
], ids=str)
def test_bad_input_reaches_no_network(cloud, options, words):
    failed(cloud.task(**options), 'input', *words)
    assert cloud.sent() == []


def test_refused_after_reads_without_a_write(cloud):
    image = IMAGE[cloud.provider]
    for options, words in (
            ({'name': 'x'}, ['size_gb']), ({'name': 'x', 'image': 'Debian'}, ['Debian', 'nearest']),
            ({'name': 'x', 'image': image, 'size_gb': 0.5}, ['size_gb', image]),
            ({'name': 'x', 'clone_from': 'nothing'}, ['nothing'])):
        for check in (True, False):
            failed(cloud.task(check=check, **options), 'precondition', *words)
            assert cloud.sent(write=True) == []


def test_ambiguous_and_absent(cloud):
    idents = [drive(cloud), drive(cloud)]
    failed(cloud.task(name='data', state='absent'), 'ambiguous', *idents)
    failed(cloud.task(id='01000000-0000-4000-8000-000000000000', name='x'), 'not_found')
    failed(cloud.task(name='other', state='downloaded', path='/tmp/x'), 'not_found')


def test_a_copy_that_failed_is_told(cloud):
    operation = {'cloudsigma': 'POST /drives/{uuid}/clone',
                 'elastichosts': 'POST /drives/{uuid}/image/{source}[/{conversion}]'}[cloud.provider]
    cloud.sandbox.faults(provider=cloud.provider, operation=operation, kind='job_fails')
    options = {'name': 'root', 'image': IMAGE[cloud.provider]}
    failed(cloud.task(**options), 'job_failed', 'inactive')
    cloud.sandbox.drop_faults()
    again = cloud.task(**options)
    assert again['failed'] and 'inactive' in again['msg']


def test_hostile_values_come_back_as_they_are(cloud):
    name = "{{ lookup('pipe', 'id') }} <b>' \" \\ ü"
    real = cycle(cloud, name=name, size_gb=1)
    assert real['drive']['name'] == name


def test_info(cloud):
    ident = drive(cloud, tags='a b')
    drive(cloud, name='other')
    (shown,) = cloud.info(filters={'tags': ['a']})['drives']
    assert shown['id'] == ident and shown['size_gb'] == 1 and cloud.sent() == ['GET /drives/info']
    assert cloud.info(id=ident)['drives'] == [shown]
    assert cloud.info(id='01000000-0000-4000-8000-000000000000')['drives'] == []


def test_labels_and_tier_of_elastichosts(sandbox, tmp_path):
    sandbox.reset()
    cloud = Cloud('elastichosts', sandbox, tmp_path)
    made = cycle(cloud, name='data', size_gb=1, tier='ssd', labels={'env': 'prod', 'n': 1})
    assert made['drive']['labels'] == {'env': 'prod', 'n': '1'} and made['drive']['tier'] == 'ssd'
    assert cycle(cloud, name='data', labels={'n': 2}, purge_labels=True)['drive']['labels'] == {'n': '2'}
    failed(cloud.task(name='data', tier='disk'), 'precondition', 'tier')
    filled = cycle(cloud, name='root', image=IMAGE['elastichosts'], labels={'a': 'b'}, tier='ssd')
    assert filled['drive']['labels'] == {'a': 'b'} and filled['drive']['tier'] == 'ssd'
    sandbox.reset()


IMAGE_STEP = 'POST /drives/{uuid}/image/{source}[/{conversion}]'


@pytest.mark.parametrize('fault', [
    {'operation': IMAGE_STEP, 'kind': 'status', 'status': 404}, {'operation': IMAGE_STEP, 'kind': 'drop_before'},
    {'operation': IMAGE_STEP, 'kind': 'drop_after'}, {'operation': 'POST /drives/create', 'kind': 'drop_after'},
    {'operation': 'POST /drives/{uuid}/set', 'kind': 'status', 'status': 404}],
    ids=lambda fault: '%s %s' % (fault['operation'].rpartition('/')[2], fault['kind']))
def test_a_copy_at_elastichosts_that_broke_off_anywhere(sandbox, tmp_path, fault):
    sandbox.reset()
    cloud = Cloud('elastichosts', sandbox, tmp_path)
    sandbox.faults(provider='elastichosts', **fault)
    options = {'name': 'root', 'image': IMAGE['elastichosts'], 'size_gb': 5}
    first = cloud.task(**options)
    sandbox.drop_faults()
    if first.get('failed'):
        checked = ok(cloud.task(check=True, **options))
        second = ok(cloud.task(**options))
        assert second['changed']
        cloud.foretold(checked, second)
    assert [item['name'] for item in drives(cloud).values()] == ['root']
    assert not ok(cloud.task(**options))['changed']
    sandbox.reset()
