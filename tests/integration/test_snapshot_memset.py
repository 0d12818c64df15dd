# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's snapshots against the sandbox: none is taken for another's, none is taken twice, none too many goes."""

from __future__ import annotations

import json
import threading

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils import runner
from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT

TAKE, LIST, DELETE = 'server.snapshot', 'server.snapshot_list', 'server.snapshot_delete'
WEB = {'state': 'taken', 'server': 'webaa1', 'storage': 'store1'}


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    sandbox.seed('memset', memstores=1, options={'name': 'store1'})
    sandbox.seed('memset', servers=2, options={'names': ['webaa1', 'dbaa1']})
    return runs.Runs(sandbox, tmp_path / 'state', SNAPSHOT, 'memset')


def seed(cloud, count, **options):
    return cloud.sandbox.seed('memset', snapshots=count, options=dict({'storage_name': 'store1'}, **options))[
        'snapshots']


def paths(cloud):
    return sorted(item['id'] for item in cloud.listed(storage='store1'))


def test_the_life_of_a_snapshot(cloud):
    # An empty list comes as an error, which is told from a storage that is not there.
    made = cloud.both(once='monday', **WEB)
    assert made['changed'] and cloud.writes() == [TAKE]
    assert [step['operation'] for step in made['steps']] == [TAKE, LIST]
    found = made['snapshot']
    assert found['id'].startswith('webaa1.') and found['id'].endswith('/webaa1.raw.gz')
    assert (found['storage'], found['image_type'], found['name']) == ('store1', 'raw', None)
    assert found['provider_options']['os_type'] == 'linux' and found['created']

    again = cloud.unchanged(once='monday', **WEB)
    assert again['snapshot'] == found and cloud.reads() == ['server.list', LIST]
    assert any('once' in note for note in again['notes'])
    cloud.unchanged(id=found['id'], storage='store1')
    cloud.unchanged(id=found['id'], storage='store1', image_type='raw')
    assert 'cannot be changed' in cloud.fails('precondition', id=found['id'], storage='store1', image_type='tar')['msg']
    assert cloud.listed(storage='store1') == [found] == cloud.listed(storage='store1', id=found['id'])

    gone = cloud.both(id=found['id'], storage='store1', state='absent')
    assert gone['changed'] and gone['snapshot'] is None and cloud.writes() == [DELETE]
    assert gone['steps'][0]['destructive']
    cloud.unchanged(id=found['id'], storage='store1', state='absent')
    assert cloud.listed(storage='store1') == []
    # What was done with the token is done, even if it was deleted since.
    assert cloud.unchanged(once='monday', **WEB)['snapshot'] is None


def test_a_snapshot_is_taken_each_time_without_a_token(cloud):
    first, second = (cloud.fine(**WEB)['snapshot']['id'] for _number in range(2))
    assert first != second and paths(cloud) == sorted([first, second])


def test_only_what_a_pattern_names_is_pruned(cloud):
    other = seed(cloud, 4, server_name='dbaa1', age_days=10)
    old = seed(cloud, 4, server_name='webaa1', age_days=1)
    wanted = dict(WEB, once='tuesday', pattern='webaa1.*', keep=3)
    result = cloud.both(**wanted)
    # The new one and two of the old ones stay.
    assert [item['id'] for item in result['pruned']] == [old[3], old[2]] and cloud.writes() == [TAKE, DELETE, DELETE]
    assert paths(cloud) == sorted(other + old[:2] + [result['snapshot']['id']])
    assert cloud.unchanged(**wanted)['pruned'] == []

    pruned = cloud.both(state='pruned', storage='store1', pattern='dbaa1.*', max_age_days=11)
    assert pruned['snapshot'] is None and pruned['changed']
    # Ten and eleven days old, to the second, of which some have passed since.
    assert [item['id'] for item in pruned['pruned']] == [other[3], other[2], other[1]]
    cloud.unchanged(state='pruned', storage='store1', pattern='dbaa1.*', max_age_days=11)


def test_both_limits_delete_only_what_neither_keeps(cloud):
    old = seed(cloud, 4, server_name='webaa1', age_days=1, step_days=10)
    result = cloud.both(state='pruned', storage='store1', pattern='webaa1.*', keep=1, max_age_days=15)
    assert [item['id'] for item in result['pruned']] == [old[3], old[2]]


@pytest.mark.parametrize('unread', [None, 'last week', ''])
def test_one_whose_time_cannot_be_read_takes_no_place_in_the_rotation(cloud, unread):
    new, old, = seed(cloud, 2, server_name='webaa1', step_days=30)
    shown = [{**item['raw'], 'last_modified': unread if item['id'] == old else item['raw']['last_modified']}
             for item in cloud.listed(storage='store1')]
    cloud.fault('body', LIST, body=json.dumps(shown), times=0)
    for limits in ({'keep': 1}, {'max_age_days': 1}, {'keep': 1, 'max_age_days': 1}):
        result = cloud.unchanged(state='pruned', storage='store1', pattern='webaa1.*', **limits)
        assert result['pruned'] == [] and any(old in note for note in result['notes'])
    for item in shown:
        item['last_modified'] = unread
    cloud.sandbox.drop_faults()
    cloud.fault('body', LIST, body=json.dumps(shown), times=0)
    cloud.unchanged(state='pruned', storage='store1', pattern='webaa1.*', keep=1)
    cloud.sandbox.drop_faults()
    assert paths(cloud) == sorted([new, old])


def test_the_new_one_must_be_within_the_pattern_before_anything_goes(cloud):
    old = seed(cloud, 3, server_name='dbaa1', age_days=3)
    result = cloud.fails('precondition', pattern='dbaa1.*', keep=1, **WEB)
    assert 'pattern' in result['msg'] and result['changed'] and cloud.writes() == [TAKE]
    assert set(old) < set(paths(cloud))


@pytest.mark.parametrize('options, text', [
    ({'state': 'taken', 'server': 'webaa1'}, 'is needed'),
    ({'state': 'taken', 'storage': 'store1'}, 'needs server'),
    ({'storage': 'store1'}, 'state taken takes one'),
    ({'state': 'absent', 'storage': 'store1'}, 'needs id'),
    ({'state': 'absent', 'storage': 'store1', 'id': 'x', 'pattern': '*', 'keep': 1}, 'state pruned'),
    ({'state': 'restored', 'storage': 'store1', 'id': 'x'}, 'reimaged'),
    ({'storage': 'store1', 'id': 'x', 'name': 'nightly'}, 'name cannot be used with memset'),
    ({'drive': 'root', 'id': 'x', 'storage': 'store1'}, 'drive cannot be used with memset'),
    (dict(WEB, id='x'), 'id does not go'), (dict(WEB, keep=3), 'need pattern'),
    (dict(WEB, pattern='*'), 'pattern goes with'), (dict(WEB, pattern='', keep=3), 'pattern must not be empty'),
    (dict(WEB, pattern='*', keep=0), 'at least 1'), (dict(WEB, pattern='*', max_age_days=0), 'at least 1'),
    (dict(WEB, server='web aa1'), 'server must match'), (dict(WEB, storage='x' * 65), 'storage must match'),
    ({'storage': 'store1', 'id': 'a\nb'}, 'id must match'), ({'storage': 'store1', 'id': 'x' * 256}, 'id must match'),
    ({'storage': 'store1', 'state': 'pruned'}, 'needs keep or max_age_days'),
    ({'storage': 'store1', 'id': 'x', 'once': 'a'}, 'once goes with'),
    ({'id': 'x'}, 'storage is needed'), ({}, 'is needed'),
])
def test_bad_input_is_refused_before_any_request(cloud, options, text):
    cloud.refused(text, **options)


def test_what_is_not_there_is_told(cloud):
    assert 'no snapshot with the id' in cloud.fails('not_found', id='nope/x.raw.gz', storage='store1')['msg']
    for options in (dict(WEB, storage='store9'), {'id': 'x', 'storage': 'store9', 'state': 'absent'}):
        assert "no storage 'store9'" in cloud.fails('not_found', **options)['msg'] and cloud.writes() == []
    cloud.sandbox.seed('memset', servers=1, options={'name': 'mailaa1', 'nickname': 'mail.example'})
    for check in (True, False):
        told = cloud.fails('not_found', check, **dict(WEB, server='mail.exampel'))
        assert not told['changed'] and 'mail.example' in told['msg'] and cloud.writes() == []
    assert cloud.info()['error']['kind'] == cloud.info(storage='a b')['error']['kind'] == 'input'
    # The refused ones left nothing behind that would be gone on with.
    assert cloud.fine(**WEB)['notes'] == []


MAIL = {'name': 'mailaa1', 'nickname': 'mail.example'}


def test_a_server_may_be_named_by_its_nickname(cloud):
    cloud.sandbox.seed('memset', servers=1, options=MAIL)
    made = cloud.both(**dict(WEB, server='mail.example', once='monday'))
    assert made['snapshot']['id'].startswith('mailaa1.') and 'mailaa1' in made['steps'][0]['summary']
    # The task is the same, whichever of the two it says.
    for name in ('mail.example', 'mailaa1'):
        cloud.unchanged(**dict(WEB, server=name, once='monday'))
    cloud.fault('drop_after', TAKE)
    cloud.fails('outcome_unknown', **dict(WEB, server='mailaa1'))
    cloud.sandbox.advance(5)
    assert len(paths(cloud)) == 2
    assert cloud.both(**dict(WEB, server='mail.example'))['snapshot'] and cloud.writes() == []


def test_a_nickname_of_two_servers_names_neither(cloud):
    for name in ('mailaa1', 'mailaa2'):
        cloud.sandbox.seed('memset', servers=1, options=dict(MAIL, name=name))
    told = cloud.fails('ambiguous', **dict(WEB, server='mail.example'))
    assert 'mailaa1, mailaa2' in told['msg'] and cloud.writes() == []


def test_paths_are_passed_on_as_they_are(cloud):
    path, = seed(cloud, 1, server_name="we'b $(x) {{ 1 }} ü&=+%2F")
    assert cloud.listed(storage='store1')[0]['id'] == path
    cloud.unchanged(id=path, storage='store1')
    assert cloud.both(id=path, storage='store1', state='absent')['changed'] and paths(cloud) == []


def test_a_snapshot_that_somebody_else_has_pending_is_never_ours(cloud):
    cloud.fault('job_hangs', TAKE)
    cloud.fine(**dict(WEB, wait=False))
    other = runs.Runs(cloud.sandbox, cloud.folder / 'other', SNAPSHOT, 'memset')
    result = other.fails('conflict', **WEB)
    assert result['error']['code'] == 6 and not result['changed']


def test_two_new_entries_cannot_be_told_apart(cloud):
    handle = cloud.fine(once='a', **dict(WEB, wait=False))['job']
    alien, = seed(cloud, 1, server_name='otheraa1')
    result = cloud.fails('ambiguous', once='a', **WEB)
    assert alien in result['msg'] and 'webaa1.' in result['msg'] and cloud.writes() == []
    assert cloud.job(handle)['failed']
    assert len(paths(cloud)) == 2
    # What it was is for a person to say.
    result = cloud.both(once='a', memset={'forget_lost': True}, **WEB)
    assert result['changed'] and len(paths(cloud)) == 3
    cloud.unchanged(once='a', **WEB)


def test_a_failed_job_is_told_and_the_next_run_takes_one(cloud):
    cloud.fault('job_fails', TAKE)
    assert cloud.fails('job_failed', once='a', **WEB)['changed']
    assert cloud.both(once='a', **WEB)['changed'] and cloud.writes() == [TAKE]
    assert len(paths(cloud)) == 1


@pytest.mark.parametrize('once', [None, 'a'])
def test_a_run_that_did_not_wait_is_gone_on_with(cloud, once):
    options = dict(WEB, once=once, pattern='webaa1.*', keep=1)
    old = seed(cloud, 2, server_name='webaa1', age_days=5)
    handle = cloud.fine(**dict(options, wait=False))
    assert handle['job']['kind'] == 'job' and handle['changed'] and handle['snapshot'] is None
    # The job may end between the two, and then there is no step that waits for it.
    assert cloud.fine(True, **options)['changed'] and cloud.writes() == []
    done = cloud.fine(**options)
    assert 'goes on with' in done['notes'][0] and cloud.writes() == [DELETE, DELETE] and done['changed']
    assert paths(cloud) == [done['snapshot']['id']] and done['snapshot']['id'] not in old


def test_the_module_job_finishes_a_handle_and_keeps_the_token(cloud):
    seed(cloud, 2, server_name='webaa1', age_days=5)
    options = dict(WEB, once='a', pattern='webaa1.*', keep=1)
    handle = cloud.fine(**dict(options, wait=False))['job']
    # One deletion is waited for at a time.
    done = cloud.job(handle)
    assert not done.get('failed') and done['jobs'][0]['finished'], done
    assert paths(cloud) == [done['jobs'][0]['result']['id']] and done['jobs'][0]['result']['storage'] == 'store1'
    assert cloud.unchanged(**options)['snapshot'] == done['jobs'][0]['result']


def test_a_lost_answer_is_looked_for_and_never_repeated(cloud):
    cloud.fault('drop_after', TAKE)
    lost = cloud.fails('outcome_unknown', once='a', **WEB)
    assert lost['changed'] and 'journal' in lost['msg'] and cloud.writes() == [TAKE]
    cloud.sandbox.advance(5)
    found = cloud.both(once='a', **WEB)
    assert cloud.writes() == [] and paths(cloud) == [found['snapshot']['id']]
    cloud.unchanged(once='a', **WEB)


def test_a_request_that_may_have_been_lost_on_the_way_fails_closed(cloud):
    cloud.fault('drop_before', TAKE)
    cloud.fails('outcome_unknown', **WEB)
    assert 'forget_lost' in cloud.fails('precondition', **WEB)['msg'] and cloud.writes() == []
    assert cloud.both(memset={'forget_lost': True}, **WEB)['changed'] and len(paths(cloud)) == 1
    assert cloud.fine(**WEB)['notes'] == []


def test_another_one_into_the_same_storage_waits(cloud):
    cloud.fault('job_hangs', TAKE)
    cloud.fine(**dict(WEB, wait=False))
    result = cloud.fails('precondition', **dict(WEB, server='dbaa1'))
    assert 'told' in result['msg'] and cloud.writes() == []


def test_two_runs_at_once_on_one_machine_claim_each_its_own(cloud):
    found = []

    def run(server):
        found.append(runner.run(SNAPSHOT, cloud.parameters(**dict(WEB, server=server)), cloud.context()))

    threads = [threading.Thread(target=run, args=(server,)) for server in ('webaa1', 'dbaa1')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result['error'] for result in found] == [None, None]
    assert sorted(result['snapshot']['id'].partition('.')[0] for result in found) == ['dbaa1', 'webaa1']


def test_a_deletion_may_lose_its_answer(cloud):
    path, = seed(cloud, 1)
    cloud.fault('drop_after', DELETE)
    assert cloud.fine(id=path, storage='store1', state='absent')['changed'] and len(cloud.writes()) == 2
    cloud.sandbox.advance(5)
    assert paths(cloud) == []
