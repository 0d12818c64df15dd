# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What resources that are only read share: the API lists them, and one is found in the list."""

from __future__ import annotations

from ..resource import Crossing


class Catalogue(Crossing):
    """A resource that nothing makes, changes or removes."""

    required = ()

    def one(self, work, ident):
        return next((raw for raw in self.all(work) if self.project(raw)['id'] == ident), None)
