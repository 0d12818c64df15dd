# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of ElasticHosts."""

from __future__ import annotations

from ...fields import Field
from ...steps import Ref, Step
from ..keyvalue.operation import DEVICE
from ..keyvalue.server import KeyValueServer
from ..keyvalue.server_fields import HONOURS, NAME, OWN, PLAINLY, REFUSES, UUID_FIELD, WORDS, text_labels
from ..keyvalue.server_wire import labels_of
from ..keyvalue.waits import server_wait
from .client import ElasticHostsClient
from .server_images import ImagedDrive

RULES = {'elements': 'str', 'pattern': r'[a-z0-9]+(/\S+)?', 'hint': 'such as tcp/22'}
FIREWALL = {
    'policy': Field(choices=('accept', 'reject')),
    'accept': Field('list', **RULES),
    'reject': Field('list', **RULES),
}
IMAGE_DRIVE = {
    'name': Field(**NAME),
    'device': Field(pattern=DEVICE, hint='such as ide:0:0 or block:0'),
    'tier': Field(choices=('disk', 'ssd')),
    'encryption': Field(choices=('none', 'aes-xts-plain')),
    'avoid': Field('list', elements='str', **UUID_FIELD),
    'tags': Field('list', elements='str', **WORDS),
}


def same_firewall(wanted, current):
    """What was not said may be anything; lists are sets."""
    return all(sorted(value) == sorted((current or {}).get(key) or []) if isinstance(value, list)
               else value == (current or {}).get(key) for key, value in wanted.items() if value is not None)


class ElasticHostsServer(KeyValueServer):
    """What may be set while a server is on: name, cpu, persistent, tags, metadata, the password."""

    provider = 'elastichosts'
    client = ElasticHostsClient
    in_list = (*KeyValueServer.in_list, 'labels')
    CREATE = 'POST /servers/create'
    CREATE_STOPPED = 'POST /servers/create/stopped'
    START = 'POST /servers/{uuid}/start'
    STOP = 'POST /servers/{uuid}/stop'
    SHUTDOWN = 'POST /servers/{uuid}/shutdown'
    DESTROY = 'POST /servers/{uuid}/destroy'
    RESET = 'POST /servers/{uuid}/reset'
    VNC_ADDRESS = 'vnc'
    VNC_PASSWORD = 'password'
    system_drive = ImagedDrive
    # That there is a list of one type is not sure.
    RESOURCES = dict.fromkeys(('ip', 'vlan'), 'GET /resources/info')
    honours = {
        **HONOURS,
        'cpu_mhz': {'minimum': 500, 'maximum': 20000, 'hint': 'MHz of all cores together'},
        'cpu_cores': {'update': 'stop', 'maximum': 20},
        'memory_mb': {'update': 'stop', 'minimum': 256, 'maximum': 32768},
        'vnc_password': dict(HONOURS['vnc_password'], pattern=PLAINLY + '[!-~]{0,8}',
                             hint='at most 8 characters, no spaces'),
        'labels': {'normal': text_labels}, 'purge_labels': {},
    }
    own = {
        **OWN,
        'firewall': Field('dict', options=FIREWALL, update='stop', compare=same_firewall),
        'avoid_drives': Field('list', elements='str', readable=False, output=False, **UUID_FIELD),
        'avoid_servers': Field('list', elements='str', readable=False, output=False, **UUID_FIELD),
        'image_drive': Field('dict', options=IMAGE_DRIVE, readable=False, output=False),
    }
    refuses = {
        **REFUSES,
        'zone': 'each zone has an endpoint of its own; set elastichosts_api_url',
        'clone_from': 'there is no clone; stop the server and use image with the id of its drive',
        'networks.type': 'public or private',
    }

    def labels(self, raw):
        return labels_of(raw)

    def options_of(self, raw):
        key = 'nic:0:firewall:'
        rules = {'policy': raw.get(key + 'policy') or 'accept', 'accept': (raw.get(key + 'accept') or '').split(),
                 'reject': (raw.get(key + 'reject') or '').split()}
        return dict(super().options_of(raw), firewall=rules)

    def fill(self, wanted, options, before):
        filled = super().fill(wanted, options, before)
        given = filled.get('elastichosts.firewall')
        if given is not None:
            # Said in part: the rest stays as it is.
            old = (before or {}).get('elastichosts.firewall') or {}
            filled['elastichosts.firewall'] = dict(old, **{key: value for key, value in given.items()
                                                           if value is not None})
        return filled

    def config(self, change):
        keys = super().config(change)
        if 'elastichosts.firewall' in change.fields:
            keys.update(('nic:0:firewall:' + key, ' '.join(value) if isinstance(value, list) else value)
                        for key, value in change.new('elastichosts.firewall').items() if value is not None)
        for name in ('drives', 'servers'):
            if change.new('elastichosts.avoid_' + name):
                keys['avoid:' + name] = ' '.join(change.new('elastichosts.avoid_' + name))
        return keys

    def make(self, change, keys):
        start = self.starts(change)
        return [self.create_step(change, self.CREATE if start else self.CREATE_STOPPED, keys,
                                 server_wait(Ref('create', ('server',)), 'active' if start else 'stopped'))]

    def restarted(self, change):
        if change.found.get('was_stopped') or not self.is_on(change) or not change.options['force_stop']:
            return super().restarted(change)
        change.found['power'] = 'on'
        return [Step(self.RESET, {'uuid': change.id}, 'reset it', id='start', destructive=True,
                     wait=server_wait(change.id, 'active'))]
