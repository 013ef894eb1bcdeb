"""Segments against everybody else, answer by answer: values with intervals, effect sizes, tests, and their correction.

A segment is given by weights: 1 for its people and 0 for others, or the weights of models/portrait/three_step.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import asin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, fisher_exact, norm
from scipy.stats import t as student

from models.portrait.columns import Column
from models.results import Marker
from models.shares import wilson

MOST_MARKERS = 20
"""So many markers tell what a segment is like."""

FEW_EXPECTED = 5.0
"""With fewer expected in a cell, shares are tested exactly (Fisher 1934)."""

FARTHEST = 100.0
"""Standardised differences beyond this, as between groups that do not overlap at all, count as this."""

Weights = NDArray[np.float64]
_TINY = 1e-18


@dataclass(frozen=True)
class Compared:
    """One segment on one column; kind says what the column tells about people (a field of Portrait)."""

    segment: int
    column: Column
    marker: Marker
    kind: str = "who"


def compare(column: Column, weights: Weights, placed: NDArray[np.bool_]) -> list[Compared]:
    """Return each segment 1..k on one column, p-values not corrected yet; one in which nobody answered is left out.

    weights: (n, k), rows of placed people sum to 1. Effects and tests set a segment against all other people, values
    beside that of everybody placed.
    """
    known = np.flatnonzero(placed & ~np.isnan(column.x))
    known = known[np.lexsort((*weights[known].T, column.compared[known], column.x[known]))]  # sums in one order
    x, compared, w = column.x[known], column.compared[known], weights[known]
    found = []
    for at in range(weights.shape[1]):
        own = w[:, at]
        base = int((own > 0.5).sum())
        if base and own.sum() > 0:
            said = (_share if column.measure == "share" else _mean)(column, x, compared, own, base)
            found.append(Compared(at + 1, column, said))
    return found


def corrected(compared: Sequence[Compared]) -> list[Compared]:
    """Return the comparisons with p-values corrected for their number (Benjamini & Hochberg 1995)."""
    if not compared:
        return []
    p = false_discovery_control([one.marker.p for one in compared], method="bh")
    return [replace(one, marker=replace(one.marker, p=float(value))) for one, value in zip(compared, p, strict=True)]


def strongest(compared: Sequence[Compared], segment: int, kind: str = "who") -> tuple[Marker, ...]:
    """Return the answers of a kind in which a segment differs most from the others, by effect, at most MOST_MARKERS."""
    own = [one.marker for one in compared if one.segment == segment and one.kind == kind]
    own.sort(key=lambda marker: (-round(abs(marker.effect), 9), marker.question, marker.answer))
    return tuple(own[:MOST_MARKERS])


def _share(column: Column, x: Weights, _: Weights, own: Weights, base: int) -> Marker:
    others = 1 - own
    total, mass = float(x.mean()), float(own.sum())
    value = float(np.clip(own @ x / mass, 0, 1))
    low, high = _share_interval(value, own, base)
    effect, p = 0.0, 1.0
    if others.sum() > 1e-9 and 0 < total < 1:
        rest = float(np.clip(others @ x / others.sum(), 0, 1))
        effect = 2 * asin(sqrt(value)) - 2 * asin(sqrt(rest))
        p = _share_test(x, own, value, rest)
    index = 100 * value / total if total > 0 else None
    return Marker(column.title, column.answer, "share", value, low, high, total, index, effect, p, base)


def _share_interval(value: float, own: Weights, base: int) -> tuple[float, float]:
    """Wilson's interval; with weights that are not 0 or 1, of as many people as the weights are worth (Kish 1965)."""
    if _hard(own):
        return wilson(round(value * base), base)
    worth = float(own.sum() ** 2 / (own**2).sum())
    return wilson(value * worth, worth)


def _share_test(x: Weights, own: Weights, value: float, rest: float) -> float:
    n, inside, taken = len(x), float(own.sum()), float(x.sum())
    if not _hard(own):
        return _influence_test(x, own, value, rest)
    smallest = min(inside, n - inside) * min(taken, n - taken) / n
    if smallest < FEW_EXPECTED:
        both = round(float(own @ x))
        table = [[both, round(inside) - both], [round(taken) - both, round(n - inside - taken) + both]]
        return float(fisher_exact(table).pvalue)
    share = taken / n
    return float(2 * norm.sf(abs(value - rest) / sqrt(share * (1 - share) * (1 / inside + 1 / (n - inside)))))


def _mean(column: Column, x: Weights, compared: Weights, own: Weights, base: int) -> Marker:
    others = 1 - own
    mass, total = float(own.sum()), float(x.mean())
    value = float(own @ x / mass)
    half = float(student.ppf(0.975, max(base - 1, 1))) * sqrt(_variance_of_mean(x, own, value))
    low, high = (value - half, value + half) if base > 1 else (float("-inf"), float("inf"))
    effect, p = 0.0, 1.0
    if others.sum() > 1e-9:
        effect, p = _difference(compared, own, others)
        if effect * (value - total) < 0:  # by logarithms above the others, by the mean below, or the other way
            effect, p = 0.0, 1.0
    index = 100 * value / total if column.zero and total > 0 else None
    return Marker(column.title, column.answer, "mean", value, low, high, total, index, effect, p, base)


def _variance_of_mean(x: Weights, own: Weights, mean: float) -> float:
    """Robust variance of a weighted mean, with the usual correction for few people."""
    worth = max(float((own > 0.5).sum()), 2.0)
    return float((own**2 * (x - mean) ** 2).sum() / own.sum() ** 2 * worth / (worth - 1))


def _difference(x: Weights, own: Weights, others: Weights) -> tuple[float, float]:
    """Return the standardised difference (Cohen's d) and the p-value of none (Welch 1947)."""
    a, b = float(own @ x / own.sum()), float(others @ x / others.sum())
    within = float(own @ (x - a) ** 2 + others @ (x - b) ** 2) / max(len(x) - 2, 1)
    if a == b:
        return 0.0, 1.0
    effect = float(np.clip((a - b) / sqrt(max(within, _TINY)), -FARTHEST, FARTHEST))
    if not _hard(own):
        return effect, _influence_test(x, own, a, b)
    if min(own.sum(), others.sum()) < 2:
        return effect, 1.0
    one, other = _variance_of_mean(x, own, a), _variance_of_mean(x, others, b)
    if one + other <= 0:
        return effect, 0.0
    freedom = (one + other) ** 2 / (one**2 / (own.sum() - 1) + other**2 / (others.sum() - 1))
    return effect, float(2 * student.sf(abs(a - b) / sqrt(one + other), freedom))


def _influence_test(x: Weights, own: Weights, a: float, b: float) -> float:
    """p-value of two weighted means being one, by what each person moves their difference."""
    others = 1 - own
    moved = own * (x - a) / own.sum() - others * (x - b) / others.sum()
    spread = float(np.sqrt((moved**2).sum()))
    return float(2 * norm.sf(abs(a - b) / spread)) if spread > 0 else 1.0


def _hard(own: Weights) -> bool:
    return bool(((own == 0) | (own == 1)).all())
