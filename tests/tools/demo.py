# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Play playbooks/demo.yml on a sandbox, show the inventories in between, and say what it took. `make demo` runs it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import sandbox_client

PROVIDERS = ('memset', 'upcloud', 'cloudsigma', 'elastichosts')


def title(text):
    """A heading; flushed, since the commands write to the same place."""
    print('\n\033[1m%s\033[0m' % text if sys.stdout.isatty() else '\n== %s' % text, flush=True)


def command(*words, env):
    """Run an Ansible command; its exit code."""
    return subprocess.run([str(pathlib.Path(sys.executable).parent / words[0]), *words[1:]], env=env,
                          cwd=sandbox_client.ROOT, check=False).returncode


def play(tag, env):
    return command('ansible-playbook', '-i', 'localhost,', '-e', 'ansible_python_interpreter=%s' % sys.executable,
                   'playbooks/demo.yml', '--tags', tag, env=env)


def inventory(folder, env):
    """The graph of one inventory over all four clouds."""
    for provider in PROVIDERS:
        (folder / ('%s.yml' % provider)).write_text(
            'plugin: indie.cloud.%s\nkeyed_groups:\n  - {key: indie_provider, separator: ""}\n' % provider)
    return command('ansible-inventory', '-i', str(folder), '--graph', env=env)


def summary(box):
    """What was asked of each cloud."""
    print('%-14s %10s %8s %8s' % ('cloud', 'requests', 'reads', 'writes'))
    for provider in PROVIDERS:
        asked = box.requests(provider=provider)
        writes = [entry for entry in asked if entry['write']]
        print('%-14s %10d %8d %8d   %s' % (provider, len(asked), len(asked) - len(writes), len(writes),
                                           ', '.join(dict.fromkeys(entry['operation'] for entry in writes))))


def left_over(box):
    """Servers that the demo should have removed."""
    gone = ('CANCELLED',)
    return {provider: [name for name, server in box.state(provider).get('servers', {}).items()
                       if server.get('status') not in gone]
            for provider in PROVIDERS}


def main():
    with sandbox_client.running(job_seconds=1) as box, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        env = {**os.environ, **box.env, 'INDIE_CLOUD_STATE_DIR': str(folder / 'state'),
               'ANSIBLE_DISPLAY_SKIPPED_HOSTS': 'false', 'ANSIBLE_LOCALHOST_WARNING': 'false',
               'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED': 'true',
               'ANSIBLE_INVENTORY_UNPARSED_WARNING': 'false', 'ANSIBLE_NOCOWS': '1'}
        (folder / 'inventory').mkdir()
        title('A sandbox of four clouds is up. One playbook makes, repeats, changes and lists a server on each')
        failed = play('demo_build', env)
        title('What the four inventory plugins find')
        failed = failed or inventory(folder / 'inventory', env)
        title('The servers are removed again')
        failed = failed or play('demo_remove', env)
        title('What it took')
        summary(box)
        left = {provider: names for provider, names in left_over(box).items() if names}
        if left:
            print('left over: %s' % left)
    title('FAILED' if failed or left else 'All as expected; the sandbox is stopped')
    return 1 if failed or left else 0


if __name__ == '__main__':
    sys.exit(main())
