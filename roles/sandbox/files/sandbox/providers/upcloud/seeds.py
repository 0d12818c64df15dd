# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things made at once by POST /seed, ready and without regard to limits.

Options of all kinds: `prefix` (of names), `name` or `names` (exact ones), `owner` ("other": it exists, but belongs to
another account). All other options are fields of the things, in the API's own terms.
"""

from __future__ import annotations

from . import (
    attributes,
    catalogue,
    checks,
    devices,
    hosts,
    interfaces,
    networks,
    server_create,
    servers,
    storage_jobs,
    storages,
)

TEMPLATE = catalogue.PUBLIC_STORAGE % '000020060100'
# Kinds that go by several names.
SAME = {'drives': 'storages', 'addresses': 'ip_addresses', 'groups': 'server_groups'}


def seed(cloud, kind, count, options):
    """Make `count` things of a kind; returns their ids."""
    kind = SAME.get(kind, kind)
    if kind not in KINDS:
        raise ValueError('%s: the kinds are %s' % (kind, ', '.join(sorted(KINDS))))
    options = dict(options)
    names, owner = _names(count, options), options.pop('owner', None)
    stores = (cloud.servers, cloud.storages, cloud.networks, cloud.routers, cloud.groups, cloud.addresses)
    before = [set(store) for store in stores]
    made = KINDS[kind](cloud, names, options)
    if owner:
        # Of another account's things the API only tells that they are there.
        for store, known in zip(stores, before):
            for key in set(store) - known:
                cloud.foreign.add(key)
                del store[key]
    return made


def _names(count, options):
    """The names of the things to be made."""
    prefix = options.pop('prefix', None)
    given = options.pop('names', None) or ([options.pop('name')] if 'name' in options else [])
    return [(given[number] if number < len(given) else None, prefix, number + 1) for number in range(count)]


def _name(entry, default):
    """One name, made up where none was given."""
    given, prefix, number = entry
    return given or '%s%d' % (default if prefix is None else prefix, number)


def _labels(options):
    """Labels as a list, from a list or a plain object."""
    given = options.pop('labels', [])
    return [{'key': key, 'value': value} for key, value in given.items()] if isinstance(given, dict) else list(given)


def _only(options, allowed):
    """ValueError for options that the kind doesn't have."""
    unknown = sorted(set(options) - set(allowed))
    if unknown:
        raise ValueError('unknown: %s; known: %s' % (', '.join(unknown), ', '.join(sorted(allowed))))


def _zone(options):
    zone = options.pop('zone', 'fi-hel1')
    if zone not in catalogue.ZONE_IDS:
        raise ValueError('zone: one of %s' % ', '.join(catalogue.ZONE_IDS))
    return zone


SERVER_OPTIONS = ('hostname', 'title', 'state', 'plan', 'core_number', 'memory_amount', 'tags', 'server_group',
                  'ignore_soft_stop', 'hot_resize', 'size', 'tier', 'template', 'networks', 'networking', 'user_data',
                  'ssh_keys', 'created', 'host') + tuple(attributes.CHECKS)


def _servers(cloud, names, options):
    """Servers with one disk each, started unless `state` says otherwise."""
    _only(options, SERVER_OPTIONS + ('zone', 'labels'))
    zone, labels, tags = _zone(options), _labels(options), options.pop('tags', [])
    template = cloud.storages[options.pop('template', TEMPLATE)]
    size, tier = options.pop('size', 25), options.pop('tier', 'maxiops')
    sizing = attributes.sizing({name: options.pop(name) for name in attributes.SIZING if name in options}
                               or {'plan': '1xCPU-2GB'})
    blocks = list(options.pop('networking', interfaces.DEFAULT))
    blocks += [{'type': 'private', 'network': uuid, 'ip_addresses': [{'family': 'IPv4'}]}
               for uuid in options.pop('networks', [])]
    keys = options.pop('ssh_keys', [])
    _tags(cloud, [(tag, None, 0) for tag in tags if tag.lower() not in cloud.tags], {})
    public = hosts.of_zone(zone)
    found, taken = [], {}
    for number, entry in enumerate(names):
        hostname = options.get('hostname') or _name(entry, 'server')
        fields = {'title': hostname, 'state': 'started', 'host': public[number % len(public)], **sizing, **options}
        server = servers.new_server(cloud, zone, hostname=fields.pop('hostname', hostname),
                                    labels=[dict(label) for label in labels], tags=list(tags),
                                    login={'username': 'root', 'ssh_keys': list(keys)}, **fields)
        server['interfaces'] = [interfaces.make(cloud, server, block, position, taken)
                                for position, block in enumerate(blocks, 1)]
        storage = storages.new_storage(cloud, zone, '%s disk' % hostname, size, tier,
                                       **storage_jobs.inherited(template))
        storage.pop('template_type', None)
        cloud.storages[storage['uuid']] = storage
        server_create.equip(cloud, server, [(devices.new_device('virtio:0', storage, 'disk'), storage)])
        found.append(server['uuid'])
    return found


def _storages(cloud, names, options, kind='normal', default='storage'):
    """Storages that are attached to nothing."""
    _only(options, ('title', 'zone', 'labels', 'size', 'tier', 'state', 'encrypted', 'backup_rule', 'favorite',
                    'license', 'linux', 'template_type', 'origin', 'created'))
    zone, labels, size = _zone(options), _labels(options), options.pop('size', 10)
    tier, title, found = options.pop('tier', 'maxiops'), options.pop('title', None), []
    for entry in names:
        storage = storages.new_storage(cloud, zone, title or _name(entry, default), size,
                                       None if kind == 'backup' else tier, type=kind, labels=list(labels), **options)
        cloud.storages[storage['uuid']] = storage
        found.append(storage['uuid'])
    return found


def _templates(cloud, names, options):
    """Private templates."""
    options = {'linux': True, 'template_type': 'native', **options}
    return _storages(cloud, names, options, 'template', 'template')


def _backups(cloud, names, options):
    """Backups of the storage `origin`; of one made for it where none is named."""
    options = dict(options)
    origin = options.get('origin') or _storages(cloud, [(None, None, 1)], {'zone': options.get('zone', 'fi-hel1')})[0]
    if origin not in cloud.storages:
        raise ValueError('origin: there is no storage %s' % origin)
    source = cloud.storages[origin]
    options.update(origin=origin, zone=source['zone'])
    options.setdefault('size', source['size'])
    return _storages(cloud, names, options, 'backup', 'backup')


def _networks(cloud, names, options):
    """Private networks."""
    _only(options, ('zone', 'labels', 'router', 'address', 'dhcp'))
    zone, labels, found = _zone(options), _labels(options), []
    for entry in names:
        uuid, number = cloud.uuid('03'), entry[2]
        address = options.get('address', '172.%d.%d.0/24' % (16 + number // 256 % 16, number % 256))
        cloud.networks[uuid] = {
            'uuid': uuid, 'name': _name(entry, 'network'), 'type': 'private', 'zone': zone,
            'router': options.get('router'), 'labels': list(labels), 'next': 1, 'ip_networks': [{
                'address': address, 'family': 'IPv4', 'dhcp': options.get('dhcp', 'yes'), 'dhcp_default_route': 'no',
                'dhcp_dns': []}]}
        subnet = networks.subnet(cloud.networks[uuid])
        cloud.networks[uuid]['ip_networks'][0]['gateway'] = str(subnet.network_address + 1)
        found.append(uuid)
    return found


def _addresses(cloud, names, options):
    """Detached floating addresses."""
    _only(options, ('zone', 'family', 'release_policy', 'ptr_record'))
    zone, family, found = _zone(options), options.get('family', 'IPv4'), []
    network = networks.common_network(cloud, zone, 'public', family)
    for _entry in names:
        item = interfaces.new_address(cloud, {'uuid': None}, {'mac': None}, network, family,
                                      networks.free_address(cloud, network, {}))
        item.update(floating='yes', release_policy=options.get('release_policy', 'keep'))
        item['ptr_record'] = options.get('ptr_record', item['ptr_record'])
        cloud.addresses[item['address']] = item
        found.append(item['address'])
    return found


def _tags(cloud, names, options):
    """Tags, on the servers of the option `servers`."""
    _only(options, ('description', 'servers'))
    found = []
    for entry in names:
        name = _name(entry, 'tag')
        cloud.tags[name.lower()] = {'name': name, 'description': options.get('description', '')}
        for uuid in options.get('servers', []):
            cloud.servers[uuid]['tags'].append(name)
        found.append(name)
    return found


def _groups(cloud, names, options):
    """Server groups, with the servers of the option `servers`."""
    _only(options, ('anti_affinity', 'labels', 'servers'))
    labels, found = _labels(options), []
    for entry in names:
        uuid = cloud.uuid('0b')
        cloud.groups[uuid] = {'uuid': uuid, 'title': _name(entry, 'group'), 'labels': list(labels),
                              'anti_affinity': options.get('anti_affinity', 'no')}
        for server in options.get('servers', []):
            cloud.servers[server]['server_group'] = uuid
        found.append(uuid)
    return found


def _routers(cloud, names, options):
    """Routers."""
    _only(options, ('labels', 'type', 'static_routes'))
    labels, found = _labels(options), []
    for entry in names:
        uuid = cloud.uuid('04')
        cloud.routers[uuid] = {'uuid': uuid, 'name': _name(entry, 'router'), 'type': options.get('type', 'normal'),
                               'labels': list(labels), 'static_routes': options.get('static_routes', [])}
        found.append(uuid)
    return found


def _hosts(cloud, names, options):
    """Hosts of a private cloud, on which servers can be placed."""
    _only(options, ('zone', 'description'))
    zone, found = _zone(options), []
    for entry in names:
        number = 8600000000 + len(cloud.hosts) + 1
        cloud.hosts[number] = {'id': number, 'description': options.get('description', _name(entry, 'host')),
                               'zone': zone, 'windows_enabled': 'no', 'stats': {'stat': []}}
        found.append(str(number))
    return found


def _settings(cloud, names, options):
    """No things, but settings: those of provider.py, and `limits` of the account."""
    limits = options.pop('limits', {})
    _only(limits, catalogue.LIMITS)
    _only(options, cloud.settings)
    cloud.limits.update(limits)
    cloud.settings.update(options)
    return sorted(options) + sorted(limits)


def _rules(cloud, names, options):
    """Firewall rules at the end of the list of the server `server`: accept tcp to a port, counted up from `port`."""
    _only(options, ('server', 'port'))
    rules = cloud.servers[checks.identifier(options.get('server'), 'SERVER_INVALID')]['firewall_rules']
    for number, _entry in enumerate(names):
        port = str(options.get('port', 1000) + number)
        rule = dict.fromkeys(('comment', 'destination_address_end', 'destination_address_start', 'icmp_type',
                              'source_address_end', 'source_address_start', 'source_port_end', 'source_port_start'), '')
        rules.append(dict(rule, action='accept', direction='in', family='IPv4', protocol='tcp',
                          destination_port_start=port, destination_port_end=port))
    return [str(len(rules) - len(names) + number + 1) for number in range(len(names))]


KINDS = {'servers': _servers, 'storages': _storages, 'templates': _templates, 'backups': _backups,
         'networks': _networks, 'ip_addresses': _addresses, 'tags': _tags, 'server_groups': _groups,
         'routers': _routers, 'hosts': _hosts, 'settings': _settings, 'firewall_rules': _rules}
