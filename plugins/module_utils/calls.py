# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module api: any operation of a provider's table, as one task."""

from __future__ import annotations

import dataclasses

from . import connection, spec
from .apply import wait_all
from .errors import ApiError, BadInput, Malformed, OutcomeUnknown, Unavailable
from .journal import contents_of
from .operation import READ, WRITE
from .paths import by_path
from .runner import Task, guarded, open_work
from .steps import NULL


def _memset():
    from .providers.memset.client import MemsetClient
    return MemsetClient


def _upcloud():
    from .providers.upcloud.client import UpCloudClient
    return UpCloudClient


def _cloudsigma():
    from .providers.cloudsigma.client import CloudSigmaClient
    return CloudSigmaClient


def _elastichosts():
    from .providers.elastichosts.client import ElasticHostsClient
    return ElasticHostsClient


# The type of a handle that is of no resource.
CALL = 'api'

# This module sends its operation each time; only the module job goes on with what was begun.
ONWARD = ('to go on waiting, give the module indie.cloud.job the handle that the task returned (the key job of its '
          'result); do not run that task again, since it would send %s once more')

CLIENTS = {'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts}


@guarded
def run_api(result, works, options, context):
    """Check the parameters, send, wait for what it starts; reads never change, writes are not sent in check mode."""
    result.update(answer=None, job=None, jobs=[], operation=options['operation'])
    provider = options['provider']
    client_class = CLIENTS[provider]()
    operation, values = _operation(client_class, options)
    if client_class.nulls:
        values = _with_nulls(operation, values)
    result['operation'] = operation.name
    if options['wait_timeout'] <= 0:
        raise BadInput('wait_timeout must be above 0, not %s' % options['wait_timeout'], provider=provider)
    operation.check(values, provider)
    work = open_work(client_class, provider, options, context, options['wait_timeout'], operation.elsewhere)
    works.append(work)
    reads = operation.reads(values)
    if context.check_mode and not reads:
        result['changed'] = True
        return
    if operation.fills:
        # A transfer that was interrupted has nothing left to go on with.
        work.journal.clear(contents_of(values[operation.fills]))
    # Set before it is sent: a write whose answer is lost may have changed something.
    result['changed'] = not reads
    try:
        answer = work.client.send(operation, values, options['query'])
    except ApiError as exc:
        # A refusal had no effect; of all else that cannot be told.
        result['changed'] = not reads and isinstance(exc, (Malformed, OutcomeUnknown, Unavailable))
        raise
    result['changed'] = not reads and not (operation.starts == 'maybe_job' and not work.client.started(answer))
    if isinstance(answer, bytes):
        # A result is JSON, which has no bytes.
        answer = work.client.shown(answer)
    if options['return_secrets']:
        result['secrets'] = {'answer': answer}
    result['answer'] = work.client.shown(answer)
    waits = [dataclasses.replace(wait, onward=ONWARD % operation.name)
             for wait in work.client.job_waits(operation, values, answer)]
    result['jobs'] = [handle(provider, operation, wait, answer) for wait in waits]
    result['job'] = result['jobs'][0] if waits else None
    if options['wait'] and waits:
        _wait(result, work, waits)


def _operation(client_class, options):
    """(operation, its parameters), from its name or from method and path."""
    client, values = client_class(None, None), dict(options['parameters'] or {})
    lacking = [name for name in ('method', 'path') if options[name] is None]
    if (options['operation'] is None) != (not lacking):
        raise BadInput('one of operation, or method and path together, is needed', provider=client.provider)
    if not lacking:
        return by_path(client, options['method'], options['path'], values, options['kind'])
    if len(lacking) == 1 or options['kind'] is not None:
        raise BadInput('%s goes with method and path, not with operation' % (
            'kind' if len(lacking) == 2 else 'path' if lacking == ['method'] else 'method'), provider=client.provider)
    return client.operation(options['operation']), values


def _with_nulls(operation, values):
    """The values, where a null that goes to a body is sent; one that must be given stays a missing one."""
    needed = {name for name, (_type, required) in operation.parameters.items() if required}
    if operation.kind == READ or operation.method == 'GET':
        return values
    return {name: NULL if value is None and name not in (*needed, *operation.query) else value
            for name, value in values.items()}


def handle(provider, operation, wait, answer):
    """What the modules job and job_info take, and how it is now."""
    ident = wait.job if wait.job is not None else wait.parameters.get('uuid')
    return {'provider': provider, 'kind': 'job' if wait.job is not None else 'state', 'id': ident,
            'resource': {'type': CALL, 'id': ident, 'name': operation.name, 'wait': wait.packed(), 'step': ''},
            'remaining': [], 'status': wait.status(answer if isinstance(answer, dict) else {}), 'answer': None}


def _wait(result, work, waits):
    """Wait for all that was started; the first that failed is raised when all are over."""
    ended = wait_all(work, dict(enumerate(waits)))
    for number, (answer, error) in ended.items():
        told = {} if answer is None and error is not None else {
            'status': waits[number].status(answer), 'answer': work.client.shown(answer)}
        result['jobs'][number].update(told)
    for _answer, error in ended.values():
        if error is not None:
            raise error


def api_spec(provider=None):
    """The argument spec of the module api."""
    return {
        'provider': {'type': 'str', 'choices': list(connection.PROVIDERS), 'required': True},
        **connection.argument_spec(), **spec.WAIT, **spec.STATE_DIR,
        **{name: {'type': 'str'} for name in connection.ELSEWHERE},
        'operation': {'type': 'str'},
        'method': {'type': 'str', 'choices': ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']},
        'path': {'type': 'str'},
        'kind': {'type': 'str', 'choices': [READ, WRITE]},
        'parameters': {'type': 'dict'},
        'query': {'type': 'dict'},
        'return_secrets': {'type': 'bool', 'default': False},
    }


API = Task(api_spec, run_api)
