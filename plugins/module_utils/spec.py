# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, built from the fields of a resource and of its crossings, so that options cannot drift from code."""

from __future__ import annotations

from . import connection
from .fields import Field
from .resource import ALWAYS

WAIT = {
    'wait': {'type': 'bool', 'default': True},
    'wait_timeout': {'type': 'int', 'default': 900},
}
# Taken by every module, so that a default for the action group can hold it.
STATE_DIR = {'state_dir': {'type': 'path'}}


def field_spec(field: Field):
    """The argument spec of one field."""
    spec = {'type': field.type}
    if field.elements:
        spec['elements'] = field.elements
    if field.options is not None:
        spec['options'] = {name: field_spec(sub) for name, sub in field.options.items()}
    if field.choices and field.type in ('str', 'int') or field.choices and field.elements == 'str':
        spec['choices'] = list(field.choices)
    if field.default is not None:
        spec['default'] = field.default
    if field.required:
        spec['required'] = True
    if field.aliases:
        spec['aliases'] = list(field.aliases)
    # Said always: Ansible else guesses from the name, and warns about 'password_delivery'.
    spec['no_log'] = field.secret
    return spec


def _provider(resource):
    choices = list(resource.crossings)
    spec = {'type': 'str', 'choices': choices}
    if len(choices) == 1:
        spec['default'] = choices[0]
    else:
        spec['required'] = True
    return {'provider': spec}


def resource_spec(resource, provider=None):
    """The spec of a resource module.

    :param provider: whose dict option is spelt out; None spells out all. The dicts of other providers are refused
        by the runner, which needs none of their code for that.
    """
    spec = {**_provider(resource), **connection.argument_spec(), **WAIT, **STATE_DIR,
            'state': {'type': 'str', 'choices': list(resource.states), 'default': resource.states[0]}}
    for name, field in {**ALWAYS, **resource.fields, **resource.controls}.items():
        if field.option:
            spec[name] = field_spec(field)
    for each in resource.crossings:
        spec[each] = {'type': 'dict'}
        if provider in (None, each):
            own = resource.crossing(each).own
            if own:
                spec[each]['options'] = {name: field_spec(field) for name, field in own.items()}
            else:
                del spec[each]
    return spec


def info_spec(resource):
    """The spec of an _info module."""
    return {**_provider(resource), **connection.argument_spec(), **STATE_DIR,
            **{name: {'type': 'str'} for name, field in ALWAYS.items() if resource.fields.get(name, field).option},
            'details': {'type': 'bool', 'default': False},
            **({'filters': {'type': 'dict', 'options': filter_spec(resource)}} if resource.filters else {}),
            **{name: field_spec(field) for name, field in resource.asks.items()}}


def filter_spec(resource):
    """The filters of a resource: each a value, or several of which one must fit."""
    return {name: {'type': 'dict'} if resource.fields[name].type == 'dict' else {'type': 'list', 'elements': 'str'}
            for name in resource.filters}
