# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is polled, and how its end is known: servers and drives."""

from __future__ import annotations

import re

from ...steps import Wait

SERVER_INFO = 'GET /servers/{uuid}/info'
DRIVE_INFO = 'GET /drives/{uuid}/info'
# A drive that is being filled may for a moment look as if it were not: so often in a row it must look ready.
LOOKS = 3


UUID = re.compile(r'[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
GONE = {'gone': 'somebody removed it meanwhile; run the task itself again'}


def users_of(drive):
    """The running servers that use a drive. A claim is <host>:guest:<server>:<device>, or the server alone."""
    found = [claim.split(':guest:')[1].split(':')[0] if ':guest:' in claim else claim for claim in _claims(drive)]
    return [word.lower() for word in found if UUID.fullmatch(word)]


def _claims(drive):
    return (drive.get('claimed') or '').split()


def filling(drive):
    """Whether something fills the drive, or copies it."""
    return drive.get('imaging') not in (None, '', 'false') or drive.get('status') not in ('active', 'inactive') \
        or len(users_of(drive)) < len(_claims(drive))


def being_filled(drive):
    """Whether a drive does not have its contents yet. One that is merely copied has."""
    return drive.get('imaging') not in (None, '', 'false') \
        or (drive.get('status') or '').startswith(('copying', 'imaging'))


def held_by(drive):
    """The running servers that keep others from a drive: one that is shared nobody keeps."""
    return [] if drive.get('claim:type') == 'shared' else users_of(drive)


def looked_at(drive):
    """A drive as drive_wait() is to see it: one that servers alone claim has been filled."""
    used = len(users_of(drive)) == len(_claims(drive))
    return {key: value for key, value in drive.items() if not used or key != 'claimed'}


def server_wait(uuid, *statuses, **more):
    """Until the server has one of these statuses. A server that died ends it too, unless that is what is waited for."""
    return Wait(SERVER_INFO, {'uuid': uuid}, done={'status': list(statuses)},
                failed={} if 'dead' in statuses else {'status': ['dead']}, shows='status',
                subject='server %s' % uuid if isinstance(uuid, str) else 'the server', hints=GONE, **more)


def stopped_wait(uuid, gone=True, **more):
    """Until the server is off, or gone: one that is not persistent does not outlive a stop."""
    return server_wait(uuid, 'stopped', 'dead', 'dumped', gone=gone, **more)


def gone_wait(uuid):
    """Until there is no such server."""
    return Wait(SERVER_INFO, {'uuid': uuid}, gone=True, shows='status', subject='server %s' % uuid)


def persistent_wait(uuid):
    """Until the server shows that it outlives a stop."""
    return Wait(SERVER_INFO, {'uuid': uuid}, done={'persistent': ['true']}, shows='persistent',
                subject='persistent of server %s' % uuid if isinstance(uuid, str) else 'persistent of the server')


def drive_wait(uuid, what='the drive'):
    """Until nothing fills the drive any more."""
    return Wait(DRIVE_INFO, {'uuid': uuid},
                done={'imaging': [None, '', 'false'], 'claimed': [None, ''], 'status': ['active']},
                failed={'status': ['inactive']}, shows='status', subject=what, steady=LOOKS, hints=GONE,
                hint='a drive that is inactive was not filled; remove it and run this again')
