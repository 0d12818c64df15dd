# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""image_info, plan_info, zone_info and account_info on the sandbox."""

from __future__ import annotations

import json

import pytest
import runs
from playing import play

from ansible_collections.indie.cloud.plugins.module_utils import runner, spec
from ansible_collections.indie.cloud.plugins.module_utils.resources.account import ACCOUNT
from ansible_collections.indie.cloud.plugins.module_utils.resources.image import IMAGE
from ansible_collections.indie.cloud.plugins.module_utils.resources.plan import PLAN
from ansible_collections.indie.cloud.plugins.module_utils.resources.zone import ZONE

PAIRS = [(resource, provider) for resource in (IMAGE, PLAN, ZONE, ACCOUNT) for provider in resource.crossings]
# Requests that a plain list takes.
REQUESTS = {('image', 'memset'): 0, ('image', 'upcloud'): 2, ('account', 'cloudsigma'): 3}
# What is told of no public thing, and not of an account without services.
SILENT = {('image', 'upcloud'): {'zone'}, ('zone', 'upcloud'): {'parent'}}


@pytest.fixture(autouse=True)
def clean(sandbox):
    sandbox.reset()


@pytest.fixture
def look(sandbox, tmp_path):
    def run(resource, provider, env=None, **options):
        options = runs.validated(
            spec.info_spec(resource), **{'provider': provider, 'state_dir': str(tmp_path), **options})
        context = runner.Context(environ={**sandbox.env, **(env or {})}, clock=runs.Hurry())
        result = runs.without_secrets(runner.run_info(resource, options, context), sandbox)
        assert not result['changed'] and sandbox.writes() == []
        return result

    return run


@pytest.mark.parametrize(('resource', 'provider'), PAIRS, ids=lambda value: getattr(value, 'name', value))
def test_a_catalogue_is_listed_in_neutral_words(resource, provider, look, sandbox):
    result = look(resource, provider)
    found = result[resource.plural]
    assert result['error'] is None and found, result.get('msg')
    assert result['stats']['api_calls'] == len(sandbox.requests()) == REQUESTS.get((resource.name, provider), 1)
    crossing = resource.crossing(provider)
    for thing in found:
        assert set(thing) == set(resource.outputs())
        assert thing['provider'] == provider and thing['id'] and isinstance(thing['raw'], dict)
        told = {name for name, value in thing.items() if value not in (None, {}, [])}
        assert told - {'provider', 'raw', 'provider_options'} <= set(crossing.in_list)
    # What is said to be told is told of at least one of them.
    assert {name for name in crossing.in_list if all(thing[name] is None for thing in found)} \
        == SILENT.get((resource.name, provider), set())
    assert len({thing['id'] for thing in found}) == len(found)


@pytest.mark.parametrize(('resource', 'provider'), PAIRS, ids=lambda value: getattr(value, 'name', value))
def test_one_is_found_by_id_and_by_name_and_an_unknown_one_is_an_empty_list(resource, provider, look):
    first = look(resource, provider)[resource.plural][0]
    assert [each['id'] for each in look(resource, provider, id=first['id'])[resource.plural]] == [first['id']]
    assert first['id'] in [each['id'] for each in look(resource, provider, name=first['name'])[resource.plural]]
    assert look(resource, provider, id='no such thing')[resource.plural] == []
    assert look(resource, provider, name='no such thing')[resource.plural] == []
    assert look(resource, provider, id=' ')['error']['kind'] == 'input'


def test_filters_choose_among_images(look, sandbox):
    disks = look(IMAGE, 'upcloud', filters={'media': ['disk']})['images']
    assert {image['media'] for image in disks} == {'disk'}
    assert [entry['operation'] for entry in sandbox.requests()] == ['GET /storage/template']
    assert {image['media'] for image in look(IMAGE, 'cloudsigma', filters={'media': ['cdrom']})['images']} == {'cdrom'}
    assert look(IMAGE, 'upcloud', filters={'access': ['private']})['images'] == []
    systems = look(IMAGE, 'memset', filters={'os': ['windows']})['images']
    assert len(systems) == 5 and {image['min_memory_mb'] for image in systems} == {2048}
    refused = look(IMAGE, 'elastichosts', filters={'os': ['linux']})
    assert refused['error']['kind'] == 'input' and 'os' in refused['msg']


def test_all_pages_of_private_templates_are_read(look, sandbox):
    sandbox.seed('upcloud', {'zone': 'fi-hel1'}, templates=120)
    found = look(IMAGE, 'upcloud', filters={'access': ['private']})['images']
    assert len(found) == 120 and {image['zone'] for image in found} == {'fi-hel1'}


def test_prices_and_sizes_of_upcloud_come_with_the_details(look, sandbox):
    plain = look(PLAN, 'upcloud')['plans']
    assert {plan['prices'] is None and plan['sizes'] is None for plan in plain} == {True}
    detailed = look(PLAN, 'upcloud', details=True)['plans']
    by_name = {plan['name']: plan for plan in detailed}
    price = [each for each in by_name['1xCPU-1GB']['prices'] if each['zone'] == 'fi-hel1']
    assert len(price) == 1 and price[0]['currency'] == 'EUR' and price[0]['hourly'] > 0
    assert {'cpu_cores': 1, 'memory_mb': 2048} in by_name['custom']['sizes']
    assert len(sandbox.requests()) == 1 + 3
    sandbox.forget()
    custom, = look(PLAN, 'upcloud', id='custom')['plans']
    assert custom['sizes'] == by_name['custom']['sizes'] and len(sandbox.requests()) == 2


def test_zones_of_memset_are_places_and_data_zones(look):
    found = {zone['id']: zone['type'] for zone in look(ZONE, 'memset')['zones']}
    assert found == {'dunsfold': 'location', 'reading': 'location', 'Memset Public Cloud': 'data'}
    assert len(look(ZONE, 'memset', filters={'type': ['data']})['zones']) == 1


def test_a_key_of_memset_tells_what_it_may_do_and_sees(look, sandbox):
    sandbox.seed('memset', servers=2)
    key, = sandbox.seed('memset', {'scopes': {'method': ['service.list', 'apikey.info']}, 'comment': 'narrow'},
                        apikeys=1)['apikeys']
    account, = look(ACCOUNT, 'memset', {'MEMSET_API_KEY': key})['accounts']
    assert sorted(account['permissions']['method']) == ['apikey.info', 'service.list']
    assert account['name'] == 'narrow' and account['services']['miniserver'] == 2
    assert key not in json.dumps(account)


@pytest.mark.parametrize(('allowed', 'missing'), [('service.list', 'permissions'), ('apikey.info', 'services')])
def test_a_key_that_may_not_tell_all_tells_the_rest(allowed, missing, look, sandbox):
    key, = sandbox.seed('memset', {'scopes': {'method': [allowed]}}, apikeys=1)['apikeys']
    result = look(ACCOUNT, 'memset', {'MEMSET_API_KEY': key})
    account, = result['accounts']
    assert account[missing] is None and len(result['warnings']) == 1
    assert {'permissions': 'apikey.info', 'services': 'service.list'}[missing] in result['warnings'][0]


def test_wrong_credentials_are_an_error(look):
    for provider, env in (('memset', {'MEMSET_API_KEY': 'f' * 32}), ('cloudsigma', {'CLOUDSIGMA_PASSWORD': 'wrong'}),
                          ('upcloud', {'UPCLOUD_TOKEN': 'wrong'})):
        result = look(ACCOUNT, provider, env)
        assert result['failed'] and result['error']['kind'] == 'auth' and result['accounts'] == []


def test_the_secret_of_a_profile_is_masked(look):
    account, = look(ACCOUNT, 'cloudsigma')['accounts']
    assert account['raw']['profile']['secret_key'] == 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER'
    assert account['balance'] > 0 and 'cpu' in account['usage']


def test_who_has_an_account_of_upcloud_comes_with_the_details(look):
    plain, = look(ACCOUNT, 'upcloud')['accounts']
    detailed, = look(ACCOUNT, 'upcloud', details=True)['accounts']
    assert plain['email'] is None and plain['limits']['cores'] > 0
    assert detailed['email'] == 'sandbox@example.com' and detailed['permissions'] == {'roles': []}


@pytest.mark.parametrize('kind', ['html', 'truncate'])
def test_an_answer_that_cannot_be_read_fails_the_task(kind, look, sandbox):
    sandbox.faults(kind=kind, provider='upcloud', operation='GET /zone', times=20)
    result = look(ZONE, 'upcloud')
    assert result['failed'] and result['error']['kind'] in ('malformed', 'unavailable') and result['zones'] == []


def test_both_front_ends_list_the_same(sandbox, tmp_path):
    pairs = [(IMAGE, 'elastichosts'), (PLAN, 'memset'), (ZONE, 'upcloud'), (ACCOUNT, 'cloudsigma')]
    tasks = [{'indie.cloud.%s_info' % resource.name: {'provider': provider}} for resource, provider in pairs]
    here = play(tmp_path, tasks, sandbox.env)
    module = play(tmp_path, tasks, sandbox.env, environment={'INDIE': 'as modules'})
    assert here.code == module.code == 0, here.output + module.output
    for (resource, provider), one, other in zip(pairs, here.results, module.results):
        assert one[resource.plural] and one[resource.plural] == other[resource.plural], (resource.name, provider)
