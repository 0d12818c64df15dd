# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How to reach a provider: DOCUMENTATION for the modules, the others for the inventory plugin of each provider."""

    DOCUMENTATION = r"""
requirements:
  - requests
options:
  memset_api_key:
    description:
      - The API key, for O(provider=memset).
      - Without it, the environment variable E(MEMSET_API_KEY) is used.
    type: str
  memset_api_url:
    description:
      - The endpoint of Memset's API, without the protocol's own part such as C(/json).
      - Without it, the environment variable E(MEMSET_API_URL) is used, else V(https://api.memset.com/v1).
    type: str
  upcloud_token:
    description:
      - An API token, for O(provider=upcloud). It is preferred to a user name and password.
      - Without it, the environment variable E(UPCLOUD_TOKEN) is used.
    type: str
  upcloud_username:
    description:
      - The user name, for O(provider=upcloud), where no token is used. The user needs access to the API.
      - Without it, the environment variable E(UPCLOUD_USERNAME) is used.
    type: str
  upcloud_password:
    description:
      - The password that goes with O(upcloud_username).
      - Without it, the environment variable E(UPCLOUD_PASSWORD) is used.
    type: str
  upcloud_api_url:
    description:
      - The endpoint of UpCloud's API, with its version.
      - Without it, the environment variable E(UPCLOUD_API_URL) is used, else V(https://api.upcloud.com/1.3).
    type: str
  cloudsigma_username:
    description:
      - The e-mail address or UUID of the user, for O(provider=cloudsigma).
      - Without it, the environment variable E(CLOUDSIGMA_USERNAME) is used.
    type: str
  cloudsigma_password:
    description:
      - The password that goes with O(cloudsigma_username).
      - Without it, the environment variable E(CLOUDSIGMA_PASSWORD) is used.
    type: str
  cloudsigma_region:
    description:
      - The location, which is part of the endpoint's host name.
      - Without it, the environment variable E(CLOUDSIGMA_REGION) is used, else V(zrh).
    type: str
  cloudsigma_api_url:
    description:
      - The endpoint of CloudSigma's API. C({cloudsigma_region}) in it stands for O(cloudsigma_region).
      - Without it, the environment variable E(CLOUDSIGMA_API_URL) is used,
        else C(https://api.{cloudsigma_region}.cloudsigma.com).
    type: str
  elastichosts_auth:
    description:
      - The user's UUID and secret key with a colon between them, for O(provider=elastichosts).
      - Without it, the environment variable E(EHAUTH) is used.
    type: str
  elastichosts_api_url:
    description:
      - The endpoint of ElasticHosts' API.
      - Without it, the environment variable E(EHURI) is used, else V(https://api-lon-p.elastichosts.com).
    type: str
  ca_path:
    description:
      - A file or folder of certificates to trust.
      - Without it, the environment variables E(REQUESTS_CA_BUNDLE) and E(SSL_CERT_FILE) are looked at, and then what
        comes with the C(requests) library is used.
    type: path
  validate_certs:
    description:
      - Whether the certificate of the endpoint must be valid.
    type: bool
    default: true
  connect_timeout:
    description:
      - How many seconds to wait for a connection, for each request.
    type: float
    default: 10.0
  read_timeout:
    description:
      - How many seconds to wait for the next part of an answer, for each request.
    type: float
    default: 60.0
notes:
  - Options of providers other than the chosen one are ignored, so one C(module_defaults) for
    C(group/indie.cloud.all) can hold the credentials of several.
  - An empty option or environment variable counts as unset.
  - Plain C(http) is only allowed to this machine. E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY) are honoured,
    C(.netrc) is not.
"""

    COMMON = r"""
requirements:
  - requests
options:
  ca_path:
    description:
      - A file or folder of certificates to trust.
      - Without it, the environment variables E(REQUESTS_CA_BUNDLE) and E(SSL_CERT_FILE) are looked at, and then what
        comes with the C(requests) library is used.
    type: path
  validate_certs:
    description:
      - Whether the certificate of the endpoint must be valid.
    type: bool
    default: true
  connect_timeout:
    description:
      - How many seconds to wait for a connection, for each request.
    type: float
    default: 10.0
  read_timeout:
    description:
      - How many seconds to wait for the next part of an answer, for each request.
    type: float
    default: 60.0
notes:
  - Connection options and O(filters) may be templates, with lookups and extra vars. They are rendered once.
  - An empty option or environment variable counts as unset.
  - Plain C(http) is only allowed to this machine. E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY) are honoured,
    C(.netrc) is not.
"""

    MEMSET = r"""
options:
  memset_api_key:
    description:
      - The API key. It needs the permission for C(server.list).
    type: str
    env:
      - name: MEMSET_API_KEY
  memset_api_key_file:
    description:
      - A file that holds the API key and nothing else. It may be encrypted with Ansible Vault.
    type: path
  memset_api_url:
    description:
      - The endpoint of Memset's API, without the protocol's own part such as C(/json).
      - V(https://api.memset.com/v1) unless it is set.
    type: str
    env:
      - name: MEMSET_API_URL
"""

    UPCLOUD = r"""
options:
  upcloud_token:
    description:
      - An API token. It is preferred to a user name and password.
    type: str
    env:
      - name: UPCLOUD_TOKEN
  upcloud_token_file:
    description:
      - A file that holds the token and nothing else. It may be encrypted with Ansible Vault.
    type: path
  upcloud_username:
    description:
      - The user name, where no token is used. The user needs access to the API.
    type: str
    env:
      - name: UPCLOUD_USERNAME
  upcloud_password:
    description:
      - The password that goes with O(upcloud_username).
    type: str
    env:
      - name: UPCLOUD_PASSWORD
  upcloud_password_file:
    description:
      - A file that holds the password and nothing else. It may be encrypted with Ansible Vault.
    type: path
  upcloud_api_url:
    description:
      - The endpoint of UpCloud's API, with its version.
      - V(https://api.upcloud.com/1.3) unless it is set.
    type: str
    env:
      - name: UPCLOUD_API_URL
"""

    CLOUDSIGMA = r"""
options:
  cloudsigma_username:
    description:
      - The e-mail address or UUID of the user.
    type: str
    env:
      - name: CLOUDSIGMA_USERNAME
  cloudsigma_password:
    description:
      - The password that goes with O(cloudsigma_username).
    type: str
    env:
      - name: CLOUDSIGMA_PASSWORD
  cloudsigma_password_file:
    description:
      - A file that holds the password and nothing else. It may be encrypted with Ansible Vault.
    type: path
  cloudsigma_region:
    description:
      - The location, which is part of the endpoint's host name.
      - V(zrh) unless it is set.
    type: str
    env:
      - name: CLOUDSIGMA_REGION
  cloudsigma_api_url:
    description:
      - The endpoint of CloudSigma's API. C({cloudsigma_region}) in it stands for O(cloudsigma_region).
      - C(https://api.{cloudsigma_region}.cloudsigma.com) unless it is set.
    type: str
    env:
      - name: CLOUDSIGMA_API_URL
"""

    ELASTICHOSTS = r"""
options:
  elastichosts_auth:
    description:
      - The user's UUID and secret key with a colon between them.
    type: str
    env:
      - name: EHAUTH
  elastichosts_auth_file:
    description:
      - A file that holds the UUID and secret key with a colon between them, and nothing else. It may be encrypted with
        Ansible Vault.
    type: path
  elastichosts_api_url:
    description:
      - The endpoint of ElasticHosts' API.
      - V(https://api-lon-p.elastichosts.com) unless it is set.
    type: str
    env:
      - name: EHURI
"""
