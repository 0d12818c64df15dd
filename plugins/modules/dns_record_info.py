#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_record_info
short_description: List DNS record sets
version_added: 0.1.0
description:
  - Lists record sets, each with all values that a name has for a type. That is one request.
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
    description: The cloud. Only Memset has DNS records in its API.
    type: str
    choices: [memset]
    default: memset
  zone:
    description:
      - Only sets of the zone of this nickname or identifier. Several zones of the nickname are an error, unless
        O(domain) tells which is meant.
    type: str
  domain:
    description: Only sets of the zone that this domain is in.
    type: str
  name:
    description: Only sets of this name, that is its host part. Empty for the domain itself.
    type: str
  type:
    description: Only sets of this type.
    type: str
  details:
    description: Of no effect, for the list tells all. Every module of this kind takes it.
    type: bool
    default: false
seealso:
  - module: indie.cloud.dns_record
"""

EXAMPLES = r"""
- name: See where the mail of a domain goes
  indie.cloud.dns_record_info:
    domain: example.com
    name: ""
    type: MX
  register: mail

- name: Say it
  ansible.builtin.debug:
    msg: "{{ mail.dns_records | map(attribute='value') | flatten | sort(attribute='priority') }}"

- name: List all record sets of all zones
  indie.cloud.dns_record_info:
    provider: memset
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
dns_records:
  description: The record sets, the same as RV(indie.cloud.dns_record#module:dns_record).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Zone, type and name with slashes between them. Memset itself has identifiers of single records only.
      returned: always
      type: str
      sample: 88d5ee3ddb0c26e44a4e3e3eb25d8ed2/A/www
    name:
      description: Host part of the name. Empty for the domain itself.
      returned: always
      type: str
      sample: www
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    type:
      description: Type of the records.
      returned: always
      type: str
      sample: A
    zone:
      description: Nickname of the zone.
      returned: always
      type: str
      sample: example.com
    zone_id:
      description: Identifier of the zone.
      returned: always
      type: str
      sample: 88d5ee3ddb0c26e44a4e3e3eb25d8ed2
    domains:
      description: The domains that are answered with the zone.
      returned: always
      type: list
      elements: str
      sample: [example.com]
    value:
      description:
        - The values, in a stable order. For V(MX) and V(SRV) each is a dictionary with C(value) and C(priority).
      returned: always
      type: list
      elements: raw
      sample: [192.0.2.1, 192.0.2.2]
    ttl:
      description:
        - How long they may be cached, in seconds. V(0) is the default of the zone. V(null) where records differ.
      returned: always
      type: int
      sample: 300
    relative:
      description:
        - Whether the domain is appended to names although there are dots in them. V(null) where records differ.
      returned: always
      type: bool
      sample: false
    provider_options:
      description: Empty. Every module of the collection returns it.
      returned: always
      type: dict
    raw:
      description: The zone as the API gave it, with the records of the set alone.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_record import DNS_RECORD
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DNS_RECORD))


if __name__ == '__main__':
    main()
