# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What servers of CloudSigma and ElasticHosts share, against the sandbox."""

from __future__ import annotations

import time

import pytest
from keyvalue_cloud import OTHER_IMAGES, SIZES, WEB, Cloud

from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue.server_drives import staged

GIB = 1024 ** 3
UUID = 'aaaaaaaa-0000-4000-8000-000000000001'
OTHER = 'aaaaaaaa-0000-4000-8000-000000000002'
FAULTS = ['drop_before', 'drop_after', 'html', 'truncate', 'empty', 'throttle', 'timeout_before', 'timeout_after']

# How many steps a server with an image takes.
STEPS = {'cloudsigma': 4, 'elastichosts': 5}


@pytest.fixture(params=['cloudsigma', 'elastichosts'])
def cloud(request, sandbox, tmp_path):
    sandbox.reset()
    yield Cloud(sandbox, request.param, tmp_path)
    sandbox.reset()


def own(cloud, **options):
    return {cloud.provider: options}


def operation(cloud, verb):
    """The name of an action on a server, with the method that the provider's document gives it."""
    return '%s /servers/{uuid}/%s' % ('GET' if cloud.provider == 'cloudsigma' else 'POST', verb)


def first_order(cloud):
    """The first thing that costs something."""
    return 'POST /drives/{uuid}/clone' if cloud.provider == 'cloudsigma' else 'POST /drives/create'


def unused(cloud, stage='unused'):
    """The name of a drive of the image that no server has used yet."""
    standard = cloud.sandbox.state(cloud.provider)['standard_drives']
    return staged('web1 system', stage, next(uuid for uuid, drive in standard.items() if drive['name'] == cloud.image))


def test_a_rename_to_the_name_of_another_server_is_warned_of(cloud):
    server, other = (cloud.fine(**{**cloud.web, 'name': name})['server']['id'] for name in ('web1', 'db1'))
    for check in (True, False):
        told, = cloud.fine(check, id=server, name='db1')['warnings']
        assert 'db1' in told and other in told and server not in told
    assert 'warnings' not in cloud.unchanged(id=server, name='db1')


# -- the life of a server ---------------------------------------------------------------------------------------------
def test_the_life_of_a_server(cloud):
    made = cloud.both(**cloud.web, tags=['b', 'a'])
    server = made['server']
    assert made['changed'] and server['state'] == 'running' and server['provider_state'] == 'active'
    assert server['name'] == 'web1' and server['cpu_mhz'] == 2000 and server['memory_mb'] == 1024
    assert server['tags'] == ['a', 'b'] and server['persistent'] is True and len(server['public_ipv4']) == 1
    assert [(each['device'], each['media'], each['boot']) for each in server['drives']] == [('ide:0:0', 'disk', True)]
    assert made['diff']['before'] == {} and made['diff']['after']['name'] == 'web1'
    cloud.same(**cloud.web, tags=['a', 'b'])
    assert cloud.sent() == ['GET /servers/info', 'GET /drives/info']
    assert cloud.both(name='web1', tags=['c'])['server']['tags'] == ['c']
    cloud.same(name='web1', tags=['c'])
    grown = cloud.both(name='web1', memory_mb=2048, allow_stop=True)
    assert grown['server']['memory_mb'] == 2048 and grown['server']['state'] == 'running'
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown', 'set', 'start']
    cloud.same(name='web1', memory_mb=2048, allow_stop=True)
    assert cloud.both(name='web1', state='stopped')['server']['state'] == 'stopped'
    cloud.same(name='web1', state='stopped')
    cloud.same(name='web1')
    assert cloud.both(name='web1', state='running')['server']['state'] == 'running'
    cloud.same(name='web1', state='running')
    assert cloud.both(name='web1', state='restarted')['changed']
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown', 'start']
    gone = cloud.both(name='web1', state='absent')
    assert gone['changed'] and gone['server'] is None and cloud.servers() == []
    assert [(each['name'], each['size_gb']) for each in gone['kept_drives']] \
        == [('web1 system', SIZES[cloud.provider])]
    assert cloud.same(name='web1', state='absent')['kept_drives'] == []
    assert cloud.sent() == ['GET /servers/info', 'GET /servers/list']


def test_a_server_that_was_stopped_for_a_change_is_started_by_the_next_run(cloud):
    cloud.fine(**cloud.web)
    change = {'name': 'web1', 'memory_mb': 2048, 'allow_stop': True}
    assert cloud.fine(wait=False, **change)['job']
    while cloud.servers()[0]['status'] != 'stopped':
        time.sleep(0.1)
    again = cloud.both(**change)
    assert again['server']['memory_mb'] == 2048 and again['server']['state'] == 'running'
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['set', 'start']
    cloud.same(**change)


def test_a_stop_that_was_refused_owes_no_start(cloud, tmp_path):
    cloud.seed(name='web1')
    cloud.fault('error', operation(cloud, 'shutdown'), code='usage', message='No.')
    assert not cloud.fails('invalid', name='web1', memory_mb=2048, allow_stop=True)['changed']
    Cloud(cloud.sandbox, cloud.provider, tmp_path / 'elsewhere').changes(name='web1', state='stopped')
    assert cloud.same(name='web1')['server']['state'] == 'stopped'


def test_a_server_that_somebody_wants_stopped_stays_so(cloud):
    cloud.fine(**cloud.web)
    cloud.fine(name='web1', memory_mb=2048, allow_stop=True, wait=False)
    while cloud.servers()[0]['status'] != 'stopped':
        time.sleep(0.1)
    cloud.same(name='web1', state='stopped')
    assert cloud.both(name='web1', memory_mb=2048)['server']['state'] == 'stopped'


def test_id_identifies_and_name_is_wanted(cloud):
    ident = cloud.seed(name='old')[0]
    assert cloud.both(id=ident, name='new')['server']['name'] == 'new'
    cloud.same(id=ident.upper(), name='new')
    assert 'there is no server with the id' in cloud.fails('not_found', id=UUID, name='new')['msg']
    cloud.same(id=UUID, state='absent')


def test_two_of_one_name_are_an_error_that_lists_them(cloud):
    first, second = cloud.seed(count=2, name='twin')
    message = cloud.fails('ambiguous', name='twin', state='absent')['msg']
    assert first in message and second in message and cloud.writes() == []


def test_a_server_without_network_or_drive(cloud):
    server = cloud.both(**WEB, networks=[], persistent=False)['server']
    assert server['networks'] == [] and server['drives'] == [] and server['persistent'] is False
    assert cloud.bodies('servers/create')[0]['persistent'] == 'false'


def test_create_says_all_that_a_create_has_been_seen_to_need(cloud):
    cloud.fine(**cloud.web)
    sent = cloud.bodies('servers/create')[0]
    assert sent['persistent'] == 'true' and sent['smp'] == 'auto' and sent['boot'] == 'ide:0:0'
    assert sent['nic:0:model'] == 'e1000' and sent['nic:0:dhcp'] == 'auto'


def test_every_neutral_field_at_once(cloud):
    vlan = cloud.seed('vlans', name='net')[0]
    disk, data = cloud.seed('drives', 2, names=['disk1', 'data1'])
    wanted = dict(
        WEB, cpu_cores=2, vnc_address='auto', vnc_password='canary7x', vnc_tls=True, tags=['x'],
        networks=[{'type': 'public', 'model': 'virtio'},
                  {'type': 'private', 'network': vlan, 'mac': '02:AB:00:00:00:01', 'index': 2}],
        drives=[{'name': 'data1', 'device': 'block:1'}, {'id': disk, 'boot': True}])
    server = cloud.both(**wanted)['server']
    assert server['cpu_cores'] == 2 and server['vnc_tls'] is True and server['vnc_address']
    assert [(nic['index'], nic['type'], nic['model'], nic['network'], nic['mac']) for nic in server['networks']] == [
        (0, 'public', 'virtio', None, None), (2, 'private', 'e1000', vlan, '02:ab:00:00:00:01')]
    assert [(each['id'], each['device'], each['boot']) for each in server['drives']] == [
        (data, 'block:1', False), (disk, 'ide:0:0', True)]
    assert cloud.servers()[0]['persistent'] == 'true' and 'canary7x' in str(cloud.servers())
    cloud.same(**wanted)


# -- what needs a stop, and what a stop may destroy -------------------------------------------------------------------
def test_a_stop_needs_leave(cloud):
    cloud.seed(name='web1')
    for check in (True, False):
        message = cloud.fails('precondition', check, name='web1', memory_mb=2048)['msg']
        assert 'allow_stop' in message and 'memory_mb' in message and cloud.writes() == []


@pytest.mark.parametrize('options', [{'state': 'stopped'}, {'state': 'restarted'},
                                     {'memory_mb': 2048, 'allow_stop': True}])
def test_a_server_that_is_not_persistent_is_not_stopped(cloud, options):
    cloud.seed(name='web1', persistent='')
    for check in (True, False):
        message = cloud.fails('precondition', check, name='web1', **options)['msg']
        assert 'would destroy' in message and 'set persistent: true' in message and cloud.writes() == []
        assert ('allow_destroy_on_stop' in message) == (options.get('state') == 'stopped')
    assert cloud.servers()[0]['status'] == 'active'


@pytest.mark.parametrize('options', [{'memory_mb': 2048}, {}])
def test_a_stop_that_destroys_must_be_asked_for_and_is_foreseen(cloud, options):
    cloud.seed(name='web1', persistent='false')
    gone = cloud.both(name='web1', state='stopped', allow_destroy_on_stop=True, tags=['a'], **options)
    assert gone['server'] is None and [step['destructive'] for step in gone['steps']] == [True]
    assert cloud.writes() == [operation(cloud, 'shutdown')] and cloud.servers() == []


@pytest.mark.parametrize('options', [
    {'memory_mb': 2048}, {'memory_mb': 2048, 'state': 'running'}, {'state': 'restarted'},
    {'memory_mb': 2048, 'state': 'restarted'}])
def test_a_stop_that_destroys_serves_no_change_and_no_restart(cloud, options):
    cloud.seed(name='web1', persistent='false')
    options = dict(options, name='web1', allow_stop=True, allow_destroy_on_stop=True)
    for check in (True, False):
        message = cloud.fails('precondition', check, **options)['msg']
        assert 'set persistent: true' in message and 'allow_destroy' not in message and cloud.writes() == []
    assert cloud.both(**options, persistent=True)['server']['state'] == 'running'


def test_a_server_is_not_made_one_that_a_stop_destroys_by_the_task_that_stops_it(cloud):
    cloud.seed(name='web1')
    options = {'name': 'web1', 'state': 'stopped', 'persistent': False, 'allow_destroy_on_stop': True}
    assert 'while it is off' in cloud.fails('precondition', **options)['msg'] and cloud.writes() == []
    cloud.fine(name='web1', state='stopped')
    assert cloud.both(**options)['server']['persistent'] is False
    cloud.same(**options)


def test_a_stop_that_destroys_names_the_drive_first(cloud):
    cloud.fault('drop_before', 'POST /drives/{uuid}/set', times=0, nth=1 if cloud.provider == 'cloudsigma' else 2)
    cloud.run(**cloud.web, persistent=False)
    cloud.sandbox.drop_faults()
    assert cloud.drives()[0]['name'] == unused(cloud)
    cloud.both(name='web1', state='stopped', allow_destroy_on_stop=True)
    assert [drive['name'] for drive in cloud.drives()] == ['web1 system'] and cloud.servers() == []


def test_a_server_is_made_persistent_before_it_is_stopped(cloud):
    cloud.seed(name='web1', persistent='')
    result = cloud.both(name='web1', state='stopped', persistent=True)
    assert result['server']['state'] == 'stopped' and result['server']['persistent'] is True
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['set', 'shutdown']
    cloud.seed(name='web2', persistent='')
    result = cloud.both(name='web2', memory_mb=2048, allow_stop=True, persistent=True)
    assert result['server']['memory_mb'] == 2048
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['set', 'shutdown', 'set', 'start']


def test_making_it_not_persistent_and_stopping_it_is_refused(cloud):
    cloud.seed(name='web1')
    cloud.fails('precondition', name='web1', memory_mb=2048, allow_stop=True, persistent=False)
    assert cloud.writes() == [] and cloud.servers()[0]['status'] == 'active'


def test_a_guest_that_does_not_shut_down_keeps_running_without_force(cloud):
    cloud.seed(name='web1', ignore_shutdown=True)
    result = cloud.fails('wait_timeout', name='web1', state='stopped', stop_timeout=1)
    assert 'force_stop' in result['msg'] and cloud.servers()[0]['status'] == 'active'
    forced = cloud.both(name='web1', state='stopped', stop_timeout=1, force_stop=True)
    assert forced['server']['state'] == 'stopped' and forced['warnings']
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown', 'stop']


def test_a_stopped_server_is_started_again_even_if_the_change_fails(cloud):
    cloud.seed(name='web1')
    cloud.fault('error', 'POST /servers/{uuid}/set', code='usage', message='No such thing')
    result = cloud.fails('invalid', name='web1', memory_mb=2048, allow_stop=True)
    assert 'shutdown' in result['msg'] and cloud.servers()[0]['status'] == 'active'


@pytest.mark.parametrize('word, state', [('paused', 'unknown'), ('dumped', 'stopped'), ('dead', 'error')])
def test_odd_states_are_shown_and_can_be_left(cloud, word, state):
    cloud.seed(name='web1', status=word)
    assert cloud.info(name='web1')['servers'][0]['state'] == state
    result = cloud.both(name='web1', state='running')
    assert result['changed'] and result['server']['provider_state'] == 'active'


def test_a_server_that_is_off_in_its_own_way_needs_no_stop(cloud):
    cloud.seed(name='web1', status='dead')
    assert cloud.fine(name='web1', memory_mb=2048)['server']['memory_mb'] == 2048
    cloud.same(name='web1', state='stopped')


def test_a_number_of_processors_that_the_api_chose_is_kept_once_it_is_asked_for(cloud):
    cloud.fine(**WEB)
    cloud.same(name='web1', cpu_cores=1)
    stopped = cloud.both(name='web1', cpu_cores=1, state='stopped')
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown', 'set']
    assert stopped['server']['cpu_cores'] == 1 and cloud.bodies('set') == [{'smp': '1'}]
    cloud.same(name='web1', cpu_cores=1, state='stopped')
    cloud.both(name='web1', cpu_cores=1, state='running')
    cloud.same(name='web1', cpu_cores=1)
    cloud.both(name='web1', state='stopped')
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown']
    cloud.same(name='web1', cpu_cores=1, state='stopped')


def test_a_number_of_processors_is_kept_when_the_speed_changes(cloud):
    cloud.fine(**WEB)
    change = {'name': 'web1', 'cpu_cores': 1, 'cpu_mhz': 2200, 'memory_mb': 2048, 'allow_stop': True}
    assert cloud.both(**change)['server']['cpu_cores'] == 1
    assert cloud.bodies('set') == [{'cpu': '2200', 'mem': '2048', 'smp': '1'}]
    cloud.same(**change)
    cloud.both(name='web1', state='stopped', tags=['a'], cpu_cores=1)
    cloud.same(name='web1', state='stopped', tags=['a'], cpu_cores=1)


# -- drives and networks ----------------------------------------------------------------------------------------------
def test_drives_are_attached_moved_and_detached(cloud):
    cloud.seed(name='web1', status='stopped')
    system = cloud.info(name='web1')['servers'][0]['drives'][0]['id']
    data = cloud.seed('drives', name='data1')[0]
    attached = cloud.both(name='web1', drives=[{'name': 'data1'}])
    assert {each['device']: each['id'] for each in attached['server']['drives']} == {
        'ide:0:0': system, 'ide:0:1': data}
    cloud.same(name='web1', drives=[{'name': 'data1'}])
    moved = cloud.both(name='web1', drives=[{'id': data, 'device': 'block:3', 'boot': True}])['server']
    assert {each['device']: each['boot'] for each in moved['drives']} == {'ide:0:0': True, 'block:3': True}
    assert moved['provider_options']['boot'] == ['ide:0:0', 'block:3']
    assert 'ide:0:0' in cloud.fails('precondition', name='web1', drives=[{'id': data, 'device': 'ide:0:0'}])['msg']
    left = cloud.both(name='web1', **own(cloud, detach_drives=['block:3']))['server']
    assert [each['device'] for each in left['drives']] == ['ide:0:0']
    assert left['provider_options']['boot'] == ['ide:0:0'] and len(cloud.drives()) == 2
    cloud.same(name='web1', **own(cloud, detach_drives=['block:3', data]))


def test_a_drive_that_is_not_there_is_told_with_the_nearest(cloud):
    cloud.seed('drives', name='data1')
    assert 'data1' in cloud.fails('precondition', **WEB, drives=[{'name': 'data2'}])['msg']
    assert cloud.writes() == []
    cloud.seed('drives', 2, name='twin')
    cloud.fails('ambiguous', **WEB, drives=[{'name': 'twin'}])
    assert cloud.writes() == []


NOT_THERE = [
    ({'drives': [{'id': UUID}]}, 'there is no drive ' + UUID),
    ({'networks': [{'type': 'private', 'network': UUID}]}, 'there is no VLAN ' + UUID),
    ({'networks': [{'type': 'public', 'address': '203.0.113.9'}]}, 'no static IP 203.0.113.9'),
    ({'vnc_address': '203.0.113.9'}, 'no static IP 203.0.113.9'),
]


@pytest.mark.parametrize('options, told', NOT_THERE)
def test_what_is_not_there_is_told_before_anything_is_made_or_stopped(cloud, options, told):
    cloud.seed(name='old')
    for wanted in (dict(cloud.web, **options), dict(options, name='old', allow_stop=True)):
        for check in (True, False):
            assert told in cloud.fails('precondition', check, **wanted)['msg'] and cloud.writes() == []


def test_what_a_server_is_given_costs_one_list_each(cloud):
    vlan = cloud.seed('vlans', name='net')[0]
    address = cloud.seed('ips')[0]
    disk, other = cloud.seed('drives', 2, names=['disk1', 'disk2'])
    wanted = dict(WEB, drives=[{'id': disk}, {'name': 'disk2'}], vnc_address=address, vnc_password='canary7x',
                  networks=[{'type': 'public', 'address': address}, {'type': 'private', 'network': vlan}])
    cloud.both(**wanted)
    lists = [name for name in cloud.reads() if name.startswith(('GET /drives', 'GET /resources'))]
    assert lists == ['GET /drives/info'] + (['GET /resources/info'] if cloud.provider == 'elastichosts' else
                                            ['GET /resources/vlan/info', 'GET /resources/ip/info'])
    cloud.same(**wanted)
    assert not [name for name in cloud.reads() if name.startswith('GET /resources')] and other


def test_what_another_server_uses_is_told_before_anything_is_made_or_stopped(cloud):
    address = cloud.seed('ips')[0]
    owner = cloud.seed(name='owner', **{'nic:0:dhcp': address})[0]
    cloud.seed(name='old')
    disk = next(raw for raw in cloud.servers() if raw['name'] == 'owner')['ide:0:0']
    for options in ({'drives': [{'id': disk}]}, {'networks': [{'address': address}]}, {'vnc_address': address}):
        for wanted in (dict(cloud.web, **options), dict(options, name='old', allow_stop=True)):
            for check in (True, False):
                message = cloud.fails('precondition', check, **wanted)['msg']
                assert 'in use by server ' + owner in message and cloud.writes() == []
    # A server that is off claims nothing.
    cloud.both(name='old', state='stopped', drives=[{'id': disk}])
    cloud.fine(name='owner', state='stopped')
    cloud.api('POST /drives/{uuid}/set', {'uuid': disk, 'claim:type': 'shared'})
    cloud.fine(name='owner', state='running')
    cloud.both(**dict(WEB, name='web2', drives=[{'id': disk}]))


def test_a_drive_that_is_being_filled_is_not_attached(cloud):
    image = 'POST /drives/{uuid}/image/{source}[/{conversion}]'
    cloud.fault('job_hangs', first_order(cloud) if cloud.provider == 'cloudsigma' else image)
    cloud.fails('wait_timeout', **cloud.web, wait_timeout=1)
    disk, = cloud.drives()
    message = cloud.fails('precondition', **dict(WEB, name='web2'), drives=[{'id': disk['drive']}])['msg']
    assert 'is being filled' in message and cloud.writes() == []


def test_a_cd_of_the_provider_is_found_by_name(cloud):
    name = 'Debian 12 64bit netinst' if cloud.provider == 'cloudsigma' else 'Debian Linux 12 netinst CD'
    server = cloud.both(**WEB, drives=[{'name': name, 'device': 'ide:1:0'}])['server']
    assert server['drives'][0]['media'] == 'cdrom' and server['drives'][0]['boot'] is True


def test_networks_are_changed_and_removed(cloud):
    vlan, other = cloud.seed('vlans', 2, names=['a', 'b'])
    address = cloud.seed('ips', name='ip1')[0]
    cloud.seed(name='web1', status='stopped')
    cloud.same(name='web1', networks=[{'type': 'public', 'address': 'auto'}])
    wanted = [{'type': 'public', 'address': address}, {'network': vlan}]
    assert cloud.both(name='web1', networks=wanted)['server']['public_ipv4'] == [address]
    cloud.same(name='web1', networks=wanted)
    more = cloud.both(name='web1', networks=[{'type': 'private', 'network': other}])['server']
    assert [(nic['index'], nic['network']) for nic in more['networks']] == [(0, None), (1, vlan), (2, other)]
    cloud.same(name='web1', networks=[{'network': other}])
    moved = cloud.both(name='web1', networks=[{'network': other, 'index': 1}], **own(cloud, remove_networks=[2]))
    assert [(nic['index'], nic['network']) for nic in moved['server']['networks']] == [(0, None), (1, other)]
    cloud.same(name='web1', networks=[{'network': other}], **own(cloud, remove_networks=[2]))
    cloud.same(name='web1', networks=[])
    bare = cloud.both(name='web1', networks=[{'type': 'public', 'address': ''}])['server']
    assert bare['networks'][0]['address'] is None
    assert cloud.both(name='web1', **own(cloud, remove_networks=[0, 1]))['server']['networks'] == []
    assert not [key for key in cloud.servers()[0] if key.startswith('nic:')]


def test_automatic_values_are_satisfied_by_any(cloud):
    vnc = 'vnc' if cloud.provider == 'elastichosts' else 'vnc:ip'
    cloud.seed(name='web2', **{vnc: 'auto', 'vnc:password': 'canary7x'})
    cloud.same(name='web2', vnc_address='auto', vnc_password='canary7x', networks=[{'address': 'auto'}])


def test_vnc_is_switched_off_with_empty_values(cloud):
    cloud.fine(**WEB, vnc_password='canary7x', state='stopped')
    result = cloud.both(name='web1', vnc_password='', vnc_address='')
    assert result['server']['vnc_address'] is None
    cloud.same(name='web1', vnc_password='', vnc_address='')
    assert not {'vnc', 'vnc:ip', 'password', 'vnc:password'} & set(cloud.servers()[0])


# -- the end ----------------------------------------------------------------------------------------------------------
def test_drives_go_only_when_asked_and_never_those_of_others(cloud):
    mine, shared, both = cloud.seed('drives', 3, names=['mine', 'shared', 'both'])
    cloud.sandbox.drop_faults()
    shared = cloud.seed('drives', name='shared2', **{'claim:type': 'shared'})[0]
    cloud.seed(name='web1', drives=0, **{'ide:0:0': mine, 'ide:0:1': shared, 'ide:1:0': both, 'boot': 'ide:0:0'})
    cloud.seed(name='web2', drives=0, status='stopped', **{'ide:0:0': both})
    result = cloud.both(name='web1', state='absent', delete_drives=True)
    assert {each['id']: each['reason'] for each in result['kept_drives']} == {
        shared: 'it is shared', both: 'server %s has it too' % cloud.servers()[0]['server']}
    assert mine not in [drive['drive'] for drive in cloud.drives()]
    assert {shared, both} <= {drive['drive'] for drive in cloud.drives()}


def test_a_deletion_that_was_interrupted_is_finished_by_the_next_run(cloud):
    cloud.seed(name='web1')
    cloud.fault('status', 'POST /drives/{uuid}/destroy', status=503, times=0)
    result = cloud.run(name='web1', state='absent', delete_drives=True)
    assert result['failed'] and cloud.servers() == [] and len(cloud.drives()) == 1
    cloud.sandbox.drop_faults()
    again = cloud.both(name='web1', state='absent', delete_drives=True)
    assert again['changed'] and cloud.drives() == []
    cloud.same(name='web1', state='absent', delete_drives=True)
    assert cloud.sent() == ['GET /servers/info', 'GET /servers/list']


def test_a_drive_that_found_another_server_after_an_interrupted_deletion_stays(cloud):
    cloud.seed(name='web1')
    cloud.fault('status', 'POST /drives/{uuid}/destroy', status=503, times=0)
    cloud.run(name='web1', state='absent', delete_drives=True)
    cloud.sandbox.drop_faults()
    cloud.seed(name='web2', drives=0, status='stopped', **{'ide:0:0': cloud.drives()[0]['drive']})
    cloud.same(name='web1', state='absent', delete_drives=True)
    assert len(cloud.drives()) == 1


def test_drives_are_not_destroyed_on_the_word_of_a_list_whose_body_was_lost(cloud):
    ident, = cloud.seed(name='web1')
    system = cloud.drives()[0]['drive']
    cloud.seed(name='web2', drives=0, status='stopped', **{'ide:0:0': system})
    cloud.fault('empty', 'GET /servers/info', times=0)
    cloud.fails('malformed', id=ident, state='absent', delete_drives=True)
    assert cloud.writes() == []
    cloud.sandbox.drop_faults()
    cloud.fault('empty', 'GET /drives/info')
    cloud.fails('malformed', id=ident, state='absent', delete_drives=True)
    assert cloud.writes() == []
    cloud.fault('status', 'POST /drives/{uuid}/destroy', status=503, times=0)
    cloud.seed(name='web3')
    cloud.run(name='web3', state='absent', delete_drives=True)
    cloud.sandbox.drop_faults()
    cloud.fault('empty', 'GET /servers/info', times=0)
    cloud.fails('malformed', name='web3', state='absent', delete_drives=True)
    assert cloud.writes() == []


def test_what_stays_is_left_in_order_and_its_power_is_cut_only_with_leave(cloud):
    cloud.seed(name='web1', ignore_shutdown=True)
    assert 'force_stop' in cloud.fails('wait_timeout', name='web1', state='absent', stop_timeout=1)['msg']
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown']
    cloud.both(name='web1', state='absent', stop_timeout=1, force_stop=True)
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown', 'stop', 'destroy']
    cloud.seed(name='web2', ignore_shutdown=True)
    cloud.both(name='web2', state='absent', delete_drives=True)
    assert 'shutdown' not in str(cloud.writes())
    cloud.seed(name='web3', persistent='')
    assert cloud.both(name='web3', state='absent')['server'] is None


# -- an image: several steps, and nothing twice -----------------------------------------------------------------------
def test_the_drive_of_an_image_has_the_size_and_name_that_were_asked_for(cloud):
    image = next(uuid for uuid, drive in cloud.sandbox.state(cloud.provider)['standard_drives'].items()
                 if drive['name'] == cloud.image)
    options = dict(WEB, image=image, size_gb=7, **own(cloud, image_drive={'name': 'root of web1', 'device': 'block:0'}))
    server = cloud.both(**options)['server']
    assert [(each['device'], each['boot']) for each in server['drives']] == [('block:0', True)]
    assert [(drive['name'], int(drive['size'])) for drive in cloud.drives()] == [('root of web1', 7 * GIB)]


@pytest.mark.parametrize('options, told', [
    ({'image': 'Debian Linux 13'}, 'Debian'), ({'image': UUID}, 'there is no image'),
    ({'image': 'KEEP', 'size_gb': 1}, 'size_gb')])
def test_an_image_that_cannot_be_is_told_before_anything_is_made(cloud, options, told):
    options = dict(WEB, **options)
    if options['image'] == 'KEEP':
        options['image'] = cloud.image
    for check in (True, False):
        assert told in cloud.fails('precondition', check, **options)['msg'] and cloud.writes() == []


def test_the_drives_own_copy_can_be_an_image(cloud):
    golden = cloud.seed('drives', name='golden', size='5G')[0]
    cloud.both(**WEB, image='golden')
    assert {int(drive['size']) for drive in cloud.drives()} == {5 * GIB} and len(cloud.drives()) == 2
    assert cloud.servers()[0]['ide:0:0'] != golden


def test_imaging_that_hides_for_a_moment_is_waited_for(cloud):
    cloud.settings(imaging_gap=0.2)
    cloud.sandbox.settings(job_seconds=1)
    try:
        cloud.fine(**cloud.web)
        assert cloud.servers()[0]['status'] == 'active'
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


@pytest.mark.parametrize('fault', [*FAULTS, '500', '503'])
@pytest.mark.parametrize('cloud, nth', [(provider, nth) for provider, steps in STEPS.items() for nth in range(steps)],
                         indirect=['cloud'])
def test_an_interruption_anywhere_makes_nothing_twice(cloud, nth, fault):
    """Whatever happens to whichever write: the same task again ends with one server and one drive."""
    steps = [step['operation'] for step in cloud.fine(True, **cloud.web)['steps']]
    assert len(steps) == STEPS[cloud.provider]
    spec = {'kind': fault}
    if fault.isdigit():
        spec = {'kind': 'status', 'status': int(fault), 'effect': nth % 2 == 0}
    elif fault.startswith('timeout'):
        spec['seconds'] = 5
    nth_of_its_kind = steps[:nth + 1].count(steps[nth])
    cloud.fault(operation=steps[nth], nth=nth_of_its_kind, **spec)
    first = cloud.run(**cloud.web, read_timeout=0.5, wait_timeout=15)
    if first.get('failed'):
        assert first['error']['kind'] in ('outcome_unknown', 'unavailable', 'malformed', 'job_failed'), first['msg']
        assert 'Traceback' not in first['msg']
    cloud.sandbox.drop_faults()
    again = cloud.fine(**cloud.web)
    assert again['server']['name'] == 'web1'
    assert len(cloud.servers()) == 1 and len(cloud.drives()) == 1
    assert cloud.servers()[0]['ide:0:0'] == cloud.drives()[0]['drive']
    cloud.same(**cloud.web)


def test_a_run_that_stopped_anywhere_is_gone_on_with_and_told(cloud):
    cloud.fault('status', 'POST /servers/create', status=400)
    cloud.fails('invalid', **cloud.web)
    assert len(cloud.drives()) == 1 and cloud.drives()[0]['name'] == unused(cloud)
    again = cloud.both(**cloud.web)
    assert cloud.drives()[0]['drive'] in again['notes'][0] and len(cloud.drives()) == 1
    assert cloud.drives()[0]['name'] == 'web1 system'


def test_a_drive_that_a_deleted_server_left_is_not_taken_for_a_new_one(cloud):
    cloud.fine(**cloud.web)
    cloud.fine(name='web1', state='absent')
    cloud.both(**cloud.web)
    assert [drive['name'] for drive in cloud.drives()] == ['web1 system'] * 2


# What keeps a drive of a server that was made from getting its plain name.
UNNAMED = {'cloudsigma': [('drop_before', 'POST /drives/{uuid}/set', 1, {}),
                          ('status', 'POST /drives/{uuid}/set', 1, {'status': 403}),
                          ('html', 'GET /servers/{uuid}/info', 1, {}), ('empty', 'GET /servers/{uuid}/info', 1, {})],
           'elastichosts': [('drop_before', 'POST /drives/{uuid}/set', 2, {}),
                            ('status', 'POST /drives/{uuid}/set', 2, {'status': 403}),
                            ('html', 'GET /servers/{uuid}/info', 1, {}), ('empty', 'GET /servers/{uuid}/info', 1, {})]}


def interrupted(cloud, which):
    """Make a server in a run that breaks off before its drive has its plain name; the drive."""
    kind, operation, nth, more = UNNAMED[cloud.provider][which]
    cloud.fault(kind, operation, nth=nth, times=0, **more)
    cloud.run(**cloud.web)
    cloud.sandbox.drop_faults()
    drive, = cloud.drives()
    assert drive['name'] == unused(cloud) and len(cloud.servers()) == 1
    return drive['drive']


@pytest.mark.parametrize('which', range(4))
def test_a_drive_that_a_server_uses_is_named_so_by_the_next_run(cloud, which):
    interrupted(cloud, which)
    again = cloud.both(**cloud.web)
    assert again['changed'] and cloud.writes() == ['POST /drives/{uuid}/set']
    assert [drive['name'] for drive in cloud.drives()] == ['web1 system']
    cloud.same(**cloud.web)


def test_a_task_that_does_not_wait_tells_a_filling_that_failed(cloud):
    cloud.fault('job_fails', 'POST /drives/{uuid}/clone' if cloud.provider == 'cloudsigma'
                else 'POST /drives/{uuid}/image/{source}[/{conversion}]')
    results = []
    while len(results) < 12 and not (results and results[-1].get('failed')):
        results.append(cloud.run(**cloud.web, wait=False))
        time.sleep(0.3)
    assert 'inactive' in results[-1]['msg'] and cloud.servers() == []


def test_a_drive_that_a_server_used_is_not_taken_once_the_server_is_gone(cloud):
    used = interrupted(cloud, 0)
    gone = cloud.both(name='web1', state='absent')
    assert gone['kept_drives'][0]['name'] == 'web1 system' and cloud.writes()[0] == 'POST /drives/{uuid}/set'
    cloud.same(name='web1', state='absent')
    cloud.both(**cloud.web)
    assert cloud.servers()[0]['ide:0:0'] != used and len(cloud.drives()) == 2


def test_a_server_stays_where_its_drive_cannot_be_told_from_an_unused_one(cloud):
    interrupted(cloud, 0)
    cloud.fault('status', 'POST /drives/{uuid}/set', status=403, times=0)
    assert cloud.run(name='web1', state='absent')['failed'] and len(cloud.servers()) == 1


def test_a_drive_that_is_used_is_named_so_before_it_is_destroyed(cloud):
    interrupted(cloud, 0)
    cloud.fault('status', 'POST /drives/{uuid}/destroy', status=503, times=0)
    cloud.run(name='web1', state='absent', delete_drives=True)
    assert [drive['name'] for drive in cloud.drives()] == ['web1 system'] and cloud.servers() == []


def test_a_task_that_does_not_wait_leaves_no_drive_with_the_name_of_an_unused_one(cloud):
    for _run in range(12):
        cloud.fine(**cloud.web, wait=False)
        time.sleep(0.3)
    assert [drive['name'] for drive in cloud.drives()] == ['web1 system'] and len(cloud.servers()) == 1
    cloud.same(**cloud.web)


@pytest.mark.parametrize('elsewhere', [False, True])
def test_a_drive_that_was_made_from_another_image_is_not_used(cloud, elsewhere, tmp_path):
    cloud.fault('status', 'POST /servers/create', status=400)
    cloud.fails('invalid', **cloud.web)
    left, = cloud.drives()
    if elsewhere:
        cloud.folder = str(tmp_path / 'other')
    made = cloud.both(**dict(cloud.web, image=OTHER_IMAGES[cloud.provider], size_gb=20))
    assert left['drive'] in made['notes'][0] and 'another image' in made['notes'][0]
    assert cloud.servers()[0]['ide:0:0'] != left['drive'] and len(cloud.drives()) == 2
    assert cloud.state()['drives'][left['drive']]['name'] == unused(cloud)


def test_two_drives_that_may_be_ours_are_an_error(cloud):
    ids = cloud.seed('drives', 2, name=unused(cloud), size='20G')
    message = cloud.fails('ambiguous', **cloud.web)['msg']
    assert all(each in message for each in ids) and cloud.writes() == []


def test_a_drive_of_an_earlier_run_that_is_too_small_is_refused(cloud):
    cloud.seed('drives', name=unused(cloud), size='1G')
    assert 'has only 1 GiB' in cloud.fails('precondition', **cloud.web)['msg'] and cloud.writes() == []


def test_a_drive_that_a_server_uses_is_never_taken(cloud):
    drive = cloud.seed('drives', name=unused(cloud), size='20G')[0]
    cloud.seed(name='other', drives=0, status='stopped', **{'ide:0:0': drive})
    cloud.fine(**cloud.web)
    assert len(cloud.drives()) == 2 and sorted(raw['ide:0:0'] == drive for raw in cloud.servers()) == [False, True]


def test_imaging_that_fails_is_told_and_the_drive_is_not_used(cloud):
    cloud.fault('job_fails', 'POST /drives/{uuid}/clone' if cloud.provider == 'cloudsigma'
                else 'POST /drives/{uuid}/image/{source}[/{conversion}]')
    assert 'inactive' in cloud.fails('job_failed', **cloud.web)['msg'] and cloud.servers() == []
    assert 'inactive' in cloud.fails('precondition', **cloud.web)['msg'] and len(cloud.drives()) == 1


def test_imaging_that_takes_too_long_is_gone_on_with(cloud):
    cloud.sandbox.settings(job_seconds=3)
    try:
        result = cloud.fails('wait_timeout', **cloud.web, wait_timeout=1)
        assert 'run the same task again' in result['msg'] and result['job'] is not None
        cloud.fine(**cloud.web)
        filling = [name for name in cloud.writes() if 'image' in name or 'clone' in name]
        assert filling == [] and len(cloud.drives()) == len(cloud.servers()) == 1
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_a_handle_is_finished_by_a_job(cloud):
    handle = cloud.fine(**cloud.web, wait=False)['job']
    assert handle['provider'] == cloud.provider and handle['remaining']
    done = cloud.job(handle)
    assert not done.get('failed'), done
    assert done['jobs'][0]['result']['state'] == 'running' and len(cloud.servers()) == 1
    assert [drive['name'] for drive in cloud.drives()] == ['web1 system']
    cloud.same(**cloud.web)


@pytest.mark.parametrize('state', ['running', 'stopped'])
def test_a_handle_that_was_finished_before_gives_the_server_as_it_is(cloud, state):
    handle = cloud.fine(**cloud.web, wait=False)['job']
    assert not cloud.job(handle).get('failed')
    cloud.fine(name='web1', state=state)
    before = cloud.sandbox.state(cloud.provider)
    began = time.monotonic()
    again = cloud.job(handle)
    assert not again.get('failed') and not again['changed'] and cloud.writes() == [], again
    assert time.monotonic() - began < 5
    assert again['jobs'][0]['result'] == cloud.info(name='web1')['servers'][0]
    assert cloud.sandbox.state(cloud.provider) == before


@pytest.mark.parametrize('delete_drives', [False, True])
def test_a_handle_whose_server_is_gone_is_an_error_at_once(cloud, delete_drives):
    handle = cloud.fine(**cloud.web, wait=False)['job']
    cloud.job(handle)
    cloud.fine(name='web1', state='absent', delete_drives=delete_drives)
    began = time.monotonic()
    again = cloud.job(handle)
    assert again['error']['kind'] == 'not_found' and 'gone since' in again['msg']
    assert time.monotonic() - began < 5 and cloud.writes() == [] and 'defect' not in again['msg']
    assert cloud.servers() == [] and len(cloud.drives()) == (not delete_drives)


@pytest.mark.parametrize('state', ['running', 'stopped'])
def test_a_handle_of_a_server_that_goes_meanwhile_is_an_error_at_once(cloud, state):
    cloud.seed(name='web1', status='stopped' if state == 'running' else 'active')
    handle = cloud.fine(name='web1', state=state, wait=False)['job']
    cloud.fine(name='web1', state='absent', stop_timeout=1, force_stop=True)
    again = cloud.job(handle)
    assert again['error']['kind'] == 'job_failed' and 'gone' in again['msg'] and cloud.writes() == []


# -- errors -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('fault', ['html', 'truncate', 'drop_after', 'timeout_after', 'status'])
def test_a_list_that_does_not_come_is_an_error_and_nothing_is_made(cloud, fault):
    cloud.seed(name='web1')
    cloud.fault(fault, 'GET /servers/info', times=0, **({'status': 502} if fault == 'status' else {}),
                **({'seconds': 3} if fault == 'timeout_after' else {}))
    result = cloud.run(**cloud.web, read_timeout=0.3)
    assert result['failed'] and result['error']['kind'] in ('malformed', 'unavailable') and cloud.writes() == []


@pytest.mark.parametrize('options', [WEB, {'image': True}])
def test_a_list_whose_body_was_lost_is_not_taken_for_no_servers(cloud, options):
    """An empty body says that there are none; before one is made, another list is asked."""
    options = cloud.web if 'image' in options else options
    cloud.seed(name='web1')
    cloud.fault('empty', 'GET /servers/info', times=0)
    for check in (True, False):
        told = cloud.fails('malformed', check, **options)
        assert 'GET /servers/list is not' in told['msg'] and cloud.writes() == []
        assert cloud.sent() == ['GET /servers/info', 'GET /servers/list']
    for check in (True, False):
        told = cloud.fails('malformed', check, name='web1', state='absent', force_stop=True)
        assert 'GET /servers/list is not' in told['msg'] and len(cloud.servers()) == 1
    told = cloud.info()
    assert told['error']['kind'] == 'malformed' and told['servers'] == []
    cloud.sandbox.drop_faults()
    cloud.same(**options)


def test_a_list_of_drives_whose_body_was_lost_is_not_taken_for_no_drives(cloud):
    cloud.seed('drives', name=unused(cloud), size='20G')
    cloud.fault('empty', 'GET /drives/info', times=0)
    assert 'GET /drives/list is not' in cloud.fails('malformed', **cloud.web)['msg'] and cloud.writes() == []


def test_only_an_empty_list_is_asked_for_again(cloud):
    for run in (lambda: cloud.same(name='web1', state='absent'), cloud.info):
        run()
        assert cloud.sent() == ['GET /servers/info', 'GET /servers/list']
    cloud.fine(**WEB)
    assert cloud.sent().count('GET /servers/list') == 1
    cloud.fine(**dict(WEB, name='web2'))
    assert 'GET /servers/list' not in cloud.sent()


def test_a_handle_is_not_finished_with_a_list_whose_body_was_lost(cloud):
    handle = cloud.fine(**cloud.web, wait=False)['job']
    cloud.seed(name='web1')
    cloud.fault('empty', 'GET /servers/info', times=0)
    told = cloud.job(handle)
    assert told['error']['kind'] == 'outcome_unknown' and 'GET /servers/list is not' in told['msg']
    assert len(cloud.servers()) == 1


@pytest.mark.parametrize('status', [400, 404])
@pytest.mark.parametrize('body', ['<html>nginx 404</html>', ''])
def test_an_answer_that_is_not_the_providers_is_not_taken_for_absence(cloud, status, body):
    ident = cloud.seed(name='web1')[0]
    cloud.fault('body', 'GET /servers/{uuid}/info', status=status, body=body, content_type='text/html', times=0)
    for check in (True, False):
        told = cloud.fails('malformed', check, id=ident, state='absent', force_stop=True)
        assert cloud.provider + '_api_url' in told['msg'] and len(cloud.servers()) == 1
    told = cloud.info(id=ident)
    assert told['error']['kind'] == 'malformed' and told['servers'] == []
    cloud.sandbox.drop_faults()
    if status == 404:
        cloud.fault('body', operation(cloud, 'destroy'), status=status, body=body, content_type='text/html', times=0)
        assert cloud.provider + '_api_url' in cloud.run(id=ident, state='absent', force_stop=True)['msg']


@pytest.mark.parametrize('folder', ['/api/2.0', '/v1'])
def test_an_endpoint_of_another_api_is_told_and_not_taken_for_absence(cloud, folder):
    ident = cloud.seed(name='web1')[0]
    name = cloud.provider + '_api_url'
    url = cloud.sandbox.env['CLOUDSIGMA_API_URL' if cloud.provider == 'cloudsigma' else 'EHURI'] + folder
    for options in ({'id': ident}, {'name': 'web1'}):
        for check in (True, False):
            told = cloud.fails('malformed', check, state='absent', **options, **{name: url})
            assert name in told['msg'] and len(cloud.servers()) == 1


def test_a_bare_not_found_is_believed_of_an_endpoint_that_knows_its_servers(cloud):
    cloud.fault('body', 'GET /servers/{uuid}/info', status=404, body='Not Found', content_type='text/plain', times=0)
    cloud.same(id=UUID, state='absent')


def test_a_throttled_read_is_repeated(cloud):
    cloud.fault('throttle', 'GET /servers/info', seconds=0)
    assert cloud.fine(**cloud.web)['stats']['retries'] >= 1


def test_wrong_credentials_are_told(cloud):
    wrong = {'cloudsigma': {'cloudsigma_password': 'wrong'}, 'elastichosts': {'elastichosts_auth': 'a:wrong'}}
    result = cloud.fails('auth', **WEB, **wrong[cloud.provider])
    assert result['error']['http_status'] == 401 and result['error']['code'] == 'auth'


def test_a_conflict_and_a_quota_are_told(cloud):
    cloud.fault('error', 'POST /servers/create', code='busy', message='Drive x is currently in use')
    result = cloud.fails('conflict', **WEB)
    assert result['error']['code'] == 'busy'
    cloud.settings(**({'balance': 0} if cloud.provider == 'cloudsigma' else {'funds': False}))
    result = cloud.fails('quota', **WEB)
    assert result['error']['code'] == 'billing' and cloud.servers() == []


def test_a_start_whose_answer_was_lost_is_looked_at(cloud):
    cloud.seed(name='web1', status='stopped')
    for kind in ('drop_after', 'drop_before'):
        cloud.fault(kind, operation(cloud, 'start'))
        assert cloud.fine(name='web1', state='running')['server']['state'] == 'running'
        cloud.fine(name='web1', state='stopped')


def test_a_start_that_never_comes_ends_with_the_deadline(cloud):
    cloud.seed(name='web1', status='stopped')
    cloud.fault('job_hangs', operation(cloud, 'start'))
    assert cloud.fails('wait_timeout', name='web1', state='running', wait_timeout=1)['job']['id']


def test_a_server_that_is_gone_meanwhile_is_not_found_on_a_change(cloud):
    cloud.seed(name='web1', status='stopped')
    cloud.fault('error', 'POST /servers/{uuid}/set', code='missing', message='Server x could not be found.')
    assert cloud.fails('not_found', name='web1', memory_mb=2048)['error']['code'] == 'missing'


# -- what is refused before any request -------------------------------------------------------------------------------
@pytest.mark.parametrize('options, told', [
    ({'name': None}, 'one of id and name is needed'),
    ({'name': ''}, 'name must not be empty'),
    ({'name': 'web\\node'}, 'no backslash with an n'), ({'tags': ['web\\node']}, 'tags[0] must match'),
    ({'vnc_password': 'a\\n'}, 'vnc_password must match'),
    ({'name': ' a'}, 'name must match'),
    ({'name': 'a &amp; b'}, 'HTML entity'),
    ({'id': 'x'}, 'id must match'),
    ({'cpu_mhz': 499}, 'cpu_mhz must be at least 500'),
    ({'cpu_mhz': 100000}, 'cpu_mhz must be at most'),
    ({'memory_mb': 4}, 'memory_mb must be at least 256'),
    ({'memory_mb': 1073741824}, 'memory_mb must be at most'),
    ({'cpu_cores': 0}, 'cpu_cores must be at least 1'),
    ({'plan': 'x'}, 'plan cannot be used'),
    ({'ssh_keys': ['x']}, 'ssh_keys cannot be used'),
    ({'upcloud': {'title': 'x'}}, 'upcloud cannot be used'),
    ({'state': 'reimaged'}, 'state reimaged cannot be used'),
    ({'state': 'running', 'start': False}, 'contradicts'),
    ({'size_gb': 5}, 'size_gb goes with image'),
    ({'drives': [{'device': 'ide:0:0'}]}, 'needs one of id and name'),
    ({'drives': [{'id': UUID, 'name': 'x'}]}, 'needs one of id and name'),
    ({'drives': [{'id': 'x'}]}, 'drives[0].id must match'),
    ({'drives': [{'id': UUID, 'device': 'ide:2:0'}]}, 'drives[0].device must match'),
    ({'drives': [{'id': UUID}, {'id': UUID}]}, 'is there twice'),
    ({'drives': [{'id': UUID, 'device': 'ide:0:0'}, {'id': OTHER, 'device': 'ide:0:0'}]}, 'is there twice'),
    ({'drives': [{'id': UUID, 'size_gb': 5}]}, 'drives[0].size_gb cannot be used'),
    ({'image': 'x', 'drives': [{'id': UUID, 'device': 'ide:0:0'}]}, 'image_drive.device'),
    ({'networks': [{'type': 'private'}]}, 'needs network'),
    ({'networks': [{'type': 'utility'}]}, 'networks[0].type must be one of'),
    ({'networks': [{'network': 'x'}]}, 'networks[0].network must match'),
    ({'networks': [{'type': 'public', 'network': UUID}]}, 'cannot be in a VLAN'),
    ({'networks': [{'network': UUID, 'address': 'auto'}]}, 'gets no address'),
    ({'networks': [{'address': 'x'}]}, 'networks[0].address must be'),
    ({'networks': [{'address': '999.1.1.1'}]}, 'networks[0].address must be'),
    ({'vnc_address': '1.2.3.256'}, 'vnc_address must be'),
    ({'networks': [{'model': 'ne2k'}]}, 'networks[0].model must be one of'),
    ({'networks': [{'mac': 'x'}]}, 'networks[0].mac must match'),
    ({'networks': [{}, {}]}, 'no interface left'),
    ({'networks': [{'network': UUID, 'index': 1}, {'network': OTHER, 'index': 1}]}, 'an index is there twice'),
    ({'networks': [{'type': 'public'}, {'type': 'public', 'index': 2}]}, 'interface 0 is the public one'),
    ({'networks': [{'type': 'public', 'index': 1}]}, 'interface 0 is the public one'),
    ({'networks': [{'index': 3}]}, 'interface 0 is the public one'),
    ({'networks': [{'network': UUID, 'index': 0}]}, '1 to 3 are private'),
    ({'networks': [{'mac': '02:00:00:00:00:01'}]}, 'only an interface in a VLAN takes a mac'),
    ({'tags': ['a b']}, 'tags[0] must match'),
    ({'vnc_password': 'a b'}, 'vnc_password must match'),
    ({'vnc_address': 'x'}, 'vnc_address must be'),
    ({'wait_timeout': 0}, 'wait_timeout must be above 0'),
])
def test_bad_input_never_reaches_the_network(cloud, options, told):
    result = cloud.fails('input', **{**WEB, **options})
    assert told in result['msg'] and cloud.sent() == []


def test_own_options_are_checked_too(cloud):
    for options, told in [({'boot': ['x']}, 'boot[0] must match'), ({'parent': 'x'}, 'parent must match'),
                          ({'remove_networks': [4]}, 'takes 0 to 3'),
                          ({'detach_drives': ['x']}, 'detach_drives[0] must match'),
                          ({'image_drive': {'device': 'x'}}, 'image_drive.device must match')]:
        assert told in cloud.fails('input', **WEB, **own(cloud, **options))['msg'] and cloud.sent() == []
    both = own(cloud, boot=['ide:0:0'])
    assert 'use one of them' in cloud.fails('input', **WEB, **both, drives=[{'id': UUID, 'boot': True}])['msg']
    assert 'name the same' in cloud.fails('input', **WEB, **own(cloud, remove_networks=[1]),
                                          networks=[{'network': UUID, 'index': 1}])['msg']
    assert 'name the same' in cloud.fails('input', **WEB, **own(cloud, detach_drives=[UUID]),
                                          drives=[{'id': UUID}])['msg']


def test_an_interface_is_not_both_wanted_and_removed(cloud):
    for networks in ([{'type': 'public', 'address': 'auto'}], [{}], [{'model': 'virtio'}]):
        cloud.refused('public interface', **WEB, networks=networks, **own(cloud, remove_networks=[0]))
    cloud.refused('no interface left', **WEB, networks=[{'network': UUID}], **own(cloud, remove_networks=[1, 2, 3]))


def test_what_removes_an_interface_repeats_without_a_change(cloud):
    vlan = cloud.seed('vlans', name='net')[0]
    wanted = dict(WEB, networks=[{'network': vlan}], **own(cloud, remove_networks=[0, 1]))
    assert [nic['index'] for nic in cloud.both(**wanted)['server']['networks']] == [2]
    cloud.same(**wanted)
    bare = dict(WEB, name='web2', **own(cloud, remove_networks=[0]))
    assert cloud.both(**bare)['server']['networks'] == []
    cloud.same(**bare)
    cloud.seed(name='web3', status='stopped', **{'nic:1:model': 'e1000', 'nic:1:vlan': vlan})
    moved = dict(name='web3', networks=[{'network': vlan}], **own(cloud, remove_networks=[1]))
    assert [nic['index'] for nic in cloud.both(**moved)['server']['networks']] == [0, 2]
    cloud.same(**moved)


def test_a_server_starts_only_from_a_drive_that_it_has(cloud):
    cloud.seed(name='web1', drives=2)
    second = cloud.servers()[0]['ide:0:1']
    for options in (dict(name='web1', allow_stop=True, **own(cloud, boot=['block:1'])),
                    dict(name='web1', allow_stop=True, **own(cloud, boot=['ide:0:1'], detach_drives=[second])),
                    dict(cloud.web, name='web2', **own(cloud, boot=['block:1'])),
                    dict(WEB, name='web2', **own(cloud, boot=['ide:0:0']))):
        for check in (True, False):
            assert '.boot: the server will have no drive at' in cloud.fails('precondition', check, **options)['msg']
            assert cloud.writes() == []
    cloud.refused('name the same', name='web1', **own(cloud, boot=['ide:0:1'], detach_drives=['ide:0:1']))
    changed = dict(name='web1', allow_stop=True, **own(cloud, boot=['ide:0:1'], detach_drives=['ide:0:0']))
    assert cloud.both(**changed)['server']['provider_options']['boot'] == ['ide:0:1']
    cloud.same(**changed)
    cloud.both(**dict(cloud.web, name='web3', **own(cloud, boot=['ide:0:0'])))


def test_a_boot_device_that_is_gone_is_in_no_way_of_another(cloud):
    data = cloud.seed('drives', name='data1')[0]
    cloud.seed(name='web1', status='stopped', boot='block:7 ide:0:0')
    cloud.both(name='web1', drives=[{'id': data, 'boot': True}])
    assert cloud.servers()[0]['boot'] == 'ide:0:0 ide:0:1'
    cloud.same(name='web1', drives=[{'id': data, 'boot': True}])


def test_a_new_server_needs_its_size(cloud):
    message = cloud.fails('precondition', name='web1')['msg']
    assert 'cpu_mhz' in message and 'memory_mb' in message and cloud.writes() == []


def test_one_drive_is_not_attached_twice(cloud):
    drive = cloud.seed('drives', name='data1')[0]
    message = cloud.fails('precondition', **WEB, drives=[{'id': drive}, {'name': 'data1'}])['msg']
    assert 'is there twice' in message and cloud.writes() == []


def test_interfaces_that_are_there_may_leave_no_room(cloud):
    vlans = cloud.seed('vlans', 4, prefix='v')
    cloud.seed(name='web1', status='stopped', **{
        'nic:%d:%s' % (index, key): value for index in (1, 2, 3)
        for key, value in (('model', 'e1000'), ('vlan', vlans[index]))})
    assert 'no interface left' in cloud.fails('precondition', name='web1', networks=[{'network': vlans[0]}])['msg']
    assert cloud.writes() == []


# -- any operation ----------------------------------------------------------------------------------------------------
def test_any_operation_is_one_task(cloud):
    ident = cloud.seed(name='web1', status='stopped', **{'vnc:password': 'canary7x'})[0]
    read = cloud.api('GET /servers/{uuid}/info', {'uuid': ident})
    assert not read['changed'] and read['answer']['name'] == 'web1' and 'canary7x' not in str(read)
    assert cloud.api(operation(cloud, 'start'), {'uuid': ident}, check=True)['changed'] and cloud.sent() == []
    started = cloud.api(operation(cloud, 'start'), {'uuid': ident})
    assert started['changed'] and started['job']['status'] == 'active', started
    stopped = cloud.api(operation(cloud, 'shutdown'), {'uuid': ident})
    assert stopped['job']['status'] == 'stopped'
    refused = cloud.api('POST /servers/create', {'name': 'x', 'colour': 'red'})
    assert 'colour' in refused['msg'] and cloud.sent() == []


def test_contents_of_a_drive_come_as_base64(cloud):
    drive = cloud.seed('drives', name='data1', size='4M')[0]
    cloud.api('POST /drives/{uuid}/write[/{offset}]', {'uuid': drive, 'offset': '4', 'data': 'abc'})
    read = cloud.api('GET /drives/{uuid}/read/{offset}/{size}', {'uuid': drive, 'offset': 3, 'size': 5})
    assert read['answer'] == {'base64': 'AGFiYwA='}, read


# -- lists ------------------------------------------------------------------------------------------------------------
def test_any_number_of_servers_is_one_request(cloud):
    cloud.seed(count=50)
    found = cloud.info()
    assert len(found['servers']) == 50 and cloud.sent() == ['GET /servers/info']
    assert len(cloud.info(details=True)['servers']) == 50 and cloud.sent() == ['GET /servers/info']


def test_an_odd_server_harms_no_other(cloud):
    cloud.seed(name='good')
    cloud.fault('body', 'GET /servers/info', content_type='text/plain',
                body='server %s\nstatus strange\n\nserver %s\nstatus active\nname good\ncpu x\n' % (UUID, OTHER))
    odd, good = cloud.info()['servers']
    assert odd['state'] == 'unknown' and odd['provider_state'] == 'strange' and odd['name'] is None
    assert good['name'] == 'good' and good['cpu_mhz'] is None


def test_secrets_are_masked_in_what_is_read(cloud):
    cloud.seed(name='web1', **{'vnc:password': 'canary7x'})
    assert 'canary7x' not in str(cloud.info()) and 'VALUE_SPECIFIED' in str(cloud.info()['servers'][0]['raw'])


@pytest.mark.parametrize('name', ['', '.', '..'])
def test_a_name_that_would_lead_to_another_path_is_refused(cloud, name):
    result = cloud.api(operation(cloud, 'destroy'), {'uuid': name})
    assert result['error']['kind'] == 'input' and not result['changed'] and cloud.sent() == []


def test_a_write_that_is_refused_changed_nothing(cloud):
    result = cloud.api(operation(cloud, 'stop'), {'uuid': UUID})
    assert result['error']['kind'] == 'not_found' and not result['changed']


def test_a_handle_has_the_power_cut_as_its_task_would(cloud):
    for options in ({'state': 'stopped', 'force_stop': True}, {'state': 'absent', 'force_stop': True}):
        cloud.sandbox.reset()
        cloud.fine(**cloud.web)
        cloud.settings(ignore_shutdown=True)
        handle = cloud.fine(name='web1', stop_timeout=1, wait=False, **options)['job']
        done = cloud.job(handle)
        assert not done.get('failed') and any('cut its power' in text for text in done['warnings'])
        assert [each['status'] for each in cloud.servers()] == (['stopped'] if options['state'] == 'stopped' else [])


def test_a_handle_that_would_write_when_it_is_looked_at_is_refused(cloud):
    cloud.fine(**cloud.web)
    handle = cloud.fine(name='web1', state='stopped', wait=False)['job']
    handle['resource']['wait']['operation'] = operation(cloud, 'destroy')
    assert cloud.job(handle)['error']['kind'] == 'input' and cloud.writes() == []


def test_a_write_whose_every_answer_is_lost_may_have_changed_something(cloud):
    cloud.fine(**cloud.web)
    cloud.fault('drop_after', 'POST /servers/{uuid}/set', times=9)
    assert cloud.fails('unavailable', name='web1', tags=['a'])['changed']
