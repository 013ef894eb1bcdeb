"""Encoders: what each type of answer becomes, and that no block swamps another."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.encoders.remarks import SAYINGS, Remark, sentences
from models.features import ENCODERS, Answers, block_shares, encode, joined, unit_inertia

EXAMPLES: dict[str, Answers] = {
    "text": Answers("why", "text", ["a", None, "b"], vectors=np.array([[1.0, 0], [9, 9], [0, 1]])),
    "nominal": Answers("plan", "nominal", ["a", "b", None, {"other": "x"}], ("a", "b", "c")),
    "multi": Answers("uses", "multi", [["a"], ["a", "b"], None, ["b", {"other": "x"}]], ("a", "b")),
    "binary": Answers("owns", "binary", [True, False, None]),
    "ordinal": Answers("how", "ordinal", [1, 5, 5, None], (1, 2, 3, 4, 5)),
    "number": Answers("spend", "number", [1, 2.5, 3, None, 4, 5]),
    "date": Answers("since", "date", ["2026-01-01", None, "2026-03-01"]),
    "battery": Answers("values", "battery", [{"x": 1, "y": 5}, {"x": 2}, None], (1, 2, 3, 4, 5), ("x", "y")),
    "ranking": Answers("order", "ranking", [["a", "b", "c"], ["c"], None], ("a", "b", "c")),
    "bestworst": Answers(
        "pick", "bestworst", [[{"set": ["a", "b", "c"], "best": "a", "worst": "c"}], None], ("a", "b", "c")
    ),
    "shares": Answers("points", "shares", [{"a": 100, "b": 0}, {"a": 50, "b": 50}, None], ("a", "b")),
    "none": Answers("note", "none", ["x", None]),
}


@pytest.mark.parametrize("kind", ENCODERS)
def test_a_missing_answer_is_the_mean_and_is_said(kind: str) -> None:
    answers = EXAMPLES[kind]
    block = encode(answers)
    missing = [value is None for value in answers.values]
    assert block.matrix.shape == (len(answers.values), len(block.columns))
    assert block.answered.tolist() == [not gone for gone in missing]
    assert (block.matrix[missing] == 0).all()
    assert np.isfinite(block.matrix).all()
    assert [remark.people for remark in block.remarks if remark.kind == "unanswered"] == [sum(missing)]
    known = block.matrix[block.answered]
    if kind != "battery":
        np.testing.assert_allclose(known.sum(axis=0), 0, atol=1e-9)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"must be one of text, nominal.*got 'smell'"):
        encode(Answers("q", "smell", [1]))


def test_a_mark_that_is_not_on_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="'how' holds 7"):
        encode(Answers("how", "ordinal", [1, 7], (1, 2, 3)))


def test_ordinal_numbers_do_not_depend_on_the_distance_between_marks() -> None:
    near = encode(Answers("q", "ordinal", [1, 2, 3, 3], (1, 2, 3))).matrix
    far = encode(Answers("q", "ordinal", [1, 2, 9, 9], (1, 2, 9))).matrix
    np.testing.assert_allclose(near, far)
    assert (np.diff(near[:3, 0]) > 0).all()


def test_a_long_tail_does_not_decide_alone() -> None:
    rng = np.random.default_rng(0)
    spend = [*np.exp(rng.normal(3, 1, 300)).tolist(), 1e9]
    block = encode(Answers("spend", "number", spend))
    assert block.remarks == (Remark("logarithm", "spend"), Remark("far", "spend", 1))
    assert np.abs(block.matrix).max() < 5


def test_ipsatised_marks_have_no_mean_of_their_own_and_flat_people_are_counted() -> None:
    marks: list[Any] = [{"x": 5, "y": 5, "z": 5}, {"x": 1, "y": 3, "z": 5}, {"x": 5, "y": 4, "z": 3}]
    answers = Answers("values", "battery", marks, items=("x", "y", "z"), ipsatise=True)
    block = encode(answers)
    np.testing.assert_allclose(block.matrix.sum(axis=1), 0, atol=1e-9)
    assert block.flat.tolist() == [True, False, False]
    assert block.remarks == (Remark("flat", "values", 1), Remark("ipsatised", "values"))


def test_ranking_and_best_worst_put_the_liked_above_the_disliked() -> None:
    ranking = encode(Answers("r", "ranking", [["a", "b", "c"], ["b", "a", "c"]], ("a", "b", "c"))).matrix
    assert ranking[0].argmax() == 0
    assert ranking[1].argmax() == 1
    picks = [[{"set": ["a", "b", "c"], "best": best, "worst": "c"}] for best in "ab"]
    counts = encode(Answers("p", "bestworst", picks, ("a", "b", "c"))).matrix
    np.testing.assert_allclose(counts, [[0.5, -0.5, 0], [-0.5, 0.5, 0]])


def test_what_was_passed_over_counts_for_nothing() -> None:
    over = {"set": ["a", "b"], "best": None, "worst": None}
    block = encode(Answers("p", "bestworst", [[over, {"set": ["a", "b"], "best": "a", "worst": "b"}], [over]]))
    assert block.answered.tolist() == [True, False]
    marks = encode(Answers("v", "battery", [{"x": None, "y": 2}, {"x": 1, "y": 4}], items=("x", "y")))
    assert marks.matrix[0, 0] == 0


def test_nominal_rows_have_the_distances_of_correspondence_analysis() -> None:
    block = encode(Answers("plan", "nominal", ["a", "a", "a", "b"], ("a", "b")))
    apart = ((block.matrix[0] - block.matrix[3]) ** 2).sum()
    assert apart == pytest.approx(1 / 0.75 + 1 / 0.25)


def test_a_wide_block_weighs_no_more_than_a_narrow_one() -> None:
    rng = np.random.default_rng(1)
    wide = encode(Answers("text", "text", ["x"] * 80, vectors=rng.normal(size=(80, 40))))
    narrow = encode(Answers("age", "number", rng.normal(size=80).tolist()))
    for block in (wide, narrow):
        assert np.linalg.svd(unit_inertia(block).matrix)[1][0] == pytest.approx(np.sqrt(80))
    both = joined([wide, narrow], {"age": 4.0})
    assert both.shape == (80, 41)
    assert np.linalg.norm(both[:, 40]) == pytest.approx(2 * np.sqrt(80))


def test_block_shares_find_the_block_that_makes_the_groups() -> None:
    rng = np.random.default_rng(2)
    labels = np.repeat([3, 7], 50)
    real = encode(Answers("real", "number", (labels + rng.normal(scale=0.1, size=100)).tolist()))
    noise = encode(Answers("noise", "number", rng.normal(size=100).tolist()))
    shares = block_shares([real, noise], labels)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["real"] > 0.9


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=30), st.sampled_from(["ordinal", "number"])
)
def test_any_column_of_marks_becomes_finite_numbers(values: list[int | None], kind: str) -> None:
    assert np.isfinite(joined([encode(Answers("q", kind, values))])).all()


def test_remarks_of_one_kind_are_told_in_one_sentence() -> None:
    remarks = [Remark("logarithm", name) for name in "abcd"] + [
        Remark("unanswered", "a", 9),
        Remark("unanswered", "b", 1_200),
        Remark("far", "a", 1),
    ]
    assert sentences(remarks) == (
        "2 questions got no answer from 9 to 1,200 people each, 'b' from most; the mean stands in.",
        "'a', 'b' and 2 more have long tails and are compared by their logarithms.",
        "Far values of 'a', from 1 person, were held back, so that they do not decide alone.",
    )
    assert sentences(remarks[:2]) == ("'a' and 'b' have long tails and are compared by their logarithms.",)
    assert sentences([]) == ()


@pytest.mark.parametrize("kind", SAYINGS)
def test_every_remark_names_its_question(kind: str) -> None:
    assert "'home'" in sentences([Remark(kind, "home", 1)])[0]
    assert "'home'" in sentences([Remark(kind, "home", 2), Remark(kind, "work", 1)])[0]
