# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What UpCloud's storages honour, within which limits, and how they look on the wire."""

from __future__ import annotations

from ...fields import Field
from . import wire
from .server_fields import DEVICE, MAX_SIZE, TIERS, UUID

STATES = {'online': 'online', 'maintenance': 'busy', 'cloning': 'busy', 'backuping': 'busy', 'syncing': 'busy',
          'error': 'error'}
# The API's word for a type that is not the neutral one.
NORMAL = {'normal': 'disk'}
KINDS = {'disk': 'normal', 'template': 'template', 'cdrom': 'cdrom', 'backup': 'backup'}


def _among(wanted, current):
    return wanted in (current or [])


HONOURS = {
    'id': {'pattern': UUID, 'hint': 'a UUID in lower case'},
    'name': {'pattern': r'[\s\S]{1,255}', 'hint': 'at most 255 characters'},
    'type': {}, 'zone': {}, 'encrypted': {}, 'image': {}, 'clone_from': {}, 'backup_rule': {},
    'size_gb': {'minimum': 1, 'maximum': MAX_SIZE},
    'tier': {'choices': TIERS},
    'server': {'compare': _among},
    'labels': {'normal': wire.texts},
    'device': {'pattern': DEVICE, 'hint': 'such as virtio, virtio:1, scsi:0:0 or ide:0:1'},
    **{name: {} for name in ('state', 'provider_state', 'servers', 'created')},
    **{name: {} for name in ('boot', 'detach', 'purge_labels', 'path', 'url', 'checksum', 'compression', 'once')},
}
OWN = {
    'favorite': Field('bool'),
    'delete_backups': Field(choices=('keep', 'keep_latest', 'delete'), compare=lambda wanted, current: True,
                            output=False),
}
REFUSES = {
    'tags': 'storages have none; use labels',
    'downloaded': 'the API gives no contents; attach the drive to a server and copy them there',
}
# What makes no sense for a template, which is as its source is.
NOT_OF_TEMPLATES = ('size_gb', 'tier', 'encrypted', 'image', 'backup_rule', 'server')


def rule_in(rule):
    """A backup rule as it is returned: {} where there is none, None where the list does not tell."""
    return None if rule is None else {key: wire.number(value) if key == 'retention' else value
                                      for key, value in rule.items()}


def drive_in(raw):
    """The neutral state of a storage, from its details or from its entry in a list."""
    state, kind = raw.get('state'), raw.get('type')
    details = 'servers' in raw
    return {
        'id': raw.get('uuid'), 'name': raw.get('title'), 'state': STATES.get(state, 'busy' if state else 'unknown'),
        'provider_state': state, 'type': NORMAL.get(kind, kind), 'zone': raw.get('zone'),
        'size_gb': wire.number(raw.get('size')), 'tier': raw.get('tier'), 'encrypted': wire.truth(raw.get('encrypted')),
        'servers': wire.listed(raw['servers'], 'server') if details else None,
        'backup_rule': rule_in(raw.get('backup_rule')), 'labels': wire.labels_told(raw),
        'created': wire.moment(raw.get('created')),
        'provider_options': {
            'access': raw.get('access'), 'favorite': raw.get('favorite'), 'license': raw.get('license'),
            'origin': raw.get('origin'), 'part_of_plan': wire.truth(raw.get('part_of_plan')),
            'template_type': raw.get('template_type'),
            'backups': wire.listed(raw['backups'], 'backup') if 'backups' in raw else None}}
