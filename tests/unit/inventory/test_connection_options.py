# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of an inventory file: options, environment, files, vault and templates."""

from __future__ import annotations

import pytest
from ansible.constants import DEFAULT_VAULT_ID_MATCH
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.indie.cloud.plugins.plugin_utils import inventory as base
from inventory_runs import calls

HEAD = 'plugin: indie.cloud.upcloud\n'


@pytest.fixture
def sent(cloud):
    """Parses a file and tells what stood in the Authorization header."""
    cloud.servers({'id': 'u-1', 'zone': 'extra'})

    def parse(text):
        cloud.parse(HEAD + text)
        [call] = calls(cloud.folder)
        return call[1]
    return parse


def test_from_options(cloud):
    cloud.servers()
    cloud.parse(HEAD + 'upcloud_username: u\nupcloud_password: 1234\nread_timeout: 5\n')
    assert calls(cloud.folder) == [['server.list', 'u:1234', 5.0]]


def test_from_the_environment(sent, monkeypatch):
    monkeypatch.setenv('UPCLOUD_TOKEN', 'env-token')
    assert sent('') == 'env-token'
    # What the file says goes before what the environment says, whatever its kind.
    assert sent('upcloud_username: u\nupcloud_password: p\n') == 'u:p'
    assert sent('upcloud_token: ""\n') == 'env-token'


def test_templates_with_lookups_and_extra_vars(cloud, monkeypatch):
    cloud.servers({'id': 'u-1', 'zone': 'extra'}, {'id': 'u-2'})
    monkeypatch.setenv('MINE', 'looked-up')
    cloud.extra_vars = {'who': 'extra', 'seconds': 7}
    cloud.parse(HEAD + '''
upcloud_username: "{{ who }}"
upcloud_password: "x{{ lookup('env', 'MINE') }}"
read_timeout: "{{ seconds }}"
filters:
  zone: ["{{ who }}"]
''')
    assert calls(cloud.folder) == [['server.list', 'extra:xlooked-up', 7.0]]
    assert set(cloud.data.hosts) == {'u-1'}


@pytest.mark.parametrize('value', ['{{ nothing }}', "{{ '{' ~ '{ 1 + 1 }' ~ '}' }}", '{{ broken'])
def test_what_cannot_be_rendered_is_an_error_before_any_request(cloud, value):
    cloud.servers({'id': 'u-1'})
    with pytest.raises(AnsibleParserError, match='upcloud_token'):
        cloud.parse(HEAD + 'upcloud_token: "%s"\n' % value)
    assert cloud.log == []


def test_the_environment_is_never_rendered(cloud, monkeypatch, tmp_path):
    cloud.servers({'id': 'u-1'})
    monkeypatch.setenv('UPCLOUD_TOKEN', "{{ lookup('pipe', 'touch %s/ran') }}" % tmp_path)
    with pytest.raises(AnsibleParserError, match='UPCLOUD_TOKEN'):
        cloud.parse(HEAD)
    assert cloud.log == [] and not (tmp_path / 'ran').exists()


def test_a_looked_up_value_is_not_rendered_again(cloud, monkeypatch, tmp_path):
    cloud.servers({'id': 'u-1'})
    monkeypatch.setenv('MINE', "{{ lookup('pipe', 'touch %s/ran') }}" % tmp_path)
    with pytest.raises(AnsibleParserError, match='upcloud_token'):
        cloud.parse(HEAD + '''upcloud_token: "{{ lookup('env', 'MINE') }}"\n''')
    assert cloud.log == [] and not (tmp_path / 'ran').exists()


def test_from_a_file(cloud, sent, tmp_path):
    (tmp_path / 'token').write_text('tok{{en\n', encoding='utf-8')
    cloud.extra_vars = {'where': str(tmp_path)}
    assert sent('upcloud_token_file: "{{ where }}/token"\n') == 'tok{{en'


@pytest.mark.parametrize('content, more, message', [
    (' \n', '', 'empty file'), (None, '', 'upcloud_token_file cannot be read'), ('x', 'upcloud_token: y\n', 'both')])
def test_bad_files(cloud, tmp_path, content, more, message):
    cloud.servers({'id': 'u-1'})
    if content is not None:
        (tmp_path / 'token').write_text(content, encoding='utf-8')
    with pytest.raises(AnsibleParserError, match=message):
        cloud.parse(HEAD + 'upcloud_token_file: %s/token\n%s' % (tmp_path, more))
    assert cloud.log == []


@pytest.fixture
def vaulted(tmp_path, command):
    """Lists by a started Ansible that knows the vault's password; and encrypts."""
    (tmp_path / 'pass').write_text('open sesame', encoding='utf-8')
    (tmp_path / 'servers.json').write_text('[{"id": "u-1"}]', encoding='utf-8')
    secret = VaultSecret(b'open sesame')
    command.encrypt = lambda text: VaultLib([(DEFAULT_VAULT_ID_MATCH, secret)]).encrypt(text, secret).decode()

    def run(text, fails=False):
        path = tmp_path / 'fake.yml'
        path.write_text(text, encoding='utf-8')
        done = command('ansible-inventory', '-i', str(path), '--list', '--vault-password-file', 'pass',
                       '-e', 'who=extra', fails=fails)
        return done.stderr if fails else [call[1] for call in calls(tmp_path)]
    command.list = run
    return command


def inline(vaulted, text):
    lines = vaulted.encrypt(text).splitlines()
    return 'plugin: indie_fake\nupcloud_token: !vault |\n' + ''.join('  %s\n' % line for line in lines)


def test_inline_vault(vaulted):
    assert vaulted.list(inline(vaulted, 'vaulted')) == ['vaulted']


def test_inline_vault_is_never_rendered(vaulted, tmp_path):
    told = vaulted.list(inline(vaulted, "{{ lookup('pipe', 'touch %s/ran') }}" % tmp_path), fails=True)
    assert 'option upcloud_token still holds' in told
    assert calls(tmp_path) == [] and not (tmp_path / 'ran').exists()


def test_vaulted_inventory_file(vaulted):
    text = 'plugin: indie_fake\nupcloud_token: "{{ who }}-token"\n'
    assert vaulted.list(vaulted.encrypt(text)) == ['extra-token']


def test_vaulted_key_file(vaulted, tmp_path):
    (tmp_path / 'token').write_text(vaulted.encrypt('vaulted\n'), encoding='utf-8')
    assert vaulted.list('plugin: indie_fake\nupcloud_token_file: %s/token\n' % tmp_path) == ['vaulted']


def test_undecryptable_vault_is_an_error(vaulted, tmp_path):
    secret = VaultSecret(b'another')
    vaulted.encrypt = lambda text: VaultLib([(DEFAULT_VAULT_ID_MATCH, secret)]).encrypt(text, secret).decode()
    assert 'upcloud_token' in vaulted.list(inline(vaulted, 'vaulted'), fails=True)
    assert calls(tmp_path) == []


@pytest.mark.parametrize('text, message', [
    ('', 'upcloud_token or the environment variable UPCLOUD_TOKEN'),
    ('upcloud_token: x\nupcloud_api_url: http://example.com\n', 'upcloud_api_url must be https'),
    ('upcloud_token: x\nread_timeout: 0\n', 'read_timeout must be above 0'),
    ('upcloud_token: x\nread_timeout: soon\n', 'read_timeout'),
])
def test_bad_options_send_nothing(cloud, text, message):
    cloud.servers({'id': 'u-1'})
    with pytest.raises(AnsibleError, match=message):
        cloud.parse(HEAD + text)
    assert cloud.log == []


def test_missing_requests_library(cloud, monkeypatch):
    cloud.servers({'id': 'u-1'})
    monkeypatch.setattr(base.http, 'requests', None)
    with pytest.raises(AnsibleParserError, match='requests'):
        cloud.parse()
