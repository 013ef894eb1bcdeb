"""One respondent's conversation and the study's file: validate, commit, then answer.

The state that a page holds is a cache. Every function here can be called again, by any process, with what the link
says, and nothing is returned before it is stored.
"""

import json
from dataclasses import dataclass, replace
from functools import lru_cache

from data.db import transaction
from data.errors import DataError, NotFound
from data.studies import Home, Studies, StudyFile
from survey.conversation.engine import replay, start, step
from survey.conversation.state import Answered, Message, Reply, State
from survey.definition import Survey, parse, say
from survey.errors import AppError


class StudyClosed(AppError):
    """The study takes no answers now."""


class UnknownStudy(AppError):
    """The link names no study."""


class UnknownConversation(AppError):
    """The study has no conversation with this link, or it was deleted."""


@dataclass(frozen=True)
class Chat:
    """A conversation as a page holds it.

    response, token: None until the respondent has agreed; only then is anything stored.
    said: what the last reply was answered with.
    """

    study: str
    version: int
    survey: Survey
    state: State
    response: str | None = None
    token: str | None = None
    said: tuple[Message, ...] = ()


def begin(home: Home, study: str, language: str | None = None, browser: str | None = None) -> Chat:
    """Return a new conversation that is stored nowhere yet; `language` is the link's wish, `browser` its reader's.

    Raises UnknownStudy or StudyClosed.
    """
    with _open(home, study) as file:
        if not file.study.open:
            raise StudyClosed(f"The study '{study}' takes no answers.")
        version, document = file.survey()
    survey = _survey(document)
    state, said = start(survey, survey.language(language, browser))
    return Chat(study, version, survey, state, said=said)


def resume(home: Home, study: str, token: str, language: str | None = None) -> Chat:
    """Return the conversation that a resume link leads to, where it was, in its own or the wished language.

    Raises UnknownStudy, UnknownConversation, or StudyClosed when there is something left to ask and the study takes no
    more answers.
    """
    with _open(home, study) as file:
        row = file.responses.find(token)
        if row is None:
            raise UnknownConversation(f"The study '{study}' has no conversation with this link.")
        survey = _survey(file.survey(row.survey_version)[1])
        state = _stored(file, survey, row.id, language or row.language)
        if state.stage != "done" and not file.study.open:
            raise StudyClosed(f"The study '{study}' takes no answers.")
    welcome = (
        (Message("note", say(state.language, "welcome_back")),) if state.answers and state.stage == "asking" else ()
    )
    return Chat(study, row.survey_version, survey, state, row.id, token, welcome)


def reply(home: Home, chat: Chat, said: Reply) -> Chat:
    """Return the conversation after a reply, with everything it taught us committed to the study's file.

    Raises UnknownStudy or UnknownConversation when the study or the response was deleted meanwhile.
    """
    if chat.response is None:
        state, messages = step(chat.survey, chat.state, said)
        if state.stage not in ("asking", "done"):
            return replace(chat, state=state, said=messages)
        return replace(_begun(home, chat, state), said=messages)
    try:
        with _open(home, chat.study) as file, transaction(file.db):
            before = _stored(file, chat.survey, chat.response, chat.state.language)
            after, messages = step(chat.survey, before, said)
            _commit(file, chat, before, after)
    except NotFound as error:
        raise UnknownConversation("This conversation is no longer there.") from error
    return replace(chat, state=after, said=messages)


def _begun(home: Home, chat: Chat, state: State) -> Chat:
    with _open(home, chat.study) as file, transaction(file.db):
        response, token = file.responses.begin(chat.version, state.language)
        file.responses.consent(response, chat.survey.consent(state.language)[1], state.language)
    return replace(chat, state=state, response=response, token=token)


def _commit(file: StudyFile, chat: Chat, before: State, after: State) -> None:
    """Write the difference between two states; belongs inside a transaction."""
    response = chat.response or ""
    if before.stage == "consent" and after.stage != "consent":
        file.responses.consent(response, chat.survey.consent(after.language)[1], after.language)
    for answer in after.answers:
        if before.answer(answer.question) != answer:
            file.responses.record(response, answer.question, answer.turn, answer.value)
    if after.stage == "done" != before.stage:
        file.responses.complete(response)
    if after.language != before.language:
        file.responses.set_language(response, after.language)


def _stored(file: StudyFile, survey: Survey, response: str, language: str) -> State:
    """Return the state that the file holds; raises NotFound when the response was deleted."""
    consented = file.responses.consented(response)
    if not consented:
        file.responses.get(response)
    answers = (Answered(row.question, row.value, row.turn) for row in file.responses.answers(response))
    return replay(survey, language, consented, answers)


def _open(home: Home, study: str) -> StudyFile:
    try:
        home.study_path(study)
    except DataError as error:
        raise UnknownStudy("The link names no study.") from error
    try:
        return Studies(home).file(study)
    except NotFound as error:
        raise UnknownStudy(f"There is no study '{study}'.") from error


def _survey(document: dict[str, object]) -> Survey:
    return _parsed(json.dumps(document))


@lru_cache(maxsize=256)
def _parsed(document: str) -> Survey:
    """Return the parsed document; only definitions are cached here, never anything a respondent said."""
    return parse(json.loads(document))
