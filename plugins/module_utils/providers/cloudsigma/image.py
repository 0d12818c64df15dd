# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudSigma's standard drives."""

from __future__ import annotations

from ..keyvalue.image import StandardDrive
from ..keyvalue.server_wire import number
from .client import CloudSigmaClient

SHOWN = ('drive_type', 'use', 'free', 'install_notes')


class CloudSigmaImage(StandardDrive):
    provider = 'cloudsigma'
    client = CloudSigmaClient
    LISTING = 'GET /drives/standard/info'
    in_list = StandardDrive.in_list + ('description', 'os', 'bits')

    def media(self, raw):
        return 'cdrom' if raw.get('type') == 'cdrom' else 'disk'

    def project(self, raw):
        return dict(super().project(raw), description=raw.get('description'), os=raw.get('os'),
                    bits=number(raw.get('bits')), provider_options={name: raw.get(name) for name in SHOWN})
