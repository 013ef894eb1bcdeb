"""What the web server does besides pages: HTTP routes, security headers, start and stop."""

import gc
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import DataError
from data.studies import Home
from survey.conversation.probes.serving import meaning
from survey.embedding import CHAT, embedding_sites, framed_by
from survey.erasure import purge
from survey.own.routes import routes as own_routes
from survey.settings import Settings

GARBAGE_EVERY = 0.1
YOUNG = 700
"""So many new objects are worth a look for garbage."""
LULL, ROUNDS, MANY_ROUNDS = 10, 20, 1_000
"""After so many moments without an answer, all objects are looked at, if new ones were so many times; without any
pause, after many times more."""
GARBAGE_THRESHOLDS = (50_000, 10, 100)
"""From here on Python looks by itself, in the middle of whatever runs."""
PURGE_EVERY = 4 * 3600.0
HIDDEN_PATHS = ("/_stcore/metrics", "/_stcore/agent")
STREAMLIT_INLINE_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        f"script-src 'self' {STREAMLIT_INLINE_SCRIPT} blob:",  # Streamlit loads a component's script as a blob
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}

_log = logging.getLogger(__name__)


class SecurityHeaders:
    """ASGI middleware: answers 404 on Streamlit's inner pages and adds security headers; a route's own win.

    No page may be framed, except a study's chat by the sites that the study names.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str], home: Home) -> None:
        self.app = app
        self.headers = headers
        self.home = home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = [(name.encode(), value.encode()) for name, value in (await self._headers(scope)).items()]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                added = [(name, value) for name, value in headers if name not in own]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        app = PlainTextResponse("Not found", 404) if scope["path"].startswith(HIDDEN_PATHS) else self.app
        await app(scope, receive, send_with_headers)

    async def _headers(self, scope: Scope) -> dict[str, str]:
        if scope["path"] != CHAT:
            return self.headers
        sites = await anyio.to_thread.run_sync(embedding_sites, self.home, scope["path"], scope["query_string"])
        if not sites:
            return self.headers
        framed = {"content-security-policy": framed_by(self.headers["content-security-policy"], sites)}
        return {name: value for name, value in (self.headers | framed).items() if name != "x-frame-options"}


async def health(_request: Request) -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


def routes(settings: Settings) -> list[BaseRoute]:
    """Return the HTTP routes of this surface; sign-in exists only where there is a studio."""
    web = StaticFiles(directory=str(files("data").joinpath("packaged", "web")))
    found: list[BaseRoute] = [Route("/health", health), Mount("/samtal", web)]
    if settings.surface != "studio":
        found.extend(own_routes(settings))
    if settings.surface != "respond":
        from survey.access.routes import routes as access_routes

        found.extend(access_routes(settings))
    return found


def middleware(settings: Settings) -> list[Middleware]:
    """Return the middleware of this process: security headers, with HSTS over https, and the door of the studio."""
    headers = dict(SECURITY_HEADERS)
    if urlsplit(settings.url).scheme == "https":
        headers["strict-transport-security"] = "max-age=31536000"
    found = [Middleware(SecurityHeaders, headers=headers, home=Home(settings.home))]
    if settings.surface != "respond":
        from survey.access.door import SignInFirst

        found.append(Middleware(SignInFirst, settings=settings))
    return found


async def _purge_now_and_then(home: Home) -> None:
    while True:
        await anyio.sleep(PURGE_EVERY)
        await anyio.to_thread.run_sync(_purge, home)


def _purge(home: Home) -> None:
    """Delete old answers; what stands in the way goes to the log, and the server goes on."""
    try:
        purge(home)
    except (DataError, sqlite3.Error) as error:
        _log.warning("Old answers were not deleted: %s", error)


async def _collect_garbage() -> None:
    """Look for garbage among new objects every moment, and among all of them while nobody answers.

    Left to itself Python looks in the middle of every twentieth answer or so, which then takes twice as long, as does
    whoever answers meanwhile.
    """
    quiet = 0
    while True:
        await anyio.sleep(GARBAGE_EVERY)
        young, _, rounds = gc.get_count()
        quiet = 0 if young >= YOUNG else quiet + 1
        if rounds >= (ROUNDS if quiet >= LULL else MANY_ROUNDS):
            gc.collect()
        elif young >= YOUNG:
            gc.collect(1)


def lifespan(settings: Settings) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return what happens around the server's life.

    Runs that a dead process left behind are marked failed. Answers past their retention are deleted, again every few
    hours. Where there are chats, the text model of the probes is read, in a thread of its own. What was imported is put
    out of the garbage collector's sight, and garbage is looked for between answers.
    """

    @asynccontextmanager
    async def around(_app: Any) -> AsyncIterator[None]:
        if settings.surface != "respond":
            from survey.analysis.segmentation import recover

            recover(Home(settings.home))
        await anyio.to_thread.run_sync(_purge, Home(settings.home))
        if settings.surface != "studio":
            meaning().start()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        async with anyio.create_task_group() as group:
            group.start_soon(_purge_now_and_then, Home(settings.home))
            group.start_soon(_collect_garbage)
            yield
            group.cancel_scope.cancel()

    return around
