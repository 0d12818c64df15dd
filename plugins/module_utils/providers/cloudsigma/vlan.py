# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VLANs of CloudSigma."""

from __future__ import annotations

from ..keyvalue.vlan import KeyValueVlan
from .client import CloudSigmaClient


class CloudSigmaVlan(KeyValueVlan):
    provider = 'cloudsigma'
    client = CloudSigmaClient
    destroys = 'GET /resources/vlan/{uuid}/destroy'
