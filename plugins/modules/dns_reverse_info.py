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
  description:
    - The reverse maps, each with the keys of RV(indie.cloud.dns_reverse#module:dns_reverse).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_reverse import DNS_REVERSE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DNS_REVERSE))


if __name__ == '__main__':
    main()
