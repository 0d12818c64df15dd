# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes that creating and modifying a server share: each with its check and its value when not given."""

from __future__ import annotations

import itertools

from . import catalogue, checks
from .errors import Refused

BOOT_DEVICES = ('disk', 'cdrom', 'network')
BOOT_ORDERS = {','.join(order) for length in (1, 2, 3) for order in itertools.permutations(BOOT_DEVICES, length)}


def _boot_order(value):
    if not isinstance(value, str) or value not in BOOT_ORDERS:
        raise Refused('BOOT_ORDER_INVALID')
    return value


def _simple_backup(value):
    return value if value == 'no' else checks.matching(value, checks.SIMPLE_BACKUP, 'SIMPLE_BACKUP_INVALID')


# attribute -> check, value of a server whose creator gave none
CHECKS = {
    'boot_order': (_boot_order, 'disk'),
    'firewall': (lambda value: checks.one_of(value, ('on', 'off'), 'FIREWALL_INVALID'), 'on'),
    'hostname': (lambda value: checks.matching(value, checks.HOSTNAME, 'HOSTNAME_INVALID'), None),
    'metadata': (lambda value: checks.yes_no(value, 'METADATA_INVALID'), 'no'),
    'nic_model': (lambda value: checks.one_of(value, ('e1000', 'virtio', 'rtl8139'), 'NIC_MODEL_INVALID'), 'virtio'),
    'simple_backup': (_simple_backup, 'no'),
    'timezone': (lambda value: checks.one_of(value, catalogue.timezones(), 'TIMEZONE_INVALID'), 'UTC'),
    'video_model': (lambda value: checks.one_of(value, ('vga', 'cirrus'), 'VIDEO_MODEL_INVALID'), 'vga'),
    'remote_access_type': (lambda value: checks.one_of(value, ('vnc', 'spice'), 'VNC_INVALID'), 'vnc'),
    'remote_access_enabled': (lambda value: checks.yes_no(value, 'REMOTE_ACCESS_ENABLED_INVALID'), 'no'),
    'remote_access_password': (lambda value: checks.matching(value, checks.PASSWORD, 'VNC_PASSWORD_INVALID',
                                                             '8 letters and digits are wanted.'), None),
}
SIZING = ('plan', 'core_number', 'memory_amount')
# Names of API 1.2 for the remote access, which UpCloud's Python SDK still sends.
OLDER = {'vnc': ('remote_access_enabled', {'on': 'yes', 'off': 'no'}), 'vnc_password': ('remote_access_password', {})}


def given(block):
    """The common attributes that a request gives, checked."""
    block = dict(block)
    for old, (name, words) in OLDER.items():
        if old in block:
            block.setdefault(name, words.get(str(block[old]), block[old]))
    return {name: check(block[name]) for name, (check, unused) in CHECKS.items() if name in block}


def sizing(block, current=None):
    """Plan, cores and memory that a request asks for: {plan, core_number, memory_amount}."""
    name = block.get('plan', current['plan'] if current else 'custom')
    cores = memory = None
    if block.get('core_number') is not None:
        cores = checks.number(block['core_number'], 'CORE_NUMBER_INVALID', 1)
    if block.get('memory_amount') is not None:
        memory = checks.number(block['memory_amount'], 'MEMORY_AMOUNT_INVALID', 1)
    if name != 'custom':
        plan = catalogue.PLAN.get(name) if isinstance(name, str) else None
        if not plan:
            raise Refused('PLAN_INVALID', 'There is no plan %s.' % name)
        if cores not in (None, plan['core_number']):
            raise Refused('PLAN_CORE_NUMBER_ILLEGAL', 'The plan %s has %d cores.' % (name, plan['core_number']))
        if memory not in (None, plan['memory_amount']):
            raise Refused('PLAN_MEMORY_AMOUNT_ILLEGAL', 'The plan %s has %d MiB.' % (name, plan['memory_amount']))
        return {'plan': name, 'core_number': plan['core_number'], 'memory_amount': plan['memory_amount']}
    cores = cores or (current['core_number'] if current else 1)
    memory = memory or (current['memory_amount'] if current else catalogue.MEMORY_STEP)
    if cores > catalogue.MAX_CORES or memory % catalogue.MEMORY_STEP or memory > catalogue.MAX_MEMORY:
        raise Refused('CORE_MEMORY_UNSUPPORTED', '%d cores with %d MiB are not offered.' % (cores, memory))
    return {'plan': 'custom', 'core_number': cores, 'memory_amount': memory}
