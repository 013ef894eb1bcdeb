"""What signed-in people can do in the studio, and that nobody else can."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import NotFound
from data.people import Account
from data.studies import Home, Studies
from survey import charts
from survey.conversation import Agree, session
from survey.errors import AppError, NotAllowed
from survey.examples import examples
from survey.studio import Studio, slug_of
from tests.fabricated import segmentation
from tests.studio_rig import Service, answer, finished

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def studio(home: Home, person: Account) -> Studio:
    return Studio(home, person, Service)  # type: ignore[arg-type]


def test_a_study_is_created_from_a_title_and_a_question_and_has_a_link_of_its_own(studio: Studio) -> None:
    first = studio.create("  Vad är viktigt? ", "Vad är viktigast för dig?", "sv")
    second = studio.create("Vad är viktigt?", "Vad är viktigast för dig?")
    assert (first.slug, second.slug) == ("vad-ar-viktigt", "vad-ar-viktigt-2")
    view = studio.study(first.slug)
    assert view.survey.questions[0].title.text("sv") == "Vad är viktigast för dig?"
    assert view.survey.languages == ("sv",)
    assert [line.study.slug for line in studio.studies()] == [second.slug, first.slug]


@pytest.mark.parametrize(("title", "question"), [("", "Why?"), ("Title", "  "), ("x" * 121, "Why?"), ("T", "x" * 1001)])
def test_a_form_that_says_too_little_or_too_much_is_refused(studio: Studio, title: str, question: str) -> None:
    with pytest.raises(AppError):
        studio.create(title, question)
    assert studio.studies() == []


def test_every_example_becomes_a_study_and_its_document_comes_back_the_same(studio: Studio, home: Home) -> None:
    for example in examples():
        study = studio.create_from(example.content, f"{example.name}.yaml")
        again = studio.create_from(studio.document(study.slug).encode(), "again.yaml")
        with Studies(home).file(study.slug) as file, Studies(home).file(again.slug) as copy:
            assert file.survey()[1] == copy.survey()[1]


def test_a_survey_file_becomes_a_study_and_the_next_version_is_for_new_conversations(
    studio: Studio, home: Home
) -> None:
    study = studio.create_from(b"type: comment\ntitle: Why tea?\n", "tea lovers.yaml")
    assert (study.title, study.slug) == ("tea lovers", "tea-lovers")
    before = session.begin(home, study.slug)
    assert studio.publish(study.slug, b'{"type": "comment", "title": "Why coffee?"}', "tea.json") == 2
    assert session.reply(home, before, Agree()).survey.questions[0].title.text("en") == "Why tea?"
    assert session.begin(home, study.slug).survey.questions[0].title.text("en") == "Why coffee?"


def test_a_survey_file_that_is_wrong_changes_nothing_and_says_where(studio: Studio) -> None:
    study = studio.create("Tea", "Why?")
    for publish in (
        lambda raw: studio.publish(study.slug, raw, "x.yaml"),
        lambda raw: studio.create_from(raw, "x.yaml"),
    ):
        with pytest.raises(AppError, match=r"x\.yaml, line 2"):
            publish(b"elements:\n- {type: mystery, name: q}\n")
    assert [view.study.slug for view in studio.studies()] == [study.slug]


def test_titles_in_any_script_give_a_usable_short_name() -> None:
    assert slug_of("感想") == "study"
    assert slug_of("../../etc/passwd") == "etc-passwd"
    assert len(slug_of("lång " * 50)) <= 48


@pytest.mark.parametrize("role", [None, "respondent", ""])
def test_nobody_gets_anything_without_a_role_that_allows_it(studio: Studio, role: str | None) -> None:
    study = studio.create("Title", "Why?")
    service = Service()
    account = None if role is None else replace(studio.account, role=role)  # type: ignore[type-var]
    stranger = Studio(studio.home, account, lambda: service)  # type: ignore[arg-type, return-value]
    attempts: list[Callable[[], object]] = [
        stranger.studies,
        lambda: stranger.study(study.slug),
        lambda: stranger.create("Title", "Why?"),
        lambda: stranger.start(study.slug, {}),
        lambda: stranger.run(study.slug, "run"),
        lambda: stranger.cancel(study.slug, "run"),
        lambda: stranger.result(study.slug, "run"),
        lambda: stranger.quality(study.slug),
        lambda: stranger.answers_csv(study.slug),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert service.asked == []


def test_a_researcher_may_all_of_it(studio: Studio) -> None:
    service = Service()
    researcher = Studio(
        studio.home,
        replace(studio.account, role="researcher"),  # type: ignore[type-var]
        lambda: service,  # type: ignore[arg-type, return-value]
    )
    slug = researcher.create("Title", "Why?").slug
    researcher.start(slug, {"k": 3})
    researcher.cancel(slug, "run")
    assert service.asked == [("start", slug, {"k": 3}), ("cancel", slug, "run")]


def test_a_result_keeps_its_answers_in_place_when_a_response_is_deleted(studio: Studio) -> None:
    slug = studio.create("Title", "Why?").slug
    answer(studio.home, slug, ["first", "second", "third", ""])
    run = finished(studio.home, slug, lambda texts: segmentation(texts, k=2))
    with Studies(studio.home).file(slug) as file:
        file.responses.delete(file.responses.frame()["response"][0])
    answer(studio.home, slug, ["too late"])
    result = studio.result(slug, run)
    assert result.context.answers == ("", "second", "third", "")
    assert result.frame()["answer"].tolist() == ["second", "third"]
    assert result.frame()["row"].tolist() == [1, 2]
    assert result.context.questions == ("Why?",)
    with pytest.raises(NotFound):
        studio.result(slug, "no such run")


def test_a_result_leaves_as_files(studio: Studio) -> None:
    slug = studio.create("Title", "Why?").slug
    answer(studio.home, slug, [f"answer {number}" for number in range(30)])
    result = studio.result(slug, finished(studio.home, slug, segmentation))
    assert result.file("segments.csv").count("\n") == 31
    assert '"verdict": "reproducible"' in result.file("result.json")
    assert result.file("report.html").startswith("<!")


def test_a_segment_keeps_its_colour_and_no_two_look_alike() -> None:
    assert len({(charts.segment_color(at), charts.segment_shape(at)) for at in range(1, 25)}) == 24
    assert charts.segment_color(0) == charts.NEUTRAL
    for color in charts.PALETTE:
        light = charts.luminance(color)
        assert 1.05 / (light + 0.05) >= 3, f"{color} on white"
        assert (light + 0.05) / (charts.luminance("#14191b") + 0.05) >= 2.8, f"{color} on the dark page"
        ink = charts.luminance(charts.ink_on(color))
        assert (max(light, ink) + 0.05) / (min(light, ink) + 0.05) >= 4.5, f"a number on {color}"
