"""One respondent's conversation and the study's file: validate, commit, then answer.

The state that a page holds is a cache. Every function here can be called again, by any process, with what the link
says, and nothing is returned before it is stored.
"""

import json
import secrets
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from data.db import transaction
from data.errors import DataError, NotFound
from data.invitations import AlreadyUsed
from data.quotas import Quotas
from data.studies import Home, Studies, StudyFile
from survey.conversation import storing
from survey.conversation.engine import opened, start, step
from survey.conversation.probes.prober import Prober, RuleProber
from survey.conversation.probing import Remembered, Undecided
from survey.conversation.state import ENDED, Agree, Message, Reply, State, World
from survey.definition import Survey, parse, say
from survey.errors import AppError

TRIES = 5
SEEDS = 2**31


class StudyClosed(AppError):
    """The study takes no answers now."""


class UnknownStudy(AppError):
    """The link names no study."""


class UnknownConversation(AppError):
    """The study has no conversation with this link, or it was deleted."""


class UnknownInvitation(AppError):
    """The study has no invitation with this link."""


class InvitationUsed(AppError):
    """The invitation has begun another conversation."""


class InvitedOnly(AppError):
    """The study takes only those who were invited."""


@dataclass(frozen=True)
class Chat:
    """A conversation as a page holds it.

    response, token: None until the respondent has agreed; only then is anything stored.
    said: what the last reply was answered with. invitation: the secret token of a personal link. prize: what may be
    won by whoever has finished and has not entered the draw.
    """

    study: str
    version: int
    survey: Survey
    state: State
    response: str | None = None
    token: str | None = None
    said: tuple[Message, ...] = ()
    invitation: str | None = None
    prize: str | None = None


def begin(
    home: Home, study: str, language: str | None = None, browser: str | None = None, invitation: str | None = None
) -> Chat:
    """Return a new conversation that is stored nowhere yet; `language` is the link's wish, `browser` its reader's.

    invitation: the token of a personal link, used up when the respondent agrees. Raises UnknownStudy, StudyClosed,
    UnknownInvitation, InvitationUsed or InvitedOnly.
    """
    with _open(home, study) as file:
        if not file.study.open:
            raise StudyClosed(f"The study '{study}' takes no answers.")
        known = _invited(file, study, invitation)
        version, document = file.survey()
    survey = _survey(document)
    seed = secrets.randbelow(SEEDS)
    state, said = start(survey, survey.language(language, browser), seed, known)
    return Chat(study, version, survey, state, said=said, invitation=invitation)


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
        state = storing.stored(file.responses.kept(row.id), survey, language)
        if state.stage not in ENDED and not file.study.open:
            raise StudyClosed(f"The study '{study}' takes no answers.")
        prize = _prize(file, state, row.id)
    welcome = (
        (Message("note", say(state.language, "welcome_back")),) if state.answers and state.stage == "asking" else ()
    )
    return Chat(study, row.survey_version, survey, state, row.id, token, welcome, prize=prize)


def reply(home: Home, chat: Chat, said: Reply, prober: Prober | None = None) -> Chat:
    """Return the conversation after a reply, with everything it taught us committed to the study's file.

    prober: decides what is asked after open answers, by default the rules alone. It is asked before the file is locked,
    so that one that takes its time keeps nobody waiting.
    Raises UnknownStudy, UnknownConversation when the study or the response was deleted meanwhile, StudyClosed or
    InvitationUsed when somebody agrees too late, and DataError when the file could not be written: then nothing has
    happened, and the same reply can be given again.
    """
    if chat.response is None:
        state, messages = step(chat.survey, chat.state, said)
        if state.stage in ("consent", "declined"):
            return replace(chat, state=state, said=messages)
        return _begun(home, chat, state, said.trap if isinstance(said, Agree) else "")
    decided = Remembered(prober or RuleProber())
    try:
        with _open(home, chat.study) as file:
            for _ in range(TRIES):
                try:
                    return _said(file, chat, said, decided)
                except Undecided as open_question:
                    decided.ask(open_question)
    except NotFound as error:
        raise UnknownConversation("This conversation is no longer there.") from error
    raise DataError(f"The conversation in '{chat.study}' changed while an answer was stored.")


def _said(file: StudyFile, chat: Chat, said: Reply, decided: Remembered) -> Chat:
    """Return the conversation after a reply; the file is the only truth, and nobody else writes it meanwhile.

    A reply that would replace what this page has not seen is not taken: the page is told, and shown how it stands.
    """
    response = chat.response or ""
    with transaction(file.db):
        kept = file.responses.kept(response)
        before = storing.stored(kept, chat.survey, chat.state.language)
        before = storing.edited(chat.survey, before, chat.state)
        after, messages = step(chat.survey, before, said, World(decided, _full(file, chat.survey, response)))
        if after.answers != before.answers and storing.overtaken(chat.state, before, said):
            after, messages = before, (Message("note", say(before.language, "went_on")),)
        storing.commit(file, chat.survey, kept, before, after)
        prize = _prize(file, after, response)
    return replace(chat, state=after, said=messages, prize=prize)


def _begun(home: Home, chat: Chat, agreed: State, trap: str) -> Chat:
    """Return the conversation of somebody who has agreed: from here on it is stored."""
    survey = chat.survey
    with _open(home, chat.study) as file, transaction(file.db):
        if not file.study.open:
            raise StudyClosed(f"The study '{chat.study}' takes no answers.")
        response, token = file.responses.begin(chat.version, agreed.language, seed=agreed.seed, trap=trap)
        file.responses.consent(response, survey.consent(agreed.language)[1], agreed.language)
        if chat.invitation is not None:
            file.responses.set_descriptors(response, _redeemed(file, chat.study, chat.invitation, response))
        kept = file.responses.kept(response)
        state, said = opened(survey, storing.stored(kept, survey), World(full=_full(file, survey, response)))
        storing.commit(file, survey, kept, replace(state, stage="consent"), state)
        prize = _prize(file, state, response)
    return replace(chat, state=state, said=said, response=response, token=token, prize=prize)


def _prize(file: StudyFile, state: State, response: str) -> str | None:
    return file.prize_for(response) if state.stage == "done" else None


def _full(file: StudyFile, survey: Survey, response: str) -> frozenset[str]:
    """Return the quota cells that take nobody more; what this response fills itself is not counted."""
    return Quotas(file.db).full({quota.name: quota.limit for quota in survey.quotas}, besides=response)


def _invited(file: StudyFile, study: str, token: str | None) -> tuple[tuple[str, Any], ...]:
    """Return what is known beforehand of whoever has a personal link; nothing for the open link."""
    if token is None:
        if file.fieldwork.invited_only:
            raise InvitedOnly(f"The study '{study}' takes only those who were invited.")
        return ()
    found = file.invitations.find(token)
    if found is None:
        raise UnknownInvitation(f"The study '{study}' has no invitation with this link.")
    if found.used:
        raise InvitationUsed(f"This invitation to '{study}' has been used.")
    return tuple(found.descriptors.items())


def _redeemed(file: StudyFile, study: str, token: str, response: str) -> dict[str, Any]:
    try:
        return file.invitations.redeem(token, response)
    except AlreadyUsed as error:
        raise InvitationUsed(f"This invitation to '{study}' has been used.") from error
    except NotFound as error:
        raise UnknownInvitation(f"The study '{study}' has no invitation with this link.") from error


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
