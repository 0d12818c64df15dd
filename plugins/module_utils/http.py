# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire: one requests.Session for a run, with time limits, retry rules and nothing that could leak a secret."""

from __future__ import annotations

import email.utils
import ipaddress
import os
import re
import time
import traceback
import urllib.parse

from .errors import ApiError, BadInput, Malformed, OutcomeUnknown, Throttled, Unavailable
from .wait import backoff

try:
    import requests
    REQUESTS_ERROR = None
except ImportError:
    requests = None
    REQUESTS_ERROR = traceback.format_exc()

MAX_BODY = 64 * 1024 * 1024
MAX_REDIRECTS = 5
# How often a read is tried again when the provider cannot be reached; a throttled call goes on until the deadline.
MAX_TRIES = 5
# What urllib3 begins with: the connection, or the pool of them.
OBJECT = re.compile(r"^(?:<[^>]*>|\w+\(host='[^']*', port=[^)]*\)): ")
REQUEST_IDS = ('x-request-id', 'x-correlation-id', 'x-amzn-requestid', 'cf-ray')


class Response:
    """An answer, whole: `status`, `headers` (case-insensitive), `body` (bytes), `request_id`."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.request_id = next((headers[name] for name in REQUEST_IDS if headers.get(name)), None)

    def text(self):
        """The body as text; Malformed when it is not UTF-8."""
        try:
            return self.body.decode('utf-8')
        except UnicodeDecodeError as exc:
            raise Malformed('the answer is not UTF-8 text') from exc

    @property
    def retry_after(self):
        """Seconds of a Retry-After header, in either of its forms, else None."""
        value = (self.headers.get('Retry-After') or '').strip()
        if value.isdigit():
            return int(value)
        moment = email.utils.parsedate_tz(value) if value else None
        return max(0, email.utils.mktime_tz(moment) - time.time()) if moment else None


def checked_url(url, option, plain=()):
    """The endpoint without a trailing slash.

    :param plain: hosts beside this very machine to which plain http is allowed.
    :raises BadInput: unless it is https, or http to such a host, without credentials in it.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        # Reading the port is what checks it.
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    # What is given is not told again: there may be a password in it.
    if not host or parts.scheme not in ('http', 'https') or any(character.isspace() for character in url):
        raise BadInput('%s must be a URL such as https://api.example.com' % option)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadInput('%s must hold no credentials, query or fragment' % option)
    if parts.scheme == 'http' and not is_loopback(host) and host not in plain:
        raise BadInput('%s must be https (plain http is only allowed to this machine)' % option)
    return url.rstrip('/')


def is_loopback(host):
    """Whether it is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'


class Session:
    """All requests of one run.

    :param connect_timeout, read_timeout: seconds, on every request; a whole answer may take at most four times the
        latter.
    :param ca_path: a file or folder of certificates; else REQUESTS_CA_BUNDLE, else SSL_CERT_FILE, else requests' own.
    :param deadline: the run's Deadline; retries and answers end with it.
    `report` is called with a line for the person who waits.
    """

    def __init__(self, deadline, connect_timeout=10, read_timeout=60, validate_certs=True, ca_path=None, environ=None):
        environ = os.environ if environ is None else environ
        self.deadline = deadline
        self.connect_timeout = connect_timeout
        self.read_timeout = read_timeout
        self.report = lambda text: None
        self.calls = 0
        self.writes = 0
        self.retries = 0
        self._session = requests.Session()
        # A .netrc must not replace our header; proxies and certificates are read here instead.
        self._session.trust_env = False
        self._session.headers['User-Agent'] = 'ansible-collection-indie.cloud'
        self._verify = (ca_path or environ.get('REQUESTS_CA_BUNDLE') or environ.get('SSL_CERT_FILE') or True) \
            if validate_certs else False

    def exchange(self, operation, provider, method, url, decode, headers=None, data=None, repeat=False, write=True):
        """Send one operation and return what `decode` makes of its answer.

        :param decode: function of a Response; raises an ApiError of the right kind for a refusal.
        :param repeat: it may be sent again although it may have taken effect already.
        :raises OutcomeUnknown: a write that may not be repeated was sent, and what became of it cannot be told.
        """
        attempt, doubtful = 0, False
        while True:
            try:
                return self._once(method, url, decode, headers, data, repeat, write)
            except ApiError as exc:
                exc.operation, exc.provider = operation, provider
                exc.doubtful = doubtful = write and (doubtful or exc.doubtful)
                again = isinstance(exc, Throttled) or isinstance(exc, Unavailable) and attempt < MAX_TRIES - 1
                pause = max(backoff(attempt, 0.5, 30, self.deadline.clock), exc.retry_after or 0)
                if not again or pause >= self.deadline.left():
                    raise
                self.report('%s %s: %s; trying again in %.1f seconds' % (provider, operation, exc.message, pause))
                self.retries += 1
                self.deadline.nap(pause)
                attempt += 1

    def _once(self, method, url, decode, headers, data, repeat, write):
        if write and not repeat:
            # A kept-alive connection that the other end has just closed would leave the outcome open.
            self._session.close()
        response = self._send(method, url, headers, data, repeat)
        self.writes += bool(write)
        try:
            return decode(response)
        except ApiError as exc:
            exc.http_status = exc.http_status or response.status
            exc.request_id = exc.request_id or response.request_id
            exc.retry_after = response.retry_after
            doubtful = isinstance(exc, Malformed) or response.status >= 500 and not isinstance(exc, Throttled) \
                and not exc.definite
            if doubtful and not repeat:
                raise _unknown(exc.message, exc) from exc
            exc.doubtful = doubtful
            raise

    def _send(self, method, url, headers, data, repeat):
        for _hop in range(MAX_REDIRECTS + 1):
            response = self._request(method, url, headers, data, repeat)
            if response.status not in (301, 302, 303, 307, 308):
                return response
            target = urllib.parse.urljoin(url, response.headers.get('Location') or '')
            if _origin(target) != _origin(url):
                raise Malformed('redirected to another host (%s); credentials are not sent there, check the endpoint'
                                % urllib.parse.urlsplit(target).netloc)
            if method != 'GET' or not repeat:
                raise Malformed('a %s was redirected to %s; check the endpoint' % (method, target))
            url = target
        raise Malformed('redirected more than %d times' % MAX_REDIRECTS)

    def _request(self, method, url, headers, data, repeat):
        if self.deadline.left() <= 0:
            raise Unavailable('the deadline of %s seconds has passed; not sent' % self.deadline.seconds)
        self.calls += 1
        if hasattr(data, 'rewind'):
            data.rewind()
        try:
            with self._session.request(
                    method, url, headers=headers, data=data, stream=True, allow_redirects=False, verify=self._verify,
                    # Plain http is for this machine alone: it is behind no proxy, which would see all in clear.
                    proxies=requests.utils.get_environ_proxies(url) if url.startswith('https:') else {},
                    timeout=(self.connect_timeout, min(self.read_timeout, self.deadline.left() + 1))) as answer:
                return Response(answer.status_code, answer.headers, self._body(answer))
        except requests.RequestException as exc:
            host = _origin(url)[1]
            if isinstance(exc, requests.exceptions.SSLError) and 'CERTIFICATE_VERIFY' in str(exc):
                raise BadInput('the certificate of %s cannot be verified: %s' % (host, _reason(exc))) from exc
            if repeat or _never_left(exc):
                error = Unavailable('cannot reach %s: %s' % (host, _reason(exc)))
                error.doubtful = not _never_left(exc)
                raise error from exc
            raise _unknown('no answer from %s: %s' % (host, _reason(exc))) from exc
        except OSError as exc:
            # Not the network, whose errors requests wraps: a CA file that is not there.
            raise BadInput('cannot send the request: %s' % exc) from exc

    def _body(self, answer):
        """The whole body. Malformed when it is cut short or too large; a ConnectionError when it takes too long."""
        began, parts, size = self.deadline.elapsed(), [], 0
        for part in _parts(answer):
            parts.append(part)
            size += len(part)
            if size > MAX_BODY:
                raise Malformed('the answer is larger than %d bytes' % MAX_BODY)
            if self.deadline.elapsed() - began > 4 * self.read_timeout or self.deadline.left() <= 0:
                raise requests.ConnectionError('the answer did not arrive within the time limit')
        length = answer.headers.get('Content-Length', '')
        if length.isdigit() and answer.request.method != 'HEAD' and answer.raw.tell() < int(length):
            raise requests.ConnectionError('the answer is cut short')
        return b''.join(parts)


def _parts(answer):
    """The body in parts as they come. iter_content() fills each part first, however slowly that goes."""
    read1 = getattr(answer.raw, 'read1', None)
    if read1 is None:
        # urllib3 before 2.1
        yield from answer.iter_content(256)
        return
    try:
        part = read1(65536, decode_content=True)
        while part:
            yield part
            part = read1(65536, decode_content=True)
    except requests.packages.urllib3.exceptions.HTTPError as exc:
        raise requests.ConnectionError(exc) from exc


def _unknown(message, cause=None):
    error = OutcomeUnknown('%s. The request was sent; whether it took effect is not known' % message)
    if cause is not None:
        error.http_status, error.code, error.request_id = cause.http_status, cause.code, cause.request_id
    return error


def _origin(url):
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {'http': 80, 'https': 443}.get(parts.scheme)


def _never_left(exc):
    """True when the request provably never reached the other end."""
    reason = _innermost(exc)
    return isinstance(exc, requests.exceptions.ConnectTimeout) \
        or type(reason).__name__ in ('NewConnectionError', 'NameResolutionError', 'ConnectTimeoutError')


def _innermost(exc):
    """The reason that urllib3 keeps within what requests raises."""
    inner = exc.args[0] if exc.args else exc
    return getattr(inner, 'reason', None) or inner


def _reason(exc):
    """The cause in short: what requests prints has its inner objects in it, with addresses and all."""
    told, cause = [], _innermost(exc)
    while cause is not None:
        within = next((each for each in getattr(cause, 'args', ()) if isinstance(each, BaseException)), None)
        text = _words(cause).replace(': %r' % within, '').rstrip('.')
        if text and text not in told:
            told.append(text)
        cause = within
    return ': '.join(told)[:300]


def _words(cause):
    """What an exception itself says."""
    if type(cause).__name__ == 'BadStatusLine':
        return 'the answer is not HTTP but begins with %r' % str(cause)[:60].strip()
    texts = [each for each in getattr(cause, 'args', ()) if isinstance(each, str)]
    text = getattr(cause, 'strerror', None) or (texts[-1] if texts else str(cause))
    return OBJECT.sub('', text)
