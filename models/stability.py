"""Would we find the same groups again? Resampling a whole fit, agreement between resamples, structureless data."""

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from models.results import Ints

Refit = Callable[[NDArray[np.float64], np.random.Generator], Mapping[int, Ints]]
"""Fits anew to rows that were drawn so many times each, float (n,), and labels all n rows, for one or several k."""


def resample(
    refit: Refit, weights: NDArray[np.floating], draws: int, rng: np.random.Generator
) -> dict[int, NDArray[np.int64]]:
    """Labels of all rows by fits to bootstrap samples: int (draws, n) for every k that `refit` gives.

    weights: (n,) how many people each row stands for; as many people are drawn each time, with replacement.
    """
    people = round(float(weights.sum()))
    counts = rng.multinomial(people, weights / weights.sum(), size=draws).astype(np.float64)
    fitted = [refit(drawn, rng) for drawn in counts]
    return {k: np.array([fit[k] for fit in fitted], dtype=np.int64) for k in fitted[0]}


def global_stability(resampled: NDArray[np.int64], weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Adjusted Rand index of each pair of resamples, float (draws // 2,) (Dolnicar & Leisch 2010)."""
    return np.array([rand_index(a, b, weights) for a, b in zip(resampled[0::2], resampled[1::2], strict=False)])


def steadiness(resampled: NDArray[np.int64], weights: NDArray[np.floating]) -> float:
    """Mean adjusted Rand index over all pairs of resamples: the same mean as of separate pairs, with less chance."""
    return float(np.mean([rand_index(a, b, weights) for a, b in combinations(resampled, 2)]))


def rand_index(a: Ints, b: Ints, weights: NDArray[np.floating]) -> float:
    """Adjusted Rand index (Hubert & Arabie 1985) of two label vectors whose rows stand for `weights` people each."""
    table = contingency(a, b, weights)
    total = table.sum()
    pairs_all = total * (total - 1) / 2
    both = (table * (table - 1) / 2).sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    one, two = (rows * (rows - 1) / 2).sum(), (columns * (columns - 1) / 2).sum()
    expected = one * two / pairs_all if pairs_all else 0.0
    highest = (one + two) / 2
    return 1.0 if highest == expected else float((both - expected) / (highest - expected))


def contingency(a: Ints, b: Ints, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """People per pair of labels, float (max(a) + 1, max(b) + 1)."""
    height, width = int(a.max()) + 1, int(b.max()) + 1
    table = np.bincount(a * width + b, weights=weights, minlength=height * width)
    return np.asarray(table.reshape(height, width), dtype=np.float64)


def segment_jaccard(labels: Ints, resampled: NDArray[np.int64], weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Segment-wise stability (Hennig 2007): best Jaccard match of each segment in each resample, float (B, k)."""
    matches = []
    for other in resampled:
        table = contingency(labels, other, weights)
        union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
        matches.append((table / np.maximum(union, 1e-12)).max(axis=1))
    return np.array(matches)


def agreement(labels: Ints, resampled: Ints, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Share of resamples that put each row into its own segment, float (n,), after the best one-to-one matching."""
    held = np.zeros(len(labels))
    for other in resampled:
        table = contingency(labels, other, weights)
        mine, theirs = linear_sum_assignment(-table)
        name = np.full(table.shape[1], -1)
        name[theirs] = mine
        held += name[other] == labels
    return held / len(resampled)


def renumbered(labels: Ints, like: Ints, weights: NDArray[np.floating]) -> NDArray[np.int64]:
    """The groups of `labels` with the numbers of the groups of `like` that they match best, one to one (Kuhn 1955).

    Groups without a partner get the numbers that are left, largest first; all numbers count from 0.
    """
    table = contingency(labels, like, weights)
    mine, theirs = linear_sum_assignment(-table)
    name = np.full(len(table), -1, dtype=np.int64)
    name[mine] = theirs
    left = [number for number in range(max(table.shape)) if number not in name]
    for group in np.argsort(-table.sum(axis=1), kind="stable"):
        if name[group] < 0:
            name[group] = left.pop(0)
    return np.asarray(np.unique(name, return_inverse=True)[1][labels], dtype=np.int64)


def origin_stability(labels: Ints, before: Ints, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Segment-level stability across solutions, float (k,), 0-1 (Dolnicar & Leisch 2017).

    1 minus the entropy of the groups of `before` that a group of `labels` comes from, over its maximum; 1 when there
    was one group before.
    """
    table = contingency(before, labels, weights)
    if len(table) == 1:
        return np.ones(table.shape[1])
    share = table / np.maximum(table.sum(axis=0), 1e-12)
    logs = np.log(np.where(share > 0, share, 1.0))
    return 1 + np.asarray((share * logs).sum(axis=0)) / np.log(len(table))


def structureless(
    scores: NDArray[np.float64], weights: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """One Gaussian data set, a row per person, with exactly the covariance of principal scores (m, p), around 0.

    For Gaussian rows of any covariance the principal scores are a uniformly random orthonormal frame times the
    observed singular values, independent of them: drawing that frame anew is an exact test of "no groups", also
    where there are fewer rows than dimensions. weights: (m,) people per row.
    """
    lengths = np.sqrt(weights @ scores**2)
    noise = rng.standard_normal((round(float(weights.sum())), scores.shape[1]))
    frame, triangle = np.linalg.qr(noise - noise.mean(axis=0))
    return np.asarray(frame * np.sign(np.diag(triangle)) * lengths)


def shuffled_columns(z: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float64]:
    """One data set with every column of z permuted on its own: margins kept, structure between columns gone."""
    return np.asarray(rng.permuted(z, axis=0), dtype=np.float64)
