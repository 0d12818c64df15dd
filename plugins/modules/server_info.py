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
    - The servers, the same for every provider, and the same as RV(indie.cloud.server#module:server).
    - What a provider does not tell, or tells with O(details=true) alone, is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The provider's identifier.
      returned: always
      type: str
      sample: 00798b85-efdc-41ca-8021-f6ef457b8531
    name:
      description: The name by which modules find the server.
      returned: always
      type: str
      sample: web1.example.com
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    state:
      description:
        - One of V(running), V(stopped), V(starting), V(stopping), V(error) and V(unknown).
        - Memset's API tells nothing of the power, so there it is V(unknown).
      returned: always
      type: str
      sample: running
    provider_state:
      description: The state in the provider's own word.
      returned: always
      type: str
      sample: started
    zone:
      description: Where it is.
      returned: always
      type: str
      sample: fi-hel1
    plan:
      description: The size by name.
      returned: always
      type: str
      sample: 1xCPU-2GB
    cpu_cores:
      description: Number of cores.
      returned: always
      type: int
      sample: 1
    cpu_mhz:
      description: MHz of all cores together.
      returned: always
      type: int
    memory_mb:
      description: Memory in MiB.
      returned: always
      type: int
      sample: 2048
    image:
      description: What was installed, where the provider tells.
      returned: always
      type: str
    public_ipv4:
      description: Public IPv4 addresses.
      returned: always
      type: list
      elements: str
      sample: [94.237.0.207]
    public_ipv6:
      description: Public IPv6 addresses.
      returned: always
      type: list
      elements: str
    private_ipv4:
      description: IPv4 addresses in private networks.
      returned: always
      type: list
      elements: str
    private_ipv6:
      description: IPv6 addresses in private networks.
      returned: always
      type: list
      elements: str
    utility_ipv4:
      description: Addresses in the provider's own network between servers of a zone or account.
      returned: always
      type: list
      elements: str
    drives:
      description: The drives, with the keys of O(indie.cloud.server#module:drives) as far as the provider tells.
      returned: always
      type: list
      elements: dict
    networks:
      description:
        - The interfaces, with the keys of O(indie.cloud.server#module:networks) as far as the provider tells.
      returned: always
      type: list
      elements: dict
    persistent:
      description: Whether the server outlives a stop.
      returned: always
      type: bool
    vnc_address:
      description: Where VNC listens.
      returned: always
      type: str
    vnc_tls:
      description: Whether VNC is encrypted.
      returned: always
      type: bool
    tags:
      description: Tags.
      returned: always
      type: list
      elements: str
    labels:
      description: Labels.
      returned: always
      type: dict
    created:
      description: When it was made, as the provider writes it.
      returned: always
      type: str
    provider_options:
      description:
        - What only this provider has, as far as it can be read, with the keys of the provider's dictionary option of
          M(indie.cloud.server).
      returned: always
      type: dict
    raw:
      description: The server as the API gave it, less its secrets.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SERVER))


if __name__ == '__main__':
    main()
