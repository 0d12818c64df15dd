# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's templates and CD-ROMs, public and private."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from . import wire
from .client import UpCloudClient

LISTS = ('GET /storage/template', 'GET /storage/cdrom')
SHOWN = ('template_type', 'license', 'tier')


class UpCloudImage(Catalogue):
    """A storage of type template or cdrom."""

    provider = 'upcloud'
    client = UpCloudClient
    in_list = ('id', 'name', 'media', 'access', 'state', 'zone', 'size_gb', 'labels', 'created', 'provider_options',
               'raw')

    def all(self, work, filters=None):
        wanted = (filters or {}).get('media') or ('disk', 'cdrom')
        return [storage for listing, media in zip(LISTS, ('disk', 'cdrom')) if media in wanted
                for storage in work.client.pages(listing)]

    def project(self, raw):
        own = {name: raw.get(name) for name in SHOWN}
        own['encrypted'] = wire.truth(raw.get('encrypted'))
        return {'id': raw['uuid'], 'name': raw.get('title'), 'access': raw.get('access'), 'state': raw.get('state'),
                'media': 'cdrom' if raw.get('type') == 'cdrom' else 'disk', 'zone': raw.get('zone'),
                'size_gb': wire.number(raw.get('size')), 'labels': wire.labels_in(raw.get('labels')),
                'created': raw.get('created'), 'provider_options': own}
