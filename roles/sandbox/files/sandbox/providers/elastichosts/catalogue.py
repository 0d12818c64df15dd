# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The standard drives of ElasticHosts: pre-installed systems, compressed, and installation CDs.

The first five have the identifiers that clients carry in a table of their own.
"""

from __future__ import annotations

GIB = 1024 ** 3
MIB = 1024 ** 2

# (drive, name, compressed MiB, raw GiB)
_IMAGES = (
    ('38df0986-4d85-4b76-b502-3878ffc80161', 'CentOS Linux 5.5', 520, 3),
    ('980cf63c-f21e-4382-997b-6541d5809629', 'Debian Linux 5.0', 212, 1),
    ('aee5589a-88c3-43ef-bb0a-9cab6e64192d', 'Ubuntu Linux 10.04', 240, 1),
    ('62f512cd-82c7-498e-88d8-a09ac2ef20e7', 'Ubuntu Linux 12.04', 256, 1),
    ('b9d0eb72-d273-43f1-98e3-0d4b87d372c0', 'Windows Web Server 2008', 4096, 13),
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d00001', 'Debian Linux 12', 420, 2),
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d00002', 'Ubuntu Linux 22.04 LTS', 600, 3),
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d00003', 'Ubuntu Linux 24.04 LTS', 640, 3),
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d00004', 'CentOS Stream 9', 700, 4),
)
# (drive, name, MiB)
_CDS = (
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d10001', 'Debian Linux 12 netinst CD', 628),
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d10002', 'Ubuntu Linux 24.04 LTS Server CD', 2600),
    ('3e1d4e61-8c0b-4f0a-9c3e-5a4d80d10003', 'Knoppix 9.1 Live CD', 4300),
)

STANDARD_DRIVES = tuple(
    [{'drive': drive, 'name': name, 'size': size * MIB, 'rawsize': raw * GIB, 'format': 'gzip', 'media': 'disk'}
     for drive, name, size, raw in _IMAGES]
    + [{'drive': drive, 'name': name, 'size': size * MIB, 'rawsize': size * MIB, 'media': 'cdrom'}
       for drive, name, size in _CDS])
