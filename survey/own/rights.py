"""What a respondent may do with own answers, by the link that resumes them: see, take along and delete everything."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from data.errors import DataError, NotFound
from data.holdings import RevisionRow
from data.responses import ResponseRow
from data.studies import Home, Studies, StudyFile
from survey.conversation.flow import Path, walk
from survey.conversation.probing import words_of
from survey.conversation.state import Follow
from survey.conversation.storing import stored
from survey.conversation.telling import title
from survey.definition import Question, Survey, parse
from survey.erasure import erase
from survey.errors import AppError

FORMAT = "samtal-answers-1"


class NothingHere(AppError):
    """The link leads to no answers: it is incomplete, or they were deleted, or their time is over."""


@dataclass(frozen=True)
class OwnAnswer:
    """One answer as the respondent knows it.

    asked: the question, or the probe after the answer to it (turn 1 and up). answered: None when it was skipped.
    counts: False when a later change means that nothing leads to this question any more. noted: what was stored with
    it, such as the order of the options and what the interviewer made of the answer.
    """

    question: str
    asked: str
    answered: str | None
    turn: int
    revision: int
    at: datetime
    value: Any
    counts: bool = True
    noted: Any = None


@dataclass(frozen=True)
class OwnConsent:
    """What the respondent agreed to; text is None when the survey has that version no longer."""

    version: str
    language: str
    at: datetime
    text: str | None


@dataclass(frozen=True)
class Own:
    """Everything that is kept of one respondent.

    kept_until: when it is deleted, None while no such day is set. descriptors: what was known beforehand. answers: the
    latest of each, in the order given; changes: all revisions. drawn: an address was left for the prize draw; which one
    is not known here. trap: what was written in the field that people cannot see.
    """

    study: str
    title: str | None
    language: str
    status: str
    started: datetime
    finished: datetime | None
    kept_until: datetime | None
    invited: bool
    descriptors: Mapping[str, Any]
    consents: tuple[OwnConsent, ...]
    answers: tuple[OwnAnswer, ...]
    changes: tuple[OwnAnswer, ...]
    drawn: bool
    trap: str = ""


def own_answers(home: Home, study: str, token: str, language: str | None = None, now: datetime | None = None) -> Own:
    """Return everything that is kept of the respondent whose link this is, worded in the conversation's language.

    language: another one to word the questions in. Raises NothingHere.
    """
    with opened(home, study) as file:
        row = _found(file, token, now)
        survey = parse(file.survey(row.survey_version)[1])
        spoken = survey.language(language, row.language)
        kept = file.responses.kept(row.id)
        path = walk(survey, stored(kept, survey, spoken))
        history = file.holdings.history(row.id)
        changes = tuple(_answer(path, survey, revision, history, kept.inactive) for revision in history)
        latest = {(answer.question, answer.turn): answer for answer in changes}
        return Own(
            study=study,
            title=survey.title.text(spoken) if survey.title else None,
            language=spoken,
            status=row.status,
            started=row.started,
            finished=row.finished,
            kept_until=file.fieldwork.kept_until(row.started),
            invited=file.holdings.invited(row.id),
            descriptors=row.descriptors,
            consents=tuple(
                OwnConsent(given.text_version, given.language, given.at, _consent_text(survey, given))
                for given in file.holdings.consents(row.id)
            ),
            answers=tuple(latest.values()),
            changes=changes,
            drawn=file.contacts.entered(row.id),
            trap=row.trap,
        )


def as_json(own: Own) -> str:
    """Return everything that is kept as JSON that people and programs can read; times are in UTC."""
    plain = {"format": FORMAT, **asdict(own)}
    return json.dumps(plain, ensure_ascii=False, indent=2, default=_text) + "\n"


def delete(home: Home, study: str, token: str) -> None:
    """Delete everything that is kept of the respondent whose link this is (see survey.erasure); raises NothingHere."""
    with opened(home, study) as file:
        erase(home, file, [_found(file, token, None).id])


def opened(home: Home, study: str) -> StudyFile:
    """Open a study that a link names; raises NothingHere when there is none or the name is no name."""
    try:
        home.study_path(study)
    except DataError as error:
        raise NothingHere("This link leads to no answers.") from error
    try:
        return Studies(home).file(study)
    except NotFound as error:
        raise NothingHere("This link leads to no answers.") from error


def _found(file: StudyFile, token: str, now: datetime | None) -> ResponseRow:
    row = file.responses.find(token)
    if row is None:
        raise NothingHere("This link leads to no answers.")
    until = file.fieldwork.kept_until(row.started)
    if until is not None and until <= (now or datetime.now(UTC)):
        raise NothingHere("The time for which these answers are kept is over.")
    return row


def _answer(
    path: Path, survey: Survey, row: RevisionRow, history: list[RevisionRow], off: frozenset[tuple[str, int]]
) -> OwnAnswer:
    question = survey.question(row.question)
    answered = None if row.value is None else str(row.value)
    if question is not None and row.value is not None and row.turn == 0:
        answered = question.show(row.value, path.context.language)
    return OwnAnswer(
        question=row.question,
        asked=_asked(path, question, row, history),
        answered=answered,
        turn=row.turn,
        revision=row.revision,
        at=row.at,
        value=row.value,
        counts=(row.question, row.turn) not in off,
        noted=row.detail,
    )


def _asked(path: Path, question: Question | None, row: RevisionRow, history: list[RevisionRow]) -> str:
    """Return the words that asked for an answer: the question's title, or the probe that followed the answer before."""
    before = [one for one in history if (one.question, one.turn) == (row.question, row.turn - 1) and one.at <= row.at]
    follow = (before[-1].detail or {}).get("follow") if before else None
    if follow:
        return words_of(Follow(**follow), path.context.language)
    return title(path, question) if question is not None else row.question


def _consent_text(survey: Survey, given: Any) -> str | None:
    text, version = survey.consent(given.language)
    return text if version == given.text_version else None


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
