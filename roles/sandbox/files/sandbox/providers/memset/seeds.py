# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the control API makes ready, and what it shows."""

from __future__ import annotations

import datetime

from .accounts import SETTINGS
from .catalogue import PERIODS, PRODUCTS, SYSTEMS
from .clusters import make_cluster
from .dns import add_record, add_zone, attach
from .errors import ApiError
from .firewalling import add_rule, make_group
from .loadbalancers import make_loadbalancer
from .memstores import make_memstore
from .openstack import make_project
from .orders import SERVER
from .servers import make_server, new_ip
from .snapshots import add_snapshot
from .vlans import join, make_vlan

ORDERED = ('network_zone', 'data_zone', 'firewall', 'firewall_rule_group', 'support_level', 'intrusion_detection',
           'monitoring_level', 'vulnscan', 'backups', 'bandwidth_type')
DEFAULT_RULES = [{'action': 'ACCEPT', 'protocols': 'tcp', 'dest_ports': '22,80,443', 'ordering': 1},
                 {'action': 'DROP', 'ordering': 2}]


def labels(count, options, prefix, key='names'):
    """The names to give: those asked for, or a prefix with a number; one thing may take them from the singular."""
    names = list(options.pop(key, None) or [])
    single = options.pop(key[:-1], None)
    prefix = options.pop('prefix', prefix)
    if single:
        names = [single]
    if names and len(names) != count:
        raise ValueError('%s: %d wanted, %d given' % (key, count, len(names)))
    return names or ['%s%d' % (prefix, number) if prefix else '' for number in range(1, count + 1)]


def spent(options):
    """All options must have been used before anything is made."""
    if options:
        raise ValueError('unknown options: %s' % ', '.join(sorted(options)))


def servers(cloud, account, count, options):
    sku = options.pop('sku', 'MSVM001')
    if PRODUCTS.get(sku, ('', '', ''))[2] not in ('miniserver', 'fullserver'):
        raise ValueError('sku: %s is no server' % sku)
    system = options.pop('os', 'debian_buster_64')
    if system not in SYSTEMS:
        raise ValueError('os: %s is unknown' % system)
    names = list(options.pop('names', None) or ([options.pop('name')] if 'name' in options else []))
    nicknames = labels(count, options, '', 'nicknames')
    months = options.pop('period', 1)
    if months not in PERIODS:
        raise ValueError('period: one of %s' % (PERIODS,))
    vlans = options.pop('vlans', [])
    addresses = options.pop('addresses', [])
    extra, ipv6 = options.pop('extra_ips', 0), options.pop('ipv6', False)
    fields = options.pop('server', {})
    status = options.pop('status', 'LIVE')
    # The rest is as in an order.
    order = {name: SERVER[name].read(options.pop(name)) for name in ORDERED if name in options}
    spent(options)
    for vlan in vlans:
        account.service(vlan, 'vlan')
    found = []
    for index, nickname in enumerate(nicknames):
        server = make_server(account, PRODUCTS[sku][2], sku, system, order, months, None,
                             names[index] if names else None, nickname, status)
        host_name = server.server['host_name']
        if index < len(addresses):
            server.server['primary_ip'] = server.server['ips'][0]['address'] = addresses[index]
        server.server['ips'] += [new_ip(cloud.next_address(), host_name) for _number in range(extra)]
        if ipv6:
            server.server['ips'].append(new_ip('2001:db8::%x' % account.number('ipv6'), host_name))
        for vlan in vlans:
            join(account, account.service(vlan, 'vlan'), server)
        server.server.update(fields)
        found.append(server.name)
    return found


def several(make):
    """A seed for services that a function makes one by one."""
    def run(cloud, account, count, options):
        names = options.pop('names', None) or ([options.pop('name')] if 'name' in options else [None] * count)
        nicknames = labels(count, options, '', 'nicknames')
        return [make(account, name=name, nickname=nickname, **options).name
                for name, nickname in zip(names, nicknames)]
    return run


def make_plain(account, kind='sslcert', **options):
    """A service of a kind that has no methods of its own."""
    return account.add_service(kind, None, '', '', rental=3.0, **options)


def make_website_firewall(account, domain='www.example.com', **options):
    service = account.add_service('website_firewall', None, '', '', rental=9.0, **options)
    service.data['domain'] = domain
    return service


def zones(cloud, account, count, options):
    nicknames = labels(count, options, 'zone', 'nicknames')
    ttl, domains, records = options.pop('ttl', 0), options.pop('domains', None), options.pop('records', [])
    spent(options)
    found = []
    for index, nickname in enumerate(nicknames):
        zone = add_zone(account, nickname, ttl)
        for domain in domains if domains is not None else ['%s.example.com' % nickname]:
            attach(account, domain if count == 1 else '%s%s' % (domain, index or ''), zone['id'])
        # A number stands for so many made-up ones.
        if isinstance(records, int):
            made = [{'type': 'A', 'record': 'host%d' % n, 'address': '192.0.2.%d' % (n % 254 + 1)}
                    for n in range(1, records + 1)]
        else:
            made = records
        for fields in made:
            add_record(account, zone, fields)
        found.append(zone['id'])
    return found


def rule_groups(cloud, account, count, options):
    nicknames = labels(count, options, 'group', 'nicknames')
    rules, notes = options.pop('rules', DEFAULT_RULES), options.pop('notes', '')
    policy = options.pop('default_outbound_policy', 'RETURN')
    spent(options)
    found = []
    for nickname in nicknames:
        group = make_group(account, nickname, notes, policy)
        for fields in rules:
            add_rule(cloud, group, fields)
        found.append(group.name)
    return found


def snapshots(cloud, account, count, options):
    """Options: storage_name (else the first Memstore, made if there is none), server_name, os, age_days, step_days."""
    storage = options.pop('storage_name', None)
    first, step = options.pop('age_days', 0), options.pop('step_days', 1)
    server_name, system = options.pop('server_name', account.name + '1'), options.pop('os', 'debian_buster_64')
    kind, comment = options.pop('image_type', 'raw'), options.pop('user_comment', None)
    spent(options)
    if storage is None:
        stores = [service for service in account.services.values() if service.type == 'cloudstorage']
        store = stores[0] if stores else make_memstore(account)
    else:
        store = account.service(storage, 'cloudstorage')
    return [add_snapshot(account, store, server_name, system, kind,
                         account.moment() - datetime.timedelta(days=first + step * index), comment)
            for index in range(count)]


def invoices(cloud, account, count, options):
    status, amount = options.pop('status', 'AWAITING-PAYMENT'), float(options.pop('amount', 10.0))
    description = options.pop('description', 'A service')
    spent(options)
    return [account.add_invoice([(description, amount, 1)], status)['ref'] for _number in range(count)]


def payments(cloud, account, count, options):
    """Pay the invoices named by `refs`, else all open ones."""
    refs = options.pop('refs', None)
    spent(options)
    if refs is None:
        refs = [ref for ref, invoice in account.invoices.items() if invoice['status'] == 'AWAITING-PAYMENT']
    for ref in refs:
        if ref not in account.invoices:
            raise ValueError('refs: no invoice %s' % ref)
        account.pay(ref)
    return refs


def settings(cloud, account, count, options):
    """Set what `options` names; see SETTINGS."""
    unknown = sorted(set(options) - set(SETTINGS))
    if unknown:
        raise ValueError('unknown: %s; there are: %s' % (', '.join(unknown), ', '.join(SETTINGS)))
    account.settings.update(options)
    return [account.name]


def apikeys(cloud, account, count, options):
    keys = options.pop('keys', [None] * count)
    scopes, comment = options.pop('scopes', {}), options.pop('comment', '')
    spent(options)
    return [cloud.add_key(account, key, scopes, comment)['key'] for key in keys]


def discount_codes(cloud, account, count, options):
    codes = labels(count, options, 'CODE', 'codes')
    found = (options.pop('sku', 'MSVM001'), options.pop('percent', 10), options.pop('description', 'A discount'),
             options.pop('incompatible', []), options.pop('required', []))
    spent(options)
    account.discounts.update(dict.fromkeys(codes, found))
    return codes


def accounts(cloud, account, count, options):
    """Child accounts of the partner, each with a key of its own (see the state)."""
    names, found = labels(count, options, 'child'), []
    spent(options)
    for name in names:
        child = cloud.add_account(name)
        child.partner = account.name
        child.settings['partner'] = False
        cloud.add_key(child)
        found.append(name)
    return found


KINDS = {
    'servers': servers, 'memstores': several(make_memstore), 'vlans': several(make_vlan),
    'loadbalancers': several(make_loadbalancer), 'clusters': several(make_cluster),
    'openstack_projects': several(make_project), 'website_firewalls': several(make_website_firewall),
    'services': several(make_plain), 'zones': zones, 'rule_groups': rule_groups, 'snapshots': snapshots,
    'invoices': invoices, 'payments': payments, 'settings': settings, 'apikeys': apikeys,
    'discount_codes': discount_codes, 'accounts': accounts,
}


def seed(cloud, kind, count, options):
    """Make things ready. ValueError says what is wrong with the kind or the options."""
    if kind not in KINDS:
        raise ValueError('%s: memset has no such kind; there are: %s' % (kind, ', '.join(KINDS)))
    options = dict(options)
    name = options.pop('account', None)
    if name is not None and name not in cloud.accounts:
        raise ValueError('account: no account %s' % name)
    account = cloud.accounts[name] if name else next(iter(cloud.accounts.values()))
    try:
        return KINDS[kind](cloud, account, count, options)
    except ApiError as exc:
        raise ValueError(exc.text) from None
    except KeyError as exc:
        raise ValueError('%s is missing or unknown' % exc) from None


def account_state(account):
    return {
        'services': {name: {**service.info, 'sku': service.sku, 'period': service.period, 'pending': service.pending,
                            'data': service.data, **({'server': service.server} if service.server else {})}
                     for name, service in account.services.items()},
        'jobs': account.jobs, 'invoices': account.invoices, 'next_bill': account.next_bill,
        'zones': {key: {'id': key, 'nickname': zone['nickname'], 'ttl': zone['ttl'], 'domains': zone['domains']}
                  for key, zone in account.zones.items()},
        'records': account.records, 'domains': account.domains,
        'rule_groups': {name: {**group.told(), 'pending': sorted(group.pending)}
                        for name, group in account.groups.items()},
        'openstack_users': account.openstack_users, 'payment_methods': account.payment_methods,
        'settings': account.settings, 'discount_codes': sorted(account.discounts),
    }


def state(cloud):
    """All of the main account by kind, the keys, and the other accounts."""
    main = next(iter(cloud.accounts))
    found = account_state(cloud.accounts[main])
    found['apikeys'] = cloud.keys
    found['accounts'] = {name: account_state(account) for name, account in cloud.accounts.items() if name != main}
    return found
