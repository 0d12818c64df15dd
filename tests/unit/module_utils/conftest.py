# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

import fake_cloud


@pytest.fixture
def fake_client(tmp_path, monkeypatch):
    """The client of an empty cloud in memory; nothing is written outside tmp_path."""
    client = fake_cloud.FakeClient
    monkeypatch.setattr(client, 'things', {})
    monkeypatch.setattr(client, 'script', {})
    monkeypatch.setattr(client, 'log', [])
    monkeypatch.setitem(fake_cloud.OPTIONS, 'state_dir', str(tmp_path))
    return client
