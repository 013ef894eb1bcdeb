"""Segments on one basis: from the answers to its questions to a Solution with its evidence and its alternatives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.closed.partition import PartitionSettings, partition_blocks
from models.features import Answers, Block, encode, joined
from models.progress import Progress, silent
from models.results import Evidence, Ints, Partition
from models.solution import Alternative, Solution
from models.stability import rand_index
from models.words import number_word


@dataclass(frozen=True)
class SolveSettings(PartitionSettings):
    """What a researcher decides about the segments of one basis; k = None tries 2 to 8."""


DEFAULTS = SolveSettings()
METHOD = "k-means on the questions, each of equal weight"


def solve(
    questions: Sequence[Answers],
    settings: SolveSettings = DEFAULTS,
    extra: Sequence[Block] = (),
    weights: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> Solution:
    """Segments of everybody from the questions of one basis, without a basis and without portraits.

    extra: blocks that are no question (scores on codes, what a code frame does not explain), with a row per person.
    weights: variance per block by its name, default 1. Who answered none of it gets label 0.
    Raises ValueError when there is no question and no block, when they differ in length, or hold nobody.
    """
    blocks = [*(encode(answers) for answers in questions), *extra]
    people = _people(blocks)
    there = np.any([block.answered for block in blocks], axis=0)
    if not there.any():
        return _nobody(blocks, people, settings)
    found = partition_blocks([_of(block, there) for block in blocks], settings, weights, progress)
    labels, confidence = np.zeros(people, dtype=np.int64), np.zeros(people)
    labels[there], confidence[there] = found.labels, found.confidence
    notes = found.notes
    if not there.all():
        notes = (*notes, f"{int((~there).sum())} people answered none of these questions; they have no segment.")
    return Solution(
        basis="",
        labels=labels,
        confidence=confidence,
        k=found.k,
        method=METHOD,
        choice=_choice(found),
        evidence=found.evidence,
        seed=settings.seed,
        questions=tuple(block.name for block in blocks),
        shares=found.shares,
        without=found.without,
        alternatives=_alternatives(found, there),
        coordinates=_picture(joined([_of(block, there) for block in blocks], weights), there),
        notes=notes,
    )


def _people(blocks: Sequence[Block]) -> int:
    if not blocks:
        raise ValueError("the 'questions' parameter must hold at least one question, got none")
    lengths = {block.name: len(block.matrix) for block in blocks}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"all questions must hold as many answers, got {lengths}")
    people = len(blocks[0].matrix)
    if not people:
        raise ValueError("the 'questions' parameter must hold the answers of at least one person, got none")
    return people


def _of(block: Block, rows: NDArray[np.bool_]) -> Block:
    """The block of some people."""
    return replace(block, matrix=block.matrix[rows], answered=block.answered[rows], flat=block.flat[rows])


def _nobody(blocks: Sequence[Block], people: int, settings: SolveSettings) -> Solution:
    return Solution(
        basis="",
        labels=np.zeros(people, dtype=np.int64),
        confidence=np.zeros(people),
        k=0,
        method=METHOD,
        choice="Nobody answered these questions, so there is nobody to place.",
        evidence=Evidence("none", "Nobody answered these questions.", n=0, n_total=0),
        seed=settings.seed,
        questions=tuple(block.name for block in blocks),
        coordinates=np.full((people, 2), np.nan),
    )


def _alternatives(found: Partition, there: NDArray[np.bool_]) -> tuple[Alternative, ...]:
    """One segment fewer and one more."""
    stability = {entry.k: entry.stability for entry in found.evidence.by_k}
    return tuple(
        Alternative(
            METHOD,
            k,
            _spread(found.alternatives[k], there),
            stability.get(k, 0.0),
            found.verdicts.get(k, "constructive"),
            rand_index(found.alternatives[k], found.labels, np.ones(len(found.labels))),
        )
        for k in (found.k - 1, found.k + 1)
        if k in found.alternatives
    )


def _spread(labels: Ints, there: NDArray[np.bool_]) -> Ints:
    everybody = np.zeros(len(there), dtype=np.int64)
    everybody[there] = labels
    return everybody


def _choice(found: Partition) -> str:
    stability = {entry.k: entry.stability for entry in found.evidence.by_k}
    if found.k == 1 or found.k not in stability:
        return found.evidence.sentence
    neighbours = " and ".join(
        f"{number_word(k)} ({stability[k]:.2f})" for k in (found.k - 1, found.k + 1) if k in stability
    )
    beside = f"; beside it stand {neighbours}" if neighbours else ""
    return (
        f"People were compared on all questions at once, each with equal weight. {number_word(found.k).capitalize()} "
        f"segments came out clearest and were found again when the answers were drawn anew "
        f"(agreement {stability[found.k]:.2f}, 1 is the same){beside}."
    )


def _picture(z: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Two coordinates of everybody who has a segment, NaN for others: the two main directions of their answers."""
    flat = np.full((len(there), 2), np.nan)
    centred = z - z.mean(axis=0)
    directions = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2]
    flat[there] = 0.0
    flat[there, : directions.shape[1]] = centred @ directions
    return flat
