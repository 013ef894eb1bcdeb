"""Habits of marking high or low: which questions share a scale, and what is left of their marks without the habit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from models.closed.one_basis import OneBasis, SolveSettings
from models.closed.prepare import distinct, those
from models.encoders.remarks import sentences
from models.features import Answers, Block, encode, unit_inertia
from models.results import Ints
from models.words import TOO_FEW

FEWEST, LEVELS = 5, 4
"""So many ratings on one scale of so many levels are read as a battery; an own mean over fewer is no habit."""

LARGELY = 0.5
"""Share of the differences between people's own means from which segments are largely about them."""

HIDING = 0.15
"""Share of all differences between marks from which people's own means may hide groups in the rest; twice what they
would be by chance is asked for as well."""


@dataclass(frozen=True)
class Habits:
    """Questions whose marks can be compared with each other. scales: ratings asked one by one, each on one scale."""

    batteries: tuple[Answers, ...]
    scales: tuple[tuple[Answers, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.batteries or self.scales)

    @property
    def names(self) -> frozenset[str]:
        """Of all these questions."""
        return frozenset(one.name for one in chain(self.batteries, *self.scales))

    def turned(self, marks: Sequence[Block], blocks: Sequence[Block], there: NDArray[np.bool_]) -> list[Block]:
        """Return the blocks with own means taken out of all marks, or left in all where any battery has them taken out.

        marks: those of `names` as encoded, of the people who are there; blocks: all, scaled. there: bool, of everybody.
        """
        by_name = {block.name: block for block in marks}
        others = [one for one in self.batteries if one.ipsatise == self.taken_out]
        turned = {one.name: those(encode(replace(one, ipsatise=not one.ipsatise)), there) for one in others}
        for scale in () if self.taken_out else self.scales:
            turned |= {block.name: block for block in _centred([by_name[one.name] for one in scale])}
        return [unit_inertia(turned[block.name]) if block.name in turned else block for block in blocks]

    @property
    def taken_out(self) -> bool:
        """Whether segments are found with own means taken out of a battery."""
        return any(one.ipsatise for one in self.batteries)

    @property
    def _otherwise(self) -> str:
        """How to look again: only a battery can be compared with its own mean, so ratings must become one first."""
        first = "" if self.batteries else "as one battery "
        return f"{first}with each person's own mean taken out (centred)"

    def told(self, agreed: float) -> str:
        """Return what to say of segments that agree so far with those found in `turned`."""
        return (
            f"With each person's habit of marking high or low {'left in' if self.taken_out else 'taken out'}, segments "
            f"would agree {max(agreed, 0.0):.2f} with these."
        )

    def showing(self, marks: Sequence[Block], labels: Ints, agreed: float) -> list[str]:
        """Return a warning where segments (labels from 1) are largely about who marks high."""
        share = 0.0 if self.taken_out else _explained(marks, labels)
        if share < LARGELY or agreed >= LARGELY:
            return []
        return [
            f"These segments explain {share:.0%} of who marks high and who marks low on the whole. That may be a habit "
            f"and not what people think: segment them again {self._otherwise}."
        ]

    def hiding(self, marks: Sequence[Block]) -> list[str]:
        """Return a warning where no groups were found and own means, which were left in, make up much of the marks."""
        if self.taken_out or len(marks[0].matrix) < TOO_FEW:
            return []
        items = max(sum(block.matrix.shape[1] for block in marks), 1)
        total = sum(float((block.matrix**2).sum()) for block in marks)
        own = items * float((_own_means(marks) ** 2).sum()) / total if total > 0 else 0.0
        if own < max(HIDING, 2 / items):
            return []
        return [
            f"{own:.0%} of the differences between marks are about who marks high and who marks low on the whole: "
            f"{self._otherwise}, groups may show that do not show so."
        ]

    def flat(self) -> list[str]:
        """Return a sentence for every set of ratings that some people gave one and the same mark."""
        notes = []
        for scale in self.scales:
            rows = zip(*(one.values for one in scale), strict=True)
            given = ([mark for mark in marks if mark is not None] for marks in rows)
            people = sum(len(marks) >= FEWEST and len(set(marks)) == 1 for marks in given)
            if people:
                who = "1 person" if people == 1 else f"{people:,} people"
                notes.append(f"{who} gave each of {len(scale)} questions on one scale the same mark.")
        return notes


def habits_of(questions: Sequence[Answers]) -> Habits:
    """Return the batteries among the questions, and the ratings that share a scale."""
    alike: dict[tuple[object, ...], list[Answers]] = {}
    for one in questions:
        if one.kind == "ordinal" and len(one.options) >= LEVELS:
            alike.setdefault(one.options, []).append(one)
    return Habits(
        tuple(one for one in questions if one.kind == "battery"),
        tuple(tuple(some) for some in alike.values() if len(some) >= FEWEST),
    )


def habits_in_one(answers: Answers, labels: Ints, seed: int) -> tuple[list[str], list[str]]:
    """Return notes and warnings on the marks of one battery, and on segments (labels from 1) made of it."""
    block, habits = encode(answers), habits_of([answers])
    notes = list(sentences(block.remarks))
    if int(labels.max()) < 2:
        return notes, habits.hiding([block])
    everybody = np.ones(len(labels), dtype=bool)
    turned = habits.turned([block], [block], everybody)
    basis = OneBasis([block], None, SolveSettings(seed=seed), distinct([block], None, turned))
    agreed = basis.compared(turned, labels)
    return [*notes, habits.told(agreed)], habits.showing([block], labels, agreed)


def _explained(marks: Sequence[Block], labels: Ints) -> float:
    """The share of the variance of people's own means that lies between the segments (eta squared)."""
    own = _own_means([unit_inertia(block) for block in marks])
    centred = own - own.mean()
    sizes = np.bincount(labels)
    means = np.bincount(labels, weights=centred) / np.maximum(sizes, 1)
    total = float(centred @ centred)
    return float(sizes @ means**2) / total if total > 0 else 0.0


def _centred(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of ratings less each person's own mean over them."""
    own = _own_means(blocks)
    centred = []
    for block in blocks:
        left = np.where(block.answered, block.matrix[:, 0] - own, 0.0)
        mean = np.sort(left).sum() / max(int(block.answered.sum()), 1)  # the same in every order of people
        centred.append(replace(block, matrix=np.where(block.answered, left - mean, 0.0)[:, None]))
    return centred


def _own_means(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Each person's mean over all marks (n,); questions without an answer are left out, items without one are 0."""
    total = np.sum([block.matrix.sum(axis=1) for block in blocks], axis=0)
    known = np.sum([block.answered * block.matrix.shape[1] for block in blocks], axis=0)
    return np.asarray(total / np.maximum(known, 1))
