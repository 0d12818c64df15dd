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
  description:
    - The zones, each with the keys of RV(indie.cloud.dns_zone#module:dns_zone).
    - What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_zone import DNS_ZONE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DNS_ZONE))


if __name__ == '__main__':
    main()
