# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only CloudSigma's servers have, against the sandbox."""

from __future__ import annotations

import pytest
from keyvalue_cloud import WEB, Cloud

UUID = 'aaaaaaaa-0000-4000-8000-000000000001'
CLONE = 'POST /drives/{uuid}/clone'


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    yield Cloud(sandbox, 'cloudsigma', tmp_path)
    sandbox.reset()


# -- power after create -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize('starts, writes', [
    (True, ['POST /servers/create']), (False, ['POST /servers/create', 'GET /servers/{uuid}/start'])])
def test_it_is_started_if_it_is_not_on_yet(cloud, starts, writes):
    cloud.settings(start_on_create=starts)
    assert cloud.both(**WEB)['server']['state'] == 'running' and cloud.writes() == writes
    cloud.same(**WEB)


@pytest.mark.parametrize('options', [{'start': False}, {'state': 'stopped'}])
def test_a_server_that_shall_not_start_is_stopped_if_it_runs(cloud, options):
    assert cloud.both(**WEB, **options)['server']['state'] == 'stopped'
    cloud.same(**WEB, **options)
    # The sandbox heeds the word of the manual's example; where it is not heeded, the server is stopped.
    cloud.fault('body', 'POST /servers/create', content_type='text/plain',
                body='server %s\nstatus active\n' % cloud.seed(name='web2')[0])
    assert cloud.fine(**dict(WEB, name='web2b'), **options)['server']['state'] == 'stopped'
    assert 'GET /servers/{uuid}/stop' in cloud.writes()


def test_a_new_server_that_is_not_persistent_is_left_on(cloud):
    cloud.fault('body', 'POST /servers/create', content_type='text/plain',
                body='server %s\nstatus active\n' % cloud.seed(name='web2', persistent='')[0])
    assert 'would destroy' in cloud.fails('job_failed', **WEB, start=False)['msg']
    assert cloud.writes() == ['POST /servers/create']


def test_what_a_stop_would_destroy_is_refused_before_anything_is_made(cloud):
    cloud.seed(name='golden', status='stopped')
    clone = {'name': 'copy1', 'clone_from': 'golden'}
    for options in (dict(WEB, start=False), dict(WEB, state='stopped'), dict(clone, start=False),
                    dict(WEB, state='stopped', allow_destroy_on_stop=True),
                    dict(clone, start=False, cloudsigma={'native_clone': True})):
        options['persistent'] = False
        for check in (True, False):
            assert 'would destroy' in cloud.fails('precondition', check, **options)['msg'] and cloud.writes() == []


def test_name_and_tags_are_tried_on_a_running_server(cloud):
    ident = cloud.seed(name='web1')[0]
    result = cloud.both(id=ident, name='web2', tags=['a'], persistent=True)
    assert result['server']['name'] == 'web2' and cloud.writes() == ['POST /servers/{uuid}/set']
    refused = {'kind': 'error', 'operation': 'POST /servers/{uuid}/set', 'code': 'usage', 'provider': 'cloudsigma',
               'message': 'Server x is currently in use'}
    cloud.sandbox.faults(**refused)
    cloud.fails('conflict', id=ident, name='web3')
    cloud.sandbox.faults(**refused)
    result = cloud.fine(id=ident, name='web3', allow_stop=True)
    assert result['server']['name'] == 'web3' and result['server']['state'] == 'running'
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['set', 'shutdown', 'set', 'start']


def test_the_speed_of_a_core_is_looked_at_with_what_the_server_has(cloud):
    cloud.seed(name='on', cpu='2000')
    cloud.seed(name='off', cpu='3000', smp='2', status='stopped')
    cloud.seed(name='auto', cpu='3000', smp='auto', status='stopped')
    cloud.seed(name='chosen', cpu='3000', smp='auto')
    for wanted in ({'name': 'on', 'cpu_cores': 4, 'allow_stop': True}, {'name': 'off', 'cpu_mhz': 5000},
                   {'name': 'off', 'cpu_cores': 4}, {'name': 'copy1', 'clone_from': 'off', 'cpu_cores': 4},
                   {'name': 'copy1', 'clone_from': 'off', 'cpu_mhz': 1500}):
        for check in (True, False):
            message = cloud.fails('precondition', check, **wanted)['msg']
            assert '1000 to 2200 MHz' in message and cloud.writes() == []
    for wanted in ({'name': 'off', 'cpu_mhz': 4000}, {'name': 'chosen', 'cpu_mhz': 5000, 'allow_stop': True},
                   {'name': 'auto', 'cpu_mhz': 9000}, {'name': 'copy1', 'clone_from': 'off', 'cpu_cores': 3}):
        cloud.changes(**wanted)


def test_it_is_off_before_it_is_destroyed(cloud):
    cloud.seed(name='web1')
    cloud.both(name='web1', state='absent', delete_drives=True)
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['stop', 'destroy', 'destroy']
    assert cloud.drives() == [] and cloud.servers() == []


def test_what_is_off_and_not_persistent_may_stay_so(cloud):
    cloud.seed(name='web1', status='stopped', persistent='false')
    cloud.same(name='web1', persistent=False, state='stopped')
    cloud.same(name='web1', persistent=False, start=False)


# -- clones -----------------------------------------------------------------------------------------------------------
def source(cloud, **options):
    vlan = cloud.seed('vlans', name='net')[0]
    return cloud.seed(name='golden', status='stopped', drives=2, cpu='3000', smp='2', tags='x', drive_size='4G', **{
        'nic:1:model': 'virtio', 'nic:1:vlan': vlan, 'nic:1:mac': '02:00:00:00:00:01', 'vnc:password': 'canary7x',
        **options})[0]


@pytest.mark.parametrize('by', ['id', 'name'])
def test_a_clone_shares_no_drive(cloud, by):
    ident = source(cloud)
    wanted = {'name': 'copy1', 'clone_from': ident if by == 'id' else 'golden', 'memory_mb': 512}
    server = cloud.both(**wanted)['server']
    assert server['cpu_mhz'] == 3000 and server['cpu_cores'] == 2 and server['memory_mb'] == 512
    assert server['tags'] == ['x'] and server['state'] == 'running' and server['persistent'] is True
    assert [nic['type'] for nic in server['networks']] == ['public', 'private']
    assert server['networks'][1]['mac'] != '02:00:00:00:00:01'
    first, second = cloud.servers()
    assert {first[key] for key in ('ide:0:0', 'ide:0:1')} & {second[key] for key in ('ide:0:0', 'ide:0:1')} == set()
    assert sorted(drive['name'] for drive in cloud.drives()) == ['copy1 ide:0:0', 'copy1 ide:0:1', 'golden', 'golden']
    assert 'vnc:password' not in next(raw for raw in cloud.servers() if raw['name'] == 'copy1')
    cloud.same(**wanted)
    assert cloud.sent() == ['GET /servers/info', 'GET /drives/info']


@pytest.mark.parametrize('options', [{}, {'start': False}, {'state': 'stopped'}])
def test_a_clone_is_persistent_whatever_its_source_is(cloud, options):
    source(cloud, persistent='false')
    wanted = {'name': 'copy1', 'clone_from': 'golden', **options}
    server = cloud.both(**wanted)['server']
    assert server['persistent'] is True and server['state'] == ('stopped' if options else 'running')
    cloud.same(**wanted)
    other = {'name': 'copy2', 'clone_from': 'golden', 'persistent': False}
    assert cloud.both(**other)['server']['persistent'] is False
    cloud.same(**other)


@pytest.mark.parametrize('nth', range(5))
@pytest.mark.parametrize('fault', ['drop_before', 'drop_after', 'empty'])
def test_an_interrupted_clone_is_gone_on_with(cloud, nth, fault):
    source(cloud)
    steps = [CLONE, CLONE, 'POST /servers/create', 'POST /drives/{uuid}/set', 'POST /drives/{uuid}/set']
    cloud.fault(fault, steps[nth], nth=steps[:nth + 1].count(steps[nth]))
    cloud.run(name='copy1', clone_from='golden')
    cloud.sandbox.drop_faults()
    cloud.fine(name='copy1', clone_from='golden')
    assert len(cloud.servers()) == 2 and len(cloud.drives()) == 4
    cloud.same(name='copy1', clone_from='golden')


def test_a_cd_of_the_provider_stays_the_same_in_a_clone(cloud):
    image = next(uuid for uuid, drive in cloud.sandbox.state('cloudsigma')['standard_drives'].items()
                 if drive['type'] == 'cdrom')
    source(cloud, **{'ide:1:0': image, 'ide:1:0:media': 'cdrom'})
    cloud.both(name='copy1', clone_from='golden', networks=[])
    copy = next(raw for raw in cloud.servers() if raw['name'] == 'copy1')
    assert copy['ide:1:0'] == image and copy['ide:1:0:media'] == 'cdrom' and len(cloud.drives()) == 4
    assert not [key for key in copy if key.startswith('nic:')]


def test_a_source_that_runs_is_told(cloud):
    source(cloud)
    cloud.fine(name='golden', state='running')
    for check in (True, False):
        told = cloud.run(check, name='copy1', clone_from='golden')
        assert 'stop the source first' in told['notes'][0] and bool(told.get('failed')) is not check
    assert told['error']['kind'] == 'conflict' and len(cloud.drives()) == 2
    cloud.fine(name='golden', state='stopped')
    assert cloud.both(name='copy1', clone_from='golden')['notes'] == []


def test_a_device_that_the_manual_does_not_have_is_refused(cloud):
    for device in ('scsi:0:1', 'ata:0:1'):
        for options in ({'drives': [{'id': UUID, 'device': device}]}, {'cloudsigma': {'boot': [device]}},
                        {'cloudsigma': {'detach_drives': [device]}},
                        {'image': 'x', 'cloudsigma': {'image_drive': {'device': device}}}):
            cloud.refused('must match', **WEB, **options)


def test_a_source_that_is_not_there_is_told_with_the_nearest(cloud):
    source(cloud)
    for wanted in ('goldn', UUID):
        message = cloud.fails('precondition', name='copy1', clone_from=wanted)['msg']
        assert 'golden' in message and cloud.writes() == []


def test_the_own_clone_of_the_api_is_refused_where_it_shares_a_drive(cloud):
    ident = source(cloud)
    wanted = {'name': 'copy1', 'clone_from': 'golden', 'cloudsigma': {'native_clone': True}}
    checked = cloud.fine(True, **wanted)
    assert cloud.writes() == [] and checked['steps'][0]['operation'] == 'POST /servers/{uuid}/clone'
    result = cloud.fails('job_failed', **wanted)
    assert ident in result['msg'] and 'both write to that drive' in result['msg']
    assert cloud.writes() == ['POST /servers/{uuid}/clone']
    # It stays an error until the clone is gone.
    for options in ({}, {'state': 'running'}, {'state': 'stopped'}):
        for check in (True, False):
            again = cloud.fails('precondition', check, **wanted, **options)
            assert ident in again['msg'] and 'both write to that drive' in again['msg'] and cloud.writes() == []
    cloud.both(name='copy1', state='absent')
    assert len(cloud.drives()) == 2


def test_the_own_clone_of_the_api_may_have_a_drive_that_is_made_to_be_shared(cloud):
    source(cloud)
    for drive in cloud.drives():
        cloud.api('POST /drives/{uuid}/set', {'uuid': drive['drive'], 'claim:type': 'shared'})
    wanted = {'name': 'copy1', 'clone_from': 'golden', 'cloudsigma': {'native_clone': True}}
    cloud.both(**wanted)
    cloud.same(**wanted)


def test_the_own_clone_of_the_api_is_fine_where_it_has_drives_of_its_own(cloud):
    source(cloud)
    apart = cloud.seed(name='apart')[0]
    cloud.fault('body', 'POST /servers/{uuid}/clone', content_type='text/plain',
                body='server %s\nstatus active\nname copy1\n' % apart)
    result = cloud.fine(name='copy1', clone_from='golden', cloudsigma={'native_clone': True})
    assert result['server']['id'] == apart
    assert cloud.writes() == ['POST /servers/{uuid}/clone', 'POST /servers/{uuid}/set']


@pytest.mark.parametrize('options', [{}, {'persistent': False}, {'start': False}])
def test_the_own_clone_of_the_api_is_made_persistent(cloud, options):
    cloud.seed(name='golden', status='stopped', persistent='false', drives=0)
    wanted = {'name': 'copy1', 'clone_from': 'golden', 'cloudsigma': {'native_clone': True}, **options}
    lasts = 'persistent' not in options
    server = cloud.both(**wanted)['server']
    assert server['persistent'] is lasts and server['state'] == ('stopped' if 'start' in options else 'running')
    cloud.same(**wanted)
    # A run that ended before that is made good by the next.
    cloud.fault('error', 'POST /servers/{uuid}/set', code='usage')
    cloud.fails('invalid', **dict(wanted, name='copy2'))
    assert cloud.fine(**dict(wanted, name='copy2'))['server']['persistent'] is lasts


@pytest.mark.parametrize('options, told', [
    ({'clone_from': 'a', 'image': 'b'}, 'exclude each other'),
    ({'clone_from': 'a', 'drives': [{'id': UUID}]}, 'exclude each other'),
    ({'cloudsigma': {'native_clone': True}}, 'goes with clone_from'),
    ({'clone_from': 'a', 'cloudsigma': {'native_clone': True}, 'memory_mb': 512}, 'leave out'),
    ({'cpu_mhz': 4000, 'cpu_cores': 1}, '1000 to 2200 MHz'),
    ({'cpu_mhz': 1500, 'cpu_cores': 2}, '1000 to 2200 MHz'),
    ({'labels': {'a': 'b'}}, 'API 1.0 has none'),
    ({'zone': 'zrh'}, 'cloudsigma_region'),
])
def test_bad_input_never_reaches_the_network(cloud, options, told):
    result = cloud.fails('input', **{'name': 'web1', **options})
    assert told in result['msg'] and cloud.sent() == []


def test_every_own_option_reaches_the_api(cloud):
    parent = cloud.seed(name='parent')[0]
    reader = '22222222-2222-4222-8222-222222222222'
    cloud.both(**cloud.web, cloudsigma={
        'parent': parent, 'boot': ['ide:0:0'], 'use': ['general', 'x'],
        'image_drive': {'tags': ['affinity:ssd'], 'readers': [reader], 'claim_type': 'exclusive'}})
    body = cloud.bodies('/servers/create')[0]
    assert body['parent'] == parent and body['use'] == 'general x' and body['boot'] == 'ide:0:0'
    body = cloud.bodies('/clone')[0]
    assert body['tags'] == 'affinity:ssd' and body['readers'] == reader and body['claim:type'] == 'exclusive'
    cloud.same(**cloud.web, cloudsigma={'parent': parent, 'boot': ['ide:0:0']})


# -- errors -----------------------------------------------------------------------------------------------------------
def test_errors_in_a_success_are_errors(cloud):
    cloud.fault('body', 'POST /servers/create', content_type='text/plain',
                body='name web1\ncpu 1\nerrors:cpu Too slow\nerrors:system Bad\n')
    result = cloud.fails('invalid', **WEB)
    assert 'cpu: Too slow; Bad' in result['msg'] and result['error']['http_status'] == 200


def test_a_create_without_its_id_is_no_success(cloud):
    cloud.settings(balance=0)
    cloud.fault('body', 'POST /servers/create', content_type='text/plain', body='name web1\ncpu 2000\n')
    result = cloud.fails('outcome_unknown', **WEB)
    assert 'without funds' in result['msg'] and "no 'server'" in result['msg']


def test_names_are_told_apart_from_their_html_form(cloud):
    cloud.seed(name='a &amp; b')
    cloud.same(name='a & b')


def test_a_handle_of_a_clone_that_was_finished_before_copies_nothing_again(cloud):
    source(cloud)
    handle = cloud.fine(name='copy1', clone_from='golden', wait=False)['job']
    assert not cloud.job(handle).get('failed')
    again = cloud.job(handle)
    assert not again.get('failed') and not again['changed'] and cloud.writes() == []
    assert again['jobs'][0]['result']['name'] == 'copy1' and len(cloud.drives()) == 4
