"""What each segment of a solution is like: names, what sets it apart, words, quotes, warnings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.codes.frames import Frame
from models.coding import Coding
from models.population import Population, Question
from models.portrait.cautions import poorly_placed, shaky, too_broad, too_small
from models.portrait.codes import Coded, code_shares, coded
from models.portrait.columns import columns_of
from models.portrait.compare import Compared, compare, corrected
from models.portrait.names import names
from models.progress import Progress, silent
from models.shares import wilson
from models.solution import Marker, Portrait, Solution

MOST_MARKERS = 20
NOTHING_CODED: Mapping[str, Mapping[str, Coding]] = MappingProxyType({})
NO_FRAMES: Mapping[str, Frame] = MappingProxyType({})


@dataclass(frozen=True)
class _Compared:
    """All comparisons of a solution, corrected, by what they tell about people; forming: those that may name it."""

    wants: tuple[Compared, ...]
    values: tuple[Compared, ...]
    who: tuple[Compared, ...]
    forming: tuple[Compared, ...]


def portray(
    population: Population,
    solution: Solution,
    *,
    codings: Mapping[str, Mapping[str, Coding]] = NOTHING_CODED,
    frames: Mapping[str, Frame] = NO_FRAMES,
    language: str = "en",
    progress: Progress = silent,
) -> tuple[Portrait, ...]:
    """Return one portrait for each segment of a solution, segment 1 first.

    codings: of the open questions, by name and id of the frame. frames: by id. language: that names are made in.
    Raises ValueError when the population holds another number of people than the solution.
    """
    if len(solution.labels) != population.people:
        raise ValueError(f"the solution places {len(solution.labels)} people, the population holds {population.people}")
    placed = solution.labels > 0
    weights = (solution.labels[:, None] == np.arange(1, solution.k + 1)).astype(np.float64)
    open_questions = [question for question in population.questions if question.open]
    heard = coded(open_questions, codings, frames, language)
    progress(0.1, "Comparing the segments")
    compared = _compare_all(population, solution, heard, weights, placed)
    progress(0.7, "Naming the segments")
    named = names(compared.forming, solution.k, language=language, leading=solution.basis == "benefit")
    portraits = tuple(
        _portrait(solution, segment, named[segment - 1], compared, heard) for segment in range(1, solution.k + 1)
    )
    progress(1.0, "Done")
    return portraits


def _compare_all(
    population: Population,
    solution: Solution,
    heard: Sequence[Coded],
    weights: NDArray[np.float64],
    placed: NDArray[np.bool_],
) -> _Compared:
    """Compare on every answer; p-values are corrected apart for answers that formed the segments and for all others."""
    formed: list[tuple[str, Compared]] = []
    others: list[tuple[str, Compared]] = []
    for question in population.questions:
        into = formed if question.name in solution.questions else others
        for column in columns_of(question.answers, question.title):
            into += [(_kind(question, solution.basis), one) for one in compare(column, weights, placed)]
    for one in heard:
        into = formed if one.question.name in solution.questions and one.forms(solution.basis) else others
        kind = "wants" if one.of_benefits else "values"
        for column in one.columns:
            into += [(kind, found) for found in compare(column, weights, placed)]
    kinds = [kind for kind, _ in (*formed, *others)]
    both = (*corrected([one for _, one in formed]), *corrected([one for _, one in others]))
    sorted_in = list(zip(kinds, both, strict=True))

    def of(wanted: str) -> tuple[Compared, ...]:
        return tuple(one for kind, one in sorted_in if kind == wanted)

    return _Compared(of("wants"), of("values"), of("who"), both[: len(formed)])


def _kind(question: Question, basis: str) -> str:
    """What a question tells: what people want, what they value, or who they are."""
    if "benefit" in question.bases and (basis == "benefit" or "psychographic" not in question.bases):
        return "wants"
    return "values" if "psychographic" in question.bases else "who"


def _portrait(solution: Solution, segment: int, name: str, compared: _Compared, heard: Sequence[Coded]) -> Portrait:
    inside = solution.labels == segment
    size, people = int(inside.sum()), int((solution.labels > 0).sum())
    low, high = wilson(size, people)
    stability = solution.evidence.segment_stability
    found = stability[segment - 1] if segment <= len(stability) else None
    confidence = solution.confidence[inside]
    return Portrait(
        segment=segment,
        name=name,
        size=size,
        share=size / people if people else 0.0,
        share_low=low,
        share_high=high,
        confidence=float(confidence.mean()) if size else 0.0,
        stability=found,
        wants=_markers(compared.wants, segment),
        values=_markers(compared.values, segment),
        who=_markers(compared.who, segment),
        codes=code_shares(heard, solution.labels, segment),
        warnings=(
            *too_small(size),
            *shaky(found),
            *too_broad(solution.labels, segment, solution.k, solution.alternatives),
            *poorly_placed(confidence),
        ),
    )


def _markers(compared: Sequence[Compared], segment: int) -> tuple[Marker, ...]:
    """Return the answers in which a segment differs most from the others, by effect."""
    own: Iterator[Marker] = (one.marker for one in compared if one.segment == segment)
    return tuple(sorted(own, key=lambda marker: (-round(abs(marker.effect), 9), marker.question, marker.answer)))[
        :MOST_MARKERS
    ]
