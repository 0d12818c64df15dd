# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PTR records of UpCloud's addresses. An address always has one; it can only be changed."""

from __future__ import annotations

import re

from ...errors import Precondition
from ...resources.dns_reverse import DnsReverseCrossing, bare, parsed
from ...steps import Step
from .client import UpCloudClient
from .host_names import called
from .server_fields import SERVER, UUID

_LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
# No address, which has the form of a host name too.
HOST = r'(?i:(?![0-9.]+\Z)(?=.{1,253}\.?\Z)%s(\.%s)*)\.?' % (_LABEL, _LABEL)
# The option that holds the name an address maps back to.
PTR = {'pattern': HOST, 'normal': bare, 'hint': 'a host name'}


class UpCloudDnsReverse(DnsReverseCrossing):
    """The raw thing is an entry of GET /ip_address."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'name': PTR,
        'address': {},
        'server': {'pattern': SERVER, 'hint': 'the UUID or host name of a server'},
    }
    in_list = ('id', 'name', 'address', 'server', 'raw')
    refuses = {'absent': 'UpCloud has no operation that removes a PTR record; give the address another name'}

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        """All addresses, or those that the options of the task name."""
        address, server = self.check_address(work.options), work.options.get('server')
        if server is None or re.fullmatch(UUID, server):
            found, uuid = work.client.call('GET /ip_address'), server
        else:
            found, servers = work.client.together(('GET /ip_address', {}), ('GET /server', {}))
            named = called(servers, server, 'server')
            if named is None:
                return []
            uuid = named['uuid']
        return [raw for raw in found if uuid in (None, raw.get('server'))
                and (address is None or parsed(raw['address']) == address)]

    def again(self, work, change, answers):
        """The answer to the change is the entry."""
        return answers['update']

    # -- pure ---------------------------------------------------------------------------------------------------------
    def project(self, raw):
        return {'id': raw['address'], 'name': raw.get('ptr_record') or None, 'address': raw['address'],
                'server': raw.get('server') or None}

    def update(self, change):
        if change.raw.get('access') != 'public':
            raise Precondition('%s is a %s address, and only public ones have a PTR record' % (
                change.id, change.raw.get('access')), provider=self.provider)
        return [Step('PATCH /ip_address/{address}', {'address': change.id, 'ptr_record': change.new('name')},
                     'map %s back to %s' % (change.id, change.new('name')), id='update')]
