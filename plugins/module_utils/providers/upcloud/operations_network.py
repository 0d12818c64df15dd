# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpCloud API 1.3: firewall rules, IP addresses, networks, interfaces, routers."""

from __future__ import annotations

from ...operation import WRITE, Operation

FIREWALL = 'UpCloud API 1.3, 11. Firewall'
ADDRESSES = 'UpCloud API 1.3, 10. IP addresses'
NETWORKS = 'UpCloud API 1.3, 13. Networks'

_RULE = ('direction! action! family protocol position:any icmp_type:any comment '
         'source_address_start source_address_end destination_address_start destination_address_end '
         'source_port_start:any source_port_end:any destination_port_start:any destination_port_end:any')
_INTERFACE = 'network ip_addresses:dict index:any source_ip_filtering bootable'
_NAT = 'static_routes:list labels:list'

OPERATIONS = (
    Operation('GET /server/{uuid}/firewall_rule', answer='firewall_rules.firewall_rule[]', doc=FIREWALL),
    Operation('GET /server/{uuid}/firewall_rule/{position}', answer='firewall_rule', doc=FIREWALL),
    Operation('POST /server/{uuid}/firewall_rule', WRITE, _RULE, envelope='firewall_rule', answer='firewall_rule',
              doc=FIREWALL),
    Operation('PUT /server/{uuid}/firewall_rule', WRITE, 'firewall_rule:list!', repeat=True, envelope='firewall_rules',
              doc=FIREWALL),
    # Later rules move up, so a repeat would remove another one.
    Operation('DELETE /server/{uuid}/firewall_rule/{position}', WRITE, doc=FIREWALL),

    Operation('GET /ip_address', answer='ip_addresses.ip_address[]', doc=ADDRESSES),
    Operation('GET /ip_address/{address}', answer='ip_address', doc=ADDRESSES),
    Operation('POST /ip_address', WRITE, 'server family access floating mac zone release_policy ptr_record',
              envelope='ip_address', answer='ip_address', doc=ADDRESSES),
    Operation('PATCH /ip_address/{address}', WRITE, 'ptr_record mac:any release_policy', repeat=True,
              envelope='ip_address', answer='ip_address', doc=ADDRESSES),
    Operation('PUT /ip_address/{address}', WRITE, 'ptr_record mac:any release_policy', repeat=True,
              envelope='ip_address', answer='ip_address', doc=ADDRESSES),
    Operation('DELETE /ip_address/{address}', WRITE, repeat=True, already=('IP_ADDRESS_NOT_FOUND',), doc=ADDRESSES),

    Operation('GET /network', takes='zone label:any', answer='networks.network[]', doc=NETWORKS),
    Operation('GET /network/{uuid}', answer='network', about=('uuid', 'uuid'), doc=NETWORKS),
    Operation('POST /network', WRITE, 'name! zone! router labels:list ip_networks:dict!', envelope='network',
              answer='network', doc=NETWORKS),
    Operation('PUT /network/{uuid}', WRITE, 'name router:any labels:list ip_networks:dict', repeat=True,
              envelope='network', answer='network', doc=NETWORKS),
    Operation('DELETE /network/{uuid}', WRITE, repeat=True, already=('NETWORK_NOT_FOUND',), doc=NETWORKS),

    Operation('GET /router', takes='label:any', answer='routers.router[]', doc=NETWORKS),
    Operation('GET /router/{uuid}', answer='router', about=('uuid', 'uuid'), doc=NETWORKS),
    Operation('POST /router', WRITE, 'name! ' + _NAT, envelope='router', answer='router', doc=NETWORKS),
    Operation('PATCH /router/{uuid}', WRITE, 'name ' + _NAT, repeat=True, envelope='router', answer='router',
              doc=NETWORKS),
    Operation('DELETE /router/{uuid}', WRITE, repeat=True, already=('ROUTER_NOT_FOUND',), doc=NETWORKS),

    Operation('GET /server/{uuid}/networking', answer='networking.interfaces.interface[]', doc=NETWORKS),
    Operation('POST /server/{uuid}/networking/interface', WRITE, 'type! ' + _INTERFACE, envelope='interface',
              answer='interface', doc=NETWORKS),
    # The new index of an interface; its present one stands in the path, see client.encode().
    Operation('PUT /server/{uuid}/networking/interface/{index}', WRITE, 'type new_index:any network ip_addresses:dict '
              'source_ip_filtering bootable', envelope='interface', answer='interface', doc=NETWORKS),
    Operation('DELETE /server/{uuid}/networking/interface/{index}', WRITE, repeat=True,
              already=('INTERFACE_NOT_FOUND',), doc=NETWORKS),
    Operation('POST /server/{uuid}/networking/interface/{index}/ip-address', WRITE, 'family address dhcp_provided '
              'force', envelope='ip_address', query=('force',), answer='interface', doc=NETWORKS),
    Operation('DELETE /server/{uuid}/networking/interface/{index}/ip-address/{address}', WRITE, 'force', repeat=True,
              already=('IP_ADDRESS_NOT_FOUND',), query=('force',), doc=NETWORKS),
)
