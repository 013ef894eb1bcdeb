"""Two runs of a study compared: which segment is which, and whether it is time to segment again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from data.studies import StudyFile
from models.features import Answers
from models.results import Ints
from models.solution import Solution
from models.tracking.waves import Vectors, Wave, comparable
from survey.analysis.population import StudyPopulation, collect_population
from survey.analysis.stored_bases import BasesRun, unpack_bases
from survey.errors import AppError

if TYPE_CHECKING:
    from models.drift import Drift

NOTHING_KNOWN: Vectors = {}


@dataclass(frozen=True)
class Pair:
    """Two waves on one basis, and the solutions they come from; now is None for people who are in no segment yet.

    Questions are called by their titles. Open answers have no vectors yet.
    """

    before: Wave
    after: Wave
    then: Solution
    now: Solution | None = None


@dataclass(frozen=True)
class Tracked:
    """Two runs on one basis. labels: int (m,), of the later run's responses, numbered as the earlier run numbered them.

    names: of these numbers; segments that were there keep the name they had. responses: of the later run.
    """

    basis: str
    drift: "Drift"
    responses: tuple[str, ...]
    labels: Ints
    names: Mapping[int, str]


def pair_of_runs(file: StudyFile, earlier: str, later: str, basis: str) -> Pair:
    """Return two finished runs of a study as waves.

    Raises NotFound for an unknown run, AppError when a run has no such basis or they share no question.
    """
    runs = [unpack_bases(*file.runs.load(run)) for run in (earlier, later)]
    solutions = [_on(run, basis) for run in runs]
    names = [question for question in solutions[0].questions if question in solutions[1].questions]
    waves = [
        _wave(run, solution, run.as_seen(collect_population(file, run.until)), names)
        for run, solution in zip(runs, solutions, strict=True)
    ]
    before, after = _asked_in_both(*waves)
    if not before.questions:
        raise AppError(
            f"The {basis} segments of these runs have no question in common that can be compared.",
            "Compare runs that were made from the same questions.",
        )
    return Pair(before, after, *solutions)


def pair_since(file: StudyFile, run_id: str, basis: str) -> Pair | None:
    """Return the people of a finished run, and those who answered since as a second wave; None when nobody has.

    Raises NotFound, and AppError when the run has no such basis or nothing that formed it is asked any more.
    """
    run = unpack_bases(*file.runs.load(run_id))
    solution = _on(run, basis)
    then, now = (run.as_seen(collect_population(file, until)) for until in (run.until, None))
    known = set(run.responses)
    fresh = [row for row, response in enumerate(now.responses) if response not in known]
    if not fresh:
        return None
    before, after = _asked_in_both(
        _wave(run, solution, then, solution.questions),
        Wave(_questions(now, fresh, solution.questions), None, tuple(now.responses[row] for row in fresh)),
    )
    if not before.questions:
        raise AppError(f"Nothing that formed the {basis} segments has been asked of those who answered since.")
    return Pair(before, after, solution)


def compare_runs(file: StudyFile, earlier: str, later: str, basis: str, vectors: Vectors = NOTHING_KNOWN) -> Tracked:
    """Compare two finished runs of a study on one basis, in this process.

    vectors: of open answers by their text, from one model; without them only closed questions are compared. Raises as
    `pair_of_runs`, and AppError when only open questions could be compared.
    """
    from models.tracking.identity import kept_names, renumbered

    pair = pair_of_runs(file, earlier, later, basis)
    drift = _compared(pair, basis, vectors)
    assert pair.now is not None
    assert pair.after.labels is not None
    return Tracked(
        basis,
        drift,
        pair.after.people,
        renumbered(pair.after.labels, drift.numbers),
        kept_names(drift.matches, called(pair.then), called(pair.now)),
    )


def look_again(file: StudyFile, run_id: str, basis: str, vectors: Vectors = NOTHING_KNOWN) -> "Drift | None":
    """Compare the people of a finished run with those who answered since, in this process; None when nobody has.

    Raises as `pair_since`, and AppError when only open questions could be compared.
    """
    pair = pair_since(file, run_id, basis)
    return None if pair is None else _compared(pair, basis, vectors)


def called(solution: Solution) -> dict[int, str]:
    """Return the names of the segments by their numbers."""
    return {one.segment: one.name for one in solution.portraits}


def _compared(pair: Pair, basis: str, vectors: Vectors) -> "Drift":
    from models.drift import compare

    waves = comparable(pair.before, pair.after, vectors)
    if not waves[0].questions:
        raise AppError(f"Nothing that formed the {basis} segments can be compared without the text model.")
    return compare(*waves)


def _on(run: BasesRun, basis: str) -> Solution:
    try:
        return run.solutions.on(basis)
    except KeyError as error:
        raise AppError(f"This run has no segments on the basis '{basis}'.") from error


def _wave(run: BasesRun, solution: Solution, people: StudyPopulation, names: Sequence[str]) -> Wave:
    """The people of a run with what they answered to the named questions."""
    segment = dict(zip(run.responses, solution.labels.tolist(), strict=True))
    rows = [row for row, response in enumerate(people.responses) if response in segment]
    responses = tuple(people.responses[row] for row in rows)
    labels = np.array([segment[response] for response in responses], dtype=np.int64)
    return Wave(_questions(people, rows, names), labels, responses, solution.stability)


def _questions(people: StudyPopulation, rows: Sequence[int], names: Sequence[str]) -> tuple[Answers, ...]:
    """What some people answered to the named questions, where anybody did."""
    asked = [question for question in people.population.questions if question.name in names]
    titles = [question.title for question in asked]
    return tuple(
        replace(
            question.answers,
            name=question.title if titles.count(question.title) == 1 else question.name,
            values=tuple(question.answers.values[row] for row in rows),
        )
        for question in sorted(asked, key=lambda one: names.index(one.name))
    )


def _asked_in_both(before: Wave, after: Wave) -> tuple[Wave, Wave]:
    names = [{question.name for question in wave.questions} for wave in (before, after)]
    shared = names[0] & names[1]
    first, second = (
        replace(wave, questions=tuple(one for one in wave.questions if one.name in shared)) for wave in (before, after)
    )
    return first, second
