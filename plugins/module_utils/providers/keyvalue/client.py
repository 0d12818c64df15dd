# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client that both KEY VALUE APIs share: text on the wire, and errors told in text."""

from __future__ import annotations

import base64
import re
import urllib.parse

from ... import keyvalue
from ...client import Client, queried, unavailable
from ...errors import (
    Auth,
    Conflict,
    Invalid,
    JobFailed,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Quota,
    Throttled,
    Unavailable,
)
from ...operation import READ
from .operation import TextOperation
from .text import plain
from .waits import DRIVE_INFO, SERVER_INFO, UUID, drive_wait, looked_at, server_wait, stopped_wait

# Keys whose value is a UUID: a shorter one is an answer that was cut.
IDS = ('server', 'drive')

# ElasticHosts' classes of errors, which stand as `code` of CloudSigma's errors too: it has no codes of its own.
KINDS = {'usage': Invalid, 'auth': Auth, 'billing': Quota, 'missing': NotFound, 'method': Invalid, 'busy': Conflict,
         'failed': JobFailed, 'system': Unavailable, 'full': Quota, 'throttled': Throttled}
STATUSES = {400: 'usage', 401: 'auth', 402: 'billing', 403: 'auth', 404: 'missing', 405: 'method', 409: 'busy',
            429: 'throttled', 507: 'full'}
# What a refusal says for which the status alone does not tell the class.
SAYINGS = (('could not be found', 'missing'), ('currently in use', 'busy'), ('insufficient funds', 'billing'),
           ('balance does not cover', 'billing'))
# What is said of a thing that is not there, and of an endpoint that is another API's.
VAGUE = 'not found'
LONGEST = 500
# A list with all of each, and the path that lists the same things by their ids.
IDENTS = {'GET /servers/info': 'GET /servers/list', 'GET /drives/info': 'GET /drives/list',
          'GET /resources/vlan/info': 'GET /resources/vlan/list', 'GET /resources/ip/info': 'GET /resources/ip/list',
          'GET /resources/info': 'GET /resources/list', 'GET /servergroups/list': 'GET /servergroups/list'}
# What is read of one thing, the list that holds the same of all, and the key of the id.
LISTS = {SERVER_INFO: ('GET /servers/info', 'server'), DRIVE_INFO: ('GET /drives/info', 'drive')}


class KeyValueClient(Client):
    """Text both ways: the one format that both documents are sure of."""

    methods = ('GET', 'POST')
    secret_keys = frozenset(['password', 'vnc:password', 'secret_key', 'encryption:key'])

    # -- out ----------------------------------------------------------------------------------------------------------
    def encode(self, operation, values, query):
        def quoted(name):
            return urllib.parse.quote(str(values[name]), safe='')

        def optional(match):
            part = match.group(1)
            return part if all(values.get(name) is not None for name in re.findall(r'{(\w+)}', part)) else ''

        path = re.sub(r'\[(.*?)\]', optional, operation.path)
        path = path.format(**{name: quoted(name) for name in re.findall(r'{(\w+)}', path)})
        body = {key: value for key, value in values.items()
                if key not in operation.placeholders and value is not None}
        if query is None and operation.method == 'GET' and operation.open:
            query = body
        url = self.connection.url + path + queried(query or {})
        headers = dict(self.connection.headers, Accept='text/plain')
        if operation.method == 'GET':
            return 'GET', url, headers, None
        if operation.body == 'bytes':
            headers['Content-Type'] = 'application/octet-stream'
            if body.get('gzip'):
                headers['Content-Encoding'] = 'gzip'
            data = body['data']
            return 'POST', url, headers, data.encode('utf-8') if isinstance(data, str) else data
        headers['Content-Type'] = 'text/plain'
        return 'POST', url, headers, keyvalue.encode(body).encode('utf-8')

    # -- in -----------------------------------------------------------------------------------------------------------
    def decode(self, operation, response):
        if response.status >= 400:
            raise self.error(operation, response)
        if operation.shape == 'bytes':
            return response.body
        text = response.text()
        if operation.shape == 'any':
            return self._guessed(text, response)
        if operation.shape in ('words', 'lines') and not re.search('^errors:', text, re.MULTILINE):
            return self._listed(operation, text)
        objects = keyvalue.decode(text)
        self._refuse_told(objects, response)
        ended = text.endswith('\n') and _measured(response)
        for found in objects:
            # In a list one odd object harms no other. Of the last more is asked where the list may be cut short there.
            odd = operation.shape == 'many' and (found is not objects[-1] or ended)
            _whole(operation, found, operation.holds[:1] if odd else operation.holds)
        if operation.shape == 'many':
            return objects
        if operation.shape == 'done' and not objects:
            # Not None: an answer that was given is told from one that never came.
            return {}
        if len(objects) != 1:
            raise Malformed('the answer holds %d objects and not one' % len(objects) if objects
                            else 'the answer is empty')
        return objects[0]

    def _guessed(self, text, response):
        """The answer of an operation that is not known: words where no line has more than one, else objects."""
        if '<' not in text and not any(' ' in line.strip() for line in text.splitlines()):
            return [line.strip() for line in text.splitlines() if line.strip()]
        objects = keyvalue.decode(text)
        self._refuse_told(objects, response)
        return objects[0] if len(objects) == 1 else objects

    @staticmethod
    def _listed(operation, text):
        if '<' in text:
            raise Malformed('the answer is not a list')
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines if operation.shape == 'lines' else keyvalue.words(text)

    def _refuse_told(self, objects, response):
        """A success whose body tells of errors is none."""
        told = {key[len('errors:'):]: value for found in objects for key, value in found.items()
                if key.startswith('errors:')}
        if told:
            raise self._refusal('usage', _message(told), response)

    def error(self, operation, response):
        word = self.word(response)
        if word is None:
            word = STATUSES.get(response.status, 'usage' if response.status < 500 else 'system')
        message = _text(response)
        absent = word == 'missing' or word == 'usage' and operation.kind == READ
        if absent and message is None and self.word(response) is None:
            # A proxy, or another server: what it does not know tells nothing of the provider's things.
            return Malformed('the answer is HTTP %d without a reason that can be read; check %s_api_url'
                             % (response.status, self.provider), http_status=response.status)
        if word == 'usage' and operation.kind == READ and operation.path.endswith('}/info'):
            word = 'missing'
        return self._refusal(word, message, response)

    def word(self, response):
        """The provider's own class of an error, or None."""
        return

    def _refusal(self, word, message, response):
        said = (message or '').lower()
        if word == 'usage':
            word = next((each for saying, each in SAYINGS if saying in said), word)
        if message is None and word == 'system':
            error = unavailable(response)
        else:
            error = KINDS[word](message or 'HTTP %d without a reason' % response.status)
        error.code = word
        # The class says that the command did nothing; a bare 500 says nothing.
        error.definite = word in ('failed', 'full')
        return error

    def shown(self, value):
        # The contents of a drive are no text.
        return super().shown({'base64': base64.b64encode(value).decode()} if isinstance(value, bytes) else value)

    # -- lists --------------------------------------------------------------------------------------------------------
    def call(self, operation_name, /, **values):
        """As of any client. No things are told by an empty body, which a lost one looks like: asked in another way,
        there must be none either. And a bare 'Not Found' is believed only of an endpoint that knows its servers.

        :raises Malformed: when it is not so.
        """
        try:
            answer = super().call(operation_name, **values)
        except NotFound as exc:
            if self.operation(operation_name).kind == READ and exc.message.lower().strip(' .') == VAGUE:
                self._speaks(exc)
            raise
        other = IDENTS.get(operation_name)
        if other and not answer and super().call(other):
            raise Malformed('the list was empty, and %s is not: the answer was lost, so nothing is done' % other,
                            provider=self.provider, operation=operation_name)
        return answer

    def _speaks(self, told):
        """:raises Malformed: when the endpoint does not even know its servers, so that what it lacks is no news."""
        try:
            super().call(IDENTS['GET /servers/info'])
        except NotFound as exc:
            raise Malformed('%s, and neither is the list of servers; check %s_api_url' % (
                told.message.rstrip('.'), self.provider), self.provider, told.operation, told.http_status) from exc

    def listing(self, operation_name, /, **values):
        """A list in which something is looked for that may have to be made."""
        try:
            found = self.call(operation_name, **values)
        except Malformed as exc:
            raise OutcomeUnknown(exc.message, self.provider, operation_name) from exc
        return [dict(thing, name=plain(thing['name'])) if thing.get('name') else thing for thing in found]

    # -- waiting ------------------------------------------------------------------------------------------------------
    def poll_many(self, calls):
        """Several of one kind are read with one list, which holds as much of each."""
        answers = {}
        for name, (listing, key) in LISTS.items():
            places = [place for place, call in enumerate(calls) if call[0] == name]
            if len(places) < 2:
                continue
            found = self._safe(listing, {})
            if isinstance(found, list):
                found = {thing[key]: thing for thing in found}
                answers.update((place, found.get(calls[place][1]['uuid'])) for place in places)
            else:
                answers.update(dict.fromkeys(places, found))
        rest = [place for place in range(len(calls)) if place not in answers]
        if rest:
            answers.update(zip(rest, self.call_many([calls[place] for place in rest])))
        return [looked_at(answers[place]) if name == DRIVE_INFO and isinstance(answers[place], dict) else answers[place]
                for place, (name, _values) in enumerate(calls)]

    def job_wait(self, operation, values, answer):
        uuid = values.get('uuid')
        verb = operation.path.rpartition('/')[2]
        made = answer if isinstance(answer, dict) else {}
        if operation.starts != 'state' or operation.shape == 'words':
            return None
        if operation.path.startswith('/drives'):
            return drive_wait(uuid if verb not in ('create', 'clone') else made['drive'])
        if verb in ('stop', 'shutdown'):
            return stopped_wait(uuid)
        return server_wait(uuid, 'active') if verb == 'start' else server_wait(made['server'], 'active', 'stopped')

    def job_waits(self, operation, values, answer):
        """Several servers at once are named by the parameters, those of a group by the answer."""
        if operation.starts != 'state' or operation.shape != 'words':
            return super().job_waits(operation, values, answer)
        named = [value for key, value in values.items() if re.fullmatch(r'server:\d+', key)]
        named = named or [uuid for uuid in answer if UUID.fullmatch(uuid)]
        wait = stopped_wait if operation.path.endswith('/stop') else lambda uuid: server_wait(uuid, 'active')
        return [wait(uuid) for uuid in dict.fromkeys(named)]

    def unlisted(self, name, kind, values):
        return TextOperation(name, kind, shape='any', also='.*', open=True)


def _measured(response):
    """Whether the provider told how long the answer is, so that all of it has come."""
    return 'Content-Length' in response.headers or 'chunked' in response.headers.get('Transfer-Encoding', '')


def _whole(operation, found, holds):
    """:raises Malformed: where an object lacks what every one has, as one does that was cut short."""
    for key in holds:
        if not found.get(key):
            raise Malformed('the answer has no %r; an account without funds is sometimes answered so' % key
                            if operation.kind != READ else 'an object of the answer has no %r' % key)
        if key in IDS and not UUID.fullmatch(found[key]):
            raise Malformed('the answer is cut short: %s %r is no UUID' % (key, found[key][:40]))


def _message(told):
    return '; '.join(message if point == 'system' else '%s: %s' % (point, message) for point, message in told.items())


def _text(response):
    """What a refusal says, or None where it says nothing readable."""
    try:
        text = response.text().strip()
    except Malformed:
        return None
    if not text or '<' in text[:200]:
        return None
    told = re.findall(r'^errors:(\S+) (.*)$', text, re.MULTILINE)
    return (_message(dict(told)) if told else ' '.join(text.split()))[:LONGEST]
