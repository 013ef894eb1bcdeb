"""Do people pick different things, or does everybody share one taste and only pick more or less?

A single taste in which everybody may pick any number of options is the Rasch model (1960). Given how many options each
person picked, it draws answers without groups; real answers must fall apart into latent classes better than those.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.closed.latent_em import fit, patterns
from models.one_question.one_dimension import bic
from models.results import Ints

MOST_TESTED = 1000
"""The test looks at so many people, a random sample of them when there are more."""
DRAWS, STARTS, ROUGHLY = 19, 4, 1e-3
ROUNDS = 200

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Tastes:
    """p: of one taste. k: 2 or more, the number of classes with the best BIC less what one taste gains from as many."""

    p: float
    k: int


def tastes(picks: NDArray[np.bool_], most: int, seed: int) -> Tastes:
    """Return whether picks (n, m) show more than one taste, and how many of 2 to `most` classes say so best."""
    rows = picks[np.lexsort(picks.T)].astype(np.int64)
    rng = np.random.default_rng([seed, 20])
    if len(rows) > MOST_TESTED:
        rows = rows[np.sort(rng.choice(len(rows), MOST_TESTED, replace=False))]
    rows = rows[:, (rows.min(axis=0) < rows.max(axis=0))]
    most = min(most, len(np.unique(rows, axis=0)))
    if most < 2:
        return Tastes(1.0, 2)
    appeal = appeals(rows)
    totals = rows.sum(axis=1)
    gains = np.array([_gains(some, most, rng) for some in (rows, *(drawn(totals, appeal, rng) for _ in range(DRAWS)))])
    best = gains.max(axis=1)
    p = (1 + int((best[1:] >= best[0] - 1e-9).sum())) / len(best)
    usual = np.maximum(gains[1:].mean(axis=0), 0.0)
    return Tastes(p, 2 + int((gains[0] - usual).argmax()))


def appeals(picks: Ints) -> Matrix:
    """Return how readily each option is picked, (m,), so that given everybody's number of picks the options are
    expected as often as they were picked (conditional maximum likelihood, Andersen 1970)."""
    counts = np.bincount(picks.sum(axis=1), minlength=picks.shape[1] + 1)
    seen = picks.sum(axis=0)
    found = np.maximum(seen / len(picks), 1e-6)
    for _ in range(ROUNDS):
        found = found / np.exp(np.log(found).mean())
        expected = _expected(found, counts)
        moved = seen / np.maximum(expected, 1e-12)
        found = found * moved
        if np.abs(moved - 1).max() < 1e-6:
            break
    return found


def drawn(totals: Ints, appeal: Matrix, rng: np.random.Generator) -> Ints:
    """Return picks (n, m) of people of one taste, of whom each picks as many options as given."""
    tails = _tails(appeal)
    left, out = totals.copy(), np.zeros((len(totals), len(appeal)), dtype=np.int64)
    for at, weight in enumerate(appeal):
        chance = np.zeros(len(totals))
        some = left > 0
        chance[some] = weight * tails[at + 1, left[some] - 1] / tails[at, left[some]]
        out[:, at] = rng.random(len(totals)) < chance
        left -= out[:, at]
    return out


def _tails(appeal: Matrix) -> Matrix:
    """Elementary symmetric functions of the options from each one on, (m + 1, m + 1)."""
    m = len(appeal)
    tails = np.zeros((m + 1, m + 1))
    tails[m, 0] = 1.0
    for at in range(m - 1, -1, -1):
        tails[at] = tails[at + 1]
        tails[at, 1:] += appeal[at] * tails[at + 1, :-1]
    return tails


def _expected(appeal: Matrix, counts: Ints) -> Matrix:
    """How often each option is picked by so many people (counts) of 0, 1, … picks."""
    whole = _tails(appeal)[0]
    expected = np.zeros(len(appeal))
    for at in range(len(appeal)):
        others = _tails(np.delete(appeal, at))[0]
        share = appeal[at] * others / whole[1:]
        expected[at] = counts[1:] @ share
    return expected


def _gains(picks: Ints, most: int, rng: np.random.Generator) -> Matrix:
    """Gain in BIC over one class of 2 to `most` classes."""
    found = patterns(picks, (2,) * picks.shape[1])
    scores = [
        bic(fit(found, k, STARTS, rng, ROUGHLY).loglik, k * picks.shape[1] + k - 1, found.people)
        for k in range(1, most + 1)
    ]
    return scores[0] - np.array(scores[1:])
