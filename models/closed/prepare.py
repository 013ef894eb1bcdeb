"""From answers to what segments are searched in: blocks of those who answered anything, and distinct people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.closed.methods import Sample
from models.closed.mixture import mixed
from models.closed.nulls import DIRECTIONS
from models.closed.view import MOST_DIRECTIONS, view_of
from models.features import Block, joined
from models.groups.canonical import Rows, canonical_rows
from models.groups.reduce import unit


@dataclass(frozen=True)
class Distinct:
    """Distinct people in canonical order. rows: which they are. sample: all of them, for methods."""

    rows: Rows
    sample: Sample


def people_in(blocks: Sequence[Block]) -> int:
    """How many people the blocks hold; raises ValueError when there is no block, nobody, or they differ in length."""
    if not blocks:
        raise ValueError("the 'questions' parameter must hold at least one question, got none")
    lengths = {block.name: len(block.matrix) for block in blocks}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"all questions must hold as many answers, got {lengths}")
    people = len(blocks[0].matrix)
    if not people:
        raise ValueError("the 'questions' parameter must hold the answers of at least one person, got none")
    return people


def those(block: Block, rows: NDArray[np.bool_]) -> Block:
    """The block of some people."""
    return replace(block, matrix=block.matrix[rows], answered=block.answered[rows], flat=block.flat[rows])


def narrowed(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with long vectors of open answers as ten principal components.

    Beside other questions the components are of equal variance, so that each says as much as an item; an open question
    alone keeps the spread along each, for its groups lie along the first few. There vectors have length 1 from their
    mean, so that one cloud far from the origin does not look lopsided.
    """
    alone = sum(bool(block.matrix.any()) for block in blocks) < 2
    return [_narrowed(block, alone) for block in blocks]


def _narrowed(block: Block, alone: bool) -> Block:
    if block.kind != "text" or block.matrix.shape[1] <= 3 * MOST_DIRECTIONS:
        return block
    rows = canonical_rows(block.matrix)
    x = np.asarray(rows.vectors, dtype=np.float64)
    there = np.bincount(rows.back, weights=block.answered)
    if alone:
        x = unit(x)
        x = x - there @ x / max(there.sum(), 1.0)
    vectors = np.linalg.eigh((x.T * there) @ x)[1][:, ::-1][:, :MOST_DIRECTIONS]
    columns = tuple(f"{block.name} {j + 1}" for j in range(vectors.shape[1]))
    if alone:
        return replace(block, kind=DIRECTIONS, matrix=(x @ vectors)[rows.back], columns=columns)
    scores = unit(x @ vectors)
    answered = max(there.sum(), 1.0)
    scores = scores - there @ scores / answered
    spread = np.sqrt(there @ scores**2 / answered)
    scores = (scores / np.where(spread > 1e-9, spread, 1.0))[rows.back]
    scores[~block.answered] = 0
    return replace(block, matrix=scores, columns=columns)


def distinct(blocks: Sequence[Block], weights: Mapping[str, float] | None, beside: Sequence[Block] = ()) -> Distinct:
    """The people of the blocks (none of whom is without an answer), as every method sees them.

    beside: the same people seen in another way; who differs there, or in what was answered at all, is no double.
    """
    x = joined(blocks, weights)
    known = [id(block) for block in blocks]
    others = [block.matrix for block in beside if id(block) not in known]
    gaps = [block.answered[:, None] for block in blocks if not block.answered.all()]
    rows = canonical_rows(np.hstack([x, *others, *gaps]) if x.shape[1] else np.zeros((len(x), 1)))
    plain = np.asarray(rows.vectors, dtype=np.float64)[:, : x.shape[1]]
    view = view_of(blocks, weights)
    answers = mixed(blocks).rows(rows.first)
    return Distinct(rows, Sample(rows.weights, plain if view is None else view(plain, rows.weights), plain, answers))
