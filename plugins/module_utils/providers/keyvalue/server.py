# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of CloudSigma 1.0 and ElasticHosts: what the two share. A subclass names its operations and its limits."""

from __future__ import annotations

import re

from ...errors import BadInput, NotFound, Precondition
from ...resources.server import ServerCrossing
from ...steps import Lookup, Step
from . import server_wire as wire
from .operation import DEVICE
from .server_drives import SystemDrive, as_it_is, kept_drives, name_of, plain_names, stage_of, used_unnamed
from .server_fields import PLAIN
from .server_options import check, fill
from .server_things import check_things
from .server_wire import zone_of
from .text import plain
from .waits import SERVER_INFO, gone_wait, persistent_wait, server_wait, stopped_wait


class KeyValueServer(ServerCrossing):
    """A subclass gives the operations (CREATE, START, STOP, SHUTDOWN, DESTROY), the key for the address of VNC and for
    its password, and the system drive's maker."""

    CREATE = START = STOP = SHUTDOWN = DESTROY = ''
    SET = 'POST /servers/{uuid}/set'
    VNC_ADDRESS = 'vnc:ip'
    VNC_PASSWORD = 'vnc:password'
    system_drive = SystemDrive
    # The lists of static addresses and of VLANs.
    RESOURCES = {'ip': 'GET /resources/ip/info', 'vlan': 'GET /resources/vlan/info'}
    required = ('name', 'cpu_mhz', 'memory_mb')
    # The list tells all; addresses only while the server is on.
    in_list = ('id', 'name', 'state', 'provider_state', 'zone', 'cpu_cores', 'cpu_mhz', 'memory_mb', 'public_ipv4',
               'public_ipv6', 'drives', 'networks', 'persistent', 'vnc_address', 'vnc_tls', 'tags',
               'provider_options', 'raw')
    keeps = ('kept_drives',)
    # Whether a server must be off before it can be destroyed.
    destroy_needs_stop = False
    # Error codes on which a change that was tried on a running server is done stopped.
    retry_stopped = ()

    def __init__(self, resource):
        super().__init__(resource)
        # What a run has read: every server, other lists, drives by name, and the zone that the endpoint is of.
        self.seen = None
        self.lists = {}
        self.named = {}
        self.zone = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        self.seen = work.client.call('GET /servers/info')
        return self.seen

    def one(self, work, ident):
        return work.client.find(SERVER_INFO, uuid=ident)

    def servers(self, work):
        """Every server, read once in a run."""
        return self.all(work) if self.seen is None else self.seen

    def _listed(self, work, operation):
        if operation not in self.lists:
            self.lists[operation] = work.client.call(operation)
        return self.lists[operation]

    def drives(self, work):
        """The account's drives, read once in a run."""
        return self._listed(work, 'GET /drives/info')

    def resources(self, work, kind):
        """The account's static addresses ('ip') or VLANs ('vlan'), read once in a run."""
        return [each for each in self._listed(work, self.RESOURCES[kind]) if each.get('type', kind) == kind]

    def find(self, work, ident, name):
        raw = super().find(work, ident, name)
        self.zone = zone_of(work.client.connection.url)
        names = {each['name'] for each in work.options.get('drives') or [] if each.get('name') and not each.get('id')}
        if names and work.options['state'] != 'absent':
            self.named = self.system_drive.by_name(work, names, self.drives(work))
        return raw

    def neutral(self, work, raw):
        self.zone = zone_of(work.client.connection.url)
        return super().neutral(work, raw)

    def lookups(self, work, change):
        if change.state == 'absent':
            delete = change.options['delete_drives']
            change.found.update(kept_drives(work, change.raw, self.servers(work) if delete else (), delete))
            return
        on = self.starts(change) if change.creates else change.state in ('running', 'restarted') \
            or change.state == 'present' and self.is_on(change)
        check_things(self, work, change, on)
        if change.creates:
            if change.new('image') is not None:
                self.need(change, *self.required)
                change.found['system'] = self.system_drive(self, work, change)
        elif change.options['image'] is not None or change.options['clone_from'] is not None \
                or change.state == 'stopped' and not change.before['persistent']:
            change.found['unnamed'] = used_unnamed(change.raw, self.drives(work))

    def leftovers(self, work, change):
        """Drives that a deletion was to destroy when it was interrupted: the journal names them."""
        entry = change.journal or {}
        if not change.options['delete_drives'] or entry.get('operation') != self.DESTROY or not entry.get('known'):
            return []
        servers = self.servers(work)
        used = {drive['id'] for raw in servers for drive in wire.drives_of(raw)}
        return [self._destroy_drive(drive) for drive in work.client.call('GET /drives/info')
                if drive['drive'] in entry['known'] and drive['drive'] not in used]

    def rest(self, work, steps, answer):
        """The drive that a handle waited for tells by its name whether a server was made on it."""
        place = next((place for place, step in enumerate(steps) if step.id == 'create'), None)
        if place is None or not answer or 'drive' not in answer:
            return steps
        answer = as_it_is(work, answer)
        if stage_of(answer)[1]:
            return self.system_drive.rest(steps, answer)
        name = steps[place].lookup.match['name']
        made = self.find(work, None, name)
        if made is None:
            raise NotFound('server %s was made and is gone; what is left is drive %s, %s. Run the task itself to have '
                           'it made again' % (name, answer['drive'], name_of(answer)), provider=self.provider)
        return [Step(SERVER_INFO, {'uuid': made['server']}, 'look at it', id='create', writes=False)]

    def finished(self, work, change):
        work.journal.clear(work.key)

    def recover(self, work, step, error):
        uuid = step.parameters.get('uuid')
        if step.operation == self.START:
            raw = self.one(work, uuid)
            # It is read before it is sent again, and a second start does no harm.
            return raw if raw and raw['status'] == 'active' else work.client.call(step.operation, **step.parameters)
        found = self.system_drive.recover(work, step)
        return super().recover(work, step, error) if found is None else found

    # -- options ------------------------------------------------------------------------------------------------------
    def check(self, options):
        super().check(options)
        try:
            check(self.provider, options)
        except BadInput as exc:
            exc.provider = self.provider
            raise

    def fill(self, wanted, options, before):
        return wanted if options['state'] == 'absent' else fill(self.provider, wanted, options, before, self.named)

    # -- projection ---------------------------------------------------------------------------------------------------
    def project(self, raw):
        status = raw.get('status')
        return {
            'id': raw.get('server'), 'name': plain(raw.get('name')),
            'state': wire.STATES.get(status, 'unknown'), 'provider_state': status, 'zone': self.zone,
            'cpu_cores': wire.number(raw.get('smp:cores')) or wire.number(raw.get('smp')),
            'cpu_mhz': wire.number(raw.get('cpu')), 'memory_mb': wire.number(raw.get('mem')),
            'public_ipv4': wire.public_addresses(raw, 4), 'public_ipv6': wire.public_addresses(raw, 6),
            'drives': wire.drives_of(raw), 'networks': wire.nics_of(raw),
            'persistent': raw.get('persistent') == 'true',
            'vnc_address': raw.get('vnc:ip') or raw.get('vnc') or None, 'vnc_tls': raw.get('vnc:tls') == 'on',
            'tags': sorted(wire.words(raw.get('tags'))), 'labels': self.labels(raw),
            'provider_options': self.options_of(raw), 'raw': raw,
        }

    def labels(self, raw):
        return None

    def options_of(self, raw):
        """The readable own fields."""
        return {'boot': wire.words(raw.get('boot')), 'parent': raw.get('parent') or None}

    def hidden(self, raw):
        return {'vnc_password': raw.get('password') or raw.get('vnc:password')}

    def predict(self, change):
        sent, before = change.found.get('sent', {}), change.raw or {}
        raw = wire.applied(before, sent)
        power = change.found.get('power')
        if power:
            raw = wire.after_power(raw, 'active' if power == 'on' else 'stopped')
        if self.VNC_ADDRESS != 'vnc:ip' and (power or self.VNC_ADDRESS in sent):
            # It only shows the address in use.
            raw.pop('vnc:ip', None)
        state = dict(dict.fromkeys(self.resource.outputs()), **self.project(raw))
        for name in ('id', 'provider', 'raw') if change.creates else ('provider', 'raw'):
            del state[name]
        return self.flat(state), self._unknown(change, raw, sent, power)

    def _unknown(self, change, raw, sent, power):
        """What only the API can tell: automatic addresses, made-up MAC addresses and numbers of processors."""
        nics = wire.nics_of(raw)
        unknown = set()
        given = {nic['index'] for nic in nics if sent.get('nic:%d:dhcp' % nic['index']) not in (None, '', 'auto')}
        if power and any(nic['address'] and nic['index'] not in given for nic in nics) \
                or any(sent.get('nic:%d:dhcp' % nic['index']) == 'auto' for nic in nics):
            unknown |= {'networks', 'public_ipv4'}
        if any(nic['mac'] is None and 'nic:%d:model' % nic['index'] in sent for nic in nics):
            unknown.add('networks')
        if raw.get(self.VNC_ADDRESS) and (power or self.VNC_ADDRESS in sent) \
                and change.new('vnc_address', 'auto') == 'auto':
            unknown.add('vnc_address')
        said = change.new('cpu_cores') or change.found.get('cores')
        if said is None and (power or 'cpu' in sent or 'smp' in sent):
            unknown.add('cpu_cores')
        if any(not isinstance(value, str) for key, value in sent.items() if re.fullmatch(DEVICE, key)):
            unknown.add('drives')
        return unknown

    # -- steps --------------------------------------------------------------------------------------------------------
    def config(self, change):
        """The keys of the fields that change, in the API's words; an empty value unsets."""
        keys = {key: change.new(name) for name, key in PLAIN.items() if name in change.fields}
        if 'vnc_address' in change.fields:
            keys[self.VNC_ADDRESS] = change.new('vnc_address')
        if 'vnc_password' in change.fields:
            keys[self.VNC_PASSWORD] = change.new('vnc_password')
        if 'vnc_tls' in change.fields:
            keys['vnc:tls'] = 'on' if change.new('vnc_tls') else ''
        if 'labels' in change.fields:
            keys.update(wire.label_keys(change.new('labels'), change.fields['labels'][0]))
        if 'drives' in change.fields:
            keys.update(wire.drive_keys(change.new('drives'), change.fields['drives'][0]))
        if 'networks' in change.fields:
            keys.update(wire.nic_keys(change.new('networks'), change.raw or {}))
        for name, key in self.own_keys().items():
            if self.provider + '.' + name in change.fields:
                keys[key] = change.new(self.provider + '.' + name) or ''
        return {key: ' '.join(value) if isinstance(value, (list, tuple)) else value for key, value in keys.items()}

    def own_keys(self):
        """{own field: key}, where the value goes as it is."""
        return {'parent': 'parent', 'boot': 'boot'}

    def devices(self, change):
        """Where the server will have drives."""
        devices = {each['device'] for each in change.after.get('drives') or []}
        return devices | ({change.found['system'].device} if 'system' in change.found else set())

    def check_boot(self, change):
        """:raises Precondition: when it is to start from a device that it will not have."""
        name = self.provider + '.boot'
        if not change.creates and not {'drives', name} & set(change.fields):
            return
        lacking = sorted(set((change.options.get(self.provider) or {}).get('boot') or ()) - self.devices(change))
        if lacking:
            raise Precondition('%s: the server will have no drive at %s, only at %s' % (
                name, ', '.join(lacking), ', '.join(sorted(self.devices(change))) or 'none'), provider=self.provider)

    def create(self, change):
        self.need(change, *self.required)
        self.check_boot(change)
        keys = self.config(change)
        keys.setdefault('smp', 'auto')
        steps, after, system = [], [], change.found.get('system')
        if system is not None:
            steps, drive, after = system.steps()
            keys[system.device] = drive
            keys.setdefault('boot', system.device)
        elif 'boot' not in keys and change.new('drives'):
            disks = [each['device'] for each in change.new('drives') if each['media'] == 'disk']
            keys['boot'] = (disks or [change.new('drives')[0]['device']])[0]
        return steps + self.make(change, {key: value for key, value in keys.items() if value not in ('', None)}) + after

    def make(self, change, keys):
        """Steps that create the server with these keys, and start it or not."""
        raise NotImplementedError

    def create_step(self, change, operation, keys, wait, **more):
        """The step that makes the server."""
        change.found.update(sent=keys, power='on' if self.starts(change) else 'off')
        return Step(operation, keys, 'create server %s' % change.new('name'), id='create', wait=wait,
                    secret=self.VNC_PASSWORD in keys, lookup=Lookup('GET /servers/info', {'name': change.new('name')},
                                                                    key='server'), **more)

    def made(self, answers):
        return (answers.get('create') or {}).get('server')

    def update(self, change):
        if change.state == 'stopped' and self.is_on(change) and self._ends(change):
            # It is destroyed by its stop, so what is to be changed goes with it.
            return []
        self.check_boot(change)
        keys = self.config(change)
        cold = [name for name in change.fields if self.fields[name].update == 'stop']
        chosen = self._chosen(change)
        if chosen is not None and (cold or chosen and 'cpu_mhz' in change.fields):
            keys['smp'] = change.found['cores'] = change.options['cpu_cores']
            cold.append('cpu_cores')
        change.found['sent'] = dict(keys)
        if not cold or not self.is_on(change):
            return [self._set(change, keys, tried=self.is_on(change))]
        # A server that does not outlive a stop is made to before it is stopped.
        first = [self._set(change, {'persistent': True})] if keys.get('persistent') is True else []
        steps = first + self.while_stopped(change, [self._set(change, keys)], 'changing ' + ', '.join(sorted(cold)))
        change.found['power'] = 'off' if change.state == 'stopped' else 'on'
        return steps

    def _chosen(self, change):
        """For a running server that has as many processors as are wanted: True where the API chose the number, and
        will choose anew; False where it may have; None where it did not, or nothing is wanted."""
        wanted = change.options['cpu_cores'] is not None and 'cpu_cores' not in change.fields
        chosen = wire.chosen_cores(change.raw)
        return None if not wanted or not self.is_on(change) or chosen is False else bool(chosen)

    def stopped(self, change):
        steps = super().stopped(change)
        if steps and change.after is not None and self._chosen(change) is not None:
            # A server that is off shows what was asked for, not what the API chose.
            cores = change.found['cores'] = change.options['cpu_cores']
            change.found['sent'] = dict(change.found.get('sent', {}), smp=cores)
            steps.append(Step(self.SET, {'uuid': change.id, 'smp': cores}, 'keep cpu_cores at %d' % cores, id='cores'))
        return steps

    def _set(self, change, keys, tried=False):
        fields = {*change.fields, 'cpu_cores'} if 'smp' in keys else change.fields
        names = ', '.join(sorted(fields)) if keys != {'persistent': True} else 'persistent'
        step = {'secret': self.VNC_PASSWORD in keys, 'id': 'set'}
        if keys.get('persistent') is True:
            # Whoever stops it next relies on this.
            step['wait'] = persistent_wait(change.id)
        if tried and self.retry_stopped and change.options['allow_stop'] and 'persistent' not in keys \
                and change.state in ('present', 'running') and change.before['persistent']:
            inner = Step(self.SET, dict(keys, uuid=change.id), 'change %s' % names, **step)
            stop = self.noted(change, self.stop(change))
            step['fallback'] = (self.retry_stopped, tuple(stop + [inner] + self.turn_on(change, stop[-1].id)))
            change.found['may_stop'] = True
            # What may have to be done is not what is foreseen.
            del change.found['power']
        return Step(self.SET, dict(keys, uuid=change.id), 'change %s' % names, **step)

    def is_on(self, change):
        return change.before is not None and change.before['provider_state'] not in wire.OFF

    def _ends(self, change):
        """Whether a stop destroys the server, and nothing is wanted of it but that.

        :raises Precondition: when a stop would destroy it and nobody allowed that, or more is to come after it.
        """
        was, shall = change.before['persistent'], change.after['persistent']
        if was and shall or shall and 'persistent' in change.fields:
            return False
        if change.state == 'stopped' and not was and change.options['allow_destroy_on_stop']:
            return True
        if was:
            told = 'a stop would destroy server %s once it is not persistent; set persistent: false while it is off'
        else:
            told = 'a stop would destroy server %s: it is not persistent, as last read; set persistent: true'
        if change.state == 'stopped' and not was:
            told += ', or allow_destroy_on_stop: true'
        raise Precondition(told % change.id, provider=self.provider)

    def stop(self, change):
        change.found['power'] = 'off'
        if not self._ends(change):
            return self._down(change, change.options['force_stop'], gone=False)
        change.after = None
        # Once the server is gone nothing but its name tells that a drive was used.
        return plain_names(change.found.pop('unnamed', ()), still=False) \
            + self._down(change, change.options['force_stop'], destroys=True)

    def _down(self, change, hard, destroys=False, **more):
        """Steps that turn the server off: asked to, and after stop_timeout cut off if `hard`."""
        limit = change.options['stop_timeout']
        cut = self._cut(change.id, 'cut its power, %d seconds after it was asked to shut down' % limit, **more)
        return [Step(self.SHUTDOWN, {'uuid': change.id}, 'shut it down' + (', which destroys it' if destroys else ''),
                     id='stop', destructive=destroys, otherwise=(cut,) if hard else (),
                     wait=stopped_wait(change.id, limit=limit, **more,
                                       hint='' if hard else 'force_stop: true has its power cut then'))]

    def _cut(self, uuid, summary, **more):
        return Step(self.STOP, {'uuid': uuid}, summary, id='stop', destructive=True, wait=stopped_wait(uuid, **more))

    def turn_on(self, change, always_after=''):
        change.found['power'] = 'on'
        automatic = any(nic['address'] for nic in (change.before or {}).get('networks') or [])
        return [Step(self.START, {'uuid': change.id}, 'start it' + ('; an automatic address changes with that'
                                                                    if automatic else ''),
                     id='start', always_after=always_after, wait=server_wait(change.id, 'active'))]

    def running(self, change):
        if change.creates or change.before['state'] == 'running' or change.found.get('was_stopped'):
            return []
        return self.turn_on(change)

    def afterwards(self, change):
        """An interrupted run may not have got to it."""
        return plain_names(change.found.pop('unnamed', ()))

    def delete(self, change):
        uuid, found = change.id, change.found
        # Once the server is gone nothing but its name tells that a drive was used.
        steps, journal = plain_names(found.pop('unnamed'), still=False), {}
        if self.is_on(change) and found['kept']:
            # What stays shall be left in order by the guest; its power is cut only with leave.
            steps += self._down(change, change.options['force_stop'])
        elif self.is_on(change) and self.destroy_needs_stop:
            steps += [self._cut(uuid, 'cut its power')]
        if found['doomed']:
            # Once the server is gone nothing else tells which drives were to go with it.
            journal = {'journal': True, 'known': tuple(drive['drive'] for drive in found['doomed'])}
        steps.append(Step(self.DESTROY, {'uuid': uuid}, 'destroy server %s' % change.before['name'], destructive=True,
                          wait=gone_wait(uuid), **journal))
        return steps + [self._destroy_drive(drive) for drive in found['doomed']]

    @staticmethod
    def _destroy_drive(drive):
        return Step('POST /drives/{uuid}/destroy', {'uuid': drive['drive']},
                    'destroy drive %s' % (drive.get('name') or drive['drive']), destructive=True)

    def kept(self, change):
        return {'kept_drives': change.found.get('kept', [])} if change.state == 'absent' else {}
