"""A typing tool as a workbook: an engine for spreadsheets that knows nothing of Samtal finds what the tool finds."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import formulas
import numpy as np
import openpyxl
import pytest

from models.features import Answers
from models.golden.coders import Golden
from models.typing_tool import TypingSettings, TypingTool, fit_typing_tool
from survey.analysis.typing_formulas import DAY_ZERO
from survey.analysis.typing_sheet import ANSWERS, FIRST, workbook
from tests.test_typing_tool import of_every_kind


def cells(one: Golden, value: Any) -> list[Any]:
    """What a person types for an answer to one question; None leaves a cell blank."""
    options = one.scheme.options
    if one.kind == "binary":
        return [None if value is None else "yes" if value else "no"]
    if one.kind == "date":
        return [None if value is None else date.fromisoformat(value).toordinal() - DAY_ZERO]
    if one.kind == "multi":
        return [None if value is None else "yes" if option in value else "no" for option in options]
    if one.kind == "battery":
        return [(value or {}).get(item) for item in one.scheme.items]
    if one.kind == "ranking":
        return [value.index(option) + 1 if value and option in value else None for option in options]
    if one.kind == "shares":
        return [(value or {}).get(option) for option in options]
    if one.kind == "bestworst":
        counts = [
            (
                sum(found["best"] == option for found in value or ()),
                sum(found["worst"] == option for found in value or ()),
                sum(option in found["set"] for found in value or ()),
            )
            for option in options
        ]
        return [count if value else None for triple in counts for count in triple]
    return [value]


def typed_in_the_sheet(tool: TypingTool, people: Sequence[dict[str, Any]], folder: Path) -> np.ndarray:
    """Segment and probabilities that the workbook shows for each person, float (people, 1 + segments)."""
    path = folder / "tool.xlsx"
    path.write_bytes(workbook(tool))
    sheet = f"'[tool.xlsx]{ANSWERS.upper()}'!"
    model = formulas.ExcelModel().loads(str(path)).finish()
    wanted = [f"{sheet}E{FIRST}", *(f"{sheet}G{FIRST + 3 + at}" for at in range(len(tool.segments)))]
    rows = []
    for person in people:
        given = [cell for one in tool.coders for cell in cells(one, person[one.name])]
        told = {f"{sheet}B{FIRST + at}": cell for at, cell in enumerate(given) if cell is not None}
        shown = model.calculate(inputs=told, outputs=wanted)
        rows.append([float(shown[cell].value[0, 0]) for cell in wanted])
    return np.array(rows)


def same(tool: TypingTool, people: Sequence[dict[str, Any]], folder: Path) -> None:
    shown = typed_in_the_sheet(tool, people, folder)
    columns = {name: [person[name] for person in people] for name in tool.questions}
    labels, _, p = tool.classify_all(columns, len(people))
    np.testing.assert_array_equal(shown[:, 0], labels)
    np.testing.assert_allclose(shown[:, 1:], p, atol=1e-9)


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_people_get_the_segment_that_the_tool_gives_them(tmp_path: Path, count: int) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(1, 5, 200)
    plan = [("basic", "plus", "gold", "gold")[label - 1] if rng.random() < 0.8 else "basic" for label in labels]
    mood = [int(np.clip(label + rng.integers(-1, 3), 1, 5)) if rng.random() < 0.95 else None for label in labels]
    spend = [float(np.round(np.exp(rng.normal(label, 1)), 2)) for label in labels]
    questions = [
        Answers("plan", "nominal", plan, ("basic", "plus", "gold")),
        Answers("mood", "ordinal", mood, (1, 2, 3, 4, 5)),
        Answers("spend", "number", spend),
    ]
    tool = fit_typing_tool(questions, labels, TypingSettings(questions=3))
    people = [{question.name: question.values[row] for question in questions} for row in range(count)]
    same(tool, people, tmp_path)


def test_every_kind_of_question_is_counted_as_the_tool_counts_it(tmp_path: Path) -> None:
    questions, labels = of_every_kind()
    marks = [{"x": (row % 5) - 2, "y": int(label), "z": 1} for row, label in enumerate(labels)]
    more = [Answers(f"own {own}", "battery", marks, items=("x", "y", "z"), ipsatise=own) for own in (False, True)]
    scale = ("no", "rather not", "neither", "rather", "yes")
    words = [{item: scale[mark + 2 if item == "x" else mark] for item, mark in row.items()} for row in marks]
    more.append(Answers("own words", "battery", words, scale, ("x", "y", "z"), ipsatise=True))
    columns = [*questions, *more]
    tool = fit_typing_tool(columns, labels, TypingSettings(questions=13))
    assert len(tool.coders) == 13
    people = [{question.name: question.values[row] for question in columns} for row in range(8)]
    same(tool, [*people, dict.fromkeys(people[0])], tmp_path)


def test_texts_of_a_survey_are_never_taken_for_formulas() -> None:
    labels = np.tile([1, 2], 30)
    plan = ["=1+1" if label == 1 else "+2" for label in labels]
    tool = fit_typing_tool([Answers("=SUM(1)", "nominal", plan)], labels, names={1: "=cmd", 2: "@x"})
    book = openpyxl.load_workbook(io.BytesIO(workbook(tool)))
    texts = [book[ANSWERS][f"A{FIRST}"], book[ANSWERS][f"F{FIRST + 3}"], book["Lists"]["A2"]]
    assert [cell.data_type for cell in texts] == ["s", "s", "s"]
    assert {cell.value for cell in texts} == {"=SUM(1)", "=cmd", "=1+1"}
    rule = book[ANSWERS].data_validations.dataValidation[0]
    assert rule.formula1 == "=Lists!$A$1:$A$2"
