# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.handles import pack, unpack
from ansible_collections.indie.cloud.plugins.module_utils.steps import NULL, Lookup, Ref, Step, Wait


def test_a_step_survives_a_handle():
    step = Step('create', {'name': 'a', 'drive': Ref('drive', ('uuid',)), 'later': Ref('job.wait', ('service',))},
                'make it', id='create', lookup=Lookup('list', {'name': 'a'}, known=('x',)),
                wait=Wait('get', {'id': Ref('create', ('id',))}, done={'state': ['on']}))
    packed = json.loads(json.dumps(pack(step, {'drive': {'uuid': 'd1'}})))
    back = unpack(packed)
    assert back.parameters == {'name': 'a', 'drive': 'd1', 'later': Ref('job.wait', ('service',))}
    assert back.wait.parameters == {'id': Ref('create', ('id',))}
    assert back.wait.done == {'state': ['on']} and back.lookup.match == {'name': 'a'}


def test_a_secret_step_leaves_no_secret_in_a_handle():
    packed = pack(Step('create', {'password': 'canary'}, 'make it', secret=True), {})
    assert packed == {'operation': 'create', 'summary': 'make it', 'rerun': True}


def test_a_null_survives_in_a_handle():
    packed = json.loads(json.dumps(pack(Step('detach', {'mac': NULL}, 'detach it'), {})))
    assert unpack(packed).parameters == {'mac': NULL}


@pytest.mark.parametrize('data', [None, 'x', {}, {'operation': 1}, {'operation': 'a', 'shell': 'rm'},
                                  {'operation': 'a', 'wait': {'nope': 1}}])
def test_what_is_no_step_is_refused(data):
    with pytest.raises(ValueError):
        unpack(data)


def test_a_step_that_may_be_left_out_travels_in_a_handle():
    step = Step('start', {'id': 'x'}, unless=(Ref('create.wait', ('state',)), ('on',)))
    back = unpack(json.loads(json.dumps(pack(step, {}))))
    assert list(back.unless) == [Ref('create.wait', ('state',)), ['on']]


def test_what_to_do_after_a_refusal_travels_in_a_handle():
    step = Step('set', {'size': 2}, 'change it', id='set', otherwise=(Step('cut'),), fallback=(('hot', 'busy'), (
        Step('stop', wait=Wait('get', done={'state': ['off']})), Step('set', {'size': Ref('read', ('n',))}))))
    back = unpack(json.loads(json.dumps(pack(step, {'read': {'n': 3}}))))
    codes, (stop, again) = back.fallback
    assert codes == ('hot', 'busy') and stop.wait == step.fallback[1][0].wait and again.parameters == {'size': 3}
    assert [each.operation for each in back.otherwise] == ['cut']


@pytest.mark.parametrize('parts', [
    {'fallback': (('hot',), (Step('set', {'password': 'canary'}, secret=True),))},
    {'otherwise': (Step('set', {'password': 'canary'}, secret=True),)},
])
def test_a_secret_in_what_is_done_instead_is_left_out_of_a_handle(parts):
    assert pack(Step('set', {}, 'change it', **parts), {}) == {
        'operation': 'set', 'summary': 'change it', 'rerun': True}
