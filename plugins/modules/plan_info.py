#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: plan_info
short_description: List plans
version_added: 0.1.0
description:
  - Lists what Memset or UpCloud sell under a name. The O(indie.cloud.server#module:plan) of a server takes the
    C(name) of one.
  - CloudSigma and ElasticHosts have no plans.
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
    description: The cloud to ask.
    type: str
    required: true
    choices: [memset, upcloud]
  id:
    description: Only the plan with this identifier, with its details.
    type: str
  name:
    description: The same as O(id), without the details.
    type: str
  details:
    description:
      - Whether to ask for prices and sizes too. At UpCloud that takes up to two requests more, for all plans
        together.
      - Memset tells no prices here. What a server would cost is told by the task of M(indie.cloud.server) that orders
        it, in check mode.
    type: bool
    default: false
  filters:
    description:
      - Only plans that fit all of these are listed.
      - A filter by what the provider does not tell is refused.
    type: dict
    suboptions:
      type:
        description: One of these types, in the provider's own word.
        type: list
        elements: str
"""

EXAMPLES = r"""
- name: List the plans of UpCloud with their prices
  indie.cloud.plan_info:
    provider: upcloud
    details: true
  register: found

- name: Show what each costs in Helsinki
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.prices | default([], true) | selectattr('zone', 'eq', 'fi-hel1') }}"
  loop: "{{ found.plans }}"
  loop_control:
    label: "{{ item.name }}"

- name: See which sizes a server without a plan can have at UpCloud
  indie.cloud.plan_info:
    provider: upcloud
    id: custom

- name: List the virtual servers that can be ordered at Memset
  indie.cloud.plan_info:
    provider: memset
    filters:
      type: miniserver
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
plans:
  description: The plans. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: What a server takes as its plan.
      returned: always
      type: str
      sample: 1xCPU-1GB
    name:
      description: The same as the identifier.
      returned: always
      type: str
      sample: 1xCPU-1GB
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    description:
      description: What it is, in words.
      returned: always
      type: str
    type:
      description:
        - The kind of product, in the provider's own word, such as V(miniserver) at Memset or V(general_purpose) at
          UpCloud.
      returned: always
      type: str
      sample: general_purpose
    cpu_cores:
      description: Number of cores.
      returned: always
      type: int
      sample: 1
    memory_mb:
      description: Memory in MiB.
      returned: always
      type: int
      sample: 1024
    size_gb:
      description: Storage in GiB that belongs to it. V(null) where none does.
      returned: always
      type: int
      sample: 25
    tier:
      description: The tier of that storage.
      returned: always
      type: str
      sample: maxiops
    transfer_gb:
      description: GiB a month that may leave at no extra charge.
      returned: always
      type: int
      sample: 1024
    prices:
      description: What it costs in each zone, with O(details=true) or O(id), at UpCloud.
      returned: always
      type: list
      elements: dict
      contains:
        zone:
          description: The zone.
          returned: always
          type: str
        currency:
          description: The currency of the account.
          returned: always
          type: str
        hourly:
          description: The price of an hour, as the API tells it.
          returned: always
          type: float
    sizes:
      description: Of the plan V(custom), the sizes that can be had, with O(details=true) or O(id), at UpCloud.
      returned: always
      type: list
      elements: dict
      contains:
        cpu_cores:
          description: Number of cores.
          returned: always
          type: int
        memory_mb:
          description: Memory in MiB.
          returned: always
          type: int
    provider_options:
      description: What only this provider tells, such as C(data_zones) at Memset or C(current_offering) at UpCloud.
      returned: always
      type: dict
    raw:
      description: The plan as the API gave it, less its secrets.
      returned: always
      type: dict
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.plan import PLAN
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(PLAN))


if __name__ == '__main__':
    main()
