"""What a signed-in person can do with studies; every function asks again whether the account may."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import pandas as pd
import yaml

from data.people import Account
from data.responses import AnswerRow, Counts
from data.runs import RunRow
from data.studies import Home, Studies, Study, StudyFile
from models.results import Segmentation
from models.texts.cleaning import joined
from survey.access.guard import require
from survey.access.roles import Permission
from survey.analysis.segmentation import SegmentationRuns
from survey.analysis.stored import collect, unpack
from survey.analysis.stored_bases import unpack_bases
from survey.analysis.study_tracking import Comparison, Tracking, comparison, comparison_order, tracking
from survey.analysis.study_typing import TOOL_FILES, Golden, Typed, asking, golden, tool_order, typed
from survey.analysis.typing_study import keep_tool, tool_of, with_typed
from survey.bases_result import BasesResult
from survey.charts import segment_label
from survey.conversation.export import study_frame
from survey.conversation.quality import Quality, stored_quality, with_quality
from survey.definition import Survey, one_question, parse
from survey.definition.loading import read
from survey.errors import AppError
from survey.report.context import ReportContext
from survey.report.writers import WRITERS, table_csv

LATEST_ANSWERS = 100
LETTERS = {"ø": "o", "æ": "ae", "ß": "ss", "ð": "d", "þ": "th"}
LONGEST_TITLE, LONGEST_QUESTION = 120, 1000
GOLDEN = "Golden questions"


@dataclass(frozen=True)
class StudyView:
    """One study as a page shows it. latest: its newest answers, each with its language; runs: newest first.

    active: the run of any kind that is waiting or working, if any. typing: bases on which golden questions of
    another study are asked. earlier: versions of the survey that asked questions of these answers which the newest
    does not ask, newest first.
    """

    study: Study
    survey: Survey
    counts: Counts
    latest: tuple[tuple[str, AnswerRow], ...]
    runs: tuple[RunRow, ...]
    active: RunRow | None
    typing: tuple[str, ...] = ()
    earlier: tuple[Survey, ...] = ()

    @property
    def results(self) -> tuple[RunRow, ...]:
        """The finished runs, newest first."""
        return tuple(run for run in self.runs if run.status == "done")

    def questions(self, run: RunRow) -> tuple[str, ...]:
        """Return the titles of the questions a run used."""
        return tuple(map(self.title, run.settings.get("questions", ())))

    def title(self, name: str) -> str:
        """Return the title of a question; one that is gone keeps its name."""
        question = self.survey.question(name)
        return question.title.text(self.survey.locale) if question else name


@dataclass(frozen=True)
class RunResult:
    """A finished run with the answers it was made of: context.answers and context.ids, one per row."""

    study: Study
    run: RunRow
    context: ReportContext

    @property
    def segmentation(self) -> Segmentation:
        """The solution."""
        return self.context.segmentation

    def frame(self) -> pd.DataFrame:
        """Return the verbatims: row, segment, label, answer, confidence, language; rows without an answer left out."""
        found = self.segmentation
        labels = {profile.segment: segment_label(profile) for profile in found.segments}
        rows = [row for row, segment in enumerate(found.labels) if segment > 0 and self.context.answers[row]]
        return pd.DataFrame(
            {
                "row": rows,
                "segment": [int(found.labels[row]) for row in rows],
                "label": [labels[int(found.labels[row])] for row in rows],
                "answer": [self.context.answers[row] for row in rows],
                "confidence": [float(found.confidence[row]) for row in rows],
                "language": [found.languages[row] for row in rows],
            }
        )

    def file(self, name: str) -> str:
        """Return the text of one of the files of a report: segments.csv, result.json or report.html."""
        return WRITERS[name](self.context)


class Studio:
    """The studio of one account; None may do nothing. Its functions raise NotAllowed besides what is said there.

    service: gives the segmentations of this process; asked only when a run is started or stopped.
    """

    def __init__(self, home: Home, account: Account | None, service: Callable[[], SegmentationRuns]) -> None:
        self.home = home
        self.account = account
        self._studies = Studies(home)
        self._service = service

    def may(self, permission: Permission) -> Account:
        """Return the account when it has this permission; raises NotAllowed otherwise."""
        return require(self.account, permission)

    def studies(self) -> list[StudyView]:
        """Return all studies, newest first, each with its newest answer only."""
        self.may("read")
        return [self._view(study.slug, 1) for study in reversed(self._studies.list())]

    def study(self, slug: str) -> StudyView:
        """Return one study; raises NotFound."""
        self.may("read")
        return self._view(slug, LATEST_ANSWERS)

    def create(self, title: str, question: str, language: str = "en") -> Study:
        """Create a study that is one open question, ready to take answers; raises AppError for an empty form."""
        self.may("collect")
        title, question = " ".join(title.split()), question.strip()
        if not 1 <= len(title) <= LONGEST_TITLE:
            raise AppError(f"A study needs a title of at most {LONGEST_TITLE} characters.", "Write what it is about.")
        if not 1 <= len(question) <= LONGEST_QUESTION:
            raise AppError(f"A study needs a question of at most {LONGEST_QUESTION:,} characters.", "Ask one thing.")
        document = {"title": title, **one_question(question, locale=language)}
        parse(document)
        return self._studies.create(self._free_slug(title), title, document)

    def create_from(self, document: bytes, name: str) -> Study:
        """Create a study from a survey document, the content of a file called `name`; raises AppError as `read` does.

        The study is called what the survey is called, else what the file is called.
        """
        self.may("collect")
        content, survey = read(document, name)
        title = survey.title.text(survey.locale) if survey.title else PurePath(name).stem
        title = " ".join(title.split())[:LONGEST_TITLE] or "Survey"
        return self._studies.create(self._free_slug(title), title, content)

    def publish(self, slug: str, document: bytes, name: str) -> int:
        """Make a survey document the next version of a study and return its number; raises AppError and NotFound.

        Conversations that have begun go on with the version they began with.
        """
        self.may("collect")
        content, _survey = read(document, name)
        with self._studies.file(slug) as file:
            return file.publish(content)

    def document(self, slug: str) -> str:
        """Return the survey document of a study as YAML; raises NotFound."""
        self.may("read")
        with self._studies.file(slug) as file:
            return yaml.safe_dump(file.survey()[1], allow_unicode=True, sort_keys=False, width=120)

    def start(self, slug: str, settings: Mapping[str, Any]) -> str:
        """Start a segmentation and return the id of its run; settings and errors as SegmentationRuns.start."""
        self.may("analyse")
        return self._service().start(slug, settings)

    def run(self, slug: str, run_id: str) -> RunRow:
        """Return how far a run is, or how it ended; raises NotFound."""
        self.may("read")
        return self._service().status(slug, run_id)

    def cancel(self, slug: str, run_id: str) -> None:
        """Stop a segmentation that is waiting or working; raises NotFound."""
        self.may("analyse")
        self._service().cancel(slug, run_id)

    def result(self, slug: str, run_id: str) -> RunResult:
        """Return a finished run with its answers; raises NotFound. The answer of a response deleted since is ""."""
        self.may("read")
        view = self._view(slug, 1)
        with self._studies.file(slug) as file:
            run = file.runs.get(run_id)
            document, arrays = file.runs.load(run_id)
            collected = collect(file, run.settings["questions"], document["until"])
        texts = dict(zip(collected.responses, map(joined, collected.answers), strict=True))
        segmentation = unpack(document, arrays)
        context = ReportContext(
            segmentation=segmentation,
            source=view.study.title,
            questions=view.questions(run),
            answers=tuple(texts.get(response, "") for response in document["responses"]),
            seconds=segmentation.seconds,
            ids=tuple(document["responses"]),
        )
        return RunResult(view.study, run, context)

    def outcome(self, slug: str, run_id: str) -> RunResult | BasesResult:
        """Return a finished run, by topics or by bases; raises as `result` and `bases`."""
        self.may("read")
        with self._studies.file(slug) as file:
            by_bases = bool(file.runs.get(run_id).settings.get("bases"))
        return self.bases(slug, run_id) if by_bases else self.result(slug, run_id)

    def bases(self, slug: str, run_id: str) -> BasesResult:
        """Return a finished run by bases; raises NotFound, and ModelError for one that this version cannot read."""
        self.may("read")
        with self._studies.file(slug) as file:
            run = file.runs.get(run_id)
            return BasesResult(file.study, run, unpack_bases(*file.runs.load(run_id)))

    def golden(self, slug: str, run_id: str, basis: str) -> Golden:
        """Return the golden questions of a finished run on a basis; raises as survey.analysis.study_typing.golden."""
        self.may("read")
        with self._studies.file(slug) as file:
            return golden(file, run_id, basis)

    def make_tool(self, slug: str, run_id: str, basis: str, settings: Mapping[str, Any]) -> str:
        """Start to look for golden questions and return the id of that run; raises as study_typing.tool_order."""
        self.may("analyse")
        return self._service().begin(slug, lambda file: tool_order(file, run_id, basis, settings))

    def tool_file(self, slug: str, basis: str, name: str) -> bytes:
        """Return the typing tool of a study as one of TOOL_FILES: tool.xlsx or tool.json; raises NotFound."""
        self.may("read")
        with self._studies.file(slug) as file:
            return TOOL_FILES[name](tool_of(file, basis))

    def ask_golden(self, slug: str, basis: str) -> Study:
        """Create a study that asks the golden questions of a basis and says where its respondents belong.

        Raises NotFound without a tool, and AppError when its questions cannot be asked in a chat.
        """
        self.may("collect")
        with self._studies.file(slug) as file:
            tool, title = tool_of(file, basis), f"{GOLDEN}: {file.study.title}"[:LONGEST_TITLE]
            document = asking(tool, file.survey()[1])
        study = self._studies.create(self._free_slug(title), title, document)
        with self._studies.file(study.slug) as file:
            keep_tool(file, basis, tool, None)
        return study

    def typed(self, slug: str) -> tuple[Typed, ...]:
        """Return where typing tools made elsewhere put the respondents of a study; raises NotFound."""
        self.may("read")
        with self._studies.file(slug) as file:
            return typed(file)

    def tracking(self, slug: str, run_id: str, basis: str) -> Tracking:
        """Return what a finished run can be compared with; raises as survey.analysis.study_tracking.tracking."""
        self.may("read")
        with self._studies.file(slug) as file:
            return tracking(file, run_id, basis)

    def compare(self, slug: str, earlier: str, later: str, basis: str) -> str:
        """Start a comparison and return the id of its run; raises as study_tracking.comparison_order."""
        self.may("analyse")
        return self._service().begin(slug, lambda file: comparison_order(file, earlier, later, basis))

    def comparison(self, slug: str, run_id: str) -> Comparison:
        """Return what a finished comparison found; raises NotFound."""
        self.may("read")
        with self._studies.file(slug) as file:
            return comparison(file.runs.document(run_id))

    def quality(self, slug: str) -> tuple[Quality, ...]:
        """Return what there is to notice about every response, in the order they were started; raises NotFound."""
        self.may("read")
        with self._studies.file(slug) as file:
            return stored_quality(file)

    def answers_csv(self, slug: str) -> str:
        """Return all answers of a study as CSV; raises NotFound.

        Columns as in survey.conversation.export.frame, with the quality score and the flags of each response, and
        where the typing tools of the study put them (survey.analysis.typing_study.with_typed).
        """
        self.may("read")
        with self._studies.file(slug) as file:
            found = stored_quality(file)
            return table_csv(with_typed(file, with_quality(study_frame(file), found)))

    def _view(self, slug: str, latest: int) -> StudyView:
        with self._studies.file(slug) as file:
            version, document = file.survey()
            survey, answers = parse(document), tuple(file.responses.latest(latest))
            gone = {answer.question for _, answer in answers if survey.question(answer.question) is None}
            return StudyView(
                study=file.study,
                survey=survey,
                counts=file.responses.counts(),
                latest=answers,
                earlier=_asking(file, version, gone),
                runs=tuple(file.runs.list()),
                active=next((run for run in file.runs.list(None) if run.active), None),
                typing=tuple(row.basis for row in file.typing_tools.list() if row.run is None),
            )

    def _free_slug(self, title: str) -> str:
        wanted, taken = slug_of(title), {study.slug for study in self._studies.list()}
        names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2))]
        return next(name for name in names if name not in taken)


def _asking(file: StudyFile, version: int, questions: set[str]) -> tuple[Survey, ...]:
    """Return the versions before this one that ask these questions, newest first, as far back as is needed."""
    found: list[Survey] = []
    while questions and version > 1:
        version -= 1
        survey = parse(file.survey(version)[1])
        asked = {name for name in questions if survey.question(name)}
        found += [survey] if asked else []
        questions = questions - asked
    return tuple(found)


def slug_of(title: str) -> str:
    """Return a short name for links, from a title in any script.

    >>> slug_of("Vad är viktigt? 2026"), slug_of("Smørrebrød"), slug_of("感想")
    ('vad-ar-viktigt-2026', 'smorrebrod', 'study')
    """
    latin = title.lower()
    for letter, spelt in LETTERS.items():
        latin = latin.replace(letter, spelt)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "study"
