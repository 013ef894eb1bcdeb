"""Portraits: what sets a segment apart, names that differ, warnings that are true."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.features import ENCODERS, Answers
from models.population import Population, Question
from models.portrait.columns import READERS, columns_of
from models.portraits import portray
from models.results import Evidence
from models.solution import Alternative, Solution

WISHES = ("Low price", "Easy to use", "Nice design", "Good service", "Long life", "Safe")


def solution(labels: np.ndarray, questions: tuple[str, ...], **more: Any) -> Solution:
    found = Solution(
        basis="benefit",
        labels=labels,
        confidence=np.where(labels > 0, 0.9, 0.0),
        k=int(labels.max()),
        method="",
        choice="",
        evidence=Evidence("reproducible", ""),
        seed=0,
        questions=questions,
    )
    return replace(found, **more)


def wishes(labels: np.ndarray, seed: int = 0) -> Population:
    """Segment 1 wants a low price, 2 an easy thing with a design, 3 nothing in particular; age goes with segment 1."""
    rng = np.random.default_rng(seed)
    lift = np.zeros((4, 6))
    lift[1, 0], lift[2, 1], lift[2, 2] = 2.0, 1.5, 1.4
    marks = np.clip(np.round(3 + lift[labels] + 0.8 * rng.normal(size=(len(labels), 6))), 1, 5).astype(int)
    battery = [dict(zip(WISHES, row, strict=True)) for row in marks.tolist()]
    age = (40 + 12 * (labels == 1) + 10 * rng.normal(size=len(labels))).tolist()
    coin = rng.integers(0, 2, len(labels)).tolist()
    return Population(
        len(labels),
        (
            Question("What matters?", Answers("wish", "battery", battery, (1, 2, 3, 4, 5), WISHES), ("benefit",)),
            Question("Age", Answers("age", "number", age)),
            Question("Coin", Answers("coin", "nominal", ["heads" if one else "tails" for one in coin])),
        ),
    )


LABELS = np.repeat([1, 2, 3], (200, 150, 120))


def test_names_come_from_what_sets_segments_apart_and_differ() -> None:
    first, second, third = portray(wishes(LABELS), solution(LABELS, ("wish",)))
    assert first.name.startswith("Low price first")
    assert second.name == "Easy to use and nice design"
    assert third.name not in (first.name, second.name)
    assert (first.size, first.share_low < 200 / 470 < first.share_high) == (200, True)


@pytest.mark.parametrize(("language", "words"), [("sv", "först"), ("nb", "først"), ("da", "først"), ("fi", "ensin")])
def test_names_are_put_together_in_the_language_of_the_study(language: str, words: str) -> None:
    first = portray(wishes(LABELS), solution(LABELS, ("wish",)), language=language)[0]
    assert first.name.startswith(f"Low price {words}")


def test_segments_that_nothing_tells_apart_still_differ_in_name() -> None:
    labels = np.random.default_rng(3).integers(1, 4, 470)
    names = [portrait.name for portrait in portray(wishes(LABELS), solution(labels, ("wish",)))]
    assert len(set(names)) == 3


def test_what_formed_segments_and_what_describes_them_stand_apart() -> None:
    first = portray(wishes(LABELS), solution(LABELS, ("wish",)))[0]
    assert {marker.answer for marker in first.wants} == set(WISHES)
    age = next(marker for marker in first.who if marker.question == "Age")
    assert (age.measure, age.base) == ("mean", 200)
    assert age.p < 1e-6
    assert 0.8 < age.effect < 1.6
    assert age.low < 52 < age.high + 1
    heads = next(marker for marker in first.who if marker.answer == "heads")
    assert heads.low < heads.total < heads.high


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_of_question_can_be_compared(kind: str) -> None:
    values: list[Any] = {
        "text": ["well said", None],
        "nominal": ["a", {"other": "mine"}],
        "multi": [["a"], ["a", "b"]],
        "binary": [True, False],
        "ordinal": [1, 7],
        "number": [1.5, 20],
        "date": ["2026-01-02", "2025-03-04"],
        "battery": [{"a": 1, "b": None}, {"a": 5, "b": 2}],
        "ranking": [["a", "b"], ["b", "a"]],
        "bestworst": [[{"set": ["a", "b", "c"], "best": "a", "worst": "b"}], []],
        "shares": [{"a": 30, "b": 70}, {"a": 100}],
        "none": [None, None],
    }[kind]
    columns = columns_of(Answers("q", kind, [*values, None]), "Question")
    assert all(len(column.x) == 3 and np.isnan(column.x[2]) for column in columns)
    assert bool(columns) == (kind not in ("text", "none"))
    assert READERS.keys() == ENCODERS.keys()


def test_small_shaky_broad_and_poorly_placed_segments_are_told() -> None:
    split = np.where((LABELS == 1) & (np.arange(len(LABELS)) % 2 == 0), 4, LABELS)
    broad = Alternative("k-means", 4, split, 0.9, "reproducible", 0.8)
    small = np.repeat([1, 2, 3], (200, 200, 70))
    evidence = Evidence("reproducible", "", segment_stability=(0.9, 0.9, 0.4))
    found = solution(small, ("wish",), evidence=evidence, confidence=np.where(small == 3, 0.4, 0.9))
    _, second, third = portray(wishes(small), found)
    assert second.warnings == ()
    assert [warning.split(":")[0] for warning in third.warnings[:2]] == ["Only 70 people", "Shaky"]
    assert "100% of its people" in third.warnings[2]
    first, second, third = portray(wishes(LABELS), solution(LABELS, ("wish",), alternatives=(broad,)))
    assert "splits in two (50% and 50%" in first.warnings[0]
    assert (second.warnings, third.warnings) == ((), ())
    weak = replace(broad, stability=0.5)
    assert portray(wishes(LABELS), solution(LABELS, ("wish",), alternatives=(weak,)))[0].warnings == ()


def test_a_solution_of_other_people_is_refused() -> None:
    with pytest.raises(ValueError, match="population holds 470"):
        portray(wishes(LABELS), solution(LABELS[:9], ("wish",)))
