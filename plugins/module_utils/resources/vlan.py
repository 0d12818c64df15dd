# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The VLAN: a private network and the servers in it. No provider's words in here."""

from __future__ import annotations

from ..errors import BadInput, Precondition
from ..fields import Field
from ..resource import Crossing, Resource


def _memset():
    from ..providers.memset.vlan import MemsetVlan
    return MemsetVlan


def _upcloud():
    from ..providers.upcloud.vlan import UpCloudVlan
    return UpCloudVlan


def _cloudsigma():
    from ..providers.cloudsigma.vlan import CloudSigmaVlan
    return CloudSigmaVlan


def _elastichosts():
    from ..providers.elastichosts.vlan import ElasticHostsVlan
    return ElasticHostsVlan


VLAN = Resource(
    name='vlan', plural='vlans',
    crossings={'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts},
    fields={
        'zone': Field(update='no'),
        'network': Field(update='no'),
        'servers': Field('list', elements='str', compare='set'),
        'labels': Field('dict', compare='subset'),
    },
    controls={
        'remove_servers': Field('list', elements='str'),
        'prune': Field('bool', default=False, leave=True),
        'purge_labels': Field('bool', default=False, leave=True),
        'allow_stop': Field('bool', default=False, leave=True),
        'force_stop': Field('bool', default=False, leave=True),
        'stop_timeout': Field('int', default=120, minimum=1, hint='seconds', leave=True),
    },
    exact={'purge_labels': 'labels'},
    filters=('zone', 'labels'),
)


class MemberCrossing(Crossing):
    """What things with servers in them share: who joins, who leaves, and how servers are named."""

    def __init__(self, resource):
        super().__init__(resource)
        # {a server's other name: its id}, for servers that are not named by id; ids for the rest.
        self.names = {}

    def check(self, options):
        both = set(options.get('servers') or []) & set(options.get('remove_servers') or [])
        if both:
            raise BadInput('servers and remove_servers both name %s' % ', '.join(sorted(both)), provider=self.provider)
        if options.get('prune') and options.get('servers') is None:
            raise BadInput('prune needs servers: those that stay', provider=self.provider)

    def ident(self, name):
        """The id of a server that is named by it or by its name."""
        return self.names.get(name, name)

    def sides(self, options):
        """(ids of those that shall be members, ids of those that shall not).

        :raises Precondition: for a server that is named on both sides, perhaps by different names.
        """
        put, out = ({self.ident(name): name for name in options.get(side) or []}
                    for side in ('servers', 'remove_servers'))
        both = ['%s (%s)' % (name, ident) for ident, name in sorted(put.items()) if ident in out]
        if both:
            raise Precondition('servers and remove_servers both name %s' % ', '.join(both), provider=self.provider)
        return set(put), set(out)

    def members(self, options, before):
        """The servers that shall be members, or None where nothing is said of them."""
        if options.get('servers') is None and options.get('remove_servers') is None:
            return None
        put, out = self.sides(options)
        now = set() if options.get('prune') or not before else set(before['servers'])
        return sorted((now | put) - out)

    def fill(self, wanted, options, before):
        return dict(wanted, servers=self.members(options, before))

    @staticmethod
    def joining(change):
        now = set(change.before['servers']) if change.before else set()
        return sorted(set(change.new('servers') or []) - now)

    @staticmethod
    def leaving(change):
        if change.before is None or 'servers' not in change.fields:
            return []
        return sorted(set(change.before['servers']) - set(change.new('servers')))
