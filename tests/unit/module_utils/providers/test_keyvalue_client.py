# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clients of CloudSigma and ElasticHosts: requests as they are sent, answers as they come, errors as they are."""

from __future__ import annotations

import types

import pytest
import requests

from ansible_collections.indie.cloud.plugins.module_utils import errors
from ansible_collections.indie.cloud.plugins.module_utils.http import Response
from ansible_collections.indie.cloud.plugins.module_utils.providers.cloudsigma.client import CloudSigmaClient
from ansible_collections.indie.cloud.plugins.module_utils.providers.elastichosts.client import ElasticHostsClient
from sandbox.providers.cloudsigma import routes as cloudsigma
from sandbox.providers.elastichosts import routes as elastichosts

SERVER = '11111111-1111-4111-8111-111111111111'
DRIVE = '22222222-2222-4222-8222-222222222222'
CLIENTS = {'cloudsigma': CloudSigmaClient, 'elastichosts': ElasticHostsClient}


def client(provider='cloudsigma'):
    connection = types.SimpleNamespace(url='https://api.example.com', headers={'Authorization': 'Basic x'})
    return CLIENTS[provider](connection, None)


def request(operation_name, provider='cloudsigma', /, **values):
    made = client(provider)
    operation = made.operation(operation_name)
    operation.check(values, provider)
    return made.encode(operation, values, None)


def answer(name, text, status=200, provider='cloudsigma', headers=None):
    made = client(provider)
    body = text if isinstance(text, bytes) else text.encode()
    headers = requests.structures.CaseInsensitiveDict(headers or {})
    return made.decode(made.operation(name), Response(status, headers, body))


# -- the table --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('provider, routes', [('cloudsigma', cloudsigma.ROUTES), ('elastichosts', elastichosts.ROUTES)])
def test_the_table_and_the_sandbox_were_written_apart_and_agree(provider, routes):
    table = CLIENTS[provider].operations
    assert {name: operation.kind for name, operation in table.items()} == {
        row[0]: 'write' if row[2] else 'read' for row in routes}
    assert [operation.name for operation in table.values() if not operation.doc] == []


# -- requests ---------------------------------------------------------------------------------------------------------
def test_a_create_is_lines_of_text():
    method, url, headers, data = request(
        'POST /servers/create', name='Test server', cpu=1000, mem=512, persistent=True, tags=['a', 'b'],
        **{'ide:0:0': DRIVE, 'ide:0:0:media': 'disk', 'nic:0:dhcp': 'auto'})
    assert (method, url) == ('POST', 'https://api.example.com/servers/create')
    assert headers == {'Authorization': 'Basic x', 'Accept': 'text/plain', 'Content-Type': 'text/plain'}
    assert data.decode() == ('name Test server\ncpu 1000\nmem 512\npersistent true\ntags a b\nide:0:0 %s\n'
                             'ide:0:0:media disk\nnic:0:dhcp auto\n' % DRIVE)


def test_an_empty_value_unsets_and_a_newline_is_two_characters():
    data = request('POST /servers/{uuid}/set', uuid=SERVER, name='a\nb', **{'nic:0:dhcp': ''})[3]
    assert data == b'name a\\nb\nnic:0:dhcp \n'


@pytest.mark.parametrize('provider, name, method', [
    ('cloudsigma', 'GET /servers/{uuid}/stop', 'GET'), ('elastichosts', 'POST /servers/{uuid}/stop', 'POST')])
def test_an_action_is_sent_as_its_document_says(provider, name, method):
    sent = request(name, provider, uuid=SERVER)
    assert sent[:2] == (method, 'https://api.example.com/servers/%s/stop' % SERVER)
    assert sent[3] == (None if method == 'GET' else b'')


def test_parts_of_a_path_may_be_left_out():
    name = 'POST /drives/{uuid}/image/{source}[/{conversion}]'
    url = 'https://api.example.com/drives/%s/image/%s' % (DRIVE, SERVER)
    assert request(name, 'elastichosts', uuid=DRIVE, source=SERVER)[1] == url
    assert request(name, 'elastichosts', uuid=DRIVE, source=SERVER, conversion='gunzip')[1] == url + '/gunzip'
    with pytest.raises(errors.BadInput, match='source'):
        request(name, 'elastichosts', uuid=DRIVE)


def test_contents_are_bytes():
    method, url, headers, data = request(
        'POST /drives/{uuid}/write[/{offset}]', uuid=DRIVE, offset='4M', data=b'\x00\xff', gzip=True)
    assert (method, url, data) == ('POST', 'https://api.example.com/drives/%s/write/4M' % DRIVE, b'\x00\xff')
    assert headers['Content-Type'] == 'application/octet-stream' and headers['Content-Encoding'] == 'gzip'


def test_what_reads_by_post_has_a_body():
    method, url, dummy, data = request('POST /subscriptions/{uuid}/set/calculate', uuid=SERVER, months=2)
    assert method == 'POST' and url.endswith('/set/calculate') and data == b'months 2\n'


@pytest.mark.parametrize('values, told', [
    ({'name': 'x', 'cpu': 1}, 'missing parameter mem'),
    ({'name': 'x', 'cpu': 1, 'mem': 1, 'ide:2:0': DRIVE}, 'unknown parameter ide:2:0'),
    ({'name': 'x', 'cpu': 1, 'mem': 1, 'colour': 'red'}, 'unknown parameter colour'),
    ({'name': 5, 'cpu': 1, 'mem': 1}, 'must be of type str'),
    ({'name': 'x', 'cpu': 1, 'mem': 1, 'persistent': 'yes'}, 'must be of type bool')])
def test_parameters_are_checked_before_anything_is_sent(values, told):
    with pytest.raises(errors.BadInput, match=told):
        request('POST /servers/create', **values)


def test_metadata_is_for_elastichosts():
    keys = {'name': 'x', 'cpu': 1, 'mem': 1, 'user:role': 'db'}
    assert b'user:role db' in request('POST /servers/create', 'elastichosts', **keys)[3]
    with pytest.raises(errors.BadInput, match='user:role'):
        request('POST /servers/create', **keys)


# -- answers ----------------------------------------------------------------------------------------------------------
def test_answers_are_objects_lists_or_nothing():
    one = 'server %s\nstatus active\nname a b\n' % SERVER
    assert answer('GET /servers/{uuid}/info', one) == {'server': SERVER, 'status': 'active', 'name': 'a b'}
    assert [each['server'] for each in answer('GET /servers/info', one + '\n' + one)] == [SERVER, SERVER]
    assert answer('GET /servers/info', '') == []
    assert answer('GET /servers/list', SERVER + '\n' + DRIVE) == [SERVER, DRIVE]
    assert answer('GET /resources/vlan/list', 'vlan %s\n' % SERVER) == [SERVER]
    assert answer('GET /currencies/list', 'EUR\nGBP\n') == ['EUR', 'GBP']
    assert answer('GET /servers/list', '%s 2000 1024\n' % SERVER, provider='elastichosts') == ['%s 2000 1024' % SERVER]
    assert answer('GET /servers/{uuid}/start', '', 204) == {}
    assert answer('GET /servers/{uuid}/start', one)['status'] == 'active'
    assert answer('GET /drives/{uuid}/read/{offset}/{size}', b'\x00\xff') == b'\x00\xff'


@pytest.mark.parametrize('name, text', [
    ('GET /servers/{uuid}/info', ''),
    ('GET /servers/{uuid}/info', 'server %s\n' % SERVER),
    ('GET /servers/{uuid}/info', 'status active\nserver 1111\n'),
    ('GET /servers/info', 'server %s\nstatus active\n\nserver %s' % (SERVER, SERVER)),
    ('GET /servers/info', '<html><body>busy</body></html>'),
    ('GET /servers/info', 'server\n'),
    ('GET /servers/list', '<html>\n'),
    ('POST /servers/create', 'name a\nstatus active\n'),
    ('GET /servers/{uuid}/start', '<html></html>'),
])
def test_what_is_cut_or_no_text_of_theirs_is_malformed(name, text):
    with pytest.raises(errors.Malformed):
        answer(name, text)


ODD = 'server %s\nstatus active\n\nserver %s\nname odd\n' % (SERVER, DRIVE)


@pytest.mark.parametrize('headers', [{'Content-Length': str(len(ODD))}, {'Transfer-Encoding': 'chunked'}])
def test_an_odd_last_object_harms_no_other_where_the_list_is_whole(headers):
    assert [each['server'] for each in answer('GET /servers/info', ODD, headers=headers)] == [SERVER, DRIVE]
    for cut in (ODD[:-1], ODD[:-10], ODD[:-20], ODD[:ODD.index(DRIVE) + 9], 'server %s\nstatus active\n\nserver 1\n'):
        with pytest.raises(errors.Malformed):
            answer('GET /servers/info', cut, headers=headers)


def test_an_odd_last_object_of_a_list_of_no_told_length_may_be_cut_short():
    with pytest.raises(errors.Malformed, match='status'):
        answer('GET /servers/info', ODD)


# -- errors -----------------------------------------------------------------------------------------------------------
CREATE, INFO, SET = 'POST /servers/create', 'GET /servers/{uuid}/info', 'POST /servers/{uuid}/set'
GONE = 'errors:system Drive %s could not be found. Please look again.' % DRIVE


@pytest.mark.parametrize('name, status, text, kind, code', [
    (CREATE, 400, 'errors:cpu Too slow', errors.Invalid, 'usage'),
    (CREATE, 400, GONE, errors.NotFound, 'missing'),
    (INFO, 400, 'errors:system Bad', errors.NotFound, 'missing'),
    (INFO, 404, 'Not Found', errors.NotFound, 'missing'),
    (SET, 400, 'errors:system Server x is currently in use.', errors.Conflict, 'busy'),
    (CREATE, 401, 'Unauthorized', errors.Auth, 'auth'),
    (CREATE, 403, '', errors.Auth, 'auth'),
    (CREATE, 405, 'Method Not Allowed', errors.Invalid, 'method'),
    (CREATE, 409, 'Conflict', errors.Conflict, 'busy'),
    (CREATE, 429, 'Too Many Requests', errors.Throttled, 'throttled'),
    (CREATE, 500, 'Failed command', errors.Unavailable, 'system'),
    (CREATE, 502, '<html>Bad gateway</html>', errors.Unavailable, 'system'),
    (CREATE, 504, '', errors.Unavailable, 'system'),
    # A success that tells of errors is none.
    (CREATE, 200, 'name a\nerrors:cpu Too slow', errors.Invalid, 'usage'),
    (CREATE, 200, 'errors:system Insufficient funds', errors.Quota, 'billing'),
    ('GET /servers/list', 200, 'errors:system Bad', errors.Invalid, 'usage'),
    ('GET /servers/{uuid}/stop', 200, GONE, errors.NotFound, 'missing'),
])
def test_errors_of_cloudsigma(name, status, text, kind, code):
    with pytest.raises(errors.ApiError) as caught:
        answer(name, text, status)
    assert caught.type is kind and caught.value.code == code and '<' not in caught.value.message


def test_the_message_names_the_point_at_fault():
    with pytest.raises(errors.Invalid, match='^cpu: Too slow; and more '):
        answer(CREATE, 'errors:cpu Too slow\nerrors:system and more\n', 400)


@pytest.mark.parametrize('status, header, kind', [
    (400, 'usage', errors.Invalid), (401, 'auth', errors.Auth), (402, 'billing', errors.Quota),
    (404, 'missing', errors.NotFound), (405, 'method', errors.Invalid), (409, 'busy', errors.Conflict),
    (500, 'failed', errors.JobFailed), (500, 'system', errors.Unavailable), (507, 'full', errors.Quota),
    # The header wins over the status; what follows its first word is left aside; an unknown word says nothing.
    (400, 'missing drive x', errors.NotFound), (400, 'strange', errors.Invalid), (500, '', errors.Unavailable),
    (402, '', errors.Quota), (507, '', errors.Quota),
])
def test_errors_of_elastichosts(status, header, kind):
    with pytest.raises(errors.ApiError) as caught:
        answer(CREATE, 'why\n', status, 'elastichosts', {'X-Elastic-Error': header})
    assert caught.type is kind and caught.value.message == 'why'
    # A command that failed did nothing; of a bare 500 nothing is known.
    assert caught.value.definite == (header.split(' ')[0] in ('failed', 'full') or status == 507)


def test_an_old_deployment_answers_400_for_what_is_not_there():
    for name, text in ((INFO, 'bad'), (SET, 'Server x could not be found')):
        with pytest.raises(errors.NotFound):
            answer(name, text, 400, 'elastichosts', {'X-Elastic-Error': 'usage'})


# -- waiting ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize('name, values, made, over, not_over', [
    ('POST /servers/create', {}, {'server': SERVER}, {'status': 'active'}, {'status': 'starting'}),
    ('GET /servers/{uuid}/start', {'uuid': SERVER}, {}, {'status': 'active'}, {'status': 'stopped'}),
    ('GET /servers/{uuid}/shutdown', {'uuid': SERVER}, {}, None, {'status': 'active'}),
    ('POST /drives/{uuid}/clone', {'uuid': SERVER}, {'drive': DRIVE}, {'status': 'active'},
     {'status': 'active', 'claimed': 'h:imaging:x'}),
    ('POST /drives/create', {}, {'drive': DRIVE}, {'status': 'active'}, {'status': 'active', 'imaging': '45%'}),
])
def test_what_a_call_starts_can_be_waited_for(name, values, made, over, not_over):
    used = client()
    wait = used.job_wait(used.operation(name), values, made)
    assert wait.parameters['uuid'] in (SERVER, DRIVE) and wait.verdict(over) is True and wait.verdict(not_over) is None


def test_what_starts_nothing_or_many_things_is_not_waited_for():
    used = client()
    for name in ('POST /servers/{uuid}/set', 'GET /servergroups/{uuid}/stop'):
        assert used.job_wait(used.operation(name), {'uuid': SERVER}, {}) is None
    assert used.job_wait(used.operation('POST /servers/stop'), {}, []) is None


def test_many_of_a_kind_are_polled_with_one_list(monkeypatch):
    used, calls = client(), []

    def call(name, **values):
        calls.append(name)
        return [{'server': SERVER, 'status': 'active'}] if name == 'GET /servers/info' else {'drive': DRIVE}
    monkeypatch.setattr(used, 'call', call)
    info, drive = ('GET /servers/{uuid}/info', {'uuid': SERVER}), ('GET /drives/{uuid}/info', {'uuid': DRIVE})
    gone = (info[0], {'uuid': DRIVE})
    assert used.poll_many([info, drive, gone]) == [{'server': SERVER, 'status': 'active'}, {'drive': DRIVE}, None]
    assert calls == ['GET /servers/info', 'GET /drives/{uuid}/info']
    calls.clear()
    assert used.poll_many([drive]) == [{'drive': DRIVE}] and calls == [drive[0]]


@pytest.mark.parametrize('text, answer', [
    ('', []), ('a\nb\n', ['a', 'b']), ('key one\nother two words\n', {'key': 'one', 'other': 'two words'}),
    ('key one\n\nkey two\n', [{'key': 'one'}, {'key': 'two'}])])
def test_the_answer_of_an_unknown_operation_is_guessed(text, answer):
    used = client()
    operation = used.unlisted('GET /new', 'read', {})
    assert used.decode(operation, Response(200, {}, text.encode())) == answer


@pytest.mark.parametrize('text, error', [
    ('errors:name It is taken\n', errors.Invalid), ('<html><p>x</html>', errors.Malformed)])
def test_the_answer_of_an_unknown_operation_may_tell_of_errors(text, error):
    used = client()
    with pytest.raises(error):
        used.decode(used.unlisted('POST /new', 'write', {}), Response(200, {}, text.encode()))


def test_one_odd_object_harms_no_other_of_its_list():
    found = answer('GET /servers/info', 'server %s\nname odd\n\nserver %s\nstatus active\n' % (SERVER, SERVER))
    assert [each.get('status') for each in found] == [None, 'active']
