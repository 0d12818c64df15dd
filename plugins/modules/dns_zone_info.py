#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_zone_info
short_description: List DNS zones with their records
version_added: 0.1.0
description:
  - Lists the zones of an account with their domains and record sets. That is one request.
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
    description: The cloud. Only Memset has DNS zones in its API.
    type: str
    choices: [memset]
    default: memset
  id:
    description: Only the zone with this identifier.
    type: str
  name:
    description: Only zones of this nickname, of which there may be several.
    type: str
  domain:
    description: Only the zone that this domain is in.
    type: str
  details:
    description: Of no effect, for the list tells all. Every module of this kind takes it.
    type: bool
    default: false
  filters:
    description: Only zones that fit all of these are listed.
    type: dict
    suboptions:
      domains:
        description: All of these domains, in lower case.
        type: list
        elements: str
      ttl:
        description: One of these default TTLs.
        type: list
        elements: str
seealso:
  - module: indie.cloud.dns_zone
"""

EXAMPLES = r"""
- name: Look at the zone of a domain
  indie.cloud.dns_zone_info:
    domain: example.com
  register: found

- name: Show its records as the option records of the module dns_zone takes them
  ansible.builtin.debug:
    msg: "{{ found.dns_zones | map(attribute='records') | list }}"

- name: List all zones
  indie.cloud.dns_zone_info:
    provider: memset
  register: all_zones

- name: Name those without a domain
  ansible.builtin.debug:
    msg: "{{ all_zones.dns_zones | selectattr('domains', 'equalto', []) | map(attribute='name') | list }}"
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
dns_zones:
  description: The zones, the same as RV(indie.cloud.dns_zone#module:dns_zone).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Memset's identifier, 32 hex digits.
      returned: always
      type: str
      sample: 88d5ee3ddb0c26e44a4e3e3eb25d8ed2
    name:
      description: The nickname.
      returned: always
      type: str
      sample: example.com
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    ttl:
      description: Default TTL of the records, in seconds. V(0) stands for Memset's own, 1800.
      returned: always
      type: int
      sample: 3600
    domains:
      description: The domains that are answered with this zone, in lower case and in order.
      returned: always
      type: list
      elements: str
      sample: [example.com, example.org]
    records:
      description:
        - The record sets, in the form of O(indie.cloud.dns_zone#module:records). Records of one name and type whose TTL
          or O(indie.cloud.dns_zone#module:records[].relative)
          differ are sets of their own.
      returned: always
      type: list
      elements: dict
      contains:
        record:
          description: Host part of the name. Empty for the domain itself.
          returned: always
          type: str
          sample: www
        type:
          description: Type of the records.
          returned: always
          type: str
          sample: A
        value:
          description:
            - The values, in a stable order. For V(MX) and V(SRV) each is a dictionary with C(value) and C(priority).
          returned: always
          type: list
          elements: raw
          sample: [192.0.2.1, 192.0.2.2]
        ttl:
          description: How long they may be cached, in seconds. V(0) is the default of the zone.
          returned: always
          type: int
          sample: 300
        relative:
          description: Whether the domain is appended to names although there are dots in them.
          returned: always
          type: bool
          sample: false
    provider_options:
      description: Empty. Every module of the collection returns it.
      returned: always
      type: dict
    raw:
      description: The zone as the API gave it, with its records and their identifiers.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_zone import DNS_ZONE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DNS_ZONE))


if __name__ == '__main__':
    main()
