# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The order of steps in which a Memset rule group changes, tried on a model: no state between is a gap."""

from __future__ import annotations

import functools
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.indie.cloud.plugins.module_utils import firewall
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset import rule_order

HOSTS = {'192.0.2.1': {'192.0.2.1', '192.0.2.0/24', '0.0.0.0/0'}, '192.0.2.9': {'192.0.2.0/24', '0.0.0.0/0'},
         '198.51.100.1': {'198.51.100.1', '0.0.0.0/0'}, '2001:db8::1': {'2001:db8::/32', '::/0'},
         '2001:4860::1': {'::/0'}}
SOURCES = [[], ['192.0.2.1'], ['192.0.2.0/24'], ['198.51.100.1'], ['2001:db8::/32'], ['192.0.2.0/24', '198.51.100.1'],
           ['192.0.2.0/24', '2001:db8::/32'], ['192.0.2.1', '::/0']]
PACKETS = list(itertools.product(('in', 'out'), HOSTS, ('tcp', 'udp', 'icmp', 'gre'), ('22', '80')))
DEFAULT = 'default'


@functools.lru_cache(maxsize=None)
def _matches(direction, family, sources, protocol, ports, packet):
    """Written apart from the code that is tested, on its own small world."""
    if packet[0] != direction or family not in ('any', 'ipv6' if ':' in packet[1] else 'ipv4'):
        return False
    if sources and not HOSTS[packet[1]] & set(sources):
        return False
    if protocol == 'any':
        return True
    return packet[2] in protocol.split(',') and (not ports or packet[3] in ports)


def matches(rule, packet):
    return _matches(rule['direction'], rule['family'], tuple(rule['sources']), rule['protocol'],
                    tuple(rule['destination_ports']), packet)


def decided(rules, packet):
    """What becomes of a packet; nothing says what an unmatched one gets, so that is a verdict of its own."""
    return next((rule['action'] for rule in rules if matches(rule, packet)), DEFAULT)


def verdicts(rules):
    rules = sorted(rules, key=lambda each: each['ordering'])
    return [decided(rules, packet) for packet in PACKETS]


class Group:
    """A rule group as the API has it: a number is one rule's alone, and there is a limit to rules."""

    def __init__(self, rules, limit):
        self.rules, self.limit = {rule['id']: dict(rule) for rule in rules}, limit

    def do(self, step):
        if step[0] == 'delete':
            del self.rules[step[1]]
        elif step[0] == 'create':
            assert len(self.rules) < self.limit
            self.rules['new%d' % id(step)] = dict(step[1], ordering=step[2])
        else:
            rule = self.rules[step[1]]
            assert step[2] is None or step[2]['direction'] == rule['direction']
            number = rule['ordering'] if step[3] is None else step[3]
            rule.update({} if step[2] is None else step[2], ordering=number)
        numbers = [rule['ordering'] for rule in self.rules.values()]
        assert len(set(numbers)) == len(numbers) and all(1 <= number <= self.limit for number in numbers)

    def verdicts(self):
        return verdicts(self.rules.values())

    def listed(self):
        ordered = sorted(self.rules.values(), key=lambda rule: rule['ordering'])
        return [[dict(rule, ordering=None, id=None) for rule in ordered if rule['direction'] == direction]
                for direction in ('in', 'out')]


@st.composite
def rule(draw):
    protocol = draw(st.sampled_from(['any', 'tcp', 'udp', 'tcp,udp', 'icmp']))
    ports = draw(st.sampled_from([[], ['22'], ['80'], ['22', '80']])) if protocol in firewall.WITH_PORTS else []
    return firewall.normal({
        'action': draw(st.sampled_from(['accept', 'drop', 'reject'])), 'protocol': protocol,
        'sources': draw(st.sampled_from(SOURCES)), 'destination_ports': ports,
        'direction': draw(st.sampled_from(['in', 'in', 'in', 'out'])), 'comment': draw(st.sampled_from(['', 'a']))})


@st.composite
def lists(draw, limit, most=None):
    """(current rules with numbers, wanted rules): the wanted ones are partly the current ones, changed or not."""
    most = most or limit
    current = draw(st.lists(rule(), max_size=most))
    numbers = sorted(draw(st.permutations(range(1, limit + 1)))[:len(current)])
    current = [dict(each, id='r%d' % number, ordering=number) for each, number in zip(current, numbers)]
    fresh = draw(st.lists(rule(), max_size=most))
    kept = draw(st.permutations(current)) if draw(st.booleans()) else current
    kept = [dict(each, id=None, ordering=None) for each in kept if draw(st.integers(0, 3))]
    wanted = kept[:]
    for each in fresh:
        if len(wanted) < most:
            wanted.insert(draw(st.integers(0, len(wanted))), each)
    numbers = sorted(draw(st.permutations(range(1, limit + 1)))[:len(wanted)])
    numbers = numbers if draw(st.booleans()) else [None] * limit
    return current, [dict(each, ordering=number) for each, number in zip(wanted, numbers)]


def run(current, wanted, limit, safe=True, **options):
    """Do the steps one by one. Every state decides each packet as before or as after."""
    steps = rule_order.plan(current, wanted, limit=limit, **options)
    group = Group(current, limit)
    before = group.verdicts()
    after = verdicts(dict(each, ordering=index) for index, each in enumerate(wanted))
    for step in steps:
        group.do(step)
        if safe:
            for packet, now, was, will in zip(PACKETS, group.verdicts(), before, after):
                assert now in (was, will), (step, packet)
    assert group.verdicts() == after
    expected = [[dict(each, ordering=None, id=None) for each in wanted if each['direction'] == direction]
                for direction in ('in', 'out')]
    assert group.listed() == expected
    return steps


@settings(max_examples=120, deadline=None)
@given(lists(16, 8))
def test_no_state_between_is_a_gap_where_there_is_room(found):
    run(*found, limit=16)


@settings(max_examples=120, deadline=None)
@given(lists(6))
def test_where_room_is_scarce_it_is_refused_or_done_without_a_gap(found):
    current, wanted = found
    try:
        run(current, wanted, limit=6)
    except rule_order.NoRoom:
        assert len(current) + len(wanted) > 6
        run(current, wanted, limit=6, safe=False, allow_gap=True)


@settings(max_examples=60, deadline=None)
@given(lists(16, 6), st.data())
def test_a_run_that_was_cut_off_goes_on_without_a_gap(found, data):
    current, wanted = found
    steps = rule_order.plan(current, wanted, limit=16)
    group = Group(current, 16)
    for step in steps[:data.draw(st.integers(0, len(steps)))]:
        group.do(step)
    left = [dict(each, id=key) for key, each in group.rules.items()]
    left.sort(key=lambda each: (each['direction'], each['ordering']))
    again = run(left, wanted, limit=16)
    assert run(*_done(left, again, 16), wanted, limit=16) == []


def _done(rules, steps, limit):
    group = Group(rules, limit)
    for step in steps:
        group.do(step)
    return [sorted((dict(each, id=key) for key, each in group.rules.items()),
                   key=lambda each: (each['direction'], each['ordering']))]


@settings(max_examples=500, deadline=None)
@given(rule(), rule())
def test_what_covers_and_what_overlaps(one, other):
    met = {packet for packet in PACKETS if matches(one, packet)}
    also = {packet for packet in PACKETS if matches(other, packet)}
    if firewall.covers(one, other):
        assert also <= met
    if met & also:
        assert firewall.overlaps(one, other)
    if not firewall.overlaps(one, other):
        assert not met & also


def simple(*specs):
    """Rules of (action, port)."""
    return [firewall.normal({'action': action, 'protocol': 'tcp' if port else 'any',
                             'destination_ports': [str(port)] if port else []}) for action, port in specs]


def numbered(rules, *numbers):
    numbers = numbers or range(1, len(rules) + 1)
    return [dict(each, id='r%d' % number, ordering=number) for each, number in zip(rules, numbers)]


WEB = [('accept', 22), ('accept', 80), ('drop', None)]


@pytest.mark.parametrize('current, wanted, expected', [
    (WEB, WEB, []),
    # A rule is rewritten in its place.
    (WEB, [('accept', 2222), ('accept', 80), ('drop', None)], [('update', 'r1', 2222, None)]),
    (WEB, [('drop', 22), ('accept', 80), ('drop', None)], [('update', 'r1', 22, None)]),
    (WEB, [('accept', 80), ('drop', None)], [('delete', 'r1')]),
    # Room is made first, from the highest number on; then the new rule comes in.
    (WEB, [('accept', 22), ('accept', 443), ('accept', 80), ('drop', None)],
     [('update', 'r3', None, 4), ('update', 'r2', None, 3), ('create', 443, 2)]),
    # Two that move past each other but match nothing in common: one of them moves.
    ([('accept', 22), ('accept', 80)], [('accept', 80), ('accept', 22)], [('update', 'r1', 22, 3)]),
    ([], WEB, [('create', 22, 1), ('create', 80, 2), ('create', None, 3)]),
    (WEB, [], [('delete', 'r3'), ('delete', 'r2'), ('delete', 'r1')]),
])
def test_plans(current, wanted, expected):
    def shown(step):
        return tuple(part if not isinstance(part, dict) else int(part['destination_ports'][0])
                     if part['destination_ports'] else None for part in step)
    assert [shown(step) for step in run(numbered(simple(*current)), simple(*wanted), 30)] == expected


def test_room_between_numbers_is_used():
    current = numbered(simple(*WEB), 10, 20, 30)
    steps = run(current, simple(('accept', 22), ('accept', 443), ('accept', 80), ('drop', None)), 30)
    assert [step[0] for step in steps] == ['create'] and 10 < steps[0][2] < 20


def test_a_full_group_that_is_turned_over():
    current = numbered(simple(*[('accept' if number % 2 else 'drop', number) for number in range(1, 30)],
                              ('drop', None)))
    # Rules that have nothing to do with each other are rewritten in place, also without a free slot.
    steps = run(current, simple(*[('drop' if number % 2 else 'accept', number) for number in range(1, 30)],
                                ('accept', None)), 30)
    assert len(steps) == 30


def test_a_free_slot_is_needed_and_is_enough():
    """Both match the same packets and trade places: one needs a slot beside the other for a moment."""
    pair = [firewall.normal({'action': 'accept', 'sources': ['192.0.2.0/24']}),
            firewall.normal({'action': 'drop', 'sources': ['192.0.2.1', '198.51.100.1']})]
    run(numbered(pair), pair[::-1], 3)
    with pytest.raises(rule_order.NoRoom):
        run(numbered(pair), pair[::-1], 2)
    run(numbered(pair), pair[::-1], 2, safe=False, allow_gap=True)
