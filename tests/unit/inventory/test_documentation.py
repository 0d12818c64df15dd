# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation says what the code does: fragments, the plugins' own texts, and the table of the guide."""

from __future__ import annotations

import importlib

import pytest
import yaml
from inventory_fields import MARKS, table

import sandbox_client
from ansible_collections.indie.cloud.plugins.doc_fragments import attributes, inventory, provider, wait
from ansible_collections.indie.cloud.plugins.module_utils import connection, spec
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER, STATES


def options(text):
    return yaml.safe_load(text)['options']


def shape(option):
    """What must be the same in documentation and spec."""
    return {key: option[key] for key in ('type', 'default', 'choices', 'elements', 'required') if key in option}


def test_connection_options_of_modules():
    documented = options(provider.ModuleDocFragment.DOCUMENTATION)
    assert {name: shape(option) for name, option in documented.items()} == {
        name: shape(option) for name, option in connection.argument_spec().items()}
    for sources in connection.SOURCES.values():
        for name, source in sources.items():
            text = ' '.join(documented[name]['description'])
            assert 'E(%s)' % source.env in text and (source.default or '') in text


@pytest.mark.parametrize('name', connection.PROVIDERS)
def test_connection_options_of_inventories(name):
    documented = options(getattr(provider.ModuleDocFragment, name.upper()))
    sources = connection.SOURCES[name]
    files = {each + '_file' for each in sources if sources[each].secret}
    assert set(documented) == set(sources) | files
    for each, option in documented.items():
        if each in files:
            assert option['type'] == 'path' and 'env' not in option
            continue
        assert option['type'] == 'str' and option['env'] == [{'name': sources[each].env}] and 'default' not in option
        assert (sources[each].default or '') in ' '.join(option['description'])


def test_common_options_of_inventories():
    documented = options(provider.ModuleDocFragment.COMMON)
    assert documented == {name: options(provider.ModuleDocFragment.DOCUMENTATION)[name] for name in connection.COMMON}


def test_wait_options():
    fragment = wait.ModuleDocFragment
    documented = {name: option for text in (fragment.DOCUMENTATION, fragment.TIMEOUT, fragment.STATE_DIR)
                  for name, option in options(text).items()}
    assert {name: shape(option) for name, option in documented.items()} == {**spec.WAIT, **spec.STATE_DIR}


def test_inventory_options():
    documented = options(inventory.ModuleDocFragment.DOCUMENTATION)
    filters = documented['filters']['suboptions']
    assert {name: {key: value for key, value in shape(option).items() if key != 'choices'}
            for name, option in filters.items()} == spec.filter_spec(SERVER)
    assert filters['state']['choices'] == list(STATES)
    kinds = [name for name in SERVER.outputs() if name.endswith(('_ipv4', '_ipv6'))]
    assert documented['address_preference']['choices'] == kinds


def test_attributes_are_whole():
    for text in (attributes.ModuleDocFragment.ACTION_GROUP, attributes.ModuleDocFragment.INFO,
                 attributes.ModuleDocFragment.DOCUMENTATION):
        assert yaml.safe_load(text)['attributes']


@pytest.mark.parametrize('name', connection.PROVIDERS)
def test_plugins(name):
    module = importlib.import_module('ansible_collections.indie.cloud.plugins.inventory.%s' % name)
    documentation = yaml.safe_load(module.DOCUMENTATION)
    full = 'indie.cloud.%s' % name
    assert documentation['name'] == name == module.InventoryModule.PROVIDER and module.InventoryModule.NAME == full
    assert documentation['options']['plugin']['choices'] == [full]
    assert set(documentation['extends_documentation_fragment']) == {
        'indie.cloud.inventory', 'indie.cloud.provider.%s' % name, 'indie.cloud.provider.common', 'constructed',
        'inventory_cache'}
    examples = list(yaml.safe_load_all(module.EXAMPLES))
    assert len(examples) > 1 and all(example['plugin'] == full for example in examples)


def test_the_table_of_the_guide_is_generated():
    text = (sandbox_client.ROOT / 'docs/inventory.md').read_text(encoding='utf-8')
    assert text.partition(MARKS[0])[2].partition(MARKS[1])[0].strip() == table().strip(), \
        'run: python tests/inventory_fields.py'


def test_the_guide_names_every_option():
    text = (sandbox_client.ROOT / 'docs/inventory.md').read_text(encoding='utf-8')
    names = [*options(inventory.ModuleDocFragment.DOCUMENTATION), *options(provider.ModuleDocFragment.COMMON)]
    for each in connection.PROVIDERS:
        names += options(getattr(provider.ModuleDocFragment, each.upper()))
    assert [name for name in names if '`%s`' % name not in text] == []
