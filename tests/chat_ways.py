"""What respondents do on the chat's page in a real browser: by touch, by keyboard alone, and what they then see."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from data.studies import Home, Studies
from tests import journey

SIZES = {"phone": journey.PHONE, "desk": journey.DESK}


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
