# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only ElasticHosts' servers have, against the sandbox."""

from __future__ import annotations

import pytest
from keyvalue_cloud import WEB, Cloud

from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue.server_drives import staged

UUID = 'aaaaaaaa-0000-4000-8000-000000000001'
IMAGE = 'POST /drives/{uuid}/image/{source}[/{conversion}]'


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    yield Cloud(sandbox, 'elastichosts', tmp_path)
    sandbox.reset()


def image_id(cloud, name):
    standard = cloud.sandbox.state('elastichosts')['standard_drives']
    return next(uuid for uuid, drive in standard.items() if drive['name'] == name)


def paths(cloud, part):
    return [entry['path'] for entry in cloud.sandbox.requests() if part in entry['path']]


# -- power ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('options', [{'start': False}, {'state': 'stopped'}])
def test_a_server_can_be_made_without_being_started(cloud, options):
    made = cloud.both(**WEB, persistent=False, **options)
    assert made['server']['state'] == 'stopped' and cloud.writes() == ['POST /servers/create/stopped']
    cloud.same(**WEB)


def test_a_restart_is_gentle_unless_forced(cloud):
    cloud.seed(name='web1', persistent='')
    assert 'would destroy' in cloud.fails('precondition', name='web1', state='restarted')['msg']
    assert cloud.both(name='web1', state='restarted', force_stop=True)['server']['state'] == 'running'
    assert cloud.writes() == ['POST /servers/{uuid}/reset']


def test_a_restart_starts_what_is_off(cloud):
    cloud.seed(name='web1', status='stopped')
    for force in (True, False):
        assert cloud.both(name='web1', state='restarted', force_stop=force)['server']['state'] == 'running'
        assert cloud.writes() == ['POST /servers/{uuid}/start']
        cloud.fine(name='web1', state='stopped')


def test_what_a_running_server_takes_is_set_without_a_stop(cloud):
    ident = cloud.seed(name='web1')[0]
    wanted = {'id': ident, 'name': 'web2', 'cpu_mhz': 1500, 'persistent': True, 'tags': ['a'],
              'labels': {'role': 'db'}, 'vnc_password': 'canary7x'}
    server = cloud.both(**wanted)['server']
    assert server['name'] == 'web2' and server['cpu_mhz'] == 1500 and server['labels'] == {'role': 'db'}
    assert cloud.writes() == ['POST /servers/{uuid}/set']
    assert cloud.bodies('/set')[0]['password'] == 'canary7x'
    cloud.same(**wanted)


@pytest.mark.parametrize('options', [{'memory_mb': 2048}, {'cpu_cores': 3}, {'vnc_tls': True},
                                     {'networks': [{'model': 'virtio'}]}, {'elastichosts': {'remove_networks': [0]}},
                                     {'vnc_address': 'auto'}, {'elastichosts': {'boot': ['ide:0:1']}},
                                     {'elastichosts': {'firewall': {'policy': 'reject'}}}])
def test_all_else_needs_a_stop(cloud, options):
    cloud.seed(name='web1', drives=2)
    assert 'allow_stop' in cloud.fails('precondition', name='web1', **options)['msg']
    cloud.both(name='web1', **options, allow_stop=True)
    assert [verb.rpartition('/')[2] for verb in cloud.writes()] == ['shutdown', 'set', 'start']
    cloud.same(name='web1', **options)


# -- what CloudSigma lacks --------------------------------------------------------------------------------------------
def test_labels_are_merged_unless_purged(cloud):
    three = {'a': '1', 'b': 'two words', 'ok': 'true'}
    cloud.fine(**WEB, labels={'a': 1, 'b': 'two words', 'ok': True})
    assert cloud.same(**WEB, labels={'a': 1})['server']['labels'] == three
    assert cloud.both(**WEB, labels={'c': 'x'})['server']['labels'] == dict(three, c='x')
    assert cloud.both(**WEB, labels={'c': 'x'}, purge_labels=True)['server']['labels'] == {'c': 'x'}
    cloud.same(**WEB, labels={'c': 'x'}, purge_labels=True)
    assert cloud.both(**WEB, labels={}, purge_labels=True)['server']['labels'] == {}
    for text in ('C:\\new', ' x ', 'a\nb', 'x\t', 'x\r', 'a\tb', '\\nx\\n', 'x\xa0', 1.5, False):
        cloud.both(**WEB, labels={'c': text})
        cloud.same(**WEB, labels={'c': text})
    for labels in ({'a b': 'x'}, {'a': ''}, {'a': ' '}, {'a': None}, {'a': '\\n'}, {'a': '\t'}, {'a': ['b']},
                   {'a': {'b': 'c'}}, {'a': 'x\ry'}, {'a': 'x\0y'}, {'a': 'x\u2028y'}):
        cloud.refused('labels', **WEB, labels=labels)


def test_the_firewall_is_said_in_part(cloud):
    firewall = {'policy': 'reject', 'accept': ['tcp/22', 'tcp/80']}
    server = cloud.both(**WEB, elastichosts={'firewall': firewall})['server']
    assert server['provider_options']['firewall'] == dict(firewall, reject=[])
    cloud.same(**WEB, elastichosts={'firewall': {'accept': ['tcp/80', 'tcp/22']}})
    changed = cloud.both(**WEB, elastichosts={'firewall': {'accept': []}}, allow_stop=True)['server']
    assert changed['provider_options']['firewall'] == {'policy': 'reject', 'accept': [], 'reject': []}
    cloud.same(**WEB, elastichosts={'firewall': {'policy': 'reject', 'accept': []}})


def test_every_own_option_reaches_the_api(cloud):
    parent = cloud.seed(name='parent')[0]
    drive = cloud.seed('drives', name='far')[0]
    cloud.both(**cloud.web, elastichosts={
        'parent': parent, 'avoid_drives': [drive], 'avoid_servers': [parent],
        'image_drive': {'tier': 'ssd', 'encryption': 'none', 'avoid': [drive], 'tags': ['x']}})
    body = cloud.bodies('/servers/create')[0]
    assert (body['parent'], body['avoid:drives'], body['avoid:servers']) == (parent, drive, parent)
    body = cloud.bodies('/drives/create')[0]
    assert (body['tier'], body['encryption:cipher'], body['avoid'], body['tags']) == ('ssd', 'none', drive, 'x')
    cloud.same(**cloud.web, elastichosts={'parent': parent})


@pytest.mark.parametrize('options, told', [
    ({'vnc_password': 'ninechars'}, 'at most 8'),
    ({'memory_mb': 65536}, 'memory_mb must be at most'),
    ({'cpu_mhz': 20001}, 'cpu_mhz must be at most'),
    ({'clone_from': 'x'}, 'there is no clone'),
    ({'zone': 'lon-p'}, 'elastichosts_api_url'),
    ({'elastichosts': {'firewall': {'accept': ['TCP 22']}}}, 'firewall.accept'),
    ({'cloudsigma': {'native_clone': True}}, 'it is for provider cloudsigma'),
])
def test_bad_input_never_reaches_the_network(cloud, options, told):
    result = cloud.fails('input', **{**WEB, **options})
    assert told in result['msg'] and cloud.sent() == []


# -- two generations, and two ways to answer --------------------------------------------------------------------------
@pytest.mark.parametrize('settings', [
    {'generation': 'old'}, {'generation': 'new'}, {'start_reply': 'object'}, {'image_reply': 'empty'},
    {'imaging_style': 'percent'}, {'imaging_slots': 1}])
def test_either_generation_is_understood(cloud, settings):
    cloud.settings(**settings)
    wanted = dict(cloud.web, vnc_address='auto', cpu_cores=1)
    server = cloud.both(**wanted)['server']
    assert server['cpu_cores'] == 1 and len(server['public_ipv4']) == 1 and server['vnc_address'].count('.') == 3
    cloud.same(**wanted, networks=[{'address': 'auto'}])
    cloud.both(name='web1', state='restarted')
    assert cloud.both(name='web1', state='stopped')['server']['public_ipv4'] == []


@pytest.mark.parametrize('generation', ['old', 'new'])
@pytest.mark.parametrize('address', ['', 'auto', 'STATIC'])
def test_the_address_of_vnc_is_foreseen(cloud, generation, address):
    cloud.settings(generation=generation)
    address = cloud.seed('ips', name='ip1')[0] if address == 'STATIC' else address
    cloud.fine(**WEB, vnc_address='auto')
    wanted = {'name': 'web1', 'vnc_address': address, 'allow_stop': True}
    assert cloud.both(**wanted)['changed'] == (address != 'auto')
    cloud.same(**wanted)
    cloud.both(name='web1', state='stopped')
    cloud.both(name='web1', state='running')


# -- filling a drive --------------------------------------------------------------------------------------------------
def test_a_compressed_image_is_unpacked_and_another_drive_is_not(cloud):
    cloud.fine(**cloud.web)
    assert paths(cloud, '/image/')[0].endswith('/gunzip')
    cloud.seed('drives', name='golden', size='4G')
    cloud.fine(**dict(WEB, name='web2'), image='golden')
    assert not paths(cloud, '/image/')[0].endswith('/gunzip')


def test_an_image_that_a_server_uses_is_told_before_a_drive_is_made(cloud):
    cloud.seed(name='golden', drive_size='4G')
    disk = cloud.servers()[0]['ide:0:0']
    for check in (True, False):
        message = cloud.fails('precondition', check, **dict(cloud.web, image=disk))['msg']
        assert 'is in use by server' in message and cloud.writes() == []
    cloud.fine(name='golden', state='stopped')
    cloud.both(**dict(cloud.web, image=disk))


def test_a_drive_that_was_made_and_not_filled_is_filled(cloud):
    for image, written in [(cloud.image, 4), ('Debian Linux 5.0', 5)]:
        cloud.sandbox.reset()
        drive = cloud.seed('drives', name=staged('web1 system', 'empty', image_id(cloud, image)), size='20G')[0]
        cloud.both(**cloud.web)
        assert len(cloud.drives()) == 1 and paths(cloud, '/image/') and drive in paths(cloud, '/image/')[0]
        # One that another image was meant for says first that it no longer is.
        assert len(cloud.writes()) == written


def test_a_drive_that_is_being_filled_from_another_image_is_filled_anew(cloud, tmp_path):
    cloud.sandbox.settings(job_seconds=2)
    try:
        cloud.fails('wait_timeout', **dict(cloud.web, image='Debian Linux 5.0', size_gb=20), wait_timeout=1)
        cloud.folder = str(tmp_path / 'other')
        cloud.fine(**cloud.web)
        assert image_id(cloud, cloud.image) in paths(cloud, '/image/')[0] and len(cloud.drives()) == 1
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_a_drive_that_is_being_filled_is_waited_for(cloud, tmp_path):
    cloud.sandbox.settings(job_seconds=2)
    try:
        cloud.fails('wait_timeout', **cloud.web, wait_timeout=1)
        # Another machine knows nothing of it but what the API shows.
        cloud.folder = str(tmp_path / 'other')
        cloud.fine(**cloud.web)
        assert paths(cloud, '/image/') == [] and len(cloud.drives()) == 1
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_a_drive_that_was_filled_in_the_meantime_is_not_filled_again(cloud, tmp_path):
    cloud.sandbox.settings(job_seconds=2)
    try:
        cloud.fails('wait_timeout', **cloud.web, wait_timeout=1)
        cloud.sandbox.advance(10)
        cloud.fine(**cloud.web)
        assert paths(cloud, '/image/') == []
        # Without the journal it cannot be known, and filling it again does no harm.
        cloud.fails('wait_timeout', **dict(cloud.web, name='web2'), wait_timeout=1)
        cloud.sandbox.advance(10)
        cloud.folder = str(tmp_path / 'other')
        cloud.fine(**dict(cloud.web, name='web2'))
        assert len(paths(cloud, '/image/')) == 1 and len(cloud.drives()) == 2
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_another_image_than_that_of_the_interrupted_run_is_filled_in(cloud):
    cloud.sandbox.settings(job_seconds=2)
    try:
        cloud.fails('wait_timeout', **cloud.web, wait_timeout=1)
        cloud.fine(**dict(cloud.web, image='Debian Linux 5.0'))
        assert len(paths(cloud, '/image/')) == 1 and len(cloud.drives()) == 1
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_the_size_is_told_apart_from_what_the_compressed_image_takes(cloud):
    cloud.fine(**cloud.web)
    assert int(cloud.drives()[0]['size']) == 2 * 1024 ** 3


# -- errors -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('code, kind', [('usage', 'invalid'), ('busy', 'conflict'), ('billing', 'quota'),
                                        ('full', 'quota'), ('failed', 'job_failed'), ('method', 'invalid')])
def test_classes_of_errors(cloud, code, kind):
    cloud.fault('error', 'POST /servers/create', code=code, message='told so')
    result = cloud.fails(kind, **WEB)
    assert result['error']['code'] == code and 'told so' in result['msg'] and cloud.servers() == []


def test_a_system_error_leaves_the_outcome_open_and_is_looked_up(cloud):
    cloud.fault('error', 'POST /servers/create', code='system', message='broken')
    assert 'nothing yet' in cloud.fails('outcome_unknown', **WEB)['msg']


def test_a_drive_whose_imaging_was_refused_is_filled_by_the_next_run(cloud):
    cloud.fault('error', IMAGE, code='busy', message='Drive is in use')
    cloud.fails('conflict', **cloud.web)
    cloud.fine(**cloud.web)
    assert len(cloud.drives()) == 1 and len(paths(cloud, '/image/')) == 1


def test_a_number_of_processors_that_the_api_is_known_to_choose_needs_a_stop_when_the_speed_changes(cloud):
    cloud.seed(name='web1', smp='')
    change = {'name': 'web1', 'cpu_cores': 1, 'cpu_mhz': 6000}
    cloud.same(name='web1', cpu_cores=1)
    assert 'changing cpu_cores' in cloud.fails('precondition', **change)['msg'] and cloud.writes() == []
    changed = cloud.both(**change, allow_stop=True)['server']
    assert (changed['cpu_cores'], changed['cpu_mhz'], changed['state']) == (1, 6000, 'running')
    cloud.same(**change)
