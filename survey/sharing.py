"""Ways to a study: its links, their QR codes, and the piece of HTML that shows the chat inside another page."""

import io
import re
from html import escape
from urllib.parse import urlencode, urlsplit

import segno

from survey.errors import AppError

MOST_ORIGINS = 20
_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)"
    r"(?P<port>:[0-9]{1,5})?/?"
)
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


def is_local(base: str) -> bool:
    """Return whether an address leads to the machine of whoever opens it, and so is of no use to others.

    >>> is_local("http://localhost:8501"), is_local("https://samtal.example")
    (True, False)
    """
    return urlsplit(base).hostname in _OWN_MACHINE


def shared_base(seen: str | None, told: str) -> str:
    """Return scheme and host for links to others: those that a researcher's browser `seen`, or the server was `told`.

    What the browser reached works for others too, unless it runs on the same machine.

    >>> shared_base("http://localhost:8501/collect", "https://samtal.example")
    'https://samtal.example'
    """
    here = urlsplit(seen or told)
    base = f"{here.scheme}://{here.netloc}"
    return told if is_local(base) and not is_local(told) else base


def chat_link(base: str, slug: str, **more: str) -> str:
    """Return the address of a study's chat on the server at `base`; `more` are further parts, such as lang.

    >>> chat_link("https://samtal.example", "tea", lang="fi")
    'https://samtal.example/chat?study=tea&lang=fi'
    """
    return f"{base.rstrip('/')}/chat?{urlencode({'study': slug, **more})}"


def answers_link(base: str, slug: str, token: str) -> str:
    """Return the address where a respondent sees, downloads and deletes what was answered."""
    return f"{base.rstrip('/')}/answers?{urlencode({'study': slug, 'resume': token})}"


def draw_link(base: str, slug: str, token: str, language: str) -> str:
    """Return the address where a respondent who has finished enters the prize draw."""
    return f"{base.rstrip('/')}/draw?{urlencode({'study': slug, 'resume': token, 'lang': language})}"


def qr_svg(link: str) -> str:
    """Return the QR code of a link as SVG, black on white with its quiet zone; readable with 15 % of it spoilt."""
    out = io.BytesIO()
    _qr(link).save(out, kind="svg", scale=6, border=4, light="#fff", xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode()


def qr_png(link: str) -> bytes:
    """Return the QR code of a link as a PNG large enough for print: 16 pixels a module."""
    out = io.BytesIO()
    _qr(link).save(out, kind="png", scale=16, border=4)
    return out.getvalue()


def _qr(link: str) -> segno.QRCode:
    return segno.make_qr(link, error="m")


def embed_snippet(link: str, title: str) -> str:
    """Return the HTML that shows the chat inside a page of one of the study's embedding sites."""
    return (
        f'<iframe src="{escape(link)}" title="{escape(title)}"\n'
        '  style="width: 100%; max-width: 42rem; height: 44rem; border: 0; border-radius: 1rem"\n'
        '  referrerpolicy="no-referrer" allow="clipboard-write"></iframe>'
    )


def read_origins(text: str) -> tuple[str, ...]:
    """Return the sites in `text`, one a line or separated by blanks or commas, as origins without repeats.

    A site is https://host or https://host:port; http only on this machine. Raises AppError naming what is none.

    >>> read_origins("https://www.Example.org/\\nhttp://localhost:3000")
    ('https://www.example.org', 'http://localhost:3000')
    """
    found = dict.fromkeys(map(_origin, re.split(r"[\s,]+", text.strip()) if text.strip() else []))
    if len(found) > MOST_ORIGINS:
        raise AppError(f"At most {MOST_ORIGINS} sites may show the chat, got {len(found)}.", "Leave some out.")
    return tuple(found)


def _origin(text: str) -> str:
    match = _ORIGIN.fullmatch(text.lower())
    if match is None or len(text) > 255 or int((match["port"] or ":443")[1:]) > 65535:
        raise AppError(
            f"'{text[:80]}' is no address of a site.", "Write it like https://www.example.org, without a path."
        )
    if match["scheme"] == "http" and match["host"] not in _OWN_MACHINE:
        raise AppError(f"'{text[:80]}' is not encrypted.", "Write it with https://.")
    return text.lower().rstrip("/")
