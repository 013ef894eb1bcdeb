"""The pages where respondents look after own answers and enter the prize draw, over HTTP, and what leads to them."""

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.errors import DataError, NotFound
from data.studies import Home, Studies
from survey import api
from survey.conversation import Agree, Answer, Edit, Speak, session
from survey.definition import LANGUAGES, words
from survey.own.prize_draw import enter
from survey.settings import Settings
from survey.views import chat
from survey.views.chat_state import Held

BASE = "https://samtal.example"
TITLE = {"default": "Why tea?", "sv": "Varför te?", "nb": "Hvorfor te?", "da": "Hvorfor te?", "fi": "Miksi teetä?"}
DOCUMENT = {"elements": [{"type": "comment", "name": "why", "title": TITLE}]}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


def offer(home: Home, prize: str) -> None:
    with Studies(home).file("tea") as file:
        file.set_fieldwork(replace(file.fieldwork, prize=prize))


@pytest.fixture
def client(home: Home) -> TestClient:
    settings = Settings(home=home.root, surface="respond")
    return TestClient(Starlette(routes=api.routes(settings), middleware=api.middleware(settings)))


def answered(home: Home, text: str = "Calm & <b>quiet</b>", language: str = "en") -> str:
    with Studies(home).file("tea") as file:
        response, token = file.responses.begin(1, language)
        file.responses.consent(response, "samtal-1", language)
        file.responses.record(response, "why", 0, text)
        file.responses.complete(response)
    return token


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_answers_are_shown_in_the_readers_language_and_nowhere_kept(
    client: TestClient, home: Home, language: str
) -> None:
    token = answered(home)
    page = client.get("/answers", params={"study": "tea", "resume": token, "lang": language})
    assert page.status_code == 200
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert TITLE.get(language, "Why tea?") in page.text
    assert "Calm &amp; &lt;b&gt;quiet&lt;/b&gt;" in page.text
    assert f'<html lang="{language}">' in page.text
    assert words(language)["answers_no_end"] in page.text
    empty = client.get("/answers", params={"study": "tea", "resume": "wrong", "lang": language})
    assert empty.status_code == 404
    assert words(language)["answers_nothing"] in empty.text
    assert f'<html lang="{language}">' in empty.text


def test_a_closed_study_still_leads_to_own_answers_and_a_finished_one_to_the_draw(
    home: Home,
) -> None:
    token, settings = answered(home), Settings(home.root)
    closed = chat.page_of(Held(settings, link=("tea", token), trouble="closed"), "en", BASE)
    assert closed["answers"] == f"/answers?study=tea&resume={token}"
    assert chat.page_of(Held(settings, link=("tea", token), trouble="no_response"), "en", BASE)["answers"] is None
    assert chat.page_of(Held(settings, chat=session.resume(home, "tea", token)), "en", BASE)["draw"] is None
    offer(home, "A car")
    offered = chat.page_of(Held(settings, chat=session.resume(home, "tea", token)), "en", BASE)["draw"]
    assert offered["href"] == f"/draw?study=tea&resume={token}&lang=en"
    assert "A car" in offered["text"]


def test_the_prize_is_offered_with_the_last_message_and_not_after_the_entry(home: Home) -> None:
    offer(home, "A car")
    asked = session.reply(home, session.begin(home, "tea", "en"), Agree())
    assert asked.prize is None
    done = session.reply(home, asked, Answer("why", "Calm"))
    assert done.prize == "A car"
    assert session.reply(home, done, Edit("why")).prize is None
    assert enter(home, "tea", done.token or "", "liv@example.org")
    assert session.reply(home, done, Speak("sv")).prize is None


def test_an_answer_is_not_kept_when_the_last_message_cannot_be_made(home: Home) -> None:
    asked = session.reply(home, session.begin(home, "tea", "en"), Agree())
    with Studies(home).file("tea") as file:
        file.set_meta(cap="many")
    with pytest.raises(DataError):
        session.reply(home, asked, Answer("why", "Calm"))
    with Studies(home).file("tea") as file:
        file.set_meta(cap="")
        assert file.responses.answered("why") == 0
    assert session.reply(home, asked, Answer("why", "Calm")).state.stage == "done"


def test_own_answers_are_downloaded_and_deleted_by_a_post_only(client: TestClient, home: Home) -> None:
    token = answered(home)
    fields = {"study": "tea", "resume": token, "lang": "en"}
    file = client.post("/answers/file", data=fields)
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["cache-control"] == "no-store"
    assert file.json()["answers"][0]["answered"] == "Calm & <b>quiet</b>"
    for path in ("/answers/file", "/answers/delete"):
        assert client.get(path, params=fields).status_code == 405
    gone = client.post("/answers/delete", data=fields)
    assert words("en")["answers_deleted"] in gone.text
    for again in (client.get("/answers", params=fields), client.post("/answers/delete", data=fields)):
        assert again.status_code == 404
        assert words("en")["answers_nothing"] in again.text


def test_the_page_of_the_draw_takes_one_address(client: TestClient, home: Home) -> None:
    offer(home, "<i>Tickets</i>")
    fields = {"study": "tea", "resume": answered(home), "lang": "sv"}
    page = client.get("/draw", params=fields)
    assert "&lt;i&gt;Tickets" in page.text
    wrong = client.post("/draw", data={**fields, "address": '"><script>'})
    assert wrong.status_code == 400
    assert "<script>" not in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    done = client.post("/draw", data={**fields, "address": "liv@example.org"})
    assert words("sv")["prize_thanks"] in done.text
    assert words("sv")["prize_thanks"] in client.get("/draw", params=fields).text
    with Studies(home).file("tea") as file:
        assert file.contacts.list() == ["liv@example.org"]


def test_the_page_of_a_draw_that_is_none_promises_nothing(client: TestClient, home: Home) -> None:
    for token in (answered(home), "wrong"):
        page = client.get("/draw", params={"study": "tea", "resume": token})
        assert page.status_code == 404
        assert words("en")["prize_thanks"] not in page.text


def test_hostile_bodies_are_answered_without_a_crash(client: TestClient, home: Home) -> None:
    for body in (b"\xff" * 100, b"x" * 20_000, b"study=tea&resume=%00%ff", b"&" * 5000):
        for path in ("/answers/file", "/answers/delete", "/draw"):
            assert client.post(path, content=body).status_code == 404


def test_a_study_that_is_gone_takes_its_links_with_it(client: TestClient, home: Home) -> None:
    token = answered(home)
    Studies(home).delete("tea")
    assert client.get("/answers", params={"study": "tea", "resume": token}).status_code == 404
    with pytest.raises(NotFound):
        Studies(home).get("tea")
