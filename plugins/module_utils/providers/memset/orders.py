# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps anyone from buying a server twice, or at another price: quotes, open orders, and orders in the journal.

An order takes no name: Memset names the service when its job ends, and the nickname is set after that. So an order is
in the journal from before it is sent, and a run that finds one there goes on with it, or says why it cannot.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing

from ...client import nearest
from ...errors import Invalid, Precondition
from .client import job_of
from .operations import BAD_PARAMETERS
from .server_fields import IMAGES, ZONES, kind_of, same_image

# States of an invoice whose order is not over (1.2.12).
OPEN_INVOICES = ('NEW', 'AWAITING-PAYMENT', 'PROCESSING')
# A server without a nickname that began at most so many days ago may come of an order that no journal knows.
NEW_DAYS = 2
ALLOW = 'If you know that none of this is the server, set memset.ignore_open_orders: true and another one is ordered'

FIGURES = {'setup': 'net_setup_price', 'monthly': 'net_monthly_rental', 'hourly': 'net_hourly_inarrears_rental_price',
           'total': 'net_total'}
UPGRADE_FIGURES = {**FIGURES, 'monthly': 'net_increase'}


# -- prices -----------------------------------------------------------------------------------------------------------
def price(answer, figures=None):
    """The price of a quote, net of VAT: currency, setup, monthly, hourly, total; null where it tells none."""
    found = {'currency': answer.get('currency')}
    for name, key in (figures or FIGURES).items():
        found[name] = None if answer.get(key) is None else float(answer[key])
    return found


def too_dear(cost, limits):
    """Why a price is not within max_price, or None. A figure that the quote leaves out is not within a limit."""
    if not limits:
        return None
    for name, limit in limits.items():
        if limit is None or name == 'currency':
            continue
        if cost[name] is None:
            return 'max_price.%s is set and the quote tells no such price' % name
        if not cost[name] <= limit:
            return 'the %s price is %.4g %s, more than max_price.%s %.4g' % (
                name, cost[name], cost['currency'], name, limit)
    if limits['currency'] != cost['currency']:
        return 'the price is in %s, and max_price in %s' % (cost['currency'], limits['currency'])
    return None


def quote(work, operation, parameters, options, figures=None):
    """The price of an order, which is not placed. It is a read.

    :raises Precondition: when it is more than max_price, or when Memset refuses what is to be ordered.
    """
    try:
        answer = work.client.call(operation, dry_run=True, **parameters)
    except Invalid as exc:
        if exc.code != BAD_PARAMETERS:
            raise
        raise _refused(work, exc, parameters, options) from exc
    cost = price(answer, figures)
    problem = too_dear(cost, options.get('max_price'))
    if problem:
        raise Precondition('not ordered: %s' % problem, operation=operation)
    return cost


def _refused(work, exc, parameters, options):
    """The refusal of a quote, with the nearest that Memset has."""
    hints = ''
    skus = [item['sku'] for item in work.client.call('create.available')]
    plan = parameters.get('sku') or parameters.get('new_sku')
    if plan not in skus:
        hints += nearest(plan, skus, '; plan %r is not offered, the nearest: %%s' % plan)
    image, zone = parameters.get('os'), parameters.get('network_zone')
    if image is not None and image not in IMAGES:
        hints += nearest(image, IMAGES, '; image %r is no stock system, the nearest: %%s' % image)
    if zone is not None and zone not in ZONES:
        hints += nearest(zone, ZONES, '; zone %r is not known, the nearest: %%s' % zone)
    return Precondition('Memset does not offer this: %s%s' % (exc.message, hints), operation=exc.operation,
                        http_status=exc.http_status, code=exc.code)


# -- orders in the journal --------------------------------------------------------------------------------------------
@dataclasses.dataclass(frozen=True)
class Order:
    """What became of an order that the journal knows.

    :param fate: 'pending' (its job runs), 'made' (`raw` is the server, not yet named), 'named' (it has the name that
        was wanted), 'renamed' (another name), 'gone' (there is no such server any more), 'failed' (its job did), 'lost'
        (it was sent, or may have been, and nothing is known since).
    """

    fate: str
    entry: dict
    job: typing.Optional[dict] = None
    raw: typing.Optional[dict] = None

    def __str__(self):
        answer = self.entry.get('answer') or {}
        told = ['sent %s' % self.entry.get('at')]
        told += ['job %s, %s' % (self.job['id'], self.job.get('status'))] if self.job else []
        told += ['invoice %s' % answer['invoice_ref']] if answer.get('invoice_ref') else []
        return 'the order %s (%s)' % (self.entry['operation'], '; '.join(told))


def is_order(entry):
    """Whether an entry of the journal is that of an order."""
    return bool(entry) and str(entry.get('operation', '')).startswith('create.')


def look(work, crossing, entry):
    """The Order of an entry of the journal: at most two reads."""
    job = job_of(entry.get('answer'))
    job = job and work.client.find('job.status', id=job['id'])
    if not job:
        return Order('lost', entry)
    if not job.get('finished'):
        return Order('pending', entry, job)
    if job.get('error'):
        return Order('failed', entry, job)
    if not job.get('service'):
        return Order('lost', entry, job)
    raw = crossing.one(work, job['service'])
    nickname = raw and raw.get('nickname')
    fate = 'gone' if raw is None else 'made' if not nickname else \
        'named' if nickname == work.options['name'] else 'renamed'
    return Order(fate, entry, job, raw)


def claim(work, crossing, order):
    """The server of a lost order: the one new unnamed one that is as ordered, and that no other order explains.

    :raises Precondition: when there is none yet, or when it cannot be told which.
    """
    known, others = set(order.entry.get('known') or ()), _others(work)
    kind, asked = order.entry['operation'].rpartition('_')[2], order.entry['parameters']
    new = {item['name'] for item in work.client.call('service.list')
           if item['name'] not in known and not item.get('nickname') and item.get('type') == kind}
    if new:
        new -= _explained(work, others)
    raws = [raw for raw in (crossing.one(work, name) for name in sorted(new)) if raw is not None]
    ours = [raw for raw in raws if is_as_ordered(raw, kind, asked.get('os'), asked.get('network_zone'))]
    rivals = [key[-1] for key, entry in others.items() if not job_of(entry.get('answer'))]
    if len(ours) == 1 and not rivals:
        return ours[0]
    found = 'it may be %s' % ' or '.join(raw['name'] for raw in ours) + (
        ', or that of the order for %s' % ', '.join(rivals) if rivals else '') if ours else \
        'no new server without a nickname is there yet' if not raws else \
        'no new server without a nickname is as ordered: not %s' % ' or '.join(raw['name'] for raw in raws)
    raise Precondition(
        '%s was interrupted, and %s. Setting up takes minutes: run this again later. When you know which server it is, '
        'name it by id together with name. %s' % (order, found, ALLOW), provider='memset')


def _others(work):
    """Orders in the journal under other names: what other runs on this machine have under way."""
    return {key: entry for key, entry in work.journal.entries().items()
            if key[0] == work.key[0] and key != work.key and is_order(entry)}


def _explained(work, entries):
    """Services that come of these orders."""
    jobs = [job_of(entry.get('answer')) for entry in entries.values()]
    calls = [('job.status', {'id': job['id']}) for job in jobs if job]
    found = work.client.call_many(calls) if calls else []
    for answer in found:
        if isinstance(answer, Exception):
            raise answer
    return {job['service'] for job in found if job and job.get('service')}


# -- orders that no journal knows -------------------------------------------------------------------------------------
def survey(work, change, servers):
    """Before an order: names of all services. One request, besides server.list, whose answer `servers` is.

    :raises Precondition: when the name is taken, or when there is an order, or an unnamed server, that may be this one.
    """
    calls = [('service.list', {})]
    if not ignores(change.options):
        calls += [('invoice.list', {'status': status}) for status in OPEN_INVOICES]
    answers = work.client.call_many(calls)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    services = answers[0] or []
    taken(services, change.options['name'])
    if not ignores(change.options):
        _refuse_unknown(work, change, servers, [item for answer in answers[1:] for item in answer or ()])
    return sorted(item['name'] for item in services)


def ignores(options):
    """Whether the user knows better than the journal and the account."""
    return bool((options.get('memset') or {}).get('ignore_open_orders'))


def taken(services, name, ident=None):
    """:raises Precondition: when a service other than `ident` has the nickname."""
    for item in services:
        if item.get('nickname') == name and item['name'] != ident:
            raise Precondition('the nickname %r is taken by the %s %s; nicknames are unique in an account'
                               % (name, item.get('type'), item['name']), provider='memset')


def _refuse_unknown(work, change, servers, invoices):
    others = _others(work)
    refs = {(entry.get('answer') or {}).get('invoice_ref') for entry in others.values()}
    invoices = [item for item in invoices if item.get('ref') not in refs]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    maybe = [item['name'] for item in servers if may_be(item, change.options, today)]
    if maybe:
        explained = _explained(work, others)
        maybe = [name for name in maybe if name not in explained]
    told = ['the server %s is new and has no nickname (adopt it: id: %s with name: %s)' % (
        name, name, change.options['name']) for name in maybe]
    told += ['the invoice %s of %s is %s' % (item.get('ref'), item.get('date'), item.get('status'))
             for item in invoices]
    if told:
        raise Precondition('not ordered, since an earlier order may be under way that this machine\'s journal does not '
                           'know: %s. %s' % ('; '.join(told), ALLOW), provider='memset')


def may_be(raw, options, today):
    """Whether a server may be that of an order with these options, whose nickname was never set."""
    return _is_new(raw.get('start_date'), today) and is_as_ordered(
        raw, kind_of(options)[0], options.get('image'), options.get('zone'))


def is_as_ordered(raw, kind, image, zone):
    """Whether a server has no nickname yet, and is what was ordered as far as Memset tells."""
    zones = raw.get('network_zones')
    return not raw.get('nickname') and raw.get('type') == kind and not (zone and zones and zone not in zones) \
        and same_image(image, raw.get('os'))


def _is_new(text, today):
    """Whether a date is one of the last days. What is no date may be new."""
    digits = ''.join(character for character in str(text) if character.isdigit())[:8]
    try:
        began = datetime.datetime.strptime(digits, '%Y%m%d').date()
    except ValueError:
        return True
    return (today - began).days <= NEW_DAYS
