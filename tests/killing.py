# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are killed at a request."""

from __future__ import annotations

import time


class Killed(BaseException):
    """The process is killed: nothing of it runs on."""


def kill(monkeypatch, client, operation, nth=1, after=False):
    """Kill the run at the nth call of an operation: before it is sent, or when it has taken effect."""
    send, seen = client.send, []

    def killed(self, called, values, query=None):
        name = getattr(called, 'name', called)
        if name == operation:
            seen.append(name)
        if name != operation or len(seen) != nth:
            return send(self, called, values, query)
        if after:
            send(self, called, values, query)
        raise Killed
    monkeypatch.setattr(client, 'send', killed)


def until(holds, seconds=10):
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
