# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API: what was asked, what there is, and what shall go wrong. See docs/sandbox.md."""

from __future__ import annotations

from aiohttp import web


def application(world, providers):
    """The control application over the given world and providers."""
    by_name = {provider.name: provider for provider in providers}
    routes = web.RouteTableDef()

    def bad(message):
        return web.json_response({'error': str(message)}, status=400)

    async def body(request):
        if not request.can_read_body:
            return {}
        data = await request.json()
        if not isinstance(data, (dict, list)):
            raise ValueError('the body must be a JSON object')
        return data

    @routes.get('/')
    async def index(request):
        return web.json_response({'sandbox': 'indie.cloud', 'providers': sorted(by_name),
                                  'paths': ['/requests', '/state', '/reset', '/seed', '/faults', '/operations',
                                            '/advance', '/settings']})

    @routes.get('/requests')
    async def requests(request):
        wanted = request.query
        entries = [entry for entry in world.log
                   if all(str(entry.get(key)) == wanted[key] for key in ('provider', 'operation', 'method')
                          if key in wanted)
                   and ('write' not in wanted or entry['write'] == (wanted['write'] in ('1', 'true', 'True', 'yes')))]
        return web.json_response(entries)

    @routes.delete('/requests')
    async def forget(request):
        world.log.clear()
        return web.Response(status=204)

    @routes.get('/state')
    async def state(request):
        world.tick()
        name = request.query.get('provider')
        if name and name not in by_name:
            return bad('provider must be one of: %s' % ', '.join(by_name))
        if name:
            return web.json_response(by_name[name].state())
        return web.json_response({name: provider.state() for name, provider in by_name.items()})

    @routes.post('/reset')
    async def reset(request):
        world.clear()
        world.log.clear()
        world.faults.items.clear()
        world.offset = 0.0
        for provider in providers:
            provider.counts.clear()
            provider.reset()
        return web.Response(status=204)

    @routes.post('/seed')
    async def seed(request):
        try:
            spec = await body(request)
            options = dict(spec.pop('options', {}))
            provider = by_name[spec.pop('provider')]
            if not spec:
                raise ValueError('name what to make and how many, e.g. {"provider": "upcloud", "servers": 3}')
            return web.json_response({kind: provider.seed(kind, int(count), options) for kind, count in spec.items()})
        except KeyError as exc:
            return bad('provider must be one of: %s (%s)' % (', '.join(by_name), exc))
        except (ValueError, TypeError, AttributeError) as exc:
            return bad(exc)

    @routes.get('/faults')
    async def faults(request):
        return web.json_response(world.faults.items)

    @routes.post('/faults')
    async def add_fault(request):
        try:
            spec = await body(request)
            added = [world.faults.add(item) for item in (spec if isinstance(spec, list) else [spec])]
        except ValueError as exc:
            return bad(exc)
        return web.json_response(added, status=201)

    @routes.delete('/faults')
    async def drop_faults(request):
        world.faults.items.clear()
        return web.Response(status=204)

    @routes.get('/operations')
    async def operations(request):
        return web.json_response({
            name: {operation: provider.counts.get(operation, 0)
                   for operation in list(provider.operations) + sorted(set(provider.counts) - set(provider.operations))}
            for name, provider in by_name.items()})

    @routes.post('/advance')
    async def advance(request):
        try:
            world.advance(float((await body(request))['seconds']))
        except (KeyError, TypeError, ValueError) as exc:
            return bad('seconds: a number is wanted (%s)' % exc)
        return web.json_response({'now': world.now()})

    @routes.post('/settings')
    async def settings(request):
        try:
            for key, value in (await body(request)).items():
                if key not in ('job_seconds', 'latency_ms'):
                    raise ValueError('unknown: %s' % key)
                setattr(world, key, float(value))
        except (AttributeError, TypeError, ValueError) as exc:
            return bad(exc)
        return web.json_response({'job_seconds': world.job_seconds, 'latency_ms': world.latency_ms})

    app = web.Application()
    app.add_routes(routes)
    return app
