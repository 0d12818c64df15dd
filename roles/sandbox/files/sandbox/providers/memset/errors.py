# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memset's seventeen errors: name -> (code, HTTP status)."""

from __future__ import annotations

ERRORS = {
    'ApiError': (1, 400),
    'ApiErrorInternalError': (2, 500),
    'ApiErrorDoesNotExist': (3, 404),
    'ApiErrorForbidden': (4, 403),
    'ApiErrorMethodNotFound': (5, 400),
    'ApiErrorAlreadyInProgress': (6, 400),
    'ApiErrorBadParameters': (7, 400),
    'ApiErrorNotUnique': (8, 400),
    'ApiErrorPreconditionFailed': (9, 412),
    'ApiErrorNotAuthorized': (10, 401),
    'ApiErrorServiceTemporarilyUnavailable': (11, 503),
    'ApiErrorThrottled': (12, 403),
    'ApiErrorOverquota': (13, 403),
    'ApiErrorAccountDoesNotExist': (14, 404),
    'ApiErrorServiceDoesNotExist': (15, 404),
    'ApiErrorPartnerOnly': (16, 401),
    'ApiErrorPartnerRestriction': (17, 401),
}
NAMES = {code: name for name, (code, _status) in ERRORS.items()}


class ApiError(Exception):
    """One error of the API. `kind` is its name without the prefix, e.g. 'DoesNotExist'; '' is the general one."""

    def __init__(self, kind, message, status=None):
        super().__init__(message)
        self.name = 'ApiError' + kind
        self.message = message
        self.code, self.status = ERRORS[self.name]
        self.status = status or self.status

    @classmethod
    def of(cls, code, message, status=None):
        """The error of that code, which may be a number or a name with or without its prefix."""
        text = str(code)
        name = NAMES.get(int(text)) if text.isdigit() else text
        kind = (name or '')[len('ApiError'):] if (name or '').startswith('ApiError') else name or ''
        return cls(kind if 'ApiError' + kind in ERRORS else '', message, status)

    @property
    def text(self):
        """As the protocols without a place for the name give it."""
        return '%s: %s' % (self.name, self.message)

    def body(self):
        return {'error_type': self.name, 'error_code': self.code, 'error': self.message}


def does_not_exist(what, value):
    return ApiError('DoesNotExist', "Couldn't find %s '%s'" % (what, value))


def bad(parameter, message):
    return ApiError('BadParameters', '%s: %s' % (parameter, message))


def precondition(message):
    return ApiError('PreconditionFailed', message)


def in_progress(message):
    return ApiError('AlreadyInProgress', message)


def not_unique(message):
    return ApiError('NotUnique', message)
