# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""memstore.*: usage, containers and users of a Memstore. Objects are not kept."""

from __future__ import annotations

from .errors import does_not_exist, not_unique, precondition
from .methods import method
from .parameters import Boolean, Integer, Name, String, Strings

USER_NAME = r'[A-Za-z0-9_-][A-Za-z0-9._-]*'
CDN_OFF = {'public': False, 'ttl': 0, 'listing': False, 'index': '0', 'notfound': '0', 'cors': '0'}


def make_memstore(account, sku='CLOUDU1', rental=None, network_zone='reading', **options):
    """An empty Memstore with its administrator."""
    store = account.add_service('cloudstorage', sku, network_zone, rental=rental, **options)
    store.data.update(containers={}, snapshots={}, users={'admin': {'username': 'admin', 'enabled': True,
                                                                    'admin': True}}, usage=usage_zero())
    return store


def usage_zero():
    return {'bytes': 0.0, 'containers': 0, 'objs': 0,
            'bandwidth': {'bytes_in': 0.0, 'bytes_out': 0.0, 'requests': 0.0},
            'cdn_bandwidth': {'bytes_in': 0.0, 'bytes_out': 0.0, 'requests': 0.0}}


def store_of(session, name):
    return session.account.service(name, 'cloudstorage')


def container_of(session, name, container):
    found = store_of(session, name).data['containers']
    if container not in found:
        raise does_not_exist('container', container)
    return found[container]


def user_of(session, name, username):
    found = store_of(session, name).data['users']
    if username not in found:
        raise does_not_exist('user', username)
    return found[username]


def container():
    return String(max=256, pattern='[^/]+', wrong='Enter a valid container name.')


def cdn_container():
    return String(max=256, pattern=r'[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?',
                  wrong='Container name can only contain numbers, letters and hyphens.')


def user_name():
    return String(max=50, pattern=USER_NAME, wrong='Username can only contain numbers, letters, dots, dashes and '
                                                   "underscores, and can't start with a dot.")


def url(name, container, ssl=False):
    return '%s://%s.%s.cdn.example.com/' % ('https' if ssl else 'http', container, name)


def flag(value):
    """'0' stands for what is switched off."""
    return value or '0'


@method('memstore.usage', name=Name())
def usage(session, name):
    """How much a Memstore holds and moved."""
    store = store_of(session, name)
    # Snapshots live in a container of their own.
    snapshots = len(store.data['snapshots'])
    own = snapshots and 'miniserver-snapshots' not in store.data['containers']
    found = dict(store.data['usage'])
    found.update(containers=len(store.data['containers']) + bool(own), objs=found['objs'] + snapshots)
    return found


@method('memstore.container.create', write=True, name=Name(), container=container())
def create_container(session, name, container):
    """Create a container; one that is there already stays as it is."""
    store_of(session, name).data['containers'].setdefault(
        container, {'read_acl': [], 'write_acl': [], 'cdn': dict(CDN_OFF)})


@method('memstore.container.acl', name=Name(), container=container())
def acl(session, name, container):
    """Who may read and write a container."""
    found = container_of(session, name, container)
    return {key: list(found[key]) for key in ('read_acl', 'write_acl')}


@method('memstore.container.set_acl', write=True, name=Name(), container=container(), read_acl=Strings(),
        write_acl=Strings())
def set_acl(session, name, container, read_acl, write_acl):
    """Say anew who may read and write a container; who may write may read."""
    found = container_of(session, name, container)
    found.update(read_acl=list(dict.fromkeys(read_acl)), write_acl=list(dict.fromkeys(write_acl)))


@method('memstore.container.cdn', name=Name(), container=cdn_container())
def cdn(session, name, container):
    """How a container is published."""
    found = container_of(session, name, container)['cdn']
    return {'URL': url(name, container), 'SSL_URL': url(name, container, True), **found}


@method('memstore.container.set_public_cdn', write=True, name=Name(), container=cdn_container(), ttl=Integer(min=0),
        listing=Boolean(optional=True), index=String(optional=True), notfound=String(optional=True),
        cors=String(optional=True))
def set_public_cdn(session, name, container, ttl, listing=False, index=None, notfound=None, cors=None):
    """Publish a container."""
    container_of(session, name, container)['cdn'] = {
        'public': True, 'ttl': ttl, 'listing': listing, 'index': flag(index), 'notfound': flag(notfound),
        'cors': flag(cors)}
    return url(name, container)


@method('memstore.container.unset_public_cdn', write=True, name=Name(), container=cdn_container())
def unset_public_cdn(session, name, container):
    """Publish a container no longer."""
    container_of(session, name, container)['cdn']['public'] = False


@method('memstore.user.list', name=Name())
def user_list(session, name):
    """List the users of a Memstore."""
    return [dict(user) for user in store_of(session, name).data['users'].values()]


@method('memstore.user.info', name=Name(), username=user_name())
def user_info(session, name, username):
    """Describe a user."""
    return dict(user_of(session, name, username))


@method('memstore.user.create', write=True, name=Name(), username=user_name(), password=String(), enabled=Boolean())
def user_create(session, name, username, password, enabled):
    """Create a user."""
    store = store_of(session, name)
    if username in store.data['users']:
        raise not_unique("User '%s' already exists" % username)
    store.data['users'][username] = {'username': username, 'enabled': enabled, 'admin': False}
    return dict(store.data['users'][username])


def not_admin(user, what):
    if user['admin']:
        raise precondition("The admin user can't be %s" % what)
    return user


@method('memstore.user.delete', write=True, name=Name(), username=user_name())
def user_delete(session, name, username):
    """Delete a user."""
    not_admin(user_of(session, name, username), 'deleted')
    del store_of(session, name).data['users'][username]


@method('memstore.user.disable', write=True, name=Name(), username=user_name())
def user_disable(session, name, username):
    """Keep a user out."""
    not_admin(user_of(session, name, username), 'disabled')['enabled'] = False


@method('memstore.user.enable', write=True, name=Name(), username=user_name())
def user_enable(session, name, username):
    """Let a user in."""
    user_of(session, name, username)['enabled'] = True


@method('memstore.user.set_password', write=True, name=Name(), username=user_name(), password=String())
def user_set_password(session, name, username, password):
    """Give a user another password. It is not kept."""
    user_of(session, name, username)
