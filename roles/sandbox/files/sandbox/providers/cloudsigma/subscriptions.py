# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subscriptions: bought, priced, extended."""

from __future__ import annotations

import calendar
import time

from ..keyvalue import wire
from ..keyvalue.errors import Refusal, missing
from .catalogue import MINIMUM, PRICES, SOFTWARE, TYPES

RESOURCES = ('cpu', 'mem', 'disk', 'xfer')
FORM = '%Y-%m-%d %H:%M'


class Subscriptions:
    def __init__(self, provider):
        self._provider = provider
        self.items: dict[str, dict] = {}

    def state(self):
        return {key: dict(item) for key, item in self.items.items()}

    def total(self, kind):
        return sum(int(item['quantity']) for item in self.items.values() if item['type'] == kind)

    # -- looking --------------------------------------------------------------------------------------------------
    def list(self, call):
        return [dict(item) for item in self.items.values()]

    def resources(self, call):
        return {kind: self.total(kind) for kind in RESOURCES}

    def network(self, call):
        return {kind: self.total(kind) for kind in ('ip', 'vlan')}

    # -- what a request asks for ----------------------------------------------------------------------------------
    def _wanted(self, call, kinds, quantities):
        """(quantities by kind, months, start) of a request; a wrong one is answered with itself and its errors."""
        given = self._provider.body(call)
        errors, wanted = {}, {}
        for kind in kinds:
            text = given.get(quantities or kind, '')
            if not text and quantities is None:
                continue
            if not wire.whole(text):
                errors[quantities or kind] = 'This field is required.' if not text else 'A whole number is expected.'
            elif int(text) and int(text) < MINIMUM.get(kind, 1):
                errors[kind] = 'The minimum %s subscription is %d %s' % (TYPES[kind][0], MINIMUM[kind], TYPES[kind][1])
            elif int(text):
                wanted[kind] = int(text)
        months = given.get('months', '')
        if not wire.whole(months) or not 1 <= int(months) <= 120:
            errors['months'] = 'This field is required.' if not months else '1 to 120 is expected.'
        # The tables of the document say start_date, its examples start_time.
        key = 'start_date' if 'start_date' in given else 'start_time'
        start = self._time(given.get(key, ''))
        if start is None:
            errors[key] = 'This field is required.' if not given.get(key) else 'Y-m-d H:M is expected.'
        if not wanted and not errors:
            errors['system'] = 'Nothing is asked for.'
        if errors:
            end = '' if 'months' in errors or start is None else self._end(start, int(months))
            raise Refusal('usage', errors=errors, thing={'start_time': '', **given, 'end_time': end})
        return wanted, int(months), start

    @staticmethod
    def _time(text):
        for form in (FORM, FORM + ':%S'):
            try:
                return calendar.timegm(time.strptime(text.strip(), form))
            except ValueError:
                continue
        return None

    @staticmethod
    def _end(start, months):
        """The same day and time that many months later, or the last day that the month has."""
        then = time.gmtime(start)
        year, month = divmod(then.tm_year * 12 + then.tm_mon - 1 + months, 12)
        day = min(then.tm_mday, calendar.monthrange(year, month + 1)[1])
        return '%04d-%02d-%02d %02d:%02d' % (year, month + 1, day, then.tm_hour, then.tm_min)

    @staticmethod
    def _price(wanted, months):
        return sum(PRICES[kind if kind in PRICES else kind + ':sub'] * quantity
                   for kind, quantity in wanted.items()) * months

    def _amount(self, wanted, months):
        return {'amount': '%.2f' % self._price(wanted, months), 'currency': self._provider.account.profile['currency']}

    def _charge(self, wanted, months, what):
        price = self._price(wanted, months)
        if price > self._provider.settings['balance']:
            raise Refusal('billing', 'Insufficient funds: %.2f is needed.' % price)
        self._provider.account.pay('%s subscription of %d months' % (what, months), -price)

    def add(self, kind, quantity, months, start, **more):
        """A subscription, paid for."""
        label, unit = TYPES[kind]
        item = {'type': kind, 'subscription': self._provider.world.uuid(), **more, 'type_str': label, 'unit': unit,
                'quantity': quantity, 'start_time': time.strftime(FORM, time.gmtime(start)),
                'end_time': self._end(start, months)}
        self.items[item['subscription']] = item
        return dict(item)

    # -- buying ---------------------------------------------------------------------------------------------------
    def create_resources(self, call):
        wanted, months, start = self._wanted(call, RESOURCES, None)
        self._charge(wanted, months, 'Resource')
        return [self.add(kind, quantity, months, start) for kind, quantity in wanted.items()]

    def create_network(self, call, kind):
        """One subscription, and one address or VLAN, for each that is asked for."""
        wanted, months, start = self._wanted(call, (kind,), 'quantity')
        resources = self._provider.resources
        table = resources.ips if kind == 'ip' else resources.vlans
        if len(table) + wanted[kind] > self._provider.settings[kind + '_limit']:
            raise Refusal('billing', 'The limit of %d is reached' % self._provider.settings[kind + '_limit'])
        self._charge(wanted, months, TYPES[kind][0])
        made = []
        for _number in range(wanted[kind]):
            item = resources.make(kind, 'Subscribed VLAN' if kind == 'vlan' else '')
            made.append(self.add(kind, 1, months, start, resource=item['resource']))
        return made

    def calculate_network(self, call, kind):
        wanted, months, _start = self._wanted(call, (kind,), 'quantity')
        return self._amount(wanted, months)

    def create_software(self, call):
        """Answers with what was asked for, and when it ends."""
        wanted, months, start = self._wanted(call, SOFTWARE, None)
        self._charge(wanted, months, 'Software')
        for kind, quantity in wanted.items():
            self.add(kind, quantity, months, start)
        return {**{kind: wanted.get(kind, 0) for kind in SOFTWARE},
                'start_time': time.strftime(FORM, time.gmtime(start)), 'end_time': self._end(start, months)}

    def calculate_software(self, call):
        wanted, months, _start = self._wanted(call, SOFTWARE, None)
        return self._amount(wanted, months)

    # -- extending ------------------------------------------------------------------------------------------------
    def _extension(self, call, uuid):
        item = self.items.get(uuid)
        if item is None:
            raise missing('Subscription', uuid)
        months = self._provider.body(call).get('months', '')
        if not wire.whole(months) or not 1 <= int(months) <= 120:
            raise Refusal('usage', errors={'months': '1 to 120 is expected.' if months else 'This field is required.'},
                          thing={'months': months})
        return item, int(months)

    def extend(self, call, uuid):
        item, months = self._extension(call, uuid)
        self._charge({item['type']: int(item['quantity'])}, months, item['type_str'])
        item['end_time'] = self._end(self._time(item['end_time']), months)
        return dict(item)

    def calculate_extension(self, call, uuid):
        item, months = self._extension(call, uuid)
        return self._amount({item['type']: int(item['quantity'])}, months)
