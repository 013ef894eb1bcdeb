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
) -> Stability:
    """Global stability (Dolnicar & Leisch 2010): pairs of bootstrap samples, k-means to each, all rows assigned.

    z: (n, d). weights: (n,) how many people each row stands for. starts: k-means starts per fit, best one kept.
    """
    weights = np.ones(len(z)) if weights is None else np.asarray(weights, dtype=np.float64)
    drawn = bootstrap_weights(weights, 2 * pairs, rng)
    best = kmeans(z, drawn, k, rng)
    for _ in range(starts - 1):
        other = kmeans(z, drawn, k, rng)
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
    return np.bincount(a * width + b, weights=weights, minlength=height * width).reshape(height, width)


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


def structureless(z: NDArray[np.floating], rng: np.random.Generator, sets: int) -> NDArray[np.float64]:
    """Gaussian data sets with exactly the mean and covariance of z, float (sets, n, d).

    For Gaussian rows with any covariance the principal scores are a uniformly random orthonormal frame times the
    observed singular values, independent of them; so drawing the frame anew is an exact test of "no groups".
    """
    n, d = z.shape
    mean = z.mean(axis=0)
    _, values, axes = np.linalg.svd(z - mean, full_matrices=False)
    made = []
    for _ in range(sets):
        noise = rng.standard_normal((n, min(n - 1, d)))
        frame, triangle = np.linalg.qr(noise - noise.mean(axis=0))
        frame *= np.sign(np.diag(triangle))
        rank = frame.shape[1]
        made.append(mean + (frame * values[:rank]) @ axes[:rank])
    return np.array(made)


def shuffled_columns(z: NDArray[np.floating], rng: np.random.Generator, sets: int) -> NDArray[np.float64]:
    """Data sets with every column of z permuted on its own, float (sets, n, d): margins kept, structure gone."""
    return np.array([rng.permuted(z, axis=0) for _ in range(sets)], dtype=np.float64)
