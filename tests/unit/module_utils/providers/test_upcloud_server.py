# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""UpCloud's servers: how they are read, and which requests a change becomes. No network."""

from __future__ import annotations

import copy
import types

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.indie.cloud.plugins.module_utils import runner, spec
from ansible_collections.indie.cloud.plugins.module_utils.apply import Work
from ansible_collections.indie.cloud.plugins.module_utils.connection import Connection
from ansible_collections.indie.cloud.plugins.module_utils.errors import (
    JobFailed,
    Malformed,
    OutcomeUnknown,
    Precondition,
)
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud import matching, wire
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.client import UpCloudClient
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.steps import Ref, Step

UUID = '00aa0000-0000-4000-8000-000000000001'
DISK = '01aa0000-0000-4000-8000-000000000001'
NET = '03aa0000-0000-4000-8000-000000000001'
TEMPLATE = {'uuid': '01000000-0000-4000-8000-000000000001', 'title': 'Debian', 'size': 3, 'type': 'template',
            'template_type': 'native'}
PLAN = {'name': '2xCPU-4GB', 'core_number': 2, 'memory_amount': 4096, 'storage_size': 80, 'storage_tier': 'maxiops'}
CATALOGUES = {
    'GET /zone': {'zones': {'zone': [{'id': 'fi-hel1'}]}},
    'GET /plan': {'plans': {'plan': [PLAN, dict(PLAN, name='BARE', storage_size=0, storage_tier=None)]}},
    'GET /server_size': {'server_sizes': {'server_size': [{'core_number': '2', 'memory_amount': '2048'}]}},
    'GET /storage/template': {'storages': {'storage': [TEMPLATE]}},
    'GET /ip_address': {'ip_addresses': {'ip_address': []}},
    'GET /tag': {'tags': {'tag': [{'name': 'DB'}]}},
}


def interface(index, kind, *addresses, **more):
    return dict({'index': index, 'type': kind, 'network': 'net-%d' % index, 'mac': 'de:ff:00:00:00:0%d' % index,
                 'bootable': 'no', 'source_ip_filtering': 'yes', 'ip_addresses': {'ip_address': [
                     {'address': address, 'family': 'IPv6' if ':' in address else 'IPv4', 'floating': 'no',
                      'dhcp_provided': 'yes' if number == 0 else 'no'} for number, address in enumerate(addresses)]}},
                **more)


# The details of a server as the document shows them, with other contents.
RAW = {
    'boot_order': 'disk', 'core_number': '2', 'firewall': 'on', 'host': 7600001001, 'hostname': 'web1.example.com',
    'labels': {'label': [{'key': 'env', 'value': 'dev'}, {'key': '_internal', 'value': '1'}]},
    'ip_addresses': {'ip_address': [
        {'access': 'utility', 'address': '10.1.0.2', 'family': 'IPv4'},
        {'access': 'public', 'address': '198.51.100.7', 'family': 'IPv4'},
        {'access': 'public', 'address': '2001:db8::7', 'family': 'IPv6'}]},
    'license': 0, 'memory_amount': '4096', 'nic_model': 'virtio', 'plan': '2xCPU-4GB', 'simple_backup': '0100,dailies',
    'networking': {'interfaces': {'interface': [
        interface(1, 'public', '198.51.100.7'), interface(2, 'utility', '10.1.0.2'),
        interface(3, 'public', '2001:db8::7'), interface(4, 'private', '10.9.0.4', network=NET)]}},
    'state': 'started', 'storage_devices': {'storage_device': [
        {'address': 'virtio:0', 'part_of_plan': 'yes', 'labels': [{'key': 'use', 'value': 'os'}], 'storage': DISK,
         'storage_size': '20', 'storage_tier': 'maxiops', 'storage_title': 'system', 'type': 'disk',
         'boot_disk': '0'}]},
    'tags': {'tag': ['web', 'DB']}, 'timezone': 'UTC', 'title': 'Web one', 'uuid': UUID, 'video_model': 'cirrus',
    'remote_access_enabled': 'yes', 'remote_access_type': 'vnc', 'remote_access_host': 'vnc.example.com',
    'remote_access_password': 'canary12', 'remote_access_port': '3000', 'zone': 'fi-hel1'}


class Scripted(UpCloudClient):
    """Answers reads from a dict; anything else fails the test."""

    def __init__(self, answers):
        super().__init__(Connection('upcloud', 'https://api.example.com/1.3'), types.SimpleNamespace(retries=0))
        self.answers = dict(CATALOGUES, **answers)
        self.asked = []

    def send(self, operation, values, query=None):
        name = operation if isinstance(operation, str) else operation.name
        self.asked.append(name)
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer


def planned(raw=None, answers=None, **options):
    """(steps, plan) of a task over a server as it is; None where there is none."""
    options = dict({'provider': 'upcloud', 'name': 'web1.example.com'}, **options)
    validation = ArgumentSpecValidator(spec.resource_spec(SERVER, 'upcloud')).validate(options)
    assert not validation.error_messages, validation.error_messages
    options = validation.validated_parameters
    crossing = SERVER.crossing('upcloud')
    runner._check(SERVER, crossing, options)
    journal = types.SimpleNamespace(get=lambda key: None)
    work = Work(Scripted(answers or {}), options, journal, None, check_mode=True)
    plan, change = runner._plan(SERVER, crossing, options, work, options['state'],
                                runner._wanted(crossing, options), raw)
    return list(plan.steps), plan


def made(**options):
    """The body of the request that makes a server."""
    options = dict({'zone': 'fi-hel1', 'plan': '2xCPU-4GB', 'image': 'Debian'}, **options)
    steps, dummy = planned(**options)
    (body,) = [step.parameters for step in steps if step.operation == 'POST /server']
    return body


# -- reading ----------------------------------------------------------------------------------------------------------
def test_a_server_is_projected():
    state = wire.server_in(RAW)
    assert (state['id'], state['name'], state['state'], state['provider_state']) == (
        UUID, 'web1.example.com', 'running', 'started')
    assert (state['zone'], state['plan'], state['cpu_cores'], state['memory_mb']) == ('fi-hel1', '2xCPU-4GB', 2, 4096)
    assert state['public_ipv4'] == ['198.51.100.7'] and state['public_ipv6'] == ['2001:db8::7']
    assert state['private_ipv4'] == ['10.9.0.4'] and state['utility_ipv4'] == ['10.1.0.2']
    assert state['private_ipv6'] == [] and state['tags'] == ['DB', 'web']
    assert state['labels'] == {'env': 'dev', '_internal': '1'}
    assert state['drives'] == [{'id': DISK, 'name': 'system', 'size_gb': 20, 'tier': 'maxiops', 'device': 'virtio:0',
                                'media': 'disk', 'boot': False, 'encrypted': None, 'labels': {'use': 'os'}}]
    assert [(item['index'], item['type'], item['address']) for item in state['networks']] == [
        (1, 'public', '198.51.100.7'), (2, 'utility', '10.1.0.2'), (3, 'public', '2001:db8::7'),
        (4, 'private', '10.9.0.4')]
    own = state['provider_options']
    assert own['firewall'] is True and own['metadata'] is None and own['remote_access_port'] == 3000
    assert own['server_group'] is None and own['host'] == 7600001001


def test_what_the_list_does_not_tell_is_null():
    state = wire.server_in(wire.Entry({
        'uuid': UUID, 'hostname': 'x', 'state': 'maintenance', 'core_number': '1', 'memory_amount': '512',
        'plan': 'custom', 'labels': {'label': []}, 'tags': {'tag': []}, 'zone': 'fi-hel1', 'title': 'x',
        'ip_addresses': {'ip_address': []}}))
    assert state['state'] == 'unknown' and state['public_ipv4'] == [] and state['tags'] == []
    assert state['drives'] is None and state['networks'] is None and state['private_ipv4'] is None


@pytest.mark.parametrize('raw', [{}, {'uuid': UUID, 'tags': None, 'labels': None, 'ip_addresses': None},
                                 {'ip_addresses': [{'access': 'public', 'family': 'IPv4', 'address': '198.51.100.1'}],
                                  'storage_devices': {'storage_device': [{'type': 'cdrom', 'storage': ''}]},
                                  'networking': None, 'core_number': 'x', 'state': 'rescue'}])
def test_an_odd_server_of_a_list_can_be_read(raw):
    state = wire.server_in(wire.Entry(raw))
    assert state['state'] == 'unknown' and state['cpu_cores'] is None


@pytest.mark.parametrize('spoilt', [None, {}, {'label': None, 'tag': None, 'interfaces': {}, 'storage_device': None}])
@pytest.mark.parametrize('key', ['labels', 'tags', 'networking', 'storage_devices'])
def test_details_that_lack_a_part_are_not_taken_for_a_server_without_it(key, spoilt):
    for raw in ({name: value for name, value in RAW.items() if name != key}, {**RAW, key: spoilt}):
        with pytest.raises(Malformed, match='no list under'):
            wire.server_in(raw)


def test_labels_of_a_drive_that_are_not_told_are_not_replaced():
    raw = copy.deepcopy(RAW)
    del raw['storage_devices']['storage_device'][0]['labels']
    assert planned(raw, drives=[{'name': 'system'}])[0] == []
    with pytest.raises(Malformed, match='labels of the drive system'):
        planned(raw, drives=[{'name': 'system', 'labels': {'new': 'x'}}])


@pytest.mark.parametrize('state, neutral', [
    ('started', 'running'), ('stopped', 'stopped'), ('error', 'error'), ('maintenance', 'unknown'), ('new', 'unknown')])
def test_states(state, neutral):
    assert wire.server_in(dict(RAW, state=state))['state'] == neutral


@pytest.mark.parametrize('value, text', [
    (0, '1970-01-01T00:00:00Z'), ('1767225600', '2026-01-01T00:00:00Z'), (None, None),
    ('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')])
def test_times(value, text):
    assert wire.moment(value) == text


def test_secrets_are_compared_and_not_shown():
    crossing = SERVER.crossing('upcloud')
    assert crossing.hidden(RAW)['vnc_password'] == 'canary12'
    assert 'canary12' not in str(crossing.neutral(Work(Scripted({}), {}, None, None), RAW))


# -- making -----------------------------------------------------------------------------------------------------------
def test_the_least_that_is_sent():
    assert made() == {
        'hostname': 'web1.example.com', 'title': 'web1.example.com', 'zone': 'fi-hel1', 'plan': '2xCPU-4GB',
        'password_delivery': 'none',
        'storage_devices': {'storage_device': [{'action': 'clone', 'storage': TEMPLATE['uuid'], 'size': 80,
                                                'title': 'web1.example.com boot', 'tier': 'maxiops'}]},
        'networking': {'interfaces': {'interface': [
            {'index': 1, 'type': 'public', 'ip_addresses': {'ip_address': [{'family': 'IPv4'}]}},
            {'index': 2, 'type': 'utility', 'ip_addresses': {'ip_address': [{'family': 'IPv4'}]}},
            {'index': 3, 'type': 'public', 'ip_addresses': {'ip_address': [{'family': 'IPv6'}]}}]}}}


def test_every_attribute_is_sent():
    body = made(
        plan=None, cpu_cores=2, memory_mb=2048, labels={'b': 2, 'a': None}, ssh_keys=['ssh-rsa A'],
        user_data='#!/bin/sh', vnc_password='abcd1234', networks=[
            {'type': 'private', 'network': NET, 'index': 2, 'source_ip_filtering': False, 'bootable': True,
             'addresses': [{'address': '10.9.0.5', 'dhcp_provided': True}, {'address': '10.9.0.6'}]}],
        upcloud={'title': 'T', 'boot_order': 'network,disk', 'firewall': False, 'metadata': True, 'nic_model': 'e1000',
                 'video_model': 'cirrus', 'timezone': 'Europe/Helsinki', 'simple_backup': '0430,weeklies',
                 'server_group': UUID, 'remote_access_enabled': True, 'remote_access_type': 'vnc',
                 'login_user': {'username': 'me'}, 'password_delivery': 'sms', 'host': 7, 'avoid_host': 8})
    devices = body.pop('storage_devices')
    assert devices['storage_device'][0]['size'] == 10, 'the least that a storage can have'
    assert body == {
        'hostname': 'web1.example.com', 'title': 'T', 'zone': 'fi-hel1', 'core_number': '2', 'memory_amount': '2048',
        'labels': {'label': [{'key': 'a', 'value': ''}, {'key': 'b', 'value': '2'}]}, 'user_data': '#!/bin/sh',
        'login_user': {'username': 'me', 'create_password': 'no', 'ssh_keys': {'ssh_key': ['ssh-rsa A']}},
        'boot_order': 'network,disk', 'firewall': 'off', 'metadata': 'yes', 'nic_model': 'e1000',
        'video_model': 'cirrus', 'timezone': 'Europe/Helsinki', 'simple_backup': '0430,weeklies', 'server_group': UUID,
        'remote_access_enabled': 'yes', 'remote_access_type': 'vnc', 'remote_access_password': 'abcd1234',
        'password_delivery': 'sms', 'host': '7', 'avoid_host': '8',
        'networking': {'interfaces': {'interface': [{
            'type': 'private', 'network': NET, 'index': 2, 'source_ip_filtering': 'no', 'bootable': 'yes',
            'ip_addresses': {'ip_address': [{'family': 'IPv4', 'address': '10.9.0.5', 'dhcp_provided': 'yes'},
                                            {'family': 'IPv4', 'address': '10.9.0.6'}]}}]}}}


def test_drives_are_sent():
    free = {'storage': {'uuid': DISK, 'title': 'free', 'size': 10, 'zone': 'fi-hel1', 'servers': {'server': []}}}
    cdrom = {'storages': {'storage': [{'uuid': 'cd-1', 'title': 'Rescue', 'type': 'cdrom'}]}}
    steps, dummy = planned(
        zone='fi-hel1', plan='BARE', answers={'GET /storage/{uuid}': free, 'GET /storage/cdrom': cdrom}, drives=[
            {'name': 'system', 'image': 'debian', 'size_gb': 15, 'boot': True},
            {'name': 'data', 'size_gb': 30, 'tier': 'hdd', 'device': 'virtio:3', 'encrypted': True, 'labels': {'a': 1},
             'backup_rule': {'interval': 'daily', 'time': '0430', 'retention': 7}},
            {'id': DISK}, {'media': 'cdrom', 'image': 'RESCUE'}])
    assert steps[0].parameters['storage_devices']['storage_device'] == [
        {'action': 'clone', 'storage': TEMPLATE['uuid'], 'title': 'system', 'size': 15, 'tier': 'maxiops',
         'boot_disk': '1'},
        {'action': 'create', 'title': 'data', 'size': 30, 'tier': 'hdd', 'address': 'virtio:3', 'encrypted': 'yes',
         'labels': [{'key': 'a', 'value': '1'}],
         'backup_rule': {'interval': 'daily', 'time': '0430', 'retention': '7'}},
        {'action': 'attach', 'storage': DISK, 'type': 'disk'},
        {'action': 'attach', 'storage': 'cd-1', 'type': 'cdrom'}]


def test_the_tier_is_that_of_the_plan():
    plans = {'plans': {'plan': [dict(PLAN, storage_tier='standard')]}}
    steps, dummy = planned(zone='fi-hel1', plan='2xCPU-4GB', image='Debian', answers={'GET /plan': plans})
    assert steps[0].parameters['storage_devices']['storage_device'][0]['tier'] == 'standard'


def test_a_lost_creation_is_looked_for_by_its_host_name():
    (step,), dummy = planned(zone='fi-hel1', plan='BARE', image='Debian')
    assert step.lookup.match == {'hostname': 'web1.example.com'} and step.lookup.operation == 'GET /server'
    assert step.wait.parameters == {'uuid': Ref('create', ('uuid',))}
    assert step.wait.verdict({'state': 'maintenance'}) is None and step.wait.verdict({'state': 'error'}) is False


def test_a_request_with_secrets_goes_into_no_handle():
    for options, secret in (({}, False), ({'user_data': 'x'}, True), ({'vnc_password': 'abcd1234'}, True)):
        (step,), dummy = planned(zone='fi-hel1', plan='BARE', image='Debian', **options)
        assert step.secret is secret


# -- changing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('options, body', [
    ({'labels': {'new': 'x'}}, {'labels': {'label': [{'key': '_internal', 'value': '1'}, {'key': 'env', 'value': 'dev'},
                                                     {'key': 'new', 'value': 'x'}]}}),
    ({'labels': {'new': 'x'}, 'purge_labels': True},
     {'labels': {'label': [{'key': '_internal', 'value': '1'}, {'key': 'new', 'value': 'x'}]}}),
    ({'upcloud': {'firewall': False}}, {'firewall': 'off'}),
    ({'upcloud': {'simple_backup': 'False'}}, {'simple_backup': 'no'}),
    ({'upcloud': {'remote_access_enabled': False}}, {'remote_access_enabled': 'no'}),
    ({'vnc_password': 'abcd1234'}, {'remote_access_password': 'abcd1234'}),
    ({'id': UUID, 'name': 'web2'}, {'hostname': 'web2'}),
    ({'plan': 'custom'}, {'plan': 'custom', 'core_number': '2', 'memory_amount': '4096'}),
])
def test_changes_in_one_request(options, body):
    sizes = {'server_sizes': {'server_size': [{'core_number': '2', 'memory_amount': '4096'}]}}
    (step,), plan = planned(RAW, answers={'GET /server_size': sizes, 'GET /server': {'servers': {'server': [RAW]}}},
                            **options)
    assert step.operation == 'PUT /server/{uuid}' and step.parameters == dict(body, uuid=UUID)
    assert step.secret == ('remote_access_password' in body) and 'abcd1234' not in str(plan.diff())


@pytest.mark.parametrize('options', [
    {}, {'labels': {'env': 'dev'}}, {'tags': ['Web', 'db']}, {'plan': '2xCPU-4GB', 'cpu_cores': 2, 'memory_mb': 4096},
    {'vnc_password': 'canary12'}, {'size_gb': 20}, {'labels': {'env': 'dev'}, 'purge_labels': True},
    {'upcloud': {'title': 'Web one', 'firewall': True, 'simple_backup': '0100,dailies', 'boot_order': 'disk'}},
    # Left out of the answer by the API.
    {'upcloud': {'metadata': True}}, {'upcloud': {'server_group': ''}},
    # How, not what.
    {'upcloud': {'host': 1, 'avoid_host': 2, 'stop_type': 'soft', 'start_type': 'sync'}},
    {'upcloud': {'detach_drives': ['not there'], 'remove_networks': [9]}},
    {'drives': [{'name': 'system'}]}, {'drives': [{'id': DISK, 'size_gb': 20, 'device': 'virtio', 'labels': {}}]},
    {'networks': [{'type': 'utility'}, {'type': 'public'}]},
    {'networks': [{'type': 'public', 'addresses': [{'family': 'IPv6', 'address': '2001:0DB8:0::7'}]}]},
    {'networks': [{'index': 4, 'type': 'private', 'network': NET, 'address': '10.9.0.4', 'bootable': False}]},
])
def test_what_is_so_already_needs_no_request(options):
    steps, dummy = planned(RAW, **options)
    assert steps == []


@pytest.mark.parametrize('options, why', [
    ({'zone': 'de-fra1'}, 'zone cannot be changed'),
    ({'plan': '2xCPU-4GB', 'cpu_cores': 4}, 'contradicts cpu_cores 4'),
    ({'size_gb': 10, 'allow_stop': True}, 'smaller'),
    ({'drives': [{'name': 'x', 'image': 'Debian'}]}, 'together with the server'),
    ({'drives': [{'name': 'system', 'tier': 'hdd', 'encrypted': False}]}, 'keeps its tier'),
    ({'networks': [{'index': 2, 'type': 'public'}], 'allow_stop': True}, 'remove_networks'),
    ({'upcloud': {'remove_networks': [4]}}, 'allow_stop'),
])
def test_what_is_refused(options, why):
    with pytest.raises(Precondition, match=why):
        planned(RAW, **options)


def test_type_of_remote_access_needs_a_stop():
    raw = dict(RAW, remote_access_type='spice')
    with pytest.raises(Precondition, match='allow_stop'):
        planned(raw, upcloud={'remote_access_type': 'vnc'})
    steps, dummy = planned(raw, upcloud={'remote_access_type': 'vnc'}, allow_stop=True)
    assert [step.id or step.operation for step in steps] == ['stop', 'PUT /server/{uuid}', 'start']
    assert steps[2].always_after == 'stop'


def test_hot_first_and_stopped_where_that_is_allowed():
    raw = dict(RAW, plan='BARE', core_number='1', memory_amount='1024')
    (step,), dummy = planned(raw, plan='2xCPU-4GB')
    assert step.fallback is None
    (step,), plan = planned(raw, plan='2xCPU-4GB', allow_stop=True)
    assert step.operation == 'PUT /server/{uuid}' and step.parameters == {'uuid': UUID, 'plan': '2xCPU-4GB'}
    codes, instead = step.fallback
    assert set(codes) == {'HOT_RESIZE_NOT_ENABLED', 'HOT_RESIZE_UNAVAILABLE', 'NO_AVAILABLE_MEMORY_SLOTS',
                          'FAILED_TO_ADD_MEMORY'}
    assert [each.id or each.operation for each in instead] == ['stop', 'PUT /server/{uuid}', 'start']
    assert plan.after['cpu_cores'] == 2 and plan.after['memory_mb'] == 4096
    assert 'provider_options.host' in plan.unknown


def test_all_that_needs_a_stop_shares_one():
    steps, dummy = planned(RAW, size_gb=30, allow_stop=True, networks=[{'type': 'private', 'network': UUID}],
                           upcloud={'title': 'x', 'remove_networks': [4]})
    assert [step.id or step.operation for step in steps] == [
        'PUT /server/{uuid}', 'stop', 'PUT /storage/{uuid}', 'DELETE /server/{uuid}/networking/interface/{index}',
        'POST /server/{uuid}/networking/interface', 'start']


# -- power ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('options, body, limit', [
    # A time limit in the request would end in a power cut.
    ({}, {'stop_type': 'soft'}, 120), ({'stop_timeout': 1000}, {'stop_type': 'soft'}, 1000),
    ({'force_stop': True, 'stop_timeout': 30}, {'stop_type': 'soft', 'timeout': '30'}, None),
    ({'force_stop': True, 'upcloud': {'stop_type': 'hard'}}, {'stop_type': 'hard'}, None)])
def test_power_is_cut_only_by_leave(options, body, limit):
    (step,), plan = planned(RAW, state='stopped', **options)
    assert step.parameters == dict(body, uuid=UUID) and step.wait.limit == limit
    assert step.destructive == ('force_stop' in options) and plan.after['provider_state'] == 'stopped'


def test_a_start_is_waited_for_here():
    (step,), dummy = planned(dict(RAW, state='stopped'), state='running', upcloud={'avoid_host': 5})
    assert step.parameters == {'uuid': UUID, 'start_type': 'async', 'avoid_host': '5'}
    assert step.wait.done == {'state': ['started']}


def test_made_and_stopped():
    steps, dummy = planned(zone='fi-hel1', plan='BARE', image='Debian', start=False)
    assert steps[1].parameters['uuid'] == Ref('create', ('uuid',)) and steps[1].wait.parameters == {
        'uuid': Ref('create', ('uuid',))}


def test_a_server_on_its_way_is_waited_for():
    crossing = SERVER.crossing('upcloud')
    assert crossing.settling({'uuid': UUID, 'state': 'started'}, 'present') is None
    wait = crossing.settling({'uuid': UUID, 'state': 'maintenance'}, 'present')
    assert wait.verdict({'state': 'started'}) and wait.verdict({'state': 'stopped'})
    assert wait.verdict({'state': 'error'}) is False and 'comes back' in wait.hint


@pytest.mark.parametrize('state', ['present', 'running', 'stopped', 'restarted'])
def test_nothing_is_planned_for_a_server_in_error(state):
    with pytest.raises(JobFailed, match='is in error; .* comes back'):
        planned(dict(RAW, state='error'), state=state)


# -- deleting ---------------------------------------------------------------------------------------------------------
def test_what_is_not_this_servers_alone_is_detached():
    other = {'storage': {'uuid': DISK, 'access': 'private', 'servers': {'server': [UUID, 'another']}}}
    steps, dummy = planned(dict(RAW, state='stopped'), state='absent', delete_drives=True,
                           answers={'GET /storage/{uuid}': other}, upcloud={'delete_backups': 'delete'})
    assert [(step.operation, step.parameters) for step in steps] == [
        ('POST /server/{uuid}/storage/detach', {'uuid': UUID, 'address': 'virtio:0'}),
        ('DELETE /server/{uuid}', {'uuid': UUID, 'storages': '1', 'backups': 'delete'})]
    assert steps[1].destructive


def test_drives_are_kept_by_default():
    (stop, delete), dummy = planned(RAW, state='absent')
    assert stop.parameters == {'uuid': UUID, 'stop_type': 'soft'} and delete.parameters == {'uuid': UUID}


# -- after a lost answer ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize('operation, values, raw, sent', [
    ('POST /server/{uuid}/stop', {}, dict(RAW, state='stopped'), False), ('POST /server/{uuid}/stop', {}, RAW, True),
    ('POST /server/{uuid}/start', {}, RAW, False), ('POST /server/{uuid}/start', {}, dict(RAW, state='stopped'), True),
    ('POST /server/{uuid}/storage/attach', {'storage': DISK}, RAW, False),
    ('POST /server/{uuid}/storage/attach', {'storage': 'other'}, RAW, True),
    ('POST /server-group/{uuid}/servers', {'uuid': 'g', 'server': UUID}, dict(RAW, server_group='g'), False)])
def test_a_lost_answer_is_made_up_for_by_a_look(operation, values, raw, sent):
    client = Scripted({'GET /server/{uuid}': {'server': raw}, operation: {'server': {}}})
    work = Work(client, {}, None, None)
    SERVER.crossing('upcloud').recover(work, Step(operation, dict({'uuid': UUID}, **values)), OutcomeUnknown('lost'))
    assert client.asked == ['GET /server/{uuid}'] + ([operation] if sent else [])


def test_what_cannot_be_looked_up_fails_closed():
    work = Work(Scripted({}), {}, None, None)
    step = Step('POST /server/{uuid}/networking/interface', {'uuid': UUID, 'type': 'public'})
    with pytest.raises(OutcomeUnknown):
        SERVER.crossing('upcloud').recover(work, step, OutcomeUnknown('lost'))
    assert work.client.asked == []


# -- matching ---------------------------------------------------------------------------------------------------------
def current():
    return wire.networks_of(RAW)


def test_interfaces_are_matched_by_what_they_are():
    pairs = matching.networks_for([{'type': 'public', 'addresses': [{'family': 'IPv6'}]}, {'type': 'public'},
                                   {'type': 'public'}, {'type': 'private', 'network': NET}], current())
    assert [found and found['index'] for dummy, found in pairs] == [3, 1, None, 4]


def test_an_index_is_named_free_or_that_of_what_is_meant():
    def given(*wanted, unwanted=(), there=None):
        there = current() if there is None else there
        return [item['index'] for item in matching.indexed([{'type': 'public', **item} for item in wanted],
                                                           there, unwanted)]
    assert given({}, {}, {}) == [1, 5, 6]
    assert given({}, {}, unwanted=[1, 6]) == [5, 7]
    assert given({}, {'index': 1}, {'index': 5}, {'index': 9}) == [6, 1, 5, 9]
    assert given({}, {'index': 1}, {}, there=[]) == [2, 1, 3]


def test_an_interface_with_the_very_address_goes_first():
    there = [dict(current()[3], index=index, addresses=[{'family': 'IPv4', 'address': address, 'dhcp_provided': True}])
             for index, address in ((4, '10.9.0.4'), (5, '10.9.0.5'))]
    ((dummy, found),) = matching.networks_for([{'type': 'private', 'network': NET, 'address': '10.9.0.5'}], there)
    assert found['index'] == 5


def test_addresses_are_counted():
    wanted = {'type': 'private', 'addresses': [{'family': 'IPv4'}, {'address': '10.9.0.4'}]}
    assert matching.missing_addresses(wanted, current()[3]) == [{'family': 'IPv4'}]
    assert matching.missing_addresses(dict(wanted, addresses=[{'family': 'IPv4'}]), current()[3]) == []
