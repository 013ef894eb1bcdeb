"""Mixtures over answers of every kind at once: graded answers normal within a segment, choices by their odds.

Latent class analysis with mixed indicators (Vermunt & Magidson 2002). Graded columns have the spread they have within
segments, the same in all of them, so a column that tells segments apart counts much and one that does not counts
nothing; what a person left out counts for nothing either. All starts share each matrix product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.closed.nulls import CHOICES
from models.features import Block

ROUNDS = 150
STANDS_STILL = 5e-5
"""Gain in log-likelihood, per person, at which a model stands still."""

PRIOR = 1.0
"""People of the average kind that every segment is given beside its own, so that no answer becomes impossible."""

_FLOOR = 1e-9
"""People that every option is given beside, so that its logarithm is a number."""

LEAST_SPREAD = 0.05
"""Smallest variance within segments of a column, where 1 is that of everybody."""


@dataclass(frozen=True)
class Mixed:
    """Answers as a mixture sees them, one row per distinct person.

    graded: float (m, g), standard scores, 0 where not answered; seen: float (m, g), 1 where answered. shown: float
    (m, s), 1 for the option picked, all 0 where not answered; starts: first column of every choice, and s at the end.
    """

    graded: NDArray[np.float64]
    seen: NDArray[np.float64]
    shown: NDArray[np.float64]
    starts: tuple[int, ...]

    def rows(self, which: NDArray[np.int64]) -> "Mixed":
        """Some of the people."""
        return Mixed(self.graded[which], self.seen[which], self.shown[which], self.starts)


@dataclass(frozen=True)
class Fitted:
    """One fitted mixture. shares: (k,). means: (k, g). spreads: (g,), variance within segments. odds: (k, s)."""

    shares: NDArray[np.float64]
    means: NDArray[np.float64]
    spreads: NDArray[np.float64]
    odds: NDArray[np.float64]
    loglik: float

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.shares)

    @property
    def parts(self) -> "Parts":
        """The figures as a batch of one."""
        return Parts(self.shares[None], self.means[None], self.spreads[None], self.odds[None])

    def posterior(self, people: Mixed) -> NDArray[np.float64]:
        """P(segment | answers), float (m, k)."""
        return _expect(people, self.parts)[0][0].T


class Parts(NamedTuple):
    """The figures of a batch of mixtures. shares: (b, k). means: (b, k, g). spreads: (b, g). odds: (b, k, s)."""

    shares: NDArray[np.float64]
    means: NDArray[np.float64]
    spreads: NDArray[np.float64]
    odds: NDArray[np.float64]


class Climbed(NamedTuple):
    """A batch of mixtures after EM. loglik: (b,)."""

    parts: Parts
    loglik: NDArray[np.float64]

    def some(self, which: NDArray[np.int64]) -> Parts:
        """Some of the mixtures."""
        return Parts(*(part[which] for part in self.parts))

    @property
    def best(self) -> Fitted:
        """The most likely one."""
        winner = int(self.loglik.argmax())
        shares, means, spreads, odds = (part[winner] for part in self.parts)
        return Fitted(shares, means, spreads, odds, float(self.loglik[winner]))


def directions(z: NDArray[np.float64], like: NDArray[np.float64] | None = None) -> Mixed:
    """Coordinates (m, q) as a mixture sees them: everybody's known, each direction in units of its spread in `like`."""
    spread = (z if like is None else like).std(axis=0)
    return Mixed(z / np.where(spread > 1e-9, spread, 1.0), np.ones_like(z), np.empty((len(z), 0)), (0,))


def mixed(blocks: Sequence[Block]) -> Mixed:
    """The blocks of models/features.py as a mixture sees them: choices by what was picked, all else as scores.

    Marks less each person's own mean depend on each other, which a segment's model of independent answers cannot hold:
    they are seen by Helmert contrasts, one fewer than items, which are independent where the marks were.
    """
    n = len(blocks[0].matrix)
    graded, seen, shown, starts = [np.empty((n, 0))], [np.empty((n, 0))], [np.empty((n, 0))], [0]
    for block in blocks:
        there = block.answered[:, None].astype(np.float64)
        if block.kind not in CHOICES:
            scores = _contrasts(block.matrix) if block.centred else block.matrix
            spread = np.sort(scores[block.answered], axis=0).std(axis=0)
            varies = spread > 1e-9
            graded.append(scores[:, varies] / spread[varies])
            seen.append(np.repeat(there, int(varies.sum()), axis=1))
            continue
        picked = (block.matrix > 0) * there
        for columns in [picked] if block.kind == "nominal" else picked.T[:, :, None]:
            if columns.shape[1] == 1:
                columns = np.hstack([columns, there - columns])
            if (columns.sum(axis=0) > 0).sum() > 1:
                shown.append(columns)
                starts.append(starts[-1] + columns.shape[1])
    return Mixed(np.hstack(graded), np.hstack(seen), np.hstack(shown), tuple(starts))


def _contrasts(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Helmert contrasts (n, p - 1): every column against those before it, at the length of one column."""
    before = np.arange(1, matrix.shape[1])
    upto = np.cumsum(matrix, axis=1)[:, :-1]
    return np.asarray((upto - before * matrix[:, 1:]) / np.sqrt(before * (before + 1)))


def fit(people: Mixed, weights: NDArray[np.float64], first: NDArray[np.int64], rounds: int = ROUNDS) -> Fitted:
    """The most likely mixture that is reached from any of the first guesses.

    weights: (m,) people per row. first: int (starts, m), segments to begin from, 0..k-1. rounds: at most so many; 0
    describes the first segments as they are.
    """
    k = int(first.max()) + 1
    member = (first[:, None, :] == np.arange(k)[:, None]).astype(np.float64)
    parts = _maximise(people, weights, member, PRIOR)
    return climb(people, weights, parts, rounds, STANDS_STILL * float(weights.sum())).best


def climb(
    people: Mixed, weights: NDArray[np.float64], parts: Parts, rounds: int, least: float, prior: float = PRIOR
) -> Climbed:
    """EM on a batch of models; one that gains less log-likelihood than `least` in a round stands still and leaves it.

    prior: people of the average kind that every segment is given beside its own.
    """
    parts = Parts(*(part.copy() for part in parts))
    loglik = np.full(len(parts.shares), -np.inf)
    moving = np.arange(len(loglik))
    for turn in range(rounds + 1):
        member, each = _expect(people, Parts(*(part[moving] for part in parts)))
        now = each @ weights
        rising = now - loglik[moving] > least
        loglik[moving] = now
        moving, member = moving[rising], member[rising]
        if not len(moving) or turn == rounds:
            break
        for part, new in zip(parts, _maximise(people, weights, member, prior), strict=True):
            part[moving] = new
    return Climbed(parts, loglik)


def shares_of(counts: NDArray[np.float64], starts: tuple[int, ...]) -> NDArray[np.float64]:
    """Counts (..., s) as shares within every choice."""
    if not counts.shape[-1]:
        return counts
    sums = np.maximum(np.add.reduceat(counts, starts[:-1], axis=-1), 1e-12)
    return np.asarray(counts / np.repeat(sums, np.diff(starts), axis=-1))


def _expect(people: Mixed, parts: Parts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P(segment | answers), (b, k, m), and the log-likelihood of every row, (b, m)."""
    b, k, s = parts.odds.shape
    m = len(people.shown)
    joint = (np.log(parts.odds).reshape(b * k, s) @ people.shown.T).reshape(b, k, m)
    joint += np.log(np.maximum(parts.shares, 1e-300))[:, :, None]
    alone: NDArray[np.float64] | float = 0.0
    if people.graded.shape[1]:
        precise = 1 / parts.spreads
        pull = parts.means * precise[:, None]
        joint += (pull.reshape(b * k, -1) @ people.graded.T).reshape(b, k, m)
        joint -= (0.5 * (parts.means * pull).reshape(b * k, -1) @ people.seen.T).reshape(b, k, m)
        alone = -0.5 * (precise @ (people.graded**2).T + np.log(2 * np.pi * parts.spreads) @ people.seen.T)
    top = joint.max(axis=1)
    joint -= top[:, None]
    member = np.exp(joint, out=joint)
    total = member.sum(axis=1)
    member /= total[:, None]
    return member, top + np.log(total) + alone


def _maximise(people: Mixed, weights: NDArray[np.float64], member: NDArray[np.float64], prior: float) -> Parts:
    held = member * weights
    b, k, m = held.shape
    mass = held.sum(axis=2)
    shares = mass / mass.sum(axis=1, keepdims=True)
    flat = held.reshape(b * k, m)
    odds = (flat @ people.shown).reshape(b, k, people.shown.shape[1]) + _FLOOR
    if prior:
        odds += prior * shares_of(weights @ people.shown, people.starts)
    odds = shares_of(odds, people.starts)
    if not people.graded.shape[1]:
        return Parts(shares, np.empty((b, k, 0)), np.empty((b, 0)), odds)
    count = (flat @ people.seen).reshape(b, k, -1) + 1e-9
    sums = (flat @ people.graded).reshape(b, k, -1)
    means = sums / (count + prior)
    total = weights @ people.graded**2
    spreads = (total - (means * (2 * sums - count * means)).sum(axis=1)) / count.sum(axis=1)
    return Parts(shares, means, np.maximum(spreads, LEAST_SPREAD), odds)
