# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All operations of ElasticHosts. `doc` is a heading of its server chapter, or a part of what clients speak beyond it
(A4 drives, A5 servers, A6 resources)."""

from __future__ import annotations

from ...operation import table
from ..keyvalue.operation import DRIVE, SERVER, SERVER_KEYS, read, write

DRIVE_CONFIG = 'claim:type readers:any tags:any'
NEW_DRIVE = 'name size:any! tier avoid:any encryption:cipher ' + DRIVE_CONFIG
SERVER_CONFIG = 'name parent cpu%s smp:any mem%s persistent:bool boot:any tags:any vnc vnc:ip password ' \
                'vnc:password vnc:tls avoid:drives:any avoid:servers:any ' \
                'nic:0:firewall:policy nic:0:firewall:accept:any nic:0:firewall:reject:any'
USER_KEYS = r'user:[A-Za-z0-9_.:-]+'
ALSO = r'%s|%s' % (SERVER_KEYS, USER_KEYS)

OPERATIONS = table(
    read('GET /servers/list', 'lines', doc='List all servers'),
    read('GET /servers/{uuid}/info', holds=SERVER, doc='Get single server info'),
    read('GET /servers/info', 'many', SERVER, 'Get all servers info'),
    read('GET /servers/{uuid}/info/full', holds=SERVER, doc='A5'),
    read('GET /servers/info/full', 'many', SERVER, 'A5'),
    write('POST /servers/create', SERVER_CONFIG % (':any!', ':any!'), holds=SERVER, starts='state', also=ALSO,
          doc='Create and optionally start a server'),
    write('POST /servers/create/stopped', SERVER_CONFIG % (':any!', ':any!'), holds=SERVER, also=ALSO,
          doc='Create and optionally start a server'),
    write('POST /servers/{uuid}/start', '', 'done', starts='state', doc='Start a server'),
    write('POST /servers/{uuid}/set', SERVER_CONFIG % (':any', ':any'), holds=SERVER, repeat=True, also=ALSO,
          doc='Set server configuration'),
    write('POST /servers/{uuid}/stop', '', 'done', repeat=True, starts='state', doc='Stop a server'),
    write('POST /servers/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='Destroy a server'),
    write('POST /servers/{uuid}/shutdown', '', 'done', repeat=True, starts='state', doc='Shut down a server'),
    write('POST /servers/{uuid}/reset', '', 'done', doc='Reset a server'),

    read('GET /drives/list', 'words', doc='A4'),
    read('GET /drives/info', 'many', DRIVE, 'A4'),
    read('GET /drives/info/full', 'many', DRIVE, 'A4'),
    read('GET /drives/list/standard', 'words', doc='A4'),
    read('GET /drives/info/standard', 'many', DRIVE, 'A4'),
    read('GET /drives/{uuid}/info', holds=DRIVE, doc='A4'),
    read('GET /drives/{uuid}/info/full', holds=DRIVE, doc='A4'),
    write('POST /drives/create', NEW_DRIVE, holds=DRIVE, also=USER_KEYS, doc='A4'),
    write('POST /drives/{uuid}/set', 'name size:any ' + DRIVE_CONFIG, holds=DRIVE, repeat=True, also=USER_KEYS,
          doc='A4'),
    write('POST /drives/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='A4'),
    write('POST /drives/{uuid}/image/{source}[/{conversion}]', 'conversion', 'done', starts='state',
          fills='uuid', doc='A4'),
    read('GET /drives/{uuid}/read/{offset}/{size}', 'bytes', doc='A4', takes='offset:word! size:word!'),
    write('POST /drives/{uuid}/write[/{offset}]', 'offset:word data:any! gzip:bool', 'done', repeat=True, body='bytes',
          fills='uuid', doc='A4'),

    read('GET /resources/list', 'lines', doc='A6'),
    read('GET /resources/info', 'many', ('resource',), 'A6'),
    read('GET /resources/ip/list', 'words', doc='A6'),
    read('GET /resources/ip/info', 'many', ('resource',), 'A6'),
    read('GET /resources/ip/{ip}/info', holds=('resource',), doc='A6'),
    write('POST /resources/ip/create', 'name', holds=('resource',), doc='A6'),
    write('POST /resources/ip/{ip}/set', 'name!', holds=('resource',), repeat=True, doc='A6'),
    write('POST /resources/ip/{ip}/destroy', '', 'done', repeat=True, already=('missing',), doc='A6'),
    read('GET /resources/vlan/list', 'words', doc='A6'),
    read('GET /resources/vlan/info', 'many', ('resource',), 'A6'),
    read('GET /resources/vlan/{uuid}/info', holds=('resource',), doc='A6'),
    write('POST /resources/vlan/create', 'name', holds=('resource',), doc='A6'),
    write('POST /resources/vlan/{uuid}/set', 'name!', holds=('resource',), repeat=True, doc='A6'),
    write('POST /resources/vlan/{uuid}/destroy', '', 'done', repeat=True, already=('missing',), doc='A6'),
)
