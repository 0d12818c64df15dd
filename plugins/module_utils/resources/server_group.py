# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server group: servers that are treated together. No provider's words in here."""

from __future__ import annotations

from ..fields import Field
from ..resource import Resource


def _upcloud():
    from ..providers.upcloud.server_group import UpCloudServerGroup
    return UpCloudServerGroup


def _cloudsigma():
    from ..providers.cloudsigma.server_group import CloudSigmaServerGroup
    return CloudSigmaServerGroup


SERVER_GROUP = Resource(
    name='server_group', plural='server_groups', crossings={'upcloud': _upcloud, 'cloudsigma': _cloudsigma},
    fields={
        'description': Field(allow_empty=True),
        'servers': Field('list', elements='str', compare='set'),
        'anti_affinity': Field(choices=('strict', 'preferred', 'none')),
        'anti_affinity_met': Field('dict', option=False),
        'labels': Field('dict', compare='subset'),
    },
    controls={
        'remove_servers': Field('list', elements='str'),
        'prune': Field('bool', default=False),
        'force_stop': Field('bool', default=False, leave=True),
        'allow_destroy_on_stop': Field('bool', default=False, leave=True),
        'purge_labels': Field('bool', default=False, leave=True),
    },
    states=('present', 'absent', 'running', 'stopped'),
    must_exist=('running', 'stopped'),
    exact={'purge_labels': 'labels'},
    filters=('labels',),
)
