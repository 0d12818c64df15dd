# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Firewall rules against the sandbox: Memset's groups, and the rule lists of UpCloud's servers."""

from __future__ import annotations

import json

import playing
import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.firewall_rule_group import FIREWALL_RULE_GROUP

SSH = {'action': 'accept', 'protocol': 'tcp', 'sources': ['192.0.2.0/24'], 'destination_ports': ['22'],
       'comment': 'ssh'}
WEB = {'action': 'accept', 'protocol': 'tcp', 'destination_ports': ['443', '80']}
PING = {'action': 'accept', 'protocol': 'icmp'}
REST = {'action': 'drop'}
READS = 'firewalling.rule_group_list, server.list'
STATUS = 'firewalling.rule_group_status'


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    return runs.Runs(sandbox, tmp_path / 'state', FIREWALL_RULE_GROUP, 'memset')


def server(cloud, nickname='web1', firewall='self_managed'):
    return cloud.seed('servers', nickname=nickname, firewall=firewall)[0]


# -- Memset: the life of a group --------------------------------------------------------------------------------------
def test_a_group_from_its_making_to_its_end(cloud):
    name = server(cloud)
    wanted = {'name': 'web', 'rules': [SSH, WEB, REST], 'servers': ['web1'],
              'memset': {'notes': 'of the web', 'default_outbound_policy': 'accept'}}
    made = cloud.changes(**wanted)['firewall_rule_group']
    assert cloud.writes() == ['firewalling.rule_group_create', 'firewalling.update']
    assert made['id'] == 'sandbaa-fw1' and made['servers'] == [name]
    assert made['status'] == 'active' and made['server_status'] == {name: 'active'}
    assert [rule['ordering'] for rule in made['rules']] == [1, 2, 3]
    assert made['rules'][0] == {
        'action': 'accept', 'direction': 'in', 'family': 'ipv4', 'protocol': 'tcp', 'sources': ['192.0.2.0/24'],
        'destinations': [], 'source_ports': [], 'destination_ports': ['22'], 'icmp_type': None, 'comment': 'ssh',
        'ordering': 1}
    assert made['raw']['notes'] == 'of the web'
    cloud.unchanged(**wanted)
    assert cloud.reads() == [READS, STATUS]

    wanted['rules'] = [SSH, PING, dict(WEB, destination_ports=['443']), REST]
    changed = cloud.changes(**wanted)
    assert [step['operation'] for step in changed['steps']] == [
        'firewalling.rule_update'] * 2 + ['firewalling.rule_create', 'firewalling.rule_update', STATUS]
    assert changed['firewall_rule_group']['status'] == 'active'
    cloud.unchanged(**wanted)
    # What the info module shows goes back in as it is.
    cloud.unchanged(name='web', rules=cloud.listed(name='web')[0]['rules'])

    assert 'fallback_group' in cloud.fails('precondition', name='web', state='absent')['msg']
    assert cloud.writes() == []
    other = cloud.seed('rule_groups', nickname='other')[0]
    cloud.changes(name='web', state='absent', fallback_group='other')
    assert cloud.writes() == ['firewalling.update', 'firewalling.rule_group_delete']
    cloud.unchanged(name='web', state='absent', fallback_group='other')
    assert [group['id'] for group in cloud.listed()] == [other]
    assert cloud.listed()[0]['servers'] == [name]


def test_the_group_itself_never_changes(cloud):
    cloud.changes(name='web', rules=[REST])
    for change in ({'memset': {'notes': 'other'}}, {'memset': {'default_outbound_policy': 'drop'}},
                   {'id': 'sandbaa-fw1', 'name': 'other'}):
        told = cloud.fails('precondition', **{'name': 'web', **change})['msg']
        assert 'make one under another name' in told and cloud.writes() == []


def test_servers_are_added_and_leave_only_to_another_group(cloud):
    one, two = server(cloud, 'one'), server(cloud, 'two', 'managed')
    cloud.seed('rule_groups', nickname='quiet')
    cloud.changes(name='web', rules=[REST], servers=[one])
    assert cloud.changes(name='web', servers=['two'])['firewall_rule_group']['servers'] == sorted([one, two])
    cloud.unchanged(name='web', servers=['one'])
    left = cloud.changes(name='web', servers=['two'], fallback_group='quiet')
    assert left['firewall_rule_group']['servers'] == [two]
    assert cloud.writes() == ['firewalling.update']
    cloud.unchanged(name='web', servers=['two'], fallback_group='quiet')
    # Public groups serve too, and are none of ours.
    cloud.changes(name='web', servers=[], fallback_group='managed-linux')
    assert sorted(group['name'] for group in cloud.listed()) == ['quiet', 'web']


@pytest.mark.parametrize('options, part', [
    ({'servers': ['nobody']}, "there is no server 'nobody'"), ({'servers': ['plain']}, 'has the firewall none'),
    ({'servers': ['simple']}, 'has the firewall basic'),
    ({'servers': [], 'fallback_group': 'nowhere'}, "there is no other group 'nowhere'"),
    ({'servers': [], 'fallback_group': 'web'}, "'web' is the group itself"),
])
def test_servers_and_groups_that_will_not_do_are_refused_after_the_reads(cloud, options, part):
    server(cloud, 'plain', 'none')
    server(cloud, 'simple', 'basic')
    cloud.changes(name='web', rules=[REST], servers=[server(cloud, 'one')])
    assert part in cloud.fails('precondition', name='web', **options)['msg']
    assert cloud.writes() == []


def test_a_refusal_of_firewalling_update_is_told(cloud):
    cloud.seed('settings', self_managed_updates=False)
    server(cloud)
    told = cloud.fails('precondition', name='web', rules=[REST], servers=['web1'])['msg']
    assert "does not have 'managed' firewalling" in told
    assert [group['name'] for group in cloud.listed()] == ['web']


# -- Memset: rules, step by step --------------------------------------------------------------------------------------
def test_a_full_group_is_refused_without_room_and_changed_with_a_gap(cloud):
    others = [dict(SSH, sources=['203.0.113.%d' % number]) for number in range(28)]
    pair = [{'action': 'accept', 'sources': ['192.0.2.0/24']},
            {'action': 'drop', 'sources': ['192.0.2.1', '198.51.100.1']}]
    cloud.changes(name='web', rules=others + pair)
    told = cloud.fails('precondition', name='web', rules=others + pair[::-1])['msg']
    assert 'allow_gap' in told and cloud.writes() == []
    assert cloud.fails('precondition', True, name='web', rules=others + pair[::-1])['msg'] == told
    cloud.changes(name='web', rules=others + pair[::-1], allow_gap=True)
    cloud.unchanged(name='web', rules=others + pair[::-1])
    # With one rule less there is a place to go by.
    cloud.changes(name='web', rules=others[1:] + pair[::-1])
    cloud.changes(name='web', rules=others[1:] + pair)


def test_a_run_that_is_cut_off_goes_on(cloud):
    rules, wanted = [SSH, WEB, PING, REST], [dict(PING, comment='ping'), dict(WEB, protocol='udp'),
                                             dict(SSH, sources=['198.51.100.0/24']), dict(REST, action='reject')]
    cloud.changes(name='web', rules=rules)
    steps = cloud.fine(True, name='web', rules=wanted)['steps']
    assert len(steps) > 3
    for number, step in enumerate(steps):
        # Anew, so that the numbers and with them the steps are the same.
        cloud.fine(name='web', state='absent')
        cloud.fine(name='web', rules=rules)
        nth = 1 + [each['operation'] for each in steps[:number]].count(step['operation'])
        cloud.fault('status', step['operation'], write=True, status=400, nth=nth)
        result = cloud.run(name='web', rules=wanted)
        # A deletion is sent once more, since that is harmless.
        assert (result['error'] is None) == (step['operation'] == 'firewalling.rule_delete')
        assert cloud.fine(name='web', rules=wanted)['changed'] == (result['error'] is not None)
        cloud.unchanged(name='web', rules=wanted)


@pytest.mark.parametrize('operation, wanted', [
    ('rule_create', [SSH, WEB, PING, REST]), ('rule_delete', [SSH, REST]),
    ('rule_update', [SSH, dict(PING, action='reject'), REST])])
def test_a_lost_answer_makes_nothing_twice(cloud, operation, wanted):
    cloud.changes(name='web', rules=[SSH, PING, REST])
    cloud.fault('drop_after', 'firewalling.' + operation, write=True)
    assert cloud.fine(name='web', rules=wanted)['changed']
    assert [item['fired'] for item in cloud.sandbox.pending_faults()] == [1]
    cloud.unchanged(name='web', rules=wanted)


def test_a_group_whose_making_lost_its_answer_is_found(cloud):
    cloud.fault('drop_after', 'firewalling.rule_group_create', write=True)
    assert cloud.fine(name='web', rules=[SSH, REST])['changed']
    assert [group['name'] for group in cloud.listed()] == ['web']


def test_a_firewall_that_is_still_pending_is_waited_for(cloud):
    cloud.sandbox.settings(job_seconds=2)
    try:
        server(cloud)
        first = cloud.fine(name='web', rules=[REST], servers=['web1'], wait=False)
        assert first['job'] and first['firewall_rule_group']['status'] == 'pending'
        again = cloud.fine(True, name='web', rules=[REST])
        assert not again['changed'] and [step['operation'] for step in again['steps']] == [STATUS]
        again = cloud.fine(name='web', rules=[REST])
        assert not again['changed'] and again['firewall_rule_group']['status'] == 'active' and cloud.writes() == []
    finally:
        cloud.sandbox.settings(job_seconds=0.2)


def test_a_group_without_rules_may_tell_an_empty_list(cloud):
    group = {'name': 'g1', 'nickname': 'a', 'public': False, 'notes': '', 'rules': []}
    body = [{'id': number, 'result': result} for number, result in enumerate(([group], []))]
    cloud.fault('body', 'firewalling.rule_group_list', body=json.dumps(body), times=2)
    assert cloud.unchanged(name='a', rules=[])['firewall_rule_group']['rules'] == []


def test_odd_rules_of_the_account_are_read(cloud):
    cloud.seed('rule_groups', nickname='odd', rules=[
        {'action': 'ACCEPT', 'dest_ports': 'any', 'ordering': 7, 'source_ips': '192.0.2.9/24', 'protocols': 'any'},
        {'action': 'ACCEPT', 'dest_ports': '22', 'ordering': 9, 'ip_version': 'ipv4', 'source_ips': '192.0.2.1',
         'source_ip6s': '2001:db8::/32', 'protocols': 'tcp', 'direction': 'Outbound'}])
    rules = cloud.listed(name='odd')[0]['rules']
    # A list of IPv4 addresses says nothing of IPv6, which is then open.
    assert rules[0]['sources'] == ['192.0.2.0/24', '::/0'] and rules[0]['family'] == 'any'
    assert rules[1]['sources'] == ['192.0.2.1'] and rules[1]['direction'] == 'out'
    cloud.unchanged(name='odd', rules=rules)


def test_numbers_that_several_rules_have_are_mended(cloud):
    """Which of them comes first nobody knows, so such a list is never as wanted."""
    cloud.seed('settings', unique_ordering=False)
    cloud.seed('rule_groups', nickname='odd', rules=[
        {'action': action, 'dest_ports': port, 'ordering': 3, 'protocols': 'tcp'}
        for action, port in (('ACCEPT', '22'), ('DROP', '80'))])
    rules = [dict(rule, ordering=None) for rule in cloud.listed(name='odd')[0]['rules']]
    mended = cloud.changes(name='odd', rules=rules)['firewall_rule_group']['rules']
    assert len({rule['ordering'] for rule in mended}) == 2 and cloud.writes() == ['firewalling.rule_update']
    cloud.unchanged(name='odd', rules=rules)


def test_numbers_may_be_asked_for(cloud):
    made = cloud.changes(name='web', rules=[dict(REST, ordering=30), dict(SSH, ordering=10)])['firewall_rule_group']
    assert [rule['ordering'] for rule in made['rules']] == [10, 30]
    made = cloud.changes(name='web', rules=[SSH, WEB, REST])['firewall_rule_group']
    assert cloud.writes() == ['firewalling.rule_create']
    assert [rule['ordering'] for rule in made['rules']] == [10, 11, 30]


def test_a_handle_is_waited_for_by_job(cloud):
    server(cloud)
    handle = cloud.fine(name='web', rules=[REST], servers=['web1'], wait=False)['job']
    done = cloud.job(handle)
    assert done['error'] is None and done['jobs'][0]['result']['status'] == 'active'


def test_a_firewall_that_never_loads_ends_the_wait(cloud):
    server(cloud)
    cloud.fault('job_hangs', 'firewalling.update')
    told = cloud.fails('wait_timeout', name='web', rules=[REST], servers=['web1'], wait_timeout=2)['msg']
    assert 'pending' in told


@pytest.mark.parametrize('body', ['{"foo": 1}', '42', 'null', '"running"'])
def test_a_status_that_is_none_is_no_success(cloud, body):
    wanted = {'name': 'web', 'rules': [REST], 'servers': [server(cloud)], 'wait_timeout': 5}
    cloud.fault('body', STATUS, body=body, content_type='application/json', times=0)
    # It was made, and is waited for.
    assert 'active, pending, na' in cloud.fails('malformed', **wanted)['msg'] and cloud.writes() != []
    # It is read.
    assert 'active, pending, na' in cloud.fails('malformed', **wanted)['msg'] and cloud.writes() == []
    cloud.sandbox.drop_faults()


# -- bad input --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('rules, parts', [
    ([dict(SSH, destination_ports=[str(port)]) for port in range(1, 32)], ['at most 30', '31']),
    ([dict(SSH, ordering=31)], ['rules[0].ordering', 'at most 30']), ([dict(SSH, ordering=0)], ['at least 1']),
    ([dict(SSH, ordering=1), REST], ['all rules or for none']),
    ([dict(SSH, ordering=1), dict(REST, ordering=1)], ['same ordering']),
    ([dict(SSH, destination_ports=['0'])], ['rules[0]', 'destination_ports']),
    ([dict(SSH, destination_ports=['65536'])], ['65536']),
    ([dict(SSH, destination_ports=['ssh'])], ['rules[0]: destination_ports: ssh is not a port or', '1 to 65535']),
    ([dict(SSH, source_ports=['1-x'])], ['source_ports: 1-x is not a port']),
    ([dict(SSH, sources=['fe80::1%eth0'])], ['sources: fe80::1%eth0 has a scope']),
    ([dict(SSH, destination_ports=['80-90'])], ['no ranges']),
    ([dict(PING, destination_ports=['1'])], ['need a protocol']),
    ([dict(SSH, family='ipv6')], ['wrong family']), ([dict(SSH, family='any')], ['both families']),
    ([dict(SSH, sources=['192.0.2.0/33'])], ['sources']), ([dict(SSH, sources=['host'])], ['sources']),
    ([dict(SSH, destinations=['2001:db8::1'])], ['families']), ([dict(PING, icmp_type=8)], ['icmp_type']),
    ([SSH, dict(SSH, action='drop')], ['rules[1] matches the same as rules[0]']),
    ([WEB, dict(WEB, destination_ports=['80'])], ['rules[1] is never reached']), ([REST, SSH], ['never reached']),
])
def test_bad_rules_never_reach_memset(cloud, rules, parts):
    cloud.refused(*parts, name='web', rules=rules)


def test_bad_options_never_reach_memset(cloud):
    cloud.refused('one of id and name', rules=[REST])
    cloud.refused('name', name='x' * 226)
    cloud.refused('empty', name=' ')
    cloud.refused('name', name='a\nb')


HOSTILE = '{{ lookup("pipe","id") }} <b>\'";,\\ é'


def test_hostile_values_stay_what_they_are(cloud):
    made = cloud.changes(name=HOSTILE, rules=[dict(SSH, comment=HOSTILE)], memset={'notes': HOSTILE})
    assert made['firewall_rule_group']['rules'][0]['comment'] == HOSTILE
    cloud.unchanged(name=HOSTILE, rules=[dict(SSH, comment=HOSTILE)], memset={'notes': HOSTILE})


# -- UpCloud ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def upcloud(sandbox, tmp_path):
    sandbox.reset()
    return runs.Runs(sandbox, tmp_path / 'state', FIREWALL_RULE_GROUP, 'upcloud')


PUT = 'PUT /server/{uuid}/firewall_rule'


def test_the_rules_of_a_server_of_upcloud(upcloud):
    uuid = upcloud.seed('servers', name='web1.example.com')[0]
    wanted = {'name': 'web1.example.com', 'rules': [
        SSH, WEB, dict(PING, family='ipv4', icmp_type=8), REST,
        {'action': 'drop', 'direction': 'out', 'protocol': 'tcp', 'destinations': ['203.0.113.5-203.0.113.9'],
         'destination_ports': ['1000-2000']}]}
    made = upcloud.changes(**wanted)['firewall_rule_group']
    assert upcloud.writes() == [PUT] and made['id'] == uuid and made['status'] == 'active'
    # One family and one port each: that is what UpCloud's rules can hold.
    assert [(rule['family'], rule['destination_ports']) for rule in made['rules'][1:5]] == [
        ('ipv4', ['80']), ('ipv4', ['443']), ('ipv6', ['80']), ('ipv6', ['443'])]
    upcloud.unchanged(**wanted)
    assert len(upcloud.reads()) == 2
    upcloud.unchanged(**dict(wanted, name='WEB1.example.com'))
    upcloud.unchanged(id=uuid, rules=upcloud.listed(id=uuid)[0]['rules'])
    wanted['rules'] = [SSH, REST]
    upcloud.changes(**wanted)
    assert upcloud.writes() == [PUT]
    upcloud.changes(name='WEB1.example.com', state='absent')
    upcloud.unchanged(name='web1.example.com', state='absent')
    assert upcloud.state()['servers'][uuid]['firewall_rules'] == []
    upcloud.unchanged(name='gone.example.com', state='absent')


def test_servers_of_upcloud_that_are_none_or_two(upcloud):
    assert 'no server' in upcloud.fails('precondition', name='web1', rules=[REST])['msg']
    first, second = (upcloud.seed('servers', name='web1')[0] for _number in range(2))
    told = upcloud.fails('ambiguous', name='web1', rules=[REST])['msg']
    assert first in told and second in told
    assert {group['id'] for group in upcloud.listed()} == {first, second}
    upcloud.changes(id=first, rules=[REST])
    assert [len(group['rules']) for group in upcloud.listed(name='web1', details=True)].count(1) >= 1


@pytest.mark.parametrize('rule, part', [
    (dict(REST, action='reject'), 'accept, drop'), (dict(REST, protocol='gre'), 'tcp, udp'),
    (dict(REST, comment='x' * 251), '250'), (dict(REST, ordering=1), 'place in the list'),
    (dict(PING, icmp_type=256), '255'), (dict(WEB, destination_ports=['90-80']), '90-80'),
    (dict(SSH, sources=['192.0.2.9-192.0.2.1']), 'not a range'),
])
def test_bad_rules_never_reach_upcloud(upcloud, rule, part):
    upcloud.refused(part, name='web1', rules=[rule])


def test_options_of_memset_are_refused_for_upcloud(upcloud):
    for option in ({'servers': ['x']}, {'fallback_group': 'x'}, {'memset': {'notes': 'x'}}):
        upcloud.refused(*option, 'upcloud', name='web1', **option)
    upcloud.refused('1200', name='web1', rules=[
        dict(WEB, sources=['192.0.2.%d' % number for number in range(1, 201)], destination_ports=['%d' % port])
        for port in range(1, 7)])


def test_both_front_ends(sandbox, tmp_path):
    sandbox.reset()
    sandbox.seed('upcloud', options={'name': 'web1'}, servers=1)
    task = '''\
- indie.cloud.firewall_rule_group:
    provider: upcloud
    name: web1
    rules: [{action: accept, protocol: tcp, destination_ports: [22]}, {action: drop}]
'''
    task = task + '  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}\n' + task
    played = playing.play(tmp_path, task + '''\
- indie.cloud.firewall_rule_group_info:
    provider: upcloud
    name: web1
    details: true
''', sandbox.env)
    assert [result['changed'] for result in played.results] == [True, False, False], played.output
    assert len(played[2]['firewall_rule_groups'][0]['rules']) == 3
