# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of a server: which keys there are and which values they take."""

from __future__ import annotations

import re

from . import wire
from .errors import Refusal, missing

DEVICE = re.compile(r'ide:[01]:[01]|scsi:0:[0-7]|block:[0-7]|ata:0:[0-5]')
MEDIA = re.compile(r'(%s):media' % DEVICE.pattern)
# The first is the public one, the others are in VLANs.
NIC = re.compile(r'nic:(?:0:(?:model|dhcp)|[1-3]:(?:model|vlan|mac))')
NO_NIC = re.compile(r'nic:\d+:(model|dhcp|vlan|mac)')
FIREWALL = re.compile(r'nic:0:firewall:(policy|accept|reject)')
# What only answers carry: ignored where a client sends a whole answer back.
OUTPUT = re.compile(r'server|status|user|started|host|type|smp:cores|[rt]x(:(bytes|packets))?|nic:0:block'
                    r'|nic:[0-3]:dhcp:ip|(%s):(read|write):(bytes|requests)' % DEVICE.pattern)
MAC = re.compile(r'([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}')
# How a rule may go on after its protocol and port isn't known: anything that has no empty part.
RULE = re.compile(r'[a-z0-9]+(/[^/\s]+)*')
PASSWORDS = ('password', 'vnc:password')
MODELS = ('e1000', 'rtl8139', 'virtio')
CHOICES = {'persistent': ('true', 'false'), 'vnc:tls': ('on',), 'nic:0:firewall:policy': ('accept', 'reject')}


def devices(config):
    """{device: drive uuid} of a configuration."""
    return {key: value for key, value in config.items() if DEVICE.fullmatch(key)}


def nics(config):
    """Numbers of the NICs that a configuration makes."""
    return sorted({int(key.split(':')[1]) for key in config if NIC.fullmatch(key)})


def addresses(config):
    """Static addresses that a configuration names."""
    return {value for key, value in config.items()
            if re.fullmatch(r'nic:[0-3]:dhcp|vnc:ip|vnc', key) and value not in ('', 'auto')}


class Checker:
    """Checks what a request wants a server's configuration to be."""

    def __init__(self, provider):
        self._provider = provider

    def known(self, key):
        provider = self._provider
        return (key in provider.server_keys or key.startswith('user:') or bool(NIC.fullmatch(key))
                or bool(MEDIA.fullmatch(key)) or bool(DEVICE.fullmatch(key))
                or (provider.firewall and bool(FIREWALL.fullmatch(key))))

    def changes(self, given):
        """What of a request is configuration; unknown keys are refused or dropped as the provider does."""
        found, errors = {}, {}
        for key, value in given.items():
            if self.known(key):
                found[key] = value.strip() if key != 'name' else value
            elif NO_NIC.fullmatch(key) or self._provider.strict_keys and not OUTPUT.fullmatch(key):
                errors[key] = 'Unknown key.'
        if errors:
            raise Refusal('usage', errors=errors)
        return found

    def check(self, changes, config, server=None):
        """Refusal unless these changes, which lead to that configuration (of that server), are right."""
        errors = {}
        for key in self._provider.server_required:
            if not config.get(key):
                errors[key] = 'This field is required.'
        for key, value in changes.items():
            wrong = self._wrong(key, value) if value else None
            if wrong:
                errors[key] = wrong
        used = [value.lower() for value in devices(config).values()]
        for key, value in devices(changes).items():
            if value and used.count(value.lower()) > 1:
                errors[key] = 'Drive %s is already connected as another device.' % value
        # Only where it is asked for: a drive may be taken away from under a boot device.
        for device in changes.get('boot', '').split():
            if device not in devices(config):
                errors['boot'] = 'There is no device %s to boot from.' % device
        for key in changes:
            if re.fullmatch(r'nic:[0-3]:mac', key) and self._mac_taken(key[:-4], config, server):
                errors[key] = 'This MAC address is taken on its VLAN.'
        if not errors:
            errors.update(self._provider.cores_wrong(config))
        if errors:
            raise Refusal('usage', errors=errors)

    def _mac_taken(self, nic, config, server):
        vlan, mac = config.get(nic + ':vlan'), config.get(nic + ':mac', '').lower()
        return bool(vlan and mac) and any(
            other is not server and other.config.get('nic:%d:vlan' % number) == vlan
            and other.config.get('nic:%d:mac' % number, '').lower() == mac
            for other in self._provider.servers.items.values() for number in range(4))

    def _wrong(self, key, value):
        """What is wrong with one value, or None."""
        settings = self._provider.settings
        if key in ('cpu', 'mem'):
            return _outside(value, settings[key + '_min'], settings[key + '_max'])
        if key == 'smp':
            return None if value == 'auto' else _outside(value, 1, settings['smp_max'], 'auto or ')
        if key in CHOICES and value not in CHOICES[key]:
            return 'One of %s is expected.' % ', '.join(CHOICES[key])
        if MEDIA.fullmatch(key) and value not in ('disk', 'cdrom'):
            return 'disk or cdrom is expected.'
        if DEVICE.fullmatch(key):
            return self._wrong_drive(value)
        if key in ('avoid:drives', 'avoid:servers'):
            table = self._provider.drives if key == 'avoid:drives' else self._provider.servers
            for uuid in value.split():
                table.find(uuid)
        if key in ('vnc', 'vnc:ip'):
            return self._wrong_address(value)
        if key in PASSWORDS and self._provider.password_length and len(value) > self._provider.password_length:
            return 'At most %d characters are allowed.' % self._provider.password_length
        if NIC.fullmatch(key):
            return self._wrong_nic(key.split(':')[2], value)
        if FIREWALL.fullmatch(key) and not key.endswith('policy'):
            bad = [rule for rule in value.split() if not RULE.fullmatch(rule)]
            return 'A list such as tcp/22 udp/53 is expected, not %s.' % bad[0] if bad else None
        return None

    def _wrong_drive(self, uuid):
        drive = self._provider.drives.find(uuid, True)
        if drive.standard and self._provider.medium(drive) != 'cdrom':
            return 'Standard drive %s can not be connected; make a copy of it.' % uuid
        return None

    def _wrong_address(self, value):
        if value == 'auto' or value in self._provider.resources.ips:
            return None
        if not re.fullmatch(r'\d{1,3}(\.\d{1,3}){3}', value):
            return 'auto or an IP address is expected.'
        raise missing('IP', value)

    def _wrong_nic(self, what, value):
        if what == 'model':
            return None if value in MODELS else 'One of %s is expected.' % ', '.join(MODELS)
        if what == 'dhcp':
            return self._wrong_address(value)
        if what == 'vlan':
            if value not in self._provider.resources.vlans:
                raise missing('VLAN', value)
            return None
        return None if MAC.fullmatch(value) else 'A MAC address is expected.'


def _outside(value, low, high, other=''):
    if wire.whole(value) and low <= int(value) <= high:
        return None
    return '%s%d to %d is expected.' % (other, low, high)
