# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = """
name: indie_fake
short_description: The fake provider of the tests as an inventory
description: Servers out of a JSON file.
author: the indie.cloud authors
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
"""

from fake_inventory import FakeInventory


class InventoryModule(FakeInventory):
    NAME = 'indie_fake'
