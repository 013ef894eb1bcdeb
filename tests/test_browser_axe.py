"""axe on every page there is, on a phone and on a big screen: no finding of any impact, and nothing left aside."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from data.fieldwork import Fieldwork
from data.studies import Home, Studies
from survey.analysis.stored import collect, pack
from tests import every_kind, journey
from tests.fabricated import segmentation

pytestmark = pytest.mark.browser
SIZES = {"phone": journey.PHONE, "desk": journey.DESK}
ONE = {"title": "What matters", "elements": [{"type": "comment", "name": "answer", "title": "What matters, and why?"}]}
PEOPLE = 40


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def made(home: Home) -> dict[str, str]:
    """Two studies: one with every kind of question and a prize, one with answers, flags, a result and a failed run.

    Segments by bases have their own test, tests/test_browser_bases.py.
    """
    Studies(home).create("tea", "Tea", every_kind.DOCUMENT)
    with Studies(home).file("tea") as file:
        file.set_fieldwork(Fieldwork(retention_days=90, prize="Two cinema tickets"))
        response, token = file.responses.begin(1, "en")
        file.responses.consent(response, "samtal-1", "en")
        file.responses.record(response, "why", 0, "It is calm")
        file.responses.complete(response)
        file.contacts.enter(response)
        file.contacts.add("liv@example.org")
        file.invitations.create({"plan": "gold"})
    Studies(home).create("matters", "What matters", ONE)
    with Studies(home).file("matters") as file:
        for number in range(PEOPLE):
            response, _token = file.responses.begin(1, "en")
            file.responses.record(response, "answer", 0, "sdkfjh sdlkfj woeiru" if number == 1 else f"answer {number}")
            file.responses.complete(response)
        collected = collect(file, ["answer"])
        run = file.runs.create({"questions": ["answer"], "k": None, "min_share": 0.03, "seed": 0}, "test")
        file.runs.finish(run, *pack(segmentation([row[0] for row in collected.answers], k=3), collected))
        file.runs.fail(file.runs.create({"questions": ["answer"]}, "test"), "The worker ran out of memory.")
    return {"token": token, "run": run}


@pytest.fixture(scope="module")
def here(browser: Browser, home: Home, made: dict[str, str]) -> Iterator[journey.Served]:
    with journey.served(home.root, SAMTAL_SURFACE="all") as here:
        yield here


def barriers(page: Page) -> list[str]:
    """Return everything that axe finds on the whole page, and whether it scrolls sideways."""
    found = [f"{each['id']}: {each['nodes'][0]['html'][:300]}" for each in Axe().run(page).response["violations"]]
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url}: {each}" for each in [*found, *(["scrolls sideways"] if sideways else [])]]


def studio(page: Page) -> Page:
    journey.settle(page)
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    journey.settle(page)
    return page


def chat(page: Page) -> Page:
    expect(page.get_by_role("log")).to_be_visible(timeout=30_000)
    journey.armed(page)
    return page


def plain(page: Page) -> Page:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def new_study(page: Page) -> list[str]:
    """Return what is found on each way to a new study."""
    page.get_by_role("button", name="New study").click()
    found = []
    for tab in page.get_by_role("dialog").get_by_role("tab").all():
        tab.click()
        journey.settle(page)
        found += barriers(page)
    return found


def draw_and_links(page: Page) -> list[str]:
    """Return what is found while a file of people is being read, and once winners are drawn."""
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"name,plan\nLiv,gold\n"}
    page.locator("input[type=file]").set_input_files(files=[people])  # type: ignore[list-item]
    expect(page.get_by_role("button", name="Make 1 link")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Draw winners").click()
    expect(page.get_by_text("liv@example.org")).to_be_visible(timeout=30_000)
    return barriers(studio(page))


PUBLIC: dict[str, Callable[[Page], Page]] = {
    "/login": plain,
    "/login?next=/study%3Fstudy%3Dtea": plain,
    "/setup?token=guess": plain,
    "/logout": plain,
    "/chat?study=tea&lang=en": chat,
    "/chat?study=tea&lang=fi&resume={token}": chat,
    "/chat?study=none&lang=da": chat,
    "/answers?study=tea&resume={token}": plain,
    "/answers?study=tea&resume=guess": plain,
    "/draw?study=tea&resume={token}": plain,
    "/draw?study=tea&resume=guess": plain,
}
STUDIO: dict[str, Callable[[Page], list[str]] | None] = {
    "/": new_study,
    "/study?study=tea": None,
    "/study?study=matters": None,
    "/study?study=none": None,
    "/collect?study=tea": draw_and_links,
    "/collect?study=matters": None,
    "/segments?study=matters&run={run}": None,
    "/segments?study=matters": None,
    "/segments?study=tea": None,
}


def test_no_page_has_a_barrier(browser: Browser, here: journey.Served, made: dict[str, str]) -> None:
    found: list[str] = []
    page = browser.new_context(viewport=journey.PHONE, reduced_motion="reduce").new_page()
    journey.open_page(page, here.setup)
    for size in SIZES.values():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += barriers(plain(page))
    for address, ready in PUBLIC.items():
        page.goto(here.url + address.format_map(made))
        for size in SIZES.values():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found += barriers(ready(page))
    journey.set_up(page, here)
    for address, more in STUDIO.items():
        for size in SIZES.values():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(here.url + address.format_map(made))
            found += barriers(studio(page))
            found += more(page) if more else []
    assert "\n".join(found) == ""
