"""The respondent's page, drawn from what `chat_state` holds: bubbles, and what answers the question that waits."""

from functools import partial
from urllib.parse import urlencode, urlsplit

import streamlit as st

from data.studies import Home
from survey.conversation import Agree, Decline, Skip, current, transcript
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
    if here.chat is None:
        _trouble(here, word)
        return
    chat = here.chat
    question = current(chat.survey, chat.state)
    _top(here, chat, word)
    _conversation(chat)
    if chat.state.stage in ("consent", "asking"):
        with st.container(key="reply-area"):
            _answering(here, chat, question, word)
    if here.link_shown and question is not None:
        _link(here, chat, settings, word)
    if question is not None and question.open:
        widgets.draw(here, question, language, word)


def _top(here: Held, chat: Chat, word: Words) -> None:
    """Draw the title, the choice of language and how far it is, as far as there is any."""
    survey, state = chat.survey, chat.state
    if survey.title or len(survey.languages) > 1:
        with st.container(key="top", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            if survey.title:
                st.title(plain(survey.title.text(state.language)), anchor=False)
            if len(survey.languages) > 1:
                _languages(here, chat)
    given, total = len(state.answers), len(survey.questions)
    if total > 1 and state.stage == "asking":
        st.progress(given / total, text=plain(word("progress", number=given + 1, total=total)))


def _languages(here: Held, chat: Chat) -> None:
    st.menu_button(
        words(chat.state.language)["language_name"],
        chat.survey.languages,
        format_func=lambda code: words(code)["language_name"],
        key="language",
        on_click=chat_state.speak,
        args=(here, "language"),
        type="tertiary",
        icon=":material/language:",
    )


def _conversation(chat: Chat) -> None:
    """Draw the bubbles, each as plain text whatever is in it.

    Question and answer take turns, so that every second one is the respondent's; the style and the script rely on it,
    and the script learns the language from the key.
    """
    if chat.state.stage == "consent" and chat.survey.description:
        with st.container(key="intro"):
            st.text(chat.survey.description.text(chat.state.language))
    with st.container(key=f"conversation-{chat.state.language}"):
        for message in transcript(chat.survey, chat.state):
            st.text(message.text)


def _answering(here: Held, chat: Chat, question: Question | None, word: Words) -> None:
    """Draw remarks on the last reply, and what can be pressed: consent, choices, skipping, continuing later."""
    if chat.state.stage == "consent":
        press = partial(st.button, on_click=chat_state.take, width="stretch")
        press(word("agree"), key="agree", type="primary", args=(here, Agree()))
        press(word("decline"), key="decline", args=(here, Decline()))
    if question is None:
        return
    if question.description:
        st.caption(plain(question.description.text(chat.state.language)))
    remarks = [message.text for message in chat.said if message.kind == "note"]
    for remark in (*remarks, *([word("not_saved")] if here.stumbled else [])):
        st.text(remark)
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
