# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of servers and backups of drives: neutral fields, states, and which of them are old enough to go."""

from __future__ import annotations

import datetime
import fnmatch
import re

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


def doomed(items, options, now, newer=0, spare=None, notes=None):
    """Those of `items` ({id, name, created, text, when}) that have to go, oldest first.

    With both keep and max_age_days, one goes only if neither keeps it. One whose age is not known stays, and keeps no
    other one from staying: it may be the oldest. One that cannot be restored, with `broken`, takes no place either.

    :param newer: how many newer ones, within the pattern, there will be beside these. :param spare: an id that stays.
    :param notes: a list for what the user has to be told.
    """
    keep, days = options['keep'], options['max_age_days']
    if keep is None and days is None:
        return []
    fitting = [item for item in items if fnmatch.fnmatchcase(item['text'], options['pattern'])]
    ageless = [item['text'] for item in fitting if item['when'] is None]
    if ageless and notes is not None:
        notes.append('not counted and not deleted, since the time of it cannot be read: %s' % ', '.join(ageless))
    fitting = [item for item in fitting if item['when'] is not None]
    fitting.sort(key=lambda item: (item['when'], item['text']), reverse=True)
    oldest = None if days is None else now - datetime.timedelta(days=days)
    found, place = [], newer
    for item in fitting:
        if (keep is None or place >= keep) and item['id'] != spare and (oldest is None or item['when'] < oldest):
            found.append(item)
        place += not item.get('broken')
    return found[::-1]


# ISO 8601, with T or a space, a fraction of a second, and a zone; UTC where none is told.
TIME = re.compile(r'(?:(\d{4})-(\d\d)-(\d\d)|(\d{4})(\d\d)(\d\d)(?=T))'
                  r'(?:[T ](\d\d):?(\d\d):?(\d\d)(?:[.,]\d+)? ?(?:Z|([+-])(\d\d):?(\d\d)?)?)?')


def moment(text):
    """A time of an API, in UTC, to the second, or None where it cannot be read."""
    found = TIME.fullmatch(str(text))
    if found is None:
        return None
    sign, *away = found.groups()[9:]
    parts = [int(part) for part in found.groups()[:9] if part]
    hours, minutes = (int(part or 0) for part in away)
    try:
        return datetime.datetime(*parts, tzinfo=datetime.timezone.utc) - datetime.timedelta(
            hours=hours, minutes=minutes) * (-1 if sign == '-' else 1)
    except (OverflowError, ValueError):
        return None


def now():
    return datetime.datetime.now(datetime.timezone.utc)
