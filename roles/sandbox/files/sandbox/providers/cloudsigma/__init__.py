# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated CloudSigma.

Its API 1.0 is here. What speaks 2.0 (paths under /api/2.0/) is to be a sibling of api1.py.
"""

from .provider import CloudSigma

__all__ = ['CloudSigma']
