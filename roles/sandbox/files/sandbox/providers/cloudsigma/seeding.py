# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CloudSigma has to seed beyond the common kinds."""

from __future__ import annotations

from ..keyvalue.seeding import Seeding
from .subscriptions import RESOURCES


class CloudSigmaSeeding(Seeding):
    options = Seeding.options | {'description', 'members', 'type', 'quantity', 'months', 'total', 'os', 'bits',
                                 'drive_type', 'licenses', 'install_notes'}

    def __init__(self, provider):
        super().__init__(provider)
        self.kinds.update(servergroups=self.servergroups, subscriptions=self.subscriptions,
                          transactions=self.transactions)

    def servergroups(self, count, options):
        """Options: name(s), prefix, id(s), description, members (uuids of servers)."""
        groups, made = self._provider.groups, []
        for name, identity in self._named(count, options, 'group'):
            group = groups.make(name, str(options.get('description', '')), identity)
            groups.members[group['uuid']] = [self._provider.servers.find(uuid).id
                                             for uuid in options.get('members', ())]
            made.append(group['uuid'])
        return made

    def subscriptions(self, count, options):
        """Options: type (cpu, mem, disk, xfer), quantity, months."""
        if options.get('type', 'cpu') not in RESOURCES:
            raise ValueError('type: one of %s is expected' % ', '.join(RESOURCES))
        return [self._provider.subscriptions.add(
            options.get('type', 'cpu'), int(options.get('quantity', 2000)), int(options.get('months', 1)),
            self._provider.world.now())['subscription'] for _number in range(count)]

    def transactions(self, count, options):
        """Options: description, total."""
        for number in range(count):
            self._provider.account.pay(str(options.get('description', 'Use number %d' % (number + 1))),
                                       float(options.get('total', -1.5)))
        return [str(number) for number in range(count)]
