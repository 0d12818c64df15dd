# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API: what was asked, what there is, and what shall go wrong. See docs/sandbox.md."""

from __future__ import annotations

from aiohttp import web


def application(world, providers, stop):
    """The control application over the given world and providers; `stop` is the event that ends the program."""
    by_name = {provider.name: provider for provider in providers}
    routes = web.RouteTableDef()

    def bad(message):
        return web.json_response({'error': str(message)}, status=400)

    def known_provider(name):
        if name not in by_name:
            raise ValueError('provider must be one of: %s' % ', '.join(by_name))
        return by_name[name]

    def known_place(spec):
        """A fault for what does not exist would never fire, and its test would prove nothing."""
        places = [known_provider(spec['provider'])] if 'provider' in spec else providers
        if 'operation' in spec and not any(spec['operation'] in place.operations for place in places):
            raise ValueError('no such operation: %s' % spec['operation'])

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
                                            '/advance', '/settings', '/environment', '/stop']})

    @routes.get('/environment')
    async def environment(request):
        return web.json_response(world.environment)

    @routes.get('/requests')
    async def requests(request):
        wanted = dict(request.query)
        unknown = set(wanted) - {'provider', 'operation', 'method', 'write'}
        if unknown:
            return bad('unknown: %s' % ', '.join(sorted(unknown)))
        if 'write' in wanted and wanted['write'].lower() not in ('true', 'false'):
            return bad('write must be true or false')

        def fits(entry):
            return ('write' not in wanted or entry['write'] == (wanted['write'].lower() == 'true')) \
                and ('operation' not in wanted or wanted['operation'] in entry['operations']) \
                and all(entry[key] == wanted[key] for key in ('provider', 'method') if key in wanted)

        return web.json_response([entry for entry in world.log if fits(entry)])

    @routes.delete('/requests')
    async def forget(request):
        world.log.clear()
        return web.Response(status=204)

    @routes.get('/state')
    async def state(request):
        world.tick()
        if 'provider' not in request.query:
            return web.json_response({name: provider.state() for name, provider in by_name.items()})
        try:
            return web.json_response(known_provider(request.query['provider']).state())
        except ValueError as exc:
            return bad(exc)

    @routes.post('/reset')
    async def reset(request):
        world.reset()
        for provider in providers:
            provider.counts.clear()
            provider.reset()
        return web.Response(status=204)

    @routes.post('/seed')
    async def seed(request):
        try:
            spec = await body(request)
            options = dict(spec.pop('options', {}))
            provider = known_provider(spec.pop('provider', None))
            if not spec:
                raise ValueError('name what to make and how many, e.g. {"provider": "upcloud", "servers": 3}')
            return web.json_response({kind: provider.seed(kind, int(count), options) for kind, count in spec.items()})
        except (ValueError, TypeError, AttributeError, KeyError) as exc:
            return bad('%s: %s' % (type(exc).__name__, exc))

    @routes.get('/faults')
    async def faults(request):
        return web.json_response(world.faults.items)

    @routes.post('/faults')
    async def add_fault(request):
        try:
            specs = await body(request)
            specs = specs if isinstance(specs, list) else [specs]
            # All or none.
            for spec in specs:
                world.faults.check(spec)
                known_place(spec)
        except ValueError as exc:
            return bad(exc)
        added = [world.faults.add(spec) for spec in specs]
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

    @routes.post('/stop')
    async def stop_all(request):
        stop.set()
        return web.Response(status=204)

    app = web.Application()
    app.add_routes(routes)
    return app
