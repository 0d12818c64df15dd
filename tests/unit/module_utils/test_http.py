# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wire against a server that misbehaves as told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected

import pytest
import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from ansible_collections.indie.cloud.plugins.module_utils import http
from ansible_collections.indie.cloud.plugins.module_utils.errors import (
    ApiError,
    BadInput,
    Conflict,
    Malformed,
    OutcomeUnknown,
    Throttled,
    Unavailable,
)
from ansible_collections.indie.cloud.plugins.module_utils.wait import Deadline
from fake_cloud import FakeClock


class Server:
    """Answers each connection with the next of its raw replies; None drops the connection, 'hang' says nothing."""

    def __init__(self):
        self.replies = []
        self.seen = []
        self._socket = socket.create_server(('127.0.0.1', 0))
        self.port = self._socket.getsockname()[1]
        self.url = 'http://127.0.0.1:%d' % self.port
        self._held = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                peer, dummy = self._socket.accept()
            except OSError:
                return
            with peer:
                data = peer.recv(65536).decode()
                self.seen.append(data)
                reply = self.replies.pop(0) if self.replies else reply_of('{}')
                if reply == 'hang':
                    self._held.append(peer.dup())
                elif callable(reply):
                    reply(peer)
                elif reply is not None:
                    peer.sendall(reply.encode('latin-1'))

    def close(self):
        self._socket.close()
        for each in self._held:
            each.close()


def reply_of(body, status='200 OK', headers='', length=None):
    return 'HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s' % (
        status, len(body) if length is None else length, headers, body)


@pytest.fixture
def server():
    found = Server()
    yield found
    found.close()


def decode(response):
    """As a provider's client would: a code it knows is definite, anything else of 5xx is not."""
    if response.status == 429:
        raise Throttled('slow down')
    if response.status == 409:
        raise Conflict('taken', code='TAKEN')
    if response.status >= 500:
        raise Unavailable('busy')
    if not response.body.startswith(b'{'):
        raise Malformed('not JSON')
    return response.text()


def make(seconds=60, **options):
    clock = FakeClock()
    return http.Session(Deadline(seconds, clock), environ={}, **dict({'read_timeout': 0.5}, **options)), clock


def read(session, url):
    return session.exchange('list', 'memset', 'GET', url + '/x', decode, repeat=True, write=False,
                            headers={'Authorization': 'Basic canary'})


def write(session, url, **options):
    return session.exchange('create', 'memset', 'POST', url + '/x', decode, data=b'{"a": 1}', **options)


@pytest.mark.parametrize('bad', [None, 'hang', reply_of('x', '502 Bad Gateway'), reply_of('{"a": 1}', length=99)])
def test_a_read_is_tried_again(server, bad):
    server.replies = [bad, bad, reply_of('{"a": 1}')]
    session, clock = make()
    assert read(session, server.url) == '{"a": 1}'
    assert session.calls == 3 and session.retries == 2 and session.writes == 0
    assert clock.naps == [0.5, 1.0]


@pytest.mark.parametrize('bad', [None, 'hang', reply_of('x', '502 Bad Gateway'), reply_of('{"a": 1}', length=99),
                                 reply_of('<html>'), reply_of('')])
def test_a_create_is_sent_once_and_its_outcome_is_unknown(server, bad):
    server.replies = [bad]
    session, dummy = make()
    with pytest.raises(OutcomeUnknown, match='whether it took effect is not known') as caught:
        write(session, server.url)
    assert len(server.seen) == 1 and caught.value.operation == 'create' and caught.value.provider == 'memset'


def test_a_write_that_may_be_repeated_is(server):
    server.replies = [None, reply_of('x', '503 Busy'), reply_of('{}')]
    session, dummy = make()
    assert write(session, server.url, repeat=True) == '{}' and len(server.seen) == 3


def test_a_refusal_is_final(server):
    server.replies = [reply_of('{}', '409 Conflict', 'X-Request-Id: abc\r\n')]
    session, dummy = make()
    with pytest.raises(Conflict) as caught:
        write(session, server.url)
    assert (caught.value.http_status, caught.value.code, caught.value.request_id) == (409, 'TAKEN', 'abc')
    assert str(caught.value) == 'memset create: taken (HTTP 409, code TAKEN, request abc)'


def test_throttling_waits_as_told_and_never_gives_up_before_the_deadline(server):
    server.replies = [reply_of('{}', '429 Slow', 'Retry-After: 7\r\n')] * 9 + [reply_of('{}')]
    session, clock = make(seconds=600)
    assert write(session, server.url) == '{}'
    assert len(server.seen) == 10 and clock.naps[0] == 7
    server.replies = [reply_of('{}', '429 Slow', 'Retry-After: 1000\r\n')]
    with pytest.raises(Throttled):
        write(session, server.url)


def test_retry_after_as_a_date():
    late = http.Response(429, {'Retry-After': 'Wed, 21 Oct 2099 07:28:00 GMT'}, b'')
    past = http.Response(429, {'Retry-After': 'Wed, 21 Oct 2015 07:28:00 GMT'}, b'')
    assert late.retry_after > 1000 and past.retry_after == 0
    assert http.Response(429, {'Retry-After': 'soon'}, b'').retry_after is None


def test_a_write_that_never_left_is_tried_again_and_is_not_doubtful():
    closed = socket.create_server(('127.0.0.1', 0))
    url = 'http://127.0.0.1:%d' % closed.getsockname()[1]
    closed.close()
    session, dummy = make()
    with pytest.raises(Unavailable, match='127.0.0.1'):
        write(session, url)
    assert session.calls == http.MAX_TRIES


def test_an_unknown_host_is_told_without_a_traceback():
    session, dummy = make()
    with pytest.raises(Unavailable, match='no-such-host.invalid') as caught:
        read(session, 'https://no-such-host.invalid')
    assert 'object at' not in str(caught.value)


def test_retries_end_with_the_deadline(server):
    server.replies = [None] * 9
    session, clock = make(seconds=1)
    with pytest.raises(Unavailable):
        read(session, server.url)
    assert clock.time <= 1


def test_nothing_is_sent_once_the_deadline_has_passed(server):
    session, clock = make(seconds=1)
    clock.time = 2
    with pytest.raises(Unavailable, match='deadline'):
        read(session, server.url)
    assert server.seen == []


def test_credentials_never_follow_a_redirect_to_another_host(server):
    other = Server()
    server.replies = [reply_of('', '302 Found', 'Location: http://127.0.0.1:%d/y\r\n' % other.port)]
    session, dummy = make()
    with pytest.raises(Malformed, match='another host'):
        read(session, server.url)
    assert other.seen == []
    other.close()


def test_a_redirect_on_the_same_host_is_followed_for_reads_alone(server):
    server.replies = [reply_of('', '302 Found', 'Location: /y\r\n'), reply_of('{}')]
    session, dummy = make()
    assert read(session, server.url) == '{}' and server.seen[1].startswith('GET /y')
    server.replies = [reply_of('', '307 Again', 'Location: /y\r\n')]
    with pytest.raises(ApiError):
        write(session, server.url)
    assert len(server.seen) == 3


def test_endless_redirects_end(server):
    server.replies = [reply_of('', '302 Found', 'Location: /x\r\n')] * 9
    session, dummy = make()
    with pytest.raises(Malformed, match='redirected'):
        read(session, server.url)


def test_netrc_does_not_replace_our_header(server, tmp_path, monkeypatch):
    netrc = tmp_path / 'netrc'
    netrc.write_text('machine 127.0.0.1 login thief password thief')
    monkeypatch.setenv('NETRC', str(netrc))
    session, dummy = make()
    read(session, server.url)
    assert 'Authorization: Basic canary' in server.seen[0]


def test_a_proxy_of_the_environment_is_used_unless_excepted(server, monkeypatch):
    for name in ('HTTP_PROXY', 'HTTPS_PROXY'):
        monkeypatch.setenv(name, server.url)
    monkeypatch.setenv('NO_PROXY', '')
    session, dummy = make()
    with pytest.raises(Unavailable):
        read(session, 'https://cloud.invalid')
    assert server.seen[0].startswith('CONNECT cloud.invalid:443') and 'canary' not in ''.join(server.seen)
    asked = len(server.seen)
    monkeypatch.setenv('NO_PROXY', 'cloud.invalid')
    with pytest.raises(Unavailable):
        read(session, 'https://cloud.invalid')
    assert len(server.seen) == asked


def test_plain_http_to_this_machine_never_goes_through_a_proxy(server, monkeypatch):
    proxy = Server()
    monkeypatch.setenv('HTTP_PROXY', proxy.url)
    monkeypatch.setenv('NO_PROXY', '')
    session, dummy = make()
    assert read(session, server.url) == '{}' and proxy.seen == []
    proxy.close()


def test_an_answer_that_trickles_ends_with_the_time_limit(server):
    def trickle(peer):
        peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n')
        with contextlib.suppress(OSError):
            while True:
                peer.sendall(b' ')
                time.sleep(0.05)

    server.replies = [trickle] * 2
    began = time.monotonic()
    session = http.Session(Deadline(0.6), environ={}, read_timeout=0.5)
    with pytest.raises(Unavailable, match='did not arrive within the time limit'):
        read(session, server.url)
    assert time.monotonic() - began < 5


def test_an_answer_too_large_is_an_error(server, monkeypatch):
    monkeypatch.setattr(http, 'MAX_BODY', 10)
    server.replies = [reply_of('{%s}' % (' ' * 50))]
    session, dummy = make()
    with pytest.raises(Malformed, match='larger'):
        read(session, server.url)


def test_a_ca_file_that_is_not_there_is_told(server):
    session, dummy = make(ca_path='/no/such/file')
    with pytest.raises(BadInput, match='/no/such/file'):
        read(session, server.url.replace('http:', 'https:'))


POOL = "HTTPSConnectionPool(host='api.example.com', port=443)"
LINK = '<urllib3.connection.HTTPSConnection object at 0x7f00>'
RESET = ConnectionResetError(104, 'Connection reset by peer')


@pytest.mark.parametrize('cause, told', [
    (ProtocolError('Connection aborted.', RemoteDisconnected('Remote end closed connection without response')),
     'Connection aborted: Remote end closed connection without response'),
    (ProtocolError('Connection aborted.', RESET), 'Connection aborted: Connection reset by peer'),
    (ProtocolError('Connection broken: %r' % RESET, RESET), 'Connection broken: Connection reset by peer'),
    (ProtocolError('Connection aborted.', BadStatusLine('hello\r\n')),
     "Connection aborted: the answer is not HTTP but begins with 'hello'"),
    (ProtocolError('Connection broken: IncompleteRead(3 bytes read)', IncompleteRead(b'abc')),
     'Connection broken: IncompleteRead(3 bytes read)'),
    (ReadTimeoutError(POOL, '/x', 'Read timed out. (read timeout=1)'), 'Read timed out. (read timeout=1)'),
    (MaxRetryError(POOL, '/x', NewConnectionError(LINK, 'Failed to establish: [Errno 111] Connection refused')),
     'Failed to establish: [Errno 111] Connection refused'),
    (MaxRetryError(POOL, '/x', ConnectTimeoutError(LINK, 'Connection to api.example.com timed out.')),
     'Connection to api.example.com timed out'),
    (MaxRetryError(POOL, '/x', ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 407'))),
     'Unable to connect to proxy: Tunnel connection failed: 407'),
    (MaxRetryError(POOL, '/x', SSLError(ssl.SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number'))),
     '[SSL: WRONG_VERSION_NUMBER] wrong version number'),
    ('the answer is cut short', 'the answer is cut short'),
], ids=lambda value: type(value).__name__)
def test_why_there_was_no_answer_is_told_in_words(cause, told):
    assert http._reason(requests.ConnectionError(cause)) == told


def test_the_other_end_may_hang_up(server):
    server.replies = [None]
    told = 'no answer from 127.0.0.1: Connection aborted: (Remote end closed|Connection reset)'
    with pytest.raises(OutcomeUnknown, match=told):
        write(make()[0], server.url)


def test_text_that_is_not_utf8_is_malformed():
    with pytest.raises(Malformed):
        http.Response(200, {}, b'\xff\xfe').text()
