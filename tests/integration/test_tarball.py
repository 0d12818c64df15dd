# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users get."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tarfile

import sandbox_client

FOR_USERS = {'CHANGELOG.rst', 'FILES.json', 'LICENSE', 'MANIFEST.json', 'README.md', 'changelogs', 'docs', 'meta',
             'playbooks', 'plugins', 'requirements.txt', 'roles'}


def galaxy(*arguments):
    subprocess.run([str(pathlib.Path(sys.executable).parent / 'ansible-galaxy'), 'collection', *arguments],
                   cwd=sandbox_client.ROOT, check=True, capture_output=True)


def test_the_tarball_holds_what_users_need_and_installs_without_a_network(tmp_path):
    galaxy('build', '--output-path', str(tmp_path))
    tarball, = tmp_path.glob('indie-cloud-*.tar.gz')
    with tarfile.open(tarball) as content:
        names = content.getnames()
    assert {name.split('/')[0] for name in names} <= FOR_USERS
    assert {'meta/runtime.yml', 'requirements.txt', 'roles/sandbox/files/sandbox/server.py'} <= set(names)
    assert not [name for name in names if name.endswith('.pyc') or '/.' in name]

    # By force, since Ansible knows the one in the working tree.
    galaxy('install', str(tarball), '-p', str(tmp_path), '--offline', '--force')
    assert (tmp_path / 'ansible_collections' / 'indie' / 'cloud' / 'MANIFEST.json').exists()
