# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front end in a module: AnsibleModule around the runner."""

from __future__ import annotations

from ansible.module_utils import basic

from . import http
from .runner import Context, refused


class CloudModule(basic.AnsibleModule):
    """Tells its arguments to no log and in no result: what `parameters` of the module api hold, and an endpoint with a
    password in it, are secrets that no argument spec can know."""

    def _log_invocation(self):
        pass

    def exit_json(self, **kwargs):
        # What is returned on purpose is not masked because an option holds it, too.
        self.no_log_values = set(self.no_log_values).difference(_texts(kwargs.get('secrets')))
        super().exit_json(**dict(kwargs, invocation={}))

    def fail_json(self, msg, **kwargs):
        if 'error' not in kwargs:
            # The arguments were refused, so there is no result yet.
            kwargs = {**refused(msg, (getattr(self, 'params', None) or {}).get('provider')), **kwargs}
            del kwargs['msg'], kwargs['failed']
        super().fail_json(msg, **dict(kwargs, invocation={}))


def run(task):
    """Run a runner.Task as a module and exit."""
    module = CloudModule(argument_spec=task.spec(_provider()), supports_check_mode=True)
    if http.requests is None:
        module.fail_json(msg=basic.missing_required_lib('requests'), exception=http.REQUESTS_ERROR)
    result = task.run(module.params, Context(module.check_mode))
    for warning in result.pop('warnings', ()):
        module.warn(warning)
    if result.get('failed'):
        module.fail_json(**result)
    module.exit_json(**result)


def _texts(value):
    """All texts in a value, at any depth."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(item)


def _provider():
    """The provider of this task, before the arguments are checked: its suboptions are then all that need loading."""
    try:
        return basic._load_params().get('provider')  # pylint: disable=protected-access
    except Exception:  # pylint: disable=broad-except
        # No arguments to read, as when documentation is checked: the whole spec is built.
        return None
