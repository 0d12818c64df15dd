# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of CloudSigma's API 1.0: a copy is made in one request."""

from __future__ import annotations

from ...fields import Field
from ..keyvalue.drive import HONOURS, OWN, REFUSES, KeyValueDrive
from ..keyvalue.server_drives import gib, name_of, size_of
from ..keyvalue.server_fields import WORDS
from ..keyvalue.waits import being_filled, held_by
from .client import CloudSigmaClient
from .server_copies import clone_step


class Copy:
    """A new drive with the contents of another one."""

    def __init__(self, crossing, work, change):
        source = crossing.source(work, change)
        needed = size_of(source)
        crossing.too_small(change.new('size_gb'), gib(needed), 'what it is made of, %s,' % name_of(source))
        if being_filled(source):
            crossing.refuse('drive %s, which is to be copied, is being filled itself; run this again when that is over'
                            % name_of(source))
        if held_by(source):
            # The manual does not say whether a drive in use can be copied.
            change.notes.append('drive %s, the source, is in use by server %s: if copying a drive in use is refused, '
                                'stop that first' % (name_of(source), ', '.join(held_by(source))))
        keys = dict(crossing.keys(change))
        self.size = keys.setdefault('size', needed)
        self.step = clone_step(source['drive'], keys, [raw['drive'] for raw in crossing.mine], 'create')

    def create_steps(self):
        """The one step."""
        return [self.step]


class CloudSigmaDrive(KeyValueDrive):
    """A drive; a tag chooses where it is kept."""

    provider = 'cloudsigma'
    client = CloudSigmaClient
    STANDARD = 'GET /drives/standard/info'
    honours = HONOURS
    own = {**OWN, 'use': Field('list', elements='str', normal=lambda words: sorted(set(words)), compare='set', **WORDS)}
    refuses = {
        **REFUSES,
        'tier': 'use the tag affinity:ssd for an SSD',
        'labels': 'API 1.0 has none; use tags',
    }

    def check(self, options):
        super().check(options)
        if options.get('image') is not None or options.get('clone_from') is not None:
            for name, value in (('encrypted', options.get('encrypted')),
                                ('cloudsigma.use', (options.get('cloudsigma') or {}).get('use'))):
                if value is not None:
                    self.wrong('%s cannot be said of a copy' % name)

    def options_of(self, raw):
        return dict(super().options_of(raw), use=sorted((raw.get('use') or '').split()))

    def own_keys(self):
        return {'use': 'use'}

    def fill_from(self, work, change):
        return Copy(self, work, change)
