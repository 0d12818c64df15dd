# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what the APIs show of an address is read, and what several have in common."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP, same


@pytest.mark.parametrize('one, other, equal', [
    ('2001:db8::1', '2001:0DB8:0:0:0:0:0:1', True), ('192.0.2.1', '192.0.2.1', True), ('192.0.2.1', '192.0.2.2', False),
    ('x', 'x', True), ('x', '192.0.2.1', False)])
def test_addresses_are_the_same_however_they_are_spelt(one, other, equal):
    assert same(one, other) is equal


@pytest.mark.parametrize('claimed, server', [
    (None, None), ('', None), ('5d5e', '5d5e'), ('host:guest:5d5e:nic:0', '5d5e')])
def test_who_claims_a_static_address(claimed, server):
    state = STATIC_IP.crossing('cloudsigma').project({
        'resource': '192.0.2.1', 'claimed': claimed, 'nameserver': '192.0.2.2 192.0.2.3'})
    assert state['server'] == server and state['nameservers'] == ['192.0.2.2', '192.0.2.3']
    assert (state['id'], state['address'], state['addresses'], state['count']) == (
        '192.0.2.1', '192.0.2.1', ['192.0.2.1'], 1)


def test_of_several_what_they_have_in_common():
    crossing = STATIC_IP.crossing('upcloud')
    raws = [{'address': '192.0.2.%d' % number, 'family': 'IPv4', 'access': 'public', 'floating': 'yes',
             'zone': 'fi-hel1', 'server': server} for number, server in ((1, 'a'), (2, 'b'))]
    state = crossing.project({'addresses': raws})
    assert state['zone'] == 'fi-hel1' and state['floating'] is True and 'server' not in state
    assert state['count'] == 2 and state['id'] is None and state['addresses'] == ['192.0.2.1', '192.0.2.2']
    assert crossing.project({'addresses': []})['count'] == 0


def test_memsets_addresses_with_their_server():
    state = STATIC_IP.crossing('memset').project({
        'address': '10.1.2.3', 'item': {'address': '10.1.2.3'}, 'server': 'aa1', 'primary': False, 'zones': []})
    assert (state['access'], state['family'], state['server'], state['zone']) == ('private', 'IPv4', 'aa1', None)
    assert state['provider_options'] == {'primary': False} and state['raw'] == {'address': '10.1.2.3'}
