# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ..module_utils.resources.vlan import VLAN
from ..module_utils.runner import info_task
from ..plugin_utils.action import CloudActionBase


class ActionModule(CloudActionBase):
    TASK = info_task(VLAN)
