#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: image_info
short_description: List images
version_added: 0.1.0
description:
  - Lists what a server can be made from, or can start from, at Memset, UpCloud, CloudSigma or ElasticHosts.
  - The O(indie.cloud.server#module:image) of a server takes the C(id) of one and, elsewhere than at Memset, its
    C(name) too.
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
    choices: [memset, upcloud, cloudsigma, elastichosts]
  id:
    description: Only the image with this identifier, with its details.
    type: str
  name:
    description: Only images of this name.
    type: str
  details:
    description: The lists of all providers tell all that there is, so it makes no difference here.
    type: bool
    default: false
  filters:
    description:
      - Only images that fit all of these are listed.
      - A filter by what the provider does not tell is refused.
    type: dict
    suboptions:
      media:
        description: One of V(disk) and V(cdrom).
        type: list
        elements: str
      access:
        description: One of V(public) and V(private).
        type: list
        elements: str
      zone:
        description: One of these zones. Only UpCloud tells it, and only of private images.
        type: list
        elements: str
      os:
        description: One of these systems, such as V(linux) or V(windows). Memset and CloudSigma tell it.
        type: list
        elements: str
      labels:
        description: All of these labels, with these values. Only UpCloud has them.
        type: dict
"""

EXAMPLES = r"""
- name: List the public templates of UpCloud
  indie.cloud.image_info:
    provider: upcloud
    filters:
      media: disk
      access: public
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.name }} needs {{ item.size_gb }} GiB"
  loop: "{{ found.images }}"
  loop_control:
    label: "{{ item.id }}"

- name: List the Linux systems that Memset installs, which takes no request
  indie.cloud.image_info:
    provider: memset
    filters:
      os: linux

- name: Look for a standard drive of CloudSigma by its name
  indie.cloud.image_info:
    provider: cloudsigma
    name: Debian 12 64bit Pre-Installed

- name: List the standard drives of ElasticHosts
  indie.cloud.image_info:
    provider: elastichosts
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
images:
  description: The images. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: What a server takes as its image.
      returned: always
      type: str
      sample: 01000000-0000-4000-8000-000020070100
    name:
      description: The name. At Memset the same as the identifier.
      returned: always
      type: str
      sample: Debian GNU/Linux 12 (Bookworm)
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    description:
      description: What it is, in words.
      returned: always
      type: str
    media:
      description: V(disk) for what is installed, V(cdrom) for what is only started from.
      returned: always
      type: str
      sample: disk
    access:
      description: V(public) for those of the provider, V(private) for those of the account.
      returned: always
      type: str
      sample: public
    state:
      description: Its state in the provider's own word.
      returned: always
      type: str
      sample: online
    zone:
      description: Where it is. V(null) for what is in every zone.
      returned: always
      type: str
    os:
      description: The kind of system, such as V(linux) or V(windows).
      returned: always
      type: str
    bits:
      description: Width of the system.
      returned: always
      type: int
      sample: 64
    size_gb:
      description: Size in GiB, which is the least that a drive made from it needs.
      returned: always
      type: int
      sample: 3
    min_memory_mb:
      description: The least memory in MiB that a server with it needs, where there is such a limit.
      returned: always
      type: int
    labels:
      description: Labels.
      returned: always
      type: dict
    created:
      description: When it was made, as the provider writes it.
      returned: always
      type: str
    provider_options:
      description:
        - What only this provider tells, such as C(template_type) at UpCloud or C(install_notes) at CloudSigma.
      returned: always
      type: dict
    raw:
      description: The image as the API gave it, less its secrets.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.image import IMAGE
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(IMAGE))


if __name__ == '__main__':
    main()
