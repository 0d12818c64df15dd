# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The UpCloud sandbox: addresses, networks, interfaces, routers, groups, tags, firewall rules."""

from __future__ import annotations

import pytest

from upcloud_client import ABSENT, Client, server_body


@pytest.fixture
def cloud(sandbox):
    return Client(sandbox)


def addresses(cloud):
    return [item['address'] for item in cloud.ok('GET', '/ip_address')['ip_addresses']['ip_address']]


def nics(cloud, server):
    return cloud.ok('GET', '/server/%s/networking' % server)['networking']['interfaces']['interface']


# -- addresses -----------------------------------------------------------------------------------------------------
def test_an_address_for_a_stopped_server(cloud):
    running, = cloud.seed('servers')
    stopped, = cloud.seed('servers', state='stopped')
    assert cloud.refused('POST', '/ip_address', {'ip_address': {'server': running}}) == (409, 'SERVER_STATE_ILLEGAL')
    assert cloud.refused('POST', '/ip_address', {'ip_address': {'server': ABSENT}}) == (404, 'SERVER_NOT_FOUND')
    assert cloud.refused('POST', '/ip_address', {'ip_address': {}}) == (400, 'SERVER_MISSING')
    wanted = {'ip_address': {'server': stopped, 'family': 'IPv4', 'access': 'public'}}
    made = cloud.ok('POST', '/ip_address', wanted, 201)['ip_address']
    assert (made['access'], made['server'], made['floating'], made['zone']) == ('public', stopped, 'no', 'fi-hel1')
    assert made['ptr_record'] == made['address'].replace('.', '-') + '.fi-hel1.upcloud.host'
    assert made['address'] in addresses(cloud) and len(nics(cloud, stopped)) == 4
    path = '/ip_address/' + made['address']
    for method in ('PATCH', 'PUT'):
        changed = cloud.ok(method, path, {'ip_address': {'ptr_record': method.lower() + '.example.com'}}, 202)
        assert changed['ip_address']['ptr_record'] == method.lower() + '.example.com'
    assert cloud.refused('PATCH', path, {'ip_address': {'ptr_record': 'a b'}}) == (400, 'PTR_RECORD_INVALID')
    for _number in range(3):
        cloud.ok('POST', '/ip_address', wanted, 201)
    assert cloud.refused('POST', '/ip_address', wanted) == (403, 'IP_ADDRESS_LIMIT_REACHED')
    cloud.ok('DELETE', path, status=204)
    assert cloud.refused('GET', path) == (404, 'IP_ADDRESS_NOT_FOUND')
    assert cloud.refused('GET', '/ip_address/1.2.3') == (400, 'IP_ADDRESS_INVALID')
    utility = next(item for item in cloud.server(stopped)['ip_addresses']['ip_address'] if item['access'] == 'utility')
    path = '/ip_address/' + utility['address']
    assert cloud.refused('DELETE', path) == (403, 'CANNOT_DELETE_PRIVATE_ADDRESS')
    assert cloud.refused('PATCH', path, {'ip_address': {'ptr_record': 'x.org'}}) == (409, 'PTR_RECORD_NOT_SUPPORTED')
    public = next(item for item in cloud.server(running)['ip_addresses']['ip_address'] if item['access'] == 'public')
    assert cloud.refused('DELETE', '/ip_address/' + public['address']) == (409, 'SERVER_STATE_ILLEGAL')


def test_a_floating_address_moves(cloud):
    one, two = cloud.seed('servers', 2)
    far, = cloud.seed('servers', zone='uk-lon1')
    mac = {server: nics(cloud, server)[0]['mac'] for server in (one, two, far)}
    made = cloud.ok('POST', '/ip_address', {'ip_address': {'floating': 'yes', 'family': 'IPv4', 'zone': 'fi-hel1'}},
                    201)['ip_address']
    assert made['floating'] == 'yes' and 'server' not in made and made['release_policy'] == 'keep'
    path = '/ip_address/' + made['address']

    def patch(status=202, **fields):
        return cloud.ok('PATCH', path, {'ip_address': fields}, status)['ip_address']
    assert patch(mac=mac[one])['server'] == one
    assert made['address'] in [item['address'] for item in cloud.server(one)['ip_addresses']['ip_address']]
    moved = patch(mac=mac[two])
    assert (moved['server'], moved['mac']) == (two, mac[two])
    assert made['address'] not in str(cloud.server(one))
    assert cloud.refused('PATCH', path, {'ip_address': {'mac': mac[far]}}) == (409, 'ZONE_MISMATCH')
    assert cloud.refused('PATCH', path, {'ip_address': {'mac': '00:00:00:00:00:00'}}) == (400, 'MAC_INVALID')
    assert cloud.refused('PATCH', path, {'ip_address': {'mac': nics(cloud, one)[1]['mac']}}) == (400, 'MAC_INVALID')
    ordinary = next(item['address'] for item in cloud.server(one)['ip_addresses']['ip_address']
                    if item['access'] == 'public')
    assert cloud.refused('PATCH', '/ip_address/' + ordinary, {'ip_address': {'mac': mac[two]}}) == (
        409, 'FLOATING_IP_NOT_AVAILABLE')
    assert 'server' not in patch(mac=None)
    attached = cloud.ok('POST', '/ip_address', {'ip_address': {'floating': 'yes', 'mac': mac[one]}}, 201)['ip_address']
    assert attached['server'] == one
    spare = cloud.ok('POST', '/ip_address', {'ip_address': {'floating': 'yes', 'mac': mac[one]}}, 201)['ip_address']
    cloud.ok('DELETE', '/ip_address/' + spare['address'], status=204)
    assert spare['address'] not in str(cloud.server(one)) and attached['address'] in str(cloud.server(one))
    cloud.ok('POST', '/server/%s/stop' % one, {'stop_server': {'stop_type': 'hard'}})
    cloud.pass_time()
    cloud.ok('DELETE', '/server/' + one, status=204)
    assert 'server' not in cloud.ok('GET', '/ip_address/' + attached['address'])['ip_address']
    cloud.settings(limits={'detached_floating_ips': 2})
    more = {'ip_address': {'floating': 'yes', 'zone': 'fi-hel1'}}
    assert cloud.refused('POST', '/ip_address', more) == (403, 'DETACHED_FLOATING_IP_LIMIT_REACHED')
    cloud.ok('DELETE', path, status=204)
    assert cloud.refused('POST', '/ip_address', {'ip_address': {'floating': 'yes'}}) == (400, 'ZONE_MISSING')


# -- networks, routers, interfaces ---------------------------------------------------------------------------------
def network(**fields):
    ip_network = {'family': 'IPv4', 'address': '10.20.0.0/24', 'dhcp': 'yes', **fields.pop('ip_network', {})}
    found = {'name': 'n', 'zone': 'fi-hel1', 'ip_networks': {'ip_network': [ip_network]}, **fields}
    return {'network': {name: value for name, value in found.items() if value is not None}}


@pytest.mark.parametrize('fields, expected', [
    ({'name': None}, (400, 'NETWORK_NAME_MISSING')), ({'zone': None}, (400, 'ZONE_MISSING')),
    ({'zone': 'x'}, (404, 'ZONE_NOT_FOUND')), ({'ip_networks': None}, (400, 'IP_NETWORKS_MISSING')),
    ({'ip_networks': {'ip_network': []}}, (400, 'IP_NETWORKS_INVALID')),
    ({'ip_network': {'address': '10.0.0.0'}}, (400, 'ADDRESS_INVALID')),
    ({'ip_network': {'address': '10.0.0.0/30'}}, (400, 'ADDRESS_INVALID')),
    ({'ip_network': {'family': 'IPv5'}}, (400, 'FAMILY_INVALID')),
    ({'ip_network': {'gateway': '10.30.0.1'}}, (400, 'GATEWAY_INVALID')),
    *[({'ip_network': {'dhcp_routes': ['10.40.0.0/16', route]}}, (400, 'DHCP_ROUTES_INVALID')) for route in (
        'everywhere', 7, '10.9.0.0/16-nexthop=foo', '10.9.0.0/16-nexthop=', '-nexthop=10.0.0.1', 'fd01::/64',
        'fd01::/64-nexthop=10.0.0.1', '10.9.0.0/16-nexthop=fd00::1')],
    ({'router': ABSENT}, (404, 'ROUTER_NOT_FOUND')), ({'colour': 'x'}, (400, 'UNKNOWN_ATTRIBUTE')),
])
def test_create_network_refuses(cloud, fields, expected):
    before = len(cloud.ok('GET', '/network')['networks']['network'])
    assert cloud.refused('POST', '/network', network(**fields)) == expected
    assert len(cloud.ok('GET', '/network')['networks']['network']) == before


def test_networks_and_routers(cloud):
    router = cloud.ok('POST', '/router', {'router': {'name': 'r', 'static_routes': [
        {'name': 'd', 'route': '0.0.0.0/0', 'nexthop': '10.20.0.9'}]}}, 201)['router']
    assert router['type'] == 'normal' and router['attached_networks'] == {'network': []}
    made = cloud.ok('POST', '/network/', network(router=router['uuid'], labels=[{'key': 'a', 'value': 'b'}]),
                    201)['network']
    assert made['type'] == 'private' and made['ip_networks']['ip_network'][0]['gateway'] == '10.20.0.1'
    path, way = '/network/' + made['uuid'], '/router/' + router['uuid']
    assert cloud.ok('GET', way)['router']['attached_networks']['network'] == [{'uuid': made['uuid']}]
    assert cloud.refused('DELETE', way) == (409, 'ROUTER_ATTACHED')
    kinds = {item['type'] for item in cloud.ok('GET', '/network?zone=fi-hel1')['networks']['network']}
    assert kinds == {'public', 'utility', 'private'}
    assert [item['uuid'] for item in cloud.ok('GET', '/network?label=a')['networks']['network']] == [made['uuid']]
    change = {'network': {'name': 'm', 'router': None, 'ip_networks': {'ip_network': [
        {'family': 'IPv4', 'dhcp': 'no', 'dhcp_dns': ['10.20.0.53']}]}}}
    changed = cloud.ok('PUT', path, change)['network']
    assert changed['name'] == 'm' and 'router' not in changed and 'servers' not in changed
    assert changed['ip_networks']['ip_network'][0]['dhcp'] == 'no'
    assert cloud.refused('PUT', path, {'network': {'zone': 'uk-lon1'}}) == (400, 'UNKNOWN_ATTRIBUTE')
    public = next(item for item in cloud.ok('GET', '/network')['networks']['network'] if item['type'] == 'public')
    assert cloud.refused('DELETE', '/network/' + public['uuid']) == (403, 'NETWORK_FORBIDDEN')
    routes = [{'route': '10.0.0.0/8', 'nexthop': '10.20.0.8'}] * 2
    assert cloud.refused('PATCH', way, {'router': {'static_routes': routes}}) == (400, 'DUPLICATE_ROUTE')
    assert cloud.ok('PATCH', way, {'router': {'name': 's', 'static_routes': []}})['router']['static_routes'] == []
    assert cloud.refused('POST', '/router', {'router': {}}) == (400, 'ROUTER_NAME_MISSING')
    for target in (path, way):
        cloud.ok('DELETE', target, status=204)
    assert cloud.refused('GET', path) == (404, 'NETWORK_NOT_FOUND')
    cloud.settings(limits={'networks': 0})
    assert cloud.refused('POST', '/network', network()) == (403, 'NETWORK_LIMIT_REACHED')


def test_interfaces(cloud):
    net, = cloud.seed('networks', 1, address='10.30.0.0/24')
    running, = cloud.seed('servers')
    server, = cloud.seed('servers', state='stopped')
    path = '/server/%s/networking/interface' % server
    wanted = {'interface': {'type': 'private', 'network': net, 'ip_addresses': {'ip_address': [{'family': 'IPv4'}]}}}
    illegal = (409, 'SERVER_STATE_ILLEGAL')
    assert cloud.refused('POST', path.replace(server, running), wanted) == illegal
    made = cloud.ok('POST', path, wanted, 201)['interface']
    assert (made['index'], made['type'], made['network']) == (4, 'private', net)
    assert cloud.refused('POST', path, {'interface': dict(wanted['interface'], index=4)}) == (409, 'INTERFACE_EXISTS')
    change = {'interface': {'index': 7, 'bootable': 'yes', 'source_ip_filtering': 'no', 'ip_addresses': {'ip_address': [
        {'family': 'IPv4', 'address': '10.30.0.77'}]}}}
    changed = cloud.ok('PUT', path + '/4', change)['interface']
    assert (changed['index'], changed['bootable'], changed['mac']) == (7, 'yes', made['mac'])
    assert [item['address'] for item in changed['ip_addresses']['ip_address']] == ['10.30.0.77']
    assert cloud.refused('PUT', path + '/4', change) == (404, 'INTERFACE_NOT_FOUND')
    assert cloud.refused('PUT', path + '/7', {'interface': {'index': 1}}) == (409, 'INTERFACE_EXISTS')
    more = cloud.ok('POST', path + '/7/ip-address', {'ip_address': {'family': 'IPv4', 'address': '10.30.0.78'}}, 201)
    assert len(more['interface']['ip_addresses']['ip_address']) == 2
    assert cloud.refused('DELETE', '/ip_address/10.30.0.77') == (403, 'CANNOT_DELETE_PRIVATE_ADDRESS')
    cloud.ok('DELETE', path + '/7/ip-address/10.30.0.78', status=204)
    members = cloud.ok('GET', '/network/' + net)['network']['servers']['server']
    assert members == [{'uuid': server, 'title': 'server1'}]
    before = len(addresses(cloud))
    for index in (7, 1):
        cloud.ok('DELETE', path + '/%d' % index, status=204)
    assert len(addresses(cloud)) == before - 1 and [item['index'] for item in nics(cloud, server)] == [2, 3]
    assert cloud.refused('DELETE', path.replace(server, running) + '/1') == illegal


# -- groups --------------------------------------------------------------------------------------------------------
def test_server_groups(cloud):
    one, two, three = cloud.seed('servers', 3)
    block = {'title': 'g', 'servers': {'server': [one, two]}, 'anti_affinity': 'yes',
             'labels': {'label': [{'key': 'foo', 'value': 'bar'}]}}
    made = cloud.ok('POST', '/server-group', {'server_group': block})['server_group']
    assert made['servers'] == {'server': [one, two]}
    assert made['anti_affinity_status'] == [{'uuid': one, 'status': 'met'}, {'uuid': two, 'status': 'met'}]
    path = '/server-group/' + made['uuid']
    assert cloud.server(one)['server_group'] == made['uuid']
    assert cloud.refused('POST', '/server-group', {'server_group': block}) == (409, 'ALREADY_IN_SERVER_GROUP')
    assert cloud.refused('POST', path + '/servers', {'server': {'uuid': one}}) == (409, 'ALREADY_IN_SERVER_GROUP')
    cloud.ok('POST', path + '/servers', {'server': {'uuid': three}}, 204)
    assert cloud.ok('GET', path + '/servers') == {'servers': {'server': [one, two, three]}}
    cloud.ok('DELETE', path + '/servers/' + two, status=204)
    assert cloud.refused('DELETE', path + '/servers/' + two) == (404, 'SERVER_NOT_FOUND')
    change = {'title': 'h', 'servers': {'server': [two]}, 'anti_affinity': 'no', 'labels': {'label': []}}
    changed = cloud.ok('PATCH', path, {'server_group': change})['server_group']
    assert (changed['title'], changed['servers']['server'], changed['anti_affinity_status']) == ('h', [two], None)
    assert cloud.ok('GET', '/server-group?label=foo') == {'server_groups': {'server_group': []}}
    assert cloud.refused('PATCH', path, {'server_group': {'anti_affinity': 'x'}}) == (400, 'ANTI_AFFINITY_INVALID')
    assert cloud.refused('GET', '/server-group/x') == (400, 'GROUP_INVALID')
    cloud.ok('DELETE', path, status=204)
    assert cloud.refused('GET', path) == (404, 'GROUP_NOT_FOUND') and cloud.server(two)['server_group'] is None


def test_strict_anti_affinity(cloud):
    five = cloud.seed('servers', 5)
    block = {'title': 'g', 'servers': {'server': five}, 'anti_affinity': 'strict'}
    assert cloud.refused('POST', '/server-group', {'server_group': block}) == (409, 'STRICT_ANTI_AFFINITY_NOT_MET')
    group = cloud.ok('POST', '/server-group', {'server_group': dict(block, servers={'server': five[:3]})})
    uuid = group['server_group']['uuid']
    fourth = cloud.create(server_group=uuid)
    assert cloud.server(fourth['uuid'])['server_group'] == uuid
    refused = cloud.refused('POST', '/server', {'server': server_body(server_group=uuid)})
    assert refused == (409, 'SERVER_RESOURCES_UNAVAILABLE_FOR_STRICT_AA')


# -- tags ----------------------------------------------------------------------------------------------------------
def test_tags(cloud):
    one, two = cloud.seed('servers', 2)
    made = cloud.ok('POST', '/tag', {'tag': {'name': 'DEV', 'description': 'd', 'servers': {'server': [one]}}})['tag']
    assert made == {'name': 'DEV', 'description': 'd', 'servers': {'server': [one]}}
    assert cloud.refused('POST', '/tag', {'tag': {'name': 'dev'}}) == (409, 'TAG_EXISTS')
    assert cloud.refused('POST', '/tag', {'tag': {'name': 'a-b'}}) == (400, 'TAG_INVALID')
    cloud.ok('POST', '/tag', {'tag': {'name': 'web'}})
    assert cloud.ok('POST', '/server/%s/tag/DEV,web' % two)['server']['tags'] == {'tag': ['DEV', 'web']}
    assert cloud.refused('POST', '/server/%s/tag/none' % two) == (404, 'TAG_NOT_FOUND')
    for tags, number in (('DEV,web', 2), ('DEV:web', 1)):
        assert len(cloud.ok('GET', '/server/tag/' + tags)['servers']['server']) == number
    renamed = cloud.ok('PUT', '/tag/DEV', {'tag': {'name': 'PROD', 'servers': {'server': [two]}}})['tag']
    assert renamed['servers']['server'] == [two] and cloud.server(one)['tags'] == {'tag': []}
    assert cloud.ok('POST', '/server/%s/untag/web' % two)['server']['tags'] == {'tag': ['PROD']}
    cloud.ok('DELETE', '/tag/PROD', status=204)
    assert cloud.refused('GET', '/tag/PROD') == (404, 'TAG_NOT_FOUND')
    assert [tag['name'] for tag in cloud.ok('GET', '/tag')['tags']['tag']] == ['web']


# -- firewall ------------------------------------------------------------------------------------------------------
def rule(**fields):
    return {'firewall_rule': {'direction': 'in', 'action': 'accept', **fields}}


def test_firewall_rules(cloud):
    server, = cloud.seed('servers')
    path = '/server/%s/firewall_rule' % server
    ssh = rule(family='IPv4', protocol='tcp', destination_port_start=22, destination_port_end='22', comment='ssh')
    made = cloud.ok('POST', path, ssh, 201)['firewall_rule']
    assert len(made) == 15 and made['position'] == '1' and made['destination_port_start'] == '22'
    assert made['icmp_type'] == ''
    assert cloud.refused('POST', path, ssh) == (409, 'FIREWALL_RULE_EXISTS')
    cloud.ok('POST', path, rule(action='drop', position=1), 201)

    def shown():
        return [(item['position'], item['action']) for item in
                cloud.ok('GET', path)['firewall_rules']['firewall_rule']]
    assert shown() == [('1', 'drop'), ('2', 'accept')]
    cloud.ok('DELETE', path + '/1', status=204)
    assert shown() == [('1', 'accept')]
    assert cloud.refused('GET', path + '/2') == (404, 'FIREWALL_RULE_NOT_FOUND')
    whole = [rule(comment=str(number))['firewall_rule'] for number in range(3)]
    cloud.ok('PUT', path, {'firewall_rules': {'firewall_rule': whole}}, 204)
    comments = [cloud.ok('GET', path + '/%d' % number)['firewall_rule']['comment'] for number in (1, 2, 3)]
    assert comments == ['0', '1', '2']
    cloud.ok('PUT', path, {'firewall_rules': {'firewall_rule': []}}, 204)
    assert shown() == []
    cloud.seed('firewall_rules', 1000, server=server)
    assert cloud.refused('POST', path, ssh) == (409, 'FIREWALL_RULE_LIMIT_REACHED')


@pytest.mark.parametrize('fields, code', [
    ({'direction': None}, 'DIRECTION_MISSING'), ({'direction': 'up'}, 'DIRECTION_INVALID'),
    ({'action': None}, 'ACTION_MISSING'), ({'action': 'reject'}, 'ACTION_INVALID'),
    ({'family': 'IPv5'}, 'FAMILY_INVALID'), ({'family': 'IPv4', 'protocol': 'gre'}, 'PROTOCOL_INVALID'),
    ({'comment': 'x' * 251}, 'COMMENT_INVALID'), ({'position': 1001}, 'POSITION_INVALID'),
    ({'family': 'IPv4', 'protocol': 'icmp', 'icmp_type': 256}, 'ICMP_TYPE_INVALID'),
    ({'family': 'IPv4', 'protocol': 'tcp', 'icmp_type': 8}, 'ICMP_TYPE_PROTOCOL_MISMATCH'),
    ({'source_port_start': 1, 'source_port_end': 2}, 'PORT_PROTOCOL_MISMATCH'),
    ({'family': 'IPv4', 'protocol': 'tcp', 'source_port_start': 5, 'source_port_end': 2}, 'SOURCE_PORT_ORDER_ILLEGAL'),
    ({'family': 'IPv4', 'protocol': 'tcp', 'source_port_start': 5}, 'SOURCE_PORT_END_INVALID'),
    ({'family': 'IPv4', 'destination_address_start': '10.0.0.9', 'destination_address_end': '10.0.0.1'},
     'DESTINATION_ADDRESS_ORDER_ILLEGAL'),
    ({'family': 'IPv4', 'source_address_start': '::1', 'source_address_end': '::2'}, 'SOURCE_ADDRESS_START_INVALID'),
    ({'colour': 'red'}, 'UNKNOWN_ATTRIBUTE'),
])
def test_firewall_refuses(cloud, fields, code):
    server, = cloud.seed('servers')
    assert cloud.refused('POST', '/server/%s/firewall_rule' % server, rule(**fields)) == (400, code)
    assert cloud.ok('GET', '/server/%s/firewall_rule' % server) == {'firewall_rules': {'firewall_rule': []}}
