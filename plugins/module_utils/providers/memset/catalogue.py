# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Memset's document lists and no operation does: stock systems and network zones (1.2.8)."""

from __future__ import annotations

_BOTH, _MINI, _FULL = ('miniserver', 'fullserver'), ('miniserver',), ('fullserver',)

# os -> (title, least memory in MiB, types of servers). New ones come, so this is for lists, comparison and hints, never
# for refusal.
SYSTEMS = {
    'centos6_64': ('CentOS 6', None, _BOTH),
    'centos7_64': ('CentOS 7', None, _BOTH),
    'centos7_cpanel_64': ('CentOS 7 with cPanel', 2048, _BOTH),
    'debian_jessie_64': ('Debian 8 (Jessie)', None, _BOTH),
    'debian_stretch_64': ('Debian 9 (Stretch)', None, _BOTH),
    'debian_buster_64': ('Debian 10 (Buster)', None, _BOTH),
    'ubuntu_trusty_64': ('Ubuntu 14.04 LTS (Trusty Tahr)', None, _BOTH),
    'ubuntu_trusty_docker_64': ('Ubuntu 14.04 LTS (Trusty Tahr) with Docker', None, _MINI),
    'ubuntu_xenial_64': ('Ubuntu 16.04 LTS (Xenial Xerus)', None, _BOTH),
    'ubuntu_xenial_docker_64': ('Ubuntu 16.04 LTS (Xenial Xerus) with Docker', None, _MINI),
    'ubuntu_bionic_64': ('Ubuntu 18.04 LTS (Bionic Beaver)', None, _BOTH),
    'ubuntu_bionic_docker_64': ('Ubuntu 18.04 LTS (Bionic Beaver) with Docker', None, _MINI),
    'win2012serverstd_r2_64': ('Windows Server 2012 R2 Standard', 2048, _BOTH),
    'win2012serverdc_r2_64': ('Windows Server 2012 R2 Datacenter', 2048, _FULL),
    'win2016serverstd_64': ('Windows Server 2016 Standard', 2048, _BOTH),
    'win2016serverdc_64': ('Windows Server 2016 Datacenter', 2048, _FULL),
    'win2019serverstd_64': ('Windows Server 2019 Standard', 2048, _BOTH),
}
NETWORK_ZONES = {'dunsfold': 'Dunsfold, Surrey, UK', 'reading': 'Reading, Berkshire, UK'}
