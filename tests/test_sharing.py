"""Links, QR codes and snippets that lead to a study, and the sites that may show its chat inside a page of theirs."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from data.people import Account
from data.studies import Home, Studies
from survey import api
from survey.distribution import Distribution
from survey.errors import AppError
from survey.settings import Settings
from survey.sharing import chat_link, embed_snippet, qr_png, qr_svg, read_origins, shared_base

BASE = "https://samtal.example"
DOCUMENT = {"title": "Tea", "elements": [{"type": "comment", "name": "why", "title": "Why tea?"}]}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


def test_a_qr_code_is_a_picture_that_holds_nothing_from_outside(tmp_path: Path) -> None:
    link = chat_link(BASE, "tea")
    assert link == "https://samtal.example/chat?study=tea"
    svg = qr_svg(link)
    assert svg.startswith("<svg")
    assert "href" not in svg
    assert "script" not in svg
    assert qr_png(link).startswith(b"\x89PNG")
    assert qr_png(link) != qr_png(chat_link(BASE, "coffee"))


@pytest.mark.parametrize(
    ("seen", "told", "used"),
    [
        ("https://samtal.example/collect?study=tea", "http://localhost:8501", "https://samtal.example"),
        ("http://192.0.2.7:8501/", "http://server:8501", "http://192.0.2.7:8501"),
        ("http://localhost:8501/", "https://samtal.example", "https://samtal.example"),
        ("http://[::1]:8501/", "http://localhost:8501", "http://[::1]:8501"),
        (None, "http://localhost:8501", "http://localhost:8501"),
    ],
)
def test_links_lead_where_others_get_to_if_that_is_known(seen: str | None, told: str, used: str) -> None:
    assert shared_base(seen, told) == used


def test_the_snippet_is_safe_html_whatever_the_title() -> None:
    snippet = embed_snippet(chat_link(BASE, "tea", lang="sv"), '"><script>alert(1)</script>')
    assert "<script" not in snippet
    assert 'src="https://samtal.example/chat?study=tea&amp;lang=sv"' in snippet


@pytest.mark.parametrize(
    "site",
    [
        "example.org",
        "https://example.org/page",
        "https://*.example.org",
        "https://example.org;script-src*",
        "https://exa mple.org'",
        "javascript://example.org",
        "http://example.org",
        "https://example.org:99999",
        "https://user@example.org",
        "https://example.org\\@evil.example",
        "*",
        "null",
        "'self'",
        "data:",
        "https://" + "a." * 200 + "org",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(site: str) -> None:
    with pytest.raises(AppError):
        read_origins(site)


def test_sites_are_read_without_repeats_and_limited_in_number() -> None:
    assert read_origins(" https://A.example\n\nhttps://a.example/, http://localhost:3000") == (
        "https://a.example",
        "http://localhost:3000",
    )
    assert read_origins("  \n ") == ()
    with pytest.raises(AppError, match="At most"):
        read_origins("\n".join(f"https://{number}.example" for number in range(21)))


def framing(home: Home, path: str) -> tuple[str, str | None]:
    """Return what the headers of a page say on framing: the policy's part, and the old header."""
    settings = Settings(home=home.root, surface="respond")
    page = Route("/{rest:path}", lambda _request: PlainTextResponse("page"))
    with TestClient(Starlette(routes=[page], middleware=api.middleware(settings))) as client:
        headers = client.get(path).headers
    policy = next(part for part in headers["content-security-policy"].split("; ") if part.startswith("frame-anc"))
    return policy.removeprefix("frame-ancestors "), headers.get("x-frame-options")


@pytest.mark.usefixtures("cheap_passwords")
def test_only_the_chat_of_that_study_can_be_framed_and_only_by_its_sites(home: Home, person: Account) -> None:
    work = Distribution(home, person)
    Studies(home).create("coffee", "Coffee", DOCUMENT)
    work.set_embedding("tea", "https://www.example.org\nhttps://shop.example:8443")
    assert framing(home, "/chat?study=tea&lang=sv") == ("https://www.example.org https://shop.example:8443", None)
    for path in (
        "/chat?study=coffee",
        "/chat",
        "/chat?study=",
        "/chat?study=none",
        "/chat?study=../tea",
        "/chat?study=tea&study=coffee",
        "/chat/x?study=tea",
        "/answers?study=tea",
        "/?study=tea",
        "/study?study=tea",
        "/chat?" + "&".join(["study=tea"] + ["a=b"] * 100),
    ):
        assert framing(home, path) == ("'none'", "DENY"), path
    work.set_embedding("tea", "")
    assert framing(home, "/chat?study=tea") == ("'none'", "DENY")
