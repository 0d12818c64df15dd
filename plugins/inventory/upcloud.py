# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: upcloud
short_description: Servers of UpCloud as an inventory
version_added: 0.1.0
description:
  - Lists the servers of one UpCloud account as hosts, with the same host variables as the inventories of the other
    providers of this collection.
  - The file's name must end in C(.yml) or C(.yaml).
author:
  - the indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.inventory
  - indie.cloud.provider.upcloud
  - indie.cloud.provider.common
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [indie.cloud.upcloud]
"""

EXAMPLES = r"""
# The token comes from the environment variable UPCLOUD_TOKEN.
plugin: indie.cloud.upcloud
---
# Running web servers of one zone, by their private address, kept in a cache for five minutes.
plugin: indie.cloud.upcloud
upcloud_token: "{{ lookup('ansible.builtin.file', '~/.config/upcloud.token') }}"
filters:
  state: running
  zone: [fi-hel1, fi-hel2]
  labels:
    role: web
address_preference: [private_ipv4, utility_ipv4]
on_missing_address: skip
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-inventory
cache_timeout: 300
keyed_groups:
  - key: indie_labels
    prefix: label
compose:
  ansible_user: "'root'"
"""

from ..plugin_utils.inventory import CloudInventory


class InventoryModule(CloudInventory):
    NAME = 'indie.cloud.upcloud'
    PROVIDER = 'upcloud'
