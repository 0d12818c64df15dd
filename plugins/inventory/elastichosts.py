# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: elastichosts
short_description: Servers of ElasticHosts as an inventory
version_added: 0.1.0
description:
  - Lists the servers of one ElasticHosts account as hosts, with the same host variables as the inventories of the other
    providers of this collection.
  - The file's name must end in C(.yml) or C(.yaml).
author:
  - the indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.inventory
  - indie.cloud.provider.elastichosts
  - indie.cloud.provider.common
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [indie.cloud.elastichosts]
"""

EXAMPLES = r"""
# User and key come from the environment variable EHAUTH.
plugin: indie.cloud.elastichosts
---
# Hosts are named by what stands before the first dot of their name, and those without an address are left out.
plugin: indie.cloud.elastichosts
hostnames:
  - indie_name.split(".")[0]
on_missing_address: skip
"""

from ..plugin_utils.inventory import CloudInventory


class InventoryModule(CloudInventory):
    NAME = 'indie.cloud.elastichosts'
    PROVIDER = 'elastichosts'
