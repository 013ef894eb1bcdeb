"""Answer quality on the study's page: how many responses deserve a second look, which, and why."""

import pandas as pd
import streamlit as st

from survey.conversation.quality import Quality
from survey.conversation.quality.records import DOUBTFUL
from survey.studio import Studio, StudyView
from survey.views import parts

SEEN = "answer-quality"
AT_ONCE = 1_000
MOST_ROWS = 200


def answer_quality(studio: Studio, view: StudyView) -> None:
    """Draw what was noticed about the responses of a study; nothing while nobody has answered.

    Large studies are looked through when somebody asks for it. Nothing is left out of an analysis because of a flag.
    """
    if not view.counts.started:
        return
    parts.words("Answer quality", "h2")
    found = _found(studio, view)
    if found is not None:
        draw(found)


def _found(studio: Studio, view: StudyView) -> tuple[Quality, ...] | None:
    """Return what was noticed as of the newest answer; None while a large study waits for somebody to ask."""
    stamp = (view.study.slug, view.counts, view.latest[0][1].at if view.latest else None)
    known = st.session_state.get(SEEN)
    if known is None or known[0] != stamp:
        if view.counts.started > AT_ONCE and not st.button(f"Look through {view.counts.started:,} responses"):
            return None
        with st.spinner("Looking through the answers…"):
            known = (stamp, studio.quality(view.study.slug))
        st.session_state[SEEN] = known
    found: tuple[Quality, ...] = known[1]
    return found


def draw(found: tuple[Quality, ...]) -> None:
    """Draw one sentence and a table of the responses with flags, the worst first."""
    parts.words(summary(found), kind="quiet")
    flagged = sorted((quality for quality in found if quality.flags), key=lambda quality: quality.score)
    if not flagged:
        return
    rows = [(quality.response, quality.score, " ".join(quality.reasons)) for quality in flagged[:MOST_ROWS]]
    st.dataframe(
        pd.DataFrame(rows, columns=["Response", "Score", "Why"]),
        hide_index=True,
        column_config={
            "Response": st.column_config.TextColumn(width="small"),
            "Score": st.column_config.ProgressColumn(
                min_value=0,
                max_value=100,
                format="%d",
                width="small",
                help="100 less the points of each reason. Flags change no result by themselves: you decide.",
            ),
            "Why": st.column_config.TextColumn(width="large"),
        },
    )
    if len(flagged) > MOST_ROWS:
        parts.words(f"The {MOST_ROWS} lowest of {len(flagged):,} are shown; the export has all.", kind="quiet")


def summary(found: tuple[Quality, ...]) -> str:
    """Return how many responses are fine, doubtful or between, in one sentence.

    >>> from survey.conversation.quality import Flag
    >>> summary((Quality("a", 100, ()), Quality("b", 40, (Flag("honeypot", 60, "trap"),))))
    'Responses: 2. Without any reason to look twice: 1, with a small one: 0, doubtful: 1. All of them count.'
    """
    fine = sum(not quality.flags for quality in found)
    doubtful = sum(quality.score < DOUBTFUL for quality in found)
    if fine == len(found):
        return "No response gives a reason to look twice."
    return (
        f"Responses: {len(found):,}. Without any reason to look twice: {fine:,}, with a small one: "
        f"{len(found) - fine - doubtful:,}, doubtful: {doubtful:,}. All of them count."
    )
