# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents in chunks and as a stream: what is sent, what is gone on with, and how much memory that takes."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import random
import threading
import tracemalloc
import types

import pytest

from ansible_collections.indie.cloud.plugins.module_utils import http as wire
from ansible_collections.indie.cloud.plugins.module_utils.errors import (
    BadInput,
    Malformed,
    NotFound,
    Precondition,
    Unavailable,
)
from ansible_collections.indie.cloud.plugins.module_utils.journal import Journal, contents_of
from ansible_collections.indie.cloud.plugins.module_utils.transfer import (
    CHUNK,
    Download,
    Stream,
    Upload,
    Whole,
    inspect,
)
from ansible_collections.indie.cloud.plugins.module_utils.wait import Deadline

DRIVE = {'uuid': 'd1'}


class Target:
    """A drive of so many bytes that takes and gives pieces; `fails` holds the calls that fail, by number."""

    def __init__(self, size):
        self.contents = bytearray(size)
        self.fails = {}
        self.calls = []

    def call(self, operation, uuid, offset, data=None, gzip=None, size=None):
        self.calls.append(int(offset))
        error = self.fails.get(len(self.calls))
        if isinstance(error, Exception):
            raise error
        if operation == 'read':
            return bytes(self.contents[int(offset):int(offset) + int(size)])[:error]
        piece = wire_gzip(data) if gzip else data
        self.contents[int(offset):int(offset) + len(piece)] = piece
        return {}


def wire_gzip(data):
    return gzip.decompress(data)


@pytest.fixture
def work(tmp_path):
    return types.SimpleNamespace(journal=Journal(str(tmp_path / 'state'), 'account'), report=lambda text: None,
                                 client=None, deadline=Deadline(60))


@pytest.fixture
def path(tmp_path):
    found = tmp_path / 'disk.img'
    found.write_bytes(random.Random(1).randbytes(2 * CHUNK + 1000))
    return found


@pytest.mark.parametrize('compress', [True, False])
def test_all_chunks_arrive(work, path, compress):
    work.client = Target(3 * CHUNK)
    told = Upload(str(path), 3 * CHUNK, compress=compress).run(work, 'write', DRIVE)
    data = path.read_bytes()
    assert work.client.contents[:len(data)] == data and work.client.calls == [0, CHUNK, 2 * CHUNK]
    assert told == {'path': str(path), 'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest(),
                    'resumed_from': 0}
    assert work.journal.entries() == {}


def test_an_upload_goes_on_after_the_last_chunk_that_arrived(work, path):
    work.client = Target(3 * CHUNK)
    work.client.fails = {2: NotFound('gone')}
    with pytest.raises(NotFound) as told:
        Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)
    assert told.value.partly and str(CHUNK) in told.value.message
    done = Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)
    assert done['resumed_from'] == CHUNK and work.client.calls == [0, CHUNK, CHUNK, 2 * CHUNK]
    assert done['sha256'] == hashlib.sha256(path.read_bytes()).hexdigest()


def broken(work, transfer, call=2):
    """A transfer that fails at a call."""
    work.client.fails = {len(work.client.calls) + call: NotFound('gone')}
    with pytest.raises(NotFound):
        transfer.run(work, 'write' if isinstance(transfer, Upload) else 'read', DRIVE)


def test_an_upload_does_not_go_on_over_what_another_one_wrote(work, path, tmp_path):
    other = tmp_path / 'other.img'
    other.write_bytes(b'x' * (CHUNK + 5))
    work.client = Target(3 * CHUNK)
    broken(work, Upload(str(path), 3 * CHUNK))
    Upload(str(other), 3 * CHUNK).run(work, 'write', DRIVE)
    assert Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)['resumed_from'] == 0
    assert work.client.contents[:path.stat().st_size] == path.read_bytes()


def test_an_upload_does_not_go_on_over_what_another_one_may_have_written(work, path, tmp_path):
    """The first piece of the other one was lost, so it may be on the drive."""
    other = tmp_path / 'other.img'
    other.write_bytes(b'x' * 5)
    work.client = Target(3 * CHUNK)
    broken(work, Upload(str(path), 3 * CHUNK))
    broken(work, Upload(str(other), 3 * CHUNK), 1)
    assert Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)['resumed_from'] == 0


def test_an_upload_begins_anew_when_it_is_told_to(work, path):
    work.client = Target(3 * CHUNK)
    broken(work, Upload(str(path), 3 * CHUNK))
    assert Upload(str(path), 3 * CHUNK, anew=True).run(work, 'write', DRIVE)['resumed_from'] == 0


def test_a_file_that_changes_while_it_is_sent_is_told(work, path):
    work.client = Target(3 * CHUNK)
    with pytest.raises(BadInput, match='changed while it was sent') as told:
        Upload(str(path), 3 * CHUNK, sha256='0' * 64).run(work, 'write', DRIVE)
    assert told.value.partly and work.journal.entries() == {}


def test_what_a_file_holds_is_known_before_it_is_sent(path, tmp_path):
    data, packed = path.read_bytes(), tmp_path / 'disk.gz'
    told = len(data), hashlib.sha256(data).hexdigest()
    packed.write_bytes(gzip.compress(data, 1))
    assert inspect(str(path), 'none') == inspect(str(packed), 'gzip') == told
    packed.write_bytes(packed.read_bytes()[:-20])
    for bad in (packed, path, tmp_path / 'none'):
        with pytest.raises(BadInput):
            inspect(str(bad), 'gzip')


@pytest.mark.parametrize('change', [lambda data: b'x' + data[1:], lambda data: data[:100]], ids=['other', 'shorter'])
def test_a_file_that_is_another_one_by_now_is_sent_from_the_start(work, path, change):
    work.client = Target(3 * CHUNK)
    work.client.fails = {2: NotFound('gone')}
    with pytest.raises(NotFound):
        Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)
    path.write_bytes(change(path.read_bytes()))
    assert Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)['resumed_from'] == 0


def test_a_failure_before_anything_was_sent_changed_nothing(work, path):
    work.client = Target(3 * CHUNK)
    work.client.fails = {1: NotFound('gone')}
    with pytest.raises(NotFound) as told:
        Upload(str(path), 3 * CHUNK).run(work, 'write', DRIVE)
    assert not told.value.partly


def test_what_does_not_fit_is_not_sent(work, path):
    work.client = Target(CHUNK)
    with pytest.raises(Precondition) as told:
        Upload(str(path), CHUNK).run(work, 'write', DRIVE)
    assert told.value.partly and work.client.calls == [0]
    with pytest.raises(BadInput):
        Upload(str(path), 3 * CHUNK, 'gzip').run(work, 'write', DRIVE)
    with pytest.raises(BadInput):
        Upload(str(path) + '.none', 3 * CHUNK).run(work, 'write', DRIVE)
    assert work.client.calls == [0]


def test_a_download_is_whole_or_not_there(work, path, tmp_path):
    data, back = path.read_bytes(), tmp_path / 'back.img'
    work.client = Target(len(data))
    work.client.contents[:] = data
    work.client.fails = {2: NotFound('gone'), 5: 10}
    for error in (NotFound, Malformed):
        with pytest.raises(error):
            Download(str(back), len(data)).run(work, 'read', DRIVE)
        assert not back.exists()
    told = Download(str(back), len(data)).run(work, 'read', DRIVE)
    assert back.read_bytes() == data and told['resumed_from'] == 2 * CHUNK
    # Before it goes on, the last piece is read again.
    assert work.client.calls == [0, CHUNK, 0, CHUNK, 2 * CHUNK, CHUNK, 2 * CHUNK]


def test_a_part_that_was_tampered_with_is_read_anew(work, path, tmp_path):
    data, back, part = path.read_bytes(), tmp_path / 'back.img', tmp_path / 'back.img.part'
    work.client = Target(len(data))
    work.client.contents[:] = data
    work.client.fails = {2: NotFound('gone')}
    with pytest.raises(NotFound):
        Download(str(back), len(data)).run(work, 'read', DRIVE)
    part.write_bytes(b'x' + part.read_bytes()[1:] + b'more')
    assert Download(str(back), len(data)).run(work, 'read', DRIVE)['resumed_from'] == 0
    assert back.read_bytes() == data


def test_a_download_does_not_go_on_with_another_drive(work, path, tmp_path):
    data, back = path.read_bytes(), tmp_path / 'back.img'
    work.client = Target(len(data))
    work.client.contents[:] = data
    broken(work, Download(str(back), len(data)))
    # Somebody else writes to it.
    work.client.contents[CHUNK - 1] ^= 1
    assert Download(str(back), len(data)).run(work, 'read', DRIVE)['resumed_from'] == 0
    assert back.read_bytes() == bytes(work.client.contents)
    # We do, to a part that is not looked at again.
    broken(work, Download(str(back), len(data)), 3)
    (tmp_path / 'small').write_bytes(b'small')
    Upload(str(tmp_path / 'small'), len(data)).run(work, 'write', DRIVE)
    assert Download(str(back), len(data)).run(work, 'read', DRIVE)['resumed_from'] == 0
    assert back.read_bytes().startswith(b'small')


def test_a_download_that_cannot_look_again_stays_as_it_is(work, path, tmp_path):
    data, back = path.read_bytes(), tmp_path / 'back.img'
    work.client = Target(len(data))
    broken(work, Download(str(back), len(data)))
    noted = work.journal.get(contents_of('d1'))
    broken(work, Download(str(back), len(data)), 1)
    assert work.journal.get(contents_of('d1')) == noted
    assert Download(str(back), len(data)).run(work, 'read', DRIVE)['resumed_from'] == CHUNK


def test_zeros_at_the_end_are_part_of_the_file(work, tmp_path):
    work.client = Target(2 * CHUNK + 5)
    work.client.contents[0] = 1
    back = tmp_path / 'back.img'
    Download(str(back), 2 * CHUNK + 5).run(work, 'read', DRIVE)
    assert back.read_bytes() == bytes(work.client.contents)


def test_a_stream_ends_with_the_deadline(path):
    class Clock:
        time = 0.0

        def now(self):
            return self.time
    clock = Clock()
    with open(path, 'rb') as source:
        stream = Stream(source, 10, Deadline(5, clock))
        assert len(stream.read(3)) == 3
        clock.time = 6
        with pytest.raises(Unavailable):
            stream.read(3)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes a body piece by piece and answers with its checksum."""

    def do_PUT(self):
        left, digest = int(self.headers['Content-Length']), hashlib.sha256()
        while left:
            data = self.rfile.read(min(left, 1 << 20))
            digest.update(data)
            left -= len(data)
        body = digest.hexdigest().encode()
        self.server.seen = dict(self.headers)
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def test_a_file_of_200_mib_is_streamed(work, tmp_path):
    path = tmp_path / 'big.img'
    with open(path, 'wb') as target:
        target.truncate(200 * 1024 ** 2)
    server = http.server.HTTPServer(('127.0.0.1', 0), Receiver)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    session = wire.Session(work.deadline, environ={})
    url = 'http://127.0.0.1:%d/up' % server.server_port

    def call(operation, data, content_type):
        return {'sha256sum': session.exchange(operation, 'upcloud', 'PUT', url, lambda response: response.text(),
                                              {'Content-Type': content_type}, data)}
    work.client = types.SimpleNamespace(call=call)
    tracemalloc.start()
    told = Whole(str(path)).run(work, 'PUT', {})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    thread.join()
    server.server_close()
    assert told['bytes'] == 200 * 1024 ** 2 and peak < 16 * 1024 ** 2
    assert server.seen['Content-Length'] == str(200 * 1024 ** 2) and 'Transfer-Encoding' not in server.seen


def test_contents_that_arrived_otherwise_are_told(work, path):
    work.client = types.SimpleNamespace(call=lambda operation, data, content_type: {'sha256sum': '0' * 64})
    with pytest.raises(Malformed):
        Whole(str(path)).run(work, 'PUT', {})


@pytest.mark.parametrize('compression, told', [
    ('none', {'read_bytes': 1}), ('none', {'written_bytes': 1}), ('gzip', {'read_bytes': 1}),
    ('gzip', {'sha256sum': 'f' * 64})])
def test_what_arrived_only_in_part_or_otherwise_is_told(work, path, compression, told):
    contents = hashlib.sha256(b'what is in it').hexdigest()
    work.client = types.SimpleNamespace(call=lambda operation, data, content_type: {'pieces': list(data)})
    whole = Whole(str(path), compression, None if compression == 'none' else contents)
    assert not whole.whole()
    sent = whole.run(work, 'PUT', {})
    assert whole.whole()
    size = path.stat().st_size
    # Unpacked contents have a length of their own, and their sum may be that of either.
    for sums in ({}, {'sha256sum': sent['sha256'], 'read_bytes': size, 'written_bytes': size}) + (
            ({'sha256sum': contents, 'read_bytes': size, 'written_bytes': 3},) if compression == 'gzip' else ()):
        assert whole.arrived(sums)['sha256'] == sent['sha256']
    with pytest.raises(Malformed):
        whole.arrived(told)
