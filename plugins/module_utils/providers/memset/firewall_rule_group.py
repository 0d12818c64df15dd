# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's firewall rule groups. The id is the name that Memset gives, the name is the nickname, which is unique.

There is no change of a group itself: its rules change one by one (see rule_order), and servers are given a group.
"""

from __future__ import annotations

from ...client import holding, nearest
from ...errors import Precondition
from ...fields import Field
from ...resources.firewall_rule_group import FirewallCrossing, in_order
from ...steps import Lookup, Ref, Step, Wait
from . import rule_order
from .client import MemsetClient

ACTIONS = {'accept': 'ACCEPT', 'drop': 'DROP', 'reject': 'REJECT'}
DIRECTIONS = {'in': 'Inbound', 'out': 'Outbound'}
POLICIES = {'accept': 'RETURN', 'drop': 'DROP', 'reject': 'REJECT'}
# Neutral field -> the parameters for both families, and all addresses of each.
ADDRESSES = {'sources': ('source_ips', 'source_ip6s'), 'destinations': ('dest_ips', 'dest_ip6s')}
ALL = ('0.0.0.0/0', '::/0')
PORTS = {'source_ports': 'source_ports', 'destination_ports': 'dest_ports'}
IMMUTABLE = 'Memset has no change of a group; make one under another name, give it the servers, and delete this one'
RULE = ('action', 'direction', 'family', 'protocol', 'sources', 'destinations', 'source_ports', 'destination_ports',
        'comment', 'ordering')


def swapped(table, word):
    """The neutral word for one of Memset's; its own, in small letters, where there is none."""
    return next((key for key, value in table.items() if value == word), str(word).lower())


def rule_in(raw):
    """A rule of Memset's as a normal one."""
    version, protocol = ({'all': 'any'}.get(raw.get(name), raw.get(name)) or 'any'
                         for name in ('ip_version', 'protocols'))
    found = {'action': swapped(ACTIONS, raw['action']), 'family': version, 'protocol': protocol,
             'direction': swapped(DIRECTIONS, raw.get('direction') or 'Inbound'),
             'comment': raw.get('comment'), 'ordering': raw['ordering']}
    for field, names in ADDRESSES.items():
        texts = [_listed(raw.get(name)) for name, kind in zip(names, ('ipv4', 'ipv6')) if version in ('any', kind)]
        # A list for one family says nothing of the other, which then is as open as can be.
        found[field] = [text for texts, whole in zip(texts, ALL if version == 'any' else [None])
                        for text in texts or [whole]] if any(texts) else []
    for field, name in PORTS.items():
        found[field] = [text.replace(':', '-') for text in _listed(raw.get(name))]
    return in_order([found])[0]


def _listed(text):
    """The items of a list as Memset writes it; 'any' is none."""
    return [] if text in (None, '', 'any', 'all') else [item.strip() for item in str(text).split(',') if item.strip()]


def rule_out(rule):
    """A normal rule as Memset takes it, each parameter said, so that a change leaves nothing of the rule before."""
    found = {'action': ACTIONS[rule['action']], 'direction': DIRECTIONS[rule['direction']],
             'ip_version': rule['family'], 'protocols': rule['protocol'], 'comment': rule['comment']}
    for field, names in ADDRESSES.items():
        for name, six in zip(names, (False, True)):
            texts = [text for text in rule[field] if (':' in text) is six and text not in ALL]
            found[name] = ','.join(texts) or 'any'
    for field, name in PORTS.items():
        found[name] = ','.join(rule[field]) or 'any'
    return found


def told_rules(group):
    """The rules of a group as Memset tells them; a group that tells none is no group without rules."""
    # An empty list is what an empty dictionary becomes in some languages.
    return [] if group.get('rules') == [] else list(holding(dict, group, 'rules')['rules'].values())


def rules_of(group):
    """[normal rule with its id], in order."""
    rules = sorted(told_rules(group), key=lambda raw: (raw['ordering'], str(raw['rule_id'])))
    found = [dict(rule_in(raw), id=raw['rule_id']) for raw in rules]
    return sorted(found, key=lambda rule: rule['direction'])


class MemsetFirewallRuleGroup(FirewallCrossing):
    """raw is {group, servers, status}: what the API shows of the group, the servers that use it, and how each does."""

    provider = 'memset'
    client = MemsetClient
    honours = {
        'name': {'pattern': r'[^\r\n]{1,225}', 'update': 'no', 'hint': IMMUTABLE},
        'rules': {'only': RULE, 'maximum': rule_order.LIMIT}, 'servers': {}, 'status': {}, 'server_status': {},
        'fallback_group': {}, 'allow_gap': {},
    }
    own = {
        'notes': Field(update='no', allow_empty=True, hint=IMMUTABLE),
        'default_outbound_policy': Field(choices=tuple(POLICIES), update='no', hint=IMMUTABLE),
    }
    refuses = {'rules.icmp_type': 'Memset matches icmp as a whole'}

    def __init__(self, resource):
        super().__init__(resource)
        # What server.list gave.
        self.servers = []

    # -- reads --------------------------------------------------------------------------------------------------------
    def _read(self, work):
        """All groups of the account and the servers that use them, in one request; how these do is not known yet."""
        groups, self.servers = self._together(work, [('firewalling.rule_group_list', {'include_public': False}),
                                                     ('server.list', {})])
        found = []
        for group in groups:
            users = [server['name'] for server in self.servers
                     if (server.get('firewall_rule_group') or {}).get('name') == group['name']]
            if not group.get('public'):
                found.append({'group': group, 'servers': sorted(users), 'status': {}})
        return found

    @staticmethod
    def _together(work, calls):
        answers = work.client.call_many(calls) if calls else []
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def _status(self, work, raws):
        """The same, with how each server does, in one request."""
        asked = [(raw, name) for raw in raws for name in raw['servers']]
        answers = self._together(work, [('firewalling.rule_group_status', {
            'name': name, 'rule_group_name': raw['group']['name']}) for raw, name in asked])
        for (raw, name), answer in zip(asked, answers):
            if answer is not None:
                # None: the server went meanwhile.
                raw['status'][name] = answer
        return raws

    def all(self, work, filters=None):
        return self._status(work, self._read(work))

    def one(self, work, ident):
        found = [raw for raw in self._read(work) if raw['group']['name'] == ident]
        return self._status(work, found)[0] if found else None

    def find(self, work, ident, name):
        if ident is not None:
            return self.one(work, ident)
        found = [raw for raw in self._read(work) if raw['group'].get('nickname') == name]
        return self._status(work, found)[0] if found else None

    def lookups(self, work, change):
        for name in self._joining(change):
            server = next((each for each in self.servers if each['name'] == name), None)
            if server is None:
                raise Precondition('servers: there is no server %r%s' % (
                    name, nearest(name, [each['name'] for each in self.servers])))
            if server.get('firewall_type') not in ('self_managed', 'managed'):
                raise Precondition('servers: %s has the firewall %s, and a rule group needs self_managed or managed' % (
                    name, server.get('firewall_type') or 'none'))
        leaving, wanted = self._leaving(change), change.options.get('fallback_group')
        if leaving and wanted is None:
            # Only a deletion has somebody leave without that.
            raise Precondition('the group is used by %s; name a fallback_group for them' % ', '.join(leaving))
        if leaving:
            groups = work.client.call('firewalling.rule_group_list', include_public=True)
            found = [each['name'] for each in groups if wanted == each['name']] or [
                each['name'] for each in groups if wanted == each.get('nickname')]
            if found and found[0] == change.id:
                raise Precondition('fallback_group: %r is the group itself; name another one for the servers that '
                                   'leave it' % wanted)
            if not found:
                raise Precondition('fallback_group: there is no other group %r%s' % (
                    wanted, nearest(wanted, [each.get('nickname') for each in groups if each['name'] != change.id])))
            change.found['fallback'] = found[0]

    def recover(self, work, step, error):
        """After a lost answer: a deletion is harmless again, and a rule that was made is in the group."""
        if step.operation in ('firewalling.rule_delete', 'firewalling.rule_group_delete'):
            return work.client.call(step.operation, **step.parameters)
        if step.operation == 'firewalling.rule_create':
            group = work.client.call('firewalling.rule_group_info', rule_group_name=step.parameters['rule_group_name'])
            wanted = rule_in(step.parameters)
            found = [each for each in told_rules(group) if rule_in(each) == wanted]
            if found:
                return found[0]
            error.message += '. It is not in the group yet; run the same task again'
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def rule_refusal(self, rule):
        for name in (*ADDRESSES, *PORTS):
            for text in rule.get(name) or []:
                if '-' in text:
                    return '%s: Memset knows no ranges such as %s; list %s' % (
                        name, text, 'the ports' if name in PORTS else 'addresses or networks')
        return None

    def project(self, raw):
        group, status = raw['group'], raw['status']
        rules = [{key: value for key, value in rule.items() if key != 'id'} for rule in rules_of(group)]
        return {'id': group['name'], 'name': group.get('nickname'), 'rules': rules, 'servers': raw['servers'],
                'status': None if not status else 'pending' if 'pending' in status.values() else 'active',
                'server_status': status, 'raw': group,
                'provider_options': {'notes': group.get('notes') or '', 'default_outbound_policy': swapped(
                    POLICIES, group.get('default_outbound_policy') or 'RETURN')}}

    def fill(self, wanted, options, before):
        """Servers by their names, with those that stay; and an end to what is still under way."""
        wanted = dict(wanted)
        if wanted.get('rules') is not None:
            wanted['rules'] = in_order(wanted['rules'])
        by_nickname = {server.get('nickname'): server['name'] for server in self.servers}
        names = {server['name'] for server in self.servers}
        if wanted.get('servers') is not None:
            given = {name if name in names else by_nickname.get(name, name) for name in wanted['servers']}
            stay = set(before['servers']) if before and not options.get('fallback_group') else set()
            wanted['servers'] = sorted(given | stay)
        if before and before['status'] == 'pending':
            wanted['status'] = 'active'
        return wanted

    @staticmethod
    def _joining(change):
        now = set(change.before['servers']) if change.before else set()
        return sorted(set(change.new('servers') or []) - now)

    @staticmethod
    def _leaving(change):
        now = set(change.before['servers']) if change.before else set()
        if change.deletes:
            return sorted(now)
        return sorted(now - set(change.new('servers'))) if 'servers' in change.fields else []

    def predict(self, change):
        known, unknown = {}, {'status', 'server_status'}
        if 'rules' in change.fields:
            known['rules'] = self._numbered(change)
        if change.creates:
            known.setdefault('rules', [])
            known.update(servers=change.new('servers') or [],
                         **{'memset.notes': change.new('memset.notes') or '',
                            'memset.default_outbound_policy': change.new('memset.default_outbound_policy') or 'accept'})
        return known, unknown

    def _numbered(self, change):
        """The rules with the numbers that the steps give them."""
        rules = {rule['id']: dict(rule) for rule in self._current(change)}
        for index, step in enumerate(self._rule_steps(change)):
            if step[0] == 'delete':
                del rules[step[1]]
            elif step[0] == 'create':
                rules[index] = dict(step[1], ordering=step[2])
            else:
                rule = rules[step[1]]
                rules[step[1]] = dict(step[2] or rule, ordering=rule['ordering'] if step[3] is None else step[3])
        return in_order(rules.values())

    @staticmethod
    def _current(change):
        return rules_of(change.raw['group']) if change.raw else []

    def _rule_steps(self, change):
        try:
            return rule_order.plan(self._current(change), change.new('rules'), change.options['allow_gap'])
        except rule_order.NoRoom:
            raise Precondition(
                'a group holds %d rules, and this change needs more of them for a moment to leave no gap in which less '
                'is allowed, or more is open, than both before and afterwards. Change fewer rules at once, or remove '
                'some first; allow_gap: true accepts the gap' % rule_order.LIMIT, provider=self.provider) from None

    # -- steps --------------------------------------------------------------------------------------------------------
    def create(self, change):
        self.need(change, 'name')
        rules = [dict(rule_out(rule), ordering=number) for _kind, rule, number in self._rule_steps(change)] \
            if change.new('rules') else None
        policy = change.new('memset.default_outbound_policy')
        values = {'nickname': change.new('name'), 'notes': change.new('memset.notes'), 'rules': rules,
                  'default_outbound_policy': policy and POLICIES[policy]}
        make = Step('firewalling.rule_group_create', {key: value for key, value in values.items() if value is not None},
                    'make the group %s with %d rules' % (change.new('name'), len(rules or [])), id='create',
                    lookup=Lookup('firewalling.rule_group_list', {'nickname': change.new('name')}, key='name',
                                  parameters={'include_public': False}))
        return [make] + self._give(self._joining(change), Ref('create', ('name',)), change.new('name')) \
            + self._until(self._joining(change), Ref('create', ('name',)))

    def update(self, change):
        name, fallback = change.before['name'], change.found.get('fallback')
        steps = self._give(self._leaving(change), fallback, fallback)
        if 'rules' in change.fields:
            steps += [self._step(change, step) for step in self._rule_steps(change)]
        steps += self._give(self._joining(change), change.id, name)
        stay = sorted(set(change.after['servers']) | set(self._joining(change)))
        return steps + self._until(self._leaving(change), fallback) + self._until(stay, change.id)

    def delete(self, change):
        leaving, fallback = self._leaving(change), change.found.get('fallback')
        return self._give(leaving, fallback, fallback) + self._until(leaving, fallback) + [
            Step('firewalling.rule_group_delete', {'rule_group_name': change.id},
                 'delete the group %s' % change.before['name'], destructive=True)]

    @staticmethod
    def _give(servers, group, words):
        return [Step('firewalling.update', {'name': name, 'rule_group_name': group},
                     'give server %s the group %s' % (name, words), id='give ' + name) for name in servers]

    @staticmethod
    def _until(servers, group):
        """Wait until the firewall of each server has the group as it is."""
        steps = []
        for name in servers:
            values = {'name': name, 'rule_group_name': group}
            wait = Wait('firewalling.rule_group_status', values, done={'status': ['active']}, failed={'status': ['na']},
                        gone=True, shows='status', subject='the firewall of %s' % name)
            steps.append(Step('firewalling.rule_group_status', values, 'wait for the firewall of %s' % name,
                              id='wait ' + name, wait=wait, writes=False))
        return steps

    @staticmethod
    def _step(change, step):
        if step[0] == 'delete':
            return Step('firewalling.rule_delete', {'rule_id': step[1]}, 'delete the rule %s' % step[1],
                        id='without ' + step[1], destructive=True)
        if step[0] == 'create':
            return Step('firewalling.rule_create', dict(rule_out(step[1]), rule_group_name=change.id, ordering=step[2]),
                        'make rule %d: %s' % (step[2], words(step[1])), id='rule %d' % step[2])
        values = {'rule_id': step[1]}
        if step[2]:
            # Its direction stays, and cannot be said.
            values.update((key, value) for key, value in rule_out(step[2]).items() if key != 'direction')
        if step[3] is not None:
            values['ordering'] = step[3]
        told = ' and '.join(part for part in (step[2] and 'make it: ' + words(step[2]),
                                              step[3] and 'move it to %d' % step[3]) if part)
        return Step('firewalling.rule_update', values, 'rule %s: %s' % (step[1], told), id='rule ' + step[1])

    def made(self, answers):
        return (answers.get('create') or {}).get('name')


def words(rule):
    """A rule in a few words."""
    parts = [rule['action'], rule['direction'], rule['protocol'] if rule['protocol'] != 'any' else '',
             'to port ' + ','.join(rule['destination_ports']) if rule['destination_ports'] else '',
             'from ' + ','.join(rule['sources']) if rule['sources'] else '']
    return ' '.join(part for part in parts if part)
