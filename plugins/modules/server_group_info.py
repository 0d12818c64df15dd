#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: server_group_info
short_description: List groups of servers
version_added: 0.1.0
description:
  - Lists the server groups of an account.
  - At UpCloud it takes one request, at CloudSigma one more for each group.
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
    description: The cloud whose groups to list.
    type: str
    required: true
    choices: [upcloud, cloudsigma]
  id:
    description: Only the one with this identifier.
    type: str
  name:
    description: Only those of this name.
    type: str
  details:
    description: Makes no difference, all is told without.
    type: bool
    default: false
  filters:
    description: Only those that fit all of these are listed.
    type: dict
    suboptions:
      labels:
        description: All of these labels, with these values.
        type: dict
"""

EXAMPLES = r"""
- name: List the groups at UpCloud
  indie.cloud.server_group_info:
    provider: upcloud
  register: found

- name: Show groups of which two servers share a host
  ansible.builtin.debug:
    msg: "{{ item.name }}"
  loop: "{{ found.server_groups }}"
  when: not (item.anti_affinity_met.values() | list is all)
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
server_groups:
  description:
    - The groups, each with the keys of RV(indie.cloud.server_group#module:server_group).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SERVER_GROUP))


if __name__ == '__main__':
    main()
