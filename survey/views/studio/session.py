"""Who sits at the other end of this page, and the studio as that person may use it."""

from functools import partial
from html import escape
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from data.people import Account
from data.studies import Home
from survey.access.guard import COOKIE, current_account
from survey.analysis.service import get_service
from survey.distribution import Distribution
from survey.settings import Settings
from survey.studio import Studio


def account(settings: Settings) -> Account | None:
    """Return who is signed in, asked anew of the catalogue each time, so that signing out works at once."""
    return current_account(Home(settings.home), cookie())


def cookie() -> str | None:
    """Return the session cookie the browser sent when it opened this page."""
    return st.context.cookies.get(COOKIE)


def studio() -> Studio:
    """Return the studio of whoever is signed in; it refuses everything to nobody."""
    settings = Settings.from_env()
    return Studio(Home(settings.home), account(settings), partial(get_service, settings))


def distribution() -> Distribution:
    """Return the distribution of studies by whoever is signed in; it refuses everything to nobody."""
    settings = Settings.from_env()
    return Distribution(Home(settings.home), account(settings))


def sign_in_link() -> str:
    """Return the address of the sign-in page that leads back here."""
    here = urlsplit(st.context.url or "/")
    query = f"?{urlencode(st.query_params.to_dict())}" if st.query_params else ""
    return f"/login?next={quote((here.path or '/') + query)}"


def top_bar(person: Account | None) -> None:
    """Draw the bar above every page: the way home, who is signed in, and the way out."""
    with st.container(key="topbar", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.page_link("studio/studies.py", label="**Samtal**", icon=":material/forum:")
        if person is not None:
            st.html(
                '<form class="whoami" method="post" action="/logout">'
                f'<span>{escape(person.name)}</span><button type="submit">Sign out</button></form>',
                width="content",
            )
