"""One finished segmentation: the verdict, the segments, the map, and the files to take away."""

from functools import partial

import streamlit as st

from survey.errors import AppError
from survey.studio import RunResult, Studio
from survey.views import parts
from survey.views.studio import cards, explore, session, verdict

DOWNLOADS = {
    "segments.csv": ("Table (CSV)", "text/csv", "One row per respondent with segment and confidence."),
    "report.html": ("Report (HTML)", "text/html", "One file with charts that opens without a network."),
    "result.json": ("Result (JSON)", "application/json", "Segments and evidence for other programs."),
}


def downloads(result: RunResult) -> None:
    """Draw the files of this result; each is made when it is asked for."""
    parts.words("Take it with you", "h2")
    with st.container(horizontal=True):
        for name, (label, mime, help_) in DOWNLOADS.items():
            st.download_button(
                label,
                data=partial(result.file, name),
                file_name=f"{result.study.slug}-{name}",
                mime=mime,
                help=help_,
                icon=":material/download:",
                on_click="ignore",
            )


def draw(studio: Studio) -> None:
    """Draw the page."""
    slug, run_id = st.query_params.get("study", ""), st.query_params.get("run", "")
    if not slug:
        raise AppError("This link names no study.", "Choose one in the list of studies.")
    st.page_link(
        "studio/study.py", label="Back to the study", icon=":material/arrow_back:", query_params={"study": slug}
    )
    result = studio.result(slug, run_id)
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
