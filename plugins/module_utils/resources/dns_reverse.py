# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reverse DNS: the name that an address maps back to."""

from __future__ import annotations

from ..plan import Field
from ..resource import Resource


def _memset():
    from ..providers.memset.dns_reverse import MemsetDnsReverse
    return MemsetDnsReverse


def bare(name):
    """A host name in the form in which they are compared."""
    return name.lower().rstrip('.')


DNS_REVERSE = Resource(
    name='dns_reverse',
    plural='dns_reverses',
    crossings={'memset': _memset},
    identity=(('address',),),
    fields={
        # The id is the address.
        'id': Field(option=False),
        'name': Field(compare=lambda wanted, current: bare(wanted) == bare(current or '')),
        'address': Field(required=True, compare=lambda wanted, current: True),
        'server': Field(compare=lambda wanted, current: True),
    },
    asks={'address': Field(), 'server': Field()},
)
