"""A person's way through Samtal in a real browser, against a real server; tests and screenshots share it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Playwright, expect

from data.db import transaction
from data.studies import Home, Studies
from survey import demo
from survey.definition import load

ROOT = Path(__file__).parent.parent
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
PASSWORD = "a calm winter morning"
PATIENT = 240_000
"""Milliseconds for what a worker process has to do."""


@dataclass(frozen=True)
class Served:
    """A running server: its address, and the set-up link it printed."""

    url: str
    setup: str


def chromium(playwright: Playwright) -> Browser | None:
    """Return a browser, or None where there is none: Debian's, another one on the path, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), playwright.chromium.executable_path)
    if not Path(found).exists():
        return None
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])


def demo_answers(home: Home, people: int) -> None:
    """Put the demo survey and the answers of its first people into a home, without segmenting them."""
    document, survey = load(demo.FOLDER / "survey.yaml")
    studies = Studies(home)
    studies.create(demo.SLUG, "Your mobile subscription", document)
    with studies.file(demo.SLUG) as file, transaction(file.db):
        for person in demo.people()[:people]:
            demo.store(file, survey, person, datetime.now(UTC).date())


@contextmanager
def served(home: Path, **environment: str) -> Iterator[Served]:
    """Start `python -m survey.cli serve` on a free port; stops it, and whatever it started, at the end."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "survey.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "SAMTAL_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = _first_lines(process)
        setup = re.search(r"http\S+/setup\?token=\S+", said)
        yield Served(f"http://localhost:{port}", setup.group() if setup else "")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _first_lines(process: subprocess.Popen[str]) -> str:
    """Return what the server says until it listens, and keep reading so that it never blocks on a full pipe."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "/chat?study=" in line:
            break
    threading.Thread(target=process.stdout.read, daemon=True).start()
    return "".join(lines)


def set_up(page: Page, here: Served) -> None:
    """Create the first account through the printed link; ends in the studio."""
    open_page(page, here.setup)
    page.get_by_label("Your name").fill("Liv Berg")
    page.get_by_label("E-mail").fill("liv@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Studies")).to_be_visible(timeout=30_000)


def sign_in(page: Page, here: Served) -> None:
    """Sign in; ends in the studio."""
    page.goto(f"{here.url}/login")
    page.get_by_label("E-mail").fill("liv@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Studies")).to_be_visible(timeout=30_000)


def agree(page: Page, here: Served) -> None:
    """Open the demo survey and agree to take part."""
    open_page(page, f"{here.url}/chat?study=demo&lang=en")
    page.get_by_role("button", name="I agree, let's start").click(timeout=30_000)


def say(page: Page, words: str) -> None:
    """Type an answer in the chat, send it, and wait until it stands in the conversation."""
    box = page.locator(".write").get_by_role("textbox")
    box.fill(words)
    armed(page)
    box.press("Enter")
    expect(page.get_by_role("log").get_by_text(words)).to_be_visible()


def choose(page: Page, words: str) -> None:
    """Press one of the options in view."""
    armed(page)
    page.locator(".reply").get_by_role("button", name=words, exact=True).click()
    expect(page.get_by_role("log").get_by_text(words, exact=True)).to_be_visible()


def pick(page: Page, words: str) -> None:
    """Choose from the list and confirm."""
    armed(page)
    page.locator(".list").get_by_role("combobox").select_option(label=words)
    page.locator(".list").get_by_role("button").click()
    expect(page.get_by_role("log").get_by_text(words, exact=True)).to_be_visible()


def armed(page: Page) -> None:
    """Wait until the next question of the chat takes an answer."""
    expect(page.locator(".samtal:not([data-busy]) .reply:not([data-arming])")).to_be_attached()


def segment(page: Page) -> None:
    """Segment the demo study by the topics of its first question, from its page; ends on the result."""
    page.get_by_role("link", name="Open study").click()
    page.get_by_text("Topics in one open answer").click()
    expect(page.get_by_text("Answers to")).to_be_visible()
    page.get_by_role("button", name="Segment now").click()
    expect(page.get_by_test_id("stProgress")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="Map and answers")).to_be_visible(timeout=PATIENT)


def settle(page: Page) -> None:
    """Wait until the page has drawn everything and nothing is running."""
    for passing in ("stStatusWidget", "stSkeleton"):
        expect(page.get_by_test_id(passing)).to_have_count(0, timeout=30_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)


def open_page(page: Page, url: str) -> None:
    """Open an address of a server that may still be starting."""
    for _ in range(120):
        try:
            page.goto(url)
            return
        except Error as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(500)
    page.goto(url)
