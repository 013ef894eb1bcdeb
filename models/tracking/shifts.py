"""How far a population has moved: population stability index, and a kernel test of two samples."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from models.encoders.question import plain
from models.features import Answers, fit_encoder
from models.tracking.limits import ACT, WATCH

Matrix = NDArray[np.float64]

CHANCE = 0.01
"""Part of the cases without any shift in which chance alone exceeds the limit of an index."""

BANDS = 10
"""Bands into which numbers are cut, each with as many people before."""

DIFFERENT = 12
"""Different values up to which each counts for itself."""

MOST_TESTED, DRAWS = 500, 499
"""People of each wave that the kernel test compares at most, and permutations."""


@dataclass(frozen=True)
class Shift:
    """How far something has moved. index: population stability index. limit: what chance alone stays below.

    before, after: shares of the categories.
    """

    name: str
    index: float
    limit: float
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def watch(self) -> bool:
        """Whether it has moved noticeably, by more than chance."""
        return self.index >= max(WATCH, self.limit)

    @property
    def act(self) -> bool:
        """Whether it has moved so far that something should be done."""
        return self.index >= max(ACT, self.limit)


def stability_index(before: Matrix, after: Matrix) -> float:
    """Return the population stability index of two sets of counts: Σ (a − b) ln(a / b) over shares a and b.

    Half a person is added to every category, so that one that is empty has a logarithm.
    """
    a, b = (counts + 0.5 for counts in (after, before))
    a, b = a / a.sum(), b / b.sum()
    return float(((a - b) * np.log(a / b)).sum())


def chance_limit(categories: int, before: float, after: float, tests: int = 1) -> float:
    """Return what the index stays below in all but CHANCE of the cases without a shift.

    Without one it is about (1/n + 1/m) times chi-square on categories − 1 degrees of freedom (Yurdakul & Naranjo 2020);
    tests: how many indices the largest is taken of.
    """
    if categories < 2 or not before or not after:
        return np.inf
    return float(chi2.ppf(1 - CHANCE / tests, categories - 1) * (1 / before + 1 / after))


def shift(name: str, before: Matrix, after: Matrix, tests: int = 1) -> Shift:
    """Return how far counts (categories,) have moved."""
    n, m = float(before.sum()), float(after.sum())
    limit = chance_limit(int(((before + after) > 0).sum()), n, m, tests)
    shares = (tuple((counts / max(counts.sum(), 1)).tolist()) for counts in (before, after))
    return Shift(name, stability_index(before, after), limit, *shares)


def answer_shift(before: Answers, after: Answers, tests: int = 1) -> Shift | None:
    """Return how far the answers to a question have moved: the part of it (option, item) that has moved most.

    tests: how many questions are compared. None when it is open, or when one side has no answers.
    """
    parts = _parts(before, after)
    found = [shift(name, *counts, tests=tests * len(parts)) for name, *pair in parts if (counts := _counted(*pair))]
    return max(found, key=lambda one: (one.act, one.watch, one.index - one.limit), default=None)


Values = list[Any]


def _parts(before: Answers, after: Answers) -> list[tuple[str, Values, Values]]:
    """What is compared one by one: name, values before and after, without those who did not answer."""
    if before.kind in ("text", "none"):
        return []
    if before.kind in ("nominal", "binary", "ordinal"):
        return [(before.name, *_both(before, after, plain))]
    if before.kind == "multi":
        one, other = _both(before, after, lambda value: {plain(pick) for pick in value})
        options = sorted({option for picks in (*one, *other) for option in picks}, key=str)
        return [
            (f"{before.name}: {option}", [option in picks for picks in one], [option in picks for picks in other])
            for option in options
        ]
    if before.kind == "battery":
        one, other = _both(before, after, dict)
        items = sorted({item for marks in (*one, *other) for item in marks}, key=str)
        return [(f"{before.name}: {item}", _marks(one, item), _marks(other, item)) for item in items]
    encoding = fit_encoder(before)
    first, second = (encoding.apply(side.values) for side in (before, after))
    columns = encoding.scheme.columns
    return [
        (
            f"{before.name}: {column}" if len(columns) > 1 else before.name,
            np.round(first.matrix[first.answered, j], 9).tolist(),
            np.round(second.matrix[second.answered, j], 9).tolist(),
        )
        for j, column in enumerate(columns)
    ]


def _both(before: Answers, after: Answers, read: Callable[[Any], Any]) -> tuple[Values, Values]:
    return _given(before, read), _given(after, read)


def _given(answers: Answers, read: Callable[[Any], Any]) -> Values:
    return [read(value) for value in answers.values if value is not None]


def _marks(given: Values, item: str) -> Values:
    return [marks[item] for marks in given if marks.get(item) is not None]


def _counted(before: Values, after: Values) -> tuple[Matrix, Matrix] | None:
    """People in each category before and after; many different numbers are cut into bands."""
    if not before or not after:
        return None
    different = sorted({*before, *after}, key=lambda value: (str(type(value)), value))
    if len(different) > DIFFERENT and all(isinstance(value, int | float) for value in different):
        edges = np.unique(np.quantile(np.array(before, dtype=np.float64), np.arange(1, BANDS) / BANDS))
        sides = [np.searchsorted(edges, np.array(side, dtype=np.float64)) for side in (before, after)]
        size = len(edges) + 1
    else:
        place = {value: at for at, value in enumerate(different)}
        sides = [np.array([place[value] for value in side]) for side in (before, after)]
        size = len(different)
    one, other = (np.bincount(side, minlength=size).astype(np.float64) for side in sides)
    return one, other


@dataclass(frozen=True)
class Kernel:
    """Maximum mean discrepancy of two samples (Gretton et al. 2012). p: by permutation. people: compared."""

    discrepancy: float
    p: float
    people: int


def kernel_test(before: Matrix, after: Matrix, rng: np.random.Generator) -> Kernel:
    """Test whether two samples, (n, p) and (m, p), come from one population, whatever way they may differ.

    Gaussian kernel, its width the median distance; samples of each side when there are many people.
    """
    sides = [rng.permutation(side)[:MOST_TESTED] for side in (before, after)]
    z = np.vstack(sides)
    n, m = map(len, sides)
    if not n or not m:
        return Kernel(0.0, 1.0, n + m)
    squares = (z**2).sum(axis=1)
    distances = np.maximum(squares[:, None] + squares - 2 * z @ z.T, 0.0)
    middle = float(np.median(distances[distances > 1e-12])) if (distances > 1e-12).any() else 1.0
    kernel = np.exp(-distances / middle)
    signs = np.concatenate([np.full(n, 1 / n), np.full(m, -1 / m)])
    drawn = np.array([signs, *(rng.permutation(signs) for _ in range(DRAWS))])
    found = ((drawn @ kernel) * drawn).sum(axis=1)
    return Kernel(float(np.sqrt(max(found[0], 0.0))), float((found >= found[0] - 1e-12).mean()), n + m)
