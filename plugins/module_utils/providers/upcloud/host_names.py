# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers by their host name, which UpCloud lets several have."""

from __future__ import annotations

from ...errors import Ambiguous


def called(servers, name, option=None):
    """The one of the servers that has the host name, in any case, or None.

    :param option: that holds the name, where it is not that of the thing itself.
    :raises Ambiguous: when several have it; it lists their ids.
    """
    found = [raw for raw in servers if str(raw.get('hostname')).lower() == name.lower()]
    if len(found) > 1:
        idents = ', '.join(sorted(str(raw.get('uuid')) for raw in found))
        raise Ambiguous('%s%d servers have the host name %r: %s; name the one that is meant by id' % (
            option + ': ' if option else '', len(found), name, idents))
    return found[0] if found else None
