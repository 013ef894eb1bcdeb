"""The respondent's page, drawn from what `chat_state` holds: bubbles, and what answers the question that waits."""

from functools import cache, partial
from html import escape
from importlib.resources import files
from urllib.parse import urlencode, urlsplit

import streamlit as st

from data.studies import Home
from survey.conversation import Agree, Decline, Message, Skip, current, transcript
from survey.conversation.session import Chat
from survey.definition import Question, say, words
from survey.settings import Settings
from survey.views import chat_state, widgets
from survey.views.chat_state import Held
from survey.views.widgets import Words, plain


def draw(settings: Settings) -> None:
    """Draw the page of one browser tab."""
    here = chat_state.held(Home(settings.home))
    language = chat_state.language(here)
    word = partial(say, language)
    st.html(_look(language), unsafe_allow_javascript=True)
    if here.chat is None:
        _trouble(here, word)
        return
    chat = here.chat
    _top(here, chat, word)
    with st.container(key="conversation"):
        _conversation(here, chat, word)
    question = current(chat.survey, chat.state)
    if chat.state.stage in ("consent", "asking"):
        with st.container(key="reply-area"):
            _answering(here, chat, question, word)
    if here.link_shown and question is not None:
        _link(here, chat, settings, word)
    if question is not None and question.open:
        widgets.draw(here, question, language, word)


@cache
def _look(language: str) -> str:
    """Return the page's style and script, and what the script reads: the language, names for bubbles and log."""
    style = files("data").joinpath("packaged", "web", "chat.css").read_text(encoding="utf-8")
    known = words(language)
    facts = {"lang": language, **{name: known[name] for name in ("you", "guide", "conversation")}}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in facts.items())
    return f'<style>{style}</style><i data-samtal-chat="" {data}></i><script src="/samtal/chat.js"></script>'


def _top(here: Held, chat: Chat, word: Words) -> None:
    """Draw the title, the choice of language and how far it is, as far as there is any."""
    survey, state = chat.survey, chat.state
    if survey.title or len(survey.languages) > 1:
        with st.container(key="top", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.title(plain(survey.title.text(state.language)) if survey.title else "", anchor=False)
            if len(survey.languages) > 1:
                _languages(here, chat, word)
    given, total = len(state.answers), len(survey.questions)
    if total > 1 and state.stage == "asking":
        st.progress(given / total, text=plain(word("progress", number=given + 1, total=total)))


def _languages(here: Held, chat: Chat, word: Words) -> None:
    st.menu_button(
        words(chat.state.language)["language_name"],
        chat.survey.languages,
        format_func=lambda code: words(code)["language_name"],
        key="language",
        on_click=chat_state.speak,
        args=(here, "language"),
        type="tertiary",
        icon=":material/language:",
        help=word("language"),
    )


def _conversation(here: Held, chat: Chat, word: Words) -> None:
    """Draw all bubbles; remarks on the whole come before the last one, remarks on a reply after it."""
    *said, prompt = transcript(chat.survey, chat.state)
    notes = [message for message in chat.said if message.kind == "note"]
    if here.stumbled:
        notes.append(Message("note", word("not_saved"), prompt.question))
    if chat.state.stage == "consent" and chat.survey.description:
        _bubble(Message("note", chat.survey.description.text(chat.state.language)))
    for message in (*said, *(note for note in notes if note.question is None), prompt):
        _bubble(message)
    for note in notes:
        if note.question is not None:
            _bubble(note)


def _bubble(message: Message) -> None:
    """Draw one message as plain text, whatever is in it."""
    with st.chat_message("user" if message.mine else "assistant"):
        st.text(message.text)
        if message.detail:
            st.caption(plain(message.detail))


def _answering(here: Held, chat: Chat, question: Question | None, word: Words) -> None:
    """Draw what can be pressed: consent, choices, skipping, continuing later."""
    if chat.state.stage == "consent":
        press = partial(st.button, on_click=chat_state.take, width="stretch")
        press(word("agree"), key="agree", type="primary", args=(here, Agree()))
        press(word("decline"), key="decline", args=(here, Decline()))
    if question is None:
        return
    if not question.open:
        widgets.draw(here, question, chat.state.language, word)
    with st.container(key="aside", horizontal=True, horizontal_alignment="distribute"):
        st.button(word("save"), key="later", type="tertiary", on_click=chat_state.show_link, args=(here,))
        if not question.isRequired:
            skip = (here, Skip(question.name))
            st.button(word("skip"), key=f"skip-{question.name}", type="tertiary", on_click=chat_state.take, args=skip)


def _link(here: Held, chat: Chat, settings: Settings, word: Words) -> None:
    """Draw the link that leads back to this conversation."""
    here_now = urlsplit(st.context.url or settings.url)
    query = urlencode({"study": chat.study, "resume": chat.token})
    with st.container(border=True, key="link"):
        st.text(word("save_hint"))
        st.code(f"{here_now.scheme}://{here_now.netloc}/chat?{query}", language=None, wrap_lines=True)
        st.caption(plain(word("save_warning")))


def _trouble(here: Held, word: Words) -> None:
    """Draw why there is no conversation, and what to do."""
    st.title(plain(word(f"{here.trouble}_title")), anchor=False)
    st.text(word(f"{here.trouble}"))
    if here.trouble == "no_response":
        st.button(word("begin_again"), type="primary", on_click=chat_state.begin_again)
