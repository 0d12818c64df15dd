# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating a server: every attribute is checked before anything is made."""

from __future__ import annotations

import re

from . import (
    attributes,
    catalogue,
    checks,
    devices,
    hosts,
    interfaces,
    networks,
    power,
    servers,
    storage_jobs,
    storages,
)
from .errors import Refused

FIELDS = tuple(attributes.CHECKS) + attributes.SIZING + tuple(attributes.OLDER) + (
    'zone', 'title', 'labels', 'storage_devices', 'networking', 'interfaces', 'ip_addresses', 'login_user', 'user_data',
    'password_delivery', 'host', 'avoid_host', 'server_group')
# zone is what UpCloud's Python SDK adds.
DEVICE_FIELDS = ('action', 'address', 'size', 'storage', 'tier', 'title', 'type', 'boot_disk', 'labels', 'encrypted',
                 'backup_rule', 'zone')
MIN_SIZE = 10
USERNAME = re.compile(r'[a-z_][a-z0-9_-]{0,31}')
SSH_KEY = re.compile(r'(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ \S+( .*)?', re.DOTALL)
MAX_KEYS, MAX_USER_DATA = 32, 65536


class Wanted:
    """One storage device of a request, checked."""

    def __init__(self, cloud, block, zone, hostname, number, taken):
        if not isinstance(block, dict) or not block:
            raise Refused('STORAGE_DEVICE_INVALID')
        checks.known(block, DEVICE_FIELDS)
        if 'action' not in block:
            raise Refused('ACTION_MISSING')
        self.action = checks.one_of(block['action'], ('create', 'clone', 'attach'), 'ACTION_INVALID')
        self.kind = checks.one_of(block.get('type', 'disk'), ('disk', 'cdrom'), 'TYPE_INVALID')
        self.boot = devices.boot_flag(block.get('boot_disk', '0'))
        self.title = checks.text(block.get('title', '%s storage %d' % (hostname, number)), 'STORAGE_TITLE_INVALID')
        self.tier = storages.tier_of(block)
        self.labels = checks.labels(block.get('labels', []))
        self.encrypted = checks.yes_no(block.get('encrypted', 'no'), 'ENCRYPTED_INVALID')
        self.backup_rule = storages.backup_rule(block.get('backup_rule') or {})
        self.source, self.size = None, None
        if self.action != 'attach' and self.kind == 'cdrom':
            raise Refused('TYPE_INVALID', 'Only an existing storage can be a CD-ROM.')
        if self.action == 'create':
            if block.get('size') is None:
                raise Refused('SIZE_MISSING')
        else:
            if not block.get('storage'):
                raise Refused('STORAGE_MISSING')
            self.source = storages.find(cloud, block['storage'])
        if block.get('size') is not None and self.action != 'attach':
            self.size = checks.number(block['size'], 'SIZE_INVALID', MIN_SIZE, storages.MAX_SIZE)
        self.address = devices.address_for(block.get('address'), self.kind, taken)
        taken.append(self.address)
        if self.action == 'attach':
            devices.check_attachable(cloud, self.source, self.kind, zone)
        elif self.action == 'clone':
            self._check_clone(zone)

    def _check_clone(self, zone):
        """Size and source of a clone."""
        if self.source['type'] not in ('normal', 'template'):
            raise Refused('STORAGE_TYPE_ILLEGAL', 'A %s cannot be cloned.' % self.source['type'])
        if self.source.get('zone', zone) != zone:
            raise Refused('ZONE_MISMATCH', 'The storage is in zone %s.' % self.source['zone'])
        storages.require_online(self.source, 'cloning')
        self.size = self.size or self.source['size']
        if self.size < self.source['size']:
            raise Refused('SIZE_INVALID', 'The storage that is cloned has %d GiB.' % self.source['size'])

    def make(self, cloud, zone):
        """The storage of this device, which is made unless it was there."""
        if self.action == 'attach':
            return self.source
        fields = storage_jobs.inherited(self.source) if self.source else {}
        storage = storages.new_storage(cloud, zone, self.title, self.size, self.tier, labels=self.labels,
                                       encrypted=self.encrypted, backup_rule=self.backup_rule, **fields)
        storage.pop('template_type', None)
        cloud.storages[storage['uuid']] = storage
        return storage


def _wanted_devices(cloud, block, zone, hostname):
    """The storage devices of a request, checked one by one and together."""
    if 'storage_devices' not in block:
        raise Refused('STORAGE_DEVICES_MISSING')
    given = block['storage_devices']
    if isinstance(given, dict):
        if 'storage_device' not in given:
            raise Refused('STORAGE_DEVICE_MISSING')
        given = given['storage_device']
        if isinstance(given, dict):
            given = [given]
    if not isinstance(given, list):
        raise Refused('STORAGE_DEVICES_INVALID')
    if not given:
        raise Refused('STORAGE_DEVICE_MISSING')
    if len(given) > devices.MAX_DEVICES:
        raise Refused('STORAGE_DEVICE_LIMIT_REACHED', 'A server has at most %d devices.' % devices.MAX_DEVICES)
    taken = []
    found = [Wanted(cloud, item, zone, hostname, number, taken) for number, item in enumerate(given, 1)]
    if sum(item.kind == 'cdrom' for item in found) > 1:
        raise Refused('CDROM_DEVICE_IN_USE')
    if sum(item.boot == '1' for item in found) > 1:
        raise Refused('TOO_MANY_BOOT_DISKS')
    attached = [item.source['uuid'] for item in found if item.action == 'attach']
    if len(set(attached)) < len(attached):
        raise Refused('STORAGE_IN_USE')
    if len(_templates(found)) > 1:
        raise Refused('MULTIPLE_TEMPLATES')
    return found


def _templates(wanted):
    return [item.source for item in wanted if item.action == 'clone' and item.source['type'] == 'template']


def _keys(login):
    """The SSH keys of a login_user block."""
    keys = login.get('ssh_keys') or []
    keys = checks.listed(keys, 'ssh_key', 'SSH_KEYS_INVALID') if keys else []
    if len(keys) > MAX_KEYS:
        raise Refused('SSH_KEYS_INVALID', 'At most %d keys are taken.' % MAX_KEYS)
    return [checks.matching(key.strip() if isinstance(key, str) else key, SSH_KEY, 'SSH_KEYS_INVALID',
                            'A public key in OpenSSH form is wanted.') for key in keys]


def _login(cloud, block, template, metadata):
    """Who can log in: {username, ssh_keys, password or None}; nobody knows where there is no template."""
    login = block.get('login_user') or {}
    if not isinstance(login, dict):
        raise Refused('LOGIN_USER_INVALID')
    checks.known(login, ('username', 'create_password', 'ssh_keys'))
    checks.one_of(block.get('password_delivery', 'email'), ('none', 'email', 'sms'), 'PASSWORD_DELIVERY_INVALID')
    if block.get('user_data') is not None:
        checks.text(block['user_data'], 'USER_DATA_INVALID', 0, MAX_USER_DATA)
    if not template:
        return {}
    asked = login.get('create_password')
    if asked is not None:
        asked = checks.yes_no(asked, 'CREATE_PASSWORD_INVALID')
    if not template['linux']:
        if cloud.settings['trial_mode']:
            raise Refused('WINDOWS_NOT_AVAILABLE')
        if not cloud.settings['ms_lma_accepted']:
            raise Refused('MS_LMA_REQUIRED')
        return {'username': 'Administrator', 'ssh_keys': [],
                'password': None if asked == 'no' else servers.password(cloud, 16)}
    username = checks.matching(login.get('username', 'root'), USERNAME, 'INVALID_USERNAME')
    if username in catalogue.RESERVED_USERNAMES:
        raise Refused('INVALID_USERNAME', '%s is a reserved name.' % username)
    keys = _keys(login)
    if keys and asked == 'yes':
        raise Refused('CREATE_PASSWORD_INVALID')
    if template.get('template_type') == 'cloud-init':
        if not keys:
            raise Refused('CAN_NOT_CREATE_PASSWORD_FOR_THE_SELECTED_DISTRIBUTION',
                          'A cloud-init template needs SSH keys.')
        if metadata != 'yes':
            raise Refused('METADATA_DISABLED_ON_CLOUD-INIT')
    made = not keys and asked != 'no'
    return {'username': username, 'ssh_keys': keys, 'password': servers.password(cloud, 16) if made else None}


def _wanted_interfaces(cloud, block):
    """The interface blocks of a request; the ip_addresses of older clients are taken too."""
    networking = block.get('networking')
    if networking is None and block.get('interfaces') is not None:
        networking = {'interfaces': block['interfaces']}
    if networking is not None:
        inner = networking.get('interfaces') if isinstance(networking, dict) else networking
        if inner is None:
            raise Refused('INTERFACES_MISSING')
        return checks.listed(inner, 'interface', 'INTERFACES_INVALID')
    if block.get('ip_addresses'):
        older = checks.listed(block['ip_addresses'], 'ip_address', 'IP_ADDRESSES_INVALID')
        kinds = {'private': 'utility'}
        return [{'type': kinds.get(item.get('access', 'public'), item.get('access', 'public')),
                 'ip_addresses': [{'family': item.get('family', 'IPv4')}]} for item in older]
    if not cloud.settings['default_networking']:
        raise Refused('INTERFACES_MISSING')
    return list(interfaces.DEFAULT)


def _required(cloud, block):
    """The attributes that must be there: zone, title, hostname."""
    zone = networks.zone_of(block)
    if 'title' not in block:
        raise Refused('SERVER_TITLE_MISSING')
    if 'hostname' not in block:
        raise Refused('HOSTNAME_MISSING')
    return zone, checks.text(block['title'], 'SERVER_TITLE_INVALID')


def create(cloud, call):
    """POST /server."""
    block = cloud.body(call, 'server')
    checks.known(block, FIELDS)
    zone, title = _required(cloud, block)
    common = attributes.given(block)
    sizing = attributes.sizing(block)
    labels = checks.labels(block.get('labels', []))
    group = block.get('server_group') or None
    if group:
        group = cloud.find(cloud.groups, group, 'GROUP')['uuid']
    host, avoid = hosts.wanted(cloud, block)
    wanted = _wanted_devices(cloud, block, zone, common['hostname'])
    template = (_templates(wanted) or [None])[0]
    login = _login(cloud, block, template, common.get('metadata', 'no'))
    if common.get('simple_backup', 'no') != 'no' and any(
            item.backup_rule or (item.action == 'attach' and item.source['backup_rule']) for item in wanted):
        raise Refused('BACKUP_RULE_CONFLICT')
    _check_limits(cloud, sizing, wanted)
    server = servers.new_server(cloud, zone, title=title, labels=labels, server_group=group, **common, **sizing)
    server['interfaces'] = interfaces.make_all(cloud, server, _wanted_interfaces(cloud, block))
    if len(wanted) + len(server['interfaces']) > devices.MAX_DEVICES_AND_INTERFACES:
        raise Refused('STORAGE_DEVICE_LIMIT_REACHED')
    server['host'] = hosts.place(cloud, zone, host, avoid, group)
    password = login.pop('password', None)
    server.update(login=login, user_data=block.get('user_data') if template and template['linux'] else None)
    return 202, _build(cloud, call, server, wanted, password)


def _check_limits(cloud, sizing, wanted):
    """Refuse what goes beyond the limits of the account."""
    if cloud.settings['trial_mode'] and sizing['plan'] != 'custom':
        raise Refused('TRIAL_PLAN')
    if len(set(cloud.cancels) & set(cloud.servers)) >= cloud.settings['creating_limit']:
        raise Refused('SERVER_CREATING_LIMIT_REACHED')
    cloud.require(servers=1, cores=sizing['core_number'], memory=sizing['memory_amount'],
                  **{'storage_' + tier: sum(item.size for item in wanted
                                            if item.tier == tier and item.action != 'attach')
                     for tier in catalogue.TIERS})


def equip(cloud, server, pairs):
    """Give a server its devices and make it one of the account's. `pairs` are of device and storage."""
    plan = catalogue.PLAN.get(server['plan'])
    for device, storage in pairs:
        server['devices'].append(device)
        if plan and plan['storage_tier'] == storage.get('tier') and storage['size'] <= plan['storage_size'] and \
                len(server['devices']) == 1:
            device['part_of_plan'] = storage['part_of_plan'] = 'yes'
    if plan:
        for item in interfaces.addresses(server):
            if item['access'] == 'public' and item['family'] == 'IPv4':
                item['part_of_plan'] = 'yes'
                break
    interfaces.register(cloud, server)
    cloud.servers[server['uuid']] = server


def _build(cloud, call, server, wanted, password):
    """Make the server and its storages, and let it come up."""
    new = [(item, item.make(cloud, server['zone'])) for item in wanted]
    equip(cloud, server, [(devices.new_device(item.address, storage, item.kind, item.boot), storage)
                          for item, storage in new])
    clones = [(item.source, storage) for item, storage in new if item.action == 'clone']
    for source, storage in clones:
        storage_jobs.occupy(source, 'cloning')
        storage_jobs.busy(cloud, storage, 'maintenance')
    server['began'] = cloud.world.now()

    def settle(state):
        for source, storage in clones:
            storage_jobs.free(cloud, source)
            storage.update(state=state, began=None)

    def done():
        settle('online')
        power.boot(cloud, server)

    def failed():
        settle('error')
        power.fail(cloud, server)

    def cancelled():
        settle('online')
        servers.remove(cloud, server)
        for item, storage in new:
            if item.action != 'attach':
                storages.remove(cloud, storage, 'keep')
    cloud.cancels[server['uuid']] = cancelled
    cloud.job(call, server, done, failed)
    answer = servers.details(cloud, server)
    if server['login']:
        answer['server']['username'] = server['login']['username']
    if password:
        answer['server']['password'] = password
    return answer
