"""One finished segmentation: the verdict, the segments, the map, and the files to take away."""

import streamlit as st

from survey.bases_result import BasesResult
from survey.errors import AppError
from survey.studio import Studio
from survey.views import parts
from survey.views.studio import bases, cards, explore, session, verdict
from survey.views.studio.files import downloads


def draw(studio: Studio) -> None:
    """Draw the page."""
    slug, run_id = st.query_params.get("study", ""), st.query_params.get("run", "")
    if not slug:
        raise AppError("This link names no study.", "Choose one in the list of studies.")
    st.page_link(
        "studio/study.py", label="Back to the study", icon=":material/arrow_back:", query_params={"study": slug}
    )
    result = studio.outcome(slug, run_id)
    if isinstance(result, BasesResult):
        bases.draw(studio, result)
        return
    parts.words(result.study.title, "h1")
    parts.facts(
        *(f"“{title}”" for title in result.context.questions),
        f"segmented {parts.ago(result.run.created)}",
    )
    verdict.draw(result)
    cards.draw(result.segmentation)
    explore.draw(result)
    downloads(result)


parts.page("Segments")
here = session.studio()
session.top_bar(here.account)
with parts.shown_errors():
    draw(here)
