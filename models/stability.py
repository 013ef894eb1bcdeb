"""Would we find the same groups again? Bootstrap stability, its null band, and segment-wise stability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from models.kmeans import Fits, kmeans
from models.results import Ints


@dataclass(frozen=True)
class Stability:
    """Agreement between k-means fits to pairs of bootstrap samples.

    pairs: adjusted Rand index of each pair, float (pairs,). fits: the 2 x pairs fits behind them.
    """

    pairs: NDArray[np.float64]
    fits: Fits

    @property
    def median(self) -> float:
        """Median over the pairs."""
        return float(np.median(self.pairs))


def bootstrap_stability(
    z: NDArray[np.floating],
    k: int,
    rng: np.random.Generator,
    weights: NDArray[np.floating] | None = None,
    pairs: int = 100,
    starts: int = 1,
    iterations: int = 15,
) -> Stability:
    """Global stability (Dolnicar & Leisch 2010): pairs of bootstrap samples, k-means to each, all rows assigned.

    z: (n, d). weights: (n,) how many people each row stands for. starts: k-means starts per fit, best one kept.
    """
    weights = np.ones(len(z)) if weights is None else np.asarray(weights, dtype=np.float64)
    drawn = bootstrap_weights(weights, 2 * pairs, rng)
    best = kmeans(z, drawn, k, rng, iterations)
    for _ in range(starts - 1):
        other = kmeans(z, drawn, k, rng, iterations)
        better = other.inertia < best.inertia
        best.labels[better], best.centres[better] = other.labels[better], other.centres[better]
        best.inertia[better] = other.inertia[better]
    scores = [rand_index(a, b, weights) for a, b in zip(best.labels[0::2], best.labels[1::2], strict=True)]
    return Stability(np.array(scores), best)


def bootstrap_weights(weights: NDArray[np.floating], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """How often each row was drawn, float (draws, n): as many people as there are, with replacement."""
    people = round(float(weights.sum()))
    return rng.multinomial(people, weights / weights.sum(), size=draws).astype(np.float64)


def rand_index(a: Ints, b: Ints, weights: NDArray[np.floating]) -> float:
    """Adjusted Rand index (Hubert & Arabie 1985) of two label vectors whose rows stand for `weights` people each."""
    table = contingency(a, b, weights)
    total = table.sum()
    pairs_all = total * (total - 1) / 2
    both = (table * (table - 1) / 2).sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    one, two = (rows * (rows - 1) / 2).sum(), (columns * (columns - 1) / 2).sum()
    expected = one * two / pairs_all if pairs_all else 0.0
    highest = (one + two) / 2
    return 1.0 if highest == expected else float((both - expected) / (highest - expected))


def contingency(a: Ints, b: Ints, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """People per pair of labels, float (max(a) + 1, max(b) + 1)."""
    height, width = int(a.max()) + 1, int(b.max()) + 1
    table = np.bincount(a * width + b, weights=weights, minlength=height * width)
    return np.asarray(table.reshape(height, width), dtype=np.float64)


def segment_jaccard(labels: Ints, resampled: Ints, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Segment-wise stability (Hennig 2007): best Jaccard match of each segment in each resample, float (B, k)."""
    matches = []
    for other in resampled:
        table = contingency(labels, other, weights)
        union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
        matches.append((table / np.maximum(union, 1e-12)).max(axis=1))
    return np.array(matches)


def agreement(labels: Ints, resampled: Ints, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Share of resamples that put each row into its own segment, float (n,), after the best one-to-one matching."""
    held = np.zeros(len(labels))
    for other in resampled:
        table = contingency(labels, other, weights)
        mine, theirs = linear_sum_assignment(-table)
        name = np.full(table.shape[1], -1)
        name[theirs] = mine
        held += name[other] == labels
    return held / len(resampled)


def structureless(
    scores: NDArray[np.float64], weights: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """One Gaussian data set, a row per person, with exactly the covariance of principal scores (m, p), around 0.

    For Gaussian rows of any covariance the principal scores are a uniformly random orthonormal frame times the
    observed singular values, independent of them: drawing that frame anew is an exact test of "no groups", also
    where there are fewer rows than dimensions. weights: (m,) people per row.
    """
    lengths = np.sqrt(weights @ scores**2)
    noise = rng.standard_normal((round(float(weights.sum())), scores.shape[1]))
    frame, triangle = np.linalg.qr(noise - noise.mean(axis=0))
    return np.asarray(frame * np.sign(np.diag(triangle)) * lengths)


def shuffled_columns(z: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.float64]:
    """One data set with every column of z permuted on its own: margins kept, structure between columns gone."""
    return np.asarray(rng.permuted(z, axis=0), dtype=np.float64)
