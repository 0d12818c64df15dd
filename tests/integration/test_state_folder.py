# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A state folder that cannot be written to stops what must be written down before anything is sent, and no more."""

from __future__ import annotations

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT

UBUNTU = 'Ubuntu 24.04 Server 64bit Pre-Installed'
SIZE = {'name': 'web1', 'cpu_mhz': 1000, 'memory_mb': 512}


@pytest.fixture
def nowhere(sandbox, tmp_path):
    """Runs whose state folder would be below a file."""
    (tmp_path / 'file').touch()

    def of(resource, provider):
        return runs.Runs(sandbox, tmp_path / 'file' / 'state', resource, provider)

    sandbox.reset()
    return of


@pytest.mark.parametrize('provider, options', [
    ('upcloud', {'size_gb': 10, 'zone': 'fi-hel1'}), ('cloudsigma', {'size_gb': 1}), ('elastichosts', {'size_gb': 1})])
def test_what_can_be_found_by_its_name_needs_no_folder(nowhere, provider, options):
    drive = nowhere(DRIVE, provider)
    made = drive.fine(name='data', **options)
    assert made['changed'] and any('are not kept apart' in text for text in made['warnings'])
    assert drive.fine(name='data', **options)['changed'] is False
    assert drive.fine(name='data', state='absent')['changed'] and drive.listed() == []


def test_a_server_whose_parts_are_found_by_name_needs_no_folder(nowhere):
    server = nowhere(SERVER, 'cloudsigma')
    assert server.fine(**SIZE, image=UBUNTU, size_gb=10)['changed']
    assert not server.fine(**SIZE, image=UBUNTU, size_gb=10)['changed']


def test_a_server_with_an_image_is_refused_before_anything_is_made(nowhere):
    server = nowhere(SERVER, 'elastichosts')
    for check in (True, False):
        told = server.fails('input', check, **SIZE, image='Debian Linux 12', size_gb=10)
        assert 'cannot be written to' in told['msg'] and not told['changed'] and server.writes() == []


def test_a_server_keeps_running_whose_end_cannot_be_written_down(nowhere, tmp_path):
    server = nowhere(SERVER, 'cloudsigma')
    runs.Runs(server.sandbox, tmp_path / 'state', SERVER, 'cloudsigma').fine(
        **SIZE, image=UBUNTU, size_gb=10)
    for check in (True, False):
        told = server.fails('input', check, name='web1', state='absent', delete_drives=True, force_stop=True)
        assert 'cannot be written to' in told['msg'] and server.writes() == []
    assert server.listed()[0]['state'] == 'running'


def test_no_order_is_placed_that_cannot_be_written_down(nowhere):
    server = nowhere(SERVER, 'memset')
    order = {'plan': 'VPS001', 'image': 'debian_buster_64', 'memset': {'firewall': 'self_managed'}}
    for check in (True, False):
        told = server.fails('input', check, name='web1', **order)
        assert 'cannot be written to' in told['msg'] and not told['changed']
    assert server.listed() == []
    server.sandbox.seed('memset', {'nickname': 'web1'}, servers=1)
    for check in (True, False):
        assert not server.fine(check, name='web1')['changed']


def test_nothing_is_done_once_where_that_cannot_be_written_down(nowhere):
    snapshot = nowhere(SNAPSHOT, 'upcloud')
    snapshot.sandbox.seed('upcloud', {'name': 'data'}, storages=1)
    assert snapshot.fine(drive='data', name='monday')['changed']
    restored = {'drive': 'data', 'name': 'monday', 'state': 'restored', 'once': 'a'}
    for check in (True, False):
        assert 'cannot be written to' in snapshot.fails('input', check, **restored)['msg'] and snapshot.writes() == []
