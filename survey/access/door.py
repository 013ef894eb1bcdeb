"""The door of the studio: people who are not signed in are led to the sign-in page before any page loads.

A convenience, not the guard: pages and `survey.studio` ask for themselves, because a websocket does not pass here.
"""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from data.studies import Home
from survey.access.guard import COOKIE, current_account
from survey.settings import Settings

STUDIO_PATHS = frozenset({"/", "/study", "/collect", "/segments"})


class SignInFirst:
    """ASGI middleware: answers a studio address with a redirect to /login, and back, unless somebody is signed in."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.home = Home(settings.home)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in STUDIO_PATHS:
            request = Request(scope)
            if current_account(self.home, request.cookies.get(COOKIE)) is None:
                query = f"?{request.url.query}" if request.url.query else ""
                app = RedirectResponse(
                    f"/login?next={quote(scope['path'] + query)}", 303, headers={"cache-control": "no-store"}
                )
        await app(scope, receive, send)
