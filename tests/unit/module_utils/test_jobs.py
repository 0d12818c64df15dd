# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Handles: waited for together, finished once, whoever asks."""

from __future__ import annotations

import copy
import json

import pytest

import fake_cloud as fake
from ansible_collections.indie.cloud.plugins.module_utils import jobs, runner
from ansible_collections.indie.cloud.plugins.module_utils.errors import Conflict
from fake_cloud import FakeClock


@pytest.fixture(autouse=True)
def cloud(fake_client, monkeypatch):
    monkeypatch.setitem(jobs.RESOURCES, 'server', fake.FAKE)
    return fake_client


def context(check=False):
    return runner.Context(check, environ={}, clock=FakeClock())


def started(**options):
    """The handle of a task that did not wait, as a playbook would hand it on."""
    result = runner.run(fake.FAKE, dict(fake.OPTIONS, wait=False, **options), context())
    assert not result.get('failed'), result['msg']
    fake.FakeClient.log.clear()
    return json.loads(json.dumps(result['job']))


def job(*handles, check=False, **options):
    return jobs.run_job(dict(fake.OPTIONS, jobs=list(handles), **options), context(check))


def look(*handles):
    return jobs.run_job_info(dict(fake.OPTIONS, jobs=list(handles)), context())


def test_looking_neither_waits_nor_writes(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', state='stopped')
    first, second = look(handle), look(handle)
    assert [each['jobs'][0]['status'] for each in (first, second)] == ['stopped', 'stopped']
    assert second['jobs'][0]['finished'] and not second['jobs'][0]['failed'] and cloud.log == ['get', 'get']


def test_what_remains_is_done_and_done_once(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    assert [step['operation'] for step in handle['remaining']] == ['set', 'start']
    done = job(handle)
    assert done['changed'] and done['jobs'][0]['finished'] and done['jobs'][0]['result']['memory_mb'] == 16
    assert cloud.things['id-1']['state'] == 'running'


def test_a_handle_is_finished_once_and_then_only_looked_at(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    twice = job(handle, handle)
    assert [each['result']['memory_mb'] for each in twice['jobs']] == [16, 16] and cloud.log.count('set') == 1
    cloud.things['id-1']['size'] = 8
    cloud.log.clear()
    for check in (True, False):
        again = job(handle, check=check)
        assert not again['changed'] and not again.get('failed')
    # The wait for the stop, which is long over, is no longer waited for either.
    assert again['jobs'][0]['result']['memory_mb'] == 8 and not {'stop', 'set', 'start'} & set(cloud.log)


def test_the_handle_of_another_run_that_does_the_same_is_another(cloud):
    for state in ('first', 'second'):
        cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
        done = job(started(name='a', memory_mb=16, allow_stop=True))
        assert done['changed'] and cloud.things['id-1']['size'] == 16, state


def test_what_went_since_it_was_finished_is_an_error(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    job(handle)
    cloud.things.clear()
    again = job(handle)
    assert again['failed'] and again['error']['kind'] == 'not_found' and 'gone since' in again['msg']


def test_in_check_mode_it_tells_whether_something_remains(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    assert job(handle, check=True)['changed'] and cloud.log == []
    assert not job(dict(handle, remaining=[]), check=True)['changed']


def test_many_are_polled_together_and_nulls_left_out(cloud):
    handles = [started(name=name) for name in 'abc']
    result = job(None, *handles)
    assert [each['result']['name'] for each in result['jobs']] == ['a', 'b', 'c'] and not result['changed']


def test_those_that_failed_are_listed_and_the_others_finished(cloud):
    good, bad = started(name='a'), started(name='b')
    cloud.things['id-2']['next'] = 'error'
    result = job(good, bad)
    assert result['failed'] and result['failed_jobs'] == ['upcloud server b (state id-2)']
    assert result['jobs'][0]['finished'] and result['jobs'][1]['error']['kind'] == 'job_failed'


def test_a_step_that_fails_is_told_with_its_handle(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    cloud.script['set'] = [Conflict('no room', code='FULL')]
    result = job(handle)
    assert result['failed'] and result['error']['code'] == 'FULL' and 'server a' in result['msg']


def test_the_server_is_started_again_even_if_the_change_fails(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    cloud.script['set'] = [Conflict('no room', code='FULL')]
    assert job(handle)['failed'] and cloud.things['id-1']['state'] == 'running'


def test_a_refusal_that_allows_another_way_is_no_failure_of_a_handle(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    handle = started(name='a', memory_mb=16, allow_stop=True)
    handle['remaining'][0]['fallback'] = [['FULL'], [{'operation': 'set', 'parameters': {'id': 'id-1', 'size': 8}}]]
    cloud.script['set'] = [Conflict('no room', code='FULL')]
    result = job(handle)
    assert not result.get('failed') and cloud.things['id-1']['size'] == 8 and 'FULL' in result['warnings'][0]


def test_what_remains_of_one_is_done_though_another_never_ends(cloud):
    for name in 'ab':
        cloud.things['id-' + name] = {'id': 'id-' + name, 'name': name, 'state': 'running', 'labels': {}}
    handles = [started(name=name, memory_mb=16, allow_stop=True) for name in 'ab']
    cloud.things['id-b']['next'] = 'stopping'
    result = job(*handles, wait_timeout=30)
    assert result['failed'] and result['failed_jobs'] == ['upcloud server b (state id-b)']
    assert result['error']['kind'] == 'wait_timeout' and result['changed'] and result['jobs'][0]['finished']
    assert cloud.things['id-a'] == {'id': 'id-a', 'name': 'a', 'state': 'running', 'labels': {}, 'size': 16}


def test_a_step_with_a_secret_is_left_to_its_task():
    handle = started(name='a')
    result = job(dict(handle, remaining=[{'operation': 'set', 'summary': 'set the password', 'rerun': True}]))
    assert result['msg'].count('server a') == 1
    assert result['failed'] and 'set the password' in result['msg'] and 'again' in result['msg']


@pytest.mark.parametrize('broken', [
    'text', {}, {'provider': 'upcloud'}, 7, [],
])
def test_what_is_no_handle_is_refused(broken, cloud):
    for result in (job(broken), look(broken)):
        assert result['failed'] and result['error']['kind'] == 'input' and cloud.log == []


@pytest.mark.parametrize('key, value', [
    ('provider', 'nope'), ('resource', {'type': 'nope'}), ('remaining', 'x'), ('remaining', [{'operation': 1}]),
    ('resource', {'type': 'server', 'id': 'a', 'name': 'a', 'wait': None}), ('resource', {'type': 'server'})])
def test_a_handle_that_was_tampered_with_is_refused(key, value, cloud):
    handle = copy.deepcopy(started(name='a'))
    handle[key] = value
    result = job(handle)
    assert result['failed'] and result['error']['kind'] == 'input' and cloud.log == []


def test_only_operations_of_the_table_can_be_called(cloud):
    handle = started(name='a')
    handle['resource']['wait']['operation'] = 'rm'
    assert job(handle)['error']['kind'] == 'input'
    handle = started(name='b')
    handle['remaining'] = [{'operation': 'rm', 'summary': 'x'}]
    assert job(handle)['failed']


def test_a_token_is_kept_by_whoever_finishes_the_job(cloud, monkeypatch, tmp_path):
    monkeypatch.setattr(fake.FakeServer, 'honours', dict(fake.FakeServer.honours, once={}))
    monkeypatch.setattr(fake.FakeServer, 'refuses', {})
    monkeypatch.setattr(fake.FakeServer, 'reimaged', fake.FakeServer.restarted, raising=False)
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'running', 'labels': {}}
    wanted = {'name': 'a', 'state': 'reimaged', 'once': 'today'}
    handle = started(**wanted)
    assert handle['resource']['named'] == {'name': 'a'} and job(handle)['changed']
    cloud.log.clear()
    again = runner.run(fake.FAKE, dict(fake.OPTIONS, **wanted), context())
    assert not again['changed'] and again['notes'] and 'stop' not in cloud.log
