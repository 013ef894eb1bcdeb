"""Segments from closed answers: groups that are there are found, noise is called noise, order never matters."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.closed.nulls import Layout, layout, structureless_like
from models.closed.partition import PartitionSettings, partition, partition_blocks
from models.closed.partition_search import settled
from models.features import Answers, encode
from models.groups.kmeans import kmeans
from models.stability import origin_stability, rand_index, renumbered

FAST = PartitionSettings(pairs=15, null_sets=10, null_pairs=2, starts=5)


def likert(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.digitize(x, (-1.3, -0.5, 0.3, 1.1)).astype(float)


def three_kinds(n: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the kind of every person, and marks on nine items, three of which each kind holds high."""
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    high = np.kron(np.eye(3), np.ones(3))
    return kind, likert(2.2 * high[kind] - 0.9 + 0.6 * rng.normal(size=(n, 9)))


def graded(columns: int) -> Layout:
    return Layout(np.ones(columns, dtype=bool), np.arange(columns))


def choices(columns: int) -> Layout:
    return Layout(np.zeros(columns, dtype=bool), np.arange(columns))


def test_groups_are_found_named_by_size_and_believed() -> None:
    kind, z = three_kinds(240, np.random.default_rng(0))
    found = partition(z, graded(9), FAST)
    assert found.k == 3
    assert rand_index(found.labels - 1, kind, np.ones(240)) > 0.9
    assert np.bincount(found.labels)[1:].tolist() == sorted(np.bincount(kind).tolist(), reverse=True)
    assert found.evidence.verdict in ("natural", "reproducible")
    assert found.confidence.mean() > 0.9
    assert [entry.k for entry in found.evidence.by_k] == list(range(2, 9))
    assert set(found.alternatives) == set(range(2, 9))
    assert found.across[3][0] > 0.9, "a segment that was one segment before has one origin"


def test_row_order_changes_nothing() -> None:
    _, z = three_kinds(120, np.random.default_rng(1))
    order = np.random.default_rng(2).permutation(120)
    one, other = partition(z, graded(9), FAST), partition(z[order], graded(9), FAST)
    assert one.labels[order].tolist() == other.labels.tolist()
    np.testing.assert_allclose(one.confidence[order], other.confidence)
    assert one.evidence == other.evidence


@pytest.mark.parametrize("n", [1, 2, 10, 30])
def test_few_people_give_a_hedged_answer(n: int) -> None:
    _, z = three_kinds(n, np.random.default_rng(3))
    found = partition(z, graded(9), FAST)
    assert len(found.labels) == n
    assert found.notes
    if n < 20:
        assert (found.k, found.evidence.verdict) == (1, "none")
        assert "too few" in found.evidence.sentence


def test_a_number_asked_for_is_kept_whatever_the_evidence() -> None:
    noise = np.random.default_rng(4).normal(size=(100, 6))
    found = partition(noise, graded(6), PartitionSettings(k=4, pairs=10, null_sets=10, null_pairs=2, starts=3))
    assert found.k == 4
    assert found.evidence.verdict in ("none", "constructive")
    assert partition(noise[:8], graded(6), PartitionSettings(k=2, pairs=5)).k == 2


def test_people_who_all_answer_the_same_are_one_group() -> None:
    found = partition(np.ones((50, 4)), choices(4), FAST)
    assert (found.k, found.evidence.verdict) == (1, "none")


def test_a_common_dimension_is_no_group() -> None:
    rng = np.random.default_rng(5)
    liking = rng.normal(size=(300, 1))
    z = likert(0.8 * liking + 0.6 * rng.normal(size=(300, 8)))
    assert partition(z, graded(8), FAST).evidence.verdict in ("none", "constructive")
    assert partition(z, choices(8), FAST).evidence.verdict == "reproducible", "shuffling alone would have believed it"


def test_small_groups_join_a_neighbour() -> None:
    rng = np.random.default_rng(6)
    z = np.vstack([rng.normal(0, 1, (100, 3)), rng.normal(12, 1, (97, 3)), rng.normal(-30, 1, (3, 3))])
    settings = PartitionSettings(k=(2, 3), min_share=0.05, pairs=10, null_sets=6, null_pairs=2)
    found = partition(z, graded(3), settings)
    assert found.k == 2
    assert np.bincount(found.labels)[1:].min() >= 10


def test_blocks_carry_their_shares() -> None:
    kind, z = three_kinds(120, np.random.default_rng(7))
    marks = [dict(zip("abcdefghi", map(int, row), strict=True)) for row in z]
    coin = np.random.default_rng(8).choice(["x", "y"], 120).tolist()
    blocks = [encode(Answers("items", "battery", marks)), encode(Answers("coin", "nominal", coin))]
    found = partition_blocks(blocks, PartitionSettings(k=3, pairs=10, null_sets=6, null_pairs=1), {"coin": 0.3})
    assert rand_index(found.labels - 1, kind, np.ones(120)) > 0.8
    assert found.shares["items"] > 0.9
    assert found.shares["items"] + found.shares["coin"] == pytest.approx(1)
    assert found.without["coin"] > 0.8 > 0.3 > found.without["items"]
    assert found.columns[0] == "items: a"
    assert len(found.columns) == found.centres.shape[1]


def test_layout_knows_choices_and_which_options_move_as_one() -> None:
    blocks = [
        encode(Answers("plan", "nominal", ["a", "b", "c", "a"])),
        encode(Answers("uses", "multi", [["x"], ["y"], [], ["x", "y"]])),
        encode(Answers("how", "ordinal", [1, 2, 3, 2])),
    ]
    found = layout(blocks)
    assert found.graded.tolist() == [False] * 5 + [True]
    assert found.together.tolist() == [0, 0, 0, 3, 4, 5]


def test_structureless_data_keep_margins_and_graded_correlations() -> None:
    rng = np.random.default_rng(9)
    common = rng.normal(size=(400, 1))
    z = np.hstack([likert(0.8 * common + 0.6 * rng.normal(size=(400, 4))), (common > 0).astype(float)])
    columns = Layout(np.array([True] * 4 + [False]), np.arange(5))
    made = structureless_like(z, columns, rng).draw(rng)
    np.testing.assert_array_equal(np.sort(made, axis=0), np.sort(z, axis=0))
    np.testing.assert_allclose(np.corrcoef(made[:, :4].T), np.corrcoef(z[:, :4].T), atol=0.06)
    assert abs(np.corrcoef(made.T)[4, :4]).max() < 0.2


def test_vectors_without_groups_keep_their_lengths_and_spreads() -> None:
    rng = np.random.default_rng(11)
    z = rng.normal(size=(200, 4)) * (3, 2, 1, 1)
    z = (z - z.mean(axis=0)) / np.linalg.norm(z, axis=1, keepdims=True) * rng.uniform(0.8, 1, (200, 1))
    made = structureless_like(z, replace(graded(4), directions=True), rng).draw(rng)
    np.testing.assert_allclose(np.sort(np.linalg.norm(made, axis=1)), np.sort(np.linalg.norm(z, axis=1)))
    np.testing.assert_allclose(np.sqrt((made**2).mean(axis=0)), np.sqrt((z**2).mean(axis=0)), rtol=0.05)


def test_origins_and_numbers_across_solutions() -> None:
    before, after = np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 1, 2, 2, 0])
    ones = np.ones(6)
    np.testing.assert_allclose(origin_stability(after, before, ones), [1, 1, 1])
    np.testing.assert_allclose(origin_stability(np.array([0, 0, 1, 1, 1, 1]), before, ones)[0], 1)
    assert origin_stability(np.array([0, 0, 1, 1, 0, 0]), before, ones)[1] == pytest.approx(0)
    assert renumbered(after, before, ones).tolist() == [0, 0, 0, 1, 1, 2]


def test_greedy_starts_find_better_optima() -> None:
    rng = np.random.default_rng(10)
    z = rng.normal(size=(20, 2))[rng.integers(0, 20, 400)] * 6 + rng.normal(size=(400, 2))
    plain, greedy = (kmeans(z, np.ones((60, 400)), 20, np.random.default_rng(0), trials=trials) for trials in (1, 4))
    assert greedy.inertia.mean() < plain.inertia.mean()


def test_among_equally_good_fits_the_one_that_resamples_agree_with_is_taken() -> None:
    square = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    z, weights = square, np.full(4, 25.0)
    upright, level = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    for wanted in (upright, level):
        labels, centres = settled(z, weights, 2, 20, np.random.default_rng(0), np.array([wanted, wanted]))
        assert rand_index(labels, wanted, weights) == 1
        assert centres.shape == (2, 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["binary", "likert", "factor", "mixed"])
def test_at_most_one_in_twenty_noise_sets_is_believed(kind: str) -> None:
    believed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        common = rng.normal(size=(200, 1)) if kind == "factor" else 0.0
        marks, coins = likert(common + rng.normal(size=(200, 8))), (rng.random((200, 8)) < 0.4).astype(float)
        z, columns = {
            "binary": (coins, choices(8)),
            "mixed": (np.hstack([marks, coins]), Layout(np.arange(16) < 8, np.arange(16))),
        }.get(kind, (marks, graded(8)))
        settings = PartitionSettings(pairs=10, null_sets=20, null_pairs=1, starts=5, seed=seed)
        believed += partition(z, columns, settings).evidence.verdict in ("natural", "reproducible")
    assert believed <= 3
