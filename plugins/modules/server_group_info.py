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
  description: What was found, the same for every provider. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The provider's identifier.
      returned: always
      type: str
      sample: 0b3d85b4-b3be-46ca-a1e2-3b5d40d60fb1
    name:
      description: The name, at UpCloud the title.
      returned: always
      type: str
      sample: web
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    description:
      description: The description, at CloudSigma.
      returned: always
      type: str
    servers:
      description: Identifiers of the servers in it. V(null) at CloudSigma, which does not tell.
      returned: always
      type: list
      elements: str
    anti_affinity:
      description: The policy, at UpCloud. V(strict), V(preferred) or V(none).
      returned: always
      type: str
      sample: preferred
    anti_affinity_met:
      description: Of each server whether it has its host for itself, at UpCloud. Empty where there is no policy.
      returned: always
      type: dict
    labels:
      description: Labels, at UpCloud.
      returned: always
      type: dict
    provider_options:
      description: Always empty.
      returned: always
      type: dict
    raw:
      description: The group as the API gave it.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SERVER_GROUP))


if __name__ == '__main__':
    main()
