# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to wait for after each operation that starts a change of state. UpCloud has no jobs: the thing itself tells."""

from __future__ import annotations

from ...steps import Wait

RECOVERS = 'a server in error comes back by itself as started or stopped; run this again then'


def server(ident, name, *states, **more):
    """Until a server is in one of the provider's states; an error ends it."""
    return Wait('GET /server/{uuid}', {'uuid': ident}, **dict({
        'done': {'state': list(states)}, 'failed': {'state': ['error']}, 'subject': 'server %s' % name,
        'hint': RECOVERS}, **more))


def idle(ident, name):
    """Until a server whose operation was cancelled is idle; one that was being made may go by that."""
    return server(ident, name, 'stopped', 'started', 'error', failed={}, gone=True)


def storage(ident, name, **more):
    """Until a storage can be used."""
    return Wait('GET /storage/{uuid}', {'uuid': ident}, **dict({
        'done': {'state': ['online']}, 'failed': {'state': ['error']}, 'subject': 'the drive %s' % name}, **more))


def imported(ident, name, done=('completed',)):
    return Wait('GET /storage/{uuid}/import', {'uuid': ident}, done={'state': list(done)},
                failed={'state': ['failed', 'cancelled']} if 'cancelled' not in done else {},
                tells='error_message', subject='the import to %s' % name)


# Operation -> function of the UUID it was called with and of the one that its answer names.
AFTER = {
    'POST /server': lambda old, new: server(new, new, 'started'),
    'POST /server/{uuid}/start': lambda old, new: server(old, old, 'started'),
    'POST /server/{uuid}/stop': lambda old, new: server(old, old, 'stopped'),
    # It shows as started until it goes down, so a single look misleads.
    'POST /server/{uuid}/restart': lambda old, new: server(old, old, 'started', steady=3),
    'POST /server/{uuid}/cancel': lambda old, new: idle(old, old),
    'POST /storage': lambda old, new: storage(new, new),
    'PUT /storage/{uuid}': lambda old, new: storage(old, old),
    'POST /storage/{uuid}/clone': lambda old, new: storage(new, new),
    'POST /storage/{uuid}/templatize': lambda old, new: storage(new, new),
    'POST /storage/{uuid}/backup': lambda old, new: storage(new, new),
    'POST /storage/{uuid}/resize': lambda old, new: storage(old, old),
    'POST /storage/{uuid}/restore': lambda old, new: storage(old, old),
    'POST /storage/{uuid}/cancel': lambda old, new: storage(old, old, gone=True),
    'POST /storage/{uuid}/import': lambda old, new: imported(old, old),
    'POST /storage/{uuid}/import/cancel': lambda old, new: imported(old, old, ('cancelled', 'completed', 'failed')),
}


def after(operation, values, answer):
    """The Wait for what a call of an operation has started, or None."""
    if operation.name not in AFTER or values.get('source') == 'direct_upload':
        # A direct upload goes on only when somebody sends the contents.
        return None
    body = (answer or {}).get(operation.answer) if operation.answer else None
    return AFTER[operation.name](values.get('uuid'), (body or {}).get('uuid'))
