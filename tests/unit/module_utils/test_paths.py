# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Methods and paths: what is known is found however it is spelt, what is not is never taken for something else."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.calls import CLIENTS
from ansible_collections.indie.cloud.plugins.module_utils.errors import BadInput
from ansible_collections.indie.cloud.plugins.module_utils.paths import by_path

HTTP = [provider for provider in CLIENTS if provider != 'memset']
UUID = 'f3c64af7-75a8-4294-82cd-789a380208a9'


def client(provider):
    return CLIENTS[provider]()(None, None)


def filled(operation):
    """Values for all names of a path."""
    return {name: '%s-%d' % (name, number) for number, name in enumerate(operation.placeholders)}


@pytest.mark.parametrize('provider', HTTP)
def test_every_operation_is_found_by_its_path(provider):
    """Spelt as a template, and with the values in it."""
    cloud = client(provider)
    for name, operation in cloud.operations.items():
        if not operation.path.startswith('/'):
            continue
        values = filled(operation)
        template = operation.path.replace('[', '').replace(']', '')
        for path, given in ((template, values), (template.format(**values), {})):
            found, parameters = by_path(cloud, operation.method, path, given)
            assert (found.name, parameters) == (name, values)


def test_an_optional_part_may_be_left_out():
    found, values = by_path(client('elastichosts'), 'POST', '/drives/{uuid}/write', {'uuid': UUID, 'data': 'x'})
    assert found.name == 'POST /drives/{uuid}/write[/{offset}]' and values == {'uuid': UUID, 'data': 'x'}


def test_a_value_never_becomes_another_path():
    """A slash or a question mark in it is one of the value."""
    found, values = by_path(client('upcloud'), 'DELETE', '/storage/{uuid}', {'uuid': 'a/favorite?x=y'})
    assert found.name == 'DELETE /storage/{uuid}' and values == {'uuid': 'a/favorite?x=y'}
    unknown, rest = by_path(client('upcloud'), 'GET', '/new/{name}', {'name': 'a/../b', 'x': 1})
    assert unknown.name == 'GET /new/a%2F..%2Fb' and rest == {'x': 1}


@pytest.mark.parametrize('provider', HTTP)
def test_what_is_not_known_writes_unless_it_surely_reads(provider):
    cloud = client(provider)
    assert by_path(cloud, 'POST', '/new', {})[0].kind == 'write'
    assert by_path(cloud, 'POST', '/new', {}, 'read')[0].kind == 'read'
    if provider == 'cloudsigma':
        with pytest.raises(BadInput, match='kind: read'):
            by_path(cloud, 'GET', '/new', {})
    else:
        assert by_path(cloud, 'GET', '/new', {})[0].kind == 'read'


def test_no_write_of_the_table_can_be_declared_a_read():
    cloud = client('cloudsigma')
    told = 0
    for operation in cloud.operations.values():
        with pytest.raises(BadInput, match='leave kind out'):
            by_path(cloud, operation.method, operation.path.replace('[', '').replace(']', ''), filled(operation),
                    'read' if operation.kind == 'write' else 'write')
        told += 1
    assert told == len(cloud.operations) > 60
