# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset in the sandbox: keys, payment, bandwidth, MemShell, Memstore, OpenStack, partners, monitoring, seeds."""

from __future__ import annotations

import pytest

from memset_client import Client

USER = {'user_email': 'jane@example.com', 'user_title': 'Ms', 'user_forename': 'Jane', 'user_surname': 'Doe',
        'user_phone': '01', 'user_address': '1 Street', 'user_town': 'Town', 'user_statecounty': 'County',
        'user_country': 'GB', 'user_postcode': 'A1 1AA'}


@pytest.fixture
def memset(sandbox):
    return Client(sandbox)


def test_api_keys(memset):
    made = memset.call('apikey.create', scopes={'name': ['a1']}, comment='mine')
    assert set(made) == {'key', 'scopes', 'comment', 'created'} and made['scopes'] == {'name': ['a1']}
    key = made['key']
    assert memset.call('apikey.add_scope', id=key, scope_name='method', value='server.info')['scopes'] == {
        'name': ['a1'], 'method': ['server.info']}
    assert memset.call('apikey.delete_scope', id=key, scope_name='name', value='none')['scopes']['name'] == ['a1']
    assert memset.call('apikey.delete_scope', id=key, scope_name='name', value='a1')['scopes'] == {
        'method': ['server.info']}
    assert len(memset.call('apikey.list')) == 2
    assert memset.error('apikey.create', scopes={'method': ['no.such']}) == (7, 400)
    assert memset.error('apikey.create', scopes={'zone': ['x']}) == (7, 400)
    assert memset.call('apikey.delete', id=key) == {}
    assert memset.error('apikey.info', id=key) == (3, 404)
    memset.key = key
    assert memset.error('internal.noop') == (4, 403)


def test_payment_methods(memset):
    assert [item['id'] for item in memset.call('payment_method.available') if item['default']] == ['pm1']
    assert memset.error('payment_method.remove', payment_method_id='pm1') == (9, 412)
    assert memset.call('payment_method.remove', payment_method_id='pm2')['status'] == 'DELETED'
    assert memset.error('payment_method.info', payment_method_id='pm2') == (3, 404)
    assert memset.call('payment_method.set_default', payment_method_id='pm3')['default'] is True
    assert memset.call('payment_method.info', payment_method_id='pm1')['default'] is False


def test_bandwidth(memset):
    server, = memset.seed(servers=1)
    store, = memset.seed(memstores=1)
    info = memset.call('bandwidth.info', name=server)['miniserver']
    assert info['connection_type'] == 'metered' and 'remaining' in info and 'contention' not in info
    assert set(memset.call('bandwidth.info', name=store)) == {'cloudstorage', 'cdn'}
    assert len(memset.call('bandwidth.usage', name=server)['miniserver']) == 24
    assert memset.call('bandwidth.monthly_usage', name=server, year=2001) == {'miniserver': []}
    assert set(memset.call('bandwidth.monthly_usage', name=server)['miniserver'][0]) == {'date', 'bytes_in',
                                                                                         'bytes_out'}
    assert memset.error('bandwidth.usage', name=server, period='decade') == (7, 400)
    assert memset.error('bandwidth.monthly_usage', name=server, year=1999) == (7, 400)


def test_memshell(memset):
    server, = memset.seed(servers=1)
    assert memset.call('memshell.info', name=server)['enabled'] is False
    assert memset.error('memshell.disable', name=server, password='x' * 10) == (9, 412)
    password = memset.call('memshell.enable', name=server)['password']
    assert memset.error('memshell.set_password', name=server, current_password='wrong',
                        new_password='y' * 10) == (7, 400)
    assert memset.call('memshell.set_password', name=server, current_password=password, new_password='y' * 10) is None
    assert memset.call('memshell.info', name=server)['enabled'] is True
    memset.call('memshell.disable', name=server, password='y' * 10)
    assert memset.call('memshell.info', name=server)['enabled'] is False
    assert memset.error('memshell.enable', name=server, password='short') == (7, 400)


def test_memstore(memset):
    store, = memset.seed(memstores=1)
    assert memset.call('memstore.user.list', name=store) == [{'username': 'admin', 'enabled': True, 'admin': True}]
    user = {'name': store, 'username': 'jane'}
    made = memset.call('memstore.user.create', **user, password='p', enabled=True)
    assert made == {'username': 'jane', 'enabled': True, 'admin': False}
    assert memset.error('memstore.user.create', **user, password='p', enabled=True) == (8, 400)
    assert memset.error('memstore.user.create', name=store, username='.x', password='p', enabled=True) == (7, 400)
    memset.call('memstore.user.disable', **user)
    assert memset.call('memstore.user.info', **user)['enabled'] is False
    memset.call('memstore.user.enable', **user)
    memset.call('memstore.user.set_password', **user, password='q')
    assert memset.error('memstore.user.delete', name=store, username='admin') == (9, 412)
    box = {'name': store, 'container': 'box'}
    assert memset.error('memstore.container.acl', **box) == (3, 404)
    assert memset.call('memstore.container.create', **box) is None
    memset.call('memstore.container.set_acl', **box, read_acl=['jane'], write_acl=[])
    assert memset.call('memstore.container.acl', **box) == {'read_acl': ['jane'], 'write_acl': []}
    assert memset.call('memstore.container.cdn', **box)['public'] is False
    address = memset.call('memstore.container.set_public_cdn', **box, ttl=60, index='index.html')
    cdn = memset.call('memstore.container.cdn', **box)
    assert (cdn['URL'], cdn['ttl'], cdn['index'], cdn['cors'], cdn['public']) == (address, 60, 'index.html', '0', True)
    memset.call('memstore.container.unset_public_cdn', **box)
    assert memset.call('memstore.container.cdn', **box)['public'] is False
    assert memset.call('memstore.usage', name=store)['containers'] == 1
    memset.call('memstore.user.delete', **user)
    assert memset.error('memstore.user.info', **user) == (3, 404)


def test_openstack(memset):
    name, = memset.seed(openstack_projects=1)
    project = memset.call('openstack.list_projects')[name]['project_id']
    given = {'username': 'jane', 'password': 'p', 'email': 'j@example.com', 'enabled': True}
    made = memset.call('openstack.user.create', **given)
    assert made == {'username': 'jane', 'description': '', 'email': 'j@example.com', 'enabled': True, 'projects': []}
    assert memset.error('openstack.user.create', **given) == (8, 400)
    memset.call('openstack.project.add_user', project_id=project, username='jane')
    assert memset.call('openstack.user.info', username='jane')['projects'] == [{'name': name, 'id': project}]
    assert [user['username'] for user in memset.call('openstack.project.list_users', project_id=project)] == ['jane']
    memset.call('openstack.user.disable', username='jane')
    assert memset.call('openstack.user.list')[0]['enabled'] is False
    memset.call('openstack.user.enable', username='jane')
    memset.call('openstack.project.remove_user', project_id=project, username='jane')
    assert memset.done(memset.call('openstack.user.set_password', username='jane', password='q'))['finished']
    assert memset.done(memset.call('openstack.sync_users'))['finished']
    memset.done(memset.call('openstack.user.delete', username='jane'))
    assert memset.error('openstack.user.info', username='jane') == (3, 404)
    assert memset.error('openstack.project.list_users', project_id='0' * 32) == (3, 404)


def test_the_partner_example(memset):
    made = memset.call('partner.account.create', **USER)
    assert memset.call('partner.account.list') == [made['account']]
    child = Client({'MEMSET_API_URL': memset.url, 'MEMSET_API_KEY': made['api_key']['key'],
                    'INDIE_SANDBOX_URL': memset.control})
    service = child.done(child.call('create.memstore', sku='CLOUDF5', dry_run=False)['job'])['service']
    assert [item['name'] for item in memset.call('partner.service.list')] == [service]
    assert memset.call('service.list') == []
    given = {'account_name': made['account'], 'service': service, 'comment': 'c'}
    key = memset.call('partner.apikey.create', **given, methods=['memstore.usage'])
    assert key['scopes'] == {'name': [service], 'method': ['memstore.usage']}
    assert len(memset.call('partner.apikey.list', account_name=made['account'])) == 2
    child.key = key['key']
    assert child.call('memstore.usage', name=service)['objs'] == 0
    assert child.error('memstore.user.list', name=service) == (4, 403)
    child.key = made['api_key']['key']
    assert child.error('partner.account.list') == (16, 401)
    assert child.error('apikey.list') == (17, 401)
    assert memset.error('partner.apikey.list', account_name='none') == (14, 404)
    assert memset.error('partner.apikey.create', **{**given, 'service': 'none'}) == (15, 404)
    assert memset.error('partner.account.create', **{**USER, 'user_title': 'Lord'}) == (7, 400)


def test_monitoring(memset):
    server, = memset.seed(servers=1)
    rule = {'name': server, 'service': 'tcp', 'alert_type': 'email', 'contact_address': 'a@example.com', 'port': 99}
    made = memset.call('server.monitoring.rule_create', **rule)
    assert (made['port'], made['host_name']) == (99, '')
    where = {'name': server, 'rule_id': made['rule_id']}
    assert memset.call('server.monitoring.rule_update', **where, service='http')['port'] == ''
    assert memset.call('server.monitoring.rule_list', name=server)[0]['service'] == 'http'
    assert memset.error('server.monitoring.rule_create', **{**rule, 'port': None}) == (7, 400)
    assert memset.error('server.monitoring.rule_create', **{**rule, 'alert_type': 'memset-alert'}) == (9, 412)
    memset.call('server.monitoring.rule_delete', **where)
    assert memset.error('server.monitoring.rule_info', **where) == (3, 404)
    assert memset.call('server.monitoring.get_policy', name=server) == {
        'monitoring': True, 'auto_reboot': True, 'reminder_emails': False}
    assert memset.error('server.monitoring.set_policy', name=server, monitoring=False, auto_reboot=True) == (7, 400)
    job = memset.call('server.monitoring.set_policy', name=server, monitoring=False, reminder_emails=False)
    assert memset.error('server.monitoring.set_policy', name=server, monitoring=True) == (6, 400)
    memset.done(job)
    info = memset.call('server.info', name=server)
    assert (info['monitor'], info['ignore_monitoring_off']) == (False, True)
    assert memset.call('server.status.info', name=server)['status'] == 'UNKNOWN'
    assert memset.call('server.status.list', statuses=['OK']) == []
    assert memset.error('server.status.list', names=['none']) == (3, 404)


def test_website_firewall(memset):
    memset.seed(website_firewalls=1, options={'domain': 'www.example.com'})
    assert memset.done(memset.call('website_firewall.clear_cache', domain='www.example.com'))['finished']
    assert memset.error('website_firewall.clear_cache', domain='www.example.com', paths=['x'] * 501) == (7, 400)
    assert memset.error('website_firewall.clear_cache', domain='other.example.com') == (3, 404)


def test_seeds_say_what_is_wrong(memset):
    for spec in ({'boats': 1}, {'servers': 1, 'options': {'sku': 'CLOUDU1'}}, {'zones': 1, 'options': {'depth': 1}},
                 {'settings': 1, 'options': {'x': 1}}, {'servers': 2, 'options': {'nicknames': ['a']}},
                 {'vlans': 1, 'options': {'depth': 1}}, {'servers': 1, 'options': {'account': 'none'}},
                 {'servers': 1, 'options': {'depth': 1}}):
        answer = memset.http.post(memset.control + '/seed', json={'provider': 'memset', **spec}, timeout=10)
        assert answer.status_code == 400, spec


def test_every_kind_can_be_seeded(memset):
    for kind in ('servers', 'memstores', 'vlans', 'loadbalancers', 'clusters', 'openstack_projects', 'zones',
                 'rule_groups', 'snapshots', 'invoices', 'website_firewalls', 'services', 'apikeys', 'discount_codes',
                 'accounts'):
        assert len(memset.seed(**{kind: 2})) == 2, kind
    state = memset.state()
    assert len(state['zones']) == len(state['rule_groups']) == len(state['accounts']) == 2
    assert {service['type'] for service in state['services'].values()} >= {'miniserver', 'vlan', 'cluster'}
