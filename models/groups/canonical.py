"""Rows in an order of their own, so that no result can depend on the order they arrived in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.results import Floats, Ints


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


def canonical_rows(vectors: Floats, languages: Sequence[str] | None = None) -> Rows:
    """Distinct rows of (n, d) sorted by their bytes (then language): equal for every permutation of the input."""
    x: NDArray[Any] = np.ascontiguousarray(vectors + np.zeros((), dtype=vectors.dtype))  # -0.0 + 0.0 is 0.0
    content = x.view(np.dtype((np.void, x.dtype.itemsize * x.shape[1]))).ravel()
    _, content_id = np.unique(content, return_inverse=True)
    tongues = None if languages is None else np.asarray(languages, dtype=np.str_)
    tongue_id = np.zeros(len(x), dtype=np.int64) if tongues is None else np.unique(tongues, return_inverse=True)[1]
    key = content_id.astype(np.int64) * (int(tongue_id.max()) + 1) + tongue_id
    _, first, back, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return Rows(x[first], counts.astype(np.float64), None if tongues is None else tongues[first], back.astype(np.int64))
