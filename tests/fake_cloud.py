# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider in memory, for tests of the runner alone: things with a name, a size that needs a stop, and labels."""

from __future__ import annotations

from ansible_collections.indie.cloud.plugins.module_utils.client import Client
from ansible_collections.indie.cloud.plugins.module_utils.errors import ApiError, NotFound
from ansible_collections.indie.cloud.plugins.module_utils.fields import Field
from ansible_collections.indie.cloud.plugins.module_utils.operation import READ, WRITE, Operation, table
from ansible_collections.indie.cloud.plugins.module_utils.resource import Resource
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER, ServerCrossing
from ansible_collections.indie.cloud.plugins.module_utils.steps import Lookup, Ref, Step, Wait


class FakeClock:
    """Time that passes only in naps."""

    def __init__(self):
        self.time = 0.0
        self.naps = []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.time += seconds

    def jitter(self):
        return 0.0


class FakeClient(Client):
    """Answers from a dict instead of the wire; `script` holds exceptions to raise, by operation."""

    provider = 'upcloud'
    secret_keys = frozenset(['password'])
    operations = table(
        Operation('list', READ), Operation('get', READ, 'id!'),
        Operation('create', WRITE, 'name! size:int labels:dict password'),
        Operation('set', WRITE, 'id! size:int labels:dict name', repeat=True),
        Operation('start', WRITE, 'id!'), Operation('stop', WRITE, 'id!'), Operation('delete', WRITE, 'id!'))
    things = {}
    script = {}
    log = []

    def send(self, operation, values, query=None):
        operation = self.operation(operation) if isinstance(operation, str) else operation
        operation.check(values, self.provider)
        self.log.append(operation.name)
        self.session.calls += 1
        planned = self.script.get(operation.name) or []
        before = planned.pop(0) if planned else None
        if isinstance(before, ApiError) and before.kind != 'outcome_unknown':
            raise before
        answer = getattr(self, '_' + operation.name)(**values)
        if before is not None:
            raise before
        self.met.update(item['password'] for item in self.things.values() if item.get('password'))
        return answer

    def _list(self):
        return [dict(item) for item in self.things.values()]

    def _get(self, id):
        if id not in self.things:
            raise NotFound('no %s' % id, provider=self.provider)
        thing = self.things[id]
        if thing.get('next'):
            thing['state'] = thing.pop('next')
        return dict(thing)

    def _create(self, **values):
        ident = 'id-%d' % (len(self.things) + 1)
        self.things[ident] = dict({'id': ident, 'state': 'starting', 'next': 'running', 'labels': {}}, **values)
        return dict(self.things[ident])

    def _set(self, id, **values):
        self.things[id].update({key: value for key, value in values.items() if value is not None})
        return dict(self.things[id])

    def _start(self, id):
        self.things[id]['state'] = 'running'

    def _stop(self, id):
        self.things[id].update(state='stopping', next='stopped')

    def _delete(self, id):
        del self.things[id]


class FakeServer(ServerCrossing):
    provider = 'upcloud'
    client = FakeClient
    honours = {'name': {}, 'memory_mb': {'update': 'stop', 'minimum': 4}, 'labels': {}, 'allow_stop': {}, 'start': {},
               'force_stop': {}, 'stop_timeout': {}, 'purge_labels': {}, 'vnc_password': {}, 'return_secrets': {}}
    own = {'title': Field(update='no', readable=False)}
    refuses = {'cpu_mhz': 'use cpu_cores', 'reimaged': 'it has none'}

    def all(self, work, filters=None):
        return work.client.call('list')

    def one(self, work, ident):
        return work.client.find('get', id=ident)

    def project(self, raw):
        return {'id': raw['id'], 'name': raw['name'], 'memory_mb': raw.get('size'), 'labels': raw['labels'],
                'state': raw['state'], 'provider_state': raw['state']}

    def hidden(self, raw):
        return {'vnc_password': raw.get('password')}

    def settling(self, raw, state):
        return self._until(raw['id'], 'running') if raw['state'] == 'starting' else None

    @staticmethod
    def _until(ident, state):
        return Wait('get', {'id': ident}, done={'state': [state]}, failed={'state': ['error']}, subject='the server')

    def create(self, change):
        return [Step('create', {'name': change.new('name'), 'size': change.new('memory_mb'),
                                'labels': change.new('labels') or {}, 'password': change.new('vnc_password')},
                     'make it', id='create', wait=self._until(Ref('create', ('id',)), 'running'),
                     lookup=Lookup('list', {'name': change.new('name')}, key='id'))]

    def made(self, answers):
        return answers['create']['id'] if 'create' in answers else None

    def update(self, change):
        values = {'size': change.new('memory_mb'), 'labels': change.new('labels'), 'name': change.new('name')}
        step = Step('set', dict(values, id=change.id), 'change it', id='set')
        if 'memory_mb' in change.fields:
            return self.while_stopped(change, [step], 'changing memory_mb')
        return [step]

    def stop(self, change):
        return [Step('stop', {'id': change.id}, 'stop it', id='stop', wait=self._until(change.id, 'stopped'))]

    def turn_on(self, change, always_after=''):
        return [Step('start', {'id': change.id}, 'start it', id='start', always_after=always_after)]

    def delete(self, change):
        return [Step('delete', {'id': change.id}, 'delete it', destructive=True)]


FAKE = Resource(**dict({name: getattr(SERVER, name) for name in SERVER.__dataclass_fields__},
                       crossings={'upcloud': lambda: FakeServer}))

OPTIONS = {'provider': 'upcloud', 'upcloud_username': 'user', 'upcloud_password': 'canary-pass', 'state': 'present',
           'wait': True, 'wait_timeout': 60, 'start': True, 'allow_stop': False, 'force_stop': False,
           'stop_timeout': 60, 'purge_labels': False, 'return_secrets': False}
