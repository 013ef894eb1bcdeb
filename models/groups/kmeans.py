"""A few weighted k-means at once on one data matrix, plain BLAS underneath.

scikit-learn's KMeans would do for one fit; evidence needs thousands of small ones, where its set-up cost per fit is
several times the fit itself.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
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
    blocks = [weights[low : low + step] for low in range(0, len(weights), step)]
    if starts is None:
        draws = [rng.random((1 + (k - 1) * trials, len(block), 1)) for block in blocks]

        def one(block: NDArray[np.float32], points: NDArray[np.float64]) -> Fits:
            return _lloyd(z, block, _plus_plus(z, block, k, points, trials), iterations)

        parts = _each(one, blocks, draws)
    else:
        firsts = [np.array(starts[low : low + step], dtype=np.float32) for low in range(0, len(weights), step)]
        parts = _each(lambda block, first: _lloyd(z, block, first, iterations), blocks, firsts)
    return Fits(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.centres for part in parts]),
        np.concatenate([part.inertia for part in parts]),
    )


def _each(one: Callable[..., Fits], *arguments: Sequence[Any]) -> list[Fits]:
    """The fits of every block, on as many threads as OMP_NUM_THREADS allows; each comes out the same on any number."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    threads = min(int(wanted) if wanted.isdigit() else os.cpu_count() or 1, len(arguments[0]))
    if threads < 2:
        return [one(*block) for block in zip(*arguments, strict=True)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, *arguments))


def assign(z: NDArray[np.floating], centres: NDArray[np.floating]) -> NDArray[np.int64]:
    """Nearest centre of every fit for every row: (B, n) from centres (B, k, d); ties go to the first centre."""
    z = np.ascontiguousarray(z, dtype=np.float32)
    step = max(1, _BLOCK // max(len(centres), 1))
    parts = [_nearest(z[low : low + step], centres)[0] for low in range(0, max(len(z), 1), step)]
    return np.concatenate(parts, axis=1).astype(np.int64)


def _nearest(z: NDArray[np.float32], centres: NDArray[np.floating]) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """Label of the best centre, in the smallest type that holds it, and its score c.z - |c|^2 / 2, per fit and row."""
    fits, k, _ = centres.shape
    scores: NDArray[Any] = (centres.reshape(fits * k, -1) @ z.T).reshape(fits, k, len(z))
    scores -= 0.5 * (centres**2).sum(axis=2)[:, :, None]
    kind = _kind(k)
    labels = np.zeros((fits, len(z)), dtype=kind)
    best = scores[:, 0].copy()
    for j in range(1, k):
        score = scores[:, j]
        closer = (score > best).view(np.uint8)
        np.maximum(best, score, out=best)
        np.maximum(labels, closer * kind(j), out=labels)  # j only grows: branch-free, many times faster than a mask
    return labels, best


def _kind(k: int) -> type[np.uint8] | type[np.uint16]:
    """The smallest type that holds k labels."""
    return np.uint8 if k < 256 else np.uint16


def _plus_plus(
    z: NDArray[np.float32], weights: NDArray[np.float32], k: int, draws: NDArray[np.float64], trials: int
) -> NDArray[np.float32]:
    """First centres (B, k, d); draws: (1 + (k - 1) trials, B, 1) numbers between 0 and 1."""
    left_draws = iter(draws)
    fits, n = weights.shape
    squares: NDArray[Any] = (z**2).sum(axis=1)
    centres = np.empty((fits, k, z.shape[1]), dtype=np.float32)
    chance: NDArray[Any] = weights
    nearest = np.full((fits, n), np.inf, dtype=np.float32)
    for j in range(k):
        total: NDArray[Any] = np.cumsum(chance, axis=1)
        best, least = nearest, np.full(fits, np.inf, dtype=np.float32)
        for _ in range(trials if j else 1):
            point = next(left_draws) * total[:, -1:]
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
    labels = np.zeros((fits, n), dtype=_kind(len(centres[0])))
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
    return Fits(labels.astype(np.int64), centres, (weights * (squares[None, :] - 2 * best)).sum(axis=1))


def _means(
    z: NDArray[np.float32], weights: NDArray[np.float32], labels: NDArray[Any], centres: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Weighted means per group; a group that lost all its weight keeps its old centre."""
    fits, k, _ = centres.shape
    member = np.empty((fits, k, len(z)), dtype=np.float32)
    for j in range(k):
        np.multiply(labels == j, weights, out=member[:, j])
    mass = member.sum(axis=2)[:, :, None]
    sums = (member.reshape(fits * k, -1) @ z).reshape(centres.shape)
    return np.where(mass > 0, sums / np.maximum(mass, 1e-30), centres).astype(np.float32)
