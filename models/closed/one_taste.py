"""Answers of one taste and chance, to questions whose answers exclude each other: rankings, best-worst picks, points.

Places, picks and points are no free numbers: one option can only rise where another falls, so that data with the same
correlations alone would make any of them look grouped. Real answers must separate better than those of people who all
have one taste: rankings by Plackett (1975) and Luce (1959), best-worst picks by the max-diff model (Marley & Louviere
2005) on everybody's own sets, points by a Gaussian copula whose parts are made to add up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.closed.nulls import Layout, structureless_like
from models.features import Answers, Block, Encoding, fit_encoder

MOST_READ = 3000
"""The taste is found from so many people's answers, evenly drawn where there are more."""
ROUNDS = 200
RIDGE = 1e-3
"""Precision of the prior on worths, without which a best-worst item that always wins has none."""
STEPS = (100, 50, 25, 20, 10, 5, 2, 1)
"""What people round points to, of a hundred."""
_TINY = 1e-12

Matrix = NDArray[np.float64]
Values = list[Any]
Taste = Callable[[int, np.random.Generator], Values]
"""Draws the answers of so many people of one taste."""


@dataclass(frozen=True)
class OneTaste:
    """Draws encoded answers of people of one taste. scale: what the numbers are divided by."""

    taste: Taste
    encoding: Encoding
    scale: float = 1.0

    def draw(self, people: int, rng: np.random.Generator) -> Matrix:
        """Return the answers of so many people, (people, p)."""
        return self.encoding.apply(self.taste(people, rng)).matrix / self.scale

    def over(self, scale: float) -> "OneTaste":
        """Return what draws the same answers divided by `scale`."""
        return replace(self, scale=self.scale * scale)


def with_one_taste(block: Block, answers: Answers) -> Block:
    """Return the block, not yet scaled, with what draws such answers by one taste where its kind needs it."""
    if answers.kind not in TASTES:
        return block
    encoding = fit_encoder(answers)
    given = sorted((value for value, said in zip(answers.values, block.answered, strict=True) if said), key=str)
    if not given:
        return block
    some = [given[at] for at in np.linspace(0, len(given) - 1, min(len(given), MOST_READ)).round().astype(int)]
    return replace(block, one_taste=OneTaste(TASTES[answers.kind](some, encoding.scheme.options), encoding))


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


def utilities(shown: NDArray[np.bool_], best: NDArray[np.int64], worst: NDArray[np.int64]) -> Matrix:
    """Return how attractive each item is, (items,), summing to 0: the most likely ones under the max-diff model.

    shown: bool (sets, items). best, worst: items picked, (sets,); -1 where no worst was. The worst is picked among
    those shown but the best.
    """
    sets = np.arange(len(shown))
    left = shown.copy()
    left[sets, best] = False
    told = np.flatnonzero(worst >= 0)
    left = left[told]

    def loss(utility: Matrix) -> tuple[float, Matrix]:
        up, down = np.where(shown, utility, -np.inf), np.where(left, -utility, -np.inf)
        up_top, down_top = up.max(axis=1, keepdims=True), down.max(axis=1, keepdims=True)
        up_share, down_share = np.exp(up - up_top), np.exp(down - down_top)
        up_sum, down_sum = up_share.sum(axis=1, keepdims=True), down_share.sum(axis=1, keepdims=True)
        value = float((np.log(up_sum) + up_top).sum() + (np.log(down_sum) + down_top).sum())
        value -= float(utility[best].sum() - utility[worst[told]].sum()) - RIDGE / 2 * float(utility @ utility)
        slope = (up_share / up_sum).sum(axis=0) - (down_share / down_sum).sum(axis=0) + RIDGE * utility
        slope -= np.bincount(best, minlength=len(utility)) - np.bincount(worst[told], minlength=len(utility))
        return value, slope

    found = minimize(loss, np.zeros(shown.shape[1]), jac=True, method="L-BFGS-B").x
    return np.asarray(found - found.mean())


def _rankings(values: Values, options: Sequence[Any]) -> Taste:
    place = {option: at for at, option in enumerate(options)}
    orders = [[place[pick] for pick in value] for value in values]
    worth, lengths = worths(orders, len(options)), np.array([len(order) for order in orders])

    def draw(people: int, rng: np.random.Generator) -> Values:
        return [[options[at] for at in one] for one in drawn(worth, _some(lengths, people, rng).tolist(), rng)]

    return draw


def _picks(values: Values, options: Sequence[Any]) -> Taste:
    """On the sets that people were shown; a set that was passed over stays so."""
    place = {option: at for at, option in enumerate(options)}
    people_sets = [[one for one in sets if one["best"] in place] for sets in values]
    every = [one for sets in people_sets for one in sets]
    shown = np.zeros((len(every), len(options)), dtype=bool)
    for row, one in enumerate(every):
        shown[row, [place[item] for item in one["set"]]] = True
    best = np.array([place[one["best"]] for one in every], dtype=np.int64)
    worst = np.array([place.get(one["worst"], -1) for one in every], dtype=np.int64)
    utility = utilities(shown, best, worst)
    ends = np.cumsum([len(sets) for sets in people_sets])
    starts = ends - [len(sets) for sets in people_sets]

    def draw(people: int, rng: np.random.Generator) -> Values:
        who = _some(np.arange(len(people_sets)), people, rng)
        rows = np.concatenate([np.arange(starts[at], ends[at]) for at in who])
        here = shown[rows]
        first = np.where(here, utility + rng.gumbel(size=here.shape), -np.inf).argmax(axis=1)
        here[np.arange(len(rows)), first] = False
        last = np.where(here, rng.gumbel(size=here.shape) - utility, -np.inf).argmax(axis=1)
        made = iter(
            {"set": every[row]["set"], "best": options[top], "worst": options[low] if worst[row] >= 0 else None}
            for row, top, low in zip(rows.tolist(), first.tolist(), last.tolist(), strict=True)
        )
        return [[next(made) for _ in people_sets[at]] for at in who]

    return draw


def _points(values: Values, options: Sequence[Any]) -> Taste:
    parts = np.array([[float(value.get(option, 0)) for option in options] for value in values])
    parts *= 100 / parts.sum(axis=1, keepdims=True)
    step = next((step for step in STEPS if np.abs(parts - step * np.round(parts / step)).max() < 1e-6), 0)
    columns = Layout(np.ones(len(options), dtype=bool), np.arange(len(options)))
    source = structureless_like(parts, columns, np.random.default_rng(0))

    def draw(people: int, rng: np.random.Generator) -> Values:
        made = np.vstack([source.draw(rng) for _ in range(-(-people // len(parts)))])[:people]
        made[made.sum(axis=1) <= 0] = 100 / len(options)
        made *= 100 / made.sum(axis=1, keepdims=True)
        if step:
            rounded = step * np.round(made / step)
            made = np.where(rounded.sum(axis=1, keepdims=True) > 0, rounded, made)
        return [dict(zip(options, row, strict=True)) for row in made.tolist()]

    return draw


def _some(rows: NDArray[np.int64], people: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """So many of the rows in random order, each as often as any other, give or take one."""
    return np.concatenate([rng.permutation(rows) for _ in range(-(-people // len(rows)))])[:people]


TASTES: Mapping[str, Callable[[Values, Sequence[Any]], Taste]] = {
    "ranking": _rankings,
    "bestworst": _picks,
    "shares": _points,
}
"""Kinds of questions whose answers exclude each other."""
