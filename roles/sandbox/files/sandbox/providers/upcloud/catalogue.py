# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there before a customer makes anything: zones, plans, prices, public storages, limits."""

from __future__ import annotations

import functools
import zoneinfo

# id, description
ZONES = (
    ('au-syd1', 'Sydney #1'), ('de-fra1', 'Frankfurt #1'), ('dk-cph1', 'Copenhagen #1'), ('es-mad1', 'Madrid #1'),
    ('fi-hel1', 'Helsinki #1'), ('fi-hel2', 'Helsinki #2'), ('nl-ams1', 'Amsterdam #1'), ('no-svg1', 'Stavanger #1'),
    ('pl-waw1', 'Warsaw #1'), ('se-sto1', 'Stockholm #1'), ('sg-sin1', 'Singapore #1'), ('uk-lon1', 'London #1'),
    ('us-chi1', 'Chicago #1'), ('us-nyc1', 'New York #1'), ('us-sjo1', 'San Jose #1'))
ZONE_IDS = tuple(zone for zone, description in ZONES)
# Servers of one zone are spread over these many hosts; a strict server group can't be larger.
HOSTS_PER_ZONE = 4

# name, cores, memory in MiB, storage in GiB, tier of it, traffic, family
PLANS = (
    ('1xCPU-1GB', 1, 1024, 25, 'maxiops', 1024, 'general_purpose'),
    ('1xCPU-2GB', 1, 2048, 50, 'maxiops', 2048, 'general_purpose'),
    ('2xCPU-4GB', 2, 4096, 80, 'maxiops', 4096, 'general_purpose'),
    ('4xCPU-8GB', 4, 8192, 160, 'maxiops', 5120, 'general_purpose'),
    ('6xCPU-16GB', 6, 16384, 320, 'maxiops', 6144, 'general_purpose'),
    ('8xCPU-32GB', 8, 32768, 640, 'maxiops', 7168, 'general_purpose'),
    ('12xCPU-48GB', 12, 49152, 960, 'maxiops', 9216, 'general_purpose'),
    ('16xCPU-64GB', 16, 65536, 1280, 'maxiops', 10240, 'general_purpose'),
    ('20xCPU-96GB', 20, 98304, 1920, 'maxiops', 12288, 'general_purpose'),
    ('20xCPU-128GB', 20, 131072, 2048, 'maxiops', 24576, 'general_purpose'),
    ('HICPU-8xCPU-12GB', 8, 12288, 100, 'maxiops', 4096, 'premium'),
    ('HICPU-16xCPU-24GB', 16, 24576, 100, 'maxiops', 5120, 'premium'),
    ('HIMEM-2xCPU-8GB', 2, 8192, 100, 'maxiops', 2048, 'premium'),
    ('HIMEM-4xCPU-32GB', 4, 32768, 100, 'maxiops', 4096, 'premium'),
    ('DEV-1xCPU-1GB-10GB', 1, 1024, 10, 'standard', 1024, 'developer'),
    ('DEV-1xCPU-1GB', 1, 1024, 20, 'standard', 1024, 'developer'),
    ('DEV-1xCPU-2GB', 1, 2048, 30, 'standard', 1024, 'developer'),
    ('DEV-1xCPU-4GB', 1, 4096, 40, 'standard', 1024, 'developer'),
    ('DEV-2xCPU-4GB', 2, 4096, 60, 'standard', 1024, 'developer'),
    ('CLOUDNATIVE-1xCPU-4GB', 1, 4096, 0, None, 0, 'cloud_native'),
    ('CLOUDNATIVE-2xCPU-8GB', 2, 8192, 0, None, 0, 'cloud_native'),
    ('CLOUDNATIVE-4xCPU-16GB', 4, 16384, 0, None, 0, 'cloud_native'))
PLAN = {plan[0]: {'name': plan[0], 'core_number': plan[1], 'memory_amount': plan[2], 'storage_size': plan[3],
                  'storage_tier': plan[4], 'public_traffic_out': plan[5], 'family': plan[6],
                  'current_offering': 'yes'} for plan in PLANS}

MAX_CORES, MEMORY_STEP, MAX_MEMORY = 20, 1024, 131072
TIERS = ('maxiops', 'standard', 'hdd')
# Tier of a storage for which none was asked.
DEFAULT_TIER = 'hdd'

# Prices for each zone: item, amount, price of it by the hour. Plans are added by prices().
PRICES = (
    ('firewall', 1, 0.56), ('io_request_hdd', 1000000, 0), ('io_request_maxiops', 1000000, 0),
    ('ipv4_address', 1, 0.336), ('ipv6_address', 1, 0), ('public_ipv4_bandwidth_in', 1, 0),
    ('public_ipv4_bandwidth_out', 1, 5), ('public_ipv6_bandwidth_in', 1, 0), ('public_ipv6_bandwidth_out', 1, 5),
    ('server_core', 1, 1.3), ('server_memory', 256, 0.45), ('storage_backup', 1, 0.0056), ('storage_hdd', 1, 0.013),
    ('storage_maxiops', 1, 0.031), ('storage_standard', 1, 0.0118), ('storage_template', 1, 0.031))

# uuid's last part, title, size in GiB, template type, licence (credits an hour and core), Linux
TEMPLATES = (
    ('000010070300', 'Windows Server 2019 Standard', 30, 'native', 3.36, False),
    ('000010080300', 'Windows Server 2022 Standard', 30, 'native', 3.36, False),
    ('000020030100', 'Debian GNU/Linux 8 (Jessie)', 3, 'native', 0, True),
    ('000020060100', 'Debian GNU/Linux 11 (Bullseye)', 3, 'native', 0, True),
    ('000020070100', 'Debian GNU/Linux 12 (Bookworm)', 3, 'cloud-init', 0, True),
    ('000030060200', 'Ubuntu Server 16.04 LTS (Xenial Xerus)', 3, 'native', 0, True),
    ('000030200200', 'Ubuntu Server 20.04 LTS (Focal Fossa)', 4, 'native', 0, True),
    ('000030220200', 'Ubuntu Server 22.04 LTS (Jammy Jellyfish)', 4, 'cloud-init', 0, True),
    ('000030240200', 'Ubuntu Server 24.04 LTS (Noble Numbat)', 4, 'cloud-init', 0, True),
    ('000140010100', 'AlmaLinux 8', 4, 'native', 0, True),
    ('000140020100', 'AlmaLinux 9', 4, 'cloud-init', 0, True),
    ('000150010100', 'Rocky Linux 8', 4, 'native', 0, True),
    ('000150020100', 'Rocky Linux 9', 4, 'cloud-init', 0, True))
# uuid's last part, title, size in GiB
CDROMS = (
    ('000020010301', 'Debian GNU/Linux installation CD-ROM', 1),
    ('000030010501', 'Ubuntu Server installation CD-ROM', 1),
    ('000080010201', 'System Rescue CD', 1),
    ('000130010101', 'FreeBSD installation CD-ROM', 1))
PUBLIC_STORAGE = '01000000-0000-4000-8000-%s'

# As GET /account gives them; None is no limit.
LIMITS = {
    'cores': 10000, 'memory': 41943040, 'networks': 1000, 'routers': 1000, 'network_peerings': 100,
    'public_ipv4': 10000, 'public_ipv6': 10000, 'detached_floating_ips': 10, 'storage_hdd': 1048576,
    'storage_maxiops': 1048576, 'storage_ssd': 1048576, 'storage_standard': 1048576, 'storage_total': None}
# The same while the account is on trial, and how many servers it may have.
TRIAL_LIMITS = dict(LIMITS, cores=2, memory=4096, networks=2, public_ipv4=2, public_ipv6=2, detached_floating_ips=1,
                    storage_hdd=100, storage_maxiops=100, storage_ssd=100, storage_standard=100)
TRIAL_SERVERS = 2

RESERVED_USERNAMES = frozenset((
    'adm', 'admin', 'backup', 'bin', 'daemon', 'dbus', 'ftp', 'games', 'halt', 'irc', 'lp', 'mail', 'man', 'messagebus',
    'news', 'nobody', 'operator', 'proxy', 'shutdown', 'sshd', 'sync', 'sys', 'syslog', 'uucp', 'www-data'))


@functools.lru_cache(maxsize=None)
def timezones():
    """The identifiers that this machine's own data has."""
    found = {name for name in zoneinfo.available_timezones() if '/' in name and not name.startswith(('Etc', 'System'))}
    return sorted(found | {'UTC', 'Europe/Helsinki', 'Europe/London', 'America/New_York'})


def public_storages():
    """The templates and CD-ROMs that everyone has, as storage records."""
    found = []
    for part, title, size, kind, licence, linux in TEMPLATES:
        found.append({'uuid': PUBLIC_STORAGE % part, 'title': title, 'size': size, 'type': 'template',
                      'template_type': kind, 'license': licence, 'linux': linux})
    for part, title, size in CDROMS:
        found.append({'uuid': PUBLIC_STORAGE % part, 'title': title, 'size': size, 'type': 'cdrom', 'license': 0})
    return found


def prices():
    """The prices of every zone."""
    items = {name: {'amount': amount, 'price': price} for name, amount, price in PRICES}
    for name, cores, memory in (plan[:3] for plan in PLANS):
        items['server_plan_' + name] = {'amount': 1, 'price': round(cores * 0.65 + memory / 4096 * 0.9, 4)}
    return [dict(items, name=zone) for zone in ZONE_IDS]
