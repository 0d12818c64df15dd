# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of a server, of which all its plans are made: pure functions of a change whose lookups are done."""

from __future__ import annotations

from ...steps import Ref, Step
from . import waits, wire
from .server_fields import no_backup, own_of
from .server_lookups import SIZING, wanted_sizing

STOP, START = 'POST /server/{uuid}/stop', 'POST /server/{uuid}/start'

# Field -> attribute of the API, of what creating and modifying a server share; and how its value is written.
ATTRIBUTES = {
    'upcloud.title': ('title', str), 'upcloud.boot_order': ('boot_order', str),
    'upcloud.firewall': ('firewall', lambda value: 'on' if value else 'off'),
    'upcloud.metadata': ('metadata', wire.yes_no), 'upcloud.nic_model': ('nic_model', str),
    'upcloud.video_model': ('video_model', str), 'upcloud.timezone': ('timezone', str),
    'upcloud.simple_backup': ('simple_backup', no_backup),
    'upcloud.remote_access_enabled': ('remote_access_enabled', wire.yes_no),
    'upcloud.remote_access_type': ('remote_access_type', str),
    'vnc_password': ('remote_access_password', str),
    'labels': ('labels', lambda value: {'label': wire.labels_out(wire.texts(value))}),
    'name': ('hostname', str),
}


def name_of(change):
    """The host name, for summaries and titles."""
    return change.new('name') or (change.before or {}).get('name') or change.options.get('name') or change.id


def ident_of(change):
    """The server's UUID, which may only come with the answer to its making."""
    return change.id or Ref('create', ('uuid',))


def hosts(change):
    """What the user says of hosts, for a create or a start."""
    return {key: str(value) for key, value in own_of(change.options).items() if key in ('host', 'avoid_host')}


def attributes(change):
    """The attributes of the fields that change."""
    return {attribute: write(change.new(field)) for field, (attribute, write) in ATTRIBUTES.items()
            if field in change.fields and change.new(field) is not None}


# -- tags -------------------------------------------------------------------------------------------------------------
def missing_tags(change):
    """Steps that make the tags that the account does not have."""
    return [Step('POST /tag', {'name': name}, 'make the tag %s' % name)
            for name in sorted(change.found['spelt']) if change.found['spelt'][name] is None]


def spelt(change):
    """The wanted tags as the account spells them."""
    return [change.found['spelt'].get(name) or name for name in sorted({tag.lower() for tag in change.new('tags', [])})]


def tag(change):
    """Steps that give and take tags, which must be there before they can be given."""
    if 'tags' not in change.fields:
        return []
    steps, name = [], name_of(change)
    current = (change.before or {}).get('tags') or []
    wanted = spelt(change)
    lower = [each.lower() for each in current]
    more = [each for each in wanted if each.lower() not in lower]
    less = [each for each in current if each.lower() not in [item.lower() for item in wanted]]
    if more:
        steps += [] if change.creates else missing_tags(change)
        steps.append(Step('POST /server/{uuid}/tag/{tags}', {'uuid': ident_of(change), 'tags': ','.join(more)},
                          'tag server %s with %s' % (name, ', '.join(more))))
    if less:
        steps.append(Step('POST /server/{uuid}/untag/{tags}', {'uuid': change.id, 'tags': ','.join(less)},
                          'take the tags %s from server %s' % (', '.join(less), name)))
    return steps


# -- update -----------------------------------------------------------------------------------------------------------
def modify(change):
    """(the step that changes the server's own attributes or None, 'yes', 'stop' or 'try')."""
    body, how = attributes(change), 'yes'
    before, sizing = change.before, wanted_sizing(change)
    if any(name in change.fields for name in SIZING):
        body['plan'] = sizing['plan']
        if sizing['plan'] == 'custom':
            body.update(core_number=str(sizing['cpu_cores']), memory_amount=str(sizing['memory_mb']))
        pairs = [(sizing[name] or 0, before[name] or 0) for name in ('cpu_cores', 'memory_mb')]
        how = 'stop' if any(new < old for new, old in pairs) else 'try' if any(new > old for new, old in pairs) else how
    if 'upcloud.remote_access_type' in change.fields:
        how = 'stop'
    if not body:
        return None, how
    # More cores or memory may take a while. No value goes into the summary: some are secret.
    resized = any(name in change.fields for name in SIZING)
    step = Step('PUT /server/{uuid}', dict(body, uuid=change.id),
                'change %s of server %s' % (', '.join(sorted(body)), name_of(change)),
                secret='remote_access_password' in body,
                wait=waits.server(change.id, name_of(change), 'started', 'stopped') if resized else None)
    return step, how


def group(change):
    """Steps that move a server between server groups; it is in one at most."""
    if 'upcloud.server_group' not in change.fields:
        return []
    steps, name = [], name_of(change)
    old, new = change.before.get('upcloud.server_group'), change.new('upcloud.server_group')
    if old:
        steps.append(Step('DELETE /server-group/{uuid}/servers/{server_uuid}', {'uuid': old, 'server_uuid': change.id},
                          'take server %s out of the group %s' % (name, old)))
    if new:
        steps.append(Step('POST /server-group/{uuid}/servers', {'uuid': new, 'server': change.id},
                          'put server %s into the group %s' % (name, new)))
    return steps


# -- power and delete -------------------------------------------------------------------------------------------------
def stop(change):
    """Ask the guest to shut down. The API cuts the power when a time limit that came with that has passed, so one goes
    with it only where the user allows that. A guest that was going down before that may be off by then."""
    name, limit = name_of(change), change.options['stop_timeout']
    if not change.options['force_stop']:
        body, words = {'stop_type': 'soft'}, 'shut down server %s' % name
        more = {'limit': limit, 'hint': 'it was asked to shut down and may still do so; with force_stop: true its '
                                        'power is cut after stop_timeout (%d seconds)' % limit}
    elif own_of(change.options).get('stop_type') == 'hard':
        body, words, more = {'stop_type': 'hard'}, 'cut the power of server %s' % name, {}
    else:
        body = {'stop_type': 'soft', 'timeout': str(limit)}
        words, more = 'shut down server %s, and cut its power after %d seconds' % (name, limit), {}
    ident = ident_of(change)
    return [Step(STOP, dict(body, uuid=ident), words, id='stop', already=('SERVER_STATE_ILLEGAL',),
                 destructive=change.options['force_stop'], wait=waits.server(ident, name, 'stopped', **more))]


def start(change, always_after=''):
    """Start it, and wait for that here rather than in the API, whose answer might come too late."""
    ident, name = ident_of(change), name_of(change)
    kind = own_of(change.options).get('start_type') or 'async'
    return [Step(START, dict(hosts(change), uuid=ident, start_type=kind),
                 'start server %s' % name, id='start', always_after=always_after,
                 wait=waits.server(ident, name, 'started'))]


def cancel(change):
    """Cancel what the server is busy with; one that is being made may go by that."""
    return [Step('POST /server/{uuid}/cancel', {'uuid': change.id}, 'cancel what server %s is busy with'
                 % name_of(change), destructive=True, wait=waits.idle(change.id, name_of(change)))]


def delete(change):
    """The server, with its drives only where that is wanted; what others need is detached before."""
    steps = [Step('POST /server/{uuid}/storage/detach', {'uuid': change.id, 'address': drive['device']},
                  'detach the drive %s, which is kept: it is not this server\'s alone' % drive['name'])
             for drive in change.found['shared']]
    query, what = {}, ''
    if change.options['delete_drives']:
        backups = own_of(change.options).get('delete_backups') or 'keep'
        query, what = {'storages': '1', 'backups': backups}, ' and its drives (backups: %s)' % backups
    return steps + [Step('DELETE /server/{uuid}', dict(query, uuid=change.id),
                         'delete server %s%s' % (name_of(change), what), destructive=True)]
