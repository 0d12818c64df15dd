# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal: durable, private, and never guessed at."""

from __future__ import annotations

import concurrent.futures
import os
import stat
import time

import pytest
from runs import Hurry

from ansible_collections.indie.cloud.plugins.module_utils.errors import BadInput
from ansible_collections.indie.cloud.plugins.module_utils.journal import Journal, folder
from ansible_collections.indie.cloud.plugins.module_utils.wait import Deadline

KEY = ('server', 'web1')


def test_an_entry_survives_and_goes(tmp_path):
    path = str(tmp_path / 'a' / 'b')
    journal = Journal(path, 'account')
    assert journal.get(KEY) is None
    journal.put(KEY, {'job': 7})
    assert Journal(path, 'account').get(KEY) == {'job': 7}
    assert Journal(path, 'other').get(KEY) is None and journal.get(('server', 'web2')) is None
    journal.clear(KEY)
    journal.clear(KEY)
    assert journal.get(KEY) is None and os.listdir(path) == []


def test_once_is_kept_for_the_thing(tmp_path):
    journal, by_id = Journal(str(tmp_path), 'account'), ('server', 'a1')
    journal.note_once(KEY, 'reimaged', 'word', 'a1')
    for key in (KEY, by_id):
        assert journal.done_once(key, 'reimaged', 'word') == journal.done_once(key, 'reimaged', 'word', 'a1') \
            == {'id': 'a1'}
        assert journal.done_once(key, 'reimaged', 'word', 'a2') is None
        assert journal.done_once(key, 'reimaged', 'other') is None
        assert journal.done_once(key, 'upgraded', 'word') is None
    # The id of one may be the name of another.
    assert journal.done_once(('server', 'web2'), 'reimaged', 'word', 'a1') == {'id': 'a1'}
    assert journal.done_once(by_id, 'reimaged', 'word', 'b1') is None
    # What has no id is known by its name alone.
    journal.note_once(('server', 'web3'), 'reimaged', 'word', None)
    assert journal.done_once(('server', 'web3'), 'reimaged', 'word') == {'id': None}


def test_it_is_the_owners_alone(tmp_path):
    path = tmp_path / 'state'
    Journal(str(path), 'account').put(KEY, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in path.iterdir())


def test_what_cannot_be_read_stops_the_run(tmp_path):
    journal = Journal(str(tmp_path), 'account')
    journal.put(KEY, {})
    next(tmp_path.iterdir()).write_text('{"entry"')
    with pytest.raises(BadInput, match='cannot be read'):
        journal.get(KEY)


def test_what_cannot_be_written_stops_the_run(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(BadInput, match='INDIE_CLOUD_STATE_DIR'):
        Journal(str(tmp_path / 'file' / 'state'), 'account').put(KEY, {})


def test_one_run_at_a_time(tmp_path):
    journal = Journal(str(tmp_path), 'account')
    with journal.lock(KEY, Deadline(1)):
        with pytest.raises(BadInput, match='another run'), journal.lock(KEY, Deadline(0.3)):
            pytest.fail('two runs hold the lock')
        with journal.lock(('server', 'web2'), Deadline(1)):
            pass
    with journal.lock(KEY, Deadline(1)):
        pass
    assert list(tmp_path.iterdir()) == []


def test_many_take_the_lock_one_after_the_other(tmp_path):
    """The file goes with each, and a new one of its name is not taken for the same."""
    journal, inside, most = Journal(str(tmp_path), 'account'), [], []

    def take(_number):
        with journal.lock(KEY, Deadline(30, Hurry())):
            inside.append(None)
            most.append(len(inside))
            time.sleep(0.001)
            inside.pop()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(100)))
    assert most == [1] * 100


def test_where_it_is_kept():
    assert folder('/x', {'INDIE_CLOUD_STATE_DIR': '/y'}) == '/x'
    assert folder(None, {'INDIE_CLOUD_STATE_DIR': '/y', 'XDG_STATE_HOME': '/z'}) == '/y'
    assert folder(None, {'XDG_STATE_HOME': '/z'}) == '/z/indie.cloud'
    assert folder(None, {}) == os.path.expanduser('~/.local/state/indie.cloud')


def test_all_entries_of_an_account(tmp_path):
    journal = Journal(str(tmp_path), 'account')
    assert journal.entries() == {}
    journal.put(KEY, {'job': 7})
    journal.put(('server', 'web2'), {'job': 8})
    Journal(str(tmp_path), 'other').put(KEY, {'job': 9})
    (tmp_path / 'x.lock').write_text('')
    assert journal.entries() == {KEY: {'job': 7}, ('server', 'web2'): {'job': 8}}
    (tmp_path / 'broken.json').write_text('{')
    with pytest.raises(BadInput, match='cannot be read'):
        journal.entries()


def test_a_folder_that_cannot_be_made_is_found_without_making_one(tmp_path):
    (tmp_path / 'file').touch()
    good, bad = Journal(str(tmp_path / 'a' / 'b'), 'account'), Journal(str(tmp_path / 'file' / 'b'), 'account')
    assert good.writable() and not bad.writable() and os.listdir(tmp_path) == ['file']
    good.prove(write=False)
    assert os.listdir(tmp_path) == ['file']
    good.prove()
    assert os.listdir(tmp_path / 'a' / 'b') == []
    for write in (True, False):
        with pytest.raises(BadInput, match='cannot be written to'):
            bad.prove(write)
    # There is nothing to remove.
    bad.clear(KEY)


def test_a_disk_that_is_full_is_found_before_anything_is_sent(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(BadInput, match='No space left'):
        Journal(str(tmp_path), 'account').prove()


def test_an_entry_that_cannot_be_removed_is_told(tmp_path, monkeypatch):
    def refused(_path):
        raise OSError(30, 'Read-only file system')

    journal = Journal(str(tmp_path), 'account')
    journal.put(KEY, {})
    monkeypatch.setattr(os, 'unlink', refused)
    with pytest.raises(BadInput, match='Read-only'):
        journal.clear(KEY)
