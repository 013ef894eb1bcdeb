"""The sign-in pages over HTTP."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.studies import Home
from survey.access import accounts
from survey.access.guard import COOKIE, current_account
from survey.access.routes import local_path, routes
from survey.settings import Settings

PASSWORD = "a calm winter morning"
OURS = {"sec-fetch-site": "same-origin"}


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, url="http://localhost")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(settings)), base_url="http://localhost", follow_redirects=False) as client:
        yield client


@pytest.fixture
def account(settings: Settings) -> str:
    """The session of an account that exists."""
    home = Home(settings.home)
    link = accounts.setup_link(home, "") or ""
    return accounts.set_up(home, link.split("=")[1], "liv@example.org", "Liv", PASSWORD)


def login(client: TestClient, password: str = PASSWORD, headers: dict[str, str] = OURS, **form: str):
    return client.post("/login", data={"email": "liv@example.org", "password": password, **form}, headers=headers)


def test_from_the_printed_link_to_a_signed_in_browser_and_out_again(client: TestClient, settings: Settings) -> None:
    link = accounts.setup_link(Home(settings.home), "http://localhost")
    assert link is not None
    page = client.get(link)
    assert page.status_code == 200
    assert 'autocomplete="new-password"' in page.text
    form = {"token": link.split("=")[1], "name": "Liv", "email": "liv@example.org", "password": PASSWORD}
    done = client.post("/setup", data=form, headers=OURS)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    cookie = done.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert current_account(Home(settings.home), client.cookies[COOKIE])
    assert client.get("/login?next=/study").headers["location"] == "/study"
    assert client.get(link).status_code == 403
    token = client.cookies[COOKIE]
    assert client.post("/logout", headers=OURS).headers["location"] == "/login"
    assert COOKIE not in client.cookies
    assert current_account(Home(settings.home), token) is None


def test_sign_in_leads_to_the_page_that_was_wanted_and_nowhere_else(client: TestClient, account: str) -> None:
    assert login(client, next="/study?study=demo").headers["location"] == "/study?study=demo"
    assert login(client, next="https://elsewhere.example/").headers["location"] == "/"


def test_a_wrong_password_says_so_keeps_the_address_and_sets_no_cookie(client: TestClient, account: str) -> None:
    refused = login(client, "wrong password")
    assert refused.status_code == 401
    assert 'role="alert"' in refused.text
    assert 'value="liv@example.org"' in refused.text
    assert "wrong password" not in refused.text
    assert "set-cookie" not in refused.headers


def test_guessing_ends_with_429_also_for_the_right_password(client: TestClient, account: str) -> None:
    statuses = [login(client, f"wrong {number}").status_code for number in range(11)]
    assert statuses == [401] * 10 + [429]
    assert login(client).status_code == 429


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://elsewhere.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_forms_of_other_sites_are_refused(client: TestClient, account: str, headers: dict[str, str]) -> None:
    assert login(client, headers=headers).status_code == 403
    client.cookies.set(COOKIE, account)
    assert client.post("/logout", headers=headers).status_code == 403
    assert client.get("/login").status_code == 303, "still signed in"


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(client: TestClient, account: str) -> None:
    assert login(client, headers={"origin": "http://localhost"}).status_code == 303


def test_behind_https_the_cookie_is_secure(tmp_path: Path, account: str) -> None:
    settings = Settings(home=tmp_path, url="https://samtal.example")
    with TestClient(Starlette(routes=routes(settings)), follow_redirects=False) as client:
        answer = login(client, headers={"origin": "https://samtal.example"})
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", ["/login", "/setup?token=x", "/logout"])
def test_pages_stand_alone_and_are_closed_to_scripts_and_frames(client: TestClient, path: str) -> None:
    page = client.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert '<html lang="en">' in page.text
    assert not re.search(r"<script|src=|@import|url\(|https?://", page.text)


def test_what_people_type_is_shown_as_text_only(client: TestClient, account: str) -> None:
    page = login(client, email='"><img src=x onerror=alert(1)>', next='/"><script>')
    assert "<img" not in page.text
    assert "<script" not in page.text


def test_oversized_and_broken_forms_are_refused_without_a_crash(client: TestClient, account: str) -> None:
    assert login(client, "x" * 20_000).status_code == 401
    assert client.post("/login", content=b"\xff%zz&&=&" * 50, headers=OURS).status_code == 401
    assert client.post("/setup", content=b"a" * 100_000, headers=OURS).status_code in (400, 403)


@given(st.text(max_size=60) | st.from_regex(r"[/\\]{1,3}[a-z.:/\\@]{0,20}", fullmatch=True))
def test_no_next_leads_off_this_server(wanted: str) -> None:
    path = local_path(wanted)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isprintable()
