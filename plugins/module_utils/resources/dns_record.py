# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One DNS record set: all values that a name has for a type, within a zone."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource
from .dns_reverse import bare


def _memset():
    from ..providers.memset.dns_record import MemsetDnsRecord
    return MemsetDnsRecord


def _identity(wanted, current):
    """Compared by the reading already: a zone may be named by its id."""
    return True


DNS_RECORD = Resource(
    name='dns_record',
    plural='dns_records',
    crossings={'memset': _memset},
    identity=(('zone', 'name', 'type'), ('domain', 'name', 'type')),
    fields={
        'id': Field(option=False),
        # The host part; empty for the domain itself.
        'name': Field(allow_empty=True, compare=_identity, required=True),
        'type': Field(required=True),
        'zone': Field(compare=_identity),
        'zone_id': Field(option=False),
        'domains': Field('list', elements='str', option=False),
        # Each a text, or a dict with value and priority. No list in the spec: that would cut a lone text at its commas.
        'value': Field('raw'),
        'ttl': Field('int', minimum=0),
        'relative': Field('bool'),
    },
    controls={
        'domain': Field(normal=bare),
        'priority': Field('int', minimum=0),
        'reload': Field('bool', default=True, output=False),
    },
    asks={'zone': Field(), 'domain': Field(), 'type': Field()},
)
