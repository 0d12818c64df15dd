# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of ElasticHosts: a copy is a new drive that is then filled, under a name that says that it is not yet."""

from __future__ import annotations

from ...fields import Field
from ...steps import Ref
from ..keyvalue.drive import HONOURS, OWN, REFUSES, KeyValueDrive, one_of
from ..keyvalue.server_drives import as_it_is, gib, name_of, size_of
from ..keyvalue.server_fields import UUID_FIELD, text_labels, wrong_label
from ..keyvalue.server_wire import label_keys, labels_of
from .client import ElasticHostsClient
from .server_images import ImagedDrive


class Copy(ImagedDrive):
    """A new drive with the contents of another one."""

    def __init__(self, crossing, work, change):
        # pylint: disable=super-init-not-called
        self.keys = crossing.keys(change)
        self.name = change.new('name')
        self.journal = change.journal or {}
        self.mine = crossing.mine
        self.image = crossing.source(work, change)
        crossing.too_small(change.new('size_gb'), gib(self.needed()), 'what it is made of, %s,' % name_of(self.image))
        self.size = self.keys.get('size') or self.needed()
        self.found = next((drive for drive in [one_of(self.mine, name) for name in self.drafts()] if drive), None)
        if self.found is not None and size_of(self.found) < self.size:
            crossing.refuse('drive %s, %s, is there from an earlier run and has only %s GiB; remove it' % (
                self.found['drive'], name_of(self.found), gib(size_of(self.found))))

    @property
    def filled_name(self):
        return self.name

    def config(self):
        return {key: value for key, value in self.keys.items() if key not in ('name', 'size')}

    def create_steps(self):
        """Steps that make, fill and name it; those that an earlier run did are left out."""
        return self.steps()[0]


class ElasticHostsDrive(KeyValueDrive):
    """A drive; its labels are the `user:` keys."""

    provider = 'elastichosts'
    client = ElasticHostsClient
    STANDARD = 'GET /drives/info/standard'
    in_list = (*KeyValueDrive.in_list, 'tier', 'labels')
    honours = {**HONOURS, 'tier': {'choices': ('disk', 'ssd')}, 'labels': {'normal': text_labels}, 'purge_labels': {}}
    own = {**OWN, 'avoid': Field('list', elements='str', readable=False, output=False, update='no', **UUID_FIELD)}
    refuses = REFUSES

    def check(self, options):
        super().check(options)
        wrong = wrong_label(options.get('labels') or {})
        if wrong:
            self.wrong(wrong)

    def labels(self, raw):
        return labels_of(raw)

    def own_keys(self):
        return {'avoid': 'avoid'}

    def keys(self, change):
        keys = super().keys(change)
        if change.new('tier') is not None:
            keys['tier'] = change.new('tier')
        if 'labels' in change.fields:
            keys.update(label_keys(change.new('labels'), change.fields['labels'][0]))
        return keys

    def fill(self, wanted, options, before):
        filled = super().fill(wanted, options, before)
        if before is not None:
            filled['elastichosts.avoid'] = None
        return filled

    def untold(self, change):
        return super().untold(change) | ({'tier'} if change.new('tier') is None else set())

    def predict(self, change):
        known, unknown = super().predict(change)
        if change.creates:
            known['labels'] = change.after.get('labels') or {}
        return known, unknown

    def fill_from(self, work, change):
        return Copy(self, work, change)

    def create(self, change):
        steps = super().create(change)
        new = change.found['new']
        if new is not None and new.found is not None:
            # What an earlier run began is gone on with.
            change.found['draft'] = new.found['drive']
        return steps

    def ident(self, change):
        if change.found.get('draft'):
            return change.found['draft']
        return change.id or Ref('drive' if change.found['new'] is not None else 'create', ('drive',))

    def again(self, work, change, answers):
        draft = change.found.get('draft')
        return super().again(work, change, answers) if draft is None else self.one(work, draft)

    def rest(self, work, steps, answer):
        return ImagedDrive.rest(steps, as_it_is(work, answer))

    def made(self, answers):
        return super().made(answers) or (answers.get('drive') or {}).get('drive')
