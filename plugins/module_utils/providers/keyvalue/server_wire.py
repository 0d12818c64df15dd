# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server's KEY VALUE configuration: from the wire to neutral fields, and back. Pure functions."""

from __future__ import annotations

import ipaddress
import re

from ...errors import BadInput, Precondition
from .operation import DEVICE

# A provider's word for it, and ours. What is neither on nor off, nor one of these, is unknown.
STATES = {'active': 'running', 'stopped': 'stopped', 'dumped': 'stopped', 'dead': 'error'}
# Words for a server that nothing can be asked of: it is off.
OFF = ('stopped', 'dumped', 'dead')
# Where a drive goes that nobody gave a place.
PLACES = ('ide:0:0', 'ide:0:1', 'ide:1:0', 'ide:1:1') + tuple('block:%d' % number for number in range(8))
MODEL = 'e1000'
NICS = range(4)
# What only a running server shows.
RUNTIME = re.compile(r'started|smp:cores|[rt]x(:.*)?|nic:\d:dhcp:ip|%s:(read|write):.*' % DEVICE)


def number(text):
    """A whole number, or None where there is none."""
    return int(text) if str(text).isdigit() else None


def words(text):
    """The words of a list that stands in one value."""
    return (text or '').split()


def addresses(values, version):
    """Those of the values that are addresses of that version."""
    found = []
    for value in values:
        try:
            if ipaddress.ip_address(value).version == version:
                found.append(value)
        except ValueError:
            continue
    return found


# -- from the wire ----------------------------------------------------------------------------------------------------
def drives_of(raw):
    """The drives of a server, by device."""
    boot = words(raw.get('boot'))
    return [{'id': raw[key].lower(), 'device': key, 'media': raw.get(key + ':media') or 'disk', 'boot': key in boot}
            for key in sorted(raw) if re.fullmatch(DEVICE, key) and raw[key]]


def nic_of(raw, index):
    """One network interface, or None. An address is the one in use, where that is known."""
    key = 'nic:%d:' % index
    if not any(raw.get(key + what) for what in ('model', 'dhcp', 'vlan', 'mac')):
        return None
    vlan = raw.get(key + 'vlan') or None
    used = words(raw.get(key + 'dhcp:ip')) or words(raw.get(key + 'dhcp'))
    return {'index': index, 'type': 'private' if vlan else 'public', 'network': vlan,
            'address': used[0] if used else None, 'mac': (raw.get(key + 'mac') or '').lower() or None,
            'model': raw.get(key + 'model') or None}


def nics_of(raw):
    return [nic for nic in (nic_of(raw, index) for index in NICS) if nic is not None]


def public_addresses(raw, version):
    """Public addresses of all network interfaces."""
    values = []
    for index in NICS:
        values += words(raw.get('nic:%d:dhcp:ip' % index)) or words(raw.get('nic:%d:dhcp' % index))
    return addresses(values, version)


def labels_of(raw):
    """Metadata: the keys that begin with user:."""
    return {key[len('user:'):]: value for key, value in raw.items() if key.startswith('user:') and value}


def after_power(raw, status):
    """The server as it will be once it has that status, but for what only the API can give."""
    found = {key: value for key, value in raw.items() if not RUNTIME.fullmatch(key)}
    return dict(found, status=status)


def applied(raw, sent):
    """The server with what is sent taken over; an empty value unsets."""
    found = {key: '%s' % value for key, value in {**raw, **_texts(sent)}.items() if value not in ('', None)}
    for key in [key for key in found if key.endswith(':media') and key[:-len(':media')] not in found]:
        del found[key]
    return found


def _texts(sent):
    return {key: ('true' if value else 'false') if isinstance(value, bool) else value for key, value in sent.items()}


def chosen_cores(raw):
    """Whether the API chose the number of processors, and may choose another: True, False, or None where a server that
    is on does not tell."""
    chosen = number(raw.get('smp')) is None
    return chosen if chosen or raw.get('status') in OFF else None


# -- what is wanted, spelt out ----------------------------------------------------------------------------------------
def layout(wanted, current, detached=(), reserved=()):
    """All drives as they shall be: [{id, device, media}], from those wanted and those that are there.

    :param wanted: [{id, device, media}] with None for what was not said.
    :param detached: ids and devices of drives that go; all others that are not wanted stay.
    :param reserved: devices that are taken otherwise.
    :raises Precondition: when a device is asked for on which another drive stays, or none is left.
    """
    held = {each['id']: each for each in current}
    target = {}
    for item in wanted:
        device = item['device'] or held.get(item['id'], {}).get('device')
        if device:
            target[device] = item
    mine = {item['id'] for item in wanted}
    for each in current:
        if each['id'] in mine or each['id'] in detached or each['device'] in detached:
            continue
        if each['device'] in target:
            raise Precondition('drives: %s is taken by drive %s, which is not in the list; choose another device, or '
                               'name it in detach_drives' % (each['device'], each['id']))
        target[each['device']] = each
    for item in wanted:
        if item in target.values():
            continue
        free = [place for place in PLACES if place not in target and place not in reserved]
        if not free:
            raise Precondition('drives: no device is left for drive %s' % item['id'])
        target[free[0]] = item
    return [{'id': item['id'], 'device': device,
             'media': item['media'] or held.get(item['id'], {}).get('media') or 'disk'}
            for device, item in sorted(target.items())]


def nics(wanted, current, removed=()):
    """All network interfaces as they shall be. What was not said stays as it is, or takes its default.

    :param wanted: without an index, an item means the public interface, or the private one that is in its VLAN.
    :param removed: indexes of interfaces that go; all others that are not wanted stay.
    :raises BadInput: when the list cannot be.
    """
    target = {each['index']: each for each in current if each['index'] not in removed}
    now, mine = dict(target), set()
    taken = {item['index'] for item in wanted if item.get('index') is not None}
    for position, item in enumerate(wanted):
        kind = item.get('type') or ('private' if item.get('network') else 'public')
        index = item.get('index')
        if index is None:
            index = _place(item, kind, now, taken)
        if index is None or index in mine:
            raise BadInput('networks[%d]: there is no interface left for it (one public and three private ones)'
                           % position)
        taken.add(index)
        mine.add(index)
        old = now.get(index) or {}
        target[index] = {'index': index, 'type': kind, 'network': item.get('network') if kind == 'private' else None,
                         'address': _address(item, kind, old), 'mac': (item.get('mac') or '').lower() or old.get('mac'),
                         'model': item.get('model') or old.get('model') or MODEL}
    return [target[index] for index in sorted(target)]


def _place(item, kind, now, taken):
    """The index of an item that says none, or None when there is none left."""
    if kind == 'public':
        return 0 if 0 not in taken else None
    free = [index for index in NICS if index not in taken]
    same = [index for index in free if index in now and now[index]['network'] == item['network']]
    return next(iter(same + [index for index in free if index and index not in now]), None)


def _address(item, kind, old):
    """'auto' is satisfied by any address; an empty one means none."""
    wanted = item.get('address')
    if kind == 'private':
        return wanted or None
    if wanted == '':
        return None
    if wanted in (None, 'auto'):
        return old['address'] if old.get('type') == kind and (old.get('address') or wanted is None) else 'auto'
    return wanted


# -- to the wire ------------------------------------------------------------------------------------------------------
def drive_keys(target, current):
    """Keys that lead from the current drives to the target; those that go are sent with an empty value."""
    before = {each['device']: each for each in current or []}
    keys = {}
    for device in before:
        if device not in {each['device'] for each in target}:
            keys[device] = ''
    for each in target:
        old = before.get(each['device'], {})
        if each['id'] != old.get('id'):
            keys[each['device']] = each['id']
        if each['media'] != old.get('media', 'disk'):
            keys[each['device'] + ':media'] = each['media']
    return keys


def nic_keys(target, raw):
    """Keys that lead from the interfaces of a raw server to the target."""
    keys = {}
    wanted = {each['index']: each for each in target}
    for index in NICS:
        key, new, old = 'nic:%d:' % index, wanted.get(index), nic_of(raw, index)
        if new == old:
            continue
        new, old = new or {}, old or {}
        for what, name in (('model', 'model'), ('dhcp', 'address'), ('vlan', 'network'), ('mac', 'mac')):
            if new.get(name) != old.get(name):
                keys[key + what] = new.get(name) or ''
    return keys


def label_keys(new, old):
    """Keys that lead from the old metadata to the new."""
    keys = {'user:' + key: '' for key in old or {} if key not in new}
    keys.update(('user:' + key, value) for key, value in new.items() if (old or {}).get(key) != value)
    return keys


def zone_of(url):
    """The zone that the host of the endpoint names, such as zrh or lon-p; None for other hosts."""
    match = re.match(r'https://api[.-]([a-z]{2,4}(?:-[a-z])?)\.', url)
    return match.group(1) if match else None
