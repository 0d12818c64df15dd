# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A throw-away certificate authority for --tls."""

from __future__ import annotations

import trustme


def make(names, ca_file):
    """A certificate for those names, from a CA made on the spot whose certificate is written to ca_file."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(ca_file)
    return authority.issue_cert(*dict.fromkeys(names))
