"""The respondent's page as data: bubbles, what answers the question that waits, and what else can be done."""

from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import streamlit as st

from survey.conversation import Message, Waiting, current, progress, transcript
from survey.conversation.session import Chat
from survey.definition import say
from survey.settings import Settings
from survey.sharing import answers_link, chat_link, draw_link, qr_svg
from survey.views import chat_state, widgets
from survey.views.chat_state import Held
from survey.views.component import show

Page = dict[str, Any]
FOLDED = 3
"""An answer that was picked, not typed, and takes more lines than this is folded to its first one."""


@st.fragment
def draw(settings: Settings) -> None:
    """Draw the page of one browser tab; a reply runs this alone again, not the router before it."""
    here = chat_state.held(settings)
    here.drawn += 1
    address = urlsplit(st.context.url or settings.url)
    page = page_of(here, chat_state.language(here), f"{address.scheme}://{address.netloc}")
    show(page, chat_state.receive)


def notice(language: str, title: str, text: str) -> None:
    """Draw a page that only says something."""
    show({**_empty(language), "title": title, "bubbles": [{"who": "guide", "text": text}]})


def page_of(here: Held, language: str, address: str) -> Page:
    """Return everything that the page shows, as plain data for its script; texts in it are never markup.

    address: scheme and host under which the respondent reaches this server.
    """
    if here.chat is None:
        return _trouble(here, language)
    chat = here.chat
    survey, state = chat.survey, chat.state
    waiting = current(survey, state)
    return {
        **_empty(language, here.drawn, here.heard),
        "stage": state.stage,
        "title": survey.title.text(language) if survey.title else "",
        "languages": list(survey.languages),
        "progress": _progress(chat, waiting),
        "bubbles": _bubbles(chat, waiting),
        "notes": _notes(here, chat),
        "reply": widgets.describe(waiting, state, language) if waiting else None,
        "savable": bool(chat.token) and state.stage == "asking",
        "back": bool(state.answers) and state.stage == "asking",
        "skip": waiting is not None and not waiting.required and not waiting.editing,
        "keep": waiting is not None and waiting.editing,
        "answers": answers_link("", chat.study, chat.token) if chat.token else None,
        "draw": _draw(chat, language),
        "link": _link(chat_link(address, chat.study, resume=chat.token)) if here.link_shown and chat.token else None,
    }


def _empty(language: str, serial: int = 0, heard: str | None = None) -> Page:
    return {
        "serial": serial,
        "heard": heard,
        "language": language,
        "stage": "trouble",
        "title": "",
        "languages": [],
        "progress": None,
        "bubbles": [],
        "notes": [],
        "reply": None,
        "savable": False,
        "back": False,
        "skip": False,
        "keep": False,
        "again": False,
        "answers": None,
        "draw": None,
        "link": None,
    }


def _trouble(here: Held, language: str) -> Page:
    """Return why there is no conversation, and what to do."""
    word = partial(say, language)
    study, token = here.link
    return {
        **_empty(language, here.drawn, here.heard),
        "title": word(f"{here.trouble}_title"),
        "bubbles": [{"who": "guide", "text": word(str(here.trouble))}],
        "again": here.trouble == "no_response",
        "answers": answers_link("", study, token) if study and token and here.trouble == "closed" else None,
    }


def _progress(chat: Chat, waiting: Waiting | None) -> Page | None:
    """Return how far the conversation is; branching leaves the end open, and then the text says how far at most."""
    if waiting is None:
        return None
    far = progress(chat.survey, chat.state)
    least, most = far.done + far.left_least, far.done + far.left_most
    if most < 2:
        return None
    word = partial(say, chat.state.language)
    number = min(far.done + 1, most)
    if least == most:
        return {"fraction": far.fraction, "text": word("progress", number=number, total=most)}
    return {"fraction": far.fraction, "text": word("progress_range", number=number, most=most)}


def _bubbles(chat: Chat, waiting: Waiting | None) -> list[Page]:
    survey, state = chat.survey, chat.state
    editable = state.stage in ("asking", "done")
    said = [_bubble(chat, message, editable) for message in _said(chat, waiting)]
    if state.stage == "consent" and survey.description:
        return [{"who": "guide", "text": survey.description.text(state.language)}, *said]
    return said


def _said(chat: Chat, waiting: Waiting | None) -> list[Message]:
    """Return what stands in the conversation.

    The row that is asked stands above its scale, and what was answered of a battery so far is told when it is whole:
    so the buttons stay where they are from row to row.
    """
    messages = [message for message in transcript(chat.survey, chat.state) if message.kind != "item"]
    if waiting is None or waiting.parts < 2 or waiting.turn or waiting.editing:
        return messages
    name = waiting.question.name
    return [*(message for message in messages if message.question != name), Message("question", waiting.text, name)]


def _bubble(chat: Chat, message: Message, editable: bool) -> Page:
    if not message.mine:
        return {"who": "guide", "text": message.text}
    question = chat.survey.question(message.question or "")
    bubble: Page = {
        "who": "you",
        "text": message.text,
        "skipped": message.kind == "skipped",
        "folded": question is not None and not question.open and message.text.count("\n") >= FOLDED,
    }
    return {**bubble, "edit": message.question} if editable and message.turn == 0 else bubble


def _notes(here: Held, chat: Chat) -> list[str]:
    remarks = [message.text for message in chat.said if message.kind == "note"]
    return [*remarks, say(chat.state.language, "not_saved")] if here.stumbled else remarks


def _draw(chat: Chat, language: str) -> Page | None:
    """Return the way to the prize draw, for whoever has finished and has not entered it."""
    if chat.prize is None or chat.token is None:
        return None
    return {
        "text": say(language, "prize_offer", prize=chat.prize),
        "label": say(language, "prize_enter"),
        "href": draw_link("", chat.study, chat.token, language),
    }


def _link(url: str) -> Page:
    """Return the link that leads back to this conversation, also as a picture."""
    return {"url": url, "qr": f"data:image/svg+xml,{quote(qr_svg(url))}"}
