# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's DNS records: limits, record sets as options have them, and the way from the records there are to those
that are wanted. Pure.

A record is a dict as the API has it: record (the host part of its name), type, address, ttl, priority, relative. Of a
wanted one, what is not said is None.
"""

from __future__ import annotations

import collections
import ipaddress
import re

from ...steps import Step

TYPES = ('A', 'AAAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT')
TTLS = (0, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
TTL = {'choices': TTLS, 'hint': 'seconds; 0 is the default of the zone, and as its own TTL Memset\'s, 1800'}
PRIORITY = {'maximum': 999}
LONGEST = 250
WITH_PRIORITY = ('MX', 'SRV')
VERSIONS = {'A': 4, 'AAAA': 6}
# Their values are names of hosts, or end in one.
TO_HOSTS = ('CNAME', 'MX', 'NS', 'SRV')
FIELDS = ('record', 'type', 'address', 'ttl', 'priority', 'relative')
UNSAID = {'ttl': 0, 'priority': 0, 'relative': False}

LABEL = '[A-Za-z0-9_/-]{1,63}'
NAME = r'(?:(?:\*|%s)(?:\.%s)*\.?)?' % (LABEL, LABEL)
PART = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
HOST = r'%s(?:\.%s)*\.?' % (PART, PART)
ID = '[0-9a-f]{32}'


# -- limits -----------------------------------------------------------------------------------------------------------
def name_problem(name):
    """Why it is no name of a record, or ''."""
    if name == '@':
        return 'must be an empty string for the domain itself, not @'
    if len(name) > LONGEST:
        return 'must have at most %d characters, not %d' % (LONGEST, len(name))
    return '' if re.fullmatch(NAME, name) else \
        'must be labels of 1 to 63 letters, digits, _, - and / with dots between, the first may be *; not %r' % name


def domain_problem(domain):
    """Why it is no domain, or ''."""
    if len(domain) > LONGEST:
        return 'must have at most %d characters, not %d' % (LONGEST, len(domain))
    return '' if re.fullmatch(HOST, domain) and '.' in domain.strip('.') and not domain.endswith('.') else \
        'must be a domain such as example.com, not %r' % domain


def host_problem(text):
    """Why it is no host name, or ''."""
    if not re.fullmatch(HOST, text) or len(text) > LONGEST:
        return 'is no host name'
    return 'is an address, and a host name is wanted' if re.fullmatch(r'[0-9.]+', text) else ''


def value_problem(kind, text):
    """Why a record of a type cannot have the value, or ''."""
    if not isinstance(text, str):
        return 'is no text; write it in quotes'
    if not text or text != text.strip():
        return 'is empty or has spaces at its ends'
    if not re.fullmatch('[ -~]*', text):
        return 'has characters that are not printable ASCII'
    if len(text) > LONGEST:
        return 'has %d characters, and Memset takes at most %d%s' % (
            len(text), LONGEST,
            '; a DKIM key of 2048 bits does not fit, one of 1024 bits does' if kind == 'TXT' else '')
    if kind in VERSIONS:
        try:
            right = ipaddress.ip_address(text).version == VERSIONS[kind]
        except ValueError:
            right = False
        # One with a scope is of an interface, and means nothing to anybody else.
        return '' if right and '%' not in text else 'is no IPv%d address' % VERSIONS[kind]
    if kind == 'SRV':
        parts = text.split(' ')
        if len(parts) != 3 or not all(part.isdigit() and int(part) < 65536 for part in parts[:2]):
            return 'is not "weight port target"; the priority stands by itself'
        text = parts[2]
    # A single dot says that there is no such service.
    return host_problem(text) if kind in TO_HOSTS and (text != '.' or kind not in WITH_PRIORITY) else ''


def set_problems(item, place='', name='record'):
    """What is wrong with a record set as options give it. `place` comes before the names of its options."""
    told, kind = [], item['type']
    problem = name_problem(item[name])
    if problem:
        told.append('%s%s %s' % (place, name, problem))
    if not item['value']:
        told.append('%svalue must not be empty' % place)
    if item.get('priority') is not None and kind not in WITH_PRIORITY:
        told.append('%spriority goes with type MX and SRV, not %s' % (place, kind))
    for index, value in enumerate(_listed(item['value'])):
        label = '%svalue[%d]' % (place, index)
        if isinstance(value, dict):
            priority = value.get('priority')
            if set(value) - {'value', 'priority'} or 'value' not in value:
                told.append('%s must have a value and may have a priority, and has %s' % (
                    label, ', '.join(map(str, value)) or 'nothing'))
                continue
            if priority is not None and kind not in WITH_PRIORITY:
                told.append('%s.priority goes with type MX and SRV, not %s' % (label, kind))
            elif priority is not None and (isinstance(priority, bool) or not isinstance(priority, int)
                                           or not 0 <= priority <= PRIORITY['maximum']):
                told.append('%s.priority must be a number from 0 to 999, not %r' % (label, priority))
            value = value['value']
        problem = value_problem(kind, value)
        if problem:
            told.append('%s: %.60r %s' % (label, value, problem))
    return told


def clashes(records, domains=()):
    """What cannot be in one zone: the same record twice, and a CNAME beside anything else or for the zone itself.

    :param domains: those of the zone that are known, by which names are the same however they are spelt.
    """
    told, seen, kinds = [], set(), {}
    for record in records:
        for name in answered(record, domains):
            same = (name, *key(record)[1:])
            if same in seen:
                told.append('%s is there twice' % shown(record))
            seen.add(same)
            kinds.setdefault(name, []).append(record)
    for name, found in kinds.items():
        types = [record['type'] for record in found]
        if 'CNAME' in types and len(types) > 1:
            others = ', '.join(sorted(set(types) - {'CNAME'}))
            told.append('%r has %s' % (plain(found[0]['record']),
                                       'a CNAME beside %s' % others if others else 'more than one CNAME'))
        elif 'CNAME' in types and name in (domains or ['']):
            told.append('the domain itself cannot have a CNAME')
    # The same of each domain is told once.
    return list(dict.fromkeys(told))


# -- record sets ------------------------------------------------------------------------------------------------------
def shown(record):
    """A record in words."""
    return '%s %s %s' % (record['type'], record['record'] or '@', record['address'])


def plain(name):
    """A name such that equal ones are the same: with a dot inside it is absolute with or without one at its end."""
    bare = name.lower().rstrip('.')
    return bare if '.' in bare else name.lower()


def answered(record, domains):
    """The names for which a record is an answer: in each domain of the zone, unless its own is absolute."""
    name = plain(record['record'])
    if '.' in name and not record.get('relative'):
        return [name]
    return ['.'.join(part for part in (name, domain) if part) for domain in domains or ['']]


def comparable(kind, text):
    """A value such that equal ones are the same."""
    if kind in VERSIONS:
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            return text
    return plain(text) if kind in TO_HOSTS else text


def key(record):
    """What tells a record from others of its zone."""
    return plain(record['record']), record['type'], comparable(record['type'], record['address'])


def _listed(values):
    """A lone value is a list of one."""
    return values if isinstance(values, list) else [values]


def records_of(item, name='record'):
    """The records of a set as options give it."""
    for value in _listed(item['value']):
        value = value if isinstance(value, dict) else {'value': value}
        kind, priority = item['type'], value.get('priority')
        address = comparable(kind, value['value']) if kind in VERSIONS else value['value']
        yield {'record': item[name], 'type': kind, 'address': address, 'ttl': item.get('ttl'),
               'priority': item.get('priority') if priority is None else priority, 'relative': item.get('relative')}


def values_of(records):
    """The values of records of one name and type, in a stable order; those with priorities as dicts."""
    if records[0]['type'] in WITH_PRIORITY:
        found = sorted((record['priority'] or 0, record['address']) for record in records)
        return [{'value': address, 'priority': priority} for priority, address in found]
    return sorted(record['address'] for record in records)


def sets_of(records):
    """Record sets, in a stable order: what has the same name, type, TTL and is as relative goes together."""
    found = collections.defaultdict(list)
    for record in map(full, records):
        found[record['record'], record['type'], record['ttl'], record['relative']].append(record)
    return [{'record': name, 'type': kind, 'ttl': ttl, 'relative': relative, 'value': values_of(found[each])}
            for each in sorted(found) for name, kind, ttl, relative in [each]]


def full(record):
    """The record with what the API takes where nothing is said."""
    return {field: UNSAID.get(field) if record.get(field) is None else record[field] for field in FIELDS}


# -- from what is there to what is wanted -----------------------------------------------------------------------------
class _Pool:
    """Records by any of their keys, each until it is taken."""

    def __init__(self):
        self.left, self.found = {}, collections.defaultdict(list)

    def add(self, record, *keys):
        self.left[id(record)] = record
        for each in keys:
            self.found[each].append(record)

    def under(self, each):
        return [record for record in self.found.get(each, ()) if id(record) in self.left]

    def take(self, record):
        return self.left.pop(id(record))


def pair(current, wanted, prune, domains=()):
    """[(record as it is or None, as it shall be or None)]: all current and all wanted ones, each once.

    :param prune: whether current ones that are not wanted go. A CNAME goes for another of its name in any case, since
        a name can have one only.
    :param domains: those of the zone, by which names are the same however they are spelt.
    """
    there, sets = _Pool(), collections.defaultdict(list)
    for record in current:
        there.add(record, key(record), _meaning(record, domains))
        for each in (plain(record['record']), tuple(answered(record, domains))):
            sets[each, record['type']].append(full(record))
    pairs, unlike, new = [], [], []

    def keep(record, same, names):
        said = {name: record[name] for name in names if record[name] is not None}
        # Of a record that is there twice, the one that needs no change.
        old = next((each for each in same if {**full(each), **said} == full(each)), same[0])
        pairs.append((there.take(old), {**full(old), **said}))

    for record in wanted:
        same = there.under(key(record))
        if same:
            keep(record, same, UNSAID)
        else:
            alike = sets.get((plain(record['record']), record['type']), ())
            unlike.append({**record, **_common(record, alike, 'relative')})
    for record in unlike:
        same = there.under(_meaning(record, domains))
        if same:
            # Whether it is relative is said of the name as it is spelt here.
            keep(record, same, ('ttl', 'priority'))
        else:
            alike = sets.get((tuple(answered(record, domains)), record['type']), ())
            new.append({**record, **_common(record, alike, 'ttl')})
    aliased, going = aliases(new, domains), _Pool()
    for record in there.left.values():
        names = tuple(answered(record, domains))
        if prune or record['type'] == 'CNAME' and aliased.issuperset(names):
            going.add(record, names)
        else:
            pairs.append((record, full(record)))
    # A record that goes becomes one that comes, where that leaves no moment without an answer: one of the same type,
    # or a CNAME for what it stands in place of.
    late = []
    for record in new:
        free = [old for old in going.under(tuple(answered(record, domains))) if old['type'] == record['type']]
        if free:
            pairs.append((going.take(free[0]), full(record)))
        else:
            late.append(record)
    for record in late:
        free = [old for old in going.under(tuple(answered(record, domains)))
                if 'CNAME' in (old['type'], record['type'])]
        pairs.append((going.take(free[0]) if free else None, full(record)))
    return pairs + [(record, None) for record in going.left.values()]


def _meaning(record, domains):
    """What tells a record from others of its zone however its name is spelt. If it is relative, so is its target."""
    return (*answered(record, domains), *key(record)[1:], record['type'] in TO_HOSTS and bool(record.get('relative')))


def _common(record, others, name):
    """What is not said of a new record, as all of these others have it."""
    values = {other[name] for other in others} if record[name] is None else ()
    return {name: values.pop()} if len(values) == 1 else {}


def aliases(records, domains):
    """The names that have a CNAME among these records."""
    return {name for record in records if record['type'] == 'CNAME' for name in answered(record, domains)}


def after(pairs):
    """The records that shall be there."""
    return [new for _old, new in pairs if new is not None]


def created(record):
    """The parameters of dns.zone_record_create for a record, less the zone."""
    return {name: value for name, value in record.items() if name not in UNSAID or value != UNSAID[name]
            or name == 'priority' and record['type'] in WITH_PRIORITY}


def steps(pairs, zone_id, domains=()):
    """The writes, each independent of the others of its batch. A name is freed for a CNAME, or from one, before."""
    aliased = aliases([record for both in pairs for record in both if record], domains)
    first, second, then = [], [], []
    for number, (old, new) in enumerate(_parted(pairs, aliased, domains)):
        if new is None:
            early = not aliased.isdisjoint(answered(old, domains))
            (first if early else then).append(Step(
                'dns.zone_record_delete', {'id': old['id']}, 'remove %s' % shown(old), id='remove %d' % number,
                destructive=True, batch='room' if early else 'records'))
        elif old is None:
            then.append(Step('dns.zone_record_create', dict(created(new), zone_id=zone_id), 'add %s' % shown(new),
                             id='add %d' % number, batch='records'))
        elif new != full(old):
            changed = {name: value for name, value in new.items() if value != full(old)[name]}
            told = ', '.join('%s %s' % (name, value) for name, value in changed.items() if name != 'record')
            early = 'type' in changed
            (second if early else then).append(Step(
                'dns.zone_record_update', dict(changed, id=old['id']), 'change %s to %s' % (shown(old), told),
                id='change %d' % number, batch='alias' if early else 'records'))
    return first + second + then


def _parted(pairs, aliased, domains):
    """The pairs, where one that moves to or from a name with a CNAME goes and comes anew: a change could come before
    the name is free, or after another needs it."""
    for old, new in pairs:
        names = (answered(old, domains), answered(new, domains)) if old and new else ([], [])
        if names[0] != names[1] and not aliased.isdisjoint(names[0] + names[1]):
            yield old, None
            yield None, new
        else:
            yield old, new


def applied(zone, done, answers):
    """The zone as the answers to these steps tell that it is now, or None when one of them tells nothing."""
    if zone is None or any((step.id or step.operation) not in answers for step in done):
        return None
    records = {record['id']: record for record in zone['records']}
    domains = {item['domain']: item for item in zone['domains']}
    zone = dict(zone)
    for step in done:
        answer = answers[step.id or step.operation]
        if step.operation == 'dns.zone_record_delete':
            records.pop(step.parameters['id'], None)
        elif step.operation == 'dns.zone_domain_delete':
            domains.pop(step.parameters['domain'], None)
        elif step.operation.startswith('dns.zone_record_'):
            records[answer['id']] = answer
        elif step.operation.startswith('dns.zone_domain_'):
            domains[answer['domain']] = answer
        elif step.operation == 'dns.zone_update':
            zone.update(nickname=answer['nickname'], ttl=answer['ttl'])
    ordered = sorted(records.values(), key=lambda record: record['record'])
    return dict(zone, records=ordered, domains=list(domains.values()))
