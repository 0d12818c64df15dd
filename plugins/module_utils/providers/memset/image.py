# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's stock systems. No operation lists them, so they come from the document and take no request."""

from __future__ import annotations

from ...resources.catalogue import Catalogue
from .catalogue import SYSTEMS
from .client import MemsetClient


class MemsetImage(Catalogue):
    """The id is what an order takes as `os`. Snapshots, which it takes too, are listed by their own module."""

    provider = 'memset'
    client = MemsetClient
    in_list = ('id', 'name', 'description', 'media', 'access', 'os', 'bits', 'min_memory_mb', 'provider_options')

    def all(self, work, filters=None):
        return [{'os': name, 'description': title, 'min_ram_mb': memory, 'types': list(types)}
                for name, (title, memory, types) in SYSTEMS.items()]

    def project(self, raw):
        return {'id': raw['os'], 'name': raw['os'], 'description': raw['description'], 'media': 'disk',
                'access': 'public', 'os': 'windows' if raw['os'].startswith('win') else 'linux', 'bits': 64,
                'min_memory_mb': raw['min_ram_mb'], 'provider_options': {'types': raw['types']}}
