# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is documented is what the code does: options, limits, results, error kinds, tables."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import subprocess

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from playing import BIN
from tools import capabilities

import sandbox_client
from ansible_collections.indie.cloud.plugins.module_utils import connection, errors, runner
from ansible_collections.indie.cloud.plugins.module_utils.resource import Resource
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER, STATES

PLUGINS = sandbox_client.ROOT / 'plugins'
MODULES = sorted(path.stem for path in (PLUGINS / 'modules').glob('*.py'))
INVENTORIES = sorted(path.stem for path in (PLUGINS / 'inventory').glob('*.py'))
# The resources: those that a module manages, and those that are only listed.
RESOURCES = [next(value for value in vars(importlib.import_module(
    'ansible_collections.indie.cloud.plugins.module_utils.resources.' + path.stem)).values()
    if isinstance(value, Resource) and value.name == path.stem)
    for path in sorted((PLUGINS / 'module_utils' / 'resources').glob('[a-z]*.py')) if path.stem != 'catalogue']
MANAGED = [resource for resource in RESOURCES if resource.name in MODULES]
# What Ansible adds to results, or takes from them.
ANSIBLES = {'failed', 'msg', 'warnings'}


def ansible_doc(kind, names):
    """{name: documentation} of plugins, with their fragments, as ansible-doc has it."""
    done = subprocess.run(
        [str(BIN / 'ansible-doc'), '-t', kind, '--json', *('indie.cloud.' + name for name in names)],
        env={**os.environ, 'ANSIBLE_NOCOLOR': '1'}, capture_output=True, text=True, check=True)
    return {name.rpartition('.')[2]: found for name, found in json.loads(done.stdout).items()}


@pytest.fixture(scope='module')
def documented():
    """The documentation of the modules. What one says of its results by naming another's stands in its place."""
    found = ansible_doc('module', MODULES)
    for module in found.values():
        for entry in module['return'].values():
            named = re.search(r'with the keys of RV\(indie\.cloud\.(\w+)#module:(\w+)\)', ''.join(entry['description']))
            if named:
                there = found[named[1]]['return'][named[2]]
                assert 'contains' not in entry
                entry['contains'] = there['contains']
    return found


@pytest.fixture(scope='module')
def inventories():
    return ansible_doc('inventory', INVENTORIES)


def task(module):
    """The runner.Task of a module, as its action plugin names it."""
    return importlib.import_module('ansible_collections.indie.cloud.plugins.action.' + module).ActionModule.TASK


def as_spec(options):
    """Documented options in the form of an argument spec."""
    found = {}
    for name, option in options.items():
        entry = {key: option[key] for key in ('type', 'elements', 'required', 'default', 'choices', 'aliases')
                 if option.get(key) not in (None, [], False) or key == 'default' and option.get(key) is False}
        if option.get('suboptions'):
            entry['options'] = as_spec(option['suboptions'])
        found[name] = entry
    return found


def bare(argument_spec):
    """An argument spec without what documentation does not have."""
    return {name: {key: bare(value) if key == 'options' else value for key, value in entry.items() if key != 'no_log'}
            for name, entry in argument_spec.items()}


def each_option(options, path=''):
    for name, option in options.items():
        yield path + name, option
        yield from each_option(option.get('suboptions') or {}, '%s%s.' % (path, name))


@pytest.mark.parametrize('module', MODULES)
def test_the_options_of_a_module_are_those_of_its_argument_spec(module, documented):
    assert as_spec(documented[module]['doc']['options']) == bare(task(module).spec(None))


@pytest.mark.parametrize('module', MODULES)
def test_every_option_and_every_key_of_a_result_is_described(module, documented):
    doc = documented[module]
    described = [*each_option(doc['doc']['options']), *each_key(doc['return'])]
    assert len(described) > 20
    assert [name for name, entry in described if not ''.join(entry.get('description') or ())] == []
    assert doc['examples'].strip() and doc['doc']['short_description'] and doc['doc']['description']


@pytest.mark.parametrize('module', MODULES)
def test_a_module_says_what_it_supports(module, documented):
    attributes = documented[module]['doc']['attributes']
    assert set(attributes) == {'check_mode', 'diff_mode', 'idempotent', 'platform', 'action', 'async', 'action_group'}
    assert [name for name, told in attributes.items() if told.get('support') not in ('full', 'partial', 'none', 'N/A')
            or told['support'] != 'full' and not told.get('details')] == []


@pytest.mark.parametrize('module', MODULES)
def test_both_front_ends_of_a_module_take_the_same(module, monkeypatch):
    main = importlib.import_module('ansible_collections.indie.cloud.plugins.modules.' + module)
    tasks = []
    monkeypatch.setattr(main, 'run', tasks.append)
    main.main()
    assert [each.spec(None) for each in tasks] == [task(module).spec(None)]


@pytest.mark.parametrize('provider', connection.PROVIDERS)
def test_the_limits_of_numbers_are_told(provider, documented):
    """A limit of a neutral option stands in its description."""
    crossing = SERVER.crossing(provider)
    untold = []
    for name, option in documented['server']['doc']['options'].items():
        field = crossing.fields.get(name)
        if field is None or field.type not in ('int', 'list') or name in SERVER.controls:
            continue
        text = ' '.join(option['description'])
        words = {'1': 'one'} if field.type == 'list' else {}
        untold += ['%s: %s' % (name, limit) for limit in (field.minimum, field.maximum) if limit not in (None, 1)
                   and not re.search(r'\b%s\b' % limit, text) and words.get(str(limit), '-') not in text]
    assert untold == []


def each_key(returned, path=''):
    for name, entry in (returned or {}).items():
        yield path + name, entry
        yield from each_key(entry.get('contains'), '%s%s.' % (path, name))


# -- results ----------------------------------------------------------------------------------------------------------
NEW = {
    'memset': {'plan': 'VPS001', 'image': 'debian_buster_64'},
    'upcloud': {'zone': 'fi-hel1', 'plan': '1xCPU-1GB', 'image': 'Debian GNU/Linux 11 (Bullseye)'},
    'cloudsigma': {'cpu_mhz': 1000, 'memory_mb': 512},
    'elastichosts': {'cpu_mhz': 1000, 'memory_mb': 512},
}


@pytest.fixture
def ran(sandbox, tmp_path):
    """Run a module's task on the sandbox, as both front ends do: ran('server', provider='memset', …)."""
    sandbox.reset()

    def run(module, check_mode=False, **options):
        options = dict(options, state_dir=str(tmp_path))
        checked = ArgumentSpecValidator(task(module).spec(options.get('provider'))).validate(options)
        assert not checked.error_messages
        return task(module).run(checked.validated_parameters, runner.Context(check_mode, environ=sandbox.env))
    return run


def keys_of(documentation, result, path='', provider=''):
    """What the documentation has and the result lacks, or the other way round, as far as the documentation goes."""
    found = []
    for name, entry in documentation.items():
        told = entry['returned']
        here = name in result
        if told == 'always' and not here:
            found.append('%s%s is not returned' % (path, name))
        if here and result[name] and entry.get('contains'):
            for item in result[name] if isinstance(result[name], list) else [result[name]]:
                found += keys_of(entry['contains'], item, '%s%s.' % (path, name))
    return found + ['%s%s is not documented' % (path, name) for name in set(result) - set(documentation) - (
        set() if path else ANSIBLES)]


def hold(documented, module, *results):
    """The results have the keys that are documented, and between them each key that only some have."""
    returned = documented[module]['return']
    for result in results:
        assert keys_of(returned, result) == []
    seen = {name for result in results for name, value in paths(result)}
    assert {name for name, entry in each_key(returned)} - seen == set()


def paths(value, path=''):
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            for name, inner in item.items():
                yield path + name, inner
                yield from paths(inner, '%s%s.' % (path, name))


def test_results_of_server(ran, documented, sandbox):
    sandbox.seed('cloudsigma', {'name': 'old'}, servers=1)
    every = [ran('server', provider='cloudsigma', name='old', state='absent', force_stop=True)]
    for provider, options in NEW.items():
        said = dict(options, provider=provider, name='web1')
        results = [ran('server', **said, check_mode=True), ran('server', **said, wait=False), ran('server', **said)]
        gone = ran('server', provider=provider, name='web1', state='absent', force_stop=True)
        wrong = ran('server', **dict(said, name='web2', state='running', start=False))
        assert [result['error'] for result in results] == [None] * len(results)
        assert gone['changed'] and wrong['failed']
        every += [*results, gone, wrong]
    every.append(ran('server', provider='upcloud', name='web3', state='restarted'))
    assert every[-1]['error']['kind'] == 'not_found'
    hold(documented, 'server', *every)


def test_results_of_server_info(ran, documented):
    for provider, options in NEW.items():
        ran('server', **options, provider=provider, name='web1')
    found = [ran('server_info', provider=provider, details=True) for provider in NEW]
    assert [len(result['servers']) for result in found] == [1] * 4
    wrong = ran('server_info', provider='memset', memset_api_key='wrong')
    assert wrong['error']['kind'] == 'auth'
    hold(documented, 'server_info', *found, wrong)
    assert documented['server_info']['return']['servers']['contains'].keys() \
        == documented['server']['return']['server']['contains'].keys()


def test_the_neutral_state_is_documented_as_the_resource_has_it(documented):
    contains = documented['server']['return']['server']['contains']
    assert set(contains) == set(SERVER.outputs())
    types = {name: (SERVER.fields[name].type, SERVER.fields[name].elements) for name in contains
             if name in SERVER.fields}
    assert {name: (contains[name]['type'], contains[name].get('elements')) for name in types} == types
    assert re.findall(r'V\((\w+)\)', contains['state']['description'][0]) == list(STATES)


def test_results_of_the_dns_modules(ran, documented, sandbox):
    records = [{'record': 'www', 'type': 'A', 'value': ['192.0.2.1']}]
    zone = {'domain': 'example.com', 'records': records}
    www = {'domain': 'example.com', 'name': 'www', 'type': 'A'}
    sandbox.seed('memset', {'addresses': ['198.18.0.1']}, servers=1)
    mapped = {'address': '198.18.0.1', 'name': 'www.example.com'}
    for module, said, other in (('dns_zone', zone, {'ttl': 300}), ('dns_record', www, {'value': ['192.0.2.2']}),
                                ('dns_reverse', mapped, {'name': 'mail.example.com'})):
        changed = dict(said, **other, provider='memset')
        results = [ran(module, **changed, check_mode=True), ran(module, **changed, wait=False), ran(module, **changed)]
        assert [result['error'] for result in results] == [None] * 3 and results[1]['changed']
        wrong = ran(module, **changed, wait_timeout=0)
        assert wrong['error']['kind'] == 'input'
        hold(documented, module, *results, wrong)
        listed = ran(module + '_info', provider='memset')
        assert listed[module + 's'] == [results[-1][module]]
        hold(documented, module + '_info', listed, ran(module + '_info', provider='memset', memset_api_key='wrong'))
        resource = importlib.import_module(
            'ansible_collections.indie.cloud.plugins.module_utils.resources.' + module).__dict__[module.upper()]
        assert set(documented[module]['return'][module]['contains']) == set(resource.outputs())


def name_of(resource):
    return resource.name


@pytest.mark.parametrize('resource', RESOURCES, ids=name_of)
def test_what_a_resource_returns_is_documented(resource, documented):
    returned = [documented[resource.name + '_info']['return'][resource.plural]]
    if resource in MANAGED:
        returned.append(documented[resource.name]['return'][resource.name])
    for contains in (entry['contains'] for entry in returned):
        assert set(contains) == set(resource.outputs())
        for name in set(contains) & set(resource.fields):
            field, entry = resource.fields[name], contains[name]
            # What may be given in several forms is returned in one.
            assert field.type == 'raw' or (entry['type'], entry.get('elements')) == (field.type, field.elements), name
            assert set(entry.get('contains', ())) <= set(field.options or ())


@pytest.mark.parametrize('resource', RESOURCES, ids=name_of)
def test_results_of_the_info_modules(resource, ran, documented, sandbox):
    asked = {('snapshot', 'memset'): {'storage': 'store1'}}
    sandbox.seed('memset', memstores=1, options={'name': 'store1'})
    sandbox.seed('memset', snapshots=1, options={'storage_name': 'store1'})
    found = [ran(resource.name + '_info', provider=provider, **asked.get((resource.name, provider), {}))
             for provider in resource.crossings]
    assert [result['error'] for result in found] == [None] * len(found)
    wrong = ran(resource.name + '_info', provider=next(iter(resource.crossings)), state_dir='relative')
    for result in (*found, wrong):
        assert keys_of(documented[resource.name + '_info']['return'], result) == []


def test_results_of_job_and_job_info(ran, documented):
    ordered = ran('server', **NEW['memset'], provider='memset', name='web1', wait=False)
    looked = ran('job_info', jobs=[ordered['job'], None])
    foreseen = ran('job', jobs=[ordered['job']], check_mode=True)
    done = ran('job', jobs=[ordered['job'], None])
    assert done['jobs'][0]['finished'] and done['changed'] and foreseen['changed']
    wrong = ran('job', jobs=['nonsense'])
    assert wrong['error']['kind'] == 'input'
    hold(documented, 'job', done, foreseen, wrong)
    assert set(foreseen['jobs'][0]) == {name for name, entry in documented['job']['return']['jobs']['contains'].items()
                                        if entry['returned'] == 'always'}
    hold(documented, 'job_info', looked, ran('job_info', jobs=['nonsense']))


def test_results_of_api(ran, documented):
    hold(documented, 'api', ran('api', provider='memset', operation='dns.reload'),
         ran('api', provider='memset', operation='dns.reload', check_mode=True),
         ran('api', provider='memset', operation='no.such'),
         ran('api', provider='upcloud', operation='GET /account', return_secrets=True))


# -- other pages ------------------------------------------------------------------------------------------------------
def kinds():
    return {value.kind for value in vars(errors).values()
            if isinstance(value, type) and issubclass(value, errors.ApiError)}


def test_the_kinds_of_errors_are_listed(documented):
    page = (sandbox_client.ROOT / 'docs' / 'architecture.md').read_text(encoding='utf-8')
    listed = re.findall(r'^\| `(\w+)` \|', page.split('\n## Failures')[1].split('\n## ')[0], re.MULTILINE)
    assert listed[0] == 'kind' and set(listed[1:]) == kinds()
    for module in MODULES:
        told = str(documented[module]['return']['error']['contains']['kind']['description'])
        assert set(re.findall(r'V\((\w+)\)', told)) == kinds(), module


def test_the_tables_of_capabilities_are_up_to_date():
    """Run `make docs` where this fails."""
    page = (sandbox_client.ROOT / 'docs' / 'capabilities.md').read_text(encoding='utf-8')
    readme = (sandbox_client.ROOT / 'README.md').read_text(encoding='utf-8')
    assert page == capabilities.page()
    assert readme == capabilities.readme(readme)


def test_a_module_is_named_in_the_action_group_and_documents_its_own_name():
    runtime = yaml.safe_load((sandbox_client.ROOT / 'meta' / 'runtime.yml').read_text(encoding='utf-8'))
    assert sorted(runtime['action_groups']['all']) == MODULES
    for module in MODULES:
        tree = ast.parse((PLUGINS / 'modules' / (module + '.py')).read_text(encoding='utf-8'))
        text = {node.targets[0].id: node.value.value for node in tree.body if isinstance(node, ast.Assign)}
        assert yaml.safe_load(text['DOCUMENTATION'])['module'] == module


# -- inventories ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('name', INVENTORIES)
def test_every_option_of_an_inventory_is_described(name, inventories):
    doc = inventories[name]
    assert [path for path, option in each_option(doc['doc']['options']) if not option.get('description')] == []
    assert doc['doc']['options']['plugin']['choices'] == ['indie.cloud.' + name] and doc['examples'].strip()
