"""Closed answers in which nobody belongs together: what evidence for groups is compared with.

Choices are shuffled between people. Graded answers (scales, numbers, places in a ranking) keep their correlations and
lose everything else: a Gaussian cloud cut at the observed values (a Gaussian copula with the margins kept; Cario &
Nelson 1997). Shuffling them as well would call one common dimension, such as liking everything more or less, "groups".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.features import Block

CHOICES = ("nominal", "multi", "binary")
"""Kinds of questions whose columns are shuffled; all other kinds are graded."""

_ROUNDS, _SIMULATED = 4, 4000
_MOST = 0.999


@dataclass(frozen=True)
class Layout:
    """What the columns of a matrix are. graded: bool (p,). together: int (p,), columns of one number move as one."""

    graded: NDArray[np.bool_]
    together: NDArray[np.int64]


def layout(blocks: Sequence[Block]) -> Layout:
    """Layout of blocks side by side; the options of a single choice exclude each other, so they move as one."""
    graded: list[bool] = []
    together: list[int] = []
    for block in blocks:
        width = block.matrix.shape[1]
        graded += [block.kind not in CHOICES] * width
        first = len(together)
        together += [first] * width if block.kind == "nominal" else list(range(first, first + width))
    return Layout(np.array(graded, dtype=bool), np.array(together, dtype=np.int64))


@dataclass(frozen=True)
class Structureless:
    """Draws data sets like one that was seen, with no groups in them.

    seen: (n, p). sorted_graded: the graded columns, each sorted. root: (g, g), root of their latent correlations.
    """

    seen: NDArray[np.float64]
    columns: Layout
    sorted_graded: NDArray[np.float64]
    root: NDArray[np.float64]

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """One data set (n, p), every column with exactly the values it has in the data."""
        n = len(self.seen)
        made = np.empty_like(self.seen)
        for unit in np.unique(self.columns.together[~self.columns.graded]):
            columns = np.flatnonzero(self.columns.together == unit)
            made[:, columns] = self.seen[rng.permutation(n)][:, columns]
        made[:, self.columns.graded] = _cut(_frame(n, len(self.root), rng) @ self.root, self.sorted_graded)
        return made


def structureless_like(z: NDArray[np.float64], columns: Layout, rng: np.random.Generator) -> Structureless:
    """What draws structureless data like z (n, p); the latent correlations are found by simulation."""
    values = np.sort(z[:, columns.graded], axis=0)
    wanted = _correlations(z[:, columns.graded])
    noise = rng.standard_normal((_SIMULATED, values.shape[1]))
    latent = wanted.copy()
    for _ in range(_ROUNDS):
        made = _cut(noise @ _root(latent), values)
        latent = np.clip(latent + wanted - _correlations(made), -_MOST, _MOST)
        np.fill_diagonal(latent, 1.0)
    return Structureless(z, columns, values, _root(latent))


def _correlations(x: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = x - x.mean(axis=0) if len(x) else x
    length = np.sqrt((centred**2).sum(axis=0))
    unit = centred / np.where(length > 0, length, 1.0)
    found = np.asarray(unit.T @ unit, dtype=np.float64)
    np.fill_diagonal(found, 1.0)
    return found


def _root(correlations: NDArray[np.float64]) -> NDArray[np.float64]:
    """A root of the nearest correlation matrix that is possible: negative eigenvalues set to zero, diagonal to one."""
    if not correlations.size:
        return correlations
    values, vectors = np.linalg.eigh(correlations)
    root = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    return np.asarray(root / np.maximum(np.linalg.norm(root, axis=0), 1e-12))


def _frame(n: int, dims: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Normal numbers (n, dims), exactly uncorrelated where n allows it, so that draws share their correlations."""
    noise = rng.standard_normal((n, dims))
    if n <= dims + 1 or not dims:
        return noise
    noise -= noise.mean(axis=0)
    frame, triangle = np.linalg.qr(noise)
    return np.asarray(frame * np.sign(np.diag(triangle)) * np.sqrt(n))


def _cut(normal: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every column's normal numbers (m, g) replaced by the value of the same rank among `values` (n, g), sorted."""
    if not normal.size:
        return np.empty((len(normal), values.shape[1]))
    rank = rankdata(normal, method="ordinal", axis=0).astype(np.int64) - 1
    return np.take_along_axis(values, rank * len(values) // len(normal), axis=0)
