"""Where golden questions of another study put the respondents of this one."""

from html import escape

import streamlit as st

from survey.analysis.study_typing import Typed
from survey.studio import Studio, StudyView
from survey.views import parts
from survey.wording import BASIS_WORDS, count, interval, percent

MANY = 5_000
"""Respondents from whom on they are only counted when somebody asks for it, because that takes a while."""


def respondents_typed(studio: Studio, view: StudyView) -> None:
    """Draw a table for every typing tool that came with the study; nothing where there is none."""
    if not view.typing or (
        view.counts.started > MANY and not st.button("Count respondents by segment", icon=":material/groups:")
    ):
        return
    for one in studio.typed(view.study.slug):
        parts.words(f"Segments of respondents: {BASIS_WORDS[one.basis].name.lower()}", "h2")
        people = sum(one.counts.values())
        if not people:
            parts.words("Nobody has answered a golden question yet.", kind="quiet")
        else:
            table(one, people)
        right = one.tool.step.accuracy
        parts.words(
            f"By the golden questions, which are right for {percent(right.value)} of people"
            f" ({interval(right.low, right.high)}). Who belongs where is in the table of all answers.",
            kind="quiet",
        )
        if people and st.button("Count again", icon=":material/refresh:", key=f"typed-{one.basis}"):
            st.rerun()


def table(one: Typed, people: int) -> None:
    """Draw how many are in each segment, beside the study that the questions come from."""
    head = "<tr><th>Segment</th><th>People</th><th>Share</th><th>Where the questions come from</th></tr>"
    rows = "".join(
        f'<tr><th scope="row">{parts.disc(segment)} <span>{escape(name)}</span></th><td>{one.counts[segment]:,}</td>'
        f"<td>{percent(one.counts[segment] / people)}</td><td>{percent(share)}</td></tr>"
        for segment, name, share in zip(one.tool.segments, one.tool.names, one.tool.shares, strict=True)
    )
    parts.table("Respondents by segment", head, rows)
    if one.nowhere:
        parts.facts(f"{count(one.nowhere, 'respondent')} without an answer to a golden question")
