"""The demo study: an invented survey, answers from 400 invented people, and a finished segmentation to look at."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

from data.db import transaction
from data.errors import DataError
from data.runs import RunRow
from data.studies import Home, Studies, StudyFile
from data.vectors import VectorCache
from models.progress import Progress, silent
from survey.analysis.settings import check
from survey.analysis.stored import collect, pack
from survey.definition import Survey, load, parse
from survey.errors import AppError

SLUG = "demo"
QUESTION = "matters"
FOLDER = Path(str(files("data"))) / "packaged" / "demo"
STORED, READY = 0.2, 0.3
BATCH = 50

Person = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Demo:
    """The demo study as it stands: added is how many responses this call stored, run the segmentation to look at.

    chat_path leads to the survey, below the address of the server. segmented: whether this call made the run.
    """

    slug: str
    title: str
    chat_path: str
    responses: int
    added: int
    run: str
    segmented: bool


def set_up(home: Home, embedder: str = "auto", progress: Progress = silent) -> Demo:
    """Create what the demo study lacks (survey, responses, a finished segmentation) and return what there is.

    Called again it changes nothing, and it goes on where an interrupted call stopped. With a finished segmentation
    in the study it leaves everything as people have made it. embedder: text model, as in models.embed.load_embedder.
    Raises AppError when 'demo' is another study, EmbedderUnavailable, DataError.
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
        run = _finished(file)
        added = 0 if run else _add_missing(file, survey, progress)
    made = "" if run else _segment(studies, home, survey, embedder, progress)
    with studies.file(SLUG) as file:
        responses = file.responses.counts().started
    progress(1.0, "The demo study is ready")
    return Demo(SLUG, title, f"/chat?study={SLUG}", responses, added, run.id if run else made, run is None)


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


def _finished(file: StudyFile) -> RunRow | None:
    return next((run for run in file.runs.list() if run.status == "done"), None)


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


def _segment(studies: Studies, home: Home, survey: Survey, spec: str, progress: Progress) -> str:
    """Segment the answers in this process, store the finished run and return its id."""
    from models.answers import segment_answers
    from models.embed import load_embedder
    from models.segment import SegmentSettings

    progress(STORED, "Loading the text model")
    embedder = load_embedder(spec, home.weights_path)
    settings = check({"questions": [QUESTION]}, survey)
    with studies.file(SLUG) as file:
        collected = collect(file, settings.questions)
    cache = VectorCache(home.vectors_path)
    result = segment_answers(
        collected.answers,
        settings=SegmentSettings(**settings.numbers()),
        embedder=embedder,
        known=cache.get(embedder.name, collected.texts),
        progress=lambda fraction, message: progress(READY + (1 - READY) * fraction, message),
    )
    cache.put(embedder.name, result.new_vectors)
    document, arrays = pack(result.segmentation, collected)
    with studies.file(SLUG) as file, transaction(file.db):
        run = file.runs.create(settings.document(), SLUG)
        file.runs.finish(run, document, arrays)
    return run
