"""The respondent's page in a real browser: every kind of question by touch and by keyboard alone, and for everybody."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.server import Server
from data.studies import Home, Studies
from survey.conversation.quality import stored_quality
from survey.definition import say
from survey.definition.kinds import KINDS
from tests import every_kind, journey

pytestmark = pytest.mark.browser
SIZES = {"phone": journey.PHONE, "desk": journey.DESK}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    Studies(home).create("tea", "Tea", every_kind.DOCUMENT)
    return home


@pytest.fixture(scope="module")
def here(home: Home) -> Iterator[journey.Served]:
    with journey.served(home.root, SAMTAL_SURFACE="respond") as here:
        yield here


def visit(browser: Browser, here: journey.Served, size: str, language: str = "en", dark: bool = False) -> Page:
    """Open the chat with a finger on a phone or on a big screen, with the settings that a browser has there."""
    page = browser.new_context(
        viewport=SIZES[size],
        has_touch=True,
        is_mobile=size == "phone",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    ).new_page()
    journey.open_page(page, f"{here.url}/chat?study=tea&lang={language}")
    expect(page.get_by_role("log")).to_be_visible(timeout=30_000)
    return page


def answers(home: Home, page: Page) -> dict[str, object]:
    """Return what is stored of the conversation in the page."""
    token = page.url.split("resume=")[1].split("&")[0]
    with Studies(home).file("tea") as file:
        row = file.responses.find(token)
        assert row is not None
        return {answer.question: answer.value for answer in file.responses.kept(row.id).answers}


def barriers(page: Page) -> list[str]:
    """Return what axe finds on the whole page, whatever its impact."""
    journey.armed(page)
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def asked(page: Page) -> str:
    """Return the question that waits, as a screen reader names it."""
    return page.locator(".reply > [role=group]").get_attribute("aria-label") or ""


def expect_asked(page: Page, title: str) -> None:
    expect(page.locator(".reply > [role=group]")).to_have_attribute("aria-label", title)
    journey.armed(page)


# by touch


def tap(page: Page, name: str) -> None:
    """Tap the button of that name where the answer is given."""
    journey.armed(page)
    page.locator(".foot").get_by_role("button", name=name, exact=True).tap()


def tap_text(page: Page, name: str) -> None:
    journey.armed(page)
    page.locator(".reply").get_by_text(name, exact=True).tap()


def type_and_send(page: Page, text: str) -> None:
    journey.armed(page)
    page.locator(".write :is(input, textarea)").fill(text)
    tap(page, "Send")


def touch_date(page: Page) -> None:
    page.locator("input[type=date]").fill("2026-03-09")
    tap(page, "Done")


def touch_other(page: Page) -> None:
    tap(page, "Something else")
    page.locator(".own input").fill("Oolong")
    tap(page, "Done")


def touch_list(page: Page) -> None:
    page.locator(".list select").select_option(label="Work")
    tap(page, "Done")


def touch_slider(page: Page) -> None:
    page.locator("input[type=range]").fill("60")
    tap(page, "Answer: 60")


def touch_several(page: Page) -> None:
    tap_text(page, "None of these")
    tap_text(page, "Milk")
    expect(page.get_by_role("checkbox", name="None of these")).not_to_be_checked()
    tap_text(page, "Something else")
    page.locator(".several > input").fill("Jam")
    tap(page, "Done")


def touch_ranking(page: Page) -> None:
    for name in ("Calm", "Price"):
        tap(page, f"{name}: not ranked yet")
    tap(page, "Calm: place 1")
    tap(page, "Taste: place 2")
    tap(page, "Taste: not ranked yet")
    tap(page, "Done")


def touch_rows(page: Page) -> None:
    for row in ("Tea wakes me", "Tea calms me"):
        expect_asked(page, f"Do you agree? {row}")
        tap(page, "Partly")


def touch_sets(page: Page) -> None:
    for part in ("1 of 2", "2 of 2"):
        expect(page.get_by_text(part)).to_be_visible()
        journey.armed(page)
        expect(page.locator(".best").nth(0)).to_have_text("Yes please")
        page.locator(".best").nth(0).tap()
        page.locator(".worst").nth(1).tap()


def touch_points(page: Page) -> None:
    page.get_by_role("textbox", name="Leaves").fill("75")
    for _ in range(5):
        tap(page, "Cups: more")
    expect(page.get_by_text("0 left")).to_be_visible()
    tap(page, "Done")


TOUCH: dict[str, Callable[[Page], None]] = {
    "why": lambda page: type_and_send(page, "It is calm <b>"),
    "word": lambda page: type_and_send(page, "Warm"),
    "mail": lambda page: type_and_send(page, "tea@example.org"),
    "cups": lambda page: type_and_send(page, "3.5"),
    "day": touch_date,
    "sort": touch_other,
    "where": touch_list,
    "sugar": lambda page: tap(page, "No"),
    "again": lambda page: tap(page, "9"),
    "warm": touch_slider,
    "with": touch_several,
    "order": touch_ranking,
    "agree": touch_rows,
    "shop": touch_sets,
    "money": touch_points,
    "else": lambda page: tap(page, "Skip"),
}

# by keyboard alone


def keys(page: Page, *pressed: str) -> None:
    journey.armed(page)
    for key in pressed:
        page.keyboard.press(key)


def write(page: Page, text: str) -> None:
    journey.armed(page)
    expect(page.locator(".write :is(input, textarea)")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def tab_to(page: Page, target: Locator) -> None:
    """Press the tabulator until the focus is there; fails when it never comes."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("The keyboard does not come here.")


def keys_date(page: Page) -> None:
    keys(page, *"03092026", "Enter")


def keys_other(page: Page) -> None:
    keys(page, "End", "Enter")
    expect(page.locator(".own input")).to_be_focused()
    page.keyboard.type("Oolong")
    page.keyboard.press("Enter")


def keys_several(page: Page) -> None:
    keys(page, "Space", *["Tab"] * 4, "Space")
    expect(page.locator(".several > input")).to_be_focused()
    page.keyboard.type("Jam")
    page.keyboard.press("Enter")


def keys_ranking(page: Page) -> None:
    keys(page, "ArrowDown", "Enter", "ArrowUp", "Enter")
    tab_to(page, page.get_by_role("button", name="Done"))
    page.keyboard.press("Enter")


def keys_rows(page: Page) -> None:
    for row in ("Tea wakes me", "Tea calms me"):
        expect_asked(page, f"Do you agree? {row}")
        keys(page, "ArrowRight", "Enter")


def keys_sets(page: Page) -> None:
    for part in ("1 of 2", "2 of 2"):
        expect(page.get_by_text(part)).to_be_visible()
        keys(page, "Enter", *["ArrowDown"] * 3, "Enter")


def keys_points(page: Page) -> None:
    journey.armed(page)
    expect(page.get_by_role("textbox", name="Leaves")).to_be_focused()
    page.keyboard.type("75")
    page.keyboard.press("Tab")
    keys(page, *["ArrowUp"] * 5, "Enter", "Enter")


def keys_skip(page: Page) -> None:
    journey.armed(page)
    tab_to(page, page.get_by_role("button", name="Skip"))
    page.keyboard.press("Enter")


KEYS: dict[str, Callable[[Page], None]] = {
    "why": lambda page: write(page, "It is calm <b>"),
    "word": lambda page: write(page, "Warm"),
    "mail": lambda page: write(page, "tea@example.org"),
    "cups": lambda page: write(page, "3,5"),
    "day": keys_date,
    "sort": keys_other,
    "where": lambda page: keys(page, "W", "Enter"),
    "sugar": lambda page: keys(page, "ArrowRight", "Enter"),
    "again": lambda page: keys(page, "End", "ArrowLeft", "Enter"),
    "warm": lambda page: keys(page, "ArrowRight", "ArrowRight", "Enter"),
    "with": keys_several,
    "order": keys_ranking,
    "agree": keys_rows,
    "shop": keys_sets,
    "money": keys_points,
    "else": keys_skip,
}


def agree_by_touch(page: Page) -> None:
    tap(page, "I agree, let's start")


def agree_by_keyboard(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name="I agree, let's start"))
    page.keyboard.press("Enter")


WAYS = {"touch": (agree_by_touch, TOUCH), "keyboard": (agree_by_keyboard, KEYS)}


@pytest.mark.parametrize("size", SIZES)
def test_a_field_that_only_programs_find_stands_beside_the_consent(
    browser: Browser, home: Home, here: journey.Served, size: str
) -> None:
    page = visit(browser, here, size, "fi")
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
    with Studies(home).file("tea") as file:
        row = file.responses.find(page.url.split("resume=")[1].split("&")[0])
        assert row is not None
        (found,) = (one for one in stored_quality(file) if one.response == row.id)
    assert found.keys == ("trap",)


def test_the_survey_of_these_tests_has_every_kind() -> None:
    assert set(every_kind.KINDS) == set(KINDS) - {"expression"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_every_kind_is_answered(browser: Browser, home: Home, here: journey.Served, size: str, way: str) -> None:
    page = visit(browser, here, size, dark=way == "keyboard")
    agree, steps = WAYS[way]
    checked = size == "phone" or way == "keyboard"
    found = barriers(page)
    agree(page)
    for element in every_kind.DOCUMENT["elements"][1:]:
        name, title = element["name"], element["title"]["default"]
        expect(page.locator(".log > .guide").last).to_have_text(title)
        found += [f"{name}: {each}" for each in (barriers(page) if checked else [])]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        assert small_targets(page) == [], name
        steps[name](page)
    expect(page.get_by_role("log")).to_contain_text("Thank you! Your answers are saved")
    stored = answers(home, page)
    sets = stored.pop("shop")
    assert stored == every_kind.ANSWERS
    assert isinstance(sets, list)
    assert [(one["best"], one["worst"]) for one in sets] == [(one["set"][0], one["set"][1]) for one in sets]
    assert found + barriers(page) == []
    page.get_by_role("button", name="Change your answer: Tea wakes me").click()
    expect_asked(page, "Do you agree? Tea wakes me")
    expect(page.locator(".reply .chosen")).to_have_text("Partly")


def small_targets(page: Page) -> list[str]:
    """Return what can be pressed and is smaller than a thumb, 44 by 44 pixels."""
    return page.evaluate(
        """() => [...document.querySelectorAll("button, select, a, label, summary, textarea, input")]
            .filter((element) => element.type !== "checkbox" && element.checkVisibility())
            .filter((element) => Math.min(element.offsetWidth, element.offsetHeight) < 44)
            .map((element) => element.outerHTML.slice(0, 120))"""
    )


SURVEYJS_TAPS = {
    **dict.fromkeys(("why", "word", "mail", "cups", "day", "where", "else"), 1),
    **dict.fromkeys(("sort", "sugar", "again", "warm"), 2),
    **{"with": 4, "order": 3, "agree": 3, "shop": 6},
    "money": 1,
}
"""Taps that the same question takes in a SurveyJS form with one question on a page: what is chosen, ticked or dragged,
and Next. Typing, and what opens to type or to choose from, is the same in both and is not counted."""


def quick_ticks(page: Page) -> None:
    for name in ("Milk", "Lemon", "Honey"):
        tap_text(page, name)
    tap(page, "Done")


def quick_order(page: Page) -> None:
    for name in ("Price", "Taste"):
        tap(page, f"{name}: not ranked yet")
    tap(page, "Done")


def quick_points(page: Page) -> None:
    page.get_by_role("textbox", name="Leaves").fill("75")
    page.get_by_role("textbox", name="Cups").fill("25")
    tap(page, "Done")


def test_no_question_takes_more_than_one_tap_more_than_a_form(browser: Browser, here: journey.Served) -> None:
    page = visit(browser, here, "phone")
    page.evaluate("() => { window.taps = 0; addEventListener('pointerdown', () => taps++, true); }")
    agree_by_touch(page)
    quick = {**TOUCH, "sort": lambda page: tap(page, "Black"), "with": quick_ticks, "order": quick_order}
    taps = {}
    for element in every_kind.DOCUMENT["elements"][1:]:
        name = element["name"]
        expect(page.locator(".log > .guide").last).to_have_text(element["title"]["default"])
        before = page.evaluate("taps")
        (quick_points if name == "money" else quick[name])(page)
        taps[name] = page.evaluate("taps") - before
    assert {name: count for name, count in taps.items() if count > SURVEYJS_TAPS[name] + 1} == {}
    assert sum(taps.values()) <= sum(SURVEYJS_TAPS.values())


def test_messages_and_remarks_are_announced_once(browser: Browser, here: journey.Served) -> None:
    page = visit(browser, here, "phone")
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


def test_after_a_mistake_what_was_typed_or_ticked_is_still_there(browser: Browser, here: journey.Served) -> None:
    page = visit(browser, here, "phone")
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


def test_the_language_can_be_changed_midway_and_the_page_follows(browser: Browser, here: journey.Served) -> None:
    page = visit(browser, here, "phone")
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


def test_a_change_of_language_loses_nothing_half_made(browser: Browser, here: journey.Served) -> None:
    page = visit(browser, here, "phone")
    agree_by_touch(page)
    type_and_send(page, "Calm")
    language = page.locator("select.language")
    for element in every_kind.DOCUMENT["elements"][2:-1]:
        name, title = element["name"], element["title"]
        assert asked(page).startswith(title["default"])
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
    browser: Browser, home: Home, here: journey.Served
) -> None:
    page = visit(browser, here, "desk")
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
    assert answers(home, page) == {"why": "It is warm", "word": "Warm"}


def test_the_link_that_continues_later_opens_where_it_was_on_another_device(
    browser: Browser, here: journey.Served
) -> None:
    page = visit(browser, here, "phone")
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
    browser: Browser, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
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
        assert answers(home, page) == {"why": "It is calm"}


def test_a_link_that_leads_nowhere_has_no_barriers(browser: Browser, here: journey.Served) -> None:
    page = browser.new_context(viewport=journey.PHONE).new_page()
    for query in ("study=tea&resume=guess&lang=sv", "study=none&lang=da", ""):
        page.goto(f"{here.url}/chat?{query}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert barriers(page) == []
    page.goto(here.url)
    expect(page.get_by_text("Open the link you were given to answer.")).to_be_visible()
    assert barriers(page) == []
