# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and other text of both APIs, which show some characters as HTML entities."""

from __future__ import annotations

import html

from ...errors import BadInput


def plain(text):
    """A text of an answer as it was written; None where there is none."""
    return html.unescape(text) if text else None


def refuse_entities(provider, options, *names):
    """:raises BadInput: for a text that could not be told from what an answer makes of another one."""
    for name in names:
        text = options.get(name)
        if text and plain(text) != text:
            raise BadInput('%s must not hold an HTML entity such as &amp;, which is how text is shown sometimes' % name,
                           provider=provider)
