# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ElasticHosts' standard drives."""

from __future__ import annotations

from ..keyvalue.image import StandardDrive
from .client import ElasticHostsClient


class ElasticHostsImage(StandardDrive):
    provider = 'elastichosts'
    client = ElasticHostsClient
    LISTING = 'GET /drives/info/standard'

    def media(self, raw):
        return 'cdrom' if raw.get('media') == 'cdrom' else 'disk'

    def project(self, raw):
        return dict(super().project(raw), provider_options={'format': raw.get('format')})
