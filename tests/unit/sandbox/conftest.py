# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox of its own for the tests in this folder."""

from __future__ import annotations

import os
import pathlib
import shlex
import subprocess
import sys
import time

import pytest
import requests

FILES = pathlib.Path(__file__).parents[3] / 'roles' / 'sandbox' / 'files'


@pytest.fixture(scope='session')
def sandbox(tmp_path_factory):
    """The environment variables of a running sandbox."""
    env_file = tmp_path_factory.mktemp('sandbox') / 'env'
    process = subprocess.Popen(
        [sys.executable, '-m', 'sandbox', '--base-port', '0', '--env-file', str(env_file), '--job-seconds', '0.2'],
        env=dict(os.environ, PYTHONPATH=str(FILES)), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not env_file.exists():
            assert process.poll() is None, 'the sandbox ended at once'
            assert time.monotonic() < deadline, 'the sandbox did not start'
            time.sleep(0.05)
        words = shlex.split(env_file.read_text(), comments=False)
        yield dict(word.split('=', 1) for word in words if word != 'export')
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def fresh(sandbox):
    """The same, back at the catalogues alone."""
    requests.post(sandbox['INDIE_SANDBOX_URL'] + '/reset', timeout=10).raise_for_status()
    return sandbox
