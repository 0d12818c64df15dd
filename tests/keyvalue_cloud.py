# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudSigma's and ElasticHosts' servers, as tests of the modules use them."""

from __future__ import annotations

import runs

from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER

IMAGES = {'cloudsigma': 'Debian 12 64bit Pre-Installed', 'elastichosts': 'Debian Linux 12'}
# Of the image, in GiB.
SIZES = {'cloudsigma': 3, 'elastichosts': 2}
WEB = {'name': 'web1', 'cpu_mhz': 2000, 'memory_mb': 1024}


class Cloud(runs.Runs):
    """One of the two."""

    def __init__(self, sandbox, provider, folder):
        super().__init__(sandbox, folder, SERVER, provider)
        self.image = IMAGES[provider]
        self.web = dict(WEB, image=self.image)

    same = runs.Runs.unchanged

    def bodies(self, ending):
        """Bodies of the last run's requests to operations that end so, as {key: value}."""
        return [dict(line.partition(' ')[::2] for line in entry['body'].splitlines())
                for entry in self.sandbox.requests() if entry['operation'].endswith(ending)]

    def servers(self):
        return list(self.state()['servers'].values())

    def drives(self):
        return list(self.state()['drives'].values())

    def seed(self, kind='servers', count=1, **options):
        return super().seed(kind, count, **options)
