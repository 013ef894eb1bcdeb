"""What the respondent's page holds between reruns, and what happens when something is said.

Only a cache: the link leads back to the same conversation from nothing. Replies are taken in a callback, which runs
before anything is drawn; an answer is committed before the next call that Streamlit may interrupt.
"""

import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from data.errors import DataError
from data.studies import Home
from survey.access.throttle import TooMany, guesses
from survey.conversation import Reply, Speak, session
from survey.conversation.probes import prober_for
from survey.conversation.session import (
    Chat,
    InvitationUsed,
    InvitedOnly,
    StudyClosed,
    UnknownConversation,
    UnknownInvitation,
    UnknownStudy,
)
from survey.definition import interface_language
from survey.errors import AppError
from survey.settings import Settings
from survey.views.replies import reply_from

PAGE, SAID = "page", "said"
"""Keys of the component that draws the page, and of what the respondent did on it."""

TROUBLES: dict[type[AppError], str] = {
    StudyClosed: "closed",
    UnknownStudy: "no_study",
    UnknownConversation: "no_response",
    UnknownInvitation: "no_invitation",
    InvitationUsed: "invitation_used",
    InvitedOnly: "invited_only",
    TooMany: "too_many",
}
Link = tuple[str | None, str | None]
logger = logging.getLogger(__name__)


@dataclass
class Held:
    """One browser tab's conversation.

    trouble: which page to show instead of a chat. stumbled: the last reply could not be stored. link_shown: the
    respondent has just asked for the link that continues later. drawn: how often the page was drawn. heard: mark of the
    last thing the page sent; it sends a thing again until that is heard. lock: Streamlit starts a second thread for the
    same tab when somebody presses twice, while the first one still waits for the disk.
    """

    settings: Settings
    chat: Chat | None = None
    link: Link = (None, None)
    trouble: str | None = None
    stumbled: bool = False
    link_shown: bool = False
    drawn: int = 0
    heard: str | None = None
    lock: Lock = field(default_factory=Lock)


def held(settings: Settings) -> Held:
    """Return what this tab holds, brought in step with the link in its address bar."""
    here: Held | None = st.session_state.get("held")
    if here is None:
        here = st.session_state["held"] = Held(settings)
    study, token = st.query_params.get("study"), st.query_params.get("resume")
    if here.chat is not None and here.chat.study == study and token in (None, here.chat.token):
        if here.chat.token != token and here.chat.token is not None:
            st.query_params["resume"] = here.chat.token
    elif here.chat is not None or here.trouble is None or here.link != (study, token):
        _open(here, (study, token), st.query_params.get("lang"))
    return here


def _open(here: Held, link: Link, wish: str | None) -> None:
    study, token = link
    here.link, here.chat, here.trouble = link, None, None
    home = Home(here.settings.home)
    try:
        with guesses.watched(st.context.ip_address, UnknownConversation, UnknownInvitation):
            if token:
                here.chat = session.resume(home, study or "", token, wish)
            else:
                invitation = st.query_params.get("invite")
                here.chat = session.begin(home, study or "", wish, st.context.locale, invitation)
    except tuple(TROUBLES) as error:
        here.trouble = TROUBLES[type(error)]
    except (AppError, DataError, sqlite3.Error):
        logger.exception("A study could not be opened.")
        here.trouble = "problem"


def receive() -> None:
    """Do what the page asks for."""
    here: Held | None = st.session_state.get("held")
    page = st.session_state.get(PAGE)
    said = page.get(SAID) if isinstance(page, Mapping) else None
    if here is None or not isinstance(said, Mapping):
        return
    mark = said.get("nonce")
    if isinstance(mark, str):
        if mark == here.heard:
            return
        here.heard = mark
    here.link_shown = said.get("do") == "link"
    if said.get("do") == "begin":
        st.query_params.pop("resume", None)
    reply = reply_from(said)
    if reply is not None:
        take(here, reply)
    if isinstance(reply, Speak) and here.chat is not None:
        st.query_params["lang"] = here.chat.state.language


def take(here: Held, reply: Reply) -> None:
    """Take one reply and commit it."""
    try:
        with here.lock:
            if here.chat is not None:
                home, prober = Home(here.settings.home), prober_for(here.settings)
                here.chat, here.stumbled = session.reply(home, here.chat, reply, prober), False
    except tuple(TROUBLES) as error:
        here.chat, here.trouble = None, TROUBLES[type(error)]
        here.link = (st.query_params.get("study"), st.query_params.get("resume"))
    except (DataError, sqlite3.Error):
        logger.exception("A reply could not be stored.")
        here.stumbled = True


def language(here: Held) -> str:
    """Return the language of the page: the conversation's, else the link's, else the browser's."""
    if here.chat is not None:
        return here.chat.state.language
    return reader_language()


def reader_language() -> str:
    """Return the language that the link or the browser asks for."""
    wishes = (interface_language(wish) for wish in (st.query_params.get("lang"), st.context.locale))
    return next((wish for wish in wishes if wish), "en")
