"""Other ways to divide the same people, how they flow between them, and one click to try another."""

from html import escape
from typing import Any

import streamlit as st

from models.solution import Alternative, Solution
from survey.access.roles import allows
from survey.bases_charts import flow_chart
from survey.bases_result import BasesResult, shown
from survey.studio import Studio
from survey.views import parts
from survey.views.studio.choosing import FOLLOWING
from survey.wording import VERDICT_WORDS, count


def draw(studio: Studio, result: BasesResult, solution: Solution) -> None:
    """Draw the alternatives of one basis."""
    parts.words("Other ways to divide them", "h2")
    others = list(solution.alternatives)
    picked = st.segmented_control(
        "Compare with",
        range(len(others)),
        format_func=lambda at: titled(others[at], solution, others),
        default=0,
        required=True,
        key=f"alternative-{solution.basis}",
        wrap=True,
    )
    other = others[picked or 0]
    name, _meaning = VERDICT_WORDS[other.verdict]
    agreement = f"agreement with these segments {other.agreement:.2f} of 1"
    parts.facts(name, f"found again in resamples {other.stability:.2f} of 1", agreement, other.method)
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
    if other.k != solution.k and studio.account is not None and allows(studio.account.role, "analyse"):
        again(studio, result, other)


def titled(other: Alternative, solution: Solution, others: list[Alternative]) -> str:
    """Return what an alternative is called, with its method where two have as many segments."""
    alike = sum(one.k == other.k for one in others) > 1 or other.k == solution.k
    return f"{count(other.k, 'segment')}, {other.method}" if alike else count(other.k, "segment")


def again(studio: Studio, result: BasesResult, other: Alternative) -> None:
    """Draw what starts a run with as many segments; the run at hand stays as it is."""
    if st.button(
        f"Segment with {other.k} instead",
        icon=":material/auto_awesome:",
        help="Makes a new result with this number of segments on every basis of this run; this one stays.",
        key=f"again-{other.k}",
    ):
        kept: dict[str, Any] = {name: result.run.settings.get(name) for name in ("bases", "min_share", "seed")}
        st.session_state[FOLLOWING] = studio.start(result.study.slug, {**kept, "k": other.k})
        st.switch_page("studio/study.py", query_params={"study": result.study.slug})


def _legend(solution: Solution) -> None:
    items = "".join(
        f"<li>{parts.disc(portrait.segment)}<span>{escape(portrait.name)}</span></li>" for portrait in shown(solution)
    )
    st.html(f'<ul class="samtal legend">{items}</ul>')
