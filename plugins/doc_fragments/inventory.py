# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  filters:
    description:
      - Only servers that fit all of these are listed.
      - They apply to what the provider's list tells. A filter by what it does not tell is refused.
      - The provider itself filters where it can. All filters apply before any detail is fetched.
    type: dict
    default: {}
    suboptions:
      state:
        description: One of these states.
        type: list
        elements: str
        choices: [running, stopped, starting, stopping, error, unknown]
      zone:
        description: One of these zones.
        type: list
        elements: str
      plan:
        description: One of these plans.
        type: list
        elements: str
      tags:
        description: All of these tags.
        type: list
        elements: str
      labels:
        description: All of these labels, with these values.
        type: dict
  details:
    description:
      - Whether to ask for the details of each server that passes the filters. That is one request for each, a few of
        them at a time.
      - V(true), or a list of fields such as V([image]). With a list the details are only fetched where the
        provider's list lacks one of these fields.
      - The inventory guide has a table of which provider tells which field in its list and which in the details.
    type: raw
    default: false
  raw:
    description:
      - Whether to add the server as the API gave it, less its secrets, as the variable C(raw) with the prefix.
    type: bool
    default: false
  variable_prefix:
    description:
      - What the name of each host variable begins with. It must make no reserved name of them.
    type: str
    default: indie_
  hostnames:
    description:
      - Where the host name comes from. The first entry that gives one is used, in the end the id of the server.
      - An entry is the name of a field such as V(name) or V(public_ipv4), of whose values the first is taken, or an
        expression as in O(compose), such as V(indie_labels.fqdn).
      - What could be run as a template, has a slash or breaks a line is never a host name.
      - Where several servers would have the same name, the id is appended to the name of each, with a warning.
    type: list
    elements: str
    default: [name, id]
  address_preference:
    description:
      - The kinds of addresses that C(ansible_host) may be of, the preferred one first.
      - To choose in another way, set C(ansible_host) in O(compose).
    type: list
    elements: str
    choices: [public_ipv4, public_ipv6, private_ipv4, private_ipv6, utility_ipv4]
    default: [public_ipv4, public_ipv6, private_ipv4, private_ipv6]
  on_missing_address:
    description:
      - What becomes of a server with none of these addresses.
      - V(include) lists it without C(ansible_host), V(skip) leaves it out, V(fail) lists no server at all.
    type: str
    choices: [include, skip, fail]
    default: include
notes:
  - If anything fails, such as a request, no host is added at all and Ansible warns. Set
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) to make it fail.
  - Host variables hold data of the API and are never run as templates. That holds for what O(compose) makes of them,
    too.
"""
