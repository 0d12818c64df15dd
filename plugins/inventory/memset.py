# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: memset
short_description: Servers of Memset as an inventory
version_added: 0.1.0
description:
  - Lists the servers of one Memset account as hosts, with the same host variables as the inventories of the other
    providers of this collection.
  - The file's name must end in C(.yml) or C(.yaml).
author:
  - the indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.inventory
  - indie.cloud.provider.memset
  - indie.cloud.provider.common
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [indie.cloud.memset]
"""

EXAMPLES = r"""
# The key comes from the environment variable MEMSET_API_KEY.
plugin: indie.cloud.memset
---
# A key out of a file that Ansible Vault may have encrypted; a group for each zone and for each tag.
plugin: indie.cloud.memset
memset_api_key_file: ~/.config/memset.key
keyed_groups:
  - key: indie_zone
    prefix: zone
  - key: indie_tags
    prefix: tag
"""

from ..plugin_utils.inventory import CloudInventory


class InventoryModule(CloudInventory):
    NAME = 'indie.cloud.memset'
    PROVIDER = 'memset'
