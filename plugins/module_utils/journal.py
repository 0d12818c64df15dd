# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must survive a killed run: orders under way, and `once` tokens. One small file each, in a folder of the user's.

A file is written whole, flushed to the disk, and only then put in place.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import hashlib
import json
import os
import tempfile
import uuid

from .errors import BadInput


def folder(option=None, environ=None):
    """The state folder: the option, else INDIE_CLOUD_STATE_DIR, else indie.cloud below XDG_STATE_HOME."""
    environ = os.environ if environ is None else environ
    home = environ.get('XDG_STATE_HOME') or os.path.join('~', '.local', 'state')
    return os.path.expanduser(option or environ.get('INDIE_CLOUD_STATE_DIR') or os.path.join(home, 'indie.cloud'))


def contents_of(drive):
    """The key of how far a transfer of a drive's contents came; there is one for all of them."""
    return 'contents', drive.lower()


def _names(key, ident):
    """The keys of a thing: what a task names it by, and its id."""
    return (key,) if ident is None else (key, (key[0], str(ident)))


class Journal:
    """Entries of one account, by key (a tuple of words, such as ('server', 'web1')).

    :param path: the state folder; made, readable by its owner alone, when first written to.
    :param account: a hash that tells accounts and endpoints apart, see connection.Connection.
    """

    def __init__(self, path, account):
        self.path = path
        self.account = account

    def writable(self):
        """Whether entries and locks can be made, as far as can be told without making one."""
        path = os.path.abspath(self.path)
        while not os.path.lexists(path):
            path = os.path.dirname(path)
        return os.path.isdir(path) and os.access(path, os.W_OK | os.X_OK)

    def prove(self, write=True):
        """:raises BadInput: where nothing can be written down, so that this is found before anything is sent."""
        if not self.writable():
            raise self._unwritable('no leave')
        if write:
            key = ('proof', uuid.uuid4().hex)
            self.put(key, None)
            self.clear(key)

    def _unwritable(self, why):
        return BadInput('the journal folder %s cannot be written to (%s); set state_dir or INDIE_CLOUD_STATE_DIR'
                        % (self.path, why))

    def _file(self, key, suffix='.json'):
        digest = hashlib.sha256('\0'.join((self.account,) + tuple(key)).encode('utf-8')).hexdigest()[:32]
        return os.path.join(self.path, digest + suffix)

    def get(self, key):
        """The entry, or None.

        :raises BadInput: when there is one that cannot be read: to go on would be to order twice.
        """
        found = self._read(self._file(key))
        return None if found is None else found['entry']

    @staticmethod
    def _read(path):
        try:
            with open(path, encoding='utf-8') as handle:
                found = json.load(handle)
            return {name: found[name] for name in ('key', 'account', 'entry')}
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise BadInput('the journal %s cannot be read (%s); look at it and at your orders, then remove it'
                           % (path, exc)) from exc

    def entries(self):
        """{key: entry} of all of the account."""
        found = [self._read(path) for path in sorted(glob.glob(os.path.join(glob.escape(self.path), '*.json')))]
        return {tuple(item['key']): item['entry'] for item in found if item and item['account'] == self.account}

    def put(self, key, entry):
        """Write an entry durably; BadInput when that fails, so that nothing is sent without it."""
        try:
            os.makedirs(self.path, mode=0o700, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path, suffix='.new')
            with os.fdopen(handle, 'w', encoding='utf-8') as stream:
                json.dump({'key': list(key), 'account': self.account, 'entry': entry}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, self._file(key))
            self._flush_folder()
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def clear(self, key):
        """Remove the entry, if there is one; BadInput when it cannot be removed."""
        path = self._file(key)
        if not os.path.lexists(path):
            return
        try:
            os.unlink(path)
            self._flush_folder()
        except FileNotFoundError:
            pass
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def done_once(self, key, state, token, ident=None):
        """{id} of what a one-shot state was done to with this token, or None.

        :param ident: of what `key` names now: only what was done to that counts, by whatever it was named then.
        """
        found = [self.get(('once', *each, state, token)) for each in _names(key, ident)]
        return next((entry for entry in found if entry is not None and ident in (None, entry['id'])), None)

    def note_once(self, key, state, token, ident):
        for each in _names(key, ident):
            self.put(('once', *each, state, token), {'id': ident})

    def _flush_folder(self):
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def lock(self, key, deadline):
        """Hold a lock among the runs on this machine; BadInput when it cannot be had before the deadline."""
        path = self._file(key, '.lock')
        handle = self._locked(path)
        while handle is None:
            if not deadline.nap(0.1):
                raise BadInput('another run on this machine holds the lock for %s' % ' '.join(key))
            handle = self._locked(path)
        with handle:
            try:
                yield
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)

    def _locked(self, path):
        """The open file of that path with the lock on it, or None where another run has the lock."""
        try:
            os.makedirs(self.path, mode=0o700, exist_ok=True)
            handle = open(path, 'a', encoding='utf-8')
        except OSError as exc:
            raise self._unwritable(exc) from exc
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who had the lock has removed the file: there may be another of its name by now.
            if os.path.samestat(os.fstat(handle.fileno()), os.stat(path)):
                return handle
        handle.close()
        return None
