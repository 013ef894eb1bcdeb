"""Partitions of rows: how well they separate, merging what is too small, and their canonical order."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.groups.kmeans import assign, kmeans
from models.results import Ints

SMALL_GROUPS, SMALL_STARTS = 25, 5
REFINE_ITERATIONS = 30


def partitions(
    z: NDArray[np.float64],
    weights: NDArray[np.float64],
    ks: Sequence[int],
    rng: np.random.Generator,
    hierarchies: int = 1,
) -> dict[int, Ints]:
    """Labels of all rows for every k, int (m,), 0-based; rows of weight 0 are given their nearest centre.

    Many small k-means groups, merged step by step as Ward (1963) does, and k-means from the merged groups' centres:
    one start for every k that knows the larger picture, better on short answers than the best of many random starts.
    hierarchies: how often, from other small groups each time; the tightest groups of each k are kept, so that chance
    decides less the more there are.
    """
    there = weights > 0
    inside, mass = z[there], weights[there]
    trees = [_tree(inside, mass, small) for small in _small_groups(inside, mass, ks, rng, hierarchies)]
    found = {}
    for k in ks:
        starts = [centroids(inside, merged[min(k, len(merged))][small], mass) for small, merged in trees]
        most = max(len(start) for start in starts)
        full = np.array([start for start in starts if len(start) == most])
        fits = kmeans(inside, np.repeat(mass[None], len(full), axis=0), most, rng, REFINE_ITERATIONS, full)
        best = int(fits.inertia.argmin())
        found[k] = assign(z, fits.centres[best : best + 1])[0]
    return found


def _small_groups(
    z: NDArray[np.float64], weights: NDArray[np.float64], ks: Sequence[int], rng: np.random.Generator, hierarchies: int
) -> list[Ints]:
    """The tightest small groups, one set for every hierarchy."""
    number = min(max(2 * max(ks), min(SMALL_GROUPS, len(z) // 3)), len(z))
    starts = SMALL_STARTS if hierarchies == 1 else hierarchies
    fits = kmeans(z, np.repeat(weights[None], starts, axis=0), number, rng, REFINE_ITERATIONS)
    return [compact(fits.labels[place]) for place in np.argsort(fits.inertia, kind="stable")[:hierarchies]]


def _tree(z: NDArray[np.float64], weights: NDArray[np.float64], small: Ints) -> tuple[Ints, dict[int, Ints]]:
    masses = np.bincount(small, weights=weights).astype(np.float64)
    return small, _ward(centroids(z, small, weights), masses)


def _ward(centres: NDArray[np.float64], mass: NDArray[np.float64]) -> dict[int, Ints]:
    """Which group each of m weighted points is in, int (m,), for every number of groups from m down to 1."""
    centres, mass = centres.copy(), mass.copy()
    labels = np.arange(len(centres))
    found = {len(centres): labels}
    cost = np.array([_merge_cost(centres, mass, j) for j in range(len(centres))])
    for groups in range(len(centres) - 1, 0, -1):
        keep, gone = sorted(int(j) for j in np.unravel_index(cost.argmin(), cost.shape))
        both = mass[keep] + mass[gone]
        centres[keep] = (centres[keep] * mass[keep] + centres[gone] * mass[gone]) / both
        mass[keep], mass[gone] = both, np.inf
        cost[gone, :] = cost[:, gone] = np.inf
        cost[keep, :] = cost[:, keep] = _merge_cost(centres, mass, keep)
        labels = np.where(labels == gone, keep, labels)
        found[groups] = compact(labels)
    return found


def _merge_cost(centres: NDArray[np.float64], mass: NDArray[np.float64], j: int) -> NDArray[np.float64]:
    """Growth of the within-group sum of squares when group j joins each other; infinite for itself and merged ones."""
    there = np.isfinite(mass)
    cost = np.full(len(mass), np.inf)
    cost[there] = mass[there] * mass[j] / (mass[there] + mass[j]) * ((centres[there] - centres[j]) ** 2).sum(axis=1)
    cost[j] = np.inf
    return cost


def distances(z: NDArray[np.float64]) -> NDArray[np.float32]:
    """Euclidean distances between all rows, float32 (m, m): for landmark sets only, never for everybody."""
    squares = (z**2).sum(axis=1)
    square = squares[:, None] + squares[None, :] - 2 * z @ z.T
    return np.sqrt(np.maximum(square, 0)).astype(np.float32)


def silhouette(distance: NDArray[np.float32], labels: Ints, weights: NDArray[np.float64]) -> float:
    """Mean silhouette width (Rousseeuw 1987) over people, -1 to 1; 0 for a single group.

    distance: (m, m). weights: (m,) people per row; a group of one person counts 0, as usual.
    """
    k = int(labels.max()) + 1
    if k == 1:
        return 0.0
    mass = np.bincount(labels, weights=weights, minlength=k)
    member = np.zeros((len(labels), k), dtype=np.float32)
    member[np.arange(len(labels)), labels] = weights
    sums = (distance @ member).astype(np.float64)
    here = np.arange(len(labels)), labels
    inside = sums[here] / np.maximum(mass[labels] - 1, 1)
    means = sums / mass
    means[here] = np.inf
    outside = means.min(axis=1)
    width = (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-12)
    return float(np.average(np.where(mass[labels] > 1, width, 0.0), weights=weights))


def centroids(z: NDArray[np.float64], labels: Ints, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted mean of every group, float (k, q)."""
    k = int(labels.max()) + 1
    sums = np.array([np.bincount(labels, weights=weights * column, minlength=k) for column in z.T]).T
    return sums / np.bincount(labels, weights=weights, minlength=k)[:, None]


def compact(labels: Ints) -> Ints:
    """The same groups numbered 0, 1, … without gaps."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def merge_small(labels: Ints, z: NDArray[np.float64], weights: NDArray[np.float64], min_share: float) -> Ints:
    """The smallest group below the minimum share joins its nearest neighbour, again and again until none is left."""
    labels = compact(labels)
    while labels.max() > 0:
        shares = np.bincount(labels, weights=weights) / weights.sum()
        smallest = int(shares.argmin())
        if shares[smallest] >= min_share:
            break
        centres = centroids(z, labels, weights)
        distance = ((centres - centres[smallest]) ** 2).sum(axis=1)
        distance[smallest] = np.inf
        labels = compact(np.where(labels == smallest, int(distance.argmin()), labels))
    return labels


def largest_first(labels: Ints, weights: NDArray[np.float64]) -> Ints:
    """Groups renumbered by size, largest first; equal sizes by which holds the first row of the canonical order."""
    labels = compact(labels)
    sizes = np.bincount(labels, weights=weights)
    first = np.unique(labels, return_index=True)[1]
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return rank[labels]
