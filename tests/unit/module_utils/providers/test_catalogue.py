# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The projections of catalogues: what the APIs leave out, and what they spell in more than one way."""

from __future__ import annotations

from ansible_collections.indie.cloud.plugins.module_utils.providers.cloudsigma.account import CloudSigmaAccount
from ansible_collections.indie.cloud.plugins.module_utils.providers.cloudsigma.image import CloudSigmaImage
from ansible_collections.indie.cloud.plugins.module_utils.providers.elastichosts.image import ElasticHostsImage
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.account import MemsetAccount
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.image import MemsetImage
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.plan import MemsetPlan
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.account import UpCloudAccount
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.image import UpCloudImage
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.plan import UpCloudPlan, _prices
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.zone import UpCloudZone
from ansible_collections.indie.cloud.plugins.module_utils.resources.account import ACCOUNT
from ansible_collections.indie.cloud.plugins.module_utils.resources.image import IMAGE
from ansible_collections.indie.cloud.plugins.module_utils.resources.plan import PLAN
from ansible_collections.indie.cloud.plugins.module_utils.resources.zone import ZONE

GIB = 2 ** 30


def test_sizes_of_standard_drives_are_those_unpacked_and_rounded_up():
    eh, cs = ElasticHostsImage(IMAGE), CloudSigmaImage(IMAGE)
    assert eh.project({'drive': 'd', 'size': '100', 'rawsize': str(3 * GIB)})['size_gb'] == 3
    assert eh.project({'drive': 'd', 'size': str(GIB + 1)})['size_gb'] == 2
    assert eh.project({'drive': 'd'})['size_gb'] is None
    assert eh.project({'drive': 'd', 'media': 'cdrom'})['media'] == 'cdrom'
    assert cs.project({'drive': 'd', 'type': 'cdrom', 'bits': '32'})['media'] == 'cdrom'
    assert cs.project({'drive': 'd', 'type': 'disk'})['bits'] is None


def test_numbers_of_upcloud_may_be_text_and_what_is_left_out_is_null():
    plan = UpCloudPlan(PLAN).project({'name': 'x', 'core_number': '2', 'memory_amount': 4096, 'storage_size': 0})
    assert (plan['cpu_cores'], plan['memory_mb'], plan['size_gb'], plan['prices']) == (2, 4096, None, None)
    assert plan['provider_options']['current_offering'] is None
    image = UpCloudImage(IMAGE).project({'uuid': 'u', 'title': 't', 'type': 'cdrom', 'size': '3'})
    assert (image['size_gb'], image['zone'], image['media'], image['labels']) == (3, None, 'cdrom', {})


def test_a_zone_is_public_unless_the_api_says_otherwise():
    zone = UpCloudZone(ZONE)
    assert zone.project({'id': 'a'})['access'] == 'public'
    told = zone.project({'id': 'b', 'public': 'no', 'parent_zone': 'a'})
    assert (told['access'], told['parent']) == ('private', 'a')


def test_a_price_is_told_for_the_zones_that_have_one():
    key = 'server_plan_S'
    prices = {'currency': 'EUR', 'zone': [{'name': 'a', key: {'amount': 1, 'price': 0.5}}, {'name': 'b'}]}
    assert _prices(prices, 'S') == [{'zone': 'a', 'currency': 'EUR', 'hourly': 0.5}]


def test_a_plan_of_memset_without_defaults_has_no_sizes():
    plan = MemsetPlan(PLAN).project({'sku': 'OSP-PUBLIC', 'default_params': {}, 'data_zones': None})
    assert (plan['memory_mb'], plan['size_gb'], plan['provider_options']) == (None, None, {'data_zones': []})


def test_systems_of_memset_tell_their_limits():
    crossing = MemsetImage(IMAGE)
    found = {raw['os']: crossing.project(raw) for raw in crossing.all(None)}
    assert len(found) == 17
    assert {name for name, image in found.items() if image['os'] == 'windows'} == {
        name for name in found if name.startswith('win')}
    assert found['win2019serverstd_64']['min_memory_mb'] == 2048
    assert found['win2016serverdc_64']['provider_options'] == {'types': ['fullserver']}
    assert found['debian_buster_64']['min_memory_mb'] is None


def test_accounts_tell_what_they_know_and_null_for_the_rest():
    memset = MemsetAccount(ACCOUNT)
    told = memset.project({'apikey': None, 'services': [{'type': 'vlan'}, {'type': 'vlan'}]})
    assert (told['id'], told['permissions'], told['services']) == ('own', None, {'vlan': 2})
    assert memset.project({'apikey': {'scopes': {'method': ['x']}}, 'services': None})['services'] is None
    plain = UpCloudAccount(ACCOUNT).project({'username': 'u', 'credits': 3, 'trial_mode': 1})
    assert (plain['permissions'], plain['provider_options']) == (None, {'trial_mode': True})
    sigma = CloudSigmaAccount(ACCOUNT).project({
        'profile': {'uuid': 'u', 'currency': 'EUR'}, 'balance': {'balance': '-1.50'}, 'usage': {'cpu': '3', 'x': ''}})
    assert (sigma['name'], sigma['balance'], sigma['currency']) == (None, -1.5, 'EUR')
    assert sigma['usage'] == {'cpu': 3.0, 'x': None}
