# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four inventories against the sandbox: requests, fields, failures, cache, as `ansible-inventory` shows them."""

from __future__ import annotations

import importlib
import json
import time

import pytest
import yaml

import sandbox_client
from ansible_collections.indie.cloud.plugins.module_utils import runner
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from inventory_runs import Command

# Requests for any number of servers.
REQUESTS = {'memset': ['server.list'], 'upcloud': ['GET /ip_address', 'GET /server'],
            'cloudsigma': ['GET /servers/info'], 'elastichosts': ['GET /servers/info']}
# The variable that holds the secret.
SECRETS = {'memset': 'MEMSET_API_KEY', 'upcloud': 'UPCLOUD_PASSWORD', 'cloudsigma': 'CLOUDSIGMA_PASSWORD',
           'elastichosts': 'EHAUTH'}
# Options of a seed that fill every field that the provider's list or details can fill.
RICH = {
    'memset': {'nicknames': ['web1'], 'server': {'ips': [
        {'address': address} for address in ('203.0.113.7', '2001:db8::1', '10.1.2.3', 'fd00::1')]}},
    'upcloud': {'labels': {'role': 'web'}, 'tags': ['web']},
    'cloudsigma': {'tags': 'web', 'vnc:ip': 'auto', 'vnc:password': 'secret-of-vnc', 'vnc:tls': 'on'},
    'elastichosts': {'tags': 'web', 'vnc': 'auto', 'password': 'Secret-of-vnc', 'vnc:tls': 'on', 'user:role': 'web'},
}
# The endpoint's host names the zone, which the sandbox's does not.
NOT_IN_SANDBOX = {'cloudsigma': {'zone', 'public_ipv6'}, 'elastichosts': {'zone', 'public_ipv6'}}
RUN = "{{ lookup('ansible.builtin.pipe', 'touch ran') }}"


@pytest.fixture
def ansible(tmp_path, sandbox):
    """Runs Ansible in a folder of its own, led to an empty sandbox."""
    sandbox.reset()
    command = Command(tmp_path)
    command.env.update(sandbox.env)
    command.sandbox = sandbox

    def write(provider, text='', name='cloud.yml'):
        (tmp_path / name).write_text('plugin: indie.cloud.%s\n%s' % (provider, text), encoding='utf-8')
        return name
    command.write = write

    def listed(provider, text='', *arguments):
        done = command('ansible-inventory', '-i', write(provider, text), '--list', *arguments)
        found = json.loads(done.stdout)
        command.told = done.stderr
        return found['_meta']['hostvars'], {name: set(group.get('hosts', ())) for name, group in found.items()}
    command.list = listed
    return command


def operations(sandbox):
    return sorted(request['operation'] for request in sandbox.requests())


@pytest.mark.parametrize('provider', SERVER.crossings)
def test_a_thousand_servers(ansible, sandbox, provider):
    sandbox.seed(provider, servers=1000)
    sandbox.forget()
    began = time.monotonic()
    hosts, dummy = ansible.list(provider, 'keyed_groups: [{key: indie_provider, prefix: cloud}]\n')
    assert time.monotonic() - began < 60
    assert len(hosts) == 1000 and operations(sandbox) == REQUESTS[provider]
    assert not sandbox.writes()
    names = {'indie_' + name for name in SERVER.outputs() if name != 'raw'}
    assert all(names <= set(variables) for variables in hosts.values())
    assert len({variables['indie_id'] for variables in hosts.values()}) == 1000


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_no_servers_are_asked_for_in_another_way_too(ansible, sandbox, provider):
    sandbox.forget()
    hosts, dummy = ansible.list(provider)
    assert hosts == {} and operations(sandbox) == ['GET /servers/info', 'GET /servers/list']


def test_fields_are_as_declared(ansible, sandbox):
    """The guide's table and the option details rest on what the crossings declare."""
    for provider in SERVER.crossings:
        options = dict(RICH[provider])
        if provider == 'upcloud':
            options['networks'] = sandbox.seed(provider, networks=1)['networks']
        sandbox.seed(provider, options, servers=1)
        crossing = SERVER.crossing(provider)
        [brief] = states(sandbox, provider)
        [full] = states(sandbox, provider, details=True)
        assert filled(brief) - {'provider', 'state'} == \
            set(crossing.in_list) - NOT_IN_SANDBOX.get(provider, set()) - {'state'}, provider
        assert filled(full) - filled(brief) <= set(crossing.in_details) <= filled(full), provider


def states(sandbox, provider, **options):
    found = runner.run_info(SERVER, {'provider': provider, **options}, runner.Context(environ=sandbox.env))
    assert not found.get('failed'), found
    return found['servers']


def filled(state):
    return {name for name, value in state.items() if value not in (None, [], {})}


def test_all_four_in_one_folder(ansible, sandbox):
    """One set of expressions serves all providers."""
    for provider in SERVER.crossings:
        sandbox.seed(provider, RICH[provider], servers=1)
        ansible.write(provider, '''
keyed_groups:
  - {key: indie_provider, prefix: cloud}
  - {key: indie_state, prefix: is}
  - {key: indie_tags, prefix: tag}
  - {key: indie_labels, prefix: label}
groups:
  reachable: ansible_host is defined
''', '%s.yml' % provider)
    done = ansible('ansible-inventory', '-i', str(ansible.folder), '--list')
    found = json.loads(done.stdout)
    groups = {name: len(group['hosts']) for name, group in found.items() if group.get('hosts')}
    assert groups == {'cloud_memset': 1, 'cloud_upcloud': 1, 'cloud_cloudsigma': 1, 'cloud_elastichosts': 1,
                      'is_running': 3, 'is_unknown': 1, 'tag_web': 3, 'label_role_web': 2, 'reachable': 4}
    assert len({frozenset(variables) for variables in found['_meta']['hostvars'].values()}) == 1


def test_filters_come_before_details(ansible, sandbox):
    sandbox.seed('upcloud', {'labels': {'role': 'web'}, 'prefix': 'web'}, servers=3)
    sandbox.seed('upcloud', {'labels': {'role': 'db'}, 'prefix': 'db'}, servers=5)
    sandbox.forget()
    hosts, dummy = ansible.list('upcloud', 'details: true\nfilters: {labels: {role: web}, state: running}\n')
    assert set(hosts) == {'web1', 'web2', 'web3'}
    assert operations(sandbox) == ['GET /ip_address', 'GET /server'] + ['GET /server/{uuid}'] * 3
    assert all(variables['indie_drives'] for variables in hosts.values())


@pytest.mark.parametrize('provider', SERVER.crossings)
def test_wrong_credentials(ansible, sandbox, provider):
    sandbox.seed(provider, servers=2)
    ansible.env.pop('UPCLOUD_TOKEN', None)
    secret = ansible.env[SECRETS[provider]]
    ansible.env[SECRETS[provider]] = wrong = secret[:-4] + 'canary'
    told = failed(ansible, provider)
    assert wrong not in told and REQUESTS[provider][-1] in told and 'HTTP 40' in told


@pytest.mark.parametrize('provider, kind', [
    ('memset', 'html'), ('upcloud', 'html'), ('cloudsigma', 'html'), ('elastichosts', 'html'), ('memset', 'empty'),
    ('upcloud', 'empty'), ('cloudsigma', 'empty'), ('elastichosts', 'empty'), ('elastichosts', 'truncate')])
def test_malformed_answers(ansible, sandbox, provider, kind):
    sandbox.seed(provider, servers=2)
    sandbox.faults(provider=provider, operation=REQUESTS[provider][-1], kind=kind, times=10)
    assert REQUESTS[provider][-1] in failed(ansible, provider)


@pytest.mark.parametrize('provider', ['cloudsigma', 'elastichosts'])
def test_an_odd_last_server_harms_no_other(ansible, sandbox, provider):
    body = ''.join('server aaaaaaaa-0000-4000-8000-00000000000%d\n%s\n' % pair
                   for pair in ((1, 'name web1\nstatus active\n'), (2, 'name odd')))
    sandbox.faults(provider=provider, operation='GET /servers/info', kind='body', content_type='text/plain', body=body)
    hosts, dummy = ansible.list(provider)
    assert {name: each['indie_state'] for name, each in hosts.items()} == {'web1': 'running', 'odd': 'unknown'}


def test_a_part_that_cannot_be_had_fails_all(ansible, sandbox):
    sandbox.seed('upcloud', servers=2)
    sandbox.faults(provider='upcloud', operation='GET /ip_address', kind='status', status=500, times=10)
    told = failed(ansible, 'upcloud')
    assert 'GET /ip_address' in told and 'HTTP 500' in told


def failed(ansible, provider):
    """What Ansible tells of an inventory that fails."""
    ansible.write(provider)
    done = ansible('ansible-inventory', '-i', 'cloud.yml', '--list', fails=True)
    # Core 2.18 breaks lines.
    return ' '.join((done.stdout + done.stderr).split())


def test_a_failure_lists_no_host(ansible, sandbox):
    """Where it is not asked to fail, Ansible goes on with what other sources give, which is nothing here."""
    sandbox.seed('memset', servers=2)
    ansible.env.update(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED='false', MEMSET_API_KEY='wrong')
    assert ansible.list('memset')[0] == {} and 'server.list' in ansible.told


def test_cache(ansible, sandbox):
    text = 'cache: true\ncache_plugin: ansible.builtin.jsonfile\ncache_connection: cache\n'
    sandbox.seed('elastichosts', dict(RICH['elastichosts'], prefix='web'), servers=2)
    sandbox.forget()
    live, dummy = ansible.list('elastichosts', text)
    sandbox.seed('elastichosts', {'prefix': 'new'}, servers=1)
    assert ansible.list('elastichosts', text)[0] == live
    assert operations(sandbox) == ['GET /servers/info']
    kept = ''.join(path.name + path.read_text(encoding='utf-8') for path in (ansible.folder / 'cache').iterdir())
    assert ansible.env['EHAUTH'].partition(':')[2] not in kept and 'Secret-of-vnc' not in kept

    (ansible.folder / 'play.yml').write_text('''
- hosts: all
  gather_facts: false
  tasks:
    - meta: refresh_inventory
- hosts: all
  gather_facts: false
  connection: local
  tasks:
    - debug: {msg: "now there are {{ ansible_play_hosts_all | length }}"}
      run_once: true
''', encoding='utf-8')
    assert 'now there are 3' in ansible('ansible-playbook', '-i', 'cloud.yml', 'play.yml').stdout
    sandbox.forget()
    assert len(ansible.list('elastichosts', text)[0]) == 3 and operations(sandbox) == []
    sandbox.seed('elastichosts', {'prefix': 'newer'}, servers=1)
    ansible('ansible-playbook', '-i', 'cloud.yml', 'play.yml', '--flush-cache', '--list-hosts')
    sandbox.forget()
    assert len(ansible.list('elastichosts', text)[0]) == 4 and operations(sandbox) == []


def test_two_accounts(ansible, sandbox):
    sandbox.seed('cloudsigma', {'name': 'web'}, servers=1)
    with sandbox_client.running() as other:
        other.seed('cloudsigma', {'name': 'web'}, servers=1)
        ansible.write('cloudsigma', name='a.yml')
        ansible.write('cloudsigma', 'cloudsigma_api_url: "{{ lookup(\'env\', \'OTHER\') }}"\n', name='b.yml')
        ansible.env['OTHER'] = other.env['CLOUDSIGMA_API_URL']
        done = ansible('ansible-inventory', '-i', 'a.yml', '-i', 'b.yml', '--list')
    hosts = json.loads(done.stdout)['_meta']['hostvars']
    assert len(hosts) == 2 and {name.partition('_')[0] for name in hosts} == {'web'}
    assert 'another' in done.stderr


def test_hostile_text_on_the_wire(ansible, sandbox):
    sandbox.seed('upcloud', {'labels': {'note': RUN}, 'title': RUN, 'prefix': 'web'}, servers=1)
    hosts, dummy = ansible.list('upcloud')
    assert hosts['web1']['indie_labels'] == {'note': {'__ansible_unsafe': RUN}}
    assert hosts['web1']['indie_provider_options']['title'] == {'__ansible_unsafe': RUN}
    (ansible.folder / 'play.yml').write_text('''
- hosts: all
  gather_facts: false
  connection: local
  tasks:
    - debug: {msg: "{{ indie_labels.note }} {{ indie_labels }} {{ indie_provider_options }}"}
''', encoding='utf-8')
    assert 'touch ran' in ansible('ansible-playbook', '-i', 'cloud.yml', 'play.yml').stdout
    assert not (ansible.folder / 'ran').exists()


@pytest.mark.parametrize('provider', SERVER.crossings)
def test_no_secret_in_what_is_told(ansible, sandbox, provider):
    sandbox.seed(provider, RICH[provider], servers=1)
    ansible.write(provider, 'raw: true\ndetails: true\n')
    done = ansible('ansible-inventory', '-i', 'cloud.yml', '--list', '-vvvv')
    for secret in (ansible.env[SECRETS[provider]].rpartition(':')[2], 'secret-of-vnc', 'Secret-of-vnc'):
        assert secret not in done.stdout + done.stderr
    assert 'servers in' in done.stdout + done.stderr


@pytest.mark.parametrize('provider', SERVER.crossings)
def test_examples(ansible, sandbox, provider):
    sandbox.seed(provider, {'nicknames': ['web.one']} if provider == 'memset' else {'name': 'web.one'}, servers=1)
    folder = ansible.folder / '.config'
    folder.mkdir()
    (folder / 'memset.key').write_text(ansible.env['MEMSET_API_KEY'], encoding='utf-8')
    (folder / 'upcloud.token').write_text(ansible.env['UPCLOUD_TOKEN'], encoding='utf-8')
    plugin = importlib.import_module('ansible_collections.indie.cloud.plugins.inventory.%s' % provider)
    found = []
    for number, text in enumerate(plugin.EXAMPLES.split('---\n')):
        name = ansible.folder / ('%d.yml' % number)
        name.write_text(text, encoding='utf-8')
        hosts = json.loads(ansible('ansible-inventory', '-i', str(name), '--list').stdout)['_meta']['hostvars']
        found.append(sorted(hosts))
    # The second of UpCloud's has filters that do not fit, of ElasticHosts' another host name.
    assert found == [['web.one'], {'upcloud': [], 'elastichosts': ['web']}.get(provider, ['web.one'])]


def test_credential_types_of_awx(ansible, sandbox):
    """An environment made as AWX makes it, from the types that the guide offers, is all that is needed."""
    types = yaml.safe_load((sandbox_client.ROOT / 'docs/awx/credential_types.yml').read_text(encoding='utf-8'))
    assert {kind['name'].split()[0].lower() for kind in types} == set(SERVER.crossings)
    for kind in types:
        provider = kind['name'].split()[0].lower()
        sandbox.reset()
        sandbox.seed(provider, servers=2)
        inputs = {field['id']: '' for field in kind['inputs']['fields']}
        for variable, template in kind['injectors']['env'].items():
            inputs[template.strip('{} ')] = sandbox.env.get(variable, '')
        for variable in sandbox.env:
            ansible.env.pop(variable, None)
        for variable, template in kind['injectors']['env'].items():
            ansible.env[variable] = template.replace('{{ ', '{').replace(' }}', '}').format(**inputs)
        assert len(ansible.list(provider)[0]) == 2, kind['name']
