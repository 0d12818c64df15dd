# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps as JSON, as a handle carries them from a task with wait: false to the module job."""

from __future__ import annotations

import dataclasses

from .steps import NULL, Lookup, Ref, Step, Wait, resolve

_PARTS = {'wait': Wait, 'lookup': Lookup}


def carried(step):
    """Whether a handle can carry the step: not one that holds a secret, or contents."""
    instead = step.fallback[1] if step.fallback else ()
    return step.transfer is None and not any(each.secret for each in (step, *step.otherwise, *instead))


def pack(step, answers):
    """A step as JSON-able data. Of one that cannot be carried only its summary is kept.

    :param answers: of earlier steps, put in the place of what refers to them.
    """
    instead = step.fallback[1] if step.fallback else ()
    if not carried(step):
        return {'operation': step.operation, 'summary': step.summary, 'rerun': True}
    packed = _packed(resolve({key: value for key, value in vars(step).items()
                              if key not in ('fallback', 'otherwise') and value not in (None, '', {}, False)}, answers))
    if step.otherwise:
        packed['otherwise'] = [pack(each, answers) for each in step.otherwise]
    if step.fallback:
        packed['fallback'] = [list(step.fallback[0]), [pack(each, answers) for each in instead]]
    return packed


def _packed(value):
    if isinstance(value, Ref):
        return {'from_step': value.step, 'path': list(value.path)}
    if value is NULL:
        return {'send_null': True}
    if isinstance(value, (Wait, Lookup)):
        return _packed(vars(value))
    if isinstance(value, dict):
        return {key: _packed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_packed(item) for item in value]
    return value


def unpack(data):
    """The step that was packed.

    :raises ValueError: when it is no such thing.
    """
    names = {field.name for field in dataclasses.fields(Step)} - {'transfer'}
    if not isinstance(data, dict) or not isinstance(data.get('operation'), str) or set(data) - names:
        raise ValueError('not a step of a handle: %r' % (data,))
    values = _unpacked({key: value for key, value in data.items() if key not in ('fallback', 'otherwise')})
    try:
        values['otherwise'] = tuple(unpack(each) for each in data.get('otherwise') or ())
        if data.get('fallback'):
            codes, steps = data['fallback']
            values['fallback'] = (tuple(codes), tuple(unpack(each) for each in steps))
        for key, kind in _PARTS.items():
            if values.get(key) is not None:
                values[key] = kind(**values[key])
    except TypeError as exc:
        raise ValueError('not a part of a handle: %s' % exc) from exc
    return Step(**values)


def _unpacked(value):
    if isinstance(value, dict):
        if set(value) == {'from_step', 'path'}:
            return Ref(value['from_step'], tuple(value['path']))
        if set(value) == {'send_null'}:
            return NULL
        return {key: _unpacked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    return value
