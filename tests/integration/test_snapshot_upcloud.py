# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""UpCloud's backups against the sandbox: known by drive and title, restored when asked, pruned by pattern."""

from __future__ import annotations

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT

BACKUP, RESTORE = 'POST /storage/{uuid}/backup', 'POST /storage/{uuid}/restore'
LABEL, DELETE = 'PUT /storage/{uuid}', 'DELETE /storage/{uuid}'
STOP, START = 'POST /server/{uuid}/stop', 'POST /server/{uuid}/start'
NONE = '01000000-0000-4000-8000-00000000ffff'


class Backups(runs.Runs):
    def __init__(self, sandbox, folder):
        super().__init__(sandbox, folder, SNAPSHOT, 'upcloud')
        self.drive, = sandbox.seed('upcloud', storages=1, options={'name': 'data', 'size': 20})['storages']

    def seed(self, count, **options):
        """Backups of the drive, made some days apart, the oldest first."""
        made = []
        for number in range(count):
            more = dict({'origin': self.drive, 'name': 'nightly %d' % number,
                         'created': '2026-0%d-01T03:00:00Z' % (number + 1)}, **options)
            made += self.sandbox.seed('upcloud', backups=1, options=more)['backups']
        return made

    def there(self):
        return {uuid: item for uuid, item in self.state()['storages'].items() if item['type'] == 'backup'}

    def storage(self, uuid):
        return self.state()['storages'][uuid]

    def server(self, **options):
        """A server and its drive."""
        options = dict({'name': 'web1.example.com'}, **options)
        uuid, = self.sandbox.seed('upcloud', servers=1, options=options)['servers']
        title = 'web1.example.com disk'
        return uuid, next(item['uuid'] for item in self.state()['storages'].values() if item['title'] == title)


@pytest.fixture
def cloud(sandbox, tmp_path):
    sandbox.reset()
    return Backups(sandbox, tmp_path / 'state')


MADE = {'labels': {'indie-snapshot': 'yes'}}


def test_the_life_of_a_backup(cloud):
    wanted = {'drive': 'data', 'name': 'before the upgrade'}
    made = cloud.both(**wanted)
    assert made['changed'] and cloud.writes() == [BACKUP, LABEL]
    found = made['snapshot']
    assert (found['name'], found['drive'], found['size_gb'], found['state']) == (
        'before the upgrade', cloud.drive, 20, 'available')
    assert found['labels'] == {'indie-snapshot': 'yes'} and found['provider_options']['managed']
    cloud.unchanged(**wanted)
    cloud.unchanged(drive=cloud.drive, name='before the upgrade')
    assert cloud.reads() == ['GET /storage/backup']
    cloud.unchanged(id=found['id'])

    renamed = cloud.both(id=found['id'], name='after all')
    assert renamed['snapshot']['name'] == 'after all' and cloud.writes() == [LABEL]
    cloud.unchanged(id=found['id'], name='after all')
    assert [item['id'] for item in cloud.listed(drive='data')] == [found['id']] == [
        item['id'] for item in cloud.listed(name='after all')]
    assert cloud.listed(id=NONE) == []
    assert [item['id'] for item in cloud.listed(filters=dict(MADE, state=['available']))] == [found['id']]
    assert cloud.info(filters={'image_type': ['raw']})['error']['kind'] == 'input'

    gone = cloud.both(drive='data', name='after all', state='absent')
    assert gone['changed'] and cloud.writes() == [DELETE] and gone['steps'][0]['destructive']
    cloud.unchanged(drive='data', name='after all', state='absent')
    cloud.unchanged(id=found['id'], state='absent')
    assert 'no snapshot with the id' in cloud.fails('not_found', id=found['id'])['msg']
    assert cloud.storage(cloud.drive)['state'] == 'online'


def test_a_backup_on_the_second_page_is_found(cloud):
    cloud.seed(1, name='the first')
    cloud.sandbox.seed('upcloud', backups=130, options={'origin': cloud.drive, 'prefix': 'other'})
    cloud.seed(1, name='the last')
    for name in ('the first', 'the last'):
        assert cloud.both(drive=cloud.drive, name=name)['changed'] and cloud.writes() == [LABEL]
        cloud.unchanged(drive='data', name=name)
    assert len(cloud.there()) == 132


def test_titles_that_are_not_unique_are_errors_that_list_ids(cloud):
    same = cloud.seed(2, name='nightly')
    result = cloud.fails('ambiguous', drive='data', name='nightly', state='absent')
    assert all(uuid in result['msg'] for uuid in same) and cloud.writes() == []
    # The same title at another drive is another backup.
    other, = cloud.sandbox.seed('upcloud', storages=1, options={'name': 'other'})['storages']
    assert cloud.both(drive='other', name='nightly')['snapshot']['drive'] == other
    cloud.sandbox.seed('upcloud', storages=1, options={'name': 'data'})
    assert cloud.drive in cloud.fails('ambiguous', drive='data', name='x')['msg']
    own, = cloud.seed(1, name='mine')
    assert 'already' in cloud.fails('precondition', id=own, name='nightly')['msg']


def test_a_drive_is_never_taken_for_its_backup(cloud):
    cloud.unchanged(id=cloud.drive, state='absent')
    cloud.fails('not_found', id=cloud.drive, state='restored')
    assert cloud.listed(id=cloud.drive) == [] and cloud.storage(cloud.drive)


def test_rotation_leaves_alone_what_it_did_not_make(cloud):
    scheduled = cloud.seed(4, name='nightly auto')
    mine = cloud.seed(4, **MADE)
    wanted = {'drive': 'data', 'name': 'nightly new', 'pattern': 'nightly*', 'keep': 3}
    result = cloud.both(**wanted)
    assert [item['id'] for item in result['pruned']] == mine[:2]
    assert cloud.writes() == [BACKUP, LABEL, DELETE, DELETE]
    assert set(cloud.there()) == {*scheduled, *mine[2:], result['snapshot']['id']}
    assert cloud.unchanged(**wanted)['pruned'] == []

    asked = cloud.both(state='pruned', drive='data', pattern='nightly auto', keep=1, prune_scheduled=True)
    assert [item['id'] for item in asked['pruned']] == scheduled[:3] and asked['snapshot'] is None
    cloud.unchanged(state='pruned', drive='data', pattern='nightly auto', keep=1, prune_scheduled=True)
    # A title out of the pattern is no reason to keep one less within it.
    result = cloud.both(drive='data', name='other', pattern='nightly *', keep=3)
    assert result['pruned'] == []


@pytest.mark.parametrize('scheduled', [True, False])
def test_a_backup_that_cannot_be_restored_takes_no_place(cloud, scheduled):
    cloud.fine(drive='data', name='night-1')
    if scheduled:
        cloud.fault('job_fails', BACKUP)
        cloud.fails('job_failed', drive='data', name='night-2', pattern='night-*', keep=1)
    else:
        cloud.seed(1, name='night-2', state='error', created='2099-01-01T00:00:00Z', **MADE)
    good, broken = sorted(cloud.there(), key=lambda uuid: cloud.storage(uuid)['title'])
    wanted = {'drive': 'data', 'pattern': 'night-*', 'keep': 1, 'prune_scheduled': scheduled}
    cloud.unchanged(state='pruned', **wanted)
    assert cloud.storage(broken)['state'] == 'error' and cloud.storage(good)['state'] == 'online'
    # A newer good one makes both superfluous.
    result = cloud.both(name='night-3', **wanted)
    assert [item['id'] for item in result['pruned']] == [good, broken]
    assert list(cloud.there()) == [result['snapshot']['id']]


def test_the_one_that_is_named_is_not_pruned(cloud):
    mine = cloud.seed(3, **MADE)
    result = cloud.both(id=mine[0], pattern='nightly*', max_age_days=1)
    assert [item['id'] for item in result['pruned']] == mine[1:] and set(cloud.there()) == {mine[0]}


def test_a_restore_acts_each_time_unless_a_token_says_that_it_was_done(cloud):
    backup, = cloud.seed(1)
    wanted = {'drive': 'data', 'name': 'nightly 0', 'state': 'restored'}
    for _number in range(2):
        result = cloud.both(**wanted)
        assert result['changed'] and cloud.writes() == [RESTORE] and result['steps'][0]['destructive']
        assert cloud.storage(cloud.drive)['restored_from'] == backup
    assert cloud.both(id=backup, state='restored', once='a')['changed']
    cloud.unchanged(id=backup, state='restored', once='a')
    assert cloud.both(id=backup, state='restored', once='b')['changed']
    cloud.fails('not_found', **dict(wanted, name='nope'))


def test_a_restore_needs_the_server_off(cloud):
    server, drive = cloud.server()
    backup, = cloud.seed(1, origin=drive)
    result = cloud.fails('precondition', id=backup, state='restored')
    assert 'allow_stop' in result['msg'] and cloud.writes() == []
    assert cloud.both(id=backup, state='restored', allow_stop=True)['changed']
    assert cloud.writes() == [STOP, RESTORE, START]
    assert cloud.state()['servers'][server]['state'] == 'started'
    assert cloud.storage(drive)['restored_from'] == backup


def test_the_server_is_started_again_even_if_the_restore_fails(cloud):
    server, drive = cloud.server()
    backup, = cloud.seed(1, origin=drive)
    cloud.fault('error', RESTORE, code='STORAGE_NOT_FOUND')
    result = cloud.fails('not_found', id=backup, state='restored', allow_stop=True)
    assert result['changed'] and cloud.writes() == [STOP, RESTORE, START]
    assert cloud.state()['servers'][server]['state'] == 'started' and 'restored_from' not in cloud.storage(drive)


def test_a_server_that_was_off_stays_off(cloud):
    server, drive = cloud.server(state='stopped')
    backup, = cloud.seed(1, origin=drive)
    assert cloud.both(id=backup, state='restored')['changed'] and cloud.writes() == [RESTORE]
    assert cloud.state()['servers'][server]['state'] == 'stopped'


def test_a_run_that_did_not_wait_is_gone_on_with(cloud):
    server, drive = cloud.server()
    backup, = cloud.seed(1, origin=drive)
    wanted = {'id': backup, 'state': 'restored', 'allow_stop': True}
    # It stopped the server and went no further.
    assert cloud.fine(wait=False, **wanted)['job'] and cloud.writes() == [STOP]
    cloud.sandbox.advance(5)
    assert cloud.both(**wanted)['changed'] and cloud.writes() == [RESTORE, START]
    assert cloud.state()['servers'][server]['state'] == 'started'
    assert cloud.both(**wanted)['changed'] and cloud.writes() == [STOP, RESTORE, START]


def test_the_module_job_does_what_remains(cloud):
    server, drive = cloud.server()
    backup, = cloud.seed(1, origin=drive)
    restore = cloud.fine(wait=False, id=backup, state='restored', allow_stop=True, once='a')['job']
    done = cloud.job(restore)
    assert not done.get('failed') and done['changed'] and done['jobs'][0]['finished']
    assert cloud.writes() == [RESTORE, START] and cloud.state()['servers'][server]['state'] == 'started'
    cloud.unchanged(id=backup, state='restored', allow_stop=True, once='a')

    made = cloud.fine(wait=False, drive='data', name='new')['job']
    done = cloud.job(made)
    assert not done.get('failed') and done['jobs'][0]['result']['labels'] == {'indie-snapshot': 'yes'}
    cloud.unchanged(drive='data', name='new')


def test_a_backup_whose_answer_was_lost_is_found(cloud):
    cloud.fault('drop_after', BACKUP)
    result = cloud.fine(drive='data', name='new')
    assert result['changed'] and cloud.writes() == [BACKUP, LABEL] and 'lost' in result['warnings'][0]
    assert list(cloud.there()) == [result['snapshot']['id']]
    cloud.fault('drop_before', BACKUP)
    assert cloud.fails('outcome_unknown', drive='data', name='newer')['changed']
    assert cloud.fine(drive='data', name='newer')['changed'] and len(cloud.there()) == 2


def test_a_backup_that_was_not_labelled_any_more_is_labelled_by_the_next_run(cloud):
    cloud.fault('error', LABEL, code='SERVICE_ERROR', status=500, times=10)
    failed = cloud.run(drive='data', name='new')
    assert failed['error'] and failed['changed']
    cloud.sandbox.drop_faults()
    assert cloud.fine(drive='data', name='new')['changed'] and cloud.writes() == [LABEL]
    assert len(cloud.there()) == 1


@pytest.mark.parametrize('options, text', [
    ({}, 'is needed'), ({'name': 'x'}, 'is needed'), ({'drive': 'data'}, 'needs id, or drive and name'),
    ({'drive': 'data', 'state': 'taken'}, 'name that is new each time'),
    ({'drive': 'data', 'name': 'x', 'storage': 'y'}, 'storage cannot be used with upcloud'),
    ({'drive': 'data', 'name': 'x', 'server': 'y'}, 'server cannot be used with upcloud'),
    ({'drive': 'data', 'name': 'x', 'image_type': 'raw'}, 'image_type cannot be used with upcloud'),
    ({'id': 'data'}, 'id must match'), ({'drive': 'data', 'name': ''}, 'name must not be empty'),
    ({'drive': 'data', 'name': 'x' * 256}, 'name must match'),
    ({'drive': 'data', 'name': 'x', 'keep': 1}, 'need pattern'),
    ({'drive': 'data', 'state': 'pruned', 'pattern': '*'}, 'needs keep or max_age_days'),
    ({'drive': 'data', 'state': 'pruned', 'pattern': '*', 'keep': 1, 'name': 'x'}, 'use pattern'),
    ({'id': NONE, 'state': 'pruned', 'pattern': '*', 'keep': 1}, 'needs drive'),
    ({'drive': 'data', 'name': 'x', 'once': 'a'}, 'once goes with'),
    ({'drive': 'data', 'name': 'x', 'state': 'restored', 'stop_timeout': 601}, 'at most 600'),
])
def test_bad_input_is_refused_before_any_request(cloud, options, text):
    cloud.refused(text, **options)


def test_what_is_not_there_is_told(cloud):
    assert 'data' in cloud.fails('precondition', drive='dta', name='x')['msg']
    assert 'no drive' in cloud.fails('precondition', drive=NONE, name='x')['msg']
    template, = cloud.sandbox.seed('upcloud', templates=1)['templates']
    assert 'only a drive' in cloud.fails('precondition', drive=template, name='x')['msg'] and cloud.writes() == []


def test_hostile_titles_are_text(cloud):
    title = '{{ lookup("pipe", "id") }} \u202e"\'\n#jinja2: ☃'
    assert cloud.both(drive='data', name=title)['snapshot']['name'] == title
    cloud.unchanged(drive='data', name=title)
    assert cloud.both(drive='data', name=title, state='absent')['changed']


@pytest.mark.parametrize('options', [{'name': 'night 9'}, {'name': 'night 9', 'state': 'restored'}])
def test_a_backup_in_error_is_told_in_check_mode_too(cloud, options):
    cloud.seed(1, name='night 9', state='error', **MADE)
    for check in (True, False):
        cloud.fails('job_failed', check, drive='data', pattern='night *', keep=1, **options)
        assert cloud.writes() == []


def test_a_backup_that_is_labelled_now_takes_its_place_in_the_rotation_at_once(cloud):
    cloud.seed(1, name='night 1', created='2026-01-01T00:00:00Z', **MADE)
    cloud.seed(1, name='night 2', created='2026-02-01T00:00:00Z')
    wanted = {'drive': 'data', 'name': 'night 2', 'pattern': 'night *', 'keep': 1}
    cloud.changes(**wanted)
    assert [item['title'] for item in cloud.there().values()] == ['night 2']
    cloud.unchanged(**wanted)
