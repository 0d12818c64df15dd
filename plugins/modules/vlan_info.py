#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vlan_info
short_description: List private networks
version_added: 0.1.0
description:
  - Lists the VLANs of an account, at UpCloud its private networks.
  - At Memset it takes two requests, at the others one for any number.
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
    description: The cloud whose VLANs to list.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma, elastichosts]
  id:
    description: Only the one with this identifier.
    type: str
  name:
    description: Only those of this name.
    type: str
  details:
    description: Whether to ask for the details of each, at UpCloud. The other lists tell all.
    type: bool
    default: false
  filters:
    description: Only those that fit all of these are listed.
    type: dict
    suboptions:
      zone:
        description: One of these zones.
        type: list
        elements: str
      labels:
        description: All of these labels, with these values.
        type: dict
"""

EXAMPLES = r"""
- name: List the VLANs at Memset and their servers
  indie.cloud.vlan_info:
    provider: memset
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.servers | join(' ') }}"
  loop: "{{ found.vlans }}"
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
vlans:
  description:
    - The VLANs, each with the keys of RV(indie.cloud.vlan#module:vlan).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.vlan import VLAN
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(VLAN))


if __name__ == '__main__':
    main()
