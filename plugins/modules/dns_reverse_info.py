#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_reverse_info
short_description: List the host names that addresses map back to
version_added: 0.1.0
description:
  - Lists the reverse DNS of the addresses of all servers, at UpCloud of all addresses of the account. That is one
    request.
  - The list is empty where nothing fits.
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
    description: The cloud that the addresses are at.
    type: str
    required: true
    choices: [memset, upcloud]
  address:
    description: Only this IPv4 or IPv6 address, however it is written.
    type: str
  name:
    description: Only addresses that map back to this host name.
    type: str
  server:
    description:
      - Only addresses of this server, by the name that Memset gave it, at UpCloud by UUID or host name. A host name
        takes a second request.
    type: str
  details:
    description: Of no effect, for the list tells all. Every module of this kind takes it.
    type: bool
    default: false
seealso:
  - module: indie.cloud.dns_reverse
"""

EXAMPLES = r"""
- name: See what the addresses of a server map back to
  indie.cloud.dns_reverse_info:
    provider: memset
    server: testaa1
  register: found

- name: Say it
  ansible.builtin.debug:
    msg: "{{ item.address }} maps back to {{ item.name }}"
  loop: "{{ found.dns_reverses }}"
  loop_control:
    label: "{{ item.address }}"

- name: See it for all addresses at UpCloud
  indie.cloud.dns_reverse_info:
    provider: upcloud
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
dns_reverses:
  description: The reverse maps, the same as RV(indie.cloud.dns_reverse#module:dns_reverse).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The address.
      returned: always
      type: str
      sample: 198.18.0.1
    name:
      description: The host name that the address maps back to. V(null) where an address at UpCloud has none.
      returned: always
      type: str
      sample: www.example.com
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    address:
      description: The address.
      returned: always
      type: str
      sample: 198.18.0.1
    server:
      description:
        - The name that Memset gave the server that has the address, at UpCloud the UUID of that server. V(null) for a
          floating address that no server has.
      returned: always
      type: str
      sample: testaa1
    provider_options:
      description: Empty. Every module of the collection returns it.
      returned: always
      type: dict
    raw:
      description: The entry as the API gave it.
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
      sample: invalid
    provider:
      description: The provider.
      returned: on failure
      type: str
      sample: memset
    operation:
      description: The operation of the API that failed, where it was one.
      returned: on failure
      type: str
      sample: dns.zone_list
    code:
      description: The provider's own code, where it has one. For a failed wait the status.
      returned: on failure
      type: raw
      sample: 7
    http_status:
      description: Status of the answer, where there was one.
      returned: on failure
      type: int
      sample: 400
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
      sample: 1
    api_writes:
      description: How many of them could change something.
      returned: always
      type: int
      sample: 0
    retries:
      description: How often a request was sent again.
      returned: always
      type: int
      sample: 0
    waited_seconds:
      description: How long the task waited for what it started.
      returned: always
      type: float
      sample: 0.0
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_reverse import DNS_REVERSE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DNS_REVERSE))


if __name__ == '__main__':
    main()
