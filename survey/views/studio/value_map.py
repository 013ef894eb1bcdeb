"""What leads to what they value: the value map of everybody or a segment, at any cut-off, and the matrix behind it."""

from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from models.laddering import Laddering, Node, ValueMap, drawn
from models.solution import Solution
from survey.bases_charts import value_map_chart
from survey.bases_result import BasesResult, shown
from survey.charts import segment_label
from survey.views import parts
from survey.wording import count, percent

EVERYBODY = "Everybody"


@st.fragment
def draw(result: BasesResult, solution: Solution, laddering: Laddering) -> None:
    """Draw the ladders of one open question; only they are drawn again when something is picked."""
    parts.words("What leads to what they value", "h2")
    parts.words(
        f"From the answers to “{result.title(laddering.question)}” and the questions after them. Below: what it is;"
        " in the middle: what it does for them; on top: what counts in life. Thicker lines: more people.",
        kind="quiet",
    )
    key = f"{solution.basis}-{laddering.question}"
    names = {0: EVERYBODY} | {portrait.segment: segment_label(portrait) for portrait in shown(solution)}
    maps = {one.segment: one for one in laddering.maps if one.segment in names}
    picked = st.selectbox("Whose ways", list(maps), format_func=lambda segment: names[segment], key=f"whose-{key}")
    chosen = maps[picked]
    if not chosen.sweep:
        parts.notice("Nobody here said more than one thing that can be placed on the ladder.")
        return
    if len(chosen.sweep) > 1:
        least = st.select_slider(
            "Show ways that so many people took",
            [one.cutoff for one in chosen.sweep],
            value=chosen.cutoff,
            help="Higher: fewer, surer lines. What is suggested keeps at least two thirds of all links.",
            key=f"cutoff-{key}-{picked}",
        )
        chosen = redrawn(chosen, int(least))
    here = next(one for one in chosen.sweep if one.cutoff == chosen.cutoff)
    parts.facts(
        count(chosen.people, "person", "people") + " climbed at least one step",
        f"{count(here.pairs, 'way')} shown, {percent(here.share)} of all links",
    )
    st.altair_chart(value_map_chart(laddering, chosen), alt=f"Value map of {names[picked]}")
    with st.expander("The implication matrix"):
        matrix(laddering, chosen)


def redrawn(one: ValueMap, cutoff: int) -> ValueMap:
    """Return a map with the lines that a cut-off leaves."""
    links = drawn(one.direct, one.indirect, cutoff)
    known, total = {node.concept: node for node in one.nodes}, one.direct + one.indirect
    ends = sorted({end for link in links for end in (link.source, link.target)})
    nodes = tuple(known.get(at) or _node(total, at) for at in ends)
    return replace(one, cutoff=cutoff, links=links, nodes=nodes)


def _node(total: np.ndarray, concept: int) -> Node:
    out, into = total[concept], total[:, concept]
    return Node(concept, int(max(out.max(), into.max())), float(into.sum() / max(out.sum() + into.sum(), 1)))


def matrix(laddering: Laddering, chosen: ValueMap) -> None:
    """Draw who led from what to what: at once, and by way of something else in brackets."""
    total = chosen.direct + chosen.indirect
    sources = [at for at in range(len(laddering.concepts)) if total[at].any()]
    targets = [at for at in range(len(laddering.concepts)) if total[:, at].any()]
    names = [escape(concept.label) for concept in laddering.concepts]
    head = "".join(f'<th scope="col">{names[at]}</th>' for at in targets)
    rows = "".join(
        f'<tr><th scope="row">{names[source]}</th>'
        + "".join(f"<td>{_cell(chosen, source, target)}</td>" for target in targets)
        + "</tr>"
        for source in sources
    )
    parts.table("Implication matrix", f"<tr><td></td>{head}</tr>", rows, kind="heat")
    parts.words("People who went from the row straight to the column; in brackets, by way of others.", kind="quiet")


def _cell(chosen: ValueMap, source: int, target: int) -> str:
    direct, indirect = int(chosen.direct[source, target]), int(chosen.indirect[source, target])
    return f"{direct}{f' ({indirect})' if indirect else ''}" if direct or indirect else ""
