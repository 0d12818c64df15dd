# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's VLANs: services that its API can neither order nor end. What it can do is membership."""

from __future__ import annotations

from ...client import holding, nearest
from ...errors import Precondition
from ...fields import Field
from ...resources.vlan import MemberCrossing
from ...steps import Ref, Step
from .client import MemsetClient, job_of, job_wait

# Options that say how, and so are not compared.
HOW = ('memset.primary', 'memset.reboot')
OWED = 'memset.reboot_owed'


class MemsetVlan(MemberCrossing):
    """raw is {service, info, list}. The id is the service's name, the name its nickname."""

    provider = 'memset'
    client = MemsetClient
    honours = {'name': {'pattern': '[A-Za-z0-9_.-]{1,255}'}, 'servers': {}, 'remove_servers': {}, 'prune': {}}
    own = {
        'primary': Field('bool', output=False),
        'reboot': Field('bool', output=False),
    }
    refuses = {
        'absent': 'its API has no end of a VLAN; remove its servers with prune, and cancel it in the control panel',
        'zone': 'its API cannot order a VLAN', 'network': 'its API cannot order a VLAN',
        'labels': 'its services have no labels',
    }

    def __init__(self, resource):
        super().__init__(resource)
        self.services = []
        # What an earlier run owes: (the server that it put in or out, the job that reboots it by now, if one does).
        self.owed = None
        self.fields[OWED] = Field(option=False, output=False)

    # -- reads --------------------------------------------------------------------------------------------------------
    def _services(self, work):
        self.services = work.client.call('service.list')
        self.names = {service['nickname']: service['name'] for service in self.services if service.get('nickname')}
        self.names.update((service['name'], service['name']) for service in self.services)
        return [service for service in self.services
                if 'vlan' in str(service.get('type')).lower() and service.get('status') != 'CANCELLED']

    @staticmethod
    def _members(work, raws):
        """The services with what tells their members; the list of services has none of it."""
        calls = [(name, {'name': service['name']}) for service in raws for name in ('vlan.info', 'vlan.list')]
        answers = work.client.call_many(calls) if calls else []
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return [{'service': service, 'info': info, 'list': listed or []}
                for service, info, listed in zip(raws, answers[::2], answers[1::2]) if info is not None]

    def all(self, work, filters=None):
        return self._members(work, self._services(work))

    def one(self, work, ident):
        found = self._members(work, [service for service in self._services(work) if service['name'] == ident])
        return found[0] if found else None

    def find(self, work, ident, name):
        found = [service for service in self._services(work)
                 if (service['name'] == ident if ident is not None else service.get('nickname') == name)]
        found = self._members(work, found)
        if found:
            self.owed = self._debt(work, self.noted_by(work.key, None, found[0]['service']['name']))
        return found[0] if found else None

    def noted_by(self, key, state, ident):
        """What is owed is known whatever the VLAN is named by."""
        return key if ident is None else (key[0], ident)

    @staticmethod
    def _debt(work, key):
        """A server that was put in or out is owed a reboot until the job of that ended well."""
        entry = work.journal.get(key)
        if entry is None:
            return None
        server, job = entry['parameters'].get('host') or entry['parameters']['name'], None
        if entry['operation'] == 'server.reboot' and entry['answered']:
            job = job_of(entry['answer'])
            job = job and work.client.find('job.status', id=job['id'])
            if job is None or job['finished'] and not job['error']:
                return None
        return server, job['id'] if job and not job['finished'] else None

    def lookups(self, work, change):
        known = {service['name']: service for service in self.services}
        for name in self.joining(change):
            if name not in known:
                raise Precondition('servers: there is no server %r%s' % (name, nearest(name, self.names)))
            if 'server' not in str(known[name].get('type')):
                raise Precondition('servers: %s is no server but a %s' % (name, known[name].get('type')))
        miniservers = {name for name, service in known.items() if service.get('type') == 'miniserver'}
        change.found['touched'] = touched = miniservers.intersection(self.joining(change) + self.leaving(change))
        # With the one that an earlier run put in or out, and that nothing reboots yet.
        lacking = touched.union([self.owed[0]] if self.owed and self.owed[1] is None else [])
        if lacking and not _reboots(change.options):
            change.notes.append('%s must be rebooted for this to take effect, which memset.reboot: true does'
                                % ', '.join(sorted(lacking)))

    def finished(self, work, change):
        # What is owed to a server that this run did not reboot stays so.
        if self._debt(work, work.key) is None:
            work.journal.clear(work.key)

    def recover(self, work, step, error):
        """After a lost answer: who is in the VLAN now. To take out once more is harmless."""
        values = step.parameters
        if step.operation == 'vlan.remove':
            return work.client.call(step.operation, **values)
        if step.operation == 'vlan.add':
            hosts = work.client.call('vlan.info', name=values['name'])['hosts']
            if values['host'] in hosts:
                return hosts
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def project(self, raw):
        info = raw['info']
        return {'id': raw['service']['name'], 'name': raw['service'].get('nickname'), 'zone': info.get('network_zone'),
                'network': info.get('network'), 'servers': sorted(holding(list, info, 'hosts')['hosts']),
                'provider_options': {'members': raw['list']}}

    def fill(self, wanted, options, before):
        wanted = {name: value for name, value in super().fill(wanted, options, before).items() if name not in HOW}
        if _reboots(options) and self.owed:
            wanted[OWED] = self.owed[0]
        return wanted

    def predict(self, change):
        return {}, ('memset.members',) if 'servers' in change.fields else ()

    def create(self, change):
        raise Precondition('there is no VLAN %r, and Memset\'s API cannot order one: do so in the control panel, and '
                           'name it here by its id or nickname' % change.options['name'])

    def update(self, change):
        own, steps, touched = change.options.get('memset') or {}, [], change.found['touched']
        if change.new('name'):
            steps.append(Step('service.set_nickname', {'name': change.id, 'nickname': change.new('name')},
                              'name the VLAN %s' % change.new('name')))
        owed = change.new(OWED)
        if owed and owed not in touched:
            steps.append(self._reboot(owed, self.owed[1]))
        # One that is owed a reboot comes first: there is one note, and the next would take its place.
        for name in sorted(self.leaving(change) + self.joining(change), key=lambda name: name != owed):
            values, joins = {'name': change.id, 'host': name}, name in self.joining(change)
            if joins and own.get('primary') is not None:
                values['primary'] = own['primary']
            told = 'put %s into the VLAN' % name if joins else 'take %s out of the VLAN' % name
            restarts = _reboots(change.options) and name in touched
            steps.append(Step('vlan.add' if joins else 'vlan.remove', values, told, id=told, destructive=not joins,
                              journal=restarts))
            if restarts:
                steps.append(self._reboot(name))
        return steps

    @staticmethod
    def _reboot(name, job=None):
        if job is not None:
            return Step('job.status', {'id': job}, 'wait for the reboot of %s that an earlier run began' % name,
                        id='reboot ' + name, writes=False, wait=job_wait(job, 'the reboot of %s' % name))
        return Step('server.reboot', {'name': name}, 'reboot %s' % name, id='reboot ' + name, journal=True,
                    destructive=True, wait=job_wait(Ref('reboot ' + name, ('id',)), 'the reboot of %s' % name))


def _reboots(options):
    """Whether servers may be rebooted."""
    return bool((options.get('memset') or {}).get('reboot'))
