# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's storages: how they look on the wire, and the request that carries contents."""

from __future__ import annotations

import types

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.connection import Connection
from ansible_collections.indie.cloud.plugins.module_utils.errors import BadInput
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud import drive_fields, waits
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.client import UpCloudClient
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.operations import OPERATIONS
from ansible_collections.indie.cloud.plugins.module_utils.providers.upcloud.operations_storage import UPLOAD

DETAILS = {
    'access': 'private', 'backup_rule': {'interval': 'daily', 'time': '0430', 'retention': '365'},
    'backups': {'backup': ['b1', 'b2']}, 'encrypted': 'yes', 'labels': [{'key': 'env', 'value': 'prod'}],
    'license': 0, 'part_of_plan': 'no', 'servers': {'server': ['s1']}, 'size': 10, 'state': 'online',
    'tier': 'maxiops', 'title': 'data', 'type': 'normal', 'uuid': 'u1', 'zone': 'fi-hel1',
    'created': '2026-01-05T10:00:00Z'}


def test_details_become_neutral():
    assert drive_fields.drive_in(DETAILS) == {
        'id': 'u1', 'name': 'data', 'state': 'online', 'provider_state': 'online', 'type': 'disk', 'zone': 'fi-hel1',
        'size_gb': 10, 'tier': 'maxiops', 'encrypted': True, 'servers': ['s1'],
        'backup_rule': {'interval': 'daily', 'time': '0430', 'retention': 365}, 'labels': {'env': 'prod'},
        'created': '2026-01-05T10:00:00Z',
        'provider_options': {'access': 'private', 'favorite': None, 'license': 0, 'origin': None,
                             'part_of_plan': False, 'template_type': None, 'backups': ['b1', 'b2']}}


def test_a_list_tells_less():
    listed = {key: value for key, value in DETAILS.items() if key not in ('backup_rule', 'backups', 'servers')}
    found = drive_fields.drive_in(listed)
    assert found['servers'] is None and found['backup_rule'] is None and found['provider_options']['backups'] is None


@pytest.mark.parametrize('state, neutral', [
    ('online', 'online'), ('maintenance', 'busy'), ('attaching', 'busy'), ('error', 'error'), (None, 'unknown')])
def test_states_that_nobody_knows_are_busy(state, neutral):
    assert drive_fields.drive_in(dict(DETAILS, state=state))['state'] == neutral


def encoded(**values):
    link = Connection('upcloud', 'https://api.example.com/1.3', {'Authorization': 'Bearer secret'})
    return UpCloudClient(link, types.SimpleNamespace()).encode(OPERATIONS[UPLOAD], values, None)


def test_contents_go_to_their_link_without_credentials():
    link = 'https://fi-hel1.img.example.com/uploader/session/07a6?x=1'
    assert encoded(direct_upload_url=link, data=b'x', content_type='application/gzip') == (
        'PUT', link, {'Content-Type': 'application/gzip'}, b'x')


@pytest.mark.parametrize('link', ['http://img.example.com/x', 'file:///etc/passwd', 'nonsense'])
def test_contents_never_go_in_the_clear(link):
    with pytest.raises(BadInput):
        encoded(direct_upload_url=link, data=b'x')


def test_a_failed_import_says_why():
    wait = waits.imported('u1', 'the drive')
    task = {'state': 'failed', 'error_message': 'no such host'}
    assert wait.verdict(task) is False and 'no such host' in wait.advice(task)
    assert wait.verdict({'state': 'importing'}) is None and wait.advice({'state': 'importing'}) == ''
