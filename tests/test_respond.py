"""The respondent's page, as Streamlit's own test harness sees it, and what the server sends around it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from data.studies import Home, Studies
from survey import api
from survey.definition import LANGUAGES, words
from survey.settings import Settings
from survey.views import first_page

ROOT = Path(__file__).parent.parent
TITLES = {"default": "Why tea?", "sv": "Varför te?", "nb": "Hvorfor te?", "da": "Hvorfor te?", "fi": "Miksi teetä?"}
DOCUMENT = {
    "title": {"default": "Tea & $more*", "sv": "Te"},
    "elements": [
        {"type": "comment", "name": "why", "title": TITLES, "isRequired": True},
        {
            "type": "radiogroup",
            "name": "kind",
            "title": dict.fromkeys(TITLES, "?"),
            "choices": ["a", {"value": "b", "text": "$5 _b_"}],
        },
        {"type": "dropdown", "name": "where", "title": dict.fromkeys(TITLES, "?"), "choices": ["x", "y"]},
        {"type": "rating", "name": "again", "title": dict.fromkeys(TITLES, "?"), "rateMin": 0, "rateMax": 10},
    ],
}
HOSTILE = [
    "<script>alert(1)</script><b>bold</b>",
    "![picture](https://example.org/pixel.png) [link](javascript:alert(1))",
    "$$\\frac{1}{0}$$ :red[red] :material/home: **bold** `code`",
    "مرحبا بالعالم \u202eabc",
    "x" * 20_000,
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", DOCUMENT)
    monkeypatch.setenv("SAMTAL_HOME", str(home.root))
    monkeypatch.setenv("SAMTAL_SURFACE", "respond")
    return home


def visit(**query: str) -> AppTest:
    """Open the chat as a link would."""
    page = AppTest.from_file(str(ROOT / "survey" / "views" / "main.py"), default_timeout=30).run()
    for name, value in query.items():
        page.query_params[name] = value
    return clean(page.switch_page("respond.py").run())


def clean(page: AppTest) -> AppTest:
    """Return the page, which must have drawn without an exception."""
    assert not page.exception
    return page


def texts(page: AppTest) -> list[str]:
    return [text.value for text in page.text]


def press(page: AppTest, key: str) -> AppTest:
    return clean(page.button(key=key).click().run())


def say(page: AppTest, text: str) -> AppTest:
    return clean(page.chat_input[0].set_value(text).run())


def resume_token(page: AppTest) -> str:
    value = page.query_params["resume"]
    return value if isinstance(value, str) else value[0]


def stored(home: Home, page: AppTest) -> dict[str, object]:
    with Studies(home).file("tea") as file:
        row = file.responses.find(resume_token(page))
        assert row is not None
        return {answer.question: answer.value for answer in file.responses.answers(row.id)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_conversation_in_each_language(home: Home, language: str) -> None:
    page = visit(study="tea", lang=language)
    known = words(language)
    assert page.button(key="agree").label == known["agree"]
    page = say(press(page, "agree"), "Lämmin — varm")
    assert texts(page)[0] == TITLES.get(language, TITLES["default"])
    page = clean(page.button_group[0].set_value("b").run())
    page = clean(page.selectbox[0].set_value("y").run())
    page = clean(page.button_group[0].set_value(10).run())
    assert texts(page)[-1] == known["thanks"]
    assert stored(home, page) == {"why": "Lämmin — varm", "kind": "b", "where": "y", "again": 10}


@pytest.mark.parametrize("answer", HOSTILE)
def test_an_answer_is_shown_and_stored_as_it_was_typed(home: Home, answer: str) -> None:
    page = say(press(visit(study="tea"), "agree"), answer)
    assert answer in texts(page)
    assert not any(answer[:20] in element.value for element in page.markdown)
    assert stored(home, page) == {"why": answer}


def test_what_an_author_writes_is_not_markup(home: Home) -> None:
    page = visit(study="tea")
    assert page.title[0].value == r"Tea \& \$more\*"


def test_a_reply_that_cannot_be_taken_is_noted_and_goes_back_into_the_box(home: Home) -> None:
    page = press(visit(study="tea"), "agree")
    for reply, key in (("   ", "empty"), ("y" * 20_001, "too_long")):
        page = say(page, reply)
        assert texts(page)[-1].startswith(words("en")[key][:10])
    assert stored(home, page) == {}
    assert texts(say(page, "Because"))[1] == "Because"


def test_refusing_ends_politely_and_stores_nothing(home: Home) -> None:
    page = press(visit(study="tea"), "decline")
    assert texts(page) == [words("en")["declined"]]
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == 0


def test_the_link_in_the_address_bar_leads_back_also_in_another_language(home: Home) -> None:
    page = say(press(visit(study="tea"), "agree"), "Because")
    token = resume_token(page)
    again = visit(study="tea", resume=token, lang="sv")
    assert texts(again)[:3] == ["Varför te?", "Because", "?"]
    again = press(press(again, "later"), "skip-kind")
    assert any(token in block.value for block in again.code)
    assert stored(home, again) == {"why": "Because", "kind": None}


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({}, "no_study"),
        ({"study": "../../etc/passwd"}, "no_study"),
        ({"study": "tea", "resume": "guess"}, "no_response"),
    ],
)
def test_a_link_that_leads_nowhere_says_so_kindly(home: Home, query: dict[str, str], key: str) -> None:
    assert texts(visit(**query, lang="fi")) == [words("fi")[key]]


def test_a_closed_study_says_so_and_a_new_begin_is_offered_for_a_dead_link(home: Home) -> None:
    page = visit(study="tea", resume="guess")
    page = clean(page.button[0].click().run())
    assert page.button(key="agree")
    Studies(home).set_open("tea", False)
    assert texts(visit(study="tea")) == [words("en")["closed"]]


def test_a_study_that_cannot_be_read_says_so_without_details(home: Home) -> None:
    with Studies(home).file("tea") as file:
        file.publish({"elements": [{"type": "matrix", "name": "x", "title": "y"}]})
    assert texts(visit(study="tea", lang="da")) == [words("da")["problem"]]


def test_an_answer_that_cannot_be_stored_is_not_acknowledged(home: Home) -> None:
    page = press(visit(study="tea"), "agree")
    with unwritable(home):
        page = say(page, "Because")
    assert texts(page) == ["Why tea?", words("en")["not_saved"]]
    assert stored(home, say(page, "Because")) == {"why": "Because"}


@contextmanager
def unwritable(home: Home) -> Iterator[None]:
    """Fail on answers as a broken disk would."""
    with Studies(home).file("tea") as file:
        file.db.execute("ALTER TABLE answers RENAME TO hidden")
    yield
    with Studies(home).file("tea") as file:
        file.db.execute("ALTER TABLE hidden RENAME TO answers")


Client = Callable[..., TestClient]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    def build(surface: str = "respond", url: str = "http://localhost:8501") -> TestClient:
        settings = Settings(home=tmp_path, surface=surface, url=url)
        routes = [*api.routes(settings), first_page.route()]
        return TestClient(Starlette(routes=routes, middleware=api.middleware(settings)))

    return build


def test_every_response_carries_security_headers(client: Client) -> None:
    for path in ("/health", "/chat", "/samtal/chat.css", "/missing"):
        headers = client().get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "strict-transport-security" not in headers
    assert "strict-transport-security" in client(url="https://example.org").get("/health").headers


def test_inner_pages_of_streamlit_are_not_found(client: Client) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact"):
        assert client().get(path).status_code == 404


def test_a_respondents_server_has_no_sign_in(client: Client) -> None:
    assert client().get("/login").status_code == 404
    assert client("all").get("/login").status_code == 200


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [("", "da-DK,da;q=0.9,en;q=0.8", "da"), ("?lang=fi", "sv", "fi"), ("?lang=xx", "de, nn", "nb"), ("", "*", "en")],
)
def test_the_first_page_is_in_the_readers_language(client: Client, query: str, accepted: str, language: str) -> None:
    page = client().get(f"/chat?study=tea{query.replace('?', '&')}", headers={"accept-language": accepted}).text
    assert f'<html lang="{language}">' in page
    assert "/samtal/chat.js" in page


def test_a_respondents_process_never_imports_what_analyses(tmp_path: Path) -> None:
    script = """
import json, os, sys
from streamlit.testing.v1 import AppTest
import app
page = AppTest.from_file("survey/views/main.py", default_timeout=60).run()
page.query_params["study"] = "tea"
page.switch_page("respond.py").run()
page.button(key="agree").click().run()
page.chat_input[0].set_value("Because").run()
heavy = ("sklearn", "torch", "distributed", "dask", "scipy", "sentence_transformers")
shown = [text.value for text in page.text]
print(json.dumps([[str(e) for e in page.exception], shown, [name for name in heavy if name in sys.modules]]))
"""
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", DOCUMENT)
    env = {**os.environ, "SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    exceptions, shown, heavy = json.loads(done.stdout.splitlines()[-1])
    assert exceptions == []
    assert "Because" in shown
    assert heavy == []
