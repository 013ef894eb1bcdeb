"""The researcher's pages. Which of them exist depends on who asks; each asks again, and so does `survey.studio`."""

import streamlit as st

from survey.access.roles import allows
from survey.settings import Settings
from survey.views.studio.session import account


def pages(settings: Settings) -> list[st.Page]:
    """Return the studio's pages for whoever is asking: all of them, or only the door; the first answers at `/`."""
    person = account(settings)
    if person is None or not allows(person.role, "read"):
        return [st.Page("studio/door.py", title="Sign in", default=True, visibility="hidden")]
    return [
        st.Page("studio/studies.py", title="Studies", default=True, visibility="hidden"),
        st.Page("studio/study.py", title="Study", url_path="study", visibility="hidden"),
        st.Page("studio/collect.py", title="Collect answers", url_path="collect", visibility="hidden"),
        st.Page("studio/segments.py", title="Segments", url_path="segments", visibility="hidden"),
        st.Page("studio/golden.py", title="Golden questions", url_path="golden", visibility="hidden"),
        st.Page("studio/tracking.py", title="Tracking", url_path="tracking", visibility="hidden"),
    ]
