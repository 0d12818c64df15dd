# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same task run for several hosts of a play at once makes what it names once."""

from __future__ import annotations

import concurrent.futures
import os
import subprocess
import sys
import time

import pytest
import runs
import yaml
from playing import BIN

from ansible_collections.indie.cloud.plugins.module_utils import runner
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_record import DNS_RECORD
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_zone import DNS_ZONE
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP
from ansible_collections.indie.cloud.plugins.module_utils.resources.vlan import VLAN

LATENCY_MS = 100
RECORD = {'domain': 'example.com', 'name': 'www', 'type': 'A', 'value': ['192.0.2.1']}


@pytest.fixture
def slow(sandbox):
    """A sandbox whose answers take long enough for others to ask in between."""
    sandbox.reset()
    sandbox.settings(latency_ms=LATENCY_MS)
    yield sandbox
    sandbox.settings(latency_ms=0)
    sandbox.reset()


def at_once(cloud, *tasks):
    """The results of tasks of one resource, all begun together."""
    with concurrent.futures.ThreadPoolExecutor(len(tasks)) as pool:
        return [runs.ok(result) for result in pool.map(
            lambda options: runner.run(cloud.resource, cloud.parameters(**options), cloud.context()), tasks)]


@pytest.mark.parametrize('resource, provider, options', [
    (STATIC_IP, 'cloudsigma', {'count': 1}),
    (STATIC_IP, 'elastichosts', {'count': 1}),
    (STATIC_IP, 'elastichosts', {'name': 'www'}),
    (STATIC_IP, 'upcloud', {'count': 1, 'floating': True, 'zone': 'fi-hel1'}),
    (DRIVE, 'cloudsigma', {'name': 'data', 'size_gb': 1}),
    (DRIVE, 'elastichosts', {'name': 'data', 'size_gb': 1}),
    (DRIVE, 'upcloud', {'name': 'data', 'size_gb': 10, 'zone': 'fi-hel1'}),
    (VLAN, 'cloudsigma', {'name': 'back'}),
    (VLAN, 'elastichosts', {'name': 'back'}),
    (VLAN, 'upcloud', {'name': 'back', 'zone': 'fi-hel1', 'network': '10.0.3.0/24'}),
    (SERVER_GROUP, 'cloudsigma', {'name': 'web'}),
    (SERVER, 'cloudsigma', {'name': 'web1', 'cpu_mhz': 1000, 'memory_mb': 512}),
    (SERVER, 'elastichosts', {'name': 'web1', 'cpu_mhz': 1000, 'memory_mb': 512}),
], ids=lambda value: getattr(value, 'name', None))
def test_two_tasks_at_once_make_one_thing(slow, tmp_path, resource, provider, options):
    cloud = runs.Runs(slow, tmp_path / 'state', resource, provider)
    found = at_once(cloud, options, options)
    assert sorted(result['changed'] for result in found) == [False, True]
    assert sum(each.get('floating') is not False for each in cloud.listed()) == 1
    assert not list((tmp_path / 'state').glob('*.lock'))


@pytest.mark.parametrize('resource, provider, options, otherwise', [
    (DNS_ZONE, 'memset', {'domain': 'example.org'}, {'domain': 'Example.org.'}),
    (DNS_RECORD, 'memset', RECORD, {'name': 'WWW'}),
    (DNS_RECORD, 'memset', RECORD, {'domain': 'Example.com.'}),
], ids=lambda value: getattr(value, 'name', None))
def test_two_spellings_of_a_name_at_once_make_one_thing(slow, tmp_path, resource, provider, options, otherwise):
    cloud = runs.Runs(slow, tmp_path / 'state', resource, provider)
    slow.seed('memset', {'nickname': 'mine', 'domains': ['example.com']}, zones=1)
    before = len(cloud.listed())
    found = at_once(cloud, options, {**options, **otherwise})
    assert sorted(result['changed'] for result in found) == [False, True]
    assert len(cloud.listed()) == before + 1


def test_different_numbers_of_addresses_are_counted_one_after_the_other(slow, tmp_path):
    cloud = runs.Runs(slow, tmp_path / 'state', STATIC_IP, 'cloudsigma')
    at_once(cloud, {'count': 1}, {'count': 2}, {'count': 2})
    assert len(cloud.listed()) == 2


def test_other_names_are_not_waited_for(slow, tmp_path):
    cloud = runs.Runs(slow, tmp_path / 'state', VLAN, 'cloudsigma')
    began = time.monotonic()
    cloud.fine(name='alone')
    one = time.monotonic() - began
    began = time.monotonic()
    at_once(cloud, *({'name': 'back-%d' % number} for number in range(8)))
    assert time.monotonic() - began < 3 * one and len(cloud.listed()) == 9


@pytest.mark.parametrize('environment', [{}, {'INDIE_TEST': 'as a module'}], ids=['action', 'module'])
def test_a_task_for_several_hosts_buys_once(slow, tmp_path, environment):
    playbook = tmp_path / 'play.yml'
    playbook.write_text(yaml.safe_dump([{
        'hosts': 'all', 'connection': 'local', 'gather_facts': False, 'environment': environment,
        'vars': {'ansible_python_interpreter': sys.executable},
        'tasks': [{'indie.cloud.static_ip': {'provider': 'cloudsigma', 'count': 1}}]}]))
    done = subprocess.run(
        [str(BIN / 'ansible-playbook'), '-i', 'web1,web2,web3,', str(playbook)], capture_output=True, text=True,
        check=False, timeout=120, env={**os.environ, **slow.env, 'INDIE_CLOUD_STATE_DIR': str(tmp_path / 'state')})
    assert done.returncode == 0 and done.stdout.count('changed=1') == 1, done.stdout + done.stderr
    assert len(slow.state('cloudsigma')['ips']) == 1


def test_a_state_folder_that_cannot_be_written_to_is_told_and_no_obstacle(sandbox, tmp_path):
    sandbox.reset()
    (tmp_path / 'file').write_text('')
    cloud = runs.Runs(sandbox, tmp_path / 'file' / 'state', VLAN, 'elastichosts')
    for changed in (True, False):
        result = cloud.fine(name='back')
        assert result['changed'] == changed and 'INDIE_CLOUD_STATE_DIR' in ' '.join(result['warnings'])
    assert 'warnings' not in cloud.fine(True, name='back')
