# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front end in the controller's own process: one action plugin for each module over the same runner.

A task that runs here costs some 20 ms instead of the 300 that packing and starting a module take. Whatever needs a
module's own process (async, another host, become, environment, another Python) is handed over to the module.
"""

from __future__ import annotations

import datetime
import sys

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

# Loaded once by the parent, before workers fork; it imports requests, under try.
from ..module_utils import http
from ..module_utils.runner import Context, refused

display = Display()


class CloudActionBase(ActionBase):
    """Runs the task of the module of the same name; a subclass names its runner.Task."""

    _supports_check_mode = True
    _supports_async = True
    _requires_connection = False

    TASK = None

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        why = self._needs_module(task_vars or {})
        if why:
            display.vvv('%s: runs as a module: %s' % (self._task.action, why))
            return self._execute_module(module_name=self._task.action, task_vars=task_vars,
                                        wrap_async=self._task.async_val)
        display.vvv('%s: runs in this process' % self._task.action)
        return self._here()

    def _needs_module(self, task_vars):
        """Why this task needs a process of its own, or None."""
        if self._task.async_val:
            return 'async is asked for'
        if self._connection.transport not in ('local', 'ansible.builtin.local'):
            return 'the connection is %s' % self._connection.transport
        if self._connection.become is not None or self._play_context.become:
            return 'become is asked for'
        if any(self._task.environment or ()):
            return 'environment is set'
        interpreter = self._interpreter(task_vars)
        if interpreter is not None and not interpreter.startswith('auto') and interpreter != sys.executable:
            return 'ansible_python_interpreter is %s' % interpreter
        if http.requests is None:
            return 'requests is not installed for %s' % sys.executable
        return None

    def _interpreter(self, task_vars):
        delegated = task_vars.get('ansible_delegated_vars') or {}
        own = delegated.get(self._task.delegate_to) if self._task.delegate_to else None
        value = (task_vars if own is None else own).get('ansible_python_interpreter')
        return None if value is None else plain(self._templar.template(value))

    def _here(self):
        arguments = plain(self._task.args)
        validator = ArgumentSpecValidator(self.TASK.spec(arguments.get('provider')))
        checked = validator.validate(arguments)
        if checked.error_messages:
            message = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                message = 'Unsupported parameters for (%s) module: %s' % (self._task.action, message)
            return remove_values(refused(message, arguments.get('provider')), checked._no_log_values)
        context = Context(self._task.check_mode, lambda text: display.v('%s: %s' % (self._task.action, text)))
        return self.TASK.run(checked.validated_parameters, context)


def plain(value):
    """The value as a module would get it, by way of JSON: no tags, no vault, text for dates and for keys."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str.__str__(value).encode('utf-8', 'surrogateescape').decode('utf-8', 'surrogateescape')
    if isinstance(value, dict):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode('utf-8', 'surrogateescape')
    # Vaulted text, whose class differs between releases, decrypts itself as a string.
    return plain(str(value))


def _key(key):
    if isinstance(key, bool):
        return 'true' if key else 'false'
    return 'null' if key is None else plain(str(key))
