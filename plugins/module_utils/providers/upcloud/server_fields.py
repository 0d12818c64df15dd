# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What UpCloud's servers honour, within which limits; and what can be known to be wrong before any request."""

from __future__ import annotations

import re

from ...errors import BadInput
from ...fields import Field
from . import matching, wire

UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
HOSTNAME = r'(?=.{1,128}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*'
# How options name a server: by UUID, or by host name in any case.
SERVER = '%s|(?i:%s)' % (UUID, HOSTNAME)
DEVICE = 'ide(:[01]:[01])?|scsi(:0:([0-9]|1[0-5]))?|virtio(:([0-9]|1[0-5]))?'
BOOT = '(disk|cdrom|network)'
LABEL_KEY = '[A-Za-z0-9-][A-Za-z0-9_-]{0,31}'
TIERS = ('maxiops', 'standard', 'hdd')
# The tier of what is made where neither the user nor the plan says one.
DEFAULT_TIER = 'maxiops'
MIN_SIZE, MAX_SIZE = 10, 4096
MAX_STOP_TIMEOUT = 600
MAX_DRIVES, MAX_NETWORKS, MAX_DEVICES = 16, 10, 24


def _lower(values):
    return sorted({value.lower() for value in values})


def no_backup(value):
    """The word for no backup, which may have come as a boolean."""
    # YAML makes a boolean of a bare `no`.
    return 'no' if value.lower() in ('no', 'false') else value


def _never(wanted, current):
    return True


def _if_shown(wanted, current):
    # The API leaves out of an answer what is not set.
    return current is None or wanted == current


def _how(kind, **more):
    """An option that says how, not what: never compared, never returned."""
    return Field(kind, compare=_never, output=False, **more)


HONOURS = {
    'id': {'pattern': UUID, 'hint': 'a UUID in lower case'},
    'name': {'pattern': HOSTNAME, 'normal': str.lower, 'hint': 'a host name in lower case, at most 128 characters'},
    'zone': {},
    'plan': {},
    'cpu_cores': {'maximum': 128},
    'memory_mb': {'minimum': 512, 'maximum': 1048576, 'hint': 'MiB'},
    'image': {},
    'size_gb': {'readable': True, 'update': 'yes', 'minimum': MIN_SIZE, 'maximum': MAX_SIZE,
                'hint': 'GiB, of the boot drive'},
    'clone_from': {},
    'drives': {'compare': matching.drives_fit, 'maximum': MAX_DRIVES, 'sub': {
        'id': {'pattern': UUID, 'hint': 'a UUID in lower case'},
        'name': {'pattern': r'[\s\S]{1,255}', 'hint': 'at most 255 characters'},
        'size_gb': {'minimum': MIN_SIZE, 'maximum': MAX_SIZE},
        'tier': {'choices': TIERS},
        'device': {'pattern': DEVICE, 'hint': 'such as virtio, virtio:1, scsi:0:0 or ide:0:1'}}},
    'networks': {'compare': matching.networks_fit, 'maximum': MAX_NETWORKS,
                 'only': ('type', 'network', 'address', 'addresses', 'index', 'source_ip_filtering', 'bootable'),
                 'sub': {'network': {'pattern': UUID, 'hint': 'a UUID in lower case'}, 'index': {'minimum': 1}}},
    'ssh_keys': {'maximum': 32},
    'user_data': {},
    'vnc_password': {'pattern': '[A-Za-z0-9]{8}', 'hint': '8 letters and digits'},
    'tags': {'normal': _lower, 'pattern': '[A-Za-z0-9_]{1,32}', 'hint': '1 to 32 letters, digits and _'},
    'labels': {'normal': wire.texts},
    'start': {}, 'allow_stop': {}, 'force_stop': {}, 'stop_timeout': {}, 'delete_drives': {}, 'purge_labels': {},
    'return_secrets': {},
}

OWN = {
    'title': Field(pattern=r'[\s\S]{1,255}', hint='at most 255 characters'),
    'boot_order': Field(pattern='%s(,%s){0,2}' % (BOOT, BOOT), hint='disk, cdrom, network, with commas between them'),
    'firewall': Field('bool'),
    'metadata': Field('bool', compare=_if_shown),
    'nic_model': Field(choices=('virtio', 'e1000', 'rtl8139')),
    'video_model': Field(choices=('vga', 'cirrus')),
    'timezone': Field(hint='such as Europe/Helsinki'),
    'simple_backup': Field(pattern='([01][0-9]|2[0-3])[0-5][0-9],(daily|dailies|weeklies|monthlies)|(?i:no|false)',
                           normal=no_backup, hint='HHMM in UTC and how often, such as 0430,dailies, or no'),
    'server_group': Field(pattern='(%s)?' % UUID, allow_empty=True, normal=lambda value: value or None,
                          hint='the UUID of a server group, or an empty string for none'),
    'remote_access_enabled': Field('bool'),
    'remote_access_type': Field(choices=('vnc',), update='stop', compare=_if_shown),
    'login_user': Field('dict', update='no', readable=False, output=False, options={
        'username': Field(pattern='[a-z_][a-z0-9_-]{0,31}', hint='a Linux user name'),
        'create_password': Field('bool')}),
    'password_delivery': Field(update='no', readable=False, output=False, choices=('none', 'email', 'sms')),
    'host': Field('int', compare=_never, minimum=1),
    'avoid_host': _how('int', minimum=1),
    'stop_type': _how('str', choices=('soft', 'hard')),
    'start_type': _how('str', choices=('async', 'sync')),
    'delete_backups': _how('str', choices=('keep', 'keep_latest', 'delete')),
    'cancel': _how('bool'),
    'detach_drives': Field('list', elements='str', output=False),
    'remove_networks': Field('list', elements='int', output=False),
}

REFUSES = {
    'cpu_mhz': 'its cores have no set speed; use plan, or cpu_cores and memory_mb',
    'persistent': 'all its servers persist',
    'vnc_address': 'the API chooses it; use upcloud.remote_access_enabled',
    'vnc_tls': 'use upcloud.remote_access_enabled',
    'max_price': 'the API prices no order beforehand; it lists prices at GET /price',
    'once': 'it has no one-shot state',
    'reimaged': 'the API cannot; make a new server, or restore a backup of its storage',
    'upgraded': 'change plan, cpu_cores or memory_mb',
    'networks.mac': 'the API chooses it',
    'networks.model': 'it is one for the whole server: upcloud.nic_model',
}


def own_of(options):
    """What the options hold in the provider's dict, without what was not said."""
    return {name: value for name, value in (options.get('upcloud') or {}).items() if value is not None}


def problems(options):
    """What is wrong with the options together; nothing has been sent yet."""
    own = own_of(options)
    if options.get('image') and options.get('clone_from'):
        yield 'image and clone_from exclude each other'
    if options['force_stop'] and options['stop_timeout'] > MAX_STOP_TIMEOUT:
        yield 'stop_timeout must be at most %d with force_stop, not %s' % (MAX_STOP_TIMEOUT, options['stop_timeout'])
    if own.get('stop_type') == 'hard' and not options['force_stop']:
        yield 'upcloud.stop_type: hard cuts the power and needs force_stop: true'
    if own.get('delete_backups') and not options['delete_drives']:
        yield 'upcloud.delete_backups goes with delete_drives: true only: the API deletes backups together with drives'
    if own.get('cancel') and options['state'] != 'absent':
        yield 'upcloud.cancel goes with state absent only'
    if options.get('ssh_keys') and (own.get('login_user') or {}).get('create_password'):
        yield 'upcloud.login_user.create_password cannot be true with ssh_keys'
    if len(set((own.get('boot_order') or '').split(','))) < len((own.get('boot_order') or '').split(',')):
        yield 'upcloud.boot_order names a device twice'
    flagged = [drive for drive in options.get('drives') or [] if drive.get('boot') and not matching.is_cdrom(drive)]
    if flagged and options.get('size_gb') is not None:
        # When it is made, size_gb is of the drive from image; afterwards that of the drive it boots from, another one.
        yield ('size_gb is of the drive that the server boots from, and in drives another one has boot: true; say the '
               'size of each in drives, the image too (drives[].image)')
    if len(options.get('drives') or []) + len(options.get('networks') or []) > MAX_DEVICES:
        yield 'a server takes at most %d drives and networks together' % MAX_DEVICES
    both = {drive.get(key) for drive in options.get('drives') or [] for key in ('id', 'name')} & set(
        own.get('detach_drives') or [])
    if both:
        yield 'drives and upcloud.detach_drives name the same: %s' % ', '.join(sorted(both))
    both = {network.get('index') for network in options.get('networks') or []} & set(own.get('remove_networks') or [])
    if both:
        yield 'networks and upcloud.remove_networks name the same index: %s' % ', '.join(map(str, sorted(both)))
    yield from label_problems('labels', options.get('labels'))
    yield from _drives(options.get('drives') or [])
    yield from _networks(options.get('networks') or [])


def label_problems(name, labels):
    for key, value in (labels or {}).items():
        if not re.fullmatch(LABEL_KEY, str(key)):
            yield '%s: the key %r must be 1 to 32 letters, digits, - and _, and not begin with _' % (name, key)
        if isinstance(value, (dict, list, bool)) or len(str(value or '')) > 255:
            yield '%s: the value of %s must be text of at most 255 characters (quote yes, no, true and false)' % (
                name, key)


def check_labels(options):
    """:raises BadInput: for labels that the API would not take."""
    told = list(label_problems('labels', options.get('labels')))
    if told:
        raise BadInput('; '.join(told), provider='upcloud')


def _drives(drives):
    for number, drive in enumerate(drives):
        where = 'drives[%d]' % number
        yield from label_problems(where + '.labels', drive.get('labels'))
        if matching.is_cdrom(drive):
            if (drive.get('id') is None) == (drive.get('image') is None):
                yield '%s: a CD-ROM needs either id, or image with its title or UUID' % where
            if drive.get('size_gb') is not None or drive.get('tier') is not None:
                yield '%s: a CD-ROM has no size_gb and no tier' % where
        elif drive.get('id') is None and drive.get('name') is None:
            yield '%s needs id (of a storage that is there) or name (of one to be made)' % where
        elif drive.get('id') is not None and drive.get('image') is not None:
            yield '%s: id attaches a storage and image makes one; name one of them' % where
    for key in ('id', 'name', 'device'):
        given = [drive[key] for drive in drives if drive.get(key) and ':' in (drive[key] if key == 'device' else ':')]
        if len(set(given)) < len(given):
            yield 'drives: two have the same %s' % key
    if sum(matching.is_cdrom(drive) for drive in drives) > 1:
        yield 'drives: a server has at most one CD-ROM'
    if sum(bool(drive.get('boot')) for drive in drives) > 1:
        yield 'drives: only one can have boot: true'


def _networks(networks):
    for number, network in enumerate(networks):
        where, kind = 'networks[%d]' % number, network.get('type')
        addresses = matching.wanted_addresses(network)
        if kind is None:
            yield '%s needs type' % where
        if kind == 'private' and network.get('network') is None:
            yield '%s: a private network needs network, its UUID' % where
        if network.get('address') and network.get('addresses'):
            yield '%s: address and addresses exclude each other' % where
        families = {wire.family_of(item) for item in addresses}
        if kind != 'public' and 'IPv6' in families:
            yield '%s: only a public network has IPv6' % where
        if kind == 'public' and len(families) > 1:
            yield '%s: IPv4 and IPv6 need a public interface each' % where
        if kind != 'private' and network.get('source_ip_filtering') is False:
            yield '%s: only a private network can do without source_ip_filtering' % where
    indexes = [network['index'] for network in networks if network.get('index') is not None]
    if len(set(indexes)) < len(indexes):
        yield 'networks: two have the same index'


def check(options):
    """:raises BadInput: with all that is wrong."""
    told = list(problems(options))
    if told:
        raise BadInput('; '.join(told), provider='upcloud')
