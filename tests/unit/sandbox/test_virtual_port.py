# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's port that serves a provider by the host name asked for."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import time

import pytest
import urllib3

FILES = pathlib.Path(__file__).resolve().parents[3] / 'roles' / 'sandbox' / 'files'
ENVIRONMENT = {**os.environ, 'PYTHONPATH': str(FILES)}


@pytest.fixture(scope='module')
def virtual(tmp_path_factory):
    """(port, CA file) of a sandbox with TLS and a virtual port."""
    folder = tmp_path_factory.mktemp('virtual')
    process = subprocess.Popen(
        [sys.executable, '-m', 'sandbox', '--base-port', '0', '--tls', '--ca-file', str(folder / 'ca.pem'),
         '--virtual-port', '0', '--env-file', str(folder / 'env')], env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (folder / 'env').exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        line, = [line for line in (folder / 'env').read_text().splitlines() if 'VIRTUAL_PORT' in line]
        yield int(line.partition('=')[2]), str(folder / 'ca.pem')
    finally:
        process.terminate()
        process.wait(10)


def get(virtual, host, path):
    port, ca_file = virtual
    pool = urllib3.HTTPSConnectionPool('127.0.0.1', port, server_hostname=host, assert_hostname=host, ca_certs=ca_file)
    headers = {'Host': host, **urllib3.make_headers(basic_auth='0123456789abcdef0123456789abcdef:x')}
    return pool.request('GET', path, headers=headers, timeout=10, retries=False)


def test_the_host_name_chooses_the_provider(virtual):
    answer = get(virtual, 'api.memset.com', '/v1/json/internal.version')
    assert (answer.status, answer.data) == (200, b'{"version": "0.20"}')


def test_a_name_of_nobody(virtual):
    assert get(virtual, 'localhost', '/').status == 421


def test_it_needs_tls():
    done = subprocess.run([sys.executable, '-m', 'sandbox', '--virtual-port', '0'], env=ENVIRONMENT, timeout=30,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2 and '--tls' in done.stderr
