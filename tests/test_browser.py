"""A real browser: answer the demo survey on a phone, sign in to the studio, segment, see segments."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.studies import Home, Studies
from tests import journey

PEOPLE = 150

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    journey.demo_answers(home, PEOPLE)
    return home


@pytest.fixture(scope="module")
def here(browser: Browser, home: Home) -> Iterator[journey.Served]:
    with journey.served(home.root, SAMTAL_EMBEDDER="minilm") as here:
        yield here


def barriers(page: Page) -> list[str]:
    """Return everything that axe finds on the page."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def test_a_phone_answers_the_demo_survey(browser: Browser, home: Home, here: journey.Served) -> None:
    page = browser.new_context(viewport=journey.PHONE, has_touch=True, is_mobile=True).new_page()
    journey.agree(page, here)
    journey.settle(page)
    assert barriers(page) == []
    journey.say(page, "Coverage at the cabin, so that I can work from there")
    journey.say(page, "Because then I see more of the lake & less of the office <b>")
    journey.settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert page.evaluate("document.documentElement.lang") == "en"
    journey.choose(page, "Unlimited data")
    journey.choose(page, "9")
    journey.choose(page, "3–5 years")
    journey.pick(page, "35–49")
    journey.choose(page, "With a partner")
    expect(page.get_by_text("Thank you! Your answers are saved")).to_be_visible()
    with Studies(home).file("demo") as file:
        answers = {answer.question: answer.value for _language, answer in file.responses.latest(7)}
        assert file.responses.counts().started == PEOPLE + 1
    assert answers["matters"] == "Coverage at the cabin, so that I can work from there"
    assert answers["why"] == "Because then I see more of the lake & less of the office <b>"
    assert (answers["plan"], answers["recommend"], answers["age"]) == ("unlimited", 9, "35-49")


def test_the_studio_from_the_set_up_link_to_segments(browser: Browser, here: journey.Served) -> None:
    page = browser.new_context(viewport=journey.DESK).new_page()
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if not _ours(request.url, here) else None)
    page.goto(f"{here.url}/study?study=demo")
    expect(page).to_have_url(f"{here.url}/login?next=/study%3Fstudy%3Ddemo")
    assert barriers(page) == []
    journey.set_up(page, here)
    journey.segment(page)
    journey.settle(page)
    assert page.locator(".segment-head").count() >= 2
    assert barriers(page) == []
    page.get_by_text("How sure is this?").click()
    expect(page.get_by_text("Would the same groups be found again?")).to_be_visible()
    _pick_on_the_map(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == PEOPLE + 1
    assert foreign == []


def test_a_new_study_takes_its_first_answer(browser: Browser, here: journey.Served) -> None:
    page = browser.new_context(viewport=journey.PHONE).new_page()
    journey.sign_in(page, here)
    page.get_by_role("button", name="New study").click()
    page.get_by_label("Title").fill("Hopes for the winter")
    page.get_by_role("textbox", name="Question").fill("What do you hope for this winter, and why?")
    page.get_by_role("button", name="Create study").click()
    expect(page.get_by_role("heading", name="Hopes for the winter")).to_be_visible()
    journey.settle(page)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    chat = browser.new_context(viewport=journey.PHONE).new_page()
    chat.goto(page.get_by_test_id("stCode").inner_text().strip())
    chat.get_by_role("button", name="I agree, let's start").click()
    journey.say(chat, "Snow, for the children")
    expect(page.get_by_text("Segment now")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=20_000)


def test_signing_out_leads_to_the_door(browser: Browser, here: journey.Served) -> None:
    page = browser.new_context(viewport=journey.DESK).new_page()
    journey.sign_in(page, here)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{here.url}/login")
    page.goto(f"{here.url}/")
    expect(page).to_have_url(f"{here.url}/login?next=/")


def _ours(url: str, here: journey.Served) -> bool:
    return url.startswith((here.url, here.url.replace("http", "ws", 1), "data:", "blob:"))


def _pick_on_the_map(page: Page) -> None:
    """Drag a box over a part of the map: the table must follow."""
    shown = page.get_by_text("of 151 answers")
    expect(shown).to_have_text("151 of 151 answers")
    chart = page.get_by_test_id("stVegaLiteChart").last
    chart.scroll_into_view_if_needed()
    place = chart.bounding_box()
    assert place is not None
    x, y, width, height = (place[name] for name in ("x", "y", "width", "height"))
    page.mouse.move(x + 0.05 * width, y + 0.05 * height)
    page.mouse.down()
    page.mouse.move(x + 0.5 * width, y + 0.6 * height, steps=8)
    page.mouse.up()
    expect(shown).not_to_have_text("151 of 151 answers")
