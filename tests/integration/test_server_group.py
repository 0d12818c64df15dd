# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server groups against the sandbox: UpCloud's with members and policy, CloudSigma's that show no members."""

from __future__ import annotations

import pytest
import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP


@pytest.fixture
def upcloud(sandbox, tmp_path):
    sandbox.reset()
    return runs.Runs(sandbox, tmp_path / 'state', SERVER_GROUP, 'upcloud')


@pytest.fixture
def cloudsigma(sandbox, tmp_path):
    sandbox.reset()
    return runs.Runs(sandbox, tmp_path / 'state', SERVER_GROUP, 'cloudsigma')


def test_a_group_of_upcloud_from_its_making_to_its_end(upcloud):
    one, two = (upcloud.seed('servers', name=name)[0] for name in ('one', 'two'))
    wanted = {'name': 'web', 'servers': ['one'], 'anti_affinity': 'preferred', 'labels': {'env': 'test'}}
    group = upcloud.changes(**wanted)['server_group']
    assert upcloud.writes() == ['POST /server-group'] and group['servers'] == [one]
    assert group['anti_affinity_met'] == {one: True}
    upcloud.unchanged(**wanted)
    assert upcloud.changes(name='web', servers=['two'])['server_group']['servers'] == sorted([one, two])
    assert upcloud.writes() == ['PATCH /server-group/{uuid}']
    upcloud.unchanged(name='web', servers=[two, 'one'])
    upcloud.unchanged(name='web', servers=['one'])
    upcloud.changes(name='web', servers=['two'], prune=True)
    upcloud.changes(name='web', remove_servers=['two'])
    upcloud.unchanged(name='web', remove_servers=['two'])
    upcloud.changes(id=group['id'], name='web2', anti_affinity='none', labels={'more': 'x'})
    assert upcloud.listed(name='web2')[0]['labels'] == {'env': 'test', 'more': 'x'}
    upcloud.changes(name='web2', labels={'more': 'x'}, purge_labels=True)
    upcloud.changes(name='web2', state='absent')
    upcloud.unchanged(name='web2', state='absent')
    assert len(upcloud.state()['servers']) == 2


@pytest.mark.parametrize('labels, word', [
    ({'_team': 'a'}, '_team'), ({'k' * 40: 'v'}, 'kkk'), ({'k\u00e9y': 'v'}, 'k\u00e9y'), ({'ok': 'v' * 256}, '255'),
    ({'ok': True}, 'quote')])
def test_labels_that_upcloud_does_not_take_are_refused_before_any_request(upcloud, labels, word):
    upcloud.refused(word, name='web', labels=labels)


def test_groups_of_upcloud_that_will_not_do(upcloud):
    upcloud.refused('start each server', name='web', state='running')
    upcloud.refused('description', name='web', description='x')
    upcloud.refused('servers and remove_servers', name='web', servers=['a'], remove_servers=['a'])
    upcloud.refused('255', name='x' * 256)
    assert "no server 'nobody'" in upcloud.fails('not_found', name='web', servers=['nobody'])['msg']
    upcloud.seed('servers', name='one')
    web = upcloud.fine(name='web', servers=['one'])['server_group']['id']
    nobody = '00000000-0000-4000-8000-00000000ffff'
    for check in (True, False):
        assert 'one is in the server group ' + web in upcloud.fails(
            'precondition', check, name='other', servers=['one'])['msg']
        assert 'no server ' + nobody in upcloud.fails('precondition', check, name='web', servers=[nobody])['msg']
        assert upcloud.writes() == []
    upcloud.fault('error', 'POST /server-group', code='ALREADY_IN_SERVER_GROUP', status=409)
    upcloud.fails('conflict', name='other')
    first, second = (upcloud.seed('server_groups', name='two')[0] for _number in range(2))
    told = upcloud.fails('ambiguous', name='two')['msg']
    assert first in told and second in told


def test_the_policy_of_a_group_of_upcloud(upcloud):
    idents = sorted(upcloud.seed('servers', 2, names=['one', 'two']))
    wanted = {'name': 'web', 'servers': ['one', 'two'], 'anti_affinity': 'preferred'}
    for policy in ('preferred', 'strict', 'none'):
        group = upcloud.changes(**dict(wanted, anti_affinity=policy))['server_group']
        assert group['anti_affinity'] == policy and group['servers'] == idents
        upcloud.unchanged(**dict(wanted, anti_affinity=policy))
    upcloud.fault('error', 'PATCH /server-group/{uuid}', code='STRICT_ANTI_AFFINITY_NOT_MET', status=409)
    assert 'STRICT_ANTI_AFFINITY_NOT_MET' in upcloud.fails('conflict', name='web', anti_affinity='strict')['msg']
    assert upcloud.listed(name='web')[0]['anti_affinity'] == 'none'


def test_the_members_of_a_group_of_upcloud_are_a_set(upcloud):
    one, two, three = upcloud.seed('servers', 3, names=['one', 'two', 'three'])
    upcloud.changes(name='web', servers=['two', one])
    upcloud.unchanged(name='web', servers=[one, 'two', 'one'], prune=True)
    swapped = upcloud.changes(name='web', servers=['three', 'two'], prune=True)['server_group']
    assert upcloud.writes() == ['PATCH /server-group/{uuid}'] and swapped['servers'] == sorted([two, three])
    assert upcloud.changes(name='web', servers=[one], remove_servers=['two'])['server_group']['servers'] \
        == sorted([one, three])
    # Nothing is said of members, so none are touched.
    upcloud.changes(name='web', anti_affinity='preferred')
    assert upcloud.changes(name='web', servers=[], prune=True)['server_group']['servers'] == []
    upcloud.unchanged(name='web', servers=[], prune=True)
    upcloud.fault('drop_after', 'PATCH /server-group/{uuid}')
    upcloud.fine(name='web', servers=['one'])
    upcloud.unchanged(name='web', servers=['one'])
    upcloud.refused('prune needs servers', name='web', prune=True)


def test_a_group_whose_making_lost_its_answer_is_found(upcloud):
    upcloud.fault('drop_after', 'POST /server-group')
    assert upcloud.fine(name='{{ hostile }}')['changed']
    upcloud.unchanged(name='{{ hostile }}')


@pytest.mark.parametrize('provider', ['upcloud', 'cloudsigma'])
def test_a_server_that_is_named_on_both_sides_by_different_names_is_refused(request, provider):
    cloud = request.getfixturevalue(provider)
    ident, = cloud.seed('servers', name='one')
    cloud.fine(name='web', servers=['one'])
    for sides in ({'servers': ['one'], 'remove_servers': [ident]}, {'servers': [ident], 'remove_servers': ['one']}):
        for check in (True, False):
            assert ident in cloud.fails('precondition', check, name='web', **sides)['msg'] and cloud.writes() == []
    assert "remove_servers: there is no server 'nobody'" in cloud.fails(
        'not_found', name='web', remove_servers=['nobody'])['msg']


def members(cloud, ident):
    found = cloud.state()
    groups = found.get('groups') or found.get('servergroups')
    return groups[ident]['members']


def test_a_group_of_cloudsigma_shows_no_members(cloudsigma):
    one, two = (cloudsigma.seed('servers', name=name)[0] for name in ('one', 'two'))
    wanted = {'name': 'web', 'description': 'of the web'}
    group = cloudsigma.changes(**wanted)['server_group']
    assert group['servers'] is None
    cloudsigma.unchanged(**wanted)
    # Nobody can tell who is in, so this is written each time; once more is harmless.
    for _time in range(2):
        cloudsigma.changes(name='web', servers=['one', two])
        assert cloudsigma.writes() == ['POST /servergroups/{uuid}/add']
        assert sorted(members(cloudsigma, group['id'])) == sorted([one, two])
    cloudsigma.changes(name='web', remove_servers=['one'])
    assert members(cloudsigma, group['id']) == [two]
    cloudsigma.changes(id=group['id'], name='rear', description='')
    cloudsigma.unchanged(name='rear', description='')
    cloudsigma.refused('force_stop', name='rear', state='stopped')
    cloudsigma.changes(name='rear', state='stopped', force_stop=True)
    assert cloudsigma.writes() == ['GET /servergroups/{uuid}/stop']
    cloudsigma.changes(name='rear', state='running')
    cloudsigma.seed('servers', name='fleeting', persistent=False)
    assert 'fleeting' in cloudsigma.fails('precondition', name='rear', state='stopped', force_stop=True)['msg']
    assert cloudsigma.writes() == []
    cloudsigma.changes(name='rear', state='stopped', force_stop=True, allow_destroy_on_stop=True)
    cloudsigma.changes(name='rear', state='absent')
    cloudsigma.unchanged(name='rear', state='absent')


def test_groups_of_cloudsigma_that_will_not_do(cloudsigma):
    cloudsigma.refused('remove_servers', name='web', servers=['a'], prune=True)
    cloudsigma.refused('policy', name='web', anti_affinity='strict')
    for name in ('a\nb', 'web\\new', ' web', 'R&amp;D'):
        cloudsigma.refused('name', name=name)
        cloudsigma.refused('description', name='web', description=name)
    assert "no server 'nobody'" in cloudsigma.fails('not_found', name='web', servers=['nobody'])['msg']
    assert 'needs the server_group to be there' in cloudsigma.fails('not_found', name='web', state='running')['msg']
    assert cloudsigma.writes() == []


def test_a_group_of_cloudsigma_whose_text_is_shown_with_entities_is_found(cloudsigma):
    group, = cloudsigma.seed('servergroups', name='bob&#39;s', description='R&amp;D')
    server, = cloudsigma.seed('servers', name='bob&#39;s')
    cloudsigma.unchanged(name="bob's", description='R&D')
    assert cloudsigma.changes(name="bob's", servers=["bob's"])['server_group']['id'] == group
    assert members(cloudsigma, group) == [server]


def test_a_list_of_groups_whose_body_was_lost_is_asked_for_again(cloudsigma):
    cloudsigma.changes(name='web')
    cloudsigma.fault('empty', 'GET /servergroups/list')
    assert 'GET /servergroups/list is not' in cloudsigma.fails('malformed', name='web')['msg']
    assert cloudsigma.writes() == []
    cloudsigma.seed('servers', persistent='')
    cloudsigma.fault('empty', 'GET /servers/info')
    cloudsigma.fails('malformed', name='web', state='stopped', force_stop=True)
    assert cloudsigma.writes() == []
