#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vlan
short_description: Manage private networks and who is in them
version_added: 0.1.0
description:
  - At Memset a VLAN is a service whose members change here. Its API can neither order nor end one.
  - At UpCloud it is a private network, which is made, changed and deleted here. Servers are put in and out stopped.
  - At CloudSigma and ElasticHosts it has a name and nothing else. A server is in one by
    O(indie.cloud.server#module:networks).
    To make one may need a subscription.
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
    description: The cloud that the VLAN is at.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma, elastichosts]
  state:
    description:
      - V(present) makes the VLAN where there is none, but for Memset, and changes it where it differs.
      - V(absent) deletes it. It is refused at Memset, and while servers are in it elsewhere.
    type: str
    choices: [present, absent]
    default: present
  id:
    description: The provider's identifier. It must exist.
    type: str
  name:
    description:
      - The name. Two of one name are an error that lists their identifiers.
      - At UpCloud at most 255 characters. At Memset the nickname of the service, of letters, digits, V(_), V(.) and
        V(-), at most 255.
      - At CloudSigma and ElasticHosts without control characters, spaces at its ends, HTML entities such as C(&amp;),
        or a backslash with an n behind it, which would not be read back as they were written.
    type: str
  zone:
    description: The zone, to make a network at UpCloud. It cannot be changed.
    type: str
  network:
    description:
      - The addresses in CIDR form, to make a network at UpCloud, with a prefix of 8 to 29 within the private ranges, or
        64 for IPv6. They cannot be changed.
    type: str
  servers:
    description:
      - Servers that shall be in it, by id or name, at Memset and UpCloud. Others stay in, unless O(prune=true).
      - At UpCloud each gets a new interface with an address of the network, for which it must be stopped, see
        O(allow_stop). One that leaves loses its interfaces in the network.
      - At Memset a host may lose its connections by this, until it is configured for it.
    type: list
    elements: str
  remove_servers:
    description: Servers that shall not be in it. Nothing else is said of others.
    type: list
    elements: str
  prune:
    description: Whether servers that are not named in O(servers) are taken out.
    type: bool
    default: false
  labels:
    description:
      - Labels, at UpCloud. Others stay, unless O(purge_labels=true).
      - A key has 1 to 32 letters, digits, C(-) and C(_) and does not begin with C(_), a value at most 255 characters.
    type: dict
  purge_labels:
    description: Whether labels that are not named are removed. Those that begin with C(_) are UpCloud's own and stay.
    type: bool
    default: false
  allow_stop:
    description:
      - Whether a running server at UpCloud may be stopped, to be put in or taken out. One after the other is stopped,
        changed and started again, also if the change fails. Without it the task is refused before anything is done.
      - A run that is cut off in between leaves a note in O(state_dir), and the same task run again starts what it had
        stopped.
    type: bool
    default: false
  force_stop:
    description: Whether the power of a server may be cut, if its guest does not shut down within O(stop_timeout).
    type: bool
    default: false
  stop_timeout:
    description: How many seconds a guest may take to shut down, at most 600.
    type: int
    default: 120
  memset:
    description: What only Memset has.
    type: dict
    suboptions:
      primary:
        description:
          - Whether the VLAN becomes the primary one of servers that are put in, which their default route goes by.
          - It cannot be read back, so it is sent with a server that joins, and means nothing for one that is in.
        type: bool
      reboot:
        description:
          - Whether miniservers are rebooted after they were put in or out, which they need for it to take effect.
          - A reboot that was not come to, or failed, is noted in O(state_dir). The next run with this option does it,
            and one without it says that it is lacking.
        type: bool
  upcloud:
    description: What only UpCloud has.
    type: dict
    suboptions:
      router:
        description: The router that the network is attached to, by UUID or name. Empty for none.
        type: str
      dhcp:
        description: Whether addresses are given by DHCP. V(true) for a new network unless said otherwise.
        type: bool
      gateway:
        description: The address of the gateway.
        type: str
      dhcp_default_route:
        description: Whether DHCP gives the gateway as default route.
        type: bool
      dhcp_dns:
        description: Name servers that DHCP gives.
        type: list
        elements: str
      dhcp_routes:
        description:
          - Further routes that DHCP gives, each a network in CIDR form, perhaps with the address of the next hop, such
            as V(10.9.0.0/16-nexthop=10.0.3.5). Both are of the family of O(network).
        type: list
        elements: str
      dhcp_bootfile_url:
        description: Where DHCP says that a boot file is.
        type: str
"""

EXAMPLES = r"""
# The credentials come from the environment. Run twice, these tasks change nothing the second time.

- name: Put a server into a VLAN at Memset, and reboot it for that
  indie.cloud.vlan:
    provider: memset
    name: back
    servers: [web1]
    memset:
      reboot: true

- name: Have a private network at UpCloud
  indie.cloud.vlan:
    provider: upcloud
    name: back
    zone: fi-hel1
    network: 10.0.3.0/24
    labels:
      env: test

- name: Put a running server into a network at UpCloud, stopped meanwhile
  indie.cloud.vlan:
    provider: upcloud
    name: front
    servers: [web1.example.com]
    allow_stop: true

- name: Have a VLAN at CloudSigma
  indie.cloud.vlan:
    provider: cloudsigma
    name: back

# What is removed

- name: Delete the network at UpCloud
  indie.cloud.vlan:
    provider: upcloud
    name: back
    state: absent
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
vlan:
  description:
    - The VLAN afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
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
        - At UpCloud the router and the settings of DHCP, with the keys of O(indie.cloud.vlan#module:upcloud). Addresses
          are in their shortest spelling, whatever was written.
      returned: always
      type: dict
    raw:
      description: What the API gave, less secrets.
      returned: always
      type: dict
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(vlan) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.vlan import VLAN
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(VLAN))


if __name__ == '__main__':
    main()
