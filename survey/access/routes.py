"""The sign-in pages: small, self-contained HTML, and the only place that sets or clears the session cookie."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from data.studies import Home
from survey.access import accounts
from survey.access.forms import small_form
from survey.access.guard import COOKIE, current_account
from survey.access.passwords import LONGEST, SHORTEST
from survey.access.throttle import Throttle, TooMany
from survey.errors import AppError, NotAllowed
from survey.html_pages import HtmlPages
from survey.settings import Settings

HASHES_AT_ONCE = 2

_pages = HtmlPages(Path(__file__).parent / "templates")


class AccessRoutes:
    """Sign-in, first account and sign-out of one installation."""

    def __init__(self, settings: Settings, throttle: Throttle | None = None) -> None:
        self.home = Home(settings.home)
        self.url = urlsplit(settings.url)
        self.throttle = throttle or Throttle()
        self._hashing = CapacityLimiter(HASHES_AT_ONCE)

    async def login(self, request: Request) -> Response:
        """Show the sign-in form; on POST sign in and go to where the person wanted to be."""
        if request.method != "POST":
            wanted = local_path(request.query_params.get("next", "/"))
            if current_account(self.home, request.cookies.get(COOKIE)):
                return _go(wanted)
            return self._login_page(200, next=wanted)
        if not self._same_origin(request):
            return _pages.page(
                "message", 403, heading="That did not come from this page", text="Sign in on the page itself."
            )
        form = await small_form(request)
        wanted, email = local_path(form.get("next", "/")), form.get("email", "")
        old = request.cookies.get(COOKIE)
        try:
            session = await self._work(
                lambda: accounts.sign_in(
                    self.home, self.throttle, email, form.get("password", ""), _address(request), old
                )
            )
        except AppError as error:
            status = 429 if isinstance(error, TooMany) else 401
            return self._login_page(status, next=wanted, email=email, error=str(error))
        return self._with_cookie(_go(wanted), request, session)

    async def setup(self, request: Request) -> Response:
        """Show the form for the first account; on POST create it and sign it in."""
        if request.method != "POST":
            token = request.query_params.get("token", "")
            return _setup_page(200, token) if accounts.setup_open(self.home, token) else _used_link()
        if not self._same_origin(request):
            return _pages.page("message", 403, heading="That did not come from this page", text="Open the link again.")
        form = await small_form(request)
        token, email, name = form.get("token", ""), form.get("email", ""), form.get("name", "")
        try:
            self.throttle.count(f"set-up from {_address(request)}", _address(request))
            session = await self._work(lambda: accounts.set_up(self.home, token, email, name, form.get("password", "")))
        except NotAllowed:
            return _used_link()
        except AppError as error:
            status = 429 if isinstance(error, TooMany) else 400
            return _setup_page(status, token, email=email, name=name, error=str(error))
        return self._with_cookie(_go("/"), request, session)

    async def logout(self, request: Request) -> Response:
        """Ask on GET; on POST end the session and forget the cookie."""
        if request.method != "POST":
            return _pages.page("logout", 200)
        if not self._same_origin(request):
            return _pages.page("logout", 403)
        if cookie := request.cookies.get(COOKIE):
            accounts.sign_out(self.home, cookie)
        response = _go("/login")
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self._secure(request))
        return response

    async def _work(self, task: Callable[[], str]) -> str:
        """Run a task with password hashing beside the event loop, few at a time: each takes 64 MiB for a moment."""
        return await anyio.to_thread.run_sync(task, limiter=self._hashing)

    def _login_page(self, status: int, **values: str) -> Response:
        return _pages.page("login", status, ready=accounts.any_account(self.home), **values)

    def _with_cookie(self, response: Response, request: Request, session: str) -> Response:
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(accounts.SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._secure(request),
        )
        return response

    def _secure(self, request: Request) -> bool:
        return "https" in (request.url.scheme, self.url.scheme)

    def _same_origin(self, request: Request) -> bool:
        """Whether a POST was sent by a page of this server, by what the browser says (forms of others cannot lie)."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = urlsplit(request.headers.get("origin", ""))
        return bool(origin.netloc) and origin.netloc in (request.headers.get("host"), self.url.netloc)


def routes(settings: Settings) -> list[BaseRoute]:
    """Return /login, /setup and /logout."""
    access = AccessRoutes(settings)
    return [
        Route("/login", access.login, methods=["GET", "POST"]),
        Route("/setup", access.setup, methods=["GET", "POST"]),
        Route("/logout", access.logout, methods=["GET", "POST"]),
    ]


def local_path(wanted: str) -> str:
    """Return where to go after signing in: `wanted` when it is a path of this server, else "/".

    >>> local_path("/study?study=demo"), local_path("//elsewhere.example"), local_path("https://elsewhere.example")
    ('/study?study=demo', '/', '/')
    """
    plain = wanted.isascii() and wanted.isprintable() and " " not in wanted and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") and len(wanted) < 500 else "/"


def _setup_page(status: int, token: str, **values: str) -> Response:
    return _pages.page("setup", status, token=token, shortest=SHORTEST, longest=LONGEST, **values)


def _used_link() -> Response:
    text = "It was used already, or it is older than a day. Start Samtal again for a new one."
    return _pages.page("message", 403, heading="This link does not work any more", text=text)


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, headers={"cache-control": "no-store"})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
