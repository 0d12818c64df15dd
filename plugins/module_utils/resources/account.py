# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account behind the credentials: who it is, what it may do, has left and uses. Only read."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource


def _memset():
    from ..providers.memset.account import MemsetAccount
    return MemsetAccount


def _upcloud():
    from ..providers.upcloud.account import UpCloudAccount
    return UpCloudAccount


def _cloudsigma():
    from ..providers.cloudsigma.account import CloudSigmaAccount
    return CloudSigmaAccount


ACCOUNT = Resource(
    name='account',
    plural='accounts',
    crossings={'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma},
    states=(),
    fields={
        'type': Field(option=False),
        'email': Field(option=False),
        'currency': Field(option=False),
        'balance': Field('float', option=False),
        'limits': Field('dict', option=False),
        'usage': Field('dict', option=False),
        'permissions': Field('dict', option=False),
        'services': Field('dict', option=False),
        'created': Field(option=False),
    },
)
