#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: firewall_rule_group
short_description: Manage the rules of firewalls
version_added: 0.1.0
description:
  - At Memset a firewall rule group is a list of up to 30 rules with a name, which any number of servers use.
  - At UpCloud each server has a list of its own. It is named by the server, is always there, and V(absent) empties
    it.
  - The first rule that matches decides. What no rule matches is blocked when it comes in to Memset's servers; what
    goes out
    is treated by O(memset.default_outbound_policy). At UpCloud end the list with a rule that matches all.
  - Rules are checked before any request. An option that the chosen provider cannot honour is refused, too.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait
  - indie.cloud.wait.timeout
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.action_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  provider:
    description: The cloud that the firewall is at.
    type: str
    required: true
    choices: [memset, upcloud]
  state:
    description:
      - V(present) makes the group where there is none, and changes its rules and servers where they differ.
      - V(absent) deletes the group. One that servers use is deleted only with O(fallback_group). At UpCloud all rules
        of
        the server are removed.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - The name that Memset gave the group, such as V(testaa-fw1), or the UUID of a server at UpCloud. It must exist.
    type: str
  name:
    description:
      - The nickname of the group at Memset, at most 225 characters, or the host name of a server at UpCloud.
      - Two servers of one host name are an error that lists their identifiers.
      - Memset cannot change a nickname.
    type: str
  rules:
    description:
      - All rules, in order. Left out, the rules stay as they are. The order of inbound rules among outbound ones is
        of no
        matter.
      - At most 30 at Memset. UpCloud takes 1000 rules of one family, protocol, address and port each; a rule that
        names
        more of these becomes several there, and is returned so.
      - A rule that matches the same as an earlier one, or never anything because an earlier one matches it all, is
        refused.
      - Memset has no change of several rules at once. How they are changed one by one without a gap is told in the
        notes.
        UpCloud replaces the whole list in one request.
    type: list
    elements: dict
    suboptions:
      action:
        description: What becomes of what matches. UpCloud has no V(reject).
        type: str
        required: true
        choices: [accept, drop, reject]
      direction:
        description: Whether it is for what comes in or goes out. At Memset V(out) is for customers of its beta.
        type: str
        choices: [in, out]
        default: in
      family:
        description:
          - The version of the Internet Protocol. By default that of the addresses, or any where there are none.
          - A rule for both that names addresses has to name some of both; V(0.0.0.0/0) and V(::/0) are all of one.
        type: str
        choices: [any, ipv4, ipv6]
      protocol:
        description: The protocol. UpCloud has V(any), V(tcp), V(udp), V(tcp,udp) and V(icmp).
        type: str
        choices: [any, tcp, udp, 'tcp,udp', icmp, gre, esp, ah, ipip, sctp]
        default: any
      sources:
        description:
          - Addresses and networks that it comes from. Left out or empty, all.
          - At UpCloud also ranges such as V(192.0.2.1-192.0.2.9).
        type: list
        elements: str
      destinations:
        description: Addresses and networks that it goes to, likewise.
        type: list
        elements: str
      source_ports:
        description:
          - Ports that it comes from, 1 to 65535. Left out or empty, all.
          - They need O(rules[].protocol) to be V(tcp), V(udp), V(tcp,udp) or V(sctp).
          - At UpCloud also ranges such as V(8000-8010), which Memset does not know.
        type: list
        elements: str
      destination_ports:
        description: Ports that it goes to, likewise.
        type: list
        elements: str
      icmp_type:
        description: Only ICMP messages of this type, 0 to 255. At UpCloud only.
        type: int
      comment:
        description: A comment. At UpCloud at most 250 characters.
        type: str
      ordering:
        description:
          - The place of the rule by number, 1 to 30, instead of its place in the list. For all rules or for none, at
            Memset.
          - What is compared is the order alone. A new rule gets this number where it is free, while others need not
            move.
        type: int
  servers:
    description:
      - Servers that shall use the group, by name or nickname, at Memset. Those that use it beyond them are left
        alone, unless
        there is a O(fallback_group).
      - Their firewall must be self_managed or managed.
      - The task waits until their firewalls have taken the group and its rules.
    type: list
    elements: str
  fallback_group:
    description:
      - The group that servers get which shall not use this one any longer, by name or nickname, at Memset. It may be
        a public
        one.
      - A server always has a group, so none leaves one without this.
    type: str
  allow_gap:
    description:
      - Whether rules may also be changed where there is no way without a moment in which less is allowed, or more is
        open,
        than both before and afterwards. Rules that go then go first. Otherwise it is refused before any change.
      - Only needed at Memset when the group is nearly full, see the notes.
    type: bool
    default: false
  memset:
    description: What only Memset has. Nothing of this can be changed once the group is there.
    type: dict
    suboptions:
      notes:
        description: Notes about the group.
        type: str
      default_outbound_policy:
        description: What becomes of what goes out and no rule matches. For customers of Memset's beta.
        type: str
        choices: [accept, drop, reject]
notes:
  - At Memset a group itself cannot be changed, so another nickname, other notes or another policy are refused. Make a
    group under
    another name, give it the servers, and delete the old one.
  - "Memset's rules are changed in this order. First, where a new rule finds no free number between its neighbours,
    rules are
    moved, none past another, which changes nothing. Then rules come: new ones from the top to the bottom, and such as
    are rewritten
    in their place or moved. Then rules go, from the bottom to the top."
  - "The reason: while rules come, a packet meets the rule that it will meet afterwards or, as long as that is not
    there, the one that
    it met before. While they go, it is the same the other way round. So at no time is anything blocked that is
    allowed before and
    afterwards, nor open that is closed before and afterwards. A firewall that loads some of these states only is no
    worse off."
  - Rules that match nothing in common need no order among each other. Of the ways that are safe the one with the
    fewest requests
    is taken.
  - All this needs free numbers for the rules that come. Where 30 do not suffice, rules that nothing waits for go
    first. Where that
    is not enough, see O(allow_gap).
  - A run that was cut off leaves a safe state, and the same task run again goes on from there.
"""

EXAMPLES = r"""
# The credentials come from the environment. Run twice, these tasks change nothing the second time.

- name: Let the office and the web in to some servers at Memset
  indie.cloud.firewall_rule_group:
    provider: memset
    name: web
    servers: [web1]
    rules:
      - action: accept
        protocol: tcp
        sources: [192.0.2.0/24, '2001:db8::/48']
        destination_ports: [22]
        comment: the office
      - action: accept
        protocol: tcp
        destination_ports: [80, 443]
      - action: accept
        protocol: icmp

- name: See that another server uses the same group
  indie.cloud.firewall_rule_group:
    provider: memset
    name: web
    servers: [web2]

- name: Have the same rules for a server at UpCloud, and close the rest
  indie.cloud.firewall_rule_group:
    provider: upcloud
    name: web3.example.com
    rules:
      - action: accept
        protocol: tcp
        sources: [192.0.2.0/24, '2001:db8::/48']
        destination_ports: [22]
      - action: accept
        protocol: tcp
        destination_ports: [80, 443]
      - action: drop

# What is removed

- name: Delete a group, and leave its servers to one of Memset's own
  indie.cloud.firewall_rule_group:
    provider: memset
    name: web
    state: absent
    fallback_group: managed-linux
"""

RETURN = r"""
changed:
  description: Whether anything was changed, or would be in check mode.
  returned: always
  type: bool
  sample: true
diff:
  description: The known fields before and after, as in RV(indie.cloud.server#module:diff).
  returned: always
  type: dict
steps:
  description:
    - What has to be done, in order, with the keys of RV(indie.cloud.server#module:steps). In check mode, what would be
      done.
  returned: always
  type: list
  elements: dict
firewall_rule_group:
  description:
    - The group afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: Memset's name of the group. At UpCloud the UUID of the server.
      returned: always
      type: str
      sample: testaa-fw1
    name:
      description: The nickname of the group. At UpCloud the host name of the server.
      returned: always
      type: str
      sample: web
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    rules:
      description:
        - The rules, inbound ones first, in the order in which they are tried. They may be given back as
          O(indie.cloud.firewall_rule_group#module:rules).
        - M(indie.cloud.firewall_rule_group_info) tells them for UpCloud only with its
          O(indie.cloud.firewall_rule_group_info#module:id) or
          O(indie.cloud.firewall_rule_group_info#module:details=true).
      returned: always
      type: list
      elements: dict
      contains:
        action:
          description: What becomes of what matches.
          returned: always
          type: str
          sample: accept
        direction:
          description: V(in) or V(out).
          returned: always
          type: str
          sample: in
        family:
          description: V(any), V(ipv4) or V(ipv6).
          returned: always
          type: str
          sample: ipv4
        protocol:
          description: The protocol or protocols, or V(any).
          returned: always
          type: str
          sample: tcp
        sources:
          description: Addresses that it comes from. Empty for all.
          returned: always
          type: list
          elements: str
          sample: [192.0.2.0/24]
        destinations:
          description: Addresses that it goes to. Empty for all.
          returned: always
          type: list
          elements: str
        source_ports:
          description: Ports that it comes from. Empty for all.
          returned: always
          type: list
          elements: str
        destination_ports:
          description: Ports that it goes to. Empty for all.
          returned: always
          type: list
          elements: str
          sample: ['22']
        icmp_type:
          description: The type of ICMP message, at UpCloud. V(null) for all.
          returned: always
          type: int
        comment:
          description: The comment.
          returned: always
          type: str
        ordering:
          description: The number of the rule at Memset. V(null) at UpCloud.
          returned: always
          type: int
          sample: 1
    servers:
      description: Identifiers of the servers that use the rules.
      returned: always
      type: list
      elements: str
      sample: [testaa1]
    status:
      description:
        - At Memset V(active), V(pending) while the firewall of a server still has older rules, or V(null) where no
          server
          uses the group.
        - At UpCloud V(active) or V(off), by whether the server's firewall is on. V(null) where only its list was
          read.
      returned: always
      type: str
      sample: active
    server_status:
      description: At Memset the status of each of the servers.
      returned: always
      type: dict
      sample: {testaa1: active}
    provider_options:
      description: At Memset C(notes) and C(default_outbound_policy). Otherwise empty.
      returned: always
      type: dict
    raw:
      description: The group, or the server with its rules, as the API gave it, less secrets.
      returned: always
      type: dict
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description:
    - The keys of RV(firewall_rule_group) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
notes:
  description: What is worth knowing of this run.
  returned: always
  type: list
  elements: str
error:
  description: What went wrong, with the keys of RV(indie.cloud.server#module:error). V(null) where nothing did.
  returned: always
  type: dict
secrets:
  description: Always empty. Every module of the collection returns it.
  returned: always
  type: dict
stats:
  description: What the task took, with the keys of RV(indie.cloud.server#module:stats).
  returned: always
  type: dict
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.firewall_rule_group import FIREWALL_RULE_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(FIREWALL_RULE_GROUP))


if __name__ == '__main__':
    main()
