"""Segments by bases in a real browser, with a made-up result: every part of the page, on small and big screens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.runs import TRACKING
from data.studies import Home, Studies
from models.typing_tool import TypingSettings, fit_typing_tool
from survey.analysis.population import collect_population
from survey.analysis.stored_bases import pack_bases
from survey.analysis.study_typing import asking
from survey.analysis.typing_study import keep_tool
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
        first = file.runs.create(settings, "test")
        file.runs.finish(first, *pack_bases(solutions(answers), people))
        second = file.runs.create(settings, "test")
        file.runs.finish(second, *pack_bases(solutions(answers), people))
        labels = solutions(answers).on("benefit").labels
        names = {at: f"Segment {at}" for at in (1, 2, 3)}
        told = [question.answers for question in people.population.questions if not question.open]
        tool = fit_typing_tool(told, labels, TypingSettings(questions=2), names=names)
        keep_tool(file, "benefit", tool, first)
        compared = file.runs.create({"basis": "benefit", "earlier": first, "later": second}, "test", TRACKING)
        file.runs.finish(compared, comparison(), {})
        document = file.survey()[1]
    Studies(home).create("golden", "Golden", asking(tool, document))
    with Studies(home).file("golden") as file:
        keep_tool(file, "benefit", tool, None)
        response, _token = file.responses.begin(1, "en")
        file.responses.record(response, tool.questions[0], 0, "small")
    return home


def comparison() -> dict[str, Any]:
    """Return a made-up comparison of the two runs, as it is stored."""
    side = [{"number": at, "name": f"Segment {at}", "share": 1 / 3} for at in (1, 2, 3)]
    moved = {"index": 0.4, "level": "act"}
    drift = {
        **{"level": "act", "advice": "", "reasons": ["sizes have moved", "people answer otherwise"]},
        **{"agreement": 0.4, "expected": 0.9, "shared": PEOPLE, "notes": ["A note."], "kernel": {"p": 0.002}},
        "numbers": {"1": 1, "2": 4, "3": 3},
        "sizes": {"name": "sizes", **moved, "before": [0.3, 0.3, 0.4], "after": [0.6, 0.3, 0.1]},
        "answers": [{"name": "Which plan?", **moved}, {"name": "How old?", "index": 0.01, "level": "keep"}],
        "matches": [
            {"before": 1, "after": 1, "overlap": 0.8},
            {"before": 2, "after": 0, "overlap": 0.0},
            {"before": 3, "after": 3, "overlap": 0.7},
            {"before": 0, "after": 2, "overlap": 0.0},
        ],
    }
    return {"drift": drift, "people": [PEOPLE, PEOPLE], "then": side, "now": side}


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


@pytest.mark.parametrize("size", [journey.PHONE, journey.DESK], ids=["phone", "desk"])
def test_golden_questions_and_tracking_keep_nobody_out(page: Page, home: Home, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found = []
    with Studies(home).file("demo") as file:
        first, second = (run.id for run in file.runs.list())
    for run, name in ((first, "Find golden questions"), (second, "Ask 2 questions")):
        page.goto(f"{urljoin(page.url, '/golden')}?study=demo&run={run}&basis=benefit")
        expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=30_000)
        found += barriers(page)
    page.goto(f"{urljoin(page.url, '/tracking')}?study=demo&run={first}&basis=benefit")
    expect(page.get_by_text("Segment again now")).to_be_visible(timeout=30_000)
    found += barriers(page)
    page.goto(f"{urljoin(page.url, '/study')}?study=golden")
    expect(page.get_by_role("heading", name="Segments of respondents")).to_be_visible(timeout=30_000)
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
