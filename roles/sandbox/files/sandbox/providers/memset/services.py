# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""service.*, job.*, invoice.*"""

from __future__ import annotations

import datetime
import re

from .catalogue import PRODUCTS
from .errors import does_not_exist, in_progress, not_unique, precondition
from .methods import method
from .parameters import Choice, Date, Id, Integer, Name, String, StringOrList

INVOICE_STATES = ('NEW', 'AWAITING-PAYMENT', 'RENEWAL', 'REFUND', 'CANCELLED', 'DONE', 'PROCESSING')


def release(account, service):
    """A service ends: nothing refers to it any more."""
    service.info['status'] = 'CANCELLED'
    service.info['expiry_date'] = account.today()
    for other in account.services.values():
        if other.type == 'vlan':
            other.data['hosts'].pop(service.name, None)
    if service.type == 'vlan':
        for server in account.servers():
            for names in server.server['vlans'].values():
                if service.name in names:
                    names.remove(service.name)


def hours_used(account, service):
    return (account.today() - service.info['start_date']).days * 24 + 1


@method('service.cancel', write=True, name=Name())
def cancel(session, name):
    """Cancel a service; the job does it."""
    account = session.account
    service = account.service(name)
    if 'cancel' in service.pending:
        raise in_progress("Service '%s' is pending cancellation already" % name)
    if service.info['status'] == 'CANCELLED':
        raise precondition("Service '%s' is cancelled already" % name)
    if service.type == 'sslcert':
        raise precondition('SSL certificates cannot be cancelled')

    def done():
        if service.sku in PRODUCTS and PRODUCTS[service.sku][0] == 'hourly':
            # Billed in arrears, so what was used falls due.
            hours = hours_used(account, service)
            account.add_invoice([('%s: %d hours' % (name, hours), round(hours * PRODUCTS[service.sku][5], 2), '')])
        release(account, service)
    return account.start_job(session, 'CANCEL-SERVICE', service, done, (service.pending, 'cancel'))


@method('service.info', name=Name())
def info(session, name):
    """Describe a service."""
    return dict(session.account.service(name).info)


@method('service.list', type=StringOrList(optional=True), status=Choice('LIVE', 'CANCELLED', optional=True))
def listing(session, type=None, status='LIVE'):
    """List the services of the account."""
    return [dict(service.info) for service in session.account.services.values()
            if service.info['status'] == status and (type is None or service.type in type)]


@method('service.set_nickname', write=True, name=Name(), nickname=String(blank=True))
def set_nickname(session, name, nickname):
    """Set the nickname as the service cleans it; it must be the only one of that name."""
    service = session.account.service(name)
    # Whether spaces inside survive isn't said clearly; a sample of Memset's has one.
    nickname = re.sub(r"[^A-Za-z0-9_.' -]", '', nickname).strip()[:255].strip()
    for other in session.account.services.values():
        if nickname and other is not service and other.info['nickname'] == nickname \
                and other.info['status'] != 'CANCELLED':
            raise not_unique("Nickname '%s' is already in use" % nickname)
    service.info['nickname'] = nickname
    return {'nickname': nickname}


@method('job.status', id=Id(), name=Name(optional=True))
def job_status(session, id, name=None):
    """How a job is doing."""
    job = session.account.jobs.get(id)
    if name is not None:
        session.account.service(name)
    if job is None or (name is not None and job.get('service') != name):
        raise does_not_exist('job with id', id)
    return dict(job)


@method('invoice.info', ref=Integer())
def invoice_info(session, ref):
    """Describe an invoice."""
    if ref not in session.account.invoices:
        raise does_not_exist('invoice with ref', ref)
    return dict(session.account.invoices[ref])


@method('invoice.list', date_gte=Date(optional=True), date_lte=Date(optional=True),
        status=Choice(*INVOICE_STATES, optional=True))
def invoice_list(session, date_gte=None, date_lte=None, status=None):
    """List invoices by date and status."""
    first = date_gte.date() if date_gte else datetime.date.min
    last = date_lte.date() if date_lte else datetime.date.max
    return [dict(invoice) for invoice in session.account.invoices.values()
            if first <= invoice['date'] <= last and status in (None, invoice['status'])]
