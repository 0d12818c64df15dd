# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two front ends, through the real ansible-playbook: the same arguments give the same result, and no task goes the
wrong way."""

from __future__ import annotations

import json

import pytest
from playing import play

PROVIDER = {'provider': 'upcloud'}
# `environment` is what sends a task to the module's own process.
AS_MODULE = {'environment': {'INDIE_TEST': '1'}}


@pytest.fixture(autouse=True)
def fresh(sandbox):
    sandbox.reset()


def server(**options):
    return {'indie.cloud.server': {**PROVIDER, **options}}


def info(**options):
    return {'indie.cloud.server_info': {**PROVIDER, **options}}


MADE = {'name': 'web1.example.com', 'zone': 'fi-hel1', 'plan': '1xCPU-2GB', 'image': 'Debian GNU/Linux 11 (Bullseye)'}

ERROR = {'kind', 'provider', 'operation', 'code', 'http_status', 'message', 'job', 'request_id'}
# Each is played both ways. What the answer holds of times and counts differs and is left out.
SAME = [
    info(),
    info(name='nobody'),
    info(filters={'state': 'running'}),
    info(filters={'colour': 'red'}),
    info(nonsense=1),
    info(details='perhaps'),
    server(name='web1.example.com', memory_mb='many'),
    server(name='web1.example.com', memory_mb='1024 '),
    server(name='web1.example.com', upcloud={'nonsense': 1}),
    server(name='web1.example.com', memset={'nonsense': 1}),
    server(name='web1.example.com', drives=[{'nonsense': 1}]),
    server(name='web1.example.com', state='gone'),
    server(name=12, state='absent'),
    server(name='web1.example.com', labels={1: 2, False: None, 'day': '2026-11-21'}, state='absent'),
    server(),
    {'indie.cloud.server': {'name': 'web1.example.com'}},
    {'indie.cloud.server': {'provider': 'azure', 'name': 'web1.example.com'}},
    {**server(**MADE), 'check_mode': True},
    {**server(**MADE, start='maybe'), 'check_mode': True},
    {'indie.cloud.api': {**PROVIDER, 'operation': 'GET /zone'}},
    {'indie.cloud.api': {**PROVIDER, 'operation': 'GET /zones'}},
    {'indie.cloud.job_info': {'jobs': [None]}},
    {'indie.cloud.job_info': {'jobs': ['text']}},
    {'indie.cloud.job': {'jobs': [{'provider': 'upcloud'}]}},
]


def comparable(result):
    """The result less what differs between any two runs, or between the ways by Ansible's own doing."""
    return {key: value for key, value in result.items()
            if key not in ('invocation', 'stats', '_ansible_parsed', 'exception')}


def test_both_ways_give_the_same(sandbox, tmp_path):
    played = play(tmp_path, SAME + [{**task, **AS_MODULE} for task in SAME], sandbox.env, '-vvv')
    here, there = played.results[:len(SAME)], played.results[len(SAME):]
    for task, one, other in zip(SAME, here, there):
        # Core 2.19 and later say themselves that a task failed, for an action plugin.
        assert comparable(one) == comparable(other), task
        assert 'Traceback' not in json.dumps(one) and 'invocation' not in one
        assert set(one['error'] or ERROR) == ERROR and bool(one['error']) == bool(one.get('failed')), one
    assert played.output.count('runs in this process') == played.output.count('environment is set') == len(SAME)
    assert sandbox.writes() == []


def test_secrets_that_no_argument_spec_knows_are_told_nowhere(sandbox, tmp_path):
    change = {**PROVIDER, 'operation': 'PUT /server/{uuid}', 'parameters': {
        'uuid': sandbox.seed('upcloud', servers=1)['servers'][0], 'remote_access_password': 'canary01'}}
    tasks = [{'indie.cloud.api': change}, {'indie.cloud.api': {**change, 'upcloud_api_url': 'https://u:canary02@x.test'}},
             {'indie.cloud.job': {'jobs': [{'provider': 'upcloud', 'secrets': 'canary03'}]}},
             {'indie.cloud.api': {**change, 'wait': 'canary'}}]
    # The playbook's own text may be quoted by core where a task fails.
    vars_ = {name: 'canary0%d' % number for number, name in enumerate('abc', 1)}
    for way in ({}, AS_MODULE):
        text = json.dumps([{**task, **way} for task in tasks])
        for name, value in vars_.items():
            text = text.replace(value, '{{ %s }}' % name)
        played = play(tmp_path, json.loads(text), sandbox.env, '-vvvv', vars=vars_)
        assert [bool(result.get('failed')) for result in played.results] == [False, True, True, True], played.output
        assert 'canary0' not in played.output and 'canary0' not in json.dumps(played.results)


def test_a_secret_in_an_address_or_in_a_message_of_the_api_is_told_nowhere(sandbox, tmp_path):
    secret = 'S3kr1tS3kr1t'
    urls = ['u:%s@h', 'ftp://me:%s@h', 'https://me:%s', 'https://me:%s @h', 'http://me.%s.example.com']
    tasks = [info(upcloud_api_url=url % secret) for url in urls]
    key = sandbox.env['MEMSET_API_KEY']
    tasks.append({'indie.cloud.server_info': {'provider': 'memset'}})
    for way in ({}, AS_MODULE):
        sandbox.faults(kind='status', status=503, provider='memset', operation='server.list', body=json.dumps(
            {'error_type': 'ServiceTemporarilyUnavailable', 'error_code': 11, 'error': 'no service for key ' + key}))
        played = play(tmp_path, [{**task, **way} for task in tasks], sandbox.env, '-vv')
        told = [result['msg'] for result in played.results[:-1]]
        assert all('upcloud_api_url' in message and secret not in message for message in told), told
        assert not played.results[-1].get('failed'), played.results[-1]
        assert ('trying again' in played.output) == (way == {}) and key not in played.output


def test_a_secret_that_was_given_is_returned_where_that_is_asked_for(sandbox, tmp_path):
    task = server(**MADE, vnc_password='Screen42', return_secrets=True, upcloud={'remote_access_enabled': True})
    other = json.loads(json.dumps(task).replace('web1', 'web2'))
    played = play(tmp_path, [task, {**other, **AS_MODULE}], sandbox.env)
    assert [result['secrets'].get('vnc_password') for result in played.results] == ['Screen42'] * 2, played.results
    assert 'Screen42' not in json.dumps([dict(result, secrets={}) for result in played.results])


def test_which_way_a_task_goes_and_why(sandbox, tmp_path):
    tasks = [
        info(),
        {**info(), **AS_MODULE},
        {**info(), 'vars': {'ansible_python_interpreter': '/usr/bin/env python3'}},
        {**info(), 'vars': {'ansible_python_interpreter': '{{ ansible_playbook_python }}'}},
        {**info(), 'vars': {'ansible_python_interpreter': 'auto_silent'}},
        {**info(), 'async': 30, 'poll': 1},
        {**info(), 'delegate_to': 'localhost'},
    ]
    ways = [line.rpartition('indie.cloud.server_info: ')[2] for line in
            play(tmp_path, tasks, sandbox.env, '-vvv').output.splitlines() if 'indie.cloud.server_info: runs' in line]
    assert ways == [
        'runs in this process', 'runs as a module: environment is set',
        'runs as a module: ansible_python_interpreter is /usr/bin/env python3',
        'runs in this process', 'runs in this process', 'runs as a module: async is asked for', 'runs in this process']


def test_async_works(sandbox, tmp_path):
    sandbox.seed('upcloud', servers=2)
    result, = play(tmp_path, [{**info(), 'async': 60, 'poll': 1}], sandbox.env).results
    assert len(result.get('servers', ())) == 2, result


def test_vault_dates_and_keys_reach_the_runner_as_text(sandbox, tmp_path):
    (tmp_path / 'password').write_text('open')
    from ansible.parsing.vault import VaultLib, VaultSecret
    text = VaultLib([('default', VaultSecret(b'open'))]).encrypt(b'vaulted.example.com').decode()
    vault = '!vault |\n' + ''.join('            %s\n' % line for line in text.splitlines())
    task = '- indie.cloud.server:\n    provider: upcloud\n    name: %s\n    zone: fi-hel1\n    plan: 1xCPU-2GB\n' \
           '    image: Debian GNU/Linux 11 (Bullseye)\n    labels: {day: 2026-11-21, 7: 8, none: 1.5}\n' \
           '  check_mode: true\n'
    tasks = task % vault + task % '"{{ secret_name }}"'
    both = tasks + ''.join((task + '  environment: {A: b}\n') % value for value in (vault, '"{{ secret_name }}"'))
    (tmp_path / 'vars.yml').write_text('secret_name: %s' % vault)
    played = play(tmp_path, both, sandbox.env, '--vault-password-file', str(tmp_path / 'password'),
                  vars_files=[str(tmp_path / 'vars.yml')])
    assert len(played.results) == 4, played.output
    for result in played.results:
        assert not result.get('failed'), result['msg']
        assert result['server']['name'] == 'vaulted.example.com'
        assert result['server']['labels'] == {'day': '2026-11-21', '7': '8', 'none': '1.5'}


def test_defaults_of_one_module_do_not_reach_another(sandbox, tmp_path):
    made, = sandbox.seed('upcloud', servers=1)['servers']
    tasks = [{'indie.cloud.server': {'id': made}}, {'indie.cloud.server_info': {}},
             {'indie.cloud.job_info': {'jobs': []}}]
    for way in ({}, AS_MODULE):
        played = play(tmp_path, [{**task, **way} for task in tasks], sandbox.env, module_defaults={
            'group/indie.cloud.all': {'provider': 'upcloud', 'read_timeout': 30},
            'indie.cloud.api': {'operation': 'nonsense'}, 'indie.cloud.job': {'jobs': ['nonsense']},
            'indie.cloud.server_info': {'id': made}})
        one, listed, looked = played.results
        assert not one.get('failed') and not one['changed'] and one['server']['id'] == made, one.get('msg')
        assert [each['id'] for each in listed['servers']] == [made]
        assert looked['jobs'] == []
    played = play(tmp_path, [{'indie.cloud.server_info': {}}], sandbox.env, module_defaults={
        'group/indie.cloud.all': PROVIDER, 'indie.cloud.server': {'state': 'absent', 'name': 'nobody'}})
    assert [each['id'] for each in played[0]['servers']] == [made]


def test_no_secret_at_any_verbosity(sandbox, tmp_path):
    env = {**sandbox.env, 'UPCLOUD_TOKEN': '', 'UPCLOUD_USERNAME': '', 'UPCLOUD_PASSWORD': '',
           'ANSIBLE_LOG_PATH': str(tmp_path / 'log')}
    (tmp_path / 'secrets.yml').write_text(json.dumps({
        'bad_password': 'canary-password', 'good_password': sandbox.env['UPCLOUD_PASSWORD'], 'vnc': 'canary12',
        'data': 'canary-data'}))
    login = {'upcloud_username': sandbox.env['UPCLOUD_USERNAME'], 'upcloud_password': '{{ bad_password }}'}
    good = {**login, 'upcloud_password': '{{ good_password }}'}
    tasks = [server(**login, name='a.example.com', vnc_password='{{ vnc }}'), info(**login),
             server(**MADE, **good, user_data='{{ data }}', vnc_password='{{ vnc }}',
                    upcloud={'remote_access_enabled': True})]
    played = play(tmp_path, tasks + [{**task, **AS_MODULE} for task in tasks], env, '-vvvv', '--diff',
                  vars_files=[str(tmp_path / 'secrets.yml')])
    assert played[1]['error']['kind'] == 'auth', played[1]
    assert not played[2].get('failed'), played[2]
    log = (tmp_path / 'log').read_text()
    results = json.dumps(played.results)
    for secret in ('canary-', 'canary12', sandbox.env['UPCLOUD_PASSWORD']):
        assert secret not in played.output and secret not in log and secret not in results
