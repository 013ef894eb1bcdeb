"""One population, one solution per basis: encode what forms it, find the segments, cross them, portray them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.closed.class_evidence import class_evidence
from models.codes.frames import Frame
from models.codes.links import coded_links
from models.coding import Coding
from models.crossing import crossings
from models.embed import NOTHING_KNOWN, Embedder
from models.errors import ModelError
from models.one_question.solving import as_solution, group_names, single_settings
from models.open_blocks import LEAST_SPEAKING, Heard, hear, little_said, open_block, part_heard, without_answers
from models.population import Basis, Population, Question
from models.portrait.cautions import between
from models.portrait.spoken import reading_note
from models.portraits import portray
from models.progress import Progress, silent, stretch
from models.single import one_question
from models.solution import Solution, Solutions
from models.solutions import DEFAULTS, SolveSettings, solve
from models.texts.cleaning import as_text, is_blank
from models.vectors.remembering import Remembering

Vectors = NDArray[np.float32]

NO_TEXT = "none"
"""Name of the text model of a population without open answers."""


@dataclass(frozen=True)
class PopulationResult:
    """The segments of a population on every basis, and what they were made of.

    population: with the vectors of the open answers filled in. codings: of every open question, by its name and the
    id of the frame. new_vectors: those that were not known, by the text that was embedded.
    """

    solutions: Solutions
    population: Population
    codings: Mapping[str, Mapping[str, Coding]]
    new_vectors: Mapping[str, Vectors]


def segment_population(
    population: Population,
    *,
    bases: Sequence[Basis] | None = None,
    settings: SolveSettings = DEFAULTS,
    embedder: Embedder | None = None,
    frames: Mapping[str, Frame] | None = None,
    known: Mapping[str, Vectors] | None = None,
    language: str = "en",
    progress: Progress = silent,
) -> PopulationResult:
    """Return a solution for each basis, with their crossings; everybody is in one segment of each, or in 0.

    bases: in the order wanted; None means all that a question forms. embedder: needed when a forming question is
    open. frames: code frames by id (benefits, values, lifestyle). known: vectors from the same embedder by text.
    language: that segments are named in. Raises ModelError when nothing forms a basis that is asked for, or nobody
    answered what forms it.
    """
    started = time.perf_counter()
    wanted = tuple(dict.fromkeys(bases)) if bases is not None else tuple(population.bases())
    _refuse(population, wanted)
    remembering = Remembering(embedder, known or NOTHING_KNOWN) if embedder is not None else None
    heard = _heard(population, wanted, frames or {}, remembering, progress)
    solved = tuple(
        _solve(population, basis, heard, frames or {}, settings, _part(progress, 0.5, 0.9, at, len(wanted)))
        for at, basis in enumerate(wanted)
    )
    filled = _with_vectors(population, heard)
    codings = {name: one.codings for name, one in heard.items()}
    links = [
        coded_links(question, frames or {}, remembering, language)
        for question in filled.questions
        if remembering and question.name in heard
    ]
    found = []
    for at, (one, names) in enumerate(solved):
        told = _part(progress, 0.9, 1.0, at, len(solved))
        made = portray(
            filled,
            one,
            codings=codings,
            frames=frames or {},
            language=language,
            called=names,
            encode=remembering.encode if remembering else None,
            progress=told,
        )
        ladders = tuple(chain.ladders(one.labels) for chain in links if chain is not None)
        warnings = (*one.warnings, *between(one.confidence[one.labels > 0], one.k))
        found.append(replace(one, portraits=made, ladders=ladders, warnings=warnings))
    solutions = Solutions(
        people=population.people,
        solutions=tuple(found),
        crossings=crossings(found),
        seed=settings.seed,
        embedder=remembering.name if remembering and heard else NO_TEXT,
        embedder_reason=remembering.reason if remembering and heard else "There were no open answers to read.",
        seconds=time.perf_counter() - started,
        notes=tuple(filter(None, [reading_note([question for question in filled.questions if question.open])])),
    )
    progress(1.0, "Done")
    return PopulationResult(solutions, filled, codings, remembering.new if remembering else {})


def _refuse(population: Population, wanted: Sequence[Basis]) -> None:
    if not wanted:
        raise ModelError("No question forms segments: say which basis each question belongs to.")
    for basis in wanted:
        questions = population.forming(basis)
        if not questions:
            raise ModelError(f"No question forms {basis} segments: name one that does.")
        if not any(_said(question).any() for question in questions):
            named = ", ".join(f"'{question.name}'" for question in questions)
            raise ModelError(f"Nobody has answered what forms {basis} segments ({named}): wait for answers.")


def _said(question: Question) -> NDArray[np.bool_]:
    """Return who answered a question, bool (n,)."""
    if question.open:
        return np.array([not is_blank(as_text(value)) for value in question.answers.values], dtype=bool)
    return np.array([_is_answer(value) for value in question.answers.values], dtype=bool)


def _is_answer(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(mark is not None for mark in value.values())
    return value is not None and value == value


def _heard(
    population: Population,
    wanted: Sequence[Basis],
    frames: Mapping[str, Frame],
    embedder: Remembering | None,
    progress: Progress,
) -> dict[str, Heard]:
    asked = [q for q in population.questions if q.open and set(q.bases) & set(wanted)]
    if asked and embedder is None:
        raise ModelError(f"'{asked[0].name}' is answered in people's own words: a text model is needed to read it.")
    return {
        question.name: hear(question, frames, embedder, _part(progress, 0.02, 0.5, at, len(asked)))
        for at, question in enumerate(asked)
        if embedder is not None
    }


def _with_vectors(population: Population, heard: Mapping[str, Heard]) -> Population:
    questions = tuple(
        replace(question, answers=replace(question.answers, vectors=heard[question.name].whole()))
        if question.name in heard
        else question
        for question in population.questions
    )
    return replace(population, questions=questions)


def _solve(
    population: Population,
    basis: Basis,
    heard: Mapping[str, Heard],
    frames: Mapping[str, Frame],
    settings: SolveSettings,
    progress: Progress,
) -> tuple[Solution, dict[int, str]]:
    """Return the solution of one basis, and what its segments are called where the answers themselves say it."""
    questions = population.forming(basis)
    names = tuple(question.name for question in questions)
    if len(questions) == 1 and not questions[0].open:
        alone = one_question(questions[0].answers, single_settings(settings))
        classes = class_evidence([questions[0].answers], alone.labels, settings.seed)
        made = replace(as_solution(alone, basis, settings.seed), classes=classes)
        return made, group_names(alone, questions[0].title)
    closed = [question.answers for question in questions if not question.open]
    opened, cautions = [], []
    for question in questions:
        if question.open:
            block = open_block(question, heard[question.name], basis, frames)
            caution = little_said(question.title, heard[question.name], basis)
            if heard[question.name].part_speaking(basis) >= LEAST_SPEAKING:
                opened.append(block)
            cautions += [caution] if caution else []
    if not closed and not opened:
        opened = [without_answers(open_block(questions[0], heard[questions[0].name], basis, frames))]
    said = [_said(question) for question in questions if not question.open]
    there = np.any([*said, *(block.answered for block in opened)], axis=0)
    weights = {block.name: part_heard(block, there) for block in opened if block.answered.any()}
    found = solve(closed, settings, opened, weights, progress)
    if not found.k and cautions:
        found = replace(found, choice=" ".join(cautions), evidence=replace(found.evidence, sentence=cautions[0]))
    return replace(found, basis=basis, questions=names, warnings=(*found.warnings, *cautions)), {}


def _part(progress: Progress, low: float, high: float, at: int, of: int) -> Progress:
    """Return a Progress that fills part `at` of `of` of the stretch from low to high."""
    step = (high - low) / max(of, 1)
    return stretch(progress, low + step * at, low + step * (at + 1))
