# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server is to be given beside itself: drives, VLANs and static addresses. That they are there, and free, is
read before anything is made or stopped for them; only those are read that the change adds."""

from __future__ import annotations

from ...errors import Precondition
from .server_drives import name_of
from .waits import DRIVE_INFO, filling, users_of

# What 'address' of an interface may say that is no address.
NO_ADDRESS = (None, '', 'auto')


def check_things(crossing, work, change, on):
    """Look at what the change adds.

    :param on: whether the server will be on, and so claim them.
    :raises Precondition: where one is not there, or is another server's.
    """
    try:
        _check_drives(crossing, work, change, on)
        _check_resources(crossing, work, change, on)
    except Precondition as exc:
        exc.provider = crossing.provider
        raise


def _added(change, name, key):
    """Values of `key` in the items of a list field that the items it had have not."""
    def values(items):
        return {item[key] for item in items or [] if item[key]}
    return values(change.new(name)) - values((change.before or {}).get(name))


def _check_drives(crossing, work, change, on):
    added = _added(change, 'drives', 'id')
    if not added:
        return
    known = {drive['drive']: drive for drive in crossing.drives(work)}
    if not added <= set(known):
        known.update((drive['drive'], drive) for drive in work.client.call(crossing.system_drive.STANDARD))
    for uuid in sorted(added):
        # Another user's that may be read is in no list.
        drive = known.get(uuid) or work.client.find(DRIVE_INFO, uuid=uuid)
        if drive is None:
            raise Precondition('drives: there is no drive %s' % uuid)
        if not on or drive.get('claim:type') == 'shared':
            continue
        users = [user for user in users_of(drive) if user != change.id]
        if users:
            raise Precondition('drives: drive %s, %s, is in use by server %s; stop that server, or take the drive from '
                               'it' % (uuid, name_of(drive), ', '.join(users)))
        if filling(drive):
            raise Precondition('drives: drive %s, %s, is being filled or copied; run this again when that is over'
                               % (uuid, name_of(drive)))


def _check_resources(crossing, work, change, on):
    vlans, addresses = _added(change, 'networks', 'network'), _added(change, 'networks', 'address')
    addresses = (addresses | {change.new('vnc_address')}) - set(NO_ADDRESS)
    for kind, what, added in (('vlan', 'networks: there is no VLAN', vlans),
                              ('ip', 'the account has no static IP', addresses)):
        if not added:
            continue
        known = {each['resource'].lower(): each for each in crossing.resources(work, kind)}
        for ident in sorted(added):
            if ident.lower() not in known:
                raise Precondition('%s %s' % (what, ident))
            users = [user for user in users_of(known[ident.lower()]) if user != change.id] if on else ()
            if kind == 'ip' and users:
                raise Precondition('the static IP %s is in use by server %s' % (ident, ', '.join(users)))
