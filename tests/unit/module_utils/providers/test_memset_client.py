# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's wire both ways, without a network: what is sent for a call, and what is made of an answer."""

from __future__ import annotations

import json
import urllib.parse

import pytest

from ansible_collections.indie.cloud.plugins.module_utils import errors
from ansible_collections.indie.cloud.plugins.module_utils.connection import Connection
from ansible_collections.indie.cloud.plugins.module_utils.http import Response
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.client import (
    ERRORS,
    MemsetClient,
    endpoint,
    job_of,
    job_wait,
)
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset.operations import OPERATIONS

# The document's table (1.3): code -> (name, HTTP status), and the kind that users branch on.
DOCUMENTED = {
    1: ('ApiError', 400, 'api'),
    2: ('ApiErrorInternalError', 500, 'unavailable'),
    3: ('ApiErrorDoesNotExist', 404, 'not_found'),
    4: ('ApiErrorForbidden', 403, 'auth'),
    5: ('ApiErrorMethodNotFound', 400, 'precondition'),
    6: ('ApiErrorAlreadyInProgress', 400, 'conflict'),
    7: ('ApiErrorBadParameters', 400, 'invalid'),
    8: ('ApiErrorNotUnique', 400, 'conflict'),
    9: ('ApiErrorPreconditionFailed', 412, 'precondition'),
    10: ('ApiErrorNotAuthorized', 401, 'auth'),
    11: ('ApiErrorServiceTemporarilyUnavailable', 503, 'unavailable'),
    12: ('ApiErrorThrottled', 403, 'throttled'),
    13: ('ApiErrorOverquota', 403, 'quota'),
    14: ('ApiErrorAccountDoesNotExist', 404, 'not_found'),
    15: ('ApiErrorServiceDoesNotExist', 404, 'not_found'),
    16: ('ApiErrorPartnerOnly', 401, 'auth'),
    17: ('ApiErrorPartnerRestriction', 401, 'auth'),
}
JOB = {'id': '739c99f25ed8d13e48ba94ec6a4a0102', 'type': 'SETUP-NEW-MINISERVER', 'status': 'AWAITING-PAYMENT',
       'finished': False, 'error': False}


class Wire:
    """In the place of a session: hands out answers, one after another, and keeps what was sent."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def exchange(self, operation, provider, method, url, decode, headers=None, data=None, repeat=False, write=True):
        self.sent.append({'operation': operation, 'method': method, 'url': url, 'headers': headers, 'data': data,
                          'repeat': repeat, 'write': write})
        status, body = self.answers.pop(0)
        return decode(Response(status, {'Content-Type': 'application/json'}, body))


def client(*answers, url='https://api.memset.com/v1'):
    answers = [answer if isinstance(answer, tuple) else (200, answer) for answer in answers]
    wire = Wire(*((status, body if isinstance(body, bytes) else json.dumps(body).encode()) for status, body in answers))
    link = Connection('memset', url, {'Authorization': 'Basic secret'})
    return MemsetClient(link, wire), wire


def test_a_call_has_real_json_in_its_parameters():
    api, wire = client({'sku': 'MSVM001', 'dry_run': True, 'net_total': 7.5})
    api.call('create.monthly_miniserver', sku='MSVM001', os='debian_jessie_64', dry_run=True, vlan=None, backups=0)
    sent, = wire.sent
    assert (sent['method'], sent['url']) == ('POST', 'https://api.memset.com/v1/json/create.monthly_miniserver')
    assert sent['headers']['Content-Type'] == 'application/x-www-form-urlencoded'
    assert sent['headers']['Authorization'] == 'Basic secret'
    (name, value), = urllib.parse.parse_qsl(sent['data'].decode('ascii'))
    assert name == 'parameters'
    assert json.loads(value) == {'sku': 'MSVM001', 'os': 'debian_jessie_64', 'dry_run': True, 'backups': 0}
    assert not sent['write'] and sent['repeat']


def test_an_order_is_a_write_that_is_never_repeated():
    api, wire = client({'sku': 'MSVM001', 'dry_run': False, 'invoice_ref': 100291, 'job': JOB})
    assert api.call('create.monthly_miniserver', sku='MSVM001', os='x', dry_run=False)['invoice_ref'] == 100291
    assert wire.sent[0]['write'] and not wire.sent[0]['repeat']


def test_lists_and_dicts_are_sent_as_such_and_beyond_ascii():
    api, wire = client({'id': 'z'})
    api.call('dns.zone_create', nickname='caf\u00e9', records=[{'type': 'A', 'relative': True}], domains=['a.example'])
    (_name, value), = urllib.parse.parse_qsl(wire.sent[0]['data'].decode('ascii'))
    assert json.loads(value) == {'nickname': 'caf\u00e9', 'records': [{'type': 'A', 'relative': True}],
                                 'domains': ['a.example']}


@pytest.mark.parametrize('values, told', [
    ({'sku': 'a', 'os': 'b'}, 'missing parameter dry_run'),
    ({'sku': 'a', 'os': 'b', 'dry_run': 'False'}, 'dry_run must be of type bool'),
    ({'sku': 'a', 'os': 'b', 'dry_run': False, 'ram': '16gb'}, 'unknown parameter ram'),
    ({'sku': 'a', 'os': 'b', 'dry_run': False, 'backups': True}, 'backups must be of type int'),
])
def test_wrong_parameters_are_not_sent(values, told):
    api, wire = client()
    with pytest.raises(errors.BadInput, match=told):
        api.call('create.monthly_miniserver', **values)
    assert wire.sent == []


def test_query_is_refused():
    api, wire = client()
    with pytest.raises(errors.BadInput, match='query'):
        api.send('server.list', {}, {'a': 'b'})
    assert wire.sent == []


@pytest.mark.parametrize('given, used', [
    ('https://api.memset.com/v1', 'https://api.memset.com/v1'),
    ('https://api.memset.com/v1/json', 'https://api.memset.com/v1'),
    ('https://api.memset.com/v1/jsonrpc', 'https://api.memset.com/v1'),
    ('https://api.memset.com/v1/xmlrpc', 'https://api.memset.com/v1'),
    ('http://127.0.0.1:8801', 'http://127.0.0.1:8801/v1'),
    ('https://gateway.example.com/memset/v1', 'https://gateway.example.com/memset/v1'),
])
def test_endpoint(given, used):
    assert endpoint(given) == used


# -- errors -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('code', DOCUMENTED)
def test_every_code_has_its_kind_over_json_and_in_a_batch(code):
    name, status, kind = DOCUMENTED[code]
    api, _wire = client((status, {'error_type': name, 'error_code': code, 'error': 'a reason'}))
    with pytest.raises(errors.ApiError) as caught:
        api.call('server.info', name='testaa1')
    assert (caught.value.kind, caught.value.code, caught.value.message) == (kind, code, 'a reason')
    api, _wire = client([{'jsonrpc': '2.0', 'id': 1, 'error': {'code': code, 'message': 'a reason'}},
                         {'jsonrpc': '2.0', 'id': 0, 'result': {}}],
                        *[(status, {'error_type': name, 'error_code': code, 'error': 'a reason'})])
    one, other = api.call_many([('internal.noop', {}), ('server.info', {'name': 'testaa1'})])
    assert one == {}
    assert other is None if kind == 'not_found' else other.kind == kind


def test_no_code_is_left_out():
    assert set(ERRORS) == set(DOCUMENTED) == set(range(1, 18))


@pytest.mark.parametrize('status, body, kind', [
    (403, b'<html>', 'auth'), (401, b'', 'auth'), (429, b'', 'throttled'), (502, b'<html>', 'unavailable'),
    (504, b'', 'unavailable'), (404, b'<html>not here</html>', 'malformed'), (400, b'{}', 'malformed'),
    (200, b'', 'malformed'), (200, b'<html>', 'malformed'), (200, b'[1, 2', 'malformed'),
    (418, b'{"error_code": 99, "error": "new"}', 'api'), (418, b'{"error_code": "x"}', 'api'),
    (200, b'{"error_type": "ApiErrorDoesNotExist", "error_code": 3, "error": "no"}', 'not_found'),
])
def test_answers_that_are_none(status, body, kind):
    api, _wire = client((status, body))
    with pytest.raises(errors.ApiError) as caught:
        api.call('server.list')
    assert caught.value.kind == kind


def test_a_404_that_is_not_the_api_s_own_is_no_absence():
    api, _wire = client((404, b'<html>'))
    with pytest.raises(errors.Malformed, match='memset_api_url'):
        api.find('server.info', name='testaa1')


@pytest.mark.parametrize('dry_run, answer', [
    (True, {'dry_run': False}), (True, {}), (True, None), (True, {'dry_run': True, 'job': JOB}),
    (True, {'dry_run': True, 'invoice_ref': 100291}), (True, {'dry_run': 'true'}),
    (False, {'dry_run': False}), (False, {'dry_run': False, 'job': {}}), (False, None)])
def test_an_answer_that_is_neither_quote_nor_order_leaves_the_outcome_open(dry_run, answer):
    api, _wire = client(answer)
    with pytest.raises(errors.OutcomeUnknown):
        api.call('create.hourly_miniserver', sku='MS0025H', os='x', dry_run=dry_run)


def test_a_nickname_that_came_out_otherwise_is_an_error():
    api, _wire = client({'nickname': 'www'}, {'nickname': 'ww'})
    assert api.call('service.set_nickname', name='testaa1', nickname='www') == {'nickname': 'www'}
    with pytest.raises(errors.Precondition, match="'ww' instead of 'www'"):
        api.call('service.set_nickname', name='testaa1', nickname='www')


# -- batches ----------------------------------------------------------------------------------------------------------
def test_a_batch_is_one_request_and_its_order_does_not_matter():
    api, wire = client([{'jsonrpc': '2.0', 'id': number, 'result': text}
                        for number, text in ((1, ['second']), (0, ['first']))])
    assert api.call_many([('server.list', {}), ('invoice.list', {'status': 'NEW'})]) == [['first'], ['second']]
    sent, = wire.sent
    assert sent['url'] == 'https://api.memset.com/v1/jsonrpc' and sent['operation'] == 'invoice.list, server.list'
    assert json.loads(sent['data']) == [
        {'jsonrpc': '2.0', 'id': 0, 'method': 'server.list', 'params': {}},
        {'jsonrpc': '2.0', 'id': 1, 'method': 'invoice.list', 'params': {'status': 'NEW'}}]
    assert not sent['write'] and sent['repeat']


def test_batches_hold_at_most_a_hundred_calls():
    api, wire = client(*(
        [{'jsonrpc': '2.0', 'id': number, 'result': {'id': '%032x' % (start + number)}} for number in range(size)]
        for start, size in ((0, 100), (100, 100), (200, 50))))
    calls = [('job.status', {'id': '%032x' % number}) for number in range(250)]
    assert api.call_many(calls) == [values for _name, values in calls]
    assert [len(json.loads(item['data'])) for item in wire.sent] == [100, 100, 50]


def test_a_single_call_is_no_batch_and_none_is_no_request():
    api, wire = client({'a': 1}, (404, {'error_code': 3}))
    assert api.call_many([('internal.noop', {})]) == [{'a': 1}]
    assert api.call_many([('server.info', {'name': 'x'})]) == [None]
    assert api.call_many([]) == []
    assert ['/json/' in item['url'] for item in wire.sent] == [True, True]


def test_a_throttled_call_of_a_batch_is_sent_again_alone():
    api, wire = client([{'jsonrpc': '2.0', 'id': 0, 'error': {'code': 12, 'message': 'wait'}},
                        {'jsonrpc': '2.0', 'id': 1, 'result': {'two': 2}}], [{'one': 1}])
    assert api.call_many([('server.list', {}), ('internal.noop', {})]) == [[{'one': 1}], {'two': 2}]
    assert wire.sent[1]['url'].endswith('/json/server.list')


def test_a_word_that_is_not_documented_is_no_answer():
    name, words = 'firewalling.rule_group_status', {'name': 'x', 'rule_group_name': 'y'}
    for odd in ({'foo': 1}, 42, None, 'ACTIVE'):
        api, dummy = client([{'jsonrpc': '2.0', 'id': 0, 'result': odd},
                             {'jsonrpc': '2.0', 'id': 1, 'result': 'active'}], odd)
        broken, fine = api.call_many([(name, words)] * 2)
        assert broken.kind == 'malformed' and broken.operation == name and fine == 'active'
        with pytest.raises(errors.Malformed, match='active, pending, na'):
            api.call(name, **words)


def test_writes_go_in_batches_too_and_what_may_have_happened_is_told():
    calls = [('dns.zone_record_delete', {'id': str(number)}) for number in range(5)]
    api, wire = client([{'jsonrpc': '2.0', 'id': 0, 'result': {}},
                        {'jsonrpc': '2.0', 'id': 1, 'error': {'code': 7, 'message': 'no'}},
                        {'jsonrpc': '2.0', 'id': 2, 'error': {'code': 12, 'message': 'wait'}},
                        {'jsonrpc': '2.0', 'id': 3, 'error': {'code': 2, 'message': 'oh'}}], {'again': True})
    one, two, three, four, five = api.write_many(calls)
    assert one == {} and two.kind == 'invalid' and three == {'again': True}
    assert four.kind == five.kind == 'outcome_unknown' and five.operation == 'dns.zone_record_delete'
    assert wire.sent[0]['write'] and not wire.sent[0]['repeat'] and len(wire.sent) == 2
    api, wire = client([{'jsonrpc': '2.0', 'id': number, 'result': number} for number in range(2)])
    assert api.write_many([('dns.zone_update', {'id': 'a', 'ttl': 0}), ('dns.zone_update', {'id': 'b'})]) == [0, 1]
    assert wire.sent[0]['repeat']


def test_orders_are_in_no_batch():
    api, wire = client()
    order = ('create.memstore', {'sku': 'CLOUDF5', 'dry_run': True})
    for many in (api.call_many, api.write_many):
        with pytest.raises(errors.BadInput, match='alone'):
            many([order, order])
    assert wire.sent == []


def test_writes_are_in_no_batch_of_reads():
    api, wire = client()
    with pytest.raises(errors.BadInput, match='writes'):
        api.call_many([('server.reboot', {'name': 'x'}), ('server.list', {})])
    assert wire.sent == []


@pytest.mark.parametrize('body', [b'{}', b'"x"', b'<html>', b''])
def test_a_batch_whose_answer_is_no_list(body):
    api, _wire = client((200, body))
    with pytest.raises(errors.Malformed):
        api.call_many([('server.list', {}), ('internal.noop', {})])


def test_a_batch_that_is_refused_as_a_whole():
    api, _wire = client({'jsonrpc': '2.0', 'id': None, 'error': {'code': 4, 'message': 'Bad api_key'}},
                        (403, {'error_code': 4, 'error': 'Bad api_key', 'error_type': 'ApiErrorForbidden'}))
    for _attempt in range(2):
        with pytest.raises(errors.Auth, match='Bad api_key'):
            api.call_many([('server.list', {}), ('internal.noop', {})])


def test_a_call_that_a_batch_leaves_out_is_an_error_of_that_call():
    api, _wire = client([{'jsonrpc': '2.0', 'id': 0, 'result': {}}, 'x', {'jsonrpc': '2.0', 'id': 2}])
    one, two, three = api.call_many([('internal.noop', {})] * 3)
    assert one == {} and two.kind == three.kind == 'malformed'
    assert (two.provider, two.operation) == ('memset', 'internal.noop')


# -- secrets, jobs ----------------------------------------------------------------------------------------------------
def test_secrets_of_answers_are_known_and_masked():
    answer = [{'key': 'f' * 32, 'scopes': {}, 'comment': 'x'}]
    api, _wire = client(answer, [{'jsonrpc': '2.0', 'id': 0, 'result': {'password': 'canary'}},
                                 {'jsonrpc': '2.0', 'id': 1, 'result': {}}])
    assert 'f' * 32 not in json.dumps(api.shown(api.call('apikey.list')))
    api.call_many([('memshell.info', {'name': 'a'}), ('internal.noop', {})])
    assert api.met == {'f' * 32, 'canary'}


@pytest.mark.parametrize('answer, job', [
    (JOB, JOB), ({'sku': 'x', 'job': JOB}, JOB), ({}, None), (None, None), ({'job': None}, None), ('text', None),
    ({'id': 'zone', 'nickname': 'x'}, None), ([JOB], None)])
def test_job_of(answer, job):
    assert job_of(answer) == job


def test_the_wait_for_a_job_looks_at_finished_before_error():
    wait = job_wait(JOB['id'], 'the order')
    assert wait.verdict(JOB) is None
    assert wait.verdict(dict(JOB, error=True)) is None
    assert wait.verdict(dict(JOB, finished=True, status='DONE')) is True
    assert wait.verdict(dict(JOB, finished=True, error=True)) is False
    assert 'pay it' in wait.advice(JOB) and wait.advice(dict(JOB, status='PROCESSING')) == ''


def test_what_is_waited_for_after_a_call():
    api, _wire = client()
    reboot, disable, zone = (OPERATIONS[name] for name in (
        'server.reboot', 'cluster.service.disable', 'dns.zone_create'))
    assert api.job_wait(reboot, {}, JOB).parameters == {'id': JOB['id']}
    assert api.job_wait(disable, {}, None) is None and not api.started(None) and api.started(JOB)
    assert api.job_wait(zone, {}, {'id': 'abc'}) is None


# -- the table --------------------------------------------------------------------------------------------------------
def test_the_table_and_the_sandbox_s_reading_of_the_document_agree():
    from sandbox.providers.memset import Memset  # noqa: F401 - fills the methods
    from sandbox.providers.memset.methods import METHODS

    methods = {name: method for name, method in METHODS.items() if not name.startswith('system.')}
    assert set(OPERATIONS) == set(methods) and len(OPERATIONS) == 152
    # Where the document contradicts itself.
    open_questions = {'cluster.server.info': {'cluster_name'}, 'firewalling.rule_create': {'dest_ports'}}
    for name, method in methods.items():
        operation = OPERATIONS[name]
        assert (operation.kind == 'write') == bool(method.write), name
        mine = {key: required for key, (_type, required) in operation.parameters.items()}
        theirs = {key: not parameter.optional for key, parameter in method.parameters.items()}
        differ = {key for key in set(mine) | set(theirs) if mine.get(key) != theirs.get(key)}
        assert differ == open_questions.get(name, set()), name
        assert operation.doc.startswith('Memset API 0.20.0, 1.2.'), name
