"""What each segment of a solution is like: what sets it apart, its own words, a name, a message, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.codes.frames import Frame
from models.coding import Coding
from models.groups.canonical import canonical_rows
from models.groups.reduce import principal_space
from models.population import Population, Question
from models.portrait.belonging import of_classes, posterior
from models.portrait.cautions import overlapping, shaky, too_broad, too_small
from models.portrait.codes import Coded, code_shares, coded
from models.portrait.columns import Column, columns_of, unmistakable
from models.portrait.compare import Compared, compare, corrected, strongest
from models.portrait.messages import message
from models.portrait.names import Apart, label, names
from models.portrait.nearness import block, distances, second_nearest, typical
from models.portrait.phrases import PHRASES
from models.portrait.spoken import Said, Voices, said_by_segment, voices
from models.portrait.three_step import bch_weights
from models.progress import Progress, silent
from models.shares import wilson
from models.solution import Portrait, Solution
from models.texts.meaning import without_language
from models.texts.naming import Encode

MEANING = 50
"""Principal components of what open answers mean, in which people are near to each other or not."""

NOTHING_CODED: Mapping[str, Mapping[str, Coding]] = MappingProxyType({})
NO_FRAMES: Mapping[str, Frame] = MappingProxyType({})
NO_NAMES: Mapping[int, str] = MappingProxyType({})

Matrix = NDArray[np.float64]


def portray(
    population: Population,
    solution: Solution,
    *,
    codings: Mapping[str, Mapping[str, Coding]] = NOTHING_CODED,
    frames: Mapping[str, Frame] = NO_FRAMES,
    language: str | None = None,
    called: Mapping[int, str] = NO_NAMES,
    encode: Encode | None = None,
    progress: Progress = silent,
) -> tuple[Portrait, ...]:
    """Return one portrait for each segment of a solution, segment 1 first.

    codings: of the open questions, by name and id of the frame. frames: by id. language: that names are made in; None
    for the one that most open answers are in. called: names that segments have already, by number. encode: turns terms
    into vectors like those of the open answers, so that names made of terms mean what a segment is about. Raises
    ValueError when the population holds another number of people than the solution.
    """
    if len(solution.labels) != population.people:
        raise ValueError(f"the solution places {len(solution.labels)} people, the population holds {population.people}")
    open_questions = [question for question in population.questions if question.open]
    heard = voices(open_questions, codings, ladders=solution.basis == "psychographic")
    spoken_in = language or (heard.language if heard.language in PHRASES else "en")
    progress(0.2, "Comparing the segments")
    asked = _asked(population, solution, coded(open_questions, codings, frames, spoken_in))
    compared = _compared(asked, population, solution)
    progress(0.6, "Choosing names and quotes")
    said = said_by_segment(heard, solution.labels, solution.confidence, solution.k, encode)
    formed = [one for one in compared if one.marker.formed]
    made = names(formed, [one.name for one in said], language=spoken_in, leading=solution.basis == "benefit")
    telling = [replace(apart, name=called.get(segment, apart.name)) for segment, apart in enumerate(made, start=1)]
    near = distances(_blocks(asked, open_questions, solution, heard), solution.labels, solution.k)
    drawn = _Drawn(solution, compared, asked, near, said, telling)
    portraits = tuple(drawn.portrait(segment) for segment in range(1, solution.k + 1))
    progress(1.0, "Done")
    return portraits


@dataclass(frozen=True)
class _Asked:
    """One question, or one open question under one frame, as columns. kind: field of Portrait. formed: see Marker."""

    name: str
    kind: str
    formed: bool
    columns: tuple[Column, ...]
    coded: Coded | None = None


def _asked(population: Population, solution: Solution, heard: Sequence[Coded]) -> list[_Asked]:
    offered = unmistakable([columns_of(question.answers, question.title) for question in population.questions])
    closed = [
        _Asked(question.name, _kind(question, solution.basis), question.name in solution.questions, columns)
        for question, columns in zip(population.questions, offered, strict=True)
    ]
    opened = [
        _Asked(
            one.question.name,
            "wants" if one.of_benefits else "values",
            one.question.name in solution.questions and one.forms(solution.basis),
            one.columns,
            one,
        )
        for one in heard
    ]
    return [*closed, *opened]


def _kind(question: Question, basis: str) -> str:
    """What a question tells: what people want, what they value, or who they are."""
    if "benefit" in question.bases and (basis == "benefit" or "psychographic" not in question.bases):
        return "wants"
    return "values" if "psychographic" in question.bases else "who"


def _compared(asked: Sequence[_Asked], population: Population, solution: Solution) -> list[Compared]:
    """Compare on every answer; p-values are corrected apart for answers that formed the segments and for all others."""
    placed = solution.labels > 0
    hard = (solution.labels[:, None] == np.arange(1, solution.k + 1)).astype(np.float64)
    freed = _freed(population, solution, placed)
    formed: list[Compared] = []
    others: list[Compared] = []
    for one in asked:
        weights = hard if one.formed or freed is None else freed
        for column in one.columns:
            found = compare(column, weights, placed)
            marked = (replace(c.marker, formed=one.formed, three_step=weights is freed) for c in found)
            told = [replace(c, marker=marker, kind=one.kind) for c, marker in zip(found, marked, strict=True)]
            (formed if one.formed else others).extend(told)
    return [*corrected(formed), *corrected(others)]


def _freed(population: Population, solution: Solution, placed: NDArray[np.bool_]) -> Matrix | None:
    """Three-step weights (n, k) of latent classes of closed answers, where they can be had; None for all else."""
    forming = [question for question in population.questions if question.name in solution.questions]
    if solution.k < 2 or not of_classes(solution) or any(question.open for question in forming):
        return None
    rows = np.flatnonzero(placed).tolist()
    given = [replace(one.answers, values=[one.answers.values[row] for row in rows]) for one in forming]
    weights = bch_weights(posterior(given, solution.labels[placed]), solution.labels[placed])
    if weights is None:
        return None
    everybody = np.zeros((len(placed), solution.k))
    everybody[placed] = weights
    return everybody


def _blocks(
    asked: Sequence[_Asked], open_questions: Sequence[Question], solution: Solution, heard: Voices
) -> list[Matrix]:
    """What the segments were made of, a question each; open answers by their meaning."""
    found = [block(one.columns) for one in asked if one.formed and one.columns]
    if heard.vectors is not None and any(question.name in solution.questions for question in open_questions):
        said = canonical_rows(without_language(heard.vectors, heard.answered.languages))
        meaning = principal_space(said.vectors, said.weights, None, MEANING).project(said.vectors)[said.back]
        vectors = np.full((len(solution.labels), meaning.shape[1]), np.nan)
        vectors[list(heard.answered.rows)] = meaning
        found.append(vectors)
    return found


@dataclass(frozen=True)
class _Drawn:
    """Everything that portraits are drawn from."""

    solution: Solution
    compared: Sequence[Compared]
    asked: Sequence[_Asked]
    near: Matrix
    said: Sequence[Said]
    names: Sequence[Apart]

    def portrait(self, segment: int) -> Portrait:
        solution, said, apart = self.solution, self.said[segment - 1], self.names[segment - 1]
        inside = solution.labels == segment
        size, people = int(inside.sum()), int((solution.labels > 0).sum())
        low, high = wilson(size, people)
        stability = solution.evidence.segment_stability
        found = stability[segment - 1] if segment <= len(stability) else None
        confidence = solution.confidence[inside]
        second = second_nearest(self.near, solution.labels)[inside]
        opened = [one.coded for one in self.asked if one.coded is not None]
        codes = code_shares(opened, solution.labels, segment)
        leading = [label(one.column) for one in apart.highs[:2]]
        telling = [code.quote for code in codes if code.label in leading and code.quote is not None]
        wants = solution.basis == "benefit"
        return Portrait(
            segment=segment,
            name=apart.name,
            size=size,
            share=size / people if people else 0.0,
            share_low=low,
            share_high=high,
            confidence=float(confidence.mean()) if size else 0.0,
            stability=found,
            wants=strongest(self.compared, segment, "wants"),
            values=strongest(self.compared, segment, "values"),
            who=strongest(self.compared, segment, "who"),
            codes=codes,
            terms=said.terms,
            quotes=said.quotes,
            typical=typical(self.near, solution.labels, segment),
            message=message(apart.highs, apart.lows, [*telling, *said.quotes], size, wants=wants)
            if solution.k > 1
            else "",
            warnings=(
                *too_small(size),
                *shaky(found),
                *too_broad(solution.labels, segment, solution.k, solution.alternatives),
                *overlapping(confidence, second, [one.name for one in self.names]),
            ),
        )
