# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modifying a server: what a running one takes, and what only a stopped one does."""

from __future__ import annotations

from . import attributes, checks, servers
from .errors import Refused

FIELDS = tuple(attributes.CHECKS) + attributes.SIZING + tuple(attributes.OLDER) + ('title', 'labels')


def modify(cloud, call, uuid):
    """PUT /server/{uuid}."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    block = cloud.body(call, 'server')
    checks.known(block, FIELDS)
    changed = attributes.given(block)
    if 'title' in block:
        changed['title'] = checks.text(block['title'], 'TITLE_INVALID')
    if 'labels' in block:
        changed['labels'] = checks.labels(block['labels'], server['labels'])
    sizing = attributes.sizing(block, server) if any(name in block for name in attributes.SIZING) else {}
    if server['state'] not in ('started', 'stopped'):
        raise Refused('SERVER_STATE_ILLEGAL', 'The server is in state %s.' % server['state'])
    if changed.get('simple_backup', 'no') != 'no' and any(
            cloud.storages[device['storage']]['backup_rule'] for device in server['devices'] if device['storage']):
        raise Refused('BACKUP_RULE_CONFLICT')
    if server['state'] == 'started' and \
            changed.get('remote_access_type', server['remote_access_type']) != server['remote_access_type']:
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped to change its remote access.')
    if sizing:
        _check_sizing(cloud, server, sizing)
        changed.update(sizing)
    server.update(changed)
    return 202, servers.details(cloud, server)


def _check_sizing(cloud, server, wanted):
    """Refuse cores and memory that the account or the running server can't take."""
    cores = wanted['core_number'] - server['core_number']
    memory = wanted['memory_amount'] - server['memory_amount']
    if cloud.settings['trial_mode'] and wanted['plan'] != 'custom':
        raise Refused('TRIAL_PLAN')
    if server['state'] == 'started' and (cores < 0 or memory < 0):
        raise Refused('SERVER_STATE_ILLEGAL', 'The server must be stopped to have less cores or memory.')
    cloud.require(cores=max(cores, 0), memory=max(memory, 0))
    if server['state'] == 'started' and (cores or memory):
        if not server['hot_resize']:
            raise Refused('HOT_RESIZE_NOT_ENABLED')
        if isinstance(cloud.settings['hot_resize'], str):
            raise Refused(cloud.settings['hot_resize'])
