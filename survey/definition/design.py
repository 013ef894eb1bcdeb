"""Which items stand together in the sets of a best–worst question: a balanced incomplete block design.

Every item comes up equally often, every pair as equally often as the numbers allow, every item in every position as
equally often as they allow (Louviere, Flynn & Marley 2015, ch. 2). One design is found for each size, by developing
the best base block around a circle and by exchanging items while that evens out the pairs; each respondent gets it
with the items, the sets and the order within the sets drawn anew, so that versions differ and stay balanced.
"""

import math
import random
from collections import Counter
from functools import lru_cache
from itertools import combinations, islice, permutations

Block = tuple[int, ...]
TIMES = 3
BASE_BLOCKS = 4_000
ROUNDS = 60


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
        blocks += _exchanged(items, size, rest, Counter(_pairs(blocks)))
    return tuple(_positioned(blocks, size)) if rest else tuple(blocks)


def _circle(items: int, size: int) -> list[Block]:
    """Return the blocks developed from the base block whose differences are the most even."""

    def unevenness(base: Block) -> int:
        met = Counter((b - a) % items for a, b in permutations(base, 2))
        return sum(times * times for times in met.values())

    bases = ((0, *rest) for rest in combinations(range(1, items), size - 1))
    best = min(islice(bases, BASE_BLOCKS), key=unevenness)
    return [tuple((place + turn) % items for place in best) for turn in range(items)]


def _pairs(blocks: list[Block]) -> list[tuple[int, int]]:
    return [(a, b) for block in blocks for a, b in combinations(sorted(block), 2)]


def _exchanged(items: int, size: int, count: int, met: Counter[tuple[int, int]]) -> list[Block]:
    """Return the evenest of several greedy designs, each mended by exchanging items between blocks."""
    found: tuple[int, list[list[int]]] | None = None
    for attempt in range(8):
        chance = random.Random(f"{items}:{size}:{count}:{attempt}")  # noqa: S311 (an order, not a secret)
        blocks = _greedy(items, size, count, Counter(met), chance)
        cost = _mend(blocks, Counter(met))
        if found is None or cost < found[0]:
            found = cost, blocks
    return [tuple(block) for block in (found[1] if found else [])]


def _greedy(items: int, size: int, count: int, met: Counter[tuple[int, int]], chance: random.Random) -> list[list[int]]:
    times = Counter(dict.fromkeys(range(items), 0))
    blocks = []
    for _ in range(count):
        block: list[int] = []
        while len(block) < size:
            free = [item for item in range(items) if item not in block]
            chance.shuffle(free)
            block.append(min(free, key=lambda item: (times[item], sum(met[_key(item, other)] for other in block))))
        for item in block:
            times[item] += 1
        met.update(_pairs([tuple(block)]))
        blocks.append(block)
    return blocks


def _mend(blocks: list[list[int]], met: Counter[tuple[int, int]]) -> int:
    """Exchange items between blocks while that evens out the pairs; return the sum of squares that is left."""
    met.update(_pairs([tuple(block) for block in blocks]))
    for _ in range(ROUNDS):
        if not any(_exchange(one, other, met) for one, other in combinations(blocks, 2)):
            break
    return sum(times * times for times in met.values())


def _exchange(one: list[int], other: list[int], met: Counter[tuple[int, int]]) -> bool:
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            if a in other or b in one:
                continue
            kept_one, kept_other = [x for x in one if x != a], [x for x in other if x != b]
            before = [_key(a, x) for x in kept_one] + [_key(b, x) for x in kept_other]
            after = [_key(b, x) for x in kept_one] + [_key(a, x) for x in kept_other]
            trial = Counter({key: met[key] for key in {*before, *after}})
            cost = sum(times * times for times in trial.values())
            trial.subtract(before)
            trial.update(after)
            if sum(times * times for times in trial.values()) < cost:
                for key in trial:
                    met[key] = trial[key]
                one[i], other[j] = b, a
                return True
    return False


def _key(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


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
