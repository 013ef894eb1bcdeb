"""How many taps does a chat take, and how many the same survey as a SurveyJS form? Counted in a browser, on a phone.

The same twelve questions, one of each common kind, are answered alike by touch in our chat and in a form that
SurveyJS itself draws: once with everything on one page, once with one question on a page and its button Next. Every
touch of the screen is counted as it happens, fields to type in included. One thing happens outside the page, where
nothing can be counted: the phone's own list, which our dropdown opens; opening it and picking count as a tap each.

SurveyJS is fetched with npm into a folder of caches, never into the project; without npm, or without the registry, the
benchmark says so and measures nothing.
"""

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from benchmarks.server import ROOT, Server
from data.studies import Home, Studies

SURVEYJS = "2.5.38"
PACKAGES = {"survey-core": ("survey.core.min.js", "survey-core.min.css"), "survey-js-ui": ("survey-js-ui.min.js",)}
PHONE = {"width": 390, "height": 844}
BAR = 1
NATIVE_LIST = 2
SCALE = ["Not at all", "A little", "Partly", "Mostly", "Fully"]
ROWS = ["I compare prices often", "I stay where I am known", "I like new things", "Others ask me for advice"]
ELEMENTS: list[dict[str, Any]] = [
    {"type": "radiogroup", "name": "brand", "title": "Which one do you use?", "choices": ["Alva", "Brisk", "Cirrus"]},
    {"type": "dropdown", "name": "age", "title": "How old are you?", "choices": ["18–34", "35–54", "55 or older"]},
    {"type": "checkbox", "name": "uses", "title": "For what?", "choices": ["Calls", "Films", "Maps", "Work"]},
    {"type": "comment", "name": "why", "title": "Why this one?"},
    {"type": "rating", "name": "recommend", "title": "Would you recommend it?", "rateMin": 0, "rateMax": 10},
    {"type": "matrix", "name": "agree", "title": "Does this fit you?", "rows": ROWS, "columns": SCALE},
    {"type": "boolean", "name": "moved", "title": "Have you changed this year?"},
    {"type": "text", "name": "pay", "title": "What do you pay a month?", "inputType": "number"},
    {"type": "rating", "name": "bill", "title": "Is the bill easy to read?", "rateMin": 1, "rateMax": 5},
    {"type": "radiogroup", "name": "home", "title": "Where do you live?", "choices": ["City", "Town", "Country"]},
    {"type": "checkbox", "name": "wishes", "title": "What would help?", "choices": ["Price", "Coverage", "Advice"]},
    {"type": "comment", "name": "more", "title": "What else should we know?"},
]
SURVEY = {"title": "Your mobile plan", "elements": ELEMENTS}
ANSWERS: dict[str, Any] = {
    "brand": "Brisk",
    "age": "35–54",
    "uses": ["Calls", "Maps"],
    "why": "It works where I live.",
    "recommend": 8,
    "agree": dict(zip(ROWS, ["Partly", "Fully", "A little", "Mostly"], strict=True)),
    "moved": True,
    "pay": 25,
    "bill": 4,
    "home": "Town",
    "wishes": ["Price", "Coverage"],
    "more": "Nothing, thank you.",
}
COUNTING = "window.taps = 0; addEventListener('pointerdown', (event) => { if (event.isPrimary) window.taps++; }, true);"


class NotFetched(Exception):
    """SurveyJS cannot be had here."""


def figures(quick: bool) -> dict[str, Any]:
    """Return the taps of every question in the chat and in both forms, or a note when SurveyJS cannot be fetched."""
    about = __doc__.split("\n\n", 1)[1].strip() if __doc__ else ""
    try:
        folder = fetched()
    except NotFetched as error:
        return {"about": about, "note": str(error)}
    with sync_playwright() as playwright:
        browser = chromium(playwright.chromium.executable_path, playwright)
        try:
            chat = taps_of_chat(browser)
            one_page = taps_of_form(browser, folder, "singlePage")
            paged = taps_of_form(browser, folder, "questionPerPage")
        finally:
            browser.close()
    rows = [
        {"question": one["name"], "kind": one["type"], "chat": chat[one["name"]]}
        | {"form, one page": one_page[one["name"]], "form, one question a page": paged[one["name"]]}
        for one in ELEMENTS
    ]
    ends = {"question": "begin and end", "kind": "", "chat": chat["ends"]}
    rows.append({**ends, "form, one page": one_page["ends"], "form, one question a page": paged["ends"]})
    return {"about": about, "bars": bars(rows), "SurveyJS": SURVEYJS, "taps": rows}


def bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what must hold: over the survey, and for each question, at most one tap more than either form takes."""
    found = []
    for form in ("form, one page", "form, one question a page"):
        ours, theirs = (sum(row[name] for row in rows) / len(ELEMENTS) for name in ("chat", form))
        worst = max(row["chat"] - row[form] for row in rows)
        for what, figure in (("taps more a question", round(ours - theirs, 2)), ("taps more at the worst one", worst)):
            found.append({"bar": f"{what} than the {form}, at most {BAR}", "measured": figure, "met": figure <= BAR})
    return found


def fetched() -> Path:
    """Return a folder with SurveyJS's scripts and style, fetched when they are not there yet; raises NotFetched."""
    folder = user_cache_path("samtal") / f"surveyjs-{SURVEYJS}"
    if all((folder / name).exists() for names in PACKAGES.values() for name in names):
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("Not measured: SurveyJS is fetched with npm, and npm is not installed here.")
    with tempfile.TemporaryDirectory() as scratch:
        wanted = [f"{package}@{SURVEYJS}" for package in PACKAGES]
        done = subprocess.run(
            [npm, "pack", "--silent", *wanted], cwd=scratch, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode:
            raise NotFetched(f"Not measured: npm could not fetch {' and '.join(wanted)}.")
        folder.mkdir(parents=True, exist_ok=True)
        for package, names in PACKAGES.items():
            with tarfile.open(Path(scratch) / f"{package}-{SURVEYJS}.tgz") as packed:
                for name in names:
                    content = packed.extractfile(f"package/{name}")
                    if content is None:
                        raise NotFetched(f"Not measured: {package} {SURVEYJS} has no {name}.")
                    (folder / name).write_bytes(content.read())
    return folder


def chromium(executable: str, playwright: Any) -> Browser:
    """Return a browser: Debian's, another one on the path, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), executable)
    browser: Browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
    return browser


def phone(browser: Browser) -> Page:
    """Return a page on a phone that counts every touch."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(COUNTING)
    return page


def taps(page: Page) -> int:
    """Return how often the page was touched so far."""
    return int(page.evaluate("window.taps"))


# our chat


def taps_of_chat(browser: Browser) -> dict[str, int]:
    """Return the taps of each question in our chat, and of consent as "ends"."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        Studies(home).create("taps", "Taps", SURVEY)
        env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
        with Server(ROOT / "app.py", Path(folder) / "log", env) as server:
            page = phone(browser)
            page.goto(f"http://127.0.0.1:{server.port}/chat?study=taps&lang=en")
            page.get_by_role("button", name="I agree, let's start").tap()
            found = {"ends": taps(page)}
            for element in ELEMENTS:
                found[element["name"]] = _said(page, element)
            expect(page.get_by_role("log")).to_contain_text("Thank you!")
        with Studies(home).file("taps") as file:
            stored = {answer.question: answer.value for _language, answer in file.responses.latest(len(ELEMENTS))}
    if stored != ANSWERS:
        raise RuntimeError(f"The chat has stored something else than was answered: {stored}")
    return found


def _said(page: Page, element: dict[str, Any]) -> int:
    expect(page.locator(".log > .guide").last).to_have_text(element["title"])
    before = taps(page)
    by_rule = CHAT[element["type"]](page, ANSWERS[element["name"]])
    _armed(page)
    return taps(page) - before + by_rule


def _armed(page: Page) -> None:
    expect(page.locator(".samtal:not([data-busy]) .reply:not([data-arming])")).to_be_attached()


def _press(page: Page, name: object) -> int:
    _armed(page)
    page.locator(".reply").get_by_role("button", name=str(name), exact=True).tap()
    return 0


def _listed(page: Page, value: str) -> int:
    _armed(page)
    page.locator(".list select").select_option(label=value)
    _press(page, "Done")
    return NATIVE_LIST


def _ticked(page: Page, values: list[str]) -> int:
    _armed(page)
    for value in values:
        page.locator(".reply").get_by_text(value, exact=True).tap()
    return _press(page, "Done")


def _written(page: Page, value: object) -> int:
    _armed(page)
    field = page.locator(".write :is(input, textarea)")
    field.tap()
    field.press_sequentially(str(value))
    return _press(page, "Send")


def _rowed(page: Page, values: dict[str, str]) -> int:
    for row, value in values.items():
        expect(page.locator("#samtal-part")).to_contain_text(row)
        _press(page, value)
    return 0


CHAT: dict[str, Callable[[Page, Any], int]] = {
    "radiogroup": _press,
    "rating": _press,
    "boolean": lambda page, value: _press(page, "Yes" if value else "No"),
    "dropdown": _listed,
    "checkbox": _ticked,
    "comment": _written,
    "text": _written,
    "matrix": _rowed,
}


# SurveyJS's form


def taps_of_form(browser: Browser, folder: Path, layout: str) -> dict[str, int]:
    """Return the taps of each question in a form, with its Next where there is one; "ends" is what completes it."""
    page = phone(browser)
    page.goto("about:blank")
    page.set_content(
        '<!doctype html><meta name="viewport" content="width=device-width, initial-scale=1"><div id="form"></div>'
    )
    page.add_style_tag(path=folder / "survey-core.min.css")
    for name in ("survey.core.min.js", "survey-js-ui.min.js"):
        page.add_script_tag(path=folder / name)
    page.evaluate(
        """([survey, layout]) => {
            window.model = new Survey.Model({ ...survey, questionsOnPageMode: layout });
            window.model.render(document.getElementById("form"));
        }""",
        [SURVEY, layout],
    )
    page.evaluate(COUNTING)
    found = {}
    for number, element in enumerate(ELEMENTS, start=1):
        before = taps(page)
        FORM[element["type"]](page, page.locator(f"[data-name='{element['name']}']"), ANSWERS[element["name"]])
        if layout == "questionPerPage" and number < len(ELEMENTS):
            page.get_by_role("button", name="Next", exact=True).tap()
        found[element["name"]] = taps(page) - before
    before = taps(page)
    page.get_by_role("button", name="Complete", exact=True).tap()
    found["ends"] = taps(page) - before
    stored = page.evaluate("window.model.state === 'completed' ? window.model.data : null")
    if stored != ANSWERS:
        raise RuntimeError(f"The form has stored something else than was answered: {stored}")
    return found


def _option(_page: Page, question: Locator, value: object) -> None:
    question.get_by_text(str(value), exact=True).tap()


def _opened(page: Page, question: Locator, value: object) -> None:
    question.locator(".sd-dropdown").tap()
    page.locator(".sv-popup:visible .sv-list__item").get_by_text(str(value), exact=True).tap()
    expect(page.locator(".sv-popup:visible")).to_have_count(0)


def _rated(page: Page, question: Locator, value: object) -> None:
    # On a narrow screen SurveyJS itself makes a list of a long scale.
    (_opened if question.locator(".sd-dropdown").count() else _option)(page, question, value)


def _options(page: Page, question: Locator, values: list[str]) -> None:
    for value in values:
        _option(page, question, value)


def _typed(_page: Page, question: Locator, value: object) -> None:
    field = question.locator("input, textarea").first
    field.tap()
    field.press_sequentially(str(value))


def _cells(_page: Page, question: Locator, values: dict[str, str]) -> None:
    for row, value in values.items():
        question.locator("tbody tr").filter(has_text=row).get_by_text(value, exact=True).tap()


FORM: dict[str, Callable[[Page, Locator, Any], None]] = {
    "radiogroup": _option,
    "rating": _rated,
    "boolean": lambda page, question, value: _option(page, question, "Yes" if value else "No"),
    "dropdown": _opened,
    "checkbox": _options,
    "comment": _typed,
    "text": _typed,
    "matrix": _cells,
}
