# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud API 1.3: servers and server groups, and what the other chapters add."""

from __future__ import annotations

from ...operation import READ, WRITE, Operation, table
from . import operations_account, operations_network, operations_storage

DOC = 'UpCloud API 1.3, 8. Servers: '
GROUPS = 'UpCloud API 1.3, Server groups: '

# What both creating and modifying a server take.
_SETTINGS = ('boot_order core_number:any firewall labels:dict memory_amount:any metadata nic_model plan simple_backup '
             'timezone video_model remote_access_type remote_access_enabled remote_access_password')
# Its path is one inside the server itself, see client.METADATA.
METADATA = 'GET metadata v1.json and tree (from inside a server)'
METADATA_DOCUMENT = 'v1.json'

OPERATIONS = table(
    Operation('GET /server_size', answer='server_sizes.server_size[]', doc=DOC + 'List server configurations'),
    Operation('GET /server', takes='label:any', answer='servers.server[]', doc=DOC + 'List servers'),
    Operation('GET /server/{uuid}', answer='server', about=('uuid', 'uuid'), doc=DOC + 'Get server details'),
    Operation('GET /server/tag/{tags}', answer='servers.server[]', doc='UpCloud API 1.3, Tags'),
    Operation('POST /server', WRITE, 'zone! title! hostname! storage_devices:dict! networking:dict login_user:dict '
              'user_data password_delivery host:any avoid_host:any server_group ' + _SETTINGS,
              starts='state', envelope='server', answer='server', doc=DOC + 'Create server'),
    Operation('POST /server/{uuid}/start', WRITE, 'host:any avoid_host:any start_type', starts='state',
              envelope='server', answer='server', doc=DOC + 'Start server'),
    Operation('POST /server/{uuid}/stop', WRITE, 'stop_type timeout:any', starts='state', envelope='stop_server',
              answer='server', doc=DOC + 'Stop server'),
    Operation('POST /server/{uuid}/restart', WRITE, 'stop_type timeout:any timeout_action host:any', starts='state',
              envelope='restart_server', answer='server', doc=DOC + 'Restart server'),
    Operation('PUT /server/{uuid}', WRITE, 'hostname title ' + _SETTINGS, repeat=True, envelope='server',
              answer='server', doc=DOC + 'Modify server'),
    Operation('POST /server/{uuid}/cancel', WRITE, starts='state', doc=DOC + 'Cancel server operation'),
    Operation('DELETE /server/{uuid}', WRITE, 'storages backups', repeat=True, already=('SERVER_NOT_FOUND',),
              query=('storages', 'backups'), doc=DOC + 'Delete server'),
    Operation(METADATA, READ, 'path', body='text', elsewhere='upcloud_metadata_url',
              doc=DOC + 'Metadata service'),

    Operation('GET /server-group', takes='label:any', answer='server_groups.server_group[]',
              doc=GROUPS + 'List all server groups'),
    Operation('GET /server-group/{uuid}', answer='server_group', about=('uuid', 'uuid'),
              doc=GROUPS + 'Show server group details'),
    Operation('GET /server-group/{uuid}/servers', answer='servers.server[]', doc=GROUPS + 'List servers in a group'),
    Operation('POST /server-group', WRITE, 'title servers:dict labels:dict anti_affinity', envelope='server_group',
              answer='server_group', doc=GROUPS + 'Create a new server group'),
    Operation('PATCH /server-group/{uuid}', WRITE, 'title servers:dict labels:dict anti_affinity', repeat=True,
              envelope='server_group', answer='server_group', doc=GROUPS + 'Modify server group'),
    Operation('DELETE /server-group/{uuid}', WRITE, repeat=True, already=('GROUP_NOT_FOUND',),
              doc=GROUPS + 'Delete server group'),
    # The server's UUID in the body has the name that the placeholder of the path has too, see client.encode().
    Operation('POST /server-group/{uuid}/servers', WRITE, 'server!', doc=GROUPS + 'Add a new server to a server group'),
    Operation('DELETE /server-group/{uuid}/servers/{server_uuid}', WRITE, repeat=True, already=('SERVER_NOT_FOUND',),
              doc=GROUPS + 'Remove server from a server group'),
    *operations_account.OPERATIONS,
    *operations_storage.OPERATIONS,
    *operations_network.OPERATIONS,
)
