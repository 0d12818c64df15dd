# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/capabilities.md and the table in README.md from the crossings. `make docs` runs it; a test compares."""

from __future__ import annotations

import importlib
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE_UTILS = 'ansible_collections.indie.cloud.plugins.module_utils.'
TITLES = {'memset': 'Memset', 'upcloud': 'UpCloud', 'cloudsigma': 'CloudSigma', 'elastichosts': 'ElasticHosts'}
BEGIN, END = '<!-- capabilities: written by make docs -->', '<!-- capabilities: end -->'

INTRODUCTION = """# What each provider can do

This page is written by `make docs` from the same tables that the modules check options against, so it is what the code
does. An option that a provider cannot honour is refused before any request.

| word | meaning |
|---|---|
| yes | compared with what is there, and changed |
| stop | the same, but the change needs the server stopped: `allow_stop` |
| try | changed on the running server where the provider lets it, else like stop |
| fixed | compared; a difference is refused, since it cannot be changed |
| used | used where it applies, mostly when the thing is made; not compared |
| idle | accepted and of no use, since it only gives leave for what never happens there |
| no | refused |
"""


def resources():
    """{name: Resource} of the vocabulary, in the order of their files."""
    found = {}
    for path in sorted((ROOT / 'plugins' / 'module_utils' / 'resources').glob('*.py')):
        module = importlib.import_module(MODULE_UTILS + 'resources.' + path.stem)
        found.update((value.name, value) for value in vars(module).values() if type(value).__name__ == 'Resource')
    return found


def modules(resource):
    """Names of its modules; what has no states is only listed."""
    return [resource.name] * bool(resource.states) + [resource.name + '_info']


def crossings(resource):
    """{provider: its crossing, or None}."""
    return {provider: resource.crossing(provider) if provider in resource.crossings else None for provider in TITLES}


def table(head, rows):
    """A table of Markdown."""
    lines = ['| %s |' % ' | '.join(str(cell).replace('|', '\\|') for cell in line) for line in [head, *rows]]
    return '\n'.join([lines[0], '|---' * len(head) + '|', *lines[1:]]) + '\n'


def use(field):
    """How an option is used, in one of the words of the introduction."""
    return {'no': 'fixed'}.get(field.update, field.update) if field.readable else 'used'


def limits(field):
    """The limits of a number, or how long a list may be, in brackets."""
    if field.type == 'list' and field.maximum is not None:
        return ' (at most %s)' % field.maximum
    if field.type not in ('int', 'float') or field.minimum is None and field.maximum is None:
        return ''
    if field.maximum is None:
        return ' (from %s)' % field.minimum if field.minimum > 1 else ''
    return ' (%s to %s)' % (field.minimum if field.minimum is not None else 0, field.maximum)


def option(crossing, name):
    """What a provider makes of a neutral field."""
    field = crossing and crossing.fields.get(name)
    return use(field) + limits(field) if field and field.option else 'no'


def control(crossing, name, field):
    """What a provider makes of an option that says how."""
    if crossing and name in crossing.fields:
        return 'yes' + limits(crossing.fields[name])
    return 'idle' if crossing and field.leave else 'no'


def state(crossing, name):
    return 'yes' if crossing and name not in crossing.refuses else 'no'


def inner(crossing, name, key):
    """Whether a provider has a suboption."""
    field = crossing and crossing.fields.get(name)
    return 'yes' if field and key in (field.options or {}) else 'no'


def told(crossing, name):
    """Where a provider tells an output: in its list, in the details of a thing, or not at all."""
    if crossing and name in crossing.in_list:
        return 'list'
    if crossing and name in crossing.in_details:
        return 'details'
    return 'unknown' if crossing and name == 'state' else 'no'


def chapters(resource):
    """The tables of one resource."""
    found, head = crossings(resource), list(TITLES.values())
    options = {name: field for name, field in resource.fields.items() if field.option}
    yield '\n## %s\n' % modules(resource)[0]
    if resource.states:
        yield '\n### States\n\n'
        yield table(['`state`', *head], [['`%s`' % name, *(state(each, name) for each in found.values())]
                                         for name in resource.states])
        yield '\n### Options\n\n'
        yield table(['option', *head], [['`%s`' % name, *(option(each, name) for each in found.values())]
                                        for name in dict.fromkeys(['name', *options])])
    for name, field in options.items():
        if field.options:
            yield '\n### Suboptions of `%s`\n\n' % name
            yield table(['suboption', *head], [['`%s`' % key, *(inner(each, name, key) for each in found.values())]
                                               for key in field.options])
    if resource.controls:
        yield '\n### Options that say how\n\n'
        yield table(['option', *head], [['`%s`' % name, *(control(each, name, field) for each in found.values())]
                                        for name, field in resource.controls.items()])
    refused = [[TITLES[provider], '`%s`' % name, why] for provider, each in found.items() if each
               for name, why in each.refuses.items()]
    if refused:
        yield '\n### What is refused, and why\n\n'
        yield table(['provider', 'option or state', 'instead'], refused)
    for provider, each in found.items():
        if each and each.own:
            yield '\n### What only %s has\n\n' % TITLES[provider]
            yield table(['option', 'use'], [
                ['`%s.%s`' % (provider, name), (use(field) if field.output else 'used') + limits(field)]
                for name, field in each.own.items()])
    yield '\n### What is returned\n\nIn the answer to a list, in the details of one thing, or not at all.\n\n'
    yield table(['key', *head], [['`%s`' % name, *(told(each, name) for each in found.values())]
                                 for name in resource.outputs() if name not in ('provider', 'raw')])


def page():
    """docs/capabilities.md."""
    return INTRODUCTION + ''.join(part for resource in resources().values() for part in chapters(resource))


def short():
    """The tables for the README: what is there, and of a server which states and options."""
    found, head = resources(), list(TITLES.values())
    yield table(['module', *head], [[', '.join('`%s`' % name for name in modules(resource)),
                                     *map(_tick, crossings(resource).values())] for resource in found.values()])
    server, of_server = found['server'], crossings(found['server']).values()
    yield '\nOf a server:\n\n'
    yield table(['state or option', *head], [
        ['`state: %s`' % name, *(_tick(state(each, name) == 'yes') for each in of_server)] for name in server.states
    ] + [['`%s`' % name, *(_tick(option(each, name) != 'no') for each in of_server)]
         for name, field in server.fields.items() if field.option])


def _tick(there):
    return '✓' if there else '–'


def readme(text):
    """The README with its table renewed."""
    before, rest = text.split(BEGIN)
    return '%s%s\n\n%s\n%s%s' % (before, BEGIN, ''.join(short()), END, rest.split(END)[1])


def main():
    sys.path.insert(0, os.environ['ANSIBLE_COLLECTIONS_PATH'])
    path = ROOT / 'README.md'
    path.write_text(readme(path.read_text(encoding='utf-8')), encoding='utf-8')
    (ROOT / 'docs' / 'capabilities.md').write_text(page(), encoding='utf-8')


if __name__ == '__main__':
    main()
