"""In a real browser: from an invitation over the prize draw to deleting everything; the chat inside other pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.fieldwork import Fieldwork
from data.studies import Home, Studies
from survey.definition import say
from tests import journey

pytestmark = pytest.mark.browser

QUESTION = {"type": "comment", "name": "why", "title": {"default": "Why tea?", "sv": "Varför te?"}, "isRequired": True}
DOCUMENT = {"title": {"default": "Tea", "sv": "Te"}, "elements": [QUESTION]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    Studies(home).create("tea", "Tea", DOCUMENT)
    with Studies(home).file("tea") as file:
        file.set_fieldwork(Fieldwork(retention_days=90, prize="Två biobiljetter"))
    return home


@pytest.fixture(scope="module")
def here(browser: Browser, home: Home) -> Iterator[journey.Served]:
    with journey.served(home.root, SAMTAL_SURFACE="all") as here:
        yield here


def barriers(page: Page) -> list[str]:
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("size", [journey.PHONE, journey.DESK], ids=["phone", "desk"])
def test_from_the_invitation_to_having_everything_deleted(
    browser: Browser, home: Home, here: journey.Served, size: dict[str, int]
) -> None:
    with Studies(home).file("tea") as file:
        file.contacts.clear()
        invitation = file.invitations.create({"plan": "guld"})
    page = browser.new_page(viewport=size)  # type: ignore[arg-type]
    journey.open_page(page, f"{here.url}/chat?study=tea&lang=sv&invite={invitation}")
    page.get_by_role("button", name=say("sv", "agree")).click(timeout=30_000)
    journey.say(page, "Det lugnar mig")
    page.get_by_role("link", name=say("sv", "prize_enter")).click()
    assert barriers(page) == []
    page.get_by_label(say("sv", "prize_address")).fill("liv@example.org")
    page.get_by_role("button", name=say("sv", "prize_enter")).click()
    expect(page.get_by_text(say("sv", "prize_thanks"))).to_be_visible()
    assert barriers(page) == []
    page.go_back()
    page.go_back()
    page.get_by_role("link", name=say("sv", "my_answers")).click(timeout=30_000)
    expect(page.get_by_text("Det lugnar mig")).to_be_visible()
    expect(page.get_by_text("plan: guld")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "sv"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    with page.expect_download() as download:
        page.get_by_role("button", name=say("sv", "answers_download")).click()
    assert "Det lugnar mig" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_text(say("sv", "answers_delete"), exact=True).click()
    assert barriers(page) == []
    page.get_by_role("button", name=say("sv", "answers_delete_yes")).click()
    expect(page.get_by_text(say("sv", "answers_deleted"))).to_be_visible()
    assert barriers(page) == []
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == 0
        assert file.contacts.list() == ["liv@example.org"]
    page.goto(f"{here.url}/chat?study=tea&lang=fi&invite={invitation}")
    expect(page.get_by_text(say("fi", "invitation_used"))).to_be_visible(timeout=30_000)
    assert barriers(page) == []
    page.close()


@contextmanager
def site(page: str) -> Iterator[str]:
    """Another site on this machine that shows one page; gives its origin."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_parts: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_chat_works_inside_a_page_of_a_named_site_and_of_no_other(
    browser: Browser, home: Home, here: journey.Served
) -> None:
    frame = f'<!doctype html><title>Shop</title><iframe src="{here.url}/chat?study=tea&amp;lang=en"></iframe>'
    page = browser.new_page(viewport=journey.DESK)  # type: ignore[arg-type]
    chat = page.frame_locator("iframe")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "frame-ancestors" in message.text else None)
    with site(frame) as shop, site(frame) as other:
        with Studies(home).file("tea") as file:
            file.set_fieldwork(replace(file.fieldwork, embed_origins=(shop,)))
        page.goto(f"{shop}/")
        chat.get_by_role("button", name=say("en", "agree")).click(timeout=30_000)
        expect(chat.get_by_text("Why tea?")).to_be_visible()
        assert refused == []
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(f"{other}/")
        expect(chat.get_by_role("button", name=say("en", "agree"))).to_have_count(0)
    page.close()


def test_the_page_collect_keeps_nobody_out(browser: Browser, here: journey.Served) -> None:
    page = browser.new_page(viewport=journey.PHONE)  # type: ignore[arg-type]
    journey.set_up(page, here)
    page.goto(f"{here.url}/collect?study=tea")
    expect(page.get_by_role("heading", name="Prize draw")).to_be_visible(timeout=30_000)
    journey.settle(page)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"name,plan\nLiv,gold\nIda,silver\n"}
    page.locator("input[type=file]").set_input_files(files=[people])  # type: ignore[list-item]
    page.get_by_role("button", name="Make 2 links").click(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the links (CSV)").click(timeout=30_000)
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "name,plan,link"
    assert lines[1].startswith(f"Liv,gold,{here.url}/chat?study=tea&invite=")
    expect(page.get_by_role("button", name="Download the links (CSV)")).to_have_count(0)
    page.close()
