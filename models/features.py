"""Answers to one question -> a block of numbers, by the question's type; blocks of equal weight, side by side.

Every kind is an encoder in ENCODERS. Blocks are scaled to unit inertia along their main direction, as multiple factor
analysis does (Escofier & Pagès 1994), so that an embedding of 384 numbers cannot swamp three ratings. Sums are taken in
an order of their own: the same people give the same numbers in whatever order they come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.encoders import choices, scales
from models.encoders.question import Answers, Encoder, Scheme
from models.encoders.remarks import Remark
from models.encoders.scales import FAR, SKEWED
from models.groups.canonical import canonical_rows
from models.results import Floats

__all__ = [
    "ENCODERS",
    "FAR",
    "SKEWED",
    "Answers",
    "Block",
    "Encoding",
    "block_shares",
    "encode",
    "fit_encoder",
    "joined",
    "unit_inertia",
]


class Draws(Protocol):
    """Draws encoded answers of people without groups."""

    def draw(self, people: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return the answers of so many people, (people, p)."""

    def over(self, scale: float) -> "Draws":
        """Return what draws the same answers divided by `scale`."""


@dataclass(frozen=True)
class Block:
    """One question as numbers.

    matrix: float64 (n, p), centred; rows without an answer hold 0, the mean. columns: names, (p,). answered: bool (n,).
    flat: bool (n,), people who gave every item of a battery the same mark. remarks: what was done that a reader should
    know. unit: whether it is at unit inertia. centred: whether each person's own mean was taken out of the marks.
    one_taste: draws answers of people without groups (models/closed/one_taste.py), for questions that need them.
    """

    name: str
    kind: str
    matrix: NDArray[np.float64]
    columns: tuple[str, ...]
    answered: NDArray[np.bool_]
    flat: NDArray[np.bool_]
    remarks: tuple[Remark, ...] = ()
    unit: bool = False
    centred: bool = False
    one_taste: Draws | None = None


@dataclass(frozen=True)
class Encoding:
    """How the answers to one question became numbers; plain data that can be stored (models/classify.py).

    scheme: what the encoder learnt. centre: float (p,), the means that were taken out.
    """

    name: str
    kind: str
    ipsatise: bool
    scheme: Scheme
    centre: NDArray[np.float64]

    def apply(self, values: Sequence[Any], vectors: Floats | None = None) -> Block:
        """Return the block of other people's answers; on the answers it was fitted to, what `encode` returns.

        An option unknown then counts as none of the known ones. vectors: (n, d), for text. Raises ValueError for
        values that cannot be read.
        """
        given = Answers(self.name, self.kind, values, self.scheme.options, self.scheme.items, vectors, self.ipsatise)
        read = _read(given, self.scheme)
        return _block(given, self.scheme, read, np.where(np.isnan(read.raw), 0.0, read.raw - self.centre))


def encode(answers: Answers) -> Block:
    """Return the block of one question, not yet scaled.

    Raises ValueError for an unknown kind, or for values that its encoder cannot read.
    """
    return _fitted(answers)[1]


def fit_encoder(answers: Answers) -> Encoding:
    """Return how these answers become numbers, to read other people's in the same way; raises as `encode`."""
    return _fitted(answers)[0]


def _fitted(answers: Answers) -> tuple[Encoding, Block]:
    if answers.kind not in ENCODERS:
        raise ValueError(f"the 'kind' parameter must be one of {', '.join(ENCODERS)}, got {answers.kind!r}")
    scheme = ENCODERS[answers.kind].learn(answers)
    read = _read(answers, scheme)
    holes = np.isnan(read.raw)
    known = np.where(holes, 0.0, read.raw)
    centre = _sum(known) / np.maximum((~holes).sum(axis=0), 1)
    block = _block(answers, scheme, read, np.where(holes, 0.0, known - centre))
    return Encoding(answers.name, answers.kind, answers.ipsatise, scheme, centre), block


@dataclass(frozen=True)
class _Read:
    """Numbers before the means are taken out, NaN for no answer; who answered; who marked every item alike."""

    raw: NDArray[np.float64]
    answered: NDArray[np.bool_]
    flat: NDArray[np.bool_]


def _read(answers: Answers, scheme: Scheme) -> _Read:
    raw = ENCODERS[answers.kind].read(answers, scheme)
    answered = np.array([value is not None for value in answers.values], dtype=bool)
    if raw.shape[1]:
        answered = np.asarray(~np.isnan(raw).all(axis=1))
    flat = np.zeros(len(raw), dtype=bool)
    if answers.kind == "battery":
        known = ~np.isnan(raw)
        high, low = np.where(known, raw, -np.inf).max(axis=1), np.where(known, raw, np.inf).min(axis=1)
        flat = (known.sum(axis=1) >= 3) & (high == low)
        if answers.ipsatise:
            means = np.where(known, raw, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
            raw = raw - means[:, None]
    return _Read(raw, answered, flat)


def _block(answers: Answers, scheme: Scheme, read: _Read, matrix: NDArray[np.float64]) -> Block:
    counts = {
        "flat": int(read.flat.sum()),
        "partly": int(np.isnan(read.raw[read.answered]).any(axis=1).sum()) if read.raw.size else 0,
        "unanswered": int((~read.answered).sum()),
    }
    remarks = [*scheme.remarks, *(Remark(kind, answers.name, some) for kind, some in counts.items() if some)]
    centred = answers.kind == "battery" and answers.ipsatise
    if centred:
        remarks.append(Remark("ipsatised", answers.name))
    return Block(
        answers.name, answers.kind, matrix, scheme.columns, read.answered, read.flat, tuple(remarks), centred=centred
    )


def unit_inertia(block: Block) -> Block:
    """Return the block divided by its first singular value over √n: its main direction then has variance 1.

    A block in which everybody is the same stays 0.
    """
    scale = 1.0 if block.unit else inertia_scale(block.matrix) or 1.0
    if scale == 1.0:
        return block
    drawn = block.one_taste.over(scale) if block.one_taste else None
    return replace(block, matrix=block.matrix / scale, unit=True, one_taste=drawn)


def inertia_scale(matrix: NDArray[np.float64]) -> float:
    """Return the first singular value of (n, p) over √n; 0 when there is next to nothing to scale."""
    if not matrix.size:
        return 0.0
    with threadpool_limits(1):
        rows = canonical_rows(matrix)
        distinct = np.asarray(rows.vectors, dtype=np.float64) * np.sqrt(rows.weights / len(matrix))[:, None]
        square = distinct.T @ distinct if distinct.shape[1] <= len(distinct) else distinct @ distinct.T
        scale = float(np.sqrt(max(np.linalg.eigvalsh(square)[-1], 0.0)))
    return scale if scale > 1e-12 else 0.0


def joined(blocks: Sequence[Block], weights: Mapping[str, float] | None = None) -> NDArray[np.float64]:
    """Return the blocks at unit inertia side by side, float (n, sum of p); weights: variance per block, default 1."""
    wanted = weights or {}
    parts = [unit_inertia(block).matrix * np.sqrt(wanted.get(block.name, 1.0)) for block in blocks]
    return np.hstack(parts)


def block_shares(
    blocks: Sequence[Block], labels: NDArray[np.int64], weights: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return how much of the difference between groups each block carries, summing to 1 (all 0 when there is none).

    labels: int (n,), any numbers. The share is the block's part of the between-groups sum of squares at unit inertia
    times its weight, default 1.
    """
    wanted = weights or {}
    between = {
        block.name: _between(unit_inertia(block).matrix, labels) * wanted.get(block.name, 1.0) for block in blocks
    }
    total = sum(between.values())
    return {name: value / total if total > 0 else 0.0 for name, value in between.items()}


def _between(matrix: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    total, groups = _sum(matrix) / max(1, len(matrix)), np.unique(labels)
    own = [matrix[labels == group] for group in groups]
    return float(sum(len(rows) * ((_sum(rows) / len(rows) - total) ** 2).sum() for rows in own))


def _sum(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of every column, the same to the last digit in any order of the rows."""
    return np.asarray(np.sort(matrix, axis=0).sum(axis=0))


ENCODERS: dict[str, Encoder] = {
    "text": scales.TEXT,
    "nominal": choices.NOMINAL,
    "multi": choices.MULTI,
    "binary": choices.BINARY,
    "ordinal": scales.ORDINAL,
    "number": scales.NUMBER,
    "date": scales.DATE,
    "battery": scales.BATTERY,
    "ranking": choices.RANKING,
    "bestworst": choices.BESTWORST,
    "shares": choices.SHARES,
    "none": scales.NONE,
}
