# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire of UpCloud: JSON in an envelope, two forms of errors, and pages of storages."""

from __future__ import annotations

import json
import urllib.parse

from ...client import Client, parse_json
from ...errors import (
    ApiError,
    Auth,
    Conflict,
    Invalid,
    Malformed,
    NotFound,
    Precondition,
    Quota,
    Throttled,
    Unavailable,
)
from ...http import checked_url
from . import waits
from .operations import METADATA, METADATA_DOCUMENT, OPERATIONS
from .operations_storage import UPLOAD

# Storages on a page: how many are asked for, and how many come where the limit is not heeded.
PAGE, LEAST_PAGE = 100, 25
# By what an entry of a list is known, and counted. One that lacks it could be the very thing that is looked for, and
# passed over it would be made again.
KNOWN_BY = {
    'storages.storage[]': ('uuid', 'title', 'type'),
    'networks.network[]': ('uuid', 'name', 'type'),
    'routers.router[]': ('uuid', 'name'),
    'server_groups.server_group[]': ('uuid', 'title'),
}
# Parameters whose name in the body is that of a placeholder in the path.
BODY_NAMES = {'new_name': 'name', 'new_index': 'index'}


class Busy(Unavailable):
    """A thing that is busy for now, such as a storage right after its server went: tried again, then a conflict."""

    kind = 'conflict'


# Codes whose ending does not tell the kind, or tells another one.
CODES = {
    'AUTHENTICATION_FAILED': Auth,
    'INSUFFICIENT_CREDITS': Quota,
    'TRIAL_PLAN': Quota,
    'WINDOWS_NOT_AVAILABLE': Quota,
    'RATE_LIMITED': Throttled,
    'STORAGE_STATE_ILLEGAL': Busy,
    'SERVER_CREATING_LIMIT_REACHED': Busy,
    'STORAGE_DEVICE_LIMIT_REACHED': Conflict,
    'LABEL_LIMIT_REACHED': Conflict,
    'FIREWALL_RULE_LIMIT_REACHED': Conflict,
    'STATIC_ROUTE_LIMIT_REACHED': Conflict,
    'SERVER_RESOURCES_UNAVAILABLE_FOR_STRICT_AA': Unavailable,
    'CORE_MEMORY_UNSUPPORTED': Invalid,
    'PLAN_CORE_NUMBER_ILLEGAL': Invalid,
    'PLAN_MEMORY_AMOUNT_ILLEGAL': Invalid,
    'FAILED_TO_ADD_MEMORY': Conflict,
    'MULTIPLE_TEMPLATES': Invalid,
    'TOO_MANY_BOOT_DISKS': Invalid,
    'PUBLIC_STORAGE_ATTACH': Invalid,
    'STORAGE_TYPE_ILLEGAL': Invalid,
    'ADDRESS_OR_UUID_REQUIRED': Invalid,
    'UNKNOWN_ATTRIBUTE': Invalid,
    'MS_LMA_REQUIRED': Precondition,
    'METADATA_DISABLED_ON_CLOUD-INIT': Precondition,
    'CAN_NOT_CREATE_PASSWORD_FOR_THE_SELECTED_DISTRIBUTION': Precondition,
    'SERVICE_ERROR': Unavailable,
}
STARTS = (('INVALID_', Invalid), ('DUPLICATE_', Invalid), ('TRIAL_', Quota), ('HOT_RESIZE_', Conflict))
ENDINGS = (('_INVALID', Invalid), ('_MISSING', Invalid), ('_FORBIDDEN', Auth), ('_LIMIT_REACHED', Quota),
           ('_RESOURCES_UNAVAILABLE', Unavailable), ('_NOT_FOUND', NotFound), ('_MISMATCH', Invalid),
           ('_ORDER_ILLEGAL', Invalid))
STATUSES = {400: Invalid, 401: Auth, 402: Quota, 403: Auth, 409: Conflict, 422: Invalid, 429: Throttled}
HOT_RESIZE = ('HOT_RESIZE_NOT_ENABLED', 'HOT_RESIZE_UNAVAILABLE', 'NO_AVAILABLE_MEMORY_SLOTS', 'FAILED_TO_ADD_MEMORY')
# What a person can do about a code.
HINTS = dict.fromkeys(HOT_RESIZE, 'allow_stop: true lets this be done with the server stopped')
HINTS['MS_LMA_REQUIRED'] = 'accept the Microsoft License Mobility Agreement in the control panel'


def kind_of(code, status):
    """The error class for a code of the API; the status only where there is no code that tells it."""
    if code in CODES:
        return CODES[code]
    for beginning, kind in STARTS:
        if code.startswith(beginning):
            return kind
    for ending, kind in ENDINGS:
        if code.endswith(ending):
            return kind
    return STATUSES.get(status, Unavailable if status >= 500 else ApiError)


class UpCloudClient(Client):
    """UpCloud API 1.3."""

    provider = 'upcloud'
    operations = OPERATIONS
    methods = ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')
    nulls = True
    secret_keys = frozenset(['password', 'remote_access_password', 'user_data', 'token',
                             'direct_upload_url'])

    def encode(self, operation, values, query):
        if operation.name == METADATA:
            path = urllib.parse.quote(values.get('path') or METADATA_DOCUMENT, safe='/')
            return 'GET', '%s/metadata/%s' % (self.connection.url, path.lstrip('/')), {}, None
        if operation.name == UPLOAD:
            # On another host: the link itself is what allows it, and no credentials go there.
            url = values['direct_upload_url']
            checked_url(url.partition('?')[0], 'direct_upload_url')
            headers = {'Content-Type': values.get('content_type') or 'application/octet-stream'}
            return 'PUT', url, headers, values['data']
        method, url, headers, data = super().encode(operation, values, query)
        if operation.name == 'POST /server-group/{uuid}/servers':
            data = json.dumps({'server': {'uuid': values['server']}}).encode('utf-8')
        elif data and any(name in values for name in BODY_NAMES):
            whole = json.loads(data)
            body = whole[operation.envelope]
            whole[operation.envelope] = {BODY_NAMES.get(name, name): value for name, value in body.items()}
            data = json.dumps(whole).encode('utf-8')
        return method, url, headers, data

    def decode(self, operation, response):
        if operation.body == 'text' and response.status < 400:
            text = response.text()
            return parse_json(response) if text.startswith('{') else text
        return super().decode(operation, response)

    def send(self, operation, values, query=None):
        answer = super().send(operation, values, query)
        name = operation if isinstance(operation, str) else operation.name
        leaf = (values.get('path') or '').rstrip('/').rpartition('/')[2]
        if name == METADATA and leaf in self.secret_keys and answer:
            # A leaf of the tree is bare text, without the key that tells that it is a secret.
            self.met.add(answer)
        return answer

    def call(self, operation_name, /, **values):
        answer = super().call(operation_name, **values)
        return known_by(answer, *KNOWN_BY.get(self.operation(operation_name).answer, ()))

    def error(self, operation, response):
        """Servers, storages and their like answer {error: {error_code, error_message}}; newer services the problem
        form of RFC 7807, whose type ends in the code."""
        if operation.name == METADATA and response.status == 404:
            return NotFound('there is no such metadata, or the server has none switched on')
        try:
            body = json.loads(response.text())
        except (ValueError, ApiError):
            body = None
        body = body if isinstance(body, dict) else {}
        legacy = body.get('error')
        if isinstance(legacy, dict):
            code = str(legacy.get('error_code') or legacy.get('code') or '')
            message = str(legacy.get('error_message') or legacy.get('message') or '')
        else:
            code, message = _problem(body)
        if not code and not message:
            message = 'the provider answered HTTP %d without saying why; check upcloud_api_url' % response.status
        if code in HINTS:
            message = '%s; %s' % (message.rstrip('.'), HINTS[code])
        error = kind_of(code, response.status)(message or code, http_status=response.status, code=code or None,
                                               request_id=body.get('correlation_id'))
        # A refusal with a code had no effect; only a failure of the service itself leaves that open.
        error.definite = response.status < 500
        return error

    def job_wait(self, operation, values, answer):
        return waits.after(operation, values, answer)

    def poll_many(self, calls):
        """States of several servers, or storages, by one list of each; the rest one by one."""
        answers, listings = {}, {'GET /server/{uuid}': self._servers, 'GET /storage/{uuid}': self._storages}
        for name, listing in listings.items():
            numbers = [number for number, call in enumerate(calls) if call[0] == name]
            if len(numbers) > 1:
                found = listing()
                answers.update((number, found if isinstance(found, ApiError) else found.get(calls[number][1]['uuid']))
                               for number in numbers)
        rest = [number for number in range(len(calls)) if number not in answers]
        if rest:
            answers.update(zip(rest, self.call_many([calls[number] for number in rest])))
        return [answers[number] for number in range(len(calls))]

    def _servers(self):
        return self._by_uuid(lambda: self.call('GET /server'))

    def _storages(self):
        return self._by_uuid(lambda: self.pages('GET /storage/private'))

    @staticmethod
    def _by_uuid(listing):
        try:
            return {item.get('uuid'): item for item in listing()}
        except ApiError as exc:
            return exc

    def pages(self, name, **values):
        """All storages of a listing, whether or not the limit is heeded: it goes on until nothing new comes."""
        found, offset = {}, 0
        while True:
            page = self.call(name, **dict(values, limit=PAGE, offset=offset))
            new = [item for item in page if item['uuid'] not in found]
            found.update((item['uuid'], item) for item in new)
            if len(page) < LEAST_PAGE or not new:
                return list(found.values())
            offset += len(page)

    def listing(self, operation_name, /, **values):
        if 'offset' in self.operation(operation_name).parameters:
            return self.pages(operation_name, **values)
        return self.call(operation_name, **values)

    def together(self, *calls):
        """Answers of independent reads [(name, values)], in order, read in parallel; raises the first error."""
        answers = self.call_many(list(calls))
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers


def known_by(items, *needed):
    """The items of a list, each of which has what it is known by, the first of these not empty.

    :raises Malformed: where one lacks it.
    """
    for item in items if needed else ():
        lacking = [key for key in needed if not isinstance(item, dict) or not isinstance(item.get(key), str)]
        if lacking or not item[needed[0]]:
            raise Malformed('an entry of the list has no %s' % ' and no '.join(lacking or needed[:1]))
    return items


def _problem(body):
    """(code, message) of the problem form."""
    kind = str(body.get('type') or '')
    code = urllib.parse.urlsplit(kind).fragment if '://' in kind else kind
    code = code[len('ERROR_'):] if code.startswith('ERROR_') else code
    parts = [str(body[key]) for key in ('title', 'detail') if body.get(key)]
    parts += ['%s: %s' % (item.get('name'), item.get('reason'))
              for item in body.get('invalid_params') or [] if isinstance(item, dict)]
    return code, '; '.join(parts)
