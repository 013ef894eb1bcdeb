"""Vectors pulled towards their neighbours: the view in which groups of answers separate best.

Two steps of a random walk on a nearest-neighbour graph act as a low-pass filter (Zhang et al. 2019, adaptive graph
convolution). On short answers k-means on the result recovers labels clearly better than k-means on the vectors, and
it stays an ordinary Euclidean space: the same k-means can be resampled for evidence, and new rows can be placed in it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.groups.reduce import Space, principal_space, unit

STEPS = 2
_ROWS_AT_A_TIME = 1000


@dataclass(frozen=True)
class SmoothSpace:
    """The smoothed space of a set of landmark rows.

    stages: the landmarks (m, p) before each step. near: neighbours looked at. space: principal components after the
    last step. landmarks: (m, q), the landmarks' own coordinates, unit rows.
    """

    stages: tuple[NDArray[np.float64], ...]
    near: int
    space: Space
    landmarks: NDArray[np.float64]

    def place(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coordinates (n, q), unit rows, of rows (n, p) that are not landmarks themselves."""
        moved = unit(scores)
        pull = _memberships(moved, self.stages[0], self.near, own=False)
        for stage in self.stages:
            moved = _step(pull, stage, moved)
        return unit(self.space.project(moved))


def smooth_space(scores: NDArray[np.float64], weights: NDArray[np.float64], dims: int) -> SmoothSpace:
    """Smoothed space of landmark rows (m, p), at least one; weights: (m,) people per row."""
    rows = unit(scores)
    near = neighbours(len(rows))
    pull = _memberships(rows, rows, near, own=True)
    both = (pull + pull.T - pull.multiply(pull.T)).tocsr()
    stages = []
    for _ in range(STEPS):
        stages.append(rows)
        rows = _step(both, rows, rows)
    space = principal_space(rows, weights, None, dims)
    return SmoothSpace(tuple(stages), near, space, unit(space.project(rows)))


def neighbours(rows: int) -> int:
    """How many neighbours of `rows` are looked at: twice the binary logarithm, 6 to 30, at most half of the others."""
    return min(int(np.clip(round(2 * np.log2(rows)), 6, 30)), (rows - 1) // 2)


def _step(pull: sparse.csr_array, base: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every row moves to the mean of itself and the base rows that pull it."""
    mass = 1 + np.asarray(pull.sum(axis=1)).ravel()
    return (rows + pull @ base) / mass[:, None]


def _memberships(rows: NDArray[np.float64], base: NDArray[np.float64], near: int, own: bool) -> sparse.csr_array:
    """Fuzzy nearest-neighbour graph (n, m) with local scales (McInnes, Healy & Melville 2018, section 3.1).

    own: rows are the base itself, so nobody is a neighbour of themselves.
    """
    if not near:
        return sparse.csr_array((len(rows), len(base)))
    indices, strengths = [], []
    for low in range(0, max(len(rows), 1), _ROWS_AT_A_TIME):
        block = rows[low : low + _ROWS_AT_A_TIME]
        cosine = block @ base.T
        if own:
            cosine[np.arange(len(block)), np.arange(low, low + len(block))] = -np.inf
        index = np.sort(np.argpartition(-cosine, near - 1, axis=1)[:, :near], axis=1)
        angle = np.arccos(np.clip(np.take_along_axis(cosine, index, axis=1), -1, 1))
        indices.append(index)
        strengths.append(_strengths(angle))
    index, strength = np.concatenate(indices), np.concatenate(strengths)
    starts = np.arange(0, index.size + 1, near)
    return sparse.csr_array((strength.ravel(), index.ravel(), starts), shape=(len(rows), len(base)))


def _strengths(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(-(distance - nearest) / scale) with the scale at which a row's strengths add up to log2 of their number."""
    beyond = angle - angle.min(axis=1, keepdims=True)
    target = max(np.log2(angle.shape[1]), 1.0)
    low, high = np.full((len(angle), 1), 1e-4), np.full((len(angle), 1), 10.0)
    for _ in range(24):
        middle = (low + high) / 2
        much = np.exp(-beyond / middle).sum(axis=1, keepdims=True) > target
        high, low = np.where(much, middle, high), np.where(much, low, middle)
    return np.exp(-beyond / ((low + high) / 2))
