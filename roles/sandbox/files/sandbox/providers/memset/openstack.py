# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""openstack.*: projects and users."""

from __future__ import annotations

from .errors import does_not_exist, not_unique, precondition
from .memstores import user_name
from .methods import method
from .parameters import Boolean, Email, String


def make_project(account, sku='OSP-PUBLIC', **options):
    """An empty project."""
    project = account.add_service('openstack', sku, 'reading', **options)
    project.data.update(project_id=account.cloud.hex(), users=[], firewall_type='none', firewall_rule_group='')
    return project


def project_id():
    return String(max=32, pattern='[0-9a-f]{32}', wrong='Enter 32 hex digits.')


def projects(account):
    return [service for service in account.services.values() if service.type == 'openstack' and service.live]


def project_of(session, project_id):
    for project in projects(session.account):
        if project.data['project_id'] == project_id:
            return project
    raise does_not_exist('project', project_id)


def user_of(session, username):
    if username not in session.account.openstack_users:
        raise does_not_exist('user', username)
    return session.account.openstack_users[username]


def told(account, user):
    return {**user, 'projects': [{'name': project.name, 'id': project.data['project_id']}
                                 for project in projects(account) if user['username'] in project.data['users']]}


@method('openstack.list_projects')
def list_projects(session):
    """List the projects, by name."""
    found = {}
    for project in projects(session.account):
        group = session.cloud.find_group(session.account, project.data['firewall_rule_group'])
        found[project.name] = {
            'project_id': project.data['project_id'], 'auth_url': 'https://auth.example.com:5000/v3',
            'firewall_type': project.data['firewall_type'], 'firewall_rule_group': group.told() if group else {}}
    return found


@method('openstack.sync_users', write=True)
def sync_users(session):
    """Carry changes of users to the cloud."""
    return session.account.start_job(session, 'SYNC-OPENSTACK-USERS')


@method('openstack.project.list_users', project_id=project_id())
def list_users(session, project_id):
    """List the users of a project."""
    project = project_of(session, project_id)
    return [told(session.account, session.account.openstack_users[name]) for name in project.data['users']]


@method('openstack.project.add_user', write=True, project_id=project_id(), username=user_name())
def add_user(session, project_id, username):
    """Let a user into a project."""
    project = project_of(session, project_id)
    user_of(session, username)
    if username in project.data['users']:
        raise precondition("User '%s' has access already" % username)
    project.data['users'].append(username)


@method('openstack.project.remove_user', write=True, project_id=project_id(), username=user_name())
def remove_user(session, project_id, username):
    """Keep a user out of a project."""
    project = project_of(session, project_id)
    user_of(session, username)
    if username not in project.data['users']:
        raise precondition("User '%s' has no access" % username)
    project.data['users'].remove(username)


@method('openstack.user.list')
def user_list(session):
    """List the users of the account."""
    return [told(session.account, user) for user in session.account.openstack_users.values()]


@method('openstack.user.info', username=user_name())
def user_info(session, username):
    """Describe a user."""
    return told(session.account, user_of(session, username))


@method('openstack.user.create', write=True, username=user_name(), password=String(), email=Email(max=255),
        enabled=Boolean(), description=String(max=255, blank=True, optional=True))
def user_create(session, username, password, email, enabled, description=''):
    """Create a user."""
    if username in session.account.openstack_users:
        raise not_unique("User '%s' already exists" % username)
    user = session.account.openstack_users[username] = {
        'username': username, 'description': description, 'email': email, 'enabled': enabled}
    return told(session.account, user)


@method('openstack.user.delete', write=True, username=user_name())
def user_delete(session, username):
    """Delete a user; the job does it."""
    user_of(session, username)

    def done():
        session.account.openstack_users.pop(username, None)
        for project in projects(session.account):
            if username in project.data['users']:
                project.data['users'].remove(username)
    return session.account.start_job(session, 'DELETE-OPENSTACK-USER', finish=done)


@method('openstack.user.disable', write=True, username=user_name())
def user_disable(session, username):
    """Keep a user out."""
    user_of(session, username)['enabled'] = False


@method('openstack.user.enable', write=True, username=user_name())
def user_enable(session, username):
    """Let a user in."""
    user_of(session, username)['enabled'] = True


@method('openstack.user.set_password', write=True, username=user_name(), password=String())
def user_set_password(session, username, password):
    """Give a user another password. It is not kept."""
    user_of(session, username)
    return session.account.start_job(session, 'SET-OPENSTACK-PASSWORD')
