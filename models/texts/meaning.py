"""What answers are about, apart from the language they are written in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.groups.reduce import language_means, unit
from models.results import Floats, Ints

_ROWS_AT_A_TIME = 4096


def without_language(vectors: Floats, languages: Sequence[str], out: NDArray[Any] | None = None) -> NDArray[Any]:
    """Return the vectors (n, d) with what all answers of a language share taken out, unit rows.

    out: where to, (n, d); `vectors` itself for very many answers, that they need no more room. A new float64 array when
    None.
    """
    means = language_means(vectors, np.ones(len(vectors)), np.array(languages))
    out = np.empty(np.shape(vectors)) if out is None else out
    for low in range(0, len(out), _ROWS_AT_A_TIME):
        part = slice(low, low + _ROWS_AT_A_TIME)
        shared = np.array([means.get(language, means[""]) for language in languages[part]])
        out[part] = unit(np.asarray(vectors[part]) - shared)
    return out


def group_means(vectors: NDArray[np.float64], labels: Ints) -> NDArray[np.float64]:
    """Return the mean row of each group 1..k, (k, d)."""
    return np.array([vectors[labels == group].mean(axis=0) for group in range(1, int(labels.max()) + 1)])
