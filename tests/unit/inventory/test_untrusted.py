# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of the API is data on every core: never run, and listed plainly where it could not be.

`make matrix` runs this on each core; INDIE_ANSIBLE_BIN is the folder of the Ansible to start.
"""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.indie.cloud.plugins.plugin_utils.unsafe import inert, untrusted

RUN = "lookup('ansible.builtin.pipe', 'touch ran; echo RAN')"
BRACES = '{{ %s }}' % RUN
HEADER = "#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ %s ]]" % RUN
STATEMENT = '{%% set a = %s %%}' % RUN
PLAIN = 'plain: "text", [with] #jinja2: and \'all\' \\n é'

HOSTILE = {
    'id': 'u-1', 'name': BRACES, 'state': 'running', 'zone': HEADER, 'plan': STATEMENT, 'image': PLAIN,
    'public_ipv4': [BRACES], 'public_ipv6': [HEADER], 'tags': [BRACES, HEADER, 'good tag', PLAIN],
    'labels': {'brace': BRACES, 'header': HEADER, BRACES: 'key', HEADER: 'key2', 'good': PLAIN},
    'provider_options': {'note': HEADER, 'deep': [{'note': BRACES, BRACES: 1}]}}
GOOD = {'id': 'u-2', 'name': 'fine', 'state': 'running', 'zone': 'fi-hel1', 'image': PLAIN, 'tags': ['good tag'],
        'labels': {'role': 'web'}, 'public_ipv4': ['192.0.2.7']}

# Inert text out of which an expression makes what is not, and a dict with nothing but a key that is not.
SLY = {'id': 'u-3', 'labels': {'code': base64.b64encode(BRACES.encode()).decode(), 'half': HEADER[7:]}}
KEYED = {'id': 'u-4', 'labels': {BRACES: 'key'}}

INVENTORY = '''
plugin: indie_fake
upcloud_token: a-token
raw: true
strict: false
hostnames: [name, indie_labels.brace, indie_labels.header, indie_labels.code | b64decode, id]
compose:
  composed_brace: indie_labels.brace
  composed_header: "'' ~ indie_zone"
  composed_code: indie_labels.code | b64decode
  composed_split: "'#jinja2' ~ indie_labels.half"
  composed_good: indie_image
  composed_own: "'root'"
groups:
  braces: "'{' in (indie_name or '')"
  good: indie_state == 'running'
keyed_groups:
  - key: indie_zone
    prefix: zone
  - key: indie_tags
    prefix: tag
  - key: indie_labels
    prefix: label
'''

PLAYBOOK = '''
- hosts: all
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - debug:
        var: hostvars[inventory_hostname][item]
      loop: "{{ hostvars[inventory_hostname].keys() | select('match', 'indie_|composed_') | list }}"
    - debug:
        msg: "{{ indie_name }} {{ indie_zone }} {{ indie_labels }} {{ indie_provider_options }} {{ item }}"
      loop: "{{ indie_tags or [] }}"
    - debug:
        msg: "{{ ansible_host | default('') }} {{ inventory_hostname }} {{ groups }} {{ group_names }}"
    - set_fact:
        whole: "{{ indie_labels }}"
        within: "labels are {{ indie_labels }} and {{ indie_labels.keys() | list }}"
        joined: "{{ (indie_tags or []) | join(' ') }}"
        trimmed: "{{ (indie_zone or '') | trim }}"
    - debug:
        msg: "{{ whole }} {{ within }} {{ joined }} {{ trimmed }}"
    - debug:
        msg: "{{ item }}"
      loop: ["labels {{ indie_labels }}", "name {{ indie_name }}"]
    - debug:
        msg: "{{ item }}"
      loop: "{{ [(indie_labels or {}).keys() | join(' ')] }}"
    - debug:
        msg: "{{ composed_code | default('') }}"
    - debug:
        msg: "{{ composed_split | default('') }}"
    - copy:
        content: "{{ indie_name }} {{ indie_zone }} {{ indie_labels | to_json }}"
        dest: "{{ playbook_dir }}/copied.{{ indie_id }}"
    - template:
        src: "{{ playbook_dir }}/page.j2"
        dest: "{{ playbook_dir }}/page.{{ indie_id }}"
    - command: "echo {{ (indie_name or '') | quote }} {{ (indie_zone or '') | quote }}"
    - assert:
        that:
          - expected.name == indie_name
          - expected.zone == indie_zone
          - expected.tags == indie_tags
          - expected.labels == indie_labels
      vars:
        expected: "{{ lookup('ansible.builtin.file', playbook_dir ~ '/expected') | from_json }}"
      when: indie_id == 'u-1'
'''


@pytest.fixture
def hostile(tmp_path, command):
    """The hostile inventory in a folder; what comes out of Ansible there."""
    (tmp_path / 'servers.json').write_text(json.dumps([HOSTILE, GOOD, SLY, KEYED]), encoding='utf-8')
    (tmp_path / 'fake.yml').write_text(INVENTORY, encoding='utf-8')
    (tmp_path / 'play.yml').write_text(PLAYBOOK, encoding='utf-8')
    (tmp_path / 'page.j2').write_text('{{ indie_name }} {{ indie_zone }} {{ indie_labels }}\n', encoding='utf-8')
    expected = {name: HOSTILE[name] for name in ('name', 'zone', 'tags', 'labels')}
    (tmp_path / 'expected').write_text(json.dumps(expected), encoding='utf-8')
    return command


def stripped(value):
    """The value without Ansible's marks; every mark must be on text that is not inert."""
    if isinstance(value, dict) and set(value) == {'__ansible_unsafe'}:
        assert not inert(value['__ansible_unsafe'])
        return value['__ansible_unsafe']
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stripped(item) for item in value]
    return value


@pytest.mark.parametrize('cached', [False, True])
def test_listed_plainly_unless_it_could_be_run(hostile, tmp_path, cached):
    if cached:
        with (tmp_path / 'fake.yml').open('a', encoding='utf-8') as handle:
            handle.write('cache: true\ncache_plugin: jsonfile\ncache_connection: %s\n' % (tmp_path / 'cache'))
        hostile('ansible-inventory', '-i', 'fake.yml', '--list')
    found = json.loads(hostile('ansible-inventory', '-i', 'fake.yml', '--list').stdout)
    hosts = found['_meta']['hostvars']
    assert set(hosts) == {'u-1', 'fine', 'u-3', 'u-4'}
    assert '__ansible_unsafe' not in json.dumps(hosts['fine'])
    bad = stripped({name: value for name, value in hosts['u-1'].items() if name not in ('indie_labels', 'indie_raw')})
    for name in ('tags', 'provider_options', 'name', 'zone', 'plan', 'image'):
        assert bad['indie_' + name] == HOSTILE[name]
    labels = {key: item.get('__ansible_unsafe') if isinstance(item, dict) else item
              for key, item in hosts['u-1']['indie_labels'].items()}
    assert labels == HOSTILE['labels']
    # What stands under a key that could be run is marked, too, up to core 2.18.
    assert isinstance(hosts['u-1']['indie_labels']['good'], str)
    assert hosts['u-1']['indie_image'] == hosts['u-1']['composed_good'] == PLAIN
    assert hosts['u-1']['composed_own'] == 'root' and bad['composed_brace'] == BRACES
    assert bad['composed_header'] == HEADER
    sly = stripped(hosts['u-3'])
    assert sly['composed_code'] == BRACES and sly['composed_split'] == HEADER
    assert all(name.isidentifier() for name in found if name != '_meta')
    assert found['braces']['hosts'] == ['u-1'] and found['tag_good_tag']['hosts'] == ['u-1', 'fine']
    assert not (tmp_path / 'ran').exists()


def test_never_run_by_a_playbook(hostile, tmp_path):
    done = hostile('ansible-playbook', '-i', 'fake.yml', 'play.yml')
    assert not (tmp_path / 'ran').exists()
    assert '\\nRAN' not in done.stdout and 'RAN' in done.stdout
    assert BRACES in (tmp_path / 'page.u-1').read_text(encoding='utf-8')


@pytest.mark.parametrize('text, expected', [
    (PLAIN, True), ('', True), ('jinja2:', True), (' #jinja2:x', True), (BRACES, False), (HEADER, False), ('a}', False),
    ('{', False), (STATEMENT, False), ('#jinja2:', False)])
def test_inert(text, expected):
    assert inert(text) is expected


def test_marks_keep_the_value():
    value = {'a': [1, None, True, 1.5, 'x', {BRACES: HEADER}], 'b': (BRACES,)}
    assert untrusted(value) == {'a': [1, None, True, 1.5, 'x', {BRACES: HEADER}], 'b': [BRACES]}
    assert json.dumps(value['a']) == json.dumps(untrusted(value)['a'])
