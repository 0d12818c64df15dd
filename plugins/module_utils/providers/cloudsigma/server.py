# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of CloudSigma's API 1.0."""

from __future__ import annotations

import dataclasses

from ...errors import BadInput, Precondition
from ...fields import Field
from ...steps import Lookup, Ref, Step
from ..keyvalue.client import UUID
from ..keyvalue.server import KeyValueServer
from ..keyvalue.server_fields import DRIVES, HONOURS, NAME, OWN, REFUSES, UUID_FIELD, WORDS
from ..keyvalue.server_wire import chosen_cores, drives_of, number
from ..keyvalue.waits import persistent_wait, server_wait, stopped_wait
from .client import CloudSigmaClient
from .server_copies import ClonedDrive, ServerCopy, own_disks

NATIVE_CLONE = 'POST /servers/{uuid}/clone'
# Its manual has no others.
DEVICE = r'(?:ide:[01]:[01]|block:[0-7])'
DEVICE_FIELD = {'pattern': DEVICE, 'hint': 'such as ide:0:0 or block:0'}
IMAGE_DRIVE = {
    'name': Field(**NAME),
    'device': Field(**DEVICE_FIELD),
    'tags': Field('list', elements='str', **dict(WORDS, hint='affinity:ssd for an SSD')),
    'claim_type': Field(choices=('exclusive', 'shared')),
    'readers': Field('list', elements='str', **UUID_FIELD),
}
MHZ_PER_CORE = (1000, 2200)
BOTH_WRITE = 'both write to that drive: destroy the clone (without its drives)'
# Whether a new server is on is read, not known.
MADE = server_wait(Ref('create', ('server',)), 'active', 'stopped')


def wrong_speed(mhz, cores):
    """Why that many processors cannot have that speed together, or None; both may be unknown."""
    each = mhz / cores if mhz and cores else MHZ_PER_CORE[0]
    if each > MHZ_PER_CORE[1] or each < MHZ_PER_CORE[0] and cores > 1:
        return 'cpu_mhz and cpu_cores: each core has %d to %d MHz, not %d' % (MHZ_PER_CORE + (each,))
    return None


class CloudSigmaServer(KeyValueServer):
    """Its manual does not say what a running server takes: name, persistent and tags are tried, all else needs a
    stop."""

    provider = 'cloudsigma'
    client = CloudSigmaClient
    CREATE = 'POST /servers/create'
    START = 'GET /servers/{uuid}/start'
    STOP = 'GET /servers/{uuid}/stop'
    SHUTDOWN = 'GET /servers/{uuid}/shutdown'
    DESTROY = 'GET /servers/{uuid}/destroy'
    destroy_needs_stop = True
    retry_stopped = ('busy',)
    system_drive = ClonedDrive
    honours = {
        **HONOURS,
        'drives': dict(DRIVES, sub=dict(DRIVES['sub'], device=DEVICE_FIELD)),
        'name': dict(NAME, update='try'), 'persistent': {'update': 'try'},
        'tags': dict(HONOURS['tags'], update='try'),
        'cpu_mhz': {'update': 'stop', 'minimum': 500, 'maximum': 96000, 'hint': 'MHz of all cores together'},
        'cpu_cores': {'update': 'stop', 'maximum': 40},
        'memory_mb': {'update': 'stop', 'minimum': 256, 'maximum': 532480},
        'vnc_password': dict(HONOURS['vnc_password'], update='stop'),
        'clone_from': {},
    }
    own = {
        **OWN,
        'boot': dataclasses.replace(OWN['boot'], pattern=DEVICE),
        'detach_drives': dataclasses.replace(OWN['detach_drives'], pattern='%s|%s' % (DEVICE, UUID.pattern),
                                             hint='devices such as block:1, or ids of drives'),
        'use': Field('list', elements='str', readable=False, output=False, **WORDS),
        'native_clone': Field('bool', readable=False, output=False),
        'image_drive': Field('dict', options=IMAGE_DRIVE, readable=False, output=False),
    }
    refuses = {
        **REFUSES,
        'zone': 'each zone has an endpoint of its own; set cloudsigma_region or cloudsigma_api_url',
        'labels': 'API 1.0 has none; use tags',
    }

    def check(self, options):
        super().check(options)
        own = options.get('cloudsigma') or {}

        def wrong(text):
            raise BadInput(text, provider=self.provider)

        cores, mhz = options.get('cpu_cores'), options.get('cpu_mhz')
        if wrong_speed(mhz, cores):
            wrong(wrong_speed(mhz, cores))
        if options.get('clone_from') is None:
            if own.get('native_clone') is not None:
                wrong('cloudsigma.native_clone goes with clone_from')
            return
        for name in ('image', 'drives'):
            if options.get(name) is not None:
                wrong('%s and clone_from exclude each other' % name)
        if own.get('native_clone'):
            given = [name for name, field in self.fields.items() if options.get(name) is not None and field.option
                     and name not in ('id', 'name', 'clone_from', 'persistent')
                     and name not in self.resource.controls]
            if given:
                wrong('a native clone is as its source is; leave out %s, or set it in a second task'
                      % ', '.join(given))

    def lookups(self, work, change):
        super().lookups(work, change)
        if change.creates and change.new('clone_from') is not None:
            change.found['copy'] = ServerCopy(self, work, change)
        elif change.state != 'absent' and (change.options.get('cloudsigma') or {}).get('native_clone'):
            self._stands_alone(work, change)

    def _stands_alone(self, work, change):
        """:raises Precondition: when the server, which may be a native clone, has a drive of another one."""
        held = {each['id'] for each in own_disks(change.raw, self.drives(work))}
        for other in self.servers(work):
            both = sorted(held & {each['id'] for each in drives_of(other)}) if other['server'] != change.id else ()
            if both:
                raise Precondition('server %s has drive %s of server %s: %s' % (
                    change.id, ', '.join(both), other['server'], BOTH_WRITE), provider=self.provider)

    def config(self, change):
        keys = super().config(change)
        if change.new('cloudsigma.use'):
            keys['use'] = ' '.join(change.new('cloudsigma.use'))
        return keys

    def devices(self, change):
        copy = change.found.get('copy')
        return super().devices(change) | {each['device'] for each in (drives_of(copy.source) if copy else ())}

    def fill(self, wanted, options, before):
        filled = super().fill(wanted, options, before)
        if filled.get('cloudsigma.native_clone') and filled.get('persistent') is None:
            # The clone is there before it is made so, and a run may end between the two.
            filled['persistent'] = True
        return filled

    def create(self, change):
        if not self.starts(change) and not change.new('persistent'):
            raise Precondition('server %s starts at once here, and the stop that start: false or state: stopped asks '
                               'for would destroy it; set persistent: true' % change.new('name'),
                               provider=self.provider)
        copy = change.found.get('copy')
        if copy is None:
            return super().create(change)
        if change.new('cloudsigma.native_clone'):
            return self._native_clone(change, copy)
        self.check_boot(change)
        keys = copy.config()
        given = self.config(change)
        if 'networks' in change.fields:
            keys = {key: value for key, value in keys.items() if not key.startswith('nic:')}
        self._check_speed(keys, given)
        steps, devices, after = copy.steps()
        keys = {key: value for key, value in {**keys, **devices, **given}.items() if value not in ('', None)}
        return steps + self.make(change, keys) + after

    def update(self, change):
        steps = super().update(change)
        known = change.raw if chosen_cores(change.raw) is False else {'cpu': change.raw.get('cpu')}
        self._check_speed(known, change.found.get('sent', {}))
        return steps

    def _check_speed(self, current, sent):
        """:raises Precondition: when what is sent, with what else there is, cannot be."""
        if not {'cpu', 'smp'} & set(sent):
            return
        told = wrong_speed(*(number(sent.get(key) or current.get(key)) for key in ('cpu', 'smp')))
        if told:
            raise Precondition('%s; give both' % told, provider=self.provider)

    def make(self, change, keys):
        if not self.starts(change):
            # An example of the manual asks for it so; whether it is heeded is seen to below.
            keys = dict(keys, status='stopped')
        step = self.create_step(change, self.CREATE, keys, None)
        wait = MADE
        if not self.starts(change):
            wait = dataclasses.replace(wait, failed=dict(wait.failed, persistent=[None, 'false']), hint=(
                'a stop would destroy a server that is not persistent, so it was left as it is'))
        return [dataclasses.replace(step, wait=wait)] + self._power(change)

    def _power(self, change):
        """Whether a new server is on is read first: the manual shows it on, and clients start it nevertheless."""
        uuid, status = Ref('create', ('server',)), Ref('create.wait', ('status',))
        if self.starts(change):
            return [Step(self.START, {'uuid': uuid}, 'start it, if it is not on yet', id='start',
                         unless=(status, ('active',)), wait=server_wait(uuid, 'active'))]
        return [Step(self.STOP, {'uuid': uuid}, 'stop it, if it is on', id='stop', unless=(status, ('stopped',)),
                     wait=stopped_wait(uuid))]

    def _native_clone(self, change, copy):
        """The API's own clone, which has been seen to run on the very drives of its source."""
        disks = {each['device']: [each['id']] for each in own_disks(copy.source, copy.mine)}
        name = change.new('name')
        lasting = change.new('persistent')
        change.found.update(sent=dict(copy.config(), name=name, persistent=lasting,
                                      **{each['device']: Ref('create', (each['device'],))
                                         for each in drives_of(copy.source)}),
                            power='on' if self.starts(change) else 'off')
        wait = dataclasses.replace(MADE, failed=dict(MADE.failed, **disks),
                                   hint='if it has a drive of server %s, %s' % (copy.source['server'], BOTH_WRITE))
        step = Step(NATIVE_CLONE, {'uuid': copy.source['server'], 'name': name},
                    'clone server %s' % copy.source['server'], id='create', wait=wait,
                    lookup=Lookup('GET /servers/info', {'name': name}, key='server'))
        uuid = Ref('create', ('server',))
        # Whoever stops it next relies on this.
        lasts = Step(self.SET, {'uuid': uuid, 'persistent': lasting}, 'set its persistent to %s' % str(lasting).lower(),
                     id='persistent', wait=persistent_wait(uuid) if lasting else None)
        return [step, lasts] + self._power(change)
