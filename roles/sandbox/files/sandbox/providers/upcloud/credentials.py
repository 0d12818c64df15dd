# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The made-up credentials that the sandbox accepts."""

from __future__ import annotations

USERNAME, PASSWORD = 'sandbox', 'sandbox-password'
TOKEN = 'ucat_01SANDBOX00000000000000000'
