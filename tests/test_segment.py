"""Promises of models/segment.py: everyone placed, row order without effect, number of groups, honest verdicts."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from models.segment import Segmenter, SegmentSettings, segment_vectors

ROOT = Path(__file__).parent.parent
FAST = {"pairs": 5, "other_pairs": 2, "null_sets": 8, "null_pairs": 1}


def blobs(sizes: tuple[int, ...], dims: int = 20, apart: float = 6.0, seed: int = 0) -> tuple[NDArray, NDArray]:
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = np.eye(len(sizes), dims) * apart
    return centres[truth] + rng.normal(size=(len(truth), dims)), truth


@parametrize_with_checks([Segmenter(n_segments=3)])
def test_scikit_learn_accepts_the_estimator(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks([Segmenter()])
def test_scikit_learn_accepts_the_estimator_that_finds_k(estimator, check):
    check(estimator)


@pytest.mark.parametrize("sizes", [(80, 60, 40), (50, 40, 30, 20), (70, 50)])
def test_separate_groups_are_found_and_called_so(sizes):
    x, truth = blobs(sizes)
    found = segment_vectors(x, SegmentSettings(**FAST))
    assert found.k == len(sizes)
    assert adjusted_rand_score(truth, found.labels) > 0.95
    assert found.evidence.verdict in ("natural", "reproducible")
    assert len(found.evidence.segment_stability) == found.k
    assert found.confidence.mean() > 0.9
    assert [int(n) for n in np.bincount(found.labels)[1:]] == sorted(np.bincount(found.labels)[1:], reverse=True)


@pytest.mark.parametrize("seed", range(4))
def test_noise_gets_no_claim(seed):
    x = np.random.default_rng(seed).normal(size=(120, 40)) * np.linspace(3, 0.2, 40)
    found = segment_vectors(x, SegmentSettings(**FAST))
    assert found.evidence.verdict in ("constructive", "none")
    if found.evidence.verdict == "none":
        assert found.k == 1


def test_another_seed_finds_much_the_same_groups():
    x, _ = blobs((35, 30, 25, 20), apart=3.5, seed=1)
    few = {"pairs": 2, "other_pairs": 10, "null_sets": 6, "null_pairs": 1}
    found = [segment_vectors(x, SegmentSettings(seed=seed, **few)).labels for seed in range(3)]
    assert min(adjusted_rand_score(found[0], other) for other in found[1:]) >= 0.9


def test_asked_for_groups_in_noise_are_given_with_an_honest_verdict():
    x = np.random.default_rng(3).normal(size=(150, 30))
    found = segment_vectors(x, SegmentSettings(k=4, **FAST))
    assert found.k == 4
    assert found.evidence.verdict in ("constructive", "none")
    assert "Four groups" in found.evidence.sentence


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(22, 50), st.integers(2, 8), st.booleans())
def test_row_order_does_not_matter(seed, n, d, doubled):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)).astype(np.float32)
    x = np.vstack([x, x[: n // 2]]) if doubled else x
    languages = [str(name) for name in rng.choice(["sv", "en"], len(x))]
    order = rng.permutation(len(x))
    one = segment_vectors(x, SegmentSettings(k=(2, 4), **FAST), languages)
    two = segment_vectors(x[order], SegmentSettings(k=(2, 4), **FAST), [languages[j] for j in order])
    np.testing.assert_array_equal(two.labels, one.labels[order])
    np.testing.assert_array_equal(two.confidence, one.confidence[order])
    np.testing.assert_array_equal(two.coordinates, one.coordinates[order])
    assert one.evidence == two.evidence


def test_order_does_not_matter_when_a_sample_is_drawn():
    x, _ = blobs((200, 150, 100))
    order = np.random.default_rng(1).permutation(len(x))
    plan = SegmentSettings(max_evidence_rows=150, **FAST)
    one, two = segment_vectors(x, plan), segment_vectors(x[order], plan)
    np.testing.assert_array_equal(two.labels, one.labels[order])
    assert any("150 of 450" in note for note in one.notes)
    assert one.evidence.n == 150
    assert one.evidence.n_total == 450


def test_the_same_in_another_process_with_other_threads():
    x = np.random.default_rng(0).normal(size=(90, 24)) + np.repeat(np.eye(3, 24) * 3, 30, axis=0)
    here = segment_vectors(x, SegmentSettings(**FAST))
    program = (
        "import numpy as np; from models.segment import SegmentSettings, segment_vectors;"
        "x = np.random.default_rng(0).normal(size=(90, 24)) + np.repeat(np.eye(3, 24) * 3, 30, axis=0);"
        f"f = segment_vectors(x, SegmentSettings(**{FAST!r}));"
        "print(f.labels.tolist(), f.confidence.tolist(), f.evidence)"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert there.strip() == f"{here.labels.tolist()} {here.confidence.tolist()} {here.evidence}"


def test_identical_rows_stay_together():
    x, _ = blobs((30, 30))
    x = np.vstack([x, x[:10], x[:5]])
    found = segment_vectors(x, SegmentSettings(**FAST))
    np.testing.assert_array_equal(found.labels[60:70], found.labels[:10])
    np.testing.assert_array_equal(found.labels[70:], found.labels[:5])


def test_fixed_number_range_and_minimum_share():
    x, _ = blobs((100, 60, 40, 8))
    assert segment_vectors(x, SegmentSettings(k=5, **FAST)).k == 5
    assert segment_vectors(x, SegmentSettings(k=(2, 3), **FAST)).k in (2, 3)
    merged = segment_vectors(x, SegmentSettings(k=4, min_share=0.1, **FAST))
    assert merged.k < 4
    assert np.bincount(merged.labels)[1:].min() >= 0.1 * len(x)
    assert any("too small" in note for note in merged.notes)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 19])
def test_few_answers_make_no_claim(n):
    found = segment_vectors(np.random.default_rng(n).normal(size=(n, 12)))
    assert (found.k, found.evidence.verdict) == (1, "none")
    assert found.labels.tolist() == [1] * n
    assert "too few" in found.evidence.sentence
    assert segment_vectors(np.random.default_rng(n).normal(size=(n, 12)), SegmentSettings(k=2)).k == min(n, 2)


def test_thirty_answers_warn():
    x, _ = blobs((18, 12))
    found = segment_vectors(x, SegmentSettings(**FAST))
    assert found.labels.shape == (30,)
    assert any("Small sample" in note for note in found.notes)


def test_answers_that_are_all_the_same_are_one_segment():
    found = segment_vectors(np.ones((50, 6), dtype=np.float32))
    assert (found.k, found.evidence.verdict) == (1, "none")
    assert np.isfinite(found.coordinates).all()
    assert segment_vectors(np.zeros((50, 6)), SegmentSettings(k=3)).k == 1


def test_two_different_answers_only():
    x = np.repeat([[1.0, 0, 0], [0, 1.0, 0]], [30, 20], axis=0)
    found = segment_vectors(x, SegmentSettings(**FAST))
    assert found.k in (1, 2)
    assert len(set(found.labels[:30])) == len(set(found.labels[30:])) == 1


def test_constant_columns_change_nothing():
    x, _ = blobs((40, 40))
    with_constants = np.hstack([x, np.full((80, 3), 7.0)])
    one, two = segment_vectors(x, SegmentSettings(**FAST)), segment_vectors(with_constants, SegmentSettings(**FAST))
    assert adjusted_rand_score(one.labels, two.labels) == 1.0


def test_a_language_is_no_segment():
    x, truth = blobs((60, 60), apart=4)
    languages = np.tile(["sv", "en"], 60)
    x[languages == "sv", 15] += 20
    found = segment_vectors(x, SegmentSettings(**FAST), languages=languages.tolist())
    assert adjusted_rand_score(truth, found.labels) > 0.9
    assert abs(adjusted_rand_score(languages, found.labels)) < 0.1


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.array([[1.0, np.nan]]), "NaN or infinity"),
        (np.array([[1.0], [np.inf]]), "row 1"),
        (np.ones(4), "numeric matrix"),
        (np.ones((0, 4)), "at least one row"),
        (np.array([["a"]]), "numeric matrix"),
    ],
)
def test_unusable_vectors_are_refused(vectors, message):
    with pytest.raises(ValueError, match=message):
        segment_vectors(vectors)


@pytest.mark.parametrize("bad", [{"k": 0}, {"k": (4, 2)}, {"k": (2, 3, 4)}, {"k": "many"}, {"min_share": 0.7}])
def test_bad_settings_are_refused(bad):
    with pytest.raises(ValueError, match=r"parameter must be"):
        SegmentSettings(**bad)


@pytest.mark.parametrize("wording", [-1, 2])
def test_wording_must_leave_columns_for_what_is_meant(wording):
    with pytest.raises(ValueError, match="'wording' parameter"):
        segment_vectors(np.ones((3, 2)), wording=wording)


def test_languages_must_match():
    with pytest.raises(ValueError, match="one entry per row"):
        segment_vectors(np.ones((3, 2)), languages=["sv"])


class Letters:
    """Embeds a text as the counts of some letters."""

    def encode(self, texts):
        return np.array([[text.count(letter) for letter in "abcd"] for text in texts], dtype=float)


def test_segmenter_takes_texts_vectors_or_a_matrix():
    texts = ["aab"] * 15 + ["ccd"] * 15
    model = Segmenter(n_segments=2, embedder=Letters()).fit(texts)
    assert len(set(model.labels_[:15])) == len(set(model.labels_[15:])) == 1
    assert model.predict(["aab", "ccd"]).tolist() == [model.labels_[0], model.labels_[-1]]
    again = Segmenter(n_segments=2).fit(embeddings=Letters().encode(texts))
    np.testing.assert_array_equal(again.labels_, model.labels_)
    with pytest.raises(ValueError, match="embedder"):
        Segmenter().fit(texts)
    with pytest.raises(ValueError, match="nothing to segment"):
        Segmenter().fit()
    with pytest.raises(ValueError, match="n_segments"):
        Segmenter(n_segments="some").fit(np.ones((30, 2)))


def test_new_rows_land_with_their_like():
    x, truth = blobs((60, 50, 40))
    model = Segmenter().fit(x[::2])
    assert adjusted_rand_score(truth[1::2], model.predict(x[1::2])) > 0.9
