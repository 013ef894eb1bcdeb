"""Latent class models by EM, many starts at once on the distinct answer patterns (Goodman 1974; Dempster et al. 1977).

stepmix fits one start after the other on every person; here all starts share each matrix product, and equal answers
count once, so that a bootstrap test is a matter of seconds. tests/test_latent.py holds both to the same likelihood.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.closed.mixture import Fitted, Mixed, Parts, climb, shares_of
from models.results import Ints

FIRST_ROUNDS, ROUNDS, KEPT = 60, 5000, 4
TOLERANCE, ROUGHLY = 1e-7, 1e-3
"""Gains in log-likelihood at which a model stands still: of the answers, and of resamples or draws."""


@dataclass(frozen=True)
class Patterns:
    """Distinct answer patterns.

    shown: float (m, s), 1 for the level a pattern holds of every item, all 0 for an item that was not answered.
    weights: float (m,), people per pattern. starts: first column of every item, and s at the end. back: int (n,), the
    pattern behind every person.
    """

    shown: NDArray[np.float64]
    weights: NDArray[np.float64]
    starts: tuple[int, ...]
    back: Ints

    @property
    def answers(self) -> Mixed:
        """The patterns as a mixture sees them."""
        none = np.empty((len(self.shown), 0))
        return Mixed(none, none, self.shown, self.starts)

    @property
    def people(self) -> float:
        """How many people there are."""
        return float(self.weights.sum())


def patterns(codes: Ints, sizes: tuple[int, ...]) -> Patterns:
    """Patterns of codes (n, items), 0 to sizes[item] - 1, or -1 for no answer."""
    distinct, back, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    starts = tuple(np.concatenate([[0], np.cumsum(sizes)]).tolist())
    shown = np.zeros((len(distinct), starts[-1]))
    for item, first in enumerate(starts[:-1]):
        there = np.flatnonzero(distinct[:, item] >= 0)
        shown[there, first + distinct[there, item]] = 1
    return Patterns(shown, counts.astype(np.float64), starts, back.ravel().astype(np.int64))


def fit(found: Patterns, k: int, starts: int, rng: np.random.Generator, tolerance: float = TOLERANCE) -> Fitted:
    """The most likely of `starts` random starts: all go a few rounds, the best few until they stand still.

    tolerance: gain in log-likelihood below which a model stands still. Classes come in order of size, largest first.
    """
    number = 1 if k == 1 else starts
    odds = shares_of(rng.gamma(1.0, size=(number, k, found.starts[-1])) + 0.05, found.starts)
    begun = Parts(np.full((number, k), 1 / k), np.empty((number, k, 0)), np.empty((number, 0)), odds)
    first = climb(found.answers, found.weights, begun, FIRST_ROUNDS, tolerance, prior=0)
    kept = first.some(np.argsort(-first.loglik, kind="stable")[:KEPT])
    best = climb(found.answers, found.weights, kept, ROUNDS, tolerance, prior=0).best
    order = np.lexsort((-best.odds[:, 0], -np.round(best.shares, 9)))
    return replace(best, shares=best.shares[order], means=best.means[order], odds=best.odds[order])


def improved(found: Patterns, model: Fitted, tolerance: float = TOLERANCE) -> Fitted:
    """The most likely model that is reached from another one; classes stay in their order."""
    return climb(found.answers, found.weights, model.parts, ROUNDS, tolerance, prior=0).best


def draw(model: Fitted, like: Patterns, rng: np.random.Generator) -> Patterns:
    """Answers of as many people as in `like` from the model; who left an item out there leaves it out here."""
    n, items = len(like.back), len(like.starts) - 1
    codes = np.full((n, items), -1, dtype=np.int64)
    member = rng.choice(model.k, n, p=model.shares / model.shares.sum())
    for item, (first, last) in enumerate(zip(like.starts, like.starts[1:], strict=False)):
        steps = np.cumsum(model.odds[member, first:last], axis=1)
        drawn = (rng.random((n, 1)) * steps[:, -1:] > steps).sum(axis=1)
        answered = like.shown[like.back, first:last].any(axis=1)
        codes[answered, item] = drawn[answered]
    return patterns(codes, tuple(np.diff(like.starts).tolist()))
