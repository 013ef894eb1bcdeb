"""What a segmentation is to be about: bases in words, or the topics of an open answer; and how many segments."""

from typing import Any

import streamlit as st

from models.closed.names import METHOD_NAMES
from models.population import BASES, LEAD_BASES, Basis
from survey.analysis.population import forming, forms
from survey.analysis.settings import free_text, lacking, offered_bases
from survey.definition import Survey
from survey.studio import StudyView
from survey.views import parts
from survey.wording import BASIS_WORDS

PEOPLE, TOPICS = "What people want and value", "Topics in one open answer"
SUITED = "The one that suits the questions"
MARKS = {None: "As the survey says", True: "Own means taken out (centred)", False: "As they were given"}
FIND, EXACTLY, BETWEEN = "Find it for me", "Exactly", "Between"
FOLLOWING = "following-run"
"""Key of the run that was started here and is shown when it is done."""

MOST_SEGMENTS = 12
LONGEST_TITLE = 90


def wanted(view: StudyView) -> dict[str, Any]:
    """Draw the settings of a segmentation and return them; without bases and questions when nothing is chosen."""
    offered = offered_bases(view.survey)
    ways = [
        *([PEOPLE] if any(offered.values()) else []),
        *([TOPICS] if free_text(view.survey) else []),
    ]
    way = ways[0] if ways else PEOPLE
    if len(ways) > 1:
        way = st.radio(
            "Segment by",
            ways,
            index=0 if _several(view.survey) else 1,
            captions=["Groups of people, from all that was asked", "Groups by what their words are about"],
            key="segment-by",
        )
    chosen = {"bases": _bases(view, offered)} if way == PEOPLE else {"questions": _questions(view)}
    return {**chosen, **_numbers(by_bases=way == PEOPLE, marked=way == PEOPLE and has_marks(view.survey))}


def can_segment(survey: Survey) -> bool:
    """Return whether anything that a survey asks can be segmented by."""
    return bool(free_text(survey)) or any(offered_bases(survey).values())


def has_marks(survey: Survey) -> bool:
    """Return whether a battery forms segments, whose marks can be compared with each person's own mean."""
    return any(forms(question) and question.encoder == "battery" for question in survey.questions)


def _several(survey: Survey) -> bool:
    """Return whether there is more to segment by than one plain open question, whose topics say it all."""
    asked = {question.name: question for basis in LEAD_BASES for question in forming(survey, basis)}
    return len(asked) > 1 or any(question.samtal.laddering for question in asked.values())


def _bases(view: StudyView, offered: dict[Basis, tuple[str, ...]]) -> list[Basis]:
    picked = [basis for basis in LEAD_BASES if _tick(view, basis, offered[basis], value=bool(offered[basis]))]
    with st.expander("Further bases"):
        parts.words(
            "They usually describe the segments above. Ticked here, they form segments of their own.", kind="quiet"
        )
        others = [basis for basis in BASES if basis not in LEAD_BASES]
        picked += [basis for basis in others if _tick(view, basis, offered[basis], value=False)]
    if not picked:
        parts.notice("Choose at least one thing to segment by.", kind="warn")
    return picked


def _tick(view: StudyView, basis: Basis, names: tuple[str, ...], value: bool) -> bool:
    """Draw the choice of one basis, and what it is made of or what to add for it; returns whether it is chosen."""
    words = BASIS_WORDS[basis]
    with st.container(key=f"basis-{basis}", gap=None):
        ticked = st.checkbox(f"{words.name} ({words.about})", value, disabled=not names, key=f"by-{basis}")
        if names:
            parts.words(f"From {_listed([view.title(name) for name in names])}", kind="quiet from")
        else:
            parts.words(str(lacking(basis)), kind="quiet from")
    return ticked and bool(names)


def _listed(titles: list[str]) -> str:
    """Return titles in quotation marks, the third and further ones as their number.

    >>> _listed(["Why?", "When?"]), _listed(["a", "b", "c", "d"])
    ('“Why?” and “When?”', '“a”, “b” and 2 more')
    """
    short = [
        f"“{title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + '…'}”" for title in titles
    ]
    if len(short) <= 2:
        return " and ".join(short)
    return f"{short[0]}, {short[1]} and {len(short) - 2} more"


def _questions(view: StudyView) -> list[str]:
    offered = free_text(view.survey)
    if len(offered) < 2:
        return offered
    return st.multiselect(
        "Answers to",
        offered,
        default=offered[:1],
        format_func=view.title,
        help="Choose several to read them together; each counts the same.",
        key="topic-questions",
    )


def _numbers(by_bases: bool, marked: bool) -> dict[str, Any]:
    method: str = ""
    centred: bool | None = None
    k: int | list[int] | None = None
    with st.expander("Settings"):
        how = st.segmented_control("Number of segments", [FIND, EXACTLY, BETWEEN], default=FIND, required=True)
        if how == EXACTLY:
            k = int(st.number_input("How many", 1, MOST_SEGMENTS, 4))
        elif how == BETWEEN:
            k = list(st.slider("From – to", 2, MOST_SEGMENTS, (3, 6)))
        share = st.slider(
            "Smallest segment worth having",
            0,
            20,
            3,
            format="%d %%",
            help="A smaller group is merged into its nearest neighbour.",
        )
        if by_bases:
            method = st.selectbox(
                "Method",
                ["", *METHOD_NAMES],
                format_func=lambda key: METHOD_NAMES.get(key, SUITED),
                help="Another method can be tried from the result as well.",
                key="method",
            )
        if marked:
            centred = st.selectbox(
                "Marks in batteries",
                list(MARKS),
                format_func=MARKS.__getitem__,
                help="Some people mark everything high. Less their own mean, it counts what they put above the rest.",
                key="centred",
            )
        seed = st.number_input("Seed", 0, 9999, 0, help="The same answers, settings and seed give the same segments.")
    further = {"method": method or None, "centred": centred}
    named = {name: value for name, value in further.items() if value is not None}
    return {"k": k, "min_share": share / 100, "seed": int(seed), **named}
