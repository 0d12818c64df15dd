# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of a server at CloudSigma and ElasticHosts: what both honour, with which limits, and what they refuse."""

from __future__ import annotations

import re

from ...fields import Field
from .client import UUID
from .operation import DEVICE

UUID_FIELD = {'pattern': UUID.pattern, 'hint': 'a UUID'}
# The format has no escape for a backslash: one with an n behind it reads back as a line break.
PLAINLY = r'(?!.*\\n)'
NAME = {'pattern': PLAINLY + r'\S(?:[^\x00-\x1f\x7f]*\S)?',
        'hint': 'no control characters, no spaces at its ends, no backslash with an n behind it'}
WORDS = {'pattern': PLAINLY + r'[^\s\x00-\x1f]+', 'hint': 'a word without spaces'}
MAC = r'(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}'


def same_or_unset(wanted, current):
    """An empty value and none are the same: the key is unset."""
    return (wanted or '') == (current or '')


LABEL = re.compile(r'[A-Za-z0-9_.:-]{1,128}')
# What ends a line, or may be taken for its end, cannot be sent; a line break itself has a spelling.
UNSENDABLE = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]')


def label_text(value):
    """The value of a label as the wire has it, and as it reads back; nothing for null."""
    if value is None or isinstance(value, bool):
        return '' if value is None else str(value).lower()
    return str(value).replace('\r\n', '\n').replace('\\n', '\n').strip()


def text_labels(labels):
    """Labels as the wire has them."""
    return {str(key): label_text(value) for key, value in labels.items()}


def wrong_label(labels):
    """Why one of the labels cannot be, or None."""
    for key, value in labels.items():
        if isinstance(value, (list, dict)):
            return 'labels: the value of %r must be a text, a number or a boolean' % key
        text = label_text(value)
        if not LABEL.fullmatch(str(key)) or not text:
            return 'labels: %r cannot be a key with a value here (letters, digits, _ . : -; the value not empty)' % key
        if UNSENDABLE.search(text):
            return 'labels: the value of %r has a control character, which cannot be sent' % key
    return None


def sorted_by(*keys):
    """A comparison of two lists of dicts by these keys of theirs, whatever their order."""
    def same(wanted, current):
        def plain(items):
            return sorted([[item.get(key) for key in keys] for item in items or []], key=repr)
        return plain(wanted) == plain(current)
    return same


DRIVES = {
    'compare': sorted_by('id', 'device', 'media'), 'update': 'stop',
    'only': ('id', 'name', 'device', 'media', 'boot'),
    'sub': {'id': UUID_FIELD, 'device': {'pattern': DEVICE, 'hint': 'such as ide:0:0 or block:0'}},
}
NETWORKS = {
    'compare': sorted_by('index', 'type', 'network', 'address', 'mac', 'model'), 'update': 'stop',
    'only': ('type', 'network', 'address', 'mac', 'model', 'index'),
    'sub': {
        'type': {'choices': ('public', 'private')}, 'network': UUID_FIELD, 'mac': {'pattern': MAC},
        'address': {'allow_empty': True},
        'model': {'choices': ('e1000', 'rtl8139', 'virtio')}, 'index': {'minimum': 0, 'maximum': 3},
    },
}

# What both honour; a subclass overrides limits and what needs a stop.
HONOURS = {
    'id': UUID_FIELD, 'name': NAME,
    'cpu_mhz': {'update': 'stop'}, 'cpu_cores': {'update': 'stop'}, 'memory_mb': {'update': 'stop'},
    'image': {}, 'size_gb': {},
    'drives': DRIVES, 'networks': NETWORKS, 'persistent': {},
    'vnc_address': {'update': 'stop', 'compare': same_or_unset, 'allow_empty': True},
    'vnc_password': {'compare': same_or_unset, 'allow_empty': True, 'pattern': PLAINLY + '[!-~]*',
                     'hint': 'printable, no spaces'},
    'vnc_tls': {'update': 'stop'},
    'tags': dict(WORDS, normal=lambda tags: sorted(set(tags))),
    **{name: {} for name in ('state', 'provider_state', 'public_ipv4', 'public_ipv6')},
    **{name: {} for name in ('start', 'allow_stop', 'force_stop', 'stop_timeout', 'allow_destroy_on_stop',
                             'delete_drives')},
}

OWN = {
    'parent': Field(update='stop', **UUID_FIELD),
    'boot': Field('list', elements='str', compare='list', update='stop', pattern=DEVICE, hint='such as ide:0:0'),
    'remove_networks': Field('list', elements='int', output=False),
    'detach_drives': Field('list', elements='str', output=False, pattern='%s|%s' % (DEVICE, UUID.pattern),
                           hint='devices such as ide:1:0, or ids of drives'),
}
REFUSES = {
    'plan': 'give cpu_mhz and memory_mb',
    'ssh_keys': 'a server knows no keys; they come with its image',
    'user_data': 'there is none; use an image that has what you need',
    'max_price': 'the API tells no prices beforehand',
    'reimaged': 'make a new drive from the image and attach it with drives',
    'upgraded': 'change cpu_mhz and memory_mb with state present',
    'drives.image': 'use the option image, or make the drive first',
    'drives.size_gb': 'use the option size_gb, or make the drive first',
    'drives.tier': 'make the drive first',
    'drives.encrypted': 'make the drive first',
    'drives.labels': 'make the drive first',
    'drives.backup_rule': 'there are none',
    'networks.addresses': 'use networks.address; an interface has one',
    'networks.source_ip_filtering': 'there is none',
    'networks.bootable': 'a server starts from its drives',
}
# Neutral field -> key, where the value goes as it is.
PLAIN = {'name': 'name', 'cpu_mhz': 'cpu', 'cpu_cores': 'smp', 'memory_mb': 'mem', 'persistent': 'persistent',
         'tags': 'tags'}
