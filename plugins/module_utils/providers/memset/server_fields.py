# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's servers as tables: what is honoured within which limits, what is refused, and how the wire spells it."""

from __future__ import annotations

import dataclasses
import ipaddress

from ...fields import Field
from .catalogue import NETWORK_ZONES, SYSTEMS

SERVICE_NAME = '[A-Za-z0-9._-]{1,64}'
NICKNAME = '[A-Za-z0-9_.-]{1,255}'

IMAGES = tuple(SYSTEMS)
ZONES = tuple(NETWORK_ZONES)

# Refused wherever it would be changed: no operation does it.
FIXED = 'Memset\'s API has no operation that changes it; ask Memset\'s support'


def same_image(wanted, current):
    """A snapshot's name installs a system of another name, so only names of stock systems can be told apart."""
    return wanted == current or wanted not in IMAGES


def listed(value):
    return [value] if isinstance(value, str) else list(value or [])


HONOURS = {
    'id': {'pattern': SERVICE_NAME, 'hint': 'the name that Memset gave the service, such as testaa1'},
    'name': {'pattern': NICKNAME, 'hint': 'the nickname: letters, digits, _ . and -, at most 255; Memset drops others '
                                          'without a word'},
    'zone': {'hint': FIXED},
    'plan': {'update': 'no', 'readable': False},
    'image': {'readable': True, 'compare': same_image, 'hint': 'state reimaged installs another system'},
    'size_gb': {},
    'ssh_keys': {'maximum': 1, 'hint': 'Memset takes one key'},
    'max_price': {},
    'once': {},
}

REFUSES = {
    'running': 'Memset has no operation that starts a server; a new server is started by its order, and state '
               'restarted reboots it',
    'stopped': 'Memset has no operation that stops a server; state absent cancels it',
    'start': 'Memset starts every new server and cannot stop one',
    'cpu_cores': 'use plan', 'cpu_mhz': 'use plan', 'memory_mb': 'use plan, and memset.ram for a fullserver',
    'clone_from': 'use image with the os_option of a snapshot, or state reimaged with memset.snapshot',
    'drives': 'use memset.disk for a fullserver, or size_gb for a classic miniserver',
    'networks': 'use memset.vlan when it is ordered, afterwards the module vlan',
    'user_data': 'no operation takes it', 'persistent': 'every server is',
    'vnc_address': 'Memset has no VNC', 'vnc_password': 'Memset has no VNC', 'vnc_tls': 'Memset has no VNC',
    'tags': 'Memset has no tags', 'labels': 'Memset has no labels',
}

# Used when the server is ordered, and never shown again.
ORDERED = {
    'billing': Field(choices=('hourly', 'monthly')),
    'period': Field('int', choices=(1, 3, 6, 12), hint='months'),
    'discount_code': Field(),
    'add_to_next_bill': Field('bool'),
    'os_bits': Field(choices=('32', '64')),
    'bandwidth_type': Field(choices=('metered', 'unmetered')),
    'connection': Field(hint='such as 5mbps_10to1'),
    'monthly_transfer_gb': Field('int', minimum=1),
    'disk_type': Field(choices=('hdd', 'ssd')),
    'lvs': Field('int'),
    'database': Field(hint='such as mssql_web_2017'),
    'antivirus': Field(choices=('none', 'sophos_antivirus')),
    'disk': Field(hint='such as 4x1000gb'),
    'ram': Field(hint='such as 16gb'),
    'nvme': Field(hint='none or such as nvme_2x480gb'),
    'net_card_speed_gbps': Field(choices=('1', '10')),
    'partitioning': Field(choices=('all_root', 'data_home', 'two_volumes', 'custom')),
    'setup_instructions': Field(),
}
FULLSERVER_ONLY = ('disk', 'ram', 'nvme', 'net_card_speed_gbps', 'partitioning', 'setup_instructions')
MINISERVER_ONLY = ('connection', 'monthly_transfer_gb', 'disk_type')

# Shown by server.info. Levels of support go in as others than they come out; only those of both sides are compared.
READ = {
    'type': Field(choices=('miniserver', 'fullserver'), update='no', hint='order another server'),
    'data_zone': Field(update='no', hint=FIXED),
    'backups': Field('int', choices=(0, 10, 20, 50, 100, 200, 400), normal=bool, update='no', hint=FIXED),
    'firewall': Field(choices=('none', 'basic', 'self_managed', 'managed'), update='no', hint=FIXED),
    'firewall_rule_group': Field(),
    'intrusion_detection': Field(choices=('none', 'basic', 'monitored', 'protected'), update='no', hint=FIXED),
    'intrusion_detection_alert_level': Field('int', minimum=1, maximum=15),
    'monitoring_level': Field(choices=('basic', 'advanced', 'managed'), update='no', hint=FIXED),
    'support_level': Field(
        choices=('standard', 'premium', 'managed_infrastructure', 'managed_platform', 'infrastructure_only', 'basic',
                 'managed'),
        any_value=('standard', 'premium', 'managed_infrastructure', 'managed_platform'), update='no', hint=FIXED),
    'vulnscan': Field(choices=('none', 'basic', 'managed'), update='no', hint=FIXED),
    'vlan': Field(normal=listed, compare=lambda wanted, current: set(wanted) <= set(current or ()), update='no',
                  hint='use the module vlan'),
    'monitoring': Field('bool'),
    'auto_reboot': Field('bool'),
    'reminder_emails': Field('bool'),
}
POLICY = ('monitoring', 'auto_reboot', 'reminder_emails')
# Returned beside these, as the API tells it.
FACTS = ('host_name', 'primary_ip', 'control_panel', 'expiry_date', 'renewal_price_amount', 'renewal_price_vat',
         'renewal_price_currency')
SHOWN = tuple(READ) + FACTS

SNAPSHOT = {
    'path': Field(required=True, pattern='.{1,255}', hint='as server.snapshot_list gives it'),
    'storage_name': Field(required=True, pattern=SERVICE_NAME),
    'image_type': Field(choices=('raw', 'tar', 'ntfsclone'), required=True),
}
# How, not what: never compared.
HOW = {
    'snapshot': Field('dict', options=SNAPSHOT),
    'force_reimage': Field('bool'),
    'upgrade_disk': Field('bool'),
    'email_address': Field(pattern='[^@ ]+@[^@ ]+', hint='told when the reboot is over'),
    'ignore_open_orders': Field('bool'),
}

OWN = {**READ, **{name: dataclasses.replace(field, update='no', readable=False, output=False)
                  for name, field in {**ORDERED, **HOW}.items()}}

# option -> parameter of the order, where they differ; ssh_keys is a list
PARAMETERS = {'plan': 'sku', 'image': 'os', 'zone': 'network_zone', 'size_gb': 'disk_gb'}
NOT_ORDERED = ('type', 'billing') + POLICY + ('intrusion_detection_alert_level',) + tuple(HOW)

# The neutral outputs that Memset never fills; all are null, so a prediction says so.
NEVER = ('plan', 'cpu_cores', 'cpu_mhz', 'memory_mb', 'utility_ipv4', 'drives', 'persistent', 'vnc_address', 'vnc_tls',
         'tags', 'labels')

PRIVATE = tuple(ipaddress.ip_network(net) for net in (
    '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'))


def is_private(address):
    """Whether an address is one of a VLAN. (ipaddress' own is_private counts ranges for examples and tests too.)"""
    return any(address in net for net in PRIVATE if net.version == address.version)


def addresses(raw):
    """{neutral field: addresses} of a server, the primary one first; what is no address is left out."""
    texts = [raw.get('primary_ip')] + [item.get('address') for item in raw.get('ips') or () if isinstance(item, dict)]
    found = {'public_ipv4': [], 'public_ipv6': [], 'private_ipv4': [], 'private_ipv6': []}
    for text in dict.fromkeys(text for text in texts if text):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        found['%s_ipv%d' % ('private' if is_private(address) else 'public', address.version)].append(str(address))
    return found


def networks(raw, found):
    """The public network with its addresses, and each VLAN. Which private address is of which VLAN isn't told."""
    public = [{'family': family, 'address': address, 'dhcp_provided': None}
              for family, key in (('IPv4', 'public_ipv4'), ('IPv6', 'public_ipv6')) for address in found[key]]
    return ([{'type': 'public', 'addresses': public}] if public else []) + [
        {'type': 'private', 'network': name} for name in vlans(raw)]


def vlans(raw):
    """Names of the VLANs that a server is in."""
    kinds = raw.get('vlans') if isinstance(raw.get('vlans'), dict) else {}
    return sorted(set((kinds.get('tagged') or []) + (kinds.get('untagged') or [])))


def project(raw):
    """The neutral state of what server.info and server.list tell of a server."""
    zones = raw.get('network_zones') or []
    group = raw.get('firewall_rule_group')
    found = addresses(raw)
    detection = raw.get('intrusion_detection', raw.get('penetration_patrol'))
    level = raw.get('intrusion_detection_alert_level', raw.get('penetration_patrol_alert_level'))
    own = {name: raw.get(name) for name in SHOWN}
    own.update(
        firewall=raw.get('firewall_type'), firewall_rule_group=group.get('name') if isinstance(group, dict) else group,
        intrusion_detection=detection, intrusion_detection_alert_level=level, vlan=vlans(raw), **policy(raw))
    return {
        'id': raw['name'], 'name': raw.get('nickname') or None, 'state': 'unknown',
        'provider_state': raw.get('status'), 'zone': zones[0] if zones else None, 'image': raw.get('os'),
        'created': raw.get('start_date'), 'networks': networks(raw, found), **found, 'provider_options': own}


def policy(raw):
    """The monitoring policy as server.monitoring.set_policy takes it, from what server.info tells."""
    if 'monitor' not in raw:
        return dict.fromkeys(POLICY)
    on = bool(raw['monitor'])
    return {'monitoring': on, 'auto_reboot': on and not raw.get('no_auto_reboot'),
            'reminder_emails': not on and not raw.get('ignore_monitoring_off')}


def kind_of(options):
    """(type, billing) of the server that the options order: as said, else as the plan's name tells."""
    own, plan = options.get('memset') or {}, options.get('plan') or ''
    kind = own.get('type') or ('fullserver' if plan.startswith('UFS') else 'miniserver')
    hourly = kind == 'miniserver' and plan.endswith('H')
    return kind, own.get('billing') or ('hourly' if hourly else 'monthly')


def order_of(options):
    """(operation, parameters) of the order that the options ask for, without dry_run."""
    own = options.get('memset') or {}
    given = {PARAMETERS[name]: options.get(name) for name in PARAMETERS}
    given['pub_ssh_key'] = (options.get('ssh_keys') or [None])[0]
    given.update((name, value) for name, value in own.items() if name not in NOT_ORDERED)
    kind, billing = kind_of(options)
    return 'create.%s_%s' % (billing, kind), {name: value for name, value in given.items() if value is not None}
