# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The KEY VALUE text format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.indie.cloud.plugins.module_utils import keyvalue
from ansible_collections.indie.cloud.plugins.module_utils.errors import BadInput, Malformed

KEYS = st.from_regex(r'[a-z0-9]{1,8}(:[a-z0-9]{1,5}){0,3}', fullmatch=True)
# A backslash before an n cannot be told from a newline: the format has no other escape.
VALUES = st.text(st.characters(blacklist_characters='\\\r', blacklist_categories=('Cs', 'Cc', 'Zl', 'Zp')))


@given(st.dictionaries(KEYS, VALUES, min_size=1))
def test_what_is_encoded_reads_back(values):
    assert keyvalue.decode(keyvalue.encode(values)) == [values]


def test_newlines_empty_values_lists_and_booleans():
    text = keyvalue.encode({'notes': 'a\nb', 'nic:0:dhcp': '', 'tags': ['x', 'y'], 'persistent': True, 'cpu': 500})
    assert text == 'notes a\\nb\nnic:0:dhcp \ntags x y\npersistent true\ncpu 500\n'
    assert keyvalue.decode(text)[0]['notes'] == 'a\nb'


def test_empty_lines_part_objects():
    assert keyvalue.decode('a 1\nb 2\n\na 3\n\n\n') == [{'a': '1', 'b': '2'}, {'a': '3'}]
    assert keyvalue.decode('\n') == [] and keyvalue.decode('a x  y \r\n') == [{'a': 'x  y '}]


@pytest.mark.parametrize('text', ['<html>', '<html lang="en"> <body>', 'novalue', ' leading space', 'a 1\n{"b": 2}'])
def test_what_is_not_key_value_is_an_error(text):
    with pytest.raises(Malformed):
        keyvalue.decode(text)


@pytest.mark.parametrize('key', ['', 'a b', 'a\nb', '<a'])
def test_a_key_that_could_not_be_read_back_is_refused(key):
    with pytest.raises(BadInput):
        keyvalue.encode({key: 'x'})


def test_list_answers():
    assert keyvalue.words('vlan a\nvlan b\n\nc\n') == ['a', 'b', 'c']
