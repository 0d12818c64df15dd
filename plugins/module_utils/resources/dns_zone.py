# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS zone: a default TTL, domains that are answered by it, and its records as record sets."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource
from .dns_reverse import bare


def _memset():
    from ..providers.memset.dns_zone import MemsetDnsZone
    return MemsetDnsZone


RECORD_SET = {
    # The host part of the name; empty for the domain itself.
    'record': Field(required=True, allow_empty=True),
    'type': Field(required=True),
    # Each a text, or a dict with value and priority. No list in the spec: that would cut a lone text at its commas.
    'value': Field('raw', required=True),
    'ttl': Field('int', minimum=0),
    'priority': Field('int', minimum=0),
    'relative': Field('bool'),
}

DNS_ZONE = Resource(
    name='dns_zone',
    plural='dns_zones',
    crossings={'memset': _memset},
    identity=(('id',), ('name',), ('domain',)),
    fields={
        'ttl': Field('int', minimum=0),
        'domains': Field('list', elements='str', compare='list'),
        'records': Field('list', elements='dict', options=RECORD_SET, compare='list'),
    },
    controls={
        'domain': Field(normal=bare),
        'prune': Field('bool', default=False),
        'move': Field('bool', default=False),
        'force': Field('bool', default=False),
        # What is asked for by a run before, see a crossing's fill(), is a change like any other.
        'reload': Field('bool', default=True, output=False),
    },
    asks={'domain': Field()},
    filters=('domains', 'ttl'),
)
