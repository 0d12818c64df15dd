# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that attach a storage to servers and detach it, and that load and eject a CD-ROM."""

from __future__ import annotations

import re

from ...client import nearest
from ...errors import Ambiguous, NotFound
from ...steps import Step
from . import wire
from .host_names import called
from .server_fields import UUID


class Attaching:
    """The part of the crossing that deals with servers. `server` is the id of the one that the options name."""

    server = None

    def _attach(self, change, uuid):
        """Steps that attach the drive, or load the CD-ROM; first detached elsewhere where that is allowed."""
        server = change.found['servers'][change.new('server')]
        name, zone = server.get('hostname'), change.found.get('zone') or (change.before or {}).get('zone')
        if zone not in (None, server.get('zone')):
            self.refuse('server: the drive is in zone %s and the server %s in %s' % (zone, name, server.get('zone')))
        if change.after['type'] == 'cdrom':
            return self._load(server, uuid)
        others = (change.before or {}).get('servers') or []
        if others and not change.options['detach']:
            self.refuse('the drive is attached to server %s; set detach: true to have it detached there first'
                        % ', '.join(others))
        device = change.options.get('device')
        if (device or '').startswith('ide'):
            self._stopped(server, 'to attach a drive as %s' % device)
        body = {'uuid': server['uuid'], 'type': 'disk', 'storage': uuid}
        if device:
            body['address'] = device
        if change.options.get('boot') is not None:
            body['boot_disk'] = '1' if change.options['boot'] else '0'
        return self._detach(change, others) + [
            Step('POST /server/{uuid}/storage/attach', body, 'attach it to server %s' % name)]

    def _load(self, server, uuid):
        device = next((drive for drive in wire.drives_of(server) if drive['media'] == 'cdrom'), None)
        if device is None:
            self._stopped(server, 'to give it a CD-ROM drive')
            return [Step('POST /server/{uuid}/storage/attach', {
                'uuid': server['uuid'], 'type': 'cdrom', 'storage': uuid},
                'load it into a new CD-ROM drive of server %s' % server.get('hostname'))]
        steps = []
        if device['id'] is not None:
            steps.append(Step('POST /server/{uuid}/cdrom/eject', {'uuid': server['uuid']},
                              'eject the CD-ROM %s' % device['name']))
        return steps + [Step('POST /server/{uuid}/cdrom/load', {'uuid': server['uuid'], 'storage': uuid},
                             'load it into server %s' % server.get('hostname'))]

    def _detach(self, change, servers):
        """Steps that detach the drive from servers, or eject the CD-ROM from them."""
        steps = []
        for ident in servers:
            server = change.found['servers'][ident]
            for drive in wire.drives_of(server):
                if drive['id'] != change.id:
                    continue
                if drive['media'] == 'cdrom':
                    steps.append(Step('POST /server/{uuid}/cdrom/eject', {'uuid': ident},
                                      'eject it from server %s' % server.get('hostname')))
                    continue
                if drive['device'].startswith('ide'):
                    self._stopped(server, 'to detach a drive at %s' % drive['device'])
                steps.append(Step('POST /server/{uuid}/storage/detach', {'uuid': ident, 'address': drive['device']},
                                  'detach it from server %s' % server.get('hostname')))
        return steps

    def _detached(self, change):
        servers = change.before['servers'] or []
        return [ident for ident in servers if self.server in (None, ident)]

    def detached(self, change):
        """Steps for state detached."""
        return self._detach(change, self._detached(change))

    def _off(self, change, why):
        """:raises Precondition: when a server that has the drive is on."""
        for ident in (change.before or {}).get('servers') or []:
            self._stopped(change.found['servers'][ident], why)

    def _stopped(self, server, why):
        if server.get('state') != 'stopped':
            self.refuse('%s server %s must be stopped, and it is %s; stop it first, with state: stopped of the module '
                        'server' % (why, server.get('hostname'), server.get('state')))


def server_named(work, wanted):
    """The id of the server of that id, host name or title."""
    if re.fullmatch(UUID, wanted):
        return wanted
    servers = work.client.call('GET /server')
    found = called(servers, wanted, 'server')
    if found is not None:
        return found['uuid']
    found = [raw for raw in servers if raw.get('title') == wanted]
    if len(found) > 1:
        raise Ambiguous('server: %d have the title %r: %s; name the one that is meant by id' % (
            len(found), wanted, ', '.join(sorted(str(raw.get('uuid')) for raw in found))))
    if not found:
        raise NotFound('server: there is no server %r%s' % (wanted, nearest(
            wanted, [raw.get('hostname') for raw in servers])))
    return found[0]['uuid']
