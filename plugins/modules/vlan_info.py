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
  description: What was found, the same for every provider. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The provider's identifier. At Memset the name of the service.
      returned: always
      type: str
      sample: testaa-vlan1
    name:
      description: The name. At Memset the nickname of the service.
      returned: always
      type: str
      sample: back
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    zone:
      description: The zone, at Memset the network zone. V(null) at CloudSigma and ElasticHosts.
      returned: always
      type: str
      sample: reading
    network:
      description: Its addresses. V(null) at CloudSigma and ElasticHosts.
      returned: always
      type: str
      sample: 10.1.1.0/24
    servers:
      description:
        - Identifiers of the servers that are in it. V(null) at CloudSigma and ElasticHosts.
        - UpCloud tells them in the details alone.
      returned: always
      type: list
      elements: str
      sample: [testaa1]
    labels:
      description: Labels, at UpCloud.
      returned: always
      type: dict
    provider_options:
      description:
        - At Memset C(members), which has the C(type), the C(private_ips) and C(tagged) of each server.
        - At UpCloud the router and the settings of DHCP, with the keys of O(indie.cloud.vlan#module:upcloud).
      returned: always
      type: dict
    raw:
      description: What the API gave, less secrets.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.vlan import VLAN
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(VLAN))


if __name__ == '__main__':
    main()
