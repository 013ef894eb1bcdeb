"""A run that is going on: how far it is, and the way to stop it."""

import streamlit as st

from data.runs import SEGMENTS
from survey.views import parts
from survey.views.studio import session
from survey.views.studio.choosing import FOLLOWING
from survey.wording import RUN_WORDS


@st.fragment(run_every=1)
def progress(slug: str, run_id: str) -> None:
    """Draw how far a run is; go to the result of a segmentation that was started here, or draw the whole page again."""
    with parts.shown_errors():
        studio = session.studio()
        run = studio.run(slug, run_id)
        if not run.active:
            if run.status == "done" and st.session_state.pop(FOLLOWING, None) == run_id:
                st.switch_page("studio/segments.py", query_params={"study": slug, "run": run_id})
            st.rerun(scope="app")
        if run.kind != SEGMENTS:
            parts.words(f"{RUN_WORDS[run.kind]} is going on.", kind="quiet")
        st.progress(run.fraction, text=run.message or "Starting")
        if st.button("Cancel", key="cancel-run"):
            studio.cancel(slug, run_id)
            st.rerun(scope="app")
