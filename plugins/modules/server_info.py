#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r'''
module: server_info
short_description: Servers on Memset, UpCloud, CloudSigma and ElasticHosts
description: []
'''

EXAMPLES = r'''
'''

RETURN = r'''
'''

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.runner import info_task


def main():
    run(info_task(SERVER))


if __name__ == '__main__':
    main()
