# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EXAMPLES of each module, played on the sandbox: twice, and the second time nothing changes.

They run as action plugins. INDIE_EXAMPLES=module has them run as modules too, which takes some minutes more; that both
front ends do the same is shown by other tests.
"""

from __future__ import annotations

import ast
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

import sandbox_client
from ansible_collections.indie.cloud.plugins.module_utils.calls import CLIENTS

# An environment of a task's own makes it run as a module.
WAYS = {'action': {}, 'module': {'INDIE_WAY': 'module'}}
if os.environ.get('INDIE_EXAMPLES') != 'module':
    del WAYS['module']
MODULES = sorted(path.stem for path in (sandbox_client.ROOT / 'plugins' / 'modules').glob('*.py'))

# What the examples of a module take for granted: (provider, options, kinds) to seed.
THERE = {
    'firewall_rule_group': [
        ('memset', {'nicknames': ['web1', 'web2'], 'firewall': 'self_managed'}, {'servers': 2}),
        ('upcloud', {'name': 'web3.example.com'}, {'servers': 1}),
    ],
    'firewall_rule_group_info': [
        ('memset', {'nickname': 'web'}, {'rule_groups': 1}),
        ('upcloud', {'name': 'web3.example.com'}, {'servers': 1}),
    ],
    'dns_zone': [('memset', {'nickname': 'old', 'domains': ['example.info']}, {'zones': 1}),
                 ('memset', {'nickname': 'x', 'domains': ['example.biz']}, {'zones': 1})],
    'dns_zone_info': [('memset', {'domains': ['example.com'], 'records': 3}, {'zones': 1})],
    'dns_record': [('memset', {'nickname': 'shop', 'domains': ['example.com']}, {'zones': 1}),
                   ('memset', {'domains': ['example.org'], 'records': [
                       {'type': 'A', 'record': 'www', 'address': '192.0.2.%d' % number} for number in (11, 12)]},
                    {'zones': 1})],
    'dns_record_info': [('memset', {'domains': ['example.com'], 'records': [
        {'type': 'MX', 'record': '', 'address': 'mx', 'priority': 5}]}, {'zones': 1})],
    'dns_reverse': [('memset', {'name': 'testaa1', 'addresses': ['198.18.0.1']}, {'servers': 1})],
    'dns_reverse_info': [('memset', {'name': 'testaa1'}, {'servers': 1})],
    'server': [
        ('memset', {'name': 'dbaa1', 'sku': 'MSVM001'}, {'servers': 1}),
        ('upcloud', {'name': 'db1.example.com', 'plan': '2xCPU-4GB'}, {'servers': 1}),
        ('upcloud', {'name': 'files.example.com', 'labels': {'old': 'yes'}}, {'servers': 1}),
        ('cloudsigma', {'name': 'batch2', 'status': 'stopped'}, {'servers': 1}),
        ('elastichosts', {'name': 'batch1', 'ignore_shutdown': False}, {'servers': 1}),
    ],
    'server_info': [
        ('upcloud', {'labels': {'role': 'web'}}, {'servers': 2}),
        ('cloudsigma', {'name': 'web3'}, {'servers': 1}),
        ('memset', {}, {'servers': 1}),
    ],
    'snapshot': [
        ('upcloud', {'name': 'data'}, {'storages': 1}),
        ('memset', {'name': 'storeaa1'}, {'memstores': 1}),
        ('memset', {'name': 'webaa1'}, {'servers': 1}),
        ('memset', {'storage_name': 'storeaa1', 'server_name': 'dbaa1', 'age_days': 1}, {'snapshots': 12}),
    ],
    'snapshot_info': [
        ('upcloud', {'name': 'data'}, {'storages': 1}),
        ('memset', {'name': 'storeaa1'}, {'memstores': 1}),
        ('memset', {'storage_name': 'storeaa1'}, {'snapshots': 2}),
    ],
    'static_ip': [
        ('upcloud', {'name': 'web1.example.com'}, {'servers': 1}),
        ('memset', {'names': ['webaa1', 'webaa2'], 'extra_ips': 2}, {'servers': 2}),
        ('elastichosts', {'name': 'old'}, {'ips': 1}),
    ],
    'static_ip_info': [('upcloud', {}, {'ip_addresses': 1}), ('cloudsigma', {}, {'ips': 1})],
}
THERE.update({
    'vlan': [('memset', {'nickname': 'back'}, {'vlans': 1}), ('memset', {'nickname': 'web1'}, {'servers': 1})],
    'vlan_info': [('memset', {'nickname': 'back'}, {'vlans': 1})],
    'server_group': [
        ('upcloud', {'names': ['web1.example.com', 'web2.example.com']}, {'servers': 2}),
        ('cloudsigma', {'name': 'batch1'}, {'servers': 1}),
    ],
    'server_group_info': [('upcloud', {}, {'server_groups': 1})],
})
# A private network of UpCloud's, for the variable private_network.
NETWORKS = {'server': ('upcloud', {'zone': 'fi-hel1'}, {'networks': 1})}
VARIABLES = {'admin_key': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.com'}


def writes(options):
    """Whether the operation of a task of the module api writes."""
    if 'operation' not in options:
        return options.get('kind') != 'read'
    operations = CLIENTS[options['provider']]().operations
    return not operations[options['operation']].reads(options.get('parameters') or {})


# What is documented as not idempotent: such tasks run once.
ONCE = {
    'indie.cloud.server': lambda options: options.get('state') in ('restarted', 'reimaged', 'upgraded')
    and 'once' not in options,
    # Nobody can read who is in a group at CloudSigma.
    'indie.cloud.server_group': lambda options: options.get('state') in ('running', 'stopped')
    or options['provider'] == 'cloudsigma' and 'servers' in options,
    'indie.cloud.snapshot': lambda options: options.get('state') in ('taken', 'restored') and 'once' not in options,
    'indie.cloud.api': writes,
}
# The parts of an EXAMPLES block, in the order in which they come, and how often each is run. What is removed would
# otherwise be made again by the tasks before.
PARTS = {'kept': 2, 'once': 1, 'removed': 2}


def part(task):
    """The part that a task belongs to; None for those that are of no module of the collection."""
    if 'block' in task:
        found = {part(inner) for inner in task['block']}
        assert len(found) == 1, task['name']
        return found.pop()
    module = next((key for key in task if key.startswith('indie.cloud.')), None)
    if module is None:
        return None
    if ONCE.get(module, lambda options: False)(task[module]):
        return 'once'
    return 'removed' if task[module].get('state') == 'absent' else 'kept'


def examples(module):
    """The tasks of the module's EXAMPLES."""
    tree = ast.parse((sandbox_client.ROOT / 'plugins' / 'modules' / (module + '.py')).read_text(encoding='utf-8'))
    text, = [node.value.value for node in tree.body if isinstance(node, ast.Assign)
             and node.targets[0].id == 'EXAMPLES']
    return yaml.safe_load(text)


def parts(tasks):
    """{part: tasks}, in order; a task of no part belongs to the one before it."""
    found, now = {name: [] for name in PARTS}, 'kept'
    for task in tasks:
        last, now = now, part(task) or now
        assert list(PARTS).index(now) >= list(PARTS).index(last), '%s: comes too late' % task['name']
        found[now].append(task)
    return {name: tasks for name, tasks in found.items() if tasks}


def plays(tasks, control, environment):
    """A playbook: each part, and again where it shall change nothing; the requests of that are looked at in it."""
    # A lookup is done in the play's own process, at a tenth of the module uri's time.
    sent = "lookup('ansible.builtin.url', '%s/requests?write=true', split_lines=false, use_proxy=false)" % control
    for name, own in parts(tasks).items():
        yield {'name': name, 'tasks': own, 'environment': environment}
        if PARTS[name] == 2:
            yield {'name': 'repeat', 'environment': environment,
                   'pre_tasks': [{'ansible.builtin.set_fact': {'sent_before': '{{ %s }}' % sent}}],
                   'tasks': own}
            yield {'name': 'look', 'tasks': [
                {'ansible.builtin.assert': {'that': 'sent_before == %s' % sent, 'fail_msg': '{{ %s }}' % sent}}]}


@pytest.mark.parametrize('environment', WAYS.values(), ids=WAYS)
@pytest.mark.parametrize('module', MODULES)
def test_examples_run_and_change_nothing_again(module, environment, sandbox, tmp_path):
    sandbox.reset()
    for provider, options, kinds in THERE.get(module, ()):
        sandbox.seed(provider, options, **kinds)
    variables = dict(VARIABLES, ansible_python_interpreter=sys.executable)
    if module in NETWORKS:
        provider, options, kinds = NETWORKS[module]
        variables['private_network'] = sandbox.seed(provider, options, **kinds)['networks'][0]
    control = sandbox.env['INDIE_SANDBOX_URL']
    book = [dict(play, hosts='localhost', gather_facts=False, vars=variables)
            for play in plays(examples(module), control, environment)]
    (tmp_path / 'play.yml').write_text(yaml.safe_dump(book, sort_keys=False), encoding='utf-8')
    ran = subprocess.run(
        [str(pathlib.Path(sys.executable).parent / 'ansible-playbook'), '-vvv', str(tmp_path / 'play.yml')],
        env={**os.environ, **sandbox.env, 'INDIE_CLOUD_STATE_DIR': str(tmp_path / 'state'), 'ANSIBLE_NOCOLOR': '1'},
        capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr
    repeats = ran.stdout.split('\nPLAY [repeat]')[1:]
    assert len(repeats) == sum(PARTS[name] == 2 for name in parts(examples(module)))
    for repeat in repeats:
        assert not re.findall(r'^changed: .*', repeat.split('\nPLAY [')[0], re.MULTILINE)
    ways = set(re.findall(r'indie\.cloud\.\w+: (runs as a module|runs in this process)', ran.stdout))
    assert ways == {'runs as a module' if environment else 'runs in this process'}
