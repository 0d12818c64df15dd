# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewall rule group: an ordered list of rules, and the servers that it is for. No provider's words in here."""

from __future__ import annotations

from .. import firewall
from ..errors import BadInput
from ..fields import Field
from ..resource import Crossing, Resource


def _memset():
    from ..providers.memset.firewall_rule_group import MemsetFirewallRuleGroup
    return MemsetFirewallRuleGroup


def _upcloud():
    from ..providers.upcloud.firewall_rule_group import UpCloudFirewallRuleGroup
    return UpCloudFirewallRuleGroup


RULE = {
    'action': Field(choices=('accept', 'drop', 'reject'), required=True),
    'direction': Field(choices=('in', 'out'), default='in'),
    'family': Field(choices=('any', 'ipv4', 'ipv6')),
    'protocol': Field(choices=('any', 'tcp', 'udp', 'tcp,udp', 'icmp', 'gre', 'esp', 'ah', 'ipip', 'sctp'),
                      default='any'),
    'sources': Field('list', elements='str'),
    'destinations': Field('list', elements='str'),
    'source_ports': Field('list', elements='str'),
    'destination_ports': Field('list', elements='str'),
    'icmp_type': Field('int', minimum=0, maximum=255),
    'comment': Field(allow_empty=True),
    'ordering': Field('int', minimum=1, maximum=30, hint='a place within the group'),
}


def in_order(rules):
    """Normal rules as they are compared: those of one direction after the other, by their numbers where given."""
    found = [firewall.normal(rule) for rule in rules]
    return sorted(found, key=lambda rule: (rule['direction'], rule['ordering'] or 0))


def same_rules(wanted, current):
    """Whether the rules are the same, in the same order. Numbers are not compared, but two of one number have none."""
    current = current or []
    numbers = [(rule['direction'], rule['ordering']) for rule in current if rule['ordering'] is not None]
    return len(set(numbers)) == len(numbers) and [dict(rule, ordering=None) for rule in wanted] == [
        dict(rule, ordering=None) for rule in current]


FIREWALL_RULE_GROUP = Resource(
    name='firewall_rule_group', plural='firewall_rule_groups', crossings={'memset': _memset, 'upcloud': _upcloud},
    fields={
        'rules': Field('list', elements='dict', options=RULE, normal=in_order, compare=same_rules),
        'servers': Field('list', elements='str', compare='set'),
        'status': Field(option=False),
        'server_status': Field('dict', option=False),
    },
    controls={
        'fallback_group': Field(),
        'allow_gap': Field('bool', default=False, leave=True),
    },
    filters=('status',),
)


class FirewallCrossing(Crossing):
    """What providers' rules share: that they are refused as they stand together, before any request."""

    def check(self, options):
        rules = options.get('rules') or []
        for index, rule in enumerate(rules):
            told = firewall.refusal(rule) or self.rule_refusal(rule)
            if told:
                raise BadInput('rules[%d]: %s' % (index, told), provider=self.provider)
        numbers = [rule.get('ordering') for rule in rules]
        if any(numbers) and not all(numbers):
            raise BadInput('rules: ordering must be given for all rules or for none', provider=self.provider)
        if any(numbers) and len(set(numbers)) < len(numbers):
            raise BadInput('rules: several have the same ordering', provider=self.provider)
        told = firewall.list_refusal(sorted(rules, key=lambda rule: rule.get('ordering') or 0))
        if told:
            raise BadInput(told, provider=self.provider)

    def rule_refusal(self, rule):
        """Why this provider cannot have a rule, beyond single values, or None."""
        return
