# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP side: one port for each provider and one for control, on one event loop.

A further port, the virtual one, serves the provider whose real host name the request names.
"""

from __future__ import annotations

import asyncio
import fnmatch
import math
import ssl
import traceback

from aiohttp import web

from . import control
from .engine import Call, Canned, Drop, Hang, Reply

# Larger than any answer the APIs give; uploads of drive contents come in pieces of at most this size.
MAX_BODY = 64 * 1024 * 1024
LOGGED_BODY = 64 * 1024


def _canned(fault):
    status = fault.get('status', 503)
    text = fault.get('body', '<html><body><h1>%d</h1></body></html>' % status)
    return Reply(status, text.encode(), fault.get('content_type', 'text/html'), dict(fault.get('headers') or {}))


def _altered(fault, reply):
    """The reply as a fault of kind 'after' leaves it."""
    kind = fault['kind']
    if kind == 'status' or kind == 'html':
        return _canned({'status': 200 if kind == 'html' else 503, **fault})
    if kind == 'empty':
        return Reply(fault.get('status', reply.status), b'', reply.content_type)
    if kind == 'body':
        return Reply(fault.get('status', reply.status), str(fault.get('body', '')).encode(),
                     fault.get('content_type', reply.content_type))
    return reply


async def _send(request, reply, fault):
    """Send the reply, cut short or slowly where the fault says so."""
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    if reply.status != 204:
        response.content_type = reply.content_type
        response.content_length = len(reply.body)
        if reply.content_type.startswith('text/') or reply.content_type == 'application/json':
            response.charset = 'utf-8'
    await response.prepare(request)
    body = reply.body if request.method != 'HEAD' and reply.status != 204 else b''
    kind = (fault or {}).get('kind')
    if kind == 'truncate':
        keep = fault.get('keep', len(body) // 2)
        await response.write(body[:keep])
        request.transport.close()
        return response
    if kind == 'slow':
        # In small pieces, so that a limit on the whole wait is told apart from one between bytes.
        seconds = fault.get('seconds', 30)
        size = math.ceil(len(body) / max(1, seconds * 20)) or 1
        for start in range(0, len(body), size):
            await asyncio.sleep(seconds * size / len(body))
            await response.write(body[start:start + size])
    else:
        await response.write(body)
    await response.write_eof()
    return response


def _serve(provider, call):
    """One call through the provider: (reply, or None when the connection drops, 'hang' or None)."""
    world = provider.world
    world.tick()
    try:
        reply = provider.handle(call)
    except Drop:
        return None
    except Hang:
        return 'hang'
    except Canned:
        return _canned(call.fault)
    except Exception:  # a defect of the sandbox must be seen, and must look like a server's error to a client
        traceback.print_exc()
        return Reply(500, b'the sandbox failed; see its output', 'text/plain')
    if call.fault:
        if call.fault['kind'] == 'drop_after':
            return None
        if call.fault['kind'] == 'timeout_after':
            return 'hang'
        return _altered(call.fault, reply)
    return reply


def _handler(provider):
    """The coroutine that serves the requests of one provider."""
    world = provider.world

    async def serve(request):
        body = await request.read()
        call = Call(request.method, request.rel_url.raw_path, list(request.query.items()), request.headers, body,
                    '%s://%s' % (request.scheme, request.host), request.path)
        if world.latency_ms:
            await asyncio.sleep(world.latency_ms / 1000)
        outcome = _serve(provider, call)
        names = [entry['operation'] for entry in call.operations]
        status = outcome.status if isinstance(outcome, Reply) else None
        fault = next((entry['fault'] for entry in call.operations if entry['fault']), None)
        world.log.append({
            'provider': provider.name, 'operation': ', '.join(dict.fromkeys(names)) or None, 'operations': names,
            'method': call.method, 'path': request.path, 'query': call.query, 'status': status,
            'write': any(entry['write'] for entry in call.operations), 'time': world.now(),
            'fault': fault, 'body': call.body[:LOGGED_BODY].decode('utf-8', 'replace')})
        if outcome is None:
            request.transport.abort()
            return web.Response()
        if outcome == 'hang':
            await asyncio.sleep(call.fault.get('seconds', 3600))
            request.transport.abort()
            return web.Response()
        return await _send(request, outcome, call.fault)

    return serve


def _app(serve):
    """The web application in which every path goes to one coroutine."""
    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_route('*', '/{path:.*}', serve)
    return app


def virtual_app(providers):
    """The web application that chooses the provider by the host name of the request."""
    handlers = [(pattern, _handler(provider)) for provider in providers for pattern in provider.host_names]

    async def serve(request):
        name = request.host.partition(':')[0].lower()
        for pattern, handler in handlers:
            if fnmatch.fnmatch(name, pattern):
                return await handler(request)
        return web.Response(status=421, text='no provider has the host name %s\n' % name)

    return _app(serve)


async def run(world, providers, host, base_port, certificate=None, ready=lambda ports: None, stop=None,
              virtual_port=None):
    """Serve until `stop` (an asyncio.Event) is set, by the caller or by POST /stop to control.

    base_port 0 takes free ports; else control is on base_port and the providers on those after it.
    virtual_port is one more for all of them (0: a free one), known as 'virtual' among the ports.
    `ready` is called once with {name: port}.
    """
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
    stop = stop or asyncio.Event()
    apps = {'control': control.application(world, providers, stop)}
    apps.update((provider.name, _app(_handler(provider))) for provider in providers)
    wanted = {name: base_port + offset if base_port else 0 for offset, name in enumerate(apps)}
    if virtual_port is not None:
        apps['virtual'], wanted['virtual'] = virtual_app(providers), virtual_port
    runners, ports = [], {}
    try:
        for name, app in apps.items():
            # Bodies go to the providers as they were sent: whether gzip is allowed is theirs to say.
            runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1,
                                   auto_decompress=False)
            await runner.setup()
            runners.append(runner)
            # Control speaks plain HTTP always: it has no secrets, and a tester's curl needs no CA for it.
            site = web.TCPSite(runner, host, wanted[name], ssl_context=None if name == 'control' else context)
            await site.start()
            ports[name] = runner.addresses[0][1]
        ready(ports)
        await stop.wait()
    finally:
        for runner in runners:
            await runner.cleanup()
