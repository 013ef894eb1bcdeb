"""People at one time, as tracking compares them. Light on purpose: web processes import it, so it needs numpy only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.features import Answers
from models.results import Ints
from models.texts.cleaning import to_embed

Vectors = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Wave:
    """People at one time. questions: what the segments are made from, the same ones in both waves.

    labels: int (n,), 1.. and 0 without a segment; None for new people who have not been segmented. people: ids, to find
    those who are in both waves; () when they are not known. stability: agreement of resamples (adjusted Rand index).
    """

    questions: tuple[Answers, ...]
    labels: Ints | None
    people: tuple[str, ...] = ()
    stability: float | None = None

    def __len__(self) -> int:
        return len(self.questions[0].values) if self.questions else 0


def open_texts(waves: Sequence[Wave]) -> list[str]:
    """Return all different open answers, as they are embedded."""
    asked = [question for wave in waves for question in wave.questions if question.kind == "text"]
    return sorted({to_embed(str(value)) for question in asked for value in question.values if value})


def with_vectors(answers: Answers, vectors: Vectors) -> Answers | None:
    """Return the answers with their vectors where they are open; None when the vector of one is not known, or of all.

    vectors: by text as it is embedded.
    """
    if answers.kind != "text":
        return answers
    said = [vectors.get(to_embed(str(value))) if value else None for value in answers.values]
    known = [vector for vector in said if vector is not None]
    if not known or len(known) < sum(bool(value) for value in answers.values):
        return None
    nothing = np.zeros_like(known[0])
    return replace(answers, vectors=np.array([nothing if vector is None else vector for vector in said]))


def comparable(before: Wave, after: Wave, vectors: Vectors) -> tuple[Wave, Wave]:
    """Return both waves with the questions that were asked in both and that can be compared, none when there is none.

    Open ones are left out where vectors are not known.
    """
    first, second = (
        {question.name: read for question in wave.questions if (read := with_vectors(question, vectors)) is not None}
        for wave in (before, after)
    )
    names = [name for name, one in first.items() if name in second and second[name].kind == one.kind]
    return (
        replace(before, questions=tuple(first[name] for name in names)),
        replace(after, questions=tuple(second[name] for name in names)),
    )
