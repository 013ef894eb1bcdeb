"""Latent classes beside segments: published figures, what items share besides, and where they do not apply."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from models.closed.class_evidence import DRAWS, MOST_PEOPLE, class_evidence
from models.features import Answers
from models.solutions import SolveSettings, solve

MCDONALDS = Path(__file__).resolve().parents[2] / "shared" / "data" / "mcdonalds.csv.gz"
QUICK = SolveSettings(pairs=4, null_sets=19, null_pairs=2, starts=3, alternatives=False)


def two_kinds(n: int, items: int = 6, seed: int = 0) -> tuple[list[Answers], NDArray[np.int64]]:
    """Return yes-no answers of two kinds of people, and their kind, 1 or 2; item 5 repeats item 4."""
    rng = np.random.default_rng(seed)
    kind = (rng.random(n) < 0.35).astype(np.int64)
    yes = rng.random((n, items)) < np.where(kind, 0.85, 0.15)[:, None]
    yes[:, 5] = yes[:, 4] ^ (rng.random(n) < 0.1)
    return [Answers(f"q{j}", "binary", yes[:, j].tolist()) for j in range(items)], kind + 1


def test_two_kinds_of_people_are_two_classes_and_items_that_say_the_same_are_named() -> None:
    questions, kind = two_kinds(400)
    found = class_evidence(questions, kind)
    assert found is not None
    assert (found.k, found.n, found.n_total, found.draws, found.pairs) == (2, 400, 400, DRAWS, 15)
    assert found.agreement > 0.8
    assert found.tested is not None
    assert (found.tested.k, found.tested.blrt_p) == (2, 1 / (DRAWS + 1))
    assert {found.strongest[0].question, found.strongest[0].other_question} == {"q4", "q5"}
    assert found.here.entropy > 0.5
    assert len(found.strongest) <= found.here.local


def test_without_groups_one_class_is_best_and_a_second_is_no_gain() -> None:
    rng = np.random.default_rng(1)
    questions = [Answers(f"q{j}", "binary", (rng.random(250) < 0.4).tolist()) for j in range(5)]
    found = class_evidence(questions, np.ones(250, dtype=np.int64))
    assert found is not None
    assert (found.k, found.best) == (1, 1)
    assert found.tested is not None
    assert found.tested.k == 2
    assert found.tested.blrt_p is not None
    assert found.tested.blrt_p > 0.1


def test_many_people_are_a_sample_and_their_order_changes_nothing() -> None:
    questions, kind = two_kinds(MOST_PEOPLE + 500)
    order = np.random.default_rng(2).permutation(len(kind))
    turned = [replace(one, values=[one.values[at] for at in order]) for one in questions]
    found = class_evidence(questions, kind)
    assert found == class_evidence(turned, kind[order])
    assert found is not None
    assert (found.n, found.n_total) == (MOST_PEOPLE, MOST_PEOPLE + 500)


def test_several_choices_and_batteries_are_named_by_question_and_answer() -> None:
    questions, kind = two_kinds(120)
    picked = [[one.name for one in questions if one.values[at]] for at in range(120)]
    marks = [{one.name: 1 + int(one.values[at]) for one in questions} for at in range(120)]
    for asked in (
        Answers("uses", "multi", picked, tuple(one.name for one in questions)),
        Answers("uses", "battery", marks, (1, 2), tuple(one.name for one in questions)),
    ):
        found = class_evidence([asked], kind)
        assert found is not None
        assert {found.strongest[0].question, found.strongest[0].other_question} == {"uses"}
        assert {found.strongest[0].answer, found.strongest[0].other_answer} == {"q4", "q5"}


def test_where_latent_classes_do_not_apply_nothing_is_said() -> None:
    questions, kind = two_kinds(100)
    marks = Answers("m", "battery", [{"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 2, "c": 1}] * 50, ipsatise=True)
    assert class_evidence([*questions, Answers("x", "number", list(range(100)))], kind) is None
    assert class_evidence([*questions, marks], kind) is None
    assert class_evidence(questions[:2], kind) is None
    assert class_evidence([replace(one, values=one.values[:10]) for one in questions], kind[:10]) is None
    assert class_evidence(questions, np.zeros(100, dtype=np.int64)) is None


def test_a_solution_of_choices_carries_it_and_one_with_numbers_does_not() -> None:
    questions, _ = two_kinds(150)
    found = solve(questions, QUICK)
    assert found.classes is not None
    assert found.classes.k == found.k
    rng = np.random.default_rng(3)
    assert solve([*questions, Answers("x", "number", rng.normal(size=150).tolist())], QUICK).classes is None


@pytest.mark.skipif(not MCDONALDS.exists(), reason="the public test data is not here")
def test_mcdonalds_published_figures() -> None:
    frame = pd.read_csv(MCDONALDS)
    questions = [Answers(name, "binary", (frame[name] == "Yes").tolist()) for name in frame.columns[:11]]
    labels = np.arange(len(frame)) % 4 + 1
    found = class_evidence(questions, labels)
    assert found is not None
    assert found.best == 7
    assert {one.k: round(one.bic, 1) for one in found.fits}[4] == 14564.4
    assert found.here.local == 14
    assert found.pairs == 55


@pytest.mark.parametrize("people", [2, 30])
def test_where_everybody_answers_alike_nothing_is_said(people: int) -> None:
    alike = [Answers("q", "nominal", ["a"] * people, ("a", "b"))]
    assert class_evidence(alike, np.ones(people, dtype=np.int64)) is None
    assert solve(alike, SolveSettings(pairs=4, null_pairs=2)).k == 1
