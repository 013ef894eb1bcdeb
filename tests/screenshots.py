"""Take the README's pictures from the demo study: `python -m tests.screenshots`; writes docs/images/*.png."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from data.studies import Home
from survey import demo
from tests import journey

IMAGES = journey.ROOT / "docs" / "images"


def main() -> None:
    """Set the demo up in a fresh home, walk through it, and keep three pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo.set_up(Home(Path(folder)))
        browser = journey.chromium(playwright)
        if browser is None:
            raise SystemExit("There is no Chromium on this machine: apt-get install chromium.")
        with journey.served(Path(folder)) as here:
            phone = browser.new_context(viewport=journey.PHONE, device_scale_factor=2).new_page()
            journey.agree(phone, here)
            journey.say(phone, "Coverage at the cabin, so that I can work from there in the summer.")
            journey.say(phone, "Then the children can stay by the lake for weeks, and so can I.")
            journey.settle(phone)
            phone.screenshot(path=IMAGES / "chat.png")
            desk = browser.new_context(viewport=journey.DESK, device_scale_factor=1.5).new_page()
            journey.set_up(desk, here)
            desk.get_by_role("link", name="Open study").click()
            desk.get_by_role("button", name="Segment now").wait_for()
            journey.settle(desk)
            desk.screenshot(path=IMAGES / "studio.png")
            desk.get_by_role("link", name="See the segments").click()
            desk.get_by_role("heading", name="Why these segments").wait_for()
            desk.set_viewport_size({"width": 1280, "height": 1250})
            journey.settle(desk)
            desk.screenshot(path=IMAGES / "segments.png")
        browser.close()


if __name__ == "__main__":
    main()
