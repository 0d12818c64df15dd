# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a provider sells under a name: a size of a server, or another product. Only read."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource


def _memset():
    from ..providers.memset.plan import MemsetPlan
    return MemsetPlan


def _upcloud():
    from ..providers.upcloud.plan import UpCloudPlan
    return UpCloudPlan


PRICE = {'zone': Field(), 'currency': Field(), 'hourly': Field('float')}
SIZE = {'cpu_cores': Field('int'), 'memory_mb': Field('int')}

PLAN = Resource(
    name='plan',
    plural='plans',
    crossings={'memset': _memset, 'upcloud': _upcloud},
    states=(),
    fields={
        'description': Field(option=False),
        'type': Field(option=False),
        'cpu_cores': Field('int', option=False),
        'memory_mb': Field('int', option=False),
        'size_gb': Field('int', option=False),
        'tier': Field(option=False),
        'transfer_gb': Field('int', option=False),
        'prices': Field('list', elements='dict', options=PRICE, option=False),
        'sizes': Field('list', elements='dict', options=SIZE, option=False),
    },
    filters=('type',),
)
