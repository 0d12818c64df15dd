# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's engine, under a provider of two operations and a job: control API, faults, TLS."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import pytest
import requests
import urllib3

from sandbox import server, tls
from sandbox.engine import Provider, Reply, World


class Refused(Exception):
    pass


class Shop(Provider):
    """POST / orders one thing for each name in the body; each is ready when its job ends. GET / lists them."""

    name = 'shop'
    operations = {'thing.list': False, 'thing.order': True}

    def reset(self):
        self.things = {}

    def handle(self, call):
        try:
            if call.path == '/broken':
                raise RuntimeError('a defect')
            if call.method == 'POST':
                answer = [self.perform(call, 'thing.order', True, lambda name=name: self.order(call, name))
                          for name in call.json()]
            else:
                answer = self.perform(call, 'thing.list', False, lambda: self.things)
        except Refused as exc:
            return Reply(403, json.dumps({'code': str(exc)}).encode())
        return Reply(200, json.dumps(answer).encode())

    def order(self, call, name):
        self.things[name] = 'ordered'
        fault = self.job_fault(call)
        if fault != 'job_hangs':
            outcome = 'failed' if fault else 'ready'
            self.world.later(self.world.job_seconds, lambda: self.things.update({name: outcome}))
        return name

    def refuse(self, fault):
        return Refused('BUSY' if fault['kind'] == 'throttle' else fault['code'])

    def state(self):
        return {'things': self.things}

    def seed(self, kind, count, options):
        if kind != 'things':
            raise ValueError('unknown kind: %s' % kind)
        self.things.update({'%s-%d' % (options.get('prefix', 'thing'), index): 'ready' for index in range(count)})
        return list(self.things)[-count:]


class Running:
    """The engine in a thread of its own."""

    def __init__(self, providers, certificate=None):
        self.session = requests.Session()
        self.session.trust_env = False
        opened = threading.Event()

        def ready(ports):
            self.ports = ports
            opened.set()

        async def serve():
            await server.run(providers[0].world, providers, '127.0.0.1', 0, certificate, ready)

        self.thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self.thread.start()
        assert opened.wait(10)

    def url(self, name, path='/', scheme='http'):
        return '%s://127.0.0.1:%d%s' % (scheme, self.ports[name], path)

    def control(self, method, path, **arguments):
        return self.session.request(method, self.url('control', path), timeout=5, **arguments)

    def fault(self, **spec):
        response = self.control('POST', '/faults', json=spec)
        assert response.status_code == 201, response.text

    def order(self, *names, timeout=5):
        return self.session.post(self.url('shop'), json=names, timeout=timeout)

    def list(self):
        return self.session.get(self.url('shop'), timeout=5)

    def things(self):
        return self.control('GET', '/state?provider=shop').json()['things']

    def log(self, query=''):
        return self.control('GET', '/requests' + query).json()

    def stop(self):
        assert self.control('POST', '/stop').status_code == 204
        self.thread.join(10)
        assert not self.thread.is_alive()


@pytest.fixture(scope='module')
def running():
    found = Running([Shop(World(job_seconds=60))])
    yield found
    found.stop()


@pytest.fixture
def shop(running):
    assert running.control('POST', '/reset').status_code == 204
    return running


# -- without faults ---------------------------------------------------------------------------------------------------
def test_a_request_is_answered_and_logged(shop):
    assert shop.order('a', 'b').json() == ['a', 'b']
    assert shop.list().json() == {'a': 'ordered', 'b': 'ordered'}
    orders, listing = shop.log()
    assert orders['provider'] == 'shop' and orders['method'] == 'POST' and orders['path'] == '/'
    assert orders['operation'] == 'thing.order' and orders['operations'] == ['thing.order', 'thing.order']
    assert orders['write'] is True and orders['status'] == 200 and orders['fault'] is None
    assert json.loads(orders['body']) == ['a', 'b']
    assert listing['operation'] == 'thing.list' and listing['write'] is False


def test_the_log_is_filtered_and_emptied(shop):
    shop.order('a')
    shop.list()
    assert [entry['method'] for entry in shop.log('?write=true')] == ['POST']
    assert [entry['method'] for entry in shop.log('?write=False')] == ['GET']
    assert [entry['method'] for entry in shop.log('?operation=thing.list')] == ['GET']
    assert [entry['method'] for entry in shop.log('?method=POST&provider=shop')] == ['POST']
    assert shop.log('?provider=other') == []
    assert shop.control('DELETE', '/requests').status_code == 204
    assert shop.log() == []


def test_jobs_end_with_time_and_advance_makes_it_pass(shop):
    shop.order('a')
    shop.control('POST', '/advance', json={'seconds': 59})
    assert shop.things() == {'a': 'ordered'}
    shop.control('POST', '/advance', json={'seconds': 2})
    assert shop.things() == {'a': 'ready'}


def test_a_job_ends_by_the_clock_too(shop):
    assert shop.control('POST', '/settings', json={'job_seconds': 0.1}).json()['job_seconds'] == 0.1
    shop.order('a')
    time.sleep(0.15)
    assert shop.list().json() == {'a': 'ready'}


def test_latency_delays_each_answer(shop):
    shop.control('POST', '/settings', json={'latency_ms': 200})
    started = time.monotonic()
    shop.list()
    assert time.monotonic() - started >= 0.2


def test_seed_makes_things(shop):
    response = shop.control('POST', '/seed', json={'provider': 'shop', 'things': 2, 'options': {'prefix': 'x'}})
    assert response.json() == {'things': ['x-0', 'x-1']}
    assert shop.things() == {'x-0': 'ready', 'x-1': 'ready'}


def test_operations_are_counted_also_those_never_served(shop):
    assert shop.control('GET', '/operations').json() == {'shop': {'thing.list': 0, 'thing.order': 0}}
    shop.order('a', 'b')
    assert shop.control('GET', '/operations').json() == {'shop': {'thing.list': 0, 'thing.order': 2}}


def test_reset_forgets_everything(shop):
    shop.order('a')
    shop.fault(kind='empty')
    shop.control('POST', '/advance', json={'seconds': 30})
    shop.control('POST', '/settings', json={'job_seconds': 1, 'latency_ms': 5})
    shop.control('POST', '/reset')
    assert shop.log() == [] and shop.things() == {} and shop.control('GET', '/faults').json() == []
    assert shop.control('GET', '/operations').json()['shop']['thing.order'] == 0
    assert shop.control('POST', '/settings', json={}).json() == {'job_seconds': 60, 'latency_ms': 0}
    assert abs(shop.control('POST', '/advance', json={'seconds': 0}).json()['now'] - time.time()) < 5
    # The job of what was forgotten must not bring it back.
    shop.control('POST', '/advance', json={'seconds': 90})
    assert shop.things() == {}


def test_a_defect_is_a_server_error_and_is_shown(shop, capfd):
    assert shop.session.get(shop.url('shop', '/broken'), timeout=1).status_code == 500
    assert 'a defect' in capfd.readouterr().err


@pytest.mark.parametrize(('method', 'path', 'body', 'message'), [
    ('GET', '/requests?provder=shop', None, 'unknown: provder'),
    ('GET', '/requests?write=1', None, 'write must be true or false'),
    ('GET', '/state?provider=nobody', None, 'provider must be one of: shop'),
    ('POST', '/seed', {'things': 1}, 'provider must be one of: shop'),
    ('POST', '/seed', {'provider': 'shop'}, 'name what to make'),
    ('POST', '/seed', {'provider': 'shop', 'people': 1}, 'unknown kind: people'),
    ('POST', '/seed', {'provider': 'shop', 'things': 'many'}, 'many'),
    ('POST', '/faults', {'kind': 'rain'}, 'kind must be one of'),
    ('POST', '/faults', {'kind': 'empty', 'opration': 'thing.list'}, 'unknown: opration'),
    ('POST', '/faults', {'kind': 'empty', 'provider': 'nobody'}, 'provider must be one of: shop'),
    ('POST', '/faults', {'kind': 'empty', 'operation': 'thing.lost'}, 'no such operation: thing.lost'),
    ('POST', '/faults', {'kind': 'empty', 'nth': 0}, 'nth must be a number from 1'),
    ('POST', '/faults', {'kind': 'status', 'status': '502'}, 'status must be a number'),
    ('POST', '/faults', {'kind': 'drop_before', 'effect': True}, 'effect goes with'),
    ('POST', '/advance', {'seconds': 'soon'}, 'a number is wanted'),
    ('POST', '/advance', {}, 'a number is wanted'),
    ('POST', '/settings', {'colour': 1}, 'unknown: colour'),
])
def test_control_refuses_what_it_does_not_know(shop, method, path, body, message):
    response = shop.control(method, path, json=body)
    assert response.status_code == 400
    assert message in response.json()['error']


def test_of_several_faults_all_are_taken_or_none(shop):
    response = shop.control('POST', '/faults', json=[{'kind': 'empty'}, {'kind': 'rain'}])
    assert response.status_code == 400
    assert shop.control('GET', '/faults').json() == []


# -- faults: what the client sees, and whether the order took effect -------------------------------------------------
@pytest.mark.parametrize(('kind', 'effect'), [('drop_before', False), ('drop_after', True)])
def test_drop(shop, kind, effect):
    shop.fault(kind=kind)
    with pytest.raises(requests.ConnectionError):
        shop.order('a')
    assert bool(shop.things()) is effect
    assert [(entry['status'], entry['fault']) for entry in shop.log()] == [(None, kind)]


@pytest.mark.parametrize(('kind', 'effect'), [('timeout_before', False), ('timeout_after', True)])
def test_timeout(shop, kind, effect):
    shop.fault(kind=kind)
    with pytest.raises(requests.ReadTimeout):
        shop.order('a', timeout=0.3)
    assert bool(shop.things()) is effect


@pytest.mark.parametrize('kind', ['timeout_before', 'timeout_after'])
def test_a_timeout_may_have_an_end(shop, kind):
    shop.fault(kind=kind, seconds=0.1)
    with pytest.raises(requests.ConnectionError) as caught:
        shop.order('a')
    assert not isinstance(caught.value, requests.Timeout)


@pytest.mark.parametrize('effect', [False, True])
def test_status_before_or_after_the_effect(shop, effect):
    shop.fault(kind='status', status=502, effect=effect, headers={'Retry-After': '7'})
    response = shop.order('a')
    assert response.status_code == 502 and response.headers['Retry-After'] == '7'
    assert response.headers['Content-Type'].startswith('text/html') and '<h1>502</h1>' in response.text
    assert bool(shop.things()) is effect
    assert shop.log()[0]['status'] == 502


def test_status_is_503_unless_told(shop):
    shop.fault(kind='status')
    assert shop.order('a').status_code == 503


def test_throttle_and_error_in_the_providers_own_form(shop):
    shop.fault(kind='throttle')
    shop.fault(kind='error', code='Quota')
    answers = [shop.order('a') for attempt in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert [answer.json()['code'] for answer in answers[:2]] == ['BUSY', 'Quota']


def test_html_instead_of_the_answer(shop):
    shop.fault(kind='html')
    response = shop.order('a')
    assert response.status_code == 200 and response.text.startswith('<html>')
    assert response.headers['Content-Type'].startswith('text/html')
    assert shop.things() == {'a': 'ordered'}


def test_empty(shop):
    shop.fault(kind='empty')
    response = shop.order('a')
    assert (response.status_code, response.content) == (200, b'')
    assert shop.things() == {'a': 'ordered'}


def test_body_of_the_testers_own(shop):
    shop.fault(kind='body', body='[1', status=202, content_type='application/json')
    response = shop.order('a')
    assert (response.status_code, response.text) == (202, '[1')
    assert response.headers['Content-Type'].startswith('application/json')


def test_truncate_sends_less_than_was_announced(shop):
    shop.control('POST', '/seed', json={'provider': 'shop', 'things': 10})
    shop.fault(kind='truncate', keep=20)
    response = shop.session.get(shop.url('shop'), timeout=1, stream=True)
    assert int(response.headers['Content-Length']) > 20
    assert len(response.raw.read(20)) == 20
    with pytest.raises(urllib3.exceptions.ProtocolError, match='IncompleteRead'):
        response.raw.read(1)


def test_slow_spreads_the_body_over_the_seconds(shop):
    shop.fault(kind='slow', seconds=0.8)
    started = time.monotonic()
    # The limit is one between bytes: each comes in time, all of them together don't.
    assert shop.order('a', 'b', 'c', timeout=0.5).json() == ['a', 'b', 'c']
    assert time.monotonic() - started >= 0.8


@pytest.mark.parametrize(('kind', 'outcome'), [('job_fails', 'failed'), ('job_hangs', 'ordered')])
def test_jobs_fail_or_never_end(shop, kind, outcome):
    shop.fault(kind=kind)
    assert shop.order('a').json() == ['a']
    shop.control('POST', '/advance', json={'seconds': 100000})
    assert shop.things() == {'a': outcome}


# -- faults: which request they meet ----------------------------------------------------------------------------------
def test_the_nth_and_how_often(shop):
    shop.fault(kind='status', nth=2, times=2)
    assert [shop.list().status_code for attempt in range(5)] == [200, 503, 503, 200, 200]
    assert [(fault['seen'], fault['fired']) for fault in shop.control('GET', '/faults').json()] == [(5, 2)]


def test_times_0_is_for_ever_until_dropped(shop):
    shop.fault(kind='status', times=0)
    assert [shop.list().status_code for attempt in range(3)] == [503] * 3
    assert shop.control('DELETE', '/faults').status_code == 204
    assert shop.list().status_code == 200


@pytest.mark.parametrize('where', [{'operation': 'thing.order'}, {'write': True}])
def test_only_where_it_was_asked_for(shop, where):
    shop.fault(kind='status', provider='shop', **where)
    assert shop.list().status_code == 200
    assert shop.order('a').status_code == 503


def test_in_a_batch_a_fault_meets_its_own_operation(shop):
    shop.fault(kind='job_fails', nth=2)
    shop.order('a', 'b', 'c')
    shop.control('POST', '/advance', json={'seconds': 61})
    assert shop.things() == {'a': 'ready', 'b': 'failed', 'c': 'ready'}


def test_in_a_batch_what_came_before_a_fault_stays(shop):
    shop.fault(kind='drop_before', nth=2)
    with pytest.raises(requests.ConnectionError):
        shop.order('a', 'b', 'c')
    assert shop.things() == {'a': 'ordered'}


def test_a_fault_on_the_reply_outlasts_the_rest_of_the_batch(shop):
    shop.fault(kind='empty')
    shop.fault(kind='job_hangs', nth=2)
    assert shop.order('a', 'b').content == b''
    assert [entry['fault'] for entry in shop.log()] == ['empty']


# -- TLS --------------------------------------------------------------------------------------------------------------
def test_tls_is_trusted_by_its_ca_alone(tmp_path):
    ca_file = str(tmp_path / 'ca.pem')
    found = Running([Shop(World())], tls.make(['127.0.0.1', 'localhost', 'api.example.com'], ca_file))
    try:
        url = found.url('shop', scheme='https')
        assert found.session.get(url, verify=ca_file, timeout=2).json() == {}
        assert found.session.get(url.replace('127.0.0.1', 'localhost'), verify=ca_file, timeout=2).json() == {}
        with pytest.raises(requests.exceptions.SSLError):
            found.session.get(url, timeout=2)
        assert found.control('GET', '/').json()['providers'] == ['shop']
    finally:
        found.stop()
