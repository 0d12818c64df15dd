# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make demo: the playbook indie.cloud.demo and the four inventories on a sandbox, and what it took."""

from __future__ import annotations

import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import sandbox_client

PROVIDERS = ('memset', 'upcloud', 'cloudsigma', 'elastichosts')


def heading(text):
    print('\n== %s %s' % (text, '=' * max(0, 100 - len(text))), flush=True)


def main():
    started = time.monotonic()
    failed = []
    with sandbox_client.running(job_seconds=1) as sandbox, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, 'ANSIBLE_LOCALHOST_WARNING': '0', 'ANSIBLE_INVENTORY_UNPARSED_WARNING': '0',
                       'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED': '1', **sandbox.env}

        def run(what, *command):
            heading(what)
            if subprocess.run(command, env=environment, check=False).returncode:
                failed.append(what)

        run('One playbook, four clouds', 'ansible-playbook', 'indie.cloud.demo')
        asked = sandbox.requests()

        inventories = []
        for provider in PROVIDERS:
            path = pathlib.Path(folder, provider + '.yml')
            path.write_text('plugin: indie.cloud.%s\n' % provider, encoding='utf-8')
            inventories += ['-i', str(path)]
        run('The inventories of all four', 'ansible-inventory', *inventories, '--graph')
        listed = sandbox.requests()[len(asked):]

        heading('What it took')
        for provider in PROVIDERS:
            mine = [entry for entry in asked if entry['provider'] == provider]
            writes = collections.Counter(entry['operation'] for entry in mine if entry['write'])
            print('%-13s %3d requests of the playbook, of which %d wrote: %s; %d of the inventory' % (
                provider, len(mine), sum(writes.values()),
                ', '.join('%s (%d)' % pair for pair in sorted(writes.items())) or 'none',
                sum(entry['provider'] == provider for entry in listed)))
        if 'Traceback' in sandbox.output():
            failed.append('the sandbox:\n' + sandbox.output())
    heading('%s after %d seconds; the sandbox is stopped' % (
        'FAILED: ' + ', '.join(failed) if failed else 'All as expected', time.monotonic() - started))
    return bool(failed)


if __name__ == '__main__':
    sys.exit(main())
