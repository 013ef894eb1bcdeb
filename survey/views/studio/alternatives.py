"""Other ways to divide the same people, how they flow between them, and one click to try another."""

from html import escape

import streamlit as st

from models.closed.names import METHOD_NAMES, SHORT_NAMES
from models.solution import Alternative, Solution
from survey.bases_charts import flow_chart
from survey.bases_result import BasesResult, shown
from survey.studio import Studio
from survey.views import parts
from survey.views.studio import one_basis
from survey.views.studio.choosing import FOLLOWING
from survey.wording import VERDICT_WORDS, count

KEPT = ("bases", "min_share", "seed", "method", "centred")
"""Settings of the run at hand that a run with another number or by another method shares with it."""


def draw(studio: Studio, result: BasesResult, solution: Solution) -> None:
    """Draw the alternatives of one basis, each with one click to have it, and how people flow between them."""
    parts.words("Other ways to divide them", "h2")
    others = list(solution.alternatives)
    for at, other in enumerate(others):
        with st.container(
            key=f"other-{solution.basis}-{at}",
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
        ):
            described(other, solution)
            if one_basis.may(studio, "analyse"):
                again(studio, result, solution, other)
    if one_basis.may(studio, "analyse"):
        several = len(result.solutions.solutions) > 1
        every = " on every basis of this one, all with as many segments" if several else ""
        parts.words(f"A click makes a new result{every}. This one stays.", kind="quiet")
    picked = st.selectbox(
        "See how people flow to",
        range(len(others)),
        format_func=lambda at: titled(others[at], solution),
        key=f"alternative-{solution.basis}",
    )
    flows(solution, others[picked or 0])


def described(other: Alternative, solution: Solution) -> None:
    """Draw what an alternative is and how good."""
    name, _meaning = VERDICT_WORDS[other.verdict]
    facts = (
        name,
        f"found again in resamples {other.stability:.2f} of 1",
        f"agreement with these segments {other.agreement:.2f} of 1",
    )
    told = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    st.html(f'<div class="samtal"><b>{escape(titled(other, solution))}</b><div class="meta">{told}</div></div>')


def flows(solution: Solution, other: Alternative) -> None:
    """Draw how the same people stand in both."""
    here, there = f"{count(solution.k, 'segment')} (these)", count(other.k, "segment")
    columns = [(here, solution.labels), (there, other.labels)]
    if other.k < solution.k:
        columns.reverse()
    st.altair_chart(
        flow_chart(columns),
        alt=f"How people flow from {columns[0][0]} to {columns[1][0]}",
    )
    parts.facts(f"Left: {columns[0][0]}", f"right: {columns[1][0]}")
    _legend(solution)


def titled(other: Alternative, solution: Solution) -> str:
    """Return what an alternative is called, with its method where that is what differs."""
    return f"{count(other.k, 'segment')}, {other.method}" if other.k == solution.k else count(other.k, "segment")


def again(studio: Studio, result: BasesResult, solution: Solution, other: Alternative) -> None:
    """Draw what starts a run that divides people so; the run at hand stays as it is."""
    wanted = {name: value for name in KEPT if (value := result.run.settings.get(name)) is not None} | {"k": other.k}
    label = f"Segment with {other.k} instead"
    if other.k == solution.k:
        method = _key(other.method)
        if method not in METHOD_NAMES:
            return
        wanted["method"] = method
        label = f"Segment by {SHORT_NAMES[method]} instead"
    if st.button(label, icon=":material/auto_awesome:", key=f"again-{solution.basis}-{other.k}-{_key(other.method)}"):
        st.session_state[FOLLOWING] = studio.start(result.study.slug, wanted)
        st.switch_page("studio/study.py", query_params={"study": result.study.slug})


def _key(method: str) -> str:
    """The key of a method by its name; "" for one that this version does not have."""
    return next((key for key, name in METHOD_NAMES.items() if name == method), "")


def _legend(solution: Solution) -> None:
    items = "".join(
        f"<li>{parts.disc(portrait.segment)}<span>{escape(portrait.name)}</span></li>" for portrait in shown(solution)
    )
    st.html(f'<ul class="samtal legend">{items}</ul>')
