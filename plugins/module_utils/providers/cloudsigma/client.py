# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of CloudSigma's API 1.0. It has no codes: `code` is the class that an error belongs to."""

from __future__ import annotations

from ..keyvalue.client import KeyValueClient
from .operations import OPERATIONS


class CloudSigmaClient(KeyValueClient):
    provider = 'cloudsigma'
    operations = OPERATIONS
    # Its GETs start, stop and destroy, too.
    reading = ()
