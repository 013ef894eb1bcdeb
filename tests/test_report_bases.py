"""The report on several bases: what people said is text in it, and figures are told in plain words."""

from dataclasses import replace

import numpy as np

from models.features import Answers
from models.laddering import ladder
from models.population import LEAD_BASES, Population, Question
from models.results import Evidence, Marker
from models.solution import Crossing, Portrait, Solution, Solutions
from survey.report.bases_context import BasesContext, association, cell
from survey.report.bases_page import bases_html
from survey.report.markers import figures, telling

N = 40
LABELS = np.arange(N) % 2 + 1
WISH = Marker("What matters?", "Price", "share", 0.8, 0.6, 0.9, 0.4, 200.0, 0.9, 0.001, 20)
CHANCE = replace(WISH, answer="Speed", p=0.4)


def solution(basis: str) -> Solution:
    said = Evidence("reproducible", "Two groups, found again in 9 of 10 resamples.", n=N, n_total=N)
    portraits = tuple(
        Portrait(segment, f"<b>Group {segment}</b>", 20, 0.5, 0.4, 0.6, 0.9, 0.8, wants=(WISH, CHANCE))
        for segment in (1, 2)
    )
    chains = [(("price",), ("freedom",))] * N
    ladders = (ladder(chains, [("attribute", "value")] * N, LABELS, {"price": "Price", "freedom": "Freedom"}, "q"),)
    return Solution(
        basis, LABELS, np.ones(N), 2, "k-means", "Two is right.", said, 0, ("q",), portraits=portraits, ladders=ladders
    )


def context() -> BasesContext:
    question = Question("What matters?", Answers("q", "text", ["<script>alert(1)</script>"] * N), LEAD_BASES)
    crossing = Crossing("benefit", "psychographic", np.array([[18, 2], [2, 18]]), 0.8, 0.5, 0.0001)
    both = (solution("benefit"), solution("psychographic"))
    found = Solutions(N, both, (crossing,), 0, "fake", "For tests.", 1.0, ("<i>note</i>",))
    return BasesContext(found, Population(N, (question,)), "a<b>.csv", 1.0)


def test_nothing_that_people_wrote_is_run() -> None:
    page = bases_html(context())
    for harmful in ("<script", "<b>Group", "<i>note", "a<b>.csv"):
        assert harmful not in page
    assert "&lt;b&gt;Group 1&lt;/b&gt;" in page


def test_the_page_has_a_part_for_each_basis_the_crossing_and_the_ladder() -> None:
    page = bases_html(context())
    for told in ("What people want", "What people value and how they live", "Two is right.", "speak of price"):
        assert told in page
    assert "Benefit and psychographic segments" in page
    assert "From what it is to what counts" in page
    assert "speak of speed" not in page, "what chance explains sets nobody apart"


def test_figures_in_words() -> None:
    assert figures(WISH) == "80 % (40 % of all)"
    assert figures(replace(WISH, measure="mean", value=4.123, total=3.2)) == "4.12 on average (3.2 of all)"
    assert telling([CHANCE, WISH], 5) == [WISH]


def test_crossings_in_words() -> None:
    crossing = context().solutions.crossings[0]
    assert "closely" in association(crossing)
    assert "hardly at all" in association(replace(crossing, cramers_v=0.02))
    assert cell(crossing, 0, 0) == ("90 %", "more")
    assert cell(crossing, 0, 1) == ("10 %", "fewer")
    assert cell(replace(crossing, counts=np.array([[5, 5], [5, 5]])), 0, 0) == ("50 %", "")
