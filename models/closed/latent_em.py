"""Latent class models by EM, many starts at once on the distinct answer patterns (Goodman 1974; Dempster et al. 1977).

stepmix fits one start after the other on every person; here all starts share each matrix product, and equal answers
count once, so that a bootstrap test is a matter of seconds. tests/test_latent.py holds both to the same likelihood.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.results import Ints

FIRST_ROUNDS, ROUNDS, KEPT = 60, 5000, 4
TOLERANCE = 1e-7
_FLOOR = 1e-12


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
    def people(self) -> float:
        """How many people there are."""
        return float(self.weights.sum())


@dataclass(frozen=True)
class Mixture:
    """One fitted model. shares: (k,). levels: (k, s), P(level | class), summing to 1 over each item's levels."""

    shares: NDArray[np.float64]
    levels: NDArray[np.float64]
    loglik: float

    @property
    def k(self) -> int:
        """The number of classes."""
        return len(self.shares)

    def posterior(self, patterns: Patterns) -> NDArray[np.float64]:
        """P(class | answers) of every pattern, (m, k)."""
        return _expect(patterns, self.shares[None], self.levels[None])[0][0]


def patterns(codes: Ints, sizes: tuple[int, ...]) -> Patterns:
    """Patterns of codes (n, items), 0 to sizes[item] - 1, or -1 for no answer."""
    distinct, back, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    starts = tuple(np.concatenate([[0], np.cumsum(sizes)]).tolist())
    shown = np.zeros((len(distinct), starts[-1]))
    for item, first in enumerate(starts[:-1]):
        there = np.flatnonzero(distinct[:, item] >= 0)
        shown[there, first + distinct[there, item]] = 1
    return Patterns(shown, counts.astype(np.float64), starts, back.ravel().astype(np.int64))


def fit(found: Patterns, k: int, starts: int, rng: np.random.Generator, tolerance: float = TOLERANCE) -> Mixture:
    """The most likely of `starts` random starts: all go a few rounds, the best few until they stand still.

    tolerance: gain in log-likelihood below which a model stands still. Classes come in order of size, largest first.
    """
    number = 1 if k == 1 else starts
    shares = np.full((number, k), 1 / k)
    levels = _normal(rng.gamma(1.0, size=(number, k, found.starts[-1])) + 0.05, found.starts)
    shares, levels, loglik = _climb(found, shares, levels, FIRST_ROUNDS, tolerance)
    best = np.argsort(-loglik, kind="stable")[:KEPT]
    shares, levels, loglik = _climb(found, shares[best], levels[best], ROUNDS, tolerance)
    winner = int(loglik.argmax())
    order = np.lexsort((-levels[winner, :, 0], -np.round(shares[winner], 9)))
    return Mixture(shares[winner, order], levels[winner, order], float(loglik[winner]))


def draw(model: Mixture, like: Patterns, rng: np.random.Generator) -> Patterns:
    """Answers of as many people as in `like` from the model; who left an item out there leaves it out here."""
    n, items = len(like.back), len(like.starts) - 1
    codes = np.full((n, items), -1, dtype=np.int64)
    member = rng.choice(model.k, n, p=model.shares / model.shares.sum())
    for item, (first, last) in enumerate(zip(like.starts, like.starts[1:], strict=False)):
        steps = np.cumsum(model.levels[member, first:last], axis=1)
        drawn = (rng.random((n, 1)) * steps[:, -1:] > steps).sum(axis=1)
        answered = like.shown[like.back, first:last].any(axis=1)
        codes[answered, item] = drawn[answered]
    return patterns(codes, tuple(np.diff(like.starts).tolist()))


def _climb(
    found: Patterns, shares: NDArray[np.float64], levels: NDArray[np.float64], rounds: int, tolerance: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """EM on a batch of models (b, k), (b, k, s); those that stand still leave it."""
    shares, levels = shares.copy(), levels.copy()
    loglik = np.full(len(shares), -np.inf)
    moving = np.arange(len(shares))
    for _ in range(rounds):
        member, now = _expect(found, shares[moving], levels[moving])
        rising = now - loglik[moving] > tolerance
        loglik[moving] = now
        moving, member = moving[rising], member[rising]
        if not len(moving):
            return shares, levels, loglik
        held = member * found.weights[None, :, None]
        mass = held.sum(axis=1)
        shares[moving] = mass / mass.sum(axis=1, keepdims=True)
        counts = held.transpose(0, 2, 1).reshape(-1, len(found.weights)) @ found.shown
        levels[moving] = _normal(counts.reshape(len(moving), shares.shape[1], -1) + _FLOOR, found.starts)
    loglik[moving] = _expect(found, shares[moving], levels[moving])[1]
    return shares, levels, loglik


def _expect(
    found: Patterns, shares: NDArray[np.float64], levels: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P(class | pattern), (b, m, k), and log-likelihoods (b,); an item without an answer counts for nothing."""
    models, k, columns = levels.shape
    joint = (found.shown @ np.log(levels).reshape(models * k, columns).T).reshape(-1, models, k).transpose(1, 0, 2)
    joint = joint + np.log(np.maximum(shares, 1e-300))[:, None, :]
    top = joint.max(axis=2, keepdims=True)
    member = np.exp(joint - top)
    total = member.sum(axis=2, keepdims=True)
    loglik = (top + np.log(total))[:, :, 0] @ found.weights
    return member / total, loglik


def _normal(counts: NDArray[np.float64], starts: tuple[int, ...]) -> NDArray[np.float64]:
    sums = np.add.reduceat(counts, starts[:-1], axis=-1)
    return counts / np.repeat(sums, np.diff(starts), axis=-1)
