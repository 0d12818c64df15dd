# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of UpCloud: the name is the host name; all attributes but power and devices change in one request."""

from __future__ import annotations

import dataclasses

from ...errors import JobFailed, Malformed, Precondition
from ...resources.server import ServerCrossing
from ...steps import Lookup
from . import matching, server_create, server_devices, server_fields, server_lookups, server_steps, waits, wire
from .client import HOT_RESIZE, UpCloudClient
from .host_names import called
from .server_fields import own_of

# What the API shows of no server.
NEVER = ('image', 'cpu_mhz', 'persistent', 'vnc_address', 'vnc_tls')
# "Stop server", "Start server", "Cancel server operation", "Delete server": each wants another state than this one.
NO_WAY_OUT = (
    'UpCloud stops only a started server, starts and deletes only a stopped one, and cancels only in maintenance, so '
    'neither force_stop nor upcloud.cancel helps. It comes back by itself as started or stopped; run this again then, '
    'or ask UpCloud to delete it')
# After a lost answer: whether the operation took effect, by the server as it is now. Those that did not are sent
# again, which is harmless: where the first one took effect after all, the API refuses the second.
TOOK_EFFECT = {
    'POST /server/{uuid}/start': lambda raw, values: raw.get('state') != 'stopped',
    'POST /server/{uuid}/stop': lambda raw, values: raw.get('state') != 'started',
    'POST /server/{uuid}/storage/attach': lambda raw, values: _has(raw, values['storage']),
    'POST /server/{uuid}/cdrom/load': lambda raw, values: _has(raw, values['storage']),
    'POST /server-group/{uuid}/servers': lambda raw, values: raw.get('server_group') == values['uuid'],
}


def _has(raw, storage):
    return any(drive['id'] == storage for drive in wire.drives_of(raw))


class UpCloudServer(ServerCrossing):
    """A server at UpCloud."""

    provider = 'upcloud'
    client = UpCloudClient
    honours = server_fields.HONOURS
    own = server_fields.OWN
    refuses = server_fields.REFUSES
    # The list tells a few of the own fields, and `created` as recorded, not as documented.
    in_list = ('id', 'name', 'state', 'provider_state', 'zone', 'plan', 'cpu_cores', 'memory_mb', 'public_ipv4',
               'public_ipv6', 'utility_ipv4', 'tags', 'labels', 'created', 'provider_options', 'raw')
    in_details = ('private_ipv4', 'drives', 'networks', 'created', 'provider_options')
    keeps = ('kept_drives',)

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        labels = ['%s=%s' % pair for pair in ((filters or {}).get('labels') or {}).items()]
        servers, addresses = work.client.together(('GET /server', {'label': labels or None}), ('GET /ip_address', {}))
        by_server = {}
        # An odd entry harms no other: what is no address belongs to no server, what is no server is told as such.
        for item in filter(lambda each: isinstance(each, dict), addresses):
            by_server.setdefault(item.get('server'), []).append(item)
        return [wire.Entry(raw, ip_addresses={'ip_address': by_server.get(raw.get('uuid'), [])})
                if isinstance(raw, dict) else raw for raw in servers]

    def one(self, work, ident):
        return work.client.find('GET /server/{uuid}', uuid=ident)

    def bereft(self, steps):
        if any(step.parameters.get('storages') for step in steps):
            raise Precondition('the server is gone, deleted by something else, and its drives were to go with it: look '
                               'with drive_info which of them are kept, and billed', provider=self.provider)
        return steps

    def detail_call(self, raw):
        return 'GET /server/{uuid}', {'uuid': raw['uuid']}

    def find(self, work, ident, name):
        if ident is not None:
            return self.one(work, ident)
        listed = work.client.call('GET /server')
        if not all(isinstance(raw, dict) and raw.get('uuid') and isinstance(raw.get('hostname'), str)
                   for raw in listed):
            # It could be the one that is looked for.
            raise Malformed('the list of servers has one without uuid or hostname', provider=self.provider)
        found = called(listed, name)
        return None if found is None else self.details(work, found)

    def lookups(self, work, change):
        if change.before is not None and change.before['provider_state'] == 'error' and not change.deletes:
            raise JobFailed('server %s is in error; %s' % (server_steps.name_of(change), waits.RECOVERS),
                            provider=self.provider, code='error')
        server_lookups.look_up(work, change)

    def settling(self, raw, state):
        if raw.get('state') != 'maintenance' or state == 'absent' and self.cancels:
            return None
        return waits.server(raw['uuid'], raw.get('hostname'), 'started', 'stopped')

    def recover(self, work, step, error):
        """After a lost answer: what the server, or the list, shows of it; sent again only where that is harmless."""
        if step.operation == 'POST /storage':
            return self._made_storage(work, step, error)
        took_effect = TOOK_EFFECT.get(step.operation)
        if took_effect is None:
            answer = super().recover(work, step, error)
            if (step.parameters.get('login_user') or {}).get('create_password') != 'no':
                work.warnings.append('the password that %s may have got was in the lost answer and cannot be read again'
                                     % step.parameters['hostname'])
            return answer
        ident = step.parameters.get('server') or step.parameters['uuid']
        raw = self.one(work, ident)
        if raw is None:
            raise error
        if took_effect(raw, step.parameters):
            return raw
        return work.client.call(step.operation, **step.parameters)

    def _made_storage(self, work, step, error):
        """The storage whose making lost its answer: the only one made for this server under that title."""
        owner = wire.labels_in(step.parameters['labels'])[server_lookups.MADE_FOR]
        lookup = Lookup('GET /storage/private', {'title': step.parameters['title']}, parameters={
            'label': '%s=%s' % (server_lookups.MADE_FOR, owner)})
        return super().recover(work, dataclasses.replace(step, lookup=lookup), error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    cancels = False

    def check(self, options):
        super().check(options)
        server_fields.check(options)
        self.cancels = bool(own_of(options).get('cancel'))

    def project(self, raw):
        return wire.server_in(raw)

    def hidden(self, raw):
        drive = wire.boot_drive(wire.drives_of(raw))
        return {'vnc_password': raw.get('remote_access_password'), 'size_gb': drive and drive['size_gb']}

    def fill(self, wanted, options, before):
        wanted = dict(wanted)
        unwanted = wanted.pop('upcloud.remove_networks', None) or []
        if before is None:
            wanted.pop('upcloud.detach_drives', None)
            if options['state'] != 'absent':
                wanted['networks'] = server_create.networks(wanted.get('networks'), unwanted)
                if wanted.get('upcloud.title') is None:
                    wanted['upcloud.title'] = options.get('name')
            return wanted
        sized = any(wanted.get(name) not in (None, before[name]) for name in ('cpu_cores', 'memory_mb'))
        if sized and wanted.get('plan') is None:
            # A plan has its own cores and memory; other ones are no plan.
            wanted['plan'] = 'custom'
        detach = wanted.get('upcloud.detach_drives') or []
        wanted['upcloud.detach_drives'] = [drive['device'] for drive in before['drives'] or []
                                           if drive['id'] in detach or drive['name'] in detach] or None
        if wanted.get('networks'):
            wanted['networks'] = matching.indexed(wanted['networks'], before['networks'], unwanted)
        indexes = {network['index'] for network in before['networks'] or []}
        wanted['upcloud.remove_networks'] = [index for index in unwanted if index in indexes] or None
        return wanted

    def predict(self, change):
        known, unknown = super().predict(change)
        unknown = set(unknown)
        if 'state' in known:
            known['provider_state'] = {'running': 'started'}.get(known['state'], known['state'])
            unknown.discard('provider_state')
        if any(name in change.fields for name in server_lookups.SIZING) or change.creates:
            known.update(server_lookups.wanted_sizing(change))
        if 'tags' in change.fields:
            known['tags'] = self._tags_after(change)
        if change.creates:
            known.update(dict.fromkeys(NEVER), zone=server_lookups.wanted_zone(change))
            for name, empty in (('tags', []), ('labels', {})):
                known.setdefault(name, change.after.get(name) or empty)
            if server_create.needs_metadata(change):
                known['upcloud.metadata'] = True
            return known, unknown | self._unsaid(change, known) | {'drives', 'networks'}
        return known, unknown | self._touched(change)

    @staticmethod
    def _tags_after(change):
        wanted = server_steps.spelt(change)
        lower = [name.lower() for name in wanted]
        kept = [name for name in (change.before or {}).get('tags') or [] if name.lower() in lower]
        held = [name.lower() for name in kept]
        return sorted(kept + [name for name in wanted if name.lower() not in held])

    def _unsaid(self, change, known):
        """What a new server gets of itself."""
        return {'upcloud.' + name for name in wire.options_of({})
                if change.after.get('upcloud.' + name) is None and 'upcloud.' + name not in known}

    def _touched(self, change):
        """What changes along with something else, in a way that only the API can tell."""
        fields, found = set(change.fields), set()
        if 'drives' in fields or 'size_gb' in fields or 'upcloud.detach_drives' in fields:
            found |= {'drives', 'upcloud.license'}
        if 'networks' in fields or 'upcloud.remove_networks' in fields:
            found |= {'networks', 'public_ipv4', 'public_ipv6', 'private_ipv4', 'private_ipv6', 'utility_ipv4'}
        if change.found.get('was_stopped') or change.found.get('may_stop') \
                or change.state in ('running', 'stopped', 'restarted'):
            found |= {'upcloud.host', 'upcloud.remote_access_host', 'upcloud.remote_access_port'}
        if 'upcloud.remote_access_enabled' in fields:
            found |= {'upcloud.remote_access_host', 'upcloud.remote_access_port'}
        return found

    def create(self, change):
        self.need(change, 'name')
        sizing = server_lookups.wanted_sizing(change)
        lacking = ['zone'] if server_lookups.wanted_zone(change) is None else []
        if not sizing['plan']:
            lacking.append('plan, or cpu_cores with memory_mb,')
        if not any(change.new(name) for name in ('image', 'clone_from', 'drives')):
            lacking.append('one of image, clone_from and drives')
        if lacking:
            raise Precondition('there is no server %r and to make one %s is needed' % (
                change.new('name'), ' and '.join(lacking)), provider=self.provider)
        for drive in change.new('drives') or []:
            if not matching.is_cdrom(drive) and not (drive.get('id') or drive.get('image') or drive.get('size_gb')):
                raise Precondition('drives: to make the drive %r size_gb is needed' % drive['name'])
        if change.new('size_gb') and not (change.new('image') or change.new('clone_from')):
            raise Precondition('size_gb is of the boot drive that image or clone_from makes; say it in drives instead')
        first = []
        for number, drive in enumerate(change.new('drives') or []):
            if drive.get('id') is not None and not matching.is_cdrom(drive):
                first += server_devices.adapt(drive, change.found['drives'][number])
        down = [] if self.starts(change) else self.stop(change)
        return first + server_create.create(change) + server_steps.tag(change) + down

    def update(self, change):
        put, how = server_steps.modify(change)
        hot, cold = server_devices.drives(change)
        cold += server_devices.networks(change)
        hot += server_steps.group(change) + server_steps.tag(change)
        if put is not None:
            if how == 'stop' or how == 'try' and (cold or change.state in ('stopped', 'restarted')):
                cold.insert(0, put)
            else:
                hot.insert(0, self._hot(change, put) if how == 'try' else put)
        if not cold:
            return hot
        return hot + self.while_stopped(change, cold, 'to ' + ' and to '.join(step.summary for step in cold))

    def _hot(self, change, put):
        """The change on a running server, and with the server stopped where that is refused and a stop is allowed."""
        if not self.is_on(change):
            return put
        if not change.options['allow_stop']:
            change.notes.append('UpCloud may refuse to give a running server more cores or memory, which cannot be '
                                'known beforehand; with allow_stop: true it is then done with the server stopped')
            return put
        instead = self.while_stopped(change, [put], put.summary)
        change.found.update(was_stopped=False, may_stop=True)
        return dataclasses.replace(put, fallback=(HOT_RESIZE, tuple(instead)))

    def delete(self, change):
        if change.before['provider_state'] == 'error':
            raise Precondition('server %s is in error: %s' % (server_steps.name_of(change), NO_WAY_OUT),
                               provider=self.provider)
        if change.before['provider_state'] == 'maintenance' and self.cancels:
            return server_steps.cancel(change) + server_steps.delete(change)
        return (self.stop(change) if self.is_on(change) else []) + server_steps.delete(change)

    def stop(self, change):
        return server_steps.stop(change)

    def turn_on(self, change, always_after=''):
        return server_steps.start(change, always_after)

    def made(self, answers):
        return (answers.get('create') or {}).get('uuid')

    def kept(self, change):
        if change.state != 'absent':
            return {}
        drives = [drive for drive in (change.before or {}).get('drives') or [] if not matching.is_cdrom(drive)]
        if change.options['delete_drives']:
            drives = [drive for drive in drives if drive in change.found.get('shared', [])]
        return {'kept_drives': [{key: drive[key] for key in ('id', 'name', 'size_gb', 'tier')} for drive in drives]}

    def revealed(self, answers):
        made = answers.get('create') or {}
        pairs = {'username': made.get('username'), 'password': made.get('password'),
                 'vnc_password': made.get('remote_access_password')}
        return {name: value for name, value in pairs.items() if value}
