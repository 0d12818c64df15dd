# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud API 1.3: the account and its tokens, catalogues, tags, hosts."""

from __future__ import annotations

from ...operation import WRITE, Operation

DOC = 'UpCloud API 1.3, '

OPERATIONS = (
    Operation('GET /account', answer='account', doc=DOC + '3. Accounts'),
    Operation('GET /account/list', answer='accounts.account[]', doc=DOC + '3. Accounts'),
    Operation('GET /account/details/{username}', answer='account', doc=DOC + '3. Accounts'),
    Operation('GET /account/tokens', takes='limit:any offset:any sort gui:any', doc=DOC + '24. API tokens'),
    Operation('GET /account/tokens/{token_id}', doc=DOC + '24. API tokens'),
    Operation('POST /account/tokens', WRITE, 'name! expires_at expires_in can_create_tokens:bool '
              'allowed_ip_ranges:list', doc=DOC + '24. API tokens'),
    Operation('DELETE /account/tokens/{token_id}', WRITE, repeat=True, already=('RESOURCE_NOT_FOUND',),
              doc=DOC + '24. API tokens'),
    Operation('GET /zone', answer='zones.zone[]', doc=DOC + '5. Zones'),
    Operation('GET /plan', answer='plans.plan[]', doc=DOC + '7. Plans'),
    Operation('GET /price', answer='prices', doc=DOC + '4. Pricing'),
    Operation('GET /timezone', answer='timezones.timezone[]', doc=DOC + '6. Timezones'),
    Operation('GET /host', answer='hosts.host[]', doc=DOC + 'Hosts'),
    Operation('GET /host/{host_id}', answer='host', doc=DOC + 'Hosts'),
    Operation('PATCH /host/{host_id}', WRITE, 'description', repeat=True, envelope='host', answer='host',
              doc=DOC + 'Hosts'),
    Operation('GET /tag', answer='tags.tag[]', doc=DOC + 'Tags'),
    Operation('GET /tag/{name}', answer='tag', doc=DOC + 'Tags'),
    Operation('POST /tag', WRITE, 'name! description servers:dict', repeat=True, already=('TAG_EXISTS',),
              envelope='tag', answer='tag', doc=DOC + 'Tags'),
    # The new name of a tag; its present one stands in the path, see client.encode().
    Operation('PUT /tag/{name}', WRITE, 'new_name description servers:dict', envelope='tag', answer='tag',
              doc=DOC + 'Tags'),
    Operation('DELETE /tag/{name}', WRITE, repeat=True, already=('TAG_NOT_FOUND',), doc=DOC + 'Tags'),
    Operation('POST /server/{uuid}/tag/{tags}', WRITE, repeat=True, answer='server', doc=DOC + 'Tags'),
    Operation('POST /server/{uuid}/untag/{tags}', WRITE, repeat=True, answer='server', doc=DOC + 'Tags'),
)
