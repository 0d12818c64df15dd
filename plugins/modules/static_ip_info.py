#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: static_ip_info
short_description: List addresses
version_added: 0.1.0
description:
  - Lists the addresses of servers at UpCloud and Memset, floating ones at UpCloud, and the static ones of the
    account at
    CloudSigma and ElasticHosts. It takes one request.
  - The list is empty where nothing fits, also with O(id).
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
    description: The cloud whose addresses to list.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma, elastichosts]
  id:
    description: Only this address.
    type: str
  name:
    description: Only addresses of this name, at ElasticHosts and where CloudSigma tells one.
    type: str
  details:
    description: Of no use here, since the list tells all.
    type: bool
    default: false
  filters:
    description:
      - Only addresses that fit all of these are listed. A filter by what the provider does not tell is refused.
    type: dict
    suboptions:
      server:
        description: At one of these servers, by identifier.
        type: list
        elements: str
      family:
        description: Of one of these families.
        type: list
        elements: str
      access:
        description: One of these kinds.
        type: list
        elements: str
      floating:
        description: Floating, or not.
        type: list
        elements: str
      zone:
        description: In one of these zones.
        type: list
        elements: str
"""

EXAMPLES = r"""
- name: List the floating addresses at UpCloud
  indie.cloud.static_ip_info:
    provider: upcloud
    filters:
      floating: true
  register: floating

- name: Show those that no server has
  ansible.builtin.debug:
    msg: "{{ floating.static_ips | selectattr('server', 'none') | map(attribute='address') }}"

- name: List the static addresses at CloudSigma
  indie.cloud.static_ip_info:
    provider: cloudsigma
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
static_ips:
  description:
    - The addresses, each with the keys of RV(indie.cloud.static_ip#module:static_ip).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(STATIC_IP))


if __name__ == '__main__':
    main()
