# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which handler serves which method and path."""

from __future__ import annotations

from . import (
    account,
    addresses,
    devices,
    firewall,
    groups,
    imports,
    interfaces,
    networks,
    power,
    routers,
    server_create,
    server_modify,
    servers,
    storage_jobs,
    storages,
    tags,
)

# A placeholder stands for one segment of a path; a plain word goes before it.
TABLE = (
    ('GET', '/account', account.account),
    ('GET', '/account/list', account.accounts),
    ('GET', '/account/details/{username}', account.account_details),
    ('GET', '/account/tokens', account.tokens),
    ('POST', '/account/tokens', account.create_token),
    ('GET', '/account/tokens/{token_id}', account.token),
    ('DELETE', '/account/tokens/{token_id}', account.delete_token),
    ('GET', '/zone', account.zones),
    ('GET', '/plan', account.plans),
    ('GET', '/price', account.prices),
    ('GET', '/timezone', account.timezones),
    ('GET', '/server_size', account.server_sizes),
    ('GET', '/host', account.hosts),
    ('GET', '/host/{host_id}', account.host),
    ('PATCH', '/host/{host_id}', account.modify_host),

    ('GET', '/server', servers.list_servers),
    ('POST', '/server', server_create.create),
    ('GET', '/server/tag/{tags}', servers.list_tagged),
    ('GET', '/server/{uuid}', servers.show),
    ('PUT', '/server/{uuid}', server_modify.modify),
    ('DELETE', '/server/{uuid}', servers.delete),
    ('POST', '/server/{uuid}/start', power.start),
    ('POST', '/server/{uuid}/stop', power.stop),
    ('POST', '/server/{uuid}/restart', power.restart),
    ('POST', '/server/{uuid}/cancel', power.cancel),
    ('POST', '/server/{uuid}/storage/attach', devices.attach),
    ('POST', '/server/{uuid}/storage/detach', devices.detach),
    ('POST', '/server/{uuid}/cdrom/load', devices.load),
    ('POST', '/server/{uuid}/cdrom/eject', devices.eject),
    ('POST', '/server/{uuid}/tag/{tags}', tags.tag_server),
    ('POST', '/server/{uuid}/untag/{tags}', tags.untag_server),
    ('GET', '/server/{uuid}/firewall_rule', firewall.list_rules),
    ('POST', '/server/{uuid}/firewall_rule', firewall.create),
    ('PUT', '/server/{uuid}/firewall_rule', firewall.replace),
    ('GET', '/server/{uuid}/firewall_rule/{position}', firewall.show),
    ('DELETE', '/server/{uuid}/firewall_rule/{position}', firewall.delete),
    ('GET', '/server/{uuid}/networking', interfaces.networking),
    ('POST', '/server/{uuid}/networking/interface', interfaces.create),
    ('PUT', '/server/{uuid}/networking/interface/{index}', interfaces.modify),
    ('DELETE', '/server/{uuid}/networking/interface/{index}', interfaces.delete),
    ('POST', '/server/{uuid}/networking/interface/{index}/ip-address', interfaces.add_address),
    ('DELETE', '/server/{uuid}/networking/interface/{index}/ip-address/{address}', interfaces.remove_address),

    ('GET', '/server-group', groups.list_groups),
    ('POST', '/server-group', groups.create),
    ('GET', '/server-group/{uuid}', groups.show),
    ('PATCH', '/server-group/{uuid}', groups.modify),
    ('DELETE', '/server-group/{uuid}', groups.delete),
    ('GET', '/server-group/{uuid}/servers', groups.list_members),
    ('POST', '/server-group/{uuid}/servers', groups.add),
    ('DELETE', '/server-group/{uuid}/servers/{server_uuid}', groups.drop),

    ('GET', '/storage', storages.list_storages),
    ('GET', '/storage/public', storages.selected('public')),
    ('GET', '/storage/private', storages.selected('private')),
    ('GET', '/storage/normal', storages.selected('normal')),
    ('GET', '/storage/backup', storages.selected('backup')),
    ('GET', '/storage/cdrom', storages.selected('cdrom')),
    ('GET', '/storage/template', storages.selected('template')),
    ('GET', '/storage/favorite', storages.selected('favorite')),
    ('POST', '/storage', storages.create),
    ('GET', '/storage/{uuid}', storages.show),
    ('PUT', '/storage/{uuid}', storages.modify),
    ('DELETE', '/storage/{uuid}', storages.delete),
    ('POST', '/storage/{uuid}/resize', storage_jobs.resize),
    ('POST', '/storage/{uuid}/clone', storage_jobs.clone),
    ('POST', '/storage/{uuid}/cancel', storage_jobs.cancel),
    ('POST', '/storage/{uuid}/templatize', storage_jobs.templatize),
    ('POST', '/storage/{uuid}/backup', storage_jobs.backup),
    ('POST', '/storage/{uuid}/restore', storage_jobs.restore),
    ('POST', '/storage/{uuid}/favorite', storages.favor),
    ('DELETE', '/storage/{uuid}/favorite', storages.unfavor),
    ('POST', '/storage/{uuid}/import', imports.create),
    ('GET', '/storage/{uuid}/import', imports.show),
    ('POST', '/storage/{uuid}/import/cancel', imports.cancel),

    ('GET', '/ip_address', addresses.list_addresses),
    ('POST', '/ip_address', addresses.create),
    ('GET', '/ip_address/{address}', addresses.show),
    ('PATCH', '/ip_address/{address}', addresses.modify),
    ('PUT', '/ip_address/{address}', addresses.modify),
    ('DELETE', '/ip_address/{address}', addresses.delete),

    ('GET', '/network', networks.list_networks),
    ('POST', '/network', networks.create),
    ('GET', '/network/{uuid}', networks.show),
    ('PUT', '/network/{uuid}', networks.modify),
    ('DELETE', '/network/{uuid}', networks.delete),
    ('GET', '/router', routers.list_routers),
    ('POST', '/router', routers.create),
    ('GET', '/router/{uuid}', routers.show),
    ('PATCH', '/router/{uuid}', routers.modify),
    ('DELETE', '/router/{uuid}', routers.delete),

    ('GET', '/tag', tags.list_tags),
    ('POST', '/tag', tags.create),
    ('GET', '/tag/{name}', tags.show),
    ('PUT', '/tag/{name}', tags.modify),
    ('DELETE', '/tag/{name}', tags.delete),
)
WRITE = {'%s %s' % (method, template): method != 'GET' for method, template, handler in TABLE}
_ROUTES = [(method, template.strip('/').split('/'), '%s %s' % (method, template), handler)
           for method, template, handler in TABLE]


def operations():
    """The name of each operation, and whether it writes."""
    return WRITE.items()


def _match(pattern, segments):
    """The placeholders' values, or None where the path isn't of the pattern."""
    if len(pattern) != len(segments):
        return None
    found = {}
    for wanted, segment in zip(pattern, segments):
        if wanted.startswith('{'):
            found[wanted[1:-1]] = segment
        elif wanted != segment:
            return None
    return found


def find(method, segments):
    """(operation, handler, placeholders) of a request, or None. The table has plain words before placeholders."""
    if segments[2:4] == ['storage', 'cdrom']:
        # Where some generated clients look for the CD-ROM drive of a server.
        segments = segments[:2] + segments[3:]
    for known, pattern, operation, handler in _ROUTES:
        if known == method:
            found = _match(pattern, segments)
            if found is not None:
                return operation, handler, found
    return _chained(method, segments)


def _chained(method, segments):
    """/storage/private/template and the like: lists chosen by access and type."""
    words = set(storages.ACCESS + storages.TYPES + ('favorite',))
    if method == 'GET' and len(segments) == 3 and segments[0] == 'storage' and set(segments[1:]) <= words:
        return 'GET /storage/%s' % segments[1], storages.selected(*segments[1:]), {}
    return None


def other_methods(method, segments):
    """Whether the path is served with another method."""
    return any(known != method and _match(pattern, segments) is not None
               for known, pattern, operation, handler in _ROUTES)
