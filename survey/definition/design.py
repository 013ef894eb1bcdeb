"""Which items stand together in the sets of a best–worst question: a balanced incomplete block design.

Every item comes up equally often, every pair as equally often as the numbers allow, every item in every position as
equally often as they allow (Louviere, Flynn & Marley 2015, ch. 2). One design is found for each size, by developing
the best base block around a circle and by exchanging items while that evens out the pairs; each respondent gets it
with the items, the sets and the order within the sets drawn anew, so that versions differ and stay balanced.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations, islice, permutations, product

Block = tuple[int, ...]
Met = list[list[int]]
TIMES = 3
BASE_BLOCKS = 4_000
ATTEMPTS, ROUNDS = 5, 40


def default_count(items: int, size: int) -> int:
    """Return how many sets show each item at least three times, or all of them once when one set holds all.

    >>> default_count(12, 4), default_count(4, 4)
    (9, 1)
    """
    return 1 if size >= items else math.ceil(TIMES * items / size)


def balanced_sets(items: int, size: int, count: int, chance: random.Random) -> tuple[Block, ...]:
    """Return `count` sets of `size` out of `items` numbered items, one version of the design.

    items >= size >= 2, count >= 1. The same `chance` gives the same version.
    """
    names = list(range(items))
    chance.shuffle(names)
    places = list(range(size))
    chance.shuffle(places)
    blocks = [tuple(names[block[place]] for place in places) for block in base_design(items, size, count)]
    chance.shuffle(blocks)
    return tuple(blocks)


@lru_cache(maxsize=128)
def base_design(items: int, size: int, count: int) -> tuple[Block, ...]:
    """Return the design that all versions come from."""
    rounds, rest = divmod(count, items)
    if size == items:
        return tuple(tuple((at + turn) % items for at in range(items)) for turn in range(count))
    blocks = [block for _ in range(rounds) for block in _circle(items, size)]
    if rest:
        met: Met = [[0] * items for _ in range(items)]
        _count(met, blocks)
        blocks += _exchanged(items, size, rest, met)
    return tuple(_positioned(blocks, size)) if rest else tuple(blocks)


def _circle(items: int, size: int) -> list[Block]:
    """Return the blocks developed from the base block whose differences are the most even."""

    def unevenness(base: Block) -> int:
        met = Counter((b - a) % items for a, b in permutations(base, 2))
        return sum(times * times for times in met.values())

    bases = ((0, *rest) for rest in combinations(range(1, items), size - 1))
    best = min(islice(bases, BASE_BLOCKS), key=unevenness)
    return [tuple((place + turn) % items for place in best) for turn in range(items)]


def _exchanged(items: int, size: int, count: int, met: Met) -> list[Block]:
    """Return the evenest of several greedy designs, each mended by exchanging items between blocks."""
    designs = []
    for attempt in range(ATTEMPTS):
        chance = random.Random(f"{items}:{size}:{count}:{attempt}")  # noqa: S311 (an order, not a secret)
        here = [list(row) for row in met]
        blocks = _greedy(items, size, count, here, chance)
        _mend(blocks, here)
        designs.append((sum(times * times for row in here for times in row), attempt, blocks))
    return [tuple(block) for block in min(designs)[2]]


def _greedy(items: int, size: int, count: int, met: Met, chance: random.Random) -> list[list[int]]:
    """Return blocks of the items that came up least and met least; `met` counts along."""
    times = [0] * items
    blocks = []
    for _ in range(count):
        block: list[int] = []
        while len(block) < size:
            free = [item for item in range(items) if item not in block]
            chance.shuffle(free)
            block.append(min(free, key=lambda item: (times[item], sum(met[item][other] for other in block))))
        for item in block:
            times[item] += 1
        _count(met, [tuple(block)])
        blocks.append(block)
    return blocks


def _mend(blocks: list[list[int]], met: Met) -> None:
    """Exchange items between blocks as long as that evens out the pairs; `met` counts along."""
    for _ in range(ROUNDS):
        if not sum(_exchange(one, other, met) for one, other in combinations(blocks, 2)):
            return


def _exchange(one: list[int], other: list[int], met: Met) -> bool:
    for (i, a), (j, b) in product(enumerate(one), enumerate(other)):
        if a in other or b in one:
            continue
        only_one = [x for x in one if x != a and x not in other]
        only_other = [y for y in other if y != b and y not in one]
        gain = sum(met[a][x] - met[b][x] - 1 for x in only_one) + sum(met[b][y] - met[a][y] - 1 for y in only_other)
        if gain > 0:
            for stays, leaves, comes in [(x, a, b) for x in only_one] + [(y, b, a) for y in only_other]:
                _change(met, stays, leaves, -1)
                _change(met, stays, comes, 1)
            one[i], other[j] = b, a
            return True
    return False


def _change(met: Met, a: int, b: int, by: int) -> None:
    met[a][b] += by
    met[b][a] += by


def _count(met: Met, blocks: Iterable[Block]) -> None:
    for block in blocks:
        for a, b in combinations(block, 2):
            _change(met, a, b, 1)


def _positioned(blocks: list[Block], size: int) -> list[Block]:
    """Return the blocks ordered within so that items take turns in the positions."""
    seen: Counter[tuple[int, int]] = Counter()
    placed = []
    for block in blocks:
        order: list[int] = []
        left = list(block)
        for place in range(size):
            item = min(left, key=lambda x: (seen[(x, place)], -sum(seen[(x, p)] for p in range(place + 1, size)), x))
            left.remove(item)
            order.append(item)
            seen[(item, place)] += 1
        placed.append(tuple(order))
    return placed
