# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: zone_records
short_description: Read the record sets of a DNS zone file
version_added: 0.1.0
description:
  - Turns the text of a zone file, as BIND and most other name servers have it, into record sets as the option
    O(indie.cloud.dns_zone#module:records) takes them.
  - The V(SOA) record and the V(NS) records of the domain itself are left out, since Memset's name servers have their
    own.
  - A record whose name is not below the domain is an error, as is a text from which no record comes. Either may be a
    slip of the pen, and would take records away where those that are not listed are removed.
  - A name of several labels is made relative to the domain, so that it also holds for other domains of the zone. Where
    it points to a host outside, it is written in full, because Memset's flag is for both names of a record or none.
author:
  - The indie.cloud authors (@indie-cloud)
requirements:
  - dnspython >= 2.1, on the machine that Ansible runs on
options:
  _input:
    description: The text of the zone file. It cannot include other files.
    type: str
    required: true
  domain:
    description: The domain that names without a dot at their end belong to, unless the file has an C($ORIGIN).
    type: str
    required: true
  skip:
    description:
      - Types of records to leave out. Memset knows V(A), V(AAAA), V(CNAME), V(MX), V(NS), V(SRV) and V(TXT). Another
        one is an error unless it is listed here.
    type: list
    elements: str
    default: []
  round_ttl:
    description:
      - Whether to take the next lower TTL that Memset permits, or 300, where the file has another one. Without it,
        M(indie.cloud.dns_zone) refuses such a TTL.
    type: bool
    default: false
positional: domain
"""

EXAMPLES = r"""
- name: Have a zone as its zone file says
  indie.cloud.dns_zone:
    domain: example.com
    records: "{{ lookup('ansible.builtin.file', 'example.com.zone')
      | indie.cloud.zone_records('example.com', skip=['CAA'], round_ttl=true) }}"
    prune: true
"""

RETURN = r"""
_value:
  description: The record sets.
  type: list
  elements: dict
  sample: [{record: www, type: A, ttl: 300, value: [192.0.2.10, 192.0.2.11]}]
"""

from ansible.errors import AnsibleFilterError
from ansible.module_utils.basic import missing_required_lib

from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.dns_records import (
    TO_HOSTS,
    TTLS,
    TYPES,
    WITH_PRIORITY,
)

try:
    import dns.exception
    import dns.name
    import dns.rdataclass
    import dns.rdatatype
    import dns.tokenizer
    import dns.zone
    import dns.zonefile
    HAS_DNSPYTHON = True
except ImportError:
    HAS_DNSPYTHON = False


def target_of(kind, rdata):
    """The host that a record points to."""
    return rdata.exchange if kind == 'MX' else rdata.target


def host(name, origin, relative):
    """A host as Memset takes it: without a dot inside, or relative, it belongs to the domain."""
    inside = name.relativize(origin)
    if relative or (not inside.is_absolute() and len(inside.labels) == 1):
        return inside.to_text()
    return name.to_text()


def value_of(kind, rdata, origin, relative):
    """The value of a record, with its priority where it has one."""
    if kind == 'TXT':
        return b''.join(rdata.strings).decode('latin-1')
    if kind not in TO_HOSTS:
        return rdata.to_text()
    value = host(target_of(kind, rdata), origin, relative)
    if kind == 'SRV':
        value = '%d %d %s' % (rdata.weight, rdata.port, value)
    if kind in WITH_PRIORITY:
        return {'value': value, 'priority': rdata.priority if kind == 'SRV' else rdata.preference}
    return value


def record_set(name, kind, ttl, rdatas, origin):
    """A record set as the module dns_zone takes it."""
    inside = name.relativize(origin)
    found = {'record': '' if name == origin else inside.to_text(), 'type': kind, 'ttl': ttl}
    relative = len(inside.labels) > 1
    if kind in TO_HOSTS:
        outside = [rdata for rdata in rdatas if not below(target_of(kind, rdata), origin)]
        if relative and outside:
            found['record'], relative = name.to_text(omit_final_dot=True), False
        found['relative'] = relative
    elif relative:
        found['relative'] = True
    found['value'] = sorted((value_of(kind, rdata, origin, relative) for rdata in rdatas), key=str)
    return found


def below(name, origin):
    """Whether a host can be written relative to the domain."""
    return name.is_subdomain(origin) and name != origin


def read(text, origin):
    """[(name, type, TTL, records)] of a zone file."""
    found = {}

    def add(name, ttl, rdata):
        ttls, rdatas = found.setdefault((name, dns.rdatatype.to_text(rdata.rdtype)), ([], []))
        ttls.append(ttl)
        if rdata not in rdatas:
            rdatas.append(rdata)

    # As if it were of the root zone: dnspython goes past names outside of the zone that it reads without a word.
    with dns.zone.Zone(dns.name.root, relativize=False).writer() as changes:
        changes.add = add
        reader = dns.zonefile.Reader(dns.tokenizer.Tokenizer(text), dns.rdataclass.IN, changes)
        reader.current_origin = reader.last_name = origin
        reader.read()
    return [(name, kind, min(ttls), rdatas) for (name, kind), (ttls, rdatas) in sorted(found.items())]


def zone_records(text, domain, skip=(), round_ttl=False):
    """The record sets of a zone file."""
    if not HAS_DNSPYTHON:
        raise AnsibleFilterError(missing_required_lib('dnspython') + ' It is what reads zone files.')
    try:
        origin = dns.name.from_text(domain)
        there = read(text, origin)
    except (dns.exception.DNSException, ValueError) as error:
        raise AnsibleFilterError('The zone file of %s cannot be read: %s' % (domain, error or type(error).__name__)) \
            from error
    outside = sorted({name.to_text() for name, *_rest in there if not name.is_subdomain(origin)})
    if outside:
        raise AnsibleFilterError('The zone file of %s has records of names that are not below that domain: %s%s' % (
            domain, ', '.join(outside[:10]), ' and %d more' % len(outside[10:]) if outside[10:] else ''))
    found, unknown = [], set()
    left_out = {'SOA', *(kind.upper() for kind in skip)}
    for name, kind, ttl, rdatas in there:
        if kind in left_out or kind == 'NS' and name == origin:
            continue
        if kind not in TYPES:
            unknown.add(kind)
            continue
        found.append(record_set(name, kind, ttl, rdatas, origin))
    if unknown:
        raise AnsibleFilterError('The zone file of %s has records of type %s, which Memset does not know. To leave '
                                 'them out, name them in skip.' % (domain, ', '.join(sorted(unknown))))
    if not found:
        raise AnsibleFilterError('The zone file of %s has no record that Memset would hold. To have a zone without '
                                 'records, give an empty list instead of a file.' % domain)
    for item in found:
        if round_ttl:
            item['ttl'] = max(ttl for ttl in TTLS if ttl <= item['ttl']) or TTLS[1]
    return found


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {'zone_records': zone_records}
