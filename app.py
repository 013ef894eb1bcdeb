"""The web application: one ASGI object that Streamlit and any ASGI server can run.

Start it with `python -m survey.cli serve`, or `streamlit run app.py` from this folder.
"""

from pathlib import Path

import streamlit as st

from survey import api
from survey.settings import Settings
from survey.views import first_page

settings = Settings.from_env()

app = st.App(
    Path(__file__).parent / "survey" / "views" / "main.py",
    routes=[*api.routes(settings), *first_page.routes(settings)],
    middleware=api.middleware(settings),
    lifespan=api.lifespan(settings),
)
