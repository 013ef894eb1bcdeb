"""One finished run by bases: a basis at a time, then how the bases cross, and the files to take away."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from models.portrait.cautions import outdated
from models.solution import Crossing, Solution
from survey.bases_result import BasesResult, shown
from survey.report.bases_context import placed, unsure
from survey.studio import Studio
from survey.views import parts
from survey.views.studio import alternatives, crossing, made_of, one_basis, portraits, value_map, verdict
from survey.views.studio.files import downloads
from survey.wording import BASIS_WORDS, count, percent

TWO_AND_A_CROSSING = 3
"""Parts of the page of a run by two bases."""


def draw(studio: Studio, result: BasesResult) -> None:
    """Draw the page."""
    found = result.solutions
    parts.words(result.study.title, "h1")
    parts.facts(count(found.people, "respondent"), f"segmented {parts.ago(result.run.created)}")
    views = {solution.basis: solution for solution in found.solutions} | {
        f"{one.one}-{one.other}": one for one in found.crossings
    }
    view = chosen(views)
    match views[view]:
        case Solution() as solution:
            basis(studio, result, solution)
        case Crossing() as crossed:
            crossing.draw(result, crossed)
    downloads(result)


def chosen(views: Mapping[str, Solution | Crossing]) -> str:
    """Draw the choice of what to look at, and return its key."""
    keys = list(views)
    if len(keys) == 1:
        return keys[0]
    picked = st.segmented_control(
        "Look at",
        keys,
        format_func=lambda key: titled(views[key], len(views)),
        default=asked if (asked := st.query_params.get("basis")) in keys else keys[0],
        required=True,
        key="look-at",
        label_visibility="collapsed",
        wrap=True,
    )
    return picked or keys[0]


def titled(view: Solution | Crossing, parts_of_page: int) -> str:
    """Return what a part of the page is called."""
    if isinstance(view, Solution):
        return BASIS_WORDS[view.basis].name
    if parts_of_page == TWO_AND_A_CROSSING:
        return "How the two cross"
    return f"{BASIS_WORDS[view.one].name} × {BASIS_WORDS[view.other].name.lower()}"


def basis(studio: Studio, result: BasesResult, solution: Solution) -> None:
    """Draw the segments of one basis, how sure they are, what they are made of, and what else there is."""
    verdict.headline(solution.evidence)
    key_figures(solution)
    parts.notice(*solution.warnings, *outdated(datetime.now(UTC) - result.run.created), kind="warn")
    if solution.k < 2:
        verdict.next_steps(placed(solution))
    if solution.choice:
        parts.words("Why these segments", "h2")
        parts.words(solution.choice)
    portraits.draw(result, solution)
    for laddering in solution.ladders:
        value_map.draw(result, solution, laddering)
    with st.expander("How sure is this? The evidence"):
        evidence(result, solution)
    with st.expander("What are the segments made of?"):
        made_of.draw(result, solution)
    if solution.alternatives:
        alternatives.draw(studio, result, solution)
    if solution.k > 1:
        one_basis.links(result.study.slug, result.run.id, solution)


def key_figures(solution: Solution) -> None:
    """Draw base sizes and how well people could be placed."""
    people, doubtful = placed(solution), unsure(solution)
    nowhere = len(solution.labels) - people
    pairs = [(f"{people:,}", "people placed")]
    if solution.k > 1:
        share = percent(doubtful / people) if people else "–"
        pairs += [(f"{solution.k}", "segments"), (f"{doubtful:,} ({share})", "could as well be in another")]
    if nowhere:
        pairs.append((f"{nowhere:,}", "said nothing about this"))
    parts.figures(*pairs)


def evidence(result: BasesResult, solution: Solution) -> None:
    """Draw stability against structureless data, each segment's stability, and where the numbers come from."""
    verdict.found_again(solution.evidence, solution.k, shown(solution))
    if solution.classes is not None:
        verdict.latent_classes(solution.classes, result.item)
    found = result.solutions
    facts = [f"Method: {solution.method}", f"seed {solution.seed}", f"{found.seconds:.0f} s"]
    parts.facts(*facts, *verdict.measured(solution.evidence, "people"))
    if found.embedder != "none":
        parts.words(f"Text model: {found.embedder}. {found.embedder_reason}", kind="quiet")
    for note in (*solution.notes, *found.notes, *result.found.notes):
        parts.words(note, kind="quiet")
