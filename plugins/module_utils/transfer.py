# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents that go from a file to the API, or the other way, piece by piece: memory stays flat however large they are.

A transfer in chunks goes on where it was interrupted: the journal holds how far it came and the checksum up to there,
and the file must still agree with that. There is one such entry for a drive, of the last transfer that was begun, so
whatever writes to the drive puts an end to what went on before it.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import zlib

from .errors import ApiError, BadInput, Malformed, Precondition, Unavailable
from .journal import contents_of

CHUNK = 4 * 1024 * 1024
OPENERS = {'none': open, 'gzip': gzip.open, 'xz': lzma.open}
MEDIA_TYPES = {'none': 'application/octet-stream', 'gzip': 'application/gzip', 'xz': 'application/x-xz'}
BROKEN = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error)


def inspect(path, compression):
    """(bytes, sha256) of a file's contents, which are read once.

    :raises BadInput: for a file that cannot be read to its end.
    """
    digest = hashlib.sha256()
    try:
        with OPENERS[compression](path, 'rb') as source:
            return _feed(digest, source, None), digest.hexdigest()
    except BROKEN as exc:
        raise _broken(path, compression, exc) from exc
    except OSError as exc:
        raise BadInput('%s cannot be read: %s' % (path, exc)) from exc


class Upload:
    """A step's contents, written by one call of its operation for each chunk (uuid, offset, data, gzip).

    :param limit: bytes that the target holds.
    :param compression: of the file; it is undone on the way.
    :param compress: whether each chunk is sent compressed.
    :param sha256: what the contents must have, as inspect() found that they do.
    :param anew: whether what was sent before is sent again.
    """

    def __init__(self, path, limit, compression='none', compress=True, sha256=None, anew=False):
        self.path = path
        self.limit = limit
        self.compression = compression
        self.compress = compress
        self.sha256 = sha256
        self.anew = anew

    def run(self, work, operation, values):
        """Send what was not sent yet; returns what was sent."""
        key = contents_of(values['uuid'])
        try:
            with OPENERS[self.compression](self.path, 'rb') as source:
                return self._send(work, operation, values, key, source)
        except BROKEN as exc:
            raise _broken(self.path, self.compression, exc) from exc
        except OSError as exc:
            raise BadInput('%s cannot be read: %s' % (self.path, exc)) from exc

    def _send(self, work, operation, values, key, source):
        noted = {} if self.anew else _noted(work, key, 'upload', self.path)
        digest, start = hashlib.sha256(), noted.get('position', 0)
        if _feed(digest, source, start) != start or start and digest.hexdigest() != noted.get('sha256'):
            # Not the file that was sent in part.
            source.seek(0)
            digest, start = hashlib.sha256(), 0
        if not start:
            # Whatever was under way, the drive has it no longer from here on.
            work.journal.clear(key)
        position = start
        while True:
            data = source.read(CHUNK)
            if not data:
                break
            if position + len(data) > self.limit:
                raise _told(Precondition('%s holds more than the %d bytes of the drive' % (self.path, self.limit)),
                            position > start)
            body = gzip.compress(data, 1) if self.compress else data
            try:
                work.client.call(operation, **values, offset=str(position), data=body, gzip=self.compress)
            except ApiError as exc:
                raise _interrupted(exc, 'sent', position, self.path, position > start) from exc
            digest.update(data)
            position += len(data)
            work.journal.put(key, _entry('upload', self.path, position, digest))
            work.report('sent %d bytes of %s' % (position, self.path))
        work.journal.clear(key)
        _unchanged(self.path, self.sha256, digest, position > start)
        return {'path': self.path, 'bytes': position, 'sha256': digest.hexdigest(), 'resumed_from': start}


class Download:
    """A step's contents, read by one call of its operation for each chunk (uuid, offset, size) into a file.

    They arrive in a file beside it, whose name ends in .part, which takes its place when all is there.

    :param size: bytes to read. :param sha256: what they must have.
    """

    def __init__(self, path, size, sha256=None):
        self.path = path
        self.size = size
        self.sha256 = sha256

    def run(self, work, operation, values):
        """Read what was not read yet; returns what the file holds."""
        part, key = self.path + '.part', contents_of(values['uuid'])
        try:
            noted = _noted(work, key, 'download', self.path)
            with open(part, 'r+b' if os.path.exists(part) and noted else 'w+b') as target:
                told = self._fetch(work, operation, values, key, noted, target)
            if self.sha256 not in (None, told['sha256']):
                os.unlink(part)
                raise Malformed('the contents have the checksum sha256:%s, not sha256:%s; they were not kept' % (
                    told['sha256'], self.sha256))
            os.replace(part, self.path)
            return told
        except OSError as exc:
            raise BadInput('%s cannot be written: %s' % (self.path, exc)) from exc

    def _fetch(self, work, operation, values, key, noted, target):
        digest, start = hashlib.sha256(), noted.get('position', 0)
        if noted.get('size') != self.size or _feed(digest, target, start) != start \
                or digest.hexdigest() != noted.get('sha256') or not self._still(work, operation, values, start, target):
            digest, start = hashlib.sha256(), 0
        position = start
        target.truncate(position)
        while position < self.size:
            length = min(CHUNK, self.size - position)
            try:
                data = self._piece(work, operation, values, position, length)
            except ApiError as exc:
                raise _interrupted(exc, 'read', position, self.path, position > start) from exc
            target.seek(position)
            if data.count(0) != length:
                # Zeros are left out, so that the file takes no more room than what is in it.
                target.write(data)
            digest.update(data)
            position += length
            target.truncate(position)
            target.flush()
            work.journal.put(key, dict(_entry('download', self.path, position, digest), size=self.size))
            work.report('read %d of %d bytes' % (position, self.size))
        os.fsync(target.fileno())
        work.journal.clear(key)
        return {'path': self.path, 'bytes': position, 'sha256': digest.hexdigest(), 'resumed_from': start}

    @staticmethod
    def _piece(work, operation, values, position, length):
        data = work.client.call(operation, **values, offset=str(position), size=str(length))
        if len(data) != length:
            raise Malformed('%d bytes were asked for and %d came' % (length, len(data)))
        return data

    def _still(self, work, operation, values, start, target):
        """Whether the drive still has the last piece that was read: a sample, to see that it is the same drive."""
        last = max(0, start - CHUNK)
        target.seek(last)
        try:
            return not start or self._piece(work, operation, values, last, start - last) == target.read(start - last)
        except ApiError as exc:
            raise _interrupted(exc, 'read', start, self.path, False) from exc


class Whole:
    """A step's contents, sent as they are by a single call of its operation (data, content_type); no resume."""

    def __init__(self, path, compression='none', sha256=None):
        self.path = path
        self.compression = compression
        self.sha256 = sha256
        self.stream = None

    def run(self, work, operation, values):
        """Send the file; returns what was sent."""
        try:
            with open(self.path, 'rb') as source:
                self.stream = stream = Stream(source, os.path.getsize(self.path), work.deadline)
                answer = work.client.call(operation, **values, data=stream,
                                          content_type=MEDIA_TYPES[self.compression])
        except OSError as exc:
            raise BadInput('%s cannot be read: %s' % (self.path, exc)) from exc
        if self.compression == 'none':
            _unchanged(self.path, self.sha256, stream.digest, True)
        return self.arrived(answer or {})

    def whole(self):
        """Whether the file was sent to its end."""
        return self.stream is not None and self.stream.sent == len(self.stream)

    def arrived(self, told):
        """What was sent, held against what the API tells of it (sha256sum, read_bytes, written_bytes).

        :raises Malformed: where something else arrived.
        """
        plain, sent, has = self.compression == 'none', self.stream.digest.hexdigest(), told.get('sha256sum')
        # Of compressed contents it is not documented whether the sum is taken before or after they are unpacked.
        if has and (plain or self.sha256) and has not in (sent, self.sha256):
            raise Malformed('the contents arrived with the checksum sha256:%s and were sent with sha256:%s' % (
                has, sent))
        for name in ('read_bytes', 'written_bytes') if plain else ('read_bytes',):
            if told.get(name) is not None and int(told[name]) < self.stream.sent:
                raise Malformed('%d bytes were sent and only %s arrived (%s)' % (self.stream.sent, told[name], name))
        return {'path': self.path, 'bytes': self.stream.sent, 'sha256': sent, 'resumed_from': 0}


class Stream:
    """The body of a request, read from a file while it is sent. It ends with the deadline of the run."""

    def __init__(self, source, size, deadline):
        self._source = source
        self._size = size
        self._deadline = deadline
        self.rewind()

    def rewind(self):
        """Back to the start, for a request that is sent again."""
        self._source.seek(0)
        self.sent = 0
        self.digest = hashlib.sha256()

    def __len__(self):
        return self._size

    def __iter__(self):
        return iter(lambda: self.read(65536), b'')

    def read(self, size=-1):
        """The next piece."""
        if self._deadline.left() <= 0:
            raise Unavailable('the deadline of %s seconds passed after %d of %d bytes were sent' % (
                self._deadline.seconds, self.sent, self._size))
        data = self._source.read(min(size, CHUNK) if size and size > 0 else CHUNK)
        self.digest.update(data)
        self.sent += len(data)
        return data


def _entry(what, path, position, digest):
    return {'what': what, 'path': os.path.abspath(path), 'position': position, 'sha256': digest.hexdigest()}


def _noted(work, key, what, path):
    """How far such a transfer of that file came, if it was the last one that was begun."""
    noted = work.journal.get(key) or {}
    return noted if (noted.get('what'), noted.get('path')) == (what, os.path.abspath(path)) else {}


def _unchanged(path, sha256, digest, partly):
    """:raises BadInput: when what was sent of a file is not what inspect() saw in it."""
    if sha256 not in (None, digest.hexdigest()):
        raise _told(BadInput('%s was changed while it was sent: it had the checksum sha256:%s, and sha256:%s was sent'
                             % (path, sha256, digest.hexdigest())), partly)


def _feed(digest, source, length):
    """Feed the next `length` bytes, all if None, to a digest; returns how many there were."""
    done = 0
    while length is None or done < length:
        data = source.read(CHUNK if length is None else min(CHUNK, length - done))
        if not data:
            break
        digest.update(data)
        done += len(data)
    return done


def _broken(path, compression, exc):
    return BadInput('%s is not in %s format, or cut short: %s' % (path, compression, exc))


def _interrupted(error, what, position, path, partly):
    """The error, with how far it came and what to do."""
    error.message = '%s. %s %d bytes of %s; the same task run again goes on there' % (
        error.message, what.capitalize(), position, path)
    return _told(error, partly)


def _told(error, partly):
    error.partly = partly
    return error
