"""`segment --basis` as a person meets it: columns for each basis, one sentence when something is wrong."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from models.features import Answers
from models.population import Question
from survey.analysis.basis_file import language_of
from tests.conftest import Run

SURVEY = """
title: Tea
pages:
- name: all
  elements:
  - {type: comment, name: matters, title: "What matters to you?", samtal: {laddering: 2}}
  - {type: matrix, name: views, title: Views, samtal: {basis: psychographic}, columns: [1, 2, 3, 4, 5],
     rows: [{value: fun, text: Fun}, {value: order, text: Order}]}
  - {type: checkbox, name: uses, title: Uses, samtal: {basis: benefit}, choices: [sleep, taste, health]}
  - {type: rating, name: price, title: Price, rateMin: 1, rateMax: 5, samtal: {basis: benefit}}
  - {type: ranking, name: places, title: Places, samtal: {basis: behaviour}, choices: [home, work, cafe]}
  - {type: radiogroup, name: sex, title: Sex, choices: [female, male], samtal: {basis: descriptor}}
"""
WORDS = {"price": "the low price every month", "staff": "the helpful and friendly staff"}


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Sixty people of two kinds in ratings and yes-no answers, with a text, an age and an export of the survey."""
    rng = np.random.default_rng(1)
    kind = np.arange(60) % 2
    rows = []
    for at, one in enumerate(kind):
        high, low = rng.integers(4, 6), rng.integers(1, 3)
        rows.append(
            {
                "who": f"p{at}",
                "status": "complete" if at else "screened",
                "text": f"{list(WORDS.values())[one]} {at % 5}",
                "q1": high if one else low,
                "q2": low if one else high,
                "q3": ["yes", "no"][one],
                "age": rng.integers(18, 80),
                "matters": list(WORDS.values())[one],
                "matters.turn.1": "so that my family is safe" if at % 3 else "",
                "matters.turn.1.level": "value" if at % 3 else "",
                "views.fun": high if at % 4 < 2 else low,
                "views.order": low if at % 4 < 2 else high,
                "uses": "sleep; taste" if one else "health",
                "uses.sleep": one,
                "uses.taste": one,
                "uses.health": 1 - one,
                "price": high if one else "a lot" if at == 2 else low,
                "places.home": 1 + one,
                "places.work": 2 - one,
                "places.cafe": 3,
                "sex": ["female", "male"][at % 2],
            }
        )
    path = tmp_path / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def results(out: Path) -> tuple[list[dict[str, str]], dict, str]:
    with (out / "segments.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows, json.loads((out / "result.json").read_text()), (out / "report.html").read_text()


def test_closed_columns_form_the_basis_that_is_asked_for(run: Run, people: Path, tmp_path: Path) -> None:
    told = ["--closed", "q1..q3", "--describe", "age", "--basis", "benefit", "--id", "who", "--k", "2"]
    code, said, _ = run("segment", people, *told, "--out", tmp_path / "out")
    rows, result, report = results(tmp_path / "out")
    assert code == 0
    assert list(rows[0]) == ["row", "id", "segment_benefit", "name_benefit", "confidence_benefit"]
    kinds = [{row["segment_benefit"] for row in rows[at::2]} for at in (0, 1)]
    assert sorted(kinds, key=min) == [{"1"}, {"2"}]
    assert result["bases"]["benefit"]["questions"] == ["q1", "q2", "q3"]
    assert sum(result["bases"]["benefit"]["shares"].values()) == pytest.approx(1, abs=0.001)
    assert [segment["size"] for segment in result["bases"]["benefit"]["segments"]] == [30, 30]
    assert "Types judged by the answers: 'q1', 'q2' as rating; 'q3' as yes or no; 'age' as number." in said
    assert "What people want" in report
    assert "<script" not in report


def test_two_bases_have_columns_of_their_own_and_cross(run: Run, people: Path, tmp_path: Path) -> None:
    told = ["--closed", "q1:benefit", "--closed", "q2:benefit", "--closed", "views.*:battery:psychographic"]
    code, _, _ = run("segment", people, *told, "--k", "2", "--out", tmp_path / "out")
    rows, result, report = results(tmp_path / "out")
    assert code == 0
    assert {"segment_benefit", "segment_psychographic"} <= set(rows[0])
    (crossing,) = result["crossings"]
    assert np.sum(crossing["counts"]) == 60
    assert crossing["cramers_v"] < 0.3
    assert "Who of one is in which of the other" in report


def test_a_survey_names_types_and_bases_of_an_export(run: Run, people: Path, tmp_path: Path) -> None:
    (tmp_path / "survey.yaml").write_text(SURVEY, encoding="utf-8")
    told = ["--survey", tmp_path / "survey.yaml", "--k", "2", "--describe", "age"]
    code, said, problem = run("segment", people, *told, "--out", tmp_path / "out")
    assert (code, problem) == (0, "")
    rows, result, _ = results(tmp_path / "out")
    assert list(result["bases"]) == ["benefit", "psychographic", "behaviour"]
    assert result["bases"]["benefit"]["questions"] == ["matters", "uses", "price"]
    assert result["bases"]["psychographic"]["questions"] == ["matters", "views"]
    assert rows[0]["segment_benefit"] == "0", "who was screened out holds no answers"
    assert "1 cell of 'price' is no answer that the question can take, and counts as missing." in said
    assert len({row["segment_benefit"] for row in rows[1::2]} & {row["segment_benefit"] for row in rows[2::2]}) == 0


def test_topics_stand_beside_a_basis_as_they_stand_alone(run: Run, people: Path, tmp_path: Path) -> None:
    run("segment", people, "--text", "text", "--k", "2", "--out", tmp_path / "alone")
    told = ["--basis", "topics", "--basis", "benefit", "--text", "text", "--closed", "q1:benefit", "--k", "2"]
    code, _, _ = run("segment", people, *told, "--out", tmp_path / "both")
    assert code == 0
    alone, both = results(tmp_path / "alone"), results(tmp_path / "both")
    for one, other in zip(alone[0], both[0], strict=True):
        assert {name: other[name] for name in one} == one
    assert both[1]["segments"] == alone[1]["segments"]
    assert (tmp_path / "both" / "topics.html").exists()


@pytest.mark.parametrize("basis", [[], ["--basis", "topics"]], ids=["no basis", "topics"])
def test_columns_describe_the_segments_by_topics(run: Run, people: Path, tmp_path: Path, basis: list[str]) -> None:
    told = ["--text", "text", "--describe", "q1", "--describe", "age", "--k", "2", *basis]
    code, said, _ = run("segment", people, *told, "--out", tmp_path / "out")
    rows, result, report = results(tmp_path / "out")
    assert code == 0
    assert list(rows[0]) == ["row", "segment", "name", "confidence"]
    assert "bases" not in result
    assert [one["who"][0]["question"] for one in result["segments"]] == ["q1", "q1"]
    assert all(one["who"][0]["p"] < 0.001 for one in result["segments"])
    assert "Who they are" in report
    assert "</b> q1</span>" in report
    assert "</b> age</span>" not in report, "chance sets nobody apart"
    assert "Types judged by the answers: 'q1' as rating; 'age' as number." in said


def test_a_column_that_describes_is_not_taken_for_the_open_answers(run: Run, tmp_path: Path) -> None:
    rows = [f"{text} {at}" for at in range(20) for text in WORDS.values()]
    file = tmp_path / "two.csv"
    file.write_text("\n".join(["one,two", *(f"{row},{row}" for row in rows)]), encoding="utf-8")
    code, _, problem = run("segment", file, "--out", tmp_path / "out")
    assert (code, "'one', 'two'; name one with --text" in problem) == (2, True)
    assert run("segment", file, "--describe", "two:choice", "--k", "2", "--out", tmp_path / "out")[0] == 0
    assert 'from <b dir="auto">one</b>' in results(tmp_path / "out")[2]


def test_open_answers_that_are_used_for_nothing_are_named(run: Run, people: Path, tmp_path: Path) -> None:
    told = ["--closed", "q1..q3", "--basis", "benefit", "--k", "2", "--out", tmp_path / "out"]
    unused = "'text' reads like open answers and was not used: name it with --text"
    code, said, _ = run("segment", people, *told)
    assert (code, unused in said) == (0, True)
    code, said, _ = run("segment", people, *told, "--text", "text")
    assert (code, "not used" in said) == (0, False)
    code, said, _ = run("segment", people, "--text", "matters", "--k", "2", "--out", tmp_path / "out")
    assert (code, unused in said) == (0, True)


def test_topics_beside_a_basis_are_described_as_well(run: Run, people: Path, tmp_path: Path) -> None:
    told = ["--basis", "topics", "--basis", "benefit", "--text", "text", "--closed", "q2:benefit", "--describe", "q1"]
    assert run("segment", people, *told, "--k", "2", "--out", tmp_path / "out")[0] == 0
    _, result, _ = results(tmp_path / "out")
    assert {marker["question"] for one in result["segments"] for marker in one["who"]} == {"q1"}
    assert "Who they are" in (tmp_path / "out" / "topics.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--text", "text", "--describe", "text:choice"],
            "The column 'text' forms the segments: it cannot describe them as well.",
        ),
        (["--basis", "mood"], "There is no basis 'mood': use topics, benefit, psychographic"),
        (["--closed", "q1"], "Say which segments 'q1' helps to form, for example 'q1:benefit' or 'q1:psychographic'."),
        (
            ["--closed", "statu", "--basis", "benefit"],
            "There is no column 'statu' in 'people.csv'; did you mean 'status'?",
        ),
        (["--closed", "q1:mood", "--basis", "benefit"], "'mood' in 'q1:mood' is neither a type nor a basis"),
        (["--closed", "who", "--basis", "benefit"], "'who' holds many different texts"),
        (["--closed", "text:number", "--basis", "benefit"], "Row 0 of 'text' holds 'the low price every month 0'"),
        (["--describe", "age:benefit"], "'age:benefit' is to describe segments, so it forms none"),
        (["--closed", "q1:battery", "--basis", "benefit"], "stands in several columns"),
        (["--survey", "gone.yaml"], "gone.yaml"),
    ],
)
def test_one_sentence_says_what_is_wrong(
    run: Run, people: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    code, said, problem = run("segment", people, *arguments, "--text", "text", "--out", tmp_path / "out")
    assert (code, said) == (2, "")
    assert sentence in problem
    assert problem.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_basis_without_columns_is_refused(run: Run, people: Path, tmp_path: Path) -> None:
    told = ["--closed", "q1:benefit", "--basis", "place", "--basis", "benefit"]
    code, _, problem = run("segment", people, *told, "--out", tmp_path / "out")
    assert code == 2
    assert "There is nothing to form place segments from: no column is named for it" in problem


@pytest.mark.parametrize(
    ("questions", "language"),
    [
        ((Answers("q", "text", ["Priset är för högt", "Personalen är trevlig", "Det går snabbt"] * 3),), "sv"),
        ((Answers("q", "text", ["Hinta on tärkein", "Palvelu on ystävällistä", "Se on nopea"] * 3),), "fi"),
        ((Answers("Spend", "number", [1, 2]), Answers("Gender", "nominal", ["Male"] * 2, ("Male", "Female"))), "en"),
        ((Answers("q", "text", ["Le prix est trop élevé", "Le personnel est aimable"] * 4),), "en"),
    ],
)
def test_segments_of_a_file_are_named_in_the_language_of_its_answers(
    questions: tuple[Answers, ...], language: str
) -> None:
    assert language_of([Question(one.name, one, ()) for one in questions]) == language
