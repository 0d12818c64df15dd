#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: firewall_rule_group_info
short_description: List firewall rules
version_added: 0.1.0
description:
  - Lists the firewall rule groups of an account at Memset, but for the public ones, or the servers at UpCloud with
    their rules.
  - At Memset it takes two requests for any number of groups. At UpCloud one, and with O(details=true) one more for
    each server.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.info
  - indie.cloud.attributes.action_group
options:
  provider:
    description: The cloud whose rules to list.
    type: str
    required: true
    choices: [memset, upcloud]
  id:
    description: Only the group with this name at Memset, or the rules of the server with this UUID at UpCloud.
    type: str
  name:
    description: Only the group with this nickname at Memset, or the rules of servers with this host name at UpCloud.
    type: str
  details:
    description: Whether to ask for the rules of each server at UpCloud. Memset's list tells all.
    type: bool
    default: false
  filters:
    description: Only groups that fit are listed.
    type: dict
    suboptions:
      status:
        description: One of these statuses. At UpCloud the list does not tell it.
        type: list
        elements: str
"""

EXAMPLES = r"""
- name: List the groups at Memset
  indie.cloud.firewall_rule_group_info:
    provider: memset
  register: found

- name: Show those that no server uses
  ansible.builtin.debug:
    msg: "{{ found.firewall_rule_groups | rejectattr('servers') | map(attribute='name') }}"

- name: Look at the rules of a server at UpCloud
  indie.cloud.firewall_rule_group_info:
    provider: upcloud
    name: web3.example.com
    details: true
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
firewall_rule_groups:
  description: What was found, the same for every provider. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
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
error:
  description: What went wrong. V(null) where nothing did.
  returned: always
  type: dict
  contains:
    kind:
      description:
        - What kind of failure it is, in a word to branch on. One of V(input), V(invalid), V(auth), V(not_found),
          V(ambiguous), V(conflict), V(precondition), V(quota), V(throttled), V(unavailable), V(malformed),
          V(job_failed), V(wait_timeout), V(outcome_unknown) and V(api). The page C(docs/architecture.md) says what
          each means.
      returned: on failure
      type: str
      sample: quota
    provider:
      description: The provider.
      returned: on failure
      type: str
      sample: upcloud
    operation:
      description: The operation of the API that failed, where it was one.
      returned: on failure
      type: str
      sample: POST /server
    code:
      description: The provider's own code, where it has one. For a failed wait the status.
      returned: on failure
      type: raw
      sample: SERVER_RESOURCES_LIMIT_REACHED
    http_status:
      description: Status of the answer, where there was one.
      returned: on failure
      type: int
      sample: 403
    message:
      description: What happened and what can be done, in words.
      returned: on failure
      type: str
    job:
      description: The job that failed or goes on, where it was one.
      returned: on failure
      type: str
    request_id:
      description: The provider's identifier of the request, for its support.
      returned: on failure
      type: str
secrets:
  description: Always empty. Every module of the collection returns it.
  returned: always
  type: dict
stats:
  description: What the task took.
  returned: always
  type: dict
  contains:
    api_calls:
      description: Requests to the API.
      returned: always
      type: int
      sample: 4
    api_writes:
      description: How many of them could change something.
      returned: always
      type: int
      sample: 1
    retries:
      description: How often a request was sent again.
      returned: always
      type: int
      sample: 0
    waited_seconds:
      description: How long the task waited for what it started.
      returned: always
      type: float
      sample: 12.5
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.firewall_rule_group import FIREWALL_RULE_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(FIREWALL_RULE_GROUP))


if __name__ == '__main__':
    main()
