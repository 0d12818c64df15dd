# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a result: check, observe, plan, apply. A plain function; both front ends only hand its result out."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import hashlib
import json
import traceback
import uuid

from ansible.module_utils.common.parameters import remove_values

from . import connection, http, spec
from .apply import Outcome, Work, apply, not_done, wait_for, writes_down
from .errors import ApiError, BadInput, Malformed, NotFound, OutcomeUnknown, Precondition, WaitTimeout
from .journal import Journal, folder
from .plan import Plan, reconcile
from .resource import refusals
from .wait import Deadline

# How long a task that waits for nothing may take in all: reads of a slow API, with their retries.
READ_SECONDS = 900
# What connect_timeout and read_timeout may be; more does not fit into what sockets take.
MOST_SECONDS = 86400


class Context:
    """What a front end gives a run beside the options.

    :param report: called with a line for the person who waits.
    :param environ: the environment; os.environ unless a test says otherwise.
    :param odd: called with a line for each listed thing that cannot be read and is left out; without it one such
        thing fails the run.
    """

    def __init__(self, check_mode=False, report=lambda text: None, environ=None, clock=None, odd=None):
        self.check_mode = check_mode
        self.report = report
        self.environ = environ
        self.clock = clock
        self.odd = odd


@dataclasses.dataclass(frozen=True)
class Task:
    """What a front end needs of a module: `spec` gives the argument spec for a provider (None: for all), `run` takes
    the options and a Context and gives the result."""

    spec: object
    run: object


def resource_task(resource):
    """The module of a resource."""
    return Task(lambda provider: spec.resource_spec(resource, provider),
                lambda options, context: run(resource, options, context))


def info_task(resource):
    """The _info module of a resource."""
    return Task(lambda provider: spec.info_spec(resource),
                lambda options, context: run_info(resource, options, context))


def open_work(crossing_client, provider, options, context, seconds, elsewhere=''):
    """The Work of a run over a client class: credentials checked, nothing sent yet. `elsewhere` is the option with the
    address of a service that needs none."""
    deadline = Deadline(seconds, context.clock)
    for name in ('connect_timeout', 'read_timeout'):
        if options.get(name) is not None and not 0 < options[name] <= MOST_SECONDS:
            raise BadInput('%s must be above 0 and at most %d, not %s' % (name, MOST_SECONDS, options[name]),
                           provider=provider)
    link = connection.elsewhere(provider, elsewhere, options, context.environ) if elsewhere else \
        connection.connect(provider, options, context.environ)
    session = http.Session(
        deadline, environ=context.environ,
        **{name: options[name] for name in connection.COMMON if options.get(name) is not None})
    journal = Journal(folder(options.get('state_dir'), context.environ), link.account)
    work = Work(crossing_client(link, session), options, journal, deadline, check_mode=context.check_mode)
    work.report = session.report = reporter([work], context)
    return work


def reporter(works, context):
    """The context's report, less the secrets of the works."""
    return lambda text: context.report(remove_values(text, _secrets(works)))


def refused(message, provider=None):
    """The result of a task whose arguments are not those of the module, so that it never runs."""
    error = BadInput(message, provider=provider if provider in connection.PROVIDERS else None)
    return {'changed': False, 'failed': True, 'msg': message, 'error': error.as_dict(), 'secrets': {},
            'stats': {'api_calls': 0, 'api_writes': 0, 'retries': 0, 'waited_seconds': 0.0}}


def guarded(function):
    """Turn what goes wrong in a run into a failed result; the one place where an ApiError becomes one.

    The function takes (result, works, ...) and fills the result; works are those whose secrets and counts are told.
    """
    def run(*args, **kwargs):
        result, works = {'changed': False}, []
        try:
            function(result, works, *args, **kwargs)
        except ApiError as exc:
            if works and not exc.provider:
                exc.provider = works[0].client.provider
            result.update(failed=True, msg=str(exc), error=exc.as_dict())
        except Exception as exc:  # pylint: disable=broad-except
            # An answer of another shape than documented ends up here; a user gets a message, never a traceback.
            error = unforeseen(exc, works)
            result.update(failed=True, msg=str(error), error=error.as_dict())
        revealed = result.pop('secrets', {})
        result = remove_values(result, _secrets(works))
        result['secrets'] = revealed
        result.setdefault('error', None)
        result['stats'] = {
            'api_calls': sum(work.client.session.calls for work in works),
            'api_writes': sum(work.client.session.writes for work in works),
            'retries': sum(work.client.session.retries for work in works),
            'waited_seconds': round(sum(work.waited for work in works), 1)}
        warnings = [text for work in works for text in work.warnings]
        if warnings:
            result['warnings'] = remove_values(warnings, _secrets(works))
        return result
    return run


def unforeseen(exc, works):
    """The ApiError for an exception that nothing else makes one of."""
    place = traceback.extract_tb(exc.__traceback__)[-1]
    return Malformed('an answer of the API is not as documented, or this collection has a defect: %s: %s (%s line %d)'
                     % (type(exc).__name__, exc, place.filename.rpartition('/')[2], place.lineno),
                     provider=works[0].client.provider if works else None)


def _secrets(works):
    return {secret for work in works
            for secret in set(work.client.connection.secrets) | work.client.met | work.secrets if secret}


def secret_values(fields, options):
    """Values of secret fields in the options, at any depth; an own field of a provider is '<provider>.<name>'."""
    for name, field in fields.items():
        provider, dot, own = name.rpartition('.')
        value = ((options.get(provider) or {}) if dot else options).get(own)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and field.options:
                yield from secret_values(field.options, item)
            elif field.secret and item is not None and not isinstance(item, bool):
                yield str(item)


@guarded
def run_info(result, works, resource, options, context):
    """The result of an _info module: `<resource>s`, always a list."""
    result[resource.plural] = []
    crossing = resource.crossing(options['provider'])
    work = open_work(crossing.client, crossing.provider, options, context, READ_SECONDS)
    works.append(work)
    for name in ('id', 'name'):
        blank = options.get(name) is not None and not options[name].strip()
        if blank and not (name in crossing.fields and crossing.fields[name].allow_empty):
            raise BadInput('%s must not be empty' % name, provider=crossing.provider)
    if options.get('id') is not None:
        problem = crossing.fields['id'].refusal('id', options['id'])
        if problem:
            raise BadInput(problem, provider=crossing.provider)
    result[resource.plural] = gather(work, crossing, options.get('filters') or {}, options.get('id'),
                                     options.get('name'), options.get('details'), context.odd)


def gather(work, crossing, filters, ident=None, name=None, details=False, odd=None):
    """The neutral states that _info modules and inventories return: filtered before any detail is fetched.

    :raises BadInput: for a filter by what the provider's list does not tell.
    """
    blind = [each for each in filters if filters[each] is not None and each not in (crossing.in_list or filters)]
    if blind:
        raise BadInput('filters cannot name %s with %s, whose list does not tell it' % (
            ' and '.join(blind), crossing.provider), provider=crossing.provider)
    if ident is not None:
        raws = [raw for raw in [crossing.one(work, ident)] if raw is not None]
    else:
        raws = crossing.all(work, filters)
    kept = [(state, raw) for state, raw in _read(work, crossing, raws, odd)
            if (name is None or _has_name(crossing, state, name)) and fits(state, filters)]
    if details and ident is None:
        kept = _read(work, crossing, crossing.detailed(work, [raw for dummy, raw in kept]), odd)
    return [state for state, dummy in kept]


def _has_name(crossing, state, name):
    """Whether a thing has a name, in the form in which the module of the resource compares names."""
    field = crossing.fields.get('name')
    return state['name'] == name if field is None else field.normalised(state['name']) == field.normalised(name)


def _read(work, crossing, raws, odd):
    """[(neutral state, raw thing)]. If none of them can be read it is the answer that is malformed, not a thing."""
    found, errors = [], []
    for index, raw in enumerate(raws):
        try:
            state = crossing.neutral(work, raw)
            if state['id'] in (None, ''):
                raise Malformed('it has no id')
            found.append((state, raw))
        except Exception as exc:  # pylint: disable=broad-except
            errors.append((index, exc))
    if errors and (odd is None or not found):
        raise errors[0][1]
    for index, error in errors:
        odd('entry %d of %d in the answer cannot be read and is left out: %s: %s' % (
            index + 1, len(found) + len(errors), type(error).__name__, error))
    return found


def fits(state, filters):
    """Whether a state passes neutral filters: one of the values for a field, each key and value for a dict."""
    for name, wanted in (filters or {}).items():
        if wanted is None:
            continue
        current = state.get(name)
        if isinstance(wanted, dict):
            if any(str((current or {}).get(key)) != str(value) for key, value in wanted.items()):
                return False
        elif isinstance(current, list):
            if not set(map(str, wanted)) <= set(map(str, current)):
                return False
        elif str(current) not in map(str, wanted):
            return False
    return True


@guarded
def run(result, works, resource, options, context):
    """The result of a resource module.

    Always there: changed, diff, steps, the resource, job, unknown_until_applied, notes, error, secrets, stats.
    """
    result.update({resource.name: None, 'diff': {'before': {}, 'after': {}}, 'steps': [], 'job': None,
                   'unknown_until_applied': [], 'notes': []})
    crossing = resource.crossing(options['provider'])
    result.update(dict.fromkeys(crossing.keeps))
    _check(resource, crossing, options)
    work = open_work(crossing.client, crossing.provider, options, context, options['wait_timeout'])
    work.secrets.update(secret_values(crossing.fields, options))
    works.append(work)
    options = work.options = crossing.resolved(work, options)
    work.key = crossing.key(options)
    if not _spent(options, work):
        crossing.verify(options)
    with crossing.alone(work) or contextlib.nullcontext():
        _run(result, resource, crossing, options, work)


def _check(resource, crossing, options):
    """Refuse, before any request, whatever can be known to be wrong."""
    provider, state = crossing.provider, options['state']
    if resource.named(options) is None:
        either = ['%s together' % ' and '.join(names) if len(names) > 1 else names[0] for names in resource.identity]
        raise BadInput('one of %s is needed' % ' and '.join(either) if len(either) > 1 else
                       '%s needed' % either[0].replace(' together', ' are') if len(resource.identity[0]) > 1 else
                       '%s is needed' % either[0], provider=provider)
    if options['wait_timeout'] <= 0:
        raise BadInput('wait_timeout must be above 0, not %s' % options['wait_timeout'], provider=provider)
    told = refusals(crossing, options)
    if told:
        raise BadInput('; '.join(told), provider=provider)
    if options.get('once') is not None and state not in resource.one_shot:
        raise BadInput('once goes with state %s only' % ' or '.join(resource.one_shot), provider=provider)
    crossing.check(options)


def _run(result, resource, crossing, options, work):
    state, wanted = options['state'], _wanted(crossing, options)
    raw = _observe(crossing, options, work)
    if raw is None and state in resource.must_exist:
        raise NotFound('state %s needs the %s to be there, and it is not' % (state, resource.name))
    ident = None if raw is None else crossing.project(raw)['id']
    gone = raw is None and (options.get('id') is not None or options.get('name') is not None)
    if not gone and _spent(options, work, ident):
        result['notes'].append('once: %s was done before with this token' % state)
        state, wanted = resource.states[0], {}
    elif _spent(options, work):
        # It was done to another thing, which had the name before and may be gone.
        crossing.verify(options)
    work.key = crossing.noted_by(work.key, state, ident)

    # A thing still on its way from an earlier run is waited for, unless nobody waits and nothing is to be done.
    settling = None if raw is None or work.check_mode else crossing.settling(raw, state)
    try:
        if settling is not None and options['wait']:
            raw, settling = _settle(crossing, work, raw, settling), None
        plan, change = _plan(resource, crossing, options, work, state, wanted, raw)
        if settling is not None and plan.steps:
            raw = _settle(crossing, work, raw, settling)
            plan, change = _plan(resource, crossing, options, work, state, wanted, raw)
    except ApiError as exc:
        if exc.wait is not None:
            _tell_wait(result, resource, crossing, options, work, state, wanted, raw, exc.wait)
        raise

    result['diff'] = plan.diff()
    result['steps'] = [step.shown() for step in plan.steps]
    result['notes'] += plan.notes
    result.update(crossing.kept(change))
    result[resource.name] = plan.before
    if work.check_mode:
        if writes_down(work, plan.steps):
            work.journal.prove(write=False)
        result['changed'] = plan.changed
        if plan.steps:
            result[resource.name] = plan.after
            result['unknown_until_applied'] = sorted(plan.unknown)
    elif plan.steps:
        _apply(result, resource, crossing, options, work, plan, change)
    elif settling is not None:
        result['job'] = _handle(resource, crossing, options, work, Outcome(pending=settling), change.id)


def _observe(crossing, options, work):
    """The raw thing as it is, or None."""
    raw = crossing.observe(work, options)
    if raw is None and options.get('id') is not None and options['state'] != 'absent':
        raise NotFound('there is no %s with the id %s' % (crossing.resource.name, options['id']))
    return raw


def _settle(crossing, work, raw, wait):
    """The raw thing once it is no longer on its way."""
    wait_for(work, wait)
    ident = crossing.project(raw)['id']
    # Several addresses have no id of their own.
    return crossing.observe(work, work.options) if ident is None else crossing.one(work, ident)


def _tell_wait(result, resource, crossing, options, work, state, wanted, raw, wait):
    """What an earlier run began goes on, although the wait for it ended: the thing as it is, and a handle of that."""
    now = None if raw is None else crossing.neutral(work, raw)
    result[resource.name], result['diff'] = now, Plan(now, now).diff()
    # What this task would do then can be planned only then, if it is anything at all.
    remaining = [{'operation': 'plan', 'summary': 'what the task is to do after that', 'rerun': True}]
    with contextlib.suppress(ApiError):
        if not _plan(resource, crossing, options, work, state, wanted, raw)[0].steps:
            remaining = []
    result['job'] = _handle(resource, crossing, dict(options, once=None), work,
                            Outcome(pending=wait, remaining=remaining), now and now['id'])


def _spent(options, work, ident=None):
    token = options.get('once')
    return token is not None and work.journal.done_once(work.key, options['state'], token, ident) is not None


def _wanted(crossing, options):
    """The wanted fields: what is compared, not how it is done."""
    if options['state'] == 'absent':
        return {}
    wanted = {name: options.get(name) for name, field in crossing.fields.items()
              if '.' not in name and name != 'id' and name not in crossing.resource.controls and field.option}
    wanted.update(('%s.%s' % (crossing.provider, name), value)
                  for name, value in (options.get(crossing.provider) or {}).items())
    return wanted


def _plan(resource, crossing, options, work, state, wanted, raw):
    """The Plan and the Change behind it; all that is decided without a write."""
    before = None if raw is None else crossing.neutral(work, raw)
    flat = None if before is None else dict(crossing.flat(before), **crossing.hidden(raw))
    exact = tuple(field for control, field in resource.exact.items() if options.get(control))
    change = reconcile(crossing.fields, flat, crossing.fill(wanted, options, flat), exact)
    change.options, change.raw, change.state, change.found = options, raw, state, {}
    change.id = before['id'] if before else None
    change.journal = work.journal.get(work.key)
    change.begun = () if raw is None else crossing.begun(work, change)
    if state == 'absent':
        change.after = None
    elif change.refused:
        raise Precondition('; '.join(change.refused))
    if state == 'absent' and before is None:
        return Plan(None, None, crossing.leftovers(work, change), notes=change.notes), change
    crossing.lookups(work, change)
    crossing.namesakes(work, change)
    if state == 'absent':
        steps = crossing.delete(change)
        return Plan(before, None, steps, notes=change.notes), change
    steps = crossing.create(change) if change.creates else crossing.update(change) if change.fields else []
    if state != resource.states[0]:
        steps = steps + getattr(crossing, state)(change)
    elif change.begun:
        steps = steps + crossing.resumed(change)
    steps = steps + crossing.afterwards(change)
    if change.after is None:
        # A step makes an end of the thing, such as a stop of what does not outlive one.
        return Plan(before, None, steps, (), change.notes), change
    return _foreseen(resource, crossing, change, steps, before), change


def _foreseen(resource, crossing, change, steps, before):
    """The Plan, with the state that is known beforehand; what only the API can give is null and listed."""
    known, unknown = crossing.predict(change)
    shown = {name for name, field in crossing.fields.items() if field.output and not field.secret}
    flat = {name: value for name, value in {**change.after, **known}.items()
            if name in shown or name not in crossing.fields}
    if change.creates:
        flat = {**dict.fromkeys(name for name in resource.outputs() if name != 'provider_options'), **flat,
                'provider': crossing.provider}
        unknown = set(unknown) | {name for name, value in flat.items() if value is None and name not in known}
    unknown = set(unknown) | {'raw'}
    flat.update(dict.fromkeys(unknown))
    unknown = {name.replace(crossing.provider + '.', 'provider_options.', 1) for name in unknown}
    if not steps:
        return Plan(before, before, steps, (), change.notes)
    return Plan(before, crossing.nested(flat), steps, tuple(unknown), change.notes)


def _apply(result, resource, crossing, options, work, plan, change):
    # Of what an interrupted run had begun, only the wait is told here: its steps come after.
    outcome = apply(work, plan.steps, crossing.recover, options['wait'],
                    answers={'%s.wait' % step: None for step in change.begun})
    result['changed'] = any(step.writes for step in plan.steps) and bool(outcome.written)
    if options.get('return_secrets'):
        result['secrets'] = crossing.revealed(outcome.answers)
    if outcome.pending is not None:
        result['job'] = _handle(resource, crossing, options, work, outcome,
                                change.id or crossing.made(outcome.answers))
    result.update(crossing.told(change, outcome.answers))
    if outcome.error is not None:
        if 'not_done' in crossing.keeps:
            result['not_done'] = not_done(plan.steps, outcome)
        crossing.broken_off(work, change, outcome.done)
        _tell_made(result, resource, crossing, work, outcome, change)
        _fail(result, resource, crossing, work, outcome)
    if outcome.pending is None and options.get('once') is not None:
        # Before the thing is read again: that may fail, and what was done must not be done twice.
        work.journal.note_once(crossing.key(options), options['state'], options['once'],
                               change.id or crossing.made(outcome.answers))
    if outcome.pending is None:
        done = {*outcome.written, *(step.operation for step in plan.steps)}
        _through(crossing, options, work, done, change.id or crossing.made(outcome.answers), change.deletes)
    if outcome.pending is None and change.found.get('noted'):
        crossing.ended(work, change.id)
    if change.deletes:
        result[resource.name] = None
        return
    raw = crossing.again(work, change, outcome.answers)
    if raw is not None or outcome.pending is None:
        result[resource.name] = None if raw is None else crossing.neutral(work, raw)
    if outcome.pending is None:
        crossing.finished(work, change)


def _tell_made(result, resource, crossing, work, outcome, change):
    """After a failure, the thing that was made before it: it is there, and may cost money."""
    if not change.creates:
        return
    with contextlib.suppress(ApiError):
        raw = crossing.again(work, change, outcome.answers)
        result[resource.name] = None if raw is None else crossing.neutral(work, raw)


def _fail(result, resource, crossing, work, outcome):
    """Raise what stopped the steps; the result tells what had been done by then."""
    error = outcome.error
    if outcome.doubtful:
        result['changed'] = True
    if outcome.written and not isinstance(error, (WaitTimeout, OutcomeUnknown)):
        times = collections.Counter(outcome.written)
        error.message += '. Done before that: %s' % ', '.join(
            name if count == 1 else '%s (%d times)' % (name, count) for name, count in times.items())
    raise error


def _task(crossing, options):
    """A word by which the same task is known again among those of its key, which tells what it names the thing by."""
    named = crossing.resource.named(options)
    wanted = {name: value for name, value in _wanted(crossing, options).items() if name not in named}
    return hashlib.sha256(json.dumps([options['state'], wanted], sort_keys=True,
                                     default=str).encode('utf-8')).hexdigest()[:16]


def _through(crossing, options, work, done, ident, deletes):
    """The same task, run again, has done what remains of its handles: the module job need not do it any more."""
    key = ('handles', *crossing.key(options))
    noted = work.journal.get(key) or {}
    if noted.get('task') != _task(crossing, options):
        return
    for token, remaining in noted['tokens'].items():
        if remaining and done.issuperset(remaining):
            work.journal.put(('handle', token), {'id': ident, 'there': not deletes})
    work.journal.clear(key)


def _handle(resource, crossing, options, work, outcome, ident):
    """What the modules job and job_info take: what to wait for, and what is to be done then."""
    wait = outcome.pending
    # Tells it from the handle of another run that does the same: each is finished once.
    token, task, key = uuid.uuid4().hex, _task(crossing, options), ('handles', *crossing.key(options))
    with contextlib.suppress(BadInput):
        noted = work.journal.get(key) or {}
        tokens = noted['tokens'] if noted.get('task') == task else {}
        remaining = [step['operation'] for step in outcome.remaining]
        work.journal.put(key, {'task': task, 'tokens': {**tokens, token: remaining}})
    return {'provider': crossing.provider, 'kind': 'job' if wait.job is not None else 'state',
            'id': wait.job if wait.job is not None else ident,
            'resource': {'type': resource.name, 'id': ident, 'name': options.get('name'), 'wait': wait.packed(),
                         'step': outcome.step, 'state': options['state'], 'once': options.get('once'),
                         'named': {name: options[name] for names in resource.identity for name in names
                                   if options.get(name) is not None},
                         'token': token,
                         **({'otherwise': outcome.otherwise} if outcome.otherwise else {})},
            'remaining': outcome.remaining}
