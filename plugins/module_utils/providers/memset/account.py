# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an API key of Memset's may do and sees. No operation tells of the account itself."""

from __future__ import annotations

import collections

from ...errors import ApiError, Auth
from ...resources.catalogue import Catalogue
from .client import MemsetClient


class MemsetAccount(Catalogue):
    """The id is always `own`: nothing tells the account's name."""

    provider = 'memset'
    client = MemsetClient
    in_list = ('id', 'name', 'permissions', 'services', 'created', 'raw')

    def all(self, work, filters=None):
        # The key stands in the user's place, and is its own identifier.
        key = work.client.connection.secrets[0]
        info, services = work.client.call_many([('apikey.info', {'id': key}), ('service.list', {})])
        refused = [answer for answer in (info, services) if isinstance(answer, Auth)]
        for answer in (info, services):
            if isinstance(answer, ApiError) and (not isinstance(answer, Auth) or len(refused) == 2):
                raise answer
        if info in refused:
            work.warnings.append('the key may not call apikey.info, so what else it may do is not known')
        if services in refused:
            work.warnings.append('the key may not call service.list, so what it sees is not known')
        return [{'apikey': None if info in refused else info, 'services': None if services in refused else services}]

    def project(self, raw):
        key, services = raw['apikey'] or {}, raw['services']
        return {'id': 'own', 'name': key.get('comment') or None, 'created': key.get('created'),
                'permissions': key.get('scopes'),
                'services': None if services is None else dict(collections.Counter(
                    service.get('type') for service in services))}
