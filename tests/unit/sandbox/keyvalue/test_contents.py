# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contents of drives, on both providers."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
import zlib

import pytest

from sandbox.providers.keyvalue.contents import CHUNK, Contents, Store

MIB = 1024 ** 2
GIB = 1024 ** 3


@pytest.fixture(params=['cloudsigma', 'elastichosts'])
def api(request):
    return request.getfixturevalue(request.param)


def pattern(length, seed=b'x'):
    """Bytes that don't compress and are the same each time."""
    return b''.join(hashlib.sha512(seed + b'%d' % number).digest() for number in range(length // 64 + 1))[:length]


def read(api, drive, offset, size):
    answer = api.call('GET', '/drives/%s/read/%s/%s' % (drive, offset, size))
    assert answer.status_code == 200, answer.text
    assert answer.headers['Content-Type'] == 'application/octet-stream'
    return answer.content


def write(api, drive, offset, data, status=204, **headers):
    answer = api.call('POST', '/drives/%s/write/%s' % (drive, offset), data,
                      headers={'Content-Type': 'application/octet-stream', **headers})
    assert answer.status_code == status, answer.text


def test_written_and_read(api):
    drive = api.seed('drives', 1, size='1T')[0]
    data = pattern(5 * MIB)
    write(api, drive, '900G', data)
    assert read(api, drive, '900G', '4M') == data[:4 * MIB]
    assert read(api, drive, 900 * GIB + 4 * MIB, '1M') == data[4 * MIB:]
    assert read(api, drive, 900 * GIB - 100, 200) == bytes(100) + data[:100]
    assert read(api, drive, 0, '4M') == bytes(4 * MIB)
    write(api, drive, 900 * GIB + 10, b'abc')
    assert read(api, drive, 900 * GIB, 20) == data[:10] + b'abc' + data[13:20]
    assert api.state()['drives'][drive]['stored_bytes'] == 5 * MIB
    assert api.call('POST', '/drives/%s/write' % drive, b'start').status_code == 204
    assert read(api, drive, 0, 5) == b'start'


def test_gzip_on_the_way(api):
    drive = api.seed('drives', 1, size='8M')[0]
    data = gzip.compress(b'an archive within')
    write(api, drive, '1k', gzip.compress(data), **{'Content-Encoding': 'gzip'})
    assert read(api, drive, '1k', len(data)) == data
    write(api, drive, 0, b'this is not gzip', 400, **{'Content-Encoding': 'gzip'})
    write(api, drive, 0, gzip.compress(b'cut off')[:-9], 400, **{'Content-Encoding': 'gzip'})
    write(api, drive, 0, b'x', 400, **{'Content-Encoding': 'br'})
    full = 400 if api.provider == 'cloudsigma' else 507
    write(api, drive, '7M', gzip.compress(bytes(2 * MIB)), full, **{'Content-Encoding': 'gzip'})
    write(api, drive, 0, iter([b'chunked']), 400)


def test_limits(api):
    drive = api.seed('drives', 1, size='8M')[0]
    for path in ('read/0/5M', 'read/8M/1', 'read/x/1', 'read/0/-1'):
        assert api.call('GET', '/drives/%s/%s' % (drive, path)).status_code == 400
    assert read(api, drive, 8 * MIB - 5, 100) == bytes(5)
    write(api, drive, 8 * MIB - 5, b'sixsix', 400 if api.provider == 'cloudsigma' else 507)
    server = api.seed('servers')[0]
    used = [token for token in api.state()['drives'].values() if server in token.get('claimed', '')][0]['drive']
    busy = 400 if api.provider == 'cloudsigma' else 409
    write(api, used, 0, b'x', busy)
    assert api.call('GET', '/drives/%s/read/0/1' % used).status_code == busy


def test_a_copy_has_the_contents(api):
    drive = api.seed('drives', 1, size='8M')[0]
    write(api, drive, '1M', b'original')
    if api.provider == 'cloudsigma':
        copy = api.do('/drives/%s/clone' % drive, {'name': 'copy'})['drive']
    else:
        copy = api.seed('drives', 1, size='8M')[0]
        api.do('/drives/%s/image/%s' % (copy, drive))
    api.advance()
    write(api, drive, '1M', b'changed!')
    assert read(api, copy, '1M', 8) == b'original'
    assert api.call('POST', '/drives/%s/destroy' % drive).status_code == 204
    assert read(api, copy, '1M', 8) == b'original'


def test_conversions_on_the_way(elastichosts):
    api = elastichosts
    data = pattern(3 * CHUNK + 17) + bytes(CHUNK)
    source, packed, unpacked = api.seed('drives', 3, size='8M')
    write(api, source, 0, data)
    api.do('/drives/%s/image/%s/gzip' % (packed, source))
    api.advance()
    api.do('/drives/%s/image/%s/gunzip' % (unpacked, packed))
    api.advance()
    # What follows the archive are the zeros of the drive.
    assert zlib.decompressobj(31).decompress(read(api, packed, 0, '4M')).ljust(len(data), b'\0') == data
    assert read(api, unpacked, 0, len(data)) == data
    api.do('/drives/%s/image/%s/gunzip' % (packed, source))
    api.advance()
    assert api.one('/drives/%s/info' % packed)['status'] == 'inactive'


def test_memory_stays_flat():
    store = Store()
    contents = Contents(store)
    piece = pattern(4 * MIB)
    tracemalloc.start()
    for number in range(64):
        contents.write(number * 4 * MIB, piece)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert contents.used() == 256 * MIB
    assert peak < 8 * MIB
    contents.cut(CHUNK + 1)
    assert contents.used() == 2 * CHUNK and contents.read(CHUNK, 3) == piece[CHUNK:CHUNK + 1] + bytes(2)
    contents.write(0, bytes(2 * CHUNK))
    assert contents.used() == 0
