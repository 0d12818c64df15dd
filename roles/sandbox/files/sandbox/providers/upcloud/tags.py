# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags of servers. Their names are told apart without regard to case."""

from __future__ import annotations

import re

from . import checks, servers
from .errors import Refused

NAME = re.compile(r'[A-Za-z0-9_]{1,32}')
FIELDS = ('name', 'description', 'servers')


def view(cloud, tag):
    """A tag as the API shows it."""
    return {'name': tag['name'], 'description': tag['description'],
            'servers': {'server': [server['uuid'] for server in cloud.servers.values()
                                   if tag['name'] in server['tags']]}}


def _find(cloud, name):
    tag = cloud.tags.get(name.lower())
    if not tag:
        raise Refused('TAG_NOT_FOUND', 'There is no tag %s.' % name)
    return tag


def _members(cloud, block):
    """The servers that a request names."""
    given = block.get('servers')
    if isinstance(given, dict):
        given = given.get('server')
    if not isinstance(given or [], list):
        raise Refused('SERVER_INVALID')
    return [cloud.find(cloud.servers, uuid, 'SERVER') for uuid in given or []]


def _assign(cloud, tag, members):
    """Let exactly these servers have the tag."""
    wanted = {server['uuid'] for server in members}
    for server in cloud.servers.values():
        has = tag['name'] in server['tags']
        if server['uuid'] in wanted and not has:
            server['tags'].append(tag['name'])
        elif has and server['uuid'] not in wanted:
            server['tags'].remove(tag['name'])


def list_tags(cloud, call):
    """GET /tag."""
    return {'tags': {'tag': [view(cloud, tag) for tag in cloud.tags.values()]}}


def show(cloud, call, name):
    """GET /tag/{name}."""
    return {'tag': view(cloud, _find(cloud, name))}


def create(cloud, call):
    """POST /tag. It answers 200."""
    block = cloud.body(call, 'tag')
    checks.known(block, FIELDS)
    name = checks.matching(block.get('name'), NAME, 'TAG_INVALID')
    description = checks.text(block.get('description') or '', 'TAG_INVALID')
    members = _members(cloud, block)
    if name.lower() in cloud.tags:
        raise Refused('TAG_EXISTS', 'There is a tag %s.' % cloud.tags[name.lower()]['name'])
    tag = cloud.tags[name.lower()] = {'name': name, 'description': description}
    _assign(cloud, tag, members)
    return {'tag': view(cloud, tag)}


def modify(cloud, call, name):
    """PUT /tag/{name}."""
    tag = _find(cloud, name)
    block = cloud.body(call, 'tag')
    checks.known(block, FIELDS)
    new = checks.matching(block.get('name') or tag['name'], NAME, 'TAG_INVALID')
    description = checks.text(block.get('description', tag['description']) or '', 'TAG_INVALID')
    members = _members(cloud, block) if block.get('servers') is not None else None
    if cloud.tags.get(new.lower(), tag) is not tag:
        raise Refused('TAG_EXISTS')
    for server in cloud.servers.values():
        server['tags'] = [new if item == tag['name'] else item for item in server['tags']]
    del cloud.tags[tag['name'].lower()]
    tag.update(name=new, description=description)
    cloud.tags[new.lower()] = tag
    if members is not None:
        _assign(cloud, tag, members)
    return {'tag': view(cloud, tag)}


def delete(cloud, call, name):
    """DELETE /tag/{name}."""
    tag = _find(cloud, name)
    _assign(cloud, tag, [])
    del cloud.tags[tag['name'].lower()]


def tag_server(cloud, call, uuid, tags):
    """POST /server/{uuid}/tag/{tag,tag}."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    for tag in [_find(cloud, name) for name in tags.split(',')]:
        if tag['name'] not in server['tags']:
            server['tags'].append(tag['name'])
    return servers.details(cloud, server)


def untag_server(cloud, call, uuid, tags):
    """POST /server/{uuid}/untag/{tag,tag}."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    for tag in [_find(cloud, name) for name in tags.split(',')]:
        if tag['name'] in server['tags']:
            server['tags'].remove(tag['name'])
    return servers.details(cloud, server)
