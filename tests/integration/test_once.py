# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was done once was done to a thing, whatever it is named by, and not to another of the same name."""

from __future__ import annotations

import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT


def test_contents_go_on_a_drive_once_and_on_the_next_of_its_name_too(sandbox, tmp_path):
    sandbox.reset()
    cloud = runs.Runs(sandbox, tmp_path / 'state', DRIVE, 'cloudsigma')
    contents = tmp_path / 'contents'
    contents.write_bytes(b'contents' * 1000)
    options = {'state': 'uploaded', 'path': str(contents), 'size_gb': 1, 'once': 'first'}
    first = cloud.fine(name='data', **options)['drive']['id']
    for named in ({'name': 'data'}, {'id': first}):
        cloud.unchanged(**named, **options)
    # Where it was done is not there any more: it is made anew, and filled.
    cloud.fine(name='data', state='absent')
    second = cloud.fine(name='data', **options)
    assert second['changed'] and second['drive']['id'] != first
    cloud.unchanged(name='data', **options)
    # Made by hand meanwhile, it has not been filled either.
    cloud.fine(name='data', state='absent')
    cloud.fine(name='data', size_gb=1)
    assert cloud.fine(True, name='data', **options)['changed']
    assert cloud.fine(name='data', **options)['changed'] and not any('create' in name for name in cloud.writes())
    cloud.unchanged(name='data', **options)


def test_a_file_is_looked_at_where_the_word_was_another_drive_s(sandbox, tmp_path):
    sandbox.reset()
    cloud = runs.Runs(sandbox, tmp_path / 'state', DRIVE, 'cloudsigma')
    contents = tmp_path / 'contents'
    contents.write_bytes(b'contents' * 1000)
    options = {'name': 'data', 'state': 'uploaded', 'path': str(contents), 'size_gb': 1, 'once': 'first'}
    cloud.fine(**options)
    wrong = dict(options, checksum='sha256:' + '0' * 64)
    cloud.unchanged(**wrong)
    cloud.fine(name='data', state='absent')
    for check in (True, False):
        assert 'checksum' in cloud.fails('input', check, **wrong)['msg'] and cloud.writes() == []


def test_a_backup_is_restored_once_by_id_and_by_title(sandbox, tmp_path):
    sandbox.reset()
    drive = sandbox.seed('upcloud', storages=1, options={'title': 'data', 'zone': 'fi-hel1'})['storages'][0]
    cloud = runs.Runs(sandbox, tmp_path / 'state', SNAPSHOT, 'upcloud')
    made = cloud.fine(drive='data', name='nightly')['snapshot']['id']
    by_title, by_id = {'drive': 'data', 'name': 'nightly'}, {'id': made}
    assert cloud.fine(state='restored', once='a', **by_title)['changed']
    for named in (by_title, by_id, {'drive': drive, 'name': 'nightly'}):
        cloud.unchanged(state='restored', once='a', **named)
    cloud.fine(state='absent', **by_title)
    cloud.fine(**by_title)
    assert cloud.fine(state='restored', once='a', **by_title)['changed']
