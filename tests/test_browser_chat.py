"""The respondent's page in a real browser: every kind of question by touch and by keyboard alone, and its taps."""

import pytest
from playwright.sync_api import Browser, Page, expect

from data.studies import Home
from survey.definition.kinds import KINDS
from tests import every_kind, journey
from tests.chat_ways import SIZES, TOUCH, WAYS, agree_by_touch, answers, barriers, expect_asked, tap, tap_text, visit

pytestmark = pytest.mark.browser


def test_the_survey_of_these_tests_has_every_kind() -> None:
    assert set(every_kind.KINDS) == set(KINDS) - {"expression"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_every_kind_is_answered(
    browser: Browser, tea_home: Home, tea_server: journey.Served, size: str, way: str
) -> None:
    page = visit(browser, tea_server, size, dark=way == "keyboard")
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
    stored = answers(tea_home, page)
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


def test_no_question_takes_more_than_one_tap_more_than_a_form(browser: Browser, tea_server: journey.Served) -> None:
    page = visit(browser, tea_server, "phone")
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
