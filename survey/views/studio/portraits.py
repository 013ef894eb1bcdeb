"""The segments of a basis as cards: who they are, what they want, what they value, in their own words."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from models.results import Marker
from models.solution import Portrait, Solution
from survey.bases_result import BasesResult, shown
from survey.charts import rows_height, segment_color, shares_chart, stability_words
from survey.views import parts
from survey.views.studio import cards, markers
from survey.wording import interval, percent

ROOMS = (("wants", "What they want"), ("values", "What they value"), ("who", "Who they are"))
LEADING = {"psychographic": ("values", "wants", "who")}
"""Order of the rooms of a card on a basis, where it is another than that of ROOMS."""


def draw(result: BasesResult, solution: Solution) -> None:
    """Draw the segments, two beside each other."""
    people = shown(solution)
    if solution.k < 2:
        for portrait in people:
            cards.terms(portrait.terms)
            cards.quotes(portrait.quotes, f"{solution.basis}-everybody")
        return
    parts.words("Segments", "h2")
    with st.expander("Sizes side by side"):
        st.altair_chart(
            shares_chart(people, "people"),
            height=rows_height(len(people)),
            alt="Share of every segment with its 95 % interval",
        )
    for first in range(0, len(people), 2):
        for column, portrait in zip(st.columns(2), people[first : first + 2], strict=False):
            with column:
                card(result, solution, portrait)


def card(result: BasesResult, solution: Solution, portrait: Portrait) -> None:
    """Draw one segment."""
    key = f"{solution.basis}-{portrait.segment}"
    with st.container(border=True, key=f"segment-{key}", height="stretch"):
        color = segment_color(portrait.segment)
        st.html(f"<style>.st-key-segment-{key}{{border-top:5px solid {color}}}</style>")
        st.html(
            f'<div class="samtal segment-head">{parts.disc(portrait.segment)}'
            f'<h3 class="samtal">{escape(portrait.name)}</h3></div>'
        )
        parts.figures(
            (percent(portrait.share), f"of people ({interval(portrait.share_low, portrait.share_high)})"),
            (f"{portrait.size:,}", "people"),
            (percent(portrait.confidence), "confidence"),
        )
        for name, head in _rooms(solution.basis):
            markers.draw(head, getattr(portrait, name), result.title)
        cards.quotes(portrait.quotes, f"{key}")
        if portrait.message:
            parts.notice(portrait.message, title="What to say to them: an idea to test")
        if portrait.stability is not None:
            again = stability_words(portrait.stability)
            parts.facts(f"Found again in resamples: {again} ({portrait.stability:.2f})")
        parts.notice(*portrait.warnings, kind="warn")
        with st.expander("All that sets them apart", type="compact"):
            _table(result, portrait)


def _rooms(basis: str) -> list[tuple[str, str]]:
    heads = dict(ROOMS)
    return [(name, heads[name]) for name in LEADING.get(basis, tuple(heads))]


def _table(result: BasesResult, portrait: Portrait) -> None:
    found: Sequence[Marker] = (*portrait.wants, *portrait.values, *portrait.who)
    if not found:
        parts.words("Nothing was measured beside the segments themselves.", kind="quiet")
        return
    rows = "".join(_row(result, marker) for marker in found)
    parts.table(
        f"Answers of segment {portrait.segment}",
        "<tr><th>Answer</th><th>Here (95 %)</th><th>All</th><th>Index</th><th>People</th><th>Question</th></tr>",
        rows,
    )
    parts.words(
        "Index: 100 is as everybody. Answers in italics helped to form the segments, so that a difference in them is no"
        " finding; all others describe, with p-values corrected for their number. Grey ones may be chance.",
        kind="quiet",
    )


def _row(result: BasesResult, marker: Marker) -> str:
    share = marker.measure == "share"
    figure = percent(marker.value) if share else f"{marker.value:.2f}"
    span = interval(marker.low, marker.high) if share else f"{marker.low:.2f}–{marker.high:.2f}"
    total = percent(marker.total) if share else f"{marker.total:.2f}"
    kind = "formed" if marker.formed else "" if marker.p < markers.SURE else "chance"
    index = f"{marker.index:.0f}" if marker.index is not None else "–"
    return (
        f'<tr class="{kind}"><th scope="row">{escape(markers.answer(marker, result.title))}</th>'
        f"<td>{escape(figure)} ({escape(span)})</td>"
        f"<td>{escape(total)}</td><td>{index}</td><td>{marker.base:,}</td>"
        f'<td class="long">{escape(result.title(marker.question))}</td></tr>'
    )
