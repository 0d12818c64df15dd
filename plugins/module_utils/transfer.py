# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents that go from a file to the API, or the other way, piece by piece: memory stays flat however large they are.

A transfer in chunks goes on where it was interrupted: the journal holds how far it came and the checksum up to there,
and the file must still agree with that.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import zlib

from .errors import ApiError, BadInput, Malformed, Precondition, Unavailable

CHUNK = 4 * 1024 * 1024
OPENERS = {'none': open, 'gzip': gzip.open, 'xz': lzma.open}
MEDIA_TYPES = {'none': 'application/octet-stream', 'gzip': 'application/gzip', 'xz': 'application/x-xz'}
BROKEN = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error)


class Upload:
    """A step's contents, written by one call of its operation for each chunk (uuid, offset, data, gzip).

    :param limit: bytes that the target holds.
    :param compression: of the file; it is undone on the way.
    :param compress: whether each chunk is sent compressed.
    :param sha256: what the contents must have; checked before anything is sent.
    """

    def __init__(self, path, limit, compression='none', compress=True, sha256=None):
        self.path = path
        self.limit = limit
        self.compression = compression
        self.compress = compress
        self.sha256 = sha256

    def run(self, work, operation, values):
        """Send what was not sent yet; returns what was sent."""
        key = ('upload', values['uuid'], os.path.abspath(self.path))
        try:
            self.verify()
            with OPENERS[self.compression](self.path, 'rb') as source:
                return self._send(work, operation, values, key, source)
        except BROKEN as exc:
            raise _broken(self.path, self.compression, exc) from exc
        except OSError as exc:
            raise BadInput('%s cannot be read: %s' % (self.path, exc)) from exc

    def verify(self):
        """:raises BadInput: when the contents are not those with the checksum."""
        if self.sha256 is None:
            return
        digest = hashlib.sha256()
        with OPENERS[self.compression](self.path, 'rb') as source:
            _feed(digest, source, None)
        if digest.hexdigest() != self.sha256:
            raise BadInput('%s has the checksum sha256:%s, not sha256:%s; nothing was sent' % (
                self.path, digest.hexdigest(), self.sha256))

    def _send(self, work, operation, values, key, source):
        noted = work.journal.get(key) or {}
        digest, start = hashlib.sha256(), noted.get('position', 0)
        if _feed(digest, source, start) != start or start and digest.hexdigest() != noted.get('sha256'):
            # Not the file that was sent in part.
            source.seek(0)
            digest, start = hashlib.sha256(), 0
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
            work.journal.put(key, {'position': position, 'sha256': digest.hexdigest()})
            work.report('sent %d bytes of %s' % (position, self.path))
        work.journal.clear(key)
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
        part, key = self.path + '.part', ('download', values['uuid'], os.path.abspath(self.path))
        try:
            noted = work.journal.get(key) or {}
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
                or digest.hexdigest() != noted.get('sha256'):
            digest, start = hashlib.sha256(), 0
        position = start
        target.truncate(position)
        while position < self.size:
            length = min(CHUNK, self.size - position)
            try:
                data = work.client.call(operation, **values, offset=str(position), size=str(length))
            except ApiError as exc:
                raise _interrupted(exc, 'read', position, self.path, position > start) from exc
            if len(data) != length:
                raise _interrupted(Malformed('%d bytes were asked for and %d came' % (length, len(data))), 'read',
                                   position, self.path, position > start)
            target.seek(position)
            if data.count(0) != length:
                # Zeros are left out, so that the file takes no more room than what is in it.
                target.write(data)
            digest.update(data)
            position += length
            target.truncate(position)
            target.flush()
            work.journal.put(key, {'position': position, 'size': self.size, 'sha256': digest.hexdigest()})
            work.report('read %d of %d bytes' % (position, self.size))
        os.fsync(target.fileno())
        work.journal.clear(key)
        return {'path': self.path, 'bytes': position, 'sha256': digest.hexdigest(), 'resumed_from': start}


class Whole:
    """A step's contents, sent as they are by a single call of its operation (data, content_type); no resume."""

    def __init__(self, path, compression='none', sha256=None):
        self.path = path
        self.compression = compression
        self.sha256 = sha256

    def run(self, work, operation, values):
        """Send the file; returns what was sent."""
        try:
            Upload(self.path, 0, self.compression, sha256=self.sha256).verify()
            with open(self.path, 'rb') as source:
                stream = Stream(source, os.path.getsize(self.path), work.deadline)
                answer = work.client.call(operation, **values, data=stream,
                                          content_type=MEDIA_TYPES[self.compression])
        except BROKEN as exc:
            raise _broken(self.path, self.compression, exc) from exc
        except OSError as exc:
            raise BadInput('%s cannot be read: %s' % (self.path, exc)) from exc
        told = (answer or {}).get('sha256sum')
        if self.compression == 'none' and told and told != stream.digest.hexdigest():
            raise Malformed('the contents arrived with the checksum sha256:%s and were sent with sha256:%s' % (
                told, stream.digest.hexdigest()))
        return {'path': self.path, 'bytes': stream.sent, 'sha256': stream.digest.hexdigest(), 'resumed_from': 0}


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
