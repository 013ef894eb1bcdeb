"""The studio's pages as Streamlit's own test harness opens and uses them."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

MAIN = str(Path(__file__).parent.parent / "survey" / "views" / "main.py")


def opened(page: str = "", **query: str) -> AppTest:
    """Open a page of the studio, such as "study.py", or the first one; fails when it raises."""
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    if page:
        app.query_params.update(query)
        app.switch_page(f"studio/{page}").run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """Return all HTML on the page, as it is written."""
    return "\n".join(element.proto.body for element in app.html)


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name; fails when the page then raises."""
    app = next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app
