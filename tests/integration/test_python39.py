# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules run on the oldest Python that they promise, 3.9, when a task hands them over to it."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess

import pytest
from playing import play

import sandbox_client


def python39():
    """A Python 3.9 of this machine, or None. pyenv's shims are no Python unless selected."""
    found = glob.glob(os.path.join(os.environ.get('PYENV_ROOT') or os.path.expanduser('~/.pyenv'),
                                   'versions', '3.9.*', 'bin', 'python3.9'))
    named = shutil.which('python3.9')
    return found[0] if found else named if named and 'shims' not in named else None


@pytest.fixture(scope='module')
def interpreter(tmp_path_factory):
    """A Python 3.9 with the requests that users get."""
    base = python39()
    if base is None:
        pytest.skip('no Python 3.9 on this machine')
    folder = tmp_path_factory.mktemp('python39')
    found = folder / 'bin' / 'python'
    for arguments in (['venv', '--python', base, str(folder)], ['pip', 'install', '--python', str(found), 'requests']):
        subprocess.run(['sh', 'tests/tools/uv.sh', *arguments], cwd=sandbox_client.ROOT, check=True)
    return str(found)


def test_every_module_on_python_39(sandbox, tmp_path, interpreter):
    sandbox.reset()
    upcloud = {'provider': 'upcloud', 'name': 'web1.example.com'}
    tasks = [
        {'indie.cloud.server': {**upcloud, 'zone': 'fi-hel1', 'plan': '1xCPU-2GB', 'wait': False,
                                'image': 'Debian GNU/Linux 11 (Bullseye)'}},
        {'indie.cloud.job_info': {'jobs': ['{{ result_0.job }}']}},
        {'indie.cloud.job': {'jobs': ['{{ result_0.job }}']}},
        {'indie.cloud.server_info': {'provider': 'upcloud', 'details': True}},
        {'indie.cloud.api': {'provider': 'upcloud', 'operation': 'GET /zone'}},
        {'indie.cloud.server': {'provider': 'memset', 'name': 'web1', 'plan': 'VPS002', 'image': 'debian_jessie_64'}},
        {'indie.cloud.server': {**upcloud, 'state': 'absent', 'delete_drives': True, 'force_stop': True}},
    ]
    played = play(tmp_path, tasks, sandbox.env, '-vvv', vars={'ansible_python_interpreter': interpreter})
    assert [result.get('msg') for result in played.results if result.get('failed')] == [], played.output
    assert [result['changed'] for result in played.results] == [True, False, False, False, False, True, True]
    assert played.output.count('runs as a module: ansible_python_interpreter is') == len(tasks)
