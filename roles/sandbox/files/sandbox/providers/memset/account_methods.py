# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""apikey.*, payment_method.*, internal.*, memshell.*, website_firewall.*, system.*"""

from __future__ import annotations

import datetime

from .errors import ApiError, bad, does_not_exist, precondition
from .methods import METHODS, method
from .parameters import Boolean, Choice, Date, Dictionary, Float, HostName, Id, Integer, List, Name, String, Strings

RELEASE = '0.20.0'
SCOPES = ('method', 'name')
PATH_LIMIT = 500


# -- API keys -----------------------------------------------------------------------------------------------------
def key_told(key):
    return {'key': key['key'], 'scopes': {name: list(values) for name, values in key['scopes'].items()},
            'comment': key['comment'], 'created': key['created']}


def key_of(session, id):
    found = session.cloud.keys.get(id)
    if found is None or found['account'] != session.account.name:
        raise does_not_exist('API key', id)
    return found


def check_scopes(scopes):
    """Scopes as the API wants them: lists of names of methods and services."""
    reader = Strings()
    for name, values in scopes.items():
        if name not in SCOPES:
            raise bad('scopes', 'Select a valid choice. %s is not one of the available choices.' % name)
        try:
            for value in reader.read(values):
                check_scope(name, String(max=50).read(value))
        except ValueError as exc:
            raise bad('scopes', exc) from None


def check_scope(scope_name, value):
    if scope_name == 'method' and value not in METHODS:
        raise bad('value', "Method '%s' not found" % value)


@method('apikey.list')
def apikey_list(session):
    """List the API keys of the account."""
    return [key_told(key) for key in session.cloud.keys.values() if key['account'] == session.account.name]


@method('apikey.info', id=Id())
def apikey_info(session, id):
    """Describe an API key."""
    return key_told(key_of(session, id))


@method('apikey.create', write=True, scopes=Dictionary(optional=True),
        comment=String(max=255, blank=True, optional=True))
def apikey_create(session, scopes=None, comment=''):
    """Create an API key."""
    mine = [key for key in session.cloud.keys.values() if key['account'] == session.account.name]
    if len(mine) >= session.account.settings['apikey_limit']:
        raise ApiError('Overquota', 'The account has as many API keys as it may have')
    check_scopes(scopes or {})
    scopes = {name: list(dict.fromkeys(values)) for name, values in (scopes or {}).items()}
    return key_told(session.cloud.add_key(session.account, scopes=scopes, comment=comment))


@method('apikey.delete', write=True, id=Id())
def apikey_delete(session, id):
    """Delete an API key."""
    key_of(session, id)
    del session.cloud.keys[id]
    return {}


@method('apikey.add_scope', write=True, id=Id(), scope_name=Choice(*SCOPES), value=String(max=50))
def apikey_add_scope(session, id, scope_name, value):
    """Add a scope to an API key."""
    key = key_of(session, id)
    check_scope(scope_name, value)
    values = key['scopes'].setdefault(scope_name, [])
    if value not in values:
        values.append(value)
    return key_told(key)


@method('apikey.delete_scope', write=True, id=Id(), scope_name=Choice(*SCOPES), value=String(max=50))
def apikey_delete_scope(session, id, scope_name, value):
    """Take a scope from an API key, if it has it."""
    key = key_of(session, id)
    values = [item for item in key['scopes'].pop(scope_name, []) if item != value]
    if values:
        key['scopes'][scope_name] = values
    return key_told(key)


# -- payment methods ----------------------------------------------------------------------------------------------
def payment_of(session, payment_method_id):
    found = session.account.payment_methods.get(payment_method_id)
    if found is None:
        raise does_not_exist('payment method', payment_method_id)
    return found


@method('payment_method.available')
def payment_available(session):
    """List the payment methods."""
    return [dict(found) for found in session.account.payment_methods.values()]


@method('payment_method.info', payment_method_id=String())
def payment_info(session, payment_method_id):
    """Describe a payment method."""
    return dict(payment_of(session, payment_method_id))


@method('payment_method.remove', write=True, payment_method_id=String())
def payment_remove(session, payment_method_id):
    """Remove a card that is not the default."""
    found = payment_of(session, payment_method_id)
    if found['default']:
        raise precondition('This is the default payment method')
    if found['type'] != 'card':
        raise precondition('Only cards can be removed')
    del session.account.payment_methods[payment_method_id]
    return {**found, 'status': 'DELETED'}


@method('payment_method.set_default', write=True, payment_method_id=String())
def payment_set_default(session, payment_method_id):
    """Make a payment method the default."""
    found = payment_of(session, payment_method_id)
    if found.get('status') == 'EXPIRED':
        raise precondition('The card has expired')
    for other in session.account.payment_methods.values():
        other['default'] = other is found
    return dict(found)


# -- internal -----------------------------------------------------------------------------------------------------
ECHO = {'string': String(blank=True, optional=True), 'list': List(optional=True),
        'dictionary': Dictionary(optional=True), 'boolean': Boolean(optional=True), 'float': Float(optional=True),
        'integer': Integer(optional=True), 'date': Date(optional=True)}


@method('internal.echo', **ECHO)
def echo(session, **given):
    """Give the parameters back as they were understood."""
    return {'string': '', 'list': [], 'dictionary': {}, 'boolean': False, 'float': 0.0, 'integer': 0,
            'date': datetime.datetime(1970, 1, 1), **given}


@method('internal.noop')
def noop(session):
    """Nothing but authentication."""
    return {}


@method('internal.release')
def release(session):
    """The release of the API."""
    return {'release': RELEASE}


@method('internal.version')
def version(session):
    """The version of the API."""
    return {'version': RELEASE.rpartition('.')[0]}


# -- MemShell -----------------------------------------------------------------------------------------------------
def shell_of(session, name):
    service = session.account.find_server(name)
    return service.data.setdefault('memshell', {'enabled': False})


def check_password(session, name, password):
    shell = shell_of(session, name)
    if not shell['enabled']:
        raise precondition('Memshell is not enabled')
    if shell['password'] != password:
        raise bad('password', 'The password is wrong.')
    return shell


@method('memshell.info', name=Name())
def memshell_info(session, name):
    """Where MemShell is to be found."""
    return {'enabled': shell_of(session, name)['enabled'], 'hostname': 'memshell.example.com', 'port': 22,
            'username': name}


@method('memshell.enable', write=True, name=Name(), password=String(min=10, optional=True))
def memshell_enable(session, name, password=None):
    """Enable MemShell; without a password one is made."""
    password = password or session.cloud.hex()[:16]
    shell_of(session, name).update(enabled=True, password=password)
    return {'password': password}


@method('memshell.disable', write=True, name=Name(), password=String())
def memshell_disable(session, name, password):
    """Disable MemShell."""
    shell = check_password(session, name, password)
    shell.clear()
    shell['enabled'] = False


@method('memshell.set_password', write=True, name=Name(), current_password=String(), new_password=String(min=10))
def memshell_set_password(session, name, current_password, new_password):
    """Change MemShell's password."""
    check_password(session, name, current_password)['password'] = new_password


# -- website firewall ---------------------------------------------------------------------------------------------
@method('website_firewall.clear_cache', write=True, domain=HostName(), paths=Strings(optional=True))
def clear_cache(session, domain, paths=None):
    """Clear the cache of a protected site, or some of its pages."""
    for service in session.account.services.values():
        if service.type == 'website_firewall' and service.data['domain'] == domain and service.live:
            if paths is not None and len(paths) > PATH_LIMIT:
                raise bad('paths', 'At most %d pages can be cleared at once.' % PATH_LIMIT)
            return session.account.start_job(session, 'CLEAR-WEBSITE-FIREWALL-CACHE', service)
    raise does_not_exist('Website Firewall', domain)


# -- XML-RPC only -------------------------------------------------------------------------------------------------
@method('system.listMethods')
def list_methods(session):
    """List all methods."""
    return sorted(METHODS)


@method('system.methodHelp', method=String())
def method_help(session, method):
    """Describe a method."""
    if method not in METHODS:
        raise ApiError('MethodNotFound', "Method '%s' not found" % method)
    return METHODS[method].help()
