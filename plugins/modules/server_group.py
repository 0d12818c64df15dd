#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: server_group
short_description: Manage groups of servers
version_added: 0.1.0
description:
  - At UpCloud a group keeps its servers on different hosts. A server is in one group at most.
  - At CloudSigma a group is started and stopped as a whole. Its API does not tell who is in a group.
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
    support: partial
    details:
      - At CloudSigma O(servers) and O(remove_servers) are sent each time, since the members cannot be read. Once more
        does no harm, but counts as a change.
      - O(state=running) and O(state=stopped) always act.
options:
  provider:
    description: The cloud that the group is at.
    type: str
    required: true
    choices: [upcloud, cloudsigma]
  state:
    description:
      - V(present) makes the group where there is none, and changes it where it differs.
      - V(absent) deletes it. Its servers stay.
      - V(running) starts all servers of a group, and V(stopped) cuts the power of all, which needs
        O(force_stop=true), at
        CloudSigma alone. Neither is waited for. The group must be there.
    type: str
    choices: [present, absent, running, stopped]
    default: present
  id:
    description: The provider's identifier. It must exist.
    type: str
  name:
    description:
      - The name, at UpCloud the title, of at most 255 characters.
      - Two of one name are an error that lists their identifiers.
      - At CloudSigma without control characters, spaces at its ends, HTML entities such as C(&amp;), or a
        backslash with an n behind it, which would not be read back as they were written.
    type: str
  description:
    description: A description, at CloudSigma. What O(name) cannot hold it cannot hold either.
    type: str
  servers:
    description: Servers that shall be in it, by id or name. Others stay in, unless O(prune=true).
    type: list
    elements: str
  remove_servers:
    description: Servers that shall not be in it. Nothing else is said of others.
    type: list
    elements: str
  prune:
    description: Whether servers that are not named in O(servers) are taken out. At UpCloud alone.
    type: bool
    default: false
  force_stop:
    description: Leave to cut the power of all servers of the group. CloudSigma has no other stop of a group.
    type: bool
    default: false
  allow_destroy_on_stop:
    description:
      - Leave to stop a group although there are servers that are not persistent, which a stop destroys.
      - The members of a group cannot be read, so without this no server of the account may be such a one.
    type: bool
    default: false
  anti_affinity:
    description:
      - Whether servers of the group keep off each other's hosts, at UpCloud. V(none) for a new group unless said
        otherwise.
      - V(strict) never lets two run on one host, V(preferred) avoids it.
    type: str
    choices: [strict, preferred, none]
  labels:
    description:
      - Labels, at UpCloud. Others stay, unless O(purge_labels=true).
      - A key has 1 to 32 letters, digits, C(-) and C(_) and does not begin with C(_), a value at most 255 characters.
    type: dict
  purge_labels:
    description: Whether labels that are not named are removed. Those that begin with C(_) are UpCloud's own and stay.
    type: bool
    default: false
"""

EXAMPLES = r"""
# The credentials come from the environment. Run twice, these tasks change nothing the second time.

- name: Keep two servers at UpCloud off each other's host
  indie.cloud.server_group:
    provider: upcloud
    name: web
    servers: [web1.example.com, web2.example.com]
    anti_affinity: preferred

- name: Have a group at CloudSigma
  indie.cloud.server_group:
    provider: cloudsigma
    name: batch
    description: what runs at night

# These act each time

- name: Put servers into the group at CloudSigma
  indie.cloud.server_group:
    provider: cloudsigma
    name: batch
    servers: [batch1]

- name: Start all of them
  indie.cloud.server_group:
    provider: cloudsigma
    name: batch
    state: running

# What is removed

- name: Delete the group at UpCloud, not its servers
  indie.cloud.server_group:
    provider: upcloud
    name: web
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
server_group:
  description:
    - The group afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: The provider's identifier.
      returned: always
      type: str
      sample: 0b3d85b4-b3be-46ca-a1e2-3b5d40d60fb1
    name:
      description: The name, at UpCloud the title.
      returned: always
      type: str
      sample: web
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    description:
      description: The description, at CloudSigma.
      returned: always
      type: str
    servers:
      description: Identifiers of the servers in it. V(null) at CloudSigma, which does not tell.
      returned: always
      type: list
      elements: str
    anti_affinity:
      description: The policy, at UpCloud. V(strict), V(preferred) or V(none).
      returned: always
      type: str
      sample: preferred
    anti_affinity_met:
      description: Of each server whether it has its host for itself, at UpCloud. Empty where there is no policy.
      returned: always
      type: dict
    labels:
      description: Labels, at UpCloud.
      returned: always
      type: dict
    provider_options:
      description: Always empty.
      returned: always
      type: dict
    raw:
      description: The group as the API gave it.
      returned: always
      type: dict
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(server_group) that only the API can give, which are V(null) in check mode. Else empty.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.server_group import SERVER_GROUP
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(SERVER_GROUP))


if __name__ == '__main__':
    main()
