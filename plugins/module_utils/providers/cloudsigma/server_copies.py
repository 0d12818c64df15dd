# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of drives at CloudSigma: of an image for a new server, and of all drives of a server that is cloned."""

from __future__ import annotations

from ...client import nearest
from ...errors import Ambiguous, Precondition
from ...steps import Lookup, Ref, Step
from ..keyvalue.client import UUID
from ..keyvalue.server_drives import UNUSED, SystemDrive, busy, filled_step, rename, staged, unused_drive
from ..keyvalue.server_wire import NICS, OFF, drives_of, words
from ..keyvalue.waits import drive_wait

CLONE = 'POST /drives/{uuid}/clone'


def clone_step(source, keys, known, step):
    """The step that copies a drive under a new name."""
    return Step(CLONE, {key: value for key, value in dict(keys, uuid=source).items() if value},
                'copy drive %s as %s' % (source, keys['name']), id=step,
                wait=drive_wait(Ref(step, ('drive',)), 'drive ' + keys['name']),
                lookup=Lookup('GET /drives/info', {'name': keys['name']}, key='drive', known=tuple(known)))


class ClonedDrive(SystemDrive):
    """Copied from the image in one request, which goes on by itself."""

    STANDARD = 'GET /drives/standard/info'

    def steps(self):
        if self.found is not None:
            uuid = self.found['drive']
            waiting = [filled_step(self.found)] if busy(self.found) else []
            return waiting, uuid, [rename(uuid, self.name, lasting=True)]
        keys = {'name': self.filled_name, 'size': self.size, 'tags': self.own.get('tags'),
                'claim:type': self.own.get('claim_type'), 'readers': self.own.get('readers')}
        known = [drive['drive'] for drive in self.mine]
        uuid = Ref('drive', ('drive',))
        return [clone_step(self.image['drive'], keys, known, 'drive')], uuid, [rename(uuid, self.name, lasting=True)]


class ServerCopy:
    """What a clone is made of: the source's configuration, and a copy of each of its drives."""

    def __init__(self, crossing, work, change):
        wanted = change.new('clone_from')
        self.source = crossing.one(work, wanted.lower()) if UUID.fullmatch(wanted) else None
        self.name = change.new('name')
        self.servers = crossing.servers(work)
        if self.source is None:
            self.source = _named(crossing, wanted, self.servers)
        if self.source.get('status') not in OFF:
            # The manual does not say whether a drive in use can be copied.
            change.notes.append('server %s, the source, is %s: if copying a drive in use is refused, stop the source '
                                'first' % (self.source['server'], self.source.get('status')))
        self.mine = crossing.drives(work)

    def config(self):
        """Keys that the clone takes over. What belongs to one server alone is left out, as is persistent, and an
        address is asked for anew."""
        keys = {key: self.source[key] for key in ('cpu', 'mem', 'boot', 'tags', 'vnc:tls') if self.source.get(key)}
        keys['smp'] = self.source.get('smp') or 'auto'
        for index in NICS:
            key = 'nic:%d:' % index
            keys.update((key + what, self.source[key + what]) for what in ('model', 'vlan')
                        if self.source.get(key + what))
            if words(self.source.get(key + 'dhcp')):
                keys[key + 'dhcp'] = 'auto'
        return keys

    def steps(self):
        """(steps, {device: drive}, steps for when the server is there): a CD of the provider's stays the same, all
        else is copied."""
        steps, devices, after = [], {}, []
        mine = {drive['drive']: drive for drive in self.mine}
        for each in drives_of(self.source):
            device = each['device']
            if each['media'] == 'cdrom':
                devices[device + ':media'] = 'cdrom'
            if each['media'] == 'cdrom' and each['id'] not in mine:
                devices[device] = each['id']
                continue
            name = '%s %s' % (self.name, device)
            unused = staged(name, UNUSED, each['id'])
            found = unused_drive((unused,), self.mine, self.servers)
            if found is None:
                step = 'copy ' + device
                steps.append(clone_step(each['id'], {'name': unused}, mine, step))
                devices[device] = Ref(step, ('drive',))
            else:
                devices[device] = found['drive']
                steps += [filled_step(found)] if busy(found) else []
            after.append(rename(devices[device], name, lasting=True))
        return steps, devices, after


def own_disks(raw, mine):
    """The drives of a server that no other may run on: its disks, but for those that are made to be shared.

    :param mine: the account's drives.
    """
    shared = {drive['drive'] for drive in mine if drive.get('claim:type') == 'shared'}
    return [each for each in drives_of(raw) if each['media'] == 'disk' and each['id'] not in shared]


def _named(crossing, name, servers):
    """:raises Precondition: when no server has the name; Ambiguous when several have it."""
    found = [raw for raw in servers if crossing.project(raw)['name'] == name]
    if len(found) > 1:
        raise Ambiguous('clone_from: %d servers have the name %r: %s' % (
            len(found), name, ', '.join(sorted(raw['server'] for raw in found))))
    if not found:
        raise Precondition('clone_from: there is no server %r%s' % (
            name, nearest(name, [crossing.project(raw)['name'] or raw['server'] for raw in servers])))
    return found[0]
