"""The studio page Collect, as Streamlit's own test harness sees it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.db import stamp
from data.fieldwork import Fieldwork
from data.studies import Home, Studies
from survey.access import accounts
from tests.studio_pages import html, opened, press
from tests.studio_rig import answer

DOCUMENT = {"title": "Tea", "elements": [{"type": "comment", "name": "why", "title": "Why tea?"}]}

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SAMTAL_HOME", str(tmp_path))
    monkeypatch.setenv("SAMTAL_SURFACE", "all")
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: None)
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


@pytest.fixture
def signed_in(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    link = accounts.setup_link(home, "") or ""
    cookie = accounts.set_up(home, link.split("=")[1], "liv@example.org", "Liv", "a calm winter morning")
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: cookie)


@pytest.mark.usefixtures("signed_in")
def test_the_page_shows_the_link_and_closes_the_study(home: Home) -> None:
    app = opened("collect.py", study="tea")
    assert "/chat?study=tea" in app.code[0].value
    assert "The study takes answers." in html(app)
    app = press(app, "Close the study")
    assert "closed by hand" in html(app)
    assert not Studies(home).get("tea").open
    assert "The study takes answers." in html(press(app, "Open the study"))


@pytest.mark.usefixtures("signed_in")
def test_limits_sites_retention_and_prize_are_saved(home: Home) -> None:
    app = opened("collect.py", study="tea")
    fields = {field.label: field for field in [*app.number_input, *app.date_input, *app.text_area, *app.text_input]}
    fields["Last day"].set_value(date(2030, 5, 1))
    fields["Complete responses wanted"].set_value(400)
    app.toggle[0].set_value(True)
    app = press(app, "Save limits")
    app = press(app, "Save limits")
    next(area for area in app.text_area if area.label.startswith("Sites")).set_value("https://www.example.org")
    app = press(app, "Save sites")
    assert "&lt;iframe" not in app.code[1].value
    assert app.code[1].value.startswith("<iframe")
    with Studies(home).file("tea") as file:
        assert file.fieldwork == Fieldwork(
            datetime(2030, 5, 2, tzinfo=UTC), 400, None, True, ("https://www.example.org",), ""
        )


@pytest.mark.usefixtures("signed_in")
def test_a_mistake_is_said_where_it_was_made_and_changes_nothing(home: Home) -> None:
    app = opened("collect.py", study="tea")
    next(area for area in app.text_area if area.label.startswith("Sites")).set_value("not a site")
    app = press(app, "Save sites")
    assert 'role="alert"' in html(app)
    with Studies(home).file("tea") as file:
        assert file.fieldwork.embed_origins == ()


@pytest.mark.usefixtures("signed_in")
def test_links_that_were_made_can_be_downloaded_once(home: Home) -> None:
    app = opened("collect.py", study="tea")
    next(field for field in app.number_input if field.label == "How many").set_value(3)
    app = press(app, "Make links")
    assert "3 made" in html(app)
    assert "3 links made" in html(app)
    assert "Download the links (CSV)" in [button.label for button in app.download_button]
    later = opened("collect.py", study="tea")
    assert "Download the links (CSV)" not in [button.label for button in later.download_button]


@pytest.mark.usefixtures("signed_in")
def test_a_file_of_people_becomes_links_on_the_page(home: Home) -> None:
    app = opened("collect.py", study="tea")
    file = "name;email;plan\nLiv;liv@example.org;gold\nÅse;ase@example.org;silver\n"
    app = app.file_uploader[0].set_value(("people.csv", file.encode(), "text/csv")).run()
    assert app.multiselect[0].value == ["plan"]
    app.multiselect[0].set_value(["plan", "email"]).run()
    assert "holds e-mail addresses" in html(press(app, "Make 2 links"))
    app.multiselect[0].set_value(["plan"]).run()
    assert "2 links made" in html(press(app, "Make 2 links"))
    with Studies(home).file("tea") as stored:
        assert stored.invitations.counts().made == 2


@pytest.mark.usefixtures("signed_in")
def test_winners_are_drawn_on_the_page(home: Home) -> None:
    with Studies(home).file("tea") as file:
        file.contacts.add("<b>liv</b>@example.org")
    app = press(opened("collect.py", study="tea"), "Draw winners")
    assert "<b>liv</b>@example.org" in [text.value for text in app.text]


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("query", [{}, {"study": "none"}, {"study": "../x"}])
def test_a_link_that_leads_nowhere_says_so(home: Home, query: dict[str, str]) -> None:
    assert 'role="alert"' in html(opened("collect.py", **query))


def test_the_page_is_not_there_for_strangers(home: Home) -> None:
    app = opened()
    with pytest.raises(ValueError, match="page"):
        app.switch_page("studio/collect.py")


@pytest.mark.usefixtures("signed_in")
def test_a_shorter_time_asks_before_it_deletes(home: Home) -> None:
    answer(home, "tea", ["It calms me", "It wakes me"])
    with Studies(home).file("tea") as file:
        file.db.execute("UPDATE responses SET started = ?", [stamp(datetime.now(UTC) - timedelta(days=40))])
    app = opened("collect.py", study="tea")
    days = next(field for field in app.number_input if field.label.startswith("Days"))
    days.set_value(30)
    app = press(app, "Save days")
    with Studies(home).file("tea") as file:
        assert file.fieldwork.retention_days is None
    assert "2 responses began more than 30 days ago" in " ".join(text.value for text in app.text)
    assert "Delete 2 responses" in [button.label for button in app.button]


@pytest.mark.usefixtures("signed_in")
def test_deleting_a_study_says_what_goes_and_asks_for_its_title(home: Home) -> None:
    answer(home, "tea", ["It calms me", "It wakes me"])
    app = press(opened("collect.py", study="tea"), "Delete this study")
    assert "2 responses, every result and all invitations go" in app.text[0].value
    assert "Title of the study" in [field.label for field in app.text_input]
    assert [study.slug for study in Studies(home).list()] == ["tea"]
