# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting, stopping and restarting servers, and cancelling what a server is busy with.

A guest that obeys is down after the usual time of a job. One that ignores the request to shut down runs on until the
time limit that came with it, if one did.
"""

from __future__ import annotations

from . import checks, hosts, servers
from .errors import Refused


def _in_state(cloud, uuid, state):
    """The server, which must be in that state."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    if server['state'] != state:
        raise Refused('SERVER_STATE_ILLEGAL', 'The server is %s, not %s.' % (server['state'], state))
    return server


def boot(cloud, server):
    """The server runs. What it takes from the settings at its start stays so until the next one."""
    server.update(state='started', began=None)
    server['hot_resize'] = cloud.settings['hot_resize'] is not False
    cloud.cancels.pop(server['uuid'], None)


def fail(cloud, server):
    """The server is in error, until it comes back by itself."""
    server.update(state='error', began=None)
    cloud.cancels.pop(server['uuid'], None)
    cloud.after(server, cloud.settings['error_seconds'], lambda: server.update(state='stopped'))


def start(cloud, call, uuid):
    """POST /server/{uuid}/start."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    block = cloud.body(call, 'server', required=False)
    checks.known(block, ('host', 'avoid_host', 'start_type'))
    host, avoid = hosts.wanted(cloud, block)
    kind = checks.one_of(block.get('start_type', 'sync'), ('sync', 'async'), 'START_TYPE_INVALID')
    _in_state(cloud, uuid, 'stopped')
    if not any(device['storage'] and device['type'] == 'disk' for device in server['devices']):
        raise Refused('NO_STORAGES_ATTACHED')
    cloud.require()
    if host or server['host'] in avoid:
        server['host'] = hosts.place(cloud, server['zone'], host, avoid, server['server_group'])
    fault = cloud.job_fault(call)
    server['job'] = None
    if kind == 'sync' and not fault:
        boot(cloud, server)
    else:
        server.update(state='maintenance', began=cloud.world.now())
        cloud.cancels[server['uuid']] = lambda: server.update(state='stopped', began=None)
        cloud.job(call, server, lambda: boot(cloud, server), lambda: fail(cloud, server))
    return servers.details(cloud, server)


def _terms(block, timeout_needed):
    """stop_type and timeout of a request."""
    kind = checks.one_of(block.get('stop_type', 'soft'), ('soft', 'hard'), 'STOP_TYPE_INVALID')
    timeout = block.get('timeout')
    if timeout is not None:
        timeout = checks.number(timeout, 'TIMEOUT_INVALID', 1, 600)
    elif kind == 'soft' and timeout_needed:
        raise Refused('TIMEOUT_MISSING')
    return kind, timeout


def _go_down(cloud, call, server, kind, timeout, down, on_timeout):
    """Let a server go down: down() when it has, on_timeout() when the guest did not until the time limit."""
    if cloud.job_fault(call):
        cloud.job(call, server, down, lambda: fail(cloud, server))
    elif kind == 'hard' or not server['ignore_soft_stop']:
        cloud.after(server, cloud.world.job_seconds, down)
    elif timeout is not None:
        cloud.after(server, timeout, on_timeout)


def stop(cloud, call, uuid):
    """POST /server/{uuid}/stop."""
    cloud.find(cloud.servers, uuid, 'SERVER')
    block = cloud.body(call, 'stop_server', required=False)
    checks.known(block, ('stop_type', 'timeout'))
    kind, timeout = _terms(block, timeout_needed=False)
    server = _in_state(cloud, uuid, 'started')

    def down():
        server['state'] = 'stopped'
    _go_down(cloud, call, server, kind, timeout, down, down)
    return servers.details(cloud, server)


def restart(cloud, call, uuid):
    """POST /server/{uuid}/restart."""
    cloud.find(cloud.servers, uuid, 'SERVER')
    block = cloud.body(call, 'restart_server', required=False)
    checks.known(block, ('stop_type', 'timeout', 'timeout_action', 'host'))
    kind, timeout = _terms(block, timeout_needed=True)
    action = checks.one_of(block.get('timeout_action', 'ignore'), ('destroy', 'ignore'), 'TIMEOUT_ACTION_INVALID')
    host, unused = hosts.wanted(cloud, block)
    server = _in_state(cloud, uuid, 'started')

    def down():
        server.update(state='maintenance', began=cloud.world.now())
        if host:
            server['host'] = hosts.place(cloud, server['zone'], host)
        cloud.after(server, cloud.world.job_seconds, lambda: boot(cloud, server))
    _go_down(cloud, call, server, kind, timeout, down, down if action == 'destroy' else lambda: None)
    return servers.details(cloud, server)


def cancel(cloud, call, uuid):
    """POST /server/{uuid}/cancel."""
    server = _in_state(cloud, uuid, 'maintenance')
    undo = cloud.cancels.pop(server['uuid'], None)
    if not undo:
        raise Refused('UNABLE_TO_CANCEL')
    server['job'] = None
    undo()
