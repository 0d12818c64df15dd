# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts there are, how they are named and grouped, what they tell, and what a failure leaves."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleError, AnsibleParserError

from ansible_collections.indie.cloud.plugins.module_utils.errors import Auth, Malformed, Unavailable
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

WEB = {'id': 'u-1', 'name': 'web1', 'state': 'running', 'zone': 'fi-hel1', 'public_ipv4': ['192.0.2.1', '192.0.2.2'],
       'private_ipv4': ['10.0.0.1'], 'tags': ['web', 'prod eu'], 'labels': {'role': 'web', 'tier': '1'},
       'cpu_cores': 2, 'more': {'image': 'Debian'}}
DB = {'id': 'u-2', 'name': 'db1', 'state': 'stopped', 'zone': 'de-fra1', 'public_ipv4': [],
      'public_ipv6': ['2001:db8::2'], 'tags': [], 'labels': {'role': 'db'}, 'password': 'vnc-canary'}
BARE = {'id': 'u-3'}


# -- variables --------------------------------------------------------------------------------------------------------
def test_every_host_has_every_variable(cloud):
    cloud.servers(WEB, BARE)
    found = cloud.vars()
    names = {'indie_' + name for name in SERVER.outputs() if name != 'raw'}
    assert set(found['web1']) == names | {'ansible_host'}
    assert set(found['u-3']) == names
    assert found['u-3']['indie_tags'] is None and found['u-3']['indie_provider'] == 'upcloud'
    assert found['web1']['indie_labels'] == {'role': 'web', 'tier': '1'} and found['web1']['indie_cpu_cores'] == 2


def test_names_of_variables_are_frozen(cloud):
    """Users' playbooks depend on them: adding one is fine, and then it belongs in here."""
    cloud.servers(BARE)
    assert list(cloud.vars()['u-3']) == ['indie_' + name for name in (
        'id', 'name', 'provider', 'state', 'provider_state', 'zone', 'plan', 'cpu_cores', 'cpu_mhz', 'memory_mb',
        'image', 'public_ipv4', 'public_ipv6', 'private_ipv4', 'private_ipv6', 'utility_ipv4', 'drives', 'networks',
        'persistent', 'vnc_address', 'vnc_tls', 'tags', 'labels', 'created', 'provider_options')]


def test_raw_is_there_on_demand_without_secrets(cloud):
    cloud.servers(DB)
    raw = cloud.vars(raw=True)['db1']['indie_raw']
    assert raw['zone'] == 'de-fra1' and 'vnc-canary' not in str(raw)


@pytest.mark.parametrize('prefix', ['', 'ansible_', '1x', 'a-b', 'a b', 'é'])
def test_prefix_must_make_names_that_are_not_reserved(cloud, prefix):
    cloud.servers(WEB)
    with pytest.raises(AnsibleParserError, match='variable_prefix'):
        cloud.parse(variable_prefix=prefix)
    assert cloud.log == []


def test_another_prefix(cloud):
    cloud.servers(WEB)
    found = cloud.vars(variable_prefix='mine_')['web1']
    assert found['mine_zone'] == 'fi-hel1' and not any(name.startswith('indie_') for name in found)


# -- addresses --------------------------------------------------------------------------------------------------------
def test_address_by_preference(cloud):
    cloud.servers(WEB, DB)
    assert {name: found['ansible_host'] for name, found in cloud.vars().items()} == {
        'web1': '192.0.2.1', 'db1': '2001:db8::2'}
    found = cloud.vars(address_preference=['private_ipv4', 'public_ipv6'])
    assert found['web1']['ansible_host'] == '10.0.0.1' and found['db1']['ansible_host'] == '2001:db8::2'


def test_server_without_an_address(cloud):
    cloud.servers(WEB, BARE)
    assert 'ansible_host' not in cloud.vars()['u-3']
    assert set(cloud.vars(on_missing_address='skip')) == {'web1'}
    assert any('u-3' in line and 'left out' in line for line in cloud.told.lines)
    with pytest.raises(AnsibleParserError, match='u-3.*on_missing_address'):
        cloud.parse(on_missing_address='fail')
    assert not cloud.data.hosts


@pytest.mark.parametrize('options', [{'on_missing_address': 'ignore'}, {'address_preference': ['public']}])
def test_choices_are_enforced(cloud, options):
    cloud.servers(WEB)
    with pytest.raises(AnsibleError):
        cloud.parse(**options)
    assert cloud.log == []


# -- host names -------------------------------------------------------------------------------------------------------
def test_names_by_fields_and_expressions(cloud):
    cloud.servers(WEB, DB, BARE)
    assert set(cloud.vars(hostnames=['indie_labels.fqdn', 'public_ipv4', "indie_name + '.' + indie_zone"])) == {
        '192.0.2.1', 'db1.de-fra1', 'u-3'}


def test_expression_that_fails_is_an_error_when_strict(cloud):
    cloud.servers(WEB)
    with pytest.raises(AnsibleParserError, match='indie_labels.fqdn.*u-1'):
        cloud.parse(hostnames=['indie_labels.fqdn'], strict=True)


@pytest.mark.parametrize('entry', ['{{ indie_name }}', 3])
def test_entries_of_hostnames_are_checked_first(cloud, entry):
    cloud.servers(WEB)
    with pytest.raises(AnsibleParserError, match='hostnames'):
        cloud.parse(hostnames=[entry])
    assert cloud.log == []


def test_same_names_never_merge(cloud):
    cloud.servers(dict(WEB, id='a'), dict(WEB, id='b'), dict(WEB, id='c', name='web1_a'), dict(WEB, id='d', name='x'))
    found = cloud.vars()
    assert {name: variables['indie_id'] for name, variables in found.items()} == {
        'web1_a_a': 'a', 'web1_b': 'b', 'web1_a_c': 'c', 'x': 'd'}
    assert any('web1' in text and 'id is appended' in text for text in cloud.told.warnings)


def test_one_server_listed_twice_is_one_host(cloud):
    cloud.servers(WEB, WEB)
    assert set(cloud.vars()) == {'web1'} and not cloud.told.warnings


def test_same_name_in_another_file(cloud):
    cloud.servers(WEB)
    cloud.parse()
    cloud.parse(fresh=False)
    assert set(cloud.data.hosts) == {'web1'}
    cloud.servers(dict(WEB, id='other'))
    cloud.parse(fresh=False)
    assert {name: host.vars['indie_id'] for name, host in cloud.data.hosts.items()} == {
        'web1': 'u-1', 'web1_other': 'other'}


def test_same_name_in_a_file_with_another_prefix(cloud):
    cloud.servers(WEB)
    cloud.parse()
    cloud.servers(dict(WEB, id='other'))
    cloud.parse(fresh=False, variable_prefix='mine_')
    assert {name: [host.vars.get(key) for key in ('indie_id', 'mine_id')] for name, host in cloud.data.hosts.items()} \
        == {'web1': ['u-1', None], 'web1_other': [None, 'other']}


def test_host_of_a_static_file_is_added_to(cloud):
    cloud.servers(WEB)
    cloud.data.add_host('web1')
    cloud.data.set_variable('web1', 'mine', 1)
    cloud.parse(fresh=False)
    assert cloud.data.hosts['web1'].vars['mine'] == 1 and cloud.data.hosts['web1'].vars['indie_id'] == 'u-1'


@pytest.mark.parametrize('name', ["{{ lookup('pipe', 'id') }}", '{% set a %}', '../../etc/x', 'a\nb', '\x1b[31m', ' '])
def test_hostile_names_are_no_host_names(cloud, name):
    cloud.servers(dict(WEB, name=name), DB)
    found = cloud.vars()
    assert set(found) == {'u-1', 'db1'} and found['u-1']['indie_name'] == name


# -- filters and details ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize('filters, names', [
    ({}, {'web1', 'db1', 'u-3'}), ({'zone': None}, {'web1', 'db1', 'u-3'}), ({'state': 'running'}, {'web1'}),
    ({'state': ['running', 'stopped']}, {'web1', 'db1'}), ({'zone': ['de-fra1']}, {'db1'}), ({'tags': 'web'}, {'web1'}),
    ({'tags': ['web', 'db']}, set()), ({'labels': {'role': 'web'}}, {'web1'}), ({'labels': {'tier': 1}}, {'web1'}),
])
def test_filters(cloud, filters, names):
    cloud.servers(WEB, DB, BARE)
    assert set(cloud.vars(filters=filters)) == names
    assert cloud.log == ['server.list']


@pytest.mark.parametrize('filters, message', [
    ({'colour': 'red'}, 'unknown filter colour'), ({'state': 'up'}, 'running, stopped'),
    ({'labels': ['a']}, 'dictionary'), ({'plan': ['1xCPU']}, 'plan'),
])
def test_filters_that_could_never_fit(cloud, filters, message):
    cloud.servers(WEB)
    with pytest.raises(AnsibleParserError, match=message):
        cloud.parse(filters=filters)
    assert cloud.log == []


def test_details_are_fetched_after_filters(cloud):
    cloud.servers(WEB, DB, BARE)
    found = cloud.vars(details=True, filters={'state': 'running'})
    assert found['web1']['indie_image'] == 'Debian' and cloud.log == ['server.list', 'server.get']


@pytest.mark.parametrize('details, count', [
    (False, 1), (True, 3), ('true', 3), (['image'], 3), ('zone, image', 3), (['zone', 'tags'], 1), ([], 1)])
def test_details_only_where_the_list_lacks_them(cloud, details, count):
    cloud.servers(WEB, DB)
    cloud.parse(details=details)
    assert len(cloud.log) == count


def test_details_of_an_unknown_field(cloud):
    cloud.servers(WEB)
    with pytest.raises(AnsibleParserError, match='imag.*image'):
        cloud.parse(details=['imag'])


# -- groups -----------------------------------------------------------------------------------------------------------
def test_constructed(cloud):
    cloud.servers(WEB, DB, BARE)
    data = cloud.parse(
        compose={'ansible_user': "'root'", 'big': 'indie_cpu_cores > 1', 'broken': 'nothing.at.all'},
        groups={'webs': "indie_labels.role == 'web'"},
        keyed_groups=[{'key': 'indie_zone', 'prefix': 'zone'}, {'key': 'indie_tags', 'prefix': 'tag'},
                      {'key': 'indie_labels', 'prefix': 'label'}])
    groups = {name: sorted(host.name for host in group.hosts) for name, group in data.groups.items()}
    assert groups['webs'] == groups['zone_fi_hel1'] == groups['tag_prod_eu'] == groups['label_role_web'] == ['web1']
    assert groups['zone_de_fra1'] == groups['label_role_db'] == ['db1']
    found = data.hosts['web1'].vars
    assert found['ansible_user'] == 'root' and found['big'] is True
    assert 'broken' not in found


@pytest.mark.parametrize('name', ['all', 'ungrouped', 'webs', 'existing'])
def test_a_server_named_as_a_group_changes_nothing_of_it(cloud, name):
    cloud.servers(dict(WEB, name=name), DB)
    cloud.data.add_group('existing')
    data = cloud.parse(fresh=False, groups={'webs': 'indie_state == "running"'}, compose={'ansible_user': "'eve'"})
    assert set(data.hosts) == {name + '_u-1', 'db1'}
    assert all(not group.vars for group in data.groups.values())
    assert [host.name for host in data.groups['webs'].hosts] == [name + '_u-1']


@pytest.mark.parametrize('name', ['localhost', 'LocalHost', '127.0.0.1', '::1', '..', '.hidden'])
def test_no_server_takes_the_place_of_this_machine(cloud, name):
    cloud.servers(dict(WEB, name=name))
    assert set(cloud.vars()) == {'u-1'} and cloud.data.localhost is None


def test_a_tag_that_can_be_no_group_does_not_harm_the_others(cloud):
    cloud.servers(dict(WEB, tags=['tags', 'web1', 'all']), dict(DB, tags=['db1', 'web']))
    data = cloud.parse(keyed_groups=[{'key': 'indie_tags', 'prefix': '', 'separator': '', 'parent_group': 'tags'},
                                     {'key': 'indie_zone', 'prefix': 'zone'}])
    assert set(data.hosts) == {'web1', 'db1'}
    assert {host.name for host in data.groups['zone_fi_hel1'].hosts} == {'web1'}
    assert {host.name for host in data.groups['web'].hosts} == {'db1'}
    assert any('web1' in text and 'indie_tags' in text for text in cloud.told.warnings)


@pytest.mark.parametrize('keyed', [
    'indie_zone', {'key': 'indie_id', 'default_value': 'a', 'trailing_separator': True}])
def test_an_entry_that_fails_for_all_is_an_error(cloud, keyed):
    cloud.servers(WEB, DB)
    with pytest.raises(AnsibleError):
        cloud.parse(keyed_groups=[keyed])
    assert not cloud.data.hosts


def test_extra_vars_in_expressions(cloud):
    cloud.servers(WEB)
    cloud.extra_vars = {'domain': 'example.com'}
    expression = "indie_name ~ '.' ~ domain"
    assert cloud.vars(compose={'fqdn': expression}, use_extra_vars=True)['web1']['fqdn'] == 'web1.example.com'
    assert 'fqdn' not in cloud.vars(compose={'fqdn': expression})['web1']


def test_strict_failure_leaves_no_host(cloud):
    cloud.servers(WEB, DB, BARE)
    cloud.data.add_host('static')
    with pytest.raises(AnsibleError, match='Could not set'):
        cloud.parse(fresh=False, compose={'role': 'indie_labels.tier'}, strict=True)
    assert set(cloud.data.hosts) == {'static'}


# -- failures ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('error', [
    Auth('no such user canary-secret', code='AUTHENTICATION_FAILED', http_status=401), Malformed('not JSON'),
    Unavailable('down', http_status=503, code='SERVICE_ERROR')])
def test_a_failed_request_adds_no_host_and_tells_all(cloud, error):
    cloud.servers(WEB)
    error.operation = 'server.list'
    cloud.fails(error)
    with pytest.raises(AnsibleParserError) as caught:
        cloud.parse()
    text = str(caught.value)
    assert 'upcloud' in text and 'server.list' in text and str(error.code or 'not JSON') in text
    assert 'canary' not in text and not cloud.data.hosts


@pytest.mark.parametrize('answer', [{'servers': []}, 'hello', 17, None, [None], [{'uuid': 'x'}], [[1]]])
def test_a_malformed_answer_adds_no_host(cloud, answer):
    cloud.answer(answer)
    with pytest.raises(AnsibleParserError, match='upcloud'):
        cloud.parse()
    assert not cloud.data.hosts


@pytest.mark.parametrize('odd', [None, {'name': 'no id'}, {'id': None, 'name': 'x'}, 'text'])
def test_an_odd_server_does_not_harm_the_others(cloud, odd):
    cloud.servers(WEB, odd, DB)
    assert set(cloud.vars()) == {'web1', 'db1'}
    assert any('entry 2 of 3' in text for text in cloud.told.warnings)


def test_no_servers_is_no_error(cloud):
    cloud.servers()
    assert cloud.vars() == {}


def test_unknown_option_is_named(cloud):
    cloud.servers(WEB)
    with pytest.raises(AnsibleParserError, match='unknown option adress_preference.*address_preference'):
        cloud.parse(adress_preference=['public_ipv4'])
    cloud.parse(memset_api_key='of another provider', cloudsigma_password_file='/nowhere')
    assert cloud.log == ['server.list']


# -- files ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('name, text, why', [
    ('a.yml', 'plugin: indie.cloud.upcloud', None), ('prod.upcloud.yaml', 'plugin: indie.cloud.upcloud', None),
    ('a.yml', 'plugin: indie.cloud.upcloud\nupcloud_token: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00', None),
    ('a.yml', '$ANSIBLE_VAULT;1.1;AES256\n3030', None),
    ('a.yml', 'plugin: upcloud', "its plugin is 'upcloud'"), ('a.yml', 'all: {}', 'its plugin is None'),
    ('a.yml', '[1, 2]', 'its plugin is None'), ('a.yml', 'a: [', 'cannot be read as YAML'), ('a.yml', '', 'None'),
    ('a.ini', 'plugin: indie.cloud.upcloud', 'does not end in .yml'),
])
def test_which_files_are_taken(cloud, tmp_path, name, text, why):
    path = tmp_path / name
    path.write_text(text, encoding='utf-8')
    assert cloud.plugin().verify_file(str(path)) is (why is None)
    told = [line for line in cloud.told.lines if str(path) in line]
    assert len(told) == (why is not None) and all(why in line for line in told)


@pytest.mark.parametrize('name', ['compose', 'groups', 'keyed_groups', 'hostnames', 'address_preference', 'filters',
                                  'details', 'raw', 'variable_prefix', 'on_missing_address', 'strict', 'cache'])
def test_an_option_with_nothing_behind_it_is_as_if_it_were_not_there(cloud, name):
    cloud.servers(WEB)
    assert cloud.vars(**{name: None}) == cloud.vars()


@pytest.mark.parametrize('options', [
    {'compose': ['a']}, {'groups': 'webs'}, {'keyed_groups': {'key': 'indie_zone'}}, {'filters': ['running']}])
def test_options_of_a_wrong_type_are_errors_that_add_no_host(cloud, options):
    cloud.servers(WEB)
    with pytest.raises(AnsibleError):
        cloud.parse(**options)
    assert not cloud.data.hosts
