"""`typing` and `type` as a person meets them: a tool out of a table, a workbook and a survey, new people typed."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from models.features import Answers
from models.golden.tool_io import from_json
from models.typing_tool import TypingSettings, fit_typing_tool
from survey.analysis.typing_survey import golden_survey, type_answers
from survey.definition import check, check_file, load, parse
from survey.errors import AppError
from tests import every_kind
from tests.conftest import Run
from tests.test_typing_tool import of_every_kind

PEOPLE = 120


@pytest.fixture
def run(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in a folder with answers.csv; returns exit code, output and error."""
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "answers.csv", answers())
    return run


def answers() -> list[dict[str, Any]]:
    """Three segments that a choice, a scale and a battery tell apart, with a column for ids."""
    rng = np.random.default_rng(0)
    rows = []
    for person in range(PEOPLE):
        segment = person % 3 + 1
        mood = int(np.clip(2 * segment - 1 + rng.integers(-1, 2), 1, 6))
        rows.append(
            {
                "who": f"p{person}",
                "plan": ("basic", "plus", "gold")[segment - 1 if rng.random() < 0.9 else 0],
                "mood": mood if person % 29 else "",
                "status": "yes" if (segment == 3) == (rng.random() < 0.8) else "no",
                **{f"v.{item}": int(rng.integers(1, 6)) for item in ("fun", "order")},
                "uses": "; ".join(["call", "mail"][: 1 + int(rng.integers(2))]),
                "segment": segment if person else 0,
                "name": ("Low", "Middle", "High")[segment - 1] if person else "",
            }
        )
    return rows


def save(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


CLOSED = ("--closed", "plan", "--closed", "mood", "--closed", "status", "--closed", "v.*:battery", "--closed", "uses")


def fit(run: Run, *more: str) -> str:
    code, out, error = run("typing", "fit", "answers.csv", *CLOSED, "--out", "tool.json", *more)
    assert (code, error) == (0, "")
    return out


def test_a_tool_is_made_tried_and_put_to_work(run: Run, tmp_path: Path) -> None:
    out = fit(run, "--questions", "2")
    assert "Advised:" in out
    assert "1 person has no segment" in out
    assert "The tool is in tool.json." in out
    code, out, error = run("type", "answers.csv", "--tool", "tool.json", "--out", "typed.csv", "--id", "who")
    assert (code, error) == (0, "")
    rows = read(tmp_path / "typed.csv")
    told = ["row", "id", "segment", "name", "probability", "probability_1", "probability_2", "probability_3"]
    assert list(rows[0]) == told
    assert [row["id"] for row in rows] == [f"p{person}" for person in range(PEOPLE)]
    true = [str(person % 3 + 1) for person in range(PEOPLE)]
    assert np.mean([row["segment"] == one for row, one in zip(rows, true, strict=True)]) > 0.85
    assert {row["name"] for row in rows} == {"Low", "Middle", "High"}
    for row in rows:
        shares = [float(row[f"probability_{segment}"]) for segment in (1, 2, 3)]
        assert sum(shares) == pytest.approx(1, abs=1e-3)
        assert float(row["probability"]) == pytest.approx(max(shares))


def test_segments_may_stand_in_the_table_that_segment_wrote(run: Run, tmp_path: Path) -> None:
    rows = answers()
    split = [{"row": at, "segment_benefit": row["segment"], "name_benefit": row["name"]} for at, row in enumerate(rows)]
    save(tmp_path / "segments.csv", split)
    fit(run, "--segments", "segments.csv", "--segment", "segment_benefit", "--questions", "1")
    assert from_json((tmp_path / "tool.json").read_text(encoding="utf-8")).names == ("Low", "Middle", "High")
    save(tmp_path / "segments.csv", split[:-1])
    code, _, error = run("typing", "fit", "answers.csv", *CLOSED, "--segments", "segments.csv", "--out", "tool.json")
    assert code == 2
    assert "119 rows" in error


def test_segments_by_name_are_numbered_by_size(run: Run, tmp_path: Path) -> None:
    save(tmp_path / "answers.csv", [row for row in answers() if row["name"] != "Low" or int(row["who"][1:]) < 90])
    fit(run, "--segment", "name", "--questions", "1")
    tool = from_json((tmp_path / "tool.json").read_text(encoding="utf-8"))
    assert tool.names[-1] == "Low"
    assert tool.segments == (1, 2, 3)


def test_the_workbook_and_the_survey_ask_the_golden_questions(run: Run, tmp_path: Path) -> None:
    fit(run, "--questions", "5")
    assert run("typing", "sheet", "tool.json", "--out", "tool.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "tool.xlsx").sheetnames == ["Typing tool", "Calculation", "Lists"]
    code, out, _ = run("typing", "survey", "tool.json", "--out", "golden.yaml")
    assert (code, "5 questions" in out) == (0, True)
    assert check_file(tmp_path / "golden.yaml") == []
    tool = from_json((tmp_path / "tool.json").read_text(encoding="utf-8"))
    _, survey = load(tmp_path / "golden.yaml")
    assert {question.name for question in survey.questions} == {"plan", "mood", "status_", "v", "uses"}
    stored = {"plan": "gold", "mood": 6, "status_": True, "v": {"fun": 3, "order": None}, "uses": ["call"]}
    as_table = {"plan": "gold", "mood": 6, "status": True, "v": {"fun": 3}, "uses": ["call"]}
    assert type_answers(tool, survey, stored) == tool.classify(as_table)
    assert tool.name(type_answers(tool, survey, stored).segment) == "High"
    assert type_answers(tool, survey, {}).segment == 0


def test_a_cell_or_column_that_is_missing_is_counted_not_fatal(run: Run, tmp_path: Path) -> None:
    fit(run, "--questions", "4")
    new = [{"plan": "gold", "mood": "6"}, {"plan": "basic", "mood": "many"}, {"plan": "", "mood": "n/a"}]
    save(tmp_path / "new.csv", new)
    code, out, error = run("type", "new.csv", "--tool", "tool.json", "--out", "typed.csv")
    assert (code, error) == (0, "")
    assert "There is no column for 'status'" in out
    assert "1 cell of 'mood'" in out
    assert [row["segment"] for row in read(tmp_path / "typed.csv")] == ["3", "1", "0"]


def test_what_is_wrong_is_said_in_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    save(tmp_path / "other.csv", [{"x": 1}])
    fit(run, "--questions", "1")
    base = ("typing", "fit", "answers.csv", "--out", "t.json")
    for arguments, said in (
        (base, "Name the columns"),
        ((*base, "--closed", "plan", "--segment", "none"), "none"),
        ((*base, "--closed", "plan", "--segment", "who"), "no segments"),
        ((*base, "--closed", "plan", "--closed", "segment"), "holds the segments"),
        ((*base, "--closed", "plan", "--cost", "2"), "'cost' parameter"),
        (("type", "answers.csv", "--tool", "no.json", "--out", "o.csv"), "no typing tool"),
        (("type", "answers.csv", "--tool", "gone.json", "--out", "o.csv"), "cannot be read"),
        (("type", "other.csv", "--tool", "tool.json", "--out", "o.csv"), "no column for the golden questions"),
        (("typing", "sheet", "tool.json", "--out", "tool.xls"), ".xlsx"),
        (("typing", "sheet", "tool.json", "--out", "."), "folder"),
    ):
        code, _, error = run(*arguments)
        assert code == 2, arguments
        assert said in error, arguments
        assert error.count("\n") == 1
    assert not (tmp_path / "o.csv").exists()


def test_questions_of_a_survey_keep_their_words_and_languages(run: Run, tmp_path: Path) -> None:
    document = {**every_kind.DOCUMENT, "locale": "en"}
    (tmp_path / "survey.json").write_text(json.dumps(document), encoding="utf-8")
    rng = np.random.default_rng(0)
    rows = []
    for person in range(60):
        liked = person % 2
        sugar = "true" if (rng.random() < 0.9) == bool(liked) else "false"
        mark = 3 if liked else 1
        agree = {"agree.Tea wakes me": mark, "agree.Tea calms me": int(rng.integers(1, 4))}
        rows.append({"why": "x", "sugar": sugar, **agree, "order.Taste": 1, "order.Price": 2, "segment": liked + 1})
    save(tmp_path / "answers.csv", rows)
    arguments = ("--survey", "survey.json", "--items", "--questions", "2", "--out", "tool.json")
    code, _, error = run("typing", "fit", "answers.csv", *arguments)
    assert (code, error) == (0, "")
    tool = from_json((tmp_path / "tool.json").read_text(encoding="utf-8"))
    assert {one.key for one in tool.coders} == {"agree: Tea wakes me", "sugar"}
    assert tool.survey is not None
    assert [found for found in check(tool.survey) if found.severity == "error"] == []
    survey = parse(tool.survey)
    battery = survey.question("agree")
    assert battery is not None
    assert battery.values == ("Tea wakes me",)
    assert "fi" in survey.languages
    told = type_answers(tool, survey, {"sugar": True, "agree": {"Tea wakes me": 3}})
    assert told.segment == 2
    code, _, error = run("type", "answers.csv", "--tool", "tool.json", "--out", "typed.csv")
    assert (code, error) == (0, "")
    typed = [int(row["segment"]) for row in read(tmp_path / "typed.csv")]
    assert np.mean([one == row["segment"] for one, row in zip(typed, rows, strict=True)]) > 0.9


def test_conditions_and_blanks_for_other_answers_stay_behind() -> None:
    document = {
        "elements": [
            {"type": "boolean", "name": "has", "title": "Do you have one?"},
            {"type": "checkbox", "name": "seen", "title": "Which do you know?", "choices": ["a", "b", "c"]},
            {
                "type": "radiogroup",
                "name": "best",
                "title": {"default": "Best of {seen}?", "sv": "Bäst av {seen}?"},
                "visibleIf": "{has} = true",
                "choicesFromQuestion": "seen",
                "choices": [{"value": "d", "text": "Dee", "visibleIf": "{has} = true"}],
            },
        ]
    }
    labels = np.tile([1, 2], 30)
    best = Answers("best", "nominal", ["a" if label == 1 else "Dee" for label in labels], ("a", "b", "c", "Dee"))
    tool = fit_typing_tool([best], labels)
    made = golden_survey(tool, document)
    assert [found for found in check(made) if found.severity == "error"] == []
    question = parse(made).question("best")
    assert question is not None
    assert set(question.values) == {"a", "b", "c", "d"}
    assert question.title.text("sv") == "Bäst av seen?"
    assert type_answers(tool, parse(made), {"best": "d"}).segment == 2


def test_questions_of_every_kind_can_be_asked_in_a_chat_and_typed_from_there() -> None:
    questions, labels = of_every_kind()
    tool = fit_typing_tool(questions, labels, TypingSettings(questions=len(questions)))
    document = golden_survey(tool)
    assert check(document) == []
    survey = parse(document)
    assert {question.name for question in survey.questions} == {question.name for question in questions}
    for row in range(20):
        stored = {question.name: question.values[row] for question in questions}
        told = type_answers(tool, survey, stored)
        expected = tool.classify(stored)
        assert told.segment == expected.segment
        assert told.probability == pytest.approx(expected.probability)


def test_items_of_a_battery_are_asked_as_one_battery_of_the_golden_items() -> None:
    rng = np.random.default_rng(0)
    labels = np.tile([1, 2, 3], 40)
    rows = [{"x": int(label), "y": int((label * 2) % 3 + 1), "z": int(rng.integers(1, 4))} for label in labels]
    battery = Answers("views", "battery", rows, items=("x", "y", "z"))
    tool = fit_typing_tool([battery], labels, TypingSettings(items_apart=True, questions=2))
    survey = parse(golden_survey(tool))
    question = survey.question("views")
    assert question is not None
    assert set(question.values) < {"x", "y", "z"}
    assert type_answers(tool, survey, {"views": {"x": 2, "y": 2}}).segment == 2


def test_a_battery_that_no_chat_can_ask_is_refused_with_a_way_out() -> None:
    labels = np.tile([1, 2], 40)
    rows = [{"x": at * 3 + int(label), "y": at} for at, label in enumerate(labels)]
    tool = fit_typing_tool([Answers("amounts", "battery", rows, items=("x", "y"))], labels)
    with pytest.raises(AppError, match=r"'amounts' has \d+ different marks.*workbook"):
        golden_survey(tool)


def test_amounts_and_days_are_typed_as_the_tool_was_taught_them(run: Run, tmp_path: Path) -> None:
    rows = [
        {"spend": f"{457 + person}" if person % 2 else f"1 {196 + person},50 kr", "day": f"{1 + person % 28}.1.2026"}
        | {"segment": person % 2 + 1}
        for person in range(80)
    ]
    save(tmp_path / "answers.csv", rows)
    code, _, error = run(
        "typing", "fit", "answers.csv", "--closed", "spend", "--closed", "day", "--out", "tool.json", "--questions", "2"
    )
    assert (code, error) == (0, "")
    code, out, error = run("type", "answers.csv", "--tool", "tool.json", "--out", "typed.csv")
    assert (code, error) == (0, "")
    assert "no answers that the tool knows" not in out
    assert [row["segment"] for row in read(tmp_path / "typed.csv")] == [str(row["segment"]) for row in rows]
