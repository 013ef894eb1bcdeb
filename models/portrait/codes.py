"""What open answers speak of, segment by segment: codes as columns to compare, and as shares with a quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.codes.frames import Frame
from models.coding import GIVEN, Coding
from models.leaning import FRAMES_OF
from models.population import Question
from models.portrait.columns import Column
from models.results import Ints, Quote
from models.solution import CodeShare
from models.texts.cleaning import as_text, excerpt, has_private_parts, is_blank

MOST_CODES = 12
LONGEST = 240
SPEAKS = 0.02
"""A code that fewer of a segment's answers speak of is left out."""


@dataclass(frozen=True)
class Coded:
    """The answers to one open question under one frame: a column for each code that is no parent and no rest."""

    question: Question
    frame: Frame
    coding: Coding
    codes: tuple[int, ...]
    columns: tuple[Column, ...]

    @property
    def of_benefits(self) -> bool:
        """Whether the frame speaks of what people want, rather than of what they value."""
        return self.frame.id in FRAMES_OF["benefit"]

    def forms(self, basis: str) -> bool:
        """Whether the frame speaks of what a basis is about."""
        return any(self.frame.id in ids for known, ids in FRAMES_OF.items() if known == basis)


def coded(
    questions: Sequence[Question],
    codings: Mapping[str, Mapping[str, Coding]],
    frames: Mapping[str, Frame],
    language: str,
) -> tuple[Coded, ...]:
    """Return the open questions under every frame that they were coded with and that is given."""
    return tuple(
        _coded(question, frames[id], coding, language)
        for question in questions
        for id, coding in codings.get(question.name, {}).items()
        if id in frames
    )


def _coded(question: Question, frame: Frame, coding: Coding, language: str) -> Coded:
    said = np.array([not is_blank(as_text(value)) for value in question.answers.values], dtype=bool)
    leaves = tuple(at for at, id in enumerate(coding.codes) if id not in frame.parents and not frame.code(id).rest)
    columns = []
    for at in leaves:
        x = np.where(said, (coding.probabilities[:, at] >= GIVEN).astype(np.float64), np.nan)
        label = frame.code(coding.codes[at]).label(language)
        columns.append(Column(question.name, question.title, label, "share", x, x, True, label, common=True))
    return Coded(question, frame, coding, leaves, tuple(columns))


def code_shares(found: Sequence[Coded], labels: Ints, segment: int) -> tuple[CodeShare, ...]:
    """Return what the answers of a segment speak of, what sets it apart most first, each with a quote."""
    shares: list[tuple[float, CodeShare]] = []
    for one in found:
        for at, column in zip(one.codes, one.columns, strict=True):
            known = (labels > 0) & ~np.isnan(column.x)
            inside = known & (labels == segment)
            if not inside.any():
                continue
            share, total = float(column.x[inside].mean()), float(column.x[known].mean())
            if share >= SPEAKS:
                code = CodeShare(one.coding.codes[at], column.answer, share, total, _quote(one, at, inside))
                shares.append((share - total, code))
    shares.sort(key=lambda entry: (-round(entry[0], 9), -entry[1].share, entry[1].code))
    return tuple(code for _, code in shares[:MOST_CODES])


def _quote(one: Coded, at: int, inside: NDArray[np.bool_]) -> Quote | None:
    """The surest answer of the segment with the code that is easily read and holds nothing private."""
    rows = np.flatnonzero(inside & (one.coding.probabilities[:, at] >= GIVEN)).tolist()
    texts = {row: as_text(one.question.answers.values[row]).strip() for row in rows}
    open_ones = [row for row, text in texts.items() if not has_private_parts(text)]
    if not open_ones:
        return None
    best = min(
        open_ones,
        key=lambda row: (
            len(texts[row]) > LONGEST,
            -round(float(one.coding.probabilities[row, at]), 6),
            texts[row],
            row,
        ),
    )
    probability = float(one.coding.probabilities[best, at])
    return Quote(best, excerpt(texts[best], LONGEST), probability, one.coding.languages[best])
