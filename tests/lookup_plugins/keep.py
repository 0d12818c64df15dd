# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps a text in a file, in the process of the play: the module copy takes two seconds for that."""

from __future__ import annotations

import pathlib

from ansible.plugins.lookup import LookupBase

DOCUMENTATION = """
name: keep
short_description: Keep a text in a file
description: For tests.
options:
  _terms:
    description: The file and the text.
    required: true
"""


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        path, text = terms
        pathlib.Path(path).write_text(text, encoding='utf-8')
        return [len(text)]
