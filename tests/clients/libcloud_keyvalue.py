# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run apache-libcloud's CloudSigma 1.0 and ElasticHosts drivers against the sandbox.

    eval "$(python -m sandbox --print-env)"
    python libcloud_keyvalue.py [cloudsigma] [elastichosts]

The endpoint and the credentials come from the environment. ElasticHosts left libcloud after 2.8.3; without an
argument it is skipped where the driver is missing. Exits with 1 if anything was not as expected.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from urllib.parse import urlsplit

import libcloud
from libcloud.common.types import InvalidCredsError
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider


def check(what, ok):
    """Say what was tried; stop at the first that went wrong."""
    print('  %s %s' % ('ok  ' if ok else 'FAIL', what))
    if not ok:
        raise AssertionError(what)


def place(url):
    """What a driver needs to know of an endpoint."""
    parts = urlsplit(url)
    return {'host': parts.hostname, 'port': parts.port, 'secure': parts.scheme == 'https'}


def smallest(driver):
    size = min(driver.list_sizes(), key=lambda size: (size.disk, size.ram))
    if size.cpu < 100:
        # libcloud 3 has one table for both APIs of CloudSigma, in cores; 1.0 takes MHz and would refuse "1".
        size.cpu *= 1000
    return size


def cloudsigma():
    """What a user of the CloudSigma 1.0 driver does."""
    make = get_driver(Provider.CLOUDSIGMA)
    where = place(os.environ['CLOUDSIGMA_API_URL'])
    user, password = os.environ['CLOUDSIGMA_USERNAME'], os.environ['CLOUDSIGMA_PASSWORD']
    try:
        make(user, 'wrong', api_version='1.0', **where).list_nodes()
        check('a wrong password is refused', False)
    except InvalidCredsError:
        check('a wrong password is refused', True)
    driver = make(user, password, api_version='1.0', **where)

    # Its destroy_node and reboot_node take the first node of the account, whichever was asked for.
    check('the account has no nodes (this script needs it empty)', driver.list_nodes() == [])
    images = driver.list_images()
    check('list_images: %s' % ', '.join(image.name for image in images), len(images) > 2)
    check('list_sizes', len(driver.list_sizes()) > 3)

    node = driver.create_node(name='libcloud', size=smallest(driver), image=images[0], vnc_password='secret12')
    check('create_node runs', node.state == NodeState.RUNNING and node.name == 'libcloud')
    check('it has an address: %s' % node.public_ips, node.public_ips and node.public_ips[0].count('.') == 3)
    check('and VNC', node.extra.get('vnc_ip') and node.extra.get('vnc_password') == 'secret12')
    check('list_nodes has it', [found.id for found in driver.list_nodes()] == [node.id])
    drives = driver.ex_drives_list()
    check('ex_drives_list has its drive', [drive['name'] for drive in drives] == ['libcloud'])
    check('which is claimed', node.id in drives[0]['claimed'])
    try:
        driver.ex_drive_destroy(drives[0]['drive'])
        check('a drive in use can not be destroyed', False)
    except Exception as exc:
        check('a drive in use can not be destroyed: %s' % exc, 'currently in use' in str(exc))

    # The driver makes servers that aren't persistent and has no way to say so: without this, a stop is their end.
    driver.connection.request('/servers/%s/set' % node.id, data='persistent true\n', method='POST')
    check('reboot_node', driver.reboot_node(node))
    check('ex_stop_node', driver.ex_stop_node(node))
    check('it is stopped', driver.list_nodes()[0].state == NodeState.TERMINATED)
    check('ex_set_node_configuration', driver.ex_set_node_configuration(node, name='renamed', mem=2048))
    check('took it', driver.list_nodes()[0].name == 'renamed' and driver.list_nodes()[0].extra['mem'] == 2048)
    check('ex_start_node', driver.ex_start_node(node))
    check('it runs', driver.list_nodes()[0].state == NodeState.RUNNING)

    made = driver.ex_static_ip_create()
    check('ex_static_ip_create: %s' % made[0]['resource'], made[0]['type'] == 'ip')
    check('ex_static_ip_list', made[0]['resource'] in driver.ex_static_ip_list())
    check('ex_static_ip_destroy', driver.ex_static_ip_destroy(made[0]['resource']))

    check('ex_destroy_node_and_drives', driver.ex_destroy_node_and_drives(node))
    check('no nodes are left', driver.list_nodes() == [])
    check('no drives are left', driver.ex_drives_list() == [])

    node = driver.create_node(name='short', size=smallest(driver), image=images[1], drive_type='ssd')
    check('destroy_node of one that its stop destroys', driver.destroy_node(node) and driver.list_nodes() == [])
    check('leaves its drive', len(driver.ex_drives_list()) == 1)
    check('ex_destroy_drive', driver.ex_destroy_drive(driver.ex_drives_list()[0]['drive']))


def elastichosts():
    """What a user of the ElasticHosts driver does."""
    make = get_driver(Provider.ELASTICHOSTS)
    where = place(os.environ['EHURI'])
    user, secret = os.environ['EHAUTH'].split(':', 1)
    try:
        make(user, 'wrong', **where).list_nodes()
        check('a wrong secret is refused', False)
    except InvalidCredsError:
        check('a wrong secret is refused', True)
    driver = make(user, secret, **where)

    before = {node.id for node in driver.list_nodes()}
    image = [image for image in driver.list_images() if image.name.startswith('Debian')][0]
    check('list_sizes', len(driver.list_sizes()) > 3)
    node = driver.create_node(name='libcloud', size=smallest(driver), image=image, vnc_password='secret12')
    check('create_node runs', node.state == NodeState.RUNNING and node.name == 'libcloud')
    check('it has an address: %s' % node.public_ips, node.public_ips and node.public_ips[0].count('.') == 3)
    check('and VNC', node.extra.get('vnc:ip') and node.extra.get('password') == 'secret12')
    drive = node.extra['ide:0:0']
    check('list_nodes has it', {found.id for found in driver.list_nodes()} == before | {node.id})
    check('ex_set_node_configuration', driver.ex_set_node_configuration(node, name='renamed', cpu=2000))
    try:
        driver.ex_set_node_configuration(node, mem=2048)
        check('memory of a running server can not be changed', False)
    except Exception as exc:
        check('memory of a running server can not be changed: %s' % exc, 'usage' in str(exc))
    try:
        driver.ex_destroy_drive(drive)
        check('a drive in use can not be destroyed', False)
    except Exception as exc:
        check('a drive in use can not be destroyed: %s' % exc, 'busy' in str(exc))
    check('reboot_node', driver.reboot_node(node))
    check('ex_shutdown_node', driver.ex_shutdown_node(node))
    check('destroy_node', driver.destroy_node(node))
    check('it is gone', {found.id for found in driver.list_nodes()} == before)
    check('ex_destroy_drive', driver.ex_destroy_drive(drive))


CLIENTS = {'cloudsigma': cloudsigma, 'elastichosts': elastichosts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('provider', nargs='*', help='%s (default: those that libcloud has)' % ', '.join(CLIENTS))
    wanted = parser.parse_args().provider
    if set(wanted) - set(CLIENTS):
        parser.error('unknown: %s' % ', '.join(sorted(set(wanted) - set(CLIENTS))))
    print('apache-libcloud %s' % libcloud.__version__)
    failed = False
    for name in wanted or CLIENTS:
        if not wanted and name == 'elastichosts' and not _has_elastichosts():
            print('elastichosts: skipped, this libcloud has no driver for it')
            continue
        print('%s:' % name)
        try:
            CLIENTS[name]()
        except Exception:
            traceback.print_exc()
            failed = True
    return 1 if failed else 0


def _has_elastichosts():
    try:
        get_driver(Provider.ELASTICHOSTS)
    except Exception:
        return False
    return True


if __name__ == '__main__':
    sys.exit(main())
