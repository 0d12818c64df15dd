#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_zone
short_description: Make, change and delete DNS zones with their records
version_added: 0.1.0
description:
  - A zone has records, and domains that are answered with them. One domain is in one zone at most.
  - It takes one request to see that nothing has changed, however many records there are. Changes go in requests of at
    most 100.
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
    description: The cloud. Only Memset has DNS zones in its API.
    type: str
    choices: [memset]
    default: memset
  id:
    description:
      - Identifier of the zone, 32 hex digits. It must exist.
    type: str
  name:
    description:
      - Nickname of the zone, of at most 250 characters. It need not be unique. Several zones of that nickname are an
        error that lists their identifiers and domains.
      - With O(id), or with an O(domain) whose zone has another nickname that no zone has, it is the wanted one. That
        is a rename.
      - A new zone without it is named like O(domain).
    type: str
  domain:
    description:
      - A domain of the zone, such as V(example.com). It is what best tells a zone from others. The zone gets it if it
        is in none.
      - One of O(id), O(name) and O(domain) is needed. Where no zone fits, one is made.
    type: str
  state:
    description:
      - V(absent) deletes the zone with its records and domains, see O(force). All of O(id), O(name) and O(domain) that
        are given must then fit it.
    type: str
    choices: [present, absent]
    default: present
  ttl:
    description:
      - Default TTL of the records, in seconds. V(0) stands for Memset's own, 1800.
      - V(0), V(300), V(600), V(900), V(1800), V(3600), V(7200), V(10800), V(21600), V(43200) or V(86400). No other is
        permitted.
    type: int
  domains:
    description:
      - Domains that are answered with this zone, of at most 250 characters each. Upper and lower case are the same.
      - O(domain) counts as one of them.
    type: list
    elements: str
  records:
    description:
      - Record sets. A record is told from others by its name, type and value, so V(A) records of one name with two
        values are two records.
      - What is listed is made, or gets the wanted TTL, priority and O(records[].relative). What is not listed stays,
        unless O(prune=true). A V(CNAME) alone takes the place of another of its name, for a name can have one only.
      - Upper and lower case of names are the same, and so are ways to write an IPv6 address.
    type: list
    elements: dict
    suboptions:
      record:
        description:
          - Host part of the name, such as V(www). Empty for the domain itself.
          - Labels of at most 63 letters, digits, C(_), C(-) and C(/) with dots between them, 250 characters in all. The
            first
            may be C(*).
        type: str
        required: true
      type:
        description: One of V(A), V(AAAA), V(CNAME), V(MX), V(NS), V(SRV) and V(TXT).
        type: str
        required: true
      value:
        description:
          - The values.
          - A list, or a lone value. Each is a text, or for a priority of its own a dictionary with C(value) and
            C(priority).
          - At most 250 printable ASCII characters. A DKIM key of 2048 bits does not fit, one of 1024 bits does.
          - An IPv4 address for V(A), an IPv6 address for V(AAAA), a host name for V(CNAME), V(MX) and V(NS). For V(SRV)
            weight, port and target with spaces between them. A V(CNAME) has one value.
        type: raw
        required: true
      ttl:
        description:
          - How long a record may be cached, in seconds. V(0) is the default of the zone.
          - V(0), V(300), V(600), V(900), V(1800), V(3600), V(7200), V(10800), V(21600), V(43200) or V(86400). No other
            is
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
          - What is not said is left as it is. A new record has what all others of its name and type have, else
            V(false).
        type: bool
  prune:
    description:
      - Whether to remove what is not listed. That is for O(records) and O(domains), for each only where it is given.
        An empty list then removes all.
      - A record that goes is changed into one that comes, where they have the same name and type.
      - A domain that is removed is removed from the account, since Memset cannot detach it only.
    type: bool
    default: false
  move:
    description:
      - Whether domains may be taken from another zone. Without it such a domain is refused.
    type: bool
    default: false
  force:
    description:
      - Whether O(state=absent) may delete a zone that holds domains or records.
    type: bool
    default: false
  reload:
    description:
      - Whether to have the name servers reload when something was changed, and to wait until they have. Without it
        Memset's name servers take a change within 15 minutes.
      - A reload that an interrupted run of the same task did not come to is made up for, see O(state_dir).
      - Nothing is reloaded where nothing was changed. The operation C(dns.reload) of M(indie.cloud.api) always does.
    type: bool
    default: true
notes:
  - Each call of a batch that is refused is told with its record, and RV(not_done) lists what is still to do. What was
    done stays, and the same task run again does the rest.
  - When the answer to a batch is lost, the task fails. Run again, it reads what there is and sends only what is
    missing.
seealso:
  - module: indie.cloud.dns_record
  - module: indie.cloud.dns_reverse
"""

EXAMPLES = r"""
# The API key comes from the environment, MEMSET_API_KEY.
# Run twice, these tasks change nothing the second time.

- name: Have a zone with these records, beside others that it may have
  indie.cloud.dns_zone:
    domain: example.com
    ttl: 3600
    records:
      - record: ""
        type: A
        value: [192.0.2.10]
      - record: www
        type: A
        value: [192.0.2.10, 192.0.2.11]
        ttl: 300
      - record: ftp
        type: CNAME
        value: [www]
      - record: ""
        type: MX
        value:
          - value: mx1.example.net.
            priority: 10
          - value: mx2.example.net.
            priority: 20
      - record: _sip._tcp
        type: SRV
        priority: 10
        value: ["5 5060 sip.example.net."]
      - record: ""
        type: TXT
        value: ["v=spf1 mx -all"]
  register: zone

- name: Show the record sets that it has
  ansible.builtin.debug:
    msg: "{{ item.record }} {{ item.type }} {{ item.value | join(' ') }}"
  loop: "{{ zone.dns_zone.records }}"
  loop_control:
    label: "{{ item.record }}"

- name: Have exactly these records and domains, and wait for no name server
  indie.cloud.dns_zone:
    name: parked
    domains: [example.org, example.net]
    records:
      - record: "*"
        type: A
        value: [192.0.2.80]
    prune: true
    reload: false

- name: Take a domain from the zone that it is in now
  indie.cloud.dns_zone:
    domain: example.com
    domains: [example.info]
    move: true

- name: Give a zone another nickname
  indie.cloud.dns_zone:
    domain: example.biz
    name: shop

- name: Delete a zone with all that is in it
  indie.cloud.dns_zone:
    domain: example.com
    state: absent
    force: true
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
dns_zone:
  description:
    - The zone afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: Memset's identifier, 32 hex digits.
      returned: always
      type: str
      sample: 88d5ee3ddb0c26e44a4e3e3eb25d8ed2
    name:
      description: The nickname.
      returned: always
      type: str
      sample: example.com
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: memset
    ttl:
      description: Default TTL of the records, in seconds. V(0) stands for Memset's own, 1800.
      returned: always
      type: int
      sample: 3600
    domains:
      description: The domains that are answered with this zone, in lower case and in order.
      returned: always
      type: list
      elements: str
      sample: [example.com, example.org]
    records:
      description:
        - The record sets, in the form of O(records). Records of one name and type whose TTL or O(records[].relative)
          differ are sets of their own.
      returned: always
      type: list
      elements: dict
      contains:
        record:
          description: Host part of the name. Empty for the domain itself.
          returned: always
          type: str
          sample: www
        type:
          description: Type of the records.
          returned: always
          type: str
          sample: A
        value:
          description:
            - The values, in a stable order. For V(MX) and V(SRV) each is a dictionary with C(value) and C(priority).
          returned: always
          type: list
          elements: raw
          sample: [192.0.2.1, 192.0.2.2]
        ttl:
          description: How long they may be cached, in seconds. V(0) is the default of the zone.
          returned: always
          type: int
          sample: 300
        relative:
          description: Whether the domain is appended to names although there are dots in them.
          returned: always
          type: bool
          sample: false
    provider_options:
      description: Empty. Every module of the collection returns it.
      returned: always
      type: dict
    raw:
      description: The zone as the API gave it, with its records and their identifiers.
      returned: always
      type: dict
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(dns_zone) that only the API can give, which are V(null) in check mode. Else empty.
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.dns_zone import DNS_ZONE
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(DNS_ZONE))


if __name__ == '__main__':
    main()
