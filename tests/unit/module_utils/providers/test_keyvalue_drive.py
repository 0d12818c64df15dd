# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives of the KEY VALUE APIs: how they look on the wire, and when sizes are equal."""

from __future__ import annotations

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.providers.cloudsigma.drive import CloudSigmaDrive
from ansible_collections.indie.cloud.plugins.module_utils.providers.elastichosts.drive import ElasticHostsDrive
from ansible_collections.indie.cloud.plugins.module_utils.providers.keyvalue import drive
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE

SERVER = 'e4d50a5c-b516-4993-8d73-c36e7782fbbb'
HOST = 'be2bcfa3-109d-4bee-8795-d75ce0865dc4'
RAW = {'drive': 'ea6a8fdb-dab3-4d06-86c2-41a5835e6ed9', 'name': 'a &amp; b', 'size': '5368709120', 'status': 'active',
       'user': HOST, 'tags': 'b a', 'encryption:cipher': 'none'}


def test_cloudsigma_drive_becomes_neutral():
    found = CloudSigmaDrive(DRIVE).project(dict(RAW, claimed='%s:guest:%s:ide:0:0' % (HOST, SERVER), use='db'))
    assert found['name'] == 'a & b' and found['size_gb'] == 5 and found['servers'] == [SERVER]
    assert found['state'] == 'online' and found['tags'] == ['a', 'b'] and found['encrypted'] is False
    assert found['labels'] is None
    assert found['provider_options'] == {'claim_type': 'exclusive', 'readers': [], 'use': ['db']}


def test_elastichosts_drive_becomes_neutral():
    found = ElasticHostsDrive(DRIVE).project(dict(RAW, tier='ssd', claimed=SERVER.upper(), **{'user:env': 'prod'}))
    assert found['tier'] == 'ssd' and found['labels'] == {'env': 'prod'} and found['servers'] == [SERVER]


@pytest.mark.parametrize('more, state', [
    ({}, 'online'), ({'imaging': 'queued'}, 'busy'), ({'imaging': '45%'}, 'busy'), ({'imaging': 'false'}, 'online'),
    ({'status': 'copying'}, 'busy'), ({'status': 'inactive'}, 'error'), ({'status': None}, 'busy'),
    ({'claimed': '%s:imaging:%s' % (HOST, SERVER)}, 'busy'), ({'claimed': SERVER}, 'online')])
def test_states(more, state):
    assert ElasticHostsDrive(DRIVE).project(dict(RAW, **more))['state'] == state


@pytest.mark.parametrize('wanted, current, same', [
    (10, 10, True), (1.3, 1.301, True), (1.3, 1.304, True), (1.3, 1.31, False), (2, 1, False), (1, None, False)])
def test_sizes_are_equal_within_the_rounding(wanted, current, same):
    assert drive.same_size(wanted, current) is same
    assert drive.KeyValueDrive.bytes(wanted) >= wanted * 1024 ** 3
