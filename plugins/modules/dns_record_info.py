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
  description:
    - The record sets, each with the keys of RV(indie.cloud.dns_record#module:dns_record).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_record import DNS_RECORD
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DNS_RECORD))


if __name__ == '__main__':
    main()
