# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Standard drives, prices and kinds of subscriptions of CloudSigma."""

from __future__ import annotations

GIB = 1024 ** 3
NOTES = 'Change the password of the first user at once.\n\nUser: cloudsigma'

# (drive, name, os, GiB)
_IMAGES = (
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d00001', 'Debian 12 64bit Pre-Installed', 'linux', 3),
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d00002', 'Ubuntu 22.04 Server 64bit Pre-Installed', 'linux', 5),
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d00003', 'Ubuntu 24.04 Server 64bit Pre-Installed', 'linux', 5),
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d00004', 'CentOS 5.5 64bit Pre-Installed', 'linux', 5),
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d00005', 'Windows Server Standard 2008 R2 64bit English', 'windows', 20),
)
# (drive, name, os, GiB)
_CDS = (
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d10001', 'Debian 12 64bit netinst', 'linux', 1),
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d10002', 'Ubuntu 24.04 Server 64bit', 'linux', 3),
    ('5160a8e0-4f3a-4b6e-8c1d-5a4d80d10003', 'gentoo-livecd', 'linux', 1),
)


def _drive(drive, name, system, size, **more):
    return {'drive': drive, 'name': name, 'os': system, 'bits': 64, 'size': size * GIB, 'use': 'general',
            'free': 'true' if system == 'linux' else 'false', 'favourite': 'false', 'install_notes': NOTES,
            'description': 'A drive of the sandbox: %s' % name, **more}


STANDARD_DRIVES = tuple(
    [_drive(*row, type='disk', drive_type='preinstalled', **({'licenses': 'msft_p73_04837'} if row[2] == 'windows'
                                                             else {})) for row in _IMAGES]
    + [_drive(*row, type='cdrom', drive_type='installcd,livecd' if 'live' in row[1] else 'installcd')
       for row in _CDS])

CURRENCIES = ('EUR', 'GBP', 'USD')
# For one unit and month; burst prices are for the same while it is used without subscription.
PRICES = {'cpu:sub': 0.030, 'cpu:burst': 0.045, 'mem:sub': 0.015, 'mem:burst': 0.025, 'xfer:sub': 0.010,
          'xfer:burst': 0.010, 'disk:sub': 0.200, 'disk:burst': 0.250, 'ip': 8.0, 'vlan': 20.0,
          'msft_lwa_00135': 10.0, 'msft_p73_04837': 20.0, 'msft_tfa_00009': 15.0}
SOFTWARE = ('msft_lwa_00135', 'msft_p73_04837', 'msft_tfa_00009')
# type -> (label, unit)
TYPES = {'cpu': ('CPU', 'core MHz'), 'mem': ('Memory', 'MB'), 'disk': ('Disk', 'GB'),
         'xfer': ('Committed data transfer', 'GB per month'), 'ip': ('Static IP address', 'IPs'),
         'vlan': ('Private network VLAN', 'VLANs'), 'msft_lwa_00135': ('Windows Web Server 2008', 'licences'),
         'msft_p73_04837': ('Windows Server 2008 Standard', 'licences'),
         'msft_tfa_00009': ('Microsoft SQL Server 2008 Web Edition', 'licences')}
MINIMUM = {'cpu': 2000, 'mem': 1024}
