# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module api beside single operations: methods and paths, jobs, secrets, the metadata service, bad input."""

from __future__ import annotations

import json

import pytest
import runs
from playing import play

from ansible_collections.indie.cloud.plugins.module_utils import calls, jobs, runner
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.operations import METADATA

MASK = 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER'


@pytest.fixture(autouse=True)
def clean(sandbox):
    sandbox.reset()


class Api:
    """The module on the sandbox."""

    def __init__(self, sandbox, folder):
        self.sandbox = sandbox
        self.folder = str(folder)

    def __call__(self, provider, operation=None, parameters=None, check=False, env=None, **options):
        parameters = runs.validated(calls.api_spec(), **{
            'provider': provider, 'operation': operation, 'parameters': parameters, 'state_dir': self.folder,
            'wait_timeout': 20, **options})
        self.sandbox.forget()
        environ = {**self.sandbox.env, **(env or {})}
        return calls.run_api(parameters, runner.Context(check, environ=environ, clock=runs.Hurry()))

    def job(self, *handles, run=jobs.run_job, wait_timeout=20):
        handles = json.loads(json.dumps(handles))
        options = {'jobs': handles, 'wait_timeout': wait_timeout, 'state_dir': self.folder}
        return run(options, runner.Context(environ=self.sandbox.env, clock=runs.Hurry()))

    def sent(self):
        return [(entry['method'], entry['path']) for entry in self.sandbox.requests()]


@pytest.fixture
def api(sandbox, tmp_path):
    return Api(sandbox, tmp_path)


# -- by method and path -----------------------------------------------------------------------------------------------
def test_a_path_of_the_table_is_the_operation_of_the_table(api, sandbox):
    """With its checks, its envelope and its wait."""
    server, = sandbox.seed('upcloud', servers=1)['servers']
    result = api('upcloud', method='PUT', path='/server/{id}', parameters={'id': server, 'title': 'new'})
    assert result['changed'] and result['operation'] == 'PUT /server/{uuid}'
    assert result['answer']['server']['title'] == 'new'
    result = api('upcloud', method='POST', path='/server/%s/stop' % server, parameters={'stop_type': 'hard'})
    assert result['operation'] == 'POST /server/{uuid}/stop' and result['job']['status'] == 'stopped'
    refused = api('upcloud', method='POST', path='/server/{uuid}/stop', parameters={'uuid': server, 'colour': 'red'})
    assert refused['error']['kind'] == 'input' and 'colour' in refused['msg'] and api.sent() == []
    assert api('upcloud', method='GET', path='/storage/template')['operation'] == 'GET /storage/template'


def test_gets_of_cloudsigma_that_write_are_known_as_such(api, sandbox):
    server, = sandbox.seed('cloudsigma', {'persistent': True}, servers=1)['servers']
    path = '/servers/%s/stop' % server
    checked = api('cloudsigma', method='GET', path=path, check=True)
    assert checked['changed'] and api.sent() == []
    for wrong in ({'kind': 'read'}, {'kind': 'read', 'check': True}):
        refused = api('cloudsigma', method='GET', path=path, **wrong)
        assert refused['error']['kind'] == 'input' and 'kind' in refused['msg'] and api.sent() == []
    done = api('cloudsigma', method='GET', path=path)
    assert done['changed'] and done['job']['status'] == 'stopped'


def test_an_unknown_get_of_cloudsigma_must_be_declared(api, sandbox):
    given = {'method': 'GET', 'path': '/servers/{uuid}/new', 'parameters': {'uuid': 'x'}}
    refused = api('cloudsigma', **given)
    assert refused['error']['kind'] == 'input' and 'kind: read' in refused['msg'] and api.sent() == []
    foreseen = api('cloudsigma', kind='write', check=True, **given)
    assert foreseen['changed'] and api.sent() == []
    for check in (False, True):
        read = api('cloudsigma', kind='read', check=check, **given)
        assert read['error']['http_status'] == 404 and not read['changed']
        assert api.sent() == [('GET', '/servers/x/new')]
    assert not api('cloudsigma', kind='write', **given)['changed'] and api.sent() == [('GET', '/servers/x/new')]


def test_an_unknown_post_writes(api, sandbox):
    given = {'method': 'POST', 'path': '/servers/{uuid}/new', 'parameters': {'uuid': 'x', 'a': 'b c'}}
    for provider in ('cloudsigma', 'elastichosts'):
        assert api(provider, check=True, **given)['changed'] and api.sent() == []
        assert not api(provider, **given)['changed'] and api.sent() == [('POST', '/servers/x/new')]
        assert [entry['body'] for entry in sandbox.requests()] == ['a b c\n']


@pytest.mark.parametrize('provider, path', [('upcloud', '/something/new'), ('elastichosts', '/something/new')])
def test_an_unknown_get_elsewhere_reads_and_takes_its_parameters_in_the_query(api, sandbox, provider, path):
    asked = {'a': 'b c', 'on': True, 'off': False, 'nothing': None}
    for place in ('parameters', 'query'):
        result = api(provider, method='GET', path=path, **{place: asked})
        assert result['error']['http_status'] == 404 and not result['changed']
    sent, = {(entry['path'], *sorted(dict(entry['query']).items())) for entry in sandbox.requests()}
    assert sent == ('/1.3' * (provider == 'upcloud') + path, ('a', 'b c'), ('off', 'false'), ('on', 'true'))
    assert sandbox.writes() == []
    assert not api(provider, method='GET', path=path, kind='read', check=True)['changed']


def test_an_unknown_write_of_upcloud_sends_its_parameters_as_they_are(api, sandbox):
    result = api('upcloud', method='POST', path='/something/new', parameters={'thing': {'a': 1}})
    assert result['error']['http_status'] == 404 and not result['changed']
    sent, = sandbox.requests()
    assert json.loads(sent['body']) == {'thing': {'a': 1}}
    assert api('upcloud', method='DELETE', path='/something/{id}', check=True, parameters={'id': 'x/y'})['changed']


@pytest.mark.parametrize('options, word', [
    ({}, 'operation'),
    ({'method': 'GET'}, 'path'),
    ({'path': '/server'}, 'method'),
    ({'operation': 'GET /server', 'method': 'GET', 'path': '/server'}, 'operation'),
    ({'operation': 'GET /server', 'path': '/server'}, 'path'),
    ({'operation': 'GET /server', 'kind': 'read'}, 'kind'),
    ({'operation': 'GET /serve'}, 'GET /server'),
    ({'operation': 'GET /server', 'wait_timeout': 0}, 'wait_timeout'),
    ({'method': 'GET', 'path': 'server'}, 'path'),
    ({'method': 'GET', 'path': '/server/'}, 'path'),
    ({'method': 'GET', 'path': '/server//x'}, 'path'),
    ({'method': 'GET', 'path': '/server/../account'}, 'path'),
    ({'method': 'GET', 'path': '/server?label=x'}, 'path'),
    ({'method': 'GET', 'path': '/server/%2e%2e'}, 'path'),
    ({'method': 'GET', 'path': '//example.com/'}, 'path'),
    ({'method': 'GET', 'path': '/server\r\nX: y'}, 'path'),
    ({'method': 'GET', 'path': '/server/{uuid}'}, 'uuid'),
    ({'method': 'GET', 'path': '/server/{uuid}', 'parameters': {'uuid': '..'}}, 'uuid'),
    ({'method': 'GET', 'path': '/server/{uuid}', 'parameters': {'uuid': ''}}, 'uuid'),
])
def test_bad_input_is_refused_before_sending(api, options, word):
    result = api('upcloud', **options)
    assert result['error']['kind'] == 'input' and word in result['msg'] and api.sent() == [], result['msg']


def test_methods_and_paths_that_a_provider_lacks_are_refused(api):
    for provider, options in (('memset', {'method': 'GET', 'path': '/server'}),
                              ('cloudsigma', {'method': 'DELETE', 'path': '/servers/x'}),
                              ('memset', {'operation': 'server.list', 'query': {'a': 'b'}})):
        result = api(provider, **options)
        assert result['error']['kind'] == 'input' and api.sent() == []


# -- jobs -------------------------------------------------------------------------------------------------------------
def test_what_is_not_waited_for_is_a_handle_for_the_module_job(api, sandbox):
    memset, = sandbox.seed('memset', servers=1)['servers']
    upcloud, = sandbox.seed('upcloud', servers=1)['servers']
    elastic, = sandbox.seed('elastichosts', {'persistent': True}, servers=1)['servers']
    handles = [
        api('memset', 'server.reboot', {'name': memset}, wait=False)['job'],
        api('upcloud', 'POST /server/{uuid}/stop', {'uuid': upcloud, 'stop_type': 'hard'}, wait=False)['job'],
        api('elastichosts', 'POST /servers/{uuid}/shutdown', {'uuid': elastic}, wait=False)['job']]
    assert [handle['kind'] for handle in handles] == ['job', 'state', 'state']
    looked = api.job(*handles, run=jobs.run_job_info)
    assert [each['id'] for each in looked['jobs']] == [handle['id'] for handle in handles]
    done = api.job(*handles)
    assert done['error'] is None and not done['changed'], done.get('msg')
    assert [each['status'] for each in done['jobs']] == ['DONE', 'stopped', 'stopped']
    assert all(each['finished'] and each['result'] for each in done['jobs'])


def test_several_servers_at_once_are_all_waited_for(api, sandbox):
    servers = sandbox.seed('cloudsigma', {'persistent': True}, servers=3)['servers']
    many = {'server:%d' % number: uuid for number, uuid in enumerate(servers)}
    result = api('cloudsigma', 'POST /servers/stop', many)
    assert [each['id'] for each in result['jobs']] == servers and result['job'] == result['jobs'][0]
    assert {each['status'] for each in result['jobs']} == {'stopped'}
    group, = sandbox.seed('cloudsigma', {'members': servers}, servergroups=1)['servergroups']
    result = api('cloudsigma', 'GET /servergroups/{uuid}/start', {'uuid': group})
    assert sorted(each['id'] for each in result['jobs']) == sorted(servers)
    assert {each['status'] for each in result['jobs']} == {'active'}


def test_a_job_that_fails_is_told(api, sandbox):
    server, = sandbox.seed('memset', servers=1)['servers']
    sandbox.faults(kind='job_fails', provider='memset', operation='server.reboot')
    result = api('memset', 'server.reboot', {'name': server})
    assert result['error']['kind'] == 'job_failed' and result['changed']
    assert result['error']['job'] == result['job']['id']


def test_a_job_that_hangs_ends_with_the_deadline(api, sandbox):
    server, = sandbox.seed('memset', servers=1)['servers']
    sandbox.faults(kind='job_hangs', provider='memset', operation='server.reboot')
    result = api('memset', 'server.reboot', {'name': server}, wait_timeout=2)
    assert result['error']['kind'] == 'wait_timeout' and result['changed'] and result['job']['id']


def test_an_order_that_waits_for_its_payment_is_never_to_be_sent_again(api, sandbox):
    order = 'create.monthly_miniserver'
    sandbox.seed('memset', {'consolidated_billing': False, 'auto_pay': False}, settings=1)
    result = api('memset', order, {'sku': 'MSVM001', 'dry_run': False, 'os': 'debian_buster_64', 'period': 1},
                 wait_timeout=2)
    assert result['error']['code'] == 'AWAITING-PAYMENT' and result['job']['id']
    waited = api.job(result['job'], wait_timeout=2)
    for told in (result['msg'], waited['msg']):
        assert 'pay it' in told and 'indie.cloud.job' in told and 'would send %s once more' % order in told
        assert 'run the same task again' not in told
    sandbox.seed('memset', payments=1)
    assert api.job(waited['jobs'][0])['jobs'][0]['finished']


def test_a_job_that_cannot_be_looked_at_is_returned(api, sandbox):
    """Whatever stops the wait: what was begun can be waited for."""
    server, = sandbox.seed('memset', servers=1)['servers']
    sandbox.faults(kind='status', status=403, provider='memset', operation='job.status')
    result = api('memset', 'server.reboot', {'name': server})
    assert result['error']['kind'] == 'auth' and result['changed']
    assert api.job(result['job'])['jobs'][0]['finished']


def test_a_write_whose_answer_is_lost_is_not_sent_again(api, sandbox):
    sandbox.faults(kind='drop_after', provider='memset', operation='apikey.create')
    result = api('memset', 'apikey.create', {'comment': 'x'})
    assert result['error']['kind'] == 'outcome_unknown' and result['changed']
    assert [entry['operation'] for entry in sandbox.writes()] == ['apikey.create']


# -- secrets ----------------------------------------------------------------------------------------------------------
def test_secrets_of_an_answer_come_only_on_demand(api):
    plain = api('memset', 'apikey.create', {'comment': 'x'})
    assert plain['answer']['key'] == MASK and plain['secrets'] == {}
    told = api('memset', 'apikey.create', {'comment': 'x'}, return_secrets=True)
    assert told['answer']['key'] == MASK and len(told['secrets']['answer']['key']) == 32
    token = api('upcloud', 'POST /account/tokens', {'name': 'ci', 'expires_in': '1h'})
    assert token['answer']['token'] == MASK
    assert api('cloudsigma', 'GET /profile/info')['answer']['secret_key'] == MASK


# -- the metadata service ---------------------------------------------------------------------------------------------
@pytest.fixture
def metadata(sandbox):
    sandbox.seed('upcloud', {'metadata': 'yes', 'user_data': 'canary-user-data', 'name': 'web.example.com'}, servers=1)
    return sandbox.env['UPCLOUD_API_URL'].rpartition('/')[0]


def test_metadata_needs_no_credentials(api, sandbox, metadata):
    result = api('upcloud', METADATA, upcloud_metadata_url=metadata, env={
        'UPCLOUD_TOKEN': '', 'UPCLOUD_USERNAME': '', 'UPCLOUD_PASSWORD': ''})
    assert result['error'] is None and not result['changed'], result.get('msg')
    assert result['answer']['hostname'] == 'web.example.com' and result['answer']['user_data'] == MASK
    sent, = sandbox.requests()
    assert sent['path'] == '/metadata/v1.json'
    assert 'canary-user-data' not in json.dumps(result)


def test_a_leaf_of_metadata_is_text_and_a_secret_one_is_masked(api, metadata):
    assert api('upcloud', METADATA, {'path': 'v1/hostname'}, upcloud_metadata_url=metadata)[
        'answer'] == 'web.example.com'
    hidden = api('upcloud', METADATA, {'path': 'v1/user_data'}, upcloud_metadata_url=metadata)
    assert 'canary-user-data' not in json.dumps(hidden)
    told = api('upcloud', METADATA, {'path': 'v1/user_data'}, upcloud_metadata_url=metadata, return_secrets=True)
    assert told['secrets'] == {'answer': 'canary-user-data'}
    assert api('upcloud', METADATA, {'path': 'v1/nothing'}, upcloud_metadata_url=metadata)[
        'error']['kind'] == 'not_found'


@pytest.mark.parametrize('url', ['http://example.com', 'https://example.com', 'http://169.254.169.253', 'ftp://x',
                                 'http://user:pw@169.254.169.254'])
def test_metadata_is_asked_of_no_other_host(api, url):
    for given in ({'upcloud_metadata_url': url}, {'env': {'UPCLOUD_METADATA_URL': url}}):
        result = api('upcloud', METADATA, **given)
        assert result['error']['kind'] == 'input' and 'upcloud_metadata_url' in result['msg']
        assert result['stats']['api_calls'] == 0


# -- both front ends --------------------------------------------------------------------------------------------------
def test_both_front_ends_do_the_same(sandbox, tmp_path):
    tasks = [{'indie.cloud.api': {'provider': 'elastichosts', 'operation': 'GET /drives/info'}},
             {'indie.cloud.api': {'provider': 'upcloud', 'method': 'GET', 'path': '/zone'}},
             {'indie.cloud.api': {'provider': 'cloudsigma', 'operation': 'GET /drives/{uuid}/read/{offset}/{size}',
                                  'parameters': {'uuid': '{{ drive }}', 'offset': 0, 'size': 4}}},
             {'indie.cloud.api': {'provider': 'memset', 'operation': 'server.info'}}]
    drive, = sandbox.seed('cloudsigma', drives=1)['drives']
    here = play(tmp_path, tasks, sandbox.env, vars={'drive': drive})
    module = play(tmp_path, tasks, sandbox.env, vars={'drive': drive}, environment={'INDIE': 'as modules'})
    for one, other in zip(here.results, module.results):
        assert {key: value for key, value in one.items() if key not in ('stats', 'invocation')} == {
            key: value for key, value in other.items() if key not in ('stats', 'invocation')}
    assert here[2]['answer'] == {'base64': 'AAAAAA=='} and here[3]['error']['kind'] == 'input'


@pytest.mark.parametrize('how', [{'operation': 'PUT /ip_address/{address}'},
                                 {'method': 'PUT', 'path': '/ip_address/{address}'}])
def test_a_null_takes_a_value_away_at_upcloud(api, sandbox, how):
    server = sandbox.seed('upcloud', servers=1)['servers'][0]
    details = api('upcloud', 'GET /server/{uuid}', {'uuid': server})['answer']['server']
    mac = next(face['mac'] for face in details['networking']['interfaces']['interface'] if face['type'] == 'public')
    address = api('upcloud', 'POST /ip_address', {'family': 'IPv4', 'floating': 'yes', 'mac': mac})[
        'answer']['ip_address']['address']
    given = {'parameters': {'address': address, 'mac': None}}
    result = api('upcloud', **how, **given)
    assert not result.get('failed'), result['msg']
    shown = api('upcloud', 'GET /ip_address/{address}', {'address': address})['answer']['ip_address']
    assert not shown.get('server') and not shown.get('mac')


def test_a_null_for_what_must_be_given_is_missing(api):
    result = api('upcloud', 'PUT /ip_address/{address}', {'address': None})
    assert result['error']['kind'] == 'input' and 'missing parameter address' in result['msg'] and api.sent() == []
