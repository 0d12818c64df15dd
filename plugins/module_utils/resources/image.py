# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server can be made from, or a CD that it can start from. Only read."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource


def _memset():
    from ..providers.memset.image import MemsetImage
    return MemsetImage


def _upcloud():
    from ..providers.upcloud.image import UpCloudImage
    return UpCloudImage


def _cloudsigma():
    from ..providers.cloudsigma.image import CloudSigmaImage
    return CloudSigmaImage


def _elastichosts():
    from ..providers.elastichosts.image import ElasticHostsImage
    return ElasticHostsImage


IMAGE = Resource(
    name='image',
    plural='images',
    crossings={'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts},
    states=(),
    fields={
        'description': Field(option=False),
        'media': Field(option=False),
        'access': Field(option=False),
        'state': Field(option=False),
        'zone': Field(option=False),
        'os': Field(option=False),
        'bits': Field('int', option=False),
        'size_gb': Field('int', option=False),
        'min_memory_mb': Field('int', option=False),
        'labels': Field('dict', option=False),
        'created': Field(option=False),
    },
    filters=('media', 'access', 'zone', 'os', 'labels'),
)
