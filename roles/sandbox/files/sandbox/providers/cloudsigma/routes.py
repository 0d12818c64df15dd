# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of CloudSigma 1.0, under the method that its document gives each."""

from __future__ import annotations

# Answered to GET and POST alike: all reads, and the writes that need no body.
_READS = {
    'GET /profile/info': 'account.profile_info',
    'GET /drives/list': 'drives.list',
    'GET /drives/info': 'drives.info',
    'GET /drives/{uuid}/info': 'drives.one',
    'GET /drives/{uuid}/read/{offset}/{size}': 'drives.read',
    'GET /drives/standard/list': 'drives.standard_list',
    'GET /drives/standard/info': 'drives.standard_info',
    'GET /drives/standard/cd/list': 'drives.standard_cd_list',
    'GET /drives/standard/cd/info': 'drives.standard_cd_info',
    'GET /drives/standard/img/list': 'drives.standard_img_list',
    'GET /drives/standard/img/info': 'drives.standard_img_info',
    'GET /drives/standard/cd/{uuid}/info': 'drives.standard_one',
    'GET /drives/standard/img/{uuid}/info': 'drives.standard_one',
    'GET /servers/list': 'servers.list',
    'GET /servers/info': 'servers.info',
    'GET /servers/{uuid}/info': 'servers.one',
    'GET /resources/vlan/list': 'resources.list vlan',
    'GET /resources/vlan/info': 'resources.info vlan',
    'GET /resources/vlan/{uuid}/info': 'resources.one vlan',
    'GET /resources/ip/list': 'resources.list ip',
    'GET /resources/ip/info': 'resources.info ip',
    'GET /resources/ip/{ip}/info': 'resources.one ip',
    'GET /servergroups/list': 'groups.list',
    'GET /servergroups/{uuid}/info': 'groups.one',
    'GET /currencies/list': 'account.currencies',
    'GET /usage/info': 'account.usage',
    'GET /pricing/info': 'account.pricing',
    'GET /transactions/list': 'account.history',
    'GET /balance/info': 'account.balance',
    'GET /subscriptions/resources/info': 'subscriptions.resources',
    'GET /subscriptions/net/info': 'subscriptions.network',
    'GET /subscriptions/list': 'subscriptions.list',
}
_ACTIONS = {
    'GET /servers/{uuid}/start': 'servers.start',
    'GET /servers/{uuid}/stop': 'servers.stop',
    'GET /servers/{uuid}/shutdown': 'servers.shutdown',
    'GET /servers/{uuid}/destroy': 'servers.destroy',
    'POST /servers/{uuid}/reset': 'servers.reset',
    'POST /drives/{uuid}/destroy': 'drives.destroy',
    'POST /resources/ip/create': 'resources.create ip',
    'GET /resources/ip/{ip}/destroy': 'resources.destroy ip',
    'GET /resources/vlan/{uuid}/destroy': 'resources.destroy vlan',
    'POST /servergroups/{uuid}/destroy': 'groups.destroy',
    'GET /servergroups/{uuid}/start': 'groups.start',
    'GET /servergroups/{uuid}/stop': 'groups.stop',
}
# These carry a body: POST alone.
_WRITES = {
    'POST /profile/set': 'account.profile_set',
    'POST /drives/create': 'drives.create',
    'POST /drives/{uuid}/set': 'drives.set',
    'POST /drives/{uuid}/clone': 'drives.clone',
    'POST /drives/{uuid}/write[/{offset}]': 'drives.write',
    'POST /servers/create': 'servers.create',
    'POST /servers/{uuid}/set': 'servers.set',
    'POST /servers/{uuid}/clone': 'machines.clone',
    'POST /servers/destroy': 'machines.destroy',
    'POST /servers/start': 'machines.start',
    'POST /servers/stop': 'machines.stop',
    'POST /resources/vlan/create': 'resources.create vlan',
    'POST /resources/vlan/{uuid}/set': 'resources.set vlan',
    'POST /servergroups/create': 'groups.create',
    'POST /servergroups/{uuid}/set': 'groups.set',
    'POST /servergroups/{uuid}/add': 'groups.add',
    'POST /servergroups/{uuid}/remove': 'groups.remove',
    'POST /subscriptions/resources/create': 'subscriptions.create_resources',
    'POST /subscriptions/network/ip/create': 'subscriptions.create_network ip',
    'POST /subscriptions/network/vlan/create': 'subscriptions.create_network vlan',
    'POST /subscriptions/software/create': 'subscriptions.create_software',
    'POST /subscriptions/{uuid}/set': 'subscriptions.extend',
}
_CALCULATIONS = {
    'POST /subscriptions/network/ip/calculate': 'subscriptions.calculate_network ip',
    'POST /subscriptions/network/vlan/calculate': 'subscriptions.calculate_network vlan',
    'POST /subscriptions/software/calculate': 'subscriptions.calculate_software',
    'POST /subscriptions/{uuid}/set/calculate': 'subscriptions.calculate_extension',
}
ROUTES = tuple([(operation, handler, False, True) for operation, handler in _READS.items()]
               + [(operation, handler, True, True) for operation, handler in _ACTIONS.items()]
               + [(operation, handler, True, False) for operation, handler in _WRITES.items()]
               + [(operation, handler, False, False) for operation, handler in _CALCULATIONS.items()])
