"""Tracking of a study from end to end: compared by a worker, kept without anybody's place, shown in plain words."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data.people import Account
from data.runs import TRACKING
from data.studies import Home, Studies
from models.engine import Engine
from survey.analysis.segmentation import SegmentationRuns
from survey.analysis.study_tracking import SINCE, comparison
from survey.errors import AppError, NotAllowed
from survey.studio import Studio
from tests.fakes import FakeEmbedder
from tests.studio_pages import html, opened, press
from tests.test_typing_study import DOCUMENT, answer, run

LONG = 120.0

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
    service = SegmentationRuns(home, engine, name_job="tests.jobs:name")
    monkeypatch.setattr("survey.views.studio.session.get_service", lambda _settings: service)
    return service


@pytest.fixture
def studio(
    home: Home, person: Account, cookie: str, service: SegmentationRuns, monkeypatch: pytest.MonkeyPatch
) -> Studio:
    """The studio of somebody whose browsers are signed in."""
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: cookie)
    return Studio(home, person, lambda: service)


def answered(home: Home, people: int, plan: str | None = None) -> None:
    with Studies(home).file("tea") as file:
        for at in range(people):
            answer(file, at, plan)


def segmented(home: Home, numbers: str = "abc", questions: tuple[str, ...] = ("plan", "mood")) -> str:
    with Studies(home).file("tea") as file:
        return run(file, numbers, questions)


def page(made: str) -> AppTest:
    return opened("tracking.py", study="tea", run=made, basis="benefit")


def compared(studio: Studio, service: SegmentationRuns, made: str) -> str:
    """Press the button of the page, wait, and return the id of the comparison."""
    press(page(made), "Compare")
    attempt = studio.tracking("tea", made, "benefit").runs[0]
    row = service.wait("tea", attempt.id, LONG)
    assert (row.status, row.reason) == ("done", "")
    return attempt.id


def test_people_who_answered_since_and_answer_otherwise_call_for_new_segments(
    studio: Studio, service: SegmentationRuns
) -> None:
    answered(studio.home, 60)
    made = segmented(studio.home)
    answered(studio.home, 150, "c")
    found = studio.tracking("tea", made, "benefit")
    assert (found.since, found.others) == (150, ())
    attempt = compared(studio, service, made)
    seen = studio.comparison("tea", attempt)
    assert (seen.level, seen.people, seen.segmented) == ("act", (60, 150), False)
    assert [(one.number, one.name) for one in seen.segments] == [(1, "A of abc"), (2, "B of abc"), (3, "C of abc")]
    assert sum(one.then or 0 for one in seen.segments) == pytest.approx(1)
    assert (seen.segments[2].typed or 0) > 0.8
    assert {one.name for one in seen.answers} == {"Vilket val?", "Hur känns det?"}
    app = page(made)
    shown = html(app)
    for text in ("Segment again now", "The sizes of the segments have moved", "A of abc", "Vilket val?"):
        assert text in shown
    labels = [button.label for button in app.button]
    assert labels == ["Compare again", "Segment again with all answers"]
    press(app, "Segment again with all answers")
    again = studio.study("tea").runs[0]
    assert again.id != made
    assert again.settings["bases"] == ["benefit"]
    studio.cancel("tea", again.id)
    service.wait("tea", again.id, LONG)


def test_two_results_of_the_same_people_keep_their_segments_and_nobodys_place_is_stored(
    studio: Studio, service: SegmentationRuns
) -> None:
    answered(studio.home, 60)
    first = segmented(studio.home)
    second = segmented(studio.home, "cab")
    for made, other in ((first, second), (second, first)):
        assert studio.tracking("tea", made, "benefit").order(other) == (first, second)
    attempt = compared(studio, service, first)
    seen = studio.comparison("tea", attempt)
    assert (seen.level, seen.shared, seen.segmented) == ("keep", 60, True)
    assert seen.numbers == {1: 3, 2: 1, 3: 2}
    assert [(one.number, one.later, one.overlap) for one in seen.segments] == [(1, 2, 1.0), (2, 3, 1.0), (3, 1, 1.0)]
    shown = html(page(second))
    for text in ("Keep these segments", "C of cab", "How the 60 people in both moved"):
        assert text in shown
    with Studies(studio.home).file("tea") as file:
        document = json.dumps(file.runs.document(attempt))
        assert file.runs.load(attempt)[1] == {}
    assert not [row for row in studio.bases("tea", first).found.responses if row in document]


def test_open_answers_are_compared_by_their_vectors(studio: Studio, service: SegmentationRuns) -> None:
    from data.vectors import VectorCache

    answered(studio.home, 60)
    texts = [f"a word {at % 5}" for at in range(120)]
    with Studies(studio.home).file("tea") as file:
        for row, text in zip(file.responses.all(), texts, strict=False):
            file.responses.record(row.id, "why", 0, text)
    made = segmented(studio.home, questions=("why",))
    with Studies(studio.home).file("tea") as file:
        for at in range(40):
            file.responses.record(answer(file, at), "why", 0, texts[at])
    VectorCache(studio.home.vectors_path).put(
        FakeEmbedder.name, dict(zip(texts, FakeEmbedder().encode(texts), strict=True))
    )
    attempt = compared(studio, service, made)
    seen = studio.comparison("tea", attempt)
    assert (seen.answers, seen.people) == ((), (60, 40))
    assert "Only open answers were compared." in html(page(made))


def test_with_nothing_to_compare_the_page_says_what_to_do(studio: Studio) -> None:
    answered(studio.home, 30)
    made = segmented(studio.home)
    app = page(made)
    assert "Nobody has answered since, and there is no other result on this basis." in html(app)
    assert not app.button
    with pytest.raises(AppError, match="Nobody has answered since"):
        studio.compare("tea", made, SINCE, "benefit")
    with pytest.raises(AppError, match="no segments on the basis 'firm'"):
        studio.compare("tea", made, SINCE, "firm")


def test_a_comparison_that_failed_is_shown_with_its_reason(studio: Studio) -> None:
    answered(studio.home, 30)
    made = segmented(studio.home)
    answered(studio.home, 3)
    with Studies(studio.home).file("tea") as file:
        settings = {"basis": "benefit", "earlier": made, "later": SINCE}
        file.runs.fail(file.runs.create(settings, "test", TRACKING), "The machine ran out of memory.")
    app = page(made)
    assert "The machine ran out of memory." in html(app)
    assert [button.label for button in app.button] == ["Compare"]


@pytest.mark.parametrize("role", [None, "respondent"])
def test_nobody_compares_without_a_role_that_allows_it(studio: Studio, role: str | None) -> None:
    answered(studio.home, 30)
    made = segmented(studio.home)
    account = None if role is None else replace(studio.account, role=role)  # type: ignore[type-var]
    stranger = Studio(studio.home, account, studio._service)
    for attempt in (
        lambda: stranger.tracking("tea", made, "benefit"),
        lambda: stranger.compare("tea", made, SINCE, "benefit"),
        lambda: stranger.comparison("tea", made),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_new_segment_and_one_that_is_gone_have_their_rows() -> None:
    drift = {
        **{"level": "watch", "advice": "", "reasons": ["one segment is new"], "agreement": 0.5, "expected": 0.8},
        **{"shared": 0, "notes": [], "kernel": {"p": 0.4}, "numbers": {"1": 1, "2": 3}, "answers": []},
        "sizes": {"name": "sizes", "index": 0.1, "level": "keep", "before": [0.5, 0.5], "after": [0.7, 0.3]},
        "matches": [
            {"before": 1, "after": 1, "overlap": 0.9},
            {"before": 2, "after": 0, "overlap": 0.0},
            {"before": 0, "after": 2, "overlap": 0.0},
        ],
    }
    side = [{"number": at, "name": f"S{at}", "share": 0.5} for at in (1, 2)]
    seen = comparison({"drift": drift, "people": [10, 10], "then": side, "now": side})
    assert [(one.number, one.name, one.then, one.typed, one.later, one.now) for one in seen.segments] == [
        (1, "S1", 0.5, 0.7, 1, 0.5),
        (2, "S2", 0.5, 0.3, 0, None),
        (3, "S2", None, None, 2, 0.5),
    ]
    assert np.isclose(seen.kernel_p, 0.4)
