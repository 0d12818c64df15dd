# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""create.*: quotes and orders."""

from __future__ import annotations

from . import catalogue
from .accounts import SERVERS
from .catalogue import ARREARS, DATA_ZONE, EXTRAS, PRODUCTS
from .errors import ApiError, bad, does_not_exist, precondition
from .methods import method
from .parameters import Boolean, Choice, DryRun, Integer, Name, String
from .servers import is_public_key, make_server
from .snapshots import find_image
from .vlans import join

PERIOD = Integer(choices=catalogue.PERIODS, optional=True)
ORDER = {
    'sku': String(), 'dry_run': DryRun(), 'discount_code': String(optional=True),
    'add_to_next_bill': Boolean(optional=True),
}
PLACE = {'network_zone': Choice(*catalogue.NETWORK_ZONES, optional=True),
         'data_zone': Choice(DATA_ZONE, optional=True)}
SERVER = {
    **ORDER, **PLACE, 'os': String(), 'period': PERIOD,
    'bandwidth_type': Choice('metered', 'unmetered', optional=True), 'backups': Integer(optional=True),
    'lvs': Integer(optional=True), 'database': Choice(*catalogue.DATABASES, optional=True),
    'antivirus': Choice('none', 'sophos_antivirus', optional=True),
    'firewall': Choice(*catalogue.FIREWALLS, optional=True), 'firewall_rule_group': String(optional=True),
    'os_bits': Choice('32', '64', optional=True),
    'support_level': Choice(*catalogue.SUPPORT_LEVELS, optional=True), 'vlan': Name(optional=True),
    'pub_ssh_key': String(optional=True),
    'intrusion_detection': Choice('none', 'basic', 'monitored', 'protected', optional=True),
    'monitoring_level': Choice('basic', 'advanced', 'managed', optional=True),
    'vulnscan': Choice('none', 'basic', 'managed', optional=True),
}
MINISERVER = {**SERVER, 'connection': String(optional=True), 'monthly_transfer_gb': Integer(optional=True),
              'disk_type': Choice('hdd', 'ssd', optional=True), 'disk_gb': Integer(min=1, optional=True)}
HOURLY = {**{name: kind for name, kind in MINISERVER.items() if name != 'disk_gb'},
          'intrusion_detection': Choice('none', 'basic', optional=True),
          'monitoring_level': Choice('basic', 'advanced', optional=True),
          'vulnscan': Choice('none', 'basic', optional=True)}
FULLSERVER = {**SERVER, **{name: String(optional=True) for name in ('disk', 'ram', 'nvme', 'net_card_speed_gbps')},
              'partitioning': Choice('all_root', 'data_home', 'two_volumes', 'custom', optional=True),
              'setup_instructions': String(optional=True)}

# Options that only the deprecated Miniservers take, and those that need managed support.
CLASSIC_ONLY = ('disk_type', 'disk_gb', 'bandwidth_type', 'connection', 'monthly_transfer_gb')
MANAGED_ONLY = {'firewall': ('managed',), 'intrusion_detection': ('monitored', 'protected'),
                'monitoring_level': ('managed',), 'vulnscan': ('managed',)}


def invalid(name, value):
    return bad(name, 'Select a valid choice. %s is not one of the available choices.' % value)


def product(sku, *families):
    if sku not in PRODUCTS or PRODUCTS[sku][0] not in families:
        raise invalid('sku', sku)
    return PRODUCTS[sku]


def check_system(account, family, sku, os):
    """The name of the system that is to be installed; os may be a snapshot's."""
    kind = PRODUCTS[sku][2]
    snapshot = find_image(account, os)
    if snapshot:
        return snapshot['os']
    system = catalogue.SYSTEMS.get(os)
    refused = 'Please select a valid choice. %s is not available for the current configuration.'
    if system is None or kind not in system[2]:
        raise bad('os', refused % (system[0] if system else os))
    if system[1] and catalogue.ram_mb(sku) < 2048:
        windows = catalogue.is_windows(os)
        raise bad('os', (refused + ' %s requires at least 2 GB RAM.')
                  % (system[0], 'Windows' if windows else 'cPanel'))
    if family == 'hourly' and 'cpanel' in os:
        raise bad('os', refused % system[0])
    return os


def check_server(account, family, p):
    """Whether the options of a server go together; the first that does not is named."""
    sku, kind = p['sku'], PRODUCTS[p['sku']][2]
    system = check_system(account, family, sku, p['os'])
    windows = catalogue.is_windows(system)
    base = sku.rstrip('H')
    if family not in ('classic', 'hourly', 'fullserver'):
        for name in CLASSIC_ONLY:
            if name in p:
                raise bad(name, 'This is only supported for classic Miniservers.')
    if 'connection' in p and (p.get('bandwidth_type') != 'unmetered'
                              or p['connection'] not in catalogue.CONNECTIONS[base].split()):
        raise invalid('connection', p['connection'])
    if 'monthly_transfer_gb' in p and (p.get('bandwidth_type', 'metered') != 'metered'
                                       or p['monthly_transfer_gb'] not in catalogue.TRANSFERS[base]):
        raise invalid('monthly_transfer_gb', p['monthly_transfer_gb'])
    sizes = catalogue.BACKUPS_WINDOWS if windows else catalogue.BACKUPS_LINUX
    if p.get('backups', 0) not in (sizes if family != 'standard' else (0,)):
        raise invalid('backups', p['backups'])
    support = p.get('support_level')
    if (family == 'standard') != (support == 'infrastructure_only') and support and family not in ('classic', 'hourly'):
        raise invalid('support_level', support)
    for name, values in MANAGED_ONLY.items():
        if p.get(name) in values and catalogue.SUPPORT_LEVELS.get(support) != 'managed':
            raise bad(name, "'%s' is only available with managed support." % p[name])
    for name in ('database', 'antivirus'):
        if p.get(name, 'none') != 'none' and not windows:
            raise bad(name, 'This is only available for Windows servers.')
    if 'pub_ssh_key' in p:
        if windows:
            raise bad('pub_ssh_key', 'This is only available for Linux servers.')
        if not is_public_key(p['pub_ssh_key']):
            raise bad('pub_ssh_key', 'Enter a valid public SSH key.')
    if 'firewall_rule_group' in p:
        if p.get('firewall') not in ('managed', 'self_managed'):
            raise bad('firewall_rule_group', 'This needs a managed or self_managed firewall.')
        if account.cloud.find_group(account, p['firewall_rule_group']) is None:
            raise invalid('firewall_rule_group', p['firewall_rule_group'])
    if 'vlan' in p:
        vlan = account.services.get(p['vlan'])
        if vlan is None or vlan.type != 'vlan' or not vlan.live:
            raise invalid('vlan', p['vlan'])
        if vlan.network_zone != p.get('network_zone', 'dunsfold'):
            raise bad('vlan', 'The vLAN is in another network zone.')
    if kind == 'fullserver':
        check_fullserver(p, windows)
    return system


def check_fullserver(p, windows):
    for name, values in catalogue.FULLSERVER_OPTIONS[p['sku']].items():
        if name in p and p[name] not in values:
            raise invalid(name, p[name])
    layout = p.get('partitioning')
    if layout == 'two_volumes' and not (windows and p.get('disk', '').startswith('4x')):
        raise invalid('partitioning', layout)
    if layout == 'custom' and not p.get('setup_instructions'):
        raise bad('setup_instructions', 'This field is required for custom partitioning.')


def extras(p):
    """What the options cost a month, net."""
    total = sum(prices.get(p.get(name), 0.0) for name, prices in EXTRAS.items())
    # Each step up in disks or memory costs the same.
    for name, values in catalogue.FULLSERVER_OPTIONS.get(p['sku'], {}).items():
        total += catalogue.STEP_PRICE * (values.index(p[name]) if name in p else 0)
    return total + (catalogue.DATABASE_PRICE if 'database' in p else 0.0)


def discount(account, p):
    """The part of the rental that is left; the code's own parameters are put into p."""
    code = p.get('discount_code')
    if not code:
        return 1.0
    sku, percent, _description, incompatible, required = account.discounts.get(code, (None, 0, '', [], []))
    if sku != p['sku']:
        raise invalid('discount_code', code)
    for item in incompatible:
        name, _colon, value = item.partition(':')
        if str(p.get(name)) == value:
            raise bad('discount_code', '%s is not compatible with this discount' % item)
    for item in required:
        name, _colon, value = item.partition(':')
        p[name] = value
    return 1.0 - percent / 100.0


def order(session, p, family, job_type, make):
    """A quote, or the order with its invoice and job. make() builds the service once the job is done."""
    account = session.account
    reduced = discount(account, p)
    _family, description, kind, _units, setup, price = PRODUCTS[p['sku']]
    arrears = family in ARREARS
    months = p.get('period', 1)
    hourly = family == 'hourly'
    # Options are priced by the month; an hour is a 730th.
    rental = 0.0 if hourly else round((price + extras(p)) * reduced, 2)
    quote = {'sku': p['sku'], 'dry_run': p['dry_run'], 'currency': account.settings['currency'],
             'net_setup_price': setup, 'net_monthly_rental': rental}
    if hourly:
        quote['net_hourly_inarrears_rental_price'] = round((price + extras(p) / 730) * reduced, 4)
    quote['net_total'] = round(setup + (0.0 if arrears else rental * months), 2)
    if not arrears:
        quote['period'] = months
    consolidated = account.settings['consolidated_billing']
    later = p.get('add_to_next_bill', consolidated)
    if later and not consolidated:
        raise bad('add_to_next_bill', 'Consolidated billing is not enabled for this account.')
    paying = account.default_payment()['type']
    if paying in ('paypal', 'notset') or (arrears and paying not in ('card', 'account')):
        raise precondition("The default payment method '%s' cannot be used for this order" % paying)
    if p['dry_run']:
        return quote
    if len(account.services) >= account.settings['service_limit']:
        raise ApiError('Overquota', 'The account has as many services as it may have')
    items = [('%s (%s)' % (description, p['sku']), quote['net_total'], months if not arrears else '')]
    invoice = None
    if later:
        account.next_bill.extend(items)
    else:
        invoice = account.add_invoice(items)
        quote['invoice_ref'] = invoice['ref']
    quote['add_to_next_bill'] = later
    quote['job'] = dict(account.start_job(session, job_type, finish=lambda: make(rental, months), invoice=invoice))
    return quote


def order_server(session, families, p):
    account = session.account
    family, _description, kind = product(p['sku'], *families)[:3]
    system = check_server(account, family, p)

    def make(rental, months):
        service = make_server(account, kind, p['sku'], system, p, months, rental)
        if 'vlan' in p and p['vlan'] in account.services:
            join(account, account.services[p['vlan']], service)
        return service
    return order(session, p, family, 'SETUP-NEW-%s' % kind.upper(), make)


@method('create.hourly_miniserver', write=True, **HOURLY)
def hourly_miniserver(session, **p):
    """Order a Miniserver by the hour."""
    return order_server(session, ('hourly',), p)


@method('create.monthly_miniserver', write=True, **MINISERVER)
def monthly_miniserver(session, **p):
    """Order a Miniserver by the month."""
    return order_server(session, ('premium', 'standard', 'classic'), p)


@method('create.monthly_fullserver', write=True, **FULLSERVER)
def monthly_fullserver(session, **p):
    """Order a dedicated server by the month."""
    return order_server(session, ('fullserver',), p)


@method('create.memstore', write=True, **ORDER, **PLACE)
def memstore(session, **p):
    """Order a Memstore."""
    product(p['sku'], 'memstore')

    def make(rental, months):
        return session.cloud.make_memstore(session.account, sku=p['sku'], rental=rental,
                                           network_zone=p.get('network_zone', 'reading'))
    return order(session, p, 'memstore', 'SETUP-NEW-CLOUDSTORAGE', make)


@method('create.openstack_project', write=True, **ORDER)
def openstack_project(session, **p):
    """Order an OpenStack project."""
    product(p['sku'], 'openstack')
    return order(session, p, 'openstack', 'SETUP-NEW-OPENSTACK',
                 lambda rental, months: session.cloud.make_project(session.account, sku=p['sku']))


@method('create.extra_bandwidth', write=True, name=Name(), amount=Integer(choices=tuple(catalogue.EXTRA_BANDWIDTH)),
        dry_run=DryRun())
def extra_bandwidth(session, name, amount, dry_run):
    """Add to the bandwidth bank of a server with metered bandwidth."""
    account = session.account
    service = account.service(name)
    if service.type not in SERVERS or service.data.get('bandwidth_type', 'metered') != 'metered':
        raise precondition("Service '%s' has no metered bandwidth" % name)
    price = catalogue.EXTRA_BANDWIDTH[amount]
    quote = {'sku': 'EXTRABW%d' % amount, 'dry_run': dry_run, 'currency': account.settings['currency'],
             'net_setup_price': price, 'net_monthly_rental': 0.0, 'net_total': price}
    if dry_run:
        return quote
    items = [('%d GB for %s' % (amount, name), price, '')]
    later = account.settings['consolidated_billing']
    invoice = None
    if later:
        account.next_bill.extend(items)
    else:
        invoice = account.add_invoice(items)
        quote['invoice_ref'] = invoice['ref']

    def done():
        service.data['bandwidth_bank'] = service.data.get('bandwidth_bank', 0) + amount
    quote.update(add_to_next_bill=later,
                 job=dict(account.start_job(session, 'EXTRA-BANDWIDTH', service, done, invoice=invoice)))
    return quote


@method('create.available')
def available(session):
    """List what can be ordered."""
    return catalogue.available()


@method('create.verify_discount_code', discount_code=String())
def verify_discount_code(session, discount_code):
    """Describe a discount code."""
    found = session.account.discounts.get(discount_code)
    if found is None:
        raise does_not_exist('discount code', discount_code)
    sku, _percent, description, incompatible, required = found
    return {'sku': sku, 'description': description, 'incompatible': list(incompatible), 'required': list(required)}
