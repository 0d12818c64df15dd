# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""UpCloud API 1.3, with made-up credentials.

Basic: user `sandbox`, password `sandbox-password`. Bearer: token `ucat_01SANDBOX00000000000000000`, and those made
by POST /account/tokens. How faithful each part is: docs/sandbox-upcloud.md.
"""

from __future__ import annotations

from .provider import UpCloud

__all__ = ['UpCloud']
