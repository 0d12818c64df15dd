# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operation of every API through the module api: sent with its parameters, and seen by the sandbox."""

from __future__ import annotations

import csv

import pytest
import runs

import sandbox_client
from ansible_collections.indie.cloud.plugins.module_utils import calls, runner
from ansible_collections.indie.cloud.plugins.module_utils.client import MASK
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.operations import METADATA
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.operations_storage import UPLOAD

# Counted out of the providers' documents, not out of the tables of plugins.
TSV = sandbox_client.ROOT / 'tests' / 'integration' / 'operations.tsv'
COUNTS = {'memset': 152, 'upcloud': 21, 'cloudsigma': 60, 'elastichosts': 11}
KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.com'
PERSON = {'user_email': 'child@example.com', 'user_title': 'Ms', 'user_forename': 'Ann', 'user_surname': 'Lee',
          'user_phone': '+44.1632960000', 'user_address': '1 Example Street', 'user_town': 'Reading',
          'user_statecounty': 'Berkshire', 'user_country': 'GB', 'user_postcode': 'RG1 1AA'}


class Walk:
    """Calls operations of one provider, each write in check mode first, and looks at each result."""

    def __init__(self, sandbox, provider, folder):
        self.sandbox = sandbox
        self.provider = provider
        self.folder = str(folder)
        self.env = sandbox.env
        self.operations = calls.CLIENTS[provider]().operations

    def run(self, check=False, **options):
        parameters = runs.validated(calls.api_spec(), **{
            'provider': self.provider, 'state_dir': self.folder, 'wait_timeout': 30, **options})
        return calls.run_api(parameters, runner.Context(check, environ=self.env, clock=runs.Hurry()))

    def __call__(self, operation, unchanged=False, secret=False, **parameters):
        """The answer."""
        reads = self.operations[operation].reads(parameters)
        if not reads:
            self.sandbox.forget()
            foreseen = self.run(True, operation=operation, parameters=parameters)
            assert foreseen['changed'] and foreseen['error'] is None, foreseen.get('msg')
            assert self.sandbox.requests() == [] and foreseen['answer'] is None
        result = self.run(operation=operation, parameters=parameters, return_secrets=secret)
        assert result['error'] is None, (operation, result['msg'])
        assert result['changed'] == (not reads and not unchanged), operation
        starts = self.operations[operation].starts
        assert bool(result['job']) == bool(starts and not reads and not unchanged), operation
        if result['job']:
            assert result['job']['status'] not in (None, '') or result['job']['answer'] == {}, (operation, result)
        return result['secrets']['answer'] if secret else result['answer']


def memset(walk, seed):
    server, other, third = seed('servers', 3, firewall='self_managed', intrusion_detection='basic',
                                monitoring_level='advanced')
    spare, = seed('servers', 1, extra_ips=1)
    store, = seed('memstores')
    vlan, = seed('vlans')
    project, = seed('openstack_projects')
    cluster, = seed('clusters', 1, servers=[server, other])
    seed('website_firewalls', 1, domain='www.example.com')
    balanced, = seed('servers', 1, vlans=[vlan])
    balancer, = seed('loadbalancers', 1, vlan=vlan)
    invoice, = seed('invoices')

    key = walk('apikey.create', secret=True, scopes={'method': ['server.list']}, comment='narrow')['key']
    walk('apikey.add_scope', id=key, scope_name='method', value='server.info')
    walk('apikey.delete_scope', id=key, scope_name='method', value='server.info')
    walk('apikey.info', id=key)
    walk('apikey.list')
    walk('apikey.delete', id=key)
    for method in ('bandwidth.info', 'bandwidth.monthly_usage', 'bandwidth.usage'):
        walk(method, name=server)

    walk('cluster.info', cluster_name=cluster)
    walk('cluster.list')
    real = {'cluster_name': cluster, 'service_name': 'http', 'server_name': server}
    for method, unchanged in (('disable', False), ('disable', True), ('enable', False), ('enable_fallback', False),
                              ('disable_fallback', False), ('disable_fallback', True)):
        walk('cluster.real_service.' + method, unchanged, **real)
    walk('cluster.real_service.set_weight', weight=20, **real)
    walk('cluster.real_service.set_weight', True, weight=20, **real)
    walk('cluster.real_service.info', **real)
    walk('cluster.real_service.statistics', **real)
    walk('cluster.real_service.list', cluster_name=cluster, service_name='http')
    for method in ('disable', 'enable'):
        walk('cluster.server.' + method, cluster_name=cluster, server_name=server)
        walk('cluster.service.' + method, cluster_name=cluster, service_name='http')
        walk('cluster.service.' + method, True, cluster_name=cluster, service_name='http')
    walk('cluster.server.info', server_name=server)
    walk('cluster.server.list', cluster_name=cluster)
    walk('cluster.service.info', cluster_name=cluster, service_name='http')
    walk('cluster.service.list', cluster_name=cluster)
    walk('cluster.service.status_image', cluster_name=cluster, service_name='http')

    walk('create.available')
    walk('create.verify_discount_code', discount_code='SANDBOX50')
    classic, = seed('servers', 1, sku='MS0025')
    orders = {'create.extra_bandwidth': {'name': server, 'amount': 50},
              'create.hourly_miniserver': {'sku': 'MS0025H', 'os': 'debian_buster_64'},
              'create.memstore': {'sku': 'CLOUDF5'},
              'create.monthly_fullserver': {'sku': 'UFS19', 'os': 'debian_buster_64'},
              'create.monthly_miniserver': {'sku': 'VPS001', 'os': 'debian_buster_64'},
              'create.openstack_project': {'sku': 'OSP-PUBLIC'},
              'server.upgrade': {'name': classic, 'new_sku': 'MS0050'}}
    for method, parameters in orders.items():
        quote = walk(method, dry_run=True, **parameters)
        assert quote['dry_run'] is True and not quote.get('job')
        walk(method, dry_run=False, **parameters)

    zone = walk('dns.zone_create', nickname='first', records=[], domains=[])['id']
    walk('dns.zone_update', id=zone, ttl=300)
    walk('dns.zone_info', id=zone)
    walk('dns.zone_list')
    record = walk('dns.zone_record_create', zone_id=zone, type='A', record='www', address='192.0.2.1')['id']
    walk('dns.zone_record_update', id=record, address='192.0.2.2')
    walk('dns.zone_record_info', id=record)
    walk('dns.zone_record_list')
    walk('dns.zone_record_delete', id=record)
    walk('dns.zone_domain_create', domain='example.com', zone_id=zone)
    walk('dns.zone_domain_info', domain='example.com')
    walk('dns.zone_domain_list')
    walk('dns.zone_domain_update', domain='example.com', zone_id=zone)
    walk('dns.zone_domain_delete', domain='example.com')
    walk('dns.zone_delete', id=zone)
    walk('dns.reload')
    address = walk('server.info', name=server)['primary_ip']
    walk('dns.reverse_map_list', name=server)
    walk('dns.reverse_map_update', address=address, reverse_map='www.example.com')

    group = walk('firewalling.rule_group_create', nickname='web', rules=[])['name']
    rule = walk('firewalling.rule_create', rule_group_name=group, action='ACCEPT', ordering=1, dest_ports='80')
    rule = rule['rule_id']
    walk('firewalling.rule_info', rule_id=rule)
    walk('firewalling.rule_update', rule_id=rule, dest_ports='443')
    walk('firewalling.rule_group_info', rule_group_name=group)
    walk('firewalling.rule_group_list', include_public=True)
    walk('firewalling.update', name=server, rule_group_name=group)
    walk('firewalling.rule_group_status', name=server, rule_group_name=group)
    walk('firewalling.rule_delete', rule_id=rule)
    unused = walk('firewalling.rule_group_create', nickname='unused')['name']
    walk('firewalling.rule_group_delete', rule_group_name=unused)

    walk('internal.echo', string='text', list=[1], dictionary={'a': 1}, boolean=False, float=0.5, integer=3)
    for method in ('noop', 'release', 'version'):
        walk('internal.' + method)
    walk('invoice.info', ref=invoice)
    walk('invoice.list')

    there = {'load_balancer': balancer, 'service_name': 'web'}
    walk('loadbalancer.service.add', protocol='tcp', virtual_ip='192.0.2.9', port=80, **there)
    walk('loadbalancer.service.info', **there)
    walk('loadbalancer.service.list', load_balancer=balancer)
    walk('loadbalancer.service.update', port=81, **there)
    walk('loadbalancer.server.add', server_name=balanced, **there)
    walk('loadbalancer.server.info', server_name=balanced, **there)
    walk('loadbalancer.server.update', server_name=balanced, weight=5, **there)
    walk('loadbalancer.server.remove', server_name=balanced, **there)
    walk('loadbalancer.service.remove', **there)

    walk('memshell.enable', name=server, password='canary-password')
    walk('memshell.info', name=server)
    walk('memshell.set_password', name=server, current_password='canary-password', new_password='another-password')
    walk('memshell.disable', name=server, password='another-password')

    walk('memstore.usage', name=store)
    box = {'name': store, 'container': 'pictures'}
    walk('memstore.container.create', **box)
    walk('memstore.container.set_acl', read_acl=[], write_acl=[], **box)
    walk('memstore.container.acl', **box)
    walk('memstore.container.set_public_cdn', ttl=3600, listing=True, **box)
    walk('memstore.container.cdn', **box)
    walk('memstore.container.unset_public_cdn', **box)
    user = {'name': store, 'username': 'ann'}
    walk('memstore.user.create', password='canary-password', enabled=True, **user)
    for method in ('disable', 'enable', 'info'):
        walk('memstore.user.' + method, **user)
    walk('memstore.user.list', name=store)
    walk('memstore.user.set_password', password='another-password', **user)
    walk('memstore.user.delete', **user)

    ident = next(each['project_id'] for name, each in walk('openstack.list_projects').items() if name == project)
    walk('openstack.user.create', username='ann', password='canary-password', email='a@example.com', enabled=True)
    walk('openstack.project.add_user', project_id=ident, username='ann')
    walk('openstack.project.list_users', project_id=ident)
    walk('openstack.project.remove_user', project_id=ident, username='ann')
    for method in ('disable', 'enable', 'info'):
        walk('openstack.user.' + method, username='ann')
    walk('openstack.user.list')
    walk('openstack.user.set_password', username='ann', password='another-password')
    walk('openstack.sync_users')
    walk('openstack.user.delete', username='ann')

    child = walk('partner.account.create', **PERSON)['account']
    bought, = walk.sandbox.seed('memset', {'account': child}, services=1)['services']
    walk('partner.account.list')
    walk('partner.apikey.create', account_name=child, service=bought, comment='for a shop')
    walk('partner.apikey.list', account_name=child)
    walk('partner.service.list', account_name=child)

    walk('payment_method.available')
    walk('payment_method.info', payment_method_id='pm1')
    walk('payment_method.set_default', payment_method_id='pm3')
    walk('payment_method.remove', payment_method_id='pm2')

    walk('server.list')
    walk('server.reboot', name=other)
    extra = [ip['address'] for ip in walk('server.info', name=spare)['ips']]
    extra.remove(walk('server.info', name=spare)['primary_ip'])
    walk('server.move_ips', source_ips=extra[:1], destination_name=third)
    walk('server.set_intrusion_detection_alert_level', name=server, alert_level=3)
    walk('server.set_penetration_patrol_alert_level', name=server, alert_level=4)
    walk('server.slave_ns_add', name=server, domain_name='slave.example.com')
    walk('server.slave_ns_list', name=server)
    walk('server.slave_ns_delete', name=server, domain_name='slave.example.com')
    walk('server.snapshot', name=other, storage_name=store, image_type='raw')
    path = walk('server.snapshot_list', storage_name=store)[0]['snapshot_path']
    walk('server.reimage_from_snapshot', name=other, storage_name=store, image_type='raw', snapshot_path=path)
    walk('server.reimage_from_stock_image', name=other, os='debian_stretch_64', os_bits='64')
    walk('server.snapshot_delete', storage_name=store, snapshot_path=path)
    walk('server.monitoring.set_policy', name=server, monitoring=True)
    walk('server.monitoring.get_policy', name=server)
    rule = walk('server.monitoring.rule_create', name=server, service='ping', alert_type='email',
                contact_address='a@example.com')
    rule = {'name': server, 'rule_id': rule['rule_id']}
    walk('server.monitoring.rule_info', **rule)
    walk('server.monitoring.rule_list', name=server)
    walk('server.monitoring.rule_update', contact_address='b@example.com', **rule)
    walk('server.monitoring.rule_delete', **rule)
    walk('server.status.info', name=server)
    walk('server.status.list', names=[server])
    walk('service.info', name=server)
    walk('service.list', type=['miniserver', 'fullserver'])
    walk('service.set_nickname', name=server, nickname='web1')
    walk('vlan.add', name=vlan, host=other)
    walk('vlan.info', name=vlan)
    walk('vlan.list', name=vlan)
    walk('vlan.remove', name=vlan, host=other)
    walk('website_firewall.clear_cache', domain='www.example.com')
    cancelled = walk.run(operation='service.cancel', parameters={'name': third}, wait=False)
    walk('job.status', id=cancelled['job']['id'])


def upcloud(walk, seed):
    server, stopped = seed('servers', 2, metadata='yes', zone='fi-hel1')
    for listing in ('/server_size', '/server', '/account', '/account/list', '/account/tokens', '/zone', '/plan',
                    '/price', '/timezone', '/host', '/tag', '/server-group', '/storage', '/storage/public',
                    '/storage/private', '/storage/normal', '/storage/backup', '/storage/cdrom', '/storage/template',
                    '/storage/favorite', '/ip_address', '/network', '/router'):
        walk('GET ' + listing)
    walk('GET /account/details/{username}', username='sandbox')
    token = walk('POST /account/tokens', name='ci', expires_in='1h', secret=True)['id']
    walk('GET /account/tokens/{token_id}', token_id=token)
    walk('DELETE /account/tokens/{token_id}', token_id=token)
    host, = seed('hosts', zone='fi-hel1')
    walk('GET /host/{host_id}', host_id=host)
    walk('PATCH /host/{host_id}', host_id=host, description='mine')

    template = walk('GET /storage/template')['storages']['storage'][4]['uuid']
    made = walk('POST /server', zone='fi-hel1', title='web', hostname='web.example.com', plan='1xCPU-1GB',
                metadata='yes', login_user={'username': 'root', 'ssh_keys': {'ssh_key': [KEY]}},
                storage_devices={'storage_device': [
                    {'action': 'clone', 'storage': template, 'title': 'system', 'size': 25, 'tier': 'maxiops'}]},
                networking={'interfaces': {'interface': [
                    {'type': 'public', 'ip_addresses': {'ip_address': [{'family': 'IPv4'}]}}]}})['server']['uuid']
    walk('GET /server/{uuid}', uuid=made)
    walk('PUT /server/{uuid}', uuid=made, title='web2')
    walk('POST /server/{uuid}/restart', uuid=made, stop_type='hard', timeout='60', timeout_action='destroy')
    # A server that was told to restart is on for a while, then down, and on again.
    for _change in ('down', 'up'):
        walk.sandbox.advance(1)
    walk('POST /server/{uuid}/stop', uuid=made, stop_type='hard', timeout='60')
    walk.sandbox.faults(kind='job_hangs', provider='upcloud', operation='POST /server/{uuid}/start')
    walk.run(operation='POST /server/{uuid}/start', parameters={'uuid': made}, wait=False)
    walk('POST /server/{uuid}/cancel', uuid=made)
    walk('POST /server/{uuid}/start', uuid=made)
    walk('POST /server/{uuid}/stop', uuid=stopped, stop_type='hard')

    walk('POST /tag', name='web', description='servers', servers={'server': []})
    walk('GET /tag/{name}', name='web')
    walk('PUT /tag/{name}', name='web', new_name='shop')
    walk('POST /server/{uuid}/tag/{tags}', uuid=server, tags='shop')
    walk('GET /server/tag/{tags}', tags='shop')
    walk('POST /server/{uuid}/untag/{tags}', uuid=server, tags='shop')
    walk('DELETE /tag/{name}', name='shop')

    group = walk('POST /server-group', title='web', servers={'server': []}, anti_affinity='no')['server_group']['uuid']
    walk('GET /server-group/{uuid}', uuid=group)
    walk('PATCH /server-group/{uuid}', uuid=group, title='shop')
    walk('POST /server-group/{uuid}/servers', uuid=group, server=stopped)
    walk('GET /server-group/{uuid}/servers', uuid=group)
    walk('DELETE /server-group/{uuid}/servers/{server_uuid}', uuid=group, server_uuid=stopped)
    walk('DELETE /server-group/{uuid}', uuid=group)

    drive = walk('POST /storage', size=10, title='data', zone='fi-hel1', tier='maxiops')['storage']['uuid']
    walk('GET /storage/{uuid}', uuid=drive)
    walk('PUT /storage/{uuid}', uuid=drive, title='files', size=12)
    clone = walk('POST /storage/{uuid}/clone', uuid=drive, title='copy', zone='fi-hel1', tier='maxiops')
    walk('POST /storage/{uuid}/templatize', uuid=drive, title='golden')
    backup = walk('POST /storage/{uuid}/backup', uuid=drive, title='before')['storage']['uuid']
    walk('POST /storage/{uuid}/restore', uuid=backup)
    walk('POST /storage/{uuid}/favorite', uuid=drive)
    walk('DELETE /storage/{uuid}/favorite', uuid=drive)
    walk('POST /storage/{uuid}/resize', uuid=walk('GET /server/{uuid}', uuid=stopped)[
        'server']['storage_devices']['storage_device'][0]['storage'])
    copying = walk.run(operation='POST /storage/{uuid}/clone', wait=False, parameters={
        'uuid': drive, 'title': 'more', 'zone': 'fi-hel1', 'tier': 'maxiops'})['answer']['storage']['uuid']
    walk('POST /storage/{uuid}/cancel', uuid=copying)
    filled = clone['storage']['uuid']
    source = {'source': 'http_import', 'source_location': 'https://example.com/image.raw'}
    walk('POST /storage/{uuid}/import', uuid=filled, **source)
    walk('GET /storage/{uuid}/import', uuid=filled)
    walk.run(operation='POST /storage/{uuid}/import', parameters=dict(source, uuid=drive), wait=False)
    walk('POST /storage/{uuid}/import/cancel', uuid=drive)
    upload = walk.run(operation='POST /storage/{uuid}/import', return_secrets=True, parameters={
        'uuid': drive, 'source': 'direct_upload'})
    assert upload['answer']['storage_import']['direct_upload_url'] == MASK
    walk(UPLOAD, direct_upload_url=upload['secrets']['answer']['storage_import']['direct_upload_url'], data='contents')
    walk('POST /server/{uuid}/storage/attach', uuid=stopped, storage=filled, address='virtio', type='disk')
    walk('POST /server/{uuid}/storage/detach', uuid=stopped, storage=filled)
    cdrom = walk('GET /storage/cdrom')['storages']['storage'][0]['uuid']
    walk('POST /server/{uuid}/storage/attach', uuid=stopped, type='cdrom', address='ide')
    walk('POST /server/{uuid}/cdrom/load', uuid=stopped, storage=cdrom)
    walk('POST /server/{uuid}/cdrom/eject', uuid=stopped)
    walk('DELETE /storage/{uuid}', uuid=filled, backups='delete')

    rules = 'GET /server/{uuid}/firewall_rule'
    rule = {'direction': 'in', 'action': 'accept', 'family': 'IPv4', 'protocol': 'tcp',
            'destination_port_start': '22', 'destination_port_end': '22'}
    walk('POST /server/{uuid}/firewall_rule', uuid=server, position='1', **rule)
    walk('PUT /server/{uuid}/firewall_rule', uuid=server, firewall_rule=[rule])
    walk(rules, uuid=server)
    walk(rules + '/{position}', uuid=server, position=1)
    walk('DELETE /server/{uuid}/firewall_rule/{position}', uuid=server, position=1)

    address = walk('POST /ip_address', family='IPv4', floating='yes', zone='fi-hel1')['ip_address']['address']
    walk('GET /ip_address/{address}', address=address)
    public = next(ip['address'] for ip in walk('GET /server/{uuid}', uuid=server)['server']['ip_addresses'][
        'ip_address'] if ip['access'] == 'public')
    for method in ('PATCH', 'PUT'):
        walk(method + ' /ip_address/{address}', address=public, ptr_record='www.example.com')
    walk('DELETE /ip_address/{address}', address=address)

    router = walk('POST /router', name='gate')['router']['uuid']
    walk('GET /router/{uuid}', uuid=router)
    walk('PATCH /router/{uuid}', uuid=router, name='door')
    network = walk('POST /network', name='inner', zone='fi-hel1', router=router, ip_networks={'ip_network': [
        {'address': '172.16.9.0/24', 'family': 'IPv4', 'dhcp': 'yes'}]})['network']['uuid']
    walk('GET /network/{uuid}', uuid=network)
    walk('PUT /network/{uuid}', uuid=network, name='inside')
    inside = {'type': 'private', 'network': network}
    face = walk('POST /server/{uuid}/networking/interface', uuid=stopped, ip_addresses={
        'ip_address': [{'family': 'IPv4', 'address': '172.16.9.10'}]}, **inside)['interface']['index']
    walk('GET /server/{uuid}/networking', uuid=stopped)
    walk('PUT /server/{uuid}/networking/interface/{index}', uuid=stopped, index=face, source_ip_filtering='no')
    walk('POST /server/{uuid}/networking/interface/{index}/ip-address', uuid=stopped, index=face, family='IPv4',
         address='172.16.9.11')
    walk('DELETE /server/{uuid}/networking/interface/{index}/ip-address/{address}', uuid=stopped, index=face,
         address='172.16.9.11')
    walk('DELETE /server/{uuid}/networking/interface/{index}', uuid=stopped, index=face)
    walk('DELETE /network/{uuid}', uuid=network)
    walk('DELETE /router/{uuid}', uuid=router)

    walk.env = {'UPCLOUD_METADATA_URL': walk.sandbox.env['UPCLOUD_API_URL'].rpartition('/')[0]}
    assert walk(METADATA)['cloud_name'] == 'upcloud'
    assert 'hostname' in walk(METADATA, path='v1/').splitlines()
    walk.env = walk.sandbox.env
    walk('DELETE /server/{uuid}', uuid=stopped, storages='1')


def keyvalue_common(walk, seed):
    """What both providers have under the same names. Returns (a drive, a server)."""
    drive = walk('POST /drives/create', name='data', size=1073741824)['drive']
    walk('GET /drives/{uuid}/info', uuid=drive)
    walk('POST /drives/{uuid}/set', uuid=drive, name='files')
    walk('POST /drives/{uuid}/write[/{offset}]', uuid=drive, data='hello', offset=0)
    assert walk('GET /drives/{uuid}/read/{offset}/{size}', uuid=drive, offset=0, size=5) == {'base64': 'aGVsbG8='}
    for listing in ('/drives/list', '/drives/info', '/servers/list', '/servers/info'):
        walk('GET ' + listing)
    server = walk('POST /servers/create', **{
        'name': 'web', 'cpu': 1000, 'mem': 512, 'persistent': True, 'ide:0:0': drive, 'boot': 'ide:0:0',
        'nic:0:model': 'e1000', 'nic:0:dhcp': 'auto', 'vnc:ip': 'auto', 'vnc:password': 'canary7x'})['server']
    walk('GET /servers/{uuid}/info', uuid=server)
    vlan = walk('POST /resources/vlan/create', name='inner')['resource']
    walk('GET /resources/vlan/{uuid}/info', uuid=vlan)
    walk('POST /resources/vlan/{uuid}/set', uuid=vlan, name='inside')
    for listing in ('vlan/list', 'vlan/info', 'ip/list', 'ip/info'):
        walk('GET /resources/' + listing)
    return drive, server, vlan


def cloudsigma(walk, seed):
    drive, server, vlan = keyvalue_common(walk, seed)
    for listing in ('/profile/info', '/currencies/list', '/usage/info', '/pricing/info', '/transactions/list',
                    '/balance/info', '/subscriptions/resources/info', '/subscriptions/net/info', '/subscriptions/list',
                    '/drives/standard/list', '/drives/standard/info', '/drives/standard/img/list',
                    '/drives/standard/img/info', '/drives/standard/cd/list', '/drives/standard/cd/info',
                    '/servergroups/list'):
        walk('GET ' + listing)
    walk('POST /profile/set', nick_name='box')
    copy = walk('POST /drives/{uuid}/clone', uuid=seed('drives')[0], name='copy')['drive']
    walk('POST /drives/{uuid}/destroy', uuid=copy)
    for kind in ('img', 'cd'):
        standard = walk('GET /drives/standard/%s/list' % kind)[0]
        walk('GET /drives/standard/%s/{uuid}/info' % kind, uuid=standard)
    walk('POST /servers/{uuid}/reset', uuid=server)
    walk('GET /servers/{uuid}/shutdown', uuid=server)
    walk('POST /servers/{uuid}/set', uuid=server, mem=768)
    walk('GET /servers/{uuid}/start', uuid=server)
    walk('GET /servers/{uuid}/stop', uuid=server)
    twin = walk('POST /servers/{uuid}/clone', uuid=server, name='twin')['server']
    walk('GET /servers/{uuid}/stop', uuid=twin)
    many = {'server:%d' % number: uuid for number, uuid in enumerate(seed('servers', 2, persistent=True))}
    walk('POST /servers/stop', **many)
    walk('POST /servers/start', **many)
    group = walk('POST /servergroups/create', name='web', description='servers')['uuid']
    walk('POST /servergroups/{uuid}/set', uuid=group, name='shop')
    walk('POST /servergroups/{uuid}/add', uuid=group, **many)
    walk('GET /servergroups/{uuid}/info', uuid=group)
    walk('GET /servergroups/{uuid}/stop', uuid=group)
    walk('GET /servergroups/{uuid}/start', uuid=group)
    walk('POST /servers/stop', **many)
    walk('POST /servergroups/{uuid}/remove', uuid=group, **many)
    walk('POST /servergroups/{uuid}/destroy', uuid=group)
    walk('POST /servers/destroy', **many)
    walk('GET /servers/{uuid}/destroy', uuid=twin)
    walk('GET /resources/vlan/{uuid}/destroy', uuid=vlan)
    address = walk('POST /resources/ip/create')[0]['resource']
    walk('GET /resources/ip/{ip}/info', ip=address)
    walk('GET /resources/ip/{ip}/destroy', ip=address)
    term = {'start_time': '2027-01-01 00:00', 'months': 1}
    bought = walk('POST /subscriptions/resources/create', mem=1024, **term)
    walk('POST /subscriptions/network/ip/create', quantity=1, **term)
    walk('POST /subscriptions/network/ip/calculate', quantity=1, **term)
    walk('POST /subscriptions/network/vlan/create', quantity=1, **term)
    walk('POST /subscriptions/network/vlan/calculate', quantity=1, **term)
    walk('POST /subscriptions/software/create', msft_lwa_00135=1, **term)
    walk('POST /subscriptions/software/calculate', msft_lwa_00135=1, **term)
    walk('POST /subscriptions/{uuid}/set', uuid=bought[0]['subscription'], months=2)
    walk('POST /subscriptions/{uuid}/set/calculate', uuid=bought[0]['subscription'], months=3)


def elastichosts(walk, seed):
    drive, server, vlan = keyvalue_common(walk, seed)
    for listing in ('/drives/list/standard', '/drives/info/standard', '/resources/list', '/resources/info',
                    '/drives/info/full', '/servers/info/full'):
        walk('GET ' + listing)
    walk('GET /servers/{uuid}/info/full', uuid=server)
    walk('GET /drives/{uuid}/info/full', uuid=drive)
    walk('POST /servers/{uuid}/reset', uuid=server)
    walk('POST /servers/{uuid}/set', uuid=server, name='shop')
    walk('POST /servers/{uuid}/shutdown', uuid=server)
    walk('POST /servers/{uuid}/start', uuid=server)
    walk('POST /servers/{uuid}/stop', uuid=server)
    empty = walk('POST /drives/create', name='empty', size='4G')['drive']
    image = next(each for each in walk('GET /drives/info/standard') if each.get('format') == 'gzip')['drive']
    walk('POST /drives/{uuid}/image/{source}[/{conversion}]', uuid=empty, source=image, conversion='gunzip')
    idle = walk('POST /servers/create/stopped', **{'name': 'idle', 'cpu': 1000, 'mem': 512, 'persistent': True,
                                                   'ide:0:0': empty})['server']
    walk('POST /servers/{uuid}/destroy', uuid=idle)
    walk('POST /drives/{uuid}/destroy', uuid=empty)
    walk('POST /resources/vlan/{uuid}/destroy', uuid=vlan)
    address = walk('POST /resources/ip/create', name='www')['resource']
    walk('GET /resources/ip/{ip}/info', ip=address)
    walk('POST /resources/ip/{ip}/set', ip=address, name='shop')
    walk('POST /resources/ip/{ip}/destroy', ip=address)


WALKS = {'memset': memset, 'upcloud': upcloud, 'cloudsigma': cloudsigma, 'elastichosts': elastichosts}


def documented(provider):
    """What the providers' documents say of each operation."""
    with TSV.open(encoding='utf-8', newline='') as file:
        found = [row for row in csv.DictReader(file, delimiter='\t') if row['provider'] == provider]
    assert len(found) == COUNTS[provider]
    return found


@pytest.mark.parametrize('provider', WALKS)
def test_every_operation_is_reached_and_seen_by_the_sandbox(provider, sandbox, tmp_path):
    sandbox.reset()
    walk = Walk(sandbox, provider, tmp_path)
    WALKS[provider](walk, lambda kind, count=1, **options: sandbox.seed(provider, options, **{kind: count})[kind])
    served = sandbox.operations()[provider]
    assert [name for name in walk.operations if not served[name]] == []
    assert [row['operation'] for row in documented(provider) if not served[row['operation']]] == []


@pytest.mark.parametrize('provider', WALKS)
def test_the_table_says_of_each_operation_what_the_list_says(provider):
    """Reads and writes, and what goes on after the answer."""
    operations = calls.CLIENTS[provider]().operations
    for row in documented(provider):
        operation = operations[row['operation']]
        assert operation.kind == row['kind'], operation.name
        started = {'job': ('job', 'maybe_job'), 'state': ('state',), '-': ('',)}[row['async']]
        assert operation.starts in started, operation.name


@pytest.mark.parametrize('provider', WALKS)
def test_unknown_missing_and_mistyped_parameters_are_refused_before_sending(provider, sandbox, tmp_path):
    walk = Walk(sandbox, provider, tmp_path)
    sandbox.forget()
    wrong = {'int': 'x', 'float': 'x', 'bool': 'maybe', 'list': 'x', 'dict': 'x', 'str': 5, 'word': 1.5}
    told = 0
    for name, operation in walk.operations.items():
        takes = operation.parameters
        right = {each: {'int': 1, 'float': 1.0, 'bool': True, 'list': [], 'dict': {}}.get(kind, 'x')
                 for each, (kind, required) in takes.items() if required}
        bad = [dict(right, no_such_parameter='x')]
        bad += [{key: value for key, value in right.items() if key != each} for each in right]
        bad += [dict(right, **{each: wrong[kind]}) for each, (kind, _required) in takes.items() if kind != 'any']
        for parameters in bad:
            result = walk.run(operation=name, parameters=parameters)
            assert result['failed'] and result['error']['kind'] == 'input' and not result['changed'], (name, parameters)
            told += 1
    assert told > 30 and sandbox.requests() == []
