# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which snapshots are too old, and how what the API shows of one is read."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT, doomed, moment

NOW = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.timezone.utc)


def item(text, days=None):
    return {'id': text, 'text': text, 'when': None if days is None else NOW - datetime.timedelta(days=days)}


def gone(items, pattern='web*', keep=None, days=None, **more):
    options = {'pattern': pattern, 'keep': keep, 'max_age_days': days}
    return [each['id'] for each in doomed(items, options, NOW, **more)]


WEB = [item('web%d' % days, days) for days in (3, 1, 2, 10)]


@pytest.mark.parametrize('limits, expected', [
    ({}, []), ({'keep': 2}, ['web10', 'web3']), ({'keep': 2, 'newer': 1}, ['web10', 'web3', 'web2']),
    ({'keep': 9}, []), ({'days': 2}, ['web10', 'web3']), ({'days': 2, 'keep': 3}, ['web10']),
    ({'days': 5, 'keep': 1}, ['web10']), ({'keep': 2, 'spare': 'web10'}, ['web3']),
    ({'keep': 1, 'newer': 1}, ['web10', 'web3', 'web2', 'web1'])])
def test_what_goes(limits, expected):
    assert gone([*WEB, item('db99', 99)], **limits) == expected


@pytest.mark.parametrize('limits', [{'days': 2}, {'keep': 1}, {'keep': 2, 'newer': 1}, {'keep': 3, 'days': 1}])
def test_one_of_unknown_age_is_neither_deleted_nor_counted(limits):
    notes = []
    assert gone([item('web'), *WEB, item('weba')], notes=notes, **limits) == gone(WEB, **limits)
    assert len(notes) == 1 and notes[0].endswith(': web, weba')
    gone([item('db'), *WEB], notes=notes, **limits)
    assert len(notes) == 1


def test_a_pattern_is_compared_with_its_case():
    assert gone([item('Web1', 9)], days=1) == [] == gone([item('web1', 9)], pattern='Web*', days=1)


@given(st.lists(st.tuples(st.text('wx', max_size=3), st.one_of(st.none(), st.integers(0, 40)))),
       st.one_of(st.none(), st.integers(1, 5)), st.one_of(st.none(), st.integers(1, 30)))
def test_nothing_out_of_the_pattern_goes_and_a_repeat_finds_nothing(things, keep, days):
    items = [dict(item(text, age), id=number) for number, (text, age) in enumerate(things)]
    first = gone(items, 'w*', keep, days)
    assert all(items[number]['text'].startswith('w') for number in first)
    left = [each for each in items if each['id'] not in first]
    assert gone(left, 'w*', keep, days) == []
    assert not any(items[number]['when'] is None for number in first)
    if keep is not None:
        def known(some):
            return sum(each['text'].startswith('w') and each['when'] is not None for each in some)
        assert known(left) >= min(keep, known(items))


@pytest.mark.parametrize('text', [
    '2026-06-30', '2026-06-30 00:00:00', '20260630T00:00:00', '20260630T000000Z', '2026-06-30T00:00:00',
    '2026-06-30T00:00:00Z', '2026-06-30T00:00:00.123456', '2026-06-30 00:00:00,5', '2026-06-30 00:00:00+00:00',
    '2026-06-30T02:00:00+02:00', '2026-06-29T20:30:00-0330', '2026-06-29 23:00:00.000 -01'])
def test_every_form_of_a_time_is_read(text):
    assert moment(text) == datetime.datetime(2026, 6, 30, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize('text', [
    None, True, '', 'yesterday', '2026-06-31', '2026-13-01 00:00:00', '2026-06-30T25:00:00', '20260630', '1782777600',
    1782777600.5, '30.06.2026', '06/30/2026', '0001-01-01T00:00:00+02:00', '2026-06-30T00:00:00 UTC'])
def test_what_is_no_time_is_none(text):
    assert moment(text) is None


def test_a_backup_as_it_is_read():
    crossing = SNAPSHOT.crossing('upcloud')
    state = crossing.project({'uuid': 'u', 'title': 't', 'state': 'maintenance', 'size': '20', 'origin': 'o',
                              'created': '2026-06-30T00:00:00Z', 'labels': [{'key': 'indie-snapshot', 'value': 'yes'}]})
    assert (state['state'], state['size_gb'], state['drive']) == ('creating', 20, 'o')
    assert state['provider_options'] == {'managed': True, 'encrypted': None}
    assert crossing.project({'uuid': 'u', 'state': 'hidden'})['state'] == 'unknown'
    assert not crossing.project({'uuid': 'u'})['provider_options']['managed']


def test_a_snapshot_as_it_is_read():
    state = SNAPSHOT.crossing('memset').project({'snapshot_path': 'a b/ü.raw.gz', 'last_modified': '2026-06-30'})
    assert (state['id'], state['created'], state['image_type']) == ('a b/ü.raw.gz', '2026-06-30', None)
