# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stateful server for the APIs of Memset, UpCloud, CloudSigma and ElasticHosts.

It is written from the providers' documents and shares no code with the collection's plugins.
"""
