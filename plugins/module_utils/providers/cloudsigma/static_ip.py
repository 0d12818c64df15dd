# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Static addresses of CloudSigma. None can be given a name."""

from __future__ import annotations

from ..keyvalue.static_ip import KeyValueStaticIp
from .client import CloudSigmaClient


class CloudSigmaStaticIp(KeyValueStaticIp):
    provider = 'cloudsigma'
    client = CloudSigmaClient
    INFO = 'GET /resources/ip/info'
    DESTROY = 'GET /resources/ip/{ip}/destroy'
    refuses = {**KeyValueStaticIp.refuses, 'name': 'an address cannot be given one; use address, or count'}
