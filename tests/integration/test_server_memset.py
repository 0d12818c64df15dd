# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's servers against the sandbox: what is sent, what is told, and that nothing is ever bought twice."""

from __future__ import annotations

import json
import threading

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils import connection, http, journal
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

KEY = '0123456789abcdef0123456789abcdef'
WEB = {'name': 'web1', 'plan': 'MSVM001', 'image': 'debian_buster_64'}
ORDER = 'create.monthly_miniserver'
PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDummyDummyDummyDummyDummyDummyDummyDummyDumm me@example.com'


class Cloud(runs.Runs):
    def __init__(self, sandbox, folder):
        super().__init__(sandbox, folder, SERVER, 'memset')

    def account(self):
        return self.state()

    def bought(self):
        """Names of all servers there ever were."""
        return sorted(name for name, item in self.account()['services'].items()
                      if item['type'] in ('miniserver', 'fullserver'))

    def settle(self):
        """Let jobs that are under way come to an end."""
        self.sandbox.advance(5)


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    return Cloud(sandbox, tmp_path / 'state')


def seed_server(cloud, **options):
    return cloud.seed('servers', **options)[0]


def fault(cloud, kind, operation=ORDER, **more):
    cloud.fault(kind, operation, write=True, **more)


# -- the life of a server ---------------------------------------------------------------------------------------------
def test_the_life_of_a_server(cloud):
    made = cloud.both(**WEB)
    assert made['changed'] and [step['operation'] for step in made['steps']] == [ORDER, 'service.set_nickname']
    assert cloud.writes() == [ORDER, 'service.set_nickname']
    server = made['server']
    assert (server['name'], server['id'], server['state'], server['provider_state'], server['image'], server['zone']) \
        == ('web1', 'sandbaa1', 'unknown', 'LIVE', 'debian_buster_64', 'dunsfold')
    assert server['public_ipv4'] == [server['raw']['primary_ip']] and server['private_ipv4'] == []
    assert server['created'] == str(server['raw']['start_date'])
    assert made['quote'] == made['steps'][0]['cost'] == {
        'currency': 'GBP', 'setup': 0.0, 'monthly': 7.5, 'hourly': None, 'total': 7.5}

    again = cloud.unchanged(**WEB)
    assert cloud.reads() == ['server.list']
    assert any(note.startswith('plan cannot be read back') for note in again['notes'])

    renamed = cloud.both(id=server['id'], name='www')
    assert renamed['changed'] and cloud.writes() == ['service.set_nickname']
    assert renamed['diff']['before']['name'] == 'web1' and renamed['diff']['after']['name'] == 'www'
    cloud.unchanged(id=server['id'], name='www')
    cloud.unchanged(id=server['id'])
    assert cloud.reads() == ['server.info']

    restarted = cloud.both(name='www', state='restarted')
    assert restarted['changed'] and cloud.writes() == ['server.reboot']
    cloud.settle()
    assert cloud.fine(name='www', state='restarted', memset={'email_address': 'me@example.com'})['changed']

    gone = cloud.both(name='www', state='absent')
    assert gone['changed'] and gone['server'] is None and cloud.writes() == ['service.cancel']
    assert 'invoice' in ' '.join(gone['notes'])
    cloud.unchanged(name='www', state='absent')
    assert cloud.reads() == ['server.list']
    cloud.unchanged(id=server['id'], state='absent')
    assert cloud.fails('not_found', id=server['id'])['server'] is None
    assert cloud.bought() == ['sandbaa1']


def test_another_server_can_have_the_name_of_a_cancelled_one(cloud):
    for number in (1, 2):
        assert cloud.fine(**WEB)['server']['id'] == 'sandbaa%d' % number
        assert cloud.fine(name='web1', state='absent')['changed']


def test_hourly_miniserver_and_fullserver(cloud):
    hourly = cloud.both(name='by-the-hour', plan='MS0050H', image='ubuntu_bionic_64', zone='reading', memset={
        'firewall': 'basic', 'disk_type': 'ssd', 'monitoring_level': 'advanced'})
    assert cloud.writes()[0] == 'create.hourly_miniserver'
    assert hourly['quote']['hourly'] > 0 and hourly['quote']['total'] == 0
    assert hourly['server']['zone'] == 'reading'
    assert hourly['server']['provider_options']['firewall'] == 'basic'

    options = {
        'name': 'big', 'plan': 'UFS34', 'image': 'debian_buster_64', 'ssh_keys': [PUBLIC_KEY], 'memset': {
            'disk': '12x2000gb', 'ram': '64gb', 'nvme': 'nvme_2x480gb', 'net_card_speed_gbps': '10',
            'partitioning': 'custom', 'setup_instructions': 'one part', 'period': 12, 'backups': 50,
            'firewall': 'managed', 'support_level': 'premium', 'intrusion_detection': 'monitored',
            'monitoring_level': 'managed', 'vulnscan': 'managed', 'bandwidth_type': 'metered',
            'intrusion_detection_alert_level': 9, 'monitoring': False, 'reminder_emails': False}}
    big = cloud.both(**options)
    assert cloud.writes() == ['create.monthly_fullserver', 'service.set_nickname', 'server.monitoring.set_policy',
                              'server.set_intrusion_detection_alert_level']
    own = big['server']['provider_options']
    assert (own['type'], own['backups'], own['monitoring'], own['reminder_emails']) \
        == ('fullserver', True, False, False)
    assert own['intrusion_detection_alert_level'] == 9
    ordered = cloud.account()['services'][big['server']['id']]['data']['order']
    assert ordered['pub_ssh_key'] == PUBLIC_KEY and ordered['period'] == 12 and ordered['nvme'] == 'nvme_2x480gb'
    cloud.unchanged(**options)


def test_all_that_an_order_takes_reaches_it(cloud):
    vlan, = cloud.sandbox.seed('memset', vlans=1)['vlans']
    group, = cloud.sandbox.seed('memset', rule_groups=1)['rule_groups']
    options = {
        'name': 'classic', 'plan': 'MS0100', 'image': 'win2016serverstd_64', 'size_gb': 80, 'zone': 'dunsfold',
        'memset': {
            'type': 'miniserver', 'billing': 'monthly', 'period': 3, 'bandwidth_type': 'unmetered',
            'connection': '20mbps_4to1', 'disk_type': 'ssd', 'lvs': 0, 'database': 'mssql_web_2017',
            'antivirus': 'sophos_antivirus', 'firewall': 'self_managed', 'firewall_rule_group': group, 'vlan': vlan,
            'data_zone': 'Memset Public Cloud', 'os_bits': '64', 'backups': 100, 'support_level': 'basic',
            'add_to_next_bill': False, 'intrusion_detection': 'basic', 'vulnscan': 'basic'}}
    made = cloud.both(**options)
    own = made['server']['provider_options']
    assert own['vlan'] == [vlan] and own['firewall_rule_group'] == group
    assert made['server']['networks'][1] == {'type': 'private', 'network': vlan}
    ordered = cloud.account()['services'][made['server']['id']]['data']['order']
    assert ordered['disk_gb'] == 80 and ordered['connection'] == '20mbps_4to1' and ordered['add_to_next_bill'] is False
    notes = cloud.unchanged(**options)['notes']
    assert any('memset.database' in note for note in notes)


# -- changes and refusals ---------------------------------------------------------------------------------------------
def test_an_alert_level_without_intrusion_detection_is_refused_before_anything_is_bought(cloud):
    level = {'intrusion_detection_alert_level': 3}
    for own in (level, dict(level, intrusion_detection='none')):
        for check in (True, False):
            assert 'intrusion_detection' in cloud.fails('precondition', check, **WEB, memset=own)['msg']
            assert cloud.writes() == [] and cloud.bought() == []
    seed_server(cloud, nickname='web1')
    for check in (True, False):
        cloud.fails('precondition', check, name='web1', memset=level)
        assert cloud.writes() == []


def test_what_operations_exist_for_is_changed(cloud):
    one, two = cloud.sandbox.seed('memset', rule_groups=2)['rule_groups']
    server = seed_server(cloud, nickname='web1', firewall='managed', support_level='premium', firewall_rule_group=one,
                         intrusion_detection='basic')
    options = {'name': 'web1', 'memset': {'firewall_rule_group': two, 'intrusion_detection_alert_level': 3,
                                          'monitoring': True, 'auto_reboot': False}}
    changed = cloud.both(**options)
    assert cloud.writes() == ['firewalling.update', 'server.monitoring.set_policy',
                              'server.set_intrusion_detection_alert_level']
    own = changed['server']['provider_options']
    assert (own['firewall_rule_group'], own['auto_reboot'], own['intrusion_detection_alert_level']) == (two, False, 3)
    cloud.unchanged(**options)
    off = cloud.both(id=server, memset={'monitoring': False})
    assert off['server']['provider_options']['reminder_emails'] is True
    assert off['server']['provider_options']['auto_reboot'] is False


@pytest.mark.parametrize('options, told', [
    ({'image': 'debian_stretch_64'}, 'image cannot be changed from'),
    ({'image': 'debian_stretch_64'}, 'state reimaged'),
    ({'zone': 'reading'}, 'zone cannot be changed'),
    ({'memset': {'type': 'fullserver'}}, 'order another server'),
    ({'memset': {'backups': 50}}, 'memset.backups cannot be changed from False to 50'),
    ({'memset': {'firewall': 'managed'}}, "from 'none' to 'managed'"),
    ({'memset': {'support_level': 'infrastructure_only'}}, 'memset.support_level cannot be changed'),
    ({'memset': {'monitoring_level': 'advanced'}}, 'memset.monitoring_level cannot be changed'),
    ({'memset': {'vlan': 'sandbaa-vlan1'}}, 'use the module vlan'),
    ({'memset': {'firewall_rule_group': 'managed-linux'}}, 'self_managed or managed'),
    ({'name': 'web2', 'id': 'sandbaa1'}, "nickname 'web2' is taken by the miniserver sandbaa2"),
])
def test_what_cannot_be_changed_is_refused(cloud, options, told):
    cloud.sandbox.seed('memset', options={'nicknames': ['web1', 'web2']}, servers=2)
    for check in (True, False):
        assert told in cloud.fails('precondition', check, **{'name': 'web1', **options})['msg']
        assert cloud.writes() == []


@pytest.mark.parametrize('options', [
    {'memset': {'support_level': 'standard'}}, {'memset': {'support_level': 'managed_platform'}},
    {'memset': {'backups': 0}}, {'image': 'my-own-snapshot_64'}, {'memset': {'period': 6, 'database': 'x'}},
    {'plan': 'MSVM064'}, {'ssh_keys': [PUBLIC_KEY]}, {'zone': 'dunsfold'}])
def test_what_cannot_be_read_back_is_not_compared(cloud, options):
    seed_server(cloud, nickname='web1')
    cloud.unchanged(name='web1', **options)


# -- bad input: no request --------------------------------------------------------------------------------------------
@pytest.mark.parametrize('options, told', [
    ({}, 'one of id and name'),
    ({'name': ''}, 'name must not be empty'),
    ({'name': 'web server'}, 'Memset drops others'),
    ({'name': 'x' * 256}, 'at most 255'),
    ({'id': 'no/such id'}, 'id must match'),
    ({**WEB, 'plan': ''}, 'plan must not be empty'),
    ({**WEB, 'state': 'running'}, 'no operation that starts'),
    ({**WEB, 'state': 'stopped'}, 'state absent cancels'),
    ({**WEB, 'start': False}, 'starts every new server'),
    ({**WEB, 'cpu_cores': 2}, 'use plan'),
    ({**WEB, 'memory_mb': 2048}, 'use plan'),
    ({**WEB, 'labels': {'a': 'b'}}, 'Memset has no labels'),
    ({**WEB, 'networks': [{'type': 'private', 'network': 'x'}]}, 'memset.vlan'),
    ({**WEB, 'user_data': 'x'}, 'user_data cannot be used with memset'),
    ({**WEB, 'upcloud': {'title': 'x'}}, 'for provider upcloud'),
    ({**WEB, 'ssh_keys': ['a', 'b']}, 'takes at most 1'),
    ({**WEB, 'once': 'x'}, 'once goes with state'),
    ({**WEB, 'wait_timeout': 0}, 'wait_timeout must be above 0'),
    ({**WEB, 'size_gb': 0}, 'size_gb must be at least 1'),
    ({**WEB, 'plan': 'MS0050H', 'size_gb': 50}, 'billed monthly'),
    ({**WEB, 'memset': {'intrusion_detection_alert_level': 16}}, 'at most 15'),
    ({**WEB, 'memset': {'email_address': 'nobody'}}, 'must match'),
    ({**WEB, 'memset': {'disk': '4x1000gb'}}, 'memset.disk is for a fullserver'),
    ({**WEB, 'memset': {'auto_reboot': True}}, 'goes with memset.monitoring: true'),
    ({**WEB, 'memset': {'reminder_emails': True, 'monitoring': True}}, 'goes with memset.monitoring: false'),
    ({**WEB, 'memset': {'firewall': 'none', 'firewall_rule_group': 'x'}}, 'self_managed or managed'),
    ({**WEB, 'memset': {'snapshot': {'path': 'p', 'storage_name': 's', 'image_type': 'raw'}}}, 'state reimaged'),
    ({'name': 'a', 'plan': 'UFS35', 'memset': {'billing': 'hourly'}}, 'billed monthly'),
    ({'name': 'a', 'plan': 'UFS35', 'memset': {'connection': 'x'}}, 'memset.connection is for a miniserver'),
    ({'name': 'a', 'plan': 'UFS35', 'memset': {'partitioning': 'custom'}}, 'setup_instructions'),
    ({'name': 'a', 'state': 'upgraded'}, 'needs plan'),
    ({'name': 'a', 'state': 'reimaged'}, 'either image or memset.snapshot'),
    ({**WEB, 'max_price': {'currency': 'pounds'}}, 'ISO code'),
    ({**WEB, 'memset_api_url': 'http://api.memset.com/v1'}, 'memset_api_url must be https'),
    ({**WEB, 'memset_api_url': 'https://me:x@api.memset.com/v1'}, 'no credentials'),
    ({**WEB, 'read_timeout': 0}, 'read_timeout must be above 0'),
])
def test_bad_input_sends_nothing(cloud, options, told):
    for check in (True, False):
        result = cloud.fails('input', check, **options)
        assert told in result['msg']
        assert cloud.sandbox.requests() == [] and result['stats']['api_calls'] == 0


def test_missing_credentials_name_the_option_and_the_variable(cloud):
    cloud.sandbox.env.pop('MEMSET_API_KEY')
    try:
        told = cloud.fails('input', **WEB)['msg']
    finally:
        cloud.sandbox.env['MEMSET_API_KEY'] = KEY
    assert 'memset_api_key' in told and 'MEMSET_API_KEY' in told


# -- refused after reads, before a write ------------------------------------------------------------------------------
@pytest.mark.parametrize('options, told', [
    ({'name': 'web1'}, 'plan and image is needed'),
    ({**WEB, 'plan': 'MSVM01'}, 'MSVM001'),
    ({**WEB, 'image': 'debian_butser_64'}, 'debian_buster_64'),
    ({**WEB, 'zone': 'redding'}, 'reading'),
    ({**WEB, 'image': 'win2016serverstd_64'}, 'at least 2 GB'),
    ({**WEB, 'memset': {'firewall': 'managed', 'firewall_rule_group': 'nope'}}, 'Memset does not offer this'),
    ({**WEB, 'memset': {'discount_code': 'NOPE'}}, 'discount_code'),
])
def test_what_memset_does_not_offer(cloud, options, told):
    for check in (True, False):
        assert told in cloud.fails('precondition', check, **options)['msg']
        assert cloud.writes() == []
    assert cloud.bought() == []


def test_a_name_that_two_servers_have_is_an_error(cloud):
    # Memset keeps nicknames unique; two that differ for Memset and not for us would be its defect.
    cloud.sandbox.seed('memset', options={'nicknames': ['web1', 'web1']}, servers=2)
    told = cloud.fails('ambiguous', **WEB)['msg']
    assert 'sandbaa1, sandbaa2' in told and cloud.writes() == []


def test_a_name_that_another_kind_of_service_has_is_refused(cloud):
    store, = cloud.sandbox.seed('memset', memstores=1)['memstores']
    cloud.sandbox.seed('memset', vlans=1)
    seed_server(cloud, nickname='other')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cloud, 'folder', cloud.folder / 'other')
        client_sets_nickname(cloud, store, 'web1')
    assert store in cloud.fails('precondition', **WEB)['msg']
    assert cloud.writes() == [] and cloud.bought() == ['sandbaa1']


def client_sets_nickname(cloud, name, nickname):
    call(cloud, 'service.set_nickname', name=name, nickname=nickname)


def call(cloud, operation, **parameters):
    """One call past the collection, as another tool would make it."""
    import requests
    return requests.post('%s/v1/json/%s' % (cloud.sandbox.env['MEMSET_API_URL'], operation), auth=(KEY, 'x'),
                         data={'parameters': json.dumps(parameters)}, timeout=10).json()


@pytest.mark.parametrize('limits, told', [
    ({'currency': 'GBP', 'monthly': 7}, 'the monthly price is 7.5 GBP, more than max_price.monthly 7'),
    ({'currency': 'GBP', 'total': 7.49}, 'max_price.total'),
    ({'currency': 'GBP', 'hourly': 1}, 'tells no such price'),
    ({'currency': 'USD', 'monthly': 100}, 'the price is in GBP'),
])
def test_more_than_max_price_is_refused(cloud, limits, told):
    for check in (True, False):
        assert told in cloud.fails('precondition', check, max_price=limits, **WEB)['msg']
        assert cloud.writes() == []
    assert cloud.bought() == []


def test_within_max_price_is_ordered(cloud):
    limits = {'currency': 'GBP', 'setup': 0, 'monthly': 7.5, 'total': 7.5}
    assert cloud.both(max_price=limits, **WEB)['changed']
    cloud.unchanged(max_price=limits, **WEB)


@pytest.mark.parametrize('answer', [
    {'sku': 'MSVM001', 'dry_run': False, 'net_total': 1.0},
    {'sku': 'MSVM001', 'dry_run': True, 'net_total': 1.0, 'invoice_ref': 1},
    {'sku': 'MSVM001', 'dry_run': True, 'job': {'id': 'x', 'finished': False}},
    {'sku': 'MSVM001'},
])
def test_a_quote_that_may_be_an_order_is_an_unknown_outcome(cloud, answer):
    cloud.sandbox.faults(kind='body', provider='memset', operation=ORDER, write=False, body=json.dumps(answer))
    assert 'not one' in cloud.fails('outcome_unknown', **WEB)['msg']
    assert cloud.writes() == []


# -- interruptions ----------------------------------------------------------------------------------------------------
LOST = ('drop_before', 'drop_after', 'timeout_before', 'timeout_after', 'html', 'truncate', 'empty')
ARRIVED = ('drop_after', 'timeout_after', 'html', 'truncate', 'empty')


@pytest.mark.parametrize('kind', LOST)
def test_an_order_whose_answer_is_lost_is_found_by_the_next_run(cloud, kind):
    fault(cloud, kind)
    lost = cloud.fails('outcome_unknown', read_timeout=0.5, **WEB)
    assert lost['changed'] and 'run the same task again' in lost['msg'] and cloud.writes().count(ORDER) == 1
    if kind in ARRIVED:
        cloud.settle()
        found = cloud.both(**WEB)
        assert cloud.writes() == ['service.set_nickname'] and found['server']['name'] == 'web1'
        cloud.unchanged(**WEB)
    else:
        for check in (True, False):
            told = cloud.fails('precondition', check, **WEB)['msg']
            assert 'no new server' in told and 'ignore_open_orders' in told and cloud.writes() == []
        cloud.fine(memset={'ignore_open_orders': True}, **WEB)
        cloud.unchanged(**WEB)
    assert len(cloud.bought()) == 1


@pytest.mark.parametrize('other', [{'os': 'ubuntu_bionic_64'}, {'network_zone': 'dunsfold'}])
def test_a_lost_order_claims_no_server_that_is_another_than_ordered(cloud, other):
    wanted = dict(WEB, zone='reading')
    fault(cloud, 'drop_before')
    cloud.fails('outcome_unknown', **wanted)
    alien = seed_server(cloud, **{'os': WEB['image'], 'network_zone': 'reading', **other})
    for check in (True, False):
        told = cloud.fails('precondition', check, **wanted)['msg']
        assert 'is as ordered: not %s' % alien in told and cloud.writes() == []
    # One that is as ordered is told from it.
    ours = seed_server(cloud, os=WEB['image'], network_zone='reading')
    assert cloud.both(**wanted)['server']['id'] == ours and cloud.writes() == ['service.set_nickname']
    cloud.unchanged(**wanted)


def test_a_lost_order_whose_server_is_not_there_yet(cloud):
    fault(cloud, 'drop_after')
    cloud.sandbox.settings(job_seconds=3600)
    try:
        cloud.fails('outcome_unknown', **WEB)
        assert 'no new server' in cloud.fails('precondition', **WEB)['msg'] and cloud.writes() == []
        cloud.sandbox.advance(3601)
    finally:
        cloud.sandbox.settings(job_seconds=0.2)
        cloud.sandbox.advance(-3601)
    assert cloud.fine(**WEB)['changed'] and len(cloud.bought()) == 1


@pytest.mark.parametrize('status, effect', [(502, False), (503, False), (500, True), (504, True)])
def test_a_5xx_on_the_order(cloud, status, effect):
    fault(cloud, 'status', status=status, effect=effect)
    assert cloud.fails('outcome_unknown', **WEB)['error']['http_status'] == status
    cloud.settle()
    if effect:
        cloud.fine(**WEB)
    else:
        cloud.fails('precondition', **WEB)
        cloud.fine(memset={'ignore_open_orders': True}, **WEB)
    cloud.unchanged(**WEB)
    assert len(cloud.bought()) == 1


def test_a_throttled_order_is_sent_again(cloud):
    fault(cloud, 'throttle', times=2)
    result = cloud.fine(**WEB)
    assert result['stats']['retries'] == 2 and len(cloud.bought()) == 1


@pytest.mark.parametrize('code, kind', [
    (4, 'auth'), (13, 'quota'), (7, 'invalid'), (9, 'precondition'), (10, 'auth'), (1, 'api'), (5, 'precondition'),
    (17, 'auth')])
def test_a_refused_order_leaves_nothing_behind(cloud, code, kind):
    fault(cloud, 'error', code=code, message='not today')
    result = cloud.fails(kind, **WEB)
    assert result['error']['code'] == code and 'not today' in result['msg'] and not result['changed']
    assert result['error']['operation'] == ORDER
    cloud.fine(**WEB)
    assert len(cloud.bought()) == 1


def test_a_job_that_fails_is_not_ordered_again(cloud):
    fault(cloud, 'job_fails')
    failed = cloud.fails('job_failed', **WEB)
    job = failed['error']['job']
    assert job and failed['error']['code'] == 'ERROR' and failed['changed']
    for check in (True, False):
        told = cloud.fails('precondition', check, **WEB)['msg']
        assert job in told and 'ignore_open_orders' in told and cloud.writes() == []
    # There is no server, so absent is content.
    cloud.unchanged(name='web1', state='absent')
    cloud.fine(memset={'ignore_open_orders': True}, **WEB)
    cloud.unchanged(**WEB)
    assert len(cloud.bought()) == 1


def test_a_job_that_hangs_is_waited_for_again(cloud):
    fault(cloud, 'job_hangs')
    first = cloud.fails('wait_timeout', wait_timeout=1, **WEB)
    assert first['error']['code'] == 'PROCESSING' and first['error']['job'] == first['job']['id']
    assert first['job']['remaining'][0]['operation'] == 'service.set_nickname'
    second = cloud.fails('wait_timeout', wait_timeout=1, **WEB)
    assert second['error']['job'] == first['error']['job'] and cloud.writes() == []
    checked = cloud.fine(True, **WEB)
    assert checked['changed'] and checked['steps'] == second['steps'] and cloud.writes() == []
    checked = cloud.fine(True, name='web1', state='absent')
    assert checked['changed'] and cloud.fails('wait_timeout', name='web1', state='absent', wait_timeout=1)['steps'] \
        == checked['steps'] and cloud.writes() == []


def test_a_killed_run_goes_on_with_its_order(cloud):
    first = cloud.fine(wait=False, **WEB)
    assert first['job']['id'] and first['server'] is None
    done = cloud.both(**WEB)
    assert cloud.writes() == ['service.set_nickname'] and done['changed'] and done['server']['name'] == 'web1'
    cloud.unchanged(**WEB)
    assert cloud.bought() == ['sandbaa1']


def test_an_interrupted_order_is_told_when_it_asked_for_something_else(cloud):
    cloud.fine(wait=False, **WEB)
    notes = cloud.fine(**{**WEB, 'plan': 'MSVM002'})['notes']
    assert any('asked for something else' in note and 'MSVM001' in note for note in notes)
    assert len(cloud.bought()) == 1


class Killed(BaseException):
    """As a run that ends between any two bytes."""


def killing(original, point, when):
    """The method, whose call of that number ends the run before or after what it does."""
    calls = []

    def method(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == point and when == 'before':
            raise Killed
        result = original(self, *args, **kwargs)
        if len(calls) == point:
            raise Killed
        return result
    return method


@pytest.mark.parametrize('when', ['before', 'after'])
@pytest.mark.parametrize('owner, method', [(http.Session, '_request'), (journal.Journal, 'put')])
def test_a_run_may_be_killed_anywhere(cloud, monkeypatch, owner, method, when):
    """Before and after each request and each entry of the journal: runs after that buy one server, and only one."""
    original, killed, point = getattr(owner, method), True, 0
    while killed:
        point += 1
        cloud.sandbox.reset()
        cloud.folder = cloud.folder.parent / ('%s%d' % (when, point))
        killed = False
        with monkeypatch.context() as patch:
            patch.setattr(owner, method, killing(original, point, when))
            try:
                cloud.run(**WEB)
            except Killed:
                killed = True
        cloud.settle()
        result = cloud.run(**WEB)
        if result['error']:
            # Nobody can tell whether the order was sent; the user has to say that it was not.
            assert result['error']['kind'] == 'precondition' and cloud.writes() == [] and cloud.bought() == []
            cloud.fine(memset={'ignore_open_orders': True}, **WEB)
        cloud.unchanged(**WEB)
        assert len(cloud.bought()) == 1
    assert point > 2


@pytest.mark.parametrize('kind', ['drop_before', 'drop_after', 'status', 'truncate', 'throttle'])
def test_a_nickname_is_set_however_often_it_takes(cloud, kind):
    more = {'status': 502} if kind == 'status' else {}
    fault(cloud, kind, operation='service.set_nickname', times=2, **more)
    assert cloud.fine(**WEB)['server']['name'] == 'web1'
    cloud.unchanged(**WEB)


def test_a_look_at_the_job_that_fails_is_no_end_of_the_order(cloud):
    cloud.sandbox.faults(kind='status', status=401, provider='memset', operation='job.status', times=1)
    assert cloud.fails('auth', **WEB)['changed']
    assert cloud.fine(**WEB)['changed'] and cloud.writes() == ['service.set_nickname']
    cloud.unchanged(**WEB)
    assert len(cloud.bought()) == 1


def test_absent_waits_for_an_order_under_way_and_cancels_it(cloud):
    for kind in ('waits', 'hands on'):
        cloud.sandbox.settings(job_seconds=1)
        cloud.fine(wait=False, **WEB)
        checked = cloud.fine(True, name='web1', state='absent')
        assert [step['operation'] for step in checked['steps']] == ['job.status', 'service.cancel']
        assert any('invoice' in note for note in checked['notes'])
        gone = cloud.fine(name='web1', state='absent', wait=kind == 'waits')
        cloud.sandbox.settings(job_seconds=0.2)
        assert gone['steps'] == checked['steps']
        if kind == 'hands on':
            assert cloud.writes() == [] and gone['job']['remaining']
            gone = runs.ok(cloud.job(gone['job']))
        else:
            cloud.foretold(checked, gone)
        assert gone['changed'] and cloud.writes() == ['service.cancel']
        cloud.unchanged(name='web1', state='absent')
    assert {item['status'] for item in cloud.account()['services'].values()} == {'CANCELLED'}


def test_absent_after_a_lost_order_fails_closed(cloud):
    fault(cloud, 'drop_before')
    cloud.fails('outcome_unknown', **WEB)
    assert 'ignore_open_orders' in cloud.fails('precondition', name='web1', state='absent')['msg']
    cloud.unchanged(name='web1', state='absent', memset={'ignore_open_orders': True})


def test_a_taken_nickname_after_the_order_keeps_the_journal(cloud):
    fault(cloud, 'error', operation='service.set_nickname', code=8, message='taken meanwhile')
    failed = cloud.fails('conflict', **WEB)
    assert failed['changed'] and failed['server']['id'] == 'sandbaa1' and failed['server']['name'] is None
    seed_server(cloud, nickname='web2')
    done = cloud.both(**WEB)
    assert cloud.writes() == ['service.set_nickname'] and done['server']['id'] == 'sandbaa1'
    assert len(cloud.bought()) == 2


def test_the_name_of_an_interrupted_order_taken_by_another_is_refused(cloud):
    fault(cloud, 'error', operation='service.set_nickname', code=9, message='no')
    cloud.fails('precondition', **WEB)
    store, = cloud.sandbox.seed('memset', memstores=1)['memstores']
    client_sets_nickname(cloud, store, 'web1')
    assert store in cloud.fails('precondition', **WEB)['msg'] and cloud.writes() == []
    assert cloud.fine(id='sandbaa1', name='web7')['server']['name'] == 'web7'


def test_a_nickname_that_memset_alters_is_an_error_and_no_second_order(cloud):
    cloud.sandbox.faults(kind='body', provider='memset', operation='service.set_nickname', body='{"nickname": "web"}')
    assert "'web' instead of 'web1'" in cloud.fails('precondition', **WEB)['msg']
    assert cloud.fine(**WEB)['server']['name'] == 'web1'
    assert len(cloud.bought()) == 1


def test_an_order_whose_server_somebody_else_named_is_not_placed_again(cloud):
    fault(cloud, 'drop_before', operation='service.set_nickname', times=0)
    cloud.run(**WEB)
    cloud.sandbox.drop_faults()
    client_sets_nickname(cloud, 'sandbaa1', 'by-hand')
    for options in (WEB, {'name': 'web1', 'state': 'absent'}, {'name': 'web1', 'state': 'restarted'}):
        for check in (True, False):
            told = cloud.fails('precondition', check, **options)['msg']
            assert 'became sandbaa1, which is named by-hand' in told and 'ignore_open_orders' in told
            assert cloud.writes() == []
    assert cloud.bought() == ['sandbaa1']
    allowed = dict(WEB, memset={'ignore_open_orders': True})
    assert cloud.fine(True, **allowed)['changed']
    assert cloud.fine(**allowed)['server']['id'] == 'sandbaa2'
    cloud.unchanged(**WEB)
    cloud.unchanged(id='sandbaa1', name='by-hand')


def test_an_order_whose_server_somebody_else_named_can_be_named_by_id(cloud):
    fault(cloud, 'drop_before', operation='service.set_nickname', times=0)
    cloud.run(**WEB)
    cloud.sandbox.drop_faults()
    client_sets_nickname(cloud, 'sandbaa1', 'by-hand')
    assert cloud.both(id='sandbaa1', name='web1')['changed']
    cloud.unchanged(**WEB)
    assert cloud.bought() == ['sandbaa1']


def test_awaiting_payment_has_its_own_message(cloud):
    cloud.settings(consolidated_billing=False, auto_pay=False)
    waiting = cloud.fails('wait_timeout', wait_timeout=1, **WEB)
    assert waiting['error']['code'] == 'AWAITING-PAYMENT' and 'pay it' in waiting['msg']
    invoice, = cloud.account()['invoices']
    # Another server, on this machine, is not kept from being ordered by an invoice whose order is known.
    cloud.fails('wait_timeout', wait_timeout=1, **{**WEB, 'name': 'web2'})
    cloud.sandbox.seed('memset', payments=2)
    for name in ('web1', 'web2'):
        assert cloud.fine(**{**WEB, 'name': name})['server']['name'] == name
    assert len(cloud.bought()) == 2


# -- without a journal ------------------------------------------------------------------------------------------------
def test_an_open_invoice_without_a_journal_fails_closed(cloud, tmp_path):
    cloud.settings(consolidated_billing=False, auto_pay=False)
    cloud.fine(wait=False, **WEB)
    cloud.folder = tmp_path / 'another machine'
    for check in (True, False):
        told = cloud.fails('precondition', check, **WEB)['msg']
        assert 'the invoice 100291' in told and 'AWAITING-PAYMENT' in told and cloud.writes() == []
    assert cloud.fine(memset={'ignore_open_orders': True}, wait=False, **WEB)['changed']


def test_a_new_unnamed_server_without_a_journal_fails_closed_and_is_adopted(cloud, tmp_path):
    cloud.fine(wait=False, **WEB)
    cloud.settle()
    cloud.folder = tmp_path / 'another machine'
    for check in (True, False):
        told = cloud.fails('precondition', check, **WEB)['msg']
        assert 'id: sandbaa1 with name: web1' in told and cloud.writes() == []
    adopted = cloud.both(id='sandbaa1', **WEB)
    assert cloud.writes() == ['service.set_nickname'] and adopted['server']['name'] == 'web1'
    cloud.unchanged(**WEB)
    assert cloud.bought() == ['sandbaa1']


@pytest.mark.parametrize('other', [
    {'os': 'centos7_64'}, {'sku': 'UFS35'}, {'network_zone': 'reading'}, {'nickname': 'db'}, {'status': 'CANCELLED'}])
def test_a_server_that_cannot_be_ours_is_no_hindrance(cloud, other):
    seed_server(cloud, **other)
    assert cloud.fine(zone='dunsfold', **WEB)['changed']


def test_an_unnamed_server_of_old_is_no_hindrance(cloud):
    cloud.sandbox.advance(-4 * 24 * 3600)
    seed_server(cloud)
    cloud.sandbox.advance(4 * 24 * 3600)
    assert cloud.fine(**WEB)['changed'] and cloud.bought() == ['sandbaa1', 'sandbaa2']


def test_a_server_on_hold_is_not_ordered_again(cloud):
    # As after an order of this machine's; server.list leaves out what is on hold.
    made = seed_server(cloud, nickname='web1', status='ONHOLD')
    link = connection.connect('memset', {}, cloud.sandbox.env)
    journal.Journal(str(cloud.folder), link.account).put(('server', 'web1'), {'service': made})
    held = cloud.unchanged(**WEB)
    assert held['server']['provider_state'] == 'ONHOLD' and held['server']['id'] == made


def test_two_runs_at_once_on_one_machine_order_one_server(cloud):
    results = []
    threads = [threading.Thread(target=lambda: results.append(cloud.run(**WEB))) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result['changed'] for result in results) == [False, True]
    assert [result['error'] for result in results] == [None, None] and len(cloud.bought()) == 1


def test_orders_of_several_names_at_once_keep_apart(cloud):
    names = ['web%d' % number for number in range(5)]
    handles = [cloud.fine(wait=False, **{**WEB, 'name': name})['job'] for name in names]
    cloud.settle()
    # All are made and none is named: each is explained by its own entry in the journal.
    last = cloud.fine(**{**WEB, 'name': 'web5'})
    assert last['server']['name'] == 'web5'
    result = runs.ok(cloud.job(*handles))
    assert sorted(job['result']['name'] for job in result['jobs']) == names
    for name in names:
        cloud.unchanged(**{**WEB, 'name': name})
    assert len(cloud.bought()) == 6


def test_a_lost_order_claims_nothing_that_may_be_another_s(cloud):
    fault(cloud, 'drop_after')
    cloud.fails('outcome_unknown', **WEB)
    fault(cloud, 'drop_after')
    cloud.fails('outcome_unknown', memset={'ignore_open_orders': True}, **{**WEB, 'name': 'web2'})
    cloud.settle()
    told = cloud.fails('precondition', **WEB)['msg']
    assert 'sandbaa1 or sandbaa2' in told and cloud.writes() == []
    assert cloud.fine(id='sandbaa1', name='web1')['changed'] and cloud.fine(id='sandbaa2', name='web2')['changed']
    for name in ('web1', 'web2'):
        cloud.unchanged(**{**WEB, 'name': name})
    assert len(cloud.bought()) == 2


# -- handles ----------------------------------------------------------------------------------------------------------
def test_a_handle_names_the_server_once(cloud):
    handle = cloud.fine(wait=False, **WEB)['job']
    assert handle['kind'] == 'job' and handle['provider'] == 'memset'
    handle = json.loads(json.dumps(handle))
    done = runs.ok(cloud.job(handle))
    assert done['changed'] and done['jobs'][0]['result']['name'] == 'web1'
    assert cloud.writes() == ['service.set_nickname']
    again = runs.ok(cloud.job(handle))
    assert not again['changed'] and cloud.writes() == []
    cloud.unchanged(**WEB)
    assert cloud.bought() == ['sandbaa1']


def test_a_handle_carries_all_that_remains(cloud):
    handle = cloud.fine(wait=False, memset={'monitoring': True, 'auto_reboot': False, 'intrusion_detection': 'basic',
                                            'intrusion_detection_alert_level': 2}, **WEB)['job']
    own = runs.ok(cloud.job(json.loads(json.dumps(handle))))['jobs'][0]['result']['provider_options']
    assert cloud.writes() == ['service.set_nickname', 'server.monitoring.set_policy',
                              'server.set_intrusion_detection_alert_level']
    assert (own['auto_reboot'], own['intrusion_detection_alert_level']) == (False, 2)


def test_handles_are_polled_in_one_batch(cloud):
    handles = [cloud.fine(wait=False, **{**WEB, 'name': 'web%d' % number})['job'] for number in range(3)]
    runs.ok(cloud.job(*handles))
    polls = [item for item in cloud.sandbox.requests() if 'job.status' in item['operation']]
    assert polls[0]['path'].endswith('/jsonrpc') and polls[0]['operation'].count('job.status') >= 1
    assert len(polls) < 6


# -- the monitoring policy, which a job sets --------------------------------------------------------------------------
WATCHED = {**WEB, 'memset': {'monitoring': True, 'auto_reboot': False}}
SET_POLICY = 'server.monitoring.set_policy'


@pytest.fixture
def slow(cloud):
    """Jobs take long, unless the clock is put forward."""
    cloud.sandbox.settings(job_seconds=3600)
    yield cloud
    cloud.sandbox.settings(job_seconds=0.2)


def pass_by(cloud):
    cloud.sandbox.advance(4000)


@pytest.mark.parametrize('named', [{'name': 'web1'}, {'id': 'sandbaa1'}])
@pytest.mark.parametrize('cut', [{'wait': False}, {'wait_timeout': 1}])
def test_a_policy_that_is_being_set_is_waited_for(slow, cut, named):
    slow.sandbox.settings(job_seconds=0.2)
    slow.fine(**WEB)
    slow.sandbox.settings(job_seconds=3600)
    first = slow.run(**WATCHED, **cut)
    assert first['changed'] and slow.writes() == [SET_POLICY]
    options = {**named, 'memset': WATCHED['memset']}
    checked = slow.fine(True, **options)
    again = slow.run(**options, **cut)
    assert slow.writes() == [] and not again['changed'] and not checked['changed']
    assert again['job']['id'] == first['job']['id'] and checked['steps'] == again['steps']
    # Another one is set when that is over.
    other = {**named, 'memset': {'monitoring': False}}
    handle = slow.fine(wait=False, **other)['job']
    assert slow.writes() == [] and [step['operation'] for step in handle['remaining']] == [SET_POLICY]
    pass_by(slow)
    slow.sandbox.settings(job_seconds=0.2)
    assert not slow.fine(**options)['changed']
    assert runs.ok(slow.job(handle))['jobs'][0]['result']['provider_options']['monitoring'] is False
    slow.unchanged(**other)


def test_a_server_whose_policy_is_being_set_stays_known(slow):
    handle = slow.fine(wait=False, **WATCHED)['job']
    pass_by(slow)
    assert slow.fine(wait=False, **WATCHED)['job'] and slow.writes() == ['service.set_nickname', SET_POLICY]
    pass_by(slow)
    assert not runs.ok(slow.job(handle))['changed'] and slow.writes() == []
    slow.unchanged(**WATCHED)
    slow.fine(wait=False, **{**WATCHED, 'memset': {'monitoring': False}})
    # server.list leaves out what is on hold: the same server, put back.
    server, = slow.bought()
    seed_server(slow, name=server, nickname='web1', status='ONHOLD')
    assert slow.unchanged(**WEB)['server']['id'] == server


def test_a_policy_is_set_once_by_several_handles(slow):
    handles = [slow.fine(wait=False, **WATCHED)['job'] for dummy in range(2)]
    pass_by(slow)
    slow.sandbox.settings(job_seconds=0.5)
    done = runs.ok(slow.job(*handles))
    assert slow.writes() == ['service.set_nickname', SET_POLICY]
    assert [each['result']['provider_options']['auto_reboot'] for each in done['jobs']] == [False, False]
    slow.unchanged(**WATCHED)


@pytest.mark.parametrize('owner, method, when', [
    (http.Session, '_request', 'before'), (journal.Journal, 'put', 'after')])
def test_job_may_be_killed_and_sets_no_policy_again(cloud, monkeypatch, owner, method, when):
    """Anywhere but between a policy that was asked for and the note of its job, which is told as a conflict."""
    original, killed, point = getattr(owner, method), True, 0
    while killed:
        point += 1
        cloud.sandbox.reset()
        cloud.folder = cloud.folder.parent / str(point)
        handle = cloud.fine(wait=False, **WATCHED)['job']
        cloud.settle()
        cloud.sandbox.settings(job_seconds=0.5)
        killed = False
        with monkeypatch.context() as patch:
            patch.setattr(owner, method, killing(original, point, when))
            try:
                cloud.job(handle)
            except Killed:
                killed = True
        before = cloud.writes()
        runs.ok(cloud.job(handle))
        assert (before + cloud.writes()).count(SET_POLICY) == 1
        cloud.settle()
        cloud.unchanged(**WATCHED)
    assert point > 2


# -- cancellation -----------------------------------------------------------------------------------------------------
def test_a_cancellation_under_way_writes_nothing_more(cloud):
    server = seed_server(cloud, nickname='web1')
    cloud.sandbox.settings(job_seconds=3600)
    try:
        first = cloud.fine(name='web1', state='absent', wait=False)
        assert first['changed']
        for task in ({'wait': False}, {'wait_timeout': 1}):
            again = cloud.run(name='web1', state='absent', **task)
            assert not again['changed'] and cloud.writes() == [] and again['server'] is None
            assert again['job']['id'] == first['job']['id']
        assert again['error']['kind'] == 'wait_timeout'
        assert cloud.fine(True, name='web1', state='absent')['steps'] == again['steps']
        told = cloud.fails('precondition', **WEB)['msg']
        assert server in told and 'another can be ordered once it is gone' in told
        pass_by(cloud)
        done = runs.ok(cloud.job(first['job'], again['job']))
        assert not done['changed'] and [each['finished'] for each in done['jobs']] == [True, True]
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_a_cancellation_that_memset_has_not_carried_out(cloud):
    server = seed_server(cloud, nickname='web1')
    assert cloud.fine(name='web1', state='absent')['changed']
    # Listed still, as one that runs until its expiry date may be: the same name and nickname, put back.
    seed_server(cloud, name=server, nickname='web1')
    again = cloud.unchanged(name='web1', state='absent')
    assert server in again['warnings'][0] and 'withdrawn' in again['warnings'][0]
    assert 'still lists it' in cloud.fails('precondition', **WEB)['msg']
    options = {'name': 'web1', 'memset': {'ignore_open_orders': True}}
    cloud.unchanged(**options)
    assert cloud.fine(state='absent', **options)['changed'] and cloud.writes() == ['service.cancel']


def test_a_reboot_of_another_tool_s_is_as_good(cloud):
    seed_server(cloud, nickname='web1')
    fault(cloud, 'error', operation='server.reboot', code=6, message='pending')
    assert not cloud.fine(name='web1', state='restarted')['changed']


def test_a_cancellation_of_another_tool_costs_one_write_and_is_no_change(cloud):
    server = seed_server(cloud, nickname='web1')
    cloud.sandbox.settings(job_seconds=3600)
    try:
        call(cloud, 'service.cancel', name=server)
        assert not cloud.fine(name='web1', state='absent')['changed'] and cloud.writes() == ['service.cancel']
        cloud.unchanged(name='web1', state='absent')
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_a_lost_answer_to_a_cancellation(cloud):
    seed_server(cloud, nickname='web1')
    fault(cloud, 'drop_after', operation='service.cancel')
    assert cloud.fine(name='web1', state='absent')['changed']
    assert cloud.account()['services']['sandbaa1']['status'] in ('LIVE', 'CANCELLED')
    cloud.settle()
    cloud.unchanged(name='web1', state='absent')


def test_a_cancellation_that_fails_is_tried_again(cloud):
    seed_server(cloud, nickname='web1')
    fault(cloud, 'job_fails', operation='service.cancel')
    cloud.fails('job_failed', name='web1', state='absent')
    assert cloud.fine(name='web1', state='absent')['changed'] and cloud.writes() == ['service.cancel']
    assert cloud.account()['services']['sandbaa1']['status'] == 'CANCELLED'


# -- one-shot states --------------------------------------------------------------------------------------------------
def test_reimaged_from_a_stock_image_acts_only_if_it_differs(cloud):
    seed_server(cloud, nickname='web1')
    options = {'name': 'web1', 'state': 'reimaged', 'image': 'ubuntu_bionic_64', 'ssh_keys': [PUBLIC_KEY],
               'memset': {'os_bits': '64'}}
    done = cloud.both(**options)
    assert done['changed'] and done['steps'][0]['destructive'] and done['server']['image'] == 'ubuntu_bionic_64'
    assert cloud.writes() == ['server.reimage_from_stock_image']
    cloud.unchanged(**options)
    forced = cloud.fine(**{**options, 'memset': {'force_reimage': True}})
    assert forced['changed'] and cloud.writes() == ['server.reimage_from_stock_image']


def test_reimaged_with_an_unknown_image_tells_the_nearest_in_check_mode(cloud):
    seed_server(cloud, nickname='web1')
    options = {'name': 'web1', 'state': 'reimaged', 'image': 'debian_bustr_64'}
    assert any('debian_buster_64' in note for note in cloud.fine(True, **options)['notes'])
    refused = cloud.fails('invalid', **options)
    assert refused['error']['operation'] == 'server.reimage_from_stock_image' and not refused['changed']


def test_reimaged_with_once(cloud):
    seed_server(cloud, nickname='web1')
    options = {'name': 'web1', 'state': 'reimaged', 'image': 'debian_buster_64', 'once': 'november'}
    assert cloud.both(**options)['changed']
    again = cloud.unchanged(**options)
    assert any('once' in note for note in again['notes'])
    assert cloud.fine(**{**options, 'once': 'december'})['changed']
    assert cloud.account()['services']['sandbaa1']['data']['reimages'] == 2


def test_reimaged_from_a_snapshot(cloud):
    seed_server(cloud, nickname='web1')
    store, = cloud.sandbox.seed('memset', memstores=1)['memstores']
    where = {'storage_name': store, 'server_name': 'sandbaa1'}
    path, = cloud.sandbox.seed('memset', options=where, snapshots=1)['snapshots']
    snapshot = {'path': path, 'storage_name': store, 'image_type': 'raw'}
    options = {'name': 'web1', 'state': 'reimaged', 'memset': {'snapshot': snapshot}, 'once': 'restore'}
    done = cloud.both(**options)
    assert done['changed'] and cloud.writes() == ['server.reimage_from_snapshot']
    cloud.unchanged(**options)
    for wrong in ({'path': 'nope'}, {'storage_name': 'nope'}, {'image_type': 'tar'}):
        for check in (True, False):
            result = cloud.fails('precondition', check, name='web1', state='reimaged', memset={
                'snapshot': dict(snapshot, **wrong)})
            assert cloud.writes() == [] and 'snapshot' in result['msg']


def test_an_interrupted_reimage_is_waited_for(cloud):
    seed_server(cloud, nickname='web1')
    store, = cloud.sandbox.seed('memset', memstores=1)['memstores']
    where = {'storage_name': store, 'server_name': 'sandbaa1'}
    path, = cloud.sandbox.seed('memset', options=where, snapshots=1)['snapshots']
    options = {'name': 'web1', 'state': 'reimaged', 'once': 'restore', 'memset': {
        'snapshot': {'path': path, 'storage_name': store, 'image_type': 'raw'}}}
    assert cloud.fine(wait=False, **options)['job']
    cloud.settle()
    assert not cloud.fine(**options)['changed'] and cloud.writes() == []
    cloud.unchanged(**options)
    assert cloud.account()['services']['sandbaa1']['data']['reimages'] == 1


@pytest.mark.parametrize('once', [None, 'z'])
def test_a_reimage_that_lost_its_answer_does_not_erase_twice(cloud, once):
    seed_server(cloud, nickname='web1')
    options = {'name': 'web1', 'state': 'reimaged', 'image': 'ubuntu_bionic_64', 'once': once}
    fault(cloud, 'drop_after', operation='server.reimage_from_stock_image')
    cloud.sandbox.settings(job_seconds=3600)
    try:
        cloud.fails('outcome_unknown', **options)
        for check in (True, False):
            told = cloud.fails('precondition', check, **options)['msg']
            assert 'control panel' in told and 'ignore_open_orders' in told and cloud.writes() == []
        # What else is done to the server does not make it forget.
        assert cloud.fine(name='web1', state='restarted', wait=False)['changed']
        assert cloud.fine(name='web1', memset={'monitoring': False}, wait=False)['changed']
        cloud.fails('precondition', **options)
        cloud.sandbox.advance(3601)
    finally:
        cloud.sandbox.settings(job_seconds=0.2)
        cloud.sandbox.advance(-3601)
    # By its id it is the same server.
    named = dict(options, id='sandbaa1', name=None)
    done = cloud.both(**named)
    assert not done['changed'] and cloud.writes() == [] and any('was carried out' in note for note in done['notes'])
    for again in (options, named):
        cloud.unchanged(**again)
    assert cloud.account()['services']['sandbaa1']['data']['reimages'] == 1


@pytest.mark.parametrize('kind', ['drop_before', 'drop_after'])
def test_a_reimage_of_which_nothing_shows_whether_it_was_carried_out(cloud, kind):
    seed_server(cloud, nickname='web1')
    options = {'name': 'web1', 'state': 'reimaged', 'image': 'debian_buster_64', 'once': 'z'}
    fault(cloud, kind, operation='server.reimage_from_stock_image')
    cloud.fails('outcome_unknown', **options)
    cloud.settle()
    for check in (True, False):
        cloud.fails('precondition', check, **options)
        assert cloud.writes() == []
    # Without the token it is as wanted, and another token is another reimage.
    cloud.unchanged(**dict(options, once=None))
    assert cloud.fine(True, **dict(options, once='y'))['changed']
    allowed = dict(options, memset={'ignore_open_orders': True})
    assert cloud.both(**allowed)['changed'] and cloud.writes() == ['server.reimage_from_stock_image']
    cloud.unchanged(**options)


def test_a_reimage_from_a_snapshot_that_lost_its_answer_fails_closed(cloud):
    seed_server(cloud, nickname='web1')
    store, = cloud.sandbox.seed('memset', memstores=1)['memstores']
    path, = cloud.sandbox.seed('memset', options={'storage_name': store, 'server_name': 'sandbaa1'}, snapshots=1)[
        'snapshots']
    options = {'name': 'web1', 'state': 'reimaged', 'memset': {
        'snapshot': {'path': path, 'storage_name': store, 'image_type': 'raw'}}}
    fault(cloud, 'drop_after', operation='server.reimage_from_snapshot')
    cloud.fails('outcome_unknown', **options)
    cloud.settle()
    cloud.fails('precondition', **options)
    assert cloud.writes() == []
    options['memset']['ignore_open_orders'] = True
    assert cloud.fine(**options)['changed']


@pytest.mark.parametrize('once', [None, 'y'])
@pytest.mark.parametrize('kind', ['drop_before', 'drop_after'])
def test_an_upgrade_that_lost_its_answer(cloud, kind, once):
    seed_server(cloud, nickname='web1', sku='MS0050')
    options = {'name': 'web1', 'state': 'upgraded', 'plan': 'MS0100', 'once': once}
    fault(cloud, kind, operation='server.upgrade')
    cloud.fails('outcome_unknown', **options)
    cloud.settle()
    if kind == 'drop_after':
        done = cloud.both(**options)
        assert not done['changed'] and any('was carried out' in note for note in done['notes'])
    else:
        for check in (True, False):
            assert 'ignore_open_orders' in cloud.fails('precondition', check, **options)['msg']
            assert cloud.writes() == []
        assert cloud.both(**dict(options, memset={'ignore_open_orders': True}))['changed']
    assert cloud.account()['services']['sandbaa1']['sku'] == 'MS0100'
    if once:
        cloud.unchanged(**options)


def test_once_is_of_the_server_and_not_of_its_name(cloud):
    cloud.fine(**WEB)
    options = {'state': 'reimaged', 'image': 'ubuntu_bionic_64', 'once': 'z'}
    assert cloud.both(name='web1', **options)['changed']
    cloud.unchanged(id='sandbaa1', **options)
    cloud.fine(name='web1', state='absent')
    for check in (True, False):
        cloud.fails('not_found', check, name='web1', **options)
    cloud.fine(**WEB)
    again = cloud.both(name='web1', **options)
    assert again['changed'] and (again['server']['id'], again['server']['image']) == ('sandbaa2', 'ubuntu_bionic_64')
    cloud.unchanged(id='sandbaa2', **options)
    cloud.unchanged(name='web1', **options)


def test_once_of_a_handle_is_of_the_server_too(cloud):
    seed_server(cloud, nickname='web1')
    options = {'state': 'reimaged', 'image': 'ubuntu_bionic_64', 'once': 'z'}
    runs.ok(cloud.job(cloud.fine(name='web1', wait=False, **options)['job']))
    cloud.unchanged(id='sandbaa1', **options)
    cloud.unchanged(name='web1', **options)


def test_a_reboot_under_way_is_waited_for_and_a_later_one_is_another(cloud):
    seed_server(cloud, nickname='web1')
    cloud.sandbox.settings(job_seconds=1)
    try:
        assert cloud.fine(name='web1', state='restarted', wait=False)['changed']
        assert not cloud.fine(name='web1', state='restarted')['changed'] and cloud.writes() == []
    finally:
        cloud.sandbox.settings(job_seconds=0.2)
    assert cloud.fine(name='web1', state='restarted', wait=False)['changed']
    cloud.settle()
    assert cloud.fine(name='web1', state='restarted')['changed']
    assert cloud.account()['services']['sandbaa1']['data']['reboots'] == 3


def test_upgraded(cloud):
    seed_server(cloud, nickname='web1', sku='MS0025')
    options = {'name': 'web1', 'state': 'upgraded', 'plan': 'MS0050', 'once': 'growth',
               'memset': {'upgrade_disk': False}}
    told = cloud.fails('precondition', max_price={'currency': 'GBP', 'monthly': 1}, **options)['msg']
    assert 'max_price.monthly' in told and cloud.writes() == []
    done = cloud.both(**options)
    assert done['changed'] and cloud.writes() == ['server.upgrade'] and done['quote']['monthly'] == 9.0
    cloud.unchanged(**options)
    assert cloud.account()['services']['sandbaa1']['sku'] == 'MS0050'
    wrong = cloud.fails('precondition', name='web1', state='upgraded', plan='MS0051')['msg']
    assert 'MS0050' in wrong and cloud.writes() == []


def test_an_interrupted_upgrade_is_not_bought_again(cloud):
    seed_server(cloud, nickname='web1', sku='MS0025')
    options = {'name': 'web1', 'state': 'upgraded', 'plan': 'MS0050'}
    assert cloud.fine(wait=False, **options)['job']
    cloud.settle()
    assert not cloud.fine(**options)['changed'] and cloud.writes() == []
    assert cloud.account()['services']['sandbaa1']['sku'] == 'MS0050'


@pytest.mark.parametrize('state', ['restarted', 'reimaged', 'upgraded'])
def test_what_needs_a_server(cloud, state):
    options = {'name': 'nobody', 'state': state, 'plan': 'MS0050', 'image': 'centos7_64'}
    cloud.fails('not_found', **options)
    assert cloud.writes() == []


@pytest.mark.parametrize('state', ['reimaged', 'upgraded'])
def test_what_is_for_miniservers_only(cloud, state):
    seed_server(cloud, nickname='big', sku='UFS35')
    options = {'name': 'big', 'state': state, 'plan': 'MS0050'}
    if state == 'reimaged':
        options['image'] = 'centos7_64'
    assert 'miniservers only' in cloud.fails('precondition', **options)['msg'] and cloud.writes() == []


# -- reading ----------------------------------------------------------------------------------------------------------
def test_info_lists_all_in_one_request(cloud):
    cloud.sandbox.seed('memset', servers=300)
    seed_server(cloud, nickname='gone', status='CANCELLED')
    found = cloud.listed()
    assert len(found) == 300 and cloud.reads() == ['server.list']
    one = cloud.listed(id='sandbaa7')
    assert one == [server for server in found if server['id'] == 'sandbaa7']
    assert cloud.listed(id='nobody') == [] and cloud.listed(name='nobody') == []
    assert cloud.listed(filters={'zone': ['reading']}) == []
    assert len(cloud.listed(details=True)) == 300 and cloud.reads() == ['server.list']


def test_a_server_with_vlans_and_addresses_of_all_kinds(cloud):
    vlan, = cloud.sandbox.seed('memset', vlans=1)['vlans']
    seed_server(cloud, nickname='web1', vlans=[vlan], ipv6=True, extra_ips=1)
    server, = cloud.listed(name='web1')
    assert len(server['public_ipv4']) == 2 and server['public_ipv6'] == ['2001:db8::1']
    assert len(server['private_ipv4']) == 1
    assert server['public_ipv4'][0] == server['raw']['primary_ip']


@pytest.mark.parametrize('kind, error', [
    ('status', 'unavailable'), ('html', 'malformed'), ('truncate', 'unavailable'), ('empty', 'malformed'),
    ('drop_before', 'unavailable')])
def test_reads_that_fail_are_errors(cloud, kind, error):
    cloud.sandbox.faults(kind=kind, provider='memset', operation='server.list', times=0,
                         **({'status': 502} if kind == 'status' else {}))
    assert cloud.fails(error, **WEB)['stats']['retries'] == (4 if error == 'unavailable' else 0)
    cloud.sandbox.drop_faults()


def test_reads_that_fail_once_are_repeated(cloud):
    seed_server(cloud, nickname='web1')
    cloud.sandbox.faults(kind='status', status=503, provider='memset', operation='server.list', times=2)
    assert cloud.fine(name='web1')['stats']['retries'] == 2
    cloud.sandbox.faults(kind='throttle', provider='memset', operation='server.list', times=6)
    assert cloud.fine(name='web1')['stats']['retries'] == 6


def test_bad_credentials(cloud):
    result = cloud.fails('auth', memset_api_key='f' * 32, **WEB)
    assert (result['error']['code'], result['error']['http_status']) == (4, 403)
    assert 'f' * 32 not in json.dumps(result)
