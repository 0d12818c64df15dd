# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of ElasticHosts. The class of an error stands in a header."""

from __future__ import annotations

from ..keyvalue.client import KINDS, KeyValueClient
from .operations import OPERATIONS


class ElasticHostsClient(KeyValueClient):
    provider = 'elastichosts'
    operations = OPERATIONS

    def word(self, response):
        # More than the class may follow it.
        word = (response.headers.get('X-Elastic-Error') or '').split(' ')[0].lower()
        return word if word in KINDS else None
