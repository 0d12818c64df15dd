# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's wire: single calls as JSON over POST, where booleans, lists and errors are plain; many reads as JSON-RPC."""

from __future__ import annotations

import json
import urllib.parse

from ...client import Client, parse_json, unavailable, unwrap
from ...errors import (
    ApiError,
    Auth,
    BadInput,
    Conflict,
    Invalid,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Precondition,
    Quota,
    Throttled,
    Unavailable,
)
from ...steps import Wait
from .operations import OPERATIONS

# All seventeen (document, 1.3). 403 is 4, 12 and 13: only the code tells credentials, throttling and quota apart.
ERRORS = {
    1: ApiError,         # ApiError, not specified
    2: Unavailable,      # InternalError
    3: NotFound,         # DoesNotExist
    4: Auth,             # Forbidden
    5: Precondition,     # MethodNotFound, also for what this kind of server does not support
    6: Conflict,         # AlreadyInProgress
    7: Invalid,          # BadParameters
    8: Conflict,         # NotUnique
    9: Precondition,     # PreconditionFailed
    10: Auth,            # NotAuthorized
    11: Unavailable,     # ServiceTemporarilyUnavailable
    12: Throttled,       # Throttled
    13: Quota,           # Overquota
    14: NotFound,        # AccountDoesNotExist
    15: NotFound,        # ServiceDoesNotExist
    16: Auth,            # PartnerOnly
    17: Auth,            # PartnerRestriction
}

# The document's limit for a batch.
BATCH = 100

PAYMENT = 'it waits until its invoice is paid: pay it in Memset\'s control panel'


def job_wait(ident, subject):
    """The Wait for a job. `finished` comes first, and only then does `error` mean anything."""
    return Wait('job.status', {'id': ident}, over={'finished': [True]}, failed={'error': [True]}, shows='status',
                subject=subject, job=ident, hints={'AWAITING-PAYMENT': PAYMENT})


def job_of(answer):
    """The job that an answer is or holds, or None."""
    if not isinstance(answer, dict):
        return None
    job = answer.get('job', answer)
    return job if isinstance(job, dict) and isinstance(job.get('id'), str) and 'finished' in job else None


def endpoint(url):
    """The API's address without the name of a protocol, however it was given."""
    base, slash, last = url.rpartition('/')
    url = base if last in ('json', 'jsonrpc', 'xmlrpc') else url
    return url if urllib.parse.urlsplit(url).path else url + '/v1'


class MemsetClient(Client):
    """Memset's API 0.20.0."""

    provider = 'memset'
    operations = OPERATIONS
    secret_keys = frozenset(['key', 'api_key', 'password'])

    def encode(self, operation, values, query):
        if query:
            raise BadInput('query is not used with memset: all parameters go into parameters', provider=self.provider)
        given = {name: value for name, value in values.items() if value is not None}
        data = urllib.parse.urlencode({'parameters': json.dumps(given)}).encode('ascii')
        headers = dict(self.connection.headers, Accept='application/json')
        headers['Content-Type'] = 'application/x-www-form-urlencoded'
        return 'POST', '%s/json/%s' % (endpoint(self.connection.url), operation.name), headers, data

    def decode(self, operation, response):
        if response.status >= 400:
            raise self.error(operation, response)
        answer = parse_json(response)
        if isinstance(answer, dict) and 'error_code' in answer and 'error_type' in answer:
            raise told(answer['error_code'], answer.get('error'), answer['error_type'])
        return answer

    def error(self, operation, response):
        try:
            body = json.loads(response.body)
        except ValueError:
            body = None
        if isinstance(body, dict) and 'error_code' in body:
            return told(body['error_code'], body.get('error'), body.get('error_type'))
        if response.status == 429:
            return Throttled('too many requests')
        if response.status in (401, 403):
            return Auth('the credentials were refused; check memset_api_key')
        if response.status >= 500:
            return unavailable(response)
        # Not absence: that comes as an error of the API's own. This is no Memset API.
        return Malformed('an answer that is not of Memset\'s API; check memset_api_url')

    def send(self, operation, values, query=None):
        answer = super().send(operation, values, query)
        name = operation if isinstance(operation, str) else operation.name
        if self.operations[name].reads_if:
            self._check_order(name, values, answer)
        return answer

    def _check_order(self, name, values, answer):
        """A quote must say that it is one, and an order must tell its job: else nobody knows what was bought."""
        answer = answer if isinstance(answer, dict) else {}
        if values.get('dry_run') is True:
            wrong = 'it does not say dry_run: true' if answer.get('dry_run') is not True else \
                'it holds a job' if answer.get('job') else 'it holds an invoice' if answer.get('invoice_ref') else ''
            wrong = wrong and 'the answer to a request for a price is not one: %s. Look at your orders' % wrong
        else:
            wrong = '' if job_of(answer) else 'the answer to the order tells no job'
        if wrong:
            raise OutcomeUnknown(wrong, provider=self.provider, operation=name)

    def call(self, operation_name, /, **values):
        answer = super().call(operation_name, **values)
        if operation_name == 'service.set_nickname':
            # Memset drops characters and cuts without a word; a name that is not the wanted one finds nothing later.
            made = answer.get('nickname') if isinstance(answer, dict) else None
            if made != values['nickname']:
                raise Precondition('%s was named %r instead of %r' % (values['name'], made, values['nickname']),
                                   provider=self.provider, operation=operation_name)
        return answer

    # -- jobs ---------------------------------------------------------------------------------------------------------
    def started(self, answer):
        return job_of(answer) is not None

    def job_wait(self, operation, values, answer):
        job = job_of(answer) if operation.starts and not operation.reads(values) else None
        if job is None and operation.starts == 'job' and not operation.reads(values):
            raise Malformed('the answer tells no job, so what it started cannot be waited for',
                            provider=self.provider, operation=operation.name)
        return job and job_wait(job['id'], 'the job of %s' % operation.name)

    def listing(self, operation_name, /, **values):
        # Of snapshots, none at all is an error.
        return self.find(operation_name, **values) or []

    # -- many calls ---------------------------------------------------------------------------------------------------
    def call_many(self, calls):
        """In JSON-RPC batches. No call depends on another, since the order in a batch is not documented."""
        if len(calls) == 1:
            return [self._safe(*calls[0])]
        found = []
        for call, answer in self._in_batches(calls):
            if isinstance(answer, (Throttled, Unavailable)):
                # Alone it is tried again, with pauses.
                answer = self._safe(*call)
            found.append(self.gone(call[0], answer))
        return found

    def write_many(self, calls):
        """As call_many(), for writes. What may have taken effect is an OutcomeUnknown."""
        if len(calls) == 1:
            return super().write_many(calls)
        found = []
        for call, answer in self._in_batches(calls, write=True):
            if isinstance(answer, Throttled):
                # It surely did not happen; alone it is tried again, with pauses.
                answer, = super().write_many([call])
            elif isinstance(answer, (Malformed, Unavailable)):
                answer = OutcomeUnknown('%s. Whether it took effect is not known' % answer.message,
                                        provider=self.provider, operation=call[0])
            found.append(answer)
        return found

    def _in_batches(self, calls, write=False):
        """[(call, its answer or ApiError)], in the order of the calls."""
        for name, values in calls:
            operation = self.operation(name)
            operation.check(values, self.provider)
            if not write and not operation.reads(values):
                raise BadInput('%s writes, and only reads are meant here' % name, provider=self.provider)
            if operation.reads_if:
                raise BadInput('%s is an order, which goes alone' % name, provider=self.provider)
        parts = [calls[first:first + BATCH] for first in range(0, len(calls), BATCH)]
        return [pair for part in parts for pair in zip(part, self._batch(part, write))]

    def _batch(self, calls, write):
        data = json.dumps([{'jsonrpc': '2.0', 'id': number, 'method': name, 'params': values}
                           for number, (name, values) in enumerate(calls)]).encode('ascii')
        headers = dict(self.connection.headers, Accept='application/json')
        headers['Content-Type'] = 'application/json'
        repeat = not write or all(self.operations[name].repeat for name, _values in calls)
        names = ', '.join(sorted({name for name, _values in calls}))
        return self.session.exchange(
            names, self.provider, 'POST', endpoint(self.connection.url) + '/jsonrpc',
            lambda response: self._answers(calls, response), headers=headers, data=data, repeat=repeat, write=write)

    def _answers(self, calls, response):
        if response.status >= 400:
            raise self.error(None, response)
        answers = parse_json(response)
        if isinstance(answers, dict) and isinstance(answers.get('error'), dict):
            raise told(answers['error'].get('code'), answers['error'].get('message'))
        if not isinstance(answers, list):
            raise Malformed('the answer to a batch is no list')
        by_id = {item.get('id'): item for item in answers if isinstance(item, dict)}
        found = [self._one_of(by_id.get(number), *call) for number, call in enumerate(calls)]
        for (name, _values), answer in zip(calls, found):
            if isinstance(answer, ApiError):
                answer.provider, answer.operation = self.provider, name
            else:
                self.note_secrets(answer)
        return found

    def _one_of(self, item, name, values):
        if item is None:
            return Malformed('the answer to a batch leaves out a call')
        if item.get('error') is not None:
            error = item['error'] if isinstance(item['error'], dict) else {}
            return told(error.get('code'), error.get('message'))
        if 'result' not in item:
            return Malformed('the answer to a call of a batch has neither result nor error')
        try:
            return unwrap(item['result'], self.operation(name), values)
        except Malformed as exc:
            return exc


def told(code, message, kind=None):
    """The ApiError for a code of the API's own; `kind` is its name there."""
    message = str(message or kind or 'an error without a message')
    number = int(code) if str(code).isdigit() else None
    error = ERRORS.get(number, ApiError)(message)
    error.code = number if number is not None else code
    return error
