"""Two runs of a study compared: which segment is which, and whether it is time to segment again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.studies import StudyFile
from models.drift import Drift, Wave, compare
from models.features import Answers
from models.results import Floats, Ints
from models.solution import Solution
from models.tracking.identity import kept_names, renumbered
from survey.analysis.population import StudyPopulation, collect_population
from survey.analysis.stored_bases import BasesRun, unpack_bases
from survey.errors import AppError


@dataclass(frozen=True)
class Tracked:
    """Two runs on one basis. labels: int (m,), of the later run's responses, numbered as the earlier run numbered them.

    names: of these numbers; segments that were there keep the name they had. responses: of the later run.
    """

    basis: str
    drift: Drift
    responses: tuple[str, ...]
    labels: Ints
    names: Mapping[int, str]


def compare_runs(
    file: StudyFile, earlier: str, later: str, basis: str, vectors: Mapping[str, Floats] | None = None
) -> Tracked:
    """Compare two finished runs of a study on one basis.

    vectors: of open answers by their text, from one model; without them only closed questions are compared. Raises
    NotFound for an unknown run, AppError when a run has no such basis or nothing can be compared.
    """
    runs = [unpack_bases(*file.runs.load(run)) for run in (earlier, later)]
    solutions = [_on(run, basis) for run in runs]
    people = [collect_population(file, run.until) for run in runs]
    names = [question for question in solutions[0].questions if question in solutions[1].questions]
    waves = [
        _wave(run, solution, who, names, vectors or {})
        for run, solution, who in zip(runs, solutions, people, strict=True)
    ]
    shared = [question.name for question in waves[0].questions if question.name in _names(waves[1])]
    waves = [replace(wave, questions=tuple(one for one in wave.questions if one.name in shared)) for wave in waves]
    if not shared:
        raise AppError(
            f"The {basis} segments of these runs have no question in common that can be compared.",
            "Compare runs that were made from the same questions.",
        )
    drift = compare(waves[0], waves[1])
    assert waves[1].labels is not None
    called = [{one.segment: one.name for one in solution.portraits} for solution in solutions]
    return Tracked(
        basis,
        drift,
        waves[1].people,
        renumbered(waves[1].labels, drift.numbers),
        kept_names(drift.matches, *called),
    )


def look_again(file: StudyFile, run_id: str, basis: str, vectors: Mapping[str, Floats] | None = None) -> Drift | None:
    """Compare the people of a finished run with those who answered since; None when nobody has.

    Raises as `compare_runs`.
    """
    run = unpack_bases(*file.runs.load(run_id))
    solution = _on(run, basis)
    then, now = collect_population(file, run.until), collect_population(file)
    fresh = [row for row, response in enumerate(now.responses) if response not in set(run.responses)]
    if not fresh:
        return None
    before = _wave(run, solution, then, solution.questions, vectors or {})
    since = _questions(now, fresh, solution.questions, vectors or {})
    shared = [question.name for question in since if question.name in _names(before)]
    if not shared:
        raise AppError(f"Nothing that formed the {basis} segments can be compared without the text model.")
    kept = tuple(one for one in before.questions if one.name in shared)
    after = Wave(tuple(one for one in since if one.name in shared), None, tuple(now.responses[row] for row in fresh))
    return compare(replace(before, questions=kept), after)


def _on(run: BasesRun, basis: str) -> Solution:
    try:
        return run.solutions.on(basis)
    except KeyError as error:
        raise AppError(f"This run has no segments on the basis '{basis}'.") from error


def _names(wave: Wave) -> list[str]:
    return [question.name for question in wave.questions]


def _wave(
    run: BasesRun, solution: Solution, people: StudyPopulation, names: Sequence[str], vectors: Mapping[str, Floats]
) -> Wave:
    """The people of a run with what they answered to the named questions."""
    segment = dict(zip(run.responses, solution.labels.tolist(), strict=True))
    rows = [row for row, response in enumerate(people.responses) if response in segment]
    responses = tuple(people.responses[row] for row in rows)
    labels = np.array([segment[response] for response in responses], dtype=np.int64)
    return Wave(_questions(people, rows, names, vectors), labels, responses, solution.stability)


def _questions(
    people: StudyPopulation, rows: Sequence[int], names: Sequence[str], vectors: Mapping[str, Floats]
) -> tuple[Answers, ...]:
    """What some people answered to the named questions; open ones only where all answers have vectors."""
    asked = {question.name: question.answers for question in people.population.questions if question.name in names}
    there = {name: replace(one, values=tuple(one.values[row] for row in rows)) for name, one in asked.items()}
    return tuple(read for name in names if name in there and (read := _readable(there[name], vectors)) is not None)


def _readable(answers: Answers, vectors: Mapping[str, Floats]) -> Answers | None:
    if answers.kind != "text":
        return answers
    said = [None if value is None else vectors.get(str(value)) for value in answers.values]
    known = [vector for vector in said if vector is not None]
    if not known or len(known) < sum(value is not None for value in answers.values):
        return None
    nothing = np.zeros_like(known[0])
    return replace(answers, vectors=np.array([nothing if vector is None else vector for vector in said]))
