# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata service, which a server asks about itself. No credentials; which server asks is told by the header
X-Sandbox-Server or the parameter `server`, else it is the first one that has metadata switched on."""

from __future__ import annotations

import json

from ...engine import Reply
from . import networks
from .errors import Refused

OPERATION = 'GET metadata v1.json and tree (from inside a server)'
ROOT = '/metadata/v1'


def document(cloud, server):
    """What the service says of a server."""
    return {
        'cloud_name': 'upcloud', 'instance_id': server['uuid'], 'hostname': server['hostname'], 'platform': 'servers',
        'subplatform': 'metadata (http://169.254.169.254)', 'public_keys': server['login'].get('ssh_keys', []),
        'region': server['zone'],
        'network': {'interfaces': [_interface(cloud, interface) for interface in server['interfaces']],
                    'dns': ['198.18.0.53', '198.18.1.53']},
        'storage': {'disks': [_disk(cloud.storages[device['storage']], device) for device in server['devices']
                              if device['storage']]},
        'tags': server['tags'], 'user_data': server['user_data'] or '', 'vendor_data': ''}


def _interface(cloud, interface):
    network = cloud.networks[interface['network']]
    settings = network['ip_networks'][0]
    return {'index': interface['index'], 'mac': interface['mac'], 'network_id': interface['network'],
            'type': interface['type'],
            'ip_addresses': [{'address': item['address'], 'dhcp': item['dhcp_provided'] == 'yes',
                              'dns': settings['dhcp_dns'] if interface['type'] != 'utility' else None,
                              'family': item['family'], 'floating': item['floating'] == 'yes',
                              'gateway': settings['gateway'], 'network': str(networks.subnet(network))}
                             for item in interface['ips']]}


def _disk(storage, device):
    return {'id': storage['uuid'], 'serial': storage['uuid'].replace('-', '')[:20], 'size': storage['size'],
            'type': device['type'], 'tier': storage.get('tier')}


def _server(cloud, call):
    """The server that asks."""
    wanted = call.headers.get('X-Sandbox-Server') or call.parameter('server')
    if wanted:
        server = cloud.servers.get(wanted)
    else:
        server = next((item for item in cloud.servers.values() if item['metadata'] == 'yes'), None)
    return server if server and server['metadata'] == 'yes' else None


def _leaf(value):
    """A value as plain text."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return '' if value is None else str(value)


def _shown(value):
    """A directory as the names in it, or a value as text. The members of a list are numbered from 1."""
    if isinstance(value, dict):
        return '\n'.join(key + ('/' if _is_directory(item) else '') for key, item in value.items()) + '\n'
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return '\n'.join(str(number) for number in range(1, len(value) + 1)) + '\n'
        return '\n'.join(_leaf(item) for item in value)
    return _leaf(value)


def _is_directory(value):
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _walk(value, segments):
    """What is at a path below the document; KeyError if nothing is."""
    for segment in segments:
        if isinstance(value, list):
            if not segment.isdecimal() or len(segment) > 4 or not 1 <= int(segment) <= len(value):
                raise KeyError(segment)
            value = value[int(segment) - 1]
        elif isinstance(value, dict):
            value = value[segment]
        else:
            raise KeyError(segment)
    return value


def serve(cloud, call):
    """One request to the service."""
    def action():
        server = _server(cloud, call)
        path = call.decoded_path
        if not server or call.method != 'GET':
            return Reply(404, b'not found\n', 'text/plain')
        whole = document(cloud, server)
        if path == ROOT + '.json':
            return Reply(200, json.dumps(whole, indent=2).encode())
        if path.rstrip('/') != ROOT and not path.startswith(ROOT + '/'):
            return Reply(404, b'not found\n', 'text/plain')
        try:
            found = _walk(whole, [segment for segment in path[len(ROOT):].split('/') if segment])
        except KeyError:
            return Reply(404, b'not found\n', 'text/plain')
        return Reply(200, _shown(found).encode(), 'text/plain')
    try:
        return cloud.perform(call, OPERATION, False, action)
    except Refused as refusal:
        return Reply(refusal.status, refusal.message.encode(), 'text/plain')
