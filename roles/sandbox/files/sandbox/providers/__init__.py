# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four clouds."""

from __future__ import annotations


def make_providers(world):
    """One of each, in the order of their ports."""
    from .cloudsigma import CloudSigma
    from .elastichosts import ElasticHosts
    from .memset import Memset
    from .upcloud import UpCloud
    return [Memset(world), UpCloud(world), CloudSigma(world), ElasticHosts(world)]
