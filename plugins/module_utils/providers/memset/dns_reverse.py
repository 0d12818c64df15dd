# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reverse maps of the addresses of Memset's servers. An address always has one; it can only be changed."""

from __future__ import annotations

from ...errors import BadInput, Malformed
from ...resources.dns_reverse import DnsReverseCrossing, parsed
from ...steps import Step
from .client import MemsetClient
from .dns_records import host_problem
from .server_fields import SERVICE_NAME


class MemsetDnsReverse(DnsReverseCrossing):
    """The raw thing is an entry of dns.reverse_map_list."""

    provider = 'memset'
    client = MemsetClient
    honours = {
        'name': {},
        'address': {},
        'server': {'pattern': SERVICE_NAME, 'hint': 'the name that Memset gave the server, such as testaa1'},
    }
    in_list = ('id', 'name', 'address', 'server', 'raw')
    refuses = {'absent': 'Memset has no operation that removes a reverse map; give it another name'}

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        """All entries, or those that the options of the task name."""
        options = work.options
        address = self.check_address(options)
        asked = {} if options.get('server') is None else {'name': options['server']}
        # An IPv6 address can be written in many ways, and which of them Memset looks for is not told.
        if address and address.version == 4:
            asked['address'] = str(address)
        found = work.client.find('dns.reverse_map_list', **asked) or []
        return [raw for raw in found if address is None or parsed(raw['address']) == address]

    def again(self, work, change, answers):
        """The answer to the change is the entry."""
        found = [raw for raw in answers['update'] if parsed(raw['address']) == parsed(change.id)]
        if not found:
            raise Malformed('the answer does not tell of %s' % change.id, provider=self.provider)
        return found[0]

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        problem = options.get('name') is not None and host_problem(options['name'])
        if problem:
            raise BadInput('name: %.60r %s' % (options['name'], problem), provider=self.provider)

    def project(self, raw):
        return {'id': raw['address'], 'name': raw['reverse_map'], 'address': raw['address'], 'server': raw['name']}

    def update(self, change):
        parameters = {'address': change.id, 'reverse_map': change.new('name'), 'name': change.options.get('server')}
        return [Step('dns.reverse_map_update', {name: value for name, value in parameters.items() if value is not None},
                     'map %s back to %s' % (change.id, change.new('name')), id='update')]
