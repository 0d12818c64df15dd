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
    - The snapshots, each with the keys of RV(indie.cloud.snapshot#module:snapshot).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SNAPSHOT))


if __name__ == '__main__':
    main()
