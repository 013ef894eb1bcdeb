"""The HTML that opens the respondents' pages: Streamlit's own first page, in the reader's language, with our style and
scripts.

They come with the page instead of with every rerun, so that something calm is drawn before Streamlit has loaded, and
an answer costs no more than its data.
"""

import json
import re
from collections.abc import Callable, Coroutine
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from survey.definition import LANGUAGES, interface_language, words
from survey.settings import Settings

WORDS = (
    *("language_name", "language", "conversation", "you", "guide", "agree", "decline", "trap", "begin_again"),
    *("placeholder", "choose", "skip", "save", "save_hint", "save_warning", "change", "back", "keep", "done", "send"),
    *("slow", "my_answers", "link", "qr", "copy", "copied", "close", "more", "less", "left"),
    *("too_much", "place", "not_ranked", "answer_is"),
)
"""Keys of the texts that the scripts need; the rest comes with each page."""

SPLASH = '<div class="splash" aria-hidden="true"><i></i><i></i><i></i></div>'


def routes(settings: Settings) -> list[Route]:
    """Return the routes of the first pages on this surface; a server that only collects answers has `/` as well."""
    if settings.surface == "studio":
        return []
    answer = _answer(_template())
    return [Route(path, answer) for path in ("/chat", *(["/"] if settings.surface == "respond" else []))]


def _template() -> str:
    """Return Streamlit's first page with our parts, `{language}` and `{no_script}` left open.

    Raises RuntimeError when Streamlit's page has changed.
    """
    page = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    known = {language: {name: words(language)[name] for name in WORDS} for language in LANGUAGES}
    head = [
        "<head>",
        f'<meta name="samtal-words" content="{escape(json.dumps(known, ensure_ascii=False))}" />',
        '<meta name="color-scheme" content="light dark" />',
        f'<link rel="stylesheet" href="{asset("chat.css")}" />',
        *(f'<script defer src="{asset(name)}"></script>' for name in ("replies.js", "chat.js")),
    ]
    viewport = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
    changes = {
        '<html lang="en">': '<html lang="{language}">',
        "<title>Streamlit</title>": "<title>Samtal</title>",
        '"width=device-width, initial-scale=1, shrink-to-fit=no"': f'"{viewport}"',
        "<head>": "\n".join(head),
        '<div id="root"></div>': f'<div id="root"></div>\n    {SPLASH}',
    }
    for old, new in changes.items():
        if page.count(old) != 1:
            raise RuntimeError(
                f"Streamlit's first page has no single '{old}': survey/views/first_page.py must learn it."
            )
        page = page.replace(old, new)
    page, replaced = re.subn(r"<noscript>.*?</noscript>", "<noscript><p>{no_script}</p></noscript>", page, flags=re.S)
    if replaced != 1:
        raise RuntimeError("Streamlit's first page has no single noscript: survey/views/first_page.py must learn it.")
    return page


def asset(name: str) -> str:
    """Return the address of one of our files for browsers; another one when the file has changed."""
    content = files("data").joinpath("packaged", "web", name).read_bytes()
    return f"/samtal/{name}?v={sha256(content).hexdigest()[:12]}"


def _answer(template: str) -> Callable[[Request], Coroutine[Any, Any, HTMLResponse]]:
    pages = {
        language: template.replace("{language}", language).replace("{no_script}", escape(words(language)["no_script"]))
        for language in LANGUAGES
    }

    async def answer(request: Request) -> HTMLResponse:
        accepted = request.headers.get("accept-language", "").split(",")
        wishes = [request.query_params.get("lang", ""), *(wish.split(";")[0].strip() for wish in accepted)]
        language = next(filter(None, map(interface_language, wishes)), "en")
        return HTMLResponse(pages[language], headers={"cache-control": "no-cache"})

    return answer
