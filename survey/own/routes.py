"""Own answers and the prize draw over HTTP: plain pages that nothing keeps, neither the browser nor the page machinery.

The link's token is all the authority there is, so every change carries it in the body of a POST.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from data.studies import Home
from survey.access.forms import small_form
from survey.access.throttle import Guesses, TooMany, guesses
from survey.definition import interface_language, say, words
from survey.definition.languages import date_text
from survey.html_pages import HtmlPages
from survey.own.prize_draw import NoAddress, enter, prize_of
from survey.own.rights import NothingHere, as_json, delete, own_answers
from survey.settings import Settings

ANSWERS, FILE, DELETE, DRAW = "/answers", "/answers/file", "/answers/delete", "/draw"
Result = TypeVar("Result")
_pages = HtmlPages(Path(__file__).parent / "templates", referrer="no-referrer")


class OwnRoutes:
    """What respondents may do with their own answers on one installation."""

    def __init__(self, home: Home, limit: Guesses) -> None:
        self.home = home
        self.limit = limit

    async def answers(self, request: Request) -> Response:
        """Show everything that is kept of the respondent."""
        study, token, wish = (request.query_params.get(name, "") for name in ("study", "resume", "lang"))
        own = await self._look(request, lambda: own_answers(self.home, study, token, interface_language(wish)))
        if isinstance(own, Response):
            return own
        back = urlencode({"study": study, "resume": token, **({"lang": own.language} if wish else {})})
        fields = {"study": study, "resume": token, "lang": own.language}
        return _page("answers", 200, own.language, own=own, fields=fields, back=f"/chat?{back}")

    async def file(self, request: Request) -> Response:
        """Send everything that is kept of the respondent as a file."""
        form = await small_form(request)
        own = await self._look(request, lambda: own_answers(self.home, *_named(form), form.get("lang")))
        if isinstance(own, Response):
            return own
        headers = _pages.headers | {"content-disposition": 'attachment; filename="samtal-answers.json"'}
        return Response(as_json(own), headers=headers, media_type="application/json")

    async def delete(self, request: Request) -> Response:
        """Delete everything that is kept of the respondent."""
        form = await small_form(request)
        gone = await self._look(request, lambda: delete(self.home, *_named(form)))
        language = interface_language(form.get("lang")) or _reader(request)
        return gone if isinstance(gone, Response) else _message("answers_deleted", 200, language)

    async def draw(self, request: Request) -> Response:
        """Ask for an address on GET; on POST keep it for the draw."""
        form = await small_form(request) if request.method == "POST" else dict(request.query_params)
        study, token = _named(form)
        language = interface_language(form.get("lang")) or _reader(request)
        fields = {"study": study, "resume": token, "lang": language}

        def work() -> Response:
            prize, wrong, address = prize_of(self.home, study, token), False, form.get("address", "")
            if prize and request.method == "POST":
                try:
                    enter(self.home, study, token, address)
                except NoAddress:
                    wrong = True
            if prize and (wrong or request.method != "POST"):
                more = {"address": address, "wrong": wrong} if wrong else {}
                return _page("draw", 400 if wrong else 200, language, prize=prize, fields=fields, **more)
            if own_answers(self.home, study, token).drawn:
                return _message("prize_thanks", 200, language, title="prize_title")
            raise NothingHere("This link leads to no prize draw.")

        return await self._look(request, work)

    async def _look(self, request: Request, work: Callable[[], Result]) -> Result | Response:
        """Return what `work` returns, or the page for a link that leads nowhere or for too many of them."""

        def watched() -> Result:
            with self.limit.watched(request.client.host if request.client else None, NothingHere):
                return work()

        try:
            return await anyio.to_thread.run_sync(watched)
        except TooMany:
            return _message("too_many", 429, _reader(request))
        except NothingHere:
            return _message("answers_nothing", 404, _reader(request))


def routes(settings: Settings) -> list[BaseRoute]:
    """Return the routes of own answers and the prize draw."""
    own = OwnRoutes(Home(settings.home), guesses)
    return [
        Route(ANSWERS, own.answers, methods=["GET"]),
        Route(FILE, own.file, methods=["POST"]),
        Route(DELETE, own.delete, methods=["POST"]),
        Route(DRAW, own.draw, methods=["GET", "POST"]),
    ]


def _named(form: dict[str, str]) -> tuple[str, str]:
    return form.get("study", ""), form.get("resume", "")


def _reader(request: Request) -> str:
    """Return the language that the link or the browser asks for."""
    accepted = request.headers.get("accept-language", "").split(",")
    wishes = [request.query_params.get("lang", ""), *(wish.split(";")[0].strip() for wish in accepted)]
    return next(filter(None, map(interface_language, wishes)), "en")


def _message(key: str, status: int, language: str, title: str | None = None) -> Response:
    return _page("message", status, language, title=say(language, title or f"{key}_title"), text=say(language, key))


def _page(template: str, status: int, language: str, **values: object) -> Response:
    word = partial(say, language)
    return _pages.page(
        template, status, language=language, word=word, words=words(language), when=partial(_when, language), **values
    )


def _when(language: str, moment: datetime, time: bool = True) -> str:
    """Return a moment as a person reads it, in UTC."""
    day = date_text(language, moment.date())
    return f"{day} {moment:%H:%M} UTC" if time else day
