"""Typing tools of a study: made from a run, kept in its file, asked in a chat; and runs of a study compared."""

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import NotFound
from data.people import Account
from data.studies import Home, Studies, StudyFile
from models.golden.tool_io import to_json
from models.results import Evidence, KEvidence
from models.solution import Portrait, Solution, Solutions
from models.typing_tool import TypingSettings, TypingTool, fit_typing_tool
from survey.analysis.population import collect_population
from survey.analysis.stored_bases import pack_bases
from survey.analysis.tracking import compare_runs, look_again
from survey.analysis.typing_study import keep_tool, material, stored_tools, tool_of, type_response, with_typed
from survey.conversation.export import study_frame
from survey.definition import check
from survey.errors import AppError
from survey.studio import Studio
from tests.studio_rig import Service

DOCUMENT: dict[str, Any] = {
    "locale": "sv",
    "elements": [
        {"type": "comment", "name": "why", "title": "Varför?"},
        {
            "type": "radiogroup",
            "name": "plan",
            "title": {"default": "Vilket val?", "en": "Which plan?"},
            "choices": [
                {"value": "a", "text": {"default": "Billigt", "en": "Cheap"}},
                {"value": "b", "text": {"default": "Snabbt", "en": "Fast"}},
                {"value": "c", "text": {"default": "Tryggt", "en": "Safe"}},
            ],
            "samtal": {"basis": "benefit"},
        },
        {"type": "rating", "name": "mood", "title": "Hur känns det?", "samtal": {"basis": "benefit"}},
        {"type": "boolean", "name": "town", "title": "Bor du i stan?"},
    ],
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Te", DOCUMENT)
    return home


def answer(file: StudyFile, at: int, plan: str | None = None) -> str:
    """Store one response; whoever is asked at position `at` likes the plan of that position."""
    response, _ = file.responses.begin(1, "sv")
    given = plan or "abc"[at % 3]
    file.responses.record(response, "plan", 0, given)
    file.responses.record(response, "mood", 0, 1 + 2 * "abc".index(given) - (at % 2 if given != "a" else 0))
    file.responses.record(response, "town", 0, at % 2 == 0)
    return response


def run(file: StudyFile, numbers: str = "abc", questions: tuple[str, ...] = ("plan", "mood")) -> str:
    """Store a finished run in which everybody is in the segment of the plan; returns its id."""
    people = collect_population(file)
    asked = {question.name: question.answers for question in people.population.questions}
    texts = {"a": "Billigt", "b": "Snabbt", "c": "Tryggt"}
    number = {texts[letter]: at for at, letter in enumerate(numbers, start=1)}
    labels = np.array([number.get(value, 0) for value in asked["plan"].values], dtype=np.int64)
    by_k = (KEvidence(3, 0.5, 0.9, 0.1, 0.2),)
    portraits = tuple(
        Portrait(at, f"{letter.upper()} of {numbers}", 10, 0.3, 0.2, 0.4, 0.9, 0.9)
        for at, letter in enumerate(numbers, 1)
    )
    solution = Solution(
        basis="benefit",
        labels=labels,
        confidence=np.ones(len(labels)),
        k=3,
        method="made up",
        choice="",
        evidence=Evidence("reproducible", "", by_k),
        seed=0,
        questions=questions,
        portraits=portraits,
    )
    made = file.runs.create({"bases": ["benefit"], "questions": []}, "test")
    solutions = Solutions(len(labels), (solution,), (), 0, "none", "", 0.0)
    file.runs.finish(made, *pack_bases(solutions, people))
    return made


def tool(file: StudyFile, made: str) -> TypingTool:
    found = material(file, made, "benefit")
    settings = TypingSettings(questions=2)
    return fit_typing_tool(found.questions, found.labels, settings, titles=found.titles, names=found.names)


def test_a_tool_made_from_a_run_types_whoever_answers_next(home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(45):
            answer(file, at)
        made = run(file)
        kept = keep_tool(file, "benefit", tool(file, made), made)
        assert {one.name for one in kept.coders} == {"plan", "mood"}
        assert stored_tools(file).keys() == {"benefit"}
        assert to_json(tool_of(file, "benefit")) == to_json(kept)
        fresh = answer(file, 2)
        typed = type_response(file, fresh)["benefit"]
        assert kept.name(typed.segment) == "C of abc"
        assert typed.probability > 0.5
        silent, _ = file.responses.begin(1, "sv")
        assert type_response(file, silent)["benefit"].segment == 0
        table = with_typed(file, study_frame(file)).set_index("response")
        assert table.loc[fresh, "typed.benefit"] == typed.segment
        assert table.loc[fresh, "typed.benefit.name"] == "C of abc"
        assert table.loc[fresh, "typed.benefit.probability"] == pytest.approx(typed.probability, abs=1e-4)
        assert table.loc[silent, "typed.benefit"] == 0
        file.runs.delete(made)
        assert file.typing_tools.list()[0].run is None
        file.typing_tools.delete("benefit")
        assert stored_tools(file) == {}
        assert list(with_typed(file, study_frame(file))) == list(study_frame(file))
        with pytest.raises(NotFound):
            file.typing_tools.delete("benefit")


def test_the_golden_questions_are_asked_as_the_study_worded_them(home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(45):
            answer(file, at)
        made = run(file)
        document = keep_tool(file, "benefit", tool(file, made), made).survey
        assert document is not None
        assert [one for one in check(document) if one.severity == "error"] == []
        plan = next(one for one in document["pages"][0]["elements"] if one["name"] == "plan")
        assert plan["title"] == {"default": "Vilket val?", "en": "Which plan?"}
        assert document["locale"] == "sv"
        Studies(home).create("golden", "Golden", document)
        kept = tool_of(file, "benefit")
    with Studies(home).file("golden") as other:
        keep_tool(other, "benefit", kept, None)
        response, _ = other.responses.begin(1, "en")
        other.responses.record(response, "plan", 0, "b")
        assert kept.name(type_response(other, response)["benefit"].segment) == "B of abc"


def test_an_answer_that_no_longer_counts_is_not_read(home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(45):
            answer(file, at)
        made = run(file)
        keep_tool(file, "benefit", tool(file, made), made)
        fresh = answer(file, 0)
        file.responses.set_inactive(fresh, [("plan", 0), ("mood", 0)])
        assert type_response(file, fresh)["benefit"].segment == 0


def test_what_cannot_be_made_or_found_is_said(home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(45):
            answer(file, at)
        made = run(file)
        with pytest.raises(AppError, match="no segments on the basis 'place'; it has benefit"):
            material(file, made, "place")
        with pytest.raises(NotFound):
            material(file, "nothing", "benefit")
        with pytest.raises(NotFound, match="no typing tool for 'benefit'"):
            tool_of(file, "benefit")
        with pytest.raises(NotFound, match="no run"):
            file.typing_tools.put("benefit", "{}", "nothing")
        assert {one.name for one in material(file, made, "benefit", describing=True).questions} == {
            "plan",
            "mood",
            "town",
        }


def test_segments_keep_number_and_name_from_run_to_run(home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(60):
            answer(file, at)
        earlier = run(file)
        for at in range(60):
            answer(file, at)
        later = run(file, "cab")
        found = compare_runs(file, earlier, later, "benefit")
        assert found.drift.level == "keep"
        assert found.drift.shared == 60
        assert found.drift.agreement == pytest.approx(1)
        assert found.drift.numbers == {1: 3, 2: 1, 3: 2}
        assert found.names == {1: "A of abc", 2: "B of abc", 3: "C of abc"}
        assert found.labels[:3].tolist() == [1, 2, 3]
        with pytest.raises(AppError, match="no segments on the basis 'firm'"):
            compare_runs(file, earlier, later, "firm")


def test_who_answers_otherwise_than_before_calls_for_new_segments(home: Home) -> None:
    with Studies(home).file("tea") as file:
        for at in range(60):
            answer(file, at)
        made = run(file)
        assert look_again(file, made, "benefit") is None
        for at in range(60):
            answer(file, at)
        same = look_again(file, made, "benefit")
        assert same is not None
        assert same.level == "keep"
        for at in range(150):
            answer(file, at, "c")
        other = look_again(file, made, "benefit")
        assert other is not None
        assert other.level == "act"


def test_typing_in_the_chat_needs_no_heavy_library() -> None:
    script = (
        "import sys, survey.analysis.typing_study;"
        "print([m for m in ('sklearn', 'torch', 'scipy', 'streamlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("cheap_passwords")
def test_the_answers_that_a_researcher_takes_along_hold_the_typed_segment(home: Home, person: Account) -> None:
    with Studies(home).file("tea") as file:
        for at in range(45):
            answer(file, at)
        made = run(file)
        keep_tool(file, "benefit", tool(file, made), made)
    studio = Studio(home, person, Service)  # type: ignore[arg-type]
    table = list(csv.DictReader(io.StringIO(studio.answers_csv("tea"))))
    assert {row["typed.benefit.name"] for row in table} == {"A of abc", "B of abc", "C of abc"}
    assert all(0 < float(row["typed.benefit.probability"]) <= 1 for row in table)
