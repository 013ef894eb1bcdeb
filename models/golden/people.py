"""Who a typing tool is made from, and which questions it may ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.features import Answers
from models.golden.coders import OPEN, Golden, golden
from models.golden.design import canonical_order
from models.results import Ints

FEWEST = 5
"""People that every segment needs at least, so that each can be learnt from and checked."""

MOST_PEOPLE = 5_000
"""People on whom questions are chosen and accuracy is measured, drawn when there are more."""


@dataclass(frozen=True)
class Made:
    """Who the tool is made from, in canonical order: questions with their part, rows of the input, labels from 0."""

    asked: tuple[tuple[Answers, str], ...]
    rows: Ints
    labels: Ints
    titles: Mapping[str, str]

    def values(self, question: int, rows: Ints | None = None) -> list[Any]:
        """Return the answers of the people, or of those in some rows of the input."""
        given = self.asked[question][0].values
        return [given[row] for row in (self.rows if rows is None else rows)]


def gather(
    questions: Sequence[Answers], labels: Ints, apart: bool, titles: Mapping[str, str]
) -> tuple[Made, Ints, tuple[str, ...]]:
    """Return who and what a tool is made from, the segments' numbers, and what was left out.

    apart: items of a battery count as questions of their own. Raises ValueError when there is nothing to learn from.
    """
    asked, notes = _closed(questions, apart)
    kept, more = _people(asked, labels)
    segments, back = np.unique(labels[kept], return_inverse=True)
    _refuse_few(segments, back)
    return Made(asked, kept, back.reshape(-1).astype(np.int64), titles), segments, (*notes, *more)


def sample(people: Made, seed: int) -> tuple[Ints, tuple[str, ...]]:
    """Places of the people on whom questions are chosen: everybody, or an even sample of each segment."""
    n = len(people.labels)
    if n <= MOST_PEOPLE:
        return np.arange(n), ()
    rng = np.random.default_rng([seed, 0])
    drawn = []
    for segment in range(int(people.labels.max()) + 1):
        rows = np.flatnonzero(people.labels == segment)
        wanted = max(min(len(rows), FEWEST), round(MOST_PEOPLE * len(rows) / n))
        drawn.append(rng.permutation(rows)[:wanted])
    note = f"Questions were chosen, and accuracy measured, on a random sample of {MOST_PEOPLE:,} of {n:,} people."
    return np.sort(np.concatenate(drawn)), (note,)


def coders_of(people: Made) -> tuple[list[Golden], list[int], tuple[str, ...]]:
    """One coder for each question in which people differ, the places of these questions, and what was left out."""
    coders, kept, dull = [], [], []
    for place, (question, part) in enumerate(people.asked):
        title = people.titles.get(question.name, question.name)
        one = golden(replace(question, values=people.values(place)), title, part)
        if one.scale.any():
            coders.append(one)
            kept.append(place)
        else:
            dull.append(f"Everybody answered '{one.key}' alike; it was left out.")
    if not coders:
        raise ValueError("everybody gave the same answers; no question can tell the segments apart")
    return coders, kept, tuple(dull)


def _closed(questions: Sequence[Answers], apart: bool) -> tuple[tuple[tuple[Answers, str], ...], tuple[str, ...]]:
    """The questions that a tool can ask, batteries item by item when wished, and what was left out."""
    asked: list[tuple[Answers, str]] = []
    notes = []
    for question in questions:
        if question.kind in OPEN:
            notes.append(f"'{question.name}' is answered in people's own words and was left out.")
        elif apart and question.kind == "battery" and not question.ipsatise:
            asked += [(question, item) for item in question.items or _items(question)]
        else:
            asked.append((question, ""))
            if apart and question.kind == "battery":
                notes.append(f"'{question.name}' compares items with each other and is asked as a whole.")
    if not asked:
        raise ValueError("a typing tool needs at least one closed question: choices, scales, numbers, rankings")
    return tuple(asked), tuple(notes)


def _items(question: Answers) -> list[str]:
    return sorted({item for marks in question.values if marks for item in marks}, key=str)


def _people(asked: Sequence[tuple[Answers, str]], labels: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Rows with a segment and an answer, in an order that depends on the content only."""
    questions = list({question.name: question for question, _ in asked}.values())
    wrong = next((question for question in questions if len(question.values) != len(labels)), None)
    if wrong is not None:
        raise ValueError(f"'{wrong.name}' holds {len(wrong.values)} answers for {len(labels)} people")
    placed = labels > 0
    spoke = np.array([any(question.values[row] is not None for question in questions) for row in range(len(labels))])
    order = canonical_order(questions, labels)
    notes = []
    if (~placed).any():
        nowhere = int((~placed).sum())
        who = "1 person has no segment and was" if nowhere == 1 else f"{nowhere} people have no segment and were"
        notes.append(f"{who} left out.")
    if (placed & ~spoke).any():
        silent = int((placed & ~spoke).sum())
        were = "1 person answered none of the questions and was"
        notes.append(f"{were if silent == 1 else f'{silent} people answered none of the questions and were'} left out.")
    return order[(placed & spoke)[order]], tuple(notes)


def _refuse_few(segments: Ints, back: Ints) -> None:
    if len(segments) < 2:
        found = "there is only one segment" if len(segments) else "nobody has a segment and an answer"
        raise ValueError(f"a typing tool tells segments apart, but {found}; make a solution with two or more")
    sizes = np.bincount(back)
    if sizes.min() < FEWEST:
        small = int(segments[sizes.argmin()])
        raise ValueError(
            f"segment {small} has {int(sizes.min())} people with answers, and a typing tool needs at least {FEWEST} in "
            "each; merge it with another segment, or collect more answers"
        )
