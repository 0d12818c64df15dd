# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reverse DNS: the name that an address maps back to."""

from __future__ import annotations

import ipaddress

from ..errors import BadInput, NotFound
from ..fields import Field
from ..resource import Crossing, Resource


def _memset():
    from ..providers.memset.dns_reverse import MemsetDnsReverse
    return MemsetDnsReverse


def _upcloud():
    from ..providers.upcloud.dns_reverse import UpCloudDnsReverse
    return UpCloudDnsReverse


def bare(name):
    """A host name in the form in which they are compared."""
    return name.lower().rstrip('.')


def parsed(text):
    """The address, or None."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


DNS_REVERSE = Resource(
    name='dns_reverse',
    plural='dns_reverses',
    crossings={'memset': _memset, 'upcloud': _upcloud},
    identity=(('address',),),
    fields={
        # The id is the address.
        'id': Field(option=False),
        'name': Field(compare=lambda wanted, current: bare(wanted) == bare(current or '')),
        'address': Field(required=True, normal=parsed, compare=lambda wanted, current: True),
        'server': Field(compare=lambda wanted, current: True),
    },
    asks={'address': Field(), 'server': Field()},
)


class DnsReverseCrossing(Crossing):
    """What all share: an address is there or not, and is known however it is written. all() gives those that the
    options name."""

    def observe(self, work, options):
        found = self.all(work)
        if not found:
            raise NotFound('no server%s has the address %s' % (
                '' if options.get('server') is None else ' %s' % options['server'], options['address']),
                provider=self.provider)
        return found[0]

    def check_address(self, options):
        """The parsed address of the options, or None where they name none."""
        if options.get('address') is None:
            return None
        found = parsed(options['address'])
        if found is None:
            raise BadInput('address must be an IPv4 or IPv6 address, not %r' % options['address'],
                           provider=self.provider)
        return found

    def check(self, options):
        self.check_address(options)
