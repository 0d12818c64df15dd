# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things can be. Only read."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource


def _memset():
    from ..providers.memset.zone import MemsetZone
    return MemsetZone


def _upcloud():
    from ..providers.upcloud.zone import UpCloudZone
    return UpCloudZone


ZONE = Resource(
    name='zone',
    plural='zones',
    crossings={'memset': _memset, 'upcloud': _upcloud},
    states=(),
    fields={
        'description': Field(option=False),
        'type': Field(option=False),
        'access': Field(option=False),
        'parent': Field(option=False),
    },
    filters=('type', 'access'),
)
