"""How each question type is answered on the page: one drawing function a type."""

import re
from collections.abc import Callable

import streamlit as st

from survey.definition.questions import ChoiceQuestion, OpenQuestion, Question, Rating, Value
from survey.views.chat_state import INPUT, Held, take_picked, take_typed

Words = Callable[..., str]
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&^=@])")


def plain(text: str) -> str:
    """Return text for a label, where Streamlit reads Markdown, so that it shows as it was written.

    >>> plain("$5 *now*")
    '\\\\$5 \\\\*now\\\\*'
    """
    return _MARKUP.sub(r"\\\1", text)


def draw(here: Held, question: Question, language: str, word: Words) -> None:
    """Draw what answers a question."""
    WIDGETS[question.type](here, question, language, word)


def _typed(here: Held, question: OpenQuestion, language: str, word: Words) -> None:
    placeholder = question.placeholder.text(language) if question.placeholder else word("placeholder")
    st.chat_input(placeholder, key=INPUT, submit_mode="disable", on_submit=take_typed, args=(here, question.name))


def _shown(question: ChoiceQuestion, language: str) -> Callable[[Value], str]:
    return lambda value: plain(question.show(value, language))


def _all_in_view(here: Held, question: ChoiceQuestion, language: str, word: Words) -> None:
    key = f"choice-{question.name}"
    st.pills(
        plain(question.title.text(language)),
        [choice.value for choice in question.choices],
        format_func=_shown(question, language),
        key=key,
        on_change=take_picked,
        args=(here, question.name, key),
        label_visibility="collapsed",
        width="stretch",
    )


def _list(here: Held, question: ChoiceQuestion, language: str, word: Words) -> None:
    key = f"list-{question.name}"
    st.selectbox(
        plain(question.title.text(language)),
        [choice.value for choice in question.choices],
        index=None,
        format_func=lambda value: question.show(value, language),
        placeholder=word("choose"),
        key=key,
        on_change=take_picked,
        args=(here, question.name, key),
        label_visibility="collapsed",
    )


def _scale(here: Held, question: Rating, language: str, word: Words) -> None:
    key = f"scale-{question.name}"
    st.pills(
        plain(question.title.text(language)),
        list(question.steps),
        key=key,
        on_change=take_picked,
        args=(here, question.name, key),
        label_visibility="collapsed",
        width="stretch",
    )
    ends = (question.minRateDescription, question.maxRateDescription)
    if any(ends):
        with st.container(horizontal=True, horizontal_alignment="distribute", key="ends"):
            for step, end in zip((question.rateMin, question.rateMax), ends, strict=True):
                st.text(f"{step} = {end.text(language)}" if end else str(step))


WIDGETS: dict[str, Callable[..., None]] = {
    "comment": _typed,
    "text": _typed,
    "radiogroup": _all_in_view,
    "dropdown": _list,
    "rating": _scale,
}
