# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an account holds, and the things that every part uses: services, jobs, invoices, keys."""

from __future__ import annotations

import datetime
import ipaddress

from .catalogue import DATA_ZONE, DISCOUNTS, PRODUCTS, VAT
from .errors import does_not_exist, in_progress, precondition

# What the control API may set; see docs/sandbox.md.
SETTINGS = {
    # Charges go to the next bill. If not, each order makes an invoice and waits until that is paid.
    'consolidated_billing': True,
    # Whether open invoices are paid by themselves, as long after as a job takes.
    'auto_pay': True,
    'currency': 'GBP',
    # Whether it may use partner.*
    'partner': True,
    # firewalling.update on servers whose firewall is self_managed (the documents contradict each other)
    'self_managed_updates': True,
    # Two rules of a group may not share a place
    'unique_ordering': True,
    'service_limit': 20000,
    'zone_limit': 20000,
    'monitoring_rule_limit': 30,
    'apikey_limit': 1000,
}

SERVERS = ('miniserver', 'fullserver')
# type -> how its services are named
NAMES = {'miniserver': '%s%d', 'fullserver': '%s%d', 'cloudstorage': 'ms%s%d', 'vlan': '%s-vlan%d',
         'openstack': '%s-os%d', 'loadbalancer': '%s-lb%d', 'cluster': '%s-cl%d', 'website_firewall': '%s-wf%d'}


def month_later(day, months):
    index = day.month - 1 + months
    return datetime.date(day.year + index // 12, index % 12 + 1, min(day.day, 28))


class Service:
    """One product. `info` is what service.info tells; `server` what server.info adds, None if it is no server;
    `data` what is kept for its kind and told by other methods."""

    def __init__(self, info, sku=None, server=None):
        self.info = info
        self.sku = sku
        self.server = server
        self.period = 1
        self.data = {}
        # kind of job -> id of the one under way
        self.pending = {}

    @property
    def name(self):
        return self.info['name']

    @property
    def type(self):
        return self.info['type']

    @property
    def live(self):
        return self.info['status'] == 'LIVE'

    @property
    def network_zone(self):
        return (self.info['network_zones'] or [''])[0]


class Account:
    """One customer."""

    def __init__(self, cloud, name):
        self.cloud = cloud
        self.name = name
        # The partner that made it, if any.
        self.partner = None
        self.settings = dict(SETTINGS)
        self.services = {}
        self.jobs = {}
        self.invoices = {}
        self.zones = {}
        self.records = {}
        self.domains = {}
        self.groups = {}
        self.openstack_users = {}
        self.discounts = dict(DISCOUNTS)
        # What the next consolidated bill will say.
        self.next_bill = []
        self.payment_methods = {
            'pm1': {'id': 'pm1', 'type': 'card', 'default': True, 'status': 'AVAILABLE', 'name': 'Card ending 0000'},
            'pm2': {'id': 'pm2', 'type': 'card', 'default': False, 'status': 'EXPIRED', 'name': 'Card ending 1111'},
            'pm3': {'id': 'pm3', 'type': 'paypal', 'default': False},
        }
        self._numbers = {}

    # -- things by name -------------------------------------------------------------------------------------------
    def service(self, name, kind=None):
        """The service of that name (and type); ApiErrorDoesNotExist else."""
        found = self.services.get(name)
        if found is None or (kind and found.type != kind):
            raise does_not_exist('service with name', name)
        return found

    def find_server(self, name):
        found = self.services.get(name)
        if found is None or found.server is None:
            raise does_not_exist('service with name', name)
        return found

    def servers(self):
        return [service for service in self.services.values() if service.server is not None]

    def number(self, kind):
        """1, 2, 3 ... for each kind of name."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def new_name(self, kind):
        form = NAMES.get(kind, '%s-' + kind + '%d')
        while True:
            name = form % (self.name, self.number(form))
            if name not in self.services:
                return name

    # -- services -------------------------------------------------------------------------------------------------
    def today(self):
        return datetime.datetime.fromtimestamp(self.cloud.world.now(), datetime.timezone.utc).date()

    def moment(self):
        return datetime.datetime.fromtimestamp(int(self.cloud.world.now()), datetime.timezone.utc).replace(tzinfo=None)

    def add_service(self, kind, sku=None, network_zone='', data_zone=DATA_ZONE, months=1, rental=None, name=None,
                    status='LIVE', nickname=''):
        """A new service, ready for use."""
        net = rental if rental is not None else PRODUCTS[sku][5] if sku else 0.0
        today = self.today()
        info = {
            'name': name or self.new_name(kind), 'status': status, 'nickname': nickname, 'start_date': today,
            'expiry_date': month_later(today, months), 'renewal_price_amount': round(net * (1 + VAT), 2),
            'renewal_price_currency': self.settings['currency'], 'renewal_price_vat': round(net * VAT, 2),
            'type': kind, 'network_zones': [network_zone] if network_zone else [], 'data_zone': data_zone}
        service = Service(info, sku)
        service.period = months
        self.services[service.name] = service
        return service

    def default_payment(self):
        return next((item for item in self.payment_methods.values() if item['default']), {'type': 'notset'})

    # -- jobs -----------------------------------------------------------------------------------------------------
    def start_job(self, session, kind, service=None, finish=None, pending=None, invoice=None):
        """A job that calls finish() when it is done; returns it as job.status does.

        `finish` may return the service that it made. `pending` is (dictionary, key) in which the job is noted while
        it runs: a second one is refused. With an unpaid `invoice` it waits until that is paid.
        """
        if pending and pending[1] in pending[0]:
            raise in_progress('%s is already pending' % kind)
        job = {'id': self.cloud.hex(), 'type': kind, 'status': 'NEW', 'finished': False, 'error': False}
        if service is not None:
            job['service'] = service.name
        self.jobs[job['id']] = job
        if pending:
            pending[0][pending[1]] = job['id']
        world, fault = self.cloud.world, self.cloud.job_fault(session.call) if session else None

        def process():
            job['status'] = 'PROCESSING'

        def done():
            if pending:
                pending[0].pop(pending[1], None)
            job['finished'] = True
            if fault == 'job_fails':
                job.update(status='ERROR', error=True)
                return
            made = finish() if finish else None
            if isinstance(made, Service):
                job['service'] = made.name
            job['status'] = 'DONE'

        def start():
            job['status'] = 'NEW'
            world.later(world.job_seconds / 2, process)
            if fault != 'job_hangs':
                world.later(world.job_seconds, done)

        if invoice is not None and invoice['status'] == 'AWAITING-PAYMENT':
            job['status'] = 'AWAITING-PAYMENT'
            self.cloud.when_paid.setdefault(invoice['ref'], []).append(start)
            if self.settings['auto_pay']:
                world.later(world.job_seconds, lambda: self.pay(invoice['ref']))
        else:
            start()
        return job

    # -- invoices -------------------------------------------------------------------------------------------------
    def add_invoice(self, items, status='AWAITING-PAYMENT'):
        """Items are (description, net amount, period in months or '')."""
        net = round(sum(item[1] for item in items), 2)
        vat = round(net * VAT, 2)
        if not net:
            status = 'DONE'
        invoice = {'ref': self.cloud.next_invoice(), 'amount': round(net + vat, 2),
                   'currency': self.settings['currency'], 'vat': vat, 'status': status,
                   'proforma': status == 'AWAITING-PAYMENT', 'payment_method': self.default_payment()['type'],
                   'items': [list(item) for item in items], 'date': self.today()}
        self.invoices[invoice['ref']] = invoice
        return invoice

    def pay(self, ref):
        """The customer pays an invoice; the job that waited for it starts."""
        invoice = self.invoices[ref]
        if invoice['status'] != 'AWAITING-PAYMENT':
            return
        invoice.update(status='DONE', proforma=False)
        for start in self.cloud.when_paid.pop(ref, []):
            start()

    # -- checks that several methods need -------------------------------------------------------------------------
    def need_live(self, service, for_what):
        if not service.live:
            raise precondition("Service '%s' is %s, which isn't valid for %s"
                               % (service.name, service.info['status'], for_what))

    def balanced(self, service, vlan=None):
        """Whether the server is behind a load balancer (in that VLAN)."""
        for balancer in self.services.values():
            if balancer.type != 'loadbalancer' or (vlan and balancer.data['vlan'] != vlan):
                continue
            if any(service.name in item['servers'] for item in balancer.data['services'].values()):
                return True
        return False


def is_private(address):
    """Whether an address is one of those that VLANs use (the ranges for documentation count as public here)."""
    number = ipaddress.ip_address(address)
    return any(number in net for net in PRIVATE if net.version == number.version)


PRIVATE = [ipaddress.ip_network(net) for net in ('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')]
