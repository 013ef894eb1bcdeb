"""k-means on closed answers for every number of groups: on the data, on resamples, on data without groups.

All fits of one kind run as one batch (models/groups/kmeans.py) on the distinct rows, so that thousands of them take a
second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import diptest
import numpy as np
from numpy.typing import NDArray

from models.closed.nulls import Drawn
from models.closed.view import Seen
from models.groups.canonical import canonical_rows
from models.groups.grouping import compact
from models.groups.kmeans import Fits, kmeans
from models.progress import Progress
from models.results import Ints
from models.stability import global_stability, rand_index

TRIALS = 3
"""Candidates per first centre of k-means++; about what scikit-learn draws for 2 to 8 groups."""

NEAR, MOST_NEAR = 0.001, 12
"""Fits whose sum of squares is so close to the best, relative to it, count as equally good; so many are compared."""

_ITERATIONS = 100


@dataclass(frozen=True)
class Tried:
    """The best k-means found for every number of groups.

    labels: int (m,), 0-based. centres: (k, p). inertia: within-group sum of squares. explained: share of the sum of
    squares that lies between the groups. width: mean simplified silhouette (Vendramin, Campello & Hruschka 2010), which
    compares distances to centres, -1 to 1.
    """

    labels: dict[int, Ints]
    centres: dict[int, NDArray[np.float64]]
    inertia: dict[int, float]
    explained: dict[int, float]
    width: dict[int, float]


@dataclass(frozen=True)
class Empty:
    """The same search on data sets without groups: explained, width (sets, ks); stability (some sets, ks); dip (sets,).

    dip: dip statistic of the first principal component.
    """

    explained: NDArray[np.float64]
    width: NDArray[np.float64]
    stability: NDArray[np.float64]
    dip: NDArray[np.float64]


def try_all(
    z: NDArray[np.float64], weights: NDArray[np.float64], ks: Sequence[int], starts: int, rng: np.random.Generator
) -> Tried:
    """The best of `starts` fits to the rows (m, p) for every k; weights: (m,) people per row."""
    labels, centres, inertia, explained, width = {}, {}, {}, {}, {}
    total = float(weights @ ((z - weights @ z / weights.sum()) ** 2).sum(axis=1))
    for k in ks:
        fits = kmeans(z, np.repeat(weights[None], starts, axis=0), k, rng, _ITERATIONS, trials=TRIALS)
        best = int(fits.inertia.argmin())
        labels[k], centres[k] = fits.labels[best], fits.centres[best].astype(np.float64)
        inertia[k] = float(weights @ ((z - centres[k][labels[k]]) ** 2).sum(axis=1))
        explained[k] = 1 - inertia[k] / total if total > 0 else 0.0
        width[k] = _width(z, weights, labels[k], centres[k])
    return Tried({k: compact(found) for k, found in labels.items()}, centres, inertia, explained, width)


def resamples(
    z: NDArray[np.float64],
    weights: NDArray[np.float64],
    k: int,
    draws: int,
    starts: int,
    rng: np.random.Generator,
) -> Fits:
    """Fits to bootstrap samples, each the best of `starts`, with all rows assigned (flexclust: Leisch 2006)."""
    people = round(float(weights.sum()))
    counts = rng.multinomial(people, weights / weights.sum(), size=draws).astype(np.float32)
    fits = kmeans(z, np.repeat(counts, starts, axis=0), k, rng, trials=TRIALS)
    best = fits.inertia.reshape(draws, starts).argmin(axis=1) + np.arange(draws) * starts
    return Fits(fits.labels[best], fits.centres[best], fits.inertia[best])


def settled(
    z: NDArray[np.float64],
    weights: NDArray[np.float64],
    k: int,
    starts: int,
    rng: np.random.Generator,
    resampled: Ints,
) -> tuple[Ints, NDArray[np.float64]]:
    """Labels (m,) and centres (k, p): among the equally good fits the one that resamples agree with most.

    Surveys often have many optima within a thousandth of each other; which of them comes out lowest is chance.
    """
    fits = kmeans(z, np.repeat(weights[None], starts, axis=0), k, rng, _ITERATIONS, trials=TRIALS)
    order = np.argsort(fits.inertia, kind="stable")[:MOST_NEAR]
    least = float(fits.inertia[order[0]])
    near = [int(one) for one in order if fits.inertia[one] <= least + NEAR * abs(least)]
    agreed = [np.mean([rand_index(fits.labels[one], other, weights) for other in resampled]) for one in near]
    best = near[int(np.argmax(np.round(agreed, 9)))]
    return compact(fits.labels[best]), fits.centres[best].astype(np.float64)


def search_empty(
    source: Drawn | Seen,
    ks: Sequence[int],
    sets: int,
    starts: int,
    pairs: int,
    seed: Sequence[int],
    progress: Progress,
) -> Empty:
    """The search on `sets` structureless data sets; stability by `pairs` bootstrap pairs on every second one."""
    explained, width, stability, dips = [], [], [], []
    for j in range(sets):
        rng = np.random.default_rng([*seed, j])
        rows = canonical_rows(source.draw(rng))
        tried = try_all(np.asarray(rows.vectors), rows.weights, ks, starts, rng)
        explained.append([tried.explained[k] for k in ks])
        width.append([tried.width[k] for k in ks])
        dips.append(dip(np.asarray(rows.vectors), rows.weights))
        if pairs and j % 2 == 0:
            again = (resamples(np.asarray(rows.vectors), rows.weights, k, 2 * pairs, starts, rng) for k in ks)
            stability.append([np.median(global_stability(fits.labels, rows.weights)) for fits in again])
        progress((j + 1) / sets, "Comparing with answers that have no groups")
    return Empty(np.array(explained), np.array(width), np.array(stability), np.array(dips))


def dip(z: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Dip statistic (Hartigan & Hartigan 1985) of the first principal component of people."""
    people = np.repeat(np.arange(len(weights)), weights.astype(np.int64))
    centred = (z - weights @ z / weights.sum()) * np.sqrt(weights)[:, None]
    first = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    return float(diptest.dipstat(np.round((z @ first)[people], 9)))


def _width(z: NDArray[np.float64], weights: NDArray[np.float64], labels: Ints, centres: NDArray[np.float64]) -> float:
    squares = (z**2).sum(axis=1)[:, None] - 2 * z @ centres.T + (centres**2).sum(axis=1)
    far = np.sqrt(np.maximum(squares, 0))
    here = np.arange(len(z)), labels
    own = far[here]
    far[here] = np.inf
    other = far.min(axis=1)
    return float(np.average((other - own) / np.maximum(np.maximum(other, own), 1e-12), weights=weights))
