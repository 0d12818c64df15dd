# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Account, tokens, zones, plans, prices, time zones, server sizes, hosts."""

from __future__ import annotations

import ipaddress

from . import catalogue, checks, quotas
from .credentials import USERNAME
from .errors import Refused

TOKEN_YEAR = 366 * 24 * 3600


def account(cloud, call):
    """GET /account."""
    found = {'username': USERNAME, 'credits': cloud.settings['credits'],
             'resource_limits': dict(quotas.limits(cloud))}
    if cloud.settings['trial_mode']:
        found['trial_mode'] = 1
    return {'account': found}


def _person(username):
    return {'username': username, 'type': 'main', 'main_account': username, 'first_name': 'Sand', 'last_name': 'Box',
            'email': 'sandbox@example.com', 'phone': '+44.1632960000', 'country': 'GBR', 'currency': 'EUR',
            'language': 'en', 'timezone': 'UTC', 'roles': {'role': []}}


def accounts(cloud, call):
    """GET /account/list."""
    return {'accounts': {'account': [{'username': USERNAME, 'type': 'main', 'roles': {'role': []}}]}}


def account_details(cloud, call, username):
    """GET /account/details/{username}."""
    if username != USERNAME:
        raise Refused('ACCOUNT_NOT_FOUND')
    return {'account': _person(username)}


def zones(cloud, call):
    """GET /zone."""
    return {'zones': {'zone': [{'id': zone, 'description': description, 'public': 'yes'}
                               for zone, description in catalogue.ZONES]}}


def plans(cloud, call):
    """GET /plan."""
    return {'plans': {'plan': list(catalogue.PLAN.values())}}


def prices(cloud, call):
    """GET /price."""
    return {'prices': {'currency': 'EUR', 'zone': catalogue.prices()}}


def timezones(cloud, call):
    """GET /timezone."""
    return {'timezones': {'timezone': catalogue.timezones()}}


def server_sizes(cloud, call):
    """GET /server_size."""
    sizes = [{'core_number': str(cores), 'memory_amount': str(memory)}
             for cores in range(1, catalogue.MAX_CORES + 1)
             for memory in range(catalogue.MEMORY_STEP, catalogue.MAX_MEMORY + 1, catalogue.MEMORY_STEP)]
    return {'server_sizes': {'server_size': sizes}}


# -- hosts of a private cloud; the public ones can't be seen -------------------------------------------------------
def _host(cloud, host_id):
    host = cloud.hosts.get(checks.number(host_id, 'HOST_NOT_FOUND'))
    if not host:
        raise Refused('HOST_NOT_FOUND')
    return host


def hosts(cloud, call):
    """GET /host."""
    return {'hosts': {'host': list(cloud.hosts.values())}}


def host(cloud, call, host_id):
    """GET /host/{id}."""
    return {'host': _host(cloud, host_id)}


def modify_host(cloud, call, host_id):
    """PATCH /host/{id}."""
    found = _host(cloud, host_id)
    block = cloud.body(call, 'host')
    found['description'] = checks.text(block.get('description', ''), 'DESCRIPTION_INVALID')
    return {'host': found}


# -- tokens: these speak the problem format, real booleans, and no envelope ----------------------------------------
def _shown(token, secret=False):
    return {key: value for key, value in token.items() if secret or key != 'token'}


def _bad(name, reason):
    return Refused('INVALID_REQUEST', 'Validation error.', 400, [(name, reason)])


def tokens(cloud, call):
    """GET /account/tokens."""
    try:
        limit = checks.number(call.parameter('limit', '20'), 'INVALID_REQUEST', 1, 100)
        offset = checks.number(call.parameter('offset', '0'), 'INVALID_REQUEST')
    except Refused as refusal:
        raise _bad('limit', refusal.message) from None
    return [_shown(token) for token in list(cloud.tokens.values())[offset:offset + limit]]


def create_token(cloud, call):
    """POST /account/tokens."""
    try:
        block = call.json()
    except ValueError:
        raise _bad('body', 'not JSON') from None
    if not isinstance(block, dict):
        raise _bad('body', 'not an object')
    name = block.get('name')
    if not isinstance(name, str) or not name:
        raise _bad('name', 'a name is wanted')
    if not isinstance(block.get('can_create_tokens', False), bool):
        raise _bad('can_create_tokens', 'true or false')
    caller = cloud.authenticate(call)
    if caller and not caller['can_create_tokens']:
        raise Refused('ACTION_FORBIDDEN', 'This token cannot create tokens.')
    ranges = block.get('allowed_ip_ranges', ['0.0.0.0/0', '::/0'])
    try:
        for item in ranges:
            ipaddress.ip_network(item, strict=False)
    except (TypeError, ValueError):
        raise _bad('allowed_ip_ranges', 'a list of IP ranges is wanted') from None
    token_id = cloud.uuid('0c')
    token = {'id': token_id, 'name': name, 'type': 'workspace', 'created_at': cloud.timestamp(),
             'expires_at': _expiry(cloud, block), 'last_used_at': None,
             'can_create_tokens': block.get('can_create_tokens', False), 'allowed_ip_ranges': ranges, 'gui': False,
             'token': 'ucat_01' + token_id.replace('-', '').upper()[:24]}
    cloud.tokens[token_id] = token
    return 201, _shown(token, secret=True)


def _expiry(cloud, block):
    """When a new token ends: at a time, or after a time such as 24h."""
    if block.get('expires_at'):
        try:
            seconds = checks.moment(block['expires_at']) - cloud.world.now()
        except (AttributeError, TypeError, ValueError):
            raise _bad('expires_at', 'a time as in RFC 3339 is wanted') from None
    else:
        given = str(block.get('expires_in', ''))
        units = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
        # More digits than that are more than a year in any unit.
        if not given[:-1].isdecimal() or len(given) > 12 or given[-1:] not in units:
            raise _bad('expires_at', 'expires_at or expires_in is wanted')
        seconds = int(given[:-1]) * units[given[-1]]
    if not 0 < seconds <= TOKEN_YEAR:
        raise _bad('expires_at', 'within a year')
    return cloud.timestamp(seconds)


def _token(cloud, token_id):
    if token_id not in cloud.tokens:
        raise Refused('RESOURCE_NOT_FOUND', 'There is no such token.')
    return cloud.tokens[token_id]


def token(cloud, call, token_id):
    """GET /account/tokens/{id}."""
    return _shown(_token(cloud, token_id))


def delete_token(cloud, call, token_id):
    """DELETE /account/tokens/{id}."""
    del cloud.tokens[_token(cloud, token_id)['id']]
