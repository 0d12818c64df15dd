# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugins: one base, and a few lines for each provider.

Everything is read, named and checked before the first host is added, so that a failure adds none.
"""

from __future__ import annotations

import collections
import hashlib
import json
import keyword
import os
import weakref

from ansible.constants import LOCALHOST
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.vars.reserved import get_reserved_names

from ..module_utils import connection, http, spec
from ..module_utils.client import nearest
from ..module_utils.errors import ApiError, BadInput
from ..module_utils.resources.server import SERVER, STATES
from ..module_utils.runner import READ_SECONDS, Context, gather, guarded, open_work
from .action import plain
from .unsafe import inert, untrusted

# {inventory: {host name: (provider, id)}}, of all inventory files: whose variables a host has.
OWNERS = weakref.WeakKeyDictionary()


class CloudInventory(BaseInventoryPlugin, Constructable, Cacheable):
    """Lists the servers of one account. A subclass gives NAME and PROVIDER."""

    PROVIDER = ''
    RESOURCE = SERVER

    # -- the file -----------------------------------------------------------------------------------------------------
    def verify_file(self, path):
        if not super().verify_file(path):
            return False
        why = self._not_mine(path)
        if why:
            self.display.vvv('%s does not take %s: %s' % (self.NAME, path, why))
        return not why

    def _not_mine(self, path):
        """Why a file is not for this plugin, or None."""
        if not path.endswith(('.yml', '.yaml')):
            return 'its name does not end in .yml or .yaml'
        try:
            with open(path, 'rb') as handle:
                if handle.read(14) == b'$ANSIBLE_VAULT':
                    # Only the loader of parse() can open it.
                    return None
            config = DataLoader().load_from_file(path, cache='none')
        except (AnsibleError, OSError) as exc:
            return 'it cannot be read as YAML: %s' % exc
        names = self._names()
        found = config.get('plugin') if isinstance(config, dict) else None
        return None if found in names else 'its plugin is %r, not %s' % (found, ' or '.join(names))

    def _names(self):
        """What `plugin:` may be, as the core sees it: the full name, or one that redirects to it."""
        return getattr(self, '_redirected_names', None) or [self.NAME]

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        try:
            config = self._read_config_data(path)
            self._check(config)
            self._add(self._hosts(self._states(config, cache)))
        except ApiError as exc:
            raise AnsibleParserError(str(exc)) from exc

    def set_options(self, task_keys=None, var_options=None, direct=None):
        """Core types the options of the file, but renders no templates: those of the connection are rendered first."""
        direct = dict(direct or {})
        for name in [*connection.SOURCES[self.PROVIDER], *self._files(), *connection.COMMON, 'filters']:
            if name in direct:
                direct[name] = self._rendered(name, direct[name])
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def _rendered(self, name, value):
        """An option's value from the user's file, rendered once; with lookups and extra vars."""
        try:
            self.templar.available_variables = self._vars
            value = plain(self.templar.template(value))
        except AnsibleError as exc:
            raise BadInput('the option %s cannot be rendered: %s' % (name, exc), provider=self.PROVIDER) from exc
        self._refuse_template('the option %s' % name, value)
        return value

    def _refuse_template(self, what, value):
        if '{{' in json.dumps(value):
            raise BadInput('%s still holds {{ after it was rendered once; if that is part of a secret, put it into a '
                           'file and use the option that ends in _file' % what, provider=self.PROVIDER)

    def _check(self, config):
        """Refuse, before any request, what core lets pass. Connection options of other providers are ignored."""
        others = {name for sources in connection.SOURCES.values() for name in sources}
        known = set(self._options) | {'plugin'}
        for name in map(str, config):
            if name not in known and name.removesuffix('_file') not in others:
                raise BadInput('unknown option %s%s' % (name, nearest(name, known, '; the nearest there are: %s')),
                               provider=self.PROVIDER)
        for entry in self.get_option('hostnames'):
            if not isinstance(entry, str) or '{{' in entry:
                raise BadInput('hostnames must be fields or expressions as in compose, without braces, not %r'
                               % (entry,), provider=self.PROVIDER)
        prefix = self.get_option('variable_prefix') or ''
        names = [prefix + name for name in self.RESOURCE.outputs()]
        if not prefix.isidentifier() or prefix.startswith('ansible_') or not prefix.isascii() \
                or any(keyword.iskeyword(name) or name in get_reserved_names() for name in names):
            raise BadInput('variable_prefix must be letters, digits and underscores that make no reserved name, not %r'
                           % prefix, provider=self.PROVIDER)

    # -- the connection -----------------------------------------------------------------------------------------------
    def _files(self):
        """{option that names a file: option whose value is in it}."""
        return {name + '_file': name for name, source in connection.SOURCES[self.PROVIDER].items() if source.secret}

    def _connection(self, config):
        """The connection options: from the file and the files that it names. The environment is read by connect()."""
        options = {name: self.get_option(name) for name in connection.COMMON}
        for name, source in connection.SOURCES[self.PROVIDER].items():
            if config.get(name) is not None:
                options[name] = self.get_option(name)
            else:
                self._refuse_template('the environment variable %s' % source.env, os.environ.get(source.env))
        for name, target in self._files().items():
            path = self.get_option(name)
            if path is not None and target in options:
                raise BadInput('%s and %s cannot both be set' % (target, name), provider=self.PROVIDER)
            if path is not None:
                options[target] = self._content(name, path)
        return options

    def _content(self, option, path):
        """The one value in a file, which may be encrypted with vault."""
        try:
            with open(self.loader.get_real_file(path), encoding='utf-8') as handle:
                value = handle.read().strip()
        except (AnsibleError, OSError, UnicodeDecodeError) as exc:
            raise BadInput('%s cannot be read: %s' % (option, exc), provider=self.PROVIDER) from exc
        finally:
            self.loader.cleanup_tmp_file(path)
        if not value:
            raise BadInput('%s names an empty file: %s' % (option, path), provider=self.PROVIDER)
        return value

    # -- the servers --------------------------------------------------------------------------------------------------
    def _states(self, config, cache):
        """The neutral states of the servers that pass the filters, from the cache or the API."""
        crossing = self.RESOURCE.crossing(self.PROVIDER)
        options = dict(self._connection(config), provider=self.PROVIDER, filters=self._filters(),
                       details=self._details(crossing))
        raw = self.get_option('raw')
        key = self._cache_key(options, raw)
        caching = self.get_option('cache')
        states = self._cached(key) if caching and cache else None
        if states is None:
            states = self._fetched(options)
            if not raw:
                states = [dict(state, raw=None) for state in states]
            if caching:
                # As text: some labels would else become something of Ansible's when the file is read again.
                self._cache[key] = json.dumps(states)
        return states

    def _cache_key(self, options, raw):
        account = connection.connect(self.PROVIDER, options).account
        told = [self.PROVIDER, account, options['filters'], options['details'], raw, self.RESOURCE.outputs()]
        return '%s_%s' % (self.NAME, hashlib.sha256(json.dumps(told, sort_keys=True).encode('utf-8')).hexdigest()[:32])

    def _cached(self, key):
        try:
            return [dict.fromkeys(self.RESOURCE.outputs()) | state for state in json.loads(self._cache[key])]
        except KeyError:
            return None
        except (AnsibleError, TypeError, ValueError) as exc:
            self._warn('the cache cannot be read (%s); asking the API' % exc)
            return None

    def _fetched(self, options):
        if http.requests is None:
            raise BadInput(missing_required_lib('requests'), provider=self.PROVIDER)
        context = Context(report=lambda text: self.display.v('%s: %s' % (self.NAME, text)), odd=self._warn)
        states = []
        result = _list(self.RESOURCE, options, context, states)
        if result.get('failed'):
            raise AnsibleParserError(result['msg'])
        for text in result.get('warnings', ()):
            self._warn(text)
        self.display.vv('%s: %d servers in %d requests' % (self.NAME, len(states), result['stats']['api_calls']))
        return states

    def _warn(self, text):
        self.display.warning('%s: %s' % (self.NAME, text))

    def _filters(self):
        """The filters, each a dict or a list; refused when they could never fit."""
        known, found = spec.filter_spec(self.RESOURCE), {}
        for name, value in (self.get_option('filters') or {}).items():
            if name not in known:
                raise BadInput('unknown filter %s%s' % (name, nearest(name, known, '; there are: %s')),
                               provider=self.PROVIDER)
            if known[name]['type'] == 'dict' and value is not None and not isinstance(value, dict):
                raise BadInput('the filter %s must be a dictionary' % name, provider=self.PROVIDER)
            if known[name]['type'] == 'list' and value is not None:
                value = [str(item) for item in (value if isinstance(value, list) else [value])]
            found[name] = value
        wrong = set(found.get('state') or ()) - set(STATES)
        if wrong:
            raise BadInput('the filter state can be %s, not %s' % (', '.join(STATES), ', '.join(sorted(wrong))),
                           provider=self.PROVIDER)
        return found

    def _details(self, crossing):
        """Whether a request per server is needed for what the option details asks for."""
        wanted = self.get_option('details')
        if not isinstance(wanted, list):
            try:
                return boolean(wanted)
            except TypeError:
                wanted = [name.strip() for name in str(wanted).split(',')]
        for name in wanted:
            if name not in self.RESOURCE.outputs():
                raise BadInput('details cannot be of %s%s' % (
                    name, nearest(name, self.RESOURCE.outputs(), '; the nearest there are: %s')),
                    provider=self.PROVIDER)
        return any(name in crossing.in_details for name in wanted)

    # -- the hosts ----------------------------------------------------------------------------------------------------
    def _hosts(self, states):
        """[(host name, variables)], in the order of the API."""
        states = list({state['id']: state for state in states}.values())
        prefix = self.get_option('variable_prefix')
        rows, without = [], []
        for state in states:
            address = self._address(state)
            if address is None and self.get_option('on_missing_address') != 'include':
                without.append(state['id'])
                continue
            variables = {prefix + name: value for name, value in state.items()
                         if name != 'raw' or self.get_option('raw')}
            if address is not None:
                variables['ansible_host'] = address
            variables = untrusted(variables)
            rows.append((self._name(state, variables), state, variables))
        self._tell_missing(without)
        names = self._unique([(name, state) for name, state, dummy in rows])
        self._mine = {name: (self.PROVIDER, state['id']) for name, (dummy, state, dummy2) in zip(names, rows)}
        return [(untrusted(name), variables) for name, (dummy, dummy2, variables) in zip(names, rows)]

    def _address(self, state):
        """The first address in the order of address_preference, or None."""
        for kind in self.get_option('address_preference'):
            if state.get(kind):
                return state[kind][0]
        return None

    def _tell_missing(self, idents):
        if not idents:
            return
        told = '%d servers have none of the addresses of address_preference: %s' % (
            len(idents), ', '.join(map(str, idents)))
        if self.get_option('on_missing_address') == 'fail':
            raise BadInput('%s; see the option on_missing_address' % told, provider=self.PROVIDER)
        self.display.v('%s: %s; left out' % (self.NAME, told))

    def _name(self, state, variables):
        """The host name: the first of the option hostnames that gives one, in the end the id."""
        for entry in self.get_option('hostnames'):
            value = state[entry] if entry in self.RESOURCE.outputs() else self._evaluated(entry, state, variables)
            if isinstance(value, list):
                value = value[0] if value else None
            name = '' if value is None or isinstance(value, dict) else plain(str(value)).strip()
            if name and _can_be_host(name):
                return name
            if name:
                self._warn('%r of server %s cannot be a host name; trying the next of hostnames, in the end the id'
                           % (name, state['id']))
        return str(state['id'])

    def _evaluated(self, expression, state, variables):
        try:
            return self._compose(expression, variables)
        except Exception as exc:  # pylint: disable=broad-except
            # As the core does in compose: an expression may not fit every server.
            if self.get_option('strict'):
                raise BadInput('the expression %r of hostnames fails for server %s: %s' % (
                    expression, state['id'], exc), provider=self.PROVIDER) from exc
            return None

    def _unique(self, named):
        """The names, where several servers share one with the id of each appended."""
        names = [self._taken(name, state) for name, state in named]
        while True:
            counts = collections.Counter(names)
            twice = sorted(name for name in counts if counts[name] > 1)
            if not twice:
                return names
            for name in twice:
                self._warn('%d servers would have the host name %s; the id is appended to each' % (counts[name], name))
            names = ['%s_%s' % (name, state['id']) if counts[name] > 1 else name
                     for name, (dummy, state) in zip(names, named)]

    def _taken(self, name, state):
        """The name, with the id appended where it is a group's already, or another file's of another server."""
        owner = OWNERS.get(self.inventory, {}).get(name)
        if name in self.inventory.groups or name in map(self._sanitize_group_name, self.get_option('groups')):
            # The core would put the server's variables on the group.
            why = 'is the name of a group'
        elif owner not in (None, (self.PROVIDER, state['id'])):
            why = 'was given to another server by another inventory file'
        else:
            return name
        self._warn('the host name %s %s; the id %s is appended' % (name, why, state['id']))
        return '%s_%s' % (name, state['id'])

    def _add(self, hosts):
        """Put the hosts into the inventory; a failure leaves none of them there."""
        added = []
        try:
            for name, variables in hosts:
                if self.inventory.get_host(name) is None:
                    added.append(name)
                self.inventory.add_host(name)
                for key, value in variables.items():
                    self.inventory.set_variable(name, key, value)
                self._compose_host(name, variables)
            # Last, since a group named by a tag may have the name of a host that is yet to be added.
            for keyed in self.get_option('keyed_groups'):
                self._add_keyed(keyed, hosts)
        except Exception:
            for name in added:
                self.inventory.remove_host(self.inventory.get_host(name))
            raise
        OWNERS.setdefault(self.inventory, {}).update(self._mine)

    def _compose_host(self, name, variables):
        strict = self.get_option('strict')
        self._set_composite_vars(self.get_option('compose'), variables, name, strict)
        found = self.inventory.get_host(name).vars
        for key in self.get_option('compose'):
            if key in found:
                # What an expression makes of data is data.
                self.inventory.set_variable(name, key, untrusted(found[key]))
        self._add_host_to_composed_groups(self.get_option('groups'), variables, name, strict)

    def _add_keyed(self, keyed, hosts):
        """Groups by an entry of keyed_groups. One odd tag must not fail all, but what fails for all does."""
        errors = {}
        for name, variables in hosts:
            try:
                self._add_host_to_keyed_groups([keyed], variables, name, self.get_option('strict'))
            except Exception as exc:  # pylint: disable=broad-except
                # The core raises bare ones, too, such as for a group that would be its own parent.
                errors[name] = exc
        if errors and (self.get_option('strict') or len(errors) == len(hosts)):
            raise next(iter(errors.values()))
        for name, exc in errors.items():
            self._warn('host %s cannot be put into a group by %s: %s' % (name, keyed.get('key'), exc))


@guarded
def _list(dummy, works, resource, options, context, states):
    """Add the neutral states to `states`; the result tells of failures, with no secret in it."""
    crossing = resource.crossing(options['provider'])
    works.append(open_work(crossing.client, crossing.provider, options, context, READ_SECONDS))
    states.extend(gather(works[0], crossing, options['filters'], details=options['details'], odd=context.odd))


def _can_be_host(name):
    """Whether a text of an API can be a host name: no template, no path, also none in host_vars, such as '..', no line
    break, and not this very machine."""
    return inert(name) and name.isprintable() and '/' not in name and not name.startswith('.') \
        and name.lower() not in LOCALHOST
