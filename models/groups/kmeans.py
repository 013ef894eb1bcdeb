"""A few weighted k-means at once on one data matrix, plain BLAS underneath.

scikit-learn's KMeans would do for one fit; evidence needs thousands of small ones, where its set-up cost per fit is
several times the fit itself.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 50_000  # rows x fits held at a time: what fits a core's cache


@dataclass(frozen=True)
class Fits:
    """B fits of k-means to the same rows.

    labels: int (B, n), 0..k-1, every row assigned, also rows of weight 0. centres: (B, k, d). inertia: (B,).
    """

    labels: NDArray[np.int64]
    centres: NDArray[np.float32]
    inertia: NDArray[np.float32]


def kmeans(
    z: NDArray[np.floating],
    weights: NDArray[np.floating],
    k: int,
    rng: np.random.Generator,
    iterations: int = 30,
    starts: NDArray[np.floating] | None = None,
    trials: int = 1,
) -> Fits:
    """Fits of weighted k-means (Lloyd 1982, k-means++ starts by Arthur & Vassilvitskii 2007), one per row of `weights`.

    z: (n, d). weights: (B, n), >= 0, e.g. how often each row was drawn. starts: (B, k, d) centres to begin from
    instead of k-means++. iterations: at most so many rounds; a fit that no longer moves leaves the batch early.
    trials: candidates drawn for each first centre, of which the best is kept (greedy k-means++, as scikit-learn's).
    """
    z = np.ascontiguousarray(z, dtype=np.float32)
    weights = np.ascontiguousarray(weights, dtype=np.float32)
    step = max(1, _BLOCK // max(len(z), 1))
    parts = []
    for low in range(0, len(weights), step):
        block = weights[low : low + step]
        if starts is None:
            first = _plus_plus(z, block, k, rng, trials)
        else:
            first = np.array(starts[low : low + step], dtype=np.float32)
        parts.append(_lloyd(z, block, first, iterations))
    return Fits(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.centres for part in parts]),
        np.concatenate([part.inertia for part in parts]),
    )


def assign(z: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.int64]:
    """Nearest centre of every fit for every row: (B, n) from centres (B, k, d); ties go to the first centre."""
    z = np.ascontiguousarray(z, dtype=np.float32)
    step = max(1, _BLOCK // max(len(centres), 1))
    parts = [_nearest(z[low : low + step], centres)[0] for low in range(0, max(len(z), 1), step)]
    return np.concatenate(parts, axis=1)


def _nearest(z: NDArray[np.float32], centres: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Label of the best centre, and its score c.z - |c|^2 / 2, per fit and row."""
    fits, k, _ = centres.shape
    scores: NDArray[Any] = (centres.reshape(fits * k, -1) @ z.T).reshape(fits, k, len(z))
    scores -= 0.5 * (centres**2).sum(axis=2)[:, :, None]
    kind = np.uint8 if k < 256 else np.uint16
    labels = np.zeros((fits, len(z)), dtype=kind)
    best = scores[:, 0].copy()
    for j in range(1, k):
        score = scores[:, j]
        closer = (score > best).view(np.uint8)
        np.maximum(best, score, out=best)
        np.maximum(labels, closer * kind(j), out=labels)  # j only grows: branch-free, many times faster than a mask
    return labels.astype(np.int64), best


def _plus_plus(
    z: NDArray[np.float32], weights: NDArray[np.float32], k: int, rng: np.random.Generator, trials: int
) -> NDArray[np.float32]:
    fits, n = weights.shape
    squares: NDArray[Any] = (z**2).sum(axis=1)
    centres = np.empty((fits, k, z.shape[1]), dtype=np.float32)
    chance: NDArray[Any] = weights
    nearest = np.full((fits, n), np.inf, dtype=np.float32)
    for j in range(k):
        total: NDArray[Any] = np.cumsum(chance, axis=1)
        best, least = nearest, np.full(fits, np.inf, dtype=np.float32)
        for _ in range(trials if j else 1):
            point = rng.random((fits, 1)) * total[:, -1:]
            rows = np.minimum((total <= point).sum(axis=1), n - 1)
            distance = squares[None, :] - 2 * z[rows] @ z.T + squares[rows, None]
            closer = np.minimum(nearest, np.maximum(distance, 0))
            left: NDArray[Any] = (weights * closer).sum(axis=1)
            better = left < least
            centres[better, j] = z[rows[better]]
            least = np.where(better, left, least)
            best = np.where(better[:, None], closer, best)
        nearest = best
        chance = weights * nearest
        empty = chance.sum(axis=1) <= 0
        chance[empty] = weights[empty]
    return centres


def _lloyd(z: NDArray[np.float32], weights: NDArray[np.float32], centres: NDArray[np.float32], iterations: int) -> Fits:
    fits, n = weights.shape
    squares = (z**2).sum(axis=1)
    labels = np.zeros((fits, n), dtype=np.int64)
    best = np.zeros((fits, n), dtype=np.float32)
    moving = np.arange(fits)
    for turn in range(iterations):
        new, score = _nearest(z, centres[moving])
        changed = (new != labels[moving]).any(axis=1) if turn else np.ones(len(moving), dtype=bool)
        labels[moving], best[moving] = new, score
        moving, new = moving[changed], new[changed]
        if not len(moving):
            break
        centres[moving] = _means(z, weights[moving], new, centres[moving])
    else:
        labels, best = _nearest(z, centres)
    return Fits(labels, centres, (weights * (squares[None, :] - 2 * best)).sum(axis=1))


def _means(
    z: NDArray[np.float32], weights: NDArray[np.float32], labels: NDArray[np.int64], centres: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Weighted means per group; a group that lost all its weight keeps its old centre."""
    member = (labels[:, None, :] == np.arange(centres.shape[1])[None, :, None]) * weights[:, None, :]
    mass = member.sum(axis=2)[:, :, None]
    return np.where(mass > 0, (member @ z) / np.maximum(mass, 1e-30), centres).astype(np.float32)
