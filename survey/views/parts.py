"""Pieces that several pages share. Everything people wrote goes through `html.escape` or a plain-text element."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Literal

import streamlit as st

from data.errors import DataError
from models.errors import ModelError
from survey.charts import ink_on, segment_color
from survey.errors import AppError, NotAllowed
from survey.views.first_page import asset
from survey.wording import count

SHOWN_ERRORS = (AppError, DataError, ModelError)
"""What a page shows as a sentence; anything else is a defect."""

ICON = Path(str(files("data"))) / "packaged" / "web" / "icon.svg"
"""The browser tab's picture, served from here: nothing is fetched from elsewhere."""

_STYLE = Path(__file__).parent / "studio" / "style.css"


def page(title: str) -> None:
    """Set the browser title, the studio's style and its script; call it first on every studio page."""
    st.set_page_config(page_title=f"{title} · Samtal", page_icon=str(ICON), layout="wide")
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.html(f'<script src="{asset("studio.js")}"></script>', unsafe_allow_javascript=True)


def words(text: str, tag: str = "p", kind: str = "") -> None:
    """Show text that may come from anybody as itself, in an HTML element of the given tag and CSS class."""
    st.html(f'<{tag} class="samtal {escape(kind)}">{escape(text)}</{tag}>')


def notice(*lines: str, kind: Literal["note", "warn", "bad"] = "note", title: str = "") -> None:
    """Show a boxed message of one or more lines, nothing when there is none; a bad one is announced."""
    if not lines:
        return
    role = "alert" if kind == "bad" else "note"
    head = f"<strong>{escape(title)}</strong>" if title else ""
    body = "".join(f"<span>{escape(line)}</span>" for line in lines)
    st.html(f'<div class="samtal notice {kind}" role="{role}">{head}{body}</div>')


@contextmanager
def shown_errors() -> Iterator[None]:
    """Turn an error that people are meant to read into a notice on the page."""
    try:
        yield
    except SHOWN_ERRORS as error:
        notice(str(error), kind="bad")
        if isinstance(error, NotAllowed):
            st.link_button("Go to sign-in", "/login")


def disc(segment: int) -> str:
    """Return HTML of a segment's number in its colour."""
    color = segment_color(segment)
    return f'<span class="disc" style="background:{color};color:{ink_on(color)}">{segment}</span>'


def ago(then: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was, in words.

    >>> ago(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 14, 5, tzinfo=UTC))
    '2 hours ago'
    """
    seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    for size, one in ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{count(int(seconds // size), one)} ago"
    return "just now"


def facts(*lines: str) -> None:
    """Show short facts beside each other, in quiet letters."""
    st.html(f'<div class="samtal meta">{"".join(f"<span>{escape(line)}</span>" for line in lines)}</div>')


def figures(*pairs: tuple[str, str]) -> None:
    """Show numbers, each with what it counts."""
    cells = "".join(f"<div><b>{escape(value)}</b><span>{escape(name)}</span></div>" for value, name in pairs)
    st.html(f'<div class="samtal figures">{cells}</div>')


def table(label: str, head: str, rows: str, kind: str = "") -> None:
    """Show a table that scrolls sideways where it is narrow; head and rows are HTML that the caller has escaped."""
    st.html(
        f'<div class="samtal scroll" role="region" aria-label="{escape(label)}" tabindex="0">'
        f'<table class="samtal {escape(kind)}"><caption>{escape(label)}</caption>'
        f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )
