"""Partitions of rows: how well they separate, merging what is too small, and their canonical order."""

import numpy as np
from numpy.typing import NDArray

from models.kmeans import assign, kmeans
from models.results import Ints


def partition(
    z: NDArray[np.float64],
    weights: NDArray[np.float64],
    k: int,
    rng: np.random.Generator,
    starts: int = 10,
    iterations: int = 100,
) -> Ints:
    """Labels 0..k-1 of the best of several weighted k-means starts, int (m,)."""
    fits = kmeans(z, np.repeat(weights[None], starts, axis=0), k, rng, iterations)
    return compact(fits.labels[int(fits.inertia.argmin())])


def partition_all(
    z: NDArray[np.float64], weights: NDArray[np.float64], k: int, rng: np.random.Generator, starts: int, iterations: int
) -> Ints:
    """As `partition`, not compacted: rows of weight 0 are given their nearest centre without moving it."""
    fits = kmeans(z[weights > 0], np.repeat(weights[None, weights > 0], starts, axis=0), k, rng, iterations)
    best = int(fits.inertia.argmin())
    return assign(z, fits.centres[best : best + 1])[0]


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
