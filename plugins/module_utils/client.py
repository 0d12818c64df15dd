# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only way to the wire: a provider's client calls the operations of its table, and nothing else."""

from __future__ import annotations

import concurrent.futures
import json
import urllib.parse

from .errors import ApiError, BadInput, Malformed, NotFound, Unavailable
from .operation import Operation
from .steps import NULL

# Reads of many things go in parallel, but politely.
POOL = 6


def queried(values):
    """The query of a URL, with its question mark; a null is left out, and a boolean written as in JSON."""
    words = {True: 'true', False: 'false'}
    given = {name: words[value] if isinstance(value, bool) else value for name, value in values.items()
             if value is not None}
    return '?' + urllib.parse.urlencode(given, doseq=True) if given else ''


class Client:
    """One provider's API. A subclass gives the table and how errors are told.

    :param connection: of connection.connect().
    :param session: an http.Session.
    """

    provider = ''
    operations = {}
    # HTTP methods of operations that the table does not have, and those of them that surely only read.
    methods = ()
    reading = ('GET',)
    # Whether a null in a body means something: that a value is taken away.
    nulls = False
    # Keys, in answers of the API, whose values are secrets.
    secret_keys = frozenset()

    def __init__(self, connection, session):
        self.connection = connection
        self.session = session
        # Secrets met in answers; whoever hands out a result removes them.
        self.met = set()

    # -- what a provider says of its API ------------------------------------------------------------------------------
    def encode(self, operation, values, query):
        """(method, url, headers, data) of a call."""
        path = operation.path.format(**{name: urllib.parse.quote(str(values[name]), safe='')
                                        for name in operation.placeholders})
        rest = {key: value for key, value in values.items()
                if key not in operation.placeholders and value is not None}
        if operation.method == 'GET':
            asked, body = rest, {}
        else:
            asked = {key: value for key, value in rest.items() if key in operation.query}
            body = {key: None if value is NULL else value for key, value in rest.items() if key not in operation.query}
        asked = query if query is not None else asked
        url = self.connection.url + path + queried(asked)
        headers = dict(self.connection.headers, Accept='application/json')
        data = None
        if operation.method != 'GET' and (body or operation.envelope):
            headers['Content-Type'] = 'application/json'
            data = json.dumps({operation.envelope: body} if operation.envelope else body).encode('utf-8')
        return operation.method, url, headers, data

    def decode(self, operation, response):
        """The whole answer as Python data; raises the error that the answer tells of."""
        if response.status >= 400:
            raise self.error(operation, response)
        if response.status == 204 or not response.body.strip():
            if response.status != 204 and operation.answer:
                raise Malformed('the answer is empty')
            return None
        return parse_json(response)

    def error(self, operation, response):
        """The ApiError of the right kind that a refusal tells of."""
        raise NotImplementedError

    def started(self, answer):
        """Whether the answer of an operation that starts a 'maybe_job' tells of one: whether anything changed."""
        return bool(answer)

    def job_wait(self, operation, values, answer):
        """The Wait for what a call of the operation has started, from its parameters and its whole answer, or None."""
        return

    def job_waits(self, operation, values, answer):
        """The same for operations that may start several things: a list."""
        wait = self.job_wait(operation, values, answer)
        return [] if wait is None else [wait]

    def unlisted(self, name, kind, values):
        """The Operation, of that name and kind, for a call that the table does not have."""
        query = tuple(values) if name.startswith('DELETE ') else ()
        return Operation(name, kind, open=True, query=query)

    # -- for everybody ------------------------------------------------------------------------------------------------
    def operation(self, name):
        """The operation of that name; BadInput names the nearest ones."""
        if name not in self.operations:
            raise BadInput('%s has no operation %r%s' % (self.provider, name, nearest(name, self.operations)),
                           provider=self.provider)
        return self.operations[name]

    def send(self, operation, values, query=None):
        """Check, send and decode; returns the whole answer as the API gave it."""
        operation = operation if isinstance(operation, Operation) else self.operation(operation)
        operation.check(values, self.provider)
        write = not operation.reads(values)
        method, url, headers, data = self.encode(operation, values, query)
        answer = self.session.exchange(
            operation.name, self.provider, method, url, lambda response: self._whole(operation, values, response),
            headers=headers, data=data, repeat=operation.repeat or not write, write=write)
        self.note_secrets(answer)
        return answer

    def note_secrets(self, answer):
        """Remember the secrets of an answer, so that no result shows them."""
        self.met.update(_found(answer, self.secret_keys))

    def _whole(self, operation, values, response):
        answer = self.decode(operation, response)
        unwrap(answer, operation, values)
        return answer

    def call(self, operation_name, /, **values):
        """The answer, unwrapped as the table says."""
        operation = self.operation(operation_name)
        return unwrap(self.send(operation, values), operation, values)

    def find(self, operation_name, /, **values):
        """The answer of a read, or None where the thing is not there."""
        try:
            return self.call(operation_name, **values)
        except NotFound:
            return None

    def listing(self, operation_name, /, **values):
        """The whole answer of a list. Subclasses read all pages."""
        return self.call(operation_name, **values)

    def call_many(self, calls):
        """Answers of independent reads [(name, values)], in order; an ApiError stands where one failed, None where
        the thing is not there, which of a list is a failure. Subclasses batch where the API can."""
        if len(calls) == 1:
            return [self._safe(*calls[0])]
        with concurrent.futures.ThreadPoolExecutor(POOL) as pool:
            return list(pool.map(lambda call: self._safe(*call), calls))

    def poll_many(self, calls):
        """As call_many(), for waits, which need of a thing no more than how it is: subclasses may read a list once."""
        return self.call_many(calls)

    def write_many(self, calls):
        """Answers of independent writes [(name, values)], in order; an ApiError stands where one failed. Subclasses
        send them in one request where the API can, which OutcomeUnknown then concerns as a whole."""
        answers = []
        for name, values in calls:
            try:
                answers.append(self.call(name, **values))
            except ApiError as exc:
                answers.append(exc)
        return answers

    def _safe(self, name, values):
        try:
            return self.call(name, **values)
        except ApiError as exc:
            return self.gone(name, exc)

    def gone(self, name, answer):
        """The answer to a read, or None for an error that says that the thing is not there."""
        return None if isinstance(answer, NotFound) and not self.operation(name).lists else answer

    def shown(self, value):
        """A copy of an answer in which values of secret keys are masked."""
        return masked(value, self.secret_keys)


MASK = 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER'


def masked(value, keys):
    """A copy with the values of those keys replaced, at any depth."""
    if isinstance(value, dict):
        return {key: MASK if key in keys and item not in (None, '', []) else masked(item, keys)
                for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, keys) for item in value]
    return value


def _found(value, keys):
    """The values of those keys, at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            # A shorter one is masked where it stands; removed everywhere, it would mangle whatever holds its letters.
            if key in keys and isinstance(item, str) and len(item) > 3:
                yield item
            else:
                yield from _found(item, keys)
    elif isinstance(value, list):
        for item in value:
            yield from _found(item, keys)


def parse_json(response):
    """The body as JSON; Malformed when it is none."""
    try:
        return json.loads(response.text())
    except ValueError as exc:
        kind = (response.headers.get('Content-Type') or 'no type').split(';')[0]
        raise Malformed('the answer is not JSON but %s (%d bytes)' % (kind, len(response.body))) from exc


def unwrap(answer, operation, values):
    """What stands under the keys of operation.answer; Malformed when they are not there, or it is not the list or the
    object that the document tells of: anything else could pass for an empty one, or for none."""
    keys = operation.answer.rstrip('[]{}')
    for key in keys.split('.') if keys else ():
        if not isinstance(answer, dict) or key not in answer:
            raise Malformed('the answer of %s has no %r' % (operation.name, operation.answer), operation=operation.name)
        answer = answer[key]
    if operation.words and answer not in operation.words:
        raise Malformed('the answer of %s is none of %s: %.100r' % (
            operation.name, ', '.join(operation.words), answer), operation=operation.name)
    kind = list if operation.lists else dict
    if operation.answer and not isinstance(answer, kind):
        raise Malformed('the answer of %s is no %s' % (operation.name, 'list' if operation.lists else 'object'),
                        operation=operation.name)
    if operation.about:
        parameter, key = operation.about
        if str(answer.get(key)).lower() != str(values[parameter]).lower():
            raise Malformed('the answer of %s is about %.100r and not about %r' % (
                operation.name, answer.get(key), values[parameter]), operation=operation.name)
    return answer


def holding(kind, thing, *names):
    """The thing, under whose names stands what the document says; Malformed where something else does.

    :param kind: list or dict.
    """
    for name in names:
        if not isinstance(thing.get(name), kind):
            raise Malformed('the answer has no %s under %r' % (kind.__name__, name))
    return thing


def unavailable(response):
    """The error for a status that tells of no provider code."""
    return Unavailable('the provider answered HTTP %d without saying why' % response.status)


def nearest(name, names, say='; the nearest it has: %s'):
    """A phrase with the names nearest to one, for a message; empty when there are none."""
    import difflib
    names = sorted({str(each) for each in names})
    close = difflib.get_close_matches(str(name), names, 5, 0.5)
    close = close or [each for each in names if str(name).lower() in each.lower()][:5] or names[:5]
    return say % ', '.join(close) if close else ''
