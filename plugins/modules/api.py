#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: api
short_description: Call any operation of a provider's API
version_added: 0.1.0
description:
  - For what no other module does. It sends one operation, with the credentials, errors, retries and waits of the other
    modules.
  - An operation has the name that the provider's own documentation gives it, such as V(server.list) at Memset or
    V(GET /server/{uuid}) at UpCloud. All documented operations are known by their names.
  - What is not known can be called by O(method) and O(path), elsewhere than at Memset.
  - Unknown, missing and mistyped parameters of a known operation are refused before any request.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - Operations that read are sent, others are not and count as a change.
  diff_mode:
    support: none
    details:
      - The module cannot know what an operation changes.
  idempotent:
    support: partial
    details:
      - Operations that read never change anything.
      - Operations that write are sent each time, and RV(changed) is then V(true). An operation of Memset's that starts
        a job only if there is something to do, such as C(cluster.server.enable), changes something only if it starts
        one.
options:
  provider:
    description: The provider whose API to call.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma, elastichosts]
  operation:
    description:
      - The operation. At Memset the name of a method, elsewhere the HTTP method, a space, and the path with C({uuid})
        and the like where an identifier stands.
      - An unknown one is refused with those nearest to it.
      - Needed unless O(method) and O(path) are given.
    type: str
  method:
    description:
      - The HTTP method of an operation that goes by O(path). CloudSigma and ElasticHosts have V(GET) and V(POST) alone,
        Memset has none.
    type: str
    choices: [GET, POST, PUT, PATCH, DELETE]
  path:
    description:
      - The path of an operation, as it follows the endpoint, with names of O(parameters) in braces where their values
        stand, such as V(/server/{uuid}/stop).
      - A path that belongs to a known operation is treated as that operation, with its checks and its wait. Any other
        is sent as it is.
    type: str
  kind:
    description:
      - Whether the operation with O(path) reads or writes, where it is not a known one.
      - Without it V(GET) reads and everything else writes. At CloudSigma, where some operations that are asked with
        V(GET) start, stop and destroy, it must be said of every unknown V(GET).
    type: str
    choices: [read, write]
  parameters:
    description:
      - The parameters of the operation. Those of the path are put into it. The others of an operation that is asked
        with V(GET) go to the query, and of any other to the body, in the form that the provider wants.
      - With an O(path) that is not known, UpCloud is sent the others as the whole JSON body, with what it is wrapped
        in, and of a V(DELETE) in the query.
      - UpCloud is sent a V(null) in a body, which takes a value away, such as the V(mac) of a floating address. Any
        other V(null) is left out.
    type: dict
  query:
    description:
      - What the query of the URL holds, instead of what would be put there. Memset has no use for it.
      - There, as for O(parameters) that go to the query, V(null) is left out, and a boolean is V(true) or V(false).
    type: dict
  wait:
    description:
      - Whether to wait until what the operation has started is over. With V(false), RV(job) is a handle that the module
        M(indie.cloud.job) takes.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds the whole task may take, with all its requests, retries and waits.
      - When they have passed the task fails. What the provider is doing goes on. An operation that writes would be sent
        again by the same task, so give RV(job) to M(indie.cloud.job) instead.
    type: int
    default: 900
  return_secrets:
    description:
      - Whether to return the answer in RV(secrets) too, with the passwords and keys that RV(answer) leaves out.
      - Set C(no_log) on the task to keep them out of Ansible's output.
    type: bool
    default: false
  upcloud_metadata_url:
    description:
      - The address of UpCloud's metadata service, for V(GET metadata v1.json and tree (from inside a server\)). Only a
        server of UpCloud's whose metadata are switched on gets an answer, so the task must run there.
      - No credentials are needed for it nor sent to it. It is plain C(http), which is allowed to this address and to
        the machine itself alone.
      - Without it, the environment variable E(UPCLOUD_METADATA_URL) is used, else V(http://169.254.169.254).
    type: str
seealso:
  - module: indie.cloud.job
"""

EXAMPLES = r"""
# These read, and change nothing.

- name: See what can be ordered at Memset
  indie.cloud.api:
    provider: memset
    operation: create.available
  register: available

- name: Show the plans
  ansible.builtin.debug:
    msg: "{{ available.answer | map(attribute='sku') }}"

- name: Ask for the server groups with a label at UpCloud
  indie.cloud.api:
    provider: upcloud
    operation: GET /server-group
    query:
      label: role=web

- name: Look at a storage at UpCloud
  indie.cloud.api:
    provider: upcloud
    operation: GET /storage/{uuid}
    parameters:
      uuid: 01000000-0000-4000-8000-000020070100

- name: See the balance at CloudSigma
  indie.cloud.api:
    provider: cloudsigma
    operation: GET /balance/info

- name: List the drives at ElasticHosts
  indie.cloud.api:
    provider: elastichosts
    operation: GET /drives/info

- name: Look at the zones by method and path
  indie.cloud.api:
    provider: upcloud
    method: GET
    path: /zone
    kind: read

# These write, each time.

- name: Make a server group at UpCloud
  indie.cloud.api:
    provider: upcloud
    operation: POST /server-group
    parameters:
      title: web servers
      anti_affinity: "yes"

- name: Push DNS changes at Memset to its name servers, and wait for that
  indie.cloud.api:
    provider: memset
    operation: dns.reload

- name: Make a drive at ElasticHosts
  indie.cloud.api:
    provider: elastichosts
    operation: POST /drives/create
    parameters:
      name: scratch
      size: 10G
"""

RETURN = r"""
changed:
  description:
    - V(false) for an operation that reads. V(true) for one that writes, unless the answer tells that nothing had to be
      done.
  returned: always
  type: bool
  sample: true
operation:
  description: The operation. With O(path), the known one that it belongs to, else the method and the path.
  returned: always
  type: str
  sample: server.list
answer:
  description:
    - The answer as the API gave it, with its secrets masked. V(null) where there is none, and in check mode for an
      operation that writes.
    - The contents of a drive are in base64, under the key C(base64).
  returned: always
  type: raw
job:
  description:
    - What the operation has started, as a handle that the module M(indie.cloud.job) takes. V(null) where that is
      nothing.
    - Of several things it is the first.
  returned: always
  type: dict
  contains: &handle
    provider:
      description: The provider.
      returned: where there is one
      type: str
      sample: memset
    kind:
      description: V(job) where the provider has a job for it, V(state) where the state of a thing tells.
      returned: where there is one
      type: str
      sample: job
    id:
      description: Identifier of the job or of the thing.
      returned: where there is one
      type: str
    resource:
      description: What is waited for, and how.
      returned: where there is one
      type: dict
    remaining:
      description: Always empty. Other modules tell here what is to be done in the end.
      returned: where there is one
      type: list
      elements: dict
    status:
      description: The status that was seen last, in the provider's word.
      returned: where there is one
      type: raw
      sample: DONE
    answer:
      description: The job, or the thing, as it was when it ended. V(null) without O(wait=true).
      returned: where there is one
      type: dict
jobs:
  description: All that the operation has started. Only operations for several servers start more than one thing.
  returned: always
  type: list
  elements: dict
  contains: *handle
error:
  description: What went wrong, with the keys of RV(indie.cloud.server#module:error). V(null) where nothing did.
  returned: always
  type: dict
secrets:
  description: With O(return_secrets=true), the answer with its secrets, as C(answer). Else empty.
  returned: always
  type: dict
stats:
  description: What the task took, with the keys of RV(indie.cloud.server#module:stats).
  returned: always
  type: dict
"""

from ansible_collections.indie.cloud.plugins.module_utils.calls import API
from ansible_collections.indie.cloud.plugins.module_utils.module import run


def main():
    run(API)


if __name__ == '__main__':
    main()
