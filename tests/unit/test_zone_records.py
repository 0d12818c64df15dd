# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Zone files as record sets."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.indie.cloud.plugins.filter import zone_records as module
from ansible_collections.indie.cloud.plugins.module_utils.providers.memset import dns_records

zone_records = module.FilterModule().filters()['zone_records']


def one(line, **options):
    """The record set of a line."""
    found, = zone_records('$TTL 3600\n%s\n' % line, 'example.com', **options)
    # Whatever comes of it, the module takes it.
    assert dns_records.set_problems(found, name='record') == []
    return found


@pytest.mark.parametrize('line, wanted', [
    ('@ A 192.0.2.1', {'record': '', 'value': ['192.0.2.1']}),
    ('*.sub A 192.0.2.1', {'record': '*.sub', 'relative': True}),
    ('www 300 AAAA 2001:DB8::0001', {'record': 'www', 'ttl': 300, 'value': ['2001:db8::1']}),
    ('ftp CNAME www', {'value': ['www'], 'relative': False}),
    ('ftp CNAME www.example.com.', {'value': ['www'], 'relative': False}),
    ('ftp CNAME @', {'value': ['example.com.'], 'relative': False}),
    ('ftp CNAME a.b', {'value': ['a.b.example.com.'], 'relative': False}),
    ('ftp CNAME www.example.net.', {'value': ['www.example.net.'], 'relative': False}),
    # One flag is for the name and what it points to.
    ('x.y CNAME a.b', {'record': 'x.y', 'value': ['a.b'], 'relative': True}),
    ('x.y CNAME www.example.net.',
     {'record': 'x.y.example.com', 'value': ['www.example.net.'], 'relative': False}),
    ('x.y CNAME @', {'record': 'x.y.example.com', 'value': ['example.com.'], 'relative': False}),
    ('@ MX 10 mx', {'value': [{'value': 'mx', 'priority': 10}]}),
    ('@ MX 0 .', {'value': [{'value': '.', 'priority': 0}]}),
    ('_sip._tcp SRV 1 5 5060 sip',
     {'record': '_sip._tcp', 'value': [{'value': '5 5060 sip', 'priority': 1}], 'relative': True}),
    ('sub NS ns1.example.net.', {'record': 'sub', 'value': ['ns1.example.net.']}),
    (r'@ TXT "v=spf1 " "mx \"-all"', {'value': ['v=spf1 mx "-all']}),
])
def test_each_type(line, wanted):
    found = one(line)
    assert {key: found.get(key) for key in wanted} == wanted
    assert found['type'] == line.split()[2 if line.split()[1].isdigit() else 1]


def test_records_of_one_name_are_a_set_and_what_memset_has_is_left_out():
    text = '$TTL 300\n@ SOA a b 1 2 3 4 5\n@ NS ns1.example.net.\nwww A 192.0.2.2\nwww A 192.0.2.1\n'
    assert zone_records(text, 'example.com') == [
        {'record': 'www', 'type': 'A', 'ttl': 300, 'value': ['192.0.2.1', '192.0.2.2']}]


@pytest.mark.parametrize('ttl, wanted', [(1, 300), (300, 300), (3599, 1800), (604800, 86400)])
def test_ttls_are_rounded_down_on_demand(ttl, wanted):
    assert one('@ %d A 192.0.2.1' % ttl, round_ttl=True)['ttl'] == wanted
    assert zone_records('@ %d A 192.0.2.1' % ttl, 'example.com')[0]['ttl'] == ttl


def test_an_unknown_type_is_left_out_only_on_demand():
    text = '@ 300 CAA 0 issue "ca.example.net"\nwww 300 A 192.0.2.1\n'
    with pytest.raises(AnsibleFilterError, match='CAA'):
        zone_records(text, 'example.com')
    assert [item['type'] for item in zone_records(text, 'example.com', skip=['caa'])] == ['A']


@pytest.mark.parametrize('text, told', [
    ('www A 192.0.2.1\nmail.exmaple.com. A 192.0.2.2', 'mail.exmaple.com.'),
    ('www A 192.0.2.1\n$ORIGIN example.org.\n@ A 192.0.2.2\nmail A 192.0.2.2', 'example.org., mail.example.org.'),
    ('notexample.com. A 192.0.2.1', 'notexample.com.'),
    ('com. A 192.0.2.1', 'com.'),
    ('$ORIGIN example.org.\n@ SOA a b 1 2 3 4 5\n@ NS ns1\n', 'example.org.'),
    ('\n'.join('w%d.example.org. A 192.0.2.1' % number for number in range(12)), ' and 2 more')])
def test_names_outside_of_the_domain_are_told(text, told):
    with pytest.raises(AnsibleFilterError) as error:
        zone_records('$TTL 300\n' + text, 'example.com')
    assert 'not below that domain: ' in str(error.value) and told in str(error.value)
    assert 'www' not in str(error.value)


@pytest.mark.parametrize('text', [
    '', '; nothing here yet\n', '$TTL 300\n@ SOA a b 1 2 3 4 5\n@ NS ns1.example.net.\n', '@ 300 TXT skipped'])
def test_a_file_of_which_nothing_comes_is_an_error(text):
    with pytest.raises(AnsibleFilterError, match='no record that Memset would hold'):
        zone_records(text, 'example.com', skip=['TXT'])


def test_names_are_of_the_domain_unless_an_origin_says_otherwise():
    text = '  300 A 192.0.2.1\nwww 300 A 192.0.2.2\n$ORIGIN sub.example.com.\n@ 300 A 192.0.2.3\nwww 300 A 192.0.2.4\n'
    assert [item['record'] for item in zone_records(text, 'example.com')] == ['', 'sub', 'www.sub', 'www']


@pytest.mark.parametrize('text, told', [
    ('www A 192.0.2.1', 'TTL'), ('$TTL 300\nwww A 192.0.2.256', 'cannot be read'), ('$TTL 300\nwww WHAT x', 'WHAT'),
    ('$INCLUDE /etc/passwd', 'cannot be read')])
def test_a_file_that_cannot_be_read_is_said_to_be_so(text, told):
    with pytest.raises(AnsibleFilterError, match=told):
        zone_records(text, 'example.com')


def test_a_library_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(module, 'HAS_DNSPYTHON', False)
    with pytest.raises(AnsibleFilterError, match='dnspython'):
        zone_records('', 'example.com')
