"""Ways to group people by their answers, and which of them is chosen.

Every method is an entry in METHODS: segments of everybody for a number of segments, and the same on resamples. Which
one is chosen depends on the questions alone, never on how a method came out, so the choice adds no chance finding.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.closed.consensus import agreed
from models.closed.mixture import Mixed, directions, fit
from models.closed.names import METHOD_NAMES
from models.closed.partition_search import try_all
from models.groups.grouping import compact
from models.groups.kmeans import kmeans
from models.results import Ints

STARTS, FEW_STARTS = 10, 2
NARROW = 6
"""Main directions in the narrower of the two views that consensus looks through."""

MOST_AGREED = 1000
"""Consensus holds every pair of rows: so many distinct rows at most."""


@dataclass(frozen=True)
class Sample:
    """Distinct people as every method needs them.

    weights: (m,) people per row. view: (m, q), main directions, or the question itself where there is one. plain:
    (m, p), questions side by side at equal weight. answers: as mixtures see them.
    """

    weights: NDArray[np.float64]
    view: NDArray[np.float64]
    plain: NDArray[np.float64]
    answers: Mixed

    def some(self, rows: Ints) -> "Sample":
        """Some of the rows, in their order."""
        return Sample(self.weights[rows], self.view[rows], self.plain[rows], self.answers.rows(rows))


Fit = Callable[[Sample, int, NDArray[np.float64], int, np.random.Generator], Ints]
"""Segments (m,), 0-based, of k by so many starts, when the rows stand for these numbers of people, (m,)."""


@dataclass(frozen=True)
class Method:
    """name: as a marketer reads it. why: the end of "… was chosen because". fit: one grouping."""

    name: str
    why: str
    fit: Fit


def _k_means(
    z: NDArray[np.float64], k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator
) -> Ints:
    return try_all(z, weights, [k], starts, rng).labels[k]


def _mixture(
    answers: Mixed, z: NDArray[np.float64], k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator
) -> Ints:
    """The most likely segment of everybody, begun from k-means."""
    first = kmeans(z, np.repeat(weights[None], starts, axis=0), k, rng, 20).labels
    return fit(answers, weights, np.array(first)).posterior(answers).argmax(axis=1).astype(np.int64)


def _in_view(data: Sample, k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator) -> Ints:
    return _k_means(data.view, k, weights, starts, rng)


def _side_by_side(data: Sample, k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator) -> Ints:
    return _k_means(data.plain, k, weights, starts, rng)


def _bells(data: Sample, k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator) -> Ints:
    return _mixture(directions(data.view), data.view, k, weights, starts, rng)


def _classes(data: Sample, k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator) -> Ints:
    return _mixture(data.answers, data.view, k, weights, starts, rng)


def _consensus(data: Sample, k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator) -> Ints:
    """What mixtures and k-means agree on, in two views, with one group fewer, as many, and one more."""
    return agreed(members(data, k, weights, starts, rng), k, weights, rng)


def members(data: Sample, k: int, weights: NDArray[np.float64], starts: int, rng: np.random.Generator) -> list[Ints]:
    """The groupings that consensus rests on."""
    narrow = data.view[:, :NARROW]
    found = []
    for number in range(max(2, k - 1), k + 2):
        for z in (data.view, narrow):
            found.append(_k_means(z, number, weights, starts, rng))
            found.append(_mixture(directions(z), z, number, weights, starts, rng))
        found.append(_mixture(data.answers, data.view, number, weights, starts, rng))
    return found


METHODS: Mapping[str, Method] = {
    "plain": Method(
        METHOD_NAMES["plain"],
        "it takes every question as it is",
        _side_by_side,
    ),
    "view": Method(
        METHOD_NAMES["view"],
        "it looks for people who are close to each other in what they answered",
        _in_view,
    ),
    "mixture": Method(
        METHOD_NAMES["mixture"],
        "it lets the segments differ more in one direction than in another",
        _bells,
    ),
    "classes": Method(
        METHOD_NAMES["classes"],
        "these are marks and choices: it asks which kinds of people would give just these answers, and lets what a "
        "person left out, and questions that tell nothing, count for nothing",
        _classes,
    ),
    "consensus": Method(
        METHOD_NAMES["consensus"],
        "open answers are among the questions: each single method reads those a little differently, and what they "
        "agree on holds up better than any one of them",
        _consensus,
    ),
}
"""By key; the best known one for any mix of questions is chosen by `choose_method`."""


def choose_method(kinds: Sequence[str], people: int) -> str:
    """Key of the method for questions of these kinds (of features.ENCODERS).

    One question is compared as it is. The rule comes from simulated people (benchmarks/mixed_people.py, seeds other
    than those reported): latent classes found marks and choices best, consensus whatever has open answers.
    """
    if len(kinds) < 2 or people < LEAST_PEOPLE:
        return "view"
    return "consensus" if "text" in kinds else "classes"


LEAST_PEOPLE = 50
"""With fewer people than this mixtures have too little to go by, and k-means stays."""


def resampled(
    method: str, data: Sample, k: int, counts: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Labels of all rows by fits to resamples, int (B, m). counts: (B, m), how often each row was drawn.

    Consensus is resampled by its strongest member, the Gaussian mixture.
    """
    one = METHODS["mixture" if method == "consensus" else method].fit
    return np.array([compact(one(data, k, drawn, FEW_STARTS, rng)) for drawn in counts])
