# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of the account: neutral fields, and what its crossings share. One has no name to find it by, so new ones
come of a number that there shall be; released is only what is named."""

from __future__ import annotations

import ipaddress

from ..errors import BadInput, NotFound
from ..fields import Field
from ..resource import Crossing, Resource


def _memset():
    from ..providers.memset.static_ip import MemsetStaticIp
    return MemsetStaticIp


def _upcloud():
    from ..providers.upcloud.static_ip import UpCloudStaticIp
    return UpCloudStaticIp


def _cloudsigma():
    from ..providers.cloudsigma.static_ip import CloudSigmaStaticIp
    return CloudSigmaStaticIp


def _elastichosts():
    from ..providers.elastichosts.static_ip import ElasticHostsStaticIp
    return ElasticHostsStaticIp


def at_least(wanted, current):
    """More than wanted is as good: none is ever released for that."""
    return (current or 0) >= wanted


def spelt(address):
    """An address in the form in which it is compared."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address


STATIC_IP = Resource(
    name='static_ip',
    plural='static_ips',
    crossings={'memset': _memset, 'upcloud': _upcloud, 'cloudsigma': _cloudsigma, 'elastichosts': _elastichosts},
    fields={
        'address': Field(update='no', normal=spelt),
        'addresses': Field('list', elements='str', compare='set', update='no',
                           normal=lambda several: sorted(map(spelt, several))),
        'count': Field('int', minimum=1, compare=at_least),
        'server': Field(allow_empty=True),
        'family': Field(choices=('IPv4', 'IPv6'), update='no'),
        'access': Field(choices=('public', 'utility'), update='no'),
        'floating': Field('bool', update='no'),
        'zone': Field(update='no'),
        'ptr_record': Field(),
        'release_policy': Field(choices=('keep', 'release')),
        'mac': Field(),
        'gateway': Field(option=False),
        'netmask': Field(option=False),
        'nameservers': Field('list', elements='str', option=False),
    },
    controls={
        'reboot': Field('bool', default=False, leave=True),
        'allow_stop': Field('bool', default=False, leave=True),
        'force_stop': Field('bool', default=False, leave=True),
        'stop_timeout': Field('int', default=120, minimum=1, hint='seconds', leave=True),
    },
    identity=(('count',), ('name',), ('addresses',), ('address',), ('id',)),
    filters=('server', 'family', 'access', 'floating', 'zone'),
)


def same(one, other):
    """Whether two addresses are the same, however they are spelt."""
    return spelt(one) == spelt(other)


class StaticIpCrossing(Crossing):
    """What all share. A thing is one address, or with `count` or `addresses` several: {'addresses': [raw, ...]}."""

    # -- reads --------------------------------------------------------------------------------------------------------
    def alone(self, work):
        """Two runs on this machine never count, and then buy, at once."""
        if work.options['count'] is None or work.check_mode:
            return super().alone(work)
        # Without the lock nothing tells how many there are to be bought.
        return work.journal.lock(('new addresses',), work.deadline)

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        told = self.problems(options)
        given = [name for name in ('address', 'addresses', 'count') if options[name] is not None]
        given += ['id'] if options['id'] is not None and options['id'] != options['address'] else []
        if len(given) > 1:
            told.append('only one of address, addresses and count can be used, not %s' % ' and '.join(given))
        if options['count'] is not None and options['state'] == 'absent':
            told.append('count does not go with state absent: only an address that is named is released')
        for name in ('id', 'address', 'addresses'):
            value = options[name] or []
            told += ['%s: %r is no address' % (name, each) for each in ([value] if isinstance(value, str) else value)
                     if not _is_address(each)]
        if told:
            raise BadInput('; '.join(told), provider=self.provider)

    def problems(self, options):
        """What in the options does not go together at this provider."""
        return []

    @staticmethod
    def named(options):
        """The one address that the options name, or None."""
        return options['id'] or options['address']

    def key(self, options):
        return super().key(dict(options, id=options.get('id') and spelt(options['id'])))

    def project(self, raw):
        """One address, or several of which what they have in common is told."""
        if 'addresses' not in raw:
            found = self.project_one(raw)
            return dict(found, address=found['id'], addresses=[found['id']], count=1)
        many = [self.project_one(each) for each in raw['addresses']]
        common = {key: value for key, value in (many[0] if many else {}).items()
                  if key not in ('id', 'name') and all(each[key] == value for each in many)}
        return dict(common, addresses=[each['id'] for each in many], count=len(many), id=None, name=None)

    def project_one(self, raw):
        """The neutral state of one address."""
        raise NotImplementedError

    def fill(self, wanted, options, before):
        # How an address is spelt, and which there are, is known from what was read.
        return dict(wanted, address=None, addresses=None)

    def create(self, change):
        """An address that is not there cannot be had: the provider chooses."""
        raise NotFound('the account has no address %s, and none can be chosen; use count to get new ones'
                       % self.named(change.options), provider=self.provider)

    def predict(self, change):
        grows = 'count' in change.fields and not change.creates
        return {}, ('addresses',) if grows else ()

    def made(self, answers):
        return None

    def steps_for(self, change):
        """A number for each address that is to be made."""
        old, new = change.fields['count']
        return range(new - (old or 0))


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
