# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

import sandbox_client


def test_env_file_is_read_as_a_shell_would(tmp_path):
    path = tmp_path / 'env'
    path.write_text("export A=plain\nexport B='two words'\nexport C='it'\"'\"'s=x'\n\n# comment\n", encoding='utf-8')
    assert sandbox_client.read_env(path) == {'A': 'plain', 'B': 'two words', 'C': "it's=x"}


def test_a_sandbox_that_cannot_start_says_why(tmp_path):
    with pytest.raises(RuntimeError, match='No module named sandbox'):
        with sandbox_client.running(package=tmp_path):
            pass
