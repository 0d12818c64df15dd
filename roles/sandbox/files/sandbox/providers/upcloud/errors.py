# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Error codes of UpCloud and the HTTP status of each."""

from __future__ import annotations

# Where the ending of the code doesn't tell the status.
STATUS = {
    'AUTHENTICATION_FAILED': 401,
    'INSUFFICIENT_CREDITS': 402,
    'TRIAL_PLAN': 403,
    'PLAN_CORE_NUMBER_ILLEGAL': 403,
    'PLAN_MEMORY_AMOUNT_ILLEGAL': 403,
    'METHOD_NOT_ALLOWED': 405,
    'LABEL_LIMIT_REACHED': 409,
    'STORAGE_DEVICE_LIMIT_REACHED': 409,
    'SERVER_CREATING_LIMIT_REACHED': 409,
    'FIREWALL_RULE_LIMIT_REACHED': 409,
    'STATIC_ROUTE_LIMIT_REACHED': 409,
    'CORE_MEMORY_UNSUPPORTED': 400,
    'FAILED_TO_ADD_MEMORY': 400,
    'INVALID_LABEL_KEY': 400,
    'INVALID_LABEL_VALUE': 400,
    'DUPLICATE_LABEL_KEYS': 400,
    'INVALID_ROUTE': 400,
    'INVALID_ROUTE_FAMILY': 400,
    'DUPLICATE_ROUTE': 400,
    'UNKNOWN_ATTRIBUTE': 400,
    'ADDRESS_OR_UUID_REQUIRED': 400,
    'PORT_PROTOCOL_MISMATCH': 400,
    'ICMP_TYPE_PROTOCOL_MISMATCH': 400,
    'SOURCE_ADDRESS_ORDER_ILLEGAL': 400,
    'DESTINATION_ADDRESS_ORDER_ILLEGAL': 400,
    'SOURCE_PORT_ORDER_ILLEGAL': 400,
    'DESTINATION_PORT_ORDER_ILLEGAL': 400,
    'CANNOT_DELETE_PRIVATE_ADDRESS': 403,
    'RATE_LIMITED': 429,
}
ENDINGS = (('_INVALID', 400), ('_MISSING', 400), ('_FORBIDDEN', 403), ('_LIMIT_REACHED', 403), ('_NOT_FOUND', 404))


def status_of(code):
    """The HTTP status that goes with a code."""
    if code in STATUS:
        return STATUS[code]
    return next((status for ending, status in ENDINGS if code.endswith(ending)), 409)


class Refused(Exception):
    """An error of the API."""

    def __init__(self, code, message=None, status=None, parameters=()):
        self.code = code
        self.message = message or code.replace('_', ' ').capitalize() + '.'
        self.status = status or status_of(code)
        # (name, reason) of each bad parameter; only the problem format shows them.
        self.parameters = parameters
        super().__init__(self.message)

    def legacy(self):
        """The body as servers, storages and their like give it."""
        return {'error': {'error_code': self.code, 'error_message': self.message}}

    def problem(self, correlation):
        """The body as the newer services give it."""
        found = {'type': 'https://developers.upcloud.com/1.3/errors#ERROR_%s' % self.code,
                 'title': self.message, 'status': self.status, 'correlation_id': correlation}
        if self.parameters:
            found['invalid_params'] = [{'name': name, 'reason': reason} for name, reason in self.parameters]
        return found
