# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server off for a while, for what is done to its drives or addresses; it comes on again even if that fails."""

from __future__ import annotations

import dataclasses
import time

from ...errors import Precondition
from ...plan import Change
from ...resources.server import STOPPING_SECONDS, stop_note
from . import server_steps
from .server_steps import START, STOP


def allowed(servers, options, why):
    """:raises Precondition: when one is on, and nobody allowed a stop."""
    if servers and not options['allow_stop']:
        raise Precondition('%s needs the server %s stopped; set allow_stop: true to have it stopped and started again'
                           % (why, ' and '.join(str(server.get('hostname')) for server in servers)))


def stop(server, options, **facts):
    ident = 'stop-%s' % server['uuid']
    return [dataclasses.replace(step, id=ident, **facts) for step in server_steps.stop(_as_change(server, options))]


def start(server, options, stopped_here=True):
    after = 'stop-%s' % server['uuid'] if stopped_here else ''
    return [dataclasses.replace(step, id='start-%s' % server['uuid'])
            for step in server_steps.start(_as_change(server, options), after)]


def around(server, options, steps, why, **facts):
    """The steps, with the server off. `facts` are of the step that stops it."""
    if server['state'] == 'stopped':
        return steps
    allowed([server], options, why)
    return stop(server, options, **facts) + steps + start(server, options)


def recover(work, step):
    """The answer to a stop or start that lost it; sent again where it did not take effect, which does no harm."""
    server = work.client.find('GET /server/{uuid}', uuid=step.parameters['uuid'])
    if server is None or server['state'] != ('stopped' if step.operation == START else 'started'):
        return server
    return work.client.call(step.operation, **step.parameters)


class StopsServers:
    """The part of a crossing that has servers stopped for a change of something else. Until one is started again it is
    in the journal, so that a run that finds it so, be it of the same task or of the module server, starts it."""

    @staticmethod
    def while_stopped(change, server, steps, why):
        """The steps, with the server off, which somebody has to allow where it is on."""
        if server['state'] != 'stopped':
            change.found.setdefault('stops', []).append(server['uuid'])
            change.found['noted'] = True
        return around(server, change.options, steps, why, note=stop_note(server['uuid']))

    @staticmethod
    def _mine(work):
        """{UUID: note} of the servers that a run of the same task had stopped, and did not start again."""
        return {key[1]: note for key, note in work.journal.entries().items()
                if key[0] == stop_note('')[0] and note.get('for') == list(work.key)}

    def _owed(self, work):
        """Those of them that are off; of the others nothing is owed any more, but for one that is still going down."""
        found = []
        for uuid, note in self._mine(work).items():
            server = work.client.find('GET /server/{uuid}', uuid=uuid)
            if server is not None and server['state'] == 'stopped':
                found.append(server)
            elif not work.check_mode and (server is None or time.time() - note['at'] > STOPPING_SECONDS):
                work.journal.clear(stop_note(uuid))
        return found

    def ended(self, work, ident):
        for uuid in self._mine(work):
            work.journal.clear(stop_note(uuid))

    def broken_off(self, work, change, done):
        for uuid in change.found.get('stops', ()):
            if 'start-%s' % uuid in done:
                work.journal.clear(stop_note(uuid))

    def begun(self, work, change):
        change.found['owed'] = self._owed(work)
        return tuple('stop-%s' % server['uuid'] for server in change.found['owed'])

    def resumed(self, change):
        owed = change.found['owed']
        if owed:
            change.notes.append('an earlier run had stopped %s for a change and did not start it again' % ' and '.join(
                str(server.get('hostname')) for server in owed))
            change.found['noted'] = True
        change.found.setdefault('stops', []).extend(server['uuid'] for server in owed)
        return [step for server in owed for step in start(server, change.options)]

    def leftovers(self, work, change):
        """The thing itself is gone, and the server it was taken from may be off."""
        self.begun(work, change)
        return self.resumed(change)


def _as_change(server, options):
    """What the steps of a server want: its id, its name, and the options."""
    found = Change({'name': server.get('hostname')}, {})
    found.id, found.options = server['uuid'], options
    return found


POWER = (STOP, START)
