# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""server.monitoring.* and server.status.*"""

from __future__ import annotations

from .errors import bad, does_not_exist, precondition
from .methods import method
from .parameters import Boolean, Choice, Id, Integer, Name, String, Strings

SERVICES = ('http', 'http_string', 'ssh', 'mysql', 'mysql_slave', 'smtp', 'pop3', 'imap', 'tcp', 'disk', 'load', 'ping',
            'ssl_cert')
ALERTS = ('email', 'sms', 'memset-warning', 'memset-alert')
STATUSES = ('OK', 'WARNING', 'CRITICAL', 'UNKNOWN')
# What a basic level may not have alerts for.
EXTRA = ('contact_address', 'port', 'host_name', 'http_check_string')
RULE = {'contact_address': String(optional=True), 'port': Integer(min=1, max=65535, optional=True),
        'host_name': String(optional=True), 'http_check_string': String(optional=True)}


def rule_of(session, name, rule_id):
    rules = session.account.find_server(name).data['monitoring_rules']
    if rule_id not in rules:
        raise does_not_exist('monitoring rule', rule_id)
    return rules[rule_id]


def check_rule(server, rule):
    """Whether the parts of a rule go together and the server's level allows it."""
    service, alert = rule['service'], rule['alert_type']
    memset = alert.startswith('memset-')
    if not memset and not rule.get('contact_address'):
        raise bad('contact_address', 'This field is required.')
    if service in ('tcp', 'http_string') and not rule.get('port'):
        raise bad('port', 'This field is required.')
    for name in ('host_name', 'http_check_string'):
        if service == 'http_string' and not rule.get(name):
            raise bad(name, 'This field is required.')
    if memset and server.server['monitoring_level'] != 'managed':
        raise precondition("Alert type '%s' is not within the server's monitoring level" % alert)


def clean(rule):
    """What does not belong to the kind of rule is empty."""
    if rule['alert_type'].startswith('memset-'):
        rule['contact_address'] = ''
    if rule['service'] not in ('tcp', 'http_string'):
        rule['port'] = ''
    if rule['service'] != 'http_string':
        rule['host_name'] = rule['http_check_string'] = ''
    return rule


@method('server.monitoring.rule_list', name=Name())
def rule_list(session, name):
    """List the monitoring rules of a server."""
    return [dict(rule) for rule in session.account.find_server(name).data['monitoring_rules'].values()]


@method('server.monitoring.rule_info', name=Name(), rule_id=Id())
def rule_info(session, name, rule_id):
    """Describe a monitoring rule."""
    return dict(rule_of(session, name, rule_id))


@method('server.monitoring.rule_create', write=True, name=Name(), service=Choice(*SERVICES),
        alert_type=Choice(*ALERTS), **RULE)
def rule_create(session, name, **fields):
    """Create a monitoring rule."""
    server = session.account.find_server(name)
    check_rule(server, fields)
    rules = server.data['monitoring_rules']
    if len(rules) >= session.account.settings['monitoring_rule_limit']:
        raise precondition('The server has as many monitoring rules as it may have')
    rule = {'rule_id': session.cloud.hex(), **dict.fromkeys(EXTRA, ''), **fields}
    rules[rule['rule_id']] = clean(rule)
    return dict(rule)


@method('server.monitoring.rule_update', write=True, name=Name(), rule_id=Id(),
        service=Choice(*SERVICES, optional=True), alert_type=Choice(*ALERTS, optional=True), **RULE)
def rule_update(session, name, rule_id, **changes):
    """Change a monitoring rule."""
    rule = rule_of(session, name, rule_id)
    check_rule(session.account.find_server(name), {**rule, **changes})
    rule.update(changes)
    return dict(clean(rule))


@method('server.monitoring.rule_delete', write=True, name=Name(), rule_id=Id())
def rule_delete(session, name, rule_id):
    """Delete a monitoring rule."""
    rule_of(session, name, rule_id)
    del session.account.find_server(name).data['monitoring_rules'][rule_id]


@method('server.monitoring.get_policy', name=Name())
def get_policy(session, name):
    """Whether a server is monitored, rebooted by itself, and reminded of."""
    server = session.account.find_server(name).server
    return {'monitoring': server['monitor'], 'auto_reboot': server['monitor'] and not server['no_auto_reboot'],
            'reminder_emails': not server['monitor'] and not server['ignore_monitoring_off']}


@method('server.monitoring.set_policy', write=True, name=Name(), monitoring=Boolean(),
        auto_reboot=Boolean(optional=True), reminder_emails=Boolean(optional=True))
def set_policy(session, name, monitoring, auto_reboot=None, reminder_emails=None):
    """Say how a server is monitored."""
    service = session.account.find_server(name)
    if auto_reboot and not monitoring:
        raise bad('auto_reboot', 'This can only be set when monitoring is enabled.')
    if reminder_emails and monitoring:
        raise bad('reminder_emails', 'This can only be set when monitoring is disabled.')

    def done():
        service.server.update(
            monitor=monitoring, no_auto_reboot=monitoring and auto_reboot is False,
            ignore_monitoring_off=not monitoring and reminder_emails is False)
    return session.account.start_job(session, 'SET-MONITORING-POLICY', service, done, (service.pending, 'policy'))


def statuses(session, service):
    """One for ping, one for each monitoring rule."""
    watched = ['ping'] + [rule['service'] for rule in service.data['monitoring_rules'].values()]
    status = service.data.get('status', 'OK' if service.server['monitor'] else 'UNKNOWN')
    return [{'name': service.name, 'service': kind, 'status': status, 'last_checked': session.account.moment(),
             'detail': '%s - %s' % (kind.upper(), status)} for kind in dict.fromkeys(watched)]


@method('server.status.info', name=Name())
def status_info(session, name):
    """The status of a server: a dictionary as documented, of its first monitored service."""
    return statuses(session, session.account.find_server(name))[0]


@method('server.status.list', names=Strings(optional=True), statuses=Strings(optional=True))
def status_list(session, names=None, **given):
    """The statuses of servers."""
    account = session.account
    wanted = given.get('statuses')
    for value in wanted or ():
        if value not in STATUSES:
            raise bad('statuses', 'Select a valid choice. %s is not one of the available choices.' % value)
    services = [account.find_server(name) for name in names] if names is not None else \
        [service for service in account.servers() if service.live]
    return [status for service in services for status in statuses(session, service)
            if wanted is None or status['status'] in wanted]
