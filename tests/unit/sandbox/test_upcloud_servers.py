# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The UpCloud sandbox: authentication, catalogues, servers."""

from __future__ import annotations

import time

import pytest
import requests

from upcloud_client import ABSENT, CDROM, CLOUD_INIT, DEBIAN, KEY, WINDOWS, Client, device, interface, server_body


@pytest.fixture
def cloud(sandbox):
    return Client(sandbox)


# -- authentication, errors, catalogues ----------------------------------------------------------------------------
def test_basic_and_bearer_are_accepted_and_nothing_else(cloud):
    url = cloud.env['UPCLOUD_API_URL'] + '/account'
    basic = (cloud.env['UPCLOUD_USERNAME'], cloud.env['UPCLOUD_PASSWORD'])
    assert requests.get(url, auth=basic, timeout=5).json()['account']['username'] == basic[0]
    assert cloud.ok('GET', '/account')['account']['credits'] > 0
    for headers in ({}, {'Authorization': 'Bearer wrong'}, {'Authorization': 'Basic !!!'}):
        answer = requests.get(url, headers=headers, timeout=5)
        assert (answer.status_code, answer.json()['error']['error_code']) == (401, 'AUTHENTICATION_FAILED')
    assert requests.get(url, auth=(basic[0], 'wrong'), timeout=5).status_code == 401
    log = cloud.control('GET', '/requests?operation=GET /account')
    assert [entry['status'] for entry in log] == [200, 200, 401, 401, 401, 401]


def test_paths(cloud):
    assert cloud.ok('GET', '/server/') == {'servers': {'server': []}}
    assert cloud.refused('GET', '/nothing') == (404, 'NOT_FOUND')
    assert cloud.refused('PATCH', '/server') == (405, 'METHOD_NOT_ALLOWED')
    assert cloud.refused('GET', '/server/1') == (400, 'SERVER_INVALID')
    assert cloud.refused('GET', '/server/' + ABSENT) == (404, 'SERVER_NOT_FOUND')
    assert cloud('GET', '/server').headers['Content-Type'] == 'application/json; charset=utf-8'
    bad = cloud.session.post(cloud.env['UPCLOUD_API_URL'] + '/server', data='{', timeout=5)
    assert (bad.status_code, bad.json()['error']['error_code']) == (400, 'REQUEST_INVALID')


def test_catalogues(cloud):
    assert {'id': 'fi-hel1', 'description': 'Helsinki #1', 'public': 'yes'} in cloud.ok('GET', '/zone')['zones']['zone']
    plans = {plan['name']: plan for plan in cloud.ok('GET', '/plan')['plans']['plan']}
    assert (plans['2xCPU-4GB']['core_number'], plans['2xCPU-4GB']['storage_size']) == (2, 80)
    prices = cloud.ok('GET', '/price')['prices']['zone'][0]
    assert prices['server_plan_2xCPU-4GB']['amount'] == 1
    assert 'Europe/Helsinki' in cloud.ok('GET', '/timezone')['timezones']['timezone']
    sizes = cloud.ok('GET', '/server_size')['server_sizes']['server_size']
    assert sizes[0] == {'core_number': '1', 'memory_amount': '1024'}
    assert sizes[-1] == {'core_number': '20', 'memory_amount': '131072'}
    assert cloud.ok('GET', '/host') == {'hosts': {'host': []}}
    kinds = {item['uuid']: item['template_type'] for item in
             cloud.ok('GET', '/storage/template')['storages']['storage']}
    assert (kinds[DEBIAN], kinds[CLOUD_INIT]) == ('native', 'cloud-init')
    assert CDROM in [item['uuid'] for item in cloud.ok('GET', '/storage/cdrom')['storages']['storage']]


def test_tokens_speak_the_problem_format(cloud):
    made = cloud.ok('POST', '/account/tokens', {'name': 'ci', 'expires_in': '1h', 'can_create_tokens': False}, 201)
    assert made['token'].startswith('ucat_')
    listed = cloud.ok('GET', '/account/tokens')
    assert [item['name'] for item in listed] == ['ci'] and 'token' not in listed[0]
    own = {'Authorization': 'Bearer ' + made['token']}
    assert cloud('GET', '/server', headers=own).status_code == 200
    refusal = cloud('POST', '/account/tokens', {'name': 'x', 'expires_in': '1h'}, headers=own)
    assert refusal.status_code == 403
    bad = cloud('POST', '/account/tokens', {'expires_in': '1h'})
    assert bad.headers['Content-Type'] == 'application/problem+json'
    assert bad.json()['type'].endswith('#ERROR_INVALID_REQUEST') and bad.json()['invalid_params'][0]['name'] == 'name'
    assert cloud('DELETE', '/account/tokens/' + made['id']).status_code == 204
    assert cloud('GET', '/account/tokens/' + made['id']).json()['status'] == 404
    assert cloud('GET', '/server', headers=own).status_code == 401
    soon = cloud.ok('POST', '/account/tokens', {'name': 'x', 'expires_in': '10s'}, 201)['token']
    cloud.pass_time(11)
    assert cloud('GET', '/server', headers={'Authorization': 'Bearer ' + soon}).status_code == 401


# -- create --------------------------------------------------------------------------------------------------------
def test_create_from_a_template_starts_after_a_while(cloud):
    made = cloud.create(wait=False, labels={'label': [{'key': 'env', 'value': 'prod'}]})
    assert made['state'] == 'maintenance' and made['username'] == 'root' and len(made['password']) == 16
    assert (made['core_number'], made['memory_amount']) == ('1', '2048')
    assert made['storage_devices']['storage_device'][0]['part_of_plan'] == 'yes'
    assert cloud.server(made['uuid'])['progress'].isdigit()
    assert cloud.refused('POST', '/server/%s/stop' % made['uuid']) == (409, 'SERVER_STATE_ILLEGAL')
    cloud.pass_time()
    server = cloud.server(made['uuid'])
    assert server['state'] == 'started' and server['host'] and 'password' not in server and 'progress' not in server
    assert [item['access'] for item in server['ip_addresses']['ip_address']] == ['utility', 'public']
    assert server['networking']['interfaces']['interface'][0]['ip_addresses']['ip_address'][0]['floating'] == 'no'
    assert server['firewall'] == 'on' and server['simple_backup'] == 'no' and server['server_group'] is None
    assert server['labels']['label'][0]['key'] == 'env'
    storage = cloud.ok('GET', '/storage/' + server['storage_devices']['storage_device'][0]['storage'])['storage']
    assert storage['servers']['server'] == [made['uuid']] and storage['state'] == 'online'


def test_the_list_has_only_its_fields_and_filters_by_label(cloud):
    one = cloud.create(labels={'label': [{'key': 'Env', 'value': 'prod'}, {'key': 'v2', 'value': ''}]})
    cloud.create(plan='custom', labels={'label': [{'key': 'env', 'value': 'dev'}]})
    listed = cloud.ok('GET', '/server')['servers']['server']
    assert set(listed[0]) == {'core_number', 'created', 'host', 'hostname', 'labels', 'license', 'memory_amount',
                              'plan', 'plan_ipv4_bytes', 'plan_ipv6_bytes', 'server_group', 'simple_backup',
                              'state', 'tags', 'title', 'uuid', 'zone'}
    for query, number in (('label=env', 2), ('label=ENV%3Dprod', 1), ('label=env%3Dprod&label=v2', 1),
                          ('label=env%3DPROD', 0), ('label=v2&label=env%3Ddev', 0)):
        found = cloud.ok('GET', '/server?' + query)['servers']['server']
        assert len(found) == number, query
        assert not number == 1 or found[0]['uuid'] == one['uuid']


def test_cloud_init_needs_keys_and_metadata(cloud):
    clone = device(action='clone', storage=CLOUD_INIT, title='d')
    keys = {'username': 'me', 'ssh_keys': {'ssh_key': [KEY]}}

    def refused(**fields):
        return cloud.refused('POST', '/server', {'server': server_body(storage_devices=clone, **fields)})
    no_password = (409, 'CAN_NOT_CREATE_PASSWORD_FOR_THE_SELECTED_DISTRIBUTION')
    assert refused(metadata='yes') == no_password
    assert refused(metadata='yes', login_user={'create_password': 'yes'}) == no_password
    assert refused(login_user=keys) == (409, 'METADATA_DISABLED_ON_CLOUD-INIT')
    assert refused(metadata='no', login_user=keys) == (409, 'METADATA_DISABLED_ON_CLOUD-INIT')
    made = cloud.create(storage_devices=clone, metadata='yes', login_user=keys)
    assert made['username'] == 'me' and 'password' not in made


@pytest.mark.parametrize('fields, expected', [
    ({'zone': None}, (400, 'ZONE_MISSING')), ({'zone': 'xx'}, (404, 'ZONE_NOT_FOUND')),
    ({'zone': 1}, (400, 'ZONE_INVALID')),
    ({'title': None}, (400, 'SERVER_TITLE_MISSING')), ({'title': 'x' * 256}, (400, 'SERVER_TITLE_INVALID')),
    ({'hostname': None}, (400, 'HOSTNAME_MISSING')), ({'hostname': 'Web'}, (400, 'HOSTNAME_INVALID')),
    ({'hostname': 'a' * 129}, (400, 'HOSTNAME_INVALID')), ({'hostname': 'a_b'}, (400, 'HOSTNAME_INVALID')),
    ({'plan': 'nope'}, (400, 'PLAN_INVALID')), ({'core_number': 2}, (403, 'PLAN_CORE_NUMBER_ILLEGAL')),
    ({'memory_amount': 1024}, (403, 'PLAN_MEMORY_AMOUNT_ILLEGAL')),
    ({'plan': None, 'core_number': 'x'}, (400, 'CORE_NUMBER_INVALID')),
    ({'plan': None, 'memory_amount': -1}, (400, 'MEMORY_AMOUNT_INVALID')),
    ({'plan': 'custom', 'core_number': 1, 'memory_amount': 1000}, (400, 'CORE_MEMORY_UNSUPPORTED')),
    ({'plan': 'custom', 'core_number': 64}, (400, 'CORE_MEMORY_UNSUPPORTED')),
    ({'boot_order': 'floppy'}, (400, 'BOOT_ORDER_INVALID')), ({'firewall': 'yes'}, (400, 'FIREWALL_INVALID')),
    ({'nic_model': 'ne2k'}, (400, 'NIC_MODEL_INVALID')), ({'timezone': 'Mars'}, (400, 'TIMEZONE_INVALID')),
    ({'video_model': 'x'}, (400, 'VIDEO_MODEL_INVALID')), ({'remote_access_type': 'x'}, (400, 'VNC_INVALID')),
    ({'remote_access_password': 'short'}, (400, 'VNC_PASSWORD_INVALID')),
    ({'simple_backup': '2500,daily'}, (400, 'SIMPLE_BACKUP_INVALID')),
    ({'password_delivery': 'pigeon'}, (400, 'PASSWORD_DELIVERY_INVALID')),
    ({'user_data': 5}, (400, 'USER_DATA_INVALID')), ({'colour': 'red'}, (400, 'UNKNOWN_ATTRIBUTE')),
    ({'host': 7600004001}, (403, 'HOST_FORBIDDEN')), ({'host': 5}, (404, 'HOST_NOT_FOUND')),
    ({'avoid_host': 5}, (404, 'HOST_NOT_FOUND')),
    ({'server_group': ABSENT}, (404, 'GROUP_NOT_FOUND')), ({'server_group': 'x'}, (400, 'GROUP_INVALID')),
    ({'labels': {'label': [{'key': '_x', 'value': ''}]}}, (400, 'INVALID_LABEL_KEY')),
    ({'labels': {'label': [{'key': 'x', 'value': 'v' * 256}]}}, (400, 'INVALID_LABEL_VALUE')),
    ({'labels': {'label': [{'key': 'x', 'value': ''}] * 2}}, (400, 'DUPLICATE_LABEL_KEYS')),
    ({'login_user': {'create_password': 'yes', 'ssh_keys': {'ssh_key': [KEY]}}}, (400, 'CREATE_PASSWORD_INVALID')),
    ({'login_user': {'username': 'daemon'}}, (409, 'INVALID_USERNAME')),
    ({'storage_devices': None}, (400, 'STORAGE_DEVICES_MISSING')),
    ({'storage_devices': 'x'}, (400, 'STORAGE_DEVICES_INVALID')),
    ({'storage_devices': {}}, (400, 'STORAGE_DEVICE_MISSING')),
    ({'storage_devices': {'storage_device': ['x']}}, (400, 'STORAGE_DEVICE_INVALID')),
    ({'storage_devices': device(storage=DEBIAN)}, (400, 'ACTION_MISSING')),
    ({'storage_devices': device(action='burn')}, (400, 'ACTION_INVALID')),
    ({'storage_devices': device(action='clone')}, (400, 'STORAGE_MISSING')),
    ({'storage_devices': device(action='clone', storage='x')}, (400, 'STORAGE_INVALID')),
    ({'storage_devices': device(action='clone', storage=ABSENT)}, (404, 'STORAGE_NOT_FOUND')),
    ({'storage_devices': device(action='clone', storage=WINDOWS, size=10)}, (400, 'SIZE_INVALID')),
    ({'storage_devices': device(action='create')}, (400, 'SIZE_MISSING')),
    ({'storage_devices': device(action='create', size=5)}, (400, 'SIZE_INVALID')),
    ({'storage_devices': device(action='create', size=10, tier='gold')}, (400, 'TIER_INVALID')),
    ({'storage_devices': device(action='create', size=10, title=5)}, (400, 'STORAGE_TITLE_INVALID')),
    ({'storage_devices': device(action='create', size=10, type='tape')}, (400, 'TYPE_INVALID')),
    ({'storage_devices': device(action='create', size=10, address='virtio:16')}, (400, 'ADDRESS_INVALID')),
    ({'storage_devices': device(action='attach', storage=DEBIAN)}, (409, 'PUBLIC_STORAGE_ATTACH')),
    ({'storage_devices': device(action='clone', storage=CDROM)}, (409, 'STORAGE_TYPE_ILLEGAL')),
    ({'networking': {}}, (400, 'INTERFACES_MISSING')),
    ({'networking': {'interfaces': {'interface': [interface()] * 11}}}, (400, 'INTERFACES_INVALID')),
    ({'networking': {'interfaces': {'interface': [interface('wild')]}}}, (400, 'TYPE_INVALID')),
    ({'networking': {'interfaces': {'interface': [{'type': 'public'}]}}}, (400, 'IP_ADDRESSES_MISSING')),
    ({'networking': {'interfaces': {'interface': [interface('private')]}}}, (400, 'NETWORK_MISSING')),
    ({'networking': {'interfaces': {'interface': [interface('private', network=ABSENT)]}}}, (404, 'NETWORK_NOT_FOUND')),
    ({'networking': {'interfaces': {'interface': [interface()] * 6}}}, (403, 'IP_ADDRESS_LIMIT_REACHED')),
    ({'networking': {'interfaces': {'interface': [interface(source_ip_filtering='no')]}}},
     (400, 'SOURCE_IP_FILTERING_INVALID')),
])
def test_create_refuses(cloud, fields, expected):
    assert cloud.refused('POST', '/server', {'server': server_body(**fields)}) == expected
    state = cloud.control('GET', '/state?provider=upcloud')
    assert not state['servers'] and not state['ip_addresses']
    assert all(storage['access'] == 'public' for storage in state['storages'].values())


def test_create_refuses_devices_that_do_not_go_together(cloud):
    disk, = cloud.seed('storages', 1)
    far, = cloud.seed('storages', 1, zone='uk-lon1')
    busy, = cloud.seed('storages', 1, state='maintenance')
    foreign, = cloud.seed('storages', 1, owner='other')

    def refused(*blocks):
        return cloud.refused('POST', '/server', {'server': server_body(storage_devices={
            'storage_device': list(blocks)})})
    clone = {'action': 'clone', 'storage': DEBIAN, 'title': 'a'}
    new = {'action': 'create', 'size': 10, 'title': 'b'}
    attach = {'action': 'attach', 'storage': disk}
    cdrom = {'action': 'attach', 'storage': CDROM, 'type': 'cdrom'}
    assert refused(clone, clone) == (409, 'MULTIPLE_TEMPLATES')
    assert refused(cdrom, cdrom) == (409, 'CDROM_DEVICE_IN_USE')
    assert refused(attach, attach) == (409, 'STORAGE_IN_USE')
    assert refused(dict(new, address='virtio:1'), dict(new, address='virtio:1')) == (409, 'DEVICE_ADDRESS_IN_USE')
    assert refused(dict(new, boot_disk='1'), dict(new, boot_disk=1)) == (409, 'TOO_MANY_BOOT_DISKS')
    assert refused(*[new] * 17) == (409, 'STORAGE_DEVICE_LIMIT_REACHED')
    assert refused(dict(attach, storage=far)) == (409, 'ZONE_MISMATCH')
    assert refused(dict(attach, storage=busy)) == (409, 'STORAGE_STATE_ILLEGAL')
    assert refused(dict(attach, storage=foreign)) == (403, 'STORAGE_FORBIDDEN')


def test_create_from_scratch_by_clone_and_with_a_disk_at_hand(cloud):
    source, = cloud.seed('storages', 1, size=15)
    made = cloud.create(plan=None, memory_amount='8192', core_number='4', simple_backup='0430,monthlies',
                        storage_devices={'storage_device': [
                            {'action': 'create', 'size': '20', 'tier': 'maxiops', 'title': 'a', 'address': 'scsi'},
                            {'action': 'attach', 'storage': CDROM, 'type': 'cdrom'},
                            {'action': 'attach', 'storage': source}]})
    assert 'password' not in made and 'username' not in made
    addresses = [item['address'] for item in made['storage_devices']['storage_device']]
    assert addresses == ['scsi:0:0', 'ide:0:0', 'virtio:0']
    cloud.ok('POST', '/server/%s/stop' % made['uuid'], {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    twin = cloud.create(wait=False, storage_devices=device(action='clone', storage=source, title='copy'))
    assert cloud.ok('GET', '/storage/' + source)['storage']['state'] == 'cloning'
    cloud.pass_time()
    assert cloud.ok('GET', '/storage/' + source)['storage']['state'] == 'online'
    assert cloud.server(twin['uuid'])['storage_devices']['storage_device'][0]['storage_size'] == 15


def test_networking_by_default_and_as_older_clients_ask(cloud):
    made = cloud.create(networking=None)
    kinds = [(item['access'], item['family']) for item in made['ip_addresses']['ip_address']]
    assert kinds == [('utility', 'IPv4'), ('public', 'IPv4'), ('public', 'IPv6')]
    older = cloud.create(networking=None, ip_addresses={'ip_address': [{'access': 'private', 'family': 'IPv4'}]})
    assert [item['access'] for item in older['ip_addresses']['ip_address']] == ['utility']
    cloud.settings(default_networking=False)
    assert cloud.refused('POST', '/server', {'server': server_body(networking=None)}) == (400, 'INTERFACES_MISSING')


def test_a_private_network(cloud):
    network, = cloud.seed('networks', 1, address='10.100.0.0/24')

    def create(*ips):
        return {'server': server_body(networking={'interfaces': {'interface': [
            interface(), {'type': 'private', 'network': network, 'ip_addresses': {'ip_address': list(ips)}}]}})}
    made = cloud.ok('POST', '/server', create({'family': 'IPv4', 'address': '10.100.0.50', 'dhcp_provided': 'yes'},
                                              {'family': 'IPv4'}), 202)['server']
    assert [item['address'] for item in made['ip_addresses']['ip_address'] if item['access'] == 'private'] == [
        '10.100.0.50', '10.100.0.2']
    again = create({'family': 'IPv4', 'address': '10.100.0.50'})
    assert cloud.refused('POST', '/server', again) == (409, 'ADDRESS_ATTACHED')
    outside = create({'family': 'IPv4', 'address': '10.101.0.50'})
    assert cloud.refused('POST', '/server', outside) == (400, 'ADDRESS_INVALID')
    listed = [item['address'] for item in cloud.ok('GET', '/ip_address')['ip_addresses']['ip_address']]
    assert len(listed) == 1 and '10.100.0.50' not in listed
    assert cloud.refused('DELETE', '/network/' + network) == (409, 'NETWORK_NOT_EMPTY')


def test_windows_and_the_limits_of_an_account(cloud):
    disk = device(action='clone', storage=WINDOWS, title='w', tier='maxiops')
    windows = {'server': server_body(storage_devices=disk)}
    made = cloud.ok('POST', '/server', windows, 202)['server']
    assert made['username'] == 'Administrator' and made['password'] and made['license'] == 3.36
    cloud.settings(ms_lma_accepted=False)
    assert cloud.refused('POST', '/server', windows) == (409, 'MS_LMA_REQUIRED')
    cloud.settings(limits={'cores': 1})
    plain = {'server': server_body()}
    assert cloud.refused('POST', '/server', plain) == (403, 'SERVER_CORE_LIMIT_REACHED')
    cloud.settings(limits={'cores': 10, 'memory': 2048})
    assert cloud.refused('POST', '/server', plain) == (403, 'SERVER_MEMORY_LIMIT_REACHED')
    cloud.settings(limits={'memory': 20480, 'storage_maxiops': 40})
    assert cloud.refused('POST', '/server', plain) == (403, 'MAXIOPS_STORAGE_LIMIT_REACHED')
    cloud.settings(limits={'storage_maxiops': 400, 'public_ipv4': 1})
    assert cloud.refused('POST', '/server', plain) == (403, 'SERVER_IP_LIMIT_REACHED')
    cloud.settings(credits=0)
    assert cloud.refused('POST', '/server', plain) == (402, 'INSUFFICIENT_CREDITS')
    cloud.settings(credits=10, trial_mode=True)
    assert cloud.refused('POST', '/server', plain) == (403, 'TRIAL_PLAN')
    assert cloud.refused('POST', '/server', windows) == (409, 'WINDOWS_NOT_AVAILABLE')


def test_a_create_that_fails_hangs_or_is_cancelled(cloud):
    cloud.fault(kind='job_fails', operation='POST /server')
    failed = cloud.create()
    assert cloud.server(failed['uuid'])['state'] == 'error'
    cloud.pass_time(601)
    assert cloud.server(failed['uuid'])['state'] == 'stopped'
    cloud.fault(kind='job_hangs', operation='POST /server')
    hung = cloud.create()
    cloud.pass_time(3600)
    assert cloud.server(hung['uuid'])['state'] == 'maintenance'
    assert cloud('POST', '/server/%s/cancel' % hung['uuid']).status_code == 204
    assert cloud.refused('GET', '/server/' + hung['uuid']) == (404, 'SERVER_NOT_FOUND')
    disk = hung['storage_devices']['storage_device'][0]['storage']
    assert cloud.refused('GET', '/storage/' + disk) == (404, 'STORAGE_NOT_FOUND')
    assert cloud.refused('POST', '/server/%s/cancel' % failed['uuid']) == (409, 'SERVER_STATE_ILLEGAL')


# -- power ---------------------------------------------------------------------------------------------------------
def test_a_soft_stop_only_asks(cloud):
    obeys, = cloud.seed('servers')
    ignores, = cloud.seed('servers', ignore_soft_stop=True)
    for uuid in (obeys, ignores):
        assert cloud.ok('POST', '/server/%s/stop' % uuid)['server']['state'] == 'started'
        assert cloud.server(uuid)['state'] == 'started'
    cloud.pass_time(600)
    assert cloud.server(obeys)['state'] == 'stopped'
    assert cloud.server(ignores)['state'] == 'started'
    cloud.ok('POST', '/server/%s/stop' % ignores, {'stop_server': {'stop_type': 'soft', 'timeout': '60'}})
    cloud.pass_time(59)
    assert cloud.server(ignores)['state'] == 'started'
    cloud.pass_time(2)
    assert cloud.server(ignores)['state'] == 'stopped'


def test_a_stop_that_never_ends(cloud):
    uuid, = cloud.seed('servers')
    cloud.fault(kind='job_hangs', operation='POST /server/{uuid}/stop')
    cloud.ok('POST', '/server/%s/stop' % uuid, {'stop_server': {'stop_type': 'soft', 'timeout': 10}})
    cloud.pass_time(3600)
    assert cloud.server(uuid)['state'] == 'started'
    cloud.ok('POST', '/server/%s/stop' % uuid, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    assert cloud.server(uuid)['state'] == 'stopped'


def test_stop_start_restart_refuse(cloud):
    running, = cloud.seed('servers')
    stopped, = cloud.seed('servers', state='stopped')
    broken, = cloud.seed('servers', state='error')
    foreign, = cloud.seed('servers', owner='other')
    illegal = (409, 'SERVER_STATE_ILLEGAL')

    def stop(uuid=running, **block):
        return cloud.refused('POST', '/server/%s/stop' % uuid, {'stop_server': block})

    def restart(uuid=running, **block):
        return cloud.refused('POST', '/server/%s/restart' % uuid, {'restart_server': block})
    assert stop(stop_type='gentle') == (400, 'STOP_TYPE_INVALID')
    assert stop(timeout='601') == stop(timeout=0) == (400, 'TIMEOUT_INVALID')
    assert stop(stopped) == stop(broken) == restart(stopped, stop_type='hard') == illegal
    assert stop(foreign) == (403, 'SERVER_FORBIDDEN')
    assert foreign not in [item['uuid'] for item in cloud.ok('GET', '/server')['servers']['server']]
    assert restart() == (400, 'TIMEOUT_MISSING')
    assert restart(timeout=5, timeout_action='cry') == (400, 'TIMEOUT_ACTION_INVALID')
    assert cloud.refused('POST', '/server/%s/start' % running) == illegal
    assert cloud.refused('POST', '/server/%s/start' % stopped, {'server': {'host': 1}}) == (404, 'HOST_NOT_FOUND')


def test_restart(cloud):
    obeys, = cloud.seed('servers')
    ignores, = cloud.seed('servers', ignore_soft_stop=True)
    body = {'restart_server': {'stop_type': 'soft', 'timeout': '60'}}
    assert cloud.ok('POST', '/server/%s/restart' % obeys, body)['server']['state'] == 'started'
    cloud.pass_time(0.2)
    assert cloud.server(obeys)['state'] == 'maintenance'
    cloud.pass_time(0.3)
    assert cloud.server(obeys)['state'] == 'started'
    cloud.ok('POST', '/server/%s/restart' % ignores, body)
    cloud.pass_time(61)
    assert cloud.server(ignores)['state'] == 'started'
    body['restart_server']['timeout_action'] = 'destroy'
    cloud.ok('POST', '/server/%s/restart' % ignores, body)
    cloud.pass_time(61)
    assert cloud.server(ignores)['state'] == 'maintenance'
    cloud.pass_time(1)
    assert cloud.server(ignores)['state'] == 'started'


def test_start(cloud):
    uuid, = cloud.seed('servers', state='stopped')
    assert cloud.ok('POST', '/server/%s/start' % uuid)['server']['state'] == 'started'
    other, = cloud.seed('servers', state='stopped')
    body = {'server': {'start_type': 'async', 'avoid_host': cloud.server(other)['host']}}
    answer = cloud.ok('POST', '/server/%s/start' % other, body)['server']
    assert answer['state'] == 'maintenance'
    cloud.pass_time()
    other = cloud.server(other)
    assert other['state'] == 'started' and other['host'] != body['server']['avoid_host']
    cloud.control('POST', '/faults', {'kind': 'job_fails', 'operation': 'POST /server/{uuid}/start'})
    third, = cloud.seed('servers', state='stopped')
    assert cloud.ok('POST', '/server/%s/start' % third)['server']['state'] == 'maintenance'
    cloud.pass_time()
    assert cloud.server(third)['state'] == 'error'


def test_a_server_without_disks_does_not_start(cloud):
    uuid, = cloud.seed('servers', state='stopped')
    cloud.ok('POST', '/server/%s/storage/detach' % uuid, {'storage_device': {'address': 'virtio:0'}})
    assert cloud.refused('POST', '/server/%s/start' % uuid) == (409, 'NO_STORAGES_ATTACHED')


def test_hosts_of_a_private_cloud(cloud):
    host, = cloud.seed('hosts', zone='fi-hel1')
    made = cloud.create(host=int(host))
    assert cloud.server(made['uuid'])['host'] == int(host)
    assert [item['id'] for item in cloud.ok('GET', '/host')['hosts']['host']] == [int(host)]
    assert cloud.ok('PATCH', '/host/' + host, {'host': {'description': 'x'}})['host']['description'] == 'x'


# -- modify --------------------------------------------------------------------------------------------------------
def test_modify_a_running_server(cloud):
    uuid, = cloud.seed('servers', plan='2xCPU-4GB', labels={'_sys': '1', 'a': 'b'})

    def put(**fields):
        return cloud.ok('PUT', '/server/' + uuid, {'server': fields}, 202)['server']

    def refused(**fields):
        return cloud.refused('PUT', '/server/' + uuid, {'server': fields})
    changed = put(title='New', hostname='new.example.com', firewall='off', timezone='Europe/Helsinki',
                  boot_order='cdrom,disk', remote_access_enabled='yes', simple_backup='0100,dailies', metadata='yes',
                  nic_model='e1000', video_model='cirrus', labels={'label': [{'key': 'c', 'value': 'd'}]})
    assert (changed['title'], changed['firewall'], changed['boot_order']) == ('New', 'off', 'cdrom,disk')
    assert changed['remote_access_port']
    assert changed['labels']['label'] == [{'key': '_sys', 'value': '1'}, {'key': 'c', 'value': 'd'}]
    assert refused(core_number=8) == (403, 'PLAN_CORE_NUMBER_ILLEGAL')
    bigger = put(plan='custom', core_number='8', memory_amount='16384')
    assert (bigger['plan'], bigger['core_number'], bigger['memory_amount']) == ('custom', '8', '16384')
    assert refused(core_number=4) == refused(plan='1xCPU-1GB') == (409, 'SERVER_STATE_ILLEGAL')
    assert refused(remote_access_type='spice') == (409, 'SERVER_STATE_ILLEGAL')
    assert refused(title=5) == (400, 'TITLE_INVALID')
    assert refused(zone='uk-lon1') == (400, 'UNKNOWN_ATTRIBUTE')
    cloud.ok('POST', '/server/%s/stop' % uuid, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    smaller = put(plan='1xCPU-1GB', remote_access_type='spice')
    assert (smaller['core_number'], smaller['memory_amount'], smaller['remote_access_type']) == ('1', '1024', 'spice')


def test_hot_resize(cloud):
    cold, = cloud.seed('servers', plan='1xCPU-1GB', hot_resize=False)
    more = {'server': {'plan': '2xCPU-4GB'}}
    assert cloud.refused('PUT', '/server/' + cold, more) == (409, 'HOT_RESIZE_NOT_ENABLED')
    cloud.ok('POST', '/server/%s/stop' % cold, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    cloud.ok('POST', '/server/%s/start' % cold)
    cloud.settings(hot_resize='NO_AVAILABLE_MEMORY_SLOTS')
    assert cloud.refused('PUT', '/server/' + cold, more) == (409, 'NO_AVAILABLE_MEMORY_SLOTS')
    cloud.settings(hot_resize='FAILED_TO_ADD_MEMORY')
    assert cloud.refused('PUT', '/server/' + cold, more) == (400, 'FAILED_TO_ADD_MEMORY')
    cloud.settings(hot_resize=True)
    assert cloud.ok('PUT', '/server/' + cold, more, 202)['server']['core_number'] == '2'
    assert cloud.server(cold)['state'] == 'started'


# -- delete --------------------------------------------------------------------------------------------------------
def test_delete(cloud):
    uuid, = cloud.seed('servers')
    assert cloud.refused('DELETE', '/server/' + uuid) == (409, 'SERVER_STATE_ILLEGAL')
    uuid, = cloud.seed('servers', state='stopped')
    disk = cloud.server(uuid)['storage_devices']['storage_device'][0]['storage']
    addresses = len(cloud.ok('GET', '/ip_address')['ip_addresses']['ip_address'])
    assert cloud.refused('DELETE', '/server/%s?storages=2' % uuid) == (400, 'STORAGE_DELETION_POLICY_INVALID')
    assert cloud.refused('DELETE', '/server/%s?storages=1&backups=x' % uuid) == (400, 'BACKUP_DELETION_POLICY_INVALID')
    assert cloud.refused('DELETE', '/server/%s?backups=delete' % uuid) == (400, 'REQUEST_INVALID')
    cloud.ok('DELETE', '/server/%s?storages=0&backups=keep' % uuid, status=204)
    assert cloud.ok('GET', '/storage/' + disk)['storage']['servers'] == {'server': []}
    assert len(cloud.ok('GET', '/ip_address')['ip_addresses']['ip_address']) == addresses - 3


@pytest.mark.parametrize('policy, left', [('keep', 3), ('keep_latest', 1), ('delete', 0)])
def test_delete_with_storages_and_backups(cloud, policy, left):
    uuid, = cloud.seed('servers', state='stopped')
    disk = cloud.server(uuid)['storage_devices']['storage_device'][0]['storage']
    backups = cloud.seed('backups', 3, origin=disk)
    cloud.ok('DELETE', '/server/%s?storages=true&backups=%s' % (uuid, policy), status=204)
    assert cloud.refused('GET', '/storage/' + disk) == (404, 'STORAGE_NOT_FOUND')
    found = [item['uuid'] for item in cloud.ok('GET', '/storage/backup')['storages']['storage']]
    assert found == backups[3 - left:]


# -- seeds and speed -----------------------------------------------------------------------------------------------
def test_a_thousand_servers_are_two_fast_requests(cloud):
    began = time.monotonic()
    cloud.seed('servers', 1000, prefix='web', labels={'env': 'prod'}, tags=['prod'])
    seeded = time.monotonic()
    servers = cloud.ok('GET', '/server')['servers']['server']
    addresses = cloud.ok('GET', '/ip_address')['ip_addresses']['ip_address']
    done = time.monotonic()
    assert len(servers) == 1000 and servers[999]['hostname'] == 'web1000' and servers[0]['tags']['tag'] == ['prod']
    assert len(addresses) == 3000 == len({item['address'] for item in addresses})
    assert seeded - began < 3 and done - seeded < 2
    assert cloud.create(wait=False)['state'] == 'maintenance'


def test_throttle_and_error_faults(cloud):
    cloud.fault(kind='throttle', operation='GET /server')
    cloud.fault(kind='error', operation='GET /zone', code='SERVICE_ERROR', message='no', status=503)
    assert cloud.refused('GET', '/server') == (429, 'RATE_LIMITED')
    assert cloud.refused('GET', '/zone') == (503, 'SERVICE_ERROR')
    assert cloud('GET', '/server').status_code == 200


def test_every_operation_of_the_documents_is_listed(cloud):
    counts = cloud.control('GET', '/operations')['upcloud']
    assert {'GET /server_size', 'POST /server', 'PATCH /server-group/{uuid}', 'POST /server/{uuid}/cancel',
            'DELETE /server-group/{uuid}/servers/{server_uuid}', 'GET /storage/template',
            'GET metadata v1.json and tree (from inside a server)'} <= set(counts)
    assert not any(counts.values())


@pytest.mark.parametrize('method, path, body', [
    ('PUT', '/server/{}', {'server': {'vnc': {}}}), ('POST', '/server-group', {'server_group': {'anti_affinity': {}}}),
    ('POST', '/server/{}/storage/attach', {'storage_device': {'storage': ABSENT, 'boot_disk': []}}),
    ('DELETE', '/server/{}/networking/interface/²', None), ('PATCH', '/host/²', {'host': {}}),
    ('GET', '/host/' + '9' * 5000, None),
    ('POST', '/server', {'server': []}), ('POST', '/server', []), ('POST', '/tag', {'tag': {'name': None}}),
])
def test_odd_types_are_refused_not_a_defect(cloud, method, path, body):
    server, = cloud.seed('servers', state='stopped')
    assert cloud.refused(method, path.format(server), body)[0] in (400, 404)
