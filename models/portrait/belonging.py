"""How surely people belong to latent classes; a solution keeps only where it placed them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.closed.methods import METHODS
from models.closed.mixture import fit, mixed
from models.features import Answers, encode
from models.results import Ints
from models.solution import Solution

MOST_FITTED = 5000
"""The classes are described anew from so many people, evenly spread over the segments' own order of answers."""


def of_classes(solution: Solution) -> bool:
    """Whether the segments of a solution are latent classes."""
    return solution.method == METHODS["classes"].name


def posterior(questions: Sequence[Answers], labels: Ints) -> NDArray[np.float64]:
    """Return P(class | answers) of every person, float (n, k), of latent classes that begin from where people are.

    labels: int (n,), 1..k.
    """
    people = mixed([encode(answers) for answers in questions])
    order = np.lexsort((*people.graded.T, *people.shown.T, labels))
    some = order[np.linspace(0, len(order) - 1, min(len(order), MOST_FITTED)).round().astype(np.int64)]
    classes = fit(people.rows(some), np.ones(len(some)), (labels[some] - 1)[None])
    found = classes.posterior(people.rows(order))
    return np.asarray(found[np.argsort(order)])
