# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox of tests/conftest.py as its own tests want it: the environment of its clients, in its first state."""

from __future__ import annotations

import pytest


@pytest.fixture
def sandbox(sandbox):
    """The environment variables that the sandbox gives to its clients; it is back at the catalogues alone."""
    sandbox.reset()
    return sandbox.env
