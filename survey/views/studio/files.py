"""The files of a finished run, to take away."""

from functools import partial

import streamlit as st

from survey.bases_result import BasesResult
from survey.studio import RunResult
from survey.views import parts

DOWNLOADS = {
    "segments.csv": ("Table (CSV)", "text/csv", "One row per respondent with segment and confidence."),
    "report.html": ("Report (HTML)", "text/html", "One file with charts that opens without a network."),
    "result.json": ("Result (JSON)", "application/json", "Segments and evidence for other programs."),
}


def downloads(result: RunResult | BasesResult) -> None:
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
