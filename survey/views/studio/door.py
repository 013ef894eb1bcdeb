"""What `/` says in the studio to somebody who is not signed in, or whose account may not read."""

import streamlit as st

from survey.settings import Settings
from survey.views import parts
from survey.views.studio import session

parts.page("Sign in")
parts.words("Samtal", "h1")
if session.account(Settings.from_env()) is None:
    parts.words("Sign in to see studies, answers and segments.", kind="lead")
    st.link_button("Sign in", session.sign_in_link(), type="primary")
else:
    parts.notice(
        "Ask whoever looks after this installation.", kind="warn", title="Your account may not open the studio."
    )
    st.link_button("Sign out", "/logout")
