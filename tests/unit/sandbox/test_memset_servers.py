# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset in the sandbox: orders, jobs, invoices, services, servers, snapshots."""

from __future__ import annotations

import pytest
import requests

from memset_client import Client

ORDER = {'sku': 'MSVM001', 'os': 'debian_buster_64', 'dry_run': False}
FULL = {'sku': 'UFS35', 'os': 'debian_buster_64', 'dry_run': False}
KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample someone@example.com'


@pytest.fixture
def memset(sandbox):
    return Client(sandbox)


def order(memset, method='create.monthly_miniserver', **given):
    """The name of a server that was ordered and is there."""
    return memset.done(memset.call(method, **{**ORDER, **given})['job'])['service']


def test_a_quote_changes_nothing_and_counts_as_a_read(memset):
    quote = memset.call('create.monthly_miniserver', **{**ORDER, 'dry_run': True, 'period': 3})
    assert quote == {'sku': 'MSVM001', 'dry_run': True, 'currency': 'GBP', 'net_setup_price': 0.0,
                     'net_monthly_rental': 7.5, 'net_total': 22.5, 'period': 3}
    assert memset.log()[-1]['write'] is False
    assert memset.call('service.list') == memset.call('invoice.list') == []


def test_an_order_of_a_form_reads_the_text_False_as_true(memset):
    answer = memset.http.post(memset.url + '/v1/json/create.monthly_miniserver', auth=(memset.key, 'x'), timeout=10,
                              data={**ORDER, 'dry_run': 'False'})
    assert answer.json()['dry_run'] is True
    assert memset.log()[-1]['write'] is False


def test_an_order_becomes_a_server_when_its_job_is_done(memset):
    made = memset.call('create.monthly_miniserver', **ORDER)
    job = made['job']
    assert made['add_to_next_bill'] is True and 'invoice_ref' not in made
    assert memset.log()[-1]['write'] is True
    assert (job['type'], job['status'], job['finished'], job['error']) == ('SETUP-NEW-MINISERVER', 'NEW', False, False)
    assert 'service' not in memset.call('job.status', id=job['id'])
    job = memset.done(job)
    assert (job['status'], job['finished'], job['error']) == ('DONE', True, False)
    server = memset.call('server.info', name=job['service'])
    assert (server['status'], server['nickname'], server['os'], server['type']) == (
        'LIVE', '', 'debian_buster_64', 'miniserver')
    assert server['host_name'] == job['service'] + '.miniserver.com'
    assert server['ips'][0]['address'] == server['primary_ip']
    assert (server['network_zones'], server['data_zone']) == (['dunsfold'], 'Memset Public Cloud')
    assert (server['firewall_type'], server['firewall_rule_group']) == ('none', {})
    assert memset.call('server.list') == [server]


def test_an_order_waits_for_its_invoice(memset):
    memset.seed(settings=1, options={'consolidated_billing': False, 'auto_pay': False})
    made = memset.call('create.monthly_miniserver', **ORDER)
    assert made['job']['status'] == 'AWAITING-PAYMENT' and made['add_to_next_bill'] is False
    assert memset.done(made['job'])['status'] == 'AWAITING-PAYMENT'
    invoice, = memset.call('invoice.list', status='AWAITING-PAYMENT')
    assert (invoice['ref'], invoice['amount'], invoice['vat']) == (made['invoice_ref'], 9.0, 1.5)
    assert invoice['items'] == [['Premium Cloud VPS MSVM001 (MSVM001)', 7.5, 1]]
    assert memset.seed(payments=1) == [invoice['ref']]
    assert memset.done(made['job'])['finished'] is True
    assert memset.call('invoice.info', ref=invoice['ref'])['status'] == 'DONE'
    assert memset.call('invoice.list', date_gte='2999-01-01') == []
    assert memset.error('invoice.info', ref=1) == (3, 404)
    assert memset.error('create.monthly_miniserver', **ORDER, add_to_next_bill=True) == (7, 400)


def test_invoices_are_paid_by_themselves_unless_told_otherwise(memset):
    made = memset.call('create.monthly_miniserver', **ORDER, add_to_next_bill=False)
    assert made['job']['status'] == 'AWAITING-PAYMENT'
    memset.advance()
    assert memset.done(made['job'])['finished'] is True


def test_jobs_fail_and_hang(memset):
    memset.fault(kind='job_fails', operation='create.monthly_miniserver')
    job = memset.done(memset.call('create.monthly_miniserver', **ORDER)['job'])
    assert (job['finished'], job['error'], 'service' in job) == (True, True, False)
    memset.fault(kind='job_hangs', operation='create.monthly_miniserver')
    assert memset.done(memset.call('create.monthly_miniserver', **ORDER)['job'])['finished'] is False
    assert memset.call('server.list') == []
    assert memset.error('job.status', id='0' * 32) == (3, 404)


def test_an_order_whose_answer_is_lost_took_effect(memset):
    memset.fault(kind='drop_after', operation='create.monthly_miniserver')
    with pytest.raises(requests.ConnectionError):
        memset.ask('create.monthly_miniserver', **ORDER)
    memset.fault(kind='drop_before', operation='create.monthly_miniserver')
    with pytest.raises(requests.ConnectionError):
        memset.ask('create.monthly_miniserver', **ORDER)
    memset.advance()
    assert len(memset.call('server.list')) == 1


@pytest.mark.parametrize('given', [
    {'sku': 'NOSUCH'}, {'sku': 'MS0025H'}, {'sku': 'UFS19'}, {'os': 'plan9'}, {'os': 'win2016serverstd_64'},
    {'period': 2}, {'period': 'x'}, {'backups': 15}, {'sku': 'VPS002', 'backups': 10},
    {'sku': 'VPS002', 'support_level': 'standard'}, {'support_level': 'infrastructure_only'},
    {'firewall': 'managed'}, {'firewall': 'basic', 'firewall_rule_group': 'x'},
    {'firewall': 'self_managed', 'firewall_rule_group': 'absent'}, {'intrusion_detection': 'protected'},
    {'monitoring_level': 'managed'}, {'vulnscan': 'managed'}, {'antivirus': 'sophos_antivirus'},
    {'database': 'mssql_web_2017'}, {'pub_ssh_key': 'no key'}, {'vlan': 'absent'}, {'network_zone': 'moon'},
    {'data_zone': 'moon'}, {'discount_code': 'NONE'}, {'bandwidth_type': 'metered'}, {'disk_type': 'ssd'},
    {'sku': 'MS0100', 'connection': '10mbps_4to1'},
    {'sku': 'MS0100', 'bandwidth_type': 'unmetered', 'connection': '5mbps_5to1'},
    {'sku': 'MS0100', 'monthly_transfer_gb': 50}, {'nickname': 'web'}, {'dry_run': None}, {'os_bits': '16'}])
def test_orders_that_do_not_hold_together(memset, given):
    assert memset.error('create.monthly_miniserver', **{**ORDER, **given}) == (7, 400)


def test_windows_needs_memory_in_the_documented_words(memset):
    answer = memset.ask('create.monthly_miniserver', sku='MSVM001', os='win2012serverstd_r2_64', dry_run=True)
    assert answer.json()['error'] == (
        'os: Please select a valid choice. Microsoft Windows 2012 Server R2, Standard Edition is not available for the '
        'current configuration. Windows requires at least 2 GB RAM.')
    assert memset.call('create.monthly_miniserver', sku='MSVM002', os='win2012serverstd_r2_64', dry_run=True)


def test_options_of_an_order_are_read_back_as_the_api_says_them(memset):
    group = memset.call('firewalling.rule_group_create', nickname='mine')['name']
    vlan, = memset.seed(vlans=1)
    name = order(memset, sku='MSVM004', backups=20, firewall='managed', firewall_rule_group=group, pub_ssh_key=KEY,
                 support_level='premium', intrusion_detection='monitored', monitoring_level='managed', vulnscan='basic',
                 vlan=vlan, period=12)
    server = memset.call('server.info', name=name)
    assert (server['backups'], server['support_level'], server['intrusion_detection']) == (True, 'managed', 'monitored')
    assert (server['firewall_rule_group']['name'], server['monitoring_level']) == (group, 'managed')
    assert server['vlans'] == {'tagged': [], 'untagged': [vlan]}
    assert memset.call('vlan.info', name=vlan)['hosts'] == [name]


def test_classic_miniservers_take_their_old_options(memset):
    given = {'sku': 'MS0100', 'bandwidth_type': 'unmetered', 'connection': '10mbps_7to1', 'disk_type': 'ssd'}
    assert memset.call('create.monthly_miniserver', **{**ORDER, **given, 'dry_run': True})['net_total'] == 36.0


def test_hourly_is_billed_in_arrears(memset):
    given = {'sku': 'MS0050H', 'os': 'debian_buster_64'}
    quote = memset.call('create.hourly_miniserver', **given, dry_run=True)
    assert quote['net_total'] == 0 and quote['net_hourly_inarrears_rental_price'] == 0.028 and 'period' not in quote
    name = memset.done(memset.call('create.hourly_miniserver', **given, dry_run=False)['job'])['service']
    memset.done(memset.call('service.cancel', name=name))
    assert len(memset.call('invoice.list')) == 1
    assert memset.error('create.hourly_miniserver', **{**given, 'intrusion_detection': 'monitored'},
                        dry_run=True) == (7, 400)
    memset.call('payment_method.set_default', payment_method_id='pm3')
    assert memset.error('create.hourly_miniserver', **given, dry_run=True) == (9, 412)


def test_fullserver(memset):
    quote = memset.call('create.monthly_fullserver', **{**FULL, 'dry_run': True})
    assert (quote['net_setup_price'], quote['net_total']) == (75.0, 324.0)
    assert memset.call('create.monthly_fullserver', **{**FULL, 'dry_run': True}, ram='128gb')['net_total'] == 364.0
    name = memset.done(memset.call('create.monthly_fullserver', **FULL, disk='4x500gb_ssd', ram='64gb',
                                   net_card_speed_gbps='10')['job'])['service']
    assert memset.call('server.info', name=name)['type'] == 'fullserver'
    for wrong in ({'disk': '2x1000gb'}, {'ram': '1gb'}, {'nvme': 'nvme_2x480gb'}, {'partitioning': 'two_volumes'},
                  {'partitioning': 'custom'}, {'os': 'ubuntu_bionic_docker_64'}):
        assert memset.error('create.monthly_fullserver', **{**FULL, **wrong}) == (7, 400)
    store, = memset.seed(memstores=1)
    assert memset.error('server.snapshot', name=name, storage_name=store, image_type='raw') == (5, 400)
    assert memset.error('server.reimage_from_stock_image', name=name, os='centos7_64') == (5, 400)


def test_other_orders(memset):
    job = memset.done(memset.call('create.memstore', sku='CLOUDF5', dry_run=False)['job'])
    service = memset.call('service.info', name=job['service'])
    assert (service['type'], service['network_zones']) == ('cloudstorage', ['reading'])
    job = memset.done(memset.call('create.openstack_project', sku='OSP-PUBLIC', dry_run=False)['job'])
    assert job['service'] in memset.call('openstack.list_projects')
    server, = memset.seed(servers=1)
    assert memset.error('create.extra_bandwidth', name=server, amount=60, dry_run=True) == (7, 400)
    made = memset.call('create.extra_bandwidth', name=server, amount=50, dry_run=False)
    assert memset.done(made['job'])['service'] == server
    assert memset.call('bandwidth.info', name=server)['miniserver']['bandwidth_bank'] == 50
    assert {'sku', 'description', 'type', 'default_params', 'data_zones'} == set(memset.call('create.available')[0])


def test_discounts(memset):
    assert memset.call('create.verify_discount_code', discount_code='SANDBOX50')['sku'] == 'MSVM001'
    assert memset.error('create.verify_discount_code', discount_code='NONE') == (3, 404)
    quote = memset.call('create.monthly_miniserver', **{**ORDER, 'dry_run': True}, discount_code='SANDBOX50')
    assert quote['net_total'] == 3.75
    assert memset.error('create.monthly_miniserver', **ORDER, discount_code='SANDBOX50', period=12) == (7, 400)


def test_quota(memset):
    memset.seed(settings=1, options={'service_limit': 1})
    order(memset)
    assert memset.error('create.monthly_miniserver', **ORDER) == (13, 403)


def test_nicknames_are_rewritten_and_unique(memset):
    one, two = memset.seed(servers=2)
    assert memset.call('service.set_nickname', name=one, nickname=' wéb/1! ') == {'nickname': 'wb1'}
    assert memset.error('service.set_nickname', name=two, nickname='wb1') == (8, 400)
    assert memset.call('service.set_nickname', name=one, nickname='wb1') == {'nickname': 'wb1'}
    assert len(memset.call('service.set_nickname', name=two, nickname='x' * 300)['nickname']) == 255
    memset.done(memset.call('service.cancel', name=one))
    assert memset.call('service.set_nickname', name=two, nickname='wb1') == {'nickname': 'wb1'}


def test_cancel(memset):
    server, = memset.seed(servers=1)
    job = memset.call('service.cancel', name=server)
    assert job['service'] == server
    assert memset.call('service.info', name=server)['status'] == 'LIVE'
    assert memset.error('service.cancel', name=server) == (6, 400)
    memset.done(job)
    assert memset.call('service.info', name=server)['status'] == 'CANCELLED'
    assert memset.call('server.list') == []
    assert [item['name'] for item in memset.call('server.list', status='CANCELLED')] == [server]
    assert memset.error('service.cancel', name=server) == (9, 412)


def test_service_list(memset):
    memset.seed(servers=2)
    memset.seed(memstores=1)
    held, = memset.seed(servers=1, options={'status': 'ONHOLD'})
    assert len(memset.call('service.list')) == 3
    assert len(memset.call('service.list', type='cloudstorage')) == 1
    assert len(memset.call('service.list', type=['cloudstorage', 'miniserver'])) == 3
    assert memset.call('service.list', status='CANCELLED') == []
    assert memset.error('service.list', status='ONHOLD') == (7, 400)
    assert held not in [item['name'] for item in memset.call('server.list')]
    assert memset.error('server.reboot', name=held) == (9, 412)


def test_reboot(memset):
    server, = memset.seed(servers=1)
    job = memset.call('server.reboot', name=server, email_address='me@example.com')
    assert memset.error('server.reboot', name=server) == (6, 400)
    assert memset.done(job)['finished'] is True
    memset.done(memset.call('server.reboot', name=server))
    assert memset.state()['services'][server]['data']['reboots'] == 2
    assert memset.error('server.reboot', name=server, email_address='me') == (7, 400)


def test_reimage_from_stock(memset):
    server, = memset.seed(servers=1)
    job = memset.call('server.reimage_from_stock_image', name=server, os='centos7_64', pub_ssh_key=KEY)
    assert memset.error('server.reimage_from_stock_image', name=server, os='centos7_64') == (6, 400)
    memset.done(job)
    assert memset.call('server.info', name=server)['os'] == 'centos7_64'
    for os in ('win2016serverstd_64', 'none'):
        assert memset.error('server.reimage_from_stock_image', name=server, os=os) == (7, 400)


def test_snapshots(memset):
    server, = memset.seed(servers=1)
    store, = memset.seed(memstores=1)
    assert memset.error('server.snapshot_list', storage_name=store) == (3, 404)
    assert memset.error('server.snapshot_list', storage_name='absent') == (3, 404)
    job = memset.call('server.snapshot', name=server, storage_name=store, image_type='raw')
    assert set(job) == {'id', 'type', 'status', 'service', 'finished', 'error'}
    assert memset.error('server.snapshot', name=server, storage_name=store, image_type='raw') == (6, 400)
    memset.done(job)
    memset.done(memset.call('server.snapshot', name=server, storage_name=store, image_type='raw'))
    first, second = memset.call('server.snapshot_list', storage_name=store)
    assert set(first) == {'snapshot_path', 'image_type', 'os_type', 'os_option', 'description', 'user_comment',
                          'last_modified'}
    path = first['snapshot_path']
    assert path.endswith('.raw.gz') and path != second['snapshot_path']
    for kind in ('tar', 'ntfsclone'):
        assert memset.error('server.snapshot', name=server, storage_name=store, image_type=kind) == (7, 400)
    given = {'name': server, 'storage_name': store, 'image_type': 'raw'}
    assert memset.error('server.reimage_from_snapshot', **given, snapshot_path='none') == (7, 400)
    memset.done(memset.call('server.reimage_from_snapshot', **given, snapshot_path=path))
    ordered = order(memset, os=first['os_option'])
    assert memset.call('server.info', name=ordered)['os'] == 'debian_buster_64'
    job = memset.call('server.snapshot_delete', storage_name=store, snapshot_path=path)
    assert memset.error('server.snapshot_delete', storage_name=store, snapshot_path=path) == (6, 400)
    memset.done(job)
    assert memset.call('server.snapshot_list', storage_name=store) == [second]
    assert memset.error('server.snapshot_delete', storage_name=store, snapshot_path=path) == (3, 404)


def test_upgrade(memset):
    old, = memset.seed(servers=1, options={'sku': 'MS0025'})
    new, = memset.seed(servers=1)
    quote = memset.call('server.upgrade', name=old, new_sku='MS0050', dry_run=True)
    assert set(quote) == {'new_sku', 'dry_run', 'currency', 'net_setup_price', 'net_increase'}
    assert memset.log()[-1]['write'] is False
    made = memset.call('server.upgrade', name=old, new_sku='MS0050', dry_run=False)
    assert memset.call('invoice.info', ref=made['invoice_ref'])['status'] == 'DONE'
    assert memset.error('server.upgrade', name=old, new_sku='MS0100', dry_run=False) == (6, 400)
    memset.done(made['job'])
    assert memset.error('server.upgrade', name=old, new_sku='MS0025', dry_run=True) == (7, 400)
    assert memset.error('server.upgrade', name=old, new_sku='MS0050H', dry_run=True) == (7, 400)
    assert memset.error('server.upgrade', name=new, new_sku='MS0100', dry_run=True) == (7, 400)


def test_move_ips(memset):
    one, = memset.seed(servers=1, options={'extra_ips': 1})
    two, = memset.seed(servers=1)
    far, = memset.seed(servers=1, options={'network_zone': 'reading'})
    primary, extra = [ip['address'] for ip in memset.call('server.info', name=one)['ips']]
    assert memset.error('server.move_ips', source_ips=[], destination_name=two) == (7, 400)
    assert memset.error('server.move_ips', source_ips=['192.0.2.9'], destination_name=two) == (3, 404)
    assert memset.error('server.move_ips', source_ips=[extra], destination_name='absent') == (3, 404)
    assert memset.error('server.move_ips', source_ips=[primary], destination_name=two) == (9, 412)
    assert memset.error('server.move_ips', source_ips=[extra], destination_name=far) == (9, 412)
    memset.done(memset.call('server.move_ips', source_ips=[extra], destination_name=two))
    assert [ip['address'] for ip in memset.call('server.info', name=one)['ips']] == [primary]
    assert memset.call('server.info', name=two)['ips'][1]['address'] == extra
    assert memset.call('dns.reverse_map_list', address=extra)[0]['name'] == two


@pytest.mark.parametrize('method', ['server.set_intrusion_detection_alert_level',
                                    'server.set_penetration_patrol_alert_level'])
def test_alert_level(memset, method):
    plain, = memset.seed(servers=1)
    watched, = memset.seed(servers=1, options={'intrusion_detection': 'basic'})
    assert memset.error(method, name=plain, alert_level=3) == (9, 412)
    assert memset.error(method, name=watched, alert_level=16) == (7, 400)
    assert memset.call(method, name=watched, alert_level=7) is None
    assert memset.call('server.info', name=watched)['intrusion_detection_alert_level'] == 7
    assert memset.log()[0]['operation'] == method


def test_slave_name_servers(memset):
    server, = memset.seed(servers=1)
    assert memset.call('server.slave_ns_add', name=server, domain_name='b.example.com') == 'b.example.com'
    memset.call('server.slave_ns_add', name=server, domain_name='a.example.com')
    assert memset.call('server.slave_ns_list', name=server) == ['a.example.com', 'b.example.com']
    assert memset.error('server.slave_ns_add', name=server, domain_name='a.example.com') == (9, 412)
    assert memset.call('server.slave_ns_delete', name=server, domain_name='a.example.com') == 'a.example.com'
    assert memset.error('server.slave_ns_delete', name=server, domain_name='a.example.com') == (3, 404)


def test_a_thousand_servers_at_once(memset):
    names = memset.seed(servers=1000, options={'prefix': 'web'})
    listed = memset.call('server.list')
    assert [server['name'] for server in listed] == names
    assert listed[999]['nickname'] == 'web1000'
    assert len({server['primary_ip'] for server in listed}) == 1000
