# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server: neutral fields, states, and what its crossings share. No provider's words in here."""

from __future__ import annotations

import dataclasses
import time

from ..errors import BadInput, Precondition
from ..fields import Field
from ..resource import Crossing, Resource


def _memset():
    from ..providers.memset.server import MemsetServer
    return MemsetServer


def _upcloud():
    from ..providers.upcloud.server import UpCloudServer
    return UpCloudServer


def _cloudsigma():
    from ..providers.cloudsigma.server import CloudSigmaServer
    return CloudSigmaServer


def _elastichosts():
    from ..providers.elastichosts.server import ElasticHostsServer
    return ElasticHostsServer


ADDRESS = {
    'family': Field(choices=('IPv4', 'IPv6')),
    'address': Field(),
    'dhcp_provided': Field('bool'),
}

NETWORK = {
    'type': Field(choices=('public', 'private', 'utility')),
    'network': Field(),
    'address': Field(),
    'addresses': Field('list', elements='dict', options=ADDRESS),
    'mac': Field(),
    'model': Field(),
    'index': Field('int'),
    'source_ip_filtering': Field('bool'),
    'bootable': Field('bool'),
}

BACKUP_RULE = {
    'interval': Field(choices=('daily', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), required=True),
    'time': Field(pattern='([01][0-9]|2[0-3])[0-5][0-9]', hint='hhmm, UTC', required=True),
    'retention': Field('int', minimum=1, maximum=1095, hint='days', required=True),
}

DRIVE = {
    'id': Field(),
    'name': Field(),
    'image': Field(),
    'size_gb': Field('int', minimum=1, hint='GiB'),
    'tier': Field(),
    'device': Field(),
    'media': Field(choices=('disk', 'cdrom')),
    'boot': Field('bool'),
    'encrypted': Field('bool'),
    'labels': Field('dict'),
    'backup_rule': Field('dict', options=BACKUP_RULE),
}

PRICE = {
    'currency': Field(pattern='[A-Z]{3}', hint='an ISO code such as GBP', required=True),
    'setup': Field('float', minimum=0),
    'monthly': Field('float', minimum=0),
    'hourly': Field('float', minimum=0),
    'total': Field('float', minimum=0),
}

SERVER = Resource(
    name='server',
    plural='servers',
    crossings={'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts},
    fields={
        'state': Field(option=False),
        'provider_state': Field(option=False),
        'zone': Field(update='no'),
        'plan': Field(),
        'cpu_cores': Field('int', minimum=1),
        'cpu_mhz': Field('int', minimum=1),
        'memory_mb': Field('int', minimum=1, hint='MiB'),
        'image': Field(update='no', readable=False),
        'size_gb': Field('int', minimum=1, update='no', readable=False, output=False, hint='GiB, of the boot drive'),
        'clone_from': Field(update='no', readable=False, output=False),
        'public_ipv4': Field('list', elements='str', option=False),
        'public_ipv6': Field('list', elements='str', option=False),
        'private_ipv4': Field('list', elements='str', option=False),
        'private_ipv6': Field('list', elements='str', option=False),
        'utility_ipv4': Field('list', elements='str', option=False),
        'drives': Field('list', elements='dict', options=DRIVE),
        'networks': Field('list', elements='dict', options=NETWORK),
        'ssh_keys': Field('list', elements='str', update='no', readable=False, output=False),
        'user_data': Field(update='no', readable=False, output=False, secret=True),
        'persistent': Field('bool'),
        'vnc_address': Field(any_value=('auto',)),
        'vnc_password': Field(secret=True, output=False),
        'vnc_tls': Field('bool'),
        'tags': Field('list', elements='str', compare='set'),
        'labels': Field('dict', compare='subset'),
        'created': Field(option=False),
    },
    controls={
        'start': Field('bool', default=True),
        'allow_stop': Field('bool', default=False, leave=True),
        'force_stop': Field('bool', default=False, leave=True),
        'stop_timeout': Field('int', default=120, minimum=1, hint='seconds', leave=True),
        'allow_destroy_on_stop': Field('bool', default=False, leave=True),
        'delete_drives': Field('bool', default=False, leave=True),
        'purge_labels': Field('bool', default=False, leave=True),
        'max_price': Field('dict', options=PRICE),
        'once': Field(pattern='[ -~]{1,255}'),
        'return_secrets': Field('bool', default=False, leave=True),
    },
    states=('present', 'absent', 'running', 'stopped', 'restarted', 'reimaged', 'upgraded'),
    must_exist=('restarted', 'reimaged', 'upgraded'),
    one_shot=('reimaged', 'upgraded'),
    exact={'purge_labels': 'labels'},
    filters=('state', 'zone', 'plan', 'tags', 'labels'),
)

# How long a guest that was asked to shut down may take, at most.
STOPPING_SECONDS = 3600

# Neutral power states; a provider's own word stands in provider_state.
STATES = ('running', 'stopped', 'starting', 'stopping', 'error', 'unknown')


def stop_note(ident):
    """The journal's key of a server that is stopped for a change and is to be started again."""
    return 'stopped for a change', str(ident)


class ServerCrossing(Crossing):
    """What servers with a power switch share. A subclass gives stop() and turn_on()."""

    def stop(self, change):
        """Steps that stop a running server gracefully, the last with the id 'stop' and a wait for stopped; hard,
        after stop_timeout, only with force_stop."""
        raise NotImplementedError

    def turn_on(self, change, always_after=''):
        """Steps that start a stopped server and wait for it."""
        raise NotImplementedError

    def check(self, options):
        if options['state'] == 'running' and options['start'] is False:
            raise BadInput('start: false contradicts state: running', provider=self.provider)

    @staticmethod
    def starts(change):
        """Whether a server that is made shall be running afterwards."""
        return change.options['start'] and change.state != 'stopped'

    @staticmethod
    def is_on(change):
        """Whether the server was on when it was read."""
        return change.before is not None and change.before['state'] != 'stopped'

    def while_stopped(self, change, steps, why):
        """The steps, between a stop and a start if the server is on. The start comes even if one of them fails.

        :raises Precondition: when nobody allowed a stop.
        """
        if not self.is_on(change):
            return list(steps)
        if not change.options['allow_stop'] and change.state not in ('stopped', 'restarted'):
            raise Precondition('%s needs the server stopped, and it is %s; set allow_stop: true to have it stopped and '
                               'started again' % (why, change.before['provider_state']), provider=self.provider)
        change.found['was_stopped'] = True
        stop = self.noted(change, self.stop(change))
        start = [] if change.state == 'stopped' else self.turn_on(change, always_after=stop[-1].id)
        return stop + list(steps) + start

    # A server that is stopped for a change alone is in the journal until it is started again: a run that finds it so,
    # whether the one before was killed, ran out of time or did not wait, starts it.
    def noted(self, change, stop):
        """The steps of such a stop, which tell the journal of it."""
        if change.state != self.resource.states[0]:
            return stop
        change.found['noted'] = True
        return [dataclasses.replace(stop[0], note=stop_note(change.id))] + stop[1:]

    def ended(self, work, ident):
        work.journal.clear(stop_note(ident))

    def broken_off(self, work, change, done):
        if change.found.get('noted') and 'start' in done:
            self.ended(work, change.id)

    def begun(self, work, change):
        noted = work.journal.get(stop_note(change.id))
        if noted is None:
            return ()
        off, present = change.before['state'] == 'stopped', change.state == self.resource.states[0]
        # Off as it is wanted now; or not on its way down any more, so somebody has started it.
        over = not present if off else time.time() - noted['at'] > STOPPING_SECONDS
        if over and not work.check_mode:
            self.ended(work, change.id)
        return ('stop',) if off and present else ()

    def resumed(self, change):
        change.notes.append('an earlier run had it stopped for a change and did not start it again')
        change.found.update(was_stopped=True, noted=True)
        return self.turn_on(change, always_after='stop')

    def running(self, change):
        """Steps for state running, after those that make or change it."""
        return [] if change.creates or self.is_on(change) else self.turn_on(change)

    def stopped(self, change):
        """Steps for state stopped."""
        return self.stop(change) if self.is_on(change) and not change.found.get('was_stopped') else []

    def restarted(self, change):
        """Steps for state restarted: always acts; a stopped server is started."""
        if change.found.get('was_stopped'):
            return []
        return (self.stop(change) if self.is_on(change) else []) + self.turn_on(change)

    def predict(self, change):
        if change.creates:
            return {'state': 'running' if self.starts(change) else 'stopped'}, ()
        power = {'running': 'running', 'restarted': 'running', 'stopped': 'stopped'}.get(change.state)
        if change.begun:
            power = 'running'
        was = change.before['state'] if change.before else None
        if power is None or power == was and change.state != 'restarted':
            return {}, ()
        # The provider's word for it, and addresses that come and go with the power, are the provider's to tell.
        return {'state': power}, ('provider_state',)
