# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of the drive module against the sandbox, for tests of each provider."""

from __future__ import annotations

import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE

failed, ok = runs.failed, runs.ok


class Cloud(runs.Runs):
    """The drives of one provider."""

    answers_tell = ('transfer', 'resize_backup')

    def __init__(self, provider, sandbox, folder):
        super().__init__(sandbox, folder, DRIVE, provider)

    task = runs.Runs.run


def cycle(cloud, **options):
    return cloud.cycle(**options)
