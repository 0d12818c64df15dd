# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Memset's zones and their record sets share: one read of all zones, and the reload of the name servers."""

from __future__ import annotations

from ...client import holding
from ...errors import Ambiguous
from ...resource import Crossing
from ...steps import Ref, Step
from . import dns_records
from .client import MemsetClient, job_of, job_wait


class DnsCrossing(Crossing):
    """`owes`: a reload that an interrupted run of the same task left: True, the id of its job, or None."""

    provider = 'memset'
    client = MemsetClient
    keeps = ('not_done',)

    def __init__(self, resource):
        super().__init__(resource)
        self.zones = []
        self.owes = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def read(self, work):
        """All zones with all that is in them. That is one request."""
        self.zones = [whole(zone) for zone in work.client.call('dns.zone_list')]
        self.owes = self._owed(work)
        return self.zones

    @staticmethod
    def _owed(work):
        entry = work.journal.get(work.key) if work.key else None
        job = job_of((entry or {}).get('answer'))
        if job is None:
            return True if entry else None
        job = work.client.find('job.status', id=job['id'])
        if job is None or job['finished'] and job['error']:
            return True
        if job['finished']:
            work.journal.clear(work.key)
            return None
        return job['id']

    def holder(self, domain):
        """The zone that a domain is attached to, or None."""
        return next((zone for zone in self.zones if domain in domains(zone)), None)

    def nicknamed(self, name):
        return [zone for zone in self.zones if zone['nickname'] == name]

    def only(self, zones, told):
        """The one zone, or None. :raises Ambiguous: when there are several."""
        if len(zones) > 1:
            raise Ambiguous('%d zones have %s: %s; name one of its domains, or its id' % (len(zones), told, ', '.join(
                '%s (%s)' % (zone['id'], ' '.join(domains(zone)) or 'no domain') for zone in zones)),
                provider=self.provider)
        return zones[0] if zones else None

    # -- pure ---------------------------------------------------------------------------------------------------------
    def fill(self, wanted, options, before):
        """A reload that is owed is wanted like any other change."""
        return dict(wanted, reload=True) if self.owes and options['reload'] and options['state'] != 'absent' else wanted

    def leftovers(self, work, change):
        return self.reload(change, []) if self.owes else []

    def reload(self, change, steps):
        """The steps, and the reload that makes the name servers answer by them."""
        wanted = change.options['reload'] and (steps or self.owes)
        if not wanted:
            return steps
        told = 'the reload of the name servers'
        if not steps and self.owes is not True:
            return [Step('job.status', {'id': self.owes}, 'wait for %s, which an earlier run began' % told, id='reload',
                         writes=False, owed=True, wait=job_wait(self.owes, told))]
        return steps + [Step('dns.reload', {}, 'have the name servers reload', id='reload', journal=True, owed=True,
                             wait=job_wait(Ref('reload', ('id',)), told))]

    def made(self, answers):
        return answers['create']['id'] if 'create' in answers else None

    def kept(self, change):
        return {'not_done': []}


def whole(zone):
    """The zone, of which all is there that tells it, its domains and its records from others; else Malformed."""
    for record in holding(list, zone, 'records', 'domains')['records']:
        holding(str, record, 'record', 'type', 'address')
    for item in zone['domains']:
        holding(str, item, 'domain')
    return holding(str, zone, 'id', 'nickname')


def domains(zone):
    """Names of the domains of a zone."""
    return sorted(item['domain'].lower() for item in zone['domains'])


RECORD_SET = {'type': {'choices': dns_records.TYPES}, 'ttl': dns_records.TTL, 'priority': dns_records.PRIORITY}
