# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The standard drives of both KEY VALUE providers, one request for all."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from .server_wire import number

GIB = 2 ** 30


class StandardDrive(Catalogue):
    """A drive of the provider's own, for everybody to copy or to start from. A subclass names the listing."""

    LISTING = ''
    in_list = ('id', 'name', 'media', 'access', 'state', 'size_gb', 'provider_options', 'raw')

    def all(self, work, filters=None):
        return work.client.call(self.LISTING)

    def project(self, raw):
        # The size that it has once it is unpacked, which is the least that a drive for it needs.
        size = number(raw.get('rawsize')) or number(raw.get('size'))
        return {'id': raw['drive'], 'name': raw.get('name'), 'access': 'public', 'state': raw.get('status'),
                'media': self.media(raw), 'size_gb': None if size is None else -(-size // GIB),
                'provider_options': {}}

    def media(self, raw):
        """`disk` or `cdrom`."""
        raise NotImplementedError
