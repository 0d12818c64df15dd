# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memset's servers. No power switch: an order starts one, a reboot restarts it, a cancellation ends it."""

from __future__ import annotations

import dataclasses

from ...client import nearest
from ...errors import BadInput, OutcomeUnknown, Precondition
from ...resource import Crossing
from ...steps import Lookup, Ref, Step
from . import orders, policy, server_fields
from .client import MemsetClient, job_of, job_wait
from .operations import BAD_PARAMETERS
from .server_fields import FULLSERVER_ONLY, HOW, MINISERVER_ONLY, POLICY, kind_of, order_of

JOURNALLED = ('server.reboot', 'server.reimage_from_stock_image', 'server.reimage_from_snapshot', 'server.upgrade',
              policy.SET_POLICY)
# Whether these are to be done is looked at again before they are.
LOOKED_AT = ('service.cancel', *policy.SETTINGS)


class MemsetServer(Crossing):
    """The id is the service's name at Memset, the name its nickname."""

    provider = 'memset'
    client = MemsetClient
    honours = server_fields.HONOURS
    own = server_fields.OWN
    refuses = server_fields.REFUSES
    required = ('name', 'plan', 'image')
    # server.list tells all that server.info does; no power state, so none can be filtered by.
    in_list = ('id', 'name', 'provider_state', 'zone', 'image', 'public_ipv4', 'public_ipv6', 'private_ipv4',
               'private_ipv6', 'networks', 'created', 'provider_options', 'raw')
    keeps = ('quote',)

    def __init__(self, resource):
        super().__init__(resource)
        # What the list gave, the order that the journal knows, the job of a cancellation that is under way, and the
        # last server read by its id.
        self.listed = []
        self.order = None
        self.leaving = None
        self.seen = None

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        self.listed = work.client.call('server.list')
        return self.listed

    def one(self, work, ident):
        """A cancelled server is none."""
        raw = work.client.find('server.info', name=ident)
        self.seen = None if raw is None or raw.get('status') == 'CANCELLED' else raw
        return self.seen

    def find(self, work, ident, name):
        entry = work.journal.get(work.key)
        raw = super().find(work, ident, name)
        if raw is not None and ident is None and orders.is_order(entry) and not work.check_mode:
            # Named after all, by a run that was killed after that, or by hand: the order is over.
            work.journal.put(work.key, {'service': raw['name']})
        service = entry and (entry['parameters']['name'] if policy.is_policy(entry) else entry.get('service'))
        if raw is None and ident is None and service:
            # server.list leaves out servers on hold; one that was made under this name is known from then.
            raw = self.one(work, service)
            return raw if raw is not None and raw.get('nickname') == name else None
        if raw is None and ident is None and orders.is_order(entry):
            return self._ordered(work, entry)
        if raw is not None and entry and entry.get('operation') == 'service.cancel' \
                and entry['parameters'].get('name') == raw['name']:
            return self._cancelled(work, entry, raw)
        return raw

    def _ordered(self, work, entry):
        """The server of an order in the journal, for absent; else the order is kept, and create() goes on with it."""
        self.order = order = orders.look(work, self, entry)
        if order.fate == 'named':
            return order.raw
        if order.fate == 'renamed' and not orders.ignores(work.options):
            raise Precondition('%s became %s, which is named %s: name it by id, with name to give it that name. %s' % (
                order, order.raw['name'], order.raw['nickname'], orders.ALLOW))
        if order.fate in ('renamed', 'gone'):
            return None
        if work.options['state'] != 'absent' or order.fate in ('failed', 'pending'):
            return None
        if order.fate == 'made':
            return order.raw
        if orders.ignores(work.options):
            return None
        raise Precondition('%s was interrupted, so it cannot be told what to cancel: look at it in Memset\'s control '
                           'panel. %s' % (order, orders.ALLOW))

    def leftovers(self, work, change):
        """A cancellation that an earlier run began is waited for. So is an order of one, whose server has no name yet,
        and then it is cancelled."""
        if self.leaving is not None:
            return [Step('job.status', {'id': self.leaving}, 'wait for the cancellation that an earlier run began',
                         id='cancel', writes=False, wait=job_wait(self.leaving, 'the cancellation'))]
        if self.order is None or self.order.fate != 'pending':
            return []
        return [self._await_order(), *self._cancel(change, Ref('create.wait', ('service',)), 'that it ordered')]

    def _cancelled(self, work, entry, raw):
        """None for a server whose cancellation is under way or done, as far as absent is concerned."""
        job = job_of(entry.get('answer'))
        if job is not None:
            job = work.client.find('job.status', id=job['id'])
        # No job, though it was answered: it was being cancelled already.
        unknown = job is None and (not entry.get('answered') or entry.get('answer') is not None)
        failed = job is not None and job.get('finished') and job.get('error')
        if unknown or failed or orders.ignores(work.options):
            return raw
        told = '%s is cancelled%s, and Memset still lists it' % (raw['name'], ' by job %s' % job['id'] if job else '')
        if work.options['state'] != 'absent':
            raise Precondition('%s; another can be ordered once it is gone. If the cancellation was withdrawn, set '
                               'memset.ignore_open_orders: true' % told)
        if job is not None and not job.get('finished'):
            self.leaving = job['id']
        else:
            work.warnings.append('%s, until %s or until the cancellation is carried out; if it was withdrawn, '
                                 'memset.ignore_open_orders: true cancels again' % (told, raw.get('expiry_date')))
        return None

    def lookups(self, work, change):
        change.found['quote'] = None
        if change.state == 'absent':
            return
        if change.creates:
            self._look_before_order(work, change)
            return
        if self._sets_policy(change):
            change.found['policy'] = policy.under_way(work, change.id)
        if 'name' in change.fields:
            orders.taken(work.client.call('service.list'), change.new('name'), change.id)
        firewall = change.before['memset.firewall']
        if 'memset.firewall_rule_group' in change.fields and firewall not in ('self_managed', 'managed'):
            raise Precondition('memset.firewall_rule_group needs a server whose firewall is self_managed or managed, '
                               'and it is %s' % firewall)
        if 'memset.intrusion_detection_alert_level' in change.fields \
                and change.before['memset.intrusion_detection'] in (None, 'none'):
            raise Precondition('memset.intrusion_detection_alert_level needs a server with intrusion detection, '
                               'and %s has none' % change.id)
        if change.state in ('reimaged', 'upgraded') and change.before['memset.type'] == 'fullserver':
            raise Precondition('state %s is for miniservers only, and %s is a fullserver' % (change.state, change.id))
        if change.state in self.resource.must_exist:
            self._look_at_earlier(work, change)
        if change.state == 'reimaged' and not change.found.get('resumed'):
            self._look_at_snapshot(work, change)
        if change.state == 'upgraded' and not self._resumes(change):
            change.found['quote'] = self._quote_upgrade(work, change)

    def _look_before_order(self, work, change):
        """Find the order to go on with, or make sure that there is none, and ask for the price."""
        self.need(change, *self.required)
        if change.new('memset.intrusion_detection_alert_level') \
                and change.new('memset.intrusion_detection', 'none') == 'none':
            raise Precondition('memset.intrusion_detection_alert_level goes with memset.intrusion_detection; else '
                               'the server would be ordered and the level then refused')
        order, options = self.order, change.options
        if order is not None and order.fate == 'lost' and not orders.ignores(options):
            order = orders.Order('made', order.entry, order.job, orders.claim(work, self, order))
        if order is not None and order.fate == 'failed' and not orders.ignores(options):
            raise Precondition('%s failed. Whether it is charged, and whether Memset mends it, only Memset can tell. %s'
                               % (order, orders.ALLOW))
        if order is not None and order.fate in ('made', 'pending'):
            change.id = order.raw['name'] if order.raw else None
            change.found['order'] = order
            orders.taken(work.client.call('service.list'), options['name'], change.id)
            wanted = order_of(options)
            if wanted != (order.entry['operation'], _without(order.entry['parameters'], 'dry_run')):
                change.notes.append('goes on with %s of an earlier run, which asked for something else: %s'
                                    % (order, order.entry['parameters']))
            return
        change.found['known'] = orders.survey(work, change, self.listed)
        operation, parameters = order_of(options)
        change.found['quote'] = orders.quote(work, operation, parameters, options)

    def _quote_upgrade(self, work, change):
        operation, parameters = self._upgrade(change)
        return orders.quote(work, operation, _without(parameters, 'dry_run'), change.options, orders.UPGRADE_FIGURES)

    def _look_at_earlier(self, work, change):
        """Find what an interrupted run of the same task began: to wait for its job is to go on with that run."""
        entry = change.journal
        if not entry:
            return
        same_once = entry['once'] == change.options.get('once')
        if not entry['answered']:
            if same_once and (entry['operation'], entry['parameters']) == self._one_shot(change) \
                    and change.state != 'restarted' and not orders.ignores(change.options):
                self._look_at_lost(work, change, entry)
            return
        job = job_of(entry['answer'])
        job = job and work.client.find('job.status', id=job['id'])
        if not job or job.get('finished') and job.get('error'):
            return
        if not job['finished'] or same_once and entry['once'] is not None or entry['operation'] == 'server.upgrade':
            change.found['resumed'] = (entry['operation'], entry['parameters'], job['id'])

    def _look_at_lost(self, work, change, entry):
        """Find out whether what lost its answer was carried out.

        :raises Precondition: when nothing shows that; to send it again may be to do it twice.
        """
        operation, parameters = entry['operation'], entry['parameters']
        if operation == 'server.upgrade':
            try:
                self._quote_upgrade(work, change)
            except Precondition as exc:
                if exc.code != BAD_PARAMETERS:
                    raise
                # Memset offered it before it was sent.
                done = True
                change.notes.append('the answer to an earlier run\'s upgrade was lost; it was carried out, since it is '
                                    'no longer offered: %s' % exc.message)
            else:
                done = False
        else:
            done = parameters.get('os') is not None and change.before['image'] == parameters['os'] \
                and parameters['os'] not in entry['known']
            if done:
                change.notes.append('the answer to an earlier run\'s reimage was lost; it was carried out, since the '
                                    'image is %s now' % parameters['os'])
        if done:
            change.found['resumed'] = (operation, parameters, None)
        elif change.state != 'reimaged' or self._must_act(change):
            raise Precondition(
                'the answer to %s of %s, sent at %s, was lost, and nothing shows whether it was carried out. It takes '
                'minutes: look at the server in Memset\'s control panel, or run this again later. If it was carried '
                'out and this goes on, leave this task out. If it was not, set memset.ignore_open_orders: true, and it '
                'is sent again' % (operation, change.id, entry['at']), operation=operation)

    @staticmethod
    def _look_at_snapshot(work, change):
        """:raises Precondition: where the snapshot that is to be installed is not there, or of another kind."""
        wanted = (change.options.get('memset') or {}).get('snapshot')
        if not wanted:
            return
        listed = work.client.find('server.snapshot_list', storage_name=wanted['storage_name']) or []
        found = next((item for item in listed if item['snapshot_path'] == wanted['path']), None)
        if found is None:
            raise Precondition('there is no snapshot %r in the storage %s%s' % (
                wanted['path'], wanted['storage_name'], nearest(wanted['path'], [
                    item['snapshot_path'] for item in listed])))
        if found['image_type'] != wanted['image_type']:
            raise Precondition('the snapshot %r is of the image_type %s, not %s' % (
                wanted['path'], found['image_type'], wanted['image_type']))

    def alone(self, work):
        """Two runs on this machine never order, or cancel, the same server at once."""
        return work.lock(work.key)

    def finished(self, work, change):
        """The nickname is set, so that the name finds the server from now on; or what was journalled is over."""
        entry = work.journal.get(work.key)
        named = self.seen is not None and self.seen.get('nickname') == work.key[-1]
        if named and (orders.is_order(entry) or policy.is_policy(entry)):
            work.journal.put(work.key, {'service': self.seen['name']})
        elif (entry or {}).get('operation') in JOURNALLED:
            work.journal.clear(work.key)

    def noted_by(self, key, state, ident):
        """What a one-shot state does is found again whatever the server is named by, and whatever else is done."""
        return (key[0], ident, state) if ident is not None and state in self.resource.must_exist else key

    def recover(self, work, step, error):
        if step.operation == 'service.cancel':
            # Once more is harmless: what is being cancelled already says so.
            return work.client.call(step.operation, **step.parameters)
        if step.operation.startswith('create.'):
            raise OutcomeUnknown(
                '%s. The order is in the journal: run the same task again when its server may be there; it looks for '
                'it and places no other order' % error.message, operation=error.operation, code=error.code,
                http_status=error.http_status, request_id=error.request_id)
        return super().recover(work, step, error)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        told, own, state = [], options.get('memset') or {}, options['state']
        kind, billing = kind_of(options)
        if kind == 'fullserver' and billing == 'hourly':
            told.append('a fullserver is billed monthly, memset.billing cannot be hourly')
        told += ['memset.%s is for a %s' % (name, other) for other, names in (
            ('fullserver', FULLSERVER_ONLY), ('miniserver', MINISERVER_ONLY)) for name in names
            if own.get(name) is not None and kind != other and (own.get('type') or options.get('plan'))]
        if options.get('size_gb') and (kind, billing) != ('miniserver', 'monthly'):
            told.append('size_gb is for a miniserver that is billed monthly')
        if own.get('partitioning') == 'custom' and not own.get('setup_instructions'):
            told.append('memset.partitioning: custom needs memset.setup_instructions')
        if own.get('firewall_rule_group') and own.get('firewall') in ('none', 'basic'):
            told.append('memset.firewall_rule_group goes with memset.firewall self_managed or managed')
        for name, wanted in (('auto_reboot', True), ('reminder_emails', False)):
            if own.get(name) is not None and own.get('monitoring') is not wanted:
                told.append('memset.%s goes with memset.monitoring: %s' % (name, str(wanted).lower()))
        if state == 'upgraded' and not options.get('plan'):
            told.append('state upgraded needs plan')
        if (own.get('snapshot') is not None) and state != 'reimaged':
            told.append('memset.snapshot goes with state reimaged; to order a server of a snapshot, give its os_option '
                        'as image')
        if state == 'reimaged' and bool(options.get('image')) == bool(own.get('snapshot')):
            told.append('state reimaged needs either image or memset.snapshot')
        if told:
            raise BadInput('; '.join(told), provider=self.provider)

    def project(self, raw):
        return server_fields.project(raw)

    def fill(self, wanted, options, before):
        """Without what says how, and without what a one-shot state does by itself."""
        leave = {'memset.' + name for name in HOW}
        if options['state'] == 'reimaged':
            leave |= {'image', 'ssh_keys', 'memset.os_bits'}
        if options['state'] == 'upgraded':
            leave |= {'plan'}
        return {name: value for name, value in wanted.items() if name not in leave}

    def predict(self, change):
        known, unknown = dict.fromkeys(server_fields.NEVER), []
        if 'memset.monitoring' in change.fields:
            known.update(('memset.' + name, value) for name, value in self._policy(change).items())
        if change.creates:
            known.update({'state': 'unknown', 'provider_state': 'LIVE', 'memset.type': kind_of(change.options)[0]})
            unknown += [name for name in ('memset.' + name for name in server_fields.SHOWN)
                        if name not in known and (name not in change.fields or not self._told(change, name))]
            if change.new('image') not in server_fields.IMAGES:
                unknown.append('image')
        elif change.state == 'upgraded':
            unknown += ['memset.renewal_price_amount', 'memset.renewal_price_vat']
        elif change.found.get('reimages'):
            image = change.options.get('image')
            unknown.append('memset.control_panel')
            if image in server_fields.IMAGES:
                known['image'] = image
            else:
                unknown.append('image')
        return known, tuple(unknown)

    def _told(self, change, name):
        """Whether an option of an order reads back as it went in."""
        return change.new(name) not in self.fields[name].any_value

    @staticmethod
    def _policy(change):
        """The monitoring policy afterwards; what is not said has Memset's defaults (1.2.28)."""
        on = change.new('memset.monitoring', change.after.get('memset.monitoring'))
        wanted = change.options.get('memset') or {}
        return {'monitoring': on, 'auto_reboot': on and wanted.get('auto_reboot') is not False,
                'reminder_emails': not on and wanted.get('reminder_emails') is not False}

    # -- steps --------------------------------------------------------------------------------------------------------
    def create(self, change):
        name, order = change.options['name'], change.found.get('order')
        first = []
        if order is None:
            operation, parameters = order_of(change.options)
            first = [Step(
                operation, dict(parameters, dry_run=False), 'order %s %s with %s for %s' % (
                    ' '.join(reversed(kind_of(change.options))), parameters['sku'], parameters['os'], name),
                id='create', cost=change.found['quote'], journal=True,
                lookup=Lookup('service.list', {'nickname': ''}, tuple(change.found['known']), key='name'),
                wait=job_wait(Ref('create', ('job', 'id')), 'the order of %s' % name))]
        elif change.id is None:
            first = [self._await_order()]
        service = change.id or Ref('create.wait', ('service',))
        return first + [self._rename(service, name)] + self._settings(change, service)

    def _await_order(self):
        job = self.order.job['id']
        return Step('job.status', {'id': job}, 'wait for the order of an earlier run', id='create', writes=False,
                    wait=job_wait(job, 'the order of an earlier run'))

    def made(self, answers):
        return (answers.get('create.wait') or {}).get('service')

    def update(self, change):
        steps = [self._rename(change.id, change.new('name'))] if 'name' in change.fields else []
        if 'memset.firewall_rule_group' in change.fields:
            group = change.new('memset.firewall_rule_group')
            steps.append(Step('firewalling.update', {'name': change.id, 'rule_group_name': group},
                              'apply the firewall rule group %s to %s' % (group, change.id)))
        return steps + self._settings(change, change.id)

    @staticmethod
    def _rename(service, name):
        return Step('service.set_nickname', {'name': service, 'nickname': name}, 'name the server %s' % name,
                    lookup=Lookup('service.list', {'name': service, 'nickname': name}, key='name'))

    def _settings(self, change, service):
        """What is set by operations of its own, on a new server after its order."""
        steps = []
        if self._sets_policy(change):
            wanted = change.options['memset']
            values = {name: wanted[name] for name in POLICY if wanted.get(name) is not None}
            # The journal of a one-shot state is for what must not be done twice.
            steps += policy.after(change.found.get('policy'), policy.set_policy(
                service, values, journal=change.state not in self.resource.must_exist))
        if 'memset.intrusion_detection_alert_level' in change.fields:
            level = change.new('memset.intrusion_detection_alert_level')
            steps.append(Step(policy.SET_LEVEL, {'name': service, 'alert_level': level},
                              'set the alert level of intrusion detection to %d' % level))
        return steps

    @staticmethod
    def _sets_policy(change):
        return any('memset.' + name in change.fields for name in POLICY)

    def delete(self, change):
        return self._cancel(change, change.id, change.id)

    @staticmethod
    def _cancel(change, service, told):
        change.notes.append('a cancellation may raise an invoice; one that is under way already cannot be read, and '
                            'then this changes nothing')
        return [Step('service.cancel', {'name': service}, 'cancel the server %s for good; an invoice is possible'
                     % told, id='cancel', destructive=True, journal=True,
                     wait=job_wait(Ref('cancel', ('id',)), 'the cancellation of the server %s' % told))]

    def rest(self, work, steps, answer):
        """Without a cancellation after another one, and without settings that the server has by now; a policy that is
        being set is waited for."""
        left = []
        for step in steps:
            name = step.parameters.get('name')
            # The order that was waited for tells what it made.
            name = (answer or {}).get('service') if isinstance(name, Ref) else name
            if not name or step.operation not in LOOKED_AT:
                left.append(step)
                continue
            raw = self.one(work, name)
            if step.operation == 'service.cancel':
                left += [step] if raw is not None else []
            elif raw is None or not policy.holds(raw, step):
                step = dataclasses.replace(step, parameters=dict(step.parameters, name=name))
                left += policy.after(policy.under_way(work, name), step) if step.operation == policy.SET_POLICY \
                    else [step]
        return left

    def restarted(self, change):
        return [self._job(change, 'reboot the server %s' % change.id)]

    @staticmethod
    def _restart(change):
        email = (change.options.get('memset') or {}).get('email_address')
        return 'server.reboot', {'name': change.id, **({'email_address': email} if email else {})}

    def reimaged(self, change):
        own, options = change.options.get('memset') or {}, change.options
        change.found['reimages'] = self._must_act(change) or self._resumes(change)
        if not change.found['reimages']:
            return []
        if not own.get('snapshot') and options['image'] not in server_fields.IMAGES:
            # Nothing that can be read lists them all, so it is not refused here.
            change.notes.append('image: %r is no stock system that is known here%s; Memset refuses what it lacks'
                                % (options['image'], nearest(options['image'], server_fields.IMAGES)))
        return [self._job(change, 'erase the server %s and install %s' % (
            change.id, options['image'] or own['snapshot']['path']), destructive=True, known=(change.before['image'],))]

    @staticmethod
    def _must_act(change):
        """Whether a reimage is wanted that an earlier one does not make needless."""
        own, options = change.options.get('memset') or {}, change.options
        return bool(own.get('snapshot') or own.get('force_reimage') or options.get('once')
                    or options['image'] != change.before['image'])

    @staticmethod
    def _reimage(change):
        own, options = change.options.get('memset') or {}, change.options
        if own.get('snapshot'):
            snapshot = own['snapshot']
            return 'server.reimage_from_snapshot', {
                'name': change.id, 'snapshot_path': snapshot['path'], 'storage_name': snapshot['storage_name'],
                'image_type': snapshot['image_type']}
        parameters = {'name': change.id, 'os': options['image'], 'os_bits': own.get('os_bits'),
                      'pub_ssh_key': (options.get('ssh_keys') or [None])[0]}
        return 'server.reimage_from_stock_image', {
            name: value for name, value in parameters.items() if value is not None}

    def upgraded(self, change):
        return [self._job(change, 'upgrade the server %s to %s' % (change.id, change.options['plan']),
                          path=('job', 'id'), cost=change.found['quote'])]

    @staticmethod
    def _upgrade(change):
        disk = (change.options.get('memset') or {}).get('upgrade_disk')
        parameters = {'name': change.id, 'new_sku': change.options['plan'], 'dry_run': False}
        return 'server.upgrade', parameters if disk is None else dict(parameters, upgrade_disk=disk)

    def _one_shot(self, change):
        """(operation, parameters) of what a one-shot state does."""
        return {'restarted': self._restart, 'reimaged': self._reimage, 'upgraded': self._upgrade}[change.state](change)

    def _resumes(self, change):
        """Whether an interrupted run has begun the very same."""
        return change.found.get('resumed', ())[:2] == self._one_shot(change)

    def _job(self, change, summary, path=('id',), **facts):
        """The step that starts a job, or the one that waits for what an interrupted run of this task started."""
        if self._resumes(change):
            job = change.found['resumed'][2]
            if job is None:
                return Step('server.info', {'name': change.id}, '%s: an earlier run did' % summary, id='job',
                            writes=False)
            return Step('job.status', {'id': job}, '%s: wait for what an earlier run began' % summary, id='job',
                        writes=False, wait=job_wait(job, summary))
        operation, parameters = self._one_shot(change)
        return Step(operation, parameters, summary, id='job', journal=True, wait=job_wait(Ref('job', path), summary),
                    **facts)

    def kept(self, change):
        return {'quote': change.found.get('quote')}


def _without(values, name):
    return {key: value for key, value in values.items() if key != name}
