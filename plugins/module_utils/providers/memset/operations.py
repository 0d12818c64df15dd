# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every method of Memset's API 0.20.0, and the older name of one, as data."""

from __future__ import annotations

import dataclasses

from ...operation import READ, WRITE, Operation, table

# Codes of errors that the crossings act on; the client has all seventeen.
DOES_NOT_EXIST, IN_PROGRESS, BAD_PARAMETERS, NOT_UNIQUE, SERVICE_DOES_NOT_EXIST = 3, 6, 7, 8, 15
GONE = (DOES_NOT_EXIST, SERVICE_DOES_NOT_EXIST)

# What an order of any server takes.
ORDER = 'sku! dry_run:bool! discount_code add_to_next_bill:bool '
SERVER = ORDER + (
    'os! os_bits bandwidth_type backups:int lvs:int intrusion_detection monitoring_level vulnscan database antivirus '
    'firewall firewall_rule_group support_level vlan network_zone data_zone period:int pub_ssh_key ')
MINISERVER = SERVER + 'connection monthly_transfer_gb:int disk_type'
FULLSERVER = SERVER + 'disk ram nvme net_card_speed_gbps partitioning setup_instructions'


def read(name, takes='', answer='{}', **facts):
    """A method that only reads, and tells of one thing."""
    return Operation(name, READ, takes, answer=answer, **facts)


def lists(name, takes=''):
    """A read whose answer is a list."""
    return Operation(name, READ, takes, answer='[]')


def write(name, takes='', **facts):
    """A method that changes something at once."""
    return Operation(name, WRITE, takes, **facts)


def sets(name, takes=''):
    """A write that says how it shall be, so that a repeat changes nothing more."""
    return Operation(name, WRITE, takes, repeat=True)


def removes(name, takes=''):
    """A write after which something is gone; that it is gone already is as good."""
    return Operation(name, WRITE, takes, already=GONE)


def starts(name, takes='', **facts):
    """A write that starts a job."""
    return Operation(name, WRITE, takes, starts='job', **facts)


def may_start(name, takes=''):
    """A write that starts a job only if it changes something; a repeat then does not."""
    return Operation(name, WRITE, takes, starts='maybe_job', repeat=True)


def order(name, takes):
    """A write that buys, or with dry_run only quotes."""
    return Operation(name, WRITE, takes, starts='job', reads_if={'dry_run': True})


def section(title, *operations):
    """The operations, with the place in the document."""
    return [dataclasses.replace(each, doc='Memset API 0.20.0, ' + title) for each in operations]


REAL_SERVICE = 'cluster_name! service_name! server_name!'
RULE = 'ip_version source_ips source_ports dest_ips source_ip6s dest_ip6s protocols comment '
MONITORING_RULE = 'contact_address port:int host_name http_check_string'

OPERATIONS = table(
    *section(
        '1.2.1 API Key Methods',
        write('apikey.add_scope', 'id! scope_name! value!'),
        write('apikey.create', 'scopes:dict comment'),
        removes('apikey.delete', 'id!'),
        sets('apikey.delete_scope', 'id! scope_name! value!'),
        read('apikey.info', 'id!'),
        lists('apikey.list')),
    *section(
        '1.2.3 Bandwidth Methods',
        read('bandwidth.info', 'name!'),
        read('bandwidth.monthly_usage', 'name! year:int'),
        read('bandwidth.usage', 'name! period')),
    *section(
        '1.2.4 Cluster Methods',
        read('cluster.info', 'cluster_name!'),
        lists('cluster.list', 'enabled:bool')),
    *section(
        '1.2.5 Cluster Real Service Methods',
        may_start('cluster.real_service.disable', REAL_SERVICE),
        may_start('cluster.real_service.disable_fallback', REAL_SERVICE),
        may_start('cluster.real_service.enable', REAL_SERVICE),
        may_start('cluster.real_service.enable_fallback', REAL_SERVICE),
        read('cluster.real_service.info', REAL_SERVICE),
        lists('cluster.real_service.list', 'cluster_name! service_name!'),
        may_start('cluster.real_service.set_weight', REAL_SERVICE + ' weight:int!'),
        read('cluster.real_service.statistics', REAL_SERVICE)),
    *section(
        '1.2.6 Cluster Server Methods',
        may_start('cluster.server.disable', 'cluster_name! server_name!'),
        may_start('cluster.server.enable', 'cluster_name! server_name!'),
        # The document leaves out cluster_name here and names it among the errors.
        read('cluster.server.info', 'cluster_name server_name!'),
        lists('cluster.server.list', 'cluster_name!')),
    *section(
        '1.2.7 Cluster Service Methods',
        may_start('cluster.service.disable', 'cluster_name! service_name!'),
        may_start('cluster.service.enable', 'cluster_name! service_name!'),
        read('cluster.service.info', 'cluster_name! service_name!'),
        lists('cluster.service.list', 'cluster_name!'),
        read('cluster.service.status_image', 'cluster_name! service_name!')),
    *section(
        '1.2.8 Create Methods',
        lists('create.available'),
        order('create.extra_bandwidth', 'name! amount:int! dry_run:bool!'),
        order('create.hourly_miniserver', MINISERVER),
        order('create.memstore', ORDER + 'network_zone data_zone'),
        order('create.monthly_fullserver', FULLSERVER),
        # disk_gb is named in the text, not in the list of parameters.
        order('create.monthly_miniserver', MINISERVER + ' disk_gb:int'),
        order('create.openstack_project', ORDER),
        read('create.verify_discount_code', 'discount_code!')),
    *section(
        '1.2.9 DNS Methods',
        starts('dns.reload', repeat=True),
        lists('dns.reverse_map_list', 'name address'),
        sets('dns.reverse_map_update', 'address! reverse_map! name'),
        write('dns.zone_create', 'nickname! ttl:int records:list domains:list'),
        removes('dns.zone_delete', 'id!'),
        write('dns.zone_domain_create', 'domain! zone_id'),
        removes('dns.zone_domain_delete', 'domain!'),
        read('dns.zone_domain_info', 'domain!', about=('domain', 'domain')),
        lists('dns.zone_domain_list'),
        sets('dns.zone_domain_update', 'domain! zone_id'),
        read('dns.zone_info', 'id!', about=('id', 'id')),
        lists('dns.zone_list'),
        write('dns.zone_record_create', 'zone_id! type! address! record ttl:int priority:int relative:bool'),
        removes('dns.zone_record_delete', 'id!'),
        read('dns.zone_record_info', 'id!', about=('id', 'id')),
        lists('dns.zone_record_list'),
        sets('dns.zone_record_update', 'id! zone_id type record address ttl:int priority:int relative:bool'),
        sets('dns.zone_update', 'id! nickname ttl:int')),
    *section(
        '1.2.10 Firewalling Methods',
        # dest_ports is documented as required, and Memset's own example leaves it out.
        write('firewalling.rule_create', 'rule_group_name! action! ordering:int! dest_ports direction ' + RULE),
        removes('firewalling.rule_delete', 'rule_id!'),
        write('firewalling.rule_group_create', 'nickname! notes rules:list default_outbound_policy'),
        removes('firewalling.rule_group_delete', 'rule_group_name!'),
        read('firewalling.rule_group_info', 'rule_group_name!', about=('rule_group_name', 'name')),
        lists('firewalling.rule_group_list', 'include_public:bool'),
        read('firewalling.rule_group_status', 'name! rule_group_name!', answer='', words=('active', 'pending', 'na')),
        read('firewalling.rule_info', 'rule_id!'),
        sets('firewalling.rule_update', 'rule_id! action dest_ports ordering:int ' + RULE),
        sets('firewalling.update', 'name! rule_group_name!')),
    *section(
        '1.2.11 Internal Methods',
        read('internal.echo', 'string list:list dictionary:dict boolean:bool float:float integer:int date'),
        read('internal.noop'),
        read('internal.release'),
        read('internal.version')),
    *section(
        '1.2.12 Invoice Methods',
        read('invoice.info', 'ref:int!'),
        lists('invoice.list', 'date_gte date_lte status')),
    *section(
        '1.2.13 Job Methods',
        read('job.status', 'id! name', about=('id', 'id'))),
    *section(
        '1.2.14 Loadbalancer Server Methods',
        write('loadbalancer.server.add',
              'load_balancer! service_name! server_name! ip_address port:int enabled:bool fallback:bool weight:int'),
        read('loadbalancer.server.info', 'load_balancer! service_name! server_name!'),
        removes('loadbalancer.server.remove', 'load_balancer! service_name! server_name!'),
        sets('loadbalancer.server.update',
             'load_balancer! service_name! server_name! ip_address port:int enabled:bool fallback:bool weight:int')),
    *section(
        '1.2.15 Loadbalancer Service Methods',
        write('loadbalancer.service.add',
              'load_balancer! service_name! protocol! virtual_ip! port:int! enabled:bool'),
        read('loadbalancer.service.info', 'load_balancer! service_name!'),
        lists('loadbalancer.service.list', 'load_balancer!'),
        removes('loadbalancer.service.remove', 'load_balancer! service_name!'),
        sets('loadbalancer.service.update', 'load_balancer! service_name! protocol virtual_ip port:int enabled:bool')),
    *section(
        '1.2.16 Memshell Methods',
        sets('memshell.disable', 'name! password!'),
        write('memshell.enable', 'name! password'),
        read('memshell.info', 'name!'),
        write('memshell.set_password', 'name! current_password! new_password!')),
    *section(
        '1.2.17 Memstore Methods',
        read('memstore.usage', 'name!')),
    *section(
        '1.2.18 Memstore Container Methods',
        read('memstore.container.acl', 'name! container!'),
        read('memstore.container.cdn', 'name! container!'),
        write('memstore.container.create', 'name! container!'),
        sets('memstore.container.set_acl', 'name! container! read_acl:list! write_acl:list!'),
        sets('memstore.container.set_public_cdn',
             'name! container! ttl:int! listing:bool index notfound cors'),
        sets('memstore.container.unset_public_cdn', 'name! container!')),
    *section(
        '1.2.19 Memstore User Methods',
        write('memstore.user.create', 'name! username! password! enabled:bool!'),
        removes('memstore.user.delete', 'name! username!'),
        sets('memstore.user.disable', 'name! username!'),
        sets('memstore.user.enable', 'name! username!'),
        read('memstore.user.info', 'name! username!'),
        lists('memstore.user.list', 'name!'),
        sets('memstore.user.set_password', 'name! username! password!')),
    *section(
        '1.2.20 Openstack Methods',
        read('openstack.list_projects'),
        starts('openstack.sync_users', repeat=True)),
    *section(
        '1.2.21 Openstack Project Methods',
        sets('openstack.project.add_user', 'project_id! username!'),
        lists('openstack.project.list_users', 'project_id!'),
        removes('openstack.project.remove_user', 'project_id! username!')),
    *section(
        '1.2.22 Openstack User Methods',
        write('openstack.user.create', 'username! password! email! enabled:bool! description'),
        starts('openstack.user.delete', 'username!', already=GONE),
        sets('openstack.user.disable', 'username!'),
        sets('openstack.user.enable', 'username!'),
        read('openstack.user.info', 'username!'),
        lists('openstack.user.list'),
        starts('openstack.user.set_password', 'username! password!', repeat=True)),
    *section(
        '1.2.23 Partner Account Methods',
        write('partner.account.create',
              'user_email! user_title! user_forename! user_surname! user_phone! user_address! user_town! '
              'user_statecounty! user_country! user_postcode! user_company account_currency'),
        lists('partner.account.list')),
    *section(
        '1.2.24 Partner Apikey Methods',
        write('partner.apikey.create', 'account_name! service! comment! methods:list'),
        lists('partner.apikey.list', 'account_name')),
    *section(
        '1.2.25 Partner Service Methods',
        lists('partner.service.list', 'account_name')),
    *section(
        '1.2.26 Payment Method Methods',
        lists('payment_method.available'),
        read('payment_method.info', 'payment_method_id!'),
        removes('payment_method.remove', 'payment_method_id!'),
        sets('payment_method.set_default', 'payment_method_id!')),
    *section(
        '1.2.27 Server Methods',
        read('server.info', 'name!', about=('name', 'name')),
        lists('server.list', 'status'),
        starts('server.move_ips', 'source_ips:list! destination_name!'),
        starts('server.reboot', 'name! email_address', already=(IN_PROGRESS,)),
        starts('server.reimage_from_snapshot', 'name! storage_name! image_type! snapshot_path!'),
        starts('server.reimage_from_stock_image', 'name! os! os_bits pub_ssh_key'),
        sets('server.set_intrusion_detection_alert_level', 'name! alert_level:int!'),
        sets('server.set_penetration_patrol_alert_level', 'name! alert_level:int!'),
        write('server.slave_ns_add', 'name! domain_name!'),
        removes('server.slave_ns_delete', 'name! domain_name!'),
        lists('server.slave_ns_list', 'name!'),
        starts('server.snapshot', 'name! storage_name! image_type!'),
        starts('server.snapshot_delete', 'storage_name! snapshot_path!', already=(DOES_NOT_EXIST, IN_PROGRESS)),
        lists('server.snapshot_list', 'storage_name!'),
        order('server.upgrade', 'name! new_sku! dry_run:bool! upgrade_disk:bool')),
    *section(
        '1.2.28 Server Monitoring Methods',
        read('server.monitoring.get_policy', 'name!'),
        write('server.monitoring.rule_create', 'name! service! alert_type! ' + MONITORING_RULE),
        removes('server.monitoring.rule_delete', 'name! rule_id!'),
        read('server.monitoring.rule_info', 'name! rule_id!'),
        lists('server.monitoring.rule_list', 'name!'),
        sets('server.monitoring.rule_update', 'name! rule_id! service alert_type ' + MONITORING_RULE),
        starts('server.monitoring.set_policy', 'name! monitoring:bool! auto_reboot:bool reminder_emails:bool')),
    *section(
        '1.2.29 Server Status Methods',
        read('server.status.info', 'name!', answer=''),
        lists('server.status.list', 'names:list statuses:list')),
    *section(
        '1.2.30 Service Methods',
        starts('service.cancel', 'name!', already=(IN_PROGRESS,)),
        read('service.info', 'name!', about=('name', 'name')),
        # type takes one type or a list of them
        lists('service.list', 'type:any status'),
        sets('service.set_nickname', 'name! nickname!')),
    *section(
        '1.2.31 VLAN API Methods',
        write('vlan.add', 'name! host! primary:bool'),
        read('vlan.info', 'name!', about=('name', 'name')),
        lists('vlan.list', 'name!'),
        removes('vlan.remove', 'name! host!')),
    *section(
        '1.2.32 Website Firewall Methods',
        starts('website_firewall.clear_cache', 'domain! paths:list', repeat=True)),
)
