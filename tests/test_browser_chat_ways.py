"""The respondent's page in a real browser: mistakes, languages, changes, other devices, a server that restarts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.server import Server
from data.studies import Home, Studies
from survey.conversation.quality import stored_quality
from survey.definition import say
from tests import every_kind, journey
from tests.chat_ways import (
    SIZES,
    agree_by_keyboard,
    agree_by_touch,
    answers,
    asked,
    barriers,
    expect_asked,
    tab_to,
    tap,
    tap_text,
    type_and_send,
    visit,
    write,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", SIZES)
def test_a_field_that_only_programs_find_stands_beside_the_consent(
    browser: Browser, tea_home: Home, tea_server: journey.Served, size: str
) -> None:
    page = visit(browser, tea_server, size, "fi")
    trap = page.locator("input[name=website]")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    expect(trap).not_to_be_in_viewport()
    assert page.get_by_text(say("fi", "trap")).count() == 1
    assert say("fi", "trap") not in page.locator("body").aria_snapshot()
    stops = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.name ?? ''"))
    assert "website" not in stops
    trap.evaluate("field => { field.value = 'http://buy.example'; }")
    page.get_by_role("button", name=say("fi", "agree")).tap()
    expect_asked(page, "Miksi teetä?")
    expect(trap).to_have_count(0)
    with Studies(tea_home).file("tea") as file:
        row = file.responses.find(page.url.split("resume=")[1].split("&")[0])
        assert row is not None
        (found,) = (one for one in stored_quality(file) if one.response == row.id)
    assert found.keys == ("trap",)


def test_messages_and_remarks_are_announced_once(browser: Browser, tea_server: journey.Served) -> None:
    page = visit(browser, tea_server, "phone")
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    agree_by_touch(page)
    expect_asked(page, "Why tea?")
    page.evaluate(
        """() => {
            window.added = [];
            const keep = (node) => added.push(node.innerText);
            const note = (changes) => changes.forEach((one) => one.addedNodes.forEach(keep));
            new MutationObserver(note).observe(document.querySelector("[role=log]"), { childList: true });
        }"""
    )
    type_and_send(page, "   ")
    expect(page.get_by_role("status")).to_contain_text("There is nothing to read in that answer.")
    assert page.evaluate("added") == []
    type_and_send(page, "It is calm")
    expect_asked(page, "Tea in one word?")
    assert page.evaluate("added") == ["It is calm", "Tea in one word?"]
    expect(page.locator(".notes")).to_be_empty()


def test_after_a_mistake_what_was_typed_or_ticked_is_still_there(browser: Browser, tea_server: journey.Served) -> None:
    page = visit(browser, tea_server, "phone")
    agree_by_touch(page)
    for element in every_kind.DOCUMENT["elements"][1:]:
        expect_asked_about(page, element)
        if element["name"] == "mail":
            type_and_send(page, "tea at home")
            expect(page.get_by_role("status")).to_contain_text("e-mail")
            expect(page.get_by_role("textbox", name="Where can we write to you?")).to_have_value("tea at home")
            assert last_question_is_in_view(page)
        if element["name"] == "with":
            tap_text(page, "Lemon")
            tap(page, "Done")
            expect(page.get_by_role("status")).to_contain_text("at least 2")
            expect(page.get_by_role("checkbox", name="Lemon")).to_be_checked()
            return
        tap(page, "Skip") if element["name"] != "why" else type_and_send(page, "Calm")


def last_question_is_in_view(page: Page) -> bool:
    """Return whether nothing covers the question that waits."""
    page.wait_for_timeout(100)
    return page.evaluate(
        """() => {
            const asked = [...document.querySelectorAll(".log > .guide")].at(-1).getBoundingClientRect();
            const found = document.elementFromPoint(asked.x + asked.width / 2, asked.y + asked.height / 2);
            return found !== null && found.closest(".log") !== null;
        }"""
    )


def expect_asked_about(page: Page, element: dict[str, object]) -> None:
    title = element["title"]
    assert isinstance(title, dict)
    expect_asked(page, title["default"])


def test_the_language_can_be_changed_midway_and_the_page_follows(browser: Browser, tea_server: journey.Served) -> None:
    page = visit(browser, tea_server, "phone")
    agree_by_touch(page)
    type_and_send(page, "It is calm")
    expect_asked(page, "Tea in one word?")
    page.get_by_role("combobox", name="Language").select_option("fi")
    expect_asked(page, "Tee yhdellä sanalla?")
    assert page.evaluate("document.documentElement.lang") == "fi"
    assert page.title() == "Kaikki teestä"
    expect(page.get_by_role("log", name="Keskustelu")).to_contain_text("Miksi teetä?")
    assert "lang=fi" in page.url
    assert barriers(page) == []
    page.reload()
    expect_asked(page, "Tee yhdellä sanalla?")
    assert page.evaluate("document.documentElement.lang") == "fi"


HALF_MADE: dict[str, Callable[[Page], None]] = {
    "day": lambda page: page.locator("input[type=date]").fill("2026-03-09"),
    "sort": lambda page: page.get_by_role("button", name=page_words(page, "choice_other")).tap(),
    "warm": lambda page: page.locator("input[type=range]").fill("60"),
    "with": lambda page: page.get_by_role("checkbox", name="Milk").check(),
    "order": lambda page: page.locator(".ranked").get_by_text("Price").tap(),
    "shop": lambda page: page.locator("button.best").nth(1).tap(),
    "money": lambda page: page.get_by_role("textbox", name="Leaves").fill("75"),
}
STATES = """() => [...document.querySelectorAll(".reply :is(input, select, button)")].map((element) =>
    [element.type, element.type === "checkbox" ? element.checked : element.value, element.className,
        element.getAttribute("aria-expanded"), element.getAttribute("aria-pressed"), element.disabled])"""


def page_words(page: Page, key: str) -> str:
    return say(str(page.evaluate("document.documentElement.lang")), key)


def test_a_change_of_language_loses_nothing_half_made(browser: Browser, tea_server: journey.Served) -> None:
    page = visit(browser, tea_server, "phone")
    agree_by_touch(page)
    type_and_send(page, "Calm")
    language = page.locator("select.language")
    for element in every_kind.DOCUMENT["elements"][2:-1]:
        name, title = element["name"], element["title"]
        expect(page.locator(".log > .guide").last).to_have_text(title["default"])
        journey.armed(page)
        if name in HALF_MADE:
            HALF_MADE[name](page)
            before = page.evaluate(STATES)
            for code, words in (("fi", title["fi"]), ("en", title["default"])):
                language.select_option(code)
                expect(page.locator(".log > .guide").last).to_have_text(words)
                journey.armed(page)
                assert page.evaluate(STATES) == before, name
        while asked(page).startswith(title["default"]):
            tap(page, "Skip")
            journey.armed(page)


def test_an_earlier_answer_is_changed_and_going_back_leads_there_too(
    browser: Browser, tea_home: Home, tea_server: journey.Served
) -> None:
    page = visit(browser, tea_server, "desk")
    agree_by_keyboard(page)
    write(page, "It is calm")
    write(page, "Warm")
    expect_asked(page, "Where can we write to you?")
    tab_to(page, page.get_by_role("button", name="Change your answer: It is calm"))
    page.keyboard.press("Enter")
    expect_asked(page, "Why tea?")
    expect(page.get_by_role("textbox", name="Why tea?")).to_have_value("It is calm")
    assert barriers(page) == []
    page.keyboard.press("Control+A")
    write(page, "It is warm")
    expect_asked(page, "Where can we write to you?")
    tap(page, "Back")
    expect(page.get_by_role("textbox", name="Tea in one word?")).to_have_value("Warm")
    tap(page, "Keep my answer")
    expect_asked(page, "Where can we write to you?")
    assert answers(tea_home, page) == {"why": "It is warm", "word": "Warm"}


def test_the_link_that_continues_later_opens_where_it_was_on_another_device(
    browser: Browser, tea_server: journey.Served
) -> None:
    page = visit(browser, tea_server, "phone")
    agree_by_touch(page)
    type_and_send(page, "It is calm")
    expect_asked(page, "Tea in one word?")
    tap(page, "Continue later")
    link = page.get_by_role("dialog").get_by_role("textbox", name="Your link")
    expect(link).to_be_visible()
    expect(page.get_by_role("img", name="The link as a QR code")).to_be_visible()
    assert barriers(page) == []
    address = link.input_value()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    other = browser.new_context(viewport=journey.DESK).new_page()
    other.goto(address)
    expect_asked(other, "Tea in one word?")
    expect(other.get_by_role("log")).to_contain_text("It is calm")


def test_a_server_that_was_restarted_takes_the_answer_that_waits(
    browser: Browser, tea_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = {"SAMTAL_HOME": str(tea_home.root), "SAMTAL_SURFACE": "respond"}
    with Server(journey.ROOT / "app.py", tmp_path_factory.mktemp("log") / "log", env) as server:
        page = visit(browser, journey.Served(f"http://127.0.0.1:{server.port}", ""), "phone")
        agree_by_touch(page)
        expect_asked(page, "Why tea?")
        server.kill()
        page.locator("textarea").fill("It is calm")
        page.get_by_role("button", name="Send").tap()
        expect(page.get_by_role("status")).to_contain_text("your answer is still here", timeout=30_000)
        expect(page.get_by_text("Connection error")).to_be_hidden()
        server.start()
        expect(page.locator(".log > .guide").last).to_have_text("Tea in one word?", timeout=60_000)
        assert answers(tea_home, page) == {"why": "It is calm"}


@pytest.mark.parametrize("size", SIZES)
def test_a_link_that_leads_nowhere_has_no_barriers(browser: Browser, tea_server: journey.Served, size: str) -> None:
    page = browser.new_context(viewport=SIZES[size]).new_page()
    for query in ("study=tea&resume=guess&lang=sv", "study=none&lang=da", ""):
        journey.open_page(page, f"{tea_server.url}/chat?{query}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert barriers(page) == []
    page.goto(tea_server.url)
    expect(page.get_by_text("Open the link you were given to answer.")).to_be_visible()
    assert barriers(page) == []
