"""What a respondents' server sends around the chat, and what it never loads."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks.server import ROOT
from data.studies import Home, Studies
from survey import api
from survey.settings import Settings
from survey.views import first_page

DOCUMENT = {"title": "Tea", "elements": [{"type": "comment", "name": "why", "title": "Why tea?"}]}
Client = Callable[..., TestClient]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    def build(surface: str = "respond", url: str = "http://localhost:8501") -> TestClient:
        settings = Settings(home=tmp_path, surface=surface, url=url)
        routes = [*first_page.routes(settings), *api.routes(settings)]
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
import json, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import app
from data.studies import Home
from survey.conversation import Agree, Answer, session
page = AppTest.from_file("survey/views/main.py", default_timeout=60).run()
page.query_params["study"] = "tea"
page.switch_page("respond.py").run()
home = Home(Path(sys.argv[1]))
chat = session.reply(home, session.reply(home, session.begin(home, "tea"), Agree()), Answer("why", "Because"))
heavy = ("sklearn", "torch", "distributed", "dask", "scipy", "sentence_transformers")
given = [answer.value for answer in chat.state.answers]
print(json.dumps([[str(e) for e in page.exception], given, [name for name in heavy if name in sys.modules]]))
"""
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", DOCUMENT)
    env = {**os.environ, "SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(home.root)], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    exceptions, given, heavy = json.loads(done.stdout.splitlines()[-1])
    assert exceptions == []
    assert given == ["Because"]
    assert heavy == []
