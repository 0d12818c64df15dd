# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""bandwidth.*: made-up figures in the documented shape, the same for the same service and date."""

from __future__ import annotations

import datetime
import zlib

from .accounts import SERVERS
from .methods import method
from .parameters import Choice, Integer, Name

# period -> (points, hours between them)
PERIODS = {'day': (24, 1), 'week': (28, 6), 'month': (30, 24), 'quarter': (13, 168), 'halfyear': (26, 168),
           'year': (52, 168)}


def kinds(service):
    """The types of traffic of a service."""
    return ['cloudstorage', 'cdn'] if service.type == 'cloudstorage' else [service.type]


def figure(*parts):
    """A number below 10^9 that depends on the parts alone."""
    return float(zlib.crc32('/'.join(str(part) for part in parts).encode()) % 10 ** 9)


@method('bandwidth.info', name=Name())
def info(session, name):
    """What a service moved this month."""
    service = session.account.service(name)
    today = session.account.today()
    found = {}
    for kind in kinds(service):
        came, went = figure(name, kind, 'in', today.month), figure(name, kind, 'out', today.month)
        rate = (came + went) / today.day
        found[kind] = {'bytes_in': came, 'bytes_out': went, 'daily_rate': rate, 'predicted': rate * 30}
    if service.type in SERVERS:
        connection = service.data.get('bandwidth_type', 'metered')
        entry = found[service.type]
        entry.update(connection_type=connection, max_burst=100.0, ips=[
            {ip['address']: {'bytes_in': float(ip['bytes_in_today']), 'bytes_out': float(ip['bytes_out_today'])}}
            for ip in service.server['ips']])
        if connection == 'metered':
            entry.update(remaining=10 ** 12 - came - went, inclusive_transfer=1000.0,
                         bandwidth_bank=float(service.data.get('bandwidth_bank', 0)))
        elif connection == 'unmetered':
            entry['contention'] = 4.0
    return found


@method('bandwidth.monthly_usage', name=Name(), year=Integer(min=2000, max=2100, optional=True))
def monthly_usage(session, name, year=None):
    """What a service moved in each month of a year."""
    service = session.account.service(name)
    today = session.account.today()
    year = year or today.year
    months = [month for month in range(1, 13)
              if service.info['start_date'].replace(day=1) <= datetime.date(year, month, 1) <= today]
    return {kind: [{'date': '%04d-%02d' % (year, month), 'bytes_in': figure(name, kind, 'in', month),
                    'bytes_out': figure(name, kind, 'out', month)} for month in months] for kind in kinds(service)}


@method('bandwidth.usage', name=Name(), period=Choice(*PERIODS, optional=True))
def usage(session, name, period='day'):
    """How fast a service moved data in the last period."""
    service = session.account.service(name)
    points, hours = PERIODS[period]
    now = session.account.moment().replace(minute=0, second=0)
    dates = [now - datetime.timedelta(hours=hours * back) for back in range(points - 1, -1, -1)]
    return {kind: [{'date': date, 'bps_in': figure(name, kind, 'in', date) / 1000,
                    'bps_out': figure(name, kind, 'out', date) / 1000} for date in dates] for kind in kinds(service)}
