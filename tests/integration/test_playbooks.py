# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks, on the sandbox: check mode writes nothing, the second run changes nothing and writes nothing."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from playing import BIN
from runs import CANARY

import sandbox_client


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
    (tmp_path / 'zones').mkdir()
    (tmp_path / 'zones' / 'net.yml').write_text(yaml.safe_dump({
        'ttl': 3600, 'records': [{'record': 'www', 'type': 'A', 'value': ['192.0.2.7']}]}), encoding='utf-8')
    (tmp_path / 'zones' / 'org.json').write_text(
        '[{"record": "www", "type": "A", "value": ["192.0.2.8"]}]', encoding='utf-8')
    sync = book('dns_sync')
    zones = [{'domain': 'example.net', 'file': 'net.yml'}, {'domain': 'example.org', 'file': 'org.json'},
             {'domain': 'example.info', 'records': [{'record': 'www', 'type': 'A', 'value': ['192.0.2.9']}]}]
    sync.twice({'dns_zones': zones, 'dns_folder': 'zones'})
    assert records(sandbox) == {('www', 'A', '192.0.2.%d' % number) for number in (7, 8, 9)}
    assert sorted(zone['ttl'] for zone in sandbox.state('memset')['zones'].values()) == [0, 0, 3600]

    # The file of a zone that goes is not asked for.
    sync.twice({'dns_zones': [{'domain': 'example.net', 'file': 'gone.yml', 'state': 'absent', 'force': True}]})
    assert len(records(sandbox)) == 2


def test_dns_sync_finds_what_is_wrong_before_it_asks_for_anything(book, sandbox, tmp_path, monkeypatch):
    (tmp_path / 'net.yml').write_text('- {record: www, type: A, value: [192.0.2.7]}', encoding='utf-8')
    (tmp_path / 'text.yml').write_text('just text', encoding='utf-8')
    (tmp_path / 'com.zone').write_text(ZONE, encoding='utf-8')
    (tmp_path / 'none.yml').write_text('records: []', encoding='utf-8')
    (tmp_path / 'slip.zone').write_text('$TTL 300\nwww A 192.0.2.1\nmail.exmaple.com. A 192.0.2.2\n', encoding='utf-8')
    (tmp_path / 'other.zone').write_text('$ORIGIN example.org.' + ZONE, encoding='utf-8')
    (tmp_path / 'none.zone').write_text('; nothing here yet\n', encoding='utf-8')
    (tmp_path / 'typo.yml').write_text('recrods: []', encoding='utf-8')
    (tmp_path / 'caa.zone').write_text('$TTL 3600\n@ CAA 0 issue "ca.example.net"\n', encoding='utf-8')
    sync, good = book('dns_sync'), {'domain': 'example.net', 'file': 'net.yml'}
    for bad, complaint in (
            ({'fiel': 'net.yml'}, 'fiel'), ({'file': 'gone.yml'}, 'gone.yml'),
            ({'file': 'text.yml'}, 'dns_zones: text.yml holds neither'), ({'file': 'caa.zone'}, 'type CAA'),
            ({'file': 'typo.yml'}, 'says recrods'), ({'file': 'none.yml', 'prune': True}, 'it must have one at least'),
            ({'file': 'none.zone'}, 'no record that Memset would hold'),
            ({'file': 'slip.zone', 'prune': True}, 'mail.exmaple.com.'),
            ({'file': 'other.zone'}, 'example.org., ftp.example.org., www.example.org.'),
            ({'file': 'net.yml', 'records': []}, 'mutually exclusive: file|records found in dns_zones')):
        sync.play({'dns_zones': [good, dict(bad, domain='example.com')]})
        assert sync.code and complaint in sync.output and sandbox.requests() == [], sync.output

    # A stand-in for a Python without dnspython.
    (tmp_path / 'dns').mkdir()
    (tmp_path / 'dns' / '__init__.py').write_text('raise ImportError("there is none")', encoding='utf-8')
    monkeypatch.setenv('PYTHONPATH', str(tmp_path))
    sync.play({'dns_zones': [good, {'domain': 'example.com', 'file': 'com.zone'}]})
    assert sync.code and "-m pip install 'dnspython>=2.1'" in sync.output and sandbox.requests() == []
    assert sync.changes({'dns_zones': [good]})


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

    def snapshots():
        """{path: the server that it is of} at Memset."""
        store = sandbox.state('memset')['services']['storeaa1']
        return {path: path.partition('.')[0] for path in store['data']['snapshots']}

    seeded, = snapshots()
    rotate.twice(dict(wanted, snapshots_date='day 1'))
    first, = set(snapshots()) - {seeded}
    rotate.changes(dict(wanted, snapshots_date='day 2'))
    assert len(backups()) == 3 and sorted(snapshots().values()) == ['dbaa1', 'webaa1', 'webaa1']
    rotate.twice(dict(wanted, snapshots_date='day 3'))
    assert scheduled in backups() and sorted(backups().values())[-2:] == ['rotated day 2', 'rotated day 3']
    assert len(backups()) == 3
    # The oldest of the server went; that of another server stays, however old.
    assert sorted(snapshots().values()) == ['dbaa1', 'webaa1', 'webaa1']
    assert seeded in snapshots() and first not in snapshots()


def test_snapshot_rotate_says_what_is_missing(book, sandbox):
    rotate = book('snapshot_rotate')
    for wanted, complaint in (
            ({'provider': 'upcloud'}, 'all of the following are missing: drive found in snapshots_rotate'),
            ({'provider': 'memset', 'server': 'webaa1'}, 'missing: storage found in snapshots_rotate'),
            ({'provider': 'cloudsigma', 'drive': 'data'}, 'got: cloudsigma found in snapshots_rotate')):
        rotate.play({'snapshots_rotate': [wanted]})
        assert rotate.code and complaint in rotate.output and sandbox.requests() == []


ESTATE = """
estate_vlans:
  - {provider: upcloud, name: back, zone: fi-hel1, network: 10.0.3.0/24}
  - {provider: cloudsigma, name: back}
  - {provider: memset, name: back, servers: [web-memset]}
estate_drives:
  - {provider: upcloud, name: data, zone: fi-hel1, size_gb: 20, server: web1.example.com, detach: true}
  - {provider: elastichosts, name: data, size_gb: 10}
estate_servers:
  - {provider: memset, name: web-memset, plan: VPS001, image: debian_buster_64, memset: {firewall: self_managed}}
  - provider: upcloud
    name: web1.example.com
    zone: fi-hel1
    plan: 1xCPU-2GB
    image: Debian GNU/Linux 11 (Bullseye)
    vlans: [back]
    delete_drives: true
    force_stop: true
  - {provider: cloudsigma, name: web2, cpu_mhz: 2000, memory_mb: 1024,
     image: Ubuntu 24.04 Server 64bit Pre-Installed, size_gb: 10, vlans: [back],
     delete_drives: true, force_stop: true}
  - {provider: elastichosts, name: web3, cpu_mhz: 2000, memory_mb: 1024, image: Debian Linux 12, size_gb: 10,
     delete_drives: true, force_stop: true}
estate_firewalls:
  - provider: memset
    name: web
    servers: [web-memset]
    rules: [{action: accept, protocol: tcp, destination_ports: [80, 443]}]
  - provider: upcloud
    name: web1.example.com
    rules: [{action: accept, protocol: tcp, destination_ports: [80, 443]}, {action: drop}]
estate_static_ips:
  - {provider: elastichosts, name: www}
estate_dns_zones:
  - {domain: example.com, force: true, records: [{record: www, type: A, value: [192.0.2.9]}]}
"""


def servers(sandbox):
    """How many servers there are at each cloud but Memset, which goes on telling of those that are cancelled."""
    return {provider: len(sandbox.state(provider)['servers']) for provider in ('upcloud', 'cloudsigma', 'elastichosts')}


def told_of(book):
    """The lines of the messages of a play."""
    return set(re.findall(r'"((?:memset|upcloud|cloudsigma|elastichosts): [^"]*)"', book.output))


def test_an_estate_on_four_clouds_comes_and_goes(book, sandbox):
    estate, wanted = book('estate'), yaml.safe_load(ESTATE)
    sandbox.seed('memset', {'nickname': 'back'}, vlans=1)
    # Check mode does not know of servers that are not there yet, but tells what is to be done with them.
    foreseen = estate.changes(wanted, '--check', '--diff')
    assert foreseen and estate.writes() == []
    told = told_of(estate)
    assert told == {
        'upcloud: the server web1.example.com is put into the network back',
        'cloudsigma: the server web2 is put into the network back',
        'upcloud: the drive data is attached to web1.example.com',
        'memset: the server web-memset is put into the network back',
        'memset: the server web-memset is given the firewall rules web',
        'upcloud: the server web1.example.com is given its 2 firewall rules'}
    assert '+    "name": "data"' in estate.output
    estate.changes(wanted)
    assert set(servers(sandbox).values()) == {1}
    estate.unchanged(wanted)
    machine, = sandbox.state('upcloud')['servers'].values()
    assert machine['firewall_rules']
    assert records(sandbox) == {('www', 'A', '192.0.2.9')}

    # It does not foresee that servers will be gone by then either; a drive needs no leave to be detached from those.
    del wanted['estate_drives'][0]['detach']
    wanted['estate_state'] = 'absent'
    assert estate.changes(wanted, '--check') and estate.writes() == []
    assert {text.split('.')[0] for text in told_of(estate)} == {
        thing + ' is deleted when no server uses it any more'
        for thing in ('upcloud: data', 'upcloud: back', 'cloudsigma: back', 'memset: web')}
    assert estate.changes(wanted)
    estate.unchanged(wanted)
    assert set(servers(sandbox).values()) == {0} and records(sandbox) == set()


def test_an_estate_finds_what_is_wrong_before_it_orders_anything(book, sandbox):
    estate = book('estate')
    server = {'provider': 'upcloud', 'name': 'web1.example.com', 'zone': 'fi-hel1', 'plan': '1xCPU-2GB',
              'image': 'Debian GNU/Linux 11 (Bullseye)'}
    alias = [{'record': 'www', 'type': kind, 'value': [value]} for kind, value in (('A', '192.0.2.1'), ('CNAME', 'x'))]
    at_server = {'provider': 'upcloud', 'name': server['name']}
    for kind, entry, complaint in (
            ('dns_zones', {'domain': 'example.com', 'records': alias}, 'a CNAME beside A'),
            ('firewalls', {'provider': 'memset', 'name': 'web', 'rules': [
                {'action': 'accept', 'protocol': 'tcp', 'destination_ports': ['http']}]}, 'destination_ports'),
            # Of a server that is yet to come.
            ('firewalls', {**at_server, 'rules': [{'action': 'drop', 'sources': ['x']}]}, 'sources'),
            ('drives', {'provider': 'upcloud', 'name': 'data', 'zone': 'fi-hel1', 'size_gb': 9999999,
                        'server': server['name']}, 'size_gb'),
            ('static_ips', {'provider': 'upcloud', 'address': 'x', 'server': server['name']}, 'address'),
            ('dns_reverse', {'address': 'x', 'name': 'web1.example.com'}, 'address'),
            ('servers', {'provider': 'elastichosts', 'name': 'web3', 'cpu_mhz': -1, 'memory_mb': 1024}, 'cpu_mhz')):
        wanted = {'estate_servers': [server]}
        wanted['estate_' + kind] = wanted.get('estate_' + kind, []) + [entry]
        estate.play(wanted)
        assert estate.code and complaint in estate.output and sandbox.writes() == [], estate.output


UPCLOUD = {'provider': 'upcloud', 'name': 'web1.example.com', 'zone': 'fi-hel1', 'plan': '1xCPU-2GB',
           'image': 'Debian GNU/Linux 11 (Bullseye)', 'force_stop': True, 'delete_drives': True}
AT_UPCLOUD = {'provider': 'upcloud'}
BACK = {'provider': 'upcloud', 'name': 'back', 'zone': 'fi-hel1', 'network': '10.0.3.0/24'}
DRIVE = {'provider': 'upcloud', 'name': 'data', 'zone': 'fi-hel1', 'size_gb': 10}
NEEDY = {'provider': 'cloudsigma', 'name': 'other', 'upcloud': {'delete_backups': 'keep'}}


@pytest.mark.parametrize('wanted, complaint', [
    ({'servers': [dict(UPCLOUD, plan='1xCPU-2TB')], 'drives': [DRIVE]}, 'there is no plan'),
    ({'servers': [dict(UPCLOUD, plan='1xCPU-2TB', vlans=['back'])], 'vlans': [BACK]}, 'there is no plan'),
    ({'servers': [UPCLOUD, {'provider': 'memset', 'name': 'm1', 'plan': 'VPS001', 'image': 'debian_buster_64',
                            'max_price': {'monthly': 0.5, 'currency': 'GBP'}, 'memset': {'firewall': 'self_managed'}}]},
     'more than max_price'),
    ({'servers': [dict(UPCLOUD, vlans=['back'])], 'vlans': [dict(BACK, zone='fi-hel9')]}, 'there is no zone'),
    ({'servers': [dict(UPCLOUD, vlans=['bakc'])], 'vlans': [BACK]}, 'vlans names bakc'),
    ({'servers': [dict(UPCLOUD, name='there.example.com', vlans=['back'])], 'vlans': [BACK]},
     'the network back it needs to be stopped'),
    ({'servers': [UPCLOUD], 'static_ips': [{'provider': 'elastichosts', 'address': '192.0.2.99'}]}, 'has no address'),
    # A copy that comes before what it is a copy of.
    ({'drives': [{'provider': 'upcloud', 'name': 'copy', 'zone': 'fi-hel1', 'clone_from': 'data'}, DRIVE]},
     'there is no drive'),
    ({'servers': [UPCLOUD], 'drives': [dict(NEEDY, state='absent')]}, 'upcloud cannot be used with cloudsigma'),
    ({'state': 'absent', 'servers': [dict(UPCLOUD, name='there.example.com')], 'drives': [NEEDY]},
     'upcloud cannot be used with cloudsigma'),
    ({'state': 'absent', 'servers': [dict(UPCLOUD, name='there.example.com')],
      'dns_zones': [{'domain': 'example.org'}]},
     'set force: true')])
def test_an_estate_with_a_mistake_writes_nothing(book, sandbox, wanted, complaint):
    estate = book('estate')
    sandbox.seed('upcloud', {'zone': 'fi-hel1', 'names': ['there.example.com']}, servers=1)
    sandbox.seed('memset', {'nickname': 'old', 'domains': ['example.org']}, zones=1)
    estate.play({'estate_' + kind: entries for kind, entries in wanted.items()})
    assert estate.code and complaint in estate.output and sandbox.writes() == [], estate.output


def test_what_an_estate_has_still_to_make_or_change_is_no_mistake(book, sandbox):
    estate = book('estate')
    sandbox.seed('upcloud', {'zone': 'fi-hel1', 'names': ['there.example.com']}, servers=1)
    there = dict(UPCLOUD, name='there.example.com')
    own = {'provider': 'elastichosts', 'name': 'own', 'size_gb': 10}
    assert estate.changes({
        'estate_drives': [DRIVE, {'provider': 'upcloud', 'name': 'copy', 'zone': 'fi-hel1', 'clone_from': 'data'}, own,
                          # A drive at this device needs the server stopped, which the run does before.
                          dict(DRIVE, name='slow', server=there['name'], device='ide')],
        'estate_servers': [dict(there, state='stopped'),
                           {'provider': 'elastichosts', 'name': 'web3', 'cpu_mhz': 2000, 'memory_mb': 1024,
                            'drives': [{'name': 'own', 'boot': True}]}]})
    assert len(sandbox.state('elastichosts')['servers']) == 1
    machine, = sandbox.state('upcloud')['servers'].values()
    assert machine['state'] == 'stopped' and {'data', 'copy', 'slow'} <= {
        drive['title'] for drive in sandbox.state('upcloud')['storages'].values()}


def test_an_address_goes_with_its_server(book, sandbox):
    estate = book('estate')
    address, = sandbox.seed('elastichosts', {'name': 'www'}, ips=1)['ips']
    server = {'provider': 'elastichosts', 'name': 'web3', 'cpu_mhz': 2000, 'memory_mb': 1024, 'size_gb': 10,
              'image': 'Debian Linux 12', 'networks': [{'type': 'public', 'address': address}],
              'force_stop': True, 'delete_drives': True}
    wanted = {'estate_servers': [server], 'estate_static_ips': [{'provider': 'elastichosts', 'address': address}]}
    estate.changes(wanted)
    wanted['estate_state'] = 'absent'
    assert estate.changes(wanted, '--check') and estate.writes() == []
    assert estate.changes(wanted) and not sandbox.state('elastichosts')['ips']


def test_the_role_dns_finds_a_bad_zone_before_it_changes_a_good_one(book, sandbox):
    sync, record = book('dns_sync'), {'record': 'www', 'type': 'A', 'value': ['192.0.2.7']}
    sync.play({'dns_zones': [{'domain': 'example.net', 'records': [record]},
                             {'domain': 'example.com', 'records': [dict(record, value=['x'])]}]})
    assert sync.code and 'is no IPv4 address' in sync.output and sandbox.writes() == []
    # One that only the zone as it is tells, and a domain that no zone of the list gives up.
    sandbox.seed('memset', {'nickname': 'b', 'domains': ['example.com'], 'records': [
        {'record': 'www', 'type': 'A', 'address': '192.0.2.1'}]}, zones=1)
    for bad in ({'domain': 'example.com', 'records': [dict(record, type='CNAME', value=['x.org.'])]},
                {'domain': 'example.info', 'domains': ['example.com']}):
        sync.play({'dns_zones': [{'domain': 'example.net', 'records': [record]}, bad]})
        assert sync.code and sandbox.writes() == [], sync.output
        assert 'a CNAME beside A' in sync.output or 'the domain example.com is in the zone b' in sync.output
    sandbox.reset()
    # A domain that the one zone has until the other takes it.
    sandbox.seed('memset', {'nickname': 'old', 'domains': ['example.org']}, zones=1)
    zones = [{'domain': 'example.org', 'name': 'old', 'state': 'absent', 'force': True},
             {'domain': 'example.org', 'name': 'new', 'records': [record]}]
    assert sync.changes({'dns_zones': zones}) and records(sandbox) == {('www', 'A', '192.0.2.7')}


def test_an_estate_prints_no_secret(book, sandbox):
    """Whatever becomes of a task: made, unchanged, left out, failed, refused."""
    estate = book('estate')
    screen = {'provider': 'elastichosts', 'name': 'web3', 'cpu_mhz': 2000, 'memory_mb': 1024, 'size_gb': 10,
              'image': 'Debian Linux 12', 'vnc_address': 'auto', 'vnc_password': CANARY}
    script = {'provider': 'upcloud', 'name': 'web1.example.com', 'zone': 'fi-hel1', 'plan': '1xCPU-2GB',
              'image': 'Debian GNU/Linux 12 (Bookworm)',
              'ssh_keys': ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample me'], 'user_data': 'echo ' + CANARY}
    for servers, code in (([screen, script], 0), ([dict(screen, state='absent', force_stop=True), script], 0),
                          ([dict(screen, image='Debain'), dict(script, name='web2.example.com', plan='none')], 2),
                          ([dict(screen, imgae='x'), dict(script, cpu_cores='many')], 2)):
        estate.play({'estate_servers': servers}, '-vvv')
        assert (estate.code, CANARY in estate.output) == (code, False), estate.output
        assert code == 0 or 'fatal: ' in estate.output or 'failed: ' in estate.output


def test_rules_go_from_servers_that_stay_and_what_cannot_go_is_told(book, sandbox):
    estate = book('estate')
    sandbox.seed('upcloud', {'zone': 'fi-hel1', 'names': ['there.example.com']}, servers=1)
    wanted = {'estate_servers': [UPCLOUD],
              'estate_firewalls': [dict(AT_UPCLOUD, name=name, rules=[{'action': 'drop'}])
                                   for name in ('there.example.com', 'WEB1.example.com')],
              'estate_static_ips': [{'provider': 'cloudsigma', 'count': 1}]}
    assert estate.changes(wanted, '--check') and told_of(estate) == {
        'upcloud: the server WEB1.example.com is given its 1 firewall rules'}
    assert estate.changes(wanted) == 3
    estate.unchanged(wanted)
    wanted['estate_state'] = 'absent'
    assert estate.changes(wanted) == 2
    there, = sandbox.state('upcloud')['servers'].values()
    assert there['firewall_rules'] == [] and len(sandbox.state('cloudsigma')['ips']) == 1
    left = 'cloudsigma: addresses that count asks for are not released; release each by its address'
    assert left in told_of(estate)
    estate.unchanged(wanted)


@pytest.mark.parametrize('kind, module, left_out', [
    ('servers', 'server', {'id', 'once', 'return_secrets'}),
    # The role attaches drives, and puts nothing on them.
    ('drives', 'drive', {'id', 'type', 'path', 'url', 'checksum', 'compress', 'compression', 'force', 'once'}),
    ('vlans', 'vlan', {'id'}),
    ('firewalls', 'firewall_rule_group', {'id'}),
    ('static_ips', 'static_ip', {'id'}),
    ('dns_reverse', 'dns_reverse', {'state', 'server'})])
def test_the_role_estate_knows_and_hands_on_the_options_of_the_modules(kind, module, left_out):
    role = sandbox_client.ROOT / 'roles' / 'estate'
    spec = yaml.safe_load((role / 'meta' / 'argument_specs.yml').read_text())['argument_specs']['main']['options']
    known = spec['estate_' + kind]['options']
    source = (sandbox_client.ROOT / 'plugins' / 'modules' / (module + '.py')).read_text()
    options = yaml.safe_load(source.split('DOCUMENTATION = r"""')[1].split('"""')[0])['options']
    assert set(options) - left_out - {'provider'} == set(known) - {'provider', 'vlans'}
    assert {name: option.get('type') for name, option in known.items() if name in options} == {
        name: options[name].get('type') for name in known if name in options}
    tasks = [task for name in ('present', 'absent')
             for task in yaml.safe_load((role / 'tasks' / (name + '.yml')).read_text())]
    assert {name for task in tasks for name in task.get('indie.cloud.' + module, {})} >= set(known) - {'vlans'}


def test_an_estate_refuses_what_it_does_not_know(book, sandbox):
    estate = book('estate')
    server = {'provider': 'upcloud', 'name': 'web1'}
    for wanted, complaint in (
            ({'estate_servers': [dict(server, imgae='x')]}, 'imgae'),
            ({'estate_servers': [dict(server, provider='upclod')]}, 'got: upclod found in estate_servers'),
            ({'estate_servers': [{'provider': 'upcloud'}]}, 'missing required arguments: name found in estate_servers'),
            ({'estate_drives': [dict(server, provider='memset')]}, 'got: memset found in estate_drives'),
            ({'estate_servers': [server], 'estate_dns_zones': [{'domain': 'example.com', 'fiel': 'x'}]}, 'fiel'),
            ({'estate_state': 'gone'}, 'estate_state')):
        estate.play(wanted)
        assert estate.code and complaint in estate.output and sandbox.requests() == [], estate.output


# What a name could do to a template, to HTML, to JSON and to a shell.
HOSTILE = '{{ 7 * 191 }}{% if 1 %} <script>alert("x")</script> \'"& $(id)'


def seed_what_nobody_owns(sandbox):
    """At each cloud one server that is somebody's, where it can be told, and one of each thing that nobody needs."""
    sandbox.seed('memset', {'nickname': 'web', 'name': 'webaa1'}, servers=1)
    sandbox.seed('memset', {'nickname': HOSTILE}, rule_groups=1)
    sandbox.seed('memset', {'nickname': HOSTILE, 'domains': []}, zones=1)
    sandbox.seed('memset', {'nickname': HOSTILE}, vlans=1)
    sandbox.seed('upcloud', {'name': 'mine.example.com', 'labels': {'owner': 'me'}}, servers=1)
    sandbox.seed('upcloud', {'name': 'lost.example.com', 'labels': {'role': HOSTILE}}, servers=1)
    sandbox.seed('upcloud', {'name': HOSTILE}, storages=1, networks=1)
    sandbox.seed('upcloud', ip_addresses=1)
    for provider in ('cloudsigma', 'elastichosts'):
        sandbox.seed(provider, {'name': 'mine', 'fields': {'tags': 'owner:me'}}, servers=1)
        sandbox.seed(provider, {'name': HOSTILE}, servers=1)
        sandbox.seed(provider, {'name': HOSTILE}, drives=1, vlans=1)
        sandbox.seed(provider, {'name': 'idle'}, ips=1)


def test_the_audit_names_what_runs_and_what_nobody_owns_or_uses(book, sandbox, tmp_path):
    audit = book('audit')
    seed_what_nobody_owns(sandbox)
    # Below where Ansible is started.
    wanted = {'audit_folder': 'reports'}
    audit.twice(wanted)
    report = json.loads((tmp_path / 'reports' / 'audit.json').read_text())
    assert report['not_reached'] == []

    def named(things):
        return sorted((thing['provider'], thing['name']) for thing in things)

    assert named(report['there']['servers']) == sorted([
        ('memset', 'web'), ('upcloud', 'mine.example.com'), ('upcloud', 'lost.example.com'), ('cloudsigma', 'mine'),
        ('cloudsigma', HOSTILE), ('elastichosts', 'mine'), ('elastichosts', HOSTILE)])
    assert {server['state'] for server in report['there']['servers']} == {'running', 'unknown'}
    assert named(report['servers_without_owner']) == sorted([
        ('upcloud', 'lost.example.com'), ('cloudsigma', HOSTILE), ('elastichosts', HOSTILE)])
    unused = report['unused']
    assert named(unused['drives']) == [(cloud, HOSTILE) for cloud in ('cloudsigma', 'elastichosts', 'upcloud')]
    assert sorted(ip['provider'] for ip in unused['static_ips']) == ['cloudsigma', 'elastichosts', 'upcloud']
    # CloudSigma and ElasticHosts do not tell who is in a network.
    assert named(unused['vlans']) == [('memset', HOSTILE), ('upcloud', HOSTILE)]
    assert len(report['there']['vlans']) == 4
    assert named(unused['firewall_rule_groups']) == named(unused['dns_zones']) == [('memset', HOSTILE)]

    page = (tmp_path / 'reports' / 'audit.html').read_text()
    assert html.escape(HOSTILE).replace('&quot;', '&#34;').replace('&#x27;', '&#39;') in page
    assert '<script' not in page and '1337' not in page + json.dumps(report)
    assert '<td>owner=me</td>' in page
    assert all(text in page for text in ('lost.example.com', '<h2>Unused drives: 3</h2>', '<h2>All servers: 7</h2>'))

    # A cloud that cannot be asked is named, and the rest reported.
    sandbox.faults(kind='status', status=401, provider='elastichosts', times=20)
    audit.play(wanted)
    report = json.loads((tmp_path / 'reports' / 'audit.json').read_text())
    assert audit.code and report['not_reached'] and len(report['there']['servers']) == 5
    assert all(text.startswith('elastichosts, ') for text in report['not_reached'])


@pytest.mark.parametrize('provider', ['memset', 'upcloud'])
def test_move_ips_moves_all_that_can_move(book, sandbox, provider):
    move = book('move_ips')
    if provider == 'memset':
        sandbox.seed('memset', {'name': 'webaa1', 'nickname': 'web1', 'extra_ips': 2}, servers=1)
        sandbox.seed('memset', {'name': 'webaa2', 'nickname': 'web2'}, servers=1)
    else:
        sandbox.seed('upcloud', {'names': ['web1', 'web2']}, servers=2)
        floating = sandbox.seed('upcloud', ip_addresses=1)['ip_addresses']
        move.twice({'move_ips_provider': provider, 'move_ips_addresses': floating, 'move_ips_to': 'web1'})
    move.twice({'move_ips_provider': provider, 'move_ips_from': 'web1', 'move_ips_to': 'web2'})
    both = {'move_ips_from': 'web1', 'move_ips_to': 'web2'}
    for few in ({'move_ips_provider': provider}, {}, {'move_ips_provider': 'cloudsigma', **both}):
        move.play(few)
        assert move.code and 'Set move_ips_provider to' in move.output and sandbox.requests() == [], move.output


def test_move_ips_takes_a_lone_address_as_text(book, sandbox):
    move = book('move_ips')
    sandbox.seed('memset', {'name': 'webaa1', 'extra_ips': 1}, servers=1)
    sandbox.seed('memset', {'name': 'webaa2', 'nickname': 'web2'}, servers=1)
    sandbox.seed('upcloud', {'names': ['web2']}, servers=1)
    floating, = sandbox.seed('upcloud', ip_addresses=1)['ip_addresses']
    extra = sandbox.state('memset')['services']['webaa1']['server']['ips'][1]['address']
    for provider, address in (('memset', extra), ('upcloud', floating)):
        move.twice({'move_ips_provider': provider, 'move_ips_addresses': address, 'move_ips_to': 'web2'})


def test_move_ips_never_picks_one_of_two_servers(book, sandbox):
    move = book('move_ips')
    ids = sandbox.seed('upcloud', {'names': ['web1', 'web2', 'web2']}, servers=3)['servers']
    address, = sandbox.seed('upcloud', ip_addresses=1)['ip_addresses']
    asked = {'move_ips_provider': 'upcloud', 'move_ips_addresses': [address]}
    for to, told in (('web2', ids[1:]), ('typo', ['0 servers'])):
        move.play({**asked, 'move_ips_to': to})
        assert move.code and all(text in move.output for text in told), move.output
        assert sandbox.writes() == []
    move.play({'move_ips_provider': 'upcloud', 'move_ips_from': 'typo', 'move_ips_to': 'web1'})
    assert move.code and '0 servers' in move.output and sandbox.writes() == []
    move.twice({**asked, 'move_ips_to': ids[1]})


def test_move_ips_takes_nothing_from_a_third_server(book, sandbox):
    move = book('move_ips')
    sandbox.seed('upcloud', {'names': ['web1', 'web2', 'web3']}, servers=3)
    address, = sandbox.seed('upcloud', ip_addresses=1)['ip_addresses']
    at_third = {'move_ips_provider': 'upcloud', 'move_ips_addresses': [address], 'move_ips_to': 'web3'}
    move.twice(at_third)
    asked = {**at_third, 'move_ips_from': 'web1', 'move_ips_to': 'web2'}
    move.play(asked)
    assert move.code and 'neither at web1 nor at web2' in move.output and sandbox.writes() == [], move.output
    move.twice({**asked, 'move_ips_from': 'web3'})


def test_move_ips_leaves_what_memset_cannot_move(book, sandbox):
    move = book('move_ips')
    sandbox.seed('memset', {'name': 'webaa1', 'nickname': 'web1', 'extra_ips': 1, 'ipv6': True}, servers=1)
    sandbox.seed('memset', {'name': 'webaa2', 'nickname': 'web2'}, servers=1)
    move.twice({'move_ips_provider': 'memset', 'move_ips_from': 'web1', 'move_ips_to': 'web2'})
