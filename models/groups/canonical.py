"""Rows in an order of their own, so that no result can depend on the order they arrived in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.results import Floats, Ints

_ROWS_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Rows:
    """The distinct rows of a matrix, sorted by content.

    vectors: (m, d). weights: float (m,), how often each distinct row occurs. languages: per distinct row, or None.
    back: int (n,), the distinct row behind every input row, so that `something[back]` is in input order.
    """

    vectors: Floats
    weights: NDArray[np.float64]
    languages: NDArray[np.str_] | None
    back: Ints

    @property
    def first(self) -> Ints:
        """The first input row of every distinct row, int (m,)."""
        return np.unique(self.back, return_index=True)[1]


def canonical_rows(vectors: Floats, languages: Sequence[str] | None = None, at: Ints | None = None) -> Rows:
    """Distinct rows of (n, d) sorted by their bytes (then language): equal for every permutation of the input.

    at: int (people,), which row of `vectors` each person has, for many people with equal rows; None: one row each.
    languages and `back` then have an entry per person.
    """
    x = _plain(vectors)
    content = x.view(np.dtype((np.void, x.dtype.itemsize * x.shape[1]))).ravel()
    order = np.argsort(content, kind="stable")
    new = _differs(content, order)
    same = np.empty(len(x), dtype=np.int64)
    same[order] = np.cumsum(new) - 1
    held = order[new]
    key = same if at is None else same[at]
    tongues = None if languages is None else np.asarray(languages, dtype=np.str_)
    if tongues is not None:
        names, tongue = np.unique(tongues, return_inverse=True)
        key = key * len(names) + tongue
    found, first, back, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    rows = held[found if tongues is None else found // len(names)]
    return Rows(x[rows], counts.astype(np.float64), None if tongues is None else tongues[first], back.astype(np.int64))


def _plain(vectors: Floats) -> NDArray[Any]:
    """The rows side by side in memory, 0.0 for -0.0; copied only where that changes anything."""
    x: NDArray[Any] = np.ascontiguousarray(vectors)
    parts = (x[low : low + _ROWS_AT_A_TIME] for low in range(0, len(x), _ROWS_AT_A_TIME))
    return x + np.zeros((), dtype=x.dtype) if any((np.signbit(part) & (part == 0)).any() for part in parts) else x


def _differs(content: NDArray[Any], order: Ints) -> NDArray[np.bool_]:
    """Whether each entry, taken in this order, differs from the one before it; the first does."""
    differs = np.ones(len(order), dtype=bool)
    for low in range(1, len(order), _ROWS_AT_A_TIME):
        high = min(low + _ROWS_AT_A_TIME, len(order))
        differs[low:high] = content[order[low:high]] != content[order[low - 1 : high - 1]]
    return differs
