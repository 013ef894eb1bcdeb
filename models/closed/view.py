"""The view in which people are compared when several questions are asked: a few main directions of all of them.

Questions that have nothing to do with any other count little (weights as in STATIS, Lavit et al. 1994, from the
adjusted RV coefficients of Mayer, Lorent & Horgan 2011), and what is left is drawn together into principal directions,
as factor analysis of mixed data does (Pagès 2004). Data without groups go through the same steps, weights included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.closed.nulls import Drawn
from models.features import Block

MOST_DIRECTIONS = 10
LEAST_WEIGHT = 0.1
"""Weight that every question has at least, beside 1 for the one that has most to do with the others."""

CHANCE = 3.0
"""So many standard deviations of what questions seem to share by chance are granted to all, so that chance alone hardly
tells their weights apart."""

_TINY = 1e-12

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """Columns side by side (n, p) -> main directions.

    starts: first column of every question, and p at the end. inertia: variance of every question, if it had to do with
    the others as much as any.
    """

    starts: tuple[int, ...]
    inertia: tuple[float, ...]
    directions: int = MOST_DIRECTIONS

    def __call__(self, x: Matrix, weights: Matrix) -> Matrix:
        """Scores float (n, q) of rows that stand for `weights` people each, q at most `directions`."""
        square = (x.T * weights) @ x / weights.sum()
        scale = np.sqrt(self.weights(square, float(weights.sum())))
        values, vectors = np.linalg.eigh(square * scale * scale[:, None])
        values, vectors = values[::-1][: self.directions], vectors[:, ::-1][:, : self.directions]
        there = values > 1e-9 * max(values[0], _TINY)
        there[0] = True
        vectors = vectors[:, there]
        sign = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
        return np.asarray(x @ (scale[:, None] * vectors * np.where(sign == 0, 1, sign)))

    def weights(self, square: Matrix, people: float) -> Matrix:
        """What every column's variance is multiplied by, float (p,). square: (p, p), second moments of the columns."""
        total = np.array([max(float(np.trace(square[a:b, a:b])), _TINY) for a, b in pairwise(self.starts)])
        each = np.array(self.inertia) / total * relevance(square, self.starts, people)
        return np.repeat(each, np.diff(self.starts))


@dataclass(frozen=True)
class Seen:
    """Data without groups as they look through a view."""

    source: Drawn
    view: View

    def draw(self, rng: np.random.Generator) -> Matrix:
        """One data set (n, q)."""
        drawn = self.source.draw(rng)
        return self.view(drawn, np.ones(len(drawn)))


def view_of(blocks: Sequence[Block], weights: Mapping[str, float] | None = None) -> View | None:
    """The view of several questions, each with the variance of so many columns; None for a single one.

    weights: what that variance is multiplied by, by the question's name, default 1.
    """
    if sum(bool(block.matrix.any()) for block in blocks) < 2:
        return None
    starts = np.cumsum([0, *(block.matrix.shape[1] for block in blocks)])
    wanted = weights or {}
    return View(tuple(starts.tolist()), tuple(_says(block) * wanted.get(block.name, 1.0) for block in blocks))


def _says(block: Block) -> float:
    """How many things a question says: its columns, one fewer where they exclude each other; of open answers ten."""
    if not block.matrix.any():
        return 0.0
    columns = int((block.matrix != 0).any(axis=0).sum())
    return float(min(columns, MOST_DIRECTIONS) if block.kind == "text" else max(columns - (block.kind == "nominal"), 1))


def relevance(square: Matrix, starts: Sequence[int], people: float) -> Matrix:
    """How much every question has to do with the others, 0.1 to 1: the root of its summed adjusted RV over the largest.

    What sums of so many coefficients come to by chance is added first: about 1 for all when nothing goes together.
    """
    spans = [slice(a, b) for a, b in pairwise(starts)]
    own = np.array([(square[span, span] ** 2).sum() for span in spans])
    trace = np.array([np.trace(square[span, span]) for span in spans])
    shared = np.array([[(square[one, other] ** 2).sum() for other in spans] for one in spans])
    chance = np.outer(trace, trace) / max(people - 1, 1)
    rv = np.maximum(shared - chance, 0) / np.maximum(np.sqrt(np.outer(own, own)), _TINY)
    np.fill_diagonal(rv, 0)
    total = rv.sum(axis=1) + CHANCE * np.sqrt(2 * max(len(spans) - 1, 1)) / max(people, 1)
    return np.maximum(np.sqrt(total / total.max()), LEAST_WEIGHT)
