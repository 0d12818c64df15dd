#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: drive_info
short_description: List drives
version_added: 0.1.0
description:
  - Lists the drives of an account at UpCloud, CloudSigma or ElasticHosts, in the same words for all.
  - The list is empty where nothing fits, also with O(id).
  - At UpCloud its disks, templates and backups, read page by page. UpCloud's own templates and CD-ROMs are not in it.
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
    description: The cloud whose drives to list.
    type: str
    required: true
    choices: [upcloud, cloudsigma, elastichosts]
  id:
    description: Only the drive with this UUID, with its details.
    type: str
  name:
    description: Only drives of this name, at UpCloud of this title.
    type: str
  details:
    description:
      - Whether to ask for the details of each drive that passes O(name) and O(filters). That is one request for each, a
        few of them at a time.
      - At UpCloud they add C(servers), C(backup_rule) and the backups. Elsewhere the list tells all.
    type: bool
    default: false
  filters:
    description:
      - Only drives that fit all of these are listed. They apply before any detail is fetched.
      - A filter by what the provider's list does not tell is refused.
    type: dict
    suboptions:
      state:
        description: One of these states, of V(online), V(busy), V(error) and V(unknown).
        type: list
        elements: str
      type:
        description: One of these kinds, of V(disk), V(cdrom), V(template) and V(backup).
        type: list
        elements: str
      zone:
        description: One of these zones, at UpCloud.
        type: list
        elements: str
      tier:
        description: One of these tiers, at UpCloud and ElasticHosts.
        type: list
        elements: str
      tags:
        description: All of these tags, at CloudSigma and ElasticHosts.
        type: list
        elements: str
      labels:
        description: All of these labels, with these values, at UpCloud and ElasticHosts.
        type: dict
"""

EXAMPLES = r"""
- name: List all drives at UpCloud
  indie.cloud.drive_info:
    provider: upcloud
  register: found

- name: Show how large they are
  ansible.builtin.debug:
    msg: "{{ item.name }} has {{ item.size_gb }} GiB"
  loop: "{{ found.drives }}"
  loop_control:
    label: "{{ item.id }}"

- name: List disks with a label, and which servers have them
  indie.cloud.drive_info:
    provider: upcloud
    details: true
    filters:
      type: disk
      labels:
        role: data
"""

RETURN = r"""
drives:
  description:
    - The drives. Each is as RV(indie.cloud.drive#module:drive) describes it, with all keys.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: UUID.
      type: str
    name:
      description: Name, at UpCloud the title.
      type: str
    provider:
      description: The cloud that it is at.
      type: str
    state:
      description: One of V(online), V(busy), V(error) and V(unknown).
      type: str
    provider_state:
      description: The provider's own word for the state.
      type: str
    type:
      description: One of V(disk), V(cdrom), V(template) and V(backup).
      type: str
    zone:
      description: Zone. At CloudSigma and ElasticHosts that of the endpoint, where its host name tells it.
      type: str
    size_gb:
      description: Size in GiB.
      type: float
    tier:
      description: Class of storage.
      type: str
    encrypted:
      description: Whether it is encrypted at rest.
      type: bool
    servers:
      description: UUIDs of the servers that have it. Null at UpCloud unless O(id) or O(details=true).
      type: list
      elements: str
    backup_rule:
      description: The rule for regular backups. Null at UpCloud unless O(id) or O(details=true).
      type: dict
    tags:
      description: Tags, sorted.
      type: list
      elements: str
    labels:
      description: Labels.
      type: dict
    created:
      description: When it was made.
      type: str
    provider_options:
      description: What only its provider has.
      type: dict
    raw:
      description: The drive as the API gave it, less secrets.
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
      sample: quota
    provider:
      description: The provider.
      returned: on failure
      type: str
      sample: upcloud
    operation:
      description: The operation of the API that failed, where it was one.
      returned: on failure
      type: str
      sample: POST /storage
    code:
      description: The provider's own code, where it has one. For a failed wait the status.
      returned: on failure
      type: raw
      sample: MAXIOPS_STORAGE_LIMIT_REACHED
    http_status:
      description: Status of the answer, where there was one.
      returned: on failure
      type: int
      sample: 403
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
  description: Always empty for drives.
  returned: always
  type: dict
  sample: {}
stats:
  description: What the task took.
  returned: always
  type: dict
  contains:
    api_calls:
      description: Requests to the API.
      returned: always
      type: int
      sample: 4
    api_writes:
      description: How many of them could change something.
      returned: always
      type: int
      sample: 1
    retries:
      description: How often a request was sent again.
      returned: always
      type: int
      sample: 0
    waited_seconds:
      description: How long the task waited for what it started.
      returned: always
      type: float
      sample: 12.5
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DRIVE))


if __name__ == '__main__':
    main()
