# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an ordered list of rules becomes another, one request at a time, without a gap. Pure.

The first rule that matches decides, and no request changes several rules at once. So every state between must decide
each packet as the list before or as the list after does; what these agree on then holds all the time:

1. Both lists are merged into one order. Rules that are in both, in the same order, stay as they are.
2. New rules come in from the top to the bottom, then old ones go from the bottom to the top. While rules come in, a
   packet meets the rule that it will meet afterwards or, while that is not there, the one that it met before. While
   they go, it is the same the other way round.
3. That order is needed only between rules that may match the same packet; others have nothing to do with each other.
4. One request that rewrites an old rule as a new one, or moves it, stands for both, where 2. lets both happen at one
   moment. It may come earlier where the new rule matches all that the old one did and stands no lower: nothing meets
   the old one any more; and later where it matches no more than the old one and stands no higher.
5. Where a new rule finds no free number between its neighbours, rules are moved first, none past another.

Every rule of the merged list takes a number, and there are 30. Where they do not suffice, old rules that nothing waits
for go first; where that is not enough either, there is no way without a gap.
"""

from __future__ import annotations

from ...firewall import covers, overlaps, same_match

LIMIT = 30


class NoRoom(Exception):
    """There are not numbers enough for a way without a gap."""


class Item:
    """A place in the merged order: of an old rule, of a new rule, or of both where one is to become the other."""

    def __init__(self, old=None, new=None):
        self.old, self.new = old, new

    @property
    def stays(self):
        return bool(self.old and self.new) and same(self.old, self.new)


class Change:
    """What one request does: `new` comes, `old` goes, or both at once."""

    def __init__(self, old=None, new=None):
        self.old, self.new = old, new


def plan(current, wanted, allow_gap=False, limit=LIMIT):
    """The steps: ('create', rule, number), ('update', id, rule or None, number or None) and ('delete', id).

    :param current: normal rules with `id` and `ordering`, in order within their direction.
    :param wanted: normal rules; `ordering` where a number would be welcome.
    :raises NoRoom: where there is no way without a gap, and none is allowed.
    """
    orders = []
    for upper in (True, False):
        items = []
        for direction in ('in', 'out'):
            items += aligned(*([rule for rule in rules if rule['direction'] == direction]
                               for rules in (current, wanted)), upper)
        orders.append(_interleaved(items))
    ways = [ordered(items, early) for items in orders for early in (False, True)]
    ways = [way for way in ways if len(way[2]) <= limit]
    if not ways and not allow_gap:
        raise NoRoom()
    # All of them are safe, so the shortest will do.
    return min((_steps(*way, limit) for way in ways or [ordered(orders[0], True, gap=True)]), key=len)


def same(old, new):
    """Whether two rules do the same; their comments may differ."""
    return same_match(old, new) and old['action'] == new['action']


# -- one order of both lists ------------------------------------------------------------------------------------------
def _worth(old, new):
    """Rules that stay count most; then those that can be rewritten in their place."""
    if same(old, new):
        return 1000 + (old['comment'] == new['comment'])
    return 3 if covers(old, new) or covers(new, old) else 1 if overlaps(old, new) else 2


def aligned(old, new, upper):
    """The merged order of two lists of one direction, in which as many rules as can be stay; where it is the same,
    new rules stand `upper`."""
    best = [[0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for row in reversed(range(len(old))):
        for column in reversed(range(len(new))):
            best[row][column] = max(best[row + 1][column], best[row][column + 1],
                                    best[row + 1][column + 1] + _worth(old[row], new[column]))
    items, row, column = [], 0, 0
    while row < len(old) or column < len(new):
        comes = row == len(old) or column < len(new) and best[row][column] == best[row][column + 1]
        goes = column == len(new) or row < len(old) and best[row][column] == best[row + 1][column]
        if comes and (upper or not goes):
            items.append(Item(new=new[column]))
            column += 1
        elif goes:
            items.append(Item(old[row]))
            row += 1
        else:
            items.append(Item(old[row], new[column]))
            row, column = row + 1, column + 1
    return items


def _interleaved(items):
    """The places of both directions as the numbers of old rules have them, since these are taken from one stock."""
    keyed, last = [], {}
    for index, item in enumerate(items):
        direction = (item.old or item.new)['direction']
        last[direction] = item.old['ordering'] if item.old else last.get(direction, 0)
        keyed.append((last[direction], index))
    return [items[index] for _number, index in sorted(keyed)]


# -- the order of changes ---------------------------------------------------------------------------------------------
def ordered(items, early, gap=False):
    """(changes that come first and free their numbers, the other changes, the places that need a number).

    :param early: old rules that wait for nothing go first, and none is moved to another place.
    :param gap: what a rule should wait for does not count.
    """
    news = [item.new for item in items if item.new and not item.stays]
    olds = [item.old for item in items if item.old and not item.stays]
    place = {id(rule): index for index, item in enumerate(items) for rule in (item.old, item.new) if rule}
    waits = _waits(olds, news, gap)
    pairs, taken = {}, set()
    for old, new in _candidates(items, olds, news, early):
        if id(old) in pairs or id(new) in taken:
            continue
        trial = _joined(waits, id(old), id(new), _free(old, new, place))
        if _sorted(trial) is not None:
            waits = trial
            pairs[id(old)] = id(new)
            taken.add(id(new))
    partner = {pairs[id(old)]: old for old in olds if id(old) in pairs}
    changes = {id(new): Change(partner.get(id(new)), new) for new in news}
    changes.update((id(old), Change(old)) for old in olds if id(old) not in pairs)
    order = _sorted(waits, [id(new) for new in news] + [id(old) for old in reversed(olds)])
    first = []
    for key in order if early else ():
        if changes[key].new is None and waits[key] <= set(first):
            first.append(key)
    places = []
    for item in items:
        if item.old and item.new and not item.stays and pairs.get(id(item.old)) != id(item.new):
            places.append(Item(new=item.new))
            item = Item(item.old)
        if item.new or id(item.old) not in first:
            places.append(item)
    return [changes[key] for key in first], [changes[key] for key in order if key not in first], places


def _waits(olds, news, gap):
    """{rule: the rules whose change it waits for}, by id(). With a gap none waits, so that what only goes is first."""
    if gap:
        return {id(rule): set() for rule in news + olds}
    waits = {}
    for index, new in enumerate(news):
        waits[id(new)] = {id(each) for each in news[:index] if overlaps(each, new)}
    for index, old in enumerate(olds):
        waits[id(old)] = {id(each) for each in olds[index + 1:] + news if overlaps(each, old)}
    return waits


def _candidates(items, olds, news, early):
    """Pairs that one request could do: in place, then moves, then whatever saves a request."""
    yield from ((item.old, item.new) for item in items if item.old and item.new and not item.stays)
    for wanted in () if early else (same, lambda old, new: old['direction'] == new['direction']):
        yield from ((old, new) for old in olds for new in news if wanted(old, new))


def _free(old, new, place):
    """Which of both needs to wait for nothing, and nothing for it, when one request makes one the other; see 4."""
    if covers(new, old) and place[id(new)] <= place[id(old)]:
        return id(old)
    if covers(old, new) and place[id(new)] >= place[id(old)]:
        return id(new)
    return None


def _joined(waits, old, new, free):
    """The waits when both changes are one, which goes by the name of the new."""
    found = {}
    for key, before in waits.items():
        before = set() if key == free else before - {free}
        name = new if key == old else key
        found[name] = found.get(name, set()) | {new if each == old else each for each in before}
    found[new].discard(new)
    return found


def _sorted(waits, preferred=()):
    """The keys in an order in which each comes after those that it waits for, or None where there is none."""
    left = [key for key in preferred if key in waits] + [key for key in waits if key not in preferred]
    done = {}
    while left:
        ready = next((key for key in left if waits[key] <= done.keys()), None)
        if ready is None:
            return None
        left.remove(ready)
        done[ready] = True
    return list(done)


# -- numbers and steps ------------------------------------------------------------------------------------------------
def spread(wishes, limit):
    """Rising numbers up to the limit, of which as many as can be are as wished: [(number or None, weight)]."""
    count, best = len(wishes), []
    for index, (number, weight) in enumerate(wishes):
        if number is None or not index < number <= limit - (count - 1 - index):
            best.append(None)
            continue
        before = [(best[other][0], other) for other in range(index)
                  if best[other] and number - wishes[other][0] >= index - other]
        worth, other = max(before, default=(0, None), key=lambda each: each[0])
        best.append((worth + weight, other))
    last = max((index for index in range(count) if best[index]), default=None, key=lambda index: best[index][0])
    kept = {}
    while last is not None:
        kept[last] = wishes[last][0]
        last = best[last][1]
    numbers = []
    for index in range(count):
        numbers.append(kept.get(index, (numbers[-1] if numbers else 0) + 1))
    return numbers


def _steps(first, changes, places, limit):
    """The requests, once their order and the places are known."""
    # To leave a rule its number saves a request; that a new one gets the number it asks for is only nice to have.
    numbers = spread([(item.old['ordering'], len(places) + 1) if item.old else (item.new['ordering'], 1)
                      for item in places], limit)
    target = {id(rule): number for item, number in zip(places, numbers) for rule in (item.old, item.new) if rule}
    steps = [('delete', change.old['id']) for change in first]
    steps += _moves([(item, number) for item, number in zip(places, numbers) if item.old])
    for change in changes:
        if change.new is None:
            steps.append(('delete', change.old['id']))
        elif change.old is None:
            steps.append(('create', change.new, target[id(change.new)]))
        else:
            number = target[id(change.new)]
            steps.append(('update', change.old['id'], change.new, number if number != target[id(change.old)] else None))
    return steps


def _moves(targets):
    """Move rules to their numbers: upwards from the highest on, then downwards from the lowest; and new comments."""
    up = [pair for pair in targets if pair[1] > pair[0].old['ordering']]
    down = [pair for pair in targets if pair[1] < pair[0].old['ordering']]
    steps = [('update', item.old['id'], _comment(item), number) for item, number in up[::-1] + down]
    return steps + [('update', item.old['id'], item.new, None) for item, number in targets
                    if number == item.old['ordering'] and _comment(item)]


def _comment(item):
    """The new rule, where it differs from the one that stays in its comment alone."""
    return item.new if item.stays and item.old['comment'] != item.new['comment'] else None
