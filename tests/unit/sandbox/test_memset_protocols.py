# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset in the sandbox: the ways in, authentication, scopes, errors, faults."""

from __future__ import annotations

import datetime
import json
import xmlrpc.client

import pytest
import requests

from memset_client import Client

DNS_ERROR = {'error_type': 'ApiErrorDoesNotExist', 'error_code': 3, 'error': 'Zone domain not found'}


@pytest.fixture
def memset(sandbox):
    return Client(sandbox)


def rpc(memset, body, **options):
    options.setdefault('auth', (memset.key, 'x'))
    return memset.http.post(memset.url + '/v1/jsonrpc/', data=json.dumps(body), timeout=10, **options)


def proxy(memset, path='/v1/xmlrpc/', **options):
    return xmlrpc.client.ServerProxy(memset.url.replace('http://', 'http://%s:@' % memset.key) + path, **options)


@pytest.mark.parametrize('slash', ['', '/'])
def test_get_with_query_and_name_in_path(memset, slash):
    server, = memset.seed(servers=1)
    answer = memset.http.get('%s/v1/json/server.info/%s%s' % (memset.url, server, slash), auth=(memset.key, ''),
                             timeout=10)
    assert answer.status_code == 200
    assert answer.headers['Content-Type'].startswith('application/json')
    assert answer.json()['name'] == server


def test_key_in_query_form_and_parameters(memset):
    url = memset.url + '/v1/json/internal.noop'
    assert memset.http.get(url, params={'api_key': memset.key}, timeout=10).json() == {}
    assert memset.http.post(url, data={'api_key': memset.key}, timeout=10).json() == {}
    packed = {'parameters': json.dumps({'api_key': memset.key})}
    assert memset.http.post(url, data=packed, timeout=10).json() == {}


def test_form_fields_are_read_as_text(memset):
    given = {'string': 'x', 'boolean': '0', 'integer': '7', 'float': '1.5', 'date': '2019-07-22 10:11:12'}
    answer = memset.http.post(memset.url + '/v1/json/internal.echo', data=given, auth=(memset.key, 'x'), timeout=10)
    assert answer.json() == {'string': 'x', 'boolean': False, 'integer': 7, 'float': 1.5, 'list': [],
                             'dictionary': {}, 'date': '2019-07-22 10:11:12'}
    refused = memset.http.post(memset.url + '/v1/json/internal.echo', data={'list': '[1]'}, auth=(memset.key, 'x'),
                               timeout=10)
    assert (refused.status_code, refused.json()['error_code']) == (400, 7)


def test_a_json_body_is_not_read(memset):
    answer = memset.http.post(memset.url + '/v1/json/service.info', json={'name': 'x'}, auth=(memset.key, 'x'),
                              timeout=10)
    assert (answer.status_code, answer.json()['error_code']) == (400, 7)


def test_authentication(memset):
    bare = memset.http.get(memset.url + '/v1/json/internal.noop', timeout=10)
    assert (bare.status_code, bare.json()['error_code']) == (401, 10)
    wrong = memset.http.get(memset.url + '/v1/json/internal.noop', auth=('f' * 32, 'x'), timeout=10)
    assert wrong.status_code == 403
    assert wrong.json() == {'error_type': 'ApiErrorForbidden', 'error_code': 4, 'error': 'Bad api_key'}
    assert [entry['operation'] for entry in memset.log()] == ['internal.noop', 'internal.noop']


def test_errors_have_the_recorded_body(memset):
    answer = memset.ask('dns.zone_domain_info', domain='none.example.com')
    assert (answer.status_code, answer.json()) == (404, DNS_ERROR)
    assert memset.error('no.such') == (5, 400)
    assert memset.error('service.info') == (7, 400)
    assert memset.error('service.info', name='x', more=1) == (7, 400)
    assert memset.error('service.info', name='not a name') == (7, 400)
    assert memset.error('service.info', name='absent') == (3, 404)


STATUSES = {1: 400, 2: 500, 3: 404, 4: 403, 5: 400, 6: 400, 7: 400, 8: 400, 9: 412, 10: 401, 11: 503, 12: 403, 13: 403,
            14: 404, 15: 404, 16: 401, 17: 401}


@pytest.mark.parametrize('code, status', STATUSES.items())
def test_every_code_has_its_status(memset, code, status):
    memset.fault(kind='error', operation='internal.noop', code=code, message='as asked')
    assert memset.error('internal.noop') == (code, status)
    memset.fault(kind='error', operation='internal.noop', code=code, message='as asked')
    assert rpc(memset, {'jsonrpc': '2.0', 'id': 1, 'method': 'internal.noop'}).json()['error']['code'] == code
    memset.fault(kind='error', operation='internal.noop', code=code, message='as asked')
    with pytest.raises(xmlrpc.client.Fault) as fault:
        proxy(memset).internal.noop()
    assert fault.value.faultCode == code and 'as asked' in fault.value.faultString


def test_throttle_is_403_with_code_12(memset):
    memset.fault(kind='throttle')
    assert memset.error('internal.noop') == (12, 403)
    assert memset.call('internal.noop') == {}


def test_method_scope(memset):
    key = memset.call('apikey.create', scopes={'method': ['internal.noop']}, comment='few')['key']
    memset.key = key
    assert memset.call('internal.noop') == {}
    assert memset.error('internal.version') == (4, 403)


def test_name_scope_wants_the_name(memset):
    one, two = memset.seed(servers=2)
    key = memset.call('apikey.create', scopes={'name': [one]})['key']
    job = memset.call('server.reboot', name=one)
    memset.key = key
    assert memset.call('server.info', name=one)['name'] == one
    assert memset.error('server.info', name=two) == (4, 403)
    assert memset.error('server.list') == (4, 403)
    assert memset.error('job.status', id=job['id']) == (4, 403)
    assert memset.call('job.status', id=job['id'], name=one)['service'] == one


def test_jsonrpc_one_call(memset):
    answer = rpc(memset, {'jsonrpc': '2.0', 'id': 5, 'method': 'internal.echo', 'params': {'list': [1, 'a']}})
    assert answer.status_code == 200
    assert (answer.json()['id'], answer.json()['jsonrpc']) == (5, '2.0')
    assert answer.json()['result']['list'] == [1, 'a']


def test_jsonrpc_version_1(memset):
    answer = rpc(memset, {'id': 5, 'method': 'internal.version', 'params': []}).json()
    assert answer == {'id': 5, 'result': {'version': '0.20'}, 'error': None}
    answer = rpc(memset, {'id': 6, 'method': 'service.info', 'params': [{'name': 'absent'}]}).json()
    assert answer['result'] is None and answer['error']['code'] == 3


def test_jsonrpc_batch(memset):
    zone, = memset.seed(zones=1)
    calls = [{'jsonrpc': '2.0', 'id': number, 'method': 'dns.zone_record_create',
              'params': {'zone_id': zone, 'type': 'A', 'record': 'h%d' % number,
                         'address': '192.0.2.1' if number != 57 else 'no address'}} for number in range(100)]
    answers = {answer['id']: answer for answer in rpc(memset, calls).json()}
    assert len(answers) == 100
    assert answers[57]['error']['code'] == 7
    assert sum('result' in answer for answer in answers.values()) == 99
    assert len(memset.call('dns.zone_info', id=zone)['records']) == 99
    assert memset.log()[-2]['operations'] == ['dns.zone_record_create'] * 100
    assert rpc(memset, calls + calls[:1]).json()['error']['code'] == -32600
    assert rpc(memset, []).json()['error']['code'] == -32600


def test_a_fault_hits_one_call_of_a_batch(memset):
    memset.seed(servers=1)
    server = memset.call('server.list')[0]['name']
    memset.fault(kind='job_fails', operation='dns.reload')
    jobs = rpc(memset, [{'jsonrpc': '2.0', 'id': 1, 'method': 'dns.reload'},
                        {'jsonrpc': '2.0', 'id': 2, 'method': 'server.reboot', 'params': {'name': server}}]).json()
    assert [memset.done(job['result'])['error'] for job in jobs] == [True, False]
    memset.fault(kind='error', code=9, message='now', operation='internal.noop', nth=2)
    answers = rpc(memset, [{'jsonrpc': '2.0', 'id': n, 'method': 'internal.noop'} for n in range(3)]).json()
    assert [('error' in answer) for answer in answers] == [False, True, False]


@pytest.mark.parametrize('second', ['html', 'job_fails'])
def test_a_fault_on_the_answer_of_a_batch(memset, second):
    """html for the whole answer, whichever call of the batch it was asked for."""
    first = 'job_fails' if second == 'html' else 'html'
    memset.fault(kind=first, operation='dns.reload')
    memset.fault(kind=second, operation='internal.noop')
    answer = rpc(memset, [{'jsonrpc': '2.0', 'id': 1, 'method': 'dns.reload'},
                          {'jsonrpc': '2.0', 'id': 2, 'method': 'internal.noop'}])
    assert answer.text.startswith('<html>')


def test_jsonrpc_refusals(memset):
    assert rpc(memset, {'jsonrpc': '2.0', 'id': 1, 'method': 'service.info', 'params': ['x']}).json()['error'][
        'code'] == -32602
    broken = memset.http.post(memset.url + '/v1/jsonrpc', data='{', auth=(memset.key, 'x'), timeout=10)
    assert broken.json()['error']['code'] == -32700
    assert rpc(memset, {'jsonrpc': '2.0', 'id': 1, 'method': 'no.such'}).json()['error']['code'] == 5
    assert rpc(memset, {'jsonrpc': '2.0', 'method': 'internal.noop'}).content == b''
    assert rpc(memset, {'jsonrpc': '2.0', 'id': 1, 'method': 'internal.noop'}, auth=None).json()['error']['code'] == 10


@pytest.mark.parametrize('path', ['/v1/xmlrpc', '/v1/xmlrpc/'])
def test_xmlrpc(memset, path):
    server, = memset.seed(servers=1, options={'nickname': 'www'})
    api = proxy(memset, path, use_datetime=True)
    info = api.service.info({'name': server})
    assert info['nickname'] == 'www'
    assert isinstance(info['start_date'], datetime.datetime)
    assert api.service.set_nickname({'name': server, 'nickname': 'web'}) == {'nickname': 'web'}
    with pytest.raises(xmlrpc.client.Fault) as fault:
        api.service.info({'name': 'absent'})
    assert fault.value.faultCode == 3
    with pytest.raises(xmlrpc.client.Fault) as fault:
        api.service.info('absent')
    assert fault.value.faultCode == 7
    methods = api.system.listMethods()
    assert 'server.reboot' in methods and len(methods) == 154
    assert 'email_address' in api.system.methodHelp('server.reboot')


def test_every_operation_is_listed_at_zero(memset):
    counts = memset.http.get(memset.control + '/operations', timeout=10).json()['memset']
    assert counts['server.set_penetration_patrol_alert_level'] == 0
    assert len([name for name in counts if not name.startswith('system.')]) == 152


def test_only_get_and_post(memset):
    answer = memset.http.delete(memset.url + '/v1/json/internal.noop', auth=(memset.key, 'x'), timeout=10)
    assert answer.status_code == 400
    assert requests.get(memset.url + '/v2/', timeout=10).status_code == 404
