# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from inventory_runs import Command, Inventory


@pytest.fixture
def cloud(tmp_path, monkeypatch):
    return Inventory(tmp_path, monkeypatch)


@pytest.fixture
def command(tmp_path):
    return Command(tmp_path)
