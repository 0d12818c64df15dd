# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module api: any operation of a provider's table, as one task."""

from __future__ import annotations

from . import connection, spec
from .apply import wait_for
from .errors import ApiError, Malformed, OutcomeUnknown, Unavailable
from .runner import Task, guarded, open_work


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


CLIENTS = {'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts}


@guarded
def run_api(result, works, options, context):
    """Check the parameters, send, wait for what it starts; reads never change, writes are not sent in check mode."""
    result.update(answer=None, job=None, operation=options['operation'])
    client_class = CLIENTS[options['provider']]()
    work = open_work(client_class, options['provider'], options, context, options['wait_timeout'])
    works.append(work)
    operation = work.client.operation(options['operation'])
    values = options['parameters'] or {}
    operation.check(values, options['provider'])
    reads = operation.reads(values)
    if context.check_mode and not reads:
        result['changed'] = True
        return
    # Set before it is sent: a write whose answer is lost may have changed something.
    result['changed'] = not reads
    try:
        answer = work.client.send(operation, values, options['query'])
    except ApiError as exc:
        # A refusal had no effect; of all else that cannot be told.
        result['changed'] = not reads and isinstance(exc, (Malformed, OutcomeUnknown, Unavailable))
        raise
    result['changed'] = not reads and not (operation.starts == 'maybe_job' and not work.client.started(answer))
    wait = work.client.job_wait(operation, values, answer)
    if options['return_secrets']:
        result['secrets'] = {'answer': answer}
    result['answer'] = work.client.shown(answer)
    if wait is None:
        return
    result['job'] = {'provider': options['provider'], 'kind': 'job' if wait.job is not None else 'state',
                     'id': wait.job, 'status': wait.status(answer if isinstance(answer, dict) else {})}
    if options['wait']:
        ended = wait_for(work, wait)
        result['job']['status'] = wait.status(ended)
        result['job']['answer'] = work.client.shown(ended)


def api_spec(provider=None):
    """The argument spec of the module api."""
    return {
        'provider': {'type': 'str', 'choices': list(connection.PROVIDERS), 'required': True},
        **connection.argument_spec(), **spec.WAIT, **spec.STATE_DIR,
        'operation': {'type': 'str', 'required': True},
        'parameters': {'type': 'dict'},
        'query': {'type': 'dict'},
        'return_secrets': {'type': 'bool', 'default': False},
    }


API = Task(api_spec, run_api)
