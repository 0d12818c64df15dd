# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Firewall rules of a server: an ordered list; position 1 is first."""

from __future__ import annotations

import ipaddress

from . import checks
from .errors import Refused

KEYS = ('action', 'comment', 'destination_address_end', 'destination_address_start', 'destination_port_end',
        'destination_port_start', 'direction', 'family', 'icmp_type', 'position', 'protocol', 'source_address_end',
        'source_address_start', 'source_port_end', 'source_port_start')
MAX_RULES, MAX_COMMENT = 1000, 250


def _rule(block):
    """A rule of a request, checked; what isn't given is an empty string."""
    if not isinstance(block, dict):
        raise Refused('REQUEST_INVALID', 'A firewall rule is an object.', 400)
    checks.known(block, KEYS)
    rule = {key: '' if block.get(key) is None else str(block[key]) for key in KEYS if key != 'position'}
    for name, allowed in (('direction', ('in', 'out')), ('action', ('accept', 'drop'))):
        if not rule[name]:
            raise Refused('%s_MISSING' % name.upper())
        checks.one_of(rule[name], allowed, '%s_INVALID' % name.upper())
    checks.one_of(rule['family'], ('IPv4', 'IPv6', ''), 'FAMILY_INVALID')
    checks.one_of(rule['protocol'], ('tcp', 'udp', 'icmp', ''), 'PROTOCOL_INVALID')
    checks.text(rule['comment'], 'COMMENT_INVALID', 0, MAX_COMMENT)
    if not rule['family'] and rule['protocol']:
        raise Refused('FAMILY_MISSING', 'A protocol needs a family.')
    if rule['icmp_type']:
        checks.number(rule['icmp_type'], 'ICMP_TYPE_INVALID', 0, 255)
        if rule['protocol'] != 'icmp':
            raise Refused('ICMP_TYPE_PROTOCOL_MISMATCH')
    for side in ('source', 'destination'):
        _range(rule, side + '_address', lambda value, code: ipaddress.ip_address(
            checks.address(value, code, rule['family'] or None)))
        if _range(rule, side + '_port', lambda value, code: checks.number(value, code, 1, 65535)) and \
                rule['protocol'] not in ('tcp', 'udp'):
            raise Refused('PORT_PROTOCOL_MISMATCH')
    return rule


def _range(rule, name, check):
    """Check start and end of a range; True if there is one."""
    ends = [(name + '_start', rule[name + '_start']), (name + '_end', rule[name + '_end'])]
    if not any(value for key, value in ends):
        return False
    start, end = [check(value, key.upper() + '_INVALID') for key, value in ends]
    if isinstance(start, ipaddress.IPv4Address) != isinstance(end, ipaddress.IPv4Address) or start > end:
        raise Refused(name.upper() + '_ORDER_ILLEGAL')
    return True


def view(rules, index):
    """A rule as the API shows it."""
    return dict(rules[index], position=str(index + 1))


def _server(cloud, uuid):
    """The server, which can't be changed while it is in maintenance or error."""
    server = cloud.find(cloud.servers, uuid, 'SERVER')
    if server['state'] not in ('started', 'stopped'):
        raise Refused('SERVER_STATE_ILLEGAL', 'The server is in state %s.' % server['state'])
    return server


def _index(rules, position):
    """The place of the rule at that position."""
    number = checks.number(position, 'POSITION_INVALID', 1, MAX_RULES)
    if number > len(rules):
        raise Refused('FIREWALL_RULE_NOT_FOUND', 'There is no rule %d.' % number)
    return number - 1


def list_rules(cloud, call, uuid):
    """GET /server/{uuid}/firewall_rule."""
    rules = cloud.find(cloud.servers, uuid, 'SERVER')['firewall_rules']
    return {'firewall_rules': {'firewall_rule': [view(rules, index) for index in range(len(rules))]}}


def show(cloud, call, uuid, position):
    """GET /server/{uuid}/firewall_rule/{position}."""
    rules = cloud.find(cloud.servers, uuid, 'SERVER')['firewall_rules']
    return {'firewall_rule': view(rules, _index(rules, position))}


def create(cloud, call, uuid):
    """POST /server/{uuid}/firewall_rule."""
    rules = _server(cloud, uuid)['firewall_rules']
    block = cloud.body(call, 'firewall_rule')
    rule = _rule(block)
    if rule in rules:
        raise Refused('FIREWALL_RULE_EXISTS')
    if len(rules) >= MAX_RULES:
        raise Refused('FIREWALL_RULE_LIMIT_REACHED')
    position = len(rules) + 1
    if block.get('position') not in (None, ''):
        position = checks.number(block['position'], 'POSITION_INVALID', 1, MAX_RULES)
        if position > len(rules) + 1:
            raise Refused('POSITION_INVALID', 'There are %d rules.' % len(rules))
    rules.insert(position - 1, rule)
    return 201, {'firewall_rule': view(rules, position - 1)}


def replace(cloud, call, uuid):
    """PUT /server/{uuid}/firewall_rule: all rules at once, in the order given."""
    server = _server(cloud, uuid)
    block = cloud.body(call, 'firewall_rules')
    wanted = [_rule(item) for item in checks.listed(block.get('firewall_rule', []), 'firewall_rule',
                                                    'REQUEST_INVALID')]
    if len(wanted) > MAX_RULES:
        raise Refused('FIREWALL_RULE_LIMIT_REACHED')
    if any(rule in wanted[:index] for index, rule in enumerate(wanted)):
        raise Refused('FIREWALL_RULE_EXISTS')
    server['firewall_rules'] = wanted


def delete(cloud, call, uuid, position):
    """DELETE /server/{uuid}/firewall_rule/{position}."""
    rules = _server(cloud, uuid)['firewall_rules']
    del rules[_index(rules, position)]
