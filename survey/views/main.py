"""The router: which pages exist on this surface, and for whom."""

import streamlit as st

from survey.settings import Settings


def pages(settings: Settings) -> list[st.Page]:
    """Return the pages of this surface; the first one answers at `/`."""
    chat = st.Page("respond.py", title="Samtal", url_path="chat", visibility="hidden")
    if settings.surface == "respond":
        return [st.Page("door.py", title="Samtal", default=True, visibility="hidden"), chat]
    from survey.views import studio

    return [*studio.pages(settings), *([chat] if settings.surface == "all" else [])]


if __name__ == "__main__":  # a worker process imports the main module of the server, which is this script
    st.navigation(pages(Settings.from_env()), position="hidden").run()
