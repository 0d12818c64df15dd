# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""server.info, list, reboot, reimage, upgrade, move_ips, slave name servers."""

from __future__ import annotations

import re

from . import catalogue
from .accounts import is_private
from .catalogue import PRODUCTS
from .errors import ApiError, bad, does_not_exist, precondition
from .methods import method
from .parameters import Boolean, Choice, DryRun, Email, HostName, Integer, Name, String, Strings
from .snapshots import check_image_type, find_snapshot, same_data_zone

KEY_KINDS = r'(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)'


def is_public_key(text):
    """Whether it looks like public SSH keys, one a line."""
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(re.match(KEY_KINDS + r' [A-Za-z0-9+/]+=*( .*)?$', line.strip()) for line in lines)


def new_ip(address, host_name):
    return {'address': address, 'reverse_map': host_name, 'bytes_in_yesterday': 0, 'bytes_out_yesterday': 0,
            'bytes_in_today': 0, 'bytes_out_today': 0}


def set_system(server, system):
    server['os'] = system
    server['control_panel'] = 'cpanel' if 'cpanel' in system else 'none'


def make_server(account, kind, sku, system, options, months=1, rental=None, name=None, nickname='', status='LIVE'):
    """A running server with the options of its order (or of a seed)."""
    cloud = account.cloud
    service = account.add_service(kind, sku, options.get('network_zone', 'dunsfold'),
                                  options.get('data_zone', catalogue.DATA_ZONE), months, rental, name, status, nickname)
    firewall = options.get('firewall', 'none')
    family = PRODUCTS[sku][0]
    support = options.get('support_level', 'infrastructure_only' if family == 'standard' else 'standard')
    detection = options.get('intrusion_detection', 'none')
    host_name = '%s.miniserver.com' % service.name
    address = cloud.next_address()
    service.server = {
        'host_name': host_name, 'primary_ip': address, 'ips': [new_ip(address, host_name)],
        'vlans': {'tagged': [], 'untagged': []}, 'os': '', 'backups': bool(options.get('backups')),
        'control_panel': 'none', 'firewall_type': firewall, 'firewall_rule_group': '',
        'monitoring_level': options.get('monitoring_level', 'basic'), 'monitor': True, 'ignore_monitoring_off': False,
        'no_nrpe': False, 'no_auto_reboot': False, 'support_level': catalogue.SUPPORT_LEVELS[support],
        'vulnscan': options.get('vulnscan', 'none'), 'intrusion_detection': detection,
        'intrusion_detection_alert_level': 0 if detection == 'none' else 5,
    }
    set_system(service.server, system)
    if firewall != 'none':
        public = '%s-%s' % ('basic' if firewall == 'basic' else 'managed',
                            'windows' if catalogue.is_windows(system) else 'linux')
        service.server['firewall_rule_group'] = options.get('firewall_rule_group', public)
    service.data.update(
        bandwidth_type=options.get('bandwidth_type', 'metered'), slaved=[], monitoring_rules={},
        # Kept for the tester to see; no method tells them.
        order={name: value for name, value in options.items() if name not in ('dry_run', 'sku')})
    return service


def server_info(account, service):
    """What server.info tells: the service and the server in one."""
    found = dict(service.info)
    found.update(service.server)
    found['ips'] = [dict(ip) for ip in service.server['ips']]
    found['vlans'] = {kind: list(names) for kind, names in service.server['vlans'].items()}
    group = account.cloud.find_group(account, service.server['firewall_rule_group'])
    found['firewall_rule_group'] = group.told() if group else {}
    return found


@method('server.info', name=Name())
def info(session, name):
    """Describe a server."""
    return server_info(session.account, session.account.find_server(name))


@method('server.list', status=Choice('LIVE', 'CANCELLED', optional=True))
def listing(session, status='LIVE'):
    """List the servers of the account."""
    account = session.account
    return [server_info(account, service) for service in account.servers() if service.info['status'] == status]


@method('server.reboot', write=True, name=Name(), email_address=Email(optional=True))
def reboot(session, name, email_address=None):
    """Reboot a server."""
    service = session.account.find_server(name)
    session.account.need_live(service, 'a reboot')

    def done():
        service.data['needs_reboot'] = False
        service.data['reboots'] = service.data.get('reboots', 0) + 1
    return session.account.start_job(session, 'REBOOT', service, done, (service.pending, 'reboot'))


def miniserver(account, name, for_what):
    service = account.find_server(name)
    if service.type != 'miniserver':
        raise ApiError('MethodNotFound', "Service '%s' doesn't support %s" % (name, for_what))
    return service


@method('server.reimage_from_stock_image', write=True, name=Name(), os=String(),
        os_bits=Choice('32', '64', optional=True), pub_ssh_key=String(optional=True))
def reimage_from_stock_image(session, name, os, os_bits='64', pub_ssh_key=None):
    """Install a Miniserver anew."""
    service = miniserver(session.account, name, 're-imaging')
    system = catalogue.SYSTEMS.get(os)
    if system is None or service.type not in system[2] or os_bits != '64' \
            or (system[1] and catalogue.ram_mb(service.sku) < 2048):
        raise bad('os', 'Please select a valid choice. %s is not available for the current configuration.'
                  % (system[0] if system else os))
    if pub_ssh_key and (catalogue.is_windows(os) or not is_public_key(pub_ssh_key)):
        raise bad('pub_ssh_key', 'Enter a valid public SSH key (Linux only).')
    return reimage(session, service, os)


@method('server.reimage_from_snapshot', write=True, name=Name(), storage_name=Name(),
        image_type=Choice('raw', 'tar', 'ntfsclone'), snapshot_path=String())
def reimage_from_snapshot(session, name, storage_name, image_type, snapshot_path):
    """Install a Miniserver from a snapshot."""
    account = session.account
    service = miniserver(account, name, 're-imaging')
    storage = account.service(storage_name, 'cloudstorage')
    check_image_type(service, image_type)
    snapshot = find_snapshot(storage, snapshot_path)
    if snapshot is None or snapshot['image_type'] != image_type:
        raise bad('snapshot_path', 'This is not a valid snapshot.')
    same_data_zone(service, storage)
    return reimage(session, service, snapshot['os'])


def reimage(session, service, system):
    session.account.need_live(service, 're-imaging')

    def done():
        set_system(service.server, system)
        service.data['reimages'] = service.data.get('reimages', 0) + 1
    return session.account.start_job(session, 'REIMAGE-MINISERVER', service, done, (service.pending, 'reimage'))


UPGRADES = tuple(sku for sku, product in PRODUCTS.items() if product[0] in ('classic', 'hourly'))


@method('server.upgrade', write=True, name=Name(), new_sku=Choice(*UPGRADES), dry_run=DryRun(),
        upgrade_disk=Boolean(optional=True))
def upgrade(session, name, new_sku, dry_run, upgrade_disk=True):
    """Make a Miniserver larger: a quote or an order."""
    account = session.account
    service = miniserver(account, name, 'upgrades')
    family, _description, _kind, units, _setup, price = PRODUCTS[service.sku]
    new = PRODUCTS[new_sku]
    if new[0] != family or new[3] <= units:
        raise bad('new_sku', 'Select a valid choice. %s is no upgrade of %s.' % (new_sku, service.sku))
    account.need_live(service, 'an upgrade')
    if 'upgrade' in service.pending:
        raise ApiError('AlreadyInProgress', 'An upgrade is already pending')
    quote = {'new_sku': new_sku, 'dry_run': dry_run, 'currency': account.settings['currency']}
    due = 0.0
    if family == 'hourly':
        quote['net_hourly_inarrears_rental_price'] = new[5]
    else:
        days = max((service.info['expiry_date'] - account.today()).days, 0)
        due = round((new[5] - price) * days / 30.0, 2)
        quote.update(net_setup_price=due, net_increase=round(new[5] - price, 2))
    if dry_run:
        return quote
    invoice = account.add_invoice([('Upgrade of %s to %s' % (name, new_sku), due, '')])
    if account.settings['consolidated_billing']:
        # The bill is settled with the others, so the job need not wait.
        invoice.update(status='DONE', proforma=False)

    def done():
        service.sku = new_sku
        service.data['disk_upgraded'] = upgrade_disk
        if family != 'hourly':
            service.info['renewal_price_vat'] = round(new[5] * catalogue.VAT, 2)
            service.info['renewal_price_amount'] = round(new[5] * (1 + catalogue.VAT), 2)
    quote['invoice_ref'] = invoice['ref']
    quote['job'] = dict(account.start_job(session, 'UPGRADE-MINISERVER', service, done, (service.pending, 'upgrade'),
                                          invoice))
    return quote


@method('server.move_ips', write=True, source_ips=Strings(), destination_name=Name())
def move_ips(session, source_ips, destination_name):
    """Move public addresses to another server."""
    account = session.account
    if not source_ips:
        raise bad('source_ips', 'This list may not be empty.')
    target = account.find_server(destination_name)
    holders = {ip['address']: service for service in account.servers() if service.info['status'] != 'CANCELLED'
               for ip in service.server['ips']}
    for address in source_ips:
        if address not in holders:
            raise does_not_exist('IP address', address)
    for address in source_ips:
        source = holders[address]
        if is_private(address) or ':' in address:
            raise precondition('%s is not a public IPv4 address' % address)
        if address == source.server['primary_ip']:
            raise precondition("%s is the primary IP of '%s'" % (address, source.name))
        if account.balanced(source) or account.balanced(target):
            raise precondition('A server is in a load balancer')
        if source.network_zone != target.network_zone:
            raise precondition('%s cannot be moved to network zone %s' % (address, target.network_zone))

    def done():
        for address in source_ips:
            source = holders[address].server['ips']
            for ip in [ip for ip in source if ip['address'] == address]:
                source.remove(ip)
                target.server['ips'].append(ip)
        target.data['needs_reboot'] = True
    return account.start_job(session, 'MOVE-IPS', target, done)


def set_alert_level(session, name, alert_level):
    """Set from which level on intrusion detection sends mail."""
    service = session.account.find_server(name)
    if service.server['intrusion_detection'] == 'none':
        raise precondition("Intrusion Detection is not enabled on '%s'" % name)
    service.server['intrusion_detection_alert_level'] = alert_level


# The second is the older name of the same.
for _name in ('server.set_intrusion_detection_alert_level', 'server.set_penetration_patrol_alert_level'):
    method(_name, write=True, name=Name(), alert_level=Integer(min=1, max=15))(set_alert_level)


def not_cancelled(account, name):
    service = account.find_server(name)
    if service.info['status'] == 'CANCELLED':
        raise does_not_exist('service with name', name)
    return service.data['slaved']


@method('server.slave_ns_list', name=Name())
def slave_ns_list(session, name):
    """List the domains that the slave name servers take from this server."""
    return sorted(not_cancelled(session.account, name))


@method('server.slave_ns_add', write=True, name=Name(), domain_name=HostName())
def slave_ns_add(session, name, domain_name):
    """Add a domain to the slave name servers."""
    slaved = not_cancelled(session.account, name)
    if any(domain_name in service.data['slaved'] for service in session.account.servers()):
        raise precondition("Domain '%s' is already slaved" % domain_name)
    slaved.append(domain_name)
    return domain_name


@method('server.slave_ns_delete', write=True, name=Name(), domain_name=HostName())
def slave_ns_delete(session, name, domain_name):
    """Take a domain from the slave name servers."""
    slaved = not_cancelled(session.account, name)
    if domain_name not in slaved:
        raise does_not_exist('slaved domain', domain_name)
    slaved.remove(domain_name)
    return domain_name
