"""One study: answers coming in, the link to share, and segmenting what is there."""

import pandas as pd
import streamlit as st

from data.responses import AnswerRow
from data.runs import RunRow
from survey.errors import AppError
from survey.settings import Settings
from survey.sharing import chat_link, shared_base
from survey.studio import Studio, StudyView
from survey.views import parts
from survey.views.studio import session
from survey.views.studio.choosing import FOLLOWING, can_segment, wanted
from survey.views.studio.document import survey_document
from survey.views.studio.quality import answer_quality
from survey.views.studio.typed import respondents_typed
from survey.views.studio.working import progress
from survey.wording import BASIS_WORDS, asked_for, percent

REFRESH_SECONDS = 4


def figures(view: StudyView) -> None:
    """Draw how many answered."""
    counts = view.counts
    asked = counts.complete + counts.partial
    turned_away = counts.screened + counts.full
    parts.figures(
        (f"{counts.started:,}", "respondents"),
        (f"{counts.complete:,}", "finished"),
        (f"{counts.partial:,}", "under way or left"),
        (percent(counts.complete / asked) if asked else "–", "finish rate"),
        *([(f"{turned_away:,}", "screened out or over a quota")] if turned_away else []),
        (parts.ago(view.latest[0][1].at) if view.latest else "–", "last answer"),
    )


@st.fragment(run_every=REFRESH_SECONDS)
def figures_now(slug: str) -> None:
    """Draw the counts, again every few seconds."""
    with parts.shown_errors():
        figures(session.studio().study(slug))


@st.fragment(run_every=REFRESH_SECONDS)
def coming_in(slug: str) -> None:
    """Draw the newest answers, again every few seconds."""
    with parts.shown_errors():
        view = session.studio().study(slug)
        parts.words("Newest answers", "h2")
        if not view.latest:
            parts.words("Nobody has answered yet. Share the link; answers show up here by themselves.", kind="quiet")
            return
        rows = [
            (*worded(view, answer), language, answer.at) for language, answer in view.latest if answer.value is not None
        ]
        st.dataframe(
            pd.DataFrame(rows, columns=["Answer", "Question", "Language", "When"]),
            hide_index=True,
            height=320,
            column_config={
                "When": st.column_config.DatetimeColumn(format="distance", width="small"),
                "Question": st.column_config.TextColumn(width="medium"),
                "Answer": st.column_config.TextColumn(width="large"),
                "Language": st.column_config.TextColumn(width="small"),
            },
            key="newest-answers",
            alt="The newest answers, newest first",
        )


def worded(view: StudyView, answer: AnswerRow) -> tuple[str, str]:
    """Return answer and question as a person reads them, by the newest version of the survey that asks it."""
    for survey in (view.survey, *view.earlier):
        if question := survey.question(answer.question):
            return question.show(answer.value, survey.locale), question.title.text(survey.locale)
    return str(answer.value), answer.question


def segmenting(studio: Studio, view: StudyView) -> None:
    """Draw the newest result and the way to a new one."""
    slug = view.study.slug
    parts.words("Segments", "h2")
    if view.results:
        newest = view.results[0]
        st.page_link(
            "studio/segments.py",
            label=f"See the segments ({parts.ago(newest.created)})",
            icon=":material/bubble_chart:",
            query_params={"study": slug, "run": newest.id},
        )
    if view.active is not None:
        progress(slug, view.active.id)
        return
    if not can_segment(view.survey):
        parts.notice(
            "Add an open question, or say in the survey document which questions tell what people want or value"
            " (samtal: {basis: benefit}).",
            title="Nothing this study asks forms segments.",
        )
        return
    if not view.counts.started:
        parts.words("Segments can be found as soon as there are answers.", kind="quiet")
        return
    with st.container(border=True, key="segment-now"):
        settings = wanted(view)
        nothing = not (settings.get("bases") or settings.get("questions"))
        if st.button("Segment now", type="primary", icon=":material/auto_awesome:", disabled=nothing):
            with parts.shown_errors():
                st.session_state[FOLLOWING] = studio.start(slug, settings)
                st.rerun()


def sharing(view: StudyView) -> None:
    """Draw the link that respondents open."""
    link = chat_link(shared_base(st.context.url, Settings.from_env().url), view.study.slug)
    parts.words("Collect answers", "h2")
    if not view.study.open:
        parts.notice("This study is closed: the link takes no more answers.", kind="warn")
    else:
        parts.words("Everybody with this link can answer, without an account.", kind="quiet")
    st.code(link, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.link_button("Try it yourself", link, icon=":material/chat:")
        st.page_link(
            "studio/collect.py",
            label="QR code, invitations, limits",
            icon=":material/campaign:",
            query_params={"study": view.study.slug},
        )


def earlier(view: StudyView) -> None:
    """Draw all runs that have ended, also those that came to nothing, with the reason."""
    ended = [run for run in view.runs if not run.active]
    if not ended:
        return
    parts.words("All segmentations", "h2")
    for run in ended:
        with st.container(horizontal=True, key=f"run-{run.id}", vertical_alignment="center", gap="medium"):
            if run.status == "done":
                st.page_link(
                    "studio/segments.py",
                    label=f"Result ({parts.ago(run.created)})",
                    icon=":material/bubble_chart:",
                    query_params={"study": view.study.slug, "run": run.id},
                )
            parts.facts(*described(view, run))


def described(view: StudyView, run: RunRow) -> list[str]:
    """Return what to say about a run: what happened to it, and what was asked for."""
    asked = [f"“{title}”" for title in view.questions(run)]
    if bases := run.settings.get("bases"):
        asked = [BASIS_WORDS[basis].name for basis in bases]
    if run.status == "failed":
        return [f"Failed {parts.ago(run.created)}: {run.reason}", *asked]
    if run.status == "cancelled":
        return [f"Cancelled {parts.ago(run.created)}", *asked]
    return [*asked, asked_for(run.settings), f"seed {run.settings.get('seed', 0)}"]


def draw(studio: Studio) -> None:
    """Draw the page."""
    slug = st.query_params.get("study", "")
    if not slug:
        raise AppError("This link names no study.", "Choose one in the list of studies.")
    view = studio.study(slug)
    parts.words(view.study.title, "h1")
    figures_now(slug)
    left, right = st.columns([3, 2], gap="large")
    with left:
        respondents_typed(studio, view)
        segmenting(studio, view)
    with right:
        sharing(view)
        survey_document(studio, view)
    coming_in(slug)
    if view.counts.started:
        st.download_button(
            "Download all answers",
            lambda: studio.answers_csv(slug).encode("utf-8-sig"),
            f"{slug}.csv",
            "text/csv",
            help="One line per respondent; unfinished ones are marked as partial.",
            on_click="ignore",
            icon=":material/download:",
        )
    answer_quality(studio, view)
    earlier(view)


parts.page("Study")
here = session.studio()
session.top_bar(here.account)
st.page_link("studio/studies.py", label="All studies", icon=":material/arrow_back:")
with parts.shown_errors():
    draw(here)
