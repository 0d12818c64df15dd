# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role sandbox, played by ansible-playbook."""

from __future__ import annotations

import http.server
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading

import pytest
import requests
from playing import BIN, LOOKUPS

import sandbox_client

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  roles:
    - role: indie.cloud.sandbox
  tasks:
    - name: Keep the fact
      ansible.builtin.set_fact:
        kept: "{{ lookup('keep', sandbox_dir ~ '/fact.json', sandbox_environment | to_json) }}"
      when: sandbox_environment is defined and not ansible_check_mode
"""


def free_ports(count=5):
    """The first of so many free ports in a row, below those that the system hands out itself."""
    for _attempt in range(100):
        base = random.randrange(20000, 32000, count)
        try:
            for port in range(base, base + count):
                with socket.socket() as probe:
                    probe.bind(('127.0.0.1', port))
        except OSError:
            continue
        return base
    raise RuntimeError('no free ports')


class Role:
    """Plays the role with its own folder and ports."""

    def __init__(self, folder):
        # A folder that a shell would take for two words.
        self.dir = folder / 'the box'
        self.host = '127.0.0.1'
        self.variables = {'sandbox_dir': str(self.dir), 'sandbox_base_port': free_ports(), 'sandbox_job_seconds': 0.2}
        self.playbook = folder / 'play.yml'
        self.playbook.write_text(PLAYBOOK, encoding='utf-8')

    @property
    def url(self):
        return 'http://%s:%d' % (self.host, self.variables['sandbox_base_port'])

    def play(self, *arguments, **variables):
        """(how many tasks changed or None after a failure, the output)."""
        result = subprocess.run(
            [str(BIN / 'ansible-playbook'), str(self.playbook), *arguments,
             '-e', json.dumps({**self.variables, **variables})],
            capture_output=True, text=True, check=False, timeout=300,
            env={**os.environ, 'ANSIBLE_NOCOLOR': '1', 'ANSIBLE_LOCALHOST_WARNING': '0',
                 'ANSIBLE_LOOKUP_PLUGINS': LOOKUPS})
        output = result.stdout + result.stderr
        if result.returncode:
            return None, output
        return int(re.search(r'changed=(\d+)', output).group(1)), output

    def runs(self):
        try:
            return requests.get(self.url, timeout=5).json()['sandbox'] == 'indie.cloud'
        except requests.ConnectionError:
            return False


@pytest.fixture
def role(tmp_path):
    found = Role(tmp_path)
    yield found
    if found.runs():
        requests.post(found.url + '/stop', timeout=5)


def test_started_and_stopped_each_twice_and_in_check_mode(role):
    changed, output = role.play('--check')
    assert changed, output
    assert not role.runs() and not role.dir.exists()

    changed, output = role.play()
    assert changed and role.runs(), output
    env = sandbox_client.read_env(role.dir / 'env')
    assert env['INDIE_SANDBOX_URL'] == role.url
    assert json.loads((role.dir / 'fact.json').read_text(encoding='utf-8')) == env
    assert not (role.dir / 'venv').exists(), 'the Python that runs the tests has all that is needed'

    sandbox = sandbox_client.Sandbox(env)
    sandbox.seed('upcloud', servers=1)
    assert role.play('--check')[0] == 0
    assert role.play()[0] == 0
    assert sandbox.state('upcloud')['servers'], 'the one that ran was left alone'

    changed, output = role.play('--check', sandbox_state='stopped')
    assert changed and role.runs(), output
    changed, output = role.play(sandbox_state='stopped')
    assert changed and not role.runs(), output
    assert not (role.dir / 'env').exists()
    assert role.play(sandbox_state='stopped')[0] == 0


def test_tls(role):
    changed, output = role.play(sandbox_tls=True, sandbox_tls_hosts=['api.example.com'])
    assert changed, output
    env = json.loads((role.dir / 'fact.json').read_text(encoding='utf-8'))
    assert env['MEMSET_API_URL'].startswith('https://')
    assert env['REQUESTS_CA_BUNDLE'] == str(role.dir / 'ca.pem')
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(env['MEMSET_API_URL'], timeout=5, verify=True)
    assert requests.get(env['MEMSET_API_URL'], timeout=5, verify=env['REQUESTS_CA_BUNDLE']).status_code < 600


def test_one_that_runs_is_left_with_its_settings(role):
    assert role.play()[0]
    before = [(role.dir / name).read_text(encoding='utf-8') for name in ('env', 'fact.json')]
    for arguments in ((), ('--check',)):
        changed, output = role.play(*arguments, sandbox_tls=True, sandbox_job_seconds=5)
        assert changed == 0, output
    assert [(role.dir / name).read_text(encoding='utf-8') for name in ('env', 'fact.json')] == before
    assert 'http://' in before[0] and 'https://' not in before[0]


@pytest.mark.parametrize('host, shown', [('::1', '[::1]'), ('0.0.0.0', '127.0.0.1')])
def test_the_variables_lead_to_the_address_it_listens_on(role, host, shown):
    role.host = shown
    for _time in range(2):
        changed, output = role.play(sandbox_host=host)
        assert changed is not None, output
        env = sandbox_client.read_env(role.dir / 'env')
        assert json.loads((role.dir / 'fact.json').read_text(encoding='utf-8')) == env
        assert env['INDIE_SANDBOX_URL'] == role.url and role.runs()
        assert requests.get(env['UPCLOUD_API_URL'], timeout=5).status_code < 500
    assert changed == 0
    changed, output = role.play(sandbox_host=host, sandbox_state='stopped')
    assert changed and not role.runs(), output


def test_a_port_in_use_is_an_error_that_says_so(role):
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', role.variables['sandbox_base_port'] + 2))
        taken.listen()
        changed, output = role.play()
    assert changed is None
    assert 'address already in use' in output


def test_another_program_on_the_port_is_left_alone(role):
    other = http.server.HTTPServer(('127.0.0.1', role.variables['sandbox_base_port']),
                                   http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        changed, output = role.play(sandbox_state='stopped')
    finally:
        other.shutdown()
        other.server_close()
    assert changed is None
    assert 'is not the sandbox' in output


def test_installs_what_is_missing(role):
    """With a Python that lacks the imports, from the package index of this machine."""
    bare = role.dir.parent / 'bare'
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', str(bare)], check=True)
    changed, output = role.play(sandbox_python=str(bare / 'bin' / 'python'))
    assert changed and role.runs(), output
    assert (role.dir / 'venv' / 'bin' / 'python').exists()

    requests.post(role.url + '/stop', timeout=5)
    changed, output = role.play(sandbox_python=str(bare / 'bin' / 'python'))
    assert changed and role.runs(), output
    assert re.search(r'Install the requirements\] \*+\nskipping', output)
