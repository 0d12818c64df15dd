# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: estate_report
short_description: Tell what an estate still lacks
version_added: 0.1.0
description:
  - The role C(indie.cloud.estate) goes by it. From the entries of an estate and what the tasks of the role returned so
    far, it tells what is a mistake, and what is to be done as soon as something else is there or gone.
author:
  - The indie.cloud authors (@indie-cloud)
options:
  _input:
    description:
      - The lists of the estate as the role takes them, by C(servers), C(drives), C(vlans), C(firewalls), C(static_ips)
        and C(dns_reverse), and its C(state).
    type: dict
    required: true
  done:
    description: What the tasks of the role have registered, by the names that the role registers it under.
    type: dict
    required: true
  ahead:
    description: Whether the tasks ran in check mode, so that nothing which they tell of is there yet.
    type: bool
    required: true
positional: done, ahead
"""

EXAMPLES = r"""
- name: Tell which networks the servers of an estate take for granted
  ansible.builtin.debug:
    msg: "{{ (estate | indie.cloud.estate_report({}, true)).unknown_networks }}"
  vars:
    estate:
      servers: [{provider: upcloud, name: web1.example.com, vlans: [back]}]
      vlans: []
"""

RETURN = r"""
_value:
  description: What is to be told; each message names the provider and the entry.
  type: dict
  contains:
    unknown_networks:
      description: Networks that servers name and the estate does not have.
      type: list
      elements: str
    mistakes:
      description:
        - Errors of entries which use nothing that the run has still to make or change before them, and stops that
          nobody allowed, for networks to come.
      type: list
      elements: str
    foreseen:
      description: What is done as soon as servers and networks are there.
      type: list
      elements: str
    held:
      description: What could not be deleted yet, and why.
      type: list
      elements: str
    letting_go:
      description: Providers at which a server is to be deleted or changed, or a group of rules replaced.
      type: list
      elements: str
    left:
      description: Addresses that are not released, since nothing tells which they are.
      type: list
      elements: str
    later:
      description: Which servers each entry names that are not there yet, by C(drives), C(vlans), C(firewalls) and
        C(static_ips).
      type: dict
    private_networks:
      description: The networks of each server, as the option O(indie.cloud.server#module:networks) takes them.
      type: list
      elements: list
"""

# (part of the estate, what its task registers), in the order of the tasks.
MADE = (
    ('vlans', 'estate_vlans_made'),
    ('drives', 'estate_drives_made'),
    ('servers', 'estate_servers_made'),
    ('drives', 'estate_drives_attached'),
    ('vlans', 'estate_vlans_joined'),
    ('firewalls', 'estate_firewalls_made'),
    ('static_ips', 'estate_static_ips_made'),
    ('dns_reverse', 'estate_dns_reverse_made'),
)
# What servers may use.
GONE = (
    ('drives', 'estate_drives_gone'),
    ('vlans', 'estate_vlans_gone'),
    ('firewalls', 'estate_firewalls_gone'),
    ('static_ips', 'estate_static_ips_gone'),
)


def provider_of(entry):
    return entry.get('provider', 'memset')


def name_of(entry):
    """What messages call an entry by."""
    return str(entry.get('name', entry.get('address', '')))


def server_of(entry, name):
    """A server that an entry names, at the provider of the entry; UpCloud has host names, in which case is nothing."""
    provider = provider_of(entry)
    return provider, str(name).lower() if provider == 'upcloud' else str(name)


def servers_in(part, entry):
    """The names of servers that something else is for; at UpCloud the rules of a server are named after it."""
    own = part == 'firewalls' and provider_of(entry) == 'upcloud'
    return [name for name in (*entry.get('servers', ()), entry.get('server'), own and entry['name']) if name]


def told(entry, text, *values):
    """A message about an entry."""
    return '%s: %s' % (provider_of(entry), text % values)


class Report:
    """What an estate lacks: entries by part, results by task, and whether these tell of what is not there yet."""

    def __init__(self, estate, done, ahead):
        self.estate, self.done, self.ahead = estate, done, ahead
        self.to_come = {server_of(entry, entry['name']) for entry, result in self.each('servers', 'estate_servers_made')
                        if ahead and (result.get('server') or {}).get('id', '') is None}
        # Ids by provider and name; in check mode a new network has none, and one that failed is not among them.
        self.networks = {(provider_of(entry), entry['name']): result['vlan']['id']
                         for entry, result in self.each('vlans', 'estate_vlans_made') if result.get('vlan')}

    def each(self, part, task):
        """(entry, its result) of a task that loops over a part of the estate."""
        for result in self.done.get(task, {}).get('results', ()):
            yield self.estate[part][result['estate_index']], result

    def missing(self, entry, servers):
        """Those of the servers that an entry names which are not there yet."""
        return [name for name in servers if server_of(entry, name) in self.to_come]

    def later(self):
        return {part: [self.missing(entry, servers_in(part, entry)) for entry in self.estate[part]]
                for part in ('drives', 'vlans', 'firewalls', 'static_ips')}

    def network(self, entry, name):
        """The id of a network that a server is to be in; None where it is not known yet."""
        return self.networks.get((provider_of(entry), name))

    def private_networks(self):
        """[[network]] of each server, but for those without an id."""
        return [[{'type': 'private', 'network': self.network(entry, name)}
                 for name in entry.get('vlans', ()) if self.network(entry, name)] for entry in self.estate['servers']]

    def unknown_networks(self):
        # At Memset a network gets its servers, and not the other way round.
        had = {(provider_of(entry), entry['name']) for entry in self.estate['vlans']
               if entry.get('state') != 'absent' and provider_of(entry) != 'memset'}
        return [told(entry, '%s: vlans names %s, which is no network of estate_vlans at %s', entry['name'], name,
                     provider_of(entry))
                for entry in self.estate['servers'] if entry.get('state') != 'absent'
                for name in entry.get('vlans', ()) if (provider_of(entry), name) not in had]

    def mistakes(self):
        """Errors that no earlier entry makes right. One that failed is awaited too, so that what needs it is no second
        mistake."""
        found, awaited = [], set()
        for part, task in MADE:
            for entry, result in self.each(part, task):
                error = result.get('error')
                if error and not self.needs(part, entry) & awaited:
                    found.append(told(entry, '%s: %s', name_of(entry), error['message']))
                if error or result.get('steps'):
                    awaited.add((part, provider_of(entry), name_of(entry).lower()))
        return found + self.stops()

    def needs(self, part, entry):
        """{(part, provider, name)} of what an entry uses, but for servers to come that its task leaves out."""
        servers = servers_in(part, entry)
        if part in ('drives', 'vlans') or part == 'firewalls' and provider_of(entry) == 'memset':
            late = self.missing(entry, servers)
            servers = [name for name in servers if name not in late]
        servers += entry.get('remove_servers', ())
        drives = [entry.get('image')]
        if part == 'servers':
            servers.append(entry.get('clone_from'))
            drives += [drive.get(key) for drive in entry.get('drives', ()) for key in ('name', 'image')]
        elif part == 'drives':
            drives.append(entry.get('clone_from'))
        used = {'servers': servers, 'drives': drives, 'firewalls': [entry.get('fallback_group')]}
        return {(kind, provider_of(entry), str(name).lower()) for kind, names in used.items() for name in names if name}

    def stops(self):
        """Servers that a network to come needs stopped, which is not allowed."""
        return [told(entry, '%s: to be put into the network %s it needs to be stopped; set allow_stop: true',
                     entry['name'], name)
                for entry, result in self.each('servers', 'estate_servers_made')
                if ((result.get('diff') or {}).get('before') or {}).get('state', 'stopped') != 'stopped'
                and not entry.get('allow_stop') and entry.get('state') != 'stopped'
                for name in entry.get('vlans', ()) if not self.network(entry, name)]

    def foreseen(self):
        """What check mode leaves out, because what it needs is not there yet."""
        if not self.ahead:
            return []
        found = [told(entry, *self.fate('vlans', {'name': name}, entry['name']))
                 for entry, result in self.each('servers', 'estate_servers_made') if result.get('server')
                 for name in entry.get('vlans', ()) if not self.network(entry, name)]
        for part, names in self.later().items():
            for entry, servers in zip(self.estate[part], names):
                found += [told(entry, *self.fate(part, entry, server)) for server in servers]
        return found

    @staticmethod
    def fate(part, entry, server):
        """(text, values): what an entry is for a server."""
        if part == 'drives':
            return 'the drive %s is attached to %s', entry['name'], server
        if part == 'vlans':
            return 'the server %s is put into the network %s', server, entry['name']
        if part == 'static_ips':
            return '%s is given to %s', ', '.join(entry.get('addresses', [name_of(entry) or 'an address'])), server
        if provider_of(entry) == 'memset':
            return 'the server %s is given the firewall rules %s', server, entry['name']
        return 'the server %s is given its %d firewall rules', server, len(entry.get('rules', ()))

    def letting_go(self):
        """Where what check mode leaves in use may be free by the time that a real run deletes it."""
        tasks = [('servers', 'estate_servers_gone'), ('servers', 'estate_servers_made'),
                 ('firewalls', 'estate_firewalls_made')]
        return sorted({provider_of(entry) for part, task in tasks for entry, result in self.each(part, task)
                       if self.ahead and result.get('steps')
                       and ((result.get('diff') or {}).get('before') or part == 'firewalls')})

    def held(self):
        return [told(entry, '%s is deleted when no server uses it any more. For now %s', name_of(entry),
                     result['error']['message'])
                for part, task in GONE for entry, result in self.each(part, task) if result.get('error')]

    def left(self):
        # Which of the addresses were those that a count asked for cannot be told.
        return [told(entry, 'addresses that count asks for are not released; release each by its address')
                for entry in self.estate['static_ips'] if provider_of(entry) != 'memset' and not name_of(entry)
                and 'absent' in (self.estate.get('state'), entry.get('state'))]


def estate_report(estate, done, ahead):
    """All that there is to tell of an estate."""
    report = Report({'servers': [], 'drives': [], 'vlans': [], 'firewalls': [], 'static_ips': [], 'dns_reverse': [],
                     **estate}, done, ahead)
    return {name: getattr(report, name)() for name in (
        'unknown_networks', 'mistakes', 'foreseen', 'held', 'letting_go', 'private_networks', 'later', 'left')}


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {'estate_report': estate_report}
