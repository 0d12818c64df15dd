# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's DNS zones. A nickname need not be unique; a domain is in one zone at most and so is the natural key."""

from __future__ import annotations

from ...client import holding
from ...errors import Ambiguous, BadInput, OutcomeUnknown, Precondition
from ...resources.dns_reverse import bare
from ...steps import Lookup, Ref, Step
from . import dns_records
from .dns import RECORD_SET, DnsCrossing, domains, whole

# How many records a new zone takes with it; as many as a batch, so that no request is larger than another.
WITH_ZONE = 100


class MemsetDnsZone(DnsCrossing):
    """The name is the zone's nickname."""

    honours = {
        'id': {'pattern': dns_records.ID, 'hint': '32 hex digits'},
        'name': {'pattern': '.{1,250}', 'hint': 'the nickname of the zone'},
        'ttl': dns_records.TTL,
        'domains': {},
        'records': {'sub': RECORD_SET},
        'domain': {}, 'prune': {}, 'move': {}, 'force': {}, 'reload': {},
    }
    in_list = ('id', 'name', 'ttl', 'domains', 'records', 'raw')

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        """All zones; for the _info module that of a domain, if it names one."""
        domain = work.options.get('domain')
        return [zone for zone in self.read(work) if domain is None or bare(domain) in domains(zone)]

    def one(self, work, ident):
        zone = work.client.find('dns.zone_info', id=ident)
        return zone and whole(zone)

    def observe(self, work, options):
        self.read(work)
        ident, name, absent = options.get('id'), options.get('name'), options['state'] == 'absent'
        domain = options.get('domain') and bare(options['domain'])
        holder = domain and self.holder(domain)
        if ident is not None:
            zone = next((zone for zone in self.zones if zone['id'] == ident), None)
        elif domain is None:
            zone = self.only(self.nicknamed(name), 'the nickname %r' % name)
        elif holder is None:
            # A zone of this nickname that lacks the domain is what an interrupted run left, or is to get the domain.
            zone = self.only(self.nicknamed(name or domain), 'the nickname %r' % (name or domain))
            zone = None if absent and name is None else zone
        elif name in (None, holder['nickname']) or not self.nicknamed(name):
            zone = holder
        else:
            zone = self.only(self.nicknamed(name), 'the nickname %r' % name)
        if absent and zone is not None and not fits(zone, name, domain):
            raise Ambiguous('%s has not both the name and the domain that the options give; nothing is deleted'
                            % told(zone), provider=self.provider)
        return zone

    def lookups(self, work, change):
        if change.deletes:
            self._may_delete(change)
            return
        new = [domain for domain in change.new('domains', ()) if domain not in (change.before or {}).get('domains', ())]
        holders = {domain: self.holder(domain) for domain in new}
        # {domain: the zone that it is in, in words, or None}: also those that no zone shows. One that is in no zone is
        # not in the list of zones, and cannot be made again.
        there = {domain: told(zone) for domain, zone in holders.items() if zone}
        if len(there) < len(new):
            for item in work.client.call('dns.zone_domain_list'):
                domain, zone_id = holding(str, item, 'domain')['domain'].lower(), item.get('zone_id')
                elsewhere = zone_id if zone_id != change.id else None
                there.setdefault(domain, elsewhere and 'the zone %s' % elsewhere)
        taken = ['the domain %s is in %s' % (domain, there[domain]) for domain in new if there.get(domain)]
        if taken and not change.options['move']:
            raise Precondition('%s; set move: true to have %s moved' % (
                '; '.join(taken), 'it' if len(taken) == 1 else 'them'), provider=self.provider)
        change.found['there'] = set(there)
        if 'records' in change.fields:
            self._may_stand(change)

    def _may_delete(self, change):
        zone = change.before
        if (zone['domains'] or zone['records']) and not change.options['force']:
            raise Precondition('the zone %s holds %d domains and %d records, which are deleted with it; set '
                               'force: true' % (zone['name'], len(zone['domains']), len(change.raw['records'])),
                               provider=self.provider)

    def _may_stand(self, change):
        """Refuse what would clash with records that stay. What was so before and is not touched is left alone."""
        names = change.new('domains', (change.before or {}).get('domains', ()))
        after = dns_records.after(self._pairs(change.options, change.raw))
        listed = {dns_records.key(record) for item in change.options['records']
                  for record in dns_records.records_of(item)}
        touched = {name for record in after if dns_records.key(record) in listed
                   for name in dns_records.answered(record, names)}
        left = [record for record in after if touched.intersection(dns_records.answered(record, names))]
        wrong = [text for text in dns_records.clashes(left, names) if 'twice' not in text]
        if wrong:
            raise Precondition('%s, with records that are there and not listed; set prune: true to have those removed, '
                               'or change the list' % '; '.join(wrong), provider=self.provider)

    def again(self, work, change, answers):
        zone = dns_records.applied(answers.get('create', change.raw), change.found.get('steps', ()), answers)
        return super().again(work, change, answers) if zone is None else zone

    def recover(self, work, step, error):
        """Of a zone whose answer was lost, only one that has all it was sent with counts as made."""
        zone = super().recover(work, step, error)
        sent = len(step.parameters.get('records', ()))
        if step.operation == 'dns.zone_create' and len(zone['records']) != sent:
            raise OutcomeUnknown('the zone %s is there, but with %d of %d records; run the same task again' % (
                zone['id'], len(zone['records']), sent), provider=self.provider, operation=step.operation)
        return zone

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        wrong = ['%s %s' % (place, problem) for place, value in [
            *([('domain', options['domain'])] if options.get('domain') is not None else []),
            *(('domains[%d]' % index, value) for index, value in enumerate(options.get('domains') or ()))]
            for problem in [dns_records.domain_problem(bare(value))] if problem]
        names = [bare(value) for value in options.get('domains') or ()]
        wrong += ['domains: %s is there twice' % name for name in sorted({name for name in names
                                                                         if names.count(name) > 1})]
        sets = options.get('records') or ()
        for index, item in enumerate(sets):
            wrong += dns_records.set_problems(item, 'records[%d].' % index)
        if not wrong:
            wrong = ['records: %s' % text for text in dns_records.clashes(
                [record for item in sets for record in dns_records.records_of(item)], self._domains(options))]
        name = options.get('name')
        if name is not None and name != name.strip():
            wrong.append('name must have no spaces at its ends')
        if wrong:
            raise BadInput('; '.join(wrong), provider=self.provider)

    def project(self, raw):
        return {'id': raw['id'], 'name': raw['nickname'], 'ttl': raw['ttl'], 'domains': domains(raw),
                'records': dns_records.sets_of(raw['records'])}

    def fill(self, wanted, options, before):
        """Lists are wanted whole: what is there and stays, and what is listed."""
        wanted = super().fill(wanted, options, before)
        if options['state'] == 'absent':
            return wanted
        domain, names = options.get('domain'), options.get('domains')
        if before is None and options.get('name') is None:
            wanted = dict(wanted, name=bare(domain))
        if domain is not None or names is not None:
            wanted = dict(wanted, domains=self._domains_after(options, before['domains'] if before else ()))
        if options.get('records') is not None:
            pairs = self._pairs(options, before and before['raw'])
            wanted = dict(wanted, records=dns_records.sets_of(dns_records.after(pairs)))
        return wanted

    @staticmethod
    def _domains(options):
        """The domains that the options name."""
        return {bare(each) for each in [*(options.get('domains') or ()), options.get('domain')] if each}

    def _domains_after(self, options, before):
        """The domains that the zone shall have."""
        stays = () if options['prune'] and options.get('domains') is not None else before
        return sorted(self._domains(options).union(stays))

    def _pairs(self, options, raw):
        """See dns_records.pair(): the records that are there, and those of the options."""
        wanted = [record for item in options['records'] for record in dns_records.records_of(item)]
        return dns_records.pair(raw['records'] if raw else [], wanted, options['prune'],
                                self._domains_after(options, domains(raw) if raw else ()))

    def predict(self, change):
        if not change.creates:
            return {}, ()
        return {name: value for name, value in {'ttl': 0, 'domains': [], 'records': []}.items()
                if name not in change.fields}, ()

    def create(self, change):
        wanted, there = change.options.get('records') or (), change.found['there']
        records = [dns_records.created(new) for _old, new in self._pairs(change.options, None)] if wanted else []
        zone, listed, name = Ref('create', ('id',)), change.new('domains', ()), change.new('name')
        own = [{'domain': domain} for domain in listed if domain not in there]
        parameters = {'nickname': name, 'ttl': change.new('ttl'), 'records': records[:WITH_ZONE], 'domains': own}
        make = Step('dns.zone_create', {key: value for key, value in parameters.items() if value not in (None, [])},
                    'make the zone %s with %d domains and %d records' % (name, len(own), len(records[:WITH_ZONE])),
                    id='create', lookup=Lookup('dns.zone_list', {'nickname': name}, key='id',
                                               known=tuple(each['id'] for each in self.zones)))
        steps = dns_records.steps([(None, dns_records.full(record)) for record in records[WITH_ZONE:]], zone)
        steps += [self._attach(change, domain, zone) for domain in listed if domain in there]
        change.found['steps'] = steps
        return self.reload(change, [make, *steps])

    def update(self, change):
        steps = []
        changed = {'nickname': change.new('name'), 'ttl': change.new('ttl')}
        changed = {name: value for name, value in changed.items() if value is not None}
        if changed:
            steps.append(Step('dns.zone_update', dict(changed, id=change.id), 'change the zone %s: %s' % (
                change.before['name'], ', '.join('%s %s' % pair for pair in changed.items())), id='zone',
                batch='records'))
        before = change.before['domains']
        after = change.new('domains', before)
        steps += [self._attach(change, domain, change.id) for domain in after if domain not in before]
        steps += [Step('dns.zone_domain_delete', {'domain': item['domain']}, 'remove the domain %s' % item['domain'],
                       id='domain %s' % item['domain'].lower(), destructive=True, batch='records')
                  for item in change.raw['domains'] if item['domain'].lower() not in after]
        if 'records' in change.fields:
            # What frees a name for another record comes in a request before.
            steps = dns_records.steps(self._pairs(change.options, change.raw), change.id, after) + steps
        change.found['steps'] = steps
        return self.reload(change, steps)

    @staticmethod
    def _attach(change, domain, zone_id):
        there = domain in change.found['there']
        return Step('dns.zone_domain_update' if there else 'dns.zone_domain_create',
                    {'domain': domain, 'zone_id': zone_id}, 'attach the domain %s' % domain, id='domain %s' % domain,
                    batch='records')

    def delete(self, change):
        zone = change.before
        return self.reload(change, [Step(
            'dns.zone_delete', {'id': change.id}, 'delete the zone %s with its %d domains and %d records' % (
                zone['name'], len(zone['domains']), len(change.raw['records'])), id='delete', destructive=True)])


def told(zone):
    return 'the zone %s (%s)' % (zone['nickname'], zone['id'])


def fits(zone, name, domain):
    """Whether a zone is what these name."""
    return name in (None, zone['nickname']) and (domain is None or domain in domains(zone))
