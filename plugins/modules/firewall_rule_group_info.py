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
  description:
    - The groups, each with the keys of RV(indie.cloud.firewall_rule_group#module:firewall_rule_group).
    - What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
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
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(FIREWALL_RULE_GROUP))


if __name__ == '__main__':
    main()
