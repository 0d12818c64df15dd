# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who uses an address or a VLAN: the servers whose configuration names it, whether they are on or not."""

from __future__ import annotations

from ...errors import Precondition
from .server_wire import NICS, words
from .text import plain

KEYS = [key % index for index in NICS for key in ('nic:%d:dhcp', 'nic:%d:dhcp:ip', 'nic:%d:vlan')] + ['vnc', 'vnc:ip']


def refuse_used(work, what, ident, claimed=None):
    """:raises Precondition: when a server uses what is to be destroyed: the API refuses that.

    :param claimed: the server that the thing itself names.
    """
    users = {server['server']: plain(server.get('name')) for server in work.client.call('GET /servers/info')
             if server['server'] == claimed or any(ident in words(server.get(key)) for key in KEYS)}
    if claimed is not None:
        users.setdefault(claimed, None)
    if users:
        raise Precondition('%s is in use by server %s; take it from there first, with networks of the module server' % (
            what, ', '.join('%s (%s)' % (name, uuid) if name else uuid for uuid, name in sorted(users.items()))),
            provider=work.client.provider)
