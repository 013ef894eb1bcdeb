"""The one element of every page for respondents: the script of `first_page` draws it from data.

One element instead of one for each bubble and button keeps a reply cheap, and gives the page its own markup: named
groups, live regions, the phone's own date picker, nothing that has to be undone.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from survey.views.chat_state import PAGE

_COMPONENT = st.components.v2.component(
    "samtal", js="export default (component) => {\n  window.samtal(component);\n};\n", isolate_styles=False
)


def show(page: dict[str, Any], said: Callable[[], None] | None = None) -> None:
    """Draw the page; `said` is called when the respondent does something, before the next run draws anything."""
    in_a_list = [page]  # Streamlit searches the entries of a mapping for data frames, at every answer
    _COMPONENT(key=PAGE, data=in_a_list, on_said_change=said or (lambda: None))
