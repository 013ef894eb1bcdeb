"""From a file of answers to segments on one or several bases, in this process."""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data.files import Table, only_text_column, read_table, require_columns
from models.features import Answers
from models.population import BASES, LEAD_BASES, Basis, Population, Question
from models.portrait.phrases import PHRASES
from models.progress import Progress, silent
from models.texts.cleaning import as_text, is_blank, joined
from models.texts.languages import detect_languages
from survey.analysis.answer_file import CLOSED_INSTEAD, FileRequest, unread
from survey.analysis.column_specs import parse_describing, parse_spec, questions, told, with_basis
from survey.analysis.survey_columns import read_survey_answers
from survey.definition import load
from survey.errors import AppError
from survey.report.bases_context import BasesContext
from survey.report.context import ReportContext
from survey.report.folder import check_folder, write_folder

if TYPE_CHECKING:
    from models.codes.frames import Frame
    from models.embed import Embedder

Vectors = NDArray[np.float32]

TOPICS = "topics"
OFFERED: tuple[str, ...] = (TOPICS, *BASES)
FEWEST_HEARD, MOST_HEARD, MOSTLY = 6, 500, 0.6
"""A file's language is told by so many texts, and is English unless such a share of them is in another one."""
READ, LOADED, TOPICS_DONE, SEGMENTED = 0.02, 0.08, 0.4, 0.95


@dataclass(frozen=True)
class BasesRequest:
    """What to segment, on which bases, and where the results go.

    file: columns with open answers, where the results go and so on; its text may be empty when there are closed
    answers or a survey. bases: in the order wanted, () means all that the columns form; topics: segments by what open
    answers are about as well. closed: as `survey.analysis.column_specs.parse_spec` reads them. survey: the survey that
    the answers were given to.
    """

    file: FileRequest
    bases: tuple[Basis, ...] = ()
    topics: bool = False
    closed: tuple[str, ...] = ()
    survey: Path | None = None


@dataclass(frozen=True)
class _Asked:
    """What a file holds. texts: columns of open answers for topics. language: of the survey, or of most answers."""

    population: Population
    texts: tuple[str, ...]
    notes: tuple[str, ...]
    language: str


def parse_bases(names: Sequence[str]) -> tuple[tuple[Basis, ...], bool]:
    """Return the bases meant, and whether topics are among them; raises AppError for anything else.

    >>> parse_bases(["Benefit", "topics"])
    (('benefit',), True)
    """
    wanted = [name.strip().casefold() for name in names]
    for name in wanted:
        if name not in OFFERED:
            raise AppError(f"There is no basis '{name}': use {', '.join(OFFERED)}.")
    return tuple(basis for basis in BASES if basis in wanted), TOPICS in wanted


def segment_bases(request: BasesRequest, progress: Progress = silent) -> BasesContext:
    """Segment the people of a file on the bases that are asked for, write the results, return what was written about.

    Nothing is written before everything is done. Raises AppError, DataError and ModelError.
    """
    started = time.perf_counter()
    file = request.file
    progress(0.0, f"Reading {file.path.name}")
    check_folder(file.out)
    table = read_table(file.path)
    require_columns(table, [*file.text, *([file.id] if file.id is not None else [])])
    asked = _asked(table, request)
    wanted = request.bases or tuple(asked.population.bases())
    _refuse(table, asked, request, wanted)
    from models.bases import segment_population
    from models.solutions import SolveSettings

    settings = SolveSettings(k=file.k, seed=file.seed, min_share=file.min_share)
    opened = any(question.open and set(question.bases) & set(wanted) for question in asked.population.questions)
    embedder = _embedder(file, progress) if opened or request.topics else None
    topics, known = _topics(table, asked, request, embedder, _part(progress, LOADED, TOPICS_DONE))
    result = segment_population(
        asked.population,
        bases=wanted,
        settings=settings,
        embedder=embedder,
        frames=_frames() if opened else {},
        known=known,
        language=asked.language,
        progress=_part(progress, TOPICS_DONE if request.topics else LOADED, SEGMENTED),
    )
    progress(SEGMENTED, "Writing the report")
    context = BasesContext(
        solutions=result.solutions,
        population=result.population,
        source=table.name,
        seconds=time.perf_counter() - started,
        ids=table.frame[file.id].tolist() if file.id is not None else None,
        topics=topics,
        notes=(*table.notes, *asked.notes),
    )
    from survey.report.bases_writers import files_of

    write_folder(file.out, files_of(context))
    progress(1.0, "Done")
    return context


def _asked(table: Table, request: BasesRequest) -> _Asked:
    """Return the people of the file and what they were asked; a column is one question at most."""
    notes: list[str] = []
    found: list[Question] = []
    taken: frozenset[str] = frozenset()
    language = ""
    if request.survey is not None:
        _document, survey = load(request.survey)
        answers = read_survey_answers(table, survey)
        found += answers.population.questions
        notes += answers.notes
        taken, language = answers.columns, survey.locale
    closed = [parse_spec(given, table) for given in request.closed]
    describe = [parse_describing(given, table) for given in request.file.describe]
    closed = with_basis(closed, request.bases)
    forms: dict[str, tuple[Basis, ...]] = {spec.given: (spec.basis,) for spec in closed if spec.basis is not None}
    read = questions([*closed, *describe], table, forms)
    texts = _texts(table, request, {column for one in read for column in one.columns})
    for name in [*(column for one in read for column in one.columns), *texts]:
        if name in taken and not (request.topics and name in texts):
            raise AppError(f"The column '{name}' belongs to the survey already: leave it out.")
    found += [one.question for one in read]
    found += [_open(table, name, request.bases) for name in texts if name not in taken]
    asked = tuple(_distinct(found))
    used = {*taken, *texts, *(column for one in read for column in one.columns)}
    notes += [*told(read), *unread(table, used, request.file.id)]
    return _Asked(Population(len(table.frame), asked), texts, tuple(notes), language or language_of(asked))


def language_of(asked: Sequence[Question]) -> str:
    """Return the language that most open answers are in, or else most of the words of closed questions; "en" if none.

    It is one of those that segments can be named in.
    """
    opened = [as_text(value) for question in asked if question.open for value in question.answers.values]
    closed = [
        str(word) for question in asked for word in (question.title, *question.answers.options, *question.answers.items)
    ]
    said = opened or closed
    every = said[:: max(1, len(said) // MOST_HEARD)]
    found = Counter(detect_languages(every))
    first = min(PHRASES, key=lambda language: (-found[language], language))
    return first if found.total() >= FEWEST_HEARD and found[first] > MOSTLY * found.total() else "en"


def _distinct(found: Sequence[Question]) -> list[Question]:
    names = [question.name for question in found]
    for name in names:
        if names.count(name) > 1:
            raise AppError(f"Two questions are called '{name}': rename one of the columns.")
    return list(found)


def _texts(table: Table, request: BasesRequest, closed: Collection[str]) -> tuple[str, ...]:
    """Return the columns of open answers: those named, or the only one where nothing else is to be segmented."""
    named = tuple(dict.fromkeys(request.file.text))
    alone = not request.closed and request.survey is None
    return named or ((only_text_column(table, CLOSED_INSTEAD, closed),) if alone or request.topics else ())


def _open(table: Table, name: str, bases: tuple[Basis, ...]) -> Question:
    cells = [None if is_blank(cell) else cell for cell in table.frame[name].tolist()]
    others = tuple(basis for basis in bases if basis not in LEAD_BASES)
    led = tuple(basis for basis in LEAD_BASES if not bases or basis in bases)
    return Question(name, Answers(name, "text", cells), led or others)


def _refuse(table: Table, asked: _Asked, request: BasesRequest, wanted: Sequence[Basis]) -> None:
    if not wanted:
        raise AppError("Nothing in the file forms segments: name columns with --closed or --text, and --basis.")
    for basis in wanted:
        if not asked.population.forming(basis):
            what = "the survey has no question of that basis" if request.survey else "no column is named for it"
            raise AppError(
                f"There is nothing to form {basis} segments from: {what}; give one with --closed COL:{basis}."
            )
        if all(value is None for question in asked.population.forming(basis) for value in question.answers.values):
            named = ", ".join(f"'{question.name}'" for question in asked.population.forming(basis))
            raise AppError(f"There are no answers in {named} of '{table.name}' to form {basis} segments from.")


def _embedder(file: FileRequest, progress: Progress) -> "Embedder":
    progress(READ, "Loading the text model")
    from models.embed import load_embedder

    return load_embedder(file.embedder, file.weights)


def _frames() -> "dict[str, Frame]":
    from survey.frames import PACKAGED, packaged_frame

    return {name: packaged_frame(name) for name in PACKAGED}


def _topics(
    table: Table, asked: _Asked, request: BasesRequest, embedder: "Embedder | None", progress: Progress
) -> tuple[ReportContext | None, Mapping[str, Vectors]]:
    """Return the segments by topics, ready for their own report, and the vectors made; (None, {}) when not asked."""
    if not request.topics or embedder is None:
        return None, {}
    from models.answers import segment_answers
    from models.segment import SegmentSettings

    started = time.perf_counter()
    answers = list(zip(*(table.frame[name].tolist() for name in asked.texts), strict=True))
    settings = SegmentSettings(k=request.file.k, seed=request.file.seed)
    if request.file.min_share is not None:
        settings = replace(settings, min_share=request.file.min_share)
    describing = asked.population.saying_who()
    result = segment_answers(answers, settings=settings, embedder=embedder, describing=describing, progress=progress)
    context = ReportContext(
        segmentation=result.segmentation,
        source=table.name,
        questions=asked.texts,
        answers=[joined(parts) for parts in answers],
        seconds=time.perf_counter() - started,
        ids=table.frame[request.file.id].tolist() if request.file.id is not None else None,
        notes=table.notes,
    )
    return context, result.new_vectors


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda fraction, message: progress(start + fraction * (end - start), message)
