"""Typing tools: golden questions that tell segments apart, honestly measured, whatever the order of the people."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from models.errors import ModelError
from models.features import ENCODERS, Answers
from models.golden.accuracy import Rate, Step, kappa, recommended
from models.golden.coders import OPEN
from models.golden.linear import discriminants, logistic
from models.typing_tool import FEWEST, TypingSettings, fit_typing_tool, from_dict, from_json, to_dict, to_json

PEOPLE = 240


def items(seed: int = 0, people: int = PEOPLE) -> tuple[list[Answers], np.ndarray]:
    """Three segments that two yes-no questions decide, a third question that helps a little, and five of noise."""
    rng = np.random.default_rng(seed)
    labels = np.repeat([1, 2, 3], people // 3)
    telling = {
        "fresh": np.where(labels == 1, 0.95, 0.05),
        "cheap": np.where(labels == 2, 0.95, 0.05),
        "near": np.where(labels == 3, 0.6, 0.4),
        **{f"noise {j}": np.full(people, 0.5) for j in range(5)},
    }
    drawn = {name: rng.random(people) < share for name, share in telling.items()}
    return [Answers(name, "binary", [bool(one) for one in column]) for name, column in drawn.items()], labels


def of_every_kind(people: int = 90) -> tuple[list[Answers], np.ndarray]:
    """Three segments that each of ten kinds of questions tells apart almost for certain, with a few gaps."""
    rng = np.random.default_rng(1)
    labels = np.tile([1, 2, 3], people // 3)
    one = ("a", "b", "c")
    favourite = [one[label - 1] if rng.random() < 0.9 else one[rng.integers(3)] for label in labels]
    others = [[x for x in one if x != best] for best in favourite]
    level = [int(label * 2 - rng.integers(2)) for label in labels]
    values: dict[str, Sequence[Any]] = {
        "nominal": favourite,
        "multi": [[best, *rest[: int(rng.integers(2))]] for best, rest in zip(favourite, others, strict=True)],
        "binary": [bool(label == 1) for label in labels],
        "ordinal": level,
        "number": [float(mark * 10 + rng.random()) for mark in level],
        "date": [f"2026-{mark:02d}-15" for mark in level],
        "battery": [{"x": mark, "y": 7 - mark} for mark in level],
        "ranking": [[best, *rest] for best, rest in zip(favourite, others, strict=True)],
        "bestworst": [
            [{"set": list(one), "best": best, "worst": rest[0]}] for best, rest in zip(favourite, others, strict=True)
        ],
        "shares": [{best: 80, rest[0]: 20} for best, rest in zip(favourite, others, strict=True)],
    }
    options: dict[str, tuple[Any, ...]] = {"ordinal": (1, 2, 3, 4, 5, 6), "battery": (1, 2, 3, 4, 5, 6)}
    found = []
    for at, (kind, column) in enumerate(values.items()):
        gappy = [None if row % 17 == at else value for row, value in enumerate(column)]
        found.append(Answers(kind, kind, gappy, options.get(kind, one if kind not in ("number", "date") else ())))
    return [replace(q, items=("x", "y")) if q.kind == "battery" else q for q in found], labels


def test_the_questions_that_decide_come_first_and_noise_is_not_recommended() -> None:
    questions, labels = items()
    tool = fit_typing_tool(questions, labels, TypingSettings(most=4))
    assert {step.added for step in tool.steps[:2]} == {"fresh", "cheap"}
    assert set(tool.questions) <= {"fresh", "cheap", "near"}
    assert tool.recommended == len(tool.questions)
    two = tool.steps[1]
    assert two.accuracy.low < two.accuracy.value < two.accuracy.high
    assert two.accuracy.value > 0.8
    assert len(two.recall) == 3
    assert two.again == 1


def test_accuracy_on_noise_is_that_of_guessing_and_the_tool_says_so() -> None:
    rng = np.random.default_rng(3)
    labels = rng.integers(1, 4, 150)
    questions = [Answers(f"q{j}", "number", rng.normal(size=150).tolist()) for j in range(20)]
    tool = fit_typing_tool(questions, labels, TypingSettings(most=6))
    honest = [step.accuracy.value for step in tool.steps]
    flattering = [step.not_nested for step in tool.steps]
    assert max(honest) < 0.45
    assert np.mean(flattering) > np.mean(honest)
    assert any("do not tell the segments apart" in note for note in tool.notes)


def test_the_order_of_people_changes_nothing() -> None:
    questions, labels = items()
    shuffled = np.random.default_rng(5).permutation(PEOPLE)
    again = [replace(question, values=[question.values[row] for row in shuffled]) for question in questions]
    three = TypingSettings(most=3)
    assert to_json(fit_typing_tool(questions, labels, three)) == to_json(
        fit_typing_tool(again, labels[shuffled], three)
    )


@pytest.mark.parametrize("kind", sorted(set(ENCODERS) - set(OPEN)))
def test_every_kind_that_can_be_asked_types_people_and_comes_back_from_json(kind: str) -> None:
    questions, labels = of_every_kind()
    asked = [question for question in questions if question.kind == kind]
    tool = fit_typing_tool(asked, labels, TypingSettings(questions=1))
    values = asked[0].values
    given, confidence, p = tool.classify_all({kind: values}, len(values))
    assert tool.step.accuracy.value > (0.6 if kind == "binary" else 0.75)
    there = np.array([value is not None for value in values])
    assert (given[~there] == 0).all()
    assert (confidence[~there] == 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)
    plain, arrays = to_dict(tool)
    for back in (from_json(to_json(tool)), from_dict(json.loads(json.dumps(plain)), arrays)):
        assert to_json(back) == to_json(tool)
        np.testing.assert_array_equal(back.classify_all({kind: values}, len(values))[2], p)
    one = tool.classify({kind: values[5]})
    assert one.segment == given[5]
    np.testing.assert_allclose(list(one.probabilities.values()), p[5])


def test_items_of_a_battery_may_be_asked_apart() -> None:
    rng = np.random.default_rng(0)
    labels = np.tile([1, 2], 60)
    marks = [{"likes": int(4 - label + rng.integers(2)), "noise": int(rng.integers(1, 5))} for label in labels]
    battery = Answers("values", "battery", marks, (1, 2, 3, 4, 5), ("likes", "noise"))
    tool = fit_typing_tool([battery], labels, TypingSettings(items_apart=True))
    assert [one.key for one in tool.coders] == ["values: likes"]
    assert tool.classify({"values": {"likes": 4}}).segment == 1
    assert tool.classify({"values": {"likes": 2, "noise": 1}}).segment == 2


def test_a_missing_or_unknown_answer_counts_as_the_mean_and_is_said() -> None:
    questions, labels = items()
    gaps = replace(questions[0], values=[None, *questions[0].values[1:]])
    tool = fit_typing_tool([gaps, *questions[1:]], labels, TypingSettings(questions=2))
    assert any("left a golden question out" in note for note in tool.notes)
    unsure = tool.classify({"cheap": False})
    assert unsure.segment in (1, 3)
    assert unsure.probability < tool.classify({"cheap": True}).probability
    nothing = tool.classify({})
    assert nothing.segment == 0
    assert list(nothing.probabilities.values()) == list(tool.shares)
    scale = Answers("scale", "ordinal", [1, 2, 3] * 20, (1, 2, 3))
    tool = fit_typing_tool([scale], np.tile([1, 2, 3], 20))
    assert tool.classify({"scale": 9}).segment == 0


def test_the_number_is_fixed_or_bought_at_a_price() -> None:
    questions, labels = items()
    assert len(fit_typing_tool(questions, labels, TypingSettings(questions=4, most=1)).coders) == 4
    assert len(fit_typing_tool(questions, labels, TypingSettings(cost=0.35, most=3)).coders) == 1
    few = fit_typing_tool(questions[:2], labels, TypingSettings(questions=3))
    assert any("only 2 questions" in note for note in few.notes)


def test_recommended_is_the_smallest_number_within_one_standard_error() -> None:
    reached = {1: 0.70, 2: 0.88, 3: 0.90, 4: 0.89}
    none = Rate(0, 0, 0)
    steps = [Step(n, "q", Rate(value, 0, 1), none, (), 0.02, value, 1.0) for n, value in reached.items()]
    assert recommended(steps, None) == 2
    assert recommended(steps, 0.0) == 3
    assert recommended(steps, 0.05) == 2
    assert recommended(steps, 0.5) == 1


def test_open_and_dull_questions_and_people_without_segment_are_left_out_with_a_word() -> None:
    questions, labels = items()
    labels = labels.copy()
    labels[:3] = 0
    more = [Answers("why", "text", ["x"] * PEOPLE), Answers("same", "nominal", ["a"] * PEOPLE)]
    tool = fit_typing_tool([*more, *questions], labels, TypingSettings(most=1))
    said = " ".join(tool.notes)
    assert "'why' is answered in people's own words" in said
    assert "alike" in said
    assert "3 people have no segment" in said
    assert tool.people == PEOPLE - 3


def test_what_cannot_be_learnt_is_refused_in_a_sentence() -> None:
    questions, labels = items()
    with pytest.raises(ValueError, match="only one segment"):
        fit_typing_tool(questions, np.ones(PEOPLE, dtype=np.int64))
    with pytest.raises(ValueError, match="nobody has a segment"):
        fit_typing_tool(questions, np.zeros(PEOPLE, dtype=np.int64))
    few = np.where(np.arange(PEOPLE) < FEWEST - 1, 4, labels)
    with pytest.raises(ValueError, match=f"segment 4 has {FEWEST - 1} people"):
        fit_typing_tool(questions, few)
    with pytest.raises(ValueError, match="at least one closed question"):
        fit_typing_tool([Answers("why", "text", ["x"] * PEOPLE)], labels)
    with pytest.raises(ValueError, match="the same answers"):
        fit_typing_tool([Answers("same", "nominal", ["a"] * PEOPLE)], labels)
    with pytest.raises(ValueError, match="holds 1 answers for 240 people"):
        fit_typing_tool([Answers("q", "binary", [True])], labels)
    for wrong in ({"most": 0}, {"questions": 0}, {"cost": 1.0}, {"method": "magic"}):
        with pytest.raises(ValueError, match=f"the '{next(iter(wrong))}' parameter"):
            TypingSettings(**wrong)  # type: ignore[arg-type]


def test_what_is_no_tool_is_refused() -> None:
    for text in ("", "[]", "{}", '{"arrays": 1}'):
        with pytest.raises(ModelError, match="no typing tool"):
            from_json(text)
    with pytest.raises(ModelError, match="format 99"):
        from_json('{"format": 99, "arrays": {}}')
    with pytest.raises(ModelError, match="no stored typing tool"):
        from_json('{"format": 1, "arrays": {}}')


def test_the_classifiers_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, (300, 4)).astype(np.float64)
    labels = np.argmax(x[:, :3] + rng.normal(size=(300, 3)), axis=1)
    counts = np.eye(3)[labels]
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=5000).fit(x, labels)
    np.testing.assert_allclose(logistic(x, counts).probabilities(x), peer.predict_proba(x), atol=1e-5)
    found = discriminants(x, counts, shrink=0.0)
    linear = LinearDiscriminantAnalysis(solver="lsqr").fit(x, labels)
    np.testing.assert_allclose(found.probabilities(x), linear.predict_proba(x), atol=2e-2)
    assert (found.probabilities(x).argmax(axis=1) == linear.predict(x)).mean() > 0.99


def test_distinct_answers_with_their_number_are_fitted_as_all_people_are() -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, (200, 3)).astype(np.float64)
    counts = np.eye(2)[(x[:, 0] + rng.random(200) > 1).astype(int)]
    distinct, back = np.unique(x, axis=0, return_inverse=True)
    grouped = np.zeros((len(distinct), 2))
    np.add.at(grouped, back.reshape(-1), counts)
    np.testing.assert_allclose(logistic(distinct, grouped).weights, logistic(x, counts).weights, atol=1e-6)


def test_kappa_is_cohens() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 3, 100), rng.integers(0, 3, 100)
    other[:60] = one[:60]
    table = np.zeros((3, 3), dtype=np.int64)
    np.add.at(table, (one, other), 1)
    found = kappa(table)
    assert found.value == pytest.approx(cohen_kappa_score(one, other))
    assert found.low < found.value < found.high


def test_classifying_needs_no_heavy_library() -> None:
    script = "import sys, models.typing_tool; print([m for m in ('sklearn', 'scipy', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
