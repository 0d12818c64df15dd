# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All operations of CloudSigma's API 1.0. `doc` is a section of its manual, or B3 for those that clients speak beyond
it. Actions without a body are sent with the method that the manual gives each, which often is GET."""

from __future__ import annotations

from ...operation import table
from ..keyvalue.operation import DRIVE, SERVER, SERVER_KEYS, read, write

PROFILE = 'email first_name last_name nick_name title company address postcode phone'
NEW_DRIVE = 'name! size:any! claim:type readers:any tags:any encryption:cipher use:any'
CLONED_DRIVE = 'name! size:any claim:type readers:any tags:any'
SERVER_CONFIG = 'parent cpu%s smp:any mem%s persistent:bool boot:any tags:any use:any vnc:ip vnc:password vnc:tls ' \
                'status'
SUBSCRIPTION = 'quantity:int! start_time months:int'
SOFTWARE = 'msft_lwa_00135:int msft_p73_04837:int msft_tfa_00009:int start_time! months:int!'
# server:0, server:1 …
SERVERS = r'server:\d+'

OPERATIONS = table(
    read('GET /profile/info', doc='6.1'),
    write('POST /profile/set', PROFILE, repeat=True, doc='6.2'),

    read('GET /drives/list', 'words', doc='7'),
    write('POST /drives/create', NEW_DRIVE, holds=DRIVE, starts='state', doc='7.1'),
    write('POST /drives/{uuid}/write[/{offset}]', 'offset:word data:any! gzip:bool', 'done', repeat=True, body='bytes',
          fills='uuid', doc='7.2'),
    read('GET /drives/{uuid}/read/{offset}/{size}', 'bytes', doc='7.3', takes='offset:word! size:word!'),
    write('POST /drives/{uuid}/clone', CLONED_DRIVE, holds=DRIVE, starts='state', doc='7.4'),
    write('POST /drives/{uuid}/set', NEW_DRIVE.replace('!', ''), holds=DRIVE, repeat=True, doc='B3'),
    write('POST /drives/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='7.5'),
    read('GET /drives/{uuid}/info', holds=DRIVE, doc='7.6'),
    read('GET /drives/info', 'many', DRIVE, '7.7'),
    read('GET /drives/standard/cd/list', 'words', doc='7.8'),
    read('GET /drives/standard/img/list', 'words', doc='7.9'),
    read('GET /drives/standard/list', 'words', doc='7.10'),
    read('GET /drives/standard/info', 'many', DRIVE, 'B3'),
    read('GET /drives/standard/img/info', 'many', DRIVE, 'B3'),
    read('GET /drives/standard/cd/info', 'many', DRIVE, 'B3'),
    read('GET /drives/standard/img/{uuid}/info', holds=DRIVE, doc='B3'),
    read('GET /drives/standard/cd/{uuid}/info', holds=DRIVE, doc='B3'),

    read('GET /servers/list', 'words', doc='8.1'),
    write('POST /servers/create', 'name! ' + SERVER_CONFIG % (':any!', ':any!'), holds=SERVER, starts='state',
          also=SERVER_KEYS, doc='8.2'),
    write('POST /servers/{uuid}/clone', 'name!', holds=SERVER, starts='state', doc='8.3'),
    write('GET /servers/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='8.4'),
    write('POST /servers/destroy', '', 'words', also=SERVERS, doc='8.5'),
    read('GET /servers/{uuid}/info', holds=SERVER, doc='8.6'),
    read('GET /servers/info', 'many', SERVER, '8.7'),
    write('POST /servers/{uuid}/set', 'name ' + SERVER_CONFIG % (':any', ':any'), holds=SERVER, repeat=True,
          also=SERVER_KEYS, doc='8.8'),
    write('GET /servers/{uuid}/stop', '', 'done', repeat=True, starts='state', doc='8.9'),
    write('GET /servers/{uuid}/shutdown', '', 'done', repeat=True, starts='state', doc='8.10'),
    write('GET /servers/{uuid}/start', '', 'done', starts='state', doc='8.11'),
    write('POST /servers/{uuid}/reset', '', 'done', doc='B3'),
    write('POST /servers/stop', '', 'words', repeat=True, starts='state', also=SERVERS, doc='8.13'),
    write('POST /servers/start', '', 'words', starts='state', also=SERVERS, doc='8.14'),

    read('GET /resources/vlan/list', 'words', doc='9.1'),
    read('GET /resources/vlan/info', 'many', ('resource',), 'B3'),
    read('GET /resources/vlan/{uuid}/info', holds=('resource',), doc='9.2'),
    write('POST /resources/vlan/create', 'name!', holds=('resource',), doc='9.3'),
    write('POST /resources/vlan/{uuid}/set', 'name!', holds=('resource',), repeat=True, doc='9.4'),
    write('GET /resources/vlan/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='B3'),
    read('GET /resources/ip/info', 'many', ('resource',), '9.5'),
    read('GET /resources/ip/{ip}/info', holds=('resource',), doc='B3'),
    read('GET /resources/ip/list', 'words', doc='9.6'),
    # A recorded answer held several objects.
    write('POST /resources/ip/create', '', 'many', ('resource',), '9.7'),
    write('GET /resources/ip/{ip}/destroy', '', 'done', repeat=True, already=('missing',), doc='9.8'),

    write('POST /servergroups/create', 'name! description', holds=('uuid',), doc='10.1'),
    write('POST /servergroups/{uuid}/set', 'name description', repeat=True, doc='10.2'),
    write('POST /servergroups/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='10.3'),
    read('GET /servergroups/list', 'words', doc='10.4'),
    read('GET /servergroups/{uuid}/info', doc='10.5'),
    write('POST /servergroups/{uuid}/add', '', 'words', repeat=True, also=SERVERS, doc='10.7'),
    write('POST /servergroups/{uuid}/remove', '', 'words', repeat=True, also=SERVERS, doc='10.8'),
    write('GET /servergroups/{uuid}/start', '', 'words', starts='state', doc='10.9'),
    write('GET /servergroups/{uuid}/stop', '', 'words', repeat=True, starts='state', doc='10.10'),

    read('GET /currencies/list', 'words', doc='11.1'),
    read('GET /usage/info', doc='11.2'),
    read('GET /pricing/info', doc='11.3'),
    read('GET /transactions/list', 'many', doc='11.4'),
    read('GET /balance/info', doc='11.5'),
    read('GET /subscriptions/resources/info', 'many', doc='11.6'),
    read('GET /subscriptions/net/info', 'many', doc='11.7'),
    read('GET /subscriptions/list', 'many', doc='11.8'),
    write('POST /subscriptions/resources/create', 'cpu:int mem:int disk:int xfer:int start_time! months:int!', 'many',
          doc='11.9, 11.10'),
    write('POST /subscriptions/network/ip/create', SUBSCRIPTION, 'many', doc='11.11'),
    read('POST /subscriptions/network/ip/calculate', doc='11.12', takes=SUBSCRIPTION),
    write('POST /subscriptions/network/vlan/create', SUBSCRIPTION, 'many', doc='11.13'),
    read('POST /subscriptions/network/vlan/calculate', doc='11.14', takes=SUBSCRIPTION),
    write('POST /subscriptions/software/create', SOFTWARE, doc='11.15'),
    read('POST /subscriptions/software/calculate', doc='11.16', takes=SOFTWARE),
    write('POST /subscriptions/{uuid}/set', 'months:int!', 'many', doc='11.17'),
    read('POST /subscriptions/{uuid}/set/calculate', doc='11.18', takes='months:int!'),
)
