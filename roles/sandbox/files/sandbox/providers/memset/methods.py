# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The register of methods: each is a plain function with its parameters declared beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from .errors import ApiError, bad
from .parameters import DryRun, Parameter

METHODS: dict[str, Method] = {}


@dataclass(frozen=True)
class Method:
    name: str
    function: Callable[..., Any]
    write: bool
    parameters: dict[str, Parameter]
    partner: bool = False

    def writes(self, given):
        """Whether a call with those parameters could change state: an order with dry_run cannot."""
        order = self.parameters.get('dry_run')
        if not isinstance(order, DryRun) or order.absent(given.get('dry_run')):
            return self.write
        try:
            return not order.read(given['dry_run'])
        except ValueError:
            return self.write

    def read(self, given):
        """The parameters checked and converted; ApiErrorBadParameters names the first that is wrong."""
        unknown = sorted(set(given) - set(self.parameters))
        if unknown:
            raise ApiError('BadParameters', 'unknown parameter: %s' % ', '.join(unknown))
        found = {}
        for name, parameter in self.parameters.items():
            value = given.get(name)
            if parameter.absent(value):
                if not parameter.optional:
                    raise bad(name, 'This field is required.')
                continue
            try:
                found[name] = parameter.read(value)
            except ValueError as exc:
                raise bad(name, exc) from None
        return found

    def help(self):
        """What system.methodHelp answers."""
        lines = [(self.function.__doc__ or self.name).strip(), '']
        lines += ['%s (%s%s)' % (name, type(parameter).__name__, ', optional' if parameter.optional else '')
                  for name, parameter in self.parameters.items()]
        return '\n'.join(lines).strip()


def method(method_name, /, write=False, partner=False, **parameters):
    """Register a function under the name of a method. It is called with the session and the parameters given."""
    def register(function):
        METHODS[method_name] = Method(method_name, function, write, parameters, partner)
        return function
    return register
