# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all tests share: the collection under its own name, and a sandbox."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile

import hypothesis
import pytest

import sandbox_client


def make_importable():
    """Let a plain clone be imported as ansible_collections.indie.cloud, and found by the Ansible that tests start."""
    base = tempfile.mkdtemp(prefix='indie-collections-')
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    os.makedirs(os.path.join(base, 'ansible_collections', 'indie'))
    os.symlink(sandbox_client.ROOT, os.path.join(base, 'ansible_collections', 'indie', 'cloud'))
    # Before all others, and instead of the configured path: an installed copy must never be tested by mistake.
    sys.path.insert(0, base)
    os.environ['ANSIBLE_COLLECTIONS_PATH'] = base


make_importable()
# How long an example takes tells of the machine, not of the code.
hypothesis.settings.register_profile('steady', deadline=None)
hypothesis.settings.load_profile('steady')


@pytest.fixture(scope='session')
def sandbox():
    """A sandbox for the whole session. Tests call its reset() or forget() as they need."""
    with sandbox_client.running() as found:
        yield found
        assert 'Traceback' not in found.output(), found.output()
