# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run tasks with the real ansible-playbook and get their results back."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import yaml

import sandbox_client

# Where the lookup `keep` is.
LOOKUPS = str(sandbox_client.ROOT / 'tests' / 'lookup_plugins')
BIN = pathlib.Path(os.environ.get('INDIE_ANSIBLE_BIN') or pathlib.Path(sys.executable).parent)


class Played:
    """What a play did: `results` of its tasks in order, `code`, `output` (stdout and stderr)."""

    def __init__(self, results, done):
        self.results = results
        self.code = done.returncode
        self.output = done.stdout + done.stderr

    def __getitem__(self, index):
        return self.results[index]


def play(folder, tasks, env, *arguments, **keys):
    """Play tasks on localhost.

    :param tasks: a list of task dicts, or YAML text of them; each is registered, and goes on when it fails.
    :param env: variables of a sandbox.
    :param arguments: for ansible-playbook. :param keys: of the play, such as module_defaults.
    """
    folder = pathlib.Path(folder)
    if not isinstance(tasks, str):
        tasks = yaml.safe_dump(tasks, sort_keys=False)
    count = sum(line.startswith('- ') for line in tasks.splitlines())
    listed = ''.join(
        line + '\n' if not line.startswith('- ') else
        '- register: result_%d\n  ignore_errors: true\n  %s\n' % (number, line[2:])
        for number, line in _numbered(tasks.splitlines()))
    target = folder / 'results.json'
    head = yaml.safe_dump({'hosts': 'localhost', 'gather_facts': False, **keys}, sort_keys=False)
    names = ', '.join('result_%d' % number for number in range(count))
    end = ("- ansible.builtin.set_fact:\n    kept: >-\n      {{ lookup('keep', '%s', [%s] | to_json) }}\n"
           "  no_log: true\n" % (target, names))
    playbook = folder / 'playbook.yml'
    playbook.write_text('- %s\n  tasks:\n%s' % (
        head.replace('\n', '\n  ').strip(), '\n'.join('    ' + line for line in (listed + end).splitlines())))
    done = subprocess.run(
        [str(BIN / 'ansible-playbook'), str(playbook), *arguments], cwd=sandbox_client.ROOT, capture_output=True,
        text=True, check=False, timeout=300, env={
            **os.environ, **env, 'INDIE_CLOUD_STATE_DIR': str(folder / 'state'), 'ANSIBLE_LOCALHOST_WARNING': '0',
            'ANSIBLE_LOOKUP_PLUGINS': LOOKUPS,
            'ANSIBLE_NOCOLOR': '1', 'PYTHONHASHSEED': '0', 'ANSIBLE_DEPRECATION_WARNINGS': '0'})
    assert target.exists(), done.stdout + done.stderr
    return Played(json.loads(target.read_text()), done)


def _numbered(lines):
    number = -1
    for line in lines:
        number += line.startswith('- ')
        yield number, line
