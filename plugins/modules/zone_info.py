#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: zone_info
short_description: List zones
version_added: 0.1.0
description:
  - Lists where servers and other things can be at Memset or UpCloud.
  - At CloudSigma and ElasticHosts each location is an endpoint of its own, which the connection options choose.
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
    description: The cloud to ask.
    type: str
    required: true
    choices: [memset, upcloud]
  id:
    description: Only the zone with this identifier, with its details.
    type: str
  name:
    description: The same as O(id).
    type: str
  details:
    description: The lists of all providers tell all that there is, so it makes no difference here.
    type: bool
    default: false
  filters:
    description:
      - Only zones that fit all of these are listed.
      - A filter by what the provider does not tell is refused.
    type: dict
    suboptions:
      type:
        description: One of V(location) and V(data).
        type: list
        elements: str
      access:
        description: One of V(public) and V(private).
        type: list
        elements: str
"""

EXAMPLES = r"""
- name: List the zones of UpCloud
  indie.cloud.zone_info:
    provider: upcloud
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ found.zones | items2dict(key_name='id', value_name='description') }}"

- name: List where Memset puts servers
  indie.cloud.zone_info:
    provider: memset
    filters:
      type: location
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
zones:
  description: The zones. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: What other modules take as zone.
      returned: always
      type: str
      sample: fi-hel1
    name:
      description: The same as the identifier.
      returned: always
      type: str
      sample: fi-hel1
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    description:
      description: Where it is, in words.
      returned: always
      type: str
      sample: "Helsinki #1"
    type:
      description:
        - V(location) for a place where servers are.
        - V(data) for a data zone of Memset's, which tells to which cloud a server belongs, and is what
          C(memset.data_zone) of M(indie.cloud.server) takes.
      returned: always
      type: str
      sample: location
    access:
      description: V(public), or V(private) for a zone that belongs to one customer.
      returned: always
      type: str
      sample: public
    parent:
      description: The public zone that a private one belongs to.
      returned: always
      type: str
    provider_options:
      description: Empty. Every thing that the collection returns has it.
      returned: always
      type: dict
    raw:
      description: The zone as the API gave it, less its secrets.
      returned: always
      type: dict
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.zone import ZONE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(ZONE))


if __name__ == '__main__':
    main()
