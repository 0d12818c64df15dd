# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""UpCloud replaces the labels of a thing as a whole: where an answer does not tell them all, none are written."""

from __future__ import annotations

import json

import pytest
from runs import Runs

from ansible_collections.indie.cloud.plugins.module_utils import runner
from ansible_collections.indie.cloud.plugins.module_utils.jobs import RESOURCES
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP

MANY = {**RESOURCES, 'server_group': SERVER_GROUP}
# What is seeded, and how the answers are wrapped that the task reads it from: a list, details.
THINGS = {
    'vlan': ('networks', {'GET /network/{uuid}': '{"network": %s}'}),
    'server_group': ('groups', {'GET /server-group': '{"server_groups": {"server_group": [%s]}}'}),
    'drive': ('storages', {'GET /storage/{uuid}': '{"storage": %s}'}),
    'snapshot': ('backups', {'GET /storage/backup': '{"storages": {"storage": [%s]}}'}),
    'server': ('servers', {'GET /server/{uuid}': '{"server": %s}'}),
}
# By whether the labels stand in an object of their own.
WRAPPED = ('server_group', 'server')
ODD = [None, 7, '', [], {}, {'key': '', 'value': 'me'}, {'key': 7, 'value': 'me'}, {'key': 'owner'},
       {'key': 'owner', 'value': None}, {'value': 'me'}]


def block(resource, entries):
    return {'label': entries} if resource in WRAPPED else entries


def odd_labels(resource):
    """What may stand where the labels belong, each of which tells less than there is."""
    return [None, *(block(resource, [odd, {'key': 'other', 'value': '1'}]) for odd in ODD),
            *([{}, {'label': None}] if resource in WRAPPED else [])]


class Thing(Runs):
    """One that is there, with the label owner: its id, and how a task names it."""

    def __init__(self, sandbox, folder, resource):
        super().__init__(sandbox, folder, MANY[resource], 'upcloud')
        sandbox.reset()
        kind, self.answers = THINGS[resource]
        self.ident, = self.seed(kind, name='mine', labels={'owner': 'me'})
        self.wanted = {'name': 'mine', 'labels': {'more': 'x'}}
        if resource == 'snapshot':
            self.wanted = {'name': 'mine', 'drive': self.storages()[self.ident]['origin']}

    def storages(self):
        return self.state()['storages']

    def raw(self):
        return self.listed(id=self.ident)[0]['raw']

    def answer(self, operation, raw):
        self.fault('body', operation, body=self.answers[operation] % json.dumps(raw), times=9)


def spoilt(raw, labels):
    """The thing with that instead of its labels, or without any."""
    found = {key: value for key, value in raw.items() if key != 'labels'}
    return found if labels == 'none' else dict(found, labels=labels)


@pytest.mark.parametrize('resource, labels', [
    (resource, labels) for resource in THINGS for labels in ['none', *odd_labels(resource)]])
def test_labels_that_are_not_told_are_not_replaced(sandbox, tmp_path, resource, labels):
    cloud = Thing(sandbox, tmp_path, resource)
    raw = cloud.raw()
    for operation in cloud.answers:
        for more in ({}, {'purge_labels': True}) if resource != 'snapshot' else ({},):
            for check in (True, False):
                cloud.answer(operation, spoilt(raw, labels))
                assert cloud.run(check, **cloud.wanted, **more)['error']['kind'] == 'malformed'
                assert cloud.writes() == []
                sandbox.drop_faults()
    assert cloud.changes(**cloud.wanted)[resource]['labels']['owner'] == 'me'


@pytest.mark.parametrize('resource', [name for name in THINGS if name not in ('server', 'snapshot')])
def test_what_has_nothing_to_do_with_labels_that_are_not_told_is_done(sandbox, tmp_path, resource):
    cloud = Thing(sandbox, tmp_path, resource)
    raw = cloud.raw()
    for operation in cloud.answers:
        cloud.answer(operation, spoilt(raw, None))
        assert cloud.unchanged(name='mine')[resource]['labels'] is None
        assert cloud.fine(name='mine', state='absent')['changed']


def test_an_odd_label_of_one_server_leaves_the_others_to_the_inventory(sandbox, tmp_path):
    cloud = Thing(sandbox, tmp_path, 'server')
    other, = cloud.seed('servers', name='other', labels={'owner': 'you'})
    raws = [server['raw'] for server in cloud.listed()]
    for labels in odd_labels('server'):
        told = []
        body = {'servers': {'server': [spoilt(raw, labels) if raw['uuid'] == cloud.ident else raw for raw in raws]}}
        cloud.fault('body', 'GET /server', body=json.dumps(body))
        crossing = MANY['server'].crossing('upcloud')
        work = runner.open_work(crossing.client, 'upcloud', cloud.parameters(), cloud.context(), 20)
        found = {server['id']: server['labels'] for server in runner.gather(work, crossing, {}, odd=told.append)}
        assert found.pop(other) == {'owner': 'you'}
        assert found == {cloud.ident: {}} and not told or not found and 'labels' in told[0]


def test_a_drive_whose_labels_are_not_told_may_be_the_one_that_was_made_for_the_server(sandbox, tmp_path):
    cloud = Thing(sandbox, tmp_path, 'server')
    wanted = {'name': 'mine', 'drives': [{'name': 'data', 'size_gb': 10}]}
    cloud.fault('error', 'POST /server/{uuid}/storage/attach', code='SERVER_STATE_ILLEGAL', status=409)
    cloud.fails('conflict', **wanted)
    made, = (raw for raw in cloud.storages().values() if raw['title'] == 'data')
    shown = {key: made[key] for key in ('uuid', 'title', 'type', 'state', 'size', 'zone', 'access', 'tier')}
    for labels in (None, [7]):
        for check in (True, False):
            cloud.fault('body', 'GET /storage/private', times=9,
                        body=json.dumps({'storages': {'storage': [dict(shown, labels=labels)]}}))
            assert cloud.run(check, **wanted)['error']['kind'] == 'malformed' and cloud.writes() == []
            sandbox.drop_faults()
    cloud.fine(**wanted)
    assert cloud.writes() == ['POST /server/{uuid}/storage/attach']
