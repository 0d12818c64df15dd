# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: python -m sandbox --base-port 8800."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import os
import shlex
import signal
import sys

from .engine import World
from .providers import make_providers


def reached_by(host):
    """The host by which clients of this machine reach what listens on that one: a loopback address for all addresses.
    """
    return {'0.0.0.0': '127.0.0.1', '::': '::1'}.get(host, host)


def in_url(host):
    """A host as a URL has it."""
    try:
        return '[%s]' % host if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def environment(providers, ports, host, scheme, ca_file=None):
    """Environment variables that point clients at the sandbox."""
    host = in_url(reached_by(host))
    found = {'INDIE_SANDBOX_URL': 'http://%s:%d' % (host, ports['control'])}
    for provider in providers:
        found.update(provider.environment('%s://%s:%d' % (scheme, host, ports[provider.name])))
    if 'virtual' in ports:
        found['INDIE_SANDBOX_VIRTUAL_PORT'] = str(ports['virtual'])
    if ca_file:
        found.update(REQUESTS_CA_BUNDLE=ca_file, SSL_CERT_FILE=ca_file)
    return found


def exports(found):
    """The variables as lines for a shell to evaluate."""
    return ''.join('export %s=%s\n' % (name, shlex.quote(value)) for name, value in found.items())


def parse(arguments):
    parser = argparse.ArgumentParser(prog='sandbox', description=__doc__)
    parser.add_argument('--host', default='127.0.0.1', help='address to listen on (default: %(default)s)')
    parser.add_argument('--base-port', '--port', type=int, default=8800,
                        help='control listens here and the providers on the four ports after it; 0 takes free ports '
                             '(default: %(default)s)')
    parser.add_argument('--tls', action='store_true', help='serve the four APIs over TLS, with a throw-away CA')
    parser.add_argument('--ca-file', default='sandbox-ca.pem', help='where --tls writes that CA (default: %(default)s)')
    parser.add_argument('--tls-host', action='append', default=[], metavar='NAME',
                        help='a further host name for the certificate, so that a client with a fixed endpoint can be '
                             'sent here by a line in /etc/hosts; repeat for more')
    parser.add_argument('--virtual-port', type=int, metavar='PORT',
                        help='with --tls: one more port, e.g. 443, that serves the provider whose real host name is '
                             'asked for; the certificate names those hosts; 0 takes a free one')
    parser.add_argument('--job-seconds', type=float, default=2.0, help='how long jobs take (default: %(default)s)')
    parser.add_argument('--latency-ms', type=float, default=0, help='delay of each answer (default: %(default)s)')
    parser.add_argument('--seed', type=int, default=1, help='seed of made-up identifiers (default: %(default)s)')
    parser.add_argument('--env-file', help='write the export lines there once the ports are open')
    parser.add_argument('--print-env', action='store_true', help='print the export lines and exit')
    options = parser.parse_args(arguments)
    if options.virtual_port is not None and not options.tls:
        parser.error('--virtual-port needs --tls')
    return options


def main(arguments=None):
    options = parse(arguments)
    world = World(options.job_seconds, options.latency_ms, options.seed)
    providers = make_providers(world)
    scheme = 'https' if options.tls else 'http'
    ca_file = os.path.abspath(options.ca_file) if options.tls else None
    names = ['control'] + [provider.name for provider in providers]

    if options.print_env:
        if not options.base_port:
            sys.exit('sandbox: --print-env needs a --base-port other than 0')
        ports = {name: options.base_port + offset for offset, name in enumerate(names)}
        if options.virtual_port:
            ports['virtual'] = options.virtual_port
        sys.stdout.write(exports(environment(providers, ports, options.host, scheme, ca_file)))
        return

    # Imported here, so that --print-env works before anything is installed.
    from . import server, tls
    known_as = [reached_by(options.host), 'localhost'] + options.tls_host
    if options.virtual_port is not None:
        known_as += [pattern for provider in providers for pattern in provider.host_names]
    certificate = tls.make(known_as, ca_file) if options.tls else None

    def ready(ports):
        world.environment = environment(providers, ports, options.host, scheme, ca_file)
        text = exports(world.environment)
        if options.env_file:
            # Written whole, then moved: a reader that waits for the file never sees half of it.
            with open(options.env_file + '.new', 'w', encoding='utf-8') as handle:
                handle.write(text)
            os.replace(options.env_file + '.new', options.env_file)
        sys.stdout.write(text)
        sys.stdout.flush()

    async def serve():
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await server.run(world, providers, options.host, options.base_port, certificate, ready, stop,
                         options.virtual_port)

    try:
        asyncio.run(serve())
    except OSError as exc:
        sys.exit('sandbox: %s' % exc)


if __name__ == '__main__':
    main()
