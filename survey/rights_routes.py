"""The file of own answers, over HTTP: nothing of it is kept by the server's page machinery or the browser's cache."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from data.studies import Home
from survey.access.forms import small_form
from survey.access.throttle import TooMany, guesses
from survey.rights import NothingHere, as_json, own_answers
from survey.settings import Settings

PATH = "/answers.json"
PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}


def routes(settings: Settings) -> list[BaseRoute]:
    """Return the route that sends own answers: a POST of study, resume (the token) and lang."""
    home = Home(settings.home)

    def own(form: dict[str, str], address: str | None) -> str:
        with guesses.watched(address, NothingHere):
            return as_json(own_answers(home, form.get("study", ""), form.get("resume", ""), form.get("lang")))

    async def send(request: Request) -> Response:
        form = await small_form(request)
        try:
            text = await anyio.to_thread.run_sync(own, form, request.client.host if request.client else None)
        except TooMany as error:
            return PlainTextResponse(str(error), 429, headers=PRIVATE)
        except NothingHere as error:
            return PlainTextResponse(str(error), 404, headers=PRIVATE)
        attachment = {"content-disposition": 'attachment; filename="samtal-answers.json"'}
        return Response(text, headers=PRIVATE | attachment, media_type="application/json")

    return [Route(PATH, send, methods=["POST"])]
