# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules job and job_info: many handles, of several providers, waited for together."""

from __future__ import annotations

import collections
import concurrent.futures
import json
import pathlib
import time

import pytest
import runs
from keyvalue_cloud import IMAGES

from ansible_collections.indie.cloud.plugins.module_utils import errors, jobs, journal, resource, runner, spec
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

JOB_SECONDS = 3
NEW = {
    'memset': {'plan': 'MSVM001', 'image': 'debian_buster_64'},
    'upcloud': {'zone': 'fi-hel1', 'plan': '1xCPU-1GB', 'image': 'Debian GNU/Linux 11 (Bullseye)',
                'ssh_keys': ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.com']},
    'cloudsigma': {'cpu_mhz': 1000, 'memory_mb': 512, 'image': IMAGES['cloudsigma']},
    'elastichosts': {'cpu_mhz': 1000, 'memory_mb': 512, 'image': IMAGES['elastichosts']},
}


class Estate:
    """Servers of any provider in the sandbox."""

    def __init__(self, sandbox, folder):
        self.sandbox = sandbox
        self.folder = str(folder)

    def task(self, provider, name, **more):
        """The result of the module server."""
        options = {'provider': provider, 'state_dir': self.folder, 'name': name, **more}
        parameters = runs.validated(spec.resource_spec(SERVER, provider), **options)
        return runner.run(SERVER, parameters, runner.Context(environ=self.sandbox.env, clock=runs.Hurry()))

    def begin(self, provider, name, **more):
        """The handle of a server that nobody waits for, as a playbook hands it on."""
        result = runs.ok(self.task(provider, name, **{**NEW[provider], **more}, wait=False))
        assert result['job']
        return json.loads(json.dumps(result['job']))

    def job(self, *handles, run=jobs.run_job, clock=None, wait_timeout=60, check=False):
        self.sandbox.forget()
        options = {'jobs': list(handles), 'wait_timeout': wait_timeout, 'state_dir': self.folder}
        return run(options, runner.Context(check, environ=self.sandbox.env, clock=clock))

    def sent(self, provider=None):
        """How often each operation was asked, of a provider or of all; a batch counts once, as its operations."""
        return collections.Counter(entry['operation'] for entry in self.sandbox.requests()
                                   if provider in (None, entry['provider']))


@pytest.fixture
def estate(sandbox, tmp_path):
    sandbox.reset()
    yield Estate(sandbox, tmp_path)
    sandbox.settings(job_seconds=0.2)


def test_ten_servers_take_about_as_long_as_the_slowest(estate, sandbox):
    sandbox.settings(job_seconds=JOB_SECONDS)
    handles = [estate.begin('memset', 'web%d' % number) for number in range(10)]
    began = time.monotonic()
    result = estate.job(*handles)
    took = time.monotonic() - began
    assert result['error'] is None, result['msg']
    assert [each['result']['name'] for each in result['jobs']] == ['web%d' % number for number in range(10)]
    assert all(each['finished'] and each['status'] == 'DONE' for each in result['jobs'])
    sent = estate.sent()
    # A look is one batch for all; then each name is looked for, set, and the server read.
    assert sum(count for name, count in sent.items() if 'job.status' in name) <= 5
    assert sent['service.set_nickname'] == 10 and sum(sent.values()) <= 5 + 3 * 10
    assert took < 3 * JOB_SECONDS, took


def test_servers_of_all_providers_are_waited_for_together(estate, sandbox):
    sandbox.settings(job_seconds=1)
    names = {provider: ['%s%d.example.com' % (provider, number) for number in range(2)] for provider in NEW}
    handles = [estate.begin(provider, name) for provider in NEW for name in names[provider]]
    looked = estate.job(*handles, run=jobs.run_job_info)
    assert looked['error'] is None and len(looked['jobs']) == 8 and sandbox.writes() == []
    # One list, or one batch, for each provider.
    assert max(estate.sent(provider).total() for provider in NEW) == 1
    result = estate.job(*handles)
    assert result['error'] is None, result['msg']
    assert [(each['provider'], each['result']['name']) for each in result['jobs']] == [
        (provider, name) for provider in NEW for name in names[provider]]
    assert {each['result']['state'] for each in result['jobs'] if each['provider'] != 'memset'} == {'running'}
    # What job_info returned will do as a handle too, and nothing is done twice.
    again = estate.job(*looked['jobs'][:4])
    assert again['error'] is None and not again['changed'] and sandbox.writes() == [], again.get('msg')


def test_those_that_fail_are_listed_and_the_others_finished(estate, sandbox):
    good = estate.begin('memset', 'good')
    sandbox.faults(kind='job_fails', provider='memset', operation='create.monthly_miniserver', write=True)
    bad = estate.begin('memset', 'bad')
    sandbox.faults(kind='job_fails', provider='upcloud', operation='POST /server')
    worse = estate.begin('upcloud', 'worse.example.com')
    fine = estate.begin('upcloud', 'fine.example.com')
    result = estate.job(bad, good, worse, fine, clock=runs.Hurry())
    assert result['failed'] and len(result['failed_jobs']) == 2, result['msg']
    assert 'memset server bad' in result['failed_jobs'][0] and 'upcloud server worse' in result['failed_jobs'][1]
    assert all(label in result['msg'] for label in result['failed_jobs'])
    assert [each['finished'] for each in result['jobs']] == [False, True, False, True]
    assert [each['result'] and each['result']['name'] for each in result['jobs']] == [
        None, 'good', None, 'fine.example.com']
    assert result['changed']


def test_what_remains_is_done_although_another_never_ends(estate, sandbox):
    sandbox.faults(kind='job_hangs', provider='memset', operation='create.monthly_miniserver', write=True)
    stuck = estate.begin('memset', 'stuck')
    quick = estate.begin('memset', 'quick')
    result = estate.job(stuck, quick, wait_timeout=3)
    assert result['error']['kind'] == 'wait_timeout' and result['changed']
    assert [each['finished'] for each in result['jobs']] == [False, True]
    assert result['jobs'][1]['result']['name'] == 'quick'
    assert estate.sent()['service.set_nickname'] == 1


def test_a_provider_that_does_not_answer_spoils_only_its_own(estate, sandbox):
    handles = [estate.begin('memset', 'web1'), estate.begin('upcloud', 'web2.example.com')]
    sandbox.faults(kind='status', status=401, provider='memset', operation='job.status', times=50)
    result = estate.job(*handles, clock=runs.Hurry())
    assert len(result['failed_jobs']) == 1 and 'memset' in result['failed_jobs'][0]
    assert [each['finished'] for each in result['jobs']] == [False, True]
    looked = estate.job(*handles, run=jobs.run_job_info)
    assert looked['failed'] and [each['finished'] for each in looked['jobs']] == [False, True]
    assert looked['jobs'][0]['error']['kind'] == 'auth' and looked['jobs'][1]['error'] is None


def test_an_outage_while_waiting_is_waited_out(estate, sandbox):
    handle = estate.begin('memset', 'web1')
    sandbox.faults(kind='status', status=503, provider='memset', operation='job.status', times=12)
    result = estate.job(handle, clock=runs.Hurry())
    assert result['error'] is None and result['jobs'][0]['result']['name'] == 'web1', result.get('msg')


@pytest.mark.parametrize('fault', [{'status': 401}, {'status': 429, 'kind': 'throttle'}])
def test_whatever_ends_a_wait_the_job_is_told(estate, sandbox, fault):
    sandbox.faults(**{'kind': 'status', 'provider': 'memset', 'operation': 'job.status', 'times': 99, **fault})
    result = estate.task('memset', 'web1', **NEW['memset'], wait_timeout=3)
    assert result['failed'] and result['changed'] and result['error']['job'] and result['job']
    assert result['error']['job'] == result['job']['id']
    sandbox.drop_faults()
    assert estate.job(result['job'], clock=runs.Hurry())['jobs'][0]['result']['name'] == 'web1'


@pytest.mark.parametrize('cut', ['timeout', 'auth'])
def test_whatever_ends_a_wait_for_what_an_earlier_run_began_its_handle_is_told(estate, sandbox, cut):
    name, new = 'web1.example.com', NEW['upcloud']
    sandbox.settings(job_seconds=3600)
    assert estate.task('upcloud', name, **new, wait_timeout=2)['job']
    if cut == 'auth':
        sandbox.faults(kind='status', status=401, provider='upcloud', operation='GET /server/{uuid}', nth=2, times=99)
    again = estate.task('upcloud', name, **new, wait_timeout=2)
    assert again['error']['kind'] == {'timeout': 'wait_timeout'}.get(cut, cut) and not again['changed']
    assert again['server']['name'] == name and again['job']['id'] == again['server']['id']
    assert again['diff']['before'] == again['diff']['after'] and again['diff']['before']['name'] == name
    sandbox.drop_faults()
    # What it was to do after that no handle can tell.
    more = estate.task('upcloud', name, state='stopped', force_stop=True, wait_timeout=2)
    sandbox.advance(4000)
    done = estate.job(again['job'], wait_timeout=5)
    assert done['error'] is None and done['jobs'][0]['result']['state'] == 'running', done['msg']
    told = estate.job(more['job'], wait_timeout=5)
    assert told['error']['kind'] == 'input' and 'run the task that returned it again' in told['msg']
    assert sandbox.state('upcloud')['servers'][again['server']['id']]['state'] == 'started'


def test_a_start_that_is_waited_for_again_has_a_handle(estate, sandbox, small):
    runs.ok(estate.task('upcloud', 'web1.example.com', state='stopped', force_stop=True))
    sandbox.settings(job_seconds=3600)
    for _dummy in range(2):
        result = estate.task('upcloud', 'web1.example.com', state='running', wait_timeout=2)
        assert result['error']['kind'] == 'wait_timeout' and result['job']['id'] == result['server']['id']
    sandbox.advance(4000)
    assert estate.job(result['job'], wait_timeout=5)['jobs'][0]['result']['state'] == 'running'


# -- what the task that returned a handle did since -------------------------------------------------------------------
NOT_NEW = dict.fromkeys(NEW['upcloud'])
GROWN = {'plan': '2xCPU-4GB', 'allow_stop': True}


@pytest.fixture
def small(estate, sandbox):
    """There is a running server of UpCloud, which cannot be resized while it runs."""
    sandbox.seed('upcloud', servers=1, options={'name': 'web1.example.com', 'plan': '1xCPU-1GB', 'hot_resize': False})


def test_what_the_task_itself_has_finished_is_not_waited_for(estate, small):
    handle = estate.begin('upcloud', 'web1.example.com', **{**NOT_NEW, **GROWN})
    assert runs.ok(estate.task('upcloud', 'web1.example.com', **GROWN))['changed']
    foreseen = estate.job(handle, check=True)
    result = estate.job(handle, wait_timeout=5)
    assert result['error'] is None and not result['changed'] and not foreseen['changed'], result.get('msg')
    assert result['jobs'][0]['result']['plan'] == '2xCPU-4GB' and result['jobs'][0]['finished']


def test_what_was_done_before_the_time_was_over_is_not_waited_for_again(estate, sandbox, small):
    handle = estate.begin('upcloud', 'web1.example.com', **{**NOT_NEW, **GROWN})
    time.sleep(0.6)
    sandbox.settings(job_seconds=3600)
    first = estate.job(handle, wait_timeout=2, clock=runs.Hurry())
    assert first['error']['kind'] == 'wait_timeout'
    assert [write['operation'] for write in sandbox.writes()] == [
        'PUT /server/{uuid}', 'POST /server/{uuid}/start']
    assert estate.job(handle, check=True)['changed'] is False
    assert [each['status'] for each in estate.job(handle, run=jobs.run_job_info)['jobs']] == ['maintenance']
    sandbox.advance(4000)
    # As it was returned, or as the task that failed shows it.
    for again in (handle, first['jobs'][0]):
        result = estate.job(again, wait_timeout=5)
        assert result['error'] is None and not result['changed'] and sandbox.writes() == [], result['msg']
        assert result['jobs'][0]['finished'] and result['jobs'][0]['result']['state'] == 'running'


def test_a_rest_that_was_undone_is_not_waited_for_again(estate, sandbox, small):
    handle = estate.begin('upcloud', 'web1.example.com', **{**NOT_NEW, **GROWN})
    sandbox.faults(kind='status', status=402, provider='upcloud', operation='PUT /server/{uuid}', times=9)
    first = estate.job(handle, clock=runs.Hurry())
    assert first['failed'] and estate.sent()['POST /server/{uuid}/start'] == 1
    again = estate.job(handle, wait_timeout=5)
    assert again['error']['kind'] == 'precondition' and 'run the task' in again['msg'] and sandbox.writes() == []
    assert estate.job(handle, check=True)['error']['kind'] == 'precondition'


def test_a_server_that_went_meanwhile_is_absent(estate, small):
    handle, other = (estate.begin('upcloud', 'web1.example.com', **NOT_NEW, state='absent') for dummy in range(2))
    assert estate.job(handle)['error'] is None
    result = estate.job(other, wait_timeout=5)
    assert result['error'] is None and result['jobs'][0]['finished'] and result['jobs'][0]['result'] is None


def test_drives_that_were_to_go_with_a_server_that_went_meanwhile_are_told(estate, sandbox, small):
    handle = estate.begin('upcloud', 'web1.example.com', **NOT_NEW, state='absent', delete_drives=True)
    other = estate.begin('upcloud', 'web1.example.com', **NOT_NEW, state='absent')
    assert estate.job(other)['error'] is None
    result = estate.job(handle, wait_timeout=5)
    assert result['error']['kind'] == 'precondition' and 'drives' in result['msg']
    assert sandbox.state('upcloud')['storages']


def test_a_task_with_nothing_to_do_leaves_what_remains_to_its_handle(estate, sandbox):
    handle = estate.begin('upcloud', 'web1.example.com', start=False, force_stop=True)
    time.sleep(0.6)
    assert not runs.ok(estate.task('upcloud', 'web1.example.com', **NEW['upcloud'], start=False))['changed']
    result = estate.job(handle)
    assert result['error'] is None and result['changed'] and result['jobs'][0]['result']['state'] == 'stopped'


def test_a_server_is_cancelled_once_by_several_handles(estate, sandbox):
    estate.begin('memset', 'web1')
    gone = {**dict.fromkeys(NEW['memset']), 'state': 'absent'}
    first, second = (estate.begin('memset', 'web1', **gone) for dummy in range(2))
    assert estate.job(first)['error'] is None
    result = estate.job(second)
    assert result['error'] is None and not result['changed'], result['msg']


def test_a_handle_of_a_cancellation_that_was_asked_for_again(estate, sandbox):
    runs.ok(estate.task('memset', 'web1', **NEW['memset']))
    handle = estate.begin('memset', 'web1', **{**dict.fromkeys(NEW['memset']), 'state': 'absent'})
    assert not runs.ok(estate.task('memset', 'web1', state='absent', wait=False))['changed']
    result = estate.job(handle)
    assert result['error'] is None and result['jobs'][0]['finished'], result['msg']


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts', 'upcloud'])
def test_a_handle_that_two_runs_finish_at_once_makes_one_thing(estate, sandbox, provider):
    name = 'web1.example.com'
    handle = estate.begin(provider, name, start=False, **({'force_stop': True} if provider == 'upcloud' else {}))
    sandbox.settings(latency_ms=100)
    try:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            found = list(pool.map(lambda dummy: estate.job(handle), range(2)))
    finally:
        sandbox.settings(latency_ms=0)
    assert [result['error'] for result in found] == [None, None], found
    assert sorted(result['changed'] for result in found) == [False, True]
    assert len(sandbox.state(provider)['servers']) == 1


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_a_drive_that_another_run_fills_meanwhile_is_not_filled_again(estate, sandbox, monkeypatch, provider):
    sandbox.settings(job_seconds=2)
    first, second = (estate.begin(provider, 'web1', start=False) for dummy in range(2))
    original, others = resource.Crossing.alone, [first]

    def alone(crossing, work):
        # Between the last look of this run and its lock, another one finishes its handle.
        while others:
            assert estate.job(others.pop())['error'] is None
            sandbox.forget()
        return original(crossing, work)
    monkeypatch.setattr(resource.Crossing, 'alone', alone)
    # Both may share a lock, and are in one process here.
    monkeypatch.setattr(jobs, '_hold', lambda *dummy: None)
    result = estate.job(second)
    assert result['error'] is None and result['jobs'][0]['result']['name'] == 'web1', result['msg']
    assert sandbox.writes() == []


def test_a_look_that_fails_is_no_change(estate, sandbox):
    sandbox.settings(job_seconds=2)
    estate.begin('memset', 'web1')
    sandbox.faults(kind='html', provider='memset', operation='job.status', nth=2)
    result = estate.task('memset', 'web1', **NEW['memset'])
    assert result['error']['kind'] == 'malformed' and not result['changed']


@pytest.mark.parametrize('fault', ['html', 'drop_after'])
def test_what_may_have_taken_effect_is_a_change(estate, sandbox, fault):
    handle = estate.begin('memset', 'web1')
    sandbox.faults(kind=fault, provider='memset', operation='service.set_nickname', times=9)
    result = estate.job(handle, clock=runs.Hurry())
    assert result['failed'] and result['changed'], result['msg']


@pytest.mark.parametrize('spoil', [
    lambda handle: handle['resource'].pop('name'), lambda handle: handle['resource'].pop('id'),
    lambda handle: handle['resource'].pop('wait'), lambda handle: handle['remaining'].append({'rerun': True}),
    lambda handle: handle['remaining'].append('x')])
def test_a_handle_that_lacks_something_is_bad_input(estate, sandbox, spoil):
    handle = estate.begin('memset', 'web1')
    spoil(handle)
    for run in (jobs.run_job, jobs.run_job_info):
        assert estate.job(handle, run=run)['error']['kind'] == 'input' and sandbox.requests() == []


# -- where nothing can be written down --------------------------------------------------------------------------------
@pytest.fixture
def folderless(estate):
    """A function after which the state folder cannot be made."""
    def lose():
        a_file = pathlib.Path(estate.folder) / 'file'
        a_file.write_text('')
        estate.folder = str(a_file / 'state')
    return lose


def test_handles_are_finished_without_a_state_folder(estate, sandbox, folderless):
    name = 'web1.example.com'
    stop = estate.begin('upcloud', name, start=False, force_stop=True)
    folderless()
    new = estate.begin('upcloud', 'web2.example.com')
    result = estate.job(stop, new)
    assert [each['result']['state'] for each in result['jobs']] == ['stopped', 'running'], result['msg']
    assert len(result['warnings']) == 1 and 'cannot be written to' in result['warnings'][0]


def test_what_must_be_written_down_first_is_not_done_without_a_state_folder(estate, sandbox, folderless):
    handles = [estate.begin('memset', name, **more) for name, more in (
        ('web1', {'memset': {'monitoring': True, 'auto_reboot': False}}), ('web2', {}))]
    folderless()
    result = estate.job(*handles)
    assert [each['finished'] for each in result['jobs']] == [False, True] and result['error']['kind'] == 'input'
    # Of the first nothing is done: its policy has to be written down.
    assert [(write['operation'], 'web2' in write['body']) for write in sandbox.writes()] == [
        ('service.set_nickname', True)]


def test_a_full_disk_does_not_undo_what_is_done(estate, sandbox, small, monkeypatch):
    handle = estate.begin('upcloud', 'web1.example.com', **{**NOT_NEW, **GROWN})

    def full(*dummy):
        raise errors.BadInput('no space left')
    monkeypatch.setattr(journal.Journal, 'put', full)
    result = estate.job(handle)
    assert result['error'] is None and result['jobs'][0]['result']['plan'] == '2xCPU-4GB', result['msg']
    assert 'no space left' in result['warnings'][0]
