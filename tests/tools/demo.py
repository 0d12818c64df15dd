# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Play playbooks/demo.yml on a sandbox, and say what it took and whether anything is left. `make demo` runs it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import sandbox_client

PROVIDERS = ('memset', 'upcloud', 'cloudsigma', 'elastichosts')
# What a cloud has a bill for, or a reader would wonder at. Servers at Memset are among its services.
KINDS = ('servers', 'services', 'drives', 'storages', 'zones', 'records', 'domains', 'rule_groups', 'vlans', 'networks',
         'ips', 'ip_addresses')


def title(text):
    """A heading; flushed, since the commands write to the same place."""
    print('\n\033[1m%s\033[0m' % text if sys.stdout.isatty() else '\n== %s' % text, flush=True)


def play(env):
    """Play the demo; its exit code."""
    return subprocess.run([str(pathlib.Path(sys.executable).parent / 'ansible-playbook'), '-i', 'localhost,', '-e',
                           'ansible_python_interpreter=%s' % sys.executable, 'playbooks/demo.yml'], env=env,
                          cwd=sandbox_client.ROOT, check=False).returncode


def summary(box):
    """What was asked of each cloud."""
    print('%-14s %10s %8s %8s' % ('cloud', 'requests', 'reads', 'writes'))
    for provider in PROVIDERS:
        asked = box.requests(provider=provider)
        writes = sum(entry['write'] for entry in asked)
        print('%-14s %10d %8d %8d' % (provider, len(asked), len(asked) - writes, writes))


def there(box):
    """(provider, kind, id) of all there is, but for what Memset goes on to tell of once it is cancelled."""
    return {(provider, kind, str(key)) for provider, state in box.state().items() for kind in KINDS
            for key, thing in state.get(kind, {}).items() if thing.get('status') != 'CANCELLED'}


def main():
    begun = time.monotonic()
    with sandbox_client.running(job_seconds=1) as box, tempfile.TemporaryDirectory() as folder:
        before = there(box)
        title('A sandbox of four clouds is up')
        failed = play({**os.environ, **box.env, 'INDIE_CLOUD_STATE_DIR': folder,
                       'ANSIBLE_DISPLAY_SKIPPED_HOSTS': 'false', 'ANSIBLE_LOCALHOST_WARNING': 'false',
                       'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED': 'true',
                       'ANSIBLE_INVENTORY_UNPARSED_WARNING': 'false', 'ANSIBLE_NOCOWS': '1'})
        title('What it took, in %d seconds' % (time.monotonic() - begun))
        summary(box)
        left = sorted(there(box) - before)
        for thing in left:
            print('left over: %s' % ' '.join(thing))
    title('FAILED' if failed or left else 'All as expected, and nothing is left; the sandbox is stopped')
    return 1 if failed or left else 0


if __name__ == '__main__':
    sys.exit(main())
