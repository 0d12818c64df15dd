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
    'record': st.sampled_from(['', 'www', 'WWW', '*']), 'type': st.just(kind),
    'address': st.sampled_from(VALUES[kind]), 'ttl': st.sampled_from([0, 300]),
    'priority': st.sampled_from([0, 10] if kind == 'MX' else [0]), 'relative': st.booleans()}))
ZONES = st.lists(RECORDS, max_size=8).map(lambda found: [
    dict(record, id='%032x' % number, zone_id='z') for number, record in enumerate(found)])


def without_clashes(found):
    """The records less those that could not be listed together."""
    kept = []
    for record in found:
        if not dns_records.clashes(kept + [record]):
            kept.append(record)
    return kept


WANTED = st.lists(RECORDS, max_size=8).map(without_clashes)
UNSAID = {'ttl': None, 'priority': None, 'relative': None}


def play(current, steps):
    """What the API makes of the steps, with the state after each request; each batch backwards, for its order is not
    documented."""
    there, states = {record['id']: record for record in current}, []
    for _dummy, group in itertools.groupby(steps, key=lambda step: step.batch):
        answers = {}
        for step in reversed(list(group)):
            values = dict(step.parameters)
            if step.operation == 'dns.zone_record_delete':
                answers[step.id] = there.pop(values['id'])
            elif step.operation == 'dns.zone_record_update':
                answers[step.id] = there[values['id']] = {**there[values['id']], **values}
            else:
                answers[step.id] = there[step.id] = {**dns_records.full(values), 'id': step.id, 'zone_id': 'z'}
        states.append((list(there.values()), answers))
    return states


def plain(records):
    return sorted(map(str, map(dns_records.full, records)))


@given(ZONES, WANTED, st.booleans())
def test_the_steps_lead_to_what_is_planned_and_a_repeat_does_nothing(current, wanted, prune):
    pairs = dns_records.pair(current, wanted, prune)
    steps = dns_records.steps(pairs, 'z')
    states = play(current, steps)
    found = states[-1][0] if states else current
    assert plain(found) == plain(dns_records.after(pairs))
    assert dns_records.steps(dns_records.pair(found, wanted, prune), 'z') == []
    # Every wanted one is there; with prune nothing else is, without it nothing that has its place went.
    keys = sorted(map(dns_records.key, found))
    assert set(map(dns_records.key, wanted)) <= set(keys)
    if prune:
        assert keys == sorted(map(dns_records.key, wanted))
    else:
        aliases = {record['record'].lower() for record in wanted if record['type'] == 'CNAME'}
        stay = {dns_records.key(record) for record in current
                if record['type'] != 'CNAME' or record['record'].lower() not in aliases}
        assert stay <= set(keys)
    # What the answers tell is what there is.
    answers = {name: answer for dummy, each in states for name, answer in each.items()}
    zone = dns_records.applied({'id': 'z', 'records': current, 'domains': []}, steps, answers)
    assert plain(zone['records']) == plain(found)
    assert {record['id'] for record in zone['records']} == {record['id'] for record in found}


@given(WANTED, WANTED)
def test_a_name_never_has_an_alias_beside_others_on_the_way(one, other):
    current = [dict(record, id='%032x' % number, zone_id='z') for number, record in enumerate(one)]
    pairs = dns_records.pair(current, other, prune=True)
    for found, _dummy in play(current, dns_records.steps(pairs, 'z')):
        assert not [text for text in dns_records.clashes(found) if 'beside' in text]


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
