"""How near people are to each segment on what the segments were made of: who is typical, and whom segments share."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.portrait.columns import Column
from models.results import Ints

TYPICAL = 5

Matrix = NDArray[np.float64]


def distances(blocks: Iterable[Matrix], labels: Ints, k: int) -> Matrix:
    """Return squared distances of people to the centres of segments 1..k, float (n, k), a question counting as much as
    another. blocks: a question each, float (n, p), NaN without an answer, which counts as the mean.

    labels: int (n,), 0 = no segment; such people have distances as well.
    """
    total = np.zeros((len(labels), k))
    placed = labels > 0
    sizes = np.maximum(np.bincount(labels, minlength=k + 1)[1:], 1)
    for raw in blocks:
        holes = np.isnan(raw)
        count = np.maximum((~holes)[placed].sum(axis=0), 1)
        x = np.where(holes, 0.0, raw - np.where(holes, 0.0, raw)[placed].sum(axis=0) / count)
        inertia = float((x[placed] ** 2).sum() / max(int(placed.sum()), 1))
        if inertia > 1e-12:
            member = (labels[:, None] == np.arange(1, k + 1)).astype(np.float64)
            centres = member.T @ x / sizes[:, None]
            total += ((x**2).sum(axis=1)[:, None] - 2 * x @ centres.T + (centres**2).sum(axis=1)) / inertia
    return total


def block(columns: Sequence[Column]) -> Matrix:
    """Return the columns of one question side by side, each mean at the spread of a share."""
    return np.column_stack([_even(column) for column in columns])


def _even(column: Column) -> NDArray[np.float64]:
    spread = float(np.nanstd(column.compared))
    return column.compared / spread if spread > 1e-12 else column.compared


def typical(found: Matrix, labels: Ints, segment: int) -> tuple[int, ...]:
    """Return the rows of a segment's people nearest to its centre, the nearest first."""
    rows = np.flatnonzero(labels == segment)
    order = np.argsort(np.round(found[rows, segment - 1], 9), kind="stable")[:TYPICAL]
    return tuple(rows[order].tolist())


def second_nearest(found: Matrix, labels: Ints) -> NDArray[np.int64]:
    """Return for every person the nearest segment other than the own one, int (n,); 1 when there is only one."""
    other = found.copy()
    placed = np.flatnonzero(labels > 0)
    if other.shape[1] > 1:
        other[placed, labels[placed] - 1] = np.inf
    return np.asarray(other.argmin(axis=1) + 1, dtype=np.int64)
