# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own files agree with each other."""

from __future__ import annotations

import re

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
    assert sorted(runtime['action_groups']['all']) == modules


def documents():
    """The Markdown files of the repository."""
    found = [path for folder in ('.', 'docs') for path in (sandbox_client.ROOT / folder).glob('*.md')]
    return found + list((sandbox_client.ROOT / 'roles').glob('*/README.md'))


@pytest.mark.parametrize('path', documents(), ids=lambda path: str(path.relative_to(sandbox_client.ROOT)))
def test_links_in_documents_lead_somewhere(path):
    links = re.findall(r'\]\(([^)#\s]+)', path.read_text(encoding='utf-8'))
    assert [link for link in links if '://' not in link and not (path.parent / link).exists()] == []


def test_the_index_of_the_documentation_names_each_of_its_pages():
    index = (sandbox_client.ROOT / 'docs' / 'README.md').read_text(encoding='utf-8')
    pages = [path.name for path in (sandbox_client.ROOT / 'docs').glob('*.md') if path.name != 'README.md']
    assert [page for page in pages if '](%s' % page not in index] == []
