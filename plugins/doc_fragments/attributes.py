# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What a module supports: a module says `support` where the fragment does not."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what would change without changing it.
  diff_mode:
    description: Tells in diff mode what has changed, or in check mode what would change.
  idempotent:
    description:
      - When run twice with the same arguments, the second run changes nothing.
      - This assumes that nobody else has changed the thing meanwhile.
  platform:
    description: Where the module can run.
    platforms: posix
    support: full
  action:
    description: Has an action plugin of the same name, which runs the task in Ansible's own process.
    support: full
    details:
      - On the controller itself the task needs no new Python process. With C(async), C(become), C(environment), another
        connection or another Python it runs as an ordinary module.
  async:
    description: Can be used with C(async).
    support: full
"""

    # All modules of the collection.
    ACTION_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Takes the C(module_defaults) of C(group/indie.cloud.all).
    support: full
    membership:
      - indie.cloud.all
"""

    # Modules that only read.
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
"""
