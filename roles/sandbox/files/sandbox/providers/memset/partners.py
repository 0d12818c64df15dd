# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""partner.*: accounts that a partner makes and manages. Their keys are accounts of their own here."""

from __future__ import annotations

from .account_methods import check_scope, key_told
from .errors import ApiError
from .methods import method
from .parameters import Choice, Email, String, Strings

# What a partner may not call on a child account.
RESTRICTED = ('partner.', 'payment_method.', 'apikey.')

USER = {
    'user_email': Email(), 'user_title': Choice('Mr', 'Mrs', 'Ms', 'Miss', 'Dr', 'Rev'),
    'user_forename': String(max=50), 'user_surname': String(max=50), 'user_company': String(max=200, optional=True),
    'user_phone': String(max=50), 'user_address': String(max=250), 'user_town': String(max=100),
    'user_statecounty': String(max=100), 'user_country': String(max=2, pattern='[A-Z]{2}'),
    'user_postcode': String(max=20),
}


def children(session, account_name=None):
    found = {name: account for name, account in session.cloud.accounts.items()
             if account.partner == session.account.name}
    if account_name is None:
        return list(found.values())
    if account_name not in found:
        raise ApiError('AccountDoesNotExist', "No account '%s'" % account_name)
    return [found[account_name]]


@method('partner.account.create', write=True, partner=True, **USER,
        account_currency=Choice('GBP', 'EUR', 'USD', optional=True))
def account_create(session, user_forename, user_surname, account_currency='GBP', **user):
    """Create an account with a key to manage it."""
    cloud = session.cloud
    base = ''.join(letter for letter in (user_surname + user_forename).lower() if letter.isascii()
                   and letter.isalpha())[:6] or 'child'
    letters = 'abcdefghijklmnopqrstuvwxyz'
    name = next(base + first + second for first in letters for second in letters
                if base + first + second not in cloud.accounts)
    account = cloud.add_account(name)
    account.partner = session.account.name
    account.settings.update(currency=account_currency, partner=False)
    return {'account': name, 'api_key': key_told(cloud.add_key(account, comment='for the partner'))}


@method('partner.account.list', partner=True)
def account_list(session):
    """List the accounts of the partner."""
    return [account.name for account in children(session)]


@method('partner.apikey.create', write=True, partner=True, account_name=String(max=20), service=String(max=255),
        methods=Strings(optional=True), comment=String(max=255))
def apikey_create(session, account_name, service, comment, methods=()):
    """Create a key for one service of one account."""
    account = children(session, account_name)[0]
    found = account.services.get(service)
    if found is None or not found.live:
        raise ApiError('ServiceDoesNotExist', "No service '%s'" % service)
    for item in methods:
        check_scope('method', item)
    scopes = {'name': [service]}
    if methods:
        scopes['method'] = list(methods)
    return key_told(session.cloud.add_key(account, scopes=scopes, comment=comment))


@method('partner.apikey.list', partner=True, account_name=String(max=20, optional=True))
def apikey_list(session, account_name=None):
    """List the keys of the partner's accounts."""
    names = {account.name for account in children(session, account_name)}
    return [key_told(key) for key in session.cloud.keys.values() if key['account'] in names]


@method('partner.service.list', partner=True, account_name=String(max=20, optional=True))
def service_list(session, account_name=None):
    """List the services of the partner's accounts."""
    return [dict(service.info) for account in children(session, account_name)
            for service in account.services.values() if service.live]
