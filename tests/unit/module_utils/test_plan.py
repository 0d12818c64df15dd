# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The planner: properties that must hold for any fields and values."""

from __future__ import annotations

import ast
import copy
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.indie.cloud.plugins.module_utils import fields, plan, steps
from ansible_collections.indie.cloud.plugins.module_utils.fields import Field
from ansible_collections.indie.cloud.plugins.module_utils.plan import Plan, reconcile
from ansible_collections.indie.cloud.plugins.module_utils.steps import Step, Wait

TEXT = st.text(max_size=5)
FIELDS = {
    'plain': Field(),
    'number': Field('int'),
    'set': Field('list', compare='set'),
    'exact': Field('list', compare='list'),
    'labels': Field('dict', compare='subset'),
    'whole': Field('dict', compare='dict'),
    'lower': Field(normal=str.lower),
    'once': Field(readable=False),
    'auto': Field(any_value=('auto',)),
}
VALUES = {
    'plain': TEXT, 'number': st.integers(), 'set': st.lists(TEXT), 'exact': st.lists(TEXT),
    'labels': st.dictionaries(TEXT, TEXT), 'whole': st.dictionaries(TEXT, TEXT), 'lower': TEXT, 'once': TEXT,
    'auto': st.sampled_from(['auto', '1.2.3.4', '5.6.7.8']),
}
WANTED = st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()})
STATE = st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()})


@given(STATE, WANTED)
def test_what_was_reached_is_not_changed_again(before, wanted):
    first = reconcile(FIELDS, before, wanted)
    again = reconcile(FIELDS, first.after, wanted)
    assert again.fields == {}
    assert again.after == first.after


@given(STATE, WANTED)
def test_only_fields_that_differ_change(before, wanted):
    change = reconcile(FIELDS, before, wanted)
    touched = {name for name in FIELDS if change.after[name] != before[name]}
    assert touched <= set(change.fields) <= {name for name, value in wanted.items() if value is not None}
    assert not change.refused


@given(STATE, WANTED)
def test_nothing_given_is_altered(before, wanted):
    kept = copy.deepcopy((before, wanted))
    reconcile(FIELDS, before, wanted)
    assert (before, wanted) == kept


@given(WANTED)
def test_a_new_thing_takes_every_wanted_field(wanted):
    change = reconcile(FIELDS, None, wanted)
    said = {name for name, value in wanted.items() if value is not None}
    assert change.creates and set(change.fields) == said
    # What a new thing was made of is not changed by the next run, whatever the spelling.
    shown = {name: change.after.get(name) for name in FIELDS}
    same = {name: value for name, value in wanted.items() if value not in ([], {})}
    assert reconcile(FIELDS, shown, same).fields == {}


@given(st.lists(TEXT), st.randoms())
def test_order_and_repetition_do_not_matter_in_a_set(values, chance):
    shuffled = values + values[:1]
    chance.shuffle(shuffled)
    assert Field('list', compare='set').same(values, shuffled)


@given(st.dictionaries(TEXT, TEXT), st.dictionaries(TEXT, TEXT))
def test_a_subset_merges_and_never_touches_the_providers_own_keys(wanted, current):
    merged = Field('dict', compare='subset').merged(wanted, current)
    assert set(merged) == set(current) | {key for key in wanted if not key.startswith('_')}
    assert all(merged[key] == value for key, value in current.items() if key.startswith('_'))
    exact = Field('dict', compare='subset').merged(wanted, current, exact=True)
    assert {key for key in exact if not key.startswith('_')} == {key for key in wanted if not key.startswith('_')}
    assert {key for key in exact if key.startswith('_')} == {key for key in current if key.startswith('_')}


def test_what_cannot_change_is_refused_and_named():
    fields = {'zone': Field(update='no', hint='make a new one'), 'key': Field(update='no', secret=True, output=False)}
    change = reconcile(fields, {'zone': 'a', 'key': 'old-canary'}, {'zone': 'b', 'key': 'new-canary'})
    assert change.refused[0] == "zone cannot be changed from 'a' to 'b' once it is there: make a new one"
    assert 'canary' not in change.refused[1]
    assert change.fields == {}


def test_what_cannot_be_read_is_noted_not_compared():
    change = reconcile({'image': Field(readable=False)}, {'image': None}, {'image': 'debian'})
    assert change.fields == {} and 'image' in change.notes[0]


def test_secret_fields_are_no_output():
    fields = {'name': Field(), 'password': Field(secret=True, output=False)}
    made = reconcile(fields, None, {'name': 'a', 'password': 'canary'})
    assert made.after == {'name': 'a'} and made.new('password') == 'canary'
    changed = reconcile(fields, {'name': 'a', 'password': 'old'}, {'password': 'canary'})
    assert 'canary' not in repr(changed.after)
    assert changed.new('password') == 'canary'


@pytest.mark.parametrize('field, value, told', [
    (Field('int', minimum=256, hint='MiB'), 255, 'memory must be at least 256, not 255 (MiB)'),
    (Field('int', maximum=10), 11, 'memory must be at most 10, not 11'),
    (Field(), ' ', 'memory must not be empty'),
    (Field(choices=('a', 'b')), 'c', "memory must be one of a, b, not 'c'"),
    (Field(pattern='[a-z]+'), 'A', "memory must match [a-z]+, which 'A' does not"),
    (Field(pattern='[a-z]+', secret=True), 'CANARY', 'memory must match [a-z]+, which the value does not'),
    (Field('list', elements='str', maximum=1), ['a', 'b'], 'memory takes at most 1, not 2'),
    (Field('list', elements='str', pattern='[a-z]+'), ['a', 'B'], "memory[1] must match [a-z]+, which 'B' does not"),
    (Field('list', options={'size': Field('int', minimum=1)}), [{'size': 1}, {'size': 0}],
     'memory[1].size must be at least 1, not 0'),
    (Field('dict', options={'size': Field('int', minimum=1)}), {'size': 0}, 'memory.size must be at least 1, not 0'),
])
def test_a_value_beyond_a_limit_is_refused_with_name_and_limit(field, value, told):
    assert field.refusal('memory', value) == told


@pytest.mark.parametrize('value', [float('nan'), float('inf'), -float('inf')], ids=str)
def test_what_is_no_finite_number_is_refused(value):
    for field in (Field('float'), Field('float', minimum=1), Field('float', maximum=1)):
        assert field.refusal('size_gb', value) == 'size_gb must be a number, not %r' % value
    whole = Field('dict', options={'monthly': Field('float', minimum=0)})
    assert whole.refusal('max_price', {'monthly': value}) == 'max_price.monthly must be a number, not %r' % value


@pytest.mark.parametrize('field, value', [
    (Field('int', minimum=256), 256), (Field('int', maximum=10), 10), (Field(allow_empty=True), ''), (Field(), None),
    (Field('bool', minimum=5), True), (Field('list', elements='str'), []),
])
def test_a_value_within_its_limits_is_not_refused(field, value):
    assert field.refusal('memory', value) is None


@pytest.mark.parametrize('wait, answer, verdict', [
    (Wait('get', done={'state': ['on']}), {'state': 'on'}, True),
    (Wait('get', done={'state': ['on']}), {'state': 'off'}, None),
    (Wait('get', done={'state': ['on']}), None, False),
    (Wait('get', done={'imaging': [None]}), {'name': 'a'}, True),
    (Wait('get', done={'finished': [True]}, failed={'error': [True]}), {'finished': True, 'error': True}, False),
    (Wait('get', gone=True), None, True),
    (Wait('get', gone=True), {'state': 'on'}, None),
    (Wait('get', gone=True, failed={'state': ['error']}), {'state': 'error'}, False),
])
def test_a_wait_knows_its_end(wait, answer, verdict):
    assert wait.verdict(answer) is verdict


def test_changed_and_diff_are_views_of_the_plan():
    quote = Step('order', {'dry_run': True}, writes=False)
    assert not Plan({'a': 1}, {'a': 1}, [quote]).changed
    made = Plan({'a': 1, 'raw': {'x': 1}}, {'a': 2, 'ip': None}, [Step('set')], unknown=('ip',))
    assert made.changed and made.diff() == {'before': {'a': 1}, 'after': {'a': 2}}
    assert Plan({'a': 1}, None, [Step('delete')]).diff() == {'before': {'a': 1}, 'after': {}}


@pytest.mark.parametrize('module', [fields, steps, plan], ids=lambda module: module.__name__.rpartition('.')[2])
def test_the_planner_is_pure(module):
    tree = ast.parse(pathlib.Path(module.__file__).read_text(encoding='utf-8'))
    imported = {(node.module if isinstance(node, ast.ImportFrom) else alias.name).split('.')[0]
                for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
    assert imported <= {'__future__', 'copy', 'dataclasses', 'errors', 'math', 're', 'typing'}
