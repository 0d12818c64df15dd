# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server groups and their anti-affinity."""

from __future__ import annotations

from . import checks, hosts
from .errors import Refused

FIELDS = ('title', 'servers', 'anti_affinity', 'labels')
POLICIES = ('strict', 'yes', 'no')


def view(cloud, group):
    """A group as the API shows it."""
    members = hosts.members(cloud, group['uuid'])
    status = None
    if group['anti_affinity'] != 'no':
        taken = [server['host'] for server in members]
        status = [{'uuid': server['uuid'], 'status': 'met' if taken.count(server['host']) == 1 else 'unmet'}
                  for server in members]
    return {'anti_affinity': group['anti_affinity'], 'anti_affinity_status': status,
            'labels': {'label': group['labels']}, 'servers': {'server': [server['uuid'] for server in members]},
            'title': group['title'], 'uuid': group['uuid']}


def _find(cloud, uuid):
    return cloud.find(cloud.groups, uuid, 'GROUP')


def _members(cloud, block, group):
    """The servers that a request names, none of which may be in another group."""
    given = block.get('servers')
    if isinstance(given, dict):
        given = given.get('server')
    given = [given] if isinstance(given, str) and given else given or []
    if not isinstance(given, list):
        raise Refused('SERVER_INVALID')
    found = [cloud.find(cloud.servers, item.get('uuid') if isinstance(item, dict) else item, 'SERVER')
             for item in given]
    for server in found:
        if server['server_group'] not in (None, group):
            raise Refused('ALREADY_IN_SERVER_GROUP', 'The server %s is in group %s.' % (server['uuid'],
                                                                                        server['server_group']))
    return found


def _require_apart(policy, members):
    """Refuse a strict policy for servers that share a host while they run."""
    taken = [server['host'] for server in members]
    if policy == 'strict' and len(set(taken)) < len(taken):
        raise Refused('STRICT_ANTI_AFFINITY_NOT_MET')


def _checked(block):
    """The plain attributes of a request."""
    checks.known(block, FIELDS)
    found = {}
    if 'title' in block:
        found['title'] = checks.text(block['title'], 'TITLE_INVALID')
    if 'anti_affinity' in block:
        # Some clients send the name of their constant for the policy.
        words = {'ServerGroupAffinityPolicy.STRICT_ANTI_AFFINITY': 'strict',
                 'ServerGroupAffinityPolicy.ANTI_AFFINITY_PREFERRED': 'yes',
                 'ServerGroupAffinityPolicy.NO_ANTI_AFFINITY': 'no'}
        found['anti_affinity'] = checks.one_of(words.get(str(block['anti_affinity']), block['anti_affinity']),
                                               POLICIES, 'ANTI_AFFINITY_INVALID')
    return found


def list_groups(cloud, call):
    """GET /server-group."""
    matches = checks.label_filter(call)
    return {'server_groups': {'server_group': [view(cloud, group) for group in cloud.groups.values()
                                               if matches(group)]}}


def show(cloud, call, uuid):
    """GET /server-group/{uuid}."""
    return {'server_group': view(cloud, _find(cloud, uuid))}


def list_members(cloud, call, uuid):
    """GET /server-group/{uuid}/servers."""
    return {'servers': view(cloud, _find(cloud, uuid))['servers']}


def create(cloud, call):
    """POST /server-group."""
    block = cloud.body(call, 'server_group')
    group = {'uuid': cloud.uuid('0b'), 'title': '', 'anti_affinity': 'no', **_checked(block),
             'labels': checks.labels(block.get('labels', []))}
    members = _members(cloud, block, None)
    _require_apart(group['anti_affinity'], members)
    cloud.groups[group['uuid']] = group
    for server in members:
        server['server_group'] = group['uuid']
    return {'server_group': view(cloud, group)}


def modify(cloud, call, uuid):
    """PATCH /server-group/{uuid}."""
    group = _find(cloud, uuid)
    block = cloud.body(call, 'server_group')
    changed = _checked(block)
    if 'labels' in block:
        changed['labels'] = checks.labels(block['labels'], group['labels'])
    members = hosts.members(cloud, group['uuid'])
    wanted = _members(cloud, block, group['uuid']) if 'servers' in block else members
    _require_apart(changed.get('anti_affinity', group['anti_affinity']), wanted)
    group.update(changed)
    for server in members:
        server['server_group'] = None
    for server in wanted:
        server['server_group'] = group['uuid']
    return {'server_group': view(cloud, group)}


def delete(cloud, call, uuid):
    """DELETE /server-group/{uuid}; its servers stay."""
    group = _find(cloud, uuid)
    for server in hosts.members(cloud, group['uuid']):
        server['server_group'] = None
    del cloud.groups[group['uuid']]


def add(cloud, call, uuid):
    """POST /server-group/{uuid}/servers."""
    group = _find(cloud, uuid)
    block = cloud.body(call, 'server')
    server = cloud.find(cloud.servers, block.get('uuid'), 'SERVER')
    if server['server_group']:
        raise Refused('ALREADY_IN_SERVER_GROUP', 'The server %s is in group %s.' % (server['uuid'],
                                                                                    server['server_group']))
    _require_apart(group['anti_affinity'], hosts.members(cloud, group['uuid']) + [server])
    server['server_group'] = group['uuid']


def drop(cloud, call, uuid, server_uuid):
    """DELETE /server-group/{uuid}/servers/{server_uuid}."""
    group = _find(cloud, uuid)
    server = cloud.find(cloud.servers, server_uuid, 'SERVER')
    if server['server_group'] != group['uuid']:
        raise Refused('SERVER_NOT_FOUND', 'The server is not in the group.')
    server['server_group'] = None
