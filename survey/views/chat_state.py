"""What the respondent's page holds between reruns, and what happens when something is said.

Only a cache: the link leads back to the same conversation from nothing. Replies are taken in callbacks, which run
before anything is drawn; an answer is committed before the next call that Streamlit may interrupt.
"""

import logging
import sqlite3
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from data.errors import DataError
from data.studies import Home
from survey.conversation import Answer, Reply, Speak, session
from survey.conversation.session import Chat, StudyClosed, UnknownConversation, UnknownStudy
from survey.definition import interface_language
from survey.errors import AppError

INPUT = "reply"
TROUBLES: dict[type[AppError], str] = {
    StudyClosed: "closed",
    UnknownStudy: "no_study",
    UnknownConversation: "no_response",
}
Link = tuple[str | None, str | None]
logger = logging.getLogger(__name__)


@dataclass
class Held:
    """One browser tab's conversation.

    trouble: which page to show instead of a chat. stumbled: the last reply could not be stored.
    link_shown: the respondent asked for the link that continues later. lock: Streamlit starts a second thread for the
    same tab when somebody presses twice, while the first one still waits for the disk.
    """

    home: Home
    chat: Chat | None = None
    link: Link = (None, None)
    trouble: str | None = None
    stumbled: bool = False
    link_shown: bool = False
    lock: Lock = field(default_factory=Lock)


def held(home: Home) -> Held:
    """Return what this tab holds, brought in step with the link in its address bar."""
    here: Held = st.session_state.setdefault("held", Held(home))
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
    try:
        if token:
            here.chat = session.resume(here.home, study or "", token, wish)
        else:
            here.chat = session.begin(here.home, study or "", wish, st.context.locale)
    except (StudyClosed, UnknownStudy, UnknownConversation) as error:
        here.trouble = TROUBLES[type(error)]
    except (AppError, DataError, sqlite3.Error):
        logger.exception("A study could not be opened.")
        here.trouble = "problem"


def take(here: Held, reply: Reply) -> None:
    """Take one reply and commit it."""
    try:
        with here.lock:
            if here.chat is not None:
                here.chat, here.stumbled = session.reply(here.home, here.chat, reply), False
    except (StudyClosed, UnknownStudy, UnknownConversation) as error:
        here.chat, here.trouble = None, TROUBLES[type(error)]
        here.link = (st.query_params.get("study"), st.query_params.get("resume"))
    except (DataError, sqlite3.Error):
        logger.exception("A reply could not be stored.")
        here.stumbled = True


def take_typed(here: Held, question: str) -> None:
    """Take what was typed; it goes back into the box when it could not be taken."""
    typed = st.session_state[INPUT]
    take(here, Answer(question, typed))
    if here.chat is not None and (here.stumbled or any(message.kind == "note" for message in here.chat.said)):
        st.session_state[INPUT] = typed


def take_picked(here: Held, question: str, key: str) -> None:
    """Take the choice that the widget `key` holds; a choice taken back is no reply."""
    picked = st.session_state[key]
    if picked is not None:
        take(here, Answer(question, picked))


def speak(here: Held, key: str) -> None:
    """Go on in the language that the widget `key` holds."""
    wish = st.session_state[key]
    if wish is not None:
        take(here, Speak(wish))
        st.query_params["lang"] = wish


def show_link(here: Held) -> None:
    """Show the link that continues later, or put it away."""
    here.link_shown = not here.link_shown


def begin_again() -> None:
    """Leave a link that leads nowhere, and begin a new conversation."""
    st.query_params.pop("resume", None)


def language(here: Held) -> str:
    """Return the language of the page: the conversation's, else the link's, else the browser's."""
    if here.chat is not None:
        return here.chat.state.language
    wishes = (interface_language(wish) for wish in (st.query_params.get("lang"), st.context.locale))
    return next((wish for wish in wishes if wish), "en")
