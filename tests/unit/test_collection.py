# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own files agree with each other."""

from __future__ import annotations

import pytest
import yaml

import ansible_collections.indie.cloud
import sandbox_client

PLUGINS = sandbox_client.ROOT / 'plugins'


def test_the_working_tree_is_what_is_tested():
    assert [sandbox_client.ROOT.samefile(path) for path in ansible_collections.indie.cloud.__path__] == [True]


def test_every_module_is_in_the_action_group():
    runtime = yaml.safe_load((sandbox_client.ROOT / 'meta' / 'runtime.yml').read_text(encoding='utf-8'))
    modules = sorted(path.stem for path in (PLUGINS / 'modules').glob('*.py'))
    if not modules:
        pytest.skip('no modules yet')
    assert sorted(runtime['action_groups']['all']) == modules
