# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Firewall rules in the words of Memset and UpCloud, both ways."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.indie.cloud.plugins.module_utils import firewall
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset import firewall_rule_group as memset
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud import firewall_rule_group as upcloud

ADDRESSES = ['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '198.51.100.7/25', '2001:DB8::/32', '::/0', '2001:db8:0::1']


@st.composite
def rules(draw):
    protocol = draw(st.sampled_from(['any', 'tcp', 'tcp,udp', 'udp', 'icmp']))
    ports = st.lists(st.integers(1, 65535).map(str), max_size=3) if protocol in firewall.WITH_PORTS else st.just([])
    return {'action': draw(st.sampled_from(['accept', 'drop'])), 'direction': draw(st.sampled_from(['in', 'out'])),
            'protocol': protocol, 'family': draw(st.sampled_from([None, 'any', 'ipv4', 'ipv6'])),
            'sources': draw(st.lists(st.sampled_from(ADDRESSES), max_size=3)),
            'destinations': draw(st.lists(st.sampled_from(ADDRESSES), max_size=2)),
            'source_ports': draw(ports), 'destination_ports': draw(ports), 'comment': draw(st.text(max_size=5))}


@settings(max_examples=300, deadline=None)
@given(rules())
def test_a_rule_comes_back_from_memset_as_it_went(rule):
    assume(firewall.refusal(rule) is None)
    wanted = dict(firewall.normal(rule), ordering=7)
    assert memset.rule_in(dict(memset.rule_out(wanted), ordering=7)) == wanted
    assert firewall.normal(wanted) == wanted


@settings(max_examples=300, deadline=None)
@given(rules())
def test_single_rules_come_back_from_upcloud_and_match_what_the_whole_did(rule):
    assume(firewall.refusal(rule) is None)
    whole = firewall.normal(rule)
    singles = upcloud.single([whole])
    assert singles and upcloud.single(singles) == singles
    for one in singles:
        assert upcloud.rule_in(upcloud.rule_out(one)) == one
        assert firewall.covers(whole, one)


def test_a_rule_as_memset_takes_it():
    rule = firewall.normal({'action': 'accept', 'protocol': 'tcp', 'sources': ['192.0.2.9/24', '2001:db8::/32'],
                            'destination_ports': ['443', '80'], 'comment': 'web'})
    assert memset.rule_out(rule) == {
        'action': 'ACCEPT', 'direction': 'Inbound', 'ip_version': 'any', 'protocols': 'tcp', 'comment': 'web',
        'source_ips': '192.0.2.0/24', 'source_ip6s': '2001:db8::/32', 'dest_ips': 'any', 'dest_ip6s': 'any',
        'source_ports': 'any', 'dest_ports': '80,443'}


def test_a_rule_for_addresses_of_one_family_leaves_the_other_alone():
    """With ip_version any, a list of IPv4 addresses would let all of IPv6 in."""
    assert memset.rule_out(firewall.normal({'action': 'accept', 'sources': ['192.0.2.1']}))['ip_version'] == 'ipv4'


@pytest.mark.parametrize('version', ['any', 'all', None])
def test_memset_calls_both_families_any_or_all(version):
    assert memset.rule_in({'action': 'DROP', 'ordering': 1, 'ip_version': version})['family'] == 'any'


def test_a_rule_as_upcloud_takes_it():
    rule, = upcloud.single([firewall.normal({
        'action': 'drop', 'protocol': 'udp', 'sources': ['192.0.2.0/30'], 'destination_ports': ['53-54']})])
    assert upcloud.rule_out(rule) == {
        'direction': 'in', 'action': 'drop', 'family': 'IPv4', 'protocol': 'udp', 'source_address_start': '192.0.2.0',
        'source_address_end': '192.0.2.3', 'destination_port_start': '53', 'destination_port_end': '54'}
