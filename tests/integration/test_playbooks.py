# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks, on the sandbox: check mode writes nothing, the second run changes nothing and writes nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import sandbox_client
import yaml
from playing import BIN


class Playbook:
    """Runs of one playbook of the collection, with the same variables."""

    def __init__(self, sandbox, folder, name):
        self.sandbox, self.folder, self.name = sandbox, folder, name
        sandbox.reset()

    def play(self, variables, *arguments):
        """Its output; the folder of the test is where it is started."""
        path = self.folder / 'variables.yml'
        path.write_text(yaml.safe_dump(dict(variables, ansible_python_interpreter=sys.executable)), encoding='utf-8')
        self.sandbox.forget()
        done = subprocess.run(
            [str(BIN / 'ansible-playbook'), '-i', 'localhost,', 'indie.cloud.' + self.name, '-e', '@%s' % path,
             *arguments], cwd=self.folder, capture_output=True, text=True, check=False, timeout=300, env={
                 **os.environ, **self.sandbox.env, 'INDIE_CLOUD_STATE_DIR': str(self.folder / 'state'),
                 'ANSIBLE_NOCOLOR': '1', 'PWD': str(self.folder)})
        self.code, self.output = done.returncode, done.stdout + done.stderr
        return self.output

    def changes(self, variables, *arguments):
        """How many tasks changed something."""
        output = self.play(variables, *arguments)
        assert self.code == 0, output
        assert '[WARNING]' not in output and 'DEPRECATION' not in output, output
        return int(re.search(r'changed=(\d+)', output).group(1))

    def writes(self):
        return [item['operation'] for item in self.sandbox.writes()]

    def twice(self, variables):
        """Check mode, the real run, and again."""
        expected = self.changes(variables, '--check', '--diff')
        assert expected and self.writes() == []
        foreseen = self.output
        assert self.changes(variables) == expected, foreseen + self.output
        self.unchanged(variables)

    def unchanged(self, variables):
        assert self.changes(variables) == 0, self.output
        assert self.writes() == []
        assert self.changes(variables, '--check') == 0 and self.writes() == []


@pytest.fixture
def book(sandbox, tmp_path):
    return lambda name: Playbook(sandbox, tmp_path, name)


ZONE = """
$TTL 3600
@     IN SOA ns1 hostmaster 1 2 3 4 5
@     NS    ns1.example.net.
@     A     192.0.2.1
@     MX    10 mx1.example.net.
www   300 A 192.0.2.1
www   300 A 192.0.2.2
ftp   CNAME www
_sip._tcp SRV 1 5 5060 sip
@     TXT   "v=spf1 mx -all"
"""


def records(sandbox):
    """{(name, type, value)} of all records at Memset."""
    return {(record['record'], record['type'], record['address'])
            for record in sandbox.state('memset')['records'].values()}


def test_dns_sync_from_a_zone_file(book, sandbox, tmp_path):
    (tmp_path / 'example.com.zone').write_text(ZONE, encoding='utf-8')
    sync, wanted = book('dns_sync'), {'dns_sync_domain': 'example.com', 'dns_sync_file': 'example.com.zone'}
    sync.twice(wanted)
    found = records(sandbox)
    assert ('www', 'A', '192.0.2.2') in found and ('_sip._tcp', 'SRV', '5 5060 sip') in found and len(found) == 7
    assert not [each for each in found if each[1] in ('SOA', 'NS')]

    # A line less: it stays unless records shall be pruned.
    (tmp_path / 'example.com.zone').write_text(ZONE.replace('ftp   CNAME www\n', ''), encoding='utf-8')
    sync.unchanged(wanted)
    sync.twice(dict(wanted, dns_prune=True))
    assert ('ftp', 'CNAME', 'www') not in records(sandbox) and len(records(sandbox)) == 6


def test_dns_sync_of_many_zones_from_yaml_and_variables(book, sandbox, tmp_path):
    (tmp_path / 'net.yml').write_text(yaml.safe_dump({
        'ttl': 3600, 'records': [{'record': 'www', 'type': 'A', 'values': ['192.0.2.7']}]}), encoding='utf-8')
    (tmp_path / 'org.json').write_text('[{"record": "www", "type": "A", "values": ["192.0.2.8"]}]', encoding='utf-8')
    sync = book('dns_sync')
    zones = [{'domain': 'example.net', 'file': 'net.yml'}, {'domain': 'example.org', 'file': 'org.json'},
             {'domain': 'example.info', 'records': [{'record': 'www', 'type': 'A', 'values': ['192.0.2.9']}]}]
    sync.twice({'dns_zones': zones})
    assert records(sandbox) == {('www', 'A', '192.0.2.%d' % number) for number in (7, 8, 9)}
    assert sorted(zone['ttl'] for zone in sandbox.state('memset')['zones'].values()) == [0, 0, 3600]

    # The file of a zone that goes is not asked for.
    sync.twice({'dns_zones': [{'domain': 'example.net', 'file': 'gone.yml', 'state': 'absent', 'force': True}]})
    assert len(records(sandbox)) == 2

    sync.play({'dns_zones': [{'domain': 'example.net', 'fiel': 'net.yml'}]})
    assert sync.code and 'fiel' in sync.output and sandbox.requests() == []


def test_snapshot_rotate_keeps_as_many_as_wanted(book, sandbox):
    rotate = book('snapshot_rotate')
    sandbox.seed('memset', {'name': 'storeaa1'}, memstores=1)
    sandbox.seed('memset', {'names': ['webaa1', 'dbaa1']}, servers=2)
    sandbox.seed('memset', {'storage_name': 'storeaa1', 'server_name': 'dbaa1', 'age_days': 90}, snapshots=1)
    drive, = sandbox.seed('upcloud', {'name': 'data'}, storages=1)['storages']
    scheduled, = sandbox.seed('upcloud', {'origin': drive}, backups=1)['backups']
    wanted = {'snapshots_keep': 2, 'snapshots_rotate': [
        {'provider': 'upcloud', 'drive': 'data'}, {'provider': 'memset', 'server': 'webaa1', 'storage': 'storeaa1'}]}

    def backups():
        return {key: item['title'] for key, item in sandbox.state('upcloud')['storages'].items()
                if item['type'] == 'backup'}

    rotate.twice(dict(wanted, snapshots_date='day 1'))
    rotate.changes(dict(wanted, snapshots_date='day 2'))
    rotate.twice(dict(wanted, snapshots_date='day 3'))
    assert sorted(rotate.writes()) == []
    assert scheduled in backups() and sorted(backups().values())[-2:] == ['rotated day 2', 'rotated day 3']
    assert len(backups()) == 3
    # Two of this server, and that of the other one.
    assert len(sandbox.state('memset')['snapshots']) == 3
