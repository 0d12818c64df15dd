# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The monitoring policy of a server. A job sets it, which no read of the server shows before it is over, and another
one is refused meanwhile: so the journal tells of it, and it is waited for."""

from __future__ import annotations

from ...steps import Ref, Step
from .client import job_of, job_wait
from .server_fields import project

SET_POLICY, SET_LEVEL = 'server.monitoring.set_policy', 'server.set_intrusion_detection_alert_level'
SETTINGS = (SET_POLICY, SET_LEVEL)
SUMMARY = 'set the monitoring policy'


def is_policy(entry):
    """Whether an entry of the journal is that of a policy."""
    return bool(entry) and entry.get('operation') == SET_POLICY


def set_policy(service, values, journal):
    """The step. `journal` is False where the journal holds what must not be forgotten for it."""
    return Step(SET_POLICY, dict(values, name=service), SUMMARY, id='policy', journal=journal,
                wait=job_wait(Ref('policy', ('id',)), 'the new monitoring policy'))


def under_way(work, service):
    """(job, parameters) of a policy that is being set by an earlier run, whatever it named the server by; or None."""
    noted = [entry for entry in work.journal.entries().values()
             if is_policy(entry) and entry['parameters'].get('name') == service]
    for entry in noted:
        job = job_of(entry.get('answer'))
        job = job and work.client.find('job.status', id=job['id'])
        if job and not job.get('finished'):
            return job['id'], entry['parameters']
    return None


def after(begun, step):
    """The step, or in its place, or before it, the wait for what is being set."""
    if begun is None:
        return [step]
    job, parameters = begun
    wait = Step('job.status', {'id': job}, '%s: wait for what an earlier run began' % SUMMARY, id='policy-begun',
                writes=False, wait=job_wait(job, 'the new monitoring policy'))
    return [wait] if parameters == step.parameters else [wait, step]


def holds(raw, step):
    """Whether a server has what the step would set."""
    told = project(raw)['provider_options']
    return all(told.get('intrusion_detection_alert_level' if name == 'alert_level' else name) == value
               for name, value in step.parameters.items() if name != 'name')
