# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the DNS resources against the sandbox's Memset."""

from __future__ import annotations

import json

import runs


class DnsCloud(runs.Runs):
    """Zones and records, of which a repeat reads everything in one request."""

    def __init__(self, sandbox, folder, resource):
        super().__init__(sandbox, folder, resource, 'memset')

    def changed(self, **options):
        """A change and its repeat: the result, and the operations that wrote."""
        return self.cycle(**options), self.wrote

    def unchanged(self, **options):
        result = super().unchanged(**options)
        assert len(self.sandbox.requests()) <= 1
        return result

    def comparable(self, thing):
        """Lists in what the API gave have no order."""
        return thing and {**thing, 'raw': {
            name: sorted(map(json.dumps, value)) if isinstance(value, list) else value
            for name, value in thing['raw'].items()}}

    def sent(self, write=None):
        """As others have it, but each operation of a batch for itself."""
        return [name for item in self.sandbox.requests() if write in (None, item['write'])
                for name in item['operations']]

    def asked(self):
        """How many requests there were, besides the looks at a job."""
        return sum(item['operations'] != ['job.status'] for item in self.sandbox.requests())

    def new_zone(self, **options):
        """The id of a new zone."""
        return self.seed('zones', **options)[0]

    def fault(self, kind, operation, **more):
        super().fault(kind, operation, write=True, **more)
