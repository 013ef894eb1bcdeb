"""Tracking: segments keep their identity, chance is not taken for change, and change is seen."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from models.closed.partition_search import try_all
from models.drift import Drift, Wave, compare
from models.features import Answers
from models.groups.canonical import canonical_rows
from models.tracking.identity import Match, kept_names, matched, renumbered, renumbering
from models.tracking.shifts import ACT, answer_shift, chance_limit, kernel_test, shift, stability_index

ITEMS = 10


def people(rng: np.random.Generator, n: int, shares: tuple[float, ...] = (0.4, 0.3, 0.3), moved: float = 0.0) -> Any:
    """Yes-no answers of three kinds of people, (n, ITEMS); moved: how much likelier yes is on four of the items."""
    kind = rng.choice(3, n, p=shares)
    likely = np.where(np.arange(ITEMS)[None] % 3 == np.arange(3)[:, None], 0.85, 0.15)
    likely = np.clip(likely + np.where(np.arange(ITEMS) < 4, moved, 0.0), 0.02, 0.98)
    return rng.random((n, ITEMS)) < likely[kind]


def questions(z: Any) -> tuple[Answers, ...]:
    return tuple(Answers(f"q{j}", "binary", z[:, j].tolist()) for j in range(z.shape[1]))


def segmented(z: Any, seed: int) -> np.ndarray:
    rows = canonical_rows(z.astype(np.float64))
    tried = try_all(np.asarray(rows.vectors), rows.weights, [3], 5, np.random.default_rng(seed))
    return tried.labels[3][rows.back] + 1


def two_waves(seed: int, n: int = 200, **change: Any) -> Drift:
    rng = np.random.default_rng(seed)
    one, other = people(rng, n), people(rng, n, **change)
    before = Wave(questions(one), segmented(one, 1), stability=0.95)
    return compare(before, Wave(questions(other), segmented(other, 2)))


def test_without_drift_hardly_anybody_is_told_to_act() -> None:
    levels = [two_waves(seed).level for seed in range(20)]
    assert levels.count("act") <= 1
    assert levels.count("keep") >= 15


@pytest.mark.slow
def test_false_alarms_stay_below_five_in_a_hundred() -> None:
    levels = [two_waves(seed, n=n).level for n in (60, 300) for seed in range(100)]
    assert levels.count("act") <= 10


@pytest.mark.parametrize("change", [{"shares": (0.1, 0.2, 0.7)}, {"moved": 0.35}])
def test_drift_calls_for_new_segments_and_says_why(change: dict[str, Any]) -> None:
    found = [two_waves(seed, n=300, **change) for seed in range(5)]
    assert [one.level for one in found].count("act") >= 4
    reason = "sizes of the segments" if "shares" in change else "otherwise than before"
    for drift in found:
        assert any(reason in one for one in drift.reasons)
        assert drift.kernel.p < 0.05
    assert found[0].advice.startswith("Segment again now: ")
    assert found[0].advice.endswith(".")


def test_segments_keep_their_numbers_where_people_answer_as_before() -> None:
    rng = np.random.default_rng(0)
    one, other = people(rng, 300), people(rng, 300)
    old, new = segmented(one, 1), segmented(other, 2)
    shuffled = np.array([0, 3, 1, 2])[new]
    drift = compare(Wave(questions(one), old), Wave(questions(other), shuffled))
    named = renumbered(shuffled, drift.numbers)
    for number in (1, 2, 3):
        profile = one[old == number].mean(axis=0), other[named == number].mean(axis=0)
        np.testing.assert_allclose(*profile, atol=0.2)
    assert drift.agreement is not None
    assert drift.agreement > 0.8
    assert all(match.overlap > 0.6 for match in drift.matches)
    assert any("nobody is known to be in both waves" in note for note in drift.notes)


def test_people_in_both_waves_decide_which_segment_is_which() -> None:
    rng = np.random.default_rng(0)
    z = people(rng, 120)
    ids = tuple(f"p{row}" for row in range(120))
    old = rng.integers(1, 4, 120)
    new = np.array([0, 2, 3, 1])[old]
    order = rng.permutation(120)
    after = Wave(questions(z[order]), new[order], tuple(ids[row] for row in order))
    drift = compare(Wave(questions(z), old, ids), after)
    assert drift.shared == 120
    assert drift.numbers == {2: 1, 3: 2, 1: 3}
    assert {match.overlap for match in drift.matches} == {1.0}


def test_a_new_segment_gets_a_number_that_nobody_had() -> None:
    before = np.array([1] * 10 + [2] * 10 + [4] * 10)
    after = np.array([2] * 10 + [1] * 10 + [3, 4] * 5)
    matches = matched(before, after)
    assert matches[:2] == (Match(1, 2, 1.0), Match(2, 1, 1.0))
    assert sorted((match.before > 0) + (match.after > 0) for match in matches) == [1, 2, 2, 2]
    numbers = renumbering(matches)
    assert numbers == {2: 1, 1: 2, 3: 4, 4: 5}
    assert kept_names(matches, {1: "A", 2: "B", 4: "D"}, {1: "x", 2: "y", 3: "z", 4: "new"}) == {
        1: "A",
        2: "B",
        4: "D",
        5: "new",
    }
    assert renumbered(np.array([0, 2, 4]), numbers).tolist() == [0, 1, 5]


def test_another_solution_for_the_same_answers_is_laid_at_the_solution_and_not_at_the_people() -> None:
    rng = np.random.default_rng(4)
    one = people(rng, 200)
    other = people(rng, 200)
    drift = compare(Wave(questions(one), segmented(one, 1)), Wave(questions(other), rng.integers(1, 4, 200)))
    assert drift.level == "watch"
    assert drift.agreement == pytest.approx(0, abs=0.05)
    assert any("the segments are not firm" in reason for reason in drift.reasons)


def test_segments_that_share_less_than_half_of_their_people_are_not_the_same() -> None:
    before = np.array([1] * 10 + [2] * 10)
    after = np.array([1, 2, 3] * 6 + [1, 2])
    assert all(not (match.before and match.after) for match in matched(before, after))
    assert set(renumbering(matched(before, after)).values()) == {3, 4, 5}


def test_new_people_without_segments_are_typed_into_the_old_ones() -> None:
    rng = np.random.default_rng(1)
    one, other = people(rng, 200), people(rng, 40)
    gaps = [replace(q, values=[None, *q.values[1:]]) for q in questions(other)]
    drift = compare(Wave(questions(one), segmented(one, 1)), Wave(tuple(gaps), None))
    assert drift.agreement is None
    assert drift.matches == ()
    assert drift.typed[0] == 0
    assert set(drift.typed[1:]) <= {1, 2, 3}
    assert sum(drift.sizes.after) == pytest.approx(1)


def test_the_order_of_people_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    one, other = people(rng, 100), people(rng, 80, moved=0.3)
    first, second = Wave(questions(one), segmented(one, 1)), Wave(questions(other), segmented(other, 2))
    order, more = rng.permutation(100), rng.permutation(80)
    assert first.labels is not None
    assert second.labels is not None
    again = compare(Wave(questions(one[order]), first.labels[order]), Wave(questions(other[more]), second.labels[more]))
    found = compare(first, second)
    np.testing.assert_array_equal(again.typed, found.typed[more])
    assert replace(again, typed=found.typed) == found


def test_few_new_people_give_a_first_impression() -> None:
    rng = np.random.default_rng(3)
    one = people(rng, 100)
    drift = compare(Wave(questions(one), segmented(one, 1)), Wave(questions(people(rng, 1)), None))
    assert drift.level in ("keep", "watch")
    assert any("only 1 new people" in note for note in drift.notes)


def test_waves_that_cannot_be_compared_are_refused() -> None:
    rng = np.random.default_rng(0)
    z = people(rng, 20)
    wave = Wave(questions(z), segmented(z, 0))
    with pytest.raises(ValueError, match="no segments to keep"):
        compare(Wave(questions(z), None), wave)
    with pytest.raises(ValueError, match="the same questions"):
        compare(wave, Wave(questions(z)[1:], None))
    with pytest.raises(ValueError, match="no people"):
        compare(wave, Wave(questions(z[:0]), None))


def test_the_stability_index_is_the_sum_that_the_books_print() -> None:
    before, after = np.array([1000.0, 2000.0, 7000.0]), np.array([2000.0, 2000.0, 6000.0])
    a, b = after / 1e4, before / 1e4
    assert stability_index(before, after) == pytest.approx(float(((a - b) * np.log(a / b)).sum()), abs=1e-3)
    assert stability_index(before, 3 * before) == pytest.approx(0, abs=1e-6)


def test_the_limit_of_chance_holds_in_simulation() -> None:
    rng = np.random.default_rng(0)
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    drawn = [stability_index(*(rng.multinomial(n, shares).astype(float) for n in (150, 80))) for _ in range(4000)]
    assert np.mean(np.array(drawn) > chance_limit(4, 150, 80)) < 0.02
    assert chance_limit(4, 150, 80) == pytest.approx(chi2.ppf(0.99, 3) * (1 / 150 + 1 / 80))


@pytest.mark.parametrize(
    ("kind", "before", "after", "moved"),
    [
        ("nominal", ["a", "b"], ["b", "b"], "q"),
        ("binary", [True, False], [False, False], "q"),
        ("ordinal", [1, 2, 3, 4], [3, 4, 4, 4], "q"),
        ("number", [float(value) for value in range(40)], [float(value) for value in range(30, 70)], "q"),
        ("date", ["2026-01-01", "2026-03-01"], ["2026-06-01", "2026-08-01"], "q"),
        ("multi", [["a"], ["a", "b"]], [["a", "c"], ["a", "b", "c"]], "q: c"),
        ("battery", [{"x": 1, "y": 2}, {"x": 2, "y": 1}], [{"x": 1, "y": 5}, {"x": 2, "y": 5}], "q: y"),
        ("ranking", [["a", "b"], ["b", "a"]], [["a", "b"], ["a", "b"]], "q: a"),
        ("shares", [{"a": 50, "b": 50}, {"a": 60, "b": 40}], [{"a": 5, "b": 95}, {"a": 2, "b": 98}], "q: a"),
    ],
)
def test_answers_of_every_kind_that_moved_are_found(kind: str, before: list, after: list, moved: str) -> None:
    found = answer_shift(Answers("q", kind, before * 60), Answers("q", kind, after * 60))
    assert found is not None
    assert found.act
    assert found.name == moved
    same = answer_shift(Answers("q", kind, before * 60), Answers("q", kind, before * 50))
    assert same is not None
    assert not same.watch


def test_open_answers_and_silence_have_no_index() -> None:
    assert answer_shift(Answers("q", "text", ["a"]), Answers("q", "text", ["b"])) is None
    assert answer_shift(Answers("q", "binary", [True]), Answers("q", "binary", [None])) is None
    assert not shift("x", np.array([1.0, 1.0]), np.array([0.0, 2.0])).act
    assert shift("x", np.array([500.0, 500.0]), np.array([200.0, 800.0])).index > ACT


def test_the_kernel_test_keeps_its_level_and_sees_more_than_means() -> None:
    rng = np.random.default_rng(0)
    null = [kernel_test(rng.normal(size=(40, 3)), rng.normal(size=(50, 3)), rng).p for _ in range(60)]
    assert np.mean(np.array(null) < 0.1) < 0.2
    ring = rng.normal(size=(150, 2))
    ring /= np.linalg.norm(ring, axis=1, keepdims=True)
    cloud = rng.normal(size=(150, 2)) * ring.std()
    assert kernel_test(ring, cloud, rng).p < 0.01


def test_more_skipping_is_no_other_way_of_answering() -> None:
    rng = np.random.default_rng(0)
    first, second = (people(rng, 600), people(rng, 500))
    holed = [
        replace(one, values=[None if rng.random() < 0.4 else value for value in one.values])
        for one in questions(second)
    ]
    found = compare(Wave(questions(first), segmented(first, 0), (), 0.8), Wave(tuple(holed), None))
    assert found.kernel.p > 0.05
    nobody = tuple(replace(one, values=[None] * 500) for one in holed)
    with pytest.raises(ValueError, match="nobody in the second wave"):
        compare(Wave(questions(first), segmented(first, 0)), Wave(nobody, None))


def test_a_new_segment_does_not_get_a_name_that_another_has() -> None:
    matches = [Match(1, 3, 1.0), Match(2, 2, 0.9), Match(0, 1, 0.0)]
    named = kept_names(matches, {1: "Cheap", 2: "Fast"}, {1: "Cheap", 2: "Quick", 3: "Low price"})
    assert named == {1: "Cheap", 2: "Fast", 3: "Cheap (2)"}
