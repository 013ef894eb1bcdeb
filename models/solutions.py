"""Segments on one basis: from the answers to its questions to a Solution with its evidence and its alternatives.

Whether there are groups, and how many, is decided by k-means against data without groups (models/closed/partition.py),
in a view in which idle questions count little (models/closed/view.py). Who belongs to which comes from the method that
suits the questions (models/closed/methods.py); its own resamples say how far it is found again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.closed.class_evidence import class_evidence
from models.closed.habits import habits_of
from models.closed.nulls import layout
from models.closed.one_basis import OneBasis, SolveSettings
from models.closed.one_taste import with_one_taste
from models.closed.partition import partition
from models.closed.prepare import distinct, narrowed, people_in, those
from models.closed.view import view_of
from models.encoders.remarks import sentences
from models.features import Answers, Block, encode, joined, unit_inertia
from models.progress import Progress, silent
from models.results import Evidence, Ints
from models.solution import Solution

__all__ = ["DEFAULTS", "SolveSettings", "solve"]

DEFAULTS = SolveSettings()


def solve(
    questions: Sequence[Answers],
    settings: SolveSettings = DEFAULTS,
    extra: Sequence[Block] = (),
    weights: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> Solution:
    """Segments of everybody from the questions of one basis, without a basis and without portraits.

    extra: blocks that are no question (scores on codes, what a code frame does not explain), with a row per person.
    weights: variance per question by its name, default 1. Who answered none of it gets label 0.
    Raises ValueError when there is no question and no block, when they differ in length, or hold nobody.
    """
    blocks = [*(with_one_taste(encode(answers), answers) for answers in questions), *extra]
    people = people_in(blocks)
    there = np.any([block.answered for block in blocks], axis=0)
    notes = [*sentences([remark for block in blocks for remark in block.remarks])]
    if not there.any():
        return _nobody(blocks, people, settings)
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        mine = [unit_inertia(block) for block in narrowed([those(block, there) for block in blocks])]
        habits = habits_of(questions)
        marks = [those(block, there) for block in blocks if block.name in habits.names]
        turned = habits.turned(marks, mine, there)
        beside = [block for block in turned if block.kind == "battery"]  # what ratings are without it follows from them
        basis = OneBasis(mine, weights, settings, distinct(mine, weights, beside))

        def early(fraction: float, message: str) -> None:
            progress(0.7 * fraction, message)

        x = joined(mine, weights)
        found = partition(x, layout(mine, weights), settings, early, view_of(mine, weights))
        progress(0.75, "Comparing ways to group people")
        solution = basis.solution(found, tuple(block.name for block in blocks))
        cautions = []
        if habits and solution.k > 1:
            agreed = basis.compared(turned, solution.labels)
            notes.append(habits.told(agreed))
            cautions = habits.showing(marks, solution.labels, agreed)
        elif habits:
            cautions = habits.hiding(marks)
        notes += habits.flat()
    if not there.all():
        silent_people = int((~there).sum())
        who = "1 person" if silent_people == 1 else f"{silent_people:,} people"
        they = "has" if silent_people == 1 else "have"
        notes.append(f"{who} said nothing that these segments are made of, and {they} no segment.")
    whole = _for_everybody(
        replace(solution, notes=(*notes, *solution.notes), warnings=(*solution.warnings, *cautions)), there
    )
    progress(0.95, "Comparing with latent classes")
    return replace(whole, classes=None if extra else class_evidence(questions, whole.labels, settings.seed))


def _nobody(blocks: Sequence[Block], people: int, settings: SolveSettings) -> Solution:
    return Solution(
        basis="",
        labels=np.zeros(people, dtype=np.int64),
        confidence=np.zeros(people),
        k=0,
        method="",
        choice="Nobody answered these questions, so there is nobody to place.",
        evidence=Evidence("none", "Nobody answered these questions.", n=0, n_total=0),
        seed=settings.seed,
        questions=tuple(block.name for block in blocks),
        coordinates=np.full((people, 2), np.nan),
    )


def _for_everybody(solution: Solution, there: NDArray[np.bool_]) -> Solution:
    """The solution with those who answered nothing in their places."""

    def spread(labels: Ints) -> Ints:
        full = np.zeros(len(there), dtype=np.int64)
        full[there] = labels
        return full

    sure, flat = np.zeros(len(there)), np.full((len(there), 2), np.nan)
    sure[there], flat[there] = solution.confidence, solution.coordinates
    others = tuple(replace(one, labels=spread(one.labels)) for one in solution.alternatives)
    return replace(solution, labels=spread(solution.labels), confidence=sure, coordinates=flat, alternatives=others)
