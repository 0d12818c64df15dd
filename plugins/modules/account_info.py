#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: account_info
short_description: Look at an account
version_added: 0.1.0
description:
  - Tells what the credentials may do and what the account has left, as far as Memset, UpCloud or CloudSigma tell. It
    is a cheap test of credentials.
  - ElasticHosts has no such operation that is known.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.info
  - indie.cloud.attributes.action_group
options:
  provider:
    description: The cloud to ask.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma]
  id:
    description: Only the account with this identifier, with its details.
    type: str
  name:
    description: Only if the account has this name.
    type: str
  details:
    description:
      - Whether to ask for whose account it is, at UpCloud. That takes one request more, which is not allowed to every
        user.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: See how much is left at UpCloud
  indie.cloud.account_info:
    provider: upcloud
  register: found

- name: Stop early when there is too little
  ansible.builtin.assert:
    that: found.accounts[0].balance > 100

- name: See what an API key of Memset may do
  indie.cloud.account_info:
    provider: memset

- name: See the balance and what is used at CloudSigma
  indie.cloud.account_info:
    provider: cloudsigma
"""

RETURN = r"""
changed:
  description: Always V(false).
  returned: always
  type: bool
  sample: false
accounts:
  description: The accounts. What a provider does not tell is V(null).
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description:
        - The user name at UpCloud, the UUID of the user at CloudSigma. Memset tells none, so there it is V(own).
      returned: always
      type: str
      sample: sandbox
    name:
      description: The user name at UpCloud, the person's name at CloudSigma, the comment of the API key at Memset.
      returned: always
      type: str
      sample: sandbox
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    type:
      description: The kind of account, in the provider's own word. At UpCloud with O(details=true).
      returned: always
      type: str
      sample: main
    email:
      description: The e-mail address. At UpCloud with O(details=true).
      returned: always
      type: str
    currency:
      description: The currency of the account. At UpCloud with O(details=true).
      returned: always
      type: str
      sample: EUR
    balance:
      description: What is left, in the unit in which the API tells it.
      returned: always
      type: float
      sample: 10000.0
    limits:
      description: How much there may be of each kind of resource, at UpCloud.
      returned: always
      type: dict
    usage:
      description: What is used now, at CloudSigma.
      returned: always
      type: dict
    permissions:
      description:
        - What the credentials are limited to. At Memset the scopes of the API key, which is not limited where they
          are empty. At UpCloud, with O(details=true), the roles.
      returned: always
      type: dict
    services:
      description: How many services of each type the API key sees, at Memset.
      returned: always
      type: dict
    created:
      description: When the API key was made, at Memset.
      returned: always
      type: str
    provider_options:
      description: What only this provider tells, such as C(trial_mode) at UpCloud.
      returned: always
      type: dict
    raw:
      description: The account as the API gave it, less its secrets.
      returned: always
      type: dict
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.account import ACCOUNT
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(ACCOUNT))


if __name__ == '__main__':
    main()
