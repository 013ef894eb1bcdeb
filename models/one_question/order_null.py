"""Rankings without groups: everybody orders the options by one taste and chance (Plackett 1975; Luce 1959).

Places are no free numbers, an option can only rise where another falls, so that data with the same correlations alone
would make any rankings look grouped. Real ones must separate better than rankings drawn from one taste.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evidence import Null, Search, separation_p
from models.features import Answers, encode
from models.groups.kmeans import kmeans
from models.results import Ints

MOST_TESTED = 1000
"""The test looks at so many people, a random sample of them when there are more."""
SETS, STARTS, ROUNDS = 20, 5, 200
_TINY = 1e-12

Matrix = NDArray[np.float64]


def one_taste_p(answers: Answers, most: int, seed: int) -> float:
    """Return the p-value of rankings by one taste, over 2 to `most` groups; 1 when nobody's ranking differs."""
    rng = np.random.default_rng([seed, 21])
    values = sorted((list(value) for value in answers.values), key=str)
    if len(values) > MOST_TESTED:
        values = [values[at] for at in np.sort(rng.choice(len(values), MOST_TESTED, replace=False))]
    options = list(dict.fromkeys([*answers.options, *(pick for value in values for pick in value)]))
    place = {option: at for at, option in enumerate(options)}
    orders = [[place[pick] for pick in value] for value in values]
    ks = tuple(range(2, min(most, len({tuple(order) for order in orders}) - 1) + 1))
    if not ks:
        return 1.0
    worth = worths(orders, len(options))

    def explained(rankings: Sequence[Sequence[Any]]) -> list[float]:
        z = encode(replace(answers, values=rankings, options=tuple(options))).matrix
        return [_explained(z, k, rng) for k in ks]

    found = explained(values)
    lengths = [len(order) for order in orders]
    empty = [explained([[options[at] for at in one] for one in drawn(worth, lengths, rng)]) for _ in range(SETS)]
    null = Null(ks, np.array(empty), np.zeros((0, len(ks))))
    return separation_p(Search({}, dict(zip(ks, found, strict=True))), null)


def worths(orders: Sequence[Sequence[int]], options: int) -> Matrix:
    """Return how much each option is worth, (options,), summing to 1: the most likely ones (Hunter 2004)."""
    longest = max(map(len, orders))
    at_stage = np.full((len(orders), longest), -1, dtype=np.int64)
    for row, order in enumerate(orders):
        at_stage[row, : len(order)] = order
    there = at_stage >= 0
    stage_of = np.tile(there.sum(axis=1)[:, None] - 1, (1, options))
    rows, stages = np.nonzero(there)
    stage_of[rows, at_stage[rows, stages]] = stages
    wins = np.bincount(at_stage[there], minlength=options) + 1e-3
    found = np.full(options, 1 / options)
    for _ in range(ROUNDS):
        taken = np.where(there, found[at_stage], 0.0)
        left = np.maximum(1 - np.cumsum(taken, axis=1) + taken, _TINY)
        waited = np.cumsum(np.where(there, 1 / left, 0.0), axis=1)
        before, found = found, wins / np.take_along_axis(waited, stage_of, axis=1).sum(axis=0)
        found = found / found.sum()
        if np.abs(found - before).max() < 1e-9:
            break
    return found


def drawn(worth: Matrix, lengths: Sequence[int], rng: np.random.Generator) -> list[list[int]]:
    """Return rankings by one taste, each as long as given."""
    orders = np.argsort(-(np.log(worth) + rng.gumbel(size=(len(lengths), len(worth)))), axis=1).tolist()
    return [order[:length] for order, length in zip(orders, lengths, strict=True)]


def _explained(z: Matrix, k: int, rng: np.random.Generator) -> float:
    fits = kmeans(z, np.ones((STARTS, len(z))), k, rng, trials=2)
    labels: Ints = fits.labels[int(fits.inertia.argmin())]
    total = float(((z - z.mean(axis=0)) ** 2).sum())
    within = sum(float(((z[labels == at] - z[labels == at].mean(axis=0)) ** 2).sum()) for at in np.unique(labels))
    return 1 - within / total if total > _TINY else 0.0
