# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the four simulated clouds share: time, faults, the log of requests, and the shape of a call and its reply.

A provider is plain synchronous code over in-memory state; the event loop calls it for one request at a time,
so nothing here needs a lock.
"""

from __future__ import annotations

import heapq
import itertools
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable

# What a fault may do. "before" happens instead of the operation, "after" once it took effect, "job" to what it starts.
BEFORE = ('drop_before', 'timeout_before', 'status', 'throttle', 'error')
AFTER = ('drop_after', 'timeout_after', 'html', 'truncate', 'empty', 'slow', 'body')
JOB = ('job_fails', 'job_hangs')
# A status of 5xx may come before the effect (the default) or after it ("effect": true).


class Hang(Exception):
    """Hold the connection open and never answer."""


class Drop(Exception):
    """Close the connection without an answer."""


class Canned(Exception):
    """Answer with the status that a fault asks for; the operation does not happen."""


INSTEAD = {'drop_before': Drop, 'timeout_before': Hang, 'status': Canned}


@dataclass
class Call:
    """One HTTP request as a provider sees it."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Any
    body: bytes
    base_url: str = ''
    # The path percent-decoded.
    decoded_path: str = ''
    # Filled in while it is served: the operations, for the log; the fault that alters the reply (the first one, where
    # the call is a batch of operations); and what shall become of the job that the current operation starts.
    operations: list[dict[str, Any]] = field(default_factory=list)
    fault: dict[str, Any] | None = None
    job_fault: str | None = None

    def parameter(self, name, default=None):
        """The last query parameter of that name."""
        found = [value for key, value in self.query if key == name]
        return found[-1] if found else default

    def json(self):
        """The body as JSON; ValueError when it is none."""
        return json.loads(self.body.decode('utf-8'))

    def text(self):
        return self.body.decode('utf-8')


@dataclass
class Reply:
    """One HTTP answer."""

    status: int = 200
    body: bytes = b''
    content_type: str = 'application/json'
    headers: dict[str, str] = field(default_factory=dict)


class Faults:
    """The faults that were asked for, each taken when its nth matching operation comes by."""

    def __init__(self):
        self.items: list[dict[str, Any]] = []
        self._ids = itertools.count(1)

    @staticmethod
    def check(spec):
        """ValueError names what is wrong with a fault."""
        kinds = BEFORE + AFTER + JOB
        if not isinstance(spec, dict) or spec.get('kind') not in kinds:
            raise ValueError('kind must be one of: %s' % ', '.join(kinds))
        known = {'kind', 'provider', 'operation', 'nth', 'times', 'status', 'code', 'message', 'effect', 'seconds',
                 'body', 'content_type', 'keep', 'write', 'headers'}
        if set(spec) - known:
            raise ValueError('unknown: %s' % ', '.join(sorted(set(spec) - known)))
        for key, least in (('nth', 1), ('times', 0), ('keep', 0), ('status', 100)):
            if key in spec and not (isinstance(spec[key], int) and spec[key] >= least):
                raise ValueError('%s must be a number from %d' % (key, least))
        if spec.get('effect') and spec['kind'] != 'status':
            raise ValueError('effect goes with the kind status')

    def add(self, spec):
        """Add one fault."""
        item = {'nth': 1, 'times': 1, **spec, 'id': next(self._ids), 'seen': 0, 'fired': 0}
        self.items.append(item)
        return item

    def take(self, provider, operation, write):
        """The fault due for this operation, if any. Every matching fault counts it as seen; the first due one fires."""
        due = None
        for item in self.items:
            if item.get('provider') not in (None, provider) or item.get('operation') not in (None, operation):
                continue
            if item.get('write') not in (None, write):
                continue
            item['seen'] += 1
            # times: 0 means for ever
            spent = item['times'] and item['fired'] >= item['times']
            if due is None and not spent and item['seen'] >= item['nth']:
                item['fired'] += 1
                due = item
        return due


class World:
    """Time, chance and settings, shared by the providers. Nothing happens between requests: what is due by then
    is run, in order of time, when the next request comes."""

    def __init__(self, job_seconds=2.0, latency_ms=0, seed=1):
        self._start = (job_seconds, latency_ms)
        self.job_seconds = job_seconds
        self.latency_ms = latency_ms
        self.offset = 0.0
        self.random = random.Random(seed)
        self.faults = Faults()
        self.log: list[dict[str, Any]] = []
        # The variables that lead clients here, once the ports are open.
        self.environment: dict[str, str] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self):
        """Seconds since the epoch, as this world counts them."""
        return time.time() + self.offset

    def advance(self, seconds):
        """Let that many seconds pass at once."""
        self.offset += seconds
        self.tick()

    def later(self, seconds, action):
        """Run action() when that many seconds have passed."""
        heapq.heappush(self._due, (self.now() + seconds, next(self._order), action))

    def tick(self):
        """Run what is due."""
        while self._due and self._due[0][0] <= self.now():
            heapq.heappop(self._due)[2]()

    def reset(self):
        """Back to the start: nothing was asked, nothing is to come, no fault, the settings of the command line."""
        self.job_seconds, self.latency_ms = self._start
        self.offset = 0.0
        self.faults.items.clear()
        self.log.clear()
        self._due.clear()

    def uuid(self):
        """A new identifier (reproducible for a given seed)."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


class Provider:
    """Base of the four clouds.

    A subclass gives `name`, `operations` (name as in api/operations.tsv -> True for a write), and the methods below.
    It calls `perform` around every operation it serves, so that faults, the log and the counts see it.
    `host_names` are patterns of the host names of the real service, e.g. '*.example.com', for the virtual port.
    """

    name = ''
    host_names: tuple[str, ...] = ()
    operations: dict[str, bool] = {}

    def __init__(self, world: World):
        self.world = world
        self.counts: dict[str, int] = {}
        self.reset()

    # -- to be written by each provider ---------------------------------------------------------------------------
    def reset(self):
        """Back to the catalogues alone."""
        raise NotImplementedError  # pragma: no cover - abstract

    def handle(self, call: Call) -> Reply:
        """Serve one request: authenticate, decode, perform, encode. Errors are replies, never exceptions."""
        raise NotImplementedError  # pragma: no cover - abstract

    def refuse(self, fault: dict[str, Any]):
        """The exception, in this provider's own type, for a fault of kind 'throttle' or 'error' (code, message)."""
        raise NotImplementedError  # pragma: no cover - abstract

    def state(self) -> dict[str, Any]:
        """Everything there is, as JSON can carry it."""
        raise NotImplementedError  # pragma: no cover - abstract

    def seed(self, kind: str, count: int, options: dict[str, Any]) -> list[str]:
        """Make that many things of a kind at once, ready; returns their ids. ValueError names an unknown kind."""
        raise NotImplementedError  # pragma: no cover - abstract

    def environment(self, base_url: str) -> dict[str, str]:
        """Environment variables that point clients at this provider: credentials and endpoint."""
        raise NotImplementedError  # pragma: no cover - abstract

    # -- shared ---------------------------------------------------------------------------------------------------
    def perform(self, call: Call, operation: str, write: bool, action: Callable[[], Any]):
        """Run one operation of a request under the faults asked for. `write` is whether it could change state."""
        self.counts[operation] = self.counts.get(operation, 0) + 1
        fault = self.world.faults.take(self.name, operation, write)
        kind = fault and fault['kind']
        call.operations.append({'operation': operation, 'write': write, 'fault': kind})
        call.job_fault = kind if kind in JOB else None
        if kind in ('throttle', 'error'):
            raise self.refuse(fault)
        if kind in INSTEAD and not fault.get('effect'):
            call.fault = fault
            raise INSTEAD[kind]()
        if kind in AFTER or kind in INSTEAD:
            call.fault = call.fault or fault
        return action()

    def job_fault(self, call: Call):
        """'job_fails', 'job_hangs' or None: what shall become of the job or state change that this call starts."""
        return call.job_fault
