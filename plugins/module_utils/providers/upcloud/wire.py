# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud's spellings: yes and no, lists within objects, numbers as strings, and what a server looks like."""

from __future__ import annotations

import datetime
import ipaddress

from ...errors import Malformed

# UpCloud's words for the state of a server. In maintenance it may be coming up, going down or only being moved.
STATES = {'started': 'running', 'stopped': 'stopped', 'error': 'error', 'maintenance': 'unknown'}


def yes_no(value):
    """A boolean as the API wants it."""
    return 'yes' if value else 'no'


def truth(value):
    """A boolean as the API gives it, in any of its forms; None where there is none."""
    return None if value in (None, '') else str(value).lower() in ('yes', 'on', 'true', '1')


def number(value):
    """A number that may come as a string; None where there is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def listed(block, key):
    """The list in {key: [...]}; some answers have the bare list, or none at all.

    :raises Malformed: when something else stands there, which could pass for an empty list.
    """
    found = block.get(key) if isinstance(block, dict) else block
    if found is not None and not isinstance(found, list):
        raise Malformed('the answer has no list under %r' % key)
    return found or []


class Entry(dict):
    """A server as a list has it, which leaves out what only its details tell."""


def told(block, key):
    """The list in {key: [...]}, which has to be there: to take a missing one for empty is to lose what it holds.

    :raises Malformed: when it is not there.
    """
    found = block.get(key) if isinstance(block, dict) else block
    if not isinstance(found, list):
        raise Malformed('the answer has no list under %r' % key)
    return found


def part(raw, *keys):
    """The list under these keys in a server: the document shows it in all details, a list of servers may leave it out.

    :returns: None where a list leaves it out.
    """
    block = raw
    for key in keys[:-1]:
        block = block.get(key) if isinstance(block, dict) else None
    if not isinstance(raw, Entry):
        return told(block, keys[-1])
    return None if block is None else listed(block, keys[-1])


def labels_in(block):
    """Labels as a dict.

    :raises Malformed: for an entry that is none: passed over, it would be lost when they are written.
    """
    found = listed(block, 'label')
    if not all(isinstance(item, dict) and item.get('key') and isinstance(item['key'], str)
               and isinstance(item.get('value'), str) for item in found):
        raise Malformed('an entry of the labels is no key with a value')
    return {item['key']: item['value'] for item in found}


def labels_told(thing):
    """The labels of a thing; None where it does not tell of any, so that nobody takes that for none."""
    block = thing.get('labels')
    block = block.get('label') if isinstance(block, dict) else block
    return None if block is None else labels_in(block)


def labels_out(labels):
    """Labels as the list that the API wants, in a fixed order."""
    return [{'key': key, 'value': labels[key]} for key in sorted(labels)]


def labels_put(change, labels):
    """The same for labels that replace all that a thing has.

    :raises Malformed: where it was not told which it has.
    """
    if change.before is not None and change.before['labels'] is None:
        raise Malformed('the answer does not tell the labels of %s, which would be lost' % change.before['name'])
    return labels_out(texts(labels))


def same_address(one, other):
    """Whether two addresses are the same, however they are spelt."""
    try:
        return ipaddress.ip_address(one) == ipaddress.ip_address(other)
    except ValueError:
        return one == other


def moment(value):
    """A time of the API, seconds since 1970 or text, as text in UTC."""
    seconds = number(value)
    if seconds is None:
        return value or None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def drives_of(raw):
    """The drives of a server's details as they are returned; None where the list does not tell."""
    devices = part(raw, 'storage_devices', 'storage_device')
    return None if devices is None else [{
        'id': device.get('storage') or None, 'name': device.get('storage_title'),
        'size_gb': number(device.get('storage_size')), 'tier': device.get('storage_tier'),
        'device': device.get('address'), 'media': device.get('type'), 'boot': truth(device.get('boot_disk')),
        'encrypted': truth(device.get('storage_encrypted')), 'labels': labels_told(device)} for device in devices]


def boot_drive(drives):
    """The drive that a server starts from: the one marked so, else its first disk."""
    disks = [drive for drive in drives or [] if drive['media'] != 'cdrom']
    return next((drive for drive in disks if drive['boot']), disks[0] if disks else None)


def _interfaces(raw):
    return part(raw, 'networking', 'interfaces', 'interface')


def networks_of(raw):
    """The interfaces of a server's details as they are returned; None where the list does not tell."""
    interfaces = _interfaces(raw)
    if interfaces is None:
        return None
    found = []
    for interface in interfaces:
        addresses = [{'family': item.get('family'), 'address': item.get('address'),
                      'dhcp_provided': truth(item.get('dhcp_provided'))}
                     for item in told(interface.get('ip_addresses'), 'ip_address')]
        found.append({
            'index': number(interface.get('index')), 'type': interface.get('type'), 'network': interface.get('network'),
            'address': addresses[0]['address'] if addresses else None, 'addresses': addresses,
            'mac': interface.get('mac'), 'source_ip_filtering': truth(interface.get('source_ip_filtering')),
            'bootable': truth(interface.get('bootable'))})
    return found


def addresses_of(raw):
    """{neutral field: addresses}; private ones are null where only details would tell them."""
    found = {'public_ipv4': [], 'public_ipv6': [], 'utility_ipv4': [], 'private_ipv4': [], 'private_ipv6': []}
    interfaces = _interfaces(raw)
    pairs = [(item.get('access'), item) for item in listed(raw.get('ip_addresses'), 'ip_address')]
    pairs += [(interface.get('type'), item) for interface in interfaces or []
              for item in listed(interface.get('ip_addresses'), 'ip_address')]
    for access, item in pairs:
        known = found.get('%s_%s' % (access, str(item.get('family')).lower()))
        if known is not None and item.get('address') not in known:
            known.append(item.get('address'))
    if interfaces is None:
        found.update({key: value or None for key, value in found.items() if key.startswith('private')})
    return found


def options_of(raw):
    """What only UpCloud's servers have, as it is returned; null where the list does not tell."""
    return {
        'title': raw.get('title'), 'boot_order': raw.get('boot_order'), 'firewall': truth(raw.get('firewall')),
        'host': number(raw.get('host')), 'license': raw.get('license'), 'metadata': truth(raw.get('metadata')),
        'nic_model': raw.get('nic_model'), 'video_model': raw.get('video_model'), 'timezone': raw.get('timezone'),
        'simple_backup': raw.get('simple_backup'), 'server_group': raw.get('server_group') or None,
        'remote_access_enabled': truth(raw.get('remote_access_enabled')),
        'remote_access_type': raw.get('remote_access_type'), 'remote_access_host': raw.get('remote_access_host'),
        'remote_access_port': number(raw.get('remote_access_port'))}


def server_in(raw):
    """The neutral state of a server, from its details or from its entry in the list with the addresses added."""
    state = raw.get('state')
    return {
        'id': raw.get('uuid'), 'name': raw.get('hostname'), 'state': STATES.get(state, 'unknown'),
        'provider_state': state, 'zone': raw.get('zone'), 'plan': raw.get('plan'),
        'cpu_cores': number(raw.get('core_number')), 'memory_mb': number(raw.get('memory_amount')),
        'drives': drives_of(raw), 'networks': networks_of(raw), 'tags': sorted(part(raw, 'tags', 'tag') or []),
        'labels': labels_in(part(raw, 'labels', 'label')), 'created': moment(raw.get('created')),
        'provider_options': options_of(raw), **addresses_of(raw)}


# -- to the wire ------------------------------------------------------------------------------------------------------
def interface_out(network):
    """One interface as a request wants it, from an item of the option `networks`."""
    addresses = network.get('addresses') or [{'address': network.get('address')}]
    blocks = []
    for item in addresses:
        block = {'family': family_of(item)}
        if item.get('address'):
            block['address'] = item['address']
        if item.get('dhcp_provided') is not None:
            block['dhcp_provided'] = yes_no(item['dhcp_provided'])
        blocks.append(block)
    found = {'type': network['type'], 'ip_addresses': {'ip_address': blocks}}
    for key in ('network', 'index'):
        if network.get(key) is not None:
            found[key] = network[key]
    for key in ('source_ip_filtering', 'bootable'):
        if network.get(key) is not None:
            found[key] = yes_no(network[key])
    return found


def family_of(item):
    """The family of a wanted address: as said, else as its address has it."""
    return item.get('family') or ('IPv6' if ':' in (item.get('address') or '') else 'IPv4')


# Public IPv4, the utility network and public IPv6, as the control panel gives them; here always said in the request.
DEFAULT_NETWORKS = ({'type': 'public', 'addresses': [{'family': 'IPv4'}]},
                    {'type': 'utility', 'addresses': [{'family': 'IPv4'}]},
                    {'type': 'public', 'addresses': [{'family': 'IPv6'}]})


def rule_out(rule):
    """A backup rule as a request wants it."""
    return dict(rule, retention=str(rule['retention']))


def texts(labels):
    """Labels with text for values, however they were written."""
    return {key: '' if value is None else str(value) for key, value in labels.items()}
