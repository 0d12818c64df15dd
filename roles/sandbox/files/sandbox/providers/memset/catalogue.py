# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be ordered: products, prices, operating systems, options. Prices but MSVM001's are made up."""

from __future__ import annotations

DATA_ZONE = 'Memset Public Cloud'
NETWORK_ZONES = ('dunsfold', 'reading')
PERIODS = (1, 3, 6, 12)
VAT = 0.2

# Unit of size: 1 GB of RAM. sku -> (family, description, type, units or None, setup, net price a month or an hour).
SIZES = (1, 2, 4, 8, 16, 32, 64)
CLASSIC = ('MS0025', 'MS0050', 'MS0100', 'MS0200', 'MS0400', 'MS0800', 'MS1600')
PRODUCTS = {}
for _size, _sku in zip(SIZES, CLASSIC):
    _number = '%03d' % _size
    PRODUCTS['MSVM' + _number] = ('premium', 'Premium Cloud VPS MSVM' + _number, 'miniserver', _size, 0.0, 7.5 * _size)
    PRODUCTS['VPS' + _number] = ('standard', 'Standard Cloud VPS VPS' + _number, 'miniserver', _size, 0.0, 4.5 * _size)
    PRODUCTS[_sku] = ('classic', 'Miniserver VM%d000' % _size, 'miniserver', _size, 0.0, 9.0 * _size)
    if _size < 64:
        PRODUCTS[_sku + 'H'] = ('hourly', 'Miniserver VM%d000 (Hourly)' % _size, 'miniserver', _size, 0.0,
                                round(0.014 * _size, 3))
PRODUCTS.update({
    'UFS19': ('fullserver', 'Dedicated 1U Dell PE R320 1x Quad-Core Xeon, 2xSATA', 'fullserver', 16, 50.0, 79.0),
    'UFS29': ('fullserver', 'Dedicated 1U Dell PE R230 1x Quad-Core Xeon, 4xSATA', 'fullserver', 16, 50.0, 99.0),
    'UFS33': ('fullserver', 'Dedicated 2U Dell PE R740 2x Twelve-Core Xeon Gold, 16xSATA', 'fullserver', 64, 100.0,
              499.0),
    'UFS34': ('fullserver', 'Dedicated 2U Dell PE R740xd 2x Oct-Core Xeon Silver, 12xSATA', 'fullserver', 32, 100.0,
              399.0),
    'UFS35': ('fullserver', 'Dedicated 1U Dell PE R440 1x Oct-Core Xeon Silver, 4xSATA', 'fullserver', 48, 75.0, 249.0),
    'CLOUDF5': ('memstore', 'Cloud Storage Fixed 5', 'cloudstorage', None, 0.0, 1.0),
    'CLOUDF50': ('memstore', 'Cloud Storage Fixed 50', 'cloudstorage', None, 0.0, 5.0),
    'CLOUDF100': ('memstore', 'Cloud Storage Fixed 100', 'cloudstorage', None, 0.0, 9.0),
    'CLOUDF200': ('memstore', 'Cloud Storage Fixed 200', 'cloudstorage', None, 0.0, 17.0),
    'CLOUDF500': ('memstore', 'Cloud Storage Fixed 500', 'cloudstorage', None, 0.0, 40.0),
    'CLOUDF1000': ('memstore', 'Cloud Storage Fixed 1000', 'cloudstorage', None, 0.0, 75.0),
    'CLOUDU1': ('memstore', 'Cloud Storage', 'cloudstorage', None, 0.0, 0.0),
    'OSP-PUBLIC': ('openstack', 'Cloud IaaS', 'openstack', None, 0.0, 0.0),
})
# Billed in arrears: nothing is due in advance and no period is given.
ARREARS = ('hourly', 'openstack')
DISK_GB = {'premium': 25, 'standard': 20, 'classic': 20, 'hourly': 20}

# os -> (description, needs 2 GB, which servers it is for)
_ALL, _MINI, _FULL = ('miniserver', 'fullserver'), ('miniserver',), ('fullserver',)
SYSTEMS = {
    'centos6_64': ('CentOS 6 64-bit', False, _ALL),
    'win2012serverstd_r2_64': ('Microsoft Windows 2012 Server R2, Standard Edition', True, _ALL),
    'ubuntu_trusty_64': ('Ubuntu 14.04 LTS (Trusty Tahr) 64-bit', False, _ALL),
    'centos7_64': ('CentOS 7 64-bit', False, _ALL),
    'win2012serverdc_r2_64': ('Windows Server 2012 Datacenter R2 64-bit', True, _FULL),
    'debian_jessie_64': ('Debian 8 (Jessie) 64-bit', False, _ALL),
    'ubuntu_trusty_docker_64': ('Ubuntu 14.04 LTS (Trusty Tahr, Docker pre-installed) 64-bit', False, _MINI),
    'centos7_cpanel_64': ('CentOS 7 cPanel 64-bit', True, _ALL),
    'ubuntu_xenial_64': ('Ubuntu 16.04 LTS (Xenial Xerus) 64-bit', False, _ALL),
    'win2016serverstd_64': ('Windows Server 2016 Standard 64-bit', True, _ALL),
    'ubuntu_xenial_docker_64': ('Ubuntu 16.04 LTS (Xenial Xerus, Docker pre-installed) 64-bit', False, _MINI),
    'win2016serverdc_64': ('Windows Server 2016 Datacenter 64-bit', True, _FULL),
    'debian_stretch_64': ('Debian 9 (Stretch) 64-bit', False, _ALL),
    'ubuntu_bionic_64': ('Ubuntu 18.04 LTS (Bionic Beaver) 64-bit', False, _ALL),
    'ubuntu_bionic_docker_64': ('Ubuntu 18.04 LTS (Bionic Beaver, Docker pre-installed) 64-bit', False, _MINI),
    'win2019serverstd_64': ('Windows Server 2019 Standard', True, _ALL),
    'debian_buster_64': ('Debian 10 (Buster) 64-bit', False, _ALL),
}

CONNECTIONS = {
    'MS0025': '5mbps_10to1 5mbps_5to1 10mbps_7to1 10mbps_4to1 20mbps_4to1',
    'MS0050': '5mbps_5to1 10mbps_7to1 10mbps_4to1 20mbps_4to1 30mbps_4to1',
    'MS0100': '10mbps_7to1 10mbps_4to1 20mbps_4to1 30mbps_4to1 40mbps_4to1',
    'MS0200': '10mbps_4to1 20mbps_4to1 30mbps_4to1 40mbps_4to1 50mbps_4to1',
    'MS0400': '20mbps_4to1 30mbps_4to1 40mbps_4to1 50mbps_4to1 60mbps_4to1',
    'MS0800': '40mbps_4to1 50mbps_4to1 60mbps_4to1 80mbps_4to1 100mbps_4to1',
    'MS1600': '40mbps_4to1 50mbps_4to1 60mbps_4to1 80mbps_4to1 100mbps_4to1',
}
TRANSFERS = {
    'MS0025': (50, 100, 150, 200, 250), 'MS0050': (100, 150, 200, 250, 300), 'MS0100': (150, 200, 250, 300, 350),
    'MS0200': (250, 500, 750, 1000, 1250), 'MS0400': (500, 750, 1000, 1250, 1500),
    'MS0800': (1000, 1500, 2000, 2500, 3000), 'MS1600': (1000, 1500, 2000, 2500, 3000),
}
EXTRA_BANDWIDTH = {50: 5.0, 100: 9.0, 250: 20.0, 500: 35.0}

BACKUPS_LINUX = (0, 10, 20, 50, 100, 200)
BACKUPS_WINDOWS = (0, 50, 100, 200, 400)
DATABASES = tuple('mssql_%s_%s' % (edition, year) for edition in ('web', 'standard', 'enterprise')
                  for year in ('2012', '2014', '2016', '2017'))
FIREWALLS = ('none', 'basic', 'self_managed', 'managed')
# What is asked for when ordering -> what server.info says.
SUPPORT_LEVELS = {
    'standard': 'basic', 'managed_infrastructure': 'basic', 'basic': 'basic',
    'premium': 'managed', 'managed_platform': 'managed', 'managed': 'managed',
    'infrastructure_only': 'infrastructure_only',
}
# option -> price a month, net, where it costs anything
EXTRAS = {
    'firewall': {'self_managed': 5.0, 'managed': 15.0},
    'intrusion_detection': {'basic': 5.0, 'monitored': 15.0, 'protected': 25.0},
    'monitoring_level': {'advanced': 5.0, 'managed': 10.0},
    'vulnscan': {'basic': 10.0, 'managed': 25.0},
    'antivirus': {'sophos_antivirus': 6.0},
    'backups': {10: 5.0, 20: 8.0, 50: 15.0, 100: 25.0, 200: 45.0, 400: 80.0},
    'support_level': {'premium': 30.0, 'managed_platform': 30.0, 'managed': 30.0},
}
DATABASE_PRICE = 12.0
STEP_PRICE = 20.0

_UFS_DISKS = {
    'UFS19': '2x1000gb 4x1000gb 4x2000gb 4x4000gb',
    'UFS29': '2x1000gb 4x1000gb 4x2000gb 4x4000gb 4x250gb_ssd 4x500gb_ssd 4x1000gb_ssd 4x2000gb_ssd',
    'UFS33': '8x250gb_ssd 16x250gb_ssd 16x500gb_ssd 16x1000gb_ssd 16x2000gb_ssd',
    'UFS34': '12x1000gb 12x2000gb 12x4000gb 12x8000gb 12x12000gb 12x250gb_ssd 12x500gb_ssd 12x1000gb_ssd 12x2000gb_ssd',
    'UFS35': '4x1000gb 4x2000gb 4x4000gb 4x8000gb 4x12000gb 4x250gb_ssd 4x500gb_ssd 4x1000gb_ssd 4x2000gb_ssd',
}
_UFS_RAM = {
    'UFS19': '16gb 32gb 48gb 64gb', 'UFS29': '16gb 32gb 64gb', 'UFS33': '64gb 128gb 256gb 512gb 768gb',
    'UFS34': '32gb 64gb 96gb 128gb 256gb 512gb 768gb', 'UFS35': '48gb 64gb 128gb 256gb',
}
_UFS_LARGE = ('UFS33', 'UFS34')
FULLSERVER_OPTIONS = {
    sku: {'disk': _UFS_DISKS[sku].split(), 'ram': _UFS_RAM[sku].split(),
          'nvme': ['none', 'nvme_2x480gb'] if sku in _UFS_LARGE else [],
          'net_card_speed_gbps': ['1', '10'] if sku in _UFS_LARGE + ('UFS35',) else ['1']}
    for sku in _UFS_DISKS
}

# code -> (sku, per cent off the rental, description, incompatible, required)
DISCOUNTS = {
    'SANDBOX50': ('MSVM001', 50, 'Half price for a small server', ['period:12'], []),
    'READING10': ('MSVM002', 10, 'A tenth off in Reading', [], ['network_zone:reading']),
}


def is_windows(system):
    return system.startswith('win')


def ram_mb(sku):
    """Of a server; None for other things."""
    units = PRODUCTS[sku][3]
    return units * 1024 if units else None


def available():
    """What create.available lists."""
    found = []
    for sku, (family, description, kind, units, _setup, _price) in PRODUCTS.items():
        defaults = {}
        if kind == 'miniserver':
            defaults = {'ram_mb': units * 1024, 'disk_gb': units * DISK_GB[family]}
        found.append({'sku': sku, 'description': description, 'type': kind, 'default_params': defaults,
                      'data_zones': [DATA_ZONE]})
    return found
