#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r'''
module: job
short_description: x
'''

EXAMPLES = r'''
'''

RETURN = r'''
'''

from ansible_collections.indie.cloud.plugins.module_utils.jobs import JOB
from ansible_collections.indie.cloud.plugins.module_utils.module import run


def main():
    run(JOB)


if __name__ == '__main__':
    main()
