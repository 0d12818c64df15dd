# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key of a task: the same for all spellings of a name that are one name to the provider."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_record import DNS_RECORD
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_reverse import DNS_REVERSE
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_zone import DNS_ZONE
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.resources.firewall_rule_group import FIREWALL_RULE_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP

RECORD = {'domain': 'example.com', 'name': 'www', 'type': 'A'}
V6 = {'address': '2001:db8::a'}, {'address': '2001:0DB8:0::A'}


@pytest.mark.parametrize('resource, provider, one, other, same', [
    (DNS_ZONE, 'memset', {'domain': 'u.com'}, {'domain': 'U.com.'}, True),
    (DNS_ZONE, 'memset', {'domain': 'u.com'}, {'domain': 'v.com'}, False),
    # Nicknames are compared as they are.
    (DNS_ZONE, 'memset', {'name': 'mine'}, {'name': 'Mine'}, False),
    (DNS_RECORD, 'memset', RECORD, dict(RECORD, name='WWW', domain='Example.com.'), True),
    (DNS_RECORD, 'memset', RECORD, dict(RECORD, type='AAAA'), False),
    (DNS_RECORD, 'memset', dict(RECORD, name='a.b'), dict(RECORD, name='A.b.'), True),
    (DNS_REVERSE, 'memset', *V6, True),
    (DNS_REVERSE, 'upcloud', *V6, True),
    (STATIC_IP, 'upcloud', *V6, True),
    (STATIC_IP, 'upcloud', {'address': V6[0]['address']}, {'id': V6[1]['address']}, True),
    (STATIC_IP, 'memset', {'addresses': ['192.0.2.1', '192.0.2.2']}, {'addresses': ['192.0.2.2', '192.0.2.1']}, True),
    (STATIC_IP, 'memset', {'addresses': ['192.0.2.1']}, {'addresses': ['192.0.2.2']}, False),
    (SERVER, 'memset', {'name': 'web1'}, {'name': 'Web1'}, False),
    (FIREWALL_RULE_GROUP, 'upcloud', {'name': 'web1'}, {'name': 'Web1'}, True),
    (DRIVE, 'upcloud', {'name': 'data'}, {'name': 'Data'}, False),
])
def test_spellings_of_one_name_have_one_key(resource, provider, one, other, same):
    keys = [resource.crossing(provider).key(options) for options in (one, other)]
    assert (keys[0] == keys[1]) == same and all(isinstance(word, str) for key in keys for word in key)
