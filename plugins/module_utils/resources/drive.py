# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drive: neutral fields, states, and what its crossings share. No provider's words in here."""

from __future__ import annotations

import os

from ..errors import BadInput, Precondition
from ..fields import Field
from ..resource import Crossing, Resource
from ..transfer import OPENERS, inspect

GIB = 1024 ** 3


def _upcloud():
    from ..providers.upcloud.drive import UpCloudDrive
    return UpCloudDrive


def _cloudsigma():
    from ..providers.cloudsigma.drive import CloudSigmaDrive
    return CloudSigmaDrive


def _elastichosts():
    from ..providers.elastichosts.drive import ElasticHostsDrive
    return ElasticHostsDrive


def said(rule):
    """A backup rule without what was not said; an empty one is none."""
    return {key: value for key, value in rule.items() if value is not None}


def whole(size):
    """A size in GiB as a whole number where it is one."""
    return int(size) if size == int(size) else size


BACKUP_RULE = {
    'interval': Field(choices=('daily', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
    'time': Field(pattern='([01][0-9]|2[0-3])[0-5][0-9]', hint='hhmm, UTC'),
    'retention': Field('int', minimum=1, maximum=1095, hint='days'),
}
TRANSFERS = ('imported', 'uploaded', 'downloaded')

DRIVE = Resource(
    name='drive',
    plural='drives',
    crossings={'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts},
    fields={
        'state': Field(option=False),
        'provider_state': Field(option=False),
        'type': Field(update='no', choices=('disk', 'cdrom', 'template', 'backup')),
        'zone': Field(update='no'),
        'size_gb': Field('float', minimum=0.001, normal=whole, hint='GiB'),
        'tier': Field(update='no'),
        'encrypted': Field('bool', update='no'),
        'image': Field(update='no', readable=False, output=False),
        'clone_from': Field(update='no', readable=False, output=False),
        'server': Field(output=False),
        'servers': Field('list', elements='str', option=False),
        'backup_rule': Field('dict', options=BACKUP_RULE, normal=said),
        'tags': Field('list', elements='str', compare='set'),
        'labels': Field('dict', compare='subset'),
        'created': Field(option=False),
    },
    controls={
        'device': Field(),
        'boot': Field('bool'),
        'detach': Field('bool', default=False, leave=True),
        'purge_labels': Field('bool', default=False, leave=True),
        'path': Field('path'),
        'url': Field(pattern=r'https?://\S+', hint='an http or https URL', secret=True),
        'checksum': Field(pattern='sha256:[0-9a-fA-F]{64}', hint='sha256: and 64 hexadecimal digits'),
        'compression': Field(choices=tuple(OPENERS), default='none', leave=True),
        'compress': Field('bool', default=True, leave=True),
        'force': Field('bool', default=False, leave=True),
        'once': Field(pattern='[ -~]{1,255}'),
    },
    states=('present', 'absent', 'detached', 'imported', 'uploaded', 'downloaded', 'filesystem_resized', 'cancelled'),
    must_exist=('detached', 'downloaded', 'cancelled'),
    one_shot=('imported', 'uploaded', 'downloaded', 'filesystem_resized'),
    exact={'purge_labels': 'labels'},
    filters=('state', 'type', 'zone', 'tier', 'tags', 'labels'),
)


class DriveCrossing(Crossing):
    """What drives have in common."""

    keeps = ('transfer',)
    # Bytes of which sizes are multiples.
    grain = GIB
    # Bytes of the contents to upload, once they are known.
    length = 0

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        self.detaches = options['detach']
        if options.get('image') is not None and options.get('clone_from') is not None:
            self.wrong('image and clone_from exclude each other')
        rule = said(options.get('backup_rule') or {})
        if rule and set(rule) != set(BACKUP_RULE):
            self.wrong('backup_rule needs interval, time and retention, or nothing at all to remove it')
        self._check_transfer(options, options['state'])

    def _check_transfer(self, options, state):
        for name, states in (('url', ('imported',)), ('path', ('uploaded', 'downloaded')), ('checksum', TRANSFERS)):
            if options.get(name) is not None and state not in states and state != 'absent':
                self.wrong('%s goes with state %s' % (name, ' or '.join(states)))
            if name != 'checksum' and options.get(name) is None and state in states:
                self.wrong('state %s needs %s' % (state, name))
        if state == 'uploaded':
            self._check_file(options)
        if state == 'downloaded':
            folder = os.path.dirname(os.path.abspath(options['path']))
            if os.path.isdir(options['path']) or not os.path.isdir(folder):
                self.wrong('path must name a file in a folder that is there, which %r does not' % options['path'])

    def _check_file(self, options):
        path = options['path']
        if not os.path.isfile(path) or not os.access(path, os.R_OK):
            self.wrong('path must be a file that can be read, which %r is not' % path)
        self._measure(options, os.path.getsize(path) if options['compression'] == 'none' else None)

    def _measure(self, options, length):
        if length == 0:
            self.wrong('path: the file %r is empty' % options['path'])
        if length and options.get('size_gb') is not None and length > options['size_gb'] * GIB:
            self.wrong('size_gb: the contents of %s have %d bytes, which %s GiB are too small for' % (
                options['path'], length, whole(options['size_gb'])))
        self.length = length

    def verify(self, options):
        """What only reading the file tells, where there is something to compare it with."""
        wanted = options.get('checksum')
        if options['state'] != 'uploaded' or wanted is None and options['compression'] == 'none':
            return
        length, has = inspect(options['path'], options['compression'])
        self._measure(options, length)
        if wanted is not None and has != _digest(wanted):
            self.wrong('checksum: the contents of %s have sha256:%s, not sha256:%s; nothing was sent' % (
                options['path'], has, _digest(wanted)))

    def wrong(self, text):
        """:raises BadInput: for this provider."""
        raise BadInput(text, provider=self.provider)

    def refuse(self, text):
        """:raises Precondition: for this provider."""
        raise Precondition(text, provider=self.provider)

    def fill(self, wanted, options, before):
        # On a new thing the planner leaves values as they were said.
        filled = {name: self.fields[name].normal(value) if value is not None and self.fields[name].normal else value
                  for name, value in wanted.items()}
        if before is not None:
            # What a drive was made of is no longer to be seen, nor of interest.
            filled.update(image=None, clone_from=None)
        elif options['state'] == 'uploaded' and options['compression'] == 'none' and wanted.get('size_gb') is None \
                and not (wanted.get('image') or wanted.get('clone_from')):
            filled['size_gb'] = whole(-(-os.path.getsize(options['path']) // self.grain) * self.grain / GIB)
        if options['state'] == 'detached':
            filled['server'] = None
        return filled

    def grows(self, change):
        """Whether the drive that is there is to be made larger.

        :raises Precondition: when it were to be made smaller.
        """
        if change.creates or 'size_gb' not in change.fields:
            return False
        old, new = change.fields['size_gb']
        if old is not None and new < old:
            self.refuse('size_gb: the drive %s has %s GiB, and a drive cannot be made smaller (%s were asked for)' % (
                change.before['name'], whole(old), whole(new)))
        return True

    def too_small(self, size, needed, source):
        """:raises Precondition: when a size, if one is said, is less than what is to go on the drive."""
        if size is not None and size < needed:
            self.refuse('size_gb: %s needs %s GiB, and %s is less' % (source, whole(needed), whole(size)))

    def fits(self, change, limit):
        """:raises Precondition: when the contents are more than the drive holds."""
        if self.length > limit:
            self.refuse('path: the contents of %s have %d bytes and the drive %d' % (
                change.options['path'], self.length, limit))

    @staticmethod
    def sha256(change):
        """The checksum that the contents must have, or None."""
        checksum = change.options.get('checksum')
        return checksum and _digest(checksum)

    def kept(self, change):
        return dict.fromkeys(self.keeps)

    def told(self, change, answers):
        return {'transfer': answers['transfer']} if 'transfer' in answers else {}

    def finished(self, work, change):
        work.journal.clear(work.key)


def _digest(checksum):
    return checksum.partition(':')[2].lower()
