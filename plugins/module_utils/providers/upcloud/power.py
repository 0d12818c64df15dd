# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server off for a while, for what is done to its drives or addresses; it comes on again even if that fails."""

from __future__ import annotations

import dataclasses

from ...errors import Precondition
from ...plan import Change
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


def _as_change(server, options):
    """What the steps of a server want: its id, its name, and the options."""
    found = Change({'name': server.get('hostname')}, {})
    found.id, found.options = server['uuid'], options
    return found


POWER = (STOP, START)
