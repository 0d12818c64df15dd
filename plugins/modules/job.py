#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: job
short_description: Wait for what other tasks have started
version_added: 0.1.0
description:
  - Waits for any number of handles of any mix of providers, all within one deadline, and does what remains of each,
    such as naming a server that Memset has just made.
  - A handle is the key C(job) of the result of a task with C(wait=false).
  - The handles of a provider are asked for together, so many servers take about as long as the slowest of them.
  - What remains of a handle is done as soon as it is over, while the others go on.
  - A handle that fails does not stop the others. The task then fails in the end, and RV(failed_jobs) names those.
  - Each handle is finished once. One that is given again, also in a later task on this machine, is only looked at, and
    its result is the thing as it is then.
  - One that was not finished, such as for lack of time, is gone on with where the last task on this machine came to.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait.timeout
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - Waits for nothing. RV(changed) says whether something remains to be done.
  diff_mode:
    support: none
    details:
      - The task that returned the handle tells the difference.
  idempotent:
    support: full
    details:
      - What was made or done before is found and not done again.
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
  - module: indie.cloud.job_info
  - module: indie.cloud.server
"""

EXAMPLES = r"""
- name: Order three servers and wait for none of them
  indie.cloud.server:
    provider: memset
    name: "{{ item }}"
    plan: VPS001
    image: debian_buster_64
    wait: false
  loop: [web1, web2, web3]
  register: ordered

- name: Begin another one elsewhere
  indie.cloud.server:
    provider: upcloud
    name: web4.example.com
    zone: uk-lon1
    plan: 1xCPU-1GB
    image: Debian GNU/Linux 12 (Bookworm)
    ssh_keys:
      - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.com
    wait: false
  register: begun

- name: Wait for all of them at once, for half an hour at most, and name those at Memset
  indie.cloud.job:
    jobs: "{{ ordered.results | map(attribute='job') + [begun.job] }}"
    wait_timeout: 1800
  register: done

- name: Show where they are
  ansible.builtin.debug:
    msg: "{{ item.result.name }} at {{ item.result.public_ipv4 | join(', ') }}"
  loop: "{{ done.jobs }}"
  loop_control:
    label: "{{ item.id }}"
  when: not ansible_check_mode
"""

RETURN = r"""
changed:
  description: Whether something that remained was done, or in check mode remains to be done.
  returned: always
  type: bool
  sample: true
jobs:
  description: The handles, in the order of O(jobs) without those that are V(null), and what became of each.
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
      description: The status that was seen last, in the provider's word.
      returned: when not in check mode
      type: raw
      sample: DONE
    finished:
      description: Whether it is over and all that remained is done.
      returned: when not in check mode
      type: bool
      sample: true
    error:
      description: What went wrong with this one, with the keys of RV(error).
      returned: when not in check mode
      type: dict
    result:
      description:
        - The thing as it is now, such as RV(indie.cloud.server#module:server). V(null) where it is gone or failed.
      returned: when not in check mode
      type: dict
failed_jobs:
  description: Those that failed, in words.
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

from ansible_collections.indie.cloud.plugins.module_utils.jobs import JOB
from ansible_collections.indie.cloud.plugins.module_utils.module import run


def main():
    run(JOB)


if __name__ == '__main__':
    main()
