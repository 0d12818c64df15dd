# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewall rules in neutral words: their normal form, what they match, and which cannot be. Pure."""

from __future__ import annotations

import functools
import ipaddress

FAMILIES = {'any': (4, 6), 'ipv4': (4,), 'ipv6': (6,)}
LAST = {4: 2 ** 32 - 1, 6: 2 ** 128 - 1}
LAST_PORT = 65535
# Protocols that know ports.
WITH_PORTS = ('tcp', 'udp', 'tcp,udp', 'sctp')
# What a rule matches, as opposed to what it does.
MATCHES = ('direction', 'family', 'protocol', 'sources', 'destinations', 'source_ports', 'destination_ports',
           'icmp_type')
ADDRESSES, PORTS = ('sources', 'destinations'), ('source_ports', 'destination_ports')


def span(text):
    """(version, first, last) of an address, a network or a range 'FIRST-LAST'; ValueError when it is none."""
    first, dash, last = text.strip().partition('-')
    if '%' in text:
        raise ValueError('%s has a scope, which no rule can have' % text)
    if dash:
        one, other = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
        if one.version != other.version or one > other:
            raise ValueError('%s is not a range' % text)
        return one.version, int(one), int(other)
    network = ipaddress.ip_network(first, strict=False)
    return network.version, int(network[0]), int(network[-1])


def port_span(text):
    """(first, last) of a port or a range 'FIRST-LAST'; ValueError when it is none."""
    first, dash, last = str(text).strip().partition('-')
    try:
        found = int(first), int(last if dash else first)
    except ValueError:
        found = 0, 0
    if not 1 <= found[0] <= found[1] <= LAST_PORT:
        raise ValueError('%s is not a port or a range of ports, 1 to %d' % (text, LAST_PORT))
    return found


def _shown(version, first, last):
    """The shortest spelling of a span."""
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    nets = list(ipaddress.summarize_address_range(kind(first), kind(last)))
    if len(nets) > 1:
        return '%s-%s' % (kind(first), kind(last))
    return str(nets[0][0] if nets[0].num_addresses == 1 else nets[0])


def normal(rule):
    """The rule with every key, spelt in one way. :raises ValueError: for addresses and ports that are none."""
    protocols = sorted((rule.get('protocol') or 'any').split(','))
    found = {'action': rule['action'], 'direction': rule.get('direction') or 'in', 'family': None,
             'protocol': ','.join(protocols), 'icmp_type': rule.get('icmp_type'), 'comment': rule.get('comment') or '',
             'ordering': rule.get('ordering')}
    spans = {name: _outer({span(text) for text in rule.get(name) or []}) for name in ADDRESSES}
    named = [{each[0] for each in spans[name]} for name in ADDRESSES if spans[name]]
    meant = set(FAMILIES[rule.get('family') or 'any']).intersection(*named)
    found['family'] = next((name for name, versions in FAMILIES.items() if set(versions) == meant), None)
    for name in ADDRESSES:
        # All addresses of every family that is meant are the same as none named.
        everything = {(version, 0, LAST[version]) for version in meant}
        found[name] = [] if meant and everything <= set(spans[name]) else [_shown(*each) for each in spans[name]]
    for name in PORTS:
        found[name] = ['%d' % first if first == last else '%d-%d' % (first, last)
                       for first, last in sorted({port_span(text) for text in rule.get(name) or []})]
    return found


def _outer(spans):
    """The spans, in order, without those that lie within another one."""
    return sorted(each for each in spans if not any(
        other != each and other[0] == each[0] and other[1] <= each[1] and each[2] <= other[2] for other in spans))


def refusal(rule):
    """Why a rule as the user gave it cannot be, or None."""
    for name, read in (*((name, span) for name in ADDRESSES), *((name, port_span) for name in PORTS)):
        for text in rule.get(name) or []:
            try:
                read(text)
            except ValueError as exc:
                return '%s: %s' % (name, exc)
    family, protocol = rule.get('family') or 'any', rule.get('protocol') or 'any'
    meant = set(FAMILIES[normal(rule)['family'] or 'any'])
    for name in ADDRESSES:
        versions = {span(text)[0] for text in rule.get(name) or []}
        if versions and versions - set(FAMILIES[family]):
            return '%s: an address of the wrong family, the rule is for %s' % (name, family)
        if rule.get('family') == 'any' and versions and versions != {4, 6} or versions and versions != meant:
            return '%s: addresses of both families must be given where the rule is for both; for all of one write ' \
                   '0.0.0.0/0 or ::/0, or make it two rules' % name
    if normal(rule)['family'] is None:
        return 'sources and destinations are of different families, so it matches nothing'
    if protocol not in WITH_PORTS and any(rule.get(name) for name in PORTS):
        return 'ports need a protocol that has ports: %s' % ', '.join(WITH_PORTS)
    if rule.get('icmp_type') is not None and protocol != 'icmp':
        return 'icmp_type needs protocol: icmp'
    return None


def list_refusal(rules):
    """Why rules cannot stand together in this order, or None: duplicates, and what an earlier rule hides."""
    known = []
    for index, rule in enumerate(rules):
        found = normal(rule)
        parts = _parts(found)
        for other, (earlier, its) in enumerate(known):
            if _covers(its, parts):
                return ('rules[%d] matches the same as rules[%d]' if same_match(earlier, found) else
                        'rules[%d] is never reached: rules[%d] matches all that it does') % (index, other)
        known.append((found, parts))
    return None


def same_match(one, other):
    """Whether two normal rules match the same."""
    return all(one[name] == other[name] for name in MATCHES)


# -- what rules match -------------------------------------------------------------------------------------------------
@functools.lru_cache(maxsize=4096)
def _spans(texts, version):
    """The addresses of a version as merged spans; none named is all."""
    found = [(first, last) for kind, first, last in map(span, texts) if kind == version]
    return merged(found) if texts else [(0, LAST[version])]


def merged(spans):
    """The same numbers in as few spans as can be."""
    found = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _meet(one, other):
    return any(first <= last2 and first2 <= last for first, last in one for first2, last2 in other)


def _within(inner, outer):
    return all(any(first2 <= first and last <= last2 for first2, last2 in outer) for first, last in inner)


@functools.lru_cache(maxsize=4096)
def _port_spans(texts):
    return merged(map(port_span, texts)) if texts else [(0, LAST_PORT)]


def _ports(rule, name):
    return _port_spans(tuple(rule[name]))


def _protocols(rule):
    return None if rule['protocol'] == 'any' else set(rule['protocol'].split(','))


def _versions(rule):
    return FAMILIES[rule['family'] or 'any']


def overlaps(one, other):
    """Whether there may be a packet that both of two normal rules match."""
    if one['direction'] != other['direction']:
        return False
    if not any(all(_meet(_spans(tuple(one[name]), version), _spans(tuple(other[name]), version))
                   for name in ADDRESSES) for version in set(_versions(one)) & set(_versions(other))):
        return False
    first, second = _protocols(one), _protocols(other)
    if first is None or second is None:
        return True
    if not first & second:
        return False
    if None not in (one['icmp_type'], other['icmp_type']) and one['icmp_type'] != other['icmp_type']:
        return False
    return all(_meet(_ports(one, name), _ports(other, name)) for name in PORTS)


def covers(one, other):
    """Whether the first of two normal rules surely matches all that the second does."""
    return _covers(_parts(one), _parts(other))


def _parts(rule):
    """What covers() looks at, the quickest first."""
    return (rule['direction'], set(_versions(rule)), _protocols(rule), rule['icmp_type'],
            [_ports(rule, name) for name in PORTS],
            {version: [_spans(tuple(rule[name]), version) for name in ADDRESSES] for version in _versions(rule)})


def _covers(one, other):
    (direction, versions, protocols, icmp_type, ports, addresses) = one
    if direction != other[0] or not other[1] <= versions:
        return False
    if protocols is not None and not (other[2] and other[2] <= protocols and icmp_type in (None, other[3])):
        return False
    return all(_within(its, mine) for version, spans in other[5].items() for its, mine in zip(
        spans, addresses[version])) and all(_within(its, mine) for its, mine in zip(other[4], ports))
