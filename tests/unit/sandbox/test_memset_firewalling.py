# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset in the sandbox: firewall rule groups, VLANs, load balancers, clusters."""

from __future__ import annotations

import pytest

from memset_client import Client

RULE = {'action': 'ACCEPT', 'dest_ports': '80', 'protocols': 'tcp', 'ordering': 1}


@pytest.fixture
def memset(sandbox):
    return Client(sandbox)


@pytest.fixture
def group(memset):
    return memset.call('firewalling.rule_group_create', nickname='web', notes='n', rules=[RULE])['name']


def test_group_of_the_documented_example(memset):
    rules = [{'action': 'ACCEPT', 'dest_ports': '80,8000,8080', 'protocols': 'tcp', 'ordering': 1, 'comment': 'c'},
             {'action': 'REJECT', 'ip_version': 'ipv4', 'source_ips': '222.111.111.10/24', 'protocols': 'tcp,udp',
              'ordering': 2}]
    group = memset.call('firewalling.rule_group_create', nickname='example', notes='notes', rules=rules)
    assert (group['nickname'], group['public'], group['default_outbound_policy']) == ('example', False, 'RETURN')
    first, second = group['rules'].values()
    assert set(first) == {'rule_id', 'rule_group_name', 'ip_version', 'action', 'source_ips', 'source_ip6s', 'dest_ips',
                          'dest_ip6s', 'source_ports', 'dest_ports', 'protocols', 'ordering', 'comment', 'direction'}
    assert (first['rule_group_name'], first['ip_version'], first['direction']) == (group['name'], 'any', 'Inbound')
    assert second['dest_ports'] == 'any'
    public = memset.call('firewalling.rule_group_info', rule_group_name='managed-linux')
    cloned = [{key: value for key, value in rule.items() if key != 'rule_group_name'}
              for rule in public['rules'].values()]
    clone = memset.call('firewalling.rule_group_create', nickname='clone', rules=cloned)
    assert len(clone['rules']) == len(cloned) and not set(clone['rules']) & set(public['rules'])


def test_rules_come_and_go(memset, group):
    rule = memset.call('firewalling.rule_create', rule_group_name=group, **{**RULE, 'ordering': 2})
    assert memset.call('firewalling.rule_info', rule_id=rule['rule_id']) == rule
    changed = memset.call('firewalling.rule_update', rule_id=rule['rule_id'], ordering=30, comment='last')
    assert (changed['ordering'], changed['comment'], changed['dest_ports']) == (30, 'last', '80')
    assert memset.call('firewalling.rule_delete', rule_id=rule['rule_id']) == rule['rule_id']
    assert memset.error('firewalling.rule_info', rule_id=rule['rule_id']) == (3, 404)
    assert memset.error('firewalling.rule_delete', rule_id='short') == (7, 400)
    assert memset.error('firewalling.rule_update', rule_id=rule['rule_id'], direction='Outbound') == (7, 400)


@pytest.mark.parametrize('wrong', [
    {'action': 'ALLOW'}, {'ordering': 0}, {'ordering': 31}, {'ordering': 1}, {'dest_ports': '0'},
    {'dest_ports': '80, 81'}, {'dest_ports': '80-90'}, {'dest_ports': None}, {'source_ips': '2001:db8::1'},
    {'source_ip6s': '192.0.2.1'}, {'source_ips': '192.0.2.300'}, {'protocols': 'icmp'}, {'protocols': 'udp,tcp'},
    {'ip_version': 'all'}, {'direction': 'inbound'}])
def test_malformed_rules(memset, group, wrong):
    given = {**RULE, 'ordering': 2, **wrong}
    assert memset.error('firewalling.rule_create', rule_group_name=group, **given) == (7, 400)


def test_group_limits(memset, group):
    many = [{**RULE, 'ordering': number} for number in range(1, 31)]
    full = memset.call('firewalling.rule_group_create', nickname='full', rules=many)['name']
    assert memset.error('firewalling.rule_create', rule_group_name=full, **RULE) == (9, 412)
    assert memset.error('firewalling.rule_group_create', nickname='more', rules=many + many[:1]) == (7, 400)
    # A clash of nicknames is another error here than elsewhere.
    assert memset.error('firewalling.rule_group_create', nickname='web') == (9, 412)
    assert memset.error('firewalling.rule_create', rule_group_name='managed-linux', **RULE) == (3, 404)
    public = memset.call('firewalling.rule_group_info', rule_group_name='managed-linux')['rules']
    assert memset.error('firewalling.rule_delete', rule_id=next(iter(public))) == (3, 404)
    assert memset.error('firewalling.rule_group_delete', rule_group_name='managed-linux') == (3, 404)
    names = [item['name'] for item in memset.call('firewalling.rule_group_list')]
    assert 'managed-linux' in names and group in names
    assert [item['name'] for item in memset.call('firewalling.rule_group_list', include_public=False)] == [group, full]


def test_a_server_gets_a_group_and_its_firewall_follows(memset, group):
    server, = memset.seed(servers=1, options={'firewall': 'self_managed'})
    for bare in ('none', 'basic'):
        other, = memset.seed(servers=1, options={'firewall': bare})
        assert memset.error('firewalling.update', name=other, rule_group_name=group) == (9, 412)
    given = {'name': server, 'rule_group_name': group}
    assert memset.call('firewalling.rule_group_status', **given) == 'na'
    assert memset.call('firewalling.update', **given)['name'] == group
    assert memset.call('server.info', name=server)['firewall_rule_group']['name'] == group
    assert memset.call('firewalling.rule_group_status', **given) == 'pending'
    memset.advance()
    assert memset.call('firewalling.rule_group_status', **given) == 'active'
    memset.call('firewalling.rule_create', rule_group_name=group, **{**RULE, 'ordering': 2})
    assert memset.call('firewalling.rule_group_status', **given) == 'pending'
    assert memset.error('firewalling.rule_group_delete', rule_group_name=group) == (9, 412)
    memset.fault(kind='job_hangs', operation='firewalling.update')
    memset.call('firewalling.update', name=server, rule_group_name='managed-linux')
    memset.advance(60)
    assert memset.call('firewalling.rule_group_status', name=server, rule_group_name='managed-linux') == 'pending'
    assert memset.call('firewalling.rule_group_delete', rule_group_name=group) == group
    memset.seed(settings=1, options={'self_managed_updates': False})
    assert memset.error('firewalling.update', name=server, rule_group_name='managed-linux') == (9, 412)


def test_vlan(memset):
    one, two = memset.seed(vlans=2)
    server, = memset.seed(servers=1)
    full, = memset.seed(servers=1, options={'sku': 'UFS19'})
    far, = memset.seed(servers=1, options={'network_zone': 'reading'})
    assert memset.call('vlan.info', name=one)['hosts'] == []
    listed = memset.call('vlan.add', name=one, host=server)
    assert [(item['name'], item['type'], item['tagged']) for item in listed] == [(server, 'miniserver', False)]
    network = memset.call('vlan.info', name=one)['network']
    assert listed[0]['private_ips'][0].rpartition('.')[0] == network.rpartition('.')[0]
    assert memset.call('vlan.add', name=one, host=server) == listed
    assert memset.call('vlan.add', name=two, host=server)[0]['tagged'] is True
    assert memset.call('server.info', name=server)['vlans'] == {'tagged': [two], 'untagged': [one]}
    memset.call('vlan.add', name=two, host=server, primary=True)
    info = memset.call('server.info', name=server)
    assert info['vlans'] == {'tagged': [one], 'untagged': [two]}
    private = listed[0]['private_ips'][0]
    assert private in [ip['address'] for ip in info['ips']]
    assert memset.error('server.move_ips', source_ips=[private], destination_name=far) == (9, 412)
    assert memset.state()['services'][server]['data']['needs_reboot'] is True
    memset.done(memset.call('server.reboot', name=server))
    assert memset.state()['services'][server]['data']['needs_reboot'] is False
    assert memset.call('vlan.remove', name=one, host=server) == []
    assert memset.error('vlan.remove', name=one, host=server) == (3, 404)
    memset.call('vlan.add', name=one, host=full)
    assert memset.error('vlan.remove', name=one, host=full) == (9, 412)
    assert memset.error('vlan.add', name=one, host=far) == (9, 412)
    assert memset.error('vlan.add', name=server, host=full) == (3, 404)
    memset.done(memset.call('service.cancel', name=full))
    assert memset.call('vlan.list', name=one) == []


def test_load_balancer(memset):
    vlan, = memset.seed(vlans=1)
    balancer, = memset.seed(loadbalancers=1, options={'vlan': vlan})
    inside, outside = memset.seed(servers=2, options={'extra_ips': 1})
    memset.call('vlan.add', name=vlan, host=inside)
    service = {'load_balancer': balancer, 'service_name': 'web'}
    given = {**service, 'protocol': 'http', 'virtual_ip': '198.51.100.7', 'port': 80}
    made = memset.call('loadbalancer.service.add', **given)
    assert made == {'name': 'web', 'enabled': True, 'virtual_ip': '198.51.100.7', 'port': 80, 'protocol': 'http',
                    'servers': []}
    assert memset.error('loadbalancer.service.add', **given) == (8, 400)
    assert memset.error('loadbalancer.service.add', **{**given, 'service_name': 'two'}) == (9, 412)
    assert memset.call('loadbalancer.service.update', **service, enabled=False)['enabled'] is False
    added = memset.call('loadbalancer.server.add', **service, server_name=inside)
    assert (added['port'], added['enabled'], added['fallback'], added['weight']) == (80, False, False, 10)
    assert memset.call('loadbalancer.server.update', **service, server_name=inside, weight=3)['weight'] == 3
    assert memset.call('loadbalancer.service.list', load_balancer=balancer)[0]['servers'][0]['weight'] == 3
    assert memset.error('loadbalancer.server.add', **service, server_name=inside) == (9, 412)
    assert memset.error('loadbalancer.server.add', **service, server_name=outside) == (9, 412)
    assert memset.error('loadbalancer.server.update', **service, server_name=inside,
                        ip_address='192.0.2.1') == (7, 400)
    assert memset.error('loadbalancer.server.info', **service, server_name=outside) == (9, 412)
    assert memset.error('loadbalancer.service.remove', **service) == (9, 412)
    assert memset.error('vlan.remove', name=vlan, host=inside) == (9, 412)
    extra = memset.call('server.info', name=inside)['ips'][1]['address']
    assert memset.error('server.move_ips', source_ips=[extra], destination_name=outside) == (9, 412)
    assert memset.call('loadbalancer.server.remove', **service, server_name=inside) == inside
    assert memset.call('loadbalancer.service.remove', **service) == 'web'
    assert memset.error('loadbalancer.service.info', **service) == (3, 404)


def test_cluster(memset):
    cluster, = memset.seed(clusters=1, options={'servers': ['sandbaa1', 'sandbaa2'], 'services': ['http', 'ftp']})
    place = {'cluster_name': cluster, 'service_name': 'http'}
    one, two = ({**place, 'server_name': name} for name in ('sandbaa1', 'sandbaa2'))
    assert memset.call('cluster.info', cluster_name=cluster)['name'] == cluster
    assert memset.call('cluster.list', enabled=False) == []
    assert len(memset.call('cluster.service.list', cluster_name=cluster)) == 2
    assert memset.call('cluster.real_service.enable', **one) is None
    memset.done(memset.call('cluster.real_service.disable', **one))
    assert memset.call('cluster.real_service.info', **one)['enabled'] is False
    assert memset.error('cluster.real_service.enable_fallback', **one) == (9, 412)
    memset.done(memset.call('cluster.real_service.enable_fallback', **two))
    assert memset.call('cluster.real_service.enable_fallback', **two) is None
    memset.done(memset.call('cluster.real_service.enable', **one))
    assert memset.error('cluster.real_service.enable_fallback', **one) == (9, 412)
    memset.done(memset.call('cluster.real_service.set_weight', **one, weight=0))
    assert [item['weight'] for item in memset.call('cluster.real_service.list', **place)] == [0, 10]
    assert memset.call('cluster.real_service.statistics', **one)['active'] is True
    memset.done(memset.call('cluster.server.disable', cluster_name=cluster, server_name='sandbaa1'))
    assert memset.call('cluster.server.info', server_name='sandbaa1')['enabled'] is False
    memset.done(memset.call('cluster.server.enable', cluster_name=cluster, server_name='sandbaa1'))
    assert [item['enabled'] for item in memset.call('cluster.server.list', cluster_name=cluster)] == [True, True]
    memset.done(memset.call('cluster.real_service.disable_fallback', **two))
    assert memset.call('cluster.service.enable', **place) is None
    memset.done(memset.call('cluster.service.disable', **place))
    assert memset.call('cluster.service.info', **place)['enabled'] is False
    assert memset.call('cluster.service.status_image', **place)['data']
    assert memset.error('cluster.service.info', cluster_name=cluster, service_name='none') == (3, 404)
    assert memset.error('cluster.info', cluster_name='none') == (3, 404)
