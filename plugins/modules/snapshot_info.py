#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_info
short_description: List snapshots
version_added: 0.1.0
description:
  - Lists the snapshots in a storage of Memset's, or the backups of drives at UpCloud.
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
    description: The cloud whose snapshots to list.
    type: str
    required: true
    choices: [memset, upcloud]
  id:
    description: Only the snapshot with this identifier.
    type: str
  name:
    description: Only backups of this title, at UpCloud.
    type: str
  drive:
    description: Only backups of this drive at UpCloud, by UUID or title.
    type: str
  storage:
    description: The storage service at Memset, which is needed there.
    type: str
  details:
    description: Of no use here, since the list tells all.
    type: bool
    default: false
  filters:
    description:
      - Only snapshots that fit all of these are listed. A filter by what the provider does not tell is refused.
    type: dict
    suboptions:
      image_type:
        description: One of these kinds of images, at Memset.
        type: list
        elements: str
      state:
        description: One of these states, at UpCloud.
        type: list
        elements: str
      zone:
        description: In one of these zones, at UpCloud.
        type: list
        elements: str
      labels:
        description: All of these labels, with these values, at UpCloud.
        type: dict
"""

EXAMPLES = r"""
- name: List the snapshots in a storage at Memset
  indie.cloud.snapshot_info:
    provider: memset
    storage: storeaa1
  register: found

- name: Show their paths, the newest first
  ansible.builtin.debug:
    msg: "{{ found.snapshots | sort(attribute='created', reverse=true) | map(attribute='id') }}"

- name: List the backups of a drive at UpCloud
  indie.cloud.snapshot_info:
    provider: upcloud
    drive: data

- name: List all backups that the module made and that are ready
  indie.cloud.snapshot_info:
    provider: upcloud
    filters:
      state: available
      labels:
        indie-snapshot: 'yes'
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
snapshots:
  description:
    - What was found, the same for every provider, and the same as RV(indie.cloud.snapshot#module:snapshot).
    - What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The provider's identifier, at Memset the path in the storage.
      returned: always
      type: str
      sample: 01a2b3c4-0000-4000-8000-000000000001
    name:
      description: The title at UpCloud. Memset's have none.
      returned: always
      type: str
      sample: before the upgrade
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    state:
      description: V(available), V(creating), V(error) or V(unknown) at UpCloud. Memset tells none.
      returned: always
      type: str
      sample: available
    provider_state:
      description: The state in the provider's own word.
      returned: always
      type: str
      sample: online
    drive:
      description: UUID of the drive that it is of, at UpCloud.
      returned: always
      type: str
    storage:
      description: The storage that it is in, at Memset.
      returned: always
      type: str
    image_type:
      description: The kind of image, at Memset.
      returned: always
      type: str
    size_gb:
      description: Size of the drive in GiB, at UpCloud.
      returned: always
      type: int
      sample: 20
    zone:
      description: Where it is, at UpCloud.
      returned: always
      type: str
      sample: fi-hel1
    labels:
      description: Labels, at UpCloud.
      returned: always
      type: dict
    created:
      description: When it was made, or at Memset last changed, as the provider writes it.
      returned: always
      type: str
    provider_options:
      description:
        - What only this provider has.
        - At Memset C(os_type), C(os_option), C(description) and C(user_comment). At UpCloud C(encrypted), and
          C(managed)
          for a backup that the module made or knows by its title.
      returned: always
      type: dict
    raw:
      description: The snapshot as the API gave it.
      returned: always
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
      sample: GET /storage/backup
    code:
      description: The provider's own code, where it has one. For a failed wait the status.
      returned: on failure
      type: raw
      sample: SERVER_RESOURCES_LIMIT_REACHED
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
  description: Always empty. Every module of the collection returns it.
  returned: always
  type: dict
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SNAPSHOT))


if __name__ == '__main__':
    main()
