# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three ways in: JSON over GET and POST, JSON-RPC 1 and 2, XML-RPC. Each decodes, runs, and encodes."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import urllib.parse
import xmlrpc.client
from xml.parsers.expat import ExpatError

from ...engine import Reply
from .errors import ApiError
from .methods import METHODS

BATCH_LIMIT = 100
PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS = -32700, -32600, -32602


def basic_key(call):
    """The user name of HTTP basic authentication, or None."""
    scheme, _space, token = call.headers.get('Authorization', '').partition(' ')
    if scheme.lower() != 'basic':
        return None
    try:
        return base64.b64decode(token).decode('utf-8').partition(':')[0]
    except (binascii.Error, UnicodeDecodeError):
        return ''


def _plain(value):
    if isinstance(value, datetime.datetime):
        return value.strftime('%Y-%m-%d %H:%M:%S')
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError('not for JSON: %r' % (value,))


def to_json(value):
    return json.dumps(value, default=_plain).encode()


# -- JSON ---------------------------------------------------------------------------------------------------------
def _form(call):
    """The fields of a form body. A body of another type is not read."""
    if not call.headers.get('Content-Type', '').startswith('application/x-www-form-urlencoded'):
        return []
    return urllib.parse.parse_qsl(call.body.decode('utf-8', 'replace'), keep_blank_values=True)


def _json_parameters(call, name):
    given = dict(call.query)
    given.update(_form(call))
    packed = given.pop('parameters', None)
    if packed is not None:
        try:
            extra = json.loads(packed)
        except ValueError:
            raise ApiError('BadParameters', 'parameters: this is not JSON') from None
        if not isinstance(extra, dict):
            raise ApiError('BadParameters', 'parameters: a JSON encoded dictionary is wanted')
        given.update(extra)
    if name:
        given.setdefault('name', name)
    return given


def json_call(cloud, call, rest):
    """/v1/json/METHOD[/NAME][/]"""
    parts = [part for part in rest.split('/') if part]
    headers = {}
    try:
        if call.method not in ('GET', 'POST'):
            raise ApiError('', 'use GET or POST')
        method = parts[0] if parts else ''
        given = _json_parameters(call, parts[1] if len(parts) == 2 else None)
        if len(parts) > 2 or method not in METHODS or method.startswith('system.'):
            raise ApiError('MethodNotFound', "Method '%s' not found" % '/'.join(parts))
        key = given.pop('api_key', None)
        found = cloud.run(call, basic_key(call) or key, method, given)
        return Reply(200, to_json(found))
    except ApiError as exc:
        if exc.name == 'ApiErrorNotAuthorized':
            headers['WWW-Authenticate'] = 'Basic realm="Memset API"'
        return Reply(exc.status, to_json(exc.body()), headers=headers)


# -- JSON-RPC -----------------------------------------------------------------------------------------------------
def _rpc_error(identifier, code, message, old=False):
    answer = {'id': identifier, 'error': {'code': code, 'message': message}}
    answer.update({'result': None} if old else {'jsonrpc': '2.0'})
    return answer


def _rpc_one(cloud, call, request):
    """The answer to one call, or None for a notification."""
    if not isinstance(request, dict) or not isinstance(request.get('method'), str):
        return _rpc_error(None, INVALID_REQUEST, 'Invalid Request')
    old = 'jsonrpc' not in request
    identifier = request.get('id')
    silent = ('id' not in request) if not old else identifier is None
    given = request.get('params')
    if old and isinstance(given, list) and len(given) == 1 and isinstance(given[0], dict):
        given = given[0]
    if given is None or given == []:
        given = {}
    if not isinstance(given, dict):
        return None if silent else _rpc_error(identifier, INVALID_PARAMS, 'only named parameters are supported', old)
    try:
        if request['method'] not in METHODS or request['method'].startswith('system.'):
            raise ApiError('MethodNotFound', "Method '%s' not found" % request['method'])
        given = dict(given)
        key = given.pop('api_key', None)
        found = cloud.run(call, basic_key(call) or key, request['method'], given)
    except ApiError as exc:
        return None if silent else _rpc_error(identifier, exc.code, exc.text, old)
    if silent:
        return None
    answer = {'id': identifier, 'result': found}
    answer.update({'error': None} if old else {'jsonrpc': '2.0'})
    return answer


def jsonrpc_call(cloud, call):
    """/v1/jsonrpc[/]: one call or a batch of at most 100. Errors come in the body, the status stays 200."""
    if call.method != 'POST':
        return Reply(405, b'', headers={'Allow': 'POST'})
    try:
        request = call.json()
    except ValueError:
        return Reply(200, to_json(_rpc_error(None, PARSE_ERROR, 'Parse error')))
    if not isinstance(request, list):
        answer = _rpc_one(cloud, call, request)
    elif not request:
        answer = _rpc_error(None, INVALID_REQUEST, 'Invalid Request: the batch is empty')
    elif len(request) > BATCH_LIMIT:
        answer = _rpc_error(None, INVALID_REQUEST, 'Invalid Request: a batch has at most %d items' % BATCH_LIMIT)
    else:
        answer = [found for found in (_rpc_one(cloud, call, item) for item in request) if found is not None] or None
    return Reply(200, b'' if answer is None else to_json(answer))


# -- XML-RPC ------------------------------------------------------------------------------------------------------
def _typed(value):
    """Dates as XML-RPC has them, tuples as lists."""
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_typed(item) for item in value]
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime(value.year, value.month, value.day)
    return value


def xmlrpc_call(cloud, call):
    """/v1/xmlrpc[/]: one struct holds the named parameters; system.methodHelp alone takes a string."""
    if call.method != 'POST':
        return Reply(405, b'', headers={'Allow': 'POST'})
    try:
        arguments, method = xmlrpc.client.loads(call.body, use_builtin_types=True)
        if method is None:
            raise ApiError('', 'a methodCall is wanted')
        if method not in METHODS:
            raise ApiError('MethodNotFound', "Method '%s' not found" % method)
        if method == 'system.methodHelp' and len(arguments) == 1 and isinstance(arguments[0], str):
            arguments = ({'method': arguments[0]},)
        if len(arguments) > 1 or (arguments and not isinstance(arguments[0], dict) and arguments[0] != []):
            raise ApiError('BadParameters', 'pass named parameters in one struct')
        given = dict(arguments[0]) if arguments else {}
        key = given.pop('api_key', None)
        found = (_typed(cloud.run(call, basic_key(call) or key, method, given)),)
    except ApiError as exc:
        found = xmlrpc.client.Fault(exc.code, exc.text)
    except (ExpatError, ValueError, TypeError, KeyError, xmlrpc.client.Error) as exc:
        found = xmlrpc.client.Fault(1, 'ApiError: this is not XML-RPC (%s)' % exc)
    body = xmlrpc.client.dumps(found, methodresponse=True, allow_none=True, encoding='utf-8')
    return Reply(200, body.encode(), 'text/xml')
