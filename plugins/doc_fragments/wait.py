# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until what was asked for is done.
      - With V(false) the module returns as soon as the provider has begun, with the handle RV(job). The module
        M(indie.cloud.job) waits for any number of handles, and so does the same task run again with V(true).
      - A handle holds no secrets and no contents. Steps that need them are done before it is returned, with the waits
        between them.
    type: bool
    default: true
"""

    TIMEOUT = r"""
options:
  wait_timeout:
    description:
      - How many seconds the whole task may take, with all its requests, retries and waits.
      - When they have passed the task fails. What the provider is doing goes on, and the same task run again goes on
        waiting for it.
    type: int
    default: 900
"""

    STATE_DIR = r"""
options:
  state_dir:
    description:
      - A folder for what must survive a task that is killed, such as an order whose answer has not come yet.
      - Of tasks that share it, and that would make the same thing at once, one makes it and the others wait for that.
      - Without it, the environment variable E(INDIE_CLOUD_STATE_DIR) is used, else C(indie.cloud) below
        E(XDG_STATE_HOME) or C(~/.local/state).
      - Where each run starts with an empty disk, as on AWX, name a folder that stays.
    type: path
"""
