# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox of tests/conftest.py as its own tests want it: the environment of its clients, in its first state."""

from __future__ import annotations

import pytest

import sandbox_client


@pytest.fixture(scope='session')
def sandbox_environment():
    """The environment variables that the sandbox gives to its clients."""
    with sandbox_client.running() as found:
        yield found.env
        assert 'Traceback' not in found.output(), found.output()


@pytest.fixture
def sandbox(sandbox_environment):
    """The same, back at the catalogues alone."""
    sandbox_client.Sandbox(sandbox_environment).reset()
    return sandbox_environment


@pytest.fixture
def fresh(sandbox):
    """The same under another name."""
    return sandbox
