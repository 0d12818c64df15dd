#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: server_info
short_description: List servers
version_added: 0.1.0
description:
  - Lists the servers of an account at Memset, UpCloud, CloudSigma or ElasticHosts, in the same words for all.
  - The list is empty where nothing fits, also with O(id).
  - It takes one request, at UpCloud two, however many servers there are, unless O(details=true).
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
    description: The cloud whose servers to list.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma, elastichosts]
  id:
    description:
      - Only the server with this identifier, with its details.
    type: str
  name:
    description:
      - Only servers of this name, that is the nickname at Memset and the host name at UpCloud.
    type: str
  details:
    description:
      - Whether to ask for the details of each server that passes O(name) and O(filters). That is one request for
        each, a
        few of them at a time, and none where the list tells all.
      - The page C(docs/capabilities.md) of the collection tells what each provider's list leaves out.
    type: bool
    default: false
  filters:
    description:
      - Only servers that fit all of these are listed. They apply before any detail is fetched, at the provider itself
        where it can.
      - A filter by what the provider's list does not tell is refused.
    type: dict
    suboptions:
      state:
        description:
          - One of these states, of V(running), V(stopped), V(starting), V(stopping), V(error) and V(unknown).
        type: list
        elements: str
      zone:
        description: One of these zones.
        type: list
        elements: str
      plan:
        description: One of these plans.
        type: list
        elements: str
      tags:
        description: All of these tags.
        type: list
        elements: str
      labels:
        description: All of these labels, with these values.
        type: dict
"""

EXAMPLES = r"""
- name: List all servers at UpCloud
  indie.cloud.server_info:
    provider: upcloud
  register: found

- name: Show where they can be reached
  ansible.builtin.debug:
    msg: "{{ item.name }} is {{ item.state }} at {{ item.public_ipv4 | join(', ') }}"
  loop: "{{ found.servers }}"
  loop_control:
    label: "{{ item.id }}"

- name: List the running web servers of two zones
  indie.cloud.server_info:
    provider: upcloud
    filters:
      state: running
      zone: [fi-hel1, de-fra1]
      labels:
        role: web

- name: Look at one server, with its drives and networks
  indie.cloud.server_info:
    provider: cloudsigma
    name: web3
    details: true

- name: See whether there is a server of that name at Memset
  indie.cloud.server_info:
    provider: memset
    id: testaa1
  register: mine

- name: Say so
  ansible.builtin.debug:
    msg: "There is {{ 'one' if mine.servers else 'none' }}"

- name: List the servers of several providers in one list
  indie.cloud.server_info:
    provider: "{{ item }}"
  loop: [memset, upcloud, cloudsigma, elastichosts]
  register: everywhere

- name: Count them
  ansible.builtin.debug:
    msg: "{{ everywhere.results | map(attribute='servers') | flatten | length }}"
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
servers:
  description:
    - The servers, each with the keys of RV(indie.cloud.server#module:server).
    - What a provider does not tell, or tells with O(details=true) alone, is V(null).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SERVER))


if __name__ == '__main__':
    main()
