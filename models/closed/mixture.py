"""Mixtures over answers of every kind at once: graded answers normal within a segment, choices by their odds.

Latent class analysis with mixed indicators (Vermunt & Magidson 2002). Graded columns have the spread they have within
segments, the same in all of them, so a column that tells segments apart counts much and one that does not counts
nothing; what a person left out counts for nothing either. All starts share each matrix product.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.closed.nulls import CHOICES
from models.features import Block

ROUNDS = 150
STANDS_STILL = 5e-5
"""Gain in log-likelihood, per person, at which a model stands still."""

PRIOR = 1.0
"""People of the average kind that every segment is given beside its own, so that no answer becomes impossible."""

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

    def posterior(self, people: Mixed) -> NDArray[np.float64]:
        """P(segment | answers), float (m, k)."""
        member, _ = _expect(people, self.shares[None], self.means[None], self.spreads[None], self.odds[None])
        return member[0]


def directions(z: NDArray[np.float64], like: NDArray[np.float64] | None = None) -> Mixed:
    """Coordinates (m, q) as a mixture sees them: everybody's known, each direction in units of its spread in `like`."""
    spread = (z if like is None else like).std(axis=0)
    return Mixed(z / np.where(spread > 1e-9, spread, 1.0), np.ones_like(z), np.empty((len(z), 0)), (0,))


def mixed(blocks: Sequence[Block]) -> Mixed:
    """The blocks of models/features.py as a mixture sees them: choices by what was picked, all else as scores."""
    n = len(blocks[0].matrix)
    graded, seen, shown, starts = [np.empty((n, 0))], [np.empty((n, 0))], [np.empty((n, 0))], [0]
    for block in blocks:
        there = block.answered[:, None].astype(np.float64)
        if block.kind not in CHOICES:
            spread = np.sort(block.matrix[block.answered], axis=0).std(axis=0)
            varies = spread > 1e-9
            graded.append(block.matrix[:, varies] / spread[varies])
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


def fit(people: Mixed, weights: NDArray[np.float64], first: NDArray[np.int64], rounds: int = ROUNDS) -> Fitted:
    """The most likely mixture that is reached from any of the first guesses.

    weights: (m,) people per row. first: int (starts, m), segments to begin from, 0..k-1. rounds: at most so many; 0
    describes the first segments as they are.
    """
    k = int(first.max()) + 1
    member = (first[:, :, None] == np.arange(k)).astype(np.float64)
    parts = _maximise(people, weights, member)
    loglik = np.full(len(first), -np.inf)
    moving = np.arange(len(first))
    least = STANDS_STILL * weights.sum()
    for _ in range(rounds):
        member, each = _expect(people, *(part[moving] for part in parts))
        now = each @ weights
        rising = now - loglik[moving] > least
        loglik[moving] = now
        moving, member = moving[rising], member[rising]
        if not len(moving):
            break
        for part, new in zip(parts, _maximise(people, weights, member), strict=True):
            part[moving] = new
    best = int(loglik.argmax())
    shares, means, spreads, odds = (part[best] for part in parts)
    return Fitted(shares, means, spreads, odds, float(loglik[best]))


Parts = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _expect(
    people: Mixed,
    shares: NDArray[np.float64],
    means: NDArray[np.float64],
    spreads: NDArray[np.float64],
    odds: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P(segment | answers), (b, m, k), and the log-likelihood of every row, (b, m)."""
    precise = 1 / spreads
    pull = (means * precise[:, None]).transpose(0, 2, 1)
    joint = people.graded @ pull - 0.5 * people.seen @ (means**2 * precise[:, None]).transpose(0, 2, 1)
    joint += people.shown @ np.log(odds).transpose(0, 2, 1)
    joint += np.log(np.maximum(shares, 1e-300))[:, None]
    alone = -0.5 * ((people.graded**2) @ precise.T + people.seen @ np.log(2 * np.pi * spreads).T).T
    top = joint.max(axis=2, keepdims=True)
    member = np.exp(joint - top)
    total = member.sum(axis=2, keepdims=True)
    return member / total, (top + np.log(total))[:, :, 0] + alone


def _maximise(people: Mixed, weights: NDArray[np.float64], member: NDArray[np.float64]) -> Parts:
    held = (member * weights[None, :, None]).transpose(0, 2, 1)
    mass = held.sum(axis=2)
    shares = mass / mass.sum(axis=1, keepdims=True)
    count = held @ people.seen + 1e-9
    means = (held @ people.graded) / (count + PRIOR)
    total = weights @ people.graded**2
    spreads = (total - (means * (2 * (held @ people.graded) - count * means)).sum(axis=1)) / count.sum(axis=1)
    odds = held @ people.shown
    if odds.shape[2]:
        everybody = weights @ people.shown
        firsts, widths = people.starts[:-1], np.diff(people.starts)
        usual = everybody / np.repeat(np.maximum(np.add.reduceat(everybody, firsts), 1e-12), widths)
        odds = odds + PRIOR * usual + 1e-9
        odds = odds / np.repeat(np.add.reduceat(odds, firsts, axis=2), widths, axis=2)
    return shares, means, np.maximum(spreads, LEAST_SPREAD), odds
