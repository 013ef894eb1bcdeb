"""What sets a segment apart, as a list on its card."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from models.results import Marker
from models.texts.cleaning import excerpt
from survey.wording import percent

MORE_SHOWN, FEWER_SHOWN = 4, 1
"""Answers on a card that a segment gives more often than others, and less often."""

LONGEST_ANSWER = 60
YES = "yes"
"""Answer to a question of yes or no, which says nothing without the question."""

SURE = 0.05
"""Corrected p-values below this are differences that stand."""

Title = Callable[[str], str]
"""A question by its name, as people were asked it."""


def draw(head: str, markers: Sequence[Marker], title: Title) -> None:
    """Draw the markers that a card shows under a heading; nothing when there are none."""
    found = shortlist(markers)
    if not found:
        return
    lines = "".join(
        f'<li title="{escape(title(marker.question))}"><span>{escape(answer(marker, title))}</span>'
        f"<b>{escape(here(marker))}</b><i>{escape(of_all(marker))}</i></li>"
        for marker in found
    )
    st.html(f'<h4 class="samtal">{escape(head)}</h4><ul class="samtal markers">{lines}</ul>')


def shortlist(markers: Sequence[Marker]) -> list[Marker]:
    """Return what a card shows of the answers that set a segment apart, strongest first, those given more on top.

    The same answer to several questions (a wish heard in two open answers) is shown once; the table has all.
    """
    strongest: dict[str, Marker] = {}
    for marker in filter(telling, markers):
        strongest.setdefault(_said(marker) or marker.question, marker)
    found = list(strongest.values())
    more = [marker for marker in found if marker.value > marker.total]
    fewer = [marker for marker in found if marker.value <= marker.total]
    return [*more[:MORE_SHOWN], *fewer[: FEWER_SHOWN if more else MORE_SHOWN]]


def answer(marker: Marker, title: Title) -> str:
    """Return what an answer is called: its text, or the question where it is a number or a yes to it."""
    return _said(marker) or excerpt(title(marker.question), LONGEST_ANSWER)


def _said(marker: Marker) -> str:
    return "" if marker.answer == YES else marker.answer


def telling(marker: Marker) -> bool:
    """Return whether an answer sets a segment apart: the segments were made of it, or the difference stands."""
    return marker.stands_out and (marker.formed or marker.p < SURE)


def here(marker: Marker) -> str:
    """Return the segment's figure, with an arrow for more or less than all.

    >>> here(Marker("q", "a", "share", .6, .5, .7, .3, 200, .6, .01, 40))
    '▲ 60 %'
    """
    arrow = "▲" if marker.value > marker.total else "▼"
    return f"{arrow} {percent(marker.value) if marker.measure == 'share' else f'{marker.value:.1f}'}"


def of_all(marker: Marker) -> str:
    """Return everybody's figure.

    >>> of_all(Marker("q", "a", "mean", 4.2, 4, 4.4, 3.1, None, .6, .01, 40))
    'all: 3.1'
    """
    return f"all: {percent(marker.total) if marker.measure == 'share' else f'{marker.total:.1f}'}"
