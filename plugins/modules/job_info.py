#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: job_info
short_description: Look at what other tasks have started
version_added: 0.1.0
description:
  - Looks at any number of handles of any mix of providers, once. It waits for none and does nothing of what remains.
  - A handle is the key C(job) of the result of a task with C(wait=false). The module M(indie.cloud.job) waits for
    them.
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
    description:
      - Not needed, since each handle names its own. It is there so that C(module_defaults) of the group can hold it.
    type: str
    choices: [memset, upcloud, cloudsigma, elastichosts]
  jobs:
    description:
      - The handles. An entry that is V(null), as a task returns where there is nothing to wait for, is left out.
    type: list
    elements: raw
    required: true
seealso:
  - module: indie.cloud.job
"""

EXAMPLES = r"""
- name: Order a server and do not wait for it
  indie.cloud.server:
    provider: memset
    name: web1
    plan: VPS001
    image: debian_buster_64
    wait: false
  register: ordered

- name: Look how far it is
  indie.cloud.job_info:
    jobs: "{{ [ordered.job] }}"
  register: looked

- name: Show it
  ansible.builtin.debug:
    msg: "{{ item.resource.name }}: {{ item.status }}"
  loop: "{{ looked.jobs }}"
  loop_control:
    label: "{{ item.id }}"

- name: Wait for it and give it its name
  indie.cloud.job:
    jobs: "{{ [ordered.job] }}"
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
jobs:
  description: The handles, in the order of O(jobs) without those that are V(null), and how each stands.
  returned: always
  type: list
  elements: dict
  contains:
    provider:
      description: The provider.
      returned: always
      type: str
      sample: memset
    kind:
      description: V(job) where the provider has a job for it, V(state) where the state of a thing tells.
      returned: always
      type: str
      sample: job
    id:
      description: Identifier of the job, or of the thing.
      returned: always
      type: str
    resource:
      description: What it is about, and how to know the end.
      returned: always
      type: dict
    remaining:
      description: What is still to do at the end.
      returned: always
      type: list
      elements: dict
    status:
      description: The status in the provider's word.
      returned: always
      type: raw
      sample: NEW
    finished:
      description: Whether there is nothing to wait for any more. What remains may still have to be done.
      returned: always
      type: bool
      sample: false
    failed:
      description: Whether it ended in failure.
      returned: always
      type: bool
      sample: false
    error:
      description: Why it could not be looked at, with the keys of RV(error). V(null) where it could.
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

from ansible_collections.indie.cloud.plugins.module_utils.jobs import JOB_INFO
from ansible_collections.indie.cloud.plugins.module_utils.module import run


def main():
    run(JOB_INFO)


if __name__ == '__main__':
    main()
