# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory files against the fake provider: in this process, and by an Ansible that is started."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pathlib
import subprocess
import sys

import yaml
from ansible import constants
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins import inventory as core
from ansible.plugins.doc_fragments import constructed, inventory_cache

import fake_inventory
import sandbox_client
from ansible_collections.indie.cloud.plugins.doc_fragments import inventory, provider
from ansible_collections.indie.cloud.plugins.module_utils import connection

CREDENTIALS = {'upcloud_username': 'user', 'upcloud_password': 'canary-secret'}


def definitions():
    """The options of the plugin, as the core gets them out of its documentation."""
    texts = [inventory.ModuleDocFragment.DOCUMENTATION, provider.ModuleDocFragment.UPCLOUD,
             provider.ModuleDocFragment.COMMON, constructed.ModuleDocFragment.DOCUMENTATION,
             inventory_cache.ModuleDocFragment.DOCUMENTATION]
    found = {'plugin': {'type': 'str'}}
    for text in texts:
        found.update(yaml.safe_load(text)['options'])
    for name, option in found.items():
        option['name'] = name
    return found


def calls(folder):
    """[(operation, authorization, read_timeout)] since the last look; user and password are decoded."""
    path = folder / 'log'
    entries = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()] if path.exists() else []
    path.write_text('', encoding='utf-8')
    for entry in entries:
        scheme, dummy, token = entry[1].partition(' ')
        entry[1] = token if scheme == 'Bearer' else base64.b64decode(token).decode('utf-8')
    return entries


class Told:
    """In the place of Ansible's display."""

    def __init__(self):
        self.warnings, self.lines = [], []

    def warning(self, text, *args, **kwargs):
        self.warnings.append(text)

    def line(self, text, *args, **kwargs):
        self.lines.append(text)

    v = vv = vvv = vvvv = display = debug = line


class Inventory:
    """Parses inventory files over `servers`."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.told = Told()
        self.extra_vars = {}
        self.data = InventoryData()
        self.loader = DataLoader()
        monkeypatch.setenv(fake_inventory.SERVERS, str(folder / 'servers.json'))
        monkeypatch.setenv(fake_inventory.LOG, str(folder / 'log'))
        monkeypatch.setattr(core, 'load_extra_vars', lambda loader: self.extra_vars)
        monkeypatch.setattr(fake_inventory.FakeClient, 'error', None)
        for sources in connection.SOURCES.values():
            for source in sources.values():
                monkeypatch.delenv(source.env, raising=False)

    def servers(self, *servers):
        (self.folder / 'servers.json').write_text(json.dumps(servers), encoding='utf-8')

    def answer(self, value):
        (self.folder / 'servers.json').write_text(json.dumps(value), encoding='utf-8')

    def fails(self, error):
        self.monkeypatch.setattr(fake_inventory.FakeClient, 'error', error)

    @property
    def log(self):
        """The operations that were called since the last look."""
        return [entry[0] for entry in calls(self.folder)]

    def plugin(self):
        constants.config.initialize_plugin_configuration_definitions('inventory', 'indie_fake_here', definitions())
        # The core tells the kind of a plugin by the name of its module.
        plugin = type('InventoryModule', (fake_inventory.FakeInventory,), {'__module__': 'ansible.inventory.here'})()
        plugin._load_name = plugin._original_path = 'indie_fake_here'
        plugin._redirected_names = ['indie.cloud.upcloud']
        plugin.display = self.told
        return plugin

    def file(self, text='', **options):
        path = self.folder / 'fake.yml'
        path.write_text(text or yaml.safe_dump({'plugin': 'indie.cloud.upcloud', **options}), encoding='utf-8')
        return str(path)

    def parse(self, text='', refresh=False, fresh=True, **options):
        """The inventory that a file with these options gives. With fresh=False the one before is added to."""
        if fresh:
            self.data = InventoryData()
        if not text:
            options = {**CREDENTIALS, **options}
        plugin = self.plugin()
        plugin.parse(self.data, self.loader, self.file(text, **options), not refresh)
        with contextlib.suppress(AttributeError):
            # As the core does it: there is no cache where none was asked for.
            plugin.update_cache_if_changed()
        return self.data

    def vars(self, **options):
        """{host name: its variables}."""
        data = self.parse(**options)
        return {name: {key: value for key, value in host.vars.items() if not key.startswith('inventory_')}
                for name, host in data.hosts.items()}


class Command:
    """Starts the Ansible of INDIE_ANSIBLE_BIN, a folder, else the one of this Python."""

    BIN = pathlib.Path(os.environ.get('INDIE_ANSIBLE_BIN') or pathlib.Path(sys.executable).parent)

    def __init__(self, folder):
        self.folder = folder
        self.env = {
            'PATH': os.environ['PATH'], 'HOME': str(folder), 'LC_ALL': 'C.UTF-8',
            'ANSIBLE_COLLECTIONS_PATH': os.environ['ANSIBLE_COLLECTIONS_PATH'],
            'ANSIBLE_INVENTORY_PLUGINS': str(sandbox_client.ROOT / 'tests/unit/inventory/plugins'),
            'PYTHONPATH': str(sandbox_client.ROOT / 'tests'),
            'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED': 'true', 'ANSIBLE_NOCOLOR': 'true',
            'ANSIBLE_LOCALHOST_WARNING': 'false', 'PYTHONDONTWRITEBYTECODE': 'true',
            fake_inventory.SERVERS: str(folder / 'servers.json'), fake_inventory.LOG: str(folder / 'log')}

    def __call__(self, name, *arguments, fails=False):
        done = subprocess.run([str(self.BIN / name), *arguments], cwd=self.folder, env=self.env, text=True,
                              capture_output=True, timeout=120, check=False)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done
