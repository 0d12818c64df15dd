# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README shows works: its files are written and its Ansible commands run, in order, against the sandbox."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

from playing import BIN

import sandbox_client

README = (sandbox_client.ROOT / 'README.md').read_text(encoding='utf-8')
# What the other commands do is tested elsewhere, or needs a package index.
ELSEWHERE = ('make ', 'export ', '. ', 'ansible-galaxy ', 'python3 -m ')


def blocks(language):
    return re.findall(r'^```%s\n(.*?)^```' % language, README, re.MULTILINE | re.DOTALL)


def files():
    """{name: text} of what the README says to save."""
    return dict(re.findall(r'as `([\w.-]+)`:\n\n```yaml\n(.*?)^```', README, re.MULTILINE | re.DOTALL))


def commands():
    return [line for block in blocks('sh') for line in block.splitlines()]


def test_every_target_of_make_is_there():
    makefile = (sandbox_client.ROOT / 'Makefile').read_text(encoding='utf-8')
    named = re.findall(r'\bmake ([a-z-]+)', '\n'.join(commands()) + ' '.join(re.findall(r'`(make [a-z-]+)', README)))
    assert {'demo', 'sandbox', 'build', 'test'} <= set(named)
    assert [target for target in named if not re.search('^%s:' % target, makefile, re.MULTILINE)] == []


def test_the_commands_work(sandbox, tmp_path):
    sandbox.reset()
    (tmp_path / '.ssh').mkdir()
    (tmp_path / '.ssh' / 'id_ed25519.pub').write_text('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample me@example.com\n')
    for name, text in files().items():
        (tmp_path / name).write_text(text, encoding='utf-8')
    env = {**os.environ, **sandbox.env, 'HOME': str(tmp_path), 'INDIE_CLOUD_STATE_DIR': str(tmp_path / 'state'),
           'ANSIBLE_NOCOLOR': '1', 'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED': 'true'}
    said, used = {}, set()
    for line in commands():
        if line.startswith(ELSEWHERE):
            continue
        words = shlex.split(line)
        if words[0] == 'ansible':
            words += ['-i', 'localhost,', '-c', 'local']
        ran = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=tmp_path, env=env, capture_output=True, text=True,
                             timeout=300, check=False)
        assert ran.returncode == 0, line + ran.stdout + ran.stderr
        used |= set(words) & set(files())
        said.setdefault(line, []).append(ran.stdout)
    assert used == set(files())
    check, (first, second) = said['ansible-playbook first.yml --check --diff'], said['ansible-playbook first.yml']
    assert 'changed=2' in check[0] and 'changed=2' in first and 'ok=2    changed=0' in second
    graph = said['ansible-inventory -i upcloud.yml --graph'][0]
    assert '@label_role_web' in graph and 'web1.example.com' in graph
    assert 'first' in said['ansible-inventory -i my-memset.yml --graph'][0]
