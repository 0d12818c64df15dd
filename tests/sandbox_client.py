# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start the sandbox and talk to its control API: for the tests and the demo."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = ROOT / 'roles' / 'sandbox' / 'files'
START_SECONDS = 30
SECRETS = ('MEMSET_API_KEY', 'UPCLOUD_PASSWORD', 'UPCLOUD_TOKEN', 'CLOUDSIGMA_PASSWORD', 'EHAUTH')


class Sandbox:
    """A running sandbox. `env` holds the variables that lead the plugins to it, `secrets` what no result may tell."""

    def __init__(self, env, log=None):
        self.env = env
        self.secrets = [env[name].rpartition(':')[2] for name in SECRETS if name in env]
        self._url = env['INDIE_SANDBOX_URL']
        self._log = log
        self._session = requests.Session()
        # A proxy or a .netrc of the tester's must not come between.
        self._session.trust_env = False

    def _call(self, method, path, **arguments):
        response = self._session.request(method, self._url + path, timeout=30, **arguments)
        if response.status_code >= 400:
            raise ValueError('%s %s: %s' % (method, path, response.text))
        return response.json() if response.content else None

    def requests(self, **wanted):
        """What was asked, oldest first; only those with the given provider, operation, method, write."""
        return self._call('GET', '/requests', params=wanted)

    def writes(self, **wanted):
        """The requests that could change state."""
        return self.requests(write=True, **wanted)

    def forget(self):
        """Empty the log of requests."""
        self._call('DELETE', '/requests')

    def reset(self):
        """Back to the catalogues alone, without faults, log or counts."""
        self._call('POST', '/reset')

    def seed(self, provider, options=None, **kinds):
        """Make things at once: seed('upcloud', servers=3). Returns {kind: [ids]}."""
        return self._call('POST', '/seed', json={'provider': provider, 'options': options or {}, **kinds})

    def faults(self, *specs, **spec):
        """Ask for faults: faults(kind='status', status=502, provider='memset') or several dicts. Returns them."""
        return self._call('POST', '/faults', json=list(specs) + ([spec] if spec else []))

    def pending_faults(self):
        """The faults asked for, each with how often it was seen and fired."""
        return self._call('GET', '/faults')

    def drop_faults(self):
        self._call('DELETE', '/faults')

    def state(self, provider=None):
        """All there is, of one provider or of each."""
        return self._call('GET', '/state', params={'provider': provider} if provider else {})

    def operations(self):
        """{provider: {operation: how often it was served}}."""
        return self._call('GET', '/operations')

    def advance(self, seconds):
        """Let that many seconds pass at once."""
        return self._call('POST', '/advance', json={'seconds': seconds})

    def settings(self, **settings):
        """Change job_seconds or latency_ms."""
        return self._call('POST', '/settings', json=settings)

    def output(self):
        """What the process wrote."""
        return self._log.read_text(encoding='utf-8') if self._log else ''


def read_env(path):
    """The variables of a file of `export NAME=value` lines."""
    found = {}
    for line in pathlib.Path(path).read_text(encoding='utf-8').splitlines():
        name, separator, value = line.partition('=')
        if separator:
            found[name.split()[-1]] = ''.join(shlex.split(value))
    return found


@contextlib.contextmanager
def running(*arguments, job_seconds=0.2, python=sys.executable, package=PACKAGE):
    """A sandbox of its own on free ports, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix='indie-sandbox-') as name:
        folder = pathlib.Path(name)
        env_file, log = folder / 'env', folder / 'log'
        command = [str(python), '-m', 'sandbox', '--base-port', '0', '--env-file', str(env_file),
                   '--job-seconds', str(job_seconds), '--ca-file', str(folder / 'ca.pem'), *arguments]
        with log.open('w', encoding='utf-8') as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT,
                                       env={**os.environ, 'PYTHONPATH': str(package), 'PYTHONUNBUFFERED': '1'})
        try:
            deadline = time.monotonic() + START_SECONDS
            while not env_file.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError('the sandbox did not start:\n' + log.read_text(encoding='utf-8'))
                time.sleep(0.02)
            yield Sandbox(read_env(env_file), log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
