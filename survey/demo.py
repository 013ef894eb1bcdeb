"""The demo study: an invented survey, answers from 400 invented people, and finished segmentations to look at."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.db import transaction
from data.errors import DataError
from data.studies import Home, Studies, StudyFile
from data.vectors import VectorCache
from models.population import Basis
from models.progress import Progress, silent
from survey.analysis.population import collect_population, describing
from survey.analysis.settings import SegmentationSettings, check
from survey.analysis.spoken import in_population, to_keep
from survey.analysis.stored import collect, pack
from survey.analysis.stored_bases import pack_bases
from survey.definition import Survey, load, parse
from survey.errors import AppError
from survey.frames import PACKAGED, packaged_documents, packaged_frame

if TYPE_CHECKING:
    from models.embed import Embedder

SLUG = "demo"
QUESTION = "matters"
FOLDER = Path(str(files("data"))) / "packaged" / "demo"
BASES: tuple[Basis, ...] = ("benefit", "psychographic")
STORED, READY, SORTED = 0.2, 0.3, 0.5
BATCH = 50

Person = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Demo:
    """The demo study as it stands: added is how many responses this call stored.

    run, bases_run: the segmentations to look at, by topics and by what people want and value; "" where there is none.
    chat_path leads to the survey, below the address of the server. segmented: whether this call made one of them.
    """

    slug: str
    title: str
    chat_path: str
    responses: int
    added: int
    run: str
    bases_run: str
    segmented: bool


def set_up(home: Home, embedder: str = "auto", progress: Progress = silent) -> Demo:
    """Create what the demo study lacks (survey, responses, finished segmentations) and return what there is.

    Called again it changes nothing, and it goes on where an interrupted call stopped. With a finished segmentation in
    the study it leaves the responses, and with another version of the survey everything, as people have made it.
    embedder: text model, as in models.embed.load_embedder. Raises AppError when 'demo' is another study,
    EmbedderUnavailable, DataError.
    """
    progress(0.0, "Looking for the demo study")
    studies = Studies(home)
    try:
        title = studies.get(SLUG).title
    except DataError:
        document, survey = load(FOLDER / "survey.yaml")
        title = studies.create(SLUG, survey.title.text("en") if survey.title else SLUG, document).title
    with studies.file(SLUG) as file:
        survey = _own_survey(file)
        topics, bases = _finished(file, by_bases=False), _finished(file, by_bases=True)
        added = 0 if topics or bases else _add_missing(file, survey, progress)
        ours = file.survey()[0] == 1
    work = _Work(studies, home, survey, embedder, progress)
    made = [] if topics else [work.topics()]
    topics = topics or made[0]
    if not bases and ours:
        bases = work.bases()
        made.append(bases)
    with studies.file(SLUG) as file:
        responses = file.responses.counts().started
    progress(1.0, "The demo study is ready")
    return Demo(SLUG, title, f"/chat?study={SLUG}", responses, added, topics, bases, bool(made))


def people() -> list[Person]:
    """Return the invented respondents, earliest first: the rows of respondents.csv."""
    with (FOLDER / "respondents.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def store(file: StudyFile, survey: Survey, person: Person, today: date) -> None:
    """Store one respondent's visit as the chat would have: consent, each answer in turn, the end; all or nothing."""
    language, responses = person["language"], file.responses
    asked = [question for question in survey.questions if question.name in person]
    last = max(at for at, question in enumerate(asked) if person[question.name])
    began = datetime.combine(
        today - timedelta(days=int(person["days_before"])), time.fromisoformat(person["clock"]), UTC
    )
    pace = timedelta(seconds=int(person["seconds"])) / len(asked)
    with transaction(file.db):
        response, _token = responses.begin(1, language, began)
        responses.consent(response, survey.consent(language)[1], language, began)
        for turn, question in enumerate(asked[: last + 1], 1):
            reply = person[question.name]
            value = question.read(reply) if reply else None
            responses.record(response, question.name, 0, value, began + turn * pace)
        if person["status"] == "complete":
            responses.complete(response, began + len(asked) * pace)


def _own_survey(file: StudyFile) -> Survey:
    """Return the survey that the demo was created with; raises AppError when the study is not the demo."""
    survey = parse(file.survey(1)[1])
    if not set(people()[0]) >= {question.name for question in survey.questions} >= {QUESTION}:
        raise AppError(f"There is another study called '{SLUG}'.", "Rename or delete its file, then try again.")
    return survey


def _finished(file: StudyFile, *, by_bases: bool) -> str:
    """Return the newest finished run by topics, or by bases; "" where there is none."""
    done = (run for run in file.runs.list() if run.status == "done")
    return next((run.id for run in done if bool(run.settings.get("bases")) == by_bases), "")


def _add_missing(file: StudyFile, survey: Survey, progress: Progress) -> int:
    """Store the respondents who are not in the study yet and return how many they were."""
    names = [question.name for question in survey.questions]
    rows = file.responses.frame().to_dict("records")
    there = Counter(_key(row["language"], [row.get(name) for name in names]) for row in rows)
    missing: list[Person] = []
    for person in people():
        key = _key(person["language"], [person[name] for name in names])
        if there[key]:
            there[key] -= 1
        else:
            missing.append(person)
    today = datetime.now(UTC).date()
    for start in range(0, len(missing), BATCH):
        progress(STORED * start / len(missing), f"Storing {len(missing)} responses")
        with transaction(file.db):
            for person in missing[start : start + BATCH]:
                store(file, survey, person, today)
    return len(missing)


def _key(language: str, values: list[object]) -> Key:
    return (language, *("" if value is None else str(value) for value in values))


class _Work:
    """Segments the demo's answers in this process and stores the finished runs."""

    def __init__(self, studies: Studies, home: Home, survey: Survey, spec: str, progress: Progress) -> None:
        self._studies, self._survey, self._progress = studies, survey, progress
        self._spec, self._weights, self._cache = spec, home.weights_path, VectorCache(home.vectors_path)

    @cached_property
    def _embedder(self) -> "Embedder":
        from models.embed import load_embedder

        self._progress(STORED, "Loading the text model")
        return load_embedder(self._spec, self._weights)

    def topics(self) -> str:
        """Return the id of a new run by the topics of the first question."""
        from models.answers import segment_answers
        from models.segment import SegmentSettings

        settings, embedder = check({"questions": [QUESTION]}, self._survey), self._embedder
        with self._studies.file(SLUG) as file:
            collected = collect(file, settings.questions)
            beside = describing(file, collected.responses, collected.until)
        result = segment_answers(
            collected.answers,
            settings=SegmentSettings(**settings.numbers()),
            embedder=embedder,
            known=self._cache.get(embedder.name, collected.texts),
            describing=beside,
            progress=self._part(READY, SORTED),
        )
        self._cache.put(embedder.name, result.new_vectors)
        return self._store(settings, *pack(result.segmentation, collected))

    def bases(self) -> str:
        """Return the id of a new run by what people want and value."""
        from models.bases import segment_population
        from models.solutions import SolveSettings

        settings, embedder = check({"bases": BASES}, self._survey), self._embedder
        with self._studies.file(SLUG) as file:
            collected = collect_population(file)
        texts = in_population(collected.population, packaged_documents())
        result = segment_population(
            collected.population,
            bases=settings.bases,
            settings=SolveSettings(**settings.numbers()),
            embedder=embedder,
            frames={name: packaged_frame(name) for name in PACKAGED},
            known=self._cache.get(embedder.name, texts),
            progress=self._part(SORTED, 1.0),
        )
        self._cache.put(embedder.name, to_keep(result.new_vectors, texts))
        return self._store(settings, *pack_bases(result.solutions, collected))

    def _part(self, low: float, high: float) -> Progress:
        return lambda fraction, message: self._progress(low + (high - low) * fraction, message)

    def _store(self, settings: SegmentationSettings, document: dict[str, Any], arrays: dict[str, Any]) -> str:
        with self._studies.file(SLUG) as file, transaction(file.db):
            run = file.runs.create(settings.document(), SLUG)
            file.runs.finish(run, document, arrays)
        return run
