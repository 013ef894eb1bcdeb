"""Segments on one basis: known kinds are found in mixed answers, idle questions count little, alternatives stand by."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from models.closed.consensus import agreed, ambiguous, together
from models.closed.methods import METHODS, choose_method
from models.closed.mixture import Mixed, fit
from models.closed.nulls import layout, structureless_like
from models.closed.view import relevance, view_of
from models.features import Answers, encode, joined
from models.flows import flows
from models.solutions import SolveSettings, solve
from models.stability import rand_index

FAST = SolveSettings(pairs=8, null_sets=10, null_pairs=1, starts=3)
Ints = NDArray[np.int64]


def kinds_of_people(n: int, seed: int) -> tuple[Ints, list[Answers]]:
    """Return the kind of every person, and marks, a choice, an open answer and two questions that tell nothing."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.45, 0.35, 0.2])
    high = np.kron(np.eye(3), np.ones(2))[kind]
    marks = np.clip(np.round(2 + 2 * high + 0.8 * rng.normal(size=(n, 6))), 1, 5).astype(int)
    options = np.array(["train", "car", "bike"])
    chosen = np.where(rng.random(n) < 0.8, options[kind], rng.choice(options, n))
    vectors = np.eye(3, 12)[kind] + 0.35 * rng.normal(size=(n, 12))
    left_out = rng.random(n) < 0.1
    idle = np.clip(np.round(3 + rng.normal(size=(n, 4))), 1, 5).astype(int)
    return kind, [
        Answers("marks", "battery", [dict(zip("abcdef", map(int, row), strict=True)) for row in marks]),
        Answers("way", "nominal", [None if out else str(pick) for out, pick in zip(left_out, chosen, strict=True)]),
        Answers("open", "text", [f"answer {row}" for row in range(n)], vectors=vectors),
        Answers("idle", "battery", [dict(zip("pqrs", map(int, row), strict=True)) for row in idle]),
        Answers("coin", "nominal", rng.choice(["heads", "tails"], n).tolist()),
    ]


def test_kinds_are_found_and_idle_questions_count_little() -> None:
    kind, questions = kinds_of_people(240, 0)
    found = solve(questions, FAST)
    assert found.k == 3
    assert rand_index(found.labels - 1, kind, np.ones(240)) > 0.9
    assert found.evidence.verdict in ("natural", "reproducible")
    assert found.shares["idle"] + found.shares["coin"] < 0.05
    assert sum(found.shares.values()) == pytest.approx(1)
    assert found.without["coin"] > 0.95
    assert found.coordinates is not None
    assert found.coordinates.shape == (240, 2)
    assert found.confidence.mean() > 0.9


def test_of_a_handful_of_people_no_alternative_claims_to_be_stable() -> None:
    _, answers = kinds_of_people(15, 1)
    found = solve(answers, replace(FAST, k=2, method="mixture"))
    assert [(one.k, one.stability) for one in found.alternatives] == [(3, 0.0)]


def test_alternatives_stand_beside_it_and_keep_its_numbers() -> None:
    _, questions = kinds_of_people(240, 1)
    found = solve(questions, FAST)
    assert found.method == METHODS["consensus"].name
    assert {(one.method, one.k) for one in found.alternatives} >= {(found.method, 2), (METHODS["mixture"].name, 3)}
    for one in found.alternatives:
        assert one.agreement == pytest.approx(rand_index(one.labels, found.labels, np.ones(240)))
    mixture = next(one for one in found.alternatives if one.method == METHODS["mixture"].name)
    assert (mixture.labels == found.labels).mean() > 0.9, "the same people under the same numbers"
    assert "Three segments" in found.choice
    assert "two" in found.choice
    assert "agreement" in found.choice


def test_marks_and_choices_alone_go_to_latent_classes_and_a_researcher_may_insist() -> None:
    _, questions = kinds_of_people(240, 2)
    closed = [one for one in questions if one.kind != "text"]
    assert solve(closed, FAST).method == METHODS["classes"].name
    insisted = solve(closed, replace(FAST, method="plain", k=3))
    assert insisted.method == METHODS["plain"].name
    assert insisted.k == 3
    with pytest.raises(ValueError, match="'method' parameter"):
        SolveSettings(method="magic")


def test_the_order_of_people_changes_nothing() -> None:
    _, questions = kinds_of_people(90, 3)
    order = np.random.default_rng(0).permutation(90)
    turned = [
        replace(
            one,
            values=[one.values[row] for row in order],
            vectors=None if one.vectors is None else one.vectors[order],
        )
        for one in questions
    ]
    before, after = solve(questions, FAST), solve(turned, FAST)
    assert before.labels[order].tolist() == after.labels.tolist()
    assert before.evidence.verdict == after.evidence.verdict
    np.testing.assert_allclose(before.confidence[order], after.confidence)


def test_who_answered_nothing_has_no_segment() -> None:
    _, questions = kinds_of_people(120, 4)
    closed = [replace(one, values=[None, *one.values[1:]]) for one in questions if one.kind != "text"]
    found = solve(closed, FAST)
    assert found.labels[0] == 0
    assert found.confidence[0] == 0
    assert (found.labels[1:] > 0).all()
    assert any("said nothing" in note for note in found.notes)
    nobody = solve([Answers("way", "nominal", [None] * 5)], FAST)
    assert nobody.k == 0
    assert nobody.labels.tolist() == [0] * 5


@pytest.mark.parametrize("n", [1, 2, 10, 30])
def test_few_people_give_a_hedged_answer(n: int) -> None:
    _, questions = kinds_of_people(n, 5)
    found = solve(questions, FAST)
    assert len(found.labels) == n
    assert found.choice
    if n < 20:
        assert (found.k, found.evidence.verdict) == (1, "none")


def test_people_of_one_kind_are_not_cut_up() -> None:
    rng = np.random.default_rng(6)
    values = np.clip(np.round(3 + rng.normal(size=(150, 5))), 1, 5).astype(int)
    questions = [
        Answers("marks", "battery", [dict(zip("abcde", map(int, row), strict=True)) for row in values]),
        Answers("way", "nominal", rng.choice(["train", "car", "bike"], 150).tolist()),
    ]
    found = solve(questions, FAST)
    assert found.evidence.verdict in ("none", "constructive")


@pytest.mark.parametrize("kinds", [1, 2])
def test_an_open_question_alone_shows_kinds_where_there_are_any(kinds: int) -> None:
    rng = np.random.default_rng(5)
    kind, spread = rng.integers(0, kinds, 150), 1 / np.sqrt(np.arange(1, 41))
    x = (1.5 * rng.normal(size=(2, 40))[kind] + 0.7 * rng.normal(size=(150, 40))) * spread
    vectors = x / np.linalg.norm(x, axis=1, keepdims=True)
    found = solve([Answers("open", "text", ["said"] * 150, vectors=vectors)], replace(FAST, null_sets=20))
    believed = found.evidence.verdict in ("natural", "reproducible")
    assert believed == (kinds > 1)
    if believed:
        assert found.k == kinds
        assert rand_index(found.labels - 1, kind, np.ones(150)) > 0.9


def test_what_cannot_be_solved_says_why() -> None:
    with pytest.raises(ValueError, match="at least one question"):
        solve([], FAST)
    with pytest.raises(ValueError, match="as many answers"):
        solve([Answers("a", "nominal", ["x"]), Answers("b", "nominal", ["x", "y"])], FAST)


def test_questions_count_by_what_they_have_to_do_with_others() -> None:
    _, questions = kinds_of_people(400, 7)
    blocks = [encode(one) for one in questions if one.kind != "text"]
    x = joined(blocks)
    starts = np.cumsum([0, *(block.matrix.shape[1] for block in blocks)]).tolist()
    counts = dict(zip((block.name for block in blocks), relevance(x.T @ x / 400, starts, 400), strict=True))
    assert counts["marks"] == counts["way"] == 1.0, "two questions that go together count alike"
    assert max(counts["idle"], counts["coin"]) < 0.35
    assert view_of(blocks[:1]) is None


def test_data_without_groups_keep_who_left_what_out() -> None:
    _, questions = kinds_of_people(200, 8)
    blocks = [encode(one) for one in questions if one.kind != "text"]
    x = joined(blocks)
    drawn = structureless_like(x, layout(blocks), np.random.default_rng(0)).draw(np.random.default_rng(1))
    way = slice(6, 9)
    assert ((drawn[:, way] == 0).all(axis=1) == ~blocks[1].answered).all()
    np.testing.assert_allclose(np.sort(drawn, axis=0), np.sort(x, axis=0))


def test_a_mixture_weighs_each_answer_by_its_own_odds() -> None:
    rng = np.random.default_rng(9)
    kind = rng.integers(0, 2, 300)
    graded = np.stack([4 * kind + rng.normal(size=300), 5 * rng.normal(size=300)], axis=1)
    picked = rng.random(300) < np.where(kind, 0.9, 0.2)
    people = Mixed(graded, np.ones((300, 2)), np.stack([picked, ~picked], axis=1).astype(float), (0, 2))
    model = fit(people, np.ones(300), (rng.random((4, 300)) < 0.5).astype(np.int64))
    joint = np.log(model.shares) + np.log(np.where(picked[:, None], model.odds[:, 0], model.odds[:, 1]))
    for j in range(2):
        joint = joint + norm.logpdf(graded[:, [j]], model.means[:, j], np.sqrt(model.spreads[j]))
    expected = np.exp(joint) / np.exp(joint).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.posterior(people), expected, atol=1e-9)
    assert model.loglik == pytest.approx(np.log(np.exp(joint).sum(axis=1)).sum())
    assert abs(np.abs(np.diff(model.means[:, 0])) - 4) < 0.4
    assert rand_index(expected.argmax(axis=1), kind, np.ones(300)) > 0.85


def test_what_was_left_out_counts_for_nothing() -> None:
    graded, seen = np.array([[0.0], [5.0], [0.0]]), np.array([[1.0], [1.0], [0.0]])
    people = Mixed(graded, seen, np.empty((3, 0)), (0,))
    model = fit(people, np.ones(3), np.array([[0, 1, 1]]), rounds=0)
    np.testing.assert_allclose(model.posterior(people)[2], model.shares)


def test_consensus_keeps_what_groupings_agree_on() -> None:
    one, other = np.array([0, 0, 1, 1, 2, 2]), np.array([1, 1, 0, 0, 0, 0])
    shares = together([one, other])
    assert shares[0, 1] == 1.0
    assert shares[2, 4] == 0.5
    assert shares[0, 2] == 0.0
    assert ambiguous([one, one], np.ones(6)) == 0.0
    assert ambiguous([one, other], np.ones(6)) == pytest.approx(8 / 30)
    labels = agreed([one, one, other], 3, np.ones(6), np.random.default_rng(0))
    assert rand_index(labels, one, np.ones(6)) == 1.0


def test_flows_say_where_a_segment_comes_from() -> None:
    before, after = np.array([1, 1, 1, 1, 2, 2, 0]), np.array([1, 1, 2, 2, 3, 3, 1])
    found = flows(before, after)
    assert found.counts.tolist() == [[2, 2, 0], [0, 0, 2]]
    assert found.people == 6
    np.testing.assert_allclose(found.shares.sum(axis=0), 1)
    assert found.stability.tolist() == [1.0, 1.0, 1.0], "each comes out of one segment"
    mixed = flows(np.array([1, 2, 1, 2]), np.array([1, 1, 2, 2]))
    np.testing.assert_allclose(mixed.stability, 0, atol=1e-12)
    with pytest.raises(ValueError, match="same people"):
        flows(before, after[:3])


def test_the_method_depends_on_the_questions_alone() -> None:
    assert choose_method(["battery"], 500) == "view"
    assert choose_method(["battery", "nominal"], 500) == "classes"
    assert choose_method(["battery", "text"], 500) == "consensus"
    assert choose_method(["battery", "text"], 30) == "view", "too few people for mixtures"
