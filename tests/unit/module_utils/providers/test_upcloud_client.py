# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""UpCloud's wire: how calls are spelt, how answers and both forms of errors are read, pages, what is waited for."""

from __future__ import annotations

import json
import types

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.connection import Connection, elsewhere
from ansible_collections.indie.cloud.plugins.module_utils.errors import ApiError, BadInput, Malformed, Unavailable
from ansible_collections.indie.cloud.plugins.module_utils.http import Response
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.client import UpCloudClient
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.operations import METADATA, OPERATIONS
from ansible_collections.indie.cloud.plugins.module_utils.steps import NULL

DOCUMENTED = {
    'GET /server_size': 'read', 'GET /server': 'read', 'GET /server/{uuid}': 'read', 'GET /storage/template': 'read',
    'GET /storage/cdrom': 'read', 'POST /server': 'state', 'POST /server/{uuid}/start': 'state',
    'POST /server/{uuid}/stop': 'state', 'POST /server/{uuid}/restart': 'state', 'PUT /server/{uuid}': '',
    'POST /server/{uuid}/cancel': 'state', 'DELETE /server/{uuid}': '', 'GET /server-group': 'read',
    'GET /server-group/{uuid}': 'read', 'GET /server-group/{uuid}/servers': 'read', 'POST /server-group': '',
    'PATCH /server-group/{uuid}': '', 'DELETE /server-group/{uuid}': '', 'POST /server-group/{uuid}/servers': '',
    'DELETE /server-group/{uuid}/servers/{server_uuid}': '',
    'GET metadata v1.json and tree (from inside a server)': 'read'}


def client(*answers):
    """A client whose session gives these answers, one by one, and remembers what was asked."""
    queue, asked = list(answers), []

    def exchange(operation, provider, method, url, decode, headers=None, data=None, repeat=False, write=True):
        asked.append(types.SimpleNamespace(method=method, url=url, headers=headers, repeat=repeat, write=write,
                                           body=None if data is None else json.loads(data)))
        status, body = queue.pop(0)
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return decode(Response(status, {'Content-Type': 'application/json'}, body))
    link = Connection('upcloud', 'https://api.example.com/1.3', {'Authorization': 'Bearer t'})
    found = UpCloudClient(link, types.SimpleNamespace(exchange=exchange))
    found.asked = asked
    return found


def test_every_documented_operation_is_there():
    for name, kind in DOCUMENTED.items():
        operation = OPERATIONS[name]
        assert (operation.kind == 'read') == (kind == 'read') and operation.starts == (kind if kind == 'state' else '')
        assert operation.doc


def test_reads_go_to_the_query():
    cloud = client((200, {'servers': {'server': []}}))
    assert cloud.call('GET /server', label=['env=prod', 'v=2 x']) == []
    (asked,) = cloud.asked
    assert asked.url == 'https://api.example.com/1.3/server?label=env%3Dprod&label=v%3D2+x'
    assert asked.method == 'GET' and asked.body is None and not asked.write
    assert asked.headers['Authorization'] == 'Bearer t'


@pytest.mark.parametrize('name, values, method, path, body', [
    ('POST /server/{uuid}/stop', {'uuid': 'u1', 'stop_type': 'soft', 'timeout': '60'}, 'POST', '/server/u1/stop',
     {'stop_server': {'stop_type': 'soft', 'timeout': '60'}}),
    ('POST /server/{uuid}/start', {'uuid': 'u1'}, 'POST', '/server/u1/start', {'server': {}}),
    ('PUT /server/{uuid}', {'uuid': 'u1', 'core_number': '8', 'plan': 'custom'}, 'PUT', '/server/u1',
     {'server': {'core_number': '8', 'plan': 'custom'}}),
    ('POST /server-group/{uuid}/servers', {'uuid': 'g1', 'server': 'u1'}, 'POST', '/server-group/g1/servers',
     {'server': {'uuid': 'u1'}}),
    ('PUT /tag/{name}', {'name': 'old', 'new_name': 'new'}, 'PUT', '/tag/old', {'tag': {'name': 'new'}}),
    ('PUT /server/{uuid}/networking/interface/{index}', {'uuid': 'u1', 'index': '2', 'new_index': 5}, 'PUT',
     '/server/u1/networking/interface/2', {'interface': {'index': 5}}),
    ('POST /server/{uuid}/tag/{tags}', {'uuid': 'u1', 'tags': 'a,b'}, 'POST', '/server/u1/tag/a%2Cb', None),
])
def test_writes_go_to_the_body_in_their_envelope(name, values, method, path, body):
    answer = OPERATIONS[name].answer
    cloud = client((200, {answer: {}} if answer else {}))
    cloud.call(name, **values)
    (asked,) = cloud.asked
    assert (asked.method, asked.url, asked.body) == (method, 'https://api.example.com/1.3' + path, body)
    assert asked.write


def test_a_null_is_sent_where_it_is_meant():
    cloud = client((202, {'ip_address': {'address': '192.0.2.1'}}))
    cloud.call('PATCH /ip_address/{address}', address='192.0.2.1', mac=NULL, ptr_record=None)
    assert cloud.asked[0].body == {'ip_address': {'mac': None}}
    with pytest.raises(BadInput, match='missing parameter address'):
        cloud.call('PATCH /ip_address/{address}', mac=NULL)


def test_a_deletion_says_in_the_query_what_goes_with_it():
    cloud = client((204, b''))
    assert cloud.call('DELETE /server/{uuid}', uuid='u1', storages='1', backups='keep_latest') is None
    assert cloud.asked[0].url.endswith('/server/u1?storages=1&backups=keep_latest') and cloud.asked[0].body is None


def test_no_credentials_go_to_the_metadata_service():
    cloud = client((200, b'hostname\nregion\n'), (200, b'{"region": "fi-hel1"}'), (404, b'not found\n'))
    cloud.connection = elsewhere('upcloud', 'upcloud_metadata_url', {}, {})
    assert cloud.call(METADATA, path='v1/') == 'hostname\nregion\n'
    assert cloud.call(METADATA) == {'region': 'fi-hel1'}
    assert cloud.find(METADATA, path='v1/../x?y') is None
    assert [asked.url.partition('/metadata/')[2] for asked in cloud.asked] == ['v1/', 'v1.json', 'v1/../x%3Fy']
    assert {asked.url.partition('/metadata/')[0] for asked in cloud.asked} == {'http://169.254.169.254'}
    assert [asked.headers for asked in cloud.asked] == [{}, {}, {}]


def test_unknown_and_missing_parameters_are_refused_before_sending():
    cloud = client()
    with pytest.raises(BadInput, match='missing parameter zone'):
        cloud.call('POST /server', hostname='x')
    with pytest.raises(BadInput, match='unknown parameter size'):
        cloud.call('GET /server', size=1)
    assert cloud.asked == []


def test_an_answer_without_its_envelope_is_malformed():
    with pytest.raises(Malformed):
        client((200, {'other': 1})).call('GET /server')


# -- errors -----------------------------------------------------------------------------------------------------------
KINDS = {
    'invalid': '''400 ACTION_INVALID ACTION_MISSING BOOT_ORDER_INVALID CORE_MEMORY_UNSUPPORTED CORE_NUMBER_INVALID
        CREATE_PASSWORD_INVALID FIREWALL_INVALID HOSTNAME_INVALID HOSTNAME_MISSING MEMORY_AMOUNT_INVALID
        NIC_MODEL_INVALID PASSWORD_DELIVERY_INVALID SERVER_TITLE_INVALID SERVER_TITLE_MISSING SIMPLE_BACKUP_INVALID
        SIZE_INVALID SIZE_MISSING STORAGE_DEVICE_INVALID STORAGE_DEVICE_MISSING STORAGE_DEVICES_INVALID
        STORAGE_DEVICES_MISSING STORAGE_INVALID STORAGE_MISSING STORAGE_TITLE_INVALID STORAGE_TITLE_MISSING
        TIMEZONE_INVALID TYPE_INVALID TIER_INVALID USER_DATA_INVALID VIDEO_MODEL_INVALID VNC_INVALID
        VNC_PASSWORD_INVALID ZONE_INVALID ZONE_MISSING INVALID_LABEL_KEY INVALID_LABEL_VALUE SERVER_INVALID
        STOP_TYPE_INVALID TIMEOUT_INVALID TIMEOUT_MISSING TIMEOUT_ACTION_INVALID TITLE_INVALID REQUEST_INVALID
        STORAGE_DELETION_POLICY_INVALID BACKUP_DELETION_POLICY_INVALID GROUP_INVALID DUPLICATE_LABEL_KEYS
        403 PLAN_CORE_NUMBER_ILLEGAL PLAN_MEMORY_AMOUNT_ILLEGAL
        409 MULTIPLE_TEMPLATES PUBLIC_STORAGE_ATTACH STORAGE_TYPE_ILLEGAL ZONE_MISMATCH INVALID_USERNAME
        TOO_MANY_BOOT_DISKS''',
    'quota': '''402 INSUFFICIENT_CREDITS
        403 TRIAL_PLAN TRIAL_SERVER_LIMIT_REACHED TRIAL_CORE_LIMIT_REACHED TRIAL_NETWORK_LIMIT_REACHED
        TRIAL_DETACHED_FLOATING_IP_LIMIT_REACHED TRIAL_MEMORY_LIMIT_REACHED TRIAL_STORAGE_LIMIT_REACHED
        TRIAL_STORAGE_SIZE_LIMIT_REACHED TRIAL_IP_LIMIT_REACHED SERVER_CORE_LIMIT_REACHED SERVER_MEMORY_LIMIT_REACHED
        HDD_STORAGE_LIMIT_REACHED SSD_STORAGE_LIMIT_REACHED MAXIOPS_STORAGE_LIMIT_REACHED SERVER_IP_LIMIT_REACHED
        NETWORK_LIMIT_REACHED DETACHED_FLOATING_IP_LIMIT_REACHED NETWORK_PEERING_LIMIT_REACHED
        409 WINDOWS_NOT_AVAILABLE''',
    'auth': '''401 AUTHENTICATION_FAILED 403 STORAGE_FORBIDDEN HOST_FORBIDDEN SERVER_FORBIDDEN GROUP_FORBIDDEN
        TAG_FORBIDDEN''',
    'not_found': '''404 STORAGE_NOT_FOUND HOST_NOT_FOUND ZONE_NOT_FOUND SERVER_NOT_FOUND GROUP_NOT_FOUND
        TAG_NOT_FOUND''',
    'conflict': '''400 FAILED_TO_ADD_MEMORY
        409 LABEL_LIMIT_REACHED CDROM_DEVICE_IN_USE DEVICE_ADDRESS_IN_USE STORAGE_ATTACHED_AS_CDROM
        STORAGE_ATTACHED_AS_DISK STORAGE_DEVICE_LIMIT_REACHED STORAGE_IN_USE STORAGE_STATE_ILLEGAL
        SERVER_CREATING_LIMIT_REACHED BACKUP_RULE_CONFLICT NO_STORAGES_ATTACHED SERVER_STATE_ILLEGAL
        HOT_RESIZE_NOT_ENABLED HOT_RESIZE_UNAVAILABLE NO_AVAILABLE_MEMORY_SLOTS UNABLE_TO_CANCEL
        ALREADY_IN_SERVER_GROUP STRICT_ANTI_AFFINITY_NOT_MET TAG_EXISTS''',
    'unavailable': '''409 IP_ADDRESS_RESOURCES_UNAVAILABLE SERVER_RESOURCES_UNAVAILABLE STORAGE_RESOURCES_UNAVAILABLE
        SERVER_RESOURCES_UNAVAILABLE_FOR_STRICT_AA 500 SERVICE_ERROR''',
    'precondition': '''409 MS_LMA_REQUIRED CAN_NOT_CREATE_PASSWORD_FOR_THE_SELECTED_DISTRIBUTION
        METADATA_DISABLED_ON_CLOUD-INIT''',
    'throttled': '429 RATE_LIMITED',
}


def _codes():
    for kind, text in KINDS.items():
        status = None
        for word in text.split():
            if word.isdigit():
                status = int(word)
            else:
                yield kind, status, word


def refusal(status, body, name='PUT /server/{uuid}'):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client().error(OPERATIONS[name], Response(status, {}, body))


@pytest.mark.parametrize('kind, status, code', list(_codes()))
def test_the_kind_of_every_documented_code(kind, status, code):
    error = refusal(status, {'error': {'error_code': code, 'error_message': 'Something about it.'}})
    assert (error.kind, error.code, error.http_status) == (kind, code, status)
    assert 'Something about it' in error.message
    # The code decides, whatever the status.
    told = refusal(418, {'error': {'error_code': code, 'error_message': ''}})
    assert told.kind == ('api' if code in UNTOLD else kind)


# Codes of which only the status 409 tells the kind.
UNTOLD = ('CDROM_DEVICE_IN_USE DEVICE_ADDRESS_IN_USE STORAGE_ATTACHED_AS_CDROM STORAGE_ATTACHED_AS_DISK STORAGE_IN_USE '
          'BACKUP_RULE_CONFLICT NO_STORAGES_ATTACHED SERVER_STATE_ILLEGAL NO_AVAILABLE_MEMORY_SLOTS UNABLE_TO_CANCEL '
          'ALREADY_IN_SERVER_GROUP STRICT_ANTI_AFFINITY_NOT_MET TAG_EXISTS').split()


def test_the_problem_form():
    error = refusal(404, {'type': 'https://developers.upcloud.com/1.3/errors#ERROR_RESOURCE_NOT_FOUND',
                          'title': 'Not there.', 'status': 404, 'correlation_id': 'c-1'})
    assert (error.kind, error.code, error.request_id) == ('not_found', 'RESOURCE_NOT_FOUND', 'c-1')
    error = refusal(400, {'type': 'INVALID_REQUEST', 'title': 'Validation error.', 'status': 400,
                          'invalid_params': [{'name': 'limit', 'reason': 'Too high.'}]})
    assert (error.kind, error.code) == ('invalid', 'INVALID_REQUEST') and 'limit: Too high.' in error.message


def test_the_price_list_spells_its_errors_otherwise():
    error = refusal(400, {'error': {'code': 'ZONE_INVALID', 'message': 'No such zone.'}})
    assert (error.kind, error.code, error.message) == ('invalid', 'ZONE_INVALID', 'No such zone.')


@pytest.mark.parametrize('status, kind', [(401, 'auth'), (404, 'api'), (429, 'throttled'), (502, 'unavailable')])
@pytest.mark.parametrize('body', [b'', b'<html>no</html>', b'[]', b'\xff', b'{"error": "no"}'])
def test_an_error_without_a_code(status, kind, body):
    error = refusal(status, body)
    assert (error.kind, error.code) == (kind, None) and str(status) in error.message
    assert error.definite == (status < 500)


def test_a_page_that_is_not_there_does_not_mean_that_the_server_is_gone():
    with pytest.raises(ApiError, match='upcloud_api_url'):
        client((404, b'<html>')).find('GET /server/{uuid}', uuid='x')
    gone = {'error': {'error_code': 'SERVER_NOT_FOUND', 'error_message': 'No.'}}
    assert client((404, gone)).find('GET /server/{uuid}', uuid='x') is None


def test_advice_comes_with_what_a_stop_would_solve():
    error = refusal(409, {'error': {'error_code': 'HOT_RESIZE_UNAVAILABLE', 'error_message': 'Not now.'}})
    assert error.message == 'Not now; allow_stop: true lets this be done with the server stopped'


def test_what_is_busy_is_tried_again_and_then_a_conflict():
    error = refusal(409, {'error': {'error_code': 'STORAGE_STATE_ILLEGAL', 'error_message': 'Busy.'}})
    assert isinstance(error, Unavailable) and error.kind == 'conflict'


# -- pages, secrets, waits --------------------------------------------------------------------------------------------
def page(first, last):
    return 200, {'storages': {'storage': [{'uuid': str(number), 'title': 'x', 'type': 'template'}
                                          for number in range(first, last)]}}


@pytest.mark.parametrize('pages, requests', [
    ([page(0, 7)], 1), ([page(0, 100), page(100, 150), page(150, 150)], 3), ([page(0, 25), page(25, 30)], 2),
    ([page(0, 60), page(0, 60)], 2), ([page(0, 0)], 1)])
def test_all_pages_are_read_whatever_their_size(pages, requests):
    cloud = client(*pages)
    found = [item['uuid'] for item in cloud.pages('GET /storage/template')]
    expected = sorted({item['uuid'] for dummy, body in pages for item in body['storages']['storage']}, key=int)
    assert found == expected and len(cloud.asked) == requests
    assert 'offset=0' in cloud.asked[0].url and 'limit=100' in cloud.asked[0].url


def test_secrets_of_answers_are_remembered_and_masked():
    raw = {'uuid': 'u', 'password': 'canary1', 'remote_access_password': 'canary2'}
    cloud = client((200, {'server': raw}))
    cloud.call('GET /server/{uuid}', uuid='u')
    assert cloud.met == {'canary1', 'canary2'} and 'canary' not in json.dumps(cloud.shown(raw))


@pytest.mark.parametrize('name, values, answer, waits', [
    ('POST /server', {}, {'server': {'uuid': 'new'}}, ('new', ['started'])),
    ('POST /server/{uuid}/stop', {'uuid': 'u'}, {'server': {'state': 'started'}}, ('u', ['stopped'])),
    ('POST /storage/{uuid}/clone', {'uuid': 'u'}, {'storage': {'uuid': 'new'}}, ('new', ['online'])),
    ('POST /storage/{uuid}/restore', {'uuid': 'u'}, None, ('u', ['online'])),
    ('POST /storage/{uuid}/import', {'uuid': 'u', 'source': 'http_import'}, {'storage_import': {'uuid': 'i'}},
     ('u', ['completed'])),
    ('POST /storage/{uuid}/import', {'uuid': 'u', 'source': 'direct_upload'}, {'storage_import': {'uuid': 'i'}}, None),
    ('PUT /server/{uuid}', {'uuid': 'u'}, {'server': {}}, None)])
def test_what_is_waited_for_after_an_operation(name, values, answer, waits):
    wait = client().job_wait(OPERATIONS[name], values, answer)
    assert (wait and (wait.parameters['uuid'], wait.done['state'])) == waits


def test_every_operation_that_starts_something_has_its_wait():
    for operation in OPERATIONS.values():
        if operation.starts:
            answer = {operation.answer: {'uuid': 'new'}} if operation.answer else None
            assert client().job_wait(operation, {'uuid': 'old'}, answer) is not None, operation.name


def test_a_cancelled_server_may_be_gone_or_idle():
    wait = client().job_wait(OPERATIONS['POST /server/{uuid}/cancel'], {'uuid': 'u'}, None)
    assert wait.verdict(None) and wait.verdict({'state': 'stopped'}) and wait.verdict({'state': 'maintenance'}) is None


def test_many_are_polled_by_one_list_of_each_kind():
    servers = [{'uuid': 'a', 'state': 'started'}, {'uuid': 'c', 'state': 'stopped'}]
    cloud = client((200, {'servers': {'server': servers}}),
                   (200, {'storage': {'uuid': 'd', 'state': 'online'}}))
    answers = cloud.poll_many([('GET /server/{uuid}', {'uuid': 'a'}), ('GET /storage/{uuid}', {'uuid': 'd'}),
                               ('GET /server/{uuid}', {'uuid': 'b'}), ('GET /server/{uuid}', {'uuid': 'c'})])
    assert [answer and answer['state'] for answer in answers] == ['started', 'online', None, 'stopped']
    assert [asked.url.rpartition('/1.3')[2] for asked in cloud.asked] == ['/server', '/storage/d']
