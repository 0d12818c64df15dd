# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""firewalling.*: rule groups, their rules, and which server uses which."""

from __future__ import annotations

import ipaddress

from .errors import bad, does_not_exist, precondition
from .methods import METHODS, method
from .parameters import Boolean, Choice, Id, Integer, List, Name, String

RULE_LIMIT = 30
ACTIONS = ('ACCEPT', 'DROP', 'REJECT')
PROTOCOLS = ('tcp', 'udp', 'icmp', 'tcp,udp', 'gre', 'esp', 'ah', 'ipip', 'sctp', 'any')
WITH_PORTS = ('tcp', 'udp', 'tcp,udp', 'sctp')
FIELDS = ('ip_version', 'source_ips', 'source_ip6s', 'dest_ips', 'dest_ip6s', 'source_ports', 'dest_ports', 'protocols')
ADDRESSES = {'source_ips': 4, 'dest_ips': 4, 'source_ip6s': 6, 'dest_ip6s': 6}
# name of a public group -> its rules, as (action, protocols, ports)
PUBLIC = {
    'managed-linux': [('ACCEPT', 'tcp', '22,80,443'), ('ACCEPT', 'icmp', 'any'), ('DROP', 'any', 'any')],
    'managed-windows': [('ACCEPT', 'tcp', '80,443,3389'), ('ACCEPT', 'icmp', 'any'), ('DROP', 'any', 'any')],
    'basic-linux': [('DROP', 'tcp', '135,137,138,139,445')],
    'basic-windows': [('DROP', 'tcp', '135,137,138,139,445')],
}


class Group:
    """A rule group."""

    def __init__(self, name, nickname, notes='', public=False, policy='RETURN'):
        self.name, self.nickname, self.notes, self.public, self.policy = name, nickname, notes, public, policy
        self.rules = {}
        # server name -> until when its firewall lags behind
        self.pending = {}

    def told(self):
        return {'name': self.name, 'nickname': self.nickname, 'public': self.public, 'notes': self.notes,
                'default_outbound_policy': self.policy, 'rules': {key: dict(rule) for key, rule in self.rules.items()}}


def public_groups(cloud):
    """The groups that every account sees."""
    found = {}
    for name, rules in PUBLIC.items():
        group = found[name] = Group(name, name, 'A public rule group', True)
        for ordering, (action, protocols, ports) in enumerate(rules, 1):
            add_rule(cloud, group, {'action': action, 'protocols': protocols, 'dest_ports': ports,
                                    'ordering': ordering})
    return found


def add_rule(cloud, group, fields):
    rule = {'rule_id': cloud.hex(), 'rule_group_name': group.name, 'action': fields['action'],
            'ordering': fields['ordering'], 'comment': fields.get('comment', ''),
            'direction': fields.get('direction', 'Inbound')}
    rule.update((name, fields.get(name, 'any')) for name in FIELDS)
    group.rules[rule['rule_id']] = rule
    return rule


def users(account, group):
    return [service for service in account.servers()
            if service.server['firewall_rule_group'] == group.name and service.info['status'] != 'CANCELLED']


def changed(session, group, servers=None):
    """The firewalls of those servers are told; until then the group is pending there."""
    hangs = session.cloud.job_fault(session.call) == 'job_hangs'
    until = float('inf') if hangs else session.cloud.world.now() + session.cloud.world.job_seconds
    for service in users(session.account, group) if servers is None else servers:
        group.pending[service.name] = until


def _one_address(text, version):
    try:
        return ipaddress.ip_interface(text).version == version
    except ValueError:
        return False


def check_rule(account, group, rule):
    """Whether a rule is well formed and has a place of its own."""
    for name, version in ADDRESSES.items():
        value = rule.get(name, 'any')
        if value != 'any' and not all(_one_address(item, version) for item in value.split(',')):
            raise bad(name, "Enter 'any' or IPv%d addresses separated by commas." % version)
    for name in ('source_ports', 'dest_ports'):
        value = rule.get(name, 'any')
        if value == 'any':
            continue
        if not all(item.isdigit() and 1 <= int(item) <= 65535 for item in value.split(',')):
            raise bad(name, "Enter 'any' or port numbers separated by commas.")
        if rule.get('protocols', 'any') not in WITH_PORTS + ('any',):
            raise bad(name, 'Protocol %s has no ports.' % rule['protocols'])
    if not account.settings['unique_ordering']:
        return
    for other in group.rules.values():
        if other['ordering'] == rule['ordering'] and other['rule_id'] != rule.get('rule_id') \
                and other['direction'] == rule.get('direction', 'Inbound'):
            raise bad('ordering', 'Another rule of the group has this ordering.')


def own_group(session, name, with_public=False):
    group = session.account.groups.get(name)
    if group is None:
        # The rules may name the group by its nickname.
        group = next((item for item in session.account.groups.values() if item.nickname == name), None)
    if group is None and with_public:
        group = session.cloud.public_groups.get(name)
    if group is None:
        raise does_not_exist('firewall rule group', name)
    return group


def own_rule(session, rule_id, with_public=False):
    groups = list(session.account.groups.values())
    for group in groups + (list(session.cloud.public_groups.values()) if with_public else []):
        if rule_id in group.rules:
            return group, group.rules[rule_id]
    raise does_not_exist('firewall rule', rule_id)


def text():
    return String(optional=True)


MATCH = {
    'ip_version': Choice('any', 'ipv4', 'ipv6', optional=True), 'source_ips': text(), 'source_ports': text(),
    'dest_ips': text(), 'source_ip6s': text(), 'dest_ip6s': text(), 'protocols': Choice(*PROTOCOLS, optional=True),
    'comment': String(blank=True, optional=True),
}
DIRECTION = Choice('Inbound', 'Outbound', optional=True)


@method('firewalling.rule_create', write=True, rule_group_name=String(), action=Choice(*ACTIONS),
        dest_ports=String(), ordering=Integer(min=1, max=RULE_LIMIT), direction=DIRECTION, **MATCH)
def rule_create(session, rule_group_name, **fields):
    """Add a rule to a group."""
    group = own_group(session, rule_group_name)
    if len(group.rules) >= RULE_LIMIT:
        raise precondition('The rule group has %d rules already' % RULE_LIMIT)
    check_rule(session.account, group, fields)
    rule = add_rule(session.cloud, group, fields)
    changed(session, group)
    return dict(rule)


@method('firewalling.rule_info', rule_id=Id())
def rule_info(session, rule_id):
    """Describe a rule."""
    return dict(own_rule(session, rule_id, with_public=True)[1])


@method('firewalling.rule_update', write=True, rule_id=Id(), action=Choice(*ACTIONS, optional=True),
        dest_ports=text(), ordering=Integer(min=1, max=RULE_LIMIT, optional=True), **MATCH)
def rule_update(session, rule_id, **changes):
    """Change a rule in its place."""
    group, rule = own_rule(session, rule_id)
    check_rule(session.account, group, {**rule, **changes})
    rule.update(changes)
    changed(session, group)
    return dict(rule)


@method('firewalling.rule_delete', write=True, rule_id=Id())
def rule_delete(session, rule_id):
    """Delete a rule."""
    group, rule = own_rule(session, rule_id)
    del group.rules[rule['rule_id']]
    changed(session, group)
    return rule_id


def make_group(account, nickname, notes='', policy='RETURN'):
    name = '%s-fw%d' % (account.name, account.number('fw'))
    group = account.groups[name] = Group(name, nickname, notes, False, policy)
    return group


@method('firewalling.rule_group_create', write=True, nickname=String(max=225), notes=String(blank=True, optional=True),
        rules=List(optional=True), default_outbound_policy=Choice('RETURN', 'REJECT', 'DROP', optional=True))
def rule_group_create(session, nickname, notes='', rules=(), default_outbound_policy='RETURN'):
    """Create a rule group with its rules; all or nothing."""
    account = session.account
    if any(group.nickname == nickname for group in account.groups.values()):
        raise precondition("Nickname '%s' is already in use" % nickname)
    if len(rules) > RULE_LIMIT:
        raise bad('rules', 'A rule group has at most %d rules.' % RULE_LIMIT)
    draft = Group('', nickname)
    reader = METHODS['firewalling.rule_create']
    for item in rules:
        if not isinstance(item, dict):
            raise bad('rules', 'Enter a list of dictionaries.')
        # As rule_info gives them: an id is not taken over. dest_ports may be missing here, as in Memset's example.
        item = {'dest_ports': 'any', **{key: value for key, value in item.items() if key != 'rule_id'},
                'rule_group_name': 'new'}
        fields = reader.read(item)
        check_rule(account, draft, fields)
        add_rule(session.cloud, draft, fields)
    group = make_group(account, nickname, notes, default_outbound_policy)
    group.rules = draft.rules
    for rule in group.rules.values():
        rule['rule_group_name'] = group.name
    return group.told()


@method('firewalling.rule_group_delete', write=True, rule_group_name=String())
def rule_group_delete(session, rule_group_name):
    """Delete a rule group that no server uses."""
    group = own_group(session, rule_group_name)
    if users(session.account, group):
        raise precondition("There are servers using rule group '%s'" % group.name)
    del session.account.groups[group.name]
    return group.name


@method('firewalling.rule_group_info', rule_group_name=String())
def rule_group_info(session, rule_group_name):
    """Describe a rule group."""
    return own_group(session, rule_group_name, with_public=True).told()


@method('firewalling.rule_group_list', include_public=Boolean(optional=True))
def rule_group_list(session, include_public=True):
    """List rule groups."""
    found = list(session.account.groups.values()) + (list(session.cloud.public_groups.values())
                                                     if include_public else [])
    return [group.told() for group in found]


@method('firewalling.rule_group_status', name=Name(), rule_group_name=String())
def rule_group_status(session, name, rule_group_name):
    """Whether the firewall of a server has the rules as they are."""
    service = session.account.find_server(name)
    group = own_group(session, rule_group_name, with_public=True)
    if service.server['firewall_rule_group'] != group.name:
        return 'na'
    return 'pending' if group.pending.get(name, 0) > session.cloud.world.now() else 'active'


@method('firewalling.update', write=True, name=Name(), rule_group_name=String())
def update(session, name, rule_group_name):
    """Give a server another rule group."""
    service = session.account.find_server(name)
    group = own_group(session, rule_group_name, with_public=True)
    allowed = ('managed', 'self_managed') if session.account.settings['self_managed_updates'] else ('managed',)
    if service.server['firewall_type'] not in allowed:
        raise precondition("Server '%s' does not have 'managed' firewalling" % name)
    session.account.need_live(service, 'a change of its firewall')
    service.server['firewall_rule_group'] = group.name
    changed(session, group, [service])
    return group.told()
