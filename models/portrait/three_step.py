"""Descriptors of classes that people belong to with a probability, freed from the errors of placing them.

People are placed in their likeliest class, and comparing background answers between placed groups makes classes look
more alike than they are (Bolck, Croon & Hagenaars 2004). Weights from the inverse of the known placing errors undo this
(the BCH method; Vermunt 2010).
"""

import numpy as np
from numpy.typing import NDArray

from models.results import Floats, Ints

WORST_CONDITION = 30.0
"""Placing errors whose matrix is harder to invert than this say too little about who belongs where."""

Matrix = NDArray[np.float64]


def classification_errors(posterior: Floats, labels: Ints) -> Matrix:
    """Return P(placed in s | belongs to t), float (k, k), row t, column s; rows sum to 1.

    posterior: float (n, k), rows sum to 1. labels: int (n,), 1..k, where people were placed.
    """
    member = np.asarray(posterior, dtype=np.float64)
    placed = labels[:, None] == np.arange(1, member.shape[1] + 1)
    return np.asarray(member.T @ placed / np.maximum(member.sum(axis=0), 1e-12)[:, None])


def bch_weights(posterior: Floats, labels: Ints) -> Matrix | None:
    """Return how much each person counts in each class, float (n, k); rows sum to 1, and weights may be negative.

    None when placing is so uncertain that it cannot be undone, and when a class has nobody placed in it.
    """
    order = np.lexsort((*posterior.T, labels))  # sums in one order
    errors = classification_errors(posterior[order], labels[order])
    if not (errors.sum(axis=0) > 0).all() or np.linalg.cond(errors) > WORST_CONDITION:
        return None
    return np.asarray(np.linalg.inv(errors)[labels - 1])
