# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsigma
short_description: Servers of CloudSigma as an inventory
version_added: 0.1.0
description:
  - Lists the servers of one CloudSigma account as hosts, with the same host variables as the inventories of the other
    providers of this collection.
  - The file's name must end in C(.yml) or C(.yaml).
author:
  - the indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.inventory
  - indie.cloud.provider.cloudsigma
  - indie.cloud.provider.common
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [indie.cloud.cloudsigma]
"""

EXAMPLES = r"""
# User name and password come from the environment variables CLOUDSIGMA_USERNAME and CLOUDSIGMA_PASSWORD.
plugin: indie.cloud.cloudsigma
---
# Another location; a group of the large servers.
plugin: indie.cloud.cloudsigma
cloudsigma_region: lvs
groups:
  large: (indie_memory_mb or 0) >= 8192
"""

from ..plugin_utils.inventory import CloudInventory


class InventoryModule(CloudInventory):
    NAME = 'indie.cloud.cloudsigma'
    PROVIDER = 'cloudsigma'
