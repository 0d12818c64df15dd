# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of servers and backups of drives: neutral fields, states, and which of them are old enough to go."""

from __future__ import annotations

import datetime
import fnmatch

from ..errors import BadInput
from ..fields import Field
from ..resource import Crossing, Resource


def _memset():
    from ..providers.memset.snapshot import MemsetSnapshot
    return MemsetSnapshot


def _upcloud():
    from ..providers.upcloud.snapshot import UpCloudSnapshot
    return UpCloudSnapshot


SNAPSHOT = Resource(
    name='snapshot',
    plural='snapshots',
    crossings={'memset': _memset, 'upcloud': _upcloud},
    fields={
        'state': Field(option=False),
        'provider_state': Field(option=False),
        'drive': Field(update='no'),
        'storage': Field(update='no'),
        'server': Field(update='no', readable=False, output=False),
        'image_type': Field(choices=('raw', 'tar', 'ntfsclone'), update='no'),
        'size_gb': Field('int', option=False),
        'zone': Field(option=False),
        'labels': Field('dict', option=False),
        'created': Field(option=False),
    },
    controls={
        'pattern': Field(),
        'keep': Field('int', minimum=1),
        'max_age_days': Field('int', minimum=1),
        'prune_scheduled': Field('bool', default=False, leave=True),
        'once': Field(pattern='[ -~]{1,255}'),
        'allow_stop': Field('bool', default=False, leave=True),
        'force_stop': Field('bool', default=False, leave=True),
        'stop_timeout': Field('int', default=120, minimum=1, hint='seconds', leave=True),
    },
    states=('present', 'absent', 'taken', 'restored', 'pruned'),
    must_exist=('restored',),
    one_shot=('taken', 'restored'),
    identity=(('drive',), ('storage',), ('drive', 'name'), ('storage', 'server'), ('id',)),
    filters=('image_type', 'state', 'zone', 'labels'),
    asks={'drive': Field(), 'storage': Field()},
)


class SnapshotCrossing(Crossing):
    """What both share: the rotation. A subclass gives removal() and fills change.found['doomed'] by doomed()."""

    keeps = ('pruned',)

    def removal(self, number, ident, name):
        """The step that deletes one."""
        raise NotImplementedError

    def check(self, options):
        told, state = self.problems(options), options['state']
        rotates = options['keep'] is not None or options['max_age_days'] is not None
        if rotates and options['pattern'] is None:
            told.append('keep and max_age_days need pattern, which says what they may delete')
        if options['pattern'] is not None and not rotates:
            told.append('pattern goes with keep or max_age_days')
        if state == 'pruned' and not rotates:
            told.append('state pruned needs keep or max_age_days')
        if state == 'absent' and rotates:
            told.append('keep and max_age_days do not go with state absent; state pruned deletes what is too old')
        if told:
            raise BadInput('; '.join(told), provider=self.provider)

    def problems(self, options):
        """What in the options does not go together, beyond the rotation."""
        raise NotImplementedError

    def create(self, change):
        if change.state not in ('present', 'taken') or change.state != change.options['state']:
            # Nothing is to be made, such as where only what is old shall go.
            change.after = None
            return []
        return self.make(change)

    def make(self, change):
        """Steps that make a snapshot."""
        raise NotImplementedError

    def pruned(self, change):
        """No steps of its own: what is too old goes in every state."""
        return []

    def afterwards(self, change):
        return [self.removal(number, item['id'], item['name']) for number, item in enumerate(change.found['doomed'])]

    def kept(self, change):
        return {'pruned': [{key: item[key] for key in ('id', 'name', 'created')}
                           for item in change.found.get('doomed', [])]}


def doomed(items, options, now, newer=0, spare=None):
    """Those of `items` ({id, name, created, text, when}) that have to go, oldest first.

    With both keep and max_age_days, one goes only if neither keeps it. One whose age is not known counts as new. One
    that cannot be restored, with `broken`, keeps no other one from staying: it takes no place.

    :param newer: how many newer ones, within the pattern, there will be beside these. :param spare: an id that stays.
    """
    keep, days = options['keep'], options['max_age_days']
    if keep is None and days is None:
        return []
    fitting = [item for item in items if fnmatch.fnmatchcase(item['text'], options['pattern'])]
    fitting.sort(key=lambda item: (item['when'] is None, item['when'] or now, item['text']), reverse=True)
    oldest = None if days is None else now - datetime.timedelta(days=days)
    found, place = [], newer
    for item in fitting:
        if (keep is None or place >= keep) and item['id'] != spare \
                and (oldest is None or item['when'] is not None and item['when'] < oldest):
            found.append(item)
        place += not item.get('broken')
    return found[::-1]


FORMS = ('%Y-%m-%dT%H:%M:%SZ', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d', '%Y%m%dT%H:%M:%S', '%Y-%m-%dT%H:%M:%S')


def moment(text):
    """A time of an API, in UTC, or None where it cannot be read."""
    for form in FORMS:
        try:
            return datetime.datetime.strptime(str(text), form).replace(tzinfo=datetime.timezone.utc)
        except ValueError:
            continue
    return None


def now():
    return datetime.datetime.now(datetime.timezone.utc)
