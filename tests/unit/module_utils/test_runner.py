# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runner over a provider in memory: what is told, what is sent, and what is not."""

from __future__ import annotations

import json

import pytest

import fake_cloud as fake
from ansible_collections.indie.cloud.plugins.module_utils import runner
from ansible_collections.indie.cloud.plugins.module_utils.errors import Conflict, OutcomeUnknown, Unavailable
from fake_cloud import FakeClock


@pytest.fixture(autouse=True)
def cloud(fake_client):
    return fake_client


def run(check=False, **options):
    fake.FakeClient.log.clear()
    context = runner.Context(check, environ={}, clock=FakeClock())
    return runner.run(fake.FAKE, dict(fake.OPTIONS, **options), context)


def sent():
    return [name for name in fake.FakeClient.log if name not in ('list', 'get')]


KEYS = {'changed', 'diff', 'steps', 'server', 'job', 'unknown_until_applied', 'notes', 'error', 'secrets', 'stats'}


def both(**options):
    """Check mode, then the real run: they must tell the same, and check mode must send nothing."""
    checked = run(True, **options)
    assert sent() == []
    real = run(**options)
    for key in ('changed', 'steps', 'diff', 'notes'):
        assert checked[key] == real[key]
    assert set(checked) - {'warnings'} == set(real) - {'warnings'} == KEYS
    for key, value in (checked['server'] or {}).items():
        if key in checked['unknown_until_applied']:
            assert value is None
        else:
            assert value == real['server'][key], key
    return real


def test_the_life_of_a_thing():
    made = both(name='a', memory_mb=8)
    assert made['changed'] and sent() == ['create'] and made['server']['state'] == 'running'
    assert not both(name='a', memory_mb=8)['changed'] and sent() == []
    assert both(name='a', labels={'x': '1'})['changed'] and sent() == ['set']
    assert not both(name='a', labels={'x': '1'})['changed']
    assert both(name='a', memory_mb=16, allow_stop=True)['changed'] and sent() == ['stop', 'set', 'start']
    assert not both(name='a', memory_mb=16, allow_stop=True)['changed']
    assert both(name='a', state='stopped')['changed'] and sent() == ['stop']
    assert not both(name='a', state='stopped')['changed']
    assert both(name='a', state='running')['changed'] and sent() == ['start']
    assert not both(name='a', state='running')['changed']
    assert both(name='a', state='restarted')['changed'] and sent() == ['stop', 'start']
    assert both(name='a', state='absent')['changed'] and sent() == ['delete']
    assert not both(name='a', state='absent')['changed'] and sent() == []


def test_present_does_not_touch_the_power():
    run(name='a')
    run(name='a', state='stopped')
    assert not run(name='a')['changed'] and sent() == []


def test_id_identifies_and_name_is_wanted():
    ident = run(name='a')['server']['id']
    renamed = run(id=ident, name='b')
    assert renamed['changed'] and renamed['server']['name'] == 'b' and sent() == ['set']
    assert run(id='nope')['error']['kind'] == 'not_found'
    assert not run(id='nope', state='absent')['changed']


def test_two_of_one_name_are_an_error_that_lists_ids(cloud):
    cloud.things.update({'x1': {'id': 'x1', 'name': 'a', 'state': 'running', 'labels': {}},
                         'x2': {'id': 'x2', 'name': 'a', 'state': 'running', 'labels': {}}})
    result = run(name='a', state='absent')
    assert result['error']['kind'] == 'ambiguous' and 'x1, x2' in result['msg'] and sent() == []


@pytest.mark.parametrize('options, told', [
    ({'name': None}, 'one of id and name is needed'),
    ({'cpu_mhz': 5}, 'cpu_mhz cannot be used with upcloud: use cpu_cores'),
    ({'zone': 'x'}, 'zone cannot be used with upcloud'),
    ({'memory_mb': 3}, 'memory_mb must be at least 4, not 3'),
    ({'name': ''}, 'name must not be empty'),
    ({'id': ''}, 'id must not be empty'),
    ({'state': 'reimaged'}, 'state reimaged cannot be used with upcloud: it has none'),
    ({'max_price': {'currency': 'GBP'}}, 'max_price cannot be used with upcloud'),
    ({'wait_timeout': 0}, 'wait_timeout must be above 0'),
    ({'read_timeout': 0}, 'read_timeout must be above 0'),
    ({'once': 'x'}, 'once'),
    ({'upcloud_password': None}, 'UPCLOUD_PASSWORD'),
    ({'upcloud_api_url': 'http://example.com'}, 'upcloud_api_url must be https'),
])
def test_bad_input_sends_nothing(options, told):
    result = run(**dict({'name': 'a'}, **options))
    assert result['failed'] and told in result['msg'] and result['error']['provider'] == 'upcloud'
    assert result['error']['kind'] == 'input' and fake.FakeClient.log == [] and set(result) >= KEYS


def test_what_needs_a_stop_is_refused_without_leave():
    run(name='a', memory_mb=8)
    result = both_fail(name='a', memory_mb=16)
    assert result['error']['kind'] == 'precondition' and 'allow_stop: true' in result['msg'] and sent() == []


def both_fail(**options):
    checked, real = run(True, **options), run(**options)
    assert checked['failed'] and checked['msg'] == real['msg']
    return real


def test_it_is_started_again_even_when_the_change_fails(cloud):
    run(name='a', memory_mb=8)
    cloud.script['set'] = [Conflict('no room', code='FULL')]
    result = run(name='a', memory_mb=16, allow_stop=True)
    assert result['failed'] and result['changed'] and result['error']['code'] == 'FULL'
    assert sent() == ['stop', 'set', 'start'] and cloud.things['id-1']['state'] == 'running'
    assert 'Done before that: stop' in result['msg']


def test_a_lost_answer_is_looked_up_not_sent_again(cloud):
    cloud.script['create'] = [OutcomeUnknown('no answer')]
    result = run(name='a')
    assert not result.get('failed') and result['changed'] and result['server']['id'] == 'id-1'
    assert sent() == ['create'] and 'lost' in result['warnings'][0]


def test_an_answer_lost_for_good_fails_closed(cloud, monkeypatch):
    cloud.script['create'] = [OutcomeUnknown('no answer')]
    monkeypatch.setattr(cloud, '_create', lambda self, **values: None)
    result = run(name='a')
    assert result['failed'] and result['error']['kind'] == 'outcome_unknown' and result['changed']
    assert 'name a' in result['msg'] and sent() == ['create']


def test_a_failure_before_anything_was_sent_is_no_change(cloud):
    cloud.script['create'] = [Unavailable('cannot reach it')]
    result = run(name='a')
    assert result['failed'] and not result['changed'] and cloud.things == {}


def test_without_wait_a_handle_is_returned():
    result = run(name='a', wait=False)
    assert set(result['job']) == {'provider', 'kind', 'id', 'resource', 'remaining'}
    assert result['job']['id'] == 'id-1' and result['job']['kind'] == 'state' and result['job']['remaining'] == []
    json.dumps(result['job'])


def test_a_second_run_goes_on_waiting(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'starting', 'labels': {}, 'next': 'running'}
    result = run(name='a')
    assert not result['changed'] and result['server']['state'] == 'running' and sent() == []


def test_without_wait_what_is_on_its_way_gets_a_handle_and_what_is_to_be_changed_is_waited_for(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a', 'state': 'starting', 'labels': {}, 'next': 'running'}
    assert run(name='a', wait=False)['job']['id'] == 'id-1' and sent() == []
    assert run(name='a', wait=False, labels={'x': '1'})['changed'] and cloud.log == ['list', 'get', 'get', 'set', 'get']


def test_a_timeout_names_the_state_and_returns_the_handle(cloud, monkeypatch):
    monkeypatch.setattr(cloud, '_get', lambda self, id: dict(self.things[id]))
    result = run(name='a', wait_timeout=30)
    assert result['error']['kind'] == 'wait_timeout' and result['changed'] and 'starting' in result['msg']
    assert result['job']['id'] == 'id-1' and result['stats']['waited_seconds'] == 30


@pytest.mark.parametrize('options', [{}, {'return_secrets': True}])
def test_no_secret_in_any_result(options):
    for result in (run(name='a', vnc_password='canary-vnc', **options), run(True, name='b', vnc_password='canary-vnc'),
                   run(name='a', vnc_password='canary-new', allow_stop=True)):
        assert 'canary' not in json.dumps(result)


def test_an_answer_of_another_shape_is_an_error_not_a_traceback(cloud):
    cloud.things['id-1'] = {'id': 'id-1', 'name': 'a'}
    result = run(name='a')
    assert result['failed'] and result['error']['kind'] == 'malformed' and 'Traceback' not in result['msg']


def test_info_by_id_name_filter_or_all(cloud):
    for name in ('a', 'b', 'b'):
        cloud.things['id-' + str(len(cloud.things))] = {
            'id': 'id-%d' % len(cloud.things), 'name': name, 'state': 'running', 'labels': {'env': name}}

    def info(**options):
        result = runner.run_info(fake.FAKE, dict(fake.OPTIONS, **options), runner.Context(environ={}))
        assert not result['changed'] and not result.get('failed')
        return [server['id'] for server in result['servers']]
    assert info() == ['id-0', 'id-1', 'id-2'] and info(name='b') == ['id-1', 'id-2'] and info(id='id-0') == ['id-0']
    assert info(id='nope') == [] and info(name='nope') == []
    assert info(filters={'labels': {'env': 'a'}}) == ['id-0'] and info(filters={'state': ['stopped']}) == []


def test_info_and_module_return_the_same():
    made = run(name='a')['server']
    listed = runner.run_info(fake.FAKE, dict(fake.OPTIONS, name='a'), runner.Context(environ={}))['servers']
    assert listed == [made]


def test_a_stop_that_ends_the_thing_is_foreseen(monkeypatch):
    def stop(self, change):
        change.after = None
        return [fake.Step('delete', {'id': change.id}, 'stop it, which destroys it', id='stop')]
    run(name='a')
    monkeypatch.setattr(fake.FakeServer, 'stop', stop)
    result = both(name='a', state='stopped')
    assert result['changed'] and result['server'] is None and result['diff']['after'] == {}


def test_what_an_interrupted_deletion_left_is_seen_to(cloud, monkeypatch):
    cloud.things['disk'] = {'id': 'disk', 'name': 'left', 'state': 'running', 'labels': {}}
    monkeypatch.setattr(fake.FakeServer, 'leftovers', lambda self, work, change: [
        fake.Step('delete', {'id': 'disk'}, 'delete what is left')] if 'disk' in cloud.things else [])
    result = both(name='a', state='absent')
    assert result['changed'] and result['server'] is None and sent() == ['delete']
    assert not both(name='a', state='absent')['changed']
