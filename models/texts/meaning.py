"""What answers are about, apart from the language they are written in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.groups.reduce import language_means, unit
from models.results import Floats, Ints


def without_language(vectors: Floats, languages: Sequence[str]) -> NDArray[np.float64]:
    """Return the vectors (n, d) with what all answers of a language share taken out, unit rows."""
    means = language_means(vectors, np.ones(len(vectors)), np.array(languages))
    return unit(np.asarray(vectors) - np.array([means.get(language, means[""]) for language in languages]))


def group_means(vectors: NDArray[np.float64], labels: Ints) -> NDArray[np.float64]:
    """Return the mean row of each group 1..k, (k, d)."""
    return np.array([vectors[labels == group].mean(axis=0) for group in range(1, int(labels.max()) + 1)])
