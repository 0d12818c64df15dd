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
    - What was found, the same for every provider, and the same as RV(indie.cloud.static_ip#module:static_ip).
    - What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The address. V(null) where there are several.
      returned: always
      type: str
      sample: 192.0.2.10
    name:
      description: The name, at ElasticHosts and where CloudSigma tells one.
      returned: always
      type: str
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    address:
      description: The same as C(id).
      returned: always
      type: str
      sample: 192.0.2.10
    addresses:
      description: All of them. The other keys tell what they have in common, and are V(null) where they differ.
      returned: always
      type: list
      elements: str
      sample: [192.0.2.10]
    count:
      description: How many they are.
      returned: always
      type: int
      sample: 1
    server:
      description: Identifier of the address that has it. V(null) where none has it, or it is not known.
      returned: always
      type: str
    family:
      description: V(IPv4) or V(IPv6).
      returned: always
      type: str
      sample: IPv4
    access:
      description: V(public), V(private) or V(utility), at UpCloud and Memset.
      returned: always
      type: str
      sample: public
    floating:
      description: Whether it can move from server to server, at UpCloud.
      returned: always
      type: bool
      sample: false
    zone:
      description: Where it can be used, at UpCloud and Memset.
      returned: always
      type: str
      sample: fi-hel1
    ptr_record:
      description: The name that it stands for, at UpCloud and Memset.
      returned: always
      type: str
    release_policy:
      description: What becomes of it when its server is deleted, at UpCloud.
      returned: always
      type: str
    mac:
      description: Hardware address of the interface that has it, at UpCloud.
      returned: always
      type: str
    gateway:
      description: The gateway, at CloudSigma and ElasticHosts.
      returned: always
      type: str
    netmask:
      description: The netmask, at CloudSigma and ElasticHosts.
      returned: always
      type: str
    nameservers:
      description: The name servers, at CloudSigma and ElasticHosts.
      returned: always
      type: list
      elements: str
    provider_options:
      description: What only this provider has. At Memset C(primary), which says whether it is the primary address of
        the address.
      returned: always
      type: dict
    raw:
      description: The address as the API gave it.
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
      sample: GET /ip_address
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(STATIC_IP))


if __name__ == '__main__':
    main()
