"""Closed answers in which nobody belongs together: what evidence for groups is compared with.

Choices are shuffled between people. Graded answers (scales, numbers, places in a ranking) keep their correlations and
lose everything else: a Gaussian cloud cut at the observed values (a Gaussian copula with the margins kept; Cario &
Nelson 1997). Shuffling them as well would call one common dimension, such as liking everything more or less, "groups".
Places, picks and points that exclude each other are drawn from one taste besides (models/closed/one_taste.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from models.features import Block, Draws

CHOICES = ("nominal", "multi", "binary")
"""Kinds of questions whose columns are shuffled; all other kinds are graded."""

DIRECTIONS = "directions"
"""Kind of a block that holds leading directions of vectors, at their own spread (models/closed/prepare.py)."""

_ROUNDS, _SIMULATED = 4, 20_000
"""Rounds and people of the simulation; its own error is in every data set drawn, and must be small beside theirs."""
_MATCHED = 250
"""So many people are matched at a time with answers of one taste."""
_MOST = 0.999
_TINY = 1e-12


@dataclass(frozen=True)
class Layout:
    """What the columns of a matrix are. graded: bool (p,). together: int (p,), columns of one number move as one.

    questions: int (p,), the question of every column; a person whose columns of a question are all 0 did not answer
    it, and does not in data without groups either. None when everybody answered everything. directions: the columns
    are leading directions of the vectors of one open question, and nothing else. tastes: what draws the columns of
    questions whose answers exclude each other, with the first of these columns.
    """

    graded: NDArray[np.bool_]
    together: NDArray[np.int64]
    questions: NDArray[np.int64] | None = None
    directions: bool = False
    tastes: tuple[tuple[int, Draws], ...] = ()


def layout(blocks: Sequence[Block], weights: Mapping[str, float] | None = None) -> Layout:
    """Layout of blocks at unit inertia side by side; the options of a single choice exclude each other, so they move
    as one. weights: variance per block by its name, default 1."""
    wanted = weights or {}
    graded: list[bool] = []
    together: list[int] = []
    for block in blocks:
        width = block.matrix.shape[1]
        graded += [block.kind not in CHOICES] * width
        first = len(together)
        together += [first] * width if block.kind == "nominal" else list(range(first, first + width))
    widths = [block.matrix.shape[1] for block in blocks]
    gaps = any(not block.answered.all() for block in blocks)
    questions = np.repeat(np.arange(len(blocks)), widths) if gaps else None
    alone = {block.kind for block in blocks if block.matrix.any()} == {DIRECTIONS}
    starts = np.cumsum([0, *widths]).tolist()
    tastes = tuple(
        (start, block.one_taste.over(1 / np.sqrt(wanted.get(block.name, 1.0))))
        for start, block in zip(starts, blocks, strict=False)
        if block.one_taste and wanted.get(block.name, 1.0) > 0
    )
    return Layout(np.array(graded, dtype=bool), np.array(together, dtype=np.int64), questions, alone, tastes)


@dataclass(frozen=True)
class Structureless:
    """Draws data sets like one that was seen, with no groups in them.

    seen: (n, p). holes: bool (n, p), what was not answered. sorted_graded: the answers in every graded column, sorted.
    root: (g, g), root of their latent correlations.
    """

    seen: NDArray[np.float64]
    columns: Layout
    holes: NDArray[np.bool_]
    sorted_graded: tuple[NDArray[np.float64], ...]
    root: NDArray[np.float64]

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """One data set (n, p), every column with exactly the values it has in the data."""
        n = len(self.seen)
        made = np.zeros_like(self.seen)
        for unit in np.unique(self.columns.together[~self.columns.graded]):
            columns = np.flatnonzero(self.columns.together == unit)
            there = np.flatnonzero(~self.holes[:, columns[0]])
            made[np.ix_(there, columns)] = self.seen[np.ix_(rng.permutation(there), columns)]
        normal = _frame(n, len(self.root), rng) @ self.root
        made[:, self.columns.graded] = _cut(normal, self.sorted_graded, self.holes[:, self.columns.graded])
        return made


@dataclass(frozen=True)
class Cloud:
    """Draws one cloud of vectors: directions of normal numbers, lengths of those that were seen, by rank.

    Vectors of a text model have one length, so their leading directions are no normal numbers; and to keep how they are
    spread along each direction would keep two groups that lie along the first. seen: (n, p). lengths: (n,), sorted.
    spreads: (p,).
    """

    seen: NDArray[np.float64]
    lengths: NDArray[np.float64]
    spreads: NDArray[np.float64]

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """One data set (n, p), with nearly the spread along every direction that the data have."""
        normal = _frame(len(self.seen), len(self.spreads), rng)
        scale = self.spreads
        for _ in range(_ROUNDS):
            made = _at_lengths(normal * scale, self.lengths)
            scale = scale * self.spreads / np.maximum(np.sqrt((made**2).mean(axis=0)), _TINY)
        return _at_lengths(normal * scale, self.lengths)


Source = Structureless | Cloud


@dataclass(frozen=True)
class OfOneTaste:
    """Draws data without groups in which questions whose answers exclude each other are answered by one taste.

    They are given to people so that what they have to do with the other columns stays, chance included.
    """

    source: Structureless

    def draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """One data set (n, p)."""
        made = self.source.draw(rng)
        for first, taste in self.source.columns.tastes:
            there = np.flatnonzero(~self.source.holes[:, first])
            drawn = taste.draw(len(there), rng)
            own = slice(first, first + drawn.shape[1])
            if drawn.shape[1] < made.shape[1]:
                drawn = drawn[_matched(made[there, own], drawn)]
            made[there, own] = drawn
        return made


def _matched(wanted: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which of the rows drawn (n, q) goes with each of those wanted, as alike as they can be, some at a time."""
    found = np.empty(len(wanted), dtype=np.int64)
    for low in range(0, len(wanted), _MATCHED):
        some = slice(low, low + _MATCHED)
        found[some] = low + linear_sum_assignment(-wanted[some] @ drawn[some].T)[1]
    return found


Drawn = Source | OfOneTaste


def structureless_like(z: NDArray[np.float64], columns: Layout, rng: np.random.Generator) -> Source:
    """What draws structureless data like z (n, p); latent correlations are found by simulation."""
    if columns.directions:
        return Cloud(z, np.sort(np.linalg.norm(z, axis=1)), np.sqrt((z**2).mean(axis=0)))
    return _shuffled_like(z, columns, rng)


def _at_lengths(rows: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (m, p) whose lengths are replaced by those of the same rank among `lengths`, sorted."""
    own = np.linalg.norm(rows, axis=1)
    rank = np.argsort(np.argsort(own, kind="stable"), kind="stable")
    return rows * (lengths[rank * len(lengths) // len(own)] / np.maximum(own, _TINY))[:, None]


def _shuffled_like(z: NDArray[np.float64], columns: Layout, rng: np.random.Generator) -> Structureless:
    holes = _holes(z, columns)
    mine = holes[:, columns.graded]
    values = tuple(np.sort(column[~gone]) for column, gone in zip(z[:, columns.graded].T, mine.T, strict=True))
    wanted = _correlations(z[:, columns.graded])
    noise = _frame(_SIMULATED, len(values), rng)
    gone = mine[rng.integers(0, len(z), _SIMULATED)] if mine.any() else np.zeros(noise.shape, dtype=bool)
    latent = wanted.copy()
    for _ in range(_ROUNDS):
        made = _cut(noise @ _root(latent), values, gone)
        latent = np.clip(latent + wanted - _correlations(made), -_MOST, _MOST)
        np.fill_diagonal(latent, 1.0)
    return Structureless(z, columns, holes, values, _root(latent))


def _holes(z: NDArray[np.float64], columns: Layout) -> NDArray[np.bool_]:
    holes = np.zeros(z.shape, dtype=bool)
    if columns.questions is not None:
        for question in np.unique(columns.questions):
            own = np.equal(columns.questions, question)
            holes[:, own] = (z[:, own] == 0).all(axis=1)[:, None]
    return holes


def _correlations(x: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = x - x.mean(axis=0) if len(x) else x
    length = np.sqrt((centred**2).sum(axis=0))
    unit = centred / np.where(length > 0, length, 1.0)
    found = np.asarray(unit.T @ unit, dtype=np.float64)
    np.fill_diagonal(found, 1.0)
    return found


def _root(correlations: NDArray[np.float64]) -> NDArray[np.float64]:
    """A root of the nearest correlation matrix that is possible: negative eigenvalues set to zero, diagonal to one."""
    if not correlations.size:
        return correlations
    values, vectors = np.linalg.eigh(correlations)
    root = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    return np.asarray(root / np.maximum(np.linalg.norm(root, axis=0), 1e-12))


def _frame(n: int, dims: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Normal numbers (n, dims), exactly uncorrelated where n allows it, so that draws share their correlations."""
    noise = rng.standard_normal((n, dims))
    if n <= dims + 1 or not dims:
        return noise
    noise -= noise.mean(axis=0)
    frame, triangle = np.linalg.qr(noise)
    return np.asarray(frame * np.sign(np.diag(triangle)) * np.sqrt(n))


def _cut(
    normal: NDArray[np.float64], values: Sequence[NDArray[np.float64]], gone: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Every column's normal numbers (m, g) replaced by the value of the same rank among `values`, sorted.

    gone: bool (m, g), where the result is 0.
    """
    made = np.zeros(normal.shape)
    for column, (known, out) in enumerate(zip(values, gone.T, strict=True)):
        there = ~out
        rank = np.argsort(np.argsort(normal[there, column], kind="stable"), kind="stable")
        made[there, column] = known[rank * len(known) // max(len(rank), 1)]
    return made
