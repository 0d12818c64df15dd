# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource is, and what a provider's crossing with it has to say. Both are data and pure functions."""

from __future__ import annotations

import contextlib
import dataclasses

from .apply import find_lost
from .errors import Ambiguous, BadInput, Malformed, Precondition
from .fields import Field

# What every thing has, whatever the resource; `provider_options` holds what only its provider has.
ALWAYS = {
    'id': Field(option=True, update='no'),
    'name': Field(),
}


@dataclasses.dataclass(frozen=True)
class Resource:
    """One resource of the vocabulary, the same for all providers.

    :param fields: {name: Field} beside id and name; those with output are keys of what is returned.
    :param controls: {name: Field} of options that say how, not what.
    :param states: the states of the option `state`; the first is the default.
    :param must_exist: states that need the thing to be there already.
    :param exact: {control: field}: controls that make the comparison of a subset field exact.
    :param identity: alternatives, each the options that together name one thing; what is given last in this order is
        also the key of the journal.
    :param asks: {name: Field} of further options of the _info module, for crossings that list within another thing.
    :param filters: fields by which the _info module and the inventory filter.
    :param crossings: {provider: function that imports and returns its Crossing class}.
    """

    name: str
    plural: str
    crossings: dict
    fields: dict = dataclasses.field(default_factory=dict)
    controls: dict = dataclasses.field(default_factory=dict)
    states: tuple = ('present', 'absent')
    must_exist: tuple = ()
    exact: dict = dataclasses.field(default_factory=dict)
    identity: tuple = (('id',), ('name',))
    asks: dict = dataclasses.field(default_factory=dict)
    filters: tuple = ()
    one_shot: tuple = ()

    def crossing(self, provider):
        """The crossing with a provider, made anew.

        :raises BadInput: when the provider does not have this resource.
        """
        if provider not in self.crossings:
            raise BadInput('provider must be one of %s, not %r' % (', '.join(self.crossings), provider))
        return self.crossings[provider]()(self)

    def named(self, options):
        """What the options name one thing by, {option: value}, or None when they name none."""
        found = [{name: options[name] for name in names} for names in self.identity
                 if all(options.get(name) is not None for name in names)]
        return found[-1] if found else None

    def outputs(self):
        """Names of what is returned, in order."""
        names = ['id', 'name', 'provider'] + [name for name, field in self.fields.items() if field.output]
        return list(dict.fromkeys(names)) + ['provider_options', 'raw']


class Crossing:
    """A resource at a provider: three pure parts (projection, capabilities, steps) and the reads they need.

    honours   {neutral field or control: overrides of its Field}; what is not in it is refused
    own       {suboption of the provider's dict: Field}
    refuses   {neutral field, control or state: why, and what to use instead}
    required  options without which nothing can be created
    in_list, in_details   outputs that the list fills, and those that a thing's details fill, or fill better
    keeps     keys of the result beyond those that every resource has, see kept(); 'not_done' is for resources of many
              steps: summaries of those that a failed run did not do, or of which that is not known
    """

    provider = ''
    client = None
    honours = {}
    own = {}
    refuses = {}
    required = ('name',)
    in_list = ()
    in_details = ()
    keeps = ()

    def __init__(self, resource):
        self.resource = resource
        self.fields = {}
        for name, field in {**ALWAYS, **resource.fields, **resource.controls}.items():
            if name in self.honours or name == 'id':
                self.fields[name] = _override(field, self.honours.get(name, {}))
        self.fields.update(('%s.%s' % (self.provider, name), field) for name, field in self.own.items())

    # -- reads --------------------------------------------------------------------------------------------------------
    def all(self, work, filters=None):
        """Every thing, as the API's list gives it, all pages. `filters` only where the API itself can filter."""
        raise NotImplementedError

    def one(self, work, ident):
        """One thing with its details, or None."""
        raise NotImplementedError

    def details(self, work, raw):
        """The thing with its details, from its entry in the list; the entry itself where the list has all."""
        call = self.detail_call(raw)
        return raw if call is None else work.client.find(call[0], **call[1])

    def observe(self, work, options):
        """The raw thing that the options name, or None."""
        return self.find(work, options.get('id'), options.get('name'))

    def find(self, work, ident, name):
        """The raw thing with that id or name, or None.

        :raises Ambiguous: when several have the name; it lists their ids.
        """
        if ident is not None:
            return self.one(work, ident)
        states = [(raw, self.project(raw)) for raw in self.all(work)]
        if any(state['id'] in (None, '') for _raw, state in states):
            # It could be the one that is looked for.
            raise Malformed('the list of %s has one without an id' % self.resource.plural, provider=self.provider)
        found = [raw for raw, state in states if state['name'] == name]
        if len(found) > 1:
            idents = sorted(str(self.project(raw)['id']) for raw in found)
            raise Ambiguous('%d %s have the name %r: %s; name the one that is meant by id' % (
                len(found), self.resource.plural, name, ', '.join(idents)), provider=self.provider)
        return self.details(work, found[0]) if found else None

    def again(self, work, change, answers):
        """The raw thing after the steps, or None; read anew unless an answer has it."""
        ident = change.id or self.made(answers)
        return None if ident is None else self.one(work, ident)

    def lookups(self, work, change):
        """What the steps need to know of catalogues and other things; reads only what the change needs.

        Sets change.found. :raises Precondition: for a plan, zone, image … that the provider does not have.
        """

    def namesakes(self, work, change):
        """Warn of a new name that another has: neither can be named by it then."""
        if change.creates or change.new('name') is None or ('name',) not in self.resource.identity:
            return
        others = sorted(ident for ident, name in self._names(work) if ident != change.id
                        and self.fields['name'].same(change.new('name'), name))
        text = 'another %s has the name %s too (%s); name each by id from then on' % (
            self.resource.name.replace('_', ' '), change.new('name'), ', '.join(others))
        if others:
            work.warn(text)

    def _names(self, work):
        """(id, name) of all that can be read: an odd one must not fail what is done to another."""
        for raw in self.all(work):
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError, Malformed):
                state = self.project(raw)
                yield str(state['id']), state['name']

    def detailed(self, work, raws):
        """The same things with their details, read in parallel; one that went meanwhile is left out."""
        calls = [self.detail_call(raw) for raw in raws]
        found = []
        for answer in work.client.call_many(calls) if calls and calls[0] else raws:
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                found.append(answer)
        return found

    def detail_call(self, raw):
        """(operation, parameters) of the read that gives a thing's details, or None where the list has all."""
        return

    def settling(self, raw, state):
        """The Wait for a thing that is still on its way from an earlier run, or None."""
        return

    def alone(self, work):
        """A context manager that keeps other runs on this machine away, from the look whether the thing is there to
        the end, where two could make the same thing; None where none is made."""
        options = work.options
        makes = options.get('id') is None and options['state'] not in ('absent', *self.resource.must_exist)
        return work.lock(work.key) if makes else None

    def key(self, options):
        """What the journal, the locks and the handles know a task by: the same, however the options spell a name that
        is compared in a normal form."""
        named = self.resource.named(options).items()
        return (self.resource.name, *(str(self.fields[name].normalised(value)) for name, value in named))

    def resolved(self, work, options):
        """The options with other things named one way, where the key holds such a name: whoever names the same thing
        in another way is of the same task. Reads only."""
        return options

    def leftovers(self, work, change):
        """Steps for what an interrupted deletion left behind, the thing itself being gone. May read."""
        return []

    def begun(self, work, change):
        """Ids of steps that an interrupted run did, after which others have to come in any case."""
        return ()

    def resumed(self, change):
        """Those other steps."""
        return []

    def noted_by(self, key, state, ident):
        """The key in the journal of what a run writes down while it acts: what the options name the thing by, unless
        the same has to be found whatever a thing that is there is named by.

        :param ident: of the thing; None where it is not there.
        """
        return key

    def ended(self, work, ident):
        """What a step's note tells of was not left half done."""

    def rest(self, work, steps, answer):
        """Those steps of a handle that are still to do: another task may have done some of them. May read.

        :param answer: of the wait that is over.
        """
        return steps

    def bereft(self, steps):
        """Those steps of a handle that are still to do to delete a thing that somebody else has deleted meanwhile.

        :raises ApiError: where they cannot be done without the thing.
        """
        return steps

    def broken_off(self, work, change, done):
        """Something failed; `done` are the ids of the steps that are over."""

    def finished(self, work, change):
        """All steps are over and the thing was read again; what the journal holds of them can go. `change` is None
        when the module job did what remained."""

    # -- pure ---------------------------------------------------------------------------------------------------------
    def check(self, options):
        """Refuse what this provider cannot do, beyond single values; nothing has been sent yet."""

    def verify(self, options):
        """The same for what takes long to find out, such as a file that is read; not asked where `once` says that
        all was done before."""

    def project(self, raw):
        """The neutral state of a raw thing: any of the resource's outputs; what is left out is null."""
        raise NotImplementedError

    def hidden(self, raw):
        """Current values of secret fields, where the API shows them, for comparison alone."""
        return {}

    def fill(self, wanted, options, before):
        """The wanted fields with what follows from other options; `before` is None when the thing is to be made."""
        return wanted

    def predict(self, change):
        """({field: value}, names that only the API can give): what the plan knows of the state afterwards."""
        return {}, ()

    def create(self, change):
        """Steps that make the thing; the one that makes the thing itself has the id 'create'."""
        raise NotImplementedError

    def update(self, change):
        """Steps that lead from change.before to change.after; change.fields is not empty."""
        raise NotImplementedError

    def delete(self, change):
        """Steps that remove the thing."""
        raise NotImplementedError

    def afterwards(self, change):
        """Steps that come last, whatever the state but absent, such as the removal of what is too old."""
        return []

    def made(self, answers):
        """The id of the thing that the step 'create' made."""
        raise NotImplementedError

    def kept(self, change):
        """The keys of `keeps`: what stays and goes on being billed when the thing is deleted, or a price."""
        return {}

    def told(self, change, answers):
        """Further keys of `keeps` that only the answers tell, such as what was transferred."""
        return {}

    def revealed(self, answers):
        """Secrets of the answers that the user may ask to be shown: {name: value}."""
        return {}

    def recover(self, work, step, error):
        """The answer of a step whose answer was lost, or raise."""
        return find_lost(work, step, error)

    # -- for everybody ------------------------------------------------------------------------------------------------
    def neutral(self, work, raw):
        """The projection as it is returned: every key, always; no secret in raw."""
        found = dict.fromkeys(self.resource.outputs())
        found.update(self.project(raw), provider=self.provider)
        found['provider_options'] = found['provider_options'] or {}
        found['raw'] = work.client.shown(found['raw'] if found['raw'] is not None else raw)
        return found

    def flat(self, state):
        """The state as the planner wants it: provider options beside the neutral fields."""
        flat = {key: value for key, value in state.items() if key != 'provider_options'}
        flat.update(('%s.%s' % (self.provider, key), value) for key, value in state['provider_options'].items())
        return flat

    def nested(self, flat):
        """The reverse of flat()."""
        prefix = self.provider + '.'
        state = {key: value for key, value in flat.items() if not key.startswith(prefix)}
        state['provider_options'] = {key[len(prefix):]: value for key, value in flat.items() if key.startswith(prefix)}
        return state

    def need(self, change, *names):
        """:raises Precondition: naming the options that a creation lacks."""
        lacking = [name for name in names if change.new(name) is None]
        if lacking:
            raise Precondition('there is no %s %r and to make one %s is needed' % (
                self.resource.name, change.options.get('name'), ' and '.join(lacking)), provider=self.provider)


def _override(field, overrides):
    """The field with a provider's limits. `only` names the suboptions it honours, `sub` overrides theirs."""
    overrides = dict(overrides)
    only, sub = overrides.pop('only', None), overrides.pop('sub', {})
    if only is not None or sub:
        overrides['options'] = {name: dataclasses.replace(each, **sub.get(name, {}))
                                for name, each in field.options.items() if only is None or name in only}
    return dataclasses.replace(field, **overrides)


def refusals(crossing, options):
    """What in the options this provider cannot honour; each names the option, the provider and what to use instead."""
    told = []

    def unknown(name, why):
        told.append('%s cannot be used with %s%s' % (name, crossing.provider, ': ' + why if why else ''))

    resource = crossing.resource
    for name, field in {**ALWAYS, **resource.fields, **resource.controls}.items():
        value = options.get(name)
        if value is None or not field.option:
            continue
        if name not in crossing.fields:
            if value != field.default and not field.leave:
                unknown(name, crossing.refuses.get(name, ''))
            continue
        mine = crossing.fields[name]
        for label, item in _items(name, value):
            extra = [key for key in (item if mine.options is not None else ()) if item[key] is not None
                     and key not in mine.options]
            for key in extra:
                unknown('%s.%s' % (label, key), crossing.refuses.get('%s.%s' % (name, key), ''))
        problem = mine.refusal(name, value)
        if problem:
            told.append(problem)
    for provider in resource.crossings:
        if provider != crossing.provider and options.get(provider):
            unknown(provider, 'it is for provider %s' % provider)
    for name, value in (options.get(crossing.provider) or {}).items():
        field = crossing.own.get(name)
        problem = field and field.refusal('%s.%s' % (crossing.provider, name), value)
        if problem:
            told.append(problem)
    if options.get('state') in crossing.refuses:
        unknown('state %s' % options['state'], crossing.refuses[options['state']])
    return told


def _items(name, value):
    if isinstance(value, dict):
        return [(name, value)]
    return [('%s[%d]' % (name, index), item) for index, item in enumerate(value)
            if isinstance(item, dict)] if isinstance(value, list) else []
