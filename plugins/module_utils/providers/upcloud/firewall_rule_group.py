# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall rules of a server of UpCloud's. The id is the server's UUID, the name its host name. The list is always
there, perhaps empty, and is replaced as a whole in one request."""

from __future__ import annotations

import ipaddress
import itertools

from ... import firewall
from ...errors import BadInput, Precondition
from ...resources.firewall_rule_group import FirewallCrossing, in_order
from ...steps import Step
from . import wire
from .client import UpCloudClient
from .host_names import called

FAMILIES = {'ipv4': 'IPv4', 'ipv6': 'IPv6'}
ADDRESSES = {'sources': 'source_address', 'destinations': 'destination_address'}
PORTS = {'source_ports': 'source_port', 'destination_ports': 'destination_port'}
LIMIT = 1000
RULES = '/server/{uuid}/firewall_rule'


def single(rules):
    """Normal rules as UpCloud can hold them: one family, protocol, address and port each. What an earlier one of them
    matches already is left out: the API takes no rule twice."""
    found = []
    for rule in rules:
        whole = rule['protocol'] == 'any' and not rule['sources'] and not rule['destinations']
        families = [rule['family']] if rule['family'] != 'any' or whole else ['ipv4', 'ipv6']
        for family, protocol in itertools.product(families, rule['protocol'].split(',')):
            parts = [[text for text in rule[name] if firewall.span(text)[0] == int(family[-1])] or [None]
                     for name in ADDRESSES] + [rule[name] or [None] for name in PORTS]
            for values in itertools.product(*parts):
                one = firewall.normal({**rule, 'family': family, 'protocol': protocol, **{
                    name: [value] if value else [] for name, value in zip((*ADDRESSES, *PORTS), values)}})
                if not any(firewall.same_match(one, other) for other in found):
                    found.append(one)
    return found


def rule_out(rule):
    """A single normal rule as the API takes it."""
    found = {'direction': rule['direction'], 'action': rule['action'], 'family': FAMILIES.get(rule['family'], ''),
             'protocol': '' if rule['protocol'] == 'any' else rule['protocol'], 'comment': rule['comment'],
             'icmp_type': '' if rule['icmp_type'] is None else str(rule['icmp_type'])}
    for field, name in ADDRESSES.items():
        for text in rule[field]:
            version, first, last = firewall.span(text)
            kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
            found.update({name + '_start': str(kind(first)), name + '_end': str(kind(last))})
    for field, name in PORTS.items():
        for text in rule[field]:
            first, last = firewall.port_span(text)
            found.update({name + '_start': str(first), name + '_end': str(last)})
    return {key: value for key, value in found.items() if value != ''}


def rule_in(raw):
    """A rule of the API's as a normal one."""
    family = str(raw.get('family') or 'any').lower()
    found = {'direction': raw['direction'], 'action': raw['action'], 'family': family, 'comment': raw.get('comment'),
             'protocol': raw.get('protocol') or 'any', 'icmp_type': wire.number(raw.get('icmp_type'))}
    for field, name in (*ADDRESSES.items(), *PORTS.items()):
        ends = [str(raw.get('%s_%s' % (name, end)) or '') for end in ('start', 'end')]
        found[field] = ['%s-%s' % (ends[0], ends[1] or ends[0])] if ends[0] else []
    return firewall.normal(found)


class UpCloudFirewallRuleGroup(FirewallCrossing):
    """raw is {server, rules}; the rules are None where only the servers were listed."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = {
        'name': {'update': 'no', 'normal': str.lower, 'hint': 'it is the host name of the server'},
        'rules': {'only': ('action', 'direction', 'family', 'protocol', 'sources', 'destinations', 'source_ports',
                           'destination_ports', 'icmp_type', 'comment'), 'maximum': LIMIT,
                  'sub': {'action': {'choices': ('accept', 'drop')},
                          'protocol': {'choices': ('any', 'tcp', 'udp', 'tcp,udp', 'icmp')},
                          'comment': {'pattern': '.{0,250}', 'hint': 'at most 250 characters'}}},
        'status': {},
    }
    refuses = {
        'servers': 'the rules are those of one server, named by id or name',
        'fallback_group': 'the rules are those of one server', 'rules.ordering': 'the place in the list is what counts',
    }
    in_list = ('id', 'name', 'servers')

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        return [{'server': server, 'rules': None} for server in work.client.call('GET /server')]

    def one(self, work, ident):
        server, rules = work.client.together(('GET /server/{uuid}', {'uuid': ident}), ('GET ' + RULES, {'uuid': ident}))
        return None if server is None else {'server': server, 'rules': rules or []}

    def find(self, work, ident, name):
        if ident is not None:
            return self.one(work, ident)
        found = called([raw['server'] for raw in self.all(work)], name)
        return None if found is None else self.detailed(work, [{'server': found, 'rules': None}])[0]

    def observe(self, work, options):
        """None, for absent, where there are no rules."""
        raw = super().observe(work, options)
        if raw is None and options['state'] != 'absent':
            raise Precondition('there is no server %r, whose rules these could be' % (options['id'] or options['name']))
        return None if raw is None or options['state'] == 'absent' and not raw['rules'] else raw

    def detailed(self, work, raws):
        calls = [('GET ' + RULES, {'uuid': raw['server']['uuid']}) for raw in raws]
        answers = work.client.together(*calls) if calls else []
        return [dict(raw, rules=rules) for raw, rules in zip(raws, answers) if rules is not None]

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        count = len(single([firewall.normal(rule) for rule in options.get('rules') or []]))
        if count > LIMIT:
            raise BadInput('rules: they are %d single rules for UpCloud, which takes %d' % (count, LIMIT),
                           provider=self.provider)

    def project(self, raw):
        server, rules = raw['server'], raw['rules']
        # Only details tell whether the firewall is on at all.
        on = wire.truth(server.get('firewall'))
        return {'id': server.get('uuid'), 'name': server.get('hostname'), 'servers': [server.get('uuid')],
                'status': None if on is None else 'active' if on else 'off',
                'rules': None if rules is None else sorted((rule_in(rule) for rule in rules),
                                                           key=lambda rule: rule['direction'])}

    def fill(self, wanted, options, before):
        wanted = dict(wanted, name=None)
        if wanted.get('rules') is not None:
            wanted['rules'] = in_order(single([firewall.normal(rule) for rule in wanted['rules']]))
        return wanted

    def predict(self, change):
        return {}, ('status',)

    def update(self, change):
        return [self._put(change, [rule_out(rule) for rule in change.new('rules')])]

    def delete(self, change):
        return [self._put(change, [])]

    @staticmethod
    def _put(change, rules):
        told = 'give server %s these %d firewall rules instead of its %d' % (
            change.before['name'], len(rules), len(change.before['rules']))
        return Step('PUT ' + RULES, {'uuid': change.id, 'firewall_rule': rules}, told, destructive=True)
