"""What several ways of grouping agree on: evidence accumulation and how ambiguous pairs of people are.

Every grouping votes for each pair of people it puts together (Fred & Jain 2005; Monti et al. 2003); the shares of votes
are cut into groups by their leading eigenvectors.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from models.groups.grouping import compact
from models.groups.kmeans import kmeans
from models.results import Ints

AMBIGUOUS = (0.1, 0.9)
STARTS = 20


def together(groupings: Sequence[Ints]) -> NDArray[np.float64]:
    """Share of the groupings that put each pair of rows together, float (m, m)."""
    votes = np.zeros((len(groupings[0]), len(groupings[0])))
    for labels in groupings:
        votes += labels[:, None] == labels[None]
    return votes / len(groupings)


def agreed(
    groupings: Sequence[Ints], k: int, weights: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """k groups of the rows that the groupings agree on most, int (m,), 0-based.

    Normalised spectral cut (Ng, Jordan & Weiss 2002) of the shares of votes. weights: (m,) people per row.
    """
    shares = together(groupings)
    root = np.sqrt(shares @ weights)
    m = len(shares)
    scaled = shares / root / root[:, None] * np.sqrt(weights) * np.sqrt(weights)[:, None]
    leading = eigh(scaled, subset_by_index=[max(0, m - k), m - 1])[1]
    length = np.linalg.norm(leading, axis=1, keepdims=True)
    rows = leading / np.where(length > 0, length, 1)
    fits = kmeans(rows, np.repeat(weights[None], STARTS, axis=0), k, rng, 100, trials=3)
    return compact(fits.labels[int(fits.inertia.argmin())])


def ambiguous(groupings: Sequence[Ints], weights: NDArray[np.float64]) -> float:
    """Share of pairs of people that some groupings put together and others apart, 0-1.

    Proportion of ambiguous clustering (Șenbabaoğlu, Michailidis & Li 2014): pairs with more than 10 % and less than
    90 % of the votes.
    """
    shares = together(groupings)
    pairs = np.outer(weights, weights)
    np.fill_diagonal(pairs, 0)
    between = (shares > AMBIGUOUS[0]) & (shares < AMBIGUOUS[1])
    return float(pairs[between].sum() / max(pairs.sum(), 1e-12))
