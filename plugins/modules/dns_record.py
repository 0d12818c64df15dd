#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_record
short_description: Make, change and delete a DNS record set
version_added: 0.1.0
description:
  - All values that one name has for one type. Records of the name and type with another value are removed.
  - The zone must be there, see M(indie.cloud.dns_zone), which is also the module for many record sets at once.
  - Options are checked before any request. A name may not have a V(CNAME) beside other records.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait
  - indie.cloud.wait.timeout
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.action_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  provider:
    description: The cloud. Only Memset has DNS records in its API.
    type: str
    choices: [memset]
    default: memset
  zone:
    description:
      - Nickname or identifier of the zone. Several zones of that nickname are an error that lists their identifiers
        and domains, unless O(domain) tells which is meant.
      - It or O(domain) is needed.
    type: str
  domain:
    description:
      - A domain of the zone, such as V(example.com). The records are answered for all domains of the zone.
    type: str
  name:
    description:
      - Host part of the name, such as V(www). Empty for the domain itself.
      - Labels of at most 63 letters, digits, C(_), C(-) and C(/) with dots between them, 250 characters in all. The
        first may be C(*).
    type: str
    required: true
  type:
    description:
      - One of V(A), V(AAAA), V(CNAME), V(MX), V(NS), V(SRV) and V(TXT).
    type: str
    required: true
  state:
    description:
      - V(absent) removes the record set, or with O(value) only the records with these values.
    type: str
    choices: [present, absent]
    default: present
  value:
    description:
      - All values of the set. Needed for O(state=present).
      - A list, or a lone value. Each is a text, or for a priority of its own a dictionary with C(value) and
        C(priority).
      - At most 250 printable ASCII characters. A DKIM key of 2048 bits does not fit, one of 1024 bits does.
      - An IPv4 address for V(A), an IPv6 address for V(AAAA), a host name for V(CNAME), V(MX) and V(NS). For V(SRV)
        weight, port and target with spaces between them. A V(CNAME) has one value.
    type: raw
  ttl:
    description:
      - How long a record may be cached, in seconds. V(0) is the default of the zone.
      - V(0), V(300), V(600), V(900), V(1800), V(3600), V(7200), V(10800), V(21600), V(43200) or V(86400). No other is
        permitted.
      - What is not said is left as it is. A new record has what all others of its name and type have, else V(0).
    type: int
  priority:
    description:
      - Priority of the values that have none of their own, 0 to 999. Only for V(MX) and V(SRV).
      - What is not said is left as it is, and is 0 for a new record.
    type: int
  relative:
    description:
      - Whether the domain is appended to a name although there are dots in it. Memset takes a name with dots for
        absolute otherwise. That is the name of the record, and what a V(CNAME), V(MX), V(NS) or V(SRV) points to.
      - What is not said is left as it is. A new record has what all others of its name and type have, else V(false).
    type: bool
  reload:
    description:
      - Whether to have the name servers reload when something was changed, and to wait until they have. Without it
        Memset's name servers take a change within 15 minutes.
      - A reload that an interrupted run of the same task did not come to is made up for, see O(state_dir).
      - Nothing is reloaded where nothing was changed. The operation C(dns.reload) of M(indie.cloud.api) always does.
    type: bool
    default: true
notes:
  - When the answer to a change is lost, the task fails. Run again, it reads what there is and sends only what is
    missing.
seealso:
  - module: indie.cloud.dns_zone
"""

EXAMPLES = r"""
# The API key comes from the environment, MEMSET_API_KEY.
# Run twice, these tasks change nothing the second time.

- name: Have two addresses for www.example.com, and no others
  indie.cloud.dns_record:
    domain: example.com
    name: www
    type: A
    value: [192.0.2.10, 192.0.2.11]
    ttl: 300

- name: Say where the mail of the domain goes
  indie.cloud.dns_record:
    domain: example.com
    name: ""
    type: MX
    value:
      - value: mx1.example.net.
        priority: 10
      - value: mx2.example.net.
        priority: 20

- name: Prove to somebody that the domain is ours
  indie.cloud.dns_record:
    zone: shop
    name: _proof
    type: TXT
    value: ["token=7d1f6c"]

- name: Take one of the addresses away
  indie.cloud.dns_record:
    domain: example.org
    name: www
    type: A
    value: [192.0.2.12]
    state: absent

- name: Remove the proof
  indie.cloud.dns_record:
    zone: shop
    name: _proof
    type: TXT
    state: absent
"""

RETURN = r"""
changed:
  description: Whether anything was changed, or would be in check mode.
  returned: always
  type: bool
  sample: true
diff:
  description: The known fields before and after, as in RV(indie.cloud.server#module:diff).
  returned: always
  type: dict
steps:
  description:
    - What has to be done, in order, with the keys of RV(indie.cloud.server#module:steps). In check mode, what would be
      done.
  returned: always
  type: list
  elements: dict
  sample:
    - {operation: dns.zone_record_create, summary: add A www 192.0.2.10, destructive: false, cost: null}
dns_record:
  description:
    - The record set afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: Zone, type and name with slashes between them. Memset itself has identifiers of single records only.
      returned: always
      type: str
      sample: 88d5ee3ddb0c26e44a4e3e3eb25d8ed2/A/www
    name:
      description: Host part of the name. Empty for the domain itself.
      returned: always
      type: str
      sample: www
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    type:
      description: Type of the records.
      returned: always
      type: str
      sample: A
    zone:
      description: Nickname of the zone.
      returned: always
      type: str
      sample: example.com
    zone_id:
      description: Identifier of the zone.
      returned: always
      type: str
      sample: 88d5ee3ddb0c26e44a4e3e3eb25d8ed2
    domains:
      description: The domains that are answered with the zone.
      returned: always
      type: list
      elements: str
      sample: [example.com]
    value:
      description:
        - The values, in a stable order. For V(MX) and V(SRV) each is a dictionary with C(value) and C(priority).
      returned: always
      type: list
      elements: raw
      sample: [192.0.2.1, 192.0.2.2]
    ttl:
      description:
        - How long they may be cached, in seconds. V(0) is the default of the zone. V(null) where records differ.
      returned: always
      type: int
      sample: 300
    relative:
      description:
        - Whether the domain is appended to names although there are dots in them. V(null) where records differ.
      returned: always
      type: bool
      sample: false
    provider_options:
      description: Empty. Every module of the collection returns it.
      returned: always
      type: dict
    raw:
      description: The zone as the API gave it, with the records of the set alone.
      returned: always
      type: dict
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(dns_record) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
  sample: [id, raw]
notes:
  description: What is worth knowing of this run.
  returned: always
  type: list
  elements: str
not_done:
  description:
    - When the task failed, summaries of those of RV(steps) that were not done, or of which that is not known. The same
      task run again does them.
    - Else empty, or V(null) where it failed before there were any steps.
  returned: always
  type: list
  elements: str
  sample: [add A host56 192.0.2.57]
error:
  description: What went wrong, with the keys of RV(indie.cloud.server#module:error). V(null) where nothing did.
  returned: always
  type: dict
secrets:
  description: Always empty. Every module of the collection returns it.
  returned: always
  type: dict
stats:
  description: What the task took, with the keys of RV(indie.cloud.server#module:stats).
  returned: always
  type: dict
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_record import DNS_RECORD
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(DNS_RECORD))


if __name__ == '__main__':
    main()
