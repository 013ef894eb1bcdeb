"""The HTML that opens the chat: Streamlit's own first page, in the reader's language, with our style and script.

Style and script come with the page instead of with every rerun, so that nothing is drawn unstyled and an answer costs
no more than its bubbles.
"""

import json
from collections.abc import Callable, Coroutine
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from survey.definition import LANGUAGES, interface_language, words

WORDS = ("you", "guide", "conversation", "language")


def route() -> Route:
    """Return the route of the chat's first page."""
    return Route("/chat", _answer(_template()))


def _template() -> str:
    """Return Streamlit's first page with our head, `{language}` left open; raises RuntimeError when it has changed."""
    page = files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    known = {language: {name: words(language)[name] for name in WORDS} for language in LANGUAGES}
    head = [
        f'<meta name="samtal-words" content="{escape(json.dumps(known, ensure_ascii=False))}" />',
        f'<link rel="stylesheet" href="{_asset("chat.css")}" />',
        f'<script defer src="{_asset("chat.js")}"></script>',
    ]
    changes = {
        '<html lang="en">': '<html lang="{language}">',
        "<title>Streamlit</title>": "<title>Samtal</title>",
        "</head>": "\n".join([*head, "</head>"]),
    }
    for old, new in changes.items():
        if page.count(old) != 1:
            raise RuntimeError(
                f"Streamlit's first page has no single '{old}': survey/views/first_page.py must learn it."
            )
        page = page.replace(old, new)
    return page


def _asset(name: str) -> str:
    content = files("data").joinpath("packaged", "web", name).read_bytes()
    return f"/samtal/{name}?v={sha256(content).hexdigest()[:12]}"


def _answer(template: str) -> Callable[[Request], Coroutine[Any, Any, HTMLResponse]]:
    async def answer(request: Request) -> HTMLResponse:
        accepted = request.headers.get("accept-language", "").split(",")
        wishes = [request.query_params.get("lang", ""), *(wish.split(";")[0].strip() for wish in accepted)]
        language = next(filter(None, map(interface_language, wishes)), "en")
        return HTMLResponse(template.replace("{language}", language), headers={"cache-control": "no-cache"})

    return answer
