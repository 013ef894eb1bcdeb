"""Golden questions of a study from end to end: made by a worker, kept, shown, asked by a study of their own."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import NotFound
from data.people import Account
from data.runs import TYPING
from data.studies import Home, Studies
from models.engine import Engine
from survey.analysis.segmentation import AlreadyRunning, SegmentationRuns, recover
from survey.analysis.study_typing import golden, tool_order
from survey.errors import AppError, NotAllowed
from survey.studio import Studio
from survey.views.studio.golden import worth
from tests.studio_pages import html, opened, press
from tests.test_typing_study import DOCUMENT, answer, run, tool

LONG = 120.0
HOSTILE = "<img src=x onerror=alert(1)> $x^2$"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SAMTAL_HOME", str(tmp_path))
    monkeypatch.setenv("SAMTAL_SURFACE", "all")
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


@pytest.fixture
def service(home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> SegmentationRuns:
    service = SegmentationRuns(home, engine)
    monkeypatch.setattr("survey.views.studio.session.get_service", lambda _settings: service)
    return service


@pytest.fixture
def studio(
    home: Home, person: Account, cookie: str, service: SegmentationRuns, monkeypatch: pytest.MonkeyPatch
) -> Studio:
    """The studio of somebody whose browsers are signed in."""
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: cookie)
    return Studio(home, person, lambda: service)


def finished(home: Home, people: int = 45) -> str:
    """Store answers and a run that divides people by their plan; returns its id."""
    with Studies(home).file("tea") as file:
        for at in range(people):
            answer(file, at)
        return run(file)


def page(made: str, basis: str = "benefit") -> AppTest:
    return opened("golden.py", study="tea", run=made, basis=basis)


def kept(home: Home, made: str) -> None:
    """Store a tool as a worker would."""
    from survey.analysis.typing_study import keep_tool

    with Studies(home).file("tea") as file:
        keep_tool(file, "benefit", tool(file, made), made)


def test_a_click_finds_golden_questions_and_another_asks_them_in_a_study_of_their_own(
    studio: Studio, service: SegmentationRuns
) -> None:
    made = finished(studio.home)
    app = press(page(made), "Find golden questions")
    (attempt,) = studio.golden("tea", made, "benefit").runs
    assert service.wait("tea", attempt.id, LONG).status == "done"
    assert attempt.settings == {
        **{"run": made, "basis": "benefit"},
        **{"questions": None, "cost": 0.01, "items_apart": False, "describing": False},
    }
    assert studio.study("tea").runs[0].id == made
    app = page(made)
    shown = html(app)
    for text in ("They tell the segments apart very well.", "Vilket val?", "nested", "A of abc", "Else taken for"):
        assert text in shown
    assert [button.label for button in app.download_button] == ["Workbook (Excel)", "Tool (JSON)"]
    app = press(app, "Create a study that asks them")
    new = studio.study("golden-questions-tea")
    assert new.study.title == "Golden questions: Tea"
    assert new.typing == ("benefit",)
    with Studies(studio.home).file(new.study.slug) as file:
        response, _ = file.responses.begin(1, "sv")
        file.responses.record(response, "plan", 0, "b")
        file.responses.begin(1, "sv")
    (typed,) = studio.typed(new.study.slug)
    assert (typed.counts, typed.nowhere) == ({1: 0, 2: 1, 3: 0}, 1)
    assert "Segments of respondents: what they want" in html(opened("study.py", study=new.study.slug))
    assert studio.typed("tea") == ()


def test_the_files_of_a_tool_are_a_workbook_and_json(studio: Studio) -> None:
    made = finished(studio.home)
    with pytest.raises(NotFound, match="no typing tool for 'benefit'"):
        studio.tool_file("tea", "benefit", "tool.json")
    kept(studio.home, made)
    assert studio.tool_file("tea", "benefit", "tool.xlsx").startswith(b"PK")
    assert json.loads(studio.tool_file("tea", "benefit", "tool.json"))["segments"] == [1, 2, 3]


def test_too_few_people_end_the_search_with_a_sentence_that_says_so(studio: Studio, service: SegmentationRuns) -> None:
    made = finished(studio.home, people=12)
    attempt = studio.make_tool("tea", made, "benefit", {})
    assert service.wait("tea", attempt, LONG).status == "failed"
    shown = html(page(made))
    assert "The last try found no golden questions." in shown
    assert "has 4 people with answers, and a typing tool needs at least 5 in each" in shown


def test_two_people_at_once_and_a_restart(studio: Studio, service: SegmentationRuns) -> None:
    made = finished(studio.home)
    with Studies(studio.home).file("tea") as file:
        settings = {"run": made, "basis": "benefit"}
        going = file.runs.create(settings, service._owner.id, TYPING)
    with pytest.raises(AlreadyRunning, match="A search for golden questions of 'tea' is going on already"):
        studio.make_tool("tea", made, "benefit", {})
    with pytest.raises(AlreadyRunning):
        studio.start("tea", {"bases": ["benefit"]})
    app = page(made)
    assert "A search for golden questions is going on." in html(app)
    assert [button.label for button in app.button] == ["Cancel"]
    studio.cancel("tea", going)
    with Studies(studio.home).file("tea") as file:
        file.runs.create(settings, "a process that is gone", TYPING)
    recover(studio.home)
    shown = html(page(made))
    assert "The server stopped before this run had ended." in shown


def test_a_tool_that_was_made_from_another_result_is_not_taken_for_this_one(studio: Studio) -> None:
    first = finished(studio.home)
    kept(studio.home, first)
    with Studies(studio.home).file("tea") as file:
        second = run(file, "cab")
    found = studio.golden("tea", second, "benefit")
    assert (found.tool, found.other) == (None, first)
    assert "by another result" in html(page(second))
    assert "Find golden questions" in [button.label for button in page(second).button]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"questions": 0}, "1 to 20"),
        ({"cost": 0.5}, "between 0 and 0.2"),
        ({"most": 3}, "no setting 'most'"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_starts(
    studio: Studio, settings: dict[str, Any], said: str
) -> None:
    made = finished(studio.home)
    with pytest.raises(AppError, match=said):
        studio.make_tool("tea", made, "benefit", settings)
    with pytest.raises(AppError, match="no segments on the basis 'place'"):
        studio.make_tool("tea", made, "place", {})
    assert studio.golden("tea", made, "benefit").runs == ()


def test_segments_of_open_answers_alone_need_the_other_closed_questions(studio: Studio, home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(45):
            answer(file, at)
        made = run(file, questions=("why",))
        with pytest.raises(AppError, match="open answers only"):
            tool_order(file, made, "benefit", {})
        assert tool_order(file, made, "benefit", {"describing": True}).kind == TYPING
        assert golden(file, made, "benefit").forming == {}
    app = page(made)
    assert "come from open answers, which golden questions cannot ask" in html(app)
    box = app.checkbox(key="describing")
    assert (box.value, box.disabled) == (True, True)


def test_hostile_names_and_titles_are_shown_as_text(studio: Studio) -> None:
    document = json.loads(json.dumps(DOCUMENT).replace("Vilket val?", HOSTILE))
    with Studies(studio.home).file("tea") as file:
        file.publish(document)
    made = finished(studio.home)
    kept(studio.home, made)
    shown = html(page(made))
    assert "<img" not in shown
    assert "&lt;img src=x" in shown


def test_a_link_that_names_nothing_says_so(studio: Studio) -> None:
    made = finished(studio.home)
    assert "This link names no segments." in html(opened("golden.py", study="tea", run=made))
    assert "There is no run" in html(page("none"))


@pytest.mark.parametrize("role", [None, "respondent"])
def test_nobody_meets_golden_questions_without_a_role_that_allows_it(studio: Studio, role: str | None) -> None:
    from dataclasses import replace

    made = finished(studio.home)
    kept(studio.home, made)
    account = None if role is None else replace(studio.account, role=role)  # type: ignore[type-var]
    stranger = Studio(studio.home, account, studio._service)
    for attempt in (
        lambda: stranger.golden("tea", made, "benefit"),
        lambda: stranger.make_tool("tea", made, "benefit", {}),
        lambda: stranger.tool_file("tea", "benefit", "tool.json"),
        lambda: stranger.ask_golden("tea", "benefit"),
        lambda: stranger.typed("tea"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_kappa_in_words_goes_from_very_well_to_hardly() -> None:
    told = [worth(kappa) for kappa in (1.0, 0.7, 0.5, 0.3, -0.2)]
    assert len(set(told)) == 5
    assert "do not rely" in told[-1]
