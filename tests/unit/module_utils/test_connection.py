# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials: options before the environment, and messages that name what is missing."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.indie.cloud.plugins.module_utils.connection import PROVIDERS, SOURCES, argument_spec, connect
from ansible_collections.indie.cloud.plugins.module_utils.errors import BadInput

GOOD = {
    'memset': {'memset_api_key': 'canarykey'},
    'upcloud': {'upcloud_username': 'user', 'upcloud_password': 'canarykey'},
    'cloudsigma': {'cloudsigma_username': 'user@example.com', 'cloudsigma_password': 'canarykey'},
    'elastichosts': {'elastichosts_auth': 'user-uuid:canarykey'},
}


def header(connection):
    scheme, token = connection.headers['Authorization'].split()
    return scheme, base64.b64decode(token).decode() if scheme == 'Basic' else token


@pytest.mark.parametrize('provider, told', [
    ('memset', ('Basic', 'canarykey:')), ('upcloud', ('Basic', 'user:canarykey')),
    ('cloudsigma', ('Basic', 'user@example.com:canarykey')), ('elastichosts', ('Basic', 'user-uuid:canarykey'))])
def test_the_same_from_options_and_environment(provider, told):
    by_option = connect(provider, GOOD[provider], {})
    environ = {SOURCES[provider][name].env: value for name, value in GOOD[provider].items()}
    assert header(by_option) == told
    assert connect(provider, {}, environ) == by_option
    assert 'canarykey' not in repr(by_option)
    assert any('canarykey' in secret for secret in by_option.secrets)


@pytest.mark.parametrize('provider', PROVIDERS)
@pytest.mark.parametrize('odd', ['\n', '\r', '\0'])
def test_a_secret_that_no_header_can_hold_is_refused_and_not_shown(provider, odd):
    options = {name: value.replace('canary', 'canary' + odd) for name, value in GOOD[provider].items()}
    with pytest.raises(BadInput, match='holds a character that it cannot have') as caught:
        connect(provider, options, {})
    assert 'canary' not in str(caught.value)


def test_a_token_is_ascii_and_a_password_need_not_be():
    with pytest.raises(BadInput, match='upcloud_token .* holds a character'):
        connect('upcloud', {'upcloud_token': 'canary\u20ac'}, {})
    assert header(connect('cloudsigma', {'cloudsigma_username': 'u', 'cloudsigma_password': 'p\u00e4ss'}, {})) \
        == ('Basic', 'u:p\u00e4ss')


@pytest.mark.parametrize('provider', PROVIDERS)
def test_missing_credentials_name_option_and_variable(provider):
    for environ in ({}, {source.env: '' for source in SOURCES[provider].values()}):
        with pytest.raises(BadInput) as caught:
            connect(provider, {}, environ)
        for name in GOOD[provider]:
            assert name in str(caught.value) and SOURCES[provider][name].env in str(caught.value)


def test_half_a_pair_names_the_other_half():
    with pytest.raises(BadInput, match='cloudsigma_password.*CLOUDSIGMA_PASSWORD'):
        connect('cloudsigma', {'cloudsigma_username': 'a'}, {})


def test_upcloud_token_or_password():
    assert header(connect('upcloud', {'upcloud_token': 'ucat_x'}, {})) == ('Bearer', 'ucat_x')
    environ = {'UPCLOUD_TOKEN': 'ucat_x', 'UPCLOUD_USERNAME': 'u', 'UPCLOUD_PASSWORD': 'p'}
    assert header(connect('upcloud', {}, environ)) == ('Bearer', 'ucat_x')
    # What the task says goes before what the environment has.
    assert header(connect('upcloud', GOOD['upcloud'], {'UPCLOUD_TOKEN': 'ucat_x'})) == ('Basic', 'user:canarykey')


def test_options_of_other_providers_are_ignored():
    mixed = {name: value for values in GOOD.values() for name, value in values.items()}
    mixed['memset_api_url'] = 'no url at all'
    assert connect('upcloud', mixed, {}) == connect('upcloud', GOOD['upcloud'], {})


@pytest.mark.parametrize('provider', PROVIDERS)
@pytest.mark.parametrize('url', ['nonsense', 'ftp://x', 'http://api.example.com', 'https://user:pass@x', 'https://x?y=1',
                                 'https://', 'https://a b', 'https://x:port'])
def test_a_bad_endpoint_is_refused_by_name(provider, url):
    with pytest.raises(BadInput, match=provider + '_api_url') as caught:
        connect(provider, dict(GOOD[provider], **{provider + '_api_url': url}), {})
    assert caught.value.provider == provider


@pytest.mark.parametrize('url', ['http://127.0.0.1:8801/', 'http://localhost', 'http://[::1]:80', 'https://x.example/v1'])
def test_a_good_endpoint_loses_its_slash(url):
    assert connect('memset', dict(GOOD['memset'], memset_api_url=url), {}).url == url.rstrip('/')


def test_cloudsigma_region_makes_the_endpoint():
    assert connect('cloudsigma', dict(GOOD['cloudsigma'], cloudsigma_region='lvs'), {}).url \
        == 'https://api.lvs.cloudsigma.com'
    with pytest.raises(BadInput, match='cloudsigma_region'):
        connect('cloudsigma', dict(GOOD['cloudsigma'], cloudsigma_region='evil.example/'), {})


@pytest.mark.parametrize('auth', ['nocolon', ':secret', 'user:'])
def test_elastichosts_auth_has_two_parts(auth):
    with pytest.raises(BadInput, match='elastichosts_auth') as caught:
        connect('elastichosts', {'elastichosts_auth': auth}, {})
    assert auth not in str(caught.value)


def test_accounts_are_told_apart_without_a_secret():
    one = connect('memset', {'memset_api_key': 'a' * 32}, {})
    two = connect('memset', {'memset_api_key': 'b' * 32}, {})
    assert one.account != two.account and 'a' * 8 not in one.account


def test_secrets_are_marked():
    spec = argument_spec()
    assert {name for name, entry in spec.items() if entry.get('no_log')} == {
        'memset_api_key', 'upcloud_token', 'upcloud_password', 'cloudsigma_password', 'elastichosts_auth'}
