# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account: profile, balance, prices, use, and what was paid."""

from __future__ import annotations

import re
import time

from ..keyvalue import wire
from ..keyvalue.errors import Refusal
from .catalogue import CURRENCIES, PRICES

REQUIRED = ('email', 'first_name', 'last_name', 'nick_name')
EXTRA = ('salutation', 'vat', 'town', 'job_title', 'location', 'facebook', 'twitter', 'xing', 'linkedin', 'website',
         'signature', 'ftp_disabled', 'api_disabled', 'api_https_only')
SETTABLE = REQUIRED + ('title', 'company', 'address', 'postcode', 'phone', 'currency', 'country', 'language') + EXTRA
GIB = 1024 ** 3


class Account:
    def __init__(self, provider):
        self._provider = provider
        self.profile = {
            'uuid': provider.user_uuid, 'email': provider.username, 'secret_key': 'sandbox-cloudsigma-secret-key',
            'first_name': 'Sand', 'last_name': 'Box', 'nick_name': 'SandBox', 'title': '', 'company': '',
            'address': 'Example Street 1', 'postcode': '1000', 'phone': '', 'currency': 'EUR', 'country': 'CH',
            'language': 'EN', 'type': 'regular'}
        self.transactions = []
        self.pay('Initial balance', provider.settings['balance'], False)

    def date(self, seconds=None, form='%Y-%m-%d %H:%M:%S'):
        return time.strftime(form, time.gmtime(self._provider.world.now() if seconds is None else seconds))

    def pay(self, description, amount, book=True):
        """Add to the balance, or take from it where the amount is negative; the newest comes first in the history."""
        if book:
            self._provider.settings['balance'] += amount
        self.transactions.insert(0, {'date': self.date(), 'description': description, 'value': 'n/a', 'tax': 'n/a',
                                     'total': '%.2f' % amount})

    # -- profile --------------------------------------------------------------------------------------------------
    def profile_info(self, call):
        return dict(self.profile)

    def profile_set(self, call):
        """Only what is sent changes; the answer to a wrong value is the profile with the errors in it."""
        given = {key: value for key, value in self._provider.body(call).items() if key in SETTABLE}
        errors = {key: '* This field is required.' for key in REQUIRED if key in given and not given[key]}
        if given.get('email') and not re.fullmatch(r'[^@\s]+@[^@\s]+\.[^@\s]+', given['email']):
            errors['email'] = '* Enter a valid e-mail address.'
        if given.get('currency', self.profile['currency']) != self.profile['currency']:
            errors['currency'] = '* The currency can not be changed.'
        if errors:
            raise Refusal('usage', errors=errors, thing=self.profile)
        self.profile.update(given)
        return dict(self.profile)

    # -- money ----------------------------------------------------------------------------------------------------
    def currencies(self, call):
        return wire.Listing(CURRENCIES)

    def balance(self, call):
        return {'balance': '%.2f' % self._provider.settings['balance'], 'currency': self.profile['currency']}

    def pricing(self, call):
        now = self._provider.world.now()
        return {'start': self.date(now) + '.000000', 'end': self.date(now + 300) + '.000000',
                **{key: '%.3f' % price for key, price in PRICES.items()}}

    def history(self, call):
        return [dict(entry) for entry in self.transactions]

    def usage(self, call):
        """What runs and is stored, how much of it is subscribed, and the rest: burst."""
        provider = self._provider
        running = [server.config for server in provider.servers.items.values() if server.running]
        used = {'cpu': sum(int(config['cpu']) for config in running),
                'mem': sum(int(config['mem']) for config in running),
                'disk': -(-sum(drive.size for drive in provider.drives.items.values()) // GIB)}
        subscribed = {kind: provider.subscriptions.total(kind) for kind in ('cpu', 'mem', 'disk', 'xfer')}
        return {**used, **{kind + ':burst': max(0, used[kind] - subscribed[kind]) for kind in used},
                **{kind + ':sub': subscribed[kind] for kind in used},
                'rx:total': 0, 'tx:total': 0, 'xfer:total': 0, 'xfer:burst': '', 'xfer:sub': subscribed['xfer']}
