# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and endpoints: the options of every module and inventory plugin, and the environment behind them."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import os

from .errors import BadInput
from .http import checked_url

PROVIDERS = ('memset', 'upcloud', 'cloudsigma', 'elastichosts')


@dataclasses.dataclass(frozen=True)
class Source:
    """One connection option: the environment variable behind it, its default, whether it is a secret."""

    env: str
    default: str = None
    secret: bool = False
    choices: tuple = ()


# Which options belong to a provider, in the order in which a message names them.
SOURCES = {
    'memset': {
        'memset_api_key': Source('MEMSET_API_KEY', secret=True),
        'memset_api_url': Source('MEMSET_API_URL', 'https://api.memset.com/v1'),
    },
    'upcloud': {
        'upcloud_token': Source('UPCLOUD_TOKEN', secret=True),
        'upcloud_username': Source('UPCLOUD_USERNAME'),
        'upcloud_password': Source('UPCLOUD_PASSWORD', secret=True),
        'upcloud_api_url': Source('UPCLOUD_API_URL', 'https://api.upcloud.com/1.3'),
    },
    'cloudsigma': {
        'cloudsigma_username': Source('CLOUDSIGMA_USERNAME'),
        'cloudsigma_password': Source('CLOUDSIGMA_PASSWORD', secret=True),
        'cloudsigma_region': Source('CLOUDSIGMA_REGION', 'zrh'),
        'cloudsigma_api_url': Source('CLOUDSIGMA_API_URL', 'https://api.{cloudsigma_region}.cloudsigma.com'),
    },
    'elastichosts': {
        'elastichosts_auth': Source('EHAUTH', secret=True),
        'elastichosts_api_url': Source('EHURI', 'https://api-lon-p.elastichosts.com'),
    },
}

# The same for every provider.
COMMON = {
    'ca_path': {'type': 'path'},
    'validate_certs': {'type': 'bool', 'default': True},
    'connect_timeout': {'type': 'float', 'default': 10.0},
    'read_timeout': {'type': 'float', 'default': 60.0},
}


def argument_spec():
    """The connection options as an argument spec. The environment is read later, once the provider is known."""
    spec = {name: {'type': 'str', 'no_log': source.secret}
            for sources in SOURCES.values() for name, source in sources.items()}
    spec.update({name: dict(entry) for name, entry in COMMON.items()})
    return spec


@dataclasses.dataclass(frozen=True)
class Connection:
    """How to reach one provider. Its repr shows no secret."""

    provider: str
    url: str
    headers: dict = dataclasses.field(repr=False, default_factory=dict)
    secrets: tuple = dataclasses.field(repr=False, default=())
    account: str = ''


def connect(provider, options, environ=None):
    """The Connection for a provider, from the options, else the environment; empty counts as unset.

    :param options: {name: value}; options of other providers are ignored.
    :raises BadInput: naming the option and the variable that are missing, or a malformed one.
    """
    environ = os.environ if environ is None else environ
    values = {}
    given = {name: str(options[name]).strip() for name in SOURCES[provider] if options.get(name) not in (None, '')}
    for name, source in SOURCES[provider].items():
        values[name] = given.get(name) or (environ.get(source.env) or '').strip() or source.default
    for name, source in SOURCES[provider].items():
        if source.secret and values[name] and not (values[name].isprintable() and (
                values[name].isascii() or name != 'upcloud_token')):
            # A header cannot hold it, and the error would show it.
            raise BadInput('%s (or %s) holds a character that it cannot have, such as a line break' % (
                name, source.env), provider=provider)
    user, secret, scheme = _credentials(provider, values, given)
    url_option = provider + '_api_url'
    region = values.get('cloudsigma_region')
    if region is not None and not region.replace('-', '').isalnum():
        raise BadInput('cloudsigma_region must be a word such as zrh, not %r' % region, provider=provider)
    try:
        url = checked_url(values[url_option].replace('{cloudsigma_region}', region or ''), url_option)
    except BadInput as exc:
        exc.provider = provider
        raise
    if scheme == 'Bearer':
        token, secrets = secret, (secret,)
    else:
        token = base64.b64encode(('%s:%s' % (user, secret)).encode('utf-8')).decode('ascii')
        # Memset's key stands in the user's place.
        secrets = (secret, token, '%s:%s' % (user, secret)) if secret else (user, token)
    account = hashlib.sha256(('%s %s %s' % (provider, url, user or secret)).encode('utf-8')).hexdigest()[:16]
    return Connection(provider, url, {'Authorization': '%s %s' % (scheme, token)}, secrets, account)


def _credentials(provider, values, given):
    """(user, secret, scheme) for the Authorization header."""
    def missing(*names, either=False):
        told = ['the option %s or the environment variable %s' % (name, SOURCES[provider][name].env) for name in names]
        if either:
            told[:2] = [told[0] + ', or else ' + told[1]]
        return BadInput('%s credentials are missing: set %s' % (provider, ' and '.join(told)), provider=provider)

    def pair(user, password):
        lacking = [name for name in (user, password) if not values[name]]
        if lacking:
            raise missing(*lacking)
        return values[user], values[password], 'Basic'

    def memset():
        if not values['memset_api_key']:
            raise missing('memset_api_key')
        return values['memset_api_key'], '', 'Basic'

    def upcloud():
        # A token wins over a password of the same source, and what is given over what the environment has.
        by_password = 'upcloud_username' in given or 'upcloud_password' in given
        if values['upcloud_token'] and ('upcloud_token' in given or not by_password):
            return '', values['upcloud_token'], 'Bearer'
        if not (values['upcloud_username'] or values['upcloud_password']):
            raise missing('upcloud_token', 'upcloud_username', 'upcloud_password', either=True)
        return pair('upcloud_username', 'upcloud_password')

    def elastichosts():
        user, colon, secret = (values['elastichosts_auth'] or '').partition(':')
        if not values['elastichosts_auth']:
            raise missing('elastichosts_auth')
        if not colon or not user or not secret:
            raise BadInput('elastichosts_auth (or EHAUTH) must be the user\'s UUID and the secret key with a colon '
                           'between them', provider=provider)
        return user, secret, 'Basic'

    return {'memset': memset, 'upcloud': upcloud, 'elastichosts': elastichosts,
            'cloudsigma': lambda: pair('cloudsigma_username', 'cloudsigma_password')}[provider]()
