"""Surveys made for SurveyJS load, keep their logic, and what is not supported is refused by name and line."""

import json
from pathlib import Path

import pytest

from survey.definition import Shown, check_file, load, parse, pipe
from survey.errors import AppError

FOLDER = Path(__file__).parent / "surveyjs"
FILES = sorted(FOLDER.glob("*.json"))


def survey(name: str):
    return load(FOLDER / f"{name}.json")[1]


def test_there_are_five() -> None:
    assert len(FILES) == 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_surveyjs_file_loads_and_is_free_of_errors(path: Path) -> None:
    document, read = load(path)
    assert document == json.loads(path.read_text(encoding="utf-8"))
    assert len(read.questions) >= 6
    findings = check_file(path)
    assert {finding.severity for finding in findings} == {"note"}
    assert all(finding.line and "effect" in finding.message for finding in findings)


def test_a_recommendation_branches_on_the_score() -> None:
    nps = survey("recommendation")
    fan, critic = nps.context({"nps_score": 10}), nps.context({"nps_score": 3})
    assert nps.question("nps_score").steps == tuple(range(11))
    assert [nps.visible(name, fan) for name in ("promoter_features", "disappointed_by")] == [True, False]
    assert [nps.visible(name, critic) for name in ("promoter_features", "disappointed_by")] == [False, True]
    assert nps.thanks("en", fan).startswith("How kind!\nWe look forward")
    assert nps.thanks("en", nps.context()).startswith("Thank you for your time.\n")
    assert nps.visible("email", nps.context({"rebuy": True}))
    assert not nps.visible("email", nps.context({"rebuy": False}))


def test_satisfaction_has_a_battery_and_panels_within_panels() -> None:
    stay = survey("satisfaction")
    kinds = {question.name: question.kind for question in stay.questions}
    assert kinds["quality"] == "matrix"
    assert kinds["phone"] == "text"
    bad = stay.context({"purpose": {"other": "a wedding"}, "quality": {"clean": 1, "quiet": 5}, "callback": True})
    assert stay.visible("phone", bad)
    assert stay.required("what_happened", bad)
    assert not stay.visible("phone", stay.context({"quality": {"clean": 5}, "callback": True}))
    assert "desk" not in stay.question("quality").shown(stay.context({"purpose": "family"})).options
    assert pipe(stay.question("overall_score").title.text("en"), bad).endswith("your a wedding stay?")
    assert stay.question("visits").values == tuple(range(1, 11))
    assert stay.question("welcome").title.text("en").splitlines()[0] == "Welcome back from the north!"


def test_product_feedback_computes_and_ends_early() -> None:
    kettle = survey("product")
    answers = {"tester": "Ada", "per_weekday": 7, "per_weekend_day": 4}
    here = kettle.context(answers)
    assert here.value("per_week") == 43
    assert here.value("boils") == "many"
    assert pipe(kettle.question("heavy_user").title.text("en"), here).startswith("Ada, with 43 boils")
    assert kettle.visible("heavy_user", here)
    assert kettle.question("per_weekend_day").suggested(here) == 7
    assert [ending.when.holds(kettle.context({"still_in_use": "No"})) for ending in kettle.endings] == [True]
    assert [(skip.to, skip.when.holds(kettle.context({"per_weekday": 0}))) for skip in kettle.skips] == [
        ("fair_price", True)
    ]
    assert {value.name for value in kettle.calculated if value.stored} == {"per_week", "spread", "boils"}
    assert kettle.thanks("en", here) == "That was the last question, Ada."


def test_a_localised_survey_speaks_its_languages() -> None:
    library = survey("languages")
    assert library.languages == ("en", "sv", "fi")
    assert library.language() == "sv"
    assert library.thanks("fi") == "Kiitos! Nähdään hyllyjen välissä."
    here = library.context({"how_often": "weekly", "borrows": ["novels", "films"]}, language="fi")
    assert library.visible("wish", here)
    assert pipe(library.question("wish").title.text("fi"), here) == "Mikä auttaisi löytämään nämä: Romaaneja, Elokuvia?"
    assert library.question("borrows").shown(here).options == ("films", "novels", "comics", "facts")


def test_a_registration_carries_choices_forward() -> None:
    meeting = survey("registration")
    here = meeting.context({"sessions": ["tides", "law"], "arrives": "2026-10-04"})
    assert meeting.question("session_order").shown(here).options == ("tides", "law")
    assert meeting.question("drop_one").shown(here).options == ("tides", "law", "none")
    assert meeting.question("maybe_another").shown(here).options == ("wood", "birds", "cook")
    assert meeting.question("leaves").computed(here) == "2026-10-04"
    assert not meeting.visible(
        "maybe_another", meeting.context({"sessions": list(meeting.question("sessions").values)})
    )
    assert meeting.question("session_order").read(["law", "tides"], Shown(("tides", "law"))) == ["law", "tides"]


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ('{"type": "paneldynamic", "name": "kids", "templateElements": []}', "'kids' has the type 'paneldynamic'"),
        ('{"type": "file", "name": "photo"}', "'photo' has the type 'file'"),
        ('{"type": "signaturepad", "name": "sign"}', "'sign' has the type 'signaturepad'"),
        ('{"type": "imagepicker", "name": "pic", "choices": [1, 2]}', "'pic' has the type 'imagepicker'"),
        ('{"type": "matrixdynamic", "name": "grid"}', "'grid' has the type 'matrixdynamic'"),
        ('{"type": "multipletext", "name": "many"}', "'many' has the type 'multipletext'"),
        ('{"type": "text", "name": "tint", "inputType": "color"}', "'tint' has the inputType 'color'"),
        ('{"type": "slider", "name": "span", "sliderType": "range"}', "'span' is a slider for a range"),
        (
            '{"type": "matrix", "name": "m", "rows": ["a"], "columns": [1, 2], "cellType": "checkbox"}',
            "'cellType' must be",
        ),
        (
            '{"type": "dropdown", "name": "far", "choicesByUrl": {"url": "https://example.org"}}',
            "'choicesByUrl' is not supported: options",
        ),
    ],
)
def test_what_a_chat_cannot_ask_is_refused_by_name_and_line(tmp_path: Path, element: str, said: str) -> None:
    path = tmp_path / "made_elsewhere.json"
    path.write_text(f'{{\n "pages": [{{"elements": [\n  {{"type": "text", "name": "a"}},\n  {element}\n ]}}]\n}}')
    with pytest.raises(AppError) as refused:
        load(path)
    assert "made_elsewhere.json, line 4: question" in str(refused.value)
    assert said in str(refused.value)
    assert next(finding.line for finding in check_file(path) if finding.severity == "error") == 4


def test_triggers_that_set_values_are_refused_with_what_is_supported() -> None:
    trigger = {"type": "setvalue", "expression": "{a} = 1", "setToName": "a", "setValue": 2}
    with pytest.raises(AppError, match="trigger 1 has the type 'setvalue', but must be one of 'complete'"):
        parse({"elements": [{"type": "text", "name": "a"}], "triggers": [trigger]})


def test_older_names_of_keys_are_understood() -> None:
    read = parse(
        {
            "questions": [
                {"type": "checkbox", "name": "a", "choices": [1, 2], "hasOther": True, "hasNone": True},
                {"type": "matrix", "name": "m", "rows": [1, 2], "columns": [1, 2], "isAllRowRequired": True},
            ],
            "questionsOrder": "random",
            "completedHtml": "",
        }
    )
    assert read.questions[0].values == (1, 2, "none", "other")
    assert read.questions[1].eachRowRequired
    assert read.questionOrder == "random"
