# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's port that serves a provider by the host name asked for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import urllib3

import sandbox_client

ENVIRONMENT = {**os.environ, 'PYTHONPATH': str(sandbox_client.PACKAGE)}


@pytest.fixture(scope='module')
def virtual(tmp_path_factory):
    """(port, CA file) of a sandbox with TLS and a virtual port."""
    with sandbox_client.running('--tls', '--virtual-port', '0') as box:
        port, = [value for name, value in box.env.items() if 'VIRTUAL_PORT' in name]
        yield int(port), box.env['SSL_CERT_FILE']


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


@pytest.mark.parametrize('host', ['api.zrh.cloudsigma.com', 'api-lon-p.elastichosts.com'])
def test_locations_of_a_provider(virtual, host):
    assert get(virtual, host, '/servers/info').status == 401
