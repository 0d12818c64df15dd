# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's servers, the pure parts: projection, what an order becomes, prices, and which server may be ours."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.plan import reconcile
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset import orders, server_fields
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.server import MemsetServer
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

RAW = {
    'name': 'testaa1', 'nickname': 'www', 'status': 'LIVE', 'type': 'miniserver', 'start_date': '2018-03-01',
    'expiry_date': '2019-03-01', 'renewal_price_amount': 21.6, 'renewal_price_vat': 3.6,
    'renewal_price_currency': 'GBP', 'network_zones': ['reading'], 'data_zone': 'Memset Public Cloud',
    'host_name': 'testaa1.miniserver.com', 'primary_ip': '203.0.113.7',
    'ips': [{'address': '10.1.1.10', 'bytes_in_today': 1.5}, {'address': '203.0.113.6'}, {'address': '2001:db8::6'},
            {'address': '203.0.113.7', 'reverse_map': 'www.example.com'}, {'address': 'fd00::1'}],
    'vlans': {'tagged': ['testaa-vlan2'], 'untagged': ['testaa-vlan1']}, 'os': 'debian_stretch_64', 'backups': True,
    'control_panel': 'none', 'firewall_type': 'managed', 'firewall_rule_group': {'name': 'testyaa-fw1', 'rules': {}},
    'monitoring_level': 'advanced', 'monitor': True, 'ignore_monitoring_off': False, 'no_nrpe': False,
    'no_auto_reboot': True, 'support_level': 'managed', 'vulnscan': 'basic', 'intrusion_detection': 'basic',
    'intrusion_detection_alert_level': 7}


def test_projection():
    found = server_fields.project(RAW)
    own = found.pop('provider_options')
    assert found == {
        'id': 'testaa1', 'name': 'www', 'state': 'unknown', 'provider_state': 'LIVE', 'zone': 'reading',
        'image': 'debian_stretch_64', 'created': '2018-03-01',
        'public_ipv4': ['203.0.113.7', '203.0.113.6'], 'public_ipv6': ['2001:db8::6'],
        'private_ipv4': ['10.1.1.10'], 'private_ipv6': ['fd00::1'],
        'networks': [
            {'type': 'public', 'addresses': [
                {'family': 'IPv4', 'address': '203.0.113.7', 'dhcp_provided': None},
                {'family': 'IPv4', 'address': '203.0.113.6', 'dhcp_provided': None},
                {'family': 'IPv6', 'address': '2001:db8::6', 'dhcp_provided': None}]},
            {'type': 'private', 'network': 'testaa-vlan1'}, {'type': 'private', 'network': 'testaa-vlan2'}]}
    assert own == {
        'type': 'miniserver', 'data_zone': 'Memset Public Cloud', 'backups': True, 'firewall': 'managed',
        'firewall_rule_group': 'testyaa-fw1', 'intrusion_detection': 'basic', 'intrusion_detection_alert_level': 7,
        'monitoring_level': 'advanced', 'support_level': 'managed', 'vulnscan': 'basic',
        'vlan': ['testaa-vlan1', 'testaa-vlan2'], 'monitoring': True, 'auto_reboot': False, 'reminder_emails': False,
        'host_name': 'testaa1.miniserver.com', 'primary_ip': '203.0.113.7', 'control_panel': 'none',
        'expiry_date': '2019-03-01', 'renewal_price_amount': 21.6, 'renewal_price_vat': 3.6,
        'renewal_price_currency': 'GBP'}
    assert set(own) == set(server_fields.SHOWN)


def test_projection_of_little():
    """As older editions of the API and odd servers have it: keys missing, other names, no addresses."""
    found = server_fields.project({
        'name': 'testaa1', 'nickname': '', 'status': 'ONHOLD', 'start_date': '20110917T00:00:00',
        'primary_ip': 'not yet', 'ips': [{}, 'x'], 'vlans': [], 'firewall_rule_group': {},
        'penetration_patrol': 'monitored', 'penetration_patrol_alert_level': 9})
    assert (found['name'], found['zone'], found['image'], found['provider_state']) == (None, None, None, 'ONHOLD')
    assert found['public_ipv4'] == found['private_ipv6'] == found['networks'] == []
    own = found['provider_options']
    assert (own['intrusion_detection'], own['intrusion_detection_alert_level']) == ('monitored', 9)
    assert own['firewall_rule_group'] is own['monitoring'] is own['type'] is None and own['vlan'] == []


@pytest.mark.parametrize('monitor, no_reboot, off, policy', [
    (True, False, False, (True, True, False)), (True, True, True, (True, False, False)),
    (False, False, False, (False, False, True)), (False, True, True, (False, False, False))])
def test_the_monitoring_policy(monitor, no_reboot, off, policy):
    raw = {'monitor': monitor, 'no_auto_reboot': no_reboot, 'ignore_monitoring_off': off}
    assert tuple(server_fields.policy(raw).values()) == policy


@pytest.mark.parametrize('options, kind', [
    ({'plan': 'MSVM001'}, ('miniserver', 'monthly')), ({'plan': 'MS0025H'}, ('miniserver', 'hourly')),
    ({'plan': 'UFS19'}, ('fullserver', 'monthly')), ({'plan': 'NEWH', 'memset': {'type': 'fullserver'}},
                                                     ('fullserver', 'monthly')),
    ({'plan': 'MS0025H', 'memset': {'billing': 'monthly'}}, ('miniserver', 'monthly')),
    ({}, ('miniserver', 'monthly'))])
def test_kind_of(options, kind):
    assert server_fields.kind_of(options) == kind


def test_an_order_takes_what_was_said_and_nothing_else():
    operation, parameters = server_fields.order_of({
        'plan': 'MS0100', 'image': 'centos7_64', 'zone': 'reading', 'size_gb': 40, 'ssh_keys': ['ssh-rsa AAAA'],
        'name': 'web1', 'memset': {'backups': 0, 'add_to_next_bill': False, 'period': None, 'monitoring': True,
                                   'ignore_open_orders': True, 'email_address': 'a@b', 'vlan': 'v1'}})
    assert operation == 'create.monthly_miniserver'
    assert parameters == {'sku': 'MS0100', 'os': 'centos7_64', 'network_zone': 'reading', 'disk_gb': 40,
                          'pub_ssh_key': 'ssh-rsa AAAA', 'backups': 0, 'add_to_next_bill': False, 'vlan': 'v1'}
    known = MemsetServer.client.operations[operation].parameters
    assert set(parameters) <= set(known)


def test_every_parameter_of_an_order_is_within_reach():
    crossing = MemsetServer(SERVER)
    reach = {server_fields.PARAMETERS.get(name, name) for name in server_fields.HONOURS}
    reach |= set(crossing.own) | {'pub_ssh_key', 'dry_run'}
    for kind in ('hourly_miniserver', 'monthly_miniserver', 'monthly_fullserver'):
        assert set(crossing.client.operations['create.' + kind].parameters) <= reach


# -- comparison -------------------------------------------------------------------------------------------------------
def change(**wanted):
    crossing = MemsetServer(SERVER)
    before = dict.fromkeys(SERVER.outputs())
    before.update(server_fields.project(RAW), provider='memset')
    return reconcile(crossing.fields, crossing.flat(before), wanted)


@pytest.mark.parametrize('name, same, other', [
    ('image', 'debian_stretch_64', 'debian_buster_64'), ('zone', 'reading', 'dunsfold'),
    ('memset.backups', 200, 0), ('memset.vlan', 'testaa-vlan2', 'testaa-vlan3'),
    ('memset.support_level', 'managed', 'basic'), ('memset.support_level', 'standard', 'infrastructure_only'),
    ('memset.firewall', 'managed', 'none'), ('memset.vulnscan', 'basic', 'none'), ('memset.type', 'miniserver',
                                                                                   'fullserver')])
def test_what_is_read_back_is_compared_and_cannot_be_changed(name, same, other):
    assert not change(**{name: same}).fields and not change(**{name: same}).refused
    assert change(**{name: other}).refused


@pytest.mark.parametrize('name, value', [
    ('image', 'testaa-snapshot-7'), ('plan', 'MSVM064'), ('size_gb', 1), ('memset.database', 'x'),
    ('memset.period', 12), ('memset.ram', '64gb')])
def test_what_is_not_read_back_is_not_compared(name, value):
    found = change(**{name: value})
    assert not found.fields and not found.refused


# -- prices -----------------------------------------------------------------------------------------------------------
def test_prices_may_come_as_text():
    quote = {'currency': 'GBP', 'net_setup_price': '0', 'net_monthly_rental': '7.50', 'net_total': 7.5}
    assert orders.price(quote) == {'currency': 'GBP', 'setup': 0.0, 'monthly': 7.5, 'hourly': None, 'total': 7.5}
    upgrade = {'currency': 'GBP', 'net_increase': 3, 'net_setup_price': 1.5}
    assert orders.price(upgrade, orders.UPGRADE_FIGURES) == {
        'currency': 'GBP', 'setup': 1.5, 'monthly': 3.0, 'hourly': None, 'total': None}


@pytest.mark.parametrize('limits, told', [
    (None, None), ({'currency': 'GBP'}, None), ({'currency': 'GBP', 'monthly': 7.5, 'total': None}, None),
    ({'currency': 'GBP', 'monthly': 7.49}, 'more than max_price.monthly'), ({'currency': 'EUR'}, 'max_price in EUR'),
    ({'currency': 'GBP', 'hourly': 5}, 'tells no such price'), ({'currency': 'GBP', 'setup': 0}, None)])
def test_too_dear(limits, told):
    cost = {'currency': 'GBP', 'setup': 0.0, 'monthly': 7.5, 'hourly': None, 'total': 7.5}
    problem = orders.too_dear(cost, limits)
    assert problem is None if told is None else told in problem


# -- which server may be ours -----------------------------------------------------------------------------------------
TODAY = datetime.date(2018, 3, 2)
WANTED = {'plan': 'MSVM001', 'image': 'debian_stretch_64'}


@pytest.mark.parametrize('raw, wanted, maybe', [
    ({}, {}, True),
    ({'nickname': 'www'}, {}, False),
    ({'type': 'fullserver'}, {}, False),
    ({'os': 'centos7_64'}, {}, False),
    ({'os': 'centos7_64'}, {'image': 'my-snapshot'}, True),
    ({}, {'zone': 'dunsfold'}, False),
    ({'network_zones': []}, {'zone': 'dunsfold'}, True),
    ({'start_date': '20180301T00:00:00'}, {}, True),
    ({'start_date': '2018-02-28'}, {}, True),
    ({'start_date': '2018-02-27'}, {}, False),
    ({'start_date': '2018-03-03'}, {}, True),
    ({'start_date': None}, {}, True)])
def test_may_be(raw, wanted, maybe):
    assert orders.may_be({**RAW, 'nickname': '', **raw}, {**WANTED, **wanted}, TODAY) is maybe


class Client:
    """Answers reads from a dict {operation: answer}."""

    def __init__(self, **answers):
        self.answers = answers

    def find(self, operation, /, **values):
        return self.answers.get(operation.replace('.', '_'))


class Work:
    def __init__(self, **answers):
        self.client = Client(**answers)
        self.options = {'name': RAW['nickname']}


JOB = {'id': 'j1', 'finished': False, 'error': False, 'status': 'NEW'}
DONE = {**JOB, 'finished': True, 'service': 'testaa1'}


@pytest.mark.parametrize('answer, job, raw, fate', [
    (None, None, None, 'lost'),
    ({}, None, None, 'lost'),
    ({'job': JOB}, None, None, 'lost'),
    ({'job': JOB}, JOB, None, 'pending'),
    ({'job': JOB}, {**DONE, 'error': True}, None, 'failed'),
    ({'job': JOB}, {**DONE, 'service': ''}, None, 'lost'),
    ({'job': JOB}, DONE, {**RAW, 'nickname': ''}, 'made'),
    ({'job': JOB}, DONE, RAW, 'named'),
    ({'job': JOB}, DONE, {**RAW, 'nickname': 'by-hand'}, 'renamed'),
    ({'job': JOB}, DONE, {**RAW, 'status': 'CANCELLED'}, 'gone'),
    ({'job': JOB}, DONE, None, 'gone')])
def test_what_became_of_an_order(answer, job, raw, fate):
    entry = {'operation': 'create.monthly_miniserver', 'answer': answer, 'at': 'then'}
    order = orders.look(Work(job_status=job, server_info=raw), MemsetServer(SERVER), entry)
    assert order.fate == fate
    assert 'create.monthly_miniserver' in str(order)
