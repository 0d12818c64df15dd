# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, typed. Every kind carries what a person needs to act on it.

The kinds are the `error.kind` of a failed result; docs/architecture.md lists them for users.
"""

from __future__ import annotations


class ApiError(Exception):
    """A failure in words for the user. `kind` is a stable word for playbooks to branch on."""

    kind = 'api'

    def __init__(self, message, provider=None, operation=None, http_status=None, code=None, job=None, request_id=None):
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.operation = operation
        self.http_status = http_status
        self.code = code
        self.job = job
        self.request_id = request_id
        # Seconds that the provider asks us to stay away, where it says so.
        self.retry_after = None
        # A refusal that surely had no effect, although its status is 5xx.
        self.definite = False
        # Some of it took effect before it failed.
        self.partly = False
        # A write that was sent, and may have had its effect, although it fails in the end.
        self.doubtful = False
        # The Wait that it ended, of what goes on nevertheless.
        self.wait = None

    def as_dict(self):
        """The `error` of a failed result: every key, always."""
        return {'kind': self.kind, 'provider': self.provider, 'operation': self.operation, 'code': self.code,
                'http_status': self.http_status, 'message': self.message, 'job': self.job,
                'request_id': self.request_id}

    def __str__(self):
        told = [part for part in (self.provider, self.operation) if part]
        facts = ['HTTP %s' % self.http_status if self.http_status else None,
                 'code %s' % self.code if self.code not in (None, '') else None,
                 'request %s' % self.request_id if self.request_id else None]
        facts = ', '.join(fact for fact in facts if fact)
        return '%s%s%s' % (' '.join(told) + ': ' if told else '', self.message, ' (%s)' % facts if facts else '')


class BadInput(ApiError):
    """An option that cannot be honoured; found before any request."""

    kind = 'input'


class Invalid(ApiError):
    """The provider refused a value."""

    kind = 'invalid'


class Auth(ApiError):
    """The credentials are wrong, or not allowed to do this."""

    kind = 'auth'


class NotFound(ApiError):
    """The thing, or one that it names, is not there."""

    kind = 'not_found'


class Ambiguous(ApiError):
    """A name that more than one thing has."""

    kind = 'ambiguous'


class Conflict(ApiError):
    """The thing is in use, in another state, or its name is taken."""

    kind = 'conflict'


class Precondition(ApiError):
    """What is wanted cannot be done as things are; nothing was written."""

    kind = 'precondition'


class Quota(ApiError):
    """A limit of the account, or its funds, do not cover this."""

    kind = 'quota'


class Throttled(ApiError):
    """Too many requests; the operation did not happen."""

    kind = 'throttled'


class Unavailable(ApiError):
    """The provider could not be reached or cannot serve now; the operation did not happen, or only read."""

    kind = 'unavailable'


class Malformed(ApiError):
    """An answer that is cut short, or not what the document says."""

    kind = 'malformed'


class JobFailed(ApiError):
    """A job or a change of state ended in failure."""

    kind = 'job_failed'


class WaitTimeout(ApiError):
    """The deadline passed while waiting; the job goes on at the provider."""

    kind = 'wait_timeout'


class OutcomeUnknown(ApiError):
    """A write was sent and its answer never came: it may or may not have taken effect."""

    kind = 'outcome_unknown'
