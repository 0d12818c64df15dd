# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""dns.*: zones, their records and domains, reload, reverse maps."""

from __future__ import annotations

from .errors import ApiError, bad, does_not_exist, not_unique
from .methods import METHODS, method
from .parameters import Boolean, Choice, HostName, Id, Integer, List, Name, String, is_address

TYPES = ('A', 'AAAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT')
TTLS = (0, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
ADDRESS_VERSION = {'A': 4, 'AAAA': 6}


def record_name():
    return String(max=250, pattern=r'(\*|[A-Za-z0-9_/*-]+(\.[A-Za-z0-9_/*-]+)*\.?)?', blank=True,
                  wrong='Enter a valid zone record name.', optional=True)


def address(optional=False):
    return String(max=250, pattern=r'[ -~]*', wrong='Only printable ASCII characters are allowed.', optional=optional)


def domain_name():
    return HostName(max=250)


RECORD = {'record': record_name(), 'ttl': Integer(choices=TTLS, optional=True),
          'priority': Integer(min=0, max=999, optional=True), 'relative': Boolean(optional=True)}
NEW_RECORD = {'zone_id': Id(), 'type': Choice(*TYPES), 'address': address(), **RECORD}


def zone_of(account, zone_id):
    if zone_id not in account.zones:
        raise ApiError('DoesNotExist', 'Zone not found')
    return account.zones[zone_id]


def zone_told(account, zone):
    """A zone as zone_info tells it: records in the order of their names, and its domains."""
    records = sorted(zone['records'].values(), key=lambda record: record['record'])
    return {'id': zone['id'], 'nickname': zone['nickname'], 'ttl': zone['ttl'],
            'records': [dict(record) for record in records],
            'domains': [{'domain': name, 'zone_id': zone['id']} for name in zone['domains']]}


def domain_told(account, domain):
    zone_id = account.domains[domain]
    return {'domain': domain, 'zone_id': zone_id} if zone_id else {'domain': domain}


def check_record(record):
    version = ADDRESS_VERSION.get(record['type'])
    if version and not is_address(record['address'], version):
        raise bad('address', 'Enter a valid IPv%d address.' % version)


def add_record(account, zone, fields):
    """A new record of a zone; its place may be among others just like it."""
    record = {'id': account.cloud.hex(), 'zone_id': zone['id'], 'type': fields['type'],
              'record': fields.get('record', ''), 'address': fields['address'], 'ttl': fields.get('ttl', 0),
              'priority': fields.get('priority', 0), 'relative': fields.get('relative', False)}
    account.records[record['id']] = record
    zone['records'][record['id']] = record
    return record


def add_zone(account, nickname, ttl=0):
    zone = {'id': account.cloud.hex(), 'nickname': nickname, 'ttl': ttl, 'records': {}, 'domains': []}
    account.zones[zone['id']] = zone
    return zone


def attach(account, domain, zone_id):
    """Put a domain into a zone, or into none; out of the one it was in."""
    before = account.domains.get(domain)
    if before:
        account.zones[before]['domains'].remove(domain)
    account.domains[domain] = zone_id
    if zone_id:
        account.zones[zone_id]['domains'].append(domain)


def free_domain(session, domain):
    if any(domain in account.domains for account in session.cloud.accounts.values()):
        raise not_unique("Zone domain '%s' already exists" % domain)


@method('dns.reload', write=True)
def reload(session):
    """Give the name servers what is new."""
    return session.account.start_job(session, 'dns')


@method('dns.zone_list')
def zone_list(session):
    """List all zones."""
    return [zone_told(session.account, zone) for zone in session.account.zones.values()]


@method('dns.zone_info', id=Id())
def zone_info(session, id):
    """Describe a zone."""
    return zone_told(session.account, zone_of(session.account, id))


@method('dns.zone_create', write=True, nickname=String(max=250), ttl=Integer(choices=TTLS, optional=True),
        records=List(optional=True), domains=List(optional=True))
def zone_create(session, nickname, ttl=0, records=(), domains=()):
    """Create a zone with its records and domains; all or nothing."""
    account = session.account
    if len(account.zones) >= account.settings['zone_limit']:
        raise ApiError('Overquota', 'The account has as many zones as it may have')
    checked = []
    for item in records:
        fields = _nested('records', 'dns.zone_record_create', item)
        check_record(fields)
        checked.append(fields)
    names = [_nested('domains', 'dns.zone_domain_create', item)['domain'] for item in domains]
    for index, name in enumerate(names):
        free_domain(session, name)
        if name in names[:index]:
            raise not_unique("Zone domain '%s' is given twice" % name)
    zone = add_zone(account, nickname, ttl)
    for fields in checked:
        add_record(account, zone, fields)
    for name in names:
        attach(account, name, zone['id'])
    return zone_told(account, zone)


def _nested(parameter, name, item):
    """A record or domain inside zone_create: as its own method takes it, without the zone."""
    if not isinstance(item, dict) or 'zone_id' in item:
        raise bad(parameter, 'Enter a list of dictionaries without zone_id.')
    return METHODS[name].read({**item, 'zone_id': '0' * 32})


@method('dns.zone_update', write=True, id=Id(), nickname=String(max=250, optional=True),
        ttl=Integer(choices=TTLS, optional=True))
def zone_update(session, id, **changes):
    """Change a zone's nickname or TTL."""
    zone = zone_of(session.account, id)
    zone.update(changes)
    return zone_told(session.account, zone)


@method('dns.zone_delete', write=True, id=Id())
def zone_delete(session, id):
    """Delete a zone with its records and domains."""
    account = session.account
    zone = zone_of(account, id)
    told = zone_told(account, zone)
    for record in zone['records']:
        del account.records[record]
    for domain in zone['domains']:
        del account.domains[domain]
    del account.zones[id]
    return told


@method('dns.zone_domain_list')
def zone_domain_list(session):
    """List all domains."""
    return [domain_told(session.account, domain) for domain in session.account.domains]


@method('dns.zone_domain_info', domain=domain_name())
def zone_domain_info(session, domain):
    """Describe a domain."""
    if domain not in session.account.domains:
        raise ApiError('DoesNotExist', 'Zone domain not found')
    return domain_told(session.account, domain)


@method('dns.zone_domain_create', write=True, domain=domain_name(), zone_id=Id(optional=True))
def zone_domain_create(session, domain, zone_id=None):
    """Add a domain, to a zone or to none."""
    if zone_id:
        zone_of(session.account, zone_id)
    free_domain(session, domain)
    attach(session.account, domain, zone_id)
    return domain_told(session.account, domain)


@method('dns.zone_domain_update', write=True, domain=domain_name(), zone_id=Id(optional=True))
def zone_domain_update(session, domain, zone_id=None):
    """Move a domain to another zone."""
    zone_domain_info(session, domain)
    if zone_id:
        zone_of(session.account, zone_id)
        attach(session.account, domain, zone_id)
    return domain_told(session.account, domain)


@method('dns.zone_domain_delete', write=True, domain=domain_name())
def zone_domain_delete(session, domain):
    """Delete a domain."""
    told = zone_domain_info(session, domain)
    attach(session.account, domain, None)
    del session.account.domains[domain]
    return told


def record_of(account, id):
    if id not in account.records:
        raise ApiError('DoesNotExist', 'Zone record not found')
    return account.records[id]


@method('dns.zone_record_list')
def zone_record_list(session):
    """List all records of all zones."""
    return [dict(record) for record in sorted(session.account.records.values(), key=lambda item: item['record'])]


@method('dns.zone_record_info', id=Id())
def zone_record_info(session, id):
    """Describe a record."""
    return dict(record_of(session.account, id))


@method('dns.zone_record_create', write=True, **NEW_RECORD)
def zone_record_create(session, zone_id, **fields):
    """Add a record to a zone."""
    zone = zone_of(session.account, zone_id)
    check_record(fields)
    return dict(add_record(session.account, zone, fields))


@method('dns.zone_record_update', write=True, id=Id(), zone_id=Id(optional=True), type=Choice(*TYPES, optional=True),
        address=address(optional=True), **RECORD)
def zone_record_update(session, id, **changes):
    """Change what is given of a record; another zone_id moves it."""
    account = session.account
    record = record_of(account, id)
    check_record({**record, **changes})
    zone = zone_of(account, changes.get('zone_id', record['zone_id']))
    del account.zones[record['zone_id']]['records'][id]
    record.update(changes)
    zone['records'][id] = record
    return dict(record)


@method('dns.zone_record_delete', write=True, id=Id())
def zone_record_delete(session, id):
    """Delete a record."""
    account = session.account
    record = record_of(account, id)
    del account.records[id]
    del account.zones[record['zone_id']]['records'][id]
    return dict(record)


def reverse_maps(account, name=None, address=None):
    """(server name, address entry) of the servers that are there."""
    services = [account.find_server(name)] if name else account.servers()
    return [(service.name, ip) for service in services if service.info['status'] != 'CANCELLED'
            for ip in service.server['ips'] if address in (None, ip['address'])]


def reverse_told(found):
    return [{'name': name, 'address': ip['address'], 'reverse_map': ip['reverse_map']} for name, ip in found]


@method('dns.reverse_map_list', name=Name(optional=True), address=String(max=250, optional=True))
def reverse_map_list(session, name=None, address=None):
    """List what addresses map back to."""
    if address is not None and not is_address(address):
        raise bad('address', 'Enter a valid IPv4 or IPv6 address.')
    return reverse_told(reverse_maps(session.account, name, address))


@method('dns.reverse_map_update', write=True, name=Name(optional=True), address=String(max=250),
        reverse_map=HostName())
def reverse_map_update(session, address, reverse_map, name=None):
    """Set what an address maps back to."""
    if not is_address(address):
        raise bad('address', 'Enter a valid IPv4 or IPv6 address.')
    found = reverse_maps(session.account, name, address)
    if not found:
        raise does_not_exist('IP address', address)
    for _name, ip in found:
        ip['reverse_map'] = reverse_map
    return reverse_told(found)
