# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the DNS records that are there to those that are wanted, without a network."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.indie.cloud.plugins.module_utils.providers.memset import dns_records

# Few names and values, so that much clashes.
VALUES = {'A': ['192.0.2.1', '192.0.2.2'], 'AAAA': ['2001:db8::1', '2001:DB8::1'], 'TXT': ['a', 'A'],
          'MX': ['mx.example.net', 'MX.example.net.'], 'CNAME': ['x.example.net', 'y.example.net']}
KINDS = st.sampled_from(sorted(VALUES))
RECORDS = KINDS.flatmap(lambda kind: st.fixed_dictionaries({
    'record': st.sampled_from(['', 'www', 'WWW', '*', 'www.g.com', 'WWW.g.com.', 'www.h.com', 'g.com']),
    'type': st.just(kind),
    'address': st.sampled_from(VALUES[kind]), 'ttl': st.sampled_from([0, 300]),
    'priority': st.sampled_from([0, 10] if kind == 'MX' else [0]), 'relative': st.booleans()}))
ZONES = st.lists(RECORDS, max_size=8).map(lambda found: [
    dict(record, id='%032x' % number, zone_id='z') for number, record in enumerate(found)])


# The zone's own; names are the same however they are spelt.
DOMAINS = st.sampled_from([(), ('g.com',), ('g.com', 'h.com')])


def without_clashes(found, domains=()):
    """The records less those that could not be listed together."""
    kept = []
    for record in found:
        if not dns_records.clashes(kept + [record], domains):
            kept.append(record)
    return kept


LISTED = st.lists(RECORDS, max_size=8)
WANTED = LISTED.map(without_clashes)
UNSAID = {'ttl': None, 'priority': None, 'relative': None}


def play(current, steps, order=reversed):
    """What the API makes of the steps, with the state after each; each batch backwards or otherwise, for its order is
    not documented."""
    there, states = {record['id']: record for record in current}, []
    for _dummy, group in itertools.groupby(steps, key=lambda step: step.batch):
        for step in order(list(group)):
            answers = {}
            values = dict(step.parameters)
            if step.operation == 'dns.zone_record_delete':
                answers[step.id] = there.pop(values['id'])
            elif step.operation == 'dns.zone_record_update':
                answers[step.id] = there[values['id']] = {**there[values['id']], **values}
            else:
                answers[step.id] = there[step.id] = {**dns_records.full(values), 'id': step.id, 'zone_id': 'z'}
            states.append((list(there.values()), answers))
    return states


def meaning(record, domains):
    return (dns_records.answered(record, domains), *dns_records.key(record)[1:])


def plain(records):
    return sorted(map(str, map(dns_records.full, records)))


@given(ZONES, LISTED, st.booleans(), DOMAINS)
def test_the_steps_lead_to_what_is_planned_and_a_repeat_does_nothing(current, wanted, prune, domains):
    wanted = without_clashes(wanted, domains)
    pairs = dns_records.pair(current, wanted, prune, domains)
    steps = dns_records.steps(pairs, 'z', domains)
    states = play(current, steps)
    found = states[-1][0] if states else current
    assert plain(found) == plain(dns_records.after(pairs))
    assert dns_records.steps(dns_records.pair(found, wanted, prune, domains), 'z', domains) == []
    # Every wanted one is there; with prune nothing else is, without it nothing that has its place went.
    keys, listed = ([meaning(record, domains) for record in each] for each in (found, wanted))
    assert all(each in keys for each in listed)
    if prune:
        assert sorted(keys) == sorted(listed)
    else:
        aliases, spelt = dns_records.aliases(wanted, domains), set(map(dns_records.key, wanted))
        assert all(meaning(record, domains) in keys for record in current if dns_records.key(record) not in spelt
                   and (record['type'] != 'CNAME' or not aliases.issuperset(dns_records.answered(record, domains))))
    # What the answers tell is what there is.
    answers = {name: answer for dummy, each in states for name, answer in each.items()}
    zone = dns_records.applied({'id': 'z', 'records': current, 'domains': []}, steps, answers)
    assert plain(zone['records']) == plain(found)
    assert {record['id'] for record in zone['records']} == {record['id'] for record in found}


@pytest.mark.parametrize('order', [list, reversed])
@given(one=LISTED, other=LISTED, domains=DOMAINS)
def test_a_name_never_has_an_alias_beside_others_on_the_way(order, one, other, domains):
    one, other = without_clashes(one, domains), without_clashes(other, domains)
    current = [dict(record, id='%032x' % number, zone_id='z') for number, record in enumerate(one)]
    pairs = dns_records.pair(current, other, True, domains)
    for found, _dummy in play(current, dns_records.steps(pairs, 'z', domains), order):
        assert not [text for text in dns_records.clashes(found, domains) if 'beside' in text]


@pytest.mark.parametrize('order', [list, reversed])
@pytest.mark.parametrize('one, other', [
    # An address moves to a name that an alias leaves, and the two change their places.
    ([('www.g.com', 'AAAA', True), ('www', 'CNAME', False)], [('www.g.com', 'AAAA', False), ('www', 'A', False)]),
    ([('www.g.com', 'A', True), ('www.g.com', 'CNAME', False)],
     [('www.g.com', 'A', False), ('www.g.com', 'CNAME', True)]),
])
def test_what_moves_to_a_name_waits_until_the_alias_there_is_gone(one, other, order):
    values = {'A': '192.0.2.1', 'AAAA': '2001:db8::1', 'CNAME': 'x.org.'}
    current, wanted = ([{'record': name, 'type': kind, 'address': values[kind], 'ttl': 0, 'priority': 0,
                         'relative': relative} for name, kind, relative in listed] for listed in (one, other))
    current = [dict(record, id='%032x' % number, zone_id='z') for number, record in enumerate(current)]
    pairs = dns_records.pair(current, wanted, True, ('g.com',))
    states = play(current, dns_records.steps(pairs, 'z', ('g.com',)), order)
    assert plain(states[-1][0]) == plain(wanted)
    assert not [text for found, _dummy in states for text in dns_records.clashes(found, ('g.com',))]


@pytest.mark.parametrize('old, new, wrote', [
    # The same name in a zone of one domain, so also the same record.
    (('www.g.com', 'A', False), ('www', 'A', None), {}),
    (('www', 'A', True), ('WWW.g.com.', 'A', False), {}),
    (('a.b', 'A', True), ('a.b.g.com', 'A', False), {}),
    (('g.com', 'A', False), ('', 'A', None), {}),
    # Of another type it takes its place.
    (('www.g.com', 'A', False), ('www', 'CNAME', None), {'record': 'www', 'type': 'CNAME', 'address': 'x.org.'}),
])
def test_a_name_is_the_same_relative_and_absolute(old, new, wrote):
    found, wanted = ({**UNSAID, 'record': name, 'type': kind, 'address': 'x.org.' if kind == 'CNAME' else '192.0.2.1',
                      'relative': relative} for name, kind, relative in (old, new))
    pairs = dns_records.pair([dict(found, id='1')], [wanted], True, ('g.com',))
    steps = dns_records.steps(pairs, 'z', ('g.com',))
    assert [step.parameters for step in steps] == ([dict(wrote, id='1')] if wrote else [])


@given(ZONES, st.booleans())
def test_the_sets_of_a_zone_are_an_option_that_changes_nothing(current, prune):
    current = without_clashes(current)
    sets = dns_records.sets_of(current)
    wanted = [record for item in sets for record in dns_records.records_of(item)]
    assert dns_records.steps(dns_records.pair(current, wanted, prune), 'z') == []
    assert sorted(map(dns_records.key, wanted)) == sorted(map(dns_records.key, current))


@given(ZONES, WANTED)
def test_what_is_not_said_changes_nothing(current, wanted):
    current = without_clashes(current)
    there = {dns_records.key(record) for record in current}
    bare = [{**record, **UNSAID} for record in wanted if dns_records.key(record) in there]
    assert dns_records.steps(dns_records.pair(current, bare, prune=False), 'z') == []


def test_a_new_value_is_as_the_others_of_its_set():
    current = [{'id': '1', 'record': 'www', 'type': 'A', 'address': '192.0.2.1', 'ttl': 300, 'priority': 0,
                'relative': True}]
    new = {'record': 'www', 'type': 'A', 'address': '192.0.2.2', **UNSAID}
    step, = dns_records.steps(dns_records.pair(current, [new], prune=False), 'z')
    assert step.parameters == {'zone_id': 'z', 'record': 'www', 'type': 'A', 'address': '192.0.2.2', 'ttl': 300,
                               'relative': True}
    # With others that differ there is nothing to go by.
    current.append(dict(current[0], id='2', address='192.0.2.3', ttl=600, relative=True))
    step, = dns_records.steps(dns_records.pair(current, [new], prune=False), 'z')
    assert 'ttl' not in step.parameters


def test_the_priority_is_sent_only_where_it_means_something():
    full = dns_records.full({'record': '', 'type': 'MX', 'address': 'mx'})
    assert dns_records.created(full) == {'record': '', 'type': 'MX', 'address': 'mx', 'priority': 0}
    assert dns_records.created(dict(full, type='NS')) == {'record': '', 'type': 'NS', 'address': 'mx'}


@pytest.mark.parametrize('kind, text', [
    ('A', '192.0.2.1'), ('AAAA', '2001:db8::1'), ('CNAME', 'x'), ('CNAME', '_a.b-c.example.com.'), ('MX', '.'),
    ('MX', '1.example.com'), ('NS', 'ns1.example.com'), ('SRV', '0 443 .'), ('SRV', '10 5060 sip.example.com.'),
    ('TXT', 'v=DKIM1; k=rsa; p=' + 'A' * 216), ('TXT', '"a" "b"'), ('TXT', '{{ x }}'), ('TXT', 'x' * 250)])
def test_values_that_are_right(kind, text):
    assert dns_records.value_problem(kind, text) == ''


@pytest.mark.parametrize('kind, text', [
    ('A', '192.0.2.01'), ('A', ' 192.0.2.1'), ('AAAA', '192.0.2.1'), ('CNAME', '.'), ('CNAME', 'a..b'), ('NS', '-a'),
    ('NS', 'a-.b'), ('MX', 'x' * 64), ('MX', '192.0.2.1'), ('SRV', '0 443'), ('SRV', '0 x sip'), ('SRV', '0  443 sip'),
    ('TXT', 'x' * 251), ('TXT', '\t'), ('TXT', 'a\u00e9'), ('TXT', None), ('TXT', 1.5), ('TXT', True), ('TXT', '')])
def test_values_that_are_wrong(kind, text):
    assert dns_records.value_problem(kind, text)
