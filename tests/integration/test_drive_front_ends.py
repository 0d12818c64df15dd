# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive modules played by Ansible itself, in its own process and as modules."""

from __future__ import annotations

import sys

import playing
import pytest
import yaml


@pytest.mark.parametrize('environment', [{}, {'INDIE_TEST': 'as a module'}], ids=['action', 'module'])
def test_drives(sandbox, tmp_path, environment):
    sandbox.reset()
    path, back = tmp_path / 'disk.img', tmp_path / 'back.img'
    path.write_bytes(b'contents' * 1000)
    tasks = []

    def task(module, **options):
        tasks.append({module: options, 'environment': environment})

    made = {'provider': 'elastichosts', 'name': 'data', 'size_gb': 0.01}
    for _repeat in range(2):
        task('indie.cloud.drive', state='uploaded', path=str(path), once='v1', **made)
    task('indie.cloud.drive_info', provider='elastichosts', name='data')
    task('indie.cloud.drive', state='downloaded', path=str(back), **made)
    task('indie.cloud.drive', provider='elastichosts', name='data', state='absent')
    task('indie.cloud.drive', provider='memset', name='data')
    played = playing.play(tmp_path, yaml.safe_dump(tasks, sort_keys=False), sandbox.env, '-vvv', vars={
        'ansible_python_interpreter': sys.executable})
    assert 'Traceback' not in played.output
    first, again, info, read, gone, refused = played.results
    assert first['changed'] and first['transfer']['bytes'] == 8000, first
    assert not again['changed'] and again['transfer'] is None
    assert [drive['id'] for drive in info['drives']] == [first['drive']['id']]
    assert read['changed'] and back.stat().st_size == read['transfer']['bytes'] == 12 * 1024 ** 2
    assert back.read_bytes().startswith(path.read_bytes())
    assert gone['changed'] and gone['drive'] is None
    assert refused['failed'] and 'memset' in refused['msg']
    assert ('runs as a module' in played.output) == bool(environment)
    assert ('runs in this process' in played.output) != bool(environment)
    sandbox.reset()
