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
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
drives:
  description:
    - The drives, each with the keys of RV(indie.cloud.drive#module:drive).
    - At UpCloud C(servers) and C(backup_rule) are V(null) unless O(id) or O(details=true).
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(DRIVE))


if __name__ == '__main__':
    main()
