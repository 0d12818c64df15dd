# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server module on UpCloud, against the sandbox: what is done, what is sent, and what is not."""

from __future__ import annotations

import json
import time

import playing
import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.client import UpCloudClient
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

NATIVE = 'Debian GNU/Linux 11 (Bullseye)'
CLOUD_INIT = 'Ubuntu Server 24.04 LTS (Noble Numbat)'
KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN me@example.com'
NAME = 'web1.example.com'
NEW = {'name': NAME, 'zone': 'fi-hel1', 'plan': '2xCPU-4GB', 'image': NATIVE, 'ssh_keys': [KEY]}


class Cloud(runs.Runs):
    """UpCloud in the sandbox."""

    task = runs.Runs.run

    def __init__(self, sandbox, folder):
        super().__init__(sandbox, folder, SERVER, 'upcloud')

    def servers(self):
        return self.state()['servers']

    def storages(self):
        found = self.state()['storages']
        return {ident: storage for ident, storage in found.items() if storage['access'] == 'private'}

    def server(self, **options):
        """The id of a server that is there already."""
        return self.seed('servers', **{'name': NAME, **options})[0]

    def network(self):
        """The id of a private network."""
        return self.seed('networks', zone='fi-hel1', address='10.8.0.0/24')[0]


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    yield Cloud(sandbox, tmp_path)
    sandbox.reset()


def cycle(cloud, **options):
    return cloud.cycle(**options)


# -- the way of a server ----------------------------------------------------------------------------------------------
def test_create_and_repeat(cloud):
    real = cycle(cloud, **NEW, tags=['Prod', 'web'], labels={'env': 'prod', 'n': 1},
                 upcloud={'title': 'The web', 'timezone': 'Europe/Helsinki', 'simple_backup': '0430,dailies',
                          'firewall': False, 'remote_access_enabled': True, 'boot_order': 'disk,cdrom'})
    server = real['server']
    assert server['name'] == NAME and server['state'] == 'running' and server['provider_state'] == 'started'
    assert server['zone'] == 'fi-hel1' and server['plan'] == '2xCPU-4GB'
    assert server['cpu_cores'] == 2 and server['memory_mb'] == 4096
    assert server['tags'] == ['prod', 'web'] and server['labels'] == {'env': 'prod', 'n': '1'}
    assert len(server['public_ipv4']) == len(server['public_ipv6']) == len(server['utility_ipv4']) == 1
    assert server['private_ipv4'] == []
    assert [(drive['size_gb'], drive['tier']) for drive in server['drives']] == [(80, 'maxiops')]
    assert server['provider_options']['firewall'] is False
    assert server['provider_options']['timezone'] == 'Europe/Helsinki'
    (made,) = cloud.servers().values()
    assert made['login']['ssh_keys'] == [KEY] and made['title'] == 'The web'


def test_create_asks_little(cloud):
    runs.ok(cloud.task(**NEW))
    assert sorted(cloud.sent()[:4]) == ['GET /plan', 'GET /server', 'GET /storage/template', 'GET /zone']
    assert cloud.sent(write=True) == ['POST /server']


def test_a_repeat_reads_twice(cloud):
    runs.ok(cloud.task(**NEW))
    runs.ok(cloud.task(**NEW))
    assert cloud.sent() == ['GET /server', 'GET /server/{uuid}']


def test_cores_and_memory(cloud):
    options = dict(NEW, cpu_cores=2, memory_mb=3072, size_gb=20)
    del options['plan']
    server = cycle(cloud, **options)['server']
    assert (server['plan'], server['cpu_cores'], server['memory_mb']) == ('custom', 2, 3072)
    assert server['drives'][0]['size_gb'] == 20


def test_image_by_uuid_needs_no_exact_title(cloud):
    templates = [item for item in cloud.sandbox.state('upcloud')['storages'].values() if item['title'] == NATIVE]
    runs.ok(cloud.task(**dict(NEW, image=templates[0]['uuid'])))
    (storage,) = cloud.storages().values()
    assert storage['size'] == 80


def test_an_image_on_the_third_page(cloud):
    cloud.sandbox.seed('upcloud', templates=60, options={'prefix': 'golden'})
    runs.ok(cloud.task(**dict(NEW, image='golden60')))
    assert len(cloud.servers()) == 1


def test_cloud_init_gets_its_metadata(cloud):
    server = cycle(cloud, **{**NEW, 'image': CLOUD_INIT})['server']
    assert server['provider_options']['metadata'] is True


@pytest.mark.parametrize('options, told', [
    (dict(NEW, image=CLOUD_INIT, ssh_keys=None), 'ssh_keys'),
    (dict(NEW, image=CLOUD_INIT, upcloud={'metadata': False}), 'metadata: true'),
    (dict(NEW, zone='fi-hel3'), 'fi-hel1'),
    (dict(NEW, plan='2xCPU-5GB'), '2xCPU-4GB'),
    (dict(NEW, image='Debian GNU/Linux 11'), NATIVE),
    (dict(NEW, image='01000000-0000-4000-8000-000000000001'), 'Debian'),
    (dict(NEW, size_gb=None, cpu_cores=4), '2 cores'),
    (dict(NEW, plan=None, cpu_cores=3, memory_mb=4097), '3 cores with 4096 MiB'),
    (dict(NEW, plan=None, cpu_cores=3), 'plan, or cpu_cores with memory_mb'),
    (dict(NEW, zone=None), 'zone'),
    (dict(NEW, image=None), 'one of image, clone_from and drives'),
    (dict(NEW, clone_from='web0', image=None), 'clone_from: there is no server'),
    (dict(NEW, drives=[{'name': 'data'}]), 'size_gb is needed'),
    (dict(NEW, image=None, size_gb=20, drives=[{'name': 'a', 'size_gb': 10}]), 'say it in drives'),
    (dict(NEW, drives=[{'id': '01000000-0000-4000-8000-0000000000ff'}]), 'there is no storage'),
    (dict(NEW, drives=[{'media': 'cdrom', 'image': 'Debian CD'}]), 'installation CD-ROM'),
])
def test_what_the_provider_lacks_is_refused_before_a_write(cloud, options, told):
    for check in (True, False):
        result = cloud.task(check=check, **{key: value for key, value in options.items() if value is not None})
        assert result['failed'] and result['error']['kind'] == 'precondition', result
        assert told in result['msg']
        assert cloud.sent(write=True) == [] and cloud.sent() != []


def test_update_in_one_request(cloud):
    uuid = cloud.server(labels={'env': 'test', 'owner': 'me'}, title='old', metadata='no')
    real = cycle(cloud, name=NAME, labels={'env': 'prod'}, vnc_password='abcd1234',
                 upcloud={'title': 'new', 'metadata': True, 'video_model': 'cirrus', 'nic_model': 'e1000',
                          'simple_backup': '0100,weeklies', 'remote_access_enabled': True})
    assert [step['operation'] for step in real['steps']] == ['PUT /server/{uuid}']
    assert real['server']['labels'] == {'env': 'prod', 'owner': 'me'}
    server = cloud.servers()[uuid]
    assert server['title'] == 'new' and server['remote_access_password'] == 'abcd1234'
    assert server['state'] == 'started'


@pytest.mark.parametrize('kind, error', [
    ('drop_before', None), ('drop_after', None), ('throttle', None), ('status', None), ('html', 'malformed'),
    ('truncate', None), ('empty', 'malformed')])
def test_a_change_after_a_lost_answer(cloud, kind, error):
    uuid = cloud.server(title='old')
    cloud.sandbox.faults(dict(kind=kind, provider='upcloud', operation='PUT /server/{uuid}',
                              **({'status': 502, 'effect': True} if kind == 'status' else {})))
    result = cloud.task(name=NAME, upcloud={'title': 'new'})
    assert result['changed'] and (result['error'] and result['error']['kind']) == error
    assert cloud.servers()[uuid]['title'] == 'new'
    assert not runs.ok(cloud.task(name=NAME, upcloud={'title': 'new'}))['changed']


def test_system_labels_stay(cloud):
    uuid = cloud.sandbox.seed('upcloud', servers=1, options={'name': NAME, 'labels': [
        {'key': '_system', 'value': 'x'}, {'key': 'old', 'value': 'y'}]})['servers'][0]
    cycle(cloud, name=NAME, labels={'new': 'z'}, purge_labels=True)
    assert sorted((item['key'], item['value']) for item in cloud.servers()[uuid]['labels']) == [
        ('_system', 'x'), ('new', 'z')]


@pytest.mark.parametrize('part, options', [
    ('labels', {'labels': {'d': '4'}}), ('labels', {'labels': {}, 'purge_labels': True}), ('tags', {'tags': ['new']}),
    ('networking', {'networks': [{'type': 'public'}], 'allow_stop': True}),
    ('networking', {'upcloud': {'remove_networks': [3]}, 'allow_stop': True}),
    ('storage_devices', {'drives': [{'name': 'data', 'size_gb': 10}]}), ('storage_devices', {'size_gb': 40}),
    ('storage_devices', {'state': 'absent', 'delete_drives': True})])
def test_details_without_a_part_are_malformed_and_nothing_is_written(cloud, part, options):
    uuid = cloud.server(labels={'a': '1', 'b': '2'}, tags=['old'])
    details = cloud.api('GET /server/{uuid}', {'uuid': uuid})['answer']
    del details['server'][part]
    for check in (True, False):
        cloud.fault('body', 'GET /server/{uuid}', body=json.dumps(details), times=1)
        result = cloud.task(check=check, name=NAME, **options)
        assert result['error']['kind'] == 'malformed' and not result['changed'], result
        assert cloud.writes() == []
    cloud.fault('body', 'GET /server/{uuid}', body=json.dumps(details), times=1)
    assert cloud.info(id=uuid)['error']['kind'] == 'malformed'


def test_rename_by_id(cloud):
    uuid = cloud.server()
    result = cycle(cloud, id=uuid, name='web2.example.com')
    assert result['server']['name'] == 'web2.example.com' and result['server']['id'] == uuid


def test_a_rename_to_the_name_of_another_server_is_warned_of(cloud):
    uuid, other = cloud.server(), cloud.server(name='db1.example.com')
    for check in (True, False):
        result = runs.ok(cloud.task(check=check, id=uuid, name='db1.example.com'))
        (told,) = result['warnings']
        assert result['changed'] and other in told and uuid not in told and 'db1.example.com' in told
        assert cloud.sent(write=True) == ([] if check else ['PUT /server/{uuid}'])
    again = runs.ok(cloud.task(id=uuid, name='db1.example.com'))
    assert not again['changed'] and 'warnings' not in again and cloud.sent() == ['GET /server/{uuid}']
    assert 'warnings' not in runs.ok(cloud.task(id=uuid, name='db2.example.com'))


@pytest.mark.parametrize('odd', [None, 'x', {}, {'uuid': 7}])
def test_an_odd_server_in_the_list_fails_no_rename_of_another(cloud, odd):
    uuid = cloud.server()
    cloud.fault('body', 'GET /server', body=json.dumps({'servers': {'server': [odd]}}))
    assert cloud.fine(True, id=uuid, name='db1.example.com')['changed']


@pytest.mark.parametrize('odd', [None, {}, {'address': None, 'server': None}, {'address': '192.0.2.1', 'server': None}])
def test_an_odd_address_in_the_list_fails_no_list_of_servers(cloud, odd):
    cloud.server()
    cloud.fault('body', 'GET /ip_address', body=json.dumps({'ip_addresses': {'ip_address': [odd]}}))
    assert len(cloud.listed()) == 1


def test_tags_are_made_given_and_taken(cloud):
    cloud.sandbox.seed('upcloud', tags=2, options={'names': ['DB', 'Old']})
    uuid = cloud.server(tags=['Old', 'Web'])
    real = cycle(cloud, name=NAME, tags=['web', 'db', 'New'])
    assert [step['operation'] for step in real['steps']] == [
        'POST /tag', 'POST /server/{uuid}/tag/{tags}', 'POST /server/{uuid}/untag/{tags}']
    assert real['server']['tags'] == ['DB', 'Web', 'new']
    assert set(cloud.servers()[uuid]['tags']) == {'DB', 'Web', 'new'}


def test_no_tags(cloud):
    cloud.server(tags=['old'])
    assert cycle(cloud, name=NAME, tags=[])['server']['tags'] == []


def test_server_groups(cloud):
    uuid = cloud.server()
    one, two = cloud.sandbox.seed('upcloud', server_groups=2)['server_groups']
    for group in (one, two, ''):
        cycle(cloud, name=NAME, upcloud={'server_group': group})
        assert (cloud.servers()[uuid]['server_group'] or '') == group


def test_clone(cloud):
    cloud.server(zone='de-fra1', plan='4xCPU-8GB')
    real = cycle(cloud, name='web2.example.com', clone_from=NAME)
    assert real['server']['zone'] == 'de-fra1' and real['server']['plan'] == '4xCPU-8GB'
    assert len(cloud.storages()) == 2
    ids = {drive['id'] for server in cloud.info(details=True)['servers'] for drive in server['drives']}
    assert len(ids) == 2, 'no drive is shared'


def test_clone_in_another_zone_is_refused(cloud):
    cloud.server(zone='de-fra1')
    result = cloud.task(name='web2', clone_from=NAME, zone='fi-hel1')
    assert result['error']['kind'] == 'precondition' and 'same zone' in result['msg']
    assert cloud.sent(write=True) == []


# -- resize -----------------------------------------------------------------------------------------------------------
def test_more_is_done_hot(cloud):
    cloud.server(plan='1xCPU-2GB')
    real = cycle(cloud, name=NAME, plan='2xCPU-4GB')
    assert (real['server']['cpu_cores'], real['server']['memory_mb']) == (2, 4096)
    assert [step['operation'] for step in real['steps']] == ['PUT /server/{uuid}']


def test_it_is_said_that_a_hot_resize_may_be_refused(cloud):
    cloud.server(plan='1xCPU-2GB')
    more = {'name': NAME, 'plan': '2xCPU-4GB'}
    (note,) = runs.ok(cloud.task(check=True, **more))['notes']
    assert 'allow_stop: true' in note
    assert runs.ok(cloud.task(check=True, **more, allow_stop=True))['notes'] == []
    assert runs.ok(cloud.task(check=True, name=NAME, plan='1xCPU-1GB', allow_stop=True))['notes'] == []
    assert runs.ok(cloud.task(**more))['notes'] == [note]
    assert runs.ok(cloud.task(check=True, **more))['notes'] == []
    cloud.server(name='off', plan='1xCPU-2GB', state='stopped')
    assert runs.ok(cloud.task(check=True, **dict(more, name='off')))['notes'] == []


def test_cores_of_its_own_leave_the_plan(cloud):
    cloud.server(plan='1xCPU-2GB')
    server = cycle(cloud, name=NAME, cpu_cores=3)['server']
    assert (server['plan'], server['cpu_cores'], server['memory_mb']) == ('custom', 3, 2048)


def test_less_needs_leave_to_stop(cloud):
    uuid = cloud.server(plan='2xCPU-4GB')
    for check in (True, False):
        result = cloud.task(check=check, name=NAME, plan='1xCPU-2GB')
        assert result['error']['kind'] == 'precondition' and 'allow_stop' in result['msg']
        assert cloud.sent(write=True) == []
    real = cycle(cloud, name=NAME, plan='1xCPU-2GB', allow_stop=True)
    assert [step['operation'] for step in real['steps']] == [
        'POST /server/{uuid}/stop', 'PUT /server/{uuid}', 'POST /server/{uuid}/start']
    assert cloud.servers()[uuid]['state'] == 'started'


def test_a_stopped_server_stays_stopped(cloud):
    uuid = cloud.server(plan='2xCPU-4GB', state='stopped')
    cycle(cloud, name=NAME, plan='1xCPU-2GB')
    assert cloud.servers()[uuid]['state'] == 'stopped'


@pytest.mark.parametrize('code', [
    'HOT_RESIZE_NOT_ENABLED', 'HOT_RESIZE_UNAVAILABLE', 'NO_AVAILABLE_MEMORY_SLOTS', 'FAILED_TO_ADD_MEMORY'])
def test_hot_resize_refused(cloud, code):
    uuid = cloud.server(plan='1xCPU-2GB')
    cloud.sandbox.faults(kind='error', code=code, provider='upcloud', operation='PUT /server/{uuid}', times=2)
    result = cloud.task(name=NAME, plan='2xCPU-4GB')
    assert result['error']['kind'] == 'conflict' and result['error']['code'] == code
    assert 'allow_stop' in result['msg'] and cloud.servers()[uuid]['plan'] == '1xCPU-2GB'
    assert cloud.servers()[uuid]['state'] == 'started'
    runs.ok(cloud.task(name=NAME, plan='2xCPU-4GB', allow_stop=True))
    assert cloud.sent(write=True) == ['PUT /server/{uuid}', 'POST /server/{uuid}/stop', 'PUT /server/{uuid}',
                                      'POST /server/{uuid}/start']
    assert cloud.servers()[uuid]['state'] == 'started' and cloud.servers()[uuid]['plan'] == '2xCPU-4GB'


def test_another_refusal_does_not_stop_it(cloud):
    uuid = cloud.server(plan='1xCPU-2GB')
    cloud.sandbox.faults(kind='error', code='SERVER_CORE_LIMIT_REACHED', provider='upcloud',
                         operation='PUT /server/{uuid}')
    result = cloud.task(name=NAME, plan='2xCPU-4GB', allow_stop=True)
    assert result['error']['kind'] == 'quota' and not result['changed']
    assert cloud.sent(write=True) == ['PUT /server/{uuid}'] and cloud.servers()[uuid]['state'] == 'started'


def test_started_again_although_the_change_fails(cloud):
    uuid = cloud.server(plan='2xCPU-4GB')
    cloud.sandbox.faults(kind='error', code='CORE_MEMORY_UNSUPPORTED', status=400, provider='upcloud',
                         operation='PUT /server/{uuid}')
    result = cloud.task(name=NAME, plan='1xCPU-2GB', allow_stop=True)
    assert result['failed'] and result['changed'] and result['error']['code'] == 'CORE_MEMORY_UNSUPPORTED'
    assert cloud.servers()[uuid]['state'] == 'started'


# -- a stop for a change, and a run that does not come to the start
LESS = {'name': NAME, 'plan': '1xCPU-2GB', 'allow_stop': True}


class Killed(BaseException):
    """The process is killed: nothing of it runs on."""


def kill(monkeypatch, operation, nth, after):
    """Kill the run at the nth call of an operation: before it is sent, or when it has taken effect."""
    send, seen = UpCloudClient.send, []

    def killed(client, called, values, query=None):
        name = getattr(called, 'name', called)
        if name == operation:
            seen.append(name)
        if name != operation or len(seen) != nth:
            return send(client, called, values, query)
        if after:
            send(client, called, values, query)
        raise Killed
    monkeypatch.setattr(UpCloudClient, 'send', killed)


def until(cloud, state):
    deadline = time.monotonic() + 10
    while {server['state'] for server in cloud.servers().values()} != {state}:
        assert time.monotonic() < deadline, cloud.servers()
        time.sleep(0.05)


@pytest.mark.parametrize('operation, after', [
    ('POST /server/{uuid}/stop', True), ('PUT /server/{uuid}', False), ('PUT /server/{uuid}', True),
    ('POST /server/{uuid}/start', False), ('POST /server/{uuid}/start', True)])
def test_a_run_killed_after_the_stop_is_made_good_by_the_next(cloud, monkeypatch, operation, after):
    cloud.server(plan='2xCPU-4GB')
    with monkeypatch.context() as patch:
        kill(patch, operation, 1, after)
        with pytest.raises(Killed):
            cloud.task(**LESS)
    started = operation.endswith('start') and after
    until(cloud, 'started' if started else 'stopped')
    changed = not operation.endswith('stop') and (after or operation.endswith('start'))
    checked = runs.ok(cloud.task(check=True, **LESS))
    assert cloud.sent(write=True) == []
    real = runs.ok(cloud.task(**LESS))
    assert cloud.sent(write=True) == ([] if changed else ['PUT /server/{uuid}']) + (
        [] if started else ['POST /server/{uuid}/start'])
    cloud.foretold(checked, real)
    assert real['server']['state'] == 'running' and real['server']['plan'] == '1xCPU-2GB'
    assert not runs.ok(cloud.task(**LESS))['changed']


def test_a_run_killed_while_the_guest_goes_down_is_made_good_by_the_next(cloud, monkeypatch):
    cloud.server(plan='2xCPU-4GB')
    with monkeypatch.context() as patch:
        kill(patch, 'POST /server/{uuid}/stop', 1, True)
        with pytest.raises(Killed):
            cloud.task(**LESS)
    real = runs.ok(cloud.task(**LESS))
    assert real['server']['state'] == 'running' and real['server']['plan'] == '1xCPU-2GB'
    assert not runs.ok(cloud.task(**LESS))['changed']


@pytest.mark.parametrize('kind', ['drop_before', 'drop_after', 'timeout_after'])
@pytest.mark.parametrize('operation', ['POST /server/{uuid}/stop', 'PUT /server/{uuid}', 'POST /server/{uuid}/start'])
def test_a_stop_for_a_change_whose_answers_are_lost_leaves_the_server_on(cloud, operation, kind):
    cloud.server(plan='2xCPU-4GB')
    cloud.sandbox.faults(kind=kind, provider='upcloud', operation=operation, times=0)
    cloud.task(**LESS, read_timeout=0.5, wait_timeout=4)
    cloud.sandbox.drop_faults()
    runs.ok(cloud.task(**LESS))
    assert not runs.ok(cloud.task(**LESS))['changed']
    (server,) = cloud.servers().values()
    assert server['state'] == 'started' and server['plan'] == '1xCPU-2GB'


def test_a_hot_change_that_needs_a_stop_after_all_is_made_good_too(cloud, monkeypatch):
    cloud.server(plan='1xCPU-2GB', hot_resize=False)
    more = {'name': NAME, 'plan': '2xCPU-4GB', 'allow_stop': True}
    with monkeypatch.context() as patch:
        kill(patch, 'PUT /server/{uuid}', 2, False)
        with pytest.raises(Killed):
            cloud.task(**more)
    until(cloud, 'stopped')
    real = runs.ok(cloud.task(**more))
    assert cloud.sent(write=True) == ['PUT /server/{uuid}', 'POST /server/{uuid}/start']
    assert real['server']['state'] == 'running' and not runs.ok(cloud.task(**more))['changed']


@pytest.mark.parametrize('plan, operation, code, status', [
    ('4xCPU-8GB', 'PUT /server/{uuid}', 'CORE_LIMIT_REACHED', 402),
    ('1xCPU-2GB', 'POST /server/{uuid}/stop', 'SERVER_STATE_ILLEGAL', 409),
    ('1xCPU-2GB', 'POST /server/{uuid}/stop', 'INSUFFICIENT_CREDITS', 402)])
def test_a_stop_that_never_was_owes_no_start(cloud, tmp_path, plan, operation, code, status):
    cloud.server(plan='2xCPU-4GB')
    cloud.fault('error', operation, code=code, status=status)
    result = cloud.task(name=NAME, plan=plan, allow_stop=True)
    assert result['error']['code'] == code and not result['changed'] and cloud.writes() == [operation]
    elsewhere = Cloud(cloud.sandbox, tmp_path / 'elsewhere')
    assert runs.ok(elsewhere.task(name=NAME, state='stopped'))['changed']
    assert cloud.unchanged(name=NAME)['server']['state'] == 'stopped'


def test_a_refused_stop_does_not_forget_an_earlier_one(cloud, monkeypatch):
    uuid = cloud.server(plan='2xCPU-4GB')
    with monkeypatch.context() as patch:
        kill(patch, 'POST /server/{uuid}/stop', 1, False)
        with pytest.raises(Killed):
            cloud.task(**LESS)
    cloud.fault('error', 'POST /server/{uuid}/stop', code='SERVER_STATE_ILLEGAL', status=409)
    cloud.fails('conflict', **LESS)
    runs.ok(cloud.api('POST /server/{uuid}/stop', {'uuid': uuid, 'stop_type': 'hard'}))
    assert runs.ok(cloud.task(**LESS))['server']['state'] == 'running'


def test_a_hot_change_that_nobody_waits_for_owes_no_start(cloud, tmp_path):
    cloud.server(plan='1xCPU-2GB')
    more = {'name': NAME, 'plan': '2xCPU-4GB', 'allow_stop': True}
    runs.ok(cloud.task(**more, wait=False))
    assert cloud.writes() == ['PUT /server/{uuid}']
    runs.ok(Cloud(cloud.sandbox, tmp_path / 'elsewhere').task(name=NAME, state='stopped'))
    assert cloud.unchanged(**more)['server']['state'] == 'stopped'


def off_before_the_stop(cloud, monkeypatch):
    """A guest that an earlier request has told to go down, and that is off when the next one comes."""
    send = UpCloudClient.send

    def late(client, called, values, query=None):
        if getattr(called, 'name', called) == 'POST /server/{uuid}/stop':
            send(client, called, dict(values, stop_type='hard'), query)
            until(cloud, 'stopped')
        return send(client, called, values, query)
    monkeypatch.setattr(UpCloudClient, 'send', late)


@pytest.mark.parametrize('options, changed, wrote', [
    ({'state': 'stopped'}, False, []), ({'state': 'absent'}, True, ['DELETE /server/{uuid}']),
    (dict(LESS), True, ['PUT /server/{uuid}', 'POST /server/{uuid}/start']),
    ({'state': 'restarted'}, True, ['POST /server/{uuid}/start'])])
def test_a_guest_that_is_off_when_the_stop_comes_is_stopped(cloud, monkeypatch, options, changed, wrote):
    cloud.server(plan='2xCPU-4GB')
    off_before_the_stop(cloud, monkeypatch)
    result = runs.ok(cloud.task(**{'name': NAME, **options}))
    assert result['changed'] == changed and cloud.writes() == ['POST /server/{uuid}/stop'] * 2 + wrote
    monkeypatch.undo()
    if options != {'state': 'restarted'}:
        cloud.unchanged(**{'name': NAME, **options})


def test_a_handle_of_a_stop_for_a_change_is_finished_by_the_task_or_by_job(cloud):
    cloud.server(plan='2xCPU-4GB')
    assert runs.ok(cloud.task(**LESS, wait=False))['job']
    until(cloud, 'stopped')
    assert runs.ok(cloud.task(**LESS))['server']['state'] == 'running'
    more = dict(LESS, plan='1xCPU-1GB')
    handle = runs.ok(cloud.task(**more, wait=False))['job']
    done = runs.ok(cloud.job(handle))['jobs'][0]['result']
    assert done['state'] == 'running' and done['plan'] == '1xCPU-1GB'
    assert not runs.ok(cloud.task(**more))['changed']


def test_a_server_that_somebody_wants_stopped_stays_so(cloud):
    cloud.server(plan='2xCPU-4GB')
    runs.ok(cloud.task(**LESS, wait=False))
    until(cloud, 'stopped')
    result = runs.ok(cloud.task(name=NAME, state='stopped'))
    assert not result['changed'] and cloud.sent(write=True) == []
    assert runs.ok(cloud.task(**LESS))['server']['state'] == 'stopped'


# -- drives and networks ----------------------------------------------------------------------------------------------
def test_drives_of_a_new_server(cloud):
    free = cloud.sandbox.seed('upcloud', storages=1, options={'name': 'old data'})['storages'][0]
    drives = [{'name': 'data', 'size_gb': 30, 'tier': 'standard', 'labels': {'use': 'db'}, 'encrypted': True},
              {'id': free, 'device': 'scsi'},
              {'media': 'cdrom', 'image': 'System Rescue CD'}]
    server = cycle(cloud, **NEW, drives=drives)['server']
    assert [(drive['name'], drive['size_gb'], drive['media']) for drive in server['drives']] == [
        (NAME + ' boot', 80, 'disk'), ('data', 30, 'disk'), ('old data', 10, 'disk'),
        ('System Rescue CD', 1, 'cdrom')]
    assert server['drives'][1]['tier'] == 'standard' and server['drives'][1]['labels'] == {'use': 'db'}
    assert server['drives'][1]['encrypted'] is True and server['drives'][2]['device'] == 'scsi:0:0'


def test_a_drive_is_made_to_fit_before_it_is_attached(cloud):
    free = cloud.sandbox.seed('upcloud', storages=1, options={'name': 'old data', 'labels': {'a': '1'}})['storages'][0]
    drive = {'id': free, 'name': 'data', 'size_gb': 40, 'labels': {'b': None}}
    real = cycle(cloud, **NEW, drives=[drive])
    assert [step['operation'] for step in real['steps']] == [
        'PUT /storage/{uuid}', 'PUT /storage/{uuid}', 'POST /server']
    assert cloud.storages()[free]['size'] == 40 and cloud.storages()[free]['title'] == 'data'
    assert real['server']['drives'][1]['labels'] == {'a': '1', 'b': ''}


def test_installed_from_a_cdrom_alone(cloud):
    options = dict(NEW, drives=[{'name': 'system', 'size_gb': 20}, {'media': 'cdrom', 'image': 'System Rescue CD'}],
                   upcloud={'boot_order': 'cdrom,disk'})
    del options['image'], options['ssh_keys']
    assert len(cycle(cloud, **options)['server']['drives']) == 2


def test_a_drive_cloned_from_an_image(cloud):
    options = dict(NEW, drives=[{'name': 'system', 'image': NATIVE, 'size_gb': 15, 'tier': 'hdd', 'boot': True}])
    del options['image']
    drive = cycle(cloud, **options)['server']['drives'][0]
    assert (drive['name'], drive['size_gb'], drive['tier'], drive['boot']) == ('system', 15, 'hdd', True)


def test_a_drive_is_added_to_a_running_server(cloud):
    uuid = cloud.server()
    real = cycle(cloud, name=NAME, drives=[{'name': 'data', 'size_gb': 20, 'tier': 'maxiops'}])
    assert [step['operation'] for step in real['steps']] == ['POST /storage', 'POST /server/{uuid}/storage/attach']
    assert len(cloud.storages()) == 2 and cloud.servers()[uuid]['state'] == 'started'


@pytest.mark.parametrize('kind', ['drop_after', 'html', 'truncate', 'empty'])
@pytest.mark.parametrize('operation', ['POST /storage', 'POST /server/{uuid}/storage/attach'])
def test_a_drive_is_made_once(cloud, kind, operation):
    cloud.server()
    cloud.sandbox.faults(kind=kind, provider='upcloud', operation=operation)
    runs.ok(cloud.task(name=NAME, drives=[{'name': 'data', 'size_gb': 20}]))
    assert len(cloud.storages()) == 2


def test_a_drive_made_by_an_interrupted_run_is_used(cloud):
    uuid = cloud.server()
    cloud.sandbox.faults(kind='error', code='HOTPLUG_FAILED', provider='upcloud',
                         operation='POST /server/{uuid}/storage/attach')
    result = cloud.task(name=NAME, drives=[{'name': 'data', 'size_gb': 20}])
    assert result['failed'] and result['changed'] and len(cloud.storages()) == 2
    result = runs.ok(cloud.task(name=NAME, drives=[{'name': 'data', 'size_gb': 20}]))
    assert cloud.sent(write=True) == ['POST /server/{uuid}/storage/attach'] and len(cloud.storages()) == 2
    assert len(cloud.servers()[uuid]['devices']) == 2


def test_a_drive_grows_with_the_server_stopped(cloud):
    uuid = cloud.server()
    assert 'allow_stop' in cloud.task(name=NAME, size_gb=40)['msg']
    real = cycle(cloud, name=NAME, size_gb=40, allow_stop=True)
    assert real['server']['drives'][0]['size_gb'] == 40 and cloud.servers()[uuid]['state'] == 'started'
    result = cloud.task(name=NAME, size_gb=30, allow_stop=True)
    assert result['error']['kind'] == 'precondition' and 'smaller' in result['msg']


@pytest.mark.parametrize('source', [{'image': NATIVE}, {'image': None, 'clone_from': 'web0'}, {'image': None}])
def test_size_gb_beside_another_boot_drive_is_refused(cloud, source):
    options = dict(NEW, size_gb=60, drives=[{'name': 'extra', 'size_gb': 10, 'boot': True}], **source)
    for check in (True, False):
        result = cloud.task(check=check, **{key: value for key, value in options.items() if value is not None})
        assert result['error']['kind'] == 'input' and 'drives[].image' in result['msg'] and cloud.sent() == []


def test_only_the_boot_drive_has_size_gb(cloud):
    options = dict(NEW, size_gb=60, state='stopped', force_stop=True)
    drives = [{'name': 'extra', 'size_gb': 10, 'device': 'scsi:0:0'}, {'media': 'cdrom', 'image': 'System Rescue CD'}]
    server = cycle(cloud, **options, drives=drives)['server']
    assert {drive['name']: drive['size_gb'] for drive in server['drives']} == {
        NAME + ' boot': 60, 'extra': 10, 'System Rescue CD': 1}
    assert not runs.ok(cloud.task(**options))['changed']


def test_a_boot_drive_and_another_from_the_image_keep_their_sizes(cloud):
    options = dict(NEW, state='stopped', force_stop=True, drives=[
        {'name': 'extra', 'size_gb': 10, 'boot': True}, {'name': 'system', 'image': NATIVE, 'size_gb': 60}])
    del options['image']
    server = cycle(cloud, **options)['server']
    assert [(drive['name'], drive['size_gb']) for drive in server['drives']] == [('extra', 10), ('system', 60)]


def test_sizes_of_a_clone(cloud):
    cloud.server(size=20)
    assert cycle(cloud, name='web2', clone_from=NAME, size_gb=30)['server']['drives'][0]['size_gb'] == 30


def test_what_of_a_drive_cannot_be_changed(cloud):
    cloud.server()
    result = cloud.task(name=NAME, drives=[{'name': NAME + ' disk', 'tier': 'hdd'}])
    assert result['error']['kind'] == 'precondition' and 'keeps its tier' in result['msg']
    assert cloud.sent(write=True) == []


def test_a_drive_is_renamed_and_labelled(cloud):
    cloud.server()
    (ident,) = cloud.storages()
    cycle(cloud, name=NAME, drives=[{'id': ident, 'name': 'system', 'labels': {'a': 'b'}}])
    assert cloud.storages()[ident]['title'] == 'system'


def test_drives_are_detached_when_named(cloud):
    uuid = cloud.server()
    runs.ok(cloud.task(name=NAME, drives=[{'name': 'data', 'size_gb': 20}]))
    real = cycle(cloud, name=NAME, upcloud={'detach_drives': ['data']})
    assert len(real['server']['drives']) == 1
    assert len(cloud.storages()) == 2 and len(cloud.servers()[uuid]['devices']) == 1


def test_a_drive_of_another_server_is_not_taken(cloud):
    cloud.server()
    (ident,) = cloud.storages()
    cloud.sandbox.seed('upcloud', servers=1, options={'name': 'web2'})
    result = cloud.task(name='web2', drives=[{'id': ident}])
    assert result['error']['kind'] == 'precondition' and 'detach it there first' in result['msg']


def test_a_cdrom_is_changed_with_the_server_stopped(cloud):
    cloud.server()
    one = [{'media': 'cdrom', 'image': 'System Rescue CD'}]
    other = [{'media': 'cdrom', 'image': 'FreeBSD installation CD-ROM'}]
    cycle(cloud, name=NAME, drives=one, allow_stop=True)
    real = cycle(cloud, name=NAME, drives=other, allow_stop=True)
    assert real['server']['drives'][1]['name'] == 'FreeBSD installation CD-ROM'


def test_networks_of_a_new_server(cloud):
    net = cloud.network()
    server = cycle(cloud, **NEW, networks=[
        {'type': 'public'}, {'type': 'private', 'network': net, 'source_ip_filtering': False, 'addresses': [
            {'address': '10.8.0.50', 'dhcp_provided': True}, {'address': '10.8.0.60'}]}])['server']
    assert len(server['public_ipv4']) == 1 and server['public_ipv6'] == [] and server['utility_ipv4'] == []
    assert server['private_ipv4'] == ['10.8.0.50', '10.8.0.60']
    assert server['networks'][1]['source_ip_filtering'] is False


def test_networks_change_with_the_server_stopped(cloud):
    uuid = cloud.server()
    net = cloud.network()
    private = {'type': 'private', 'network': net, 'address': '10.8.0.50'}
    assert 'allow_stop' in cloud.task(name=NAME, networks=[private])['msg']
    real = cycle(cloud, name=NAME, networks=[private], allow_stop=True)
    assert real['server']['private_ipv4'] == ['10.8.0.50'] and len(real['server']['networks']) == 4
    more = dict(private, address=None, addresses=[{'address': '10.8.0.50'}, {'address': '10.8.0.51'}], bootable=True)
    real = cycle(cloud, name=NAME, networks=[{key: value for key, value in more.items() if value}], allow_stop=True)
    assert real['server']['private_ipv4'] == ['10.8.0.50', '10.8.0.51']
    real = cycle(cloud, name=NAME, upcloud={'remove_networks': [4]}, allow_stop=True)
    assert len(real['server']['networks']) == 3 and any(step['destructive'] for step in real['steps'])
    assert cloud.servers()[uuid]['state'] == 'started'


IPV6 = {'type': 'public', 'addresses': [{'family': 'IPv6'}]}


def indexes(result):
    return [(item['index'], item['type'], item['addresses'][0]['family']) for item in result['server']['networks']]


def test_an_interface_that_shall_not_be_there_is_not_made(cloud):
    options = dict(NEW, networks=[{'type': 'public'}, IPV6], upcloud={'remove_networks': [2]}, allow_stop=True)
    assert indexes(cycle(cloud, **options)) == [(1, 'public', 'IPv4'), (3, 'public', 'IPv6')]
    del options['allow_stop']
    cloud.unchanged(**options)


def test_a_new_server_lacks_what_it_would_have_by_itself_and_shall_not(cloud):
    made = cycle(cloud, **NEW, upcloud={'remove_networks': [1, 3]})
    assert indexes(made) == [(2, 'utility', 'IPv4')]
    for check in (True, False):
        result = cloud.fails('precondition', check, **dict(NEW, name='web2'), upcloud={'remove_networks': [1, 2, 3]})
        assert 'say networks' in result['msg'] and cloud.writes() == []


def test_what_is_removed_is_not_what_is_wanted(cloud):
    cloud.server()
    options = {'name': NAME, 'networks': [{'type': 'public'}, IPV6], 'upcloud': {'remove_networks': [3, 4]},
               'allow_stop': True}
    assert indexes(cycle(cloud, **options)) == [(1, 'public', 'IPv4'), (2, 'utility', 'IPv4'), (5, 'public', 'IPv6')]
    assert [name.partition(' ')[0] for name in cloud.wrote] == ['POST', 'DELETE', 'POST', 'POST']


def test_an_index_that_is_named_is_kept_for_what_names_it(cloud):
    cloud.server()
    private = {'type': 'private', 'network': cloud.network()}
    made = cycle(cloud, name=NAME, networks=[private, {'type': 'public', 'index': 4}], allow_stop=True)
    assert indexes(made)[3:] == [(4, 'public', 'IPv4'), (5, 'private', 'IPv4')]
    made = cycle(cloud, **{**NEW, 'name': 'web2', 'networks': [{'type': 'public', 'index': 2}, private]})
    assert indexes(made) == [(1, 'private', 'IPv4'), (2, 'public', 'IPv4')]


# -- power ------------------------------------------------------------------------------------------------------------
def test_power(cloud):
    uuid = cloud.server()
    cycle(cloud, name=NAME, state='stopped')
    assert cloud.servers()[uuid]['state'] == 'stopped'
    runs.ok(cloud.task(name=NAME))
    assert cloud.servers()[uuid]['state'] == 'stopped', 'present leaves the power alone'
    cycle(cloud, name=NAME, state='running')
    assert cloud.servers()[uuid]['state'] == 'started'


def test_restarted_always_acts(cloud):
    uuid = cloud.server()
    for first in (['POST /server/{uuid}/stop', 'POST /server/{uuid}/start'],
                  ['POST /server/{uuid}/stop', 'POST /server/{uuid}/start']):
        checked = runs.ok(cloud.task(check=True, name=NAME, state='restarted'))
        assert cloud.sent(write=True) == []
        real = runs.ok(cloud.task(name=NAME, state='restarted'))
        cloud.foretold(checked, real)
        assert cloud.sent(write=True) == first and cloud.servers()[uuid]['state'] == 'started'
    runs.ok(cloud.task(name=NAME, state='stopped'))
    runs.ok(cloud.task(name=NAME, state='restarted'))
    assert cloud.sent(write=True) == ['POST /server/{uuid}/start']


def test_restarted_with_a_change_restarts_once(cloud):
    cloud.server(plan='2xCPU-4GB')
    real = runs.ok(cloud.task(name=NAME, state='restarted', plan='1xCPU-2GB'))
    assert cloud.sent(write=True) == ['POST /server/{uuid}/stop', 'PUT /server/{uuid}', 'POST /server/{uuid}/start']
    assert real['server']['plan'] == '1xCPU-2GB'


def test_a_guest_that_does_not_obey(cloud):
    uuid = cloud.server(ignore_soft_stop=True)
    result = cloud.task(name=NAME, state='stopped', stop_timeout=1)
    assert result['error']['kind'] == 'wait_timeout' and 'may still' in result['msg'] and 'force_stop' in result['msg']
    cloud.sandbox.advance(700)
    assert cloud.servers()[uuid]['state'] == 'started', 'nobody allowed its power to be cut'
    runs.ok(cloud.task(name=NAME, state='stopped', stop_timeout=1, force_stop=True))
    assert cloud.servers()[uuid]['state'] == 'stopped'


def test_a_power_cut_at_once(cloud):
    uuid = cloud.server(ignore_soft_stop=True)
    real = runs.ok(cloud.task(name=NAME, state='stopped', force_stop=True, upcloud={'stop_type': 'hard'}))
    assert real['steps'][0]['destructive'] and cloud.servers()[uuid]['state'] == 'stopped'


def test_made_and_stopped(cloud):
    real = cycle(cloud, **NEW, start=False)
    assert [step['operation'] for step in real['steps']] == ['POST /server', 'POST /server/{uuid}/stop']
    assert real['server']['state'] == 'stopped'


def test_made_in_state_stopped(cloud):
    assert cycle(cloud, **NEW, state='stopped')['server']['state'] == 'stopped'


@pytest.mark.parametrize('operation, state, seeded', [
    ('POST /server/{uuid}/start', 'running', 'stopped'), ('POST /server/{uuid}/stop', 'stopped', 'started')])
@pytest.mark.parametrize('kind', ['drop_before', 'drop_after', 'html', 'truncate', 'empty', 'throttle'])
def test_power_after_a_lost_answer(cloud, operation, state, seeded, kind):
    uuid = cloud.server(state=seeded)
    cloud.sandbox.faults(kind=kind, provider='upcloud', operation=operation)
    result = runs.ok(cloud.task(name=NAME, state=state))
    assert result['changed'] and cloud.servers()[uuid]['state'] == {'running': 'started'}.get(state, state)


def test_hosts_and_how_it_starts(cloud):
    uuid = cloud.server(state='stopped')
    host = int(cloud.sandbox.seed('upcloud', hosts=1, options={'zone': 'fi-hel1'})['hosts'][0])
    runs.ok(cloud.task(name=NAME, state='running', upcloud={'host': host, 'start_type': 'sync'}))
    assert cloud.servers()[uuid]['host'] == host


# -- delete -----------------------------------------------------------------------------------------------------------
def test_absent_keeps_and_lists_the_drives(cloud):
    cloud.server()
    (ident,) = cloud.storages()
    real = cycle_absent(cloud, name=NAME, state='absent')
    assert real['kept_drives'] == [{'id': ident, 'name': NAME + ' disk', 'size_gb': 25, 'tier': 'maxiops'}]
    assert cloud.servers() == {} and list(cloud.storages()) == [ident]


def cycle_absent(cloud, **options):
    checked = runs.ok(cloud.task(check=True, **options))
    assert cloud.sent(write=True) == []
    real = runs.ok(cloud.task(**options))
    assert real['changed'] and real['server'] is None
    cloud.foretold(checked, real)
    for check in (False, True):
        again = runs.ok(cloud.task(check=check, **options))
        assert not again['changed'] and again['kept_drives'] == [] and cloud.sent() == ['GET /server']
    return real


def test_absent_with_drives(cloud):
    cloud.server()
    (ident,) = cloud.storages()
    cloud.sandbox.seed('upcloud', backups=2, options={'origin': ident})
    real = cycle_absent(cloud, name=NAME, state='absent', delete_drives=True, upcloud={'delete_backups': 'keep_latest'})
    assert real['kept_drives'] == [] and len(cloud.storages()) == 1


def test_absent_by_id(cloud):
    uuid = cloud.server()
    runs.ok(cloud.task(id=uuid, state='absent'))
    result = runs.ok(cloud.task(id=uuid, state='absent'))
    assert not result['changed'] and cloud.sent() == ['GET /server/{uuid}']


def test_an_own_cdrom_is_not_deleted(cloud):
    cloud.server(state='stopped')
    iso = cloud.sandbox.seed('upcloud', storages=1, options={'name': 'my.iso'})['storages'][0]
    runs.ok(cloud.task(name=NAME, drives=[{'media': 'cdrom', 'id': iso}]))
    runs.ok(cloud.task(name=NAME, state='absent', delete_drives=True))
    assert list(cloud.storages()) == [iso]


def test_absent_of_a_guest_that_does_not_obey(cloud):
    cloud.server(ignore_soft_stop=True)
    result = cloud.task(name=NAME, state='absent', stop_timeout=1)
    assert result['error']['kind'] == 'wait_timeout' and len(cloud.servers()) == 1
    runs.ok(cloud.task(name=NAME, state='absent', stop_timeout=1, force_stop=True))
    assert cloud.servers() == {}


def test_a_server_being_made_is_cancelled(cloud):
    cloud.sandbox.faults(kind='job_hangs', provider='upcloud', operation='POST /server')
    assert cloud.task(**NEW, wait_timeout=1)['error']['kind'] == 'wait_timeout'
    result = runs.ok(cloud.task(name=NAME, state='absent', upcloud={'cancel': True}))
    assert result['changed'] and cloud.servers() == {}
    assert cloud.sent(write=True) == ['POST /server/{uuid}/cancel', 'DELETE /server/{uuid}']


@pytest.mark.parametrize('options', [{}, {'force_stop': True, 'upcloud': {'stop_type': 'hard', 'cancel': True}}])
def test_a_server_in_error_cannot_be_deleted_before_it_comes_back(cloud, options):
    cloud.sandbox.faults(kind='job_fails', provider='upcloud', operation='POST /server')
    (uuid,) = cloud.servers() if cloud.task(**NEW)['failed'] else ()
    for check in (False, True):
        result = cloud.task(check=check, name=NAME, state='absent', **options)
        assert result['error']['kind'] == 'precondition' and not result['changed'] and result['steps'] == []
        assert 'in error' in result['msg'] and 'comes back by itself' in result['msg']
        assert cloud.sent(write=True) == []
    # It is the API that refuses each way out.
    for operation in ('POST /server/{uuid}/stop', 'POST /server/{uuid}/start', 'POST /server/{uuid}/cancel',
                      'DELETE /server/{uuid}'):
        told = cloud.api(operation, {'uuid': uuid})
        assert told['error']['code'] == 'SERVER_STATE_ILLEGAL', operation
    cloud.sandbox.advance(601)
    runs.ok(cloud.task(name=NAME, state='absent', **options))
    assert cloud.servers() == {}


@pytest.mark.parametrize('kind', ['drop_before', 'drop_after', 'status', 'throttle'])
def test_delete_after_a_lost_answer(cloud, kind):
    cloud.server(state='stopped')
    cloud.sandbox.faults(dict(kind=kind, provider='upcloud', operation='DELETE /server/{uuid}',
                              **({'status': 503} if kind == 'status' else {})))
    result = runs.ok(cloud.task(name=NAME, state='absent'))
    assert result['changed'] and cloud.servers() == {}


def test_a_busy_storage_is_waited_for(cloud):
    cloud.server(state='stopped')
    cloud.sandbox.faults(kind='error', code='STORAGE_STATE_ILLEGAL', provider='upcloud',
                         operation='DELETE /server/{uuid}', times=2)
    runs.ok(cloud.task(name=NAME, state='absent', delete_drives=True))
    assert cloud.servers() == {} and cloud.storages() == {}


# -- what goes wrong on the creation ----------------------------------------------------------------------------------
FOUND = [{'kind': 'drop_after'}, {'kind': 'html'}, {'kind': 'truncate'}, {'kind': 'empty'},
         {'kind': 'status', 'status': 503, 'effect': True}, {'kind': 'timeout_after'}]
NOTHING = [{'kind': 'drop_before'}, {'kind': 'status', 'status': 503}, {'kind': 'timeout_before'}]


@pytest.mark.parametrize('fault', FOUND, ids=lambda fault: fault['kind'])
def test_the_answer_is_lost_and_the_server_is_found(cloud, fault):
    cloud.sandbox.faults(dict(fault, provider='upcloud', operation='POST /server'))
    result = runs.ok(cloud.task(**NEW, read_timeout=0.5))
    assert result['changed'] and result['server']['state'] == 'running'
    assert any('answer' in text for text in result['warnings'])
    assert len(cloud.servers()) == 1
    assert not runs.ok(cloud.task(**NEW))['changed']


@pytest.mark.parametrize('fault', NOTHING, ids=lambda fault: fault['kind'])
def test_the_answer_is_lost_and_there_is_no_server(cloud, fault):
    cloud.sandbox.faults(dict(fault, provider='upcloud', operation='POST /server'))
    result = cloud.task(**NEW, read_timeout=0.5)
    assert result['failed'] and result['error']['kind'] == 'outcome_unknown' and result['changed']
    assert result['error']['operation'] == 'POST /server' and NAME in result['msg']
    assert cloud.servers() == {} and cloud.sent().count('POST /server') == 1
    runs.ok(cloud.task(**NEW))
    assert len(cloud.servers()) == 1


def test_throttled(cloud):
    cloud.sandbox.faults(kind='throttle', provider='upcloud', operation='POST /server', times=2)
    result = runs.ok(cloud.task(**NEW))
    assert result['stats']['retries'] == 2 and len(cloud.servers()) == 1


def test_a_job_that_fails(cloud):
    cloud.sandbox.faults(kind='job_fails', provider='upcloud', operation='POST /server')
    result = cloud.task(**NEW)
    assert result['error']['kind'] == 'job_failed' and 'comes back' in result['msg'] and result['changed']
    for options in (NEW, {'name': NAME, 'state': 'running'}, {'name': NAME, 'state': 'stopped'},
                    {'name': NAME, 'state': 'restarted'}, {**NEW, 'wait': False}):
        for check in (True, False):
            result = cloud.fails('job_failed', check, **options)
            assert 'comes back' in result['msg'] and not result['changed'] and cloud.writes() == []
    cloud.sandbox.advance(601)
    runs.ok(cloud.task(**NEW))
    assert len(cloud.servers()) == 1


def test_a_job_that_never_ends(cloud):
    cloud.sandbox.faults(kind='job_hangs', provider='upcloud', operation='POST /server')
    result = cloud.task(**NEW, wait_timeout=1)
    assert result['error']['kind'] == 'wait_timeout' and result['error']['code'] == 'maintenance'
    assert result['job']['id'] in cloud.servers()
    result = cloud.task(**NEW, wait_timeout=1)
    assert result['error']['kind'] == 'wait_timeout' and cloud.sent(write=True) == []
    assert len(cloud.servers()) == 1


def test_an_interruption_before_the_tags(cloud):
    cloud.sandbox.faults(kind='error', code='TAG_FORBIDDEN', provider='upcloud',
                         operation='POST /server/{uuid}/tag/{tags}')
    result = cloud.task(**NEW, tags=['web'])
    assert result['error']['kind'] == 'auth' and result['changed']
    real = runs.ok(cloud.task(**NEW, tags=['web']))
    assert cloud.sent(write=True) == ['POST /server/{uuid}/tag/{tags}'] and real['server']['tags'] == ['web']
    assert len(cloud.servers()) == 1


def test_without_waiting(cloud):
    result = runs.ok(cloud.task(**NEW, tags=['web'], wait=False))
    assert result['changed'] and result['server']['provider_state'] == 'maintenance'
    assert result['job']['id'] == result['server']['id'] and result['job']['kind'] == 'state'
    assert [step['operation'] for step in result['job']['remaining']] == ['POST /server/{uuid}/tag/{tags}']
    assert runs.ok(cloud.task(**NEW, tags=['web']))['server']['tags'] == ['web']
    assert len(cloud.servers()) == 1


@pytest.mark.parametrize('code, status, kind', [
    ('AUTHENTICATION_FAILED', 401, 'auth'), ('SERVER_FORBIDDEN', 403, 'auth'), ('INSUFFICIENT_CREDITS', 402, 'quota'),
    ('SERVER_CORE_LIMIT_REACHED', 403, 'quota'), ('SERVER_STATE_ILLEGAL', 409, 'conflict'),
    ('TITLE_INVALID', 400, 'invalid'), ('SERVER_NOT_FOUND', 404, 'not_found')])
def test_refusals_of_a_change(cloud, code, status, kind):
    cloud.server()
    cloud.sandbox.faults(kind='error', code=code, status=status, message='No.', provider='upcloud',
                         operation='PUT /server/{uuid}')
    result = cloud.task(name=NAME, upcloud={'title': 'x'})
    error = result['error']
    assert result['failed'] and not result['changed']
    assert (error['kind'], error['code'], error['http_status']) == (kind, code, status)
    assert error['provider'] == 'upcloud' and error['operation'] == 'PUT /server/{uuid}' and 'No.' in error['message']


@pytest.mark.parametrize('kind', ['html', 'truncate', 'empty'])
def test_a_spoilt_list_is_an_error(cloud, kind):
    cloud.server()
    cloud.sandbox.faults(kind=kind, provider='upcloud', operation='GET /server', times=0)
    result = cloud.task(**NEW)
    assert result['failed'] and result['error']['kind'] in ('malformed', 'unavailable')
    assert cloud.sent(write=True) == [] and len(cloud.servers()) == 1


def test_wrong_credentials(cloud):
    result = cloud.task(**NEW, upcloud_token='wrong')
    assert result['error']['kind'] == 'auth' and result['error']['code'] == 'AUTHENTICATION_FAILED'


# -- identity ---------------------------------------------------------------------------------------------------------
def test_two_of_one_name(cloud):
    ids = cloud.sandbox.seed('upcloud', servers=2, options={'names': [NAME, NAME]})['servers']
    for state in ('present', 'absent', 'stopped'):
        result = cloud.task(name=NAME, state=state)
        assert result['error']['kind'] == 'ambiguous' and all(ident in result['msg'] for ident in ids)
        assert cloud.sent(write=True) == []


def test_an_id_that_is_not_there(cloud):
    result = cloud.task(id='00000000-0000-4000-8000-000000000000')
    assert result['error']['kind'] == 'not_found' and cloud.sent(write=True) == []


def test_found_among_many(cloud):
    cloud.sandbox.seed('upcloud', servers=150, options={'prefix': 'srv'})
    result = runs.ok(cloud.task(name='srv150'))
    assert result['server']['name'] == 'srv150' and len(cloud.sent()) == 2


@pytest.mark.parametrize('options, told', [
    ({'name': 'Web1'}, 'lower case'), ({'name': 'a' * 129}, '128'), ({'name': 'web_1'}, 'host name'),
    ({'name': ''}, 'empty'),
    ({'id': 'x'}, 'UUID'), ({'memory_mb': 1}, '512'), ({'memory_mb': 99999999}, 'at most'),
    ({'cpu_cores': 0}, 'cpu_cores'),
    ({'cpu_cores': 1000}, 'at most'), ({'size_gb': 5}, '10'), ({'size_gb': 5000}, '4096'), ({'cpu_mhz': 2000}, 'plan'),
    ({'persistent': True}, 'persist'), ({'state': 'upgraded'}, 'plan'), ({'state': 'reimaged'}, 'state reimaged'),
    ({'max_price': {'currency': 'EUR', 'monthly': 1}}, 'GET /price'), ({'vnc_password': 'short'}, '8 letters'),
    ({'tags': ['a b']}, 'tags'), ({'labels': {'_x': 'y'}}, '_x'), ({'labels': {'a': True}}, 'quote'),
    ({'drives': [{'size_gb': 10}]}, 'name'),
    ({'drives': [{'name': 'a', 'size_gb': 10}, {'name': 'a', 'size_gb': 10}]}, 'same name'),
    ({'drives': [{'name': 'a', 'tier': 'fast', 'size_gb': 10}]}, 'tier'),
    ({'drives': [{'name': 'a', 'device': 'sata:1', 'size_gb': 10}]}, 'device'),
    ({'drives': [{'media': 'cdrom'}]}, 'CD-ROM'),
    ({'networks': [{'type': 'private'}]}, 'needs network'), ({'networks': [{}]}, 'type'),
    ({'networks': [{'type': 'public', 'mac': 'x'}]}, 'networks[0].mac'),
    ({'networks': [{'type': 'utility', 'addresses': [{'family': 'IPv6'}]}]}, 'IPv6'),
    ({'stop_timeout': 700, 'force_stop': True}, '600'), ({'upcloud': {'stop_type': 'hard'}}, 'force_stop'),
    ({'upcloud': {'delete_backups': 'delete'}, 'state': 'absent'}, 'delete_drives'),
    ({'upcloud': {'simple_backup': '9999,daily'}}, 'simple_backup'), ({'upcloud': {'cancel': True}}, 'absent'),
    ({'upcloud': {'boot_order': 'disk,disk'}}, 'twice'), ({'image': 'a', 'clone_from': 'b'}, 'exclude'),
    ({'ssh_keys': [KEY], 'upcloud': {'login_user': {'create_password': True}}}, 'create_password'),
    ({'upcloud_api_url': 'http://api.example.com'}, 'https'), ({'state': 'running', 'start': False}, 'start'),
])
def test_bad_input_reaches_no_network(cloud, options, told):
    result = cloud.task(**dict(NEW, **options))
    assert result['failed'] and result['error']['kind'] == 'input', result
    assert told in result['msg'], result['msg']
    assert cloud.sent() == []


# -- secrets ----------------------------------------------------------------------------------------------------------
def test_no_secret_is_told(cloud):
    options = dict(NEW, vnc_password='canary12', user_data='#!/bin/sh canary-data')
    del options['ssh_keys']
    results = [cloud.task(check=True, **options), cloud.task(**options),
               cloud.task(**dict(options, vnc_password='canary34')), cloud.info(details=True),
               cloud.task(name=NAME, state='absent')]
    password = cloud.sandbox.env['UPCLOUD_PASSWORD']
    for result in results:
        text = json.dumps(result)
        assert not result.get('failed'), result.get('msg')
        for secret in ('canary', password, cloud.sandbox.env['UPCLOUD_TOKEN']):
            assert secret not in text
    assert results[1]['secrets'] == {}


def test_secrets_when_they_are_asked_for(cloud):
    options = {key: value for key, value in NEW.items() if key != 'ssh_keys'}
    result = runs.ok(cloud.task(**options, return_secrets=True))
    password = result['secrets']['password']
    assert result['secrets']['username'] == 'root' and password
    rest = json.dumps({key: value for key, value in result.items() if key != 'secrets'})
    assert password not in rest and result['secrets']['vnc_password'] not in rest
    assert runs.ok(cloud.task(**options, return_secrets=True)).get('secrets') == {}


# -- server_info ------------------------------------------------------------------------------------------------------
def test_info_of_all_takes_two_requests(cloud):
    cloud.sandbox.seed('upcloud', servers=1000, options={'prefix': 'srv'})
    result = runs.ok(cloud.info())
    assert len(result['servers']) == 1000 and sorted(cloud.sent()) == ['GET /ip_address', 'GET /server']
    server = result['servers'][0]
    assert len(server['public_ipv4']) == 1 and server['utility_ipv4'] and server['private_ipv4'] is None
    assert server['drives'] is None and server['provider_options']['firewall'] is None


def test_info_with_details(cloud):
    cloud.sandbox.seed('upcloud', servers=8, options={'prefix': 'srv'})
    result = runs.ok(cloud.info(details=True))
    assert len(cloud.sent()) == 10
    assert all(server['drives'] and server['provider_options']['firewall'] is True for server in result['servers'])


def test_info_filters_labels_at_the_api_and_again(cloud):
    cloud.sandbox.seed('upcloud', servers=2, options={'prefix': 'a', 'labels': {'env': 'prod'}})
    cloud.sandbox.seed('upcloud', servers=1, options={'prefix': 'b', 'labels': {'ENV': 'prod'}})
    result = runs.ok(cloud.info(filters={'labels': {'env': 'prod'}}, details=True))
    assert sorted(server['name'] for server in result['servers']) == ['a1', 'a2']
    assert cloud.sent().count('GET /server/{uuid}') == 2


def test_info_by_id_and_name(cloud):
    uuid = cloud.server()
    assert [server['id'] for server in runs.ok(cloud.info(id=uuid))['servers']] == [uuid]
    assert [server['id'] for server in runs.ok(cloud.info(name=NAME))['servers']] == [uuid]
    mixed = cloud.server(name='Web2.Example.com')
    assert cloud.unchanged(name='web2.example.com')['server']['id'] == mixed
    for name in ('web2.example.com', 'Web2.Example.com'):
        assert [server['id'] for server in cloud.listed(name=name, details=True)] == [mixed]
    assert runs.ok(cloud.info(id='00000000-0000-4000-8000-000000000000'))['servers'] == []


# -- through Ansible --------------------------------------------------------------------------------------------------
def test_played_in_both_front_ends_and_finished_by_job(cloud, tmp_path):
    module = {'environment': {'HANDED': 'over'}}
    made = dict(NEW, provider='upcloud', tags=['web'], upcloud={'simple_backup': False})
    late = dict(NEW, provider='upcloud', name='web2', wait=False, tags=['web'], start=False)
    gone = {'provider': 'upcloud', 'name': NAME, 'state': 'absent'}
    played = playing.play(tmp_path, [
        {'indie.cloud.server': made}, dict({'indie.cloud.server': made}, **module), {'indie.cloud.server': late},
        {'indie.cloud.job': {'jobs': ['{{ result_2.job }}']}},
        dict({'indie.cloud.server': gone}, **module), {'indie.cloud.server': gone}], cloud.sandbox.env)
    assert played.code == 0, played.output
    assert [result['changed'] for result in played.results] == [True, False, True, True, True, False], played.output
    (job,) = played[3]['jobs']
    assert job['result']['state'] == 'stopped' and job['result']['tags'] == ['web']
    assert len(played[4]['kept_drives']) == 1 and 'Traceback' not in played.output


def test_both_front_ends_converge_and_refuse_what_is_malformed(cloud, tmp_path):
    module = {'environment': {'HANDED': 'over'}}
    wanted = {'provider': 'upcloud', 'name': NAME, 'networks': [{'type': 'public'}, IPV6], 'labels': {'a': '1'},
              'upcloud': {'remove_networks': [3]}, 'allow_stop': True}
    uuid = cloud.server()
    task = {'indie.cloud.server': wanted}
    played = playing.play(tmp_path, [task, dict(task, **module), dict(task)], cloud.sandbox.env)
    assert [result['changed'] for result in played.results] == [True, False, False], played.output
    details = cloud.api('GET /server/{uuid}', {'uuid': uuid})['answer']
    del details['server']['labels']
    cloud.fault('body', 'GET /server/{uuid}', body=json.dumps(details), times=0)
    more = {'indie.cloud.server': dict(wanted, labels={'b': '2'})}
    played = playing.play(tmp_path, [more, dict(more, **module)], cloud.sandbox.env)
    assert [result['error']['kind'] for result in played.results] == ['malformed'] * 2, played.output
    assert cloud.servers()[uuid]['labels'] == [{'key': 'a', 'value': '1'}]


@pytest.mark.parametrize('options, told', [
    ({'drives': [{'name': 'data', 'size_gb': 20}], 'upcloud': {'detach_drives': ['data']}},
     'detach_drives name the same'),
    ({'networks': [{'type': 'public', 'index': 3}], 'upcloud': {'remove_networks': [3]}},
     'remove_networks name the same'),
])
def test_what_is_wanted_and_unwanted_at_once_is_refused(cloud, options, told):
    result = cloud.task(name=NAME, **options)
    assert result['error']['kind'] == 'input' and told in result['msg'] and cloud.sent() == []
