# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of ElasticHosts."""

from __future__ import annotations

# Reads are answered to POST as well; a GET on a write is refused.
_READS = {
    'GET /servers/list': 'servers.list',
    'GET /servers/info': 'servers.info',
    'GET /servers/info/full': 'servers.info_full',
    'GET /servers/{uuid}/info': 'servers.one',
    'GET /servers/{uuid}/info/full': 'servers.one_full',
    'GET /drives/list': 'drives.list',
    'GET /drives/info': 'drives.info',
    'GET /drives/info/full': 'drives.info_full',
    'GET /drives/list/standard': 'drives.standard_list',
    'GET /drives/info/standard': 'drives.standard_info',
    'GET /drives/{uuid}/info': 'drives.one',
    'GET /drives/{uuid}/info/full': 'drives.one_full',
    'GET /drives/{uuid}/read/{offset}/{size}': 'drives.read',
    'GET /resources/list': 'resources.list_all',
    'GET /resources/info': 'resources.info_all',
    'GET /resources/ip/list': 'resources.list ip',
    'GET /resources/ip/info': 'resources.info ip',
    'GET /resources/ip/{ip}/info': 'resources.one ip',
    'GET /resources/vlan/list': 'resources.list vlan',
    'GET /resources/vlan/info': 'resources.info vlan',
    'GET /resources/vlan/{uuid}/info': 'resources.one vlan',
}
_WRITES = {
    'POST /servers/create': 'servers.create',
    'POST /servers/create/stopped': 'servers.create_stopped',
    'POST /servers/{uuid}/start': 'servers.start',
    'POST /servers/{uuid}/set': 'servers.set',
    'POST /servers/{uuid}/stop': 'servers.stop',
    'POST /servers/{uuid}/destroy': 'servers.destroy',
    'POST /servers/{uuid}/shutdown': 'servers.shutdown',
    'POST /servers/{uuid}/reset': 'servers.reset',
    'POST /drives/create': 'drives.create',
    'POST /drives/{uuid}/set': 'drives.set',
    'POST /drives/{uuid}/destroy': 'drives.destroy',
    'POST /drives/{uuid}/image/{source}[/{conversion}]': 'drives.image',
    'POST /drives/{uuid}/write[/{offset}]': 'drives.write',
    'POST /resources/ip/create': 'resources.create ip',
    'POST /resources/ip/{ip}/set': 'resources.set ip',
    'POST /resources/ip/{ip}/destroy': 'resources.destroy ip',
    'POST /resources/vlan/create': 'resources.create vlan',
    'POST /resources/vlan/{uuid}/set': 'resources.set vlan',
    'POST /resources/vlan/{uuid}/destroy': 'resources.destroy vlan',
}
ROUTES = tuple([(operation, handler, False, True) for operation, handler in _READS.items()]
               + [(operation, handler, True, False) for operation, handler in _WRITES.items()])
