"""Segments by bases in a real browser, with a made-up result: every part of the page, on small and big screens."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.studies import Home, Studies
from survey.analysis.population import collect_population
from survey.analysis.stored_bases import pack_bases
from tests import journey
from tests.fabricated_bases import solutions

PEOPLE = 60

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    journey.demo_answers(home, PEOPLE)
    with Studies(home).file("demo") as file:
        people = collect_population(file)
        answers = [str(value) for value in people.population.questions[0].answers.values]
        settings = {
            "questions": ["matters", "why"],
            "bases": ["benefit", "psychographic"],
            "min_share": 0.03,
            "seed": 0,
        }
        file.runs.finish(file.runs.create(settings, "test"), *pack_bases(solutions(answers), people))
    return home


@pytest.fixture(scope="module")
def page(browser: Browser, home: Home) -> Iterator[Page]:
    """A page that is signed in."""
    with journey.served(home.root, SAMTAL_EMBEDDER="minilm") as here:
        page = browser.new_context(viewport=journey.PHONE, reduced_motion="reduce").new_page()
        journey.set_up(page, here)
        yield page


def study(page: Page) -> None:
    """Go to the page of the study, from wherever this is."""
    page.goto(f"{urljoin(page.url, '/study')}?study=demo")


def barriers(page: Page) -> list[str]:
    """Return everything that axe finds with all parts unfolded, and whether the page scrolls sideways."""
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    journey.settle(page)
    found = [f"{each['id']}: {each['nodes'][0]['html'][:300]}" for each in Axe().run(page).response["violations"]]
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["scrolls sideways"] if sideways else [])]


@pytest.mark.parametrize("size", [journey.PHONE, journey.DESK], ids=["phone", "desk"])
def test_what_to_segment_by_keeps_nobody_out(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    study(page)
    expect(page.get_by_text("What they want (benefits)")).to_be_visible(timeout=30_000)
    assert barriers(page) == []


@pytest.mark.parametrize("size", [journey.PHONE, journey.DESK], ids=["phone", "desk"])
def test_every_part_of_a_result_keeps_nobody_out(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    study(page)
    page.get_by_role("link", name="See the segments").click()
    expect(page.get_by_role("heading", name="Fair prices")).to_be_visible(timeout=30_000)
    found = barriers(page)
    page.get_by_role("radio", name="What they value").click()
    expect(page.get_by_role("heading", name="Calm at home")).to_be_visible(timeout=30_000)
    found += barriers(page)
    page.get_by_role("radio", name="How the two cross").click()
    expect(page.get_by_text("The two go together")).to_be_visible(timeout=30_000)
    found += barriers(page)
    assert found == []


def test_the_files_of_a_result_are_what_they_say(page: Page) -> None:
    study(page)
    page.get_by_role("link", name="See the segments").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert len(lines) == PEOPLE + 1
    assert "segment_psychographic" in lines[0]
