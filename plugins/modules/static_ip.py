#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: static_ip
short_description: Get, move and release addresses
version_added: 0.1.0
description:
  - Addresses of servers and floating ones at UpCloud, static addresses at CloudSigma and ElasticHosts, and the public
    addresses of servers at Memset, which can be moved.
  - No provider lets an address be chosen, and only ElasticHosts gives it a name. So new ones come of O(count), which
    says
    how many there shall be. More than that are left alone. Released is only what is named.
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
    choices: [memset, upcloud, cloudsigma, elastichosts]
  state:
    description:
      - Whether the address is wanted. V(absent) releases it for good, which Memset cannot do.
      - At UpCloud the server of an address that is not floating must be stopped for that, see O(allow_stop).
      - At CloudSigma and ElasticHosts it is refused while a server has the address.
    type: str
    choices: [present, absent]
    default: present
  id:
    description: The same as O(address).
    type: str
  address:
    description:
      - The address, however it is spelt. It must be there unless O(state=absent).
      - One of O(address), O(addresses), O(count) and O(name) is needed.
    type: str
  addresses:
    description:
      - Several addresses at Memset, at most 100, that shall be at O(server). They are moved together, with one move
        for
        each server that has some of them.
    type: list
    elements: str
  name:
    description:
      - Name of the address at ElasticHosts, by which it is found, or got. Two of that name are an error that lists
        them.
      - With O(address) as well, it is what the address shall be called.
      - It is without control characters, spaces at its ends, HTML entities such as C(&amp;), or a
        backslash with an n behind it, which would not be read back as they were written.
    type: str
  count:
    description:
      - How many addresses there shall be at least.
      - At UpCloud, of O(family) and O(access), at O(server), or with O(floating=true) at O(server) or in O(zone). A
        server has at most five public addresses of a family, those that float to it too, and one utility address; more
        are refused before anything is written. Floating ones are at most 100 here.
      - At CloudSigma and ElasticHosts, of the whole account. Memset refuses it.
    type: int
  server:
    description:
      - At UpCloud the server that has the address, by UUID or host name, or an empty string for none. Only a floating
        address can be moved. It goes to the server's first public interface that has an address of the same family.
      - At Memset the server to move to, by the name that Memset gave it. The primary address of a server cannot be
        moved.
        Both servers are out of reach for a moment.
      - At CloudSigma and ElasticHosts a server takes an address by O(indie.cloud.server#module:networks[].address),
        so it
        is refused.
    type: str
  family:
    description: Address family at UpCloud, V(IPv4) unless said. It cannot be changed.
    type: str
    choices: [IPv4, IPv6]
  access:
    description: The kind of address at UpCloud, V(public) unless said. It cannot be changed.
    type: str
    choices: [public, utility]
  floating:
    description: Whether O(count) is for floating addresses, at UpCloud. It cannot be changed.
    type: bool
  zone:
    description: Where new floating addresses are to be, at UpCloud, such as V(fi-hel1). It cannot be changed.
    type: str
  ptr_record:
    description:
      - The host name that the address stands for, at UpCloud, in any case, of at most 253 characters.
      - At Memset use M(indie.cloud.dns_reverse).
    type: str
  release_policy:
    description: What becomes of a floating IPv4 address at UpCloud when its server is deleted.
    type: str
    choices: [keep, release]
  mac:
    description:
      - Hardware address of the interface at UpCloud that a floating address is to be at, such as
        V(02:00:5e:00:53:01).
      - With O(server) it is one of the public interfaces of that server. O(count) needs O(server) beside it.
    type: str
  reboot:
    description:
      - Whether the server is rebooted after a move at Memset. A miniserver with Linux configures the addresses then,
        and
        one that is in no VLAN needs it.
      - It is not rebooted when nothing was moved.
    type: bool
    default: false
  allow_stop:
    description:
      - Whether the server may be stopped at UpCloud, which an address that is not floating needs to come or go. The
        server is started again afterwards, also when that fails.
      - A run that is cut off in between leaves a note in O(state_dir), by which the same task run again starts it.
    type: bool
    default: false
  force_stop:
    description: Whether its power may be cut when it does not stop within O(stop_timeout).
    type: bool
    default: false
  stop_timeout:
    description: How many seconds the server has to stop. At most 600.
    type: int
    default: 120
"""

EXAMPLES = r"""
- name: Have two floating addresses in Helsinki
  indie.cloud.static_ip:
    provider: upcloud
    floating: true
    zone: fi-hel1
    count: 2
  register: floating

- name: Move the first to a server
  indie.cloud.static_ip:
    provider: upcloud
    address: "{{ floating.static_ip.addresses | first }}"
    server: web1.example.com
    ptr_record: www.example.com

- name: Take the other off any server
  indie.cloud.static_ip:
    provider: upcloud
    address: "{{ floating.static_ip.addresses | last }}"
    server: ''

- name: Give a server a second address of its own, for which it is stopped
  indie.cloud.static_ip:
    provider: upcloud
    server: web1.example.com
    count: 2
    allow_stop: true

- name: Have three static addresses at CloudSigma
  indie.cloud.static_ip:
    provider: cloudsigma
    count: 3

- name: Have one at ElasticHosts that is called www
  indie.cloud.static_ip:
    provider: elastichosts
    name: www

- name: Look at Memset's
  indie.cloud.static_ip_info:
    provider: memset
    filters:
      server: webaa1
      family: IPv4
  register: found

- name: Move all but the primary one to another server, and reboot that if any was moved
  indie.cloud.static_ip:
    provider: memset
    addresses: "{{ found.static_ips | rejectattr('provider_options.primary') | map(attribute='address') }}"
    server: webaa2
    reboot: true
  when: found.static_ips | length > 1

- name: Release an address
  indie.cloud.static_ip:
    provider: elastichosts
    state: absent
    name: old
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
    - A step may still be left out where an earlier answer makes it needless.
  returned: always
  type: list
  elements: dict
  sample:
    - {operation: POST /ip_address, summary: get a new floating IPv4 address in fi-hel1, destructive: false, cost: null}
static_ip:
  description:
    - The address afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
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
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(static_ip) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
  sample: [addresses, raw]
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.static_ip import STATIC_IP
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(STATIC_IP))


if __name__ == '__main__':
    main()
