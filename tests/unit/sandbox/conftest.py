# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox on free ports for the whole session; each test that asks for `sandbox` starts from its first state."""

from __future__ import annotations

import os
import pathlib
import shlex
import subprocess
import sys
import time

import pytest
import requests

FILES = pathlib.Path(__file__).resolve().parents[3] / 'roles' / 'sandbox' / 'files'


@pytest.fixture(scope='session')
def sandbox_environment(tmp_path_factory):
    """The environment variables that the sandbox gives to its clients."""
    env_file = tmp_path_factory.mktemp('sandbox') / 'env'
    process = subprocess.Popen(
        [sys.executable, '-m', 'sandbox', '--base-port', '0', '--env-file', str(env_file), '--job-seconds', '0.2'],
        env={**os.environ, 'PYTHONPATH': str(FILES)}, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not env_file.exists():
            assert process.poll() is None, 'the sandbox ended with %s' % process.returncode
            assert time.monotonic() < deadline, 'the sandbox did not start'
            time.sleep(0.05)
        lines = (shlex.split(line)[1].partition('=') for line in env_file.read_text().splitlines())
        yield {name: value for name, _equals, value in lines}
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def sandbox(sandbox_environment):
    """The same, reset."""
    requests.post(sandbox_environment['INDIE_SANDBOX_URL'] + '/reset', timeout=10).raise_for_status()
    return sandbox_environment
