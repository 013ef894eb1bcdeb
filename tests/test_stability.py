"""Promises of models/stability.py and its k-means, against known figures where there are any."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from models.groups.grouping import distances, partitions, silhouette
from models.groups.kmeans import assign, kmeans
from models.segment import segment_vectors
from models.stability import (
    agreement,
    global_stability,
    rand_index,
    resample,
    segment_jaccard,
    shuffled_columns,
    steadiness,
    structureless,
)

MCDONALDS = Path(__file__).parent.parent.parent / "shared" / "data" / "mcdonalds.csv.gz"


def perceptions():
    if not MCDONALDS.exists():
        pytest.skip("the public data sets are not here")
    return (pd.read_csv(MCDONALDS).iloc[:, :11] == "Yes").to_numpy(dtype=float)


def stability(x, k, pairs):
    """Global stability of plain k-means with ten starts."""

    def refit(drawn, rng):
        fits = kmeans(x, np.repeat(drawn[None], 10, axis=0), k, rng, iterations=50)
        best = int(fits.inertia.argmin())
        return {k: assign(x, fits.centres[best : best + 1])[0]}

    everybody = np.ones(len(x))
    return global_stability(resample(refit, everybody, 2 * pairs, np.random.default_rng(0))[k], everybody)


@pytest.mark.parametrize(("k", "published"), [(2, 0.956), (3, 0.914), (4, 0.859)])
def test_stability_of_a_known_survey(k, published):
    assert np.median(stability(perceptions(), k, pairs=60)) == pytest.approx(published, abs=0.03)


@pytest.mark.parametrize(("k", "published"), [(2, 0.002), (4, 0.276)])
def test_null_of_a_known_survey(k, published):
    rng = np.random.default_rng(0)
    x = perceptions()
    null = [np.median(stability(shuffled_columns(x, rng), k, pairs=15)) for _ in range(4)]
    assert np.median(null) == pytest.approx(published, abs=0.06)


def test_rand_index_is_the_usual_one_and_weights_are_people():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 4, 60), rng.integers(0, 3, 60)
    people = rng.integers(1, 4, 60)
    expected = adjusted_rand_score(np.repeat(a, people), np.repeat(b, people))
    assert rand_index(a, b, people.astype(float)) == pytest.approx(expected)
    assert rand_index(a, a, np.ones(60)) == 1.0


def test_steadiness_is_the_mean_over_all_pairs():
    resampled = np.random.default_rng(0).integers(0, 3, (4, 40))
    expected = np.mean([adjusted_rand_score(resampled[a], resampled[b]) for a in range(4) for b in range(a)])
    assert steadiness(resampled, np.ones(40)) == pytest.approx(expected)


def test_more_hierarchies_give_tighter_groups():
    z, everybody = np.random.default_rng(0).normal(size=(120, 4)), np.ones(120)

    def tightness(hierarchies):
        labels = partitions(z, everybody, [5], np.random.default_rng(1), hierarchies)[5]
        return sum(((z[labels == j] - z[labels == j].mean(axis=0)) ** 2).sum() for j in range(5))

    assert tightness(12) < tightness(1)


def test_silhouette_is_the_usual_one_and_weights_are_people():
    rng = np.random.default_rng(0)
    z, labels, people = rng.normal(size=(40, 3)), rng.integers(0, 3, 40), rng.integers(1, 3, 40)
    expected = silhouette_score(np.repeat(z, people, axis=0), np.repeat(labels, people))
    assert silhouette(distances(z), labels, people.astype(float)) == pytest.approx(expected, abs=1e-4)


def test_k_means_is_as_good_as_scikit_learns():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(200, 4)) + np.repeat(np.eye(4) * 4, 50, axis=0)
    weights = rng.multinomial(200, np.full(200, 1 / 200), size=6).astype(float)
    ours = np.min([kmeans(z, weights, 4, np.random.default_rng(j)).inertia for j in range(5)], axis=0)
    theirs = [KMeans(4, n_init=5, random_state=0).fit(z, sample_weight=w).inertia_ for w in weights]
    np.testing.assert_allclose(ours, theirs, rtol=0.01)


def test_jaccard_and_agreement_of_known_partitions():
    labels = np.array([0, 0, 0, 1, 1, 1])
    resampled = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1]])
    np.testing.assert_allclose(segment_jaccard(labels, resampled, np.ones(6)), [[1, 1], [2 / 3, 3 / 4]])
    np.testing.assert_allclose(agreement(labels, resampled, np.ones(6)), [1, 1, 0.5, 1, 1, 1])


def test_structureless_data_keep_the_covariance():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(50, 4)) * [4, 2, 1, 0.5]
    scores -= scores.mean(axis=0)
    scores = np.linalg.svd(scores, full_matrices=False)[0] * [9, 5, 2, 1]
    made = structureless(scores, np.ones(50), rng)
    np.testing.assert_allclose(made.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(made.T @ made, scores.T @ scores, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("n", [60, 200, 600])
def test_at_most_one_in_twenty_noise_sets_is_believed(n):
    rng = np.random.default_rng(n)
    spread = np.linspace(3, 0.2, 60)
    verdicts = [segment_vectors(rng.normal(size=(n, 60)) * spread).evidence.verdict for _ in range(100)]
    assert sum(verdict in ("natural", "reproducible") for verdict in verdicts) <= 5
