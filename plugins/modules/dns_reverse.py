#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_reverse
short_description: Set the host name that an address maps back to
version_added: 0.1.0
description:
  - Sets the reverse DNS of an address of a server.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait
  - indie.cloud.wait.timeout
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.action_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  provider:
    description: The cloud that the address is at.
    type: str
    required: true
    choices: [memset, upcloud]
  address:
    description:
      - The IPv4 or IPv6 address, however it is written. A server of the account must have it, or at UpCloud the
        account. There it must be a public one.
    type: str
    required: true
  name:
    description:
      - The host name that the address shall map back to, of at most 250 characters, at UpCloud 253. Without it the
        task only tells the present one.
    type: str
  server:
    description:
      - The name that Memset gave the server, such as V(testaa1), or the UUID or host name of a server at UpCloud. With
        it, the address must be of that server.
    type: str
  state:
    description:
      - V(absent) is refused, because neither API has an operation that removes a reverse map. Give it another name
        instead.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: indie.cloud.dns_zone
  - module: indie.cloud.static_ip
"""

EXAMPLES = r"""
# The credentials come from the environment. Run twice, these tasks change nothing the second time.

- name: Map an address back to the name of the mail server
  indie.cloud.dns_reverse:
    provider: memset
    address: 198.18.0.1
    name: mail.example.com

- name: The same, if the address is of that server
  indie.cloud.dns_reverse:
    provider: memset
    address: 198.18.0.1
    name: mail.example.com
    server: testaa1

- name: Find the addresses of a server at UpCloud
  indie.cloud.static_ip_info:
    provider: upcloud
    filters:
      access: [public]
      family: [IPv4]
  register: found

- name: Map the first one back to the name of the server
  indie.cloud.dns_reverse:
    provider: upcloud
    address: "{{ found.static_ips[0].address }}"
    name: mail.example.net
    server: mail.example.net
"""

RETURN = r"""
changed:
  description: Whether anything was changed, or would be in check mode.
  returned: always
  type: bool
  sample: true
diff:
  description: The known fields before and after, as in RV(indie.cloud.server#module:diff).
  returned: always
  type: dict
steps:
  description:
    - What has to be done, in order, with the keys of RV(indie.cloud.server#module:steps). In check mode, what would be
      done.
  returned: always
  type: list
  elements: dict
  sample:
    - operation: dns.reverse_map_update
      summary: map 198.18.0.1 back to www.example.com
      destructive: false
      cost: null
dns_reverse:
  description:
    - The reverse map afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
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
job:
  description: Always V(null), for nothing is started that takes time.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(dns_reverse) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
  sample: [id, raw]
notes:
  description: What is worth knowing of this run.
  returned: always
  type: list
  elements: str
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
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(DNS_REVERSE))


if __name__ == '__main__':
    main()
