# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record set of a zone at Memset. The raw thing is the zone's id, nickname and domains, with those records alone.

Memset has no record sets, so the id is made here: zone, type and name.
"""

from __future__ import annotations

from ...errors import Ambiguous, BadInput, NotFound, Precondition
from ...resources.dns_reverse import bare
from . import dns_records
from .dns import RECORD_SET, DnsCrossing, domains, whole


class MemsetDnsRecord(DnsCrossing):
    """Of a wanted set all records of the name and type are part, for an absent one those with the values given."""

    honours = {'name': {}, 'zone': {}, 'domain': {}, 'value': {}, 'relative': {}, 'reload': {}, **RECORD_SET}
    in_list = ('id', 'name', 'type', 'zone', 'zone_id', 'domains', 'value', 'ttl', 'relative', 'raw')

    def __init__(self, resource):
        super().__init__(resource)
        self.zone = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        """All sets of all zones, or of those that the options of the _info module name."""
        options = work.options
        self.read(work)
        zones = self.zones
        if options.get('zone') is not None or options.get('domain') is not None:
            zones = [zone for zone in [self._zone(options)] if zone is not None]
        found = [part(zone, name, kind) for zone in zones
                 for name, kind in sorted({dns_records.key(record)[:2] for record in zone['records']})]
        return [each for each in found if options.get('type') in (None, each['records'][0]['type'])]

    def one(self, work, ident):
        zone_id, kind, name = ident.split('/', 2)
        zone = work.client.find('dns.zone_info', id=zone_id)
        found = zone and part(whole(zone), name, kind)
        return found if found and found['records'] else None

    def observe(self, work, options):
        self.read(work)
        self.zone = self._zone(options)
        if self.zone is None:
            if options['state'] == 'absent':
                return None
            raise NotFound('there is no zone %s; the module dns_zone makes one' % ' with '.join(
                '%s %r' % (name, options[name]) for name in ('zone', 'domain') if options.get(name) is not None))
        found = part(self.zone, options['name'], options['type'])
        if options['state'] == 'absent' and options.get('value') is not None:
            named = {dns_records.key(record) for record in dns_records.records_of(options, 'name')}
            found['records'] = [record for record in found['records'] if dns_records.key(record) in named]
        return found if found['records'] else None

    def _zone(self, options):
        """The zone that the options name, by nickname or id, and domain; None when there is none."""
        name, domain = options.get('zone'), options.get('domain')
        zone = None
        if name is not None:
            by_id = [each for each in self.zones if each['id'] == name]
            named = by_id or self.nicknamed(name)
            # With a domain, that tells zones of one nickname apart.
            fit = [each for each in named if domain is None or bare(domain) in domains(each)]
            if named and not fit:
                raise Ambiguous('the domain %s is not in the zone %s' % (domain, name), provider=self.provider)
            return self.only(fit, 'the nickname %r' % name)
        if domain is not None:
            zone = self.holder(bare(domain))
        return zone

    def lookups(self, work, change):
        if change.deletes or 'value' not in change.fields:
            return
        names, after = domains(self.zone), dns_records.after(self._pairs(change.options, change.raw))
        own = (dns_records.plain(change.options['name']), change.options['type'])
        touched = {name for record in after for name in dns_records.answered(record, names)}
        others = [record for record in self.zone['records'] if dns_records.key(record)[:2] != own
                  and touched.intersection(dns_records.answered(record, names))]
        wrong = dns_records.clashes(others + after, names)
        wrong = [text for text in wrong if 'CNAME' in text and 'twice' not in text]
        if wrong:
            raise Precondition('%s; remove the other set first' % '; '.join(wrong), provider=self.provider)

    def again(self, work, change, answers):
        zone = dns_records.applied(change.raw or part(self.zone, None, None), change.found.get('steps', ()), answers)
        return super().again(work, change, answers) if zone is None else zone

    # -- pure ---------------------------------------------------------------------------------------------------------
    def key(self, options):
        return super().key(dict(options, name=dns_records.plain(options['name'])))

    def check(self, options):
        wrong = []
        if options.get('value') is not None:
            wrong = dns_records.set_problems(options, name='name') or dns_records.clashes(
                dns_records.records_of(options, 'name'), [bare(options['domain'])] if options.get('domain') else ())
        elif options['state'] == 'present':
            wrong = ['value is needed for state present']
        else:
            problem = dns_records.name_problem(options['name'])
            wrong = ['name %s' % problem] if problem else []
        if options.get('domain') is not None:
            problem = dns_records.domain_problem(options['domain'].rstrip('.'))
            wrong += ['domain %s' % problem] if problem else []
        if wrong:
            raise BadInput('; '.join(wrong), provider=self.provider)

    def project(self, raw):
        first = raw['records'][0]
        return {'id': '%s/%s/%s' % (raw['id'], first['type'], dns_records.plain(first['record'])),
                'name': spelt(raw['records']), 'type': first['type'], 'zone': raw['nickname'], 'zone_id': raw['id'],
                'domains': domains(raw), **_facts(raw['records'])}

    def fill(self, wanted, options, before):
        """With what is not said of records that are there."""
        wanted = super().fill(wanted, options, before)
        if options['state'] == 'absent':
            return wanted
        return dict(wanted, **_facts(dns_records.after(self._pairs(options, before and before['raw']))))

    @staticmethod
    def _pairs(options, raw):
        wanted = list(dns_records.records_of(options, 'name'))
        return dns_records.pair(raw['records'] if raw else [], wanted, True, domains(raw) if raw else ())

    def predict(self, change):
        if not change.creates:
            # Where its records spell it differently, it may be another one's name that is left.
            return {'name': spelt(dns_records.after(self._pairs(change.options, change.raw)))}, ()
        zone = self.zone
        return {'zone': zone['nickname'], 'zone_id': zone['id'], 'domains': domains(zone), 'id': '%s/%s/%s' % (
            zone['id'], change.options['type'], dns_records.plain(change.options['name']))}, ()

    def create(self, change):
        return self.update(change)

    def update(self, change):
        differ = set(change.fields) - {'reload'}
        steps = dns_records.steps(self._pairs(change.options, change.raw), self.zone['id'],
                                  domains(self.zone)) if differ else []
        change.found['steps'] = steps
        return self.reload(change, steps)

    def delete(self, change):
        return self.reload(change, dns_records.steps([(record, None) for record in change.raw['records']], None))

    def made(self, answers):
        """The set is known by its zone, type and name, and these by any answer that has a record."""
        record = next((answer for answer in answers.values() if isinstance(answer, dict) and 'record' in answer), None)
        return record and '%s/%s/%s' % (record['zone_id'], record['type'], dns_records.plain(record['record']))


def part(zone, name, kind):
    """A zone with the records of one name and type alone."""
    return dict(zone, records=[record for record in zone['records']
                               if name is not None and dns_records.key(record)[:2] == (dns_records.plain(name), kind)])


def spelt(records):
    """The name of a set, whose records may differ in its capitals."""
    return min(record['record'] for record in records)


def _facts(records):
    """What a set has in common: null where its records differ."""
    records = [dns_records.full(record) for record in records]
    found = {'value': dns_records.values_of(records)}
    for name in ('ttl', 'relative'):
        values = {record[name] for record in records}
        found[name] = values.pop() if len(values) == 1 else None
    return found
