"""The benchmark of taps: what it says where SurveyJS cannot be had, and what it makes of its counts."""

from pathlib import Path

import pytest

from benchmarks import taps
from survey.definition import parse


def test_the_survey_of_the_benchmark_has_twelve_questions_and_an_answer_to_each() -> None:
    survey = parse(taps.SURVEY)
    assert len(survey.questions) == 12
    assert {question.name for question in survey.questions} == set(taps.ANSWERS)


def test_without_surveyjs_nothing_is_measured_and_the_note_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taps, "user_cache_path", lambda _name: tmp_path)
    monkeypatch.setattr(taps.shutil, "which", lambda _name: None)
    assert taps.figures(quick=True)["note"].startswith("Not measured: ")


def test_a_bar_is_met_with_one_tap_more_and_not_with_two() -> None:
    rows = [{"chat": 3, "form, one page": 2, "form, one question a page": 1}] * len(taps.ELEMENTS)
    assert [bar["met"] for bar in taps.bars(rows)] == [True, True, False, False]
